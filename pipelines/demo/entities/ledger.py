"""Costs, the ledger, rates, credit, commission, targets, and what is known to be wrong: how each contract's columns are read from the work tables. Keep out: drawing (``sql/``)."""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.entities.entity import Entity, customer, number, opportunity, salesperson

ENTITIES: dict[str, Entity] = {
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
    # small customers are reminded by mail first, large ones by who owns the account; the steps came later in the first year
    "dunning_policy": Entity(
        """(select size_class, valid_from_date, valid_until_date, dunning_level, after_days + later_days as after_days, channel, tone, department, cost_amount
            from (values ('all', 1, 7, 'mail', 'friendly', 'finance', 0.85), ('all', 2, 21, 'letter', 'helpful', 'finance', 3.40),
                ('all', 3, 40, 'call', 'helpful', 'finance', 11.50), ('all', 4, 60, 'letter', 'strict', 'finance', 6.20),
                ('large', 1, 7, 'call', 'friendly', 'sales', 19.00), ('large', 2, 21, 'call', 'helpful', 'sales', 19.00),
                ('large', 3, 40, 'visit', 'helpful', 'sales', 85.00), ('large', 4, 60, 'call', 'strict', 'finance', 11.50))
                as steps(size_class, dunning_level, after_days, channel, tone, department, cost_amount)
            cross join (values (date '2000-01-01', first_date() + 365, 7), (first_date() + 365, null::date, 0))
                as periods(valid_from_date, valid_until_date, later_days))""",
        ("date '2000-01-01'",),
        {},
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
