"""Salespeople, campaigns, deals, contacts and what customers say: how each contract's columns are read from the work tables. Keep out: drawing (``sql/``)."""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.entities.entity import Entity, campaign, customer, instant, known, number, opportunity, product, salesperson

STAGE = (
    "case when closed_date <= known_on then case when is_won then 'won' else 'lost' end when negotiation_date <= known_on then 'negotiation'"
    " when proposal_date <= known_on then 'proposal' else 'qualification' end"
)
CONTACT_FIRST_NAMES = (
    "['Anne', 'Bas', 'Chris', 'Dirk', 'Elke', 'Femke', 'Gijs', 'Hanna', 'Ilse', 'Jan', 'Karin', 'Leo', 'Maud', 'Nina', 'Otto', 'Petra']"
)
CONTACT_LAST_NAMES = (
    "['Aerts', 'Brouwer', 'Claes', 'Dijkstra', 'Evers', 'Franke', 'Gerritsen', 'Haas', 'Idema', 'Jacobs', 'Kuipers', 'Lenders', 'Maes',"
    " 'Nolte', 'Oosterhuis', 'Peters', 'Quist']"
)

ENTITIES: dict[str, Entity] = {
    "salespeople": Entity(
        "work.salespeople",
        ("started_date", "left_date"),
        {"salesperson_id": salesperson(), "department": "'sales'", "left_date": known("left_date", "left_date")},
    ),
    "leads": Entity(
        "work.leads",
        ("created_date", "contacted_date", "converted_date", "dropped_date"),
        {
            "lead_id": number("L", 6, "lead_key"),
            "campaign_id": campaign(),
            "owner_id": salesperson("owner_key"),
            "first_contacted_at": known(
                f"greatest(created_at + interval 20 minute, {instant('contacted_date', 'lead_key')})", "contacted_date"
            ),
            "converted_at": known(instant("converted_date", "lead_key", 18), "converted_date"),
            "opportunity_id": known(opportunity(), "converted_date"),
            "lost_at": known(instant("dropped_date", "lead_key", 17), "dropped_date"),
            "lost_reason": known("lost_reason", "dropped_date"),
        },
    ),
    "campaigns": Entity("work.campaigns", ("started_date",), {"campaign_id": campaign()}),
    "opportunities": Entity(
        "work.opportunities",
        ("created_date", "proposal_date", "negotiation_date", "closed_date"),
        {
            "opportunity_id": opportunity(),
            "customer_id": f"case when kind <> 'new' or closed_date <= known_on then {customer()} end",
            "salesperson_id": salesperson(),
            "product_id": product(),
            "stage": STAGE,
            "amount": "case when closed_date <= known_on then final_amount else hoped_amount end",
            "probability_share": f"case {STAGE} when 'won' then 1 when 'lost' then 0 when 'negotiation' then 0.7 when 'proposal' then 0.4 else 0.15 end",
            "closed_date": known("closed_date", "closed_date"),
            "is_won": known("is_won", "closed_date"),
            "lost_reason": known("lost_reason", "closed_date"),
            "payment_terms_days": "case when are_terms_discussed and proposal_date <= known_on then terms_days end",
            "are_terms_discussed": "are_terms_discussed and proposal_date <= known_on",
        },
    ),
    "forecast_snapshots": Entity("work.forecasts", ("snapshot_date",), {"salesperson_id": salesperson(), "opportunity_id": opportunity()}),
    "contact_moments": Entity(
        "work.contacts",
        ("day",),
        {
            "contact_id": number("CM", 7, "contact_key"),
            "customer_id": customer(),
            "lead_id": number("L", 6, "lead_key"),
            "salesperson_id": salesperson(),
        },
    ),
    "contracts": Entity(
        "(select c.*, p.product_key from work.contracts as c join work.products as p on p.family_key = c.main_family and p.position = c.favourite)",
        ("started_date", "end_known_date"),
        {
            "contract_id": number("CT", 6, "contract_key"),
            "customer_id": customer(),
            "product_id": product(),
            "ended_date": known("next_date", "end_known_date"),
            "notice_date": known("notice_date", "end_known_date"),
            "renews_contract_id": f"case when term > 0 then {number('CT', 6, 'contract_key - 1')} end",
        },
    ),
    # One person for invoices at every customer, except where the master says nothing; every third customer has a buyer as well.
    "contact_persons": Entity(
        """(select customer_key, country, since_date, seat, person, CONTACT_FIRST[1 + (customer_key * 7 + person * 5) % 16] as first_name,
                   CONTACT_LAST[1 + (customer_key * 11 + person * 3) % 17] as last_name
            from work.customers cross join (values (1), (2)) as people(person)
            where case person when 1 then customer_key % 19 <> 0 else customer_key % 3 = 0 end)""".replace(
            "CONTACT_FIRST", CONTACT_FIRST_NAMES
        ).replace("CONTACT_LAST", CONTACT_LAST_NAMES),
        ("since_date",),
        {
            "contact_person_id": f"{number('CP', 5, 'customer_key')} || '-' || person",
            "customer_id": customer(),
            "name": "first_name || ' ' || last_name",
            "role": "case person when 1 then 'accounts payable' else 'buyer' end",
            "phone": "case when customer_key % 13 <> 0 then case country when 'BE' then '+32 2' when 'DE' then '+49 30' when 'GB' then '+44 20' else '+31 20' end"
            " || ' 555 ' || format('{:04d}', ((customer_key * 37 + person * 11) % 10000)::bigint) end",
            "email": "lower(first_name) || '@customer' || customer_key || '.example'",
            "is_for_invoices": "person = 1",
        },
        ("left_date",),
    ),
    # too few people to show an effect: that is what the book has to say of them
    "sales_investments": Entity(
        """(select row_number() over (order by day, kind, salesperson_key) as investment_key, * from (
                select kind, salesperson_key, null as team_name, (first_date() + day)::date as day, cost
                from (values ('training', 2, 400, 2400.00), ('training', 4, 400, 2400.00), ('training', 7, 430, 2400.00), ('training', 11, 560, 2650.00),
                    ('crm', 4, 460, 900.00), ('crm', 8, 460, 900.00), ('relationship_programme', 3, 500, 1800.00)) as steps(kind, salesperson_key, day, cost)
                union all
                select 'crm', null, 'North', (first_date() + 610)::date, 14500.00
                union all
                select 'hire', salesperson_key, null, started_date, 9800.00 from work.salespeople where salesperson_key in (13, 14)))""",
        ("day",),
        {
            "investment_id": number("SI", 4, "investment_key"),
            "salesperson_id": salesperson(),
            "team": "team_name",
            "invested_date": "day",
            "cost_amount": "cost",
        },
    ),
    "relationship_reviews": Entity(
        "work.reviews",
        ("reviewed_date",),
        {"review_id": number("RV", 6, "review_key"), "customer_id": customer(), "reviewer_id": salesperson("reviewer_key")},
    ),
    "satisfaction_surveys": Entity(
        "work.surveys", ("answered_date",), {"answer_id": number("SV", 6, "answer_key"), "customer_id": customer()}
    ),
    "service_tickets": Entity(
        "work.tickets",
        ("opened_date", "opened_date + length_days"),
        {
            "ticket_id": number("TK", 6, "ticket_key"),
            "customer_id": customer(),
            "opened_at": "opened_date + to_seconds(seconds)",
            "closed_at": known("opened_date + length_days + to_seconds(seconds + 60 * minutes)", "opened_date + length_days"),
        },
    ),
}
