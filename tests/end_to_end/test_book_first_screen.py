"""The first screen of the KPI book says what the facts say, by other roads than the book takes; and a name stands for one figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.book.formats import NOTATIONS
from pipelines.book.words import load_texts
from tests.end_to_end.book_names import contradictions, figures_of
from tests.end_to_end.conftest import NightResult

pytestmark = pytest.mark.slow
MONTH = "(select max(month_start_date) from core.dim_months where is_complete)"


@pytest.fixture(scope="module", params=["demo", "online_retail", "ibm_receivables", "crm_opportunities"])
def night(published, request: pytest.FixtureRequest) -> NightResult:
    return published(request.param)


@pytest.fixture(scope="module")
def book(night: NightResult, full_book: Callable[[NightResult], Path]) -> Path:
    return full_book(night)


def text_of(path: Path) -> str:
    """What a reader reads: without tags, with one space between words."""
    html = re.sub(r"<(svg|style).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("&amp;", "&")
    return re.sub(r"[ \n\t]+", " ", text)


@pytest.mark.parametrize("language", NOTATIONS)
def test_one_name_is_one_figure(book: Path, language: str) -> None:
    notation = NOTATIONS[language]
    figures = [figure for path in sorted((book / language).rglob("*.html")) for figure in figures_of(path, language)]
    assert len(figures) > 50
    assert contradictions(figures, notation) == []


@pytest.mark.parametrize("language", NOTATIONS)
def test_quarter_is_what_the_teams_made_of_what_they_agreed(book: Path, night: NightResult, language: str) -> None:
    notation, text = NOTATIONS[language], text_of(book / language / "scorecard.html")
    ((target, made, team_count, has_ended),) = night.query(
        f"""
        with due as (
            select team, target from core.fct_kpi_targets where kpi = 'net_revenue' and quarter_start_date = date_trunc('quarter', {MONTH})
            and valid_from_date <= last_day({MONTH}) and coalesce(valid_until_date, date '9999-01-01') > last_day({MONTH})
        )
        select sum(target), (
            select sum(net_revenue_amount) from growth.revenue_monthly join core.dim_salespeople using (salesperson_id)
            where month_start_date between date_trunc('quarter', {MONTH}) and {MONTH} and team in (select team from due)
        ), count(*), month({MONTH}) % 3 = 0 from due
        """
    )
    between, after = load_texts(language)["first"]["quarter"].split("{value}")[1].split("{target}")
    if not team_count:
        assert after.split("(")[0] not in text
        return
    status = load_texts(language)["terms"]["target_status"]["met" if made >= target else "missed"]
    share = notation.share(Decimal(made) / Decimal(target))
    sentence = text[text.index(notation.short_money(made, "EUR") + between) :]
    assert notation.short_money(target, "EUR") in sentence[:120]
    assert f"({share}), {status}." in sentence[:200] if has_ended else share in sentence[:200]


@pytest.mark.parametrize("language", NOTATIONS)
def test_overdue_names_its_three_largest_and_work_that_nobody_has_touched(book: Path, night: NightResult, language: str) -> None:
    notation, text, texts = NOTATIONS[language], text_of(book / language / "scorecard.html"), load_texts(language)["first"]
    # A company without invoices owes no amount in any currency.
    currencies = night.query("select currency from core.fct_invoices where booking_rate = 1 group by 1 order by count(*) desc limit 1")
    currency = currencies[0][0] if currencies else ""
    rows = night.query(
        "select coalesce(any_value(d.name), w.customer_id), sum(overdue_amount), sum(sum(overdue_amount)) over ()"
        " from receivables.overdue_split_monthly as w left join core.dim_customers as d using (customer_id)"
        f" where month_start_date = {MONTH}"
        " group by w.customer_id order by 2 desc, w.customer_id limit 3"
    )
    intro = texts["untouched"].split("{count}")[0]
    ((count, amount),) = night.query(
        "select count(distinct invoice_id), sum(open_amount) from receivables.overdue_worklist where last_activity_date is null"
    )
    # Where nobody delivers who was in touch, nobody can say that nobody was.
    ((is_delivered,),) = night.query("select is_delivered from meta.entity_coverage where entity = 'collection_activities'")
    assert (intro in text) == bool(count and is_delivered)
    if count and is_delivered:
        sentence = text[text.index(intro) :][:160]
        assert notation.number(count) in sentence
        assert notation.short_money(amount, currency) in sentence
    if rows and rows[0][1] > 0:
        names = ", ".join(f"{name} ({notation.short_money(overdue, currency)})" for name, overdue, _ in rows)
        assert names in text
        assert notation.share(sum(row[1] for row in rows) / rows[0][2], 0) in text


@pytest.mark.parametrize("language", NOTATIONS)
def test_failed_check_is_said_in_words_and_euros_beside_its_figure(book: Path, night: NightResult, language: str) -> None:
    texts = load_texts(language)["checks"]
    failed = [name for (name,) in night.query("select check_name from meta.check_results where outcome = 'failed'")]
    about = text_of(book / language / "about.html")
    assert "target/compiled" not in about
    for name in failed:
        words = texts["errors_in" if name.startswith("errors_in_") else name]
        assert words["what_to_do"] in about
    if "rollforward_agrees_with_the_ledger" in failed:
        ((difference,),) = night.query(
            "select abs(ledger_amount - closing_booked_amount - held_out_receivables_amount)"
            f" from receivables.receivables_rollforward_monthly where month_start_date = {MONTH}"
        )
        amount = NOTATIONS[language].money(difference, "EUR")
        assert amount in about
        assert amount in text_of(book / language / "kpis" / "receivables.html")
        assert amount in text_of(book / language / "scorecard.html")


def test_every_check_that_warns_has_words_in_both_languages(night: NightResult) -> None:
    names = {name for (name,) in night.query("select check_name from meta.check_results where severity = 'warning'")}
    families = {"errors_in" if name.startswith("errors_in_") else name for name in names}
    for language in NOTATIONS:
        assert families <= load_texts(language)["checks"].keys()


def test_log_names_what_failed_and_counts_what_the_book_lists(book: Path, night: NightResult) -> None:
    said = re.search(r"(\d+) KPIs not available", night.output)
    pages = [path.read_text(encoding="utf-8") for path in (book / "en" / "kpis").glob("*.html")]
    without_value = [html for html in pages if 'class="value"><span>\u2013' in html]
    # A KPI that has figures of other months alone has no page.
    ((defined,),) = night.query("select count(*) from kpi.kpi_definitions")
    assert int(said[1]) == len(without_value) + defined - len(pages)
    for (name,) in night.query("select check_name from meta.check_results where outcome = 'failed'"):
        assert name in night.output
