"""Builds the book: every page in both languages, its CSV files and one style sheet.

Keep out: what stands on a page (``pages/``), how it looks (``templates/``, ``static/``) and how a value reads (``words.py``).
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipelines.apart import Apart
from pipelines.book.blocks import Column, Page, Table, csv_text, placed
from pipelines.book.figures import Figures, open_figures
from pipelines.book.formats import EMPTY
from pipelines.book.words import Words
from pipelines.book.writer import Writer

FOLDER = Path(__file__).resolve().parent
STYLE_SHEET = FOLDER / "static" / "book.css"
NAVIGATION = (
    "scorecard",
    "receivables",
    "collection",
    "invoice_errors",
    "customers",
    "growth",
    "people",
    "kpi_flow",
    "all_kpis",
    "find",
    "about",
)
LANGUAGE_NAMES = (("en", "English"), ("nl", "Nederlands"))


@dataclass(frozen=True)
class BookSummary:
    """What was written, and the English main pages as they were laid out."""

    index: Path
    page_count: int
    csv_count: int
    byte_count: int
    pages: tuple[Page, ...]


def build_book(
    published_folder: Path,
    target: Path,
    *,
    pseudonymised: bool = False,
    company_name: str | None = None,
    currency: str | None = None,
) -> BookSummary:
    """Writes the book of ``published_folder`` (the one with kpis.duckdb) into ``target``, which it replaces.

    The same figures give the same bytes. ``pseudonymised`` publishes no name or number of a customer. Without
    ``company_name`` and ``currency`` the warehouse's own words are used.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in ("book.css", "book.js"):
        shutil.copyfile(FOLDER / "static" / name, target / name)
    warehouse = published_folder / "kpis.duckdb"
    options = {"company_name": company_name, "currency": currency, "pseudonymised": pseudonymised}
    # The languages share nothing but the figures: half of the time on two cores.
    other = Apart("book")
    other.begin(_count_of_language, warehouse, options, "nl", target)
    with open_figures(warehouse, **options) as figures:
        pages = _write_language(figures, Words("en", figures), target)
        index = target / "index.html"
        template = _environment().get_template("index.html")
        index.write_text(
            template.render(company=figures.company_name, figures=figures, english=Words("en", figures), dutch=Words("nl", figures)),
            encoding="utf-8",
        )
    page_count = 1 + len(pages) + other.result()
    other.stop()
    files = [path for path in target.rglob("*") if path.is_file()]
    return BookSummary(
        index=index,
        page_count=page_count,
        csv_count=sum(path.suffix == ".csv" for path in files),
        byte_count=sum(path.stat().st_size for path in files),
        pages=tuple(pages[: len(NAVIGATION)]),
    )


def _pages(writer: Writer) -> list[Page]:
    from pipelines.book import pages
    from pipelines.book.pages import customer, kpi_pages, people, salesperson

    chosen = customer.choose(writer)
    writer.figures.customer_pages = {name: number for number, name in enumerate(chosen, 1)}
    people.number_pages(writer)
    main = [import_module(f"{pages.__name__}.{name}").page(writer) for name in NAVIGATION]
    return [
        *main,
        *kpi_pages.pages(writer),
        *people.team_pages(writer),
        *salesperson.Desks(writer).pages(),
        *customer.Sheets(writer, chosen).pages(),
    ]


def _count_of_language(warehouse: Path, options: dict[str, Any], language: str, target: Path) -> int:
    with open_figures(warehouse, **options) as figures:
        return len(_write_language(figures, Words(language, figures), target))


def _write_language(figures: Figures, words: Words, target: Path) -> list[Page]:
    environment = _environment()
    template = environment.get_template("page.html")
    navigation = [(key, f"{key}.html", words.t(f"nav.{key}")) for key in NAVIGATION]
    folder = target / words.code
    pages = _pages(Writer(figures, words))
    names = {page.path for page in pages}
    for page in pages:
        for table in page.tables():
            _write_csv(table, words, folder)
    for page in pages:
        html = template.render(
            page=page,
            words=words,
            figures=figures,
            company=figures.company_name,
            navigation=navigation,
            languages=LANGUAGE_NAMES,
            text_of=lambda row, column: _text_of(words, row, column),
            kpi_link=lambda kpi: f"kpis/{kpi}.html" if f"kpis/{kpi}.html" in names else "",
            people_link=lambda kind, value: _people_link(figures, kind, value),
        )
        path = folder / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"\n\s*\n+", "\n", html), encoding="utf-8")
    return pages


def _people_link(figures: Figures, kind: str, value: Any) -> str:
    """The page of a salesperson or a team, relative to the folder of the language; empty where there is none."""
    if kind == "salesperson":
        number = figures.salesperson_pages.get(value)
        return f"people/{number:03d}.html" if number else ""
    number = figures.team_pages.get(value)
    return f"teams/{number:02d}.html" if number else ""


def _text_of(words: Words, row: dict[str, Any], column: Column) -> str:
    if column.kind == "customer":
        return str(row.get("customer_name") or row.get(column.key) or EMPTY)
    if column.kind == "measure":
        return words.measure(row.get(column.key), row["unit"], column.digits, short=column.vocabulary == "short")
    return words.cell(row.get(column.key), column)


def _write_csv(table: Table, words: Words, folder: Path) -> None:
    """The rows behind a table, for a spreadsheet of the language."""
    if not table.rows or not table.is_download:
        return
    columns = []
    for column in table.columns:
        columns.append(column)
        if column.kind == "customer" and not words.figures.pseudonyms:
            columns.append(Column("customer_name", words.label("customer_name")))
    # The values of a measure are numbers there: what they are measured in stands beside them.
    if any(column.kind == "measure" for column in columns) and not any(column.key == "unit" for column in columns):
        columns.append(Column("unit", words.label("unit"), "code", "unit"))
    rows = [
        [words.csv_value(row.get(column.key), column) if column.kind != "customer" else row.get(column.key) for column in columns]
        for row in table.rows
    ]
    path = folder / "data" / f"{table.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = csv_text([column.label for column in columns], rows, words.notation.csv_delimiter, words.notation.decimal_sign)
    path.write_text(text, encoding="utf-8", newline="")
    table.csv_path = f"data/{table.name}.csv"


def _environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.globals["placed"] = placed
    environment.globals["shape_of"] = lambda item: type(item).__name__
    environment.globals["is_negative"] = lambda value: not isinstance(value, str) and value is not None and value < 0
    return environment
