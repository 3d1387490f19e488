"""The KPI book of a published night in a browser: every page, both languages, phone, laptop and paper.

Needs Chromium (``CHROMIUM``, or where it usually stands): it is looked for, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from pipelines.book import build_book
from pipelines.book.formats import EMPTY, NOTATIONS
from tests.end_to_end.book_reader import (
    Expected,
    cell_holds,
    expected_tables,
    page_faults,
    picture_faults,
    read_csv,
    read_page,
    statements,
    table_faults,
    text_shows,
)
from tests.end_to_end.conftest import NightResult

pytestmark = pytest.mark.slow

SIZES = {"phone": (360, 740), "laptop": (1366, 850), "paper": (794, 1123)}
SCHEMES = ("light", "dark")
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WHAT_IS_TOO_WIDE = (
    "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
    " && !e.closest('.scroll') && !e.closest('.hidden')).slice(0, 3).map(e => e.tagName + '.' + e.className)"
)
#: A page on its side is 273 mm wide within its margins; what stands on one is measured there, and no word of a table is torn.
ON_PAPER = r"""() => [...document.querySelectorAll('.panel table')].filter(table => table.offsetParent).flatMap(table => {
  const panel = table.closest('.panel'), faults = [], told = table.querySelector('th').innerText;
  if (table.classList.contains('many')) { panel.style.width = '1032px'; panel.style.boxSizing = 'border-box'; }
  if (table.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1) faults.push(`a table of ${told} leaves the paper`);
  for (const cell of [...table.querySelectorAll('th, td')].slice(0, 300)) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode())
      for (const word of text.data.matchAll(/(?<![\w-])\p{L}{2,}(?![\w-])/gu)) {
        const range = document.createRange(); range.setStart(text, word.index); range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) faults.push(`${word[0]} is torn`);
      }
  }
  if (table.classList.contains('many')) panel.style.display = 'none';
  return faults;
})"""
#: The sign of a verdict stands beside its words: between them and the heading of a card it floated.
SIGNS = """[...document.querySelectorAll('td.verdict > span[aria-hidden]')].filter(sign => {
  if (!sign.offsetParent || !sign.nextSibling) return false;
  const words = document.createRange(); words.selectNode(sign.nextSibling);
  return words.getBoundingClientRect().left - sign.getBoundingClientRect().right > 12;
}).length"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module", params=["online_retail", "demo"])
def night(published, request: pytest.FixtureRequest) -> NightResult:
    """A company that delivers invoices alone, and one that delivers everything."""
    return published(request.param)


@pytest.fixture(scope="module")
def book(night: NightResult, full_book: Callable[[NightResult], Path]) -> Path:
    return full_book(night)


@pytest.fixture
def delivers_all(night: NightResult) -> bool:
    return night.query("select count(*) from meta.entity_coverage where not is_delivered") == [(0,)]


def pages(book: Path) -> list[Path]:
    return sorted(book.rglob("*.html"))


def pages_to_open(book: Path) -> list[Path]:
    """Every page, but of the customers, of which there are hundreds, each tenth."""
    customers = [path for path in pages(book) if path.parent.name == "customers"]
    return sorted(set(pages(book)) - set(customers)) + customers[::10]


def pages_of_each_kind(book: Path) -> list[Path]:
    """The main pages, and three of each kind of which dozens look alike."""
    kept = [path for path in pages(book) if path.parent.name in ("en", "nl") or path.parent == book]
    for kind in ("kpis", "customers", "people", "teams"):
        kept += [path for language in ("en", "nl") for path in sorted((book / language / kind).glob("*.html"))[:3]]
    return kept


@dataclass
class Looked:
    """What a browser had to say of the pages, each opened once: per size, and per colour scheme of those that axe judged."""

    faults: dict[str, list[str]] = field(default_factory=lambda: {"opened": [], **{size: [] for size in SIZES}})
    violations: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: {scheme: [] for scheme in SCHEMES})


@pytest.fixture(scope="module")
def looked(book: Path, chromium: str) -> Looked:
    looked, script, judged = Looked(), str(files("axe_playwright_python") / "axe.min.js"), set(pages_of_each_kind(book))
    opened = looked.faults["opened"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: opened.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: opened.append(f"{page.url}: {error}"))
        page.on(
            "request", lambda request: None if request.url.startswith(book.as_uri()) else opened.append(f"{page.url} asks {request.url}")
        )
        for path in sorted({*pages_to_open(book), *judged}):
            name = path.relative_to(book).as_posix()
            page.goto(path.as_uri())
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(media="print" if size == "paper" else "screen")
                if size == "paper":
                    looked.faults[size] += [f"{name}: {fault}" for fault in page.evaluate(ON_PAPER)]
                if floating := page.evaluate(SIGNS):
                    looked.faults[size].append(f"{name}: {floating} signs stand apart from their words")
                if page.evaluate(IS_TOO_WIDE):
                    looked.faults[size].append(f"{name} is wider than {width} pixels: {page.evaluate(WHAT_IS_TOO_WIDE)}")
            if path in judged:
                page.reload()
                page.set_viewport_size({"width": 1366, "height": 850})
                page.add_script_tag(path=script)
                for scheme in SCHEMES:
                    page.emulate_media(media="screen", color_scheme=scheme)
                    for violation in page.evaluate("async () => (await axe.run({preload: false})).violations"):
                        looked.violations[scheme].append((name, violation["id"], violation["nodes"][0]["html"][:200]))
                page.emulate_media(color_scheme="light")
        browser.close()
    return looked


@pytest.mark.parametrize("size", ["opened", *SIZES])
def test_pages_show_without_error_request_or_overflow(looked: Looked, size: str) -> None:
    assert looked.faults[size] == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_violation(looked: Looked, scheme: str) -> None:
    assert looked.violations[scheme] == []


def test_no_text_shows_the_place_of_a_value(book: Path) -> None:
    texts = {path.relative_to(book).as_posix(): re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")) for path in pages(book)}
    assert {name: found[0] for name, text in texts.items() if (found := re.search(r"\{\w+[:}]", text))} == {}


def test_links_lead_to_files_and_places_of_the_book(book: Path) -> None:
    places: dict[Path, set[str]] = {}
    broken = []
    for path in sorted(book.rglob("*.html")):
        for link in set(re.findall(r'href="([^"]+)"', path.read_text(encoding="utf-8"))):
            name, _, place = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.is_file():
                broken.append((path.name, link))
            elif place:
                if target not in places:
                    places[target] = set(re.findall(r' id="([^"]+)"', target.read_text(encoding="utf-8")))
                if place not in places[target]:
                    broken.append((path.name, link))
    assert broken == []


def test_every_column_of_a_file_has_its_own_name_and_every_total_says_so(book: Path) -> None:
    """A file with four columns called Reason, and a row of totals called by a dash."""
    twice = {}
    for path in sorted(book.glob("*/data/*.csv")):
        header = read_csv(path, NOTATIONS[path.parents[1].name])[0]
        if len(set(header)) < len(header):
            twice[path.relative_to(book).as_posix()] = sorted({name for name in header if header.count(name) > 1})
    assert twice == {}
    totals = {name for path in pages(book) for name in re.findall(r"<tfoot><tr><th scope=row>([^<]*)", path.read_text(encoding="utf-8"))}
    assert totals <= {"Total", "Totaal"}


def test_headline_stands_on_the_page_in_both_notations(book: Path, night: NightResult) -> None:
    ((value,),) = night.query(
        "select value from kpi.kpi_values where kpi = 'net_revenue' and scope_type = 'company' and period_type = 'month'"
        " and period_start_date = (select max(month_start_date) from core.dim_months where is_complete)"
    )
    ((currency,),) = night.query("select currency from core.fct_invoices where booking_rate = 1 group by 1 order by count(*) desc limit 1")
    for language in ("en", "nl"):
        first, listed = ((book / language / f"{name}.html").read_text(encoding="utf-8") for name in ("scorecard", "all_kpis"))
        assert NOTATIONS[language].short_money(value, currency) in first
        assert NOTATIONS[language].money(value, currency) in listed


@pytest.fixture(scope="module")
def warehouse_says(book: Path, night: NightResult) -> dict[str, dict[str, Expected]]:
    """Language -> name of a table -> what it should hold; without rows there should be no such table."""
    customers = [read_page(path).facts[0] for path in sorted((book / "en" / "customers").glob("*.html"))]
    return {language: expected_tables(night.published / "kpis.duckdb", customers, language) for language in NOTATIONS}


@pytest.mark.parametrize("language", NOTATIONS)
def test_tables_are_those_that_the_warehouse_has_figures_for(book: Path, warehouse_says: dict, delivers_all: bool, language: str) -> None:
    there = {path.stem for path in (book / language / "data").glob("*.csv")}
    assert there == {name for name, expected in warehouse_says[language].items() if expected.rows and not expected.is_on_page}
    if delivers_all:
        shown = {expected.family for expected in warehouse_says[language].values() if expected.rows}
        # A night that is the first of its company has nothing to restate.
        assert {statement["name"] for statement in statements()} - shown == {"restatements"}


@pytest.mark.parametrize("language", NOTATIONS)
def test_tables_hold_the_figures_of_the_warehouse(book: Path, warehouse_says: dict, language: str) -> None:
    notation, wrong = NOTATIONS[language], []
    for name, expected in warehouse_says[language].items():
        if not expected.rows or expected.is_on_page:
            continue
        # The columns stand in one order in both languages; the English file names them.
        header = read_csv(book / "en" / "data" / f"{name}.csv", NOTATIONS["en"])[0]
        places = [header.index(column) for column in expected.columns]
        rows = [[row[place] for place in places] for row in read_csv(book / language / "data" / f"{name}.csv", notation)[1:]]
        if len(rows) != len(expected.rows):
            wrong.append((name, len(rows), len(expected.rows)))
        for row, figures in zip(rows, expected.rows, strict=False):
            if not all(cell_holds(cell, figure, notation) for cell, figure in zip(row, figures, strict=True)):
                wrong.append((name, row, figures))
    assert wrong == []


@pytest.mark.parametrize("language", NOTATIONS)
def test_cards_show_the_figures_of_the_warehouse(book: Path, warehouse_says: dict, language: str) -> None:
    notation, wrong = NOTATIONS[language], []
    for path in pages(book / language / "kpis"):
        (card,) = read_page(path).cards
        expected = warehouse_says[language].get(f"kpi-{path.stem}")
        # The unit stands in small print behind the value; a percentage of the warehouse is said as a share.
        figures = expected.said or [expected.rows[0][1]] if expected else []
        if not any(text_shows(card.split("\n")[0].strip(), figure, notation) for figure in figures) and (figures or card != EMPTY):
            wrong.append((path.stem, card, figures))
    assert wrong == []


@pytest.mark.parametrize("language", NOTATIONS)
def test_pages_show_the_figures_of_their_tables(book: Path, warehouse_says: dict, language: str) -> None:
    notation, wrong, shown = NOTATIONS[language], [], set()
    for path in pages(book / language):
        page = read_page(path)
        shown |= set(page.downloads)
        for table in page.tables:
            if not table.csv_name:
                continue
            shown.add(table.csv_name)
            rows = read_csv(book / language / "data" / f"{table.csv_name}.csv", notation)
            said = warehouse_says[language][table.csv_name].said
            wrong += [(path.name, table.csv_name, *fault) for fault in table_faults(table, rows, notation)]
            wrong += [(path.name, table.csv_name, text) for text in picture_faults(table, rows, said, notation)]
    assert wrong == []
    assert shown == {path.stem for path in (book / language / "data").glob("*.csv")}


def test_tables_without_a_file_show_the_figures_of_the_warehouse(book: Path, warehouse_says: dict) -> None:
    """The English pages of customers, salespeople and teams; the Dutch ones are drawn from the same rows."""
    wrong, shown, expected = [], set(), warehouse_says["en"]
    for path in pages(book / "en"):
        for table in read_page(path).tables:
            if table.name in expected:
                shown.add(table.name)
                wrong += [(path.name, table.name, *fault) for fault in page_faults(table, expected[table.name], NOTATIONS["en"])]
    assert wrong == []
    assert shown == {name for name, found in expected.items() if found.is_on_page and found.rows}


def test_what_is_not_delivered_is_said_and_not_drawn(book: Path, delivers_all: bool) -> None:
    if delivers_all:
        assert "does not deliver" not in (book / "en" / "receivables.html").read_text(encoding="utf-8")
        return
    text = (book / "en" / "receivables.html").read_text(encoding="utf-8")
    assert "The company does not deliver: payments on invoices" in text
    assert "<figure" not in text
    dutch = (book / "nl" / "receivables.html").read_text(encoding="utf-8")
    assert "Het bedrijf levert niet aan: betalingen op facturen" in dutch


def test_same_figures_give_the_same_bytes(book: Path, night: NightResult, tmp_path: Path) -> None:
    build_book(night.published, tmp_path / "again")
    files = {path.relative_to(book) for path in book.rglob("*") if path.is_file()}
    assert files == {path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert [path for path in sorted(files) if (book / path).read_bytes() != (tmp_path / "again" / path).read_bytes()] == []


def test_pseudonymised_book_names_no_customer(night: NightResult, tmp_path: Path) -> None:
    book = night.published / "book"  # the demo's night made it
    if not book.is_dir():
        build_book(night.published, book := tmp_path / "book", pseudonymised=True)
    names = {str(name) for (name,) in night.query("select name from core.dim_customers where name is not null")}
    named = []
    for path in sorted(book.rglob("*")):
        if path.suffix in (".html", ".csv"):
            # The company names its customers "Customer 12346"; pseudonyms count from 0001.
            named += [(path.name, word) for word in set(re.findall(r"Customer \d{5}\b", path.read_text(encoding="utf-8"))) & names]
    assert named == []
    for path in sorted((book / "en" / "data").glob("*.csv")):
        header, *rows = read_csv(path, NOTATIONS["en"])
        cells = {row[header.index("Customer")] for row in rows} if "Customer" in header else set()
        assert [cell for cell in cells if cell and not re.fullmatch(r"Customer (\d{4}|\(unknown\))|unknown", cell)] == [], path.name
