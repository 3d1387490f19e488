"""A table says once what its rows share, and its file holds it whole or says of how much it holds the beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.book import STYLE_SHEET
from pipelines.book.blocks import MOST_STACKED, Column, Downloads, Page, Section, Table
from pipelines.book.figures import Figures
from pipelines.book.formats import EMPTY
from pipelines.book.kinds import KINDS_OF_UNITS
from pipelines.book.pages import cash, customer_base
from pipelines.book.site import write_pages
from pipelines.book.svg import clean
from pipelines.book.words import Words
from pipelines.book.writer import Writer
from tests.end_to_end.book_reader import PageReader

NAVIGATION = [("scorecard", "scorecard.html", "Scorecard")]


@pytest.fixture
def warehouse() -> Iterator[Any]:
    with duckdb.connect() as connection:
        for schema in ("meta", "kpi", "customer_accounting", "receivables"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table meta.publication as select 'run' as run_id, date '2026-06-30' as report_date, date '2026-06-01' as headline_month"
        )
        connection.execute("create table meta.entity_coverage (entity varchar, is_delivered boolean)")
        connection.execute("create table kpi.kpi_values (kpi varchar, status varchar, period_start_date date, reason varchar)")
        connection.execute("create table kpi.kpi_definitions (kpi varchar, marts varchar)")
        yield connection


def writer_of(connection: Any, language: str = "en") -> Writer:
    figures = Figures(connection, None, "Shop", "EUR")
    return Writer(figures, Words(language, figures))


def written(writer: Writer, folder: Path, *blocks: Any) -> str:
    page = Page("page.html", "Page", "none", [Section("all", "All", blocks=list(blocks))])
    write_pages(writer.figures, writer.words, folder, [page], NAVIGATION)
    return (folder / writer.words.code / "page.html").read_text(encoding="utf-8")


# What the rows share


def test_headings_of_cards_and_lines_are_said_once() -> None:
    columns = [Column("customer_id", "Customer", "customer"), Column("cause", r"The customer's \\ cause"), Column("say", "Say", "sentence")]
    table = Table("calls", "Calls", columns, [{"customer_id": "C1", "say": "Ask."}])
    assert table.headings == r"--columns:2;--c2:'The customer\'s \\\\ cause';--c3:'Say'"
    assert {"stack", "lines"} <= set(table.classes.split())
    verdicts = Table("flow", "Flow", [columns[0], Column("verdict", "Verdict", "verdict")], table.rows)
    assert verdicts.classes == "stack"
    plain = Table("list", "List", columns[:2], table.rows)
    assert (plain.headings, plain.classes) == ("", "")


def test_style_sheet_has_a_heading_for_every_column_of_a_card() -> None:
    sheet = STYLE_SHEET.read_text(encoding="utf-8")
    places = [str(place) for place in range(2, MOST_STACKED + 1)]
    assert re.findall(r"td:nth-child\((\d+)\) { --label: var\(--c(\d+)\); }", sheet) == [(place, place) for place in places]
    columns = [Column(f"c{place}", f"C{place}") for place in range(MOST_STACKED)]
    assert Table("t", "T", [*columns[1:], Column("say", "Say", "sentence")], []).is_stacked
    assert not Table("t", "T", [*columns, Column("say", "Say", "sentence")], []).is_stacked


def test_cells_without_an_end_read_as_they_are(warehouse: Any, tmp_path: Path) -> None:
    columns = [Column("name", "Name"), Column("amount", "Amount", "money"), Column("say", "Say", "sentence")]
    rows = [{"name": "A & <b>", "amount": Decimal(-5), "say": "Ask."}, {"name": "C", "amount": Decimal(7), "say": ""}]
    foot = {"name": "Total", "amount": Decimal(2)}
    page = PageReader(written(writer_of(warehouse), tmp_path, Table("t", "T", columns, rows, foot=foot)))
    (table,) = page.tables
    assert table.header == ["Name", "Amount", "Say"]
    assert table.rows == [["A & <b>", "\u2212€5", "Ask."], ["C", "€7", EMPTY]]


# What a file holds


@pytest.mark.parametrize(
    ("total", "worked", "shown", "held"),
    [(5_000, False, 15, 5_000), (5_001, False, 15, 1_000), (5_001, True, 15, 5_000), (5_001, False, 2_000, 2_000)],
)
def test_file_holds_its_table_whole_or_what_is_read_or_worked_off(
    warehouse: Any, tmp_path: Path, total: int, worked: bool, shown: int, held: int
) -> None:
    writer = writer_of(warehouse)
    table = writer.table("t", "T", "", f"select range as n from range({total}) order by n", [], ["n"], shown=shown, worked=worked)
    html = written(writer, tmp_path, table, Downloads([table]))
    assert len((tmp_path / "en" / "data" / "t.csv").read_text(encoding="utf-8").splitlines()) == 1 + held
    said = re.findall(r"<a href=\"data/t.csv\"[^>]*>([^<]*)</a>", html)
    assert said == [f"Download CSV, the first {held:,} rows" if held < total else "Download CSV"]
    assert (f"{held:,} of {total:,} rows." if held < total else f"Rows: {total:,}.") in html.split('class="downloads"')[1]


def test_total_adds_up_the_rows_that_no_file_holds(warehouse: Any) -> None:
    """The total under the interest of 200,000 customers was that of the first 5,000."""
    warehouse.execute(
        f"create table {cash.INTEREST} as select range as customer_id, 'S' as salesperson_id, 1 as late_invoice_count,"
        " 2.0 as interest_amount, 40.0 as compensation_amount, 0.0 as claim_amount, 42.0 as given_away_amount from range(5001)"
    )
    (section,) = cash.interest(writer_of(warehouse))
    (table,) = section.blocks
    assert len(table.rows) == 1_000
    assert (table.foot["interest_amount"], table.foot["given_away_amount"]) == (10_002, 210_042)
    assert table.subtitle == "All invoices until 30 Jun 2026"


# How figures read


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        ("0.0142", "0.0138", "share", "+0.04 points"),
        ("0.02", "0.01", "share", "+1.0 points"),
        ("0.02", "0.01", "points", "+1.0 points"),
        ("40.26", "40.27", "days", "\u22120.01 days"),
        ("0.5", "0.5", "share", "0.0 points"),
    ],
)
def test_a_change_that_is_judged_is_seen(warehouse: Any, now: str, before: str, unit: str, said: str) -> None:
    assert writer_of(warehouse).change(Decimal(now), Decimal(before), unit) == said


def test_what_lies_between_two_shares_is_told_in_points(warehouse: Any) -> None:
    """Growth that fell from 20% to 17% read as an acceleration of -3.0%: a percentage of nothing."""
    words = writer_of(warehouse).words
    assert words.measure(Decimal("-0.03"), "points") == "\u22123.0 points"
    assert words.cell(Decimal("0.0312"), Column("value", "Acceleration", KINDS_OF_UNITS["points"])) == "+3.1 points"


def test_figures_that_are_compared_read_as_two(warehouse: Any) -> None:
    writer = writer_of(warehouse)
    share = writer.words.notation.share
    found = {pair: writer.digits_apart(share, *map(Decimal, pair)) for pair in (("0.0142", "0.0138"), ("0.02", "0.01"), ("0.5", "0.5"))}
    assert found == {("0.0142", "0.0138"): 2, ("0.02", "0.01"): 1, ("0.5", "0.5"): 1}


def test_changes_have_their_sign_and_quarters_their_name(warehouse: Any) -> None:
    words = writer_of(warehouse).words
    signed = ("dso_simple_change_days", "score_change", "change_amount", "exchange_amount", "changed_count", "paid_days")
    assert [key for key in signed if words.column(key).signed] == ["dso_simple_change_days", "score_change", "change_amount"]
    assert words.cell(Decimal("3.9"), words.column("dso_simple_change_days")) == "+3.9"
    assert words.cell(date(2025, 7, 1), words.column("quarter_start_date")) == "Q3 2025"


def test_industries_have_their_name_among_other_segments(warehouse: Any) -> None:
    warehouse.execute(
        f"create table {customer_base.SEGMENTS} as select date '2026-06-01' as month_start_date, *, 1 as active_count from (values"
        " ('industry_code', '47'), ('industry_code', 'unknown'), ('size_class', 'large'), ('size_class', '47'))"
        " as t (segment_type, segment_id)"
    )
    writer = writer_of(warehouse)
    table = customer_base.segments(writer, "")
    names = [writer.words.cell(row["segment_id"], table.columns[1]) for row in table.rows]
    assert names == ["Retail trade (47)", "unknown", "47", "large"]


def test_picture_is_without_what_nobody_sees() -> None:
    drawn = (
        '<svg width="90" height="10" viewBox="0 0 90 10"><g><g transform="translate(0,0)">'
        '<text transform="translate(1.2345,15)" opacity="0">Mar</text><text transform="translate(1.2345,15)" opacity="1">€1.2345m</text>'
        '<path d="" display="none"/></g><g transform="translate(0.5,10)"><path d="M0.123456,1.06L-0.04,2" opacity="0.16"/></g></g></svg>'
    )
    assert clean(drawn).split('10">', 1)[1] == (
        '<text transform="translate(1.2,15)">€1.2345m</text><g transform="translate(0.5,10)">'
        '<path d="M0.1,1.1L-0,2" opacity="0.16"/></g></svg>'
    )
