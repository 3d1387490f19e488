"""A wholesaler's 541,909 real invoice lines: all accounted for, revenue to the last digit, in one go or night by night."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NightResult, run_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def night(published) -> NightResult:
    return published("online_retail")


@pytest.fixture(scope="module")
def delivered(shared_data: Path) -> dict[str, dict[date, Decimal]]:
    """What the files themselves say, added up by another road: revenue by class and month."""
    sums: dict[str, dict[date, Decimal]] = {name: defaultdict(Decimal) for name in ("invoiced", "credited", "adjusted")}
    for path in sorted((shared_data / "online_retail").glob("*.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                kind = {"C": "credited", "A": "adjusted"}.get(row["InvoiceNo"][0], "invoiced")
                month = date.fromisoformat(row["InvoiceDate"][:10]).replace(day=1)
                sums[kind][month] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
    return sums


def test_every_line_is_accounted_for(night: NightResult) -> None:
    rows = night.query(
        "select sum(delivered_count), sum(loaded_count), sum(unchanged_count), sum(quarantined_count)"
        " from meta.delivery_rows where entity = 'invoice_lines'"
    )
    assert rows == [(541_909, 541_909, 0, 0)]
    assert night.query("select count(*) from core.fct_invoice_lines") == [(541_909,)]


@pytest.mark.parametrize("name", ["invoiced", "credited", "adjusted"])
def test_revenue_of_every_month_ties_to_the_files(night: NightResult, delivered, name: str) -> None:
    published = {month: value for month, (value, _) in night.monthly(f"{name}_amount").items() if value}
    assert published == {month: total for month, total in delivered[name].items() if total}


def test_net_revenue_is_the_three_together(night: NightResult, delivered) -> None:
    total = sum(sum(sums.values()) for sums in delivered.values())
    assert sum(value for value, _ in night.monthly("net_revenue").values()) == total


def test_unknown_customers_are_in_revenue_and_out_of_customer_counts(night: NightResult) -> None:
    ((unknown,),) = night.query("select sum(net_revenue_amount) from growth.revenue_monthly where customer_id = 'unknown'")
    assert unknown > 1_000_000
    assert night.query("select count(*) from customer_accounting.customer_months where customer_id = 'unknown'") == [(0,)]


def test_last_month_is_provisional_and_the_others_final(night: NightResult) -> None:
    statuses = {month: status for month, (_, status) in night.monthly("net_revenue").items()}
    assert statuses.pop(date(2011, 12, 1)) == "provisional"
    assert set(statuses.values()) == {"final"}


def test_customers_of_the_first_month_are_not_all_called_new(night: NightResult) -> None:
    ((reason,),) = night.query(
        "select reason from kpi.kpi_values where kpi = 'new_customers' and scope_type = 'company'"
        " and period_type = 'month' and period_start_date = '2010-12-01'"
    )
    assert "before the first delivery" in reason


def test_receivables_are_not_available_and_say_why(night: NightResult) -> None:
    rows = night.query("select value, status, reason from kpi.kpi_values where kpi = 'dso_simple'")
    assert rows[0][:2] == (None, "not_available")
    assert "payment_allocations" in rows[0][2]


def test_same_night_twice_gives_the_same_bytes(night: NightResult, shared_data: Path) -> None:
    before = night.figures()
    again = run_night("online_retail", night.company_folder.parent, shared_data)
    assert again.status == 0
    assert again.figures() == before


def test_night_by_night_gives_the_same_as_one_go(night: NightResult, shared_data: Path, tmp_path: Path) -> None:
    """Every file is landed in a night of its own, in an order that is not the calendar's; one of them publishes on the way.

    What a night says of earlier publications is the one thing that may differ: that there was one to compare with.
    """
    from pipelines.companies.config import load_company
    from pipelines.settings import COMPANIES_FOLDER
    from pipelines.sources.landing import land

    drop, warehouse = tmp_path / "drop", tmp_path / "warehouse"
    drop.mkdir()
    company = load_company(COMPANIES_FOLDER / "online_retail.yaml")
    landed = warehouse / "online_retail" / "landed"
    landed.mkdir(parents=True)
    files = sorted((shared_data / "online_retail").glob("*.csv"))
    late = files[10]
    order = [path for path in files if path != late]
    order.insert(200, late)
    for number, path in enumerate(order, start=1):
        shutil.copyfile(path, drop / path.name)
        if number == 250:
            assert run_night("online_retail", warehouse, drop).status == 0
        else:
            assert land(drop, landed, company.all_sources()).new_count == 1
    last = run_night("online_retail", warehouse, drop)
    assert last.status == 0
    coverage, judged = (
        "parquet/core/rule_coverage.parquet",
        "select * from core.rule_coverage where error_code <> 'changed_after_publication' order by all",
    )
    assert last.figures() | {coverage: b""} == night.figures() | {coverage: b""}
    assert last.query(judged) == night.query(judged)


def test_past_report_date_gives_that_dates_figures(night: NightResult, shared_data: Path, tmp_path: Path) -> None:
    """From all files and from the files of that day alone: the same figures."""
    cut = "2011-06-30"
    rebuilt = run_night("online_retail", tmp_path / "rebuilt", shared_data, REPORT_DATE=cut)
    drop = tmp_path / "drop"
    drop.mkdir()
    for path in (shared_data / "online_retail").glob("*.csv"):
        if path.stem <= cut:
            shutil.copyfile(path, drop / path.name)
    then = run_night("online_retail", tmp_path / "then", drop, REPORT_DATE=cut)
    assert (rebuilt.status, then.status) == (0, 0)
    figures = "select kpi, period_type, period_start_date, scope_type, scope_id, value, reason from kpi.kpi_values order by all"
    assert rebuilt.query(figures) == then.query(figures)
    assert rebuilt.manifest["report_date"] == cut
    assert night.monthly("net_revenue")[date(2011, 5, 1)] == rebuilt.monthly("net_revenue")[date(2011, 5, 1)]
