"""The questions of a Monday are answered within two clicks of the first screen: links are followed as a reader would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.book_reader import read_page
from tests.end_to_end.conftest import NightResult

pytestmark = pytest.mark.slow
MONTH = "(select max(month_start_date) from core.dim_months where is_complete)"


@pytest.fixture(scope="module")
def night(published) -> NightResult:
    return published("demo")


@pytest.fixture(scope="module")
def book(night: NightResult, full_book: Callable[[NightResult], Path]) -> Path:
    return full_book(night)


@pytest.fixture(scope="module", params=["en", "nl"])
def within_two_clicks(request: pytest.FixtureRequest, book: Path) -> set[Path]:
    """The pages that a reader of the first screen has at hand after two clicks at most."""
    language = (book / request.param).resolve()
    reached = {language / "scorecard.html"}
    for _ in range(2):
        for page in list(reached):
            links = re.findall(r'href="([^"#]+\.html)', page.read_text(encoding="utf-8"))
            reached |= {path for link in links if language in (path := (page.parent / link).resolve()).parents}
    return reached


def table(pages: set[Path], name: str) -> list[list[str]]:
    """The rows of a table that stands on one of ``pages``."""
    return next(found.rows for page in sorted(pages) for found in read_page(page).tables if name in (found.csv_name, found.name))


def test_do_we_make_the_quarter_and_who_does_not(within_two_clicks: set[Path], night: NightResult) -> None:
    rows = table(within_two_clicks, "team-quarter")
    agreed = night.query(f"select team, kpi from kpi.kpi_flow_attainment where month_start_date = {MONTH} and flow_status <> 'replaced'")
    assert len(rows) == len(agreed)
    assert {row[0] for row in rows} == {team for team, _ in agreed}
    assert all(row[-1] for row in rows)


def test_which_three_customers_make_most_of_the_overdue_and_who_calls_them(within_two_clicks: set[Path], night: NightResult) -> None:
    rows = table(within_two_clicks, "overdue-largest")[:3]
    largest = night.query(
        "select any_value(name) from receivables.overdue_worklist join core.dim_customers using (customer_id)"
        " group by customer_id order by sum(open_amount) desc, customer_id limit 3"
    )
    assert [(row[0],) for row in rows] == largest
    assert all(row[-1] for row in rows)


def test_what_is_my_commission_and_why_does_it_differ(within_two_clicks: set[Path], night: NightResult) -> None:
    names = {
        page.read_text(encoding="utf-8").split("<h1>")[1].split("</h1>")[0]: page
        for page in within_two_clicks
        if page.parent.name == "people"
    }
    paid = night.query(
        f"select distinct name from growth.commission_monthly join core.dim_salespeople using (salesperson_id)"
        f" where month_start_date = {MONTH} and commission_amount <> 0 and salesperson_id <> 'unknown'"
    )
    assert {name for (name,) in paid} <= names.keys()
    for (name,) in paid:
        tables = [found.name for found in read_page(names[name]).tables]
        assert any(re.fullmatch(r"person-\d{3}-commission-change", found) for found in tables), name


def test_what_raised_the_error_rate(within_two_clicks: set[Path], night: NightResult) -> None:
    rows = table(within_two_clicks, "errors-by-code-and-month")
    ((most,),) = night.query(
        f"select count(*) filter (event_month = {MONTH}) - count(*) filter (event_month = {MONTH} - interval 1 month) as change"
        " from core.fct_invoice_errors where not is_approved group by error_code order by change desc limit 1"
    )
    assert int(rows[0][1].replace("+", "").replace("\u2212", "-")) == most


def test_what_was_restated(within_two_clicks: set[Path]) -> None:
    assert any('id="restatements"' in page.read_text(encoding="utf-8") for page in within_two_clicks)
