"""A wholesaler's 541,909 real invoice lines: all accounted for, revenue to the last digit, in one go or night by night."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NightResult, run_night

pytestmark = pytest.mark.slow
CUT = "2011-06-30"
KPIS = "select kpi, period_type, period_start_date, scope_type, scope_id, value, reason from kpi.kpi_values order by all"
JUDGED = "select * from core.rule_coverage where error_code <> 'changed_after_publication' order by all"


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


@dataclass(frozen=True)
class OneByOne:
    """Nights that followed one another in one warehouse, while a file came at a time: what each ended with and published.

    ``past`` when the files up to ``CUT`` were there, ``last`` with all of them, ``again`` with nothing new, ``rebuilt`` for ``CUT``.
    """

    statuses: dict[str, int]
    files: dict[str, dict[str, bytes]]
    kpis: dict[str, list[tuple]]
    judged: dict[str, list[tuple]]
    rebuilt: NightResult


@pytest.fixture(scope="module")
def one_by_one(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> OneByOne:
    """Every file is landed on its own, in an order that is not the calendar's."""
    from pipelines.companies.config import load_company
    from pipelines.settings import COMPANIES_FOLDER
    from pipelines.sources.landing import land

    folder = tmp_path_factory.mktemp("one_by_one")
    drop, warehouse = folder / "drop", folder / "warehouse"
    drop.mkdir()
    company = load_company(COMPANIES_FOLDER / "online_retail.yaml")
    landed = warehouse / "online_retail" / "landed"
    landed.mkdir(parents=True)
    files = sorted((shared_data / "online_retail").glob("*.csv"))
    past = [path for path in files if path.stem <= CUT]
    late = past.pop(10)
    past.insert(100, late)
    told = OneByOne({}, {}, {}, {}, NightResult(0, "", warehouse / "online_retail"))

    def run(name: str, **variables: str) -> None:
        night = run_night("online_retail", warehouse, drop, **variables)
        told.statuses[name], told.files[name] = night.status, night.figures()
        told.kpis[name], told.judged[name] = night.query(KPIS), night.query(JUDGED)

    def deliver(paths: list[Path]) -> None:
        for path in paths:
            shutil.copyfile(path, drop / path.name)
            assert land(drop, landed, company.all_sources()).new_count == 1

    deliver(past)
    run("past", REPORT_DATE=CUT)
    deliver(files[len(past) :])
    run("last")
    run("again")
    run("rebuilt", REPORT_DATE=CUT)
    return told


def test_same_night_twice_gives_the_same_bytes(one_by_one: OneByOne) -> None:
    assert one_by_one.statuses["again"] == 0
    assert one_by_one.files["again"] == one_by_one.files["last"]


def test_night_by_night_gives_the_same_as_one_go(night: NightResult, one_by_one: OneByOne) -> None:
    """What a night says of earlier publications is the one thing that may differ: that there was one to compare with."""
    coverage = "parquet/core/rule_coverage.parquet"
    assert (one_by_one.statuses["past"], one_by_one.statuses["last"]) == (0, 0)
    assert one_by_one.files["last"] | {coverage: b""} == night.figures() | {coverage: b""}
    assert one_by_one.judged["last"] == night.query(JUDGED)


def test_past_report_date_gives_that_dates_figures(night: NightResult, one_by_one: OneByOne) -> None:
    """From all files and from the files of that day alone: the same figures."""
    assert one_by_one.statuses["rebuilt"] == 0
    assert one_by_one.kpis["rebuilt"] == one_by_one.kpis["past"]
    assert one_by_one.rebuilt.manifest["report_date"] == CUT
    assert night.monthly("net_revenue")[date(2011, 5, 1)] == one_by_one.rebuilt.monthly("net_revenue")[date(2011, 5, 1)]
