"""How each contract's columns are read from the work tables, and what of a row is known on a day.

One ``Entity`` per contract. ``dates`` lists the days on which a version of the row is delivered: first the day on which the
row comes into being, then the days on which it changes. The column expressions may use ``known_on``: what is dated later
is not shown. Keep out: drawing (``sql/``) and files (``deliver.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """``source``: a FROM item whose columns the expressions use. ``columns``: the expression of each contract column that is
    not simply the source's column of that name. ``unfilled``: contract columns that the demo company leaves empty."""

    source: str
    dates: tuple[str, ...]
    columns: dict[str, str]
    unfilled: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """The expression of a contract's column."""
        return "null" if name in self.unfilled else self.columns.get(name, name)


def number(prefix: str, width: int, column: str) -> str:
    """An identifier made of a prefix and a zero-padded key; NULL stays NULL."""
    return f"'{prefix}' || format('{{:0{width}d}}', {column}::bigint)"


def customer(column: str = "customer_key") -> str:
    return number("C", 5, column)


def salesperson(column: str = "salesperson_key") -> str:
    return number("S", 2, column)


def order(column: str = "order_key") -> str:
    return number("SO", 7, column)


def product(column: str = "product_key") -> str:
    return number("P", 4, column)


def opportunity(column: str = "opportunity_key") -> str:
    return number("OP", 6, column)


def campaign(column: str = "campaign_key") -> str:
    return number("CAM", 3, column)


def known(value: str, day: str) -> str:
    """``value`` from ``day`` on, NULL before."""
    return f"case when {day} <= known_on then {value} end"


def _at(day: str, draw: str, latest_hour: int = 16) -> str:
    """An instant on ``day`` within office hours; the same calendar day in UTC and in Amsterdam."""
    return f"{day} + to_seconds(28800 + (abs({draw}::bigint) * 7919 % {(latest_hour - 8) * 3600})::bigint)"


STAGE = (
    "case when closed_date <= known_on then case when is_won then 'won' else 'lost' end when negotiation_date <= known_on then 'negotiation'"
    " when proposal_date <= known_on then 'proposal' else 'qualification' end"
)
DELIVERY = "'DN' || format('{:07d}', order_key::bigint) || '-' || (delivery_part + 1)"

BANK_ACCOUNT = "case currency when 'GBP' then 'NL90INGB0001234568' when 'USD' then 'NL63INGB0001234569' else 'NL20INGB0001234567' end"
STATEMENT = f"'BS-' || right({BANK_ACCOUNT}, 2) || '-' || strftime(received_date, '%Y%m%d')"

CONTACT_FIRST_NAMES = (
    "['Anne', 'Bas', 'Chris', 'Dirk', 'Elke', 'Femke', 'Gijs', 'Hanna', 'Ilse', 'Jan', 'Karin', 'Leo', 'Maud', 'Nina', 'Otto', 'Petra']"
)
CONTACT_LAST_NAMES = (
    "['Aerts', 'Brouwer', 'Claes', 'Dijkstra', 'Evers', 'Franke', 'Gerritsen', 'Haas', 'Idema', 'Jacobs', 'Kuipers', 'Lenders', 'Maes',"
    " 'Nolte', 'Oosterhuis', 'Peters', 'Quist']"
)

ENTITIES: dict[str, Entity] = {
    "customers": Entity(
        """(select c.*, l.limit_amount, a.campaign_key,
                   case when c.seat = 5 then work.leaves_first() + 1 when c.seat = 9 then work.leaves_second() + 1 end
                       as handed_over_date
            from work.customers as c
            left join work.credit_limits as l using (customer_key)
            left join (select p.customer_key, any_value(l.campaign_key) as campaign_key
                       from work.opportunities as p join work.leads as l using (opportunity_key)
                       where p.kind = 'new' and p.customer_key is not null group by all) as a using (customer_key)
            where c.since_date <= last_date())""",
        ("since_date", "case when handed_over_date > since_date then handed_over_date end", "ended_date"),
        {
            "customer_id": customer(),
            "parent_customer_id": customer("parent_key"),
            "payment_terms_days": "terms_days",
            "payment_terms_id": "case when takes_early_discount then 'N' || terms_days end",
            "credit_limit_amount": "limit_amount",
            "account_owner_id": salesperson("work.owner_at(seat, known_on)"),
            "acquired_by_campaign_id": campaign(),
            "ended_date": known("ended_date", "ended_date"),
            "is_blocked": "coalesce(insolvency_date <= known_on and ended_date <= known_on, false)",
        },
        (
            "blocked_date",
            "legal_entity_id",
            "merged_into_customer_id",
            "billing_rhythm",
            "order_number_document_types",
            "quantity_tolerance_share",
            "price_tolerance_share",
            "withholding_share",
        ),
    ),
    "products": Entity(
        "work.products",
        ("date '2000-01-01'",),
        {"product_id": product(), "list_price_amount": "list_price", "unit_cost_amount": "unit_cost", "currency": "'EUR'"},
        ("kind", "quantity_tolerance_share", "vat_category", "vat_share"),
    ),
    "price_agreements": Entity(
        "(select * exclude (family), case when agreement_kind = 'family' then family end as family from work.agreements)",
        ("valid_from_date - 14",),
        {
            "agreement_id": number("PA", 6, "agreement_key"),
            "customer_id": customer(),
            "product_id": product(),
            "net_price_amount": "net_price",
        },
        ("currency", "price_date", "tier_basis", "quantity_tolerance_share"),
    ),
    "orders": Entity(
        """(select o.*, p.opportunity_key, greatest(o.first_issued_date, coalesce(o.second_issued_date,
            o.first_issued_date)) as closed_date
            from work.orders as o left join work.order_opportunities as p using (order_key))""",
        ("ordered_date", "cancelled_at::date", "case when cancelled_at is null then closed_date end"),
        {
            "order_id": order(),
            "customer_id": customer(),
            "salesperson_id": salesperson(),
            "opportunity_id": opportunity(),
            "payment_terms_days": "terms_days",
            "requested_delivery_date": "promised_date",
            "status": "case when cancelled_at::date <= known_on then 'cancelled' when closed_date <= known_on and cancelled_at is null then 'closed' else 'open' end",
            "cancelled_at": known("cancelled_at", "cancelled_at::date"),
        },
        ("payment_terms_id", "invoice_currency", "invoice_rate"),
    ),
    "order_lines": Entity(
        """(select l.*, o.ordered_date, case when z.order_key is null then 'C62' else 'DZN' end as unit
            from work.lines as l join work.orders as o using (order_key) left join work.dozens as z using (order_key, line_number))""",
        ("ordered_date",),
        {"order_id": order(), "product_id": product(), "unit_price_amount": "unit_price"},
        ("price_base_quantity", "is_free", "is_drop_shipped", "cancelled_at"),
    ),
    "deliveries": Entity(
        "(select * exclude (part), part as delivery_part from work.delivery_lines)",
        ("shipped_date", "delivered_date"),
        {
            "delivery_id": DELIVERY,
            "order_id": order(),
            "order_line_number": "line_number",
            "delivered_date": known("delivered_date", "delivered_date"),
            "has_proof_of_delivery": "delivered_date <= known_on and (delivery_part = 2 or hash(order_key, delivery_part) % 100 < 96)",
        },
    ),
    "invoices": Entity(
        """(select d.*, n.invoice_id, n.series, n.recalled_date, n.recalled_net_amount, n.recalled_vat_amount,
            c.invoice_id as corrects_invoice_id, coalesce(s.allowance_amount, 0) as allowance_amount,
            coalesce(s.charge_amount, 0) as charge_amount, s.prepaid_amount, s.rounding_amount,
            d.gross_amount - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) + coalesce(s.due_difference, 0) as due_amount,
            e.specification_id
            from work.documents as d join work.numbers as n using (doc_key) left join work.document_sums as s using (doc_key)
            left join work.specifications as e using (doc_key)
            left join work.numbers as c on c.doc_key = d.corrects_doc_key)""",
        ("least(issued_date, last_date())", "recalled_date"),
        {
            "customer_id": customer(),
            "order_id": order(),
            "salesperson_id": salesperson(),
            "payment_terms_days": "terms_days",
            "net_amount": "case when recalled_date > known_on then recalled_net_amount else net_amount end",
            "vat_amount": "case when recalled_date > known_on then recalled_vat_amount else vat_amount end",
            "gross_amount": "case when recalled_date > known_on then recalled_net_amount + recalled_vat_amount else gross_amount end",
            "due_amount": "case when recalled_date > known_on then recalled_net_amount + recalled_vat_amount else due_amount end",
        },
        (
            "payment_terms_id",
            "period_start_date",
            "period_end_date",
            "tax_point_date",
            "seller_country",
            "deliver_to_country",
            "buyer_vat_id",
            "buyer_registration_number",
            "project_id",
            "contract_id",
            "payment_reference",
        ),
    ),
    "invoice_lines": Entity(
        """(select l.* exclude (description), n.invoice_id, d.issued_date, coalesce(l.description, p.name) as description,
            n.recalled_date, n.recalled_line_number, n.recalled_difference,
            case when u.doc_key is not null then 'PCE' when l.product_key is not null then 'C62' end as unit,
            greatest(p.list_price, l.unit_price) as gross_unit_price, coalesce(w.difference, 0) as price_difference
            from work.document_lines as l join work.documents as d using (doc_key) join work.numbers as n using (doc_key)
            left join work.renamed_units as u on u.doc_key = l.doc_key and u.line_number = l.line_number
            left join work.wrong_price_discounts as w on w.doc_key = l.doc_key and w.line_number = l.line_number
            left join work.products as p using (product_key))""",
        ("least(issued_date, last_date())", "case when line_number = recalled_line_number then recalled_date end"),
        {
            "order_id": order(),
            "delivery_id": DELIVERY,
            "product_id": product(),
            "unit_price_amount": "unit_price",
            "gross_unit_price_amount": "gross_unit_price",
            "price_discount_amount": "gross_unit_price - unit_price + price_difference",
            "discount_amount": "case when recalled_date > known_on and line_number = recalled_line_number then discount_amount - recalled_difference else discount_amount end",
            "net_amount": "case when recalled_date > known_on and line_number = recalled_line_number then net_amount + recalled_difference else net_amount end",
        },
        (
            "price_base_quantity",
            "price_base_unit",
            "period_start_date",
            "period_end_date",
            "is_free",
            "buyers_item_id",
            "standard_item_id",
            "item_class",
            "origin_country",
        ),
    ),
    "payments": Entity(
        """(select p.*, r.payment_key as reversed_key, n.invoice_id, c.iban
            from work.payments as p
            left join work.payments as r on r.solo_key = case when p.piece = 3 then p.solo_key end and r.piece = 0
            left join work.numbers as n on n.doc_key = p.first_doc_key
            left join work.customers as c on c.customer_key = p.payer_key)""",
        ("received_date",),
        {
            "payment_id": number("PM", 7, "payment_key"),
            "customer_id": customer("payer_key"),
            "payer_iban": "coalesce(iban_override, iban)",
            "reference_text": "case when piece = 5 then 'Betaling op rekening ' || payment_key when documents > 1 then 'Facturen ' || invoice_id || ' en ' || (documents - 1) || ' andere' else 'Factuur ' || invoice_id end",
            "bank_account": BANK_ACCOUNT,
            "is_reversal_of": number("PM", 7, "reversed_key"),
            "statement_id": STATEMENT,
        },
    ),
    "invoice_allowances": Entity(
        "(select a.*, n.invoice_id, d.issued_date from work.allowances as a join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {},
        ("reason_code", "line_number"),
    ),
    "invoice_references": Entity(
        """(select n.invoice_id, c.invoice_id as preceding_invoice_id, o.issued_date as preceding_issued_date, d.issued_date
            from work.documents as d join work.numbers as n using (doc_key)
            join work.numbers as c on c.doc_key = d.corrects_doc_key join work.documents as o on o.doc_key = d.corrects_doc_key)""",
        ("least(issued_date, last_date())",),
        {},
    ),
    "invoice_vat": Entity(
        """(select n.invoice_id, any_value(l.vat_category) as vat_category, any_value(l.vat_share) as vat_share, d.issued_date,
            d.net_amount as base_amount, d.vat_amount
            from work.document_lines as l join work.documents as d using (doc_key) join work.numbers as n using (doc_key)
            where d.vat_amount is not null group by n.invoice_id, d.issued_date, d.net_amount, d.vat_amount
            having count(distinct (l.vat_category, l.vat_share)) = 1)""",
        ("least(issued_date, last_date())",),
        {},
        ("exemption_reason",),
    ),
    "invoice_verdicts": Entity(
        "(select v.*, n.invoice_id, d.issued_date from work.verdicts as v join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {"place_number": "1"},
        ("place_text",),
    ),
    "invoice_fields": Entity(
        "(select n.invoice_id, d.issued_date from work.documents as d join work.numbers as n using (doc_key) where d.doc_key % 160 = 0)",
        ("least(issued_date, last_date())",),
        {"field_path": "'BuyerReference'", "occurrences": "1", "value_text": "'Purchasing'"},
    ),
    "payment_terms": Entity(
        "(select distinct terms_days, 'N' || terms_days as payment_terms_id, terms_days || ' days net' as name from work.customers)",
        ("date '2000-01-01'",),
        {"net_days": "terms_days"},
        ("net_months", "is_end_of_month", "fixed_day_of_month", "business_day_rule", "holiday_country", "is_prepayment"),
    ),
    "payment_terms_steps": Entity(
        "(select distinct 'N' || terms_days as payment_terms_id from work.customers where terms_days >= 14)",
        ("date '2000-01-01'",),
        {"kind": "'discount'", "step_number": "1", "days": "10", "share": "0.02"},
    ),
    "agreed_charges": Entity(
        "(select 'AC1' as agreed_charge_id, 7.50 as amount, 25 as order_amount_below)",
        ("date '2000-01-01'",),
        {},
        ("customer_id", "reason_code", "charge_share", "valid_from_date", "valid_until_date"),
    ),
    "unit_conversions": Entity(
        "work.products",
        ("date '2000-01-01'",),
        {"product_id": product(), "unit": "'BX'", "base_quantity": "6"},
    ),
    "customer_aliases": Entity(
        "(select customer_key from work.customers where customer_key % 50 = 0)",
        ("date '2000-01-01'",),
        {"alias_id": number("OLD", 5, "customer_key"), "customer_id": customer()},
    ),
    "third_party_payers": Entity(
        "(select c.customer_key, 1 + c.customer_key % customer_count() as payer_key from work.customers as c where c.customer_key % 60 = 0)",
        ("date '2000-01-01'",),
        {
            "customer_id": customer(),
            "payer_customer_id": customer("payer_key"),
            "valid_from_date": "first_date()",
            "valid_until_date": "first_date()",
        },
    ),
    "bank_statements": Entity(
        "work.bank_statements",
        ("received_date",),
        {
            "statement_id": STATEMENT,
            "bank_account": BANK_ACCOUNT,
            "statement_date": "received_date",
            "other_entries_amount": "other_amount",
            "opening_date": "received_date - 1",
            "statement_number": "null",
        },
    ),
    "bank_transactions": Entity(
        "work.bank_entries",
        ("received_date",),
        {
            "statement_id": STATEMENT,
            "detail_number": "'0'",
            "bank_account": BANK_ACCOUNT,
            "kind": "'statement'",
            "booked_date": "received_date",
            "value_date": "received_date",
            "counterparty_iban": "iban",
            "bank_reference": "null",
        },
    ),
    "payment_allocations": Entity(
        """(select a.*, n.invoice_id from work.allocations as a join work.numbers as n using (doc_key)
            where a.allocation_key not in (select allocation_key from work.unsaid_sides))""",
        ("allocated_date",),
        {
            "allocation_id": number("AL", 7, "allocation_key"),
            "payment_id": number("PM", 7, "payment_key"),
            **dict.fromkeys(("instalment_number", "payment_amount", "credit_note_id", "certificate_number", "certificate_date"), "null"),
        },
    ),
    # a person looked at a receipt that names nothing, and said which of two it was
    "match_decisions": Entity(
        """(select a.payment_key, n.invoice_id, p.received_date, kind
            from work.allocations as a join work.numbers as n using (doc_key) join work.payments as p using (payment_key)
            where a.payment_key % 997 = 0 and a.kind = 'cash')""",
        ("received_date",),
        {
            "payment_id": number("PM", 7, "payment_key"),
            "decision": "'confirmed'",
            "amount": "null",
            "decided_date": "received_date",
            "decided_by": "'Debiteurenbeheer'",
        },
    ),
    "payment_schedule": Entity(
        "(select i.*, n.invoice_id, d.issued_date from work.instalments as i join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {"kind": "null"},
    ),
    # the list of the last day: what was open then
    "open_items": Entity(
        """(select o.*, n.invoice_id from (
                select d.*, case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end * d.gross_amount as amount,
                    case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end * d.gross_amount
                        - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) + coalesce(v.amount, 0)
                        - coalesce(a.amount, 0) - coalesce(w.amount, 0) as open_amount
                from work.documents as d
                left join work.document_sums as s using (doc_key)
                left join work.advances as v using (doc_key)
                left join (select doc_key, sum(amount) as amount from work.allocations group by doc_key) as a using (doc_key)
                left join (select doc_key, sum(amount) as amount from work.write_offs group by doc_key) as w using (doc_key)
                where d.issued_date <= last_date() and d.customer_key is not null and d.currency is not null) as o
            join work.numbers as n using (doc_key) where o.open_amount <> 0)""",
        ("last_date()",),
        {
            "item_id": "invoice_id",
            "customer_id": customer(),
            "salesperson_id": salesperson(),
            "payment_terms_days": "terms_days",
            "balance_date": "last_date()",
            "cleared_date": "null",
        },
    ),
    "write_offs": Entity(
        "(select w.*, n.invoice_id from work.write_offs as w join work.numbers as n using (doc_key))",
        ("written_off_date", "recovered_date"),
        {
            "write_off_id": number("WO", 5, "write_off_key"),
            "recovered_amount": known("recovered_amount", "recovered_date"),
            "recovered_date": known("recovered_date", "recovered_date"),
        },
    ),
    "disputes": Entity(
        "(select d.*, n.invoice_id from work.disputes as d join work.numbers as n using (doc_key))",
        ("opened_date", "closed_date"),
        {
            "dispute_id": number("DS", 5, "dispute_key"),
            "closed_date": known("closed_date", "closed_date"),
            "outcome": known("outcome", "closed_date"),
        },
    ),
    "collection_activities": Entity(
        "(select a.*, n.invoice_id from work.collections as a join work.numbers as n using (doc_key))",
        ("day",),
        {
            "activity_id": number("CA", 7, "activity_key"),
            "customer_id": customer(),
            "dunning_level": "level",
            "result": "case when promised_date is not null then 'promise to pay' when kind = 'call' or kind = 'visit' then 'no promise' else 'sent' end",
        },
    ),
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
                f"greatest(created_at + interval 20 minute, {_at('contacted_date', 'lead_key')})", "contacted_date"
            ),
            "converted_at": known(_at("converted_date", "lead_key", 18), "converted_date"),
            "opportunity_id": known(opportunity(), "converted_date"),
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
    "cost_pools": Entity(
        "(select p.*, m.closed_date from work.cost_pools as p join work.closed_months as m using (month))", ("closed_date",), {}
    ),
    "activity_times": Entity("work.activities", ("date '2000-01-01'",), {"valid_from_date": "first_date()"}),
    "ledger_controls": Entity("work.ledger_controls", ("closed_date",), {}),
    "exchange_rates": Entity("work.rates", ("rate_date",), {}),
    # a few customers agreed a rate of their own; for all others the law's holds
    "interest_rates": Entity(
        "(select customer_key, customer_key as interest_rate_key from work.customers where customer_key % 90 = 7)",
        ("date '2000-01-01'",),
        {
            "interest_rate_id": number("IR", 3, "interest_rate_key"),
            "valid_from_date": "date '2000-01-01'",
            "rate_share": "0.09",
            "customer_id": customer(),
            "source_text": "'Frame contract'",
        },
    ),
    "credit_assessments": Entity(
        "(select a.*, l.limit_amount from work.assessments as a left join work.credit_limits as l using (customer_key))",
        ("assessed_date",),
        {
            "customer_id": customer(),
            "rating": "case when score >= 80 then 'A' when score >= 65 then 'B' when score >= 50 then 'C' when score >= 35 then 'D' else 'E' end",
            "default_probability_share": "round(0.002 + 0.14 * pow((100 - score) / 100.0, 3), 6)",
            "credit_limit_amount": "round(coalesce(limit_amount, 2500) * score::decimal(9, 0) * 0.01, 0)",
            "report_cost_amount": "case size_class when 'large' then 38.50 when 'medium' then 22.00 else 14.50 end",
        },
    ),
    "credit_insurance": Entity("work.insurance", ("valid_from_date",), {"customer_id": customer()}),
    "industry_insolvencies": Entity("work.insolvencies", ("closed_date",), {}),
    "commission_plans": Entity("work.plans", ("valid_from_date",), {"salesperson_id": salesperson()}),
    "commission_bookings": Entity(
        "(select b.*, n.invoice_id from work.commission_bookings as b join work.numbers as n using (doc_key))",
        ("booked_date",),
        {"booking_id": "'CB-' || invoice_id", "salesperson_id": salesperson()},
    ),
    "credit_decisions": Entity(
        "work.decisions",
        ("decided_date",),
        {
            "decision_id": number("CD", 6, "decision_key"),
            "customer_id": f"case when customer_key in (select customer_key from work.customers where since_date <= decided_date) then {customer()} end",
            "opportunity_id": opportunity(),
        },
    ),
    "kpi_targets": Entity(
        "(select *, (quarter + interval 3 month)::date as quarter_end_date from work.targets)",
        ("greatest(recorded_date, first_date())", "closed_date"),
        {
            "valid_until_date": "case when closed_date > known_on then quarter_end_date else valid_until_date end",
            "recorded_at": "recorded_date + interval 9 hour",
            "rhythm": "case role when 'master' then 'daily' when 'focus' then 'weekly' else 'monthly' end",
            "reward": "case role when 'master' then 'team dinner' when 'focus' then 'half a day off' end",
            "way_of_working": "case when kpi in ('dso_simple', 'overdue_share') then 'Finance and sales go through the call list together' when kpi = 'first_time_right' then 'Each credit note is discussed with its cause' else 'Reviewed in the team meeting' end",
            "agreed_by": "'sales and finance directors'",
        },
    ),
    "known_errors": Entity(
        """(select error_code, case document_kind when 'delivery' then 'order' else document_kind end as document_kind, document_id,
                   sum(stake_amount) as stake_amount
            from work.planted_errors group by all)""",
        ("last_date()",),
        {},
    ),
}
