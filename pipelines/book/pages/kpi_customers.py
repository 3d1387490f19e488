"""A KPI by customer: which customers a company's figure of the month comes from, the largest part first.

By team and salesperson the KPIs stand in ``kpi.kpi_values``; by customer in the marts that they are made of, whose sums are the
company's figure (tests/end_to_end/test_kpi_customers.py). Keep out: a second way to compute a KPI.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.book.blocks import Column, Table
from pipelines.book.kinds import KINDS_OF_UNITS
from pipelines.book.writer import Writer

#: Customers that a breakdown names.
SHOWN = 15


@dataclass(frozen=True)
class Breakdown:
    """``value`` per customer of the month's rows of ``table``; the rows of a share are ordered by its ``weight``."""

    table: str
    value: str
    weight: str = ""
    month: str = "month_start_date"

    @property
    def order(self) -> str:
        return self.weight or self.value


REVENUE = "growth.revenue_monthly"
AGEING = "receivables.receivables_ageing_monthly"
SPLIT = "receivables.overdue_split_monthly"
RESULTS = "customer_accounting.customer_result_monthly"
BREAKDOWNS = {
    **{kpi: Breakdown(REVENUE, f"sum({kpi})") for kpi in ("invoiced_amount", "credited_amount", "adjusted_amount")},
    "net_revenue": Breakdown(REVENUE, "sum(net_revenue_amount)"),
    "credit_sales": Breakdown(REVENUE, "sum(credit_sales_gross_amount)"),
    **{
        kpi: Breakdown(AGEING, f"sum({kpi})")
        for kpi in (
            "not_due_amount", "overdue_amount", "overdue_1_30_amount", "overdue_31_60_amount", "overdue_61_90_amount",
            "overdue_91_120_amount", "overdue_over_120_amount", "no_due_date_amount", "unapplied_credit_amount", "unapplied_cash_amount",
        )
    },
    "receivables": Breakdown(AGEING, "sum(receivables_amount)"),
    "overdue_share": Breakdown(AGEING, "sum(overdue_amount) / nullif(sum(receivables_amount), 0)", "sum(overdue_amount)"),
    **{
        f"overdue_{cause}_amount": Breakdown(SPLIT, f"sum({cause}_amount)")
        for cause in ("our_error", "invalid_dispute", "cannot_pay", "will_not_pay", "no_reason_known")
    },
    "cost_to_serve": Breakdown(RESULTS, "sum(cost_to_serve_amount)"),
    "commission_amount": Breakdown("growth.commission_by_customer_monthly", "sum(commission_amount)"),
}  # fmt: skip


def of(writer: Writer, kpi: str) -> list[Table]:
    """The customers behind a KPI of the headline month; none where no published table says so."""
    breakdown, words, figures = BREAKDOWNS.get(kpi), writer.words, writer.figures
    if breakdown is None or not figures.filled(breakdown.table):
        return []
    unit = figures.definitions[kpi]["unit"]
    scope, month = words.term("scope_type", "customer"), words.notation.month(writer.month)
    title = words.t("tables.by_scope", kpi=words.kpi(kpi), scope=scope, month=month)
    table = writer.table(
        f"kpi-{kpi}-customer",
        title,
        breakdown.table,
        f"select customer_id, {breakdown.value} as value, {breakdown.order} as weight from {breakdown.table}"
        f" where {breakdown.month} = date '{writer.month}' group by 1 having value <> 0 order by weight desc, customer_id",
        [],
        ["customer_id", Column("value", words.label("value"), KINDS_OF_UNITS.get(unit, "number"))],
        shown=SHOWN,
        limit=SHOWN,
    )
    table.is_download = False
    return [table] if table.rows else []
