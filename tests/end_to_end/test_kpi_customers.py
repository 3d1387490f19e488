"""The customers behind a KPI add up to the company's figure: a breakdown is no second way to compute it."""

from __future__ import annotations

import pytest

from pipelines.book.pages.kpi_customers import BREAKDOWNS

pytestmark = pytest.mark.slow


def test_customers_of_a_breakdown_sum_to_the_kpi_of_the_company(published) -> None:
    night = published("demo")
    ((month,),) = night.query("select max(month_start_date) from core.dim_months where is_complete")
    company = dict(
        night.query(
            "select kpi, value from kpi.kpi_values where scope_type = 'company' and period_type = 'month'"
            f" and period_start_date = date '{month}' and value is not null"
        )
    )
    wrong = []
    for kpi, breakdown in BREAKDOWNS.items():
        if breakdown.weight or kpi not in company:
            continue
        ((total,),) = night.query(f"select {breakdown.value} from {breakdown.table} where {breakdown.month} = date '{month}'")
        if total != company[kpi]:
            wrong.append((kpi, total, company[kpi]))
    assert wrong == []
    assert {"net_revenue", "overdue_amount", "commission_amount"} <= company.keys()
