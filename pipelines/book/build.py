"""Builds the book: every page in both languages.

Keep out: what stands on a page (``pages/``), how pages are written (``site.py``) and how a value reads (``words.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipelines.apart import Apart
from pipelines.book.blocks import Page
from pipelines.book.figures import Figures, open_figures
from pipelines.book.site import Place, begin, write_index, write_pages
from pipelines.book.words import Words
from pipelines.book.writer import Writer

NAVIGATION = (
    "scorecard",
    "receivables",
    "collection",
    "invoice_errors",
    "customers",
    "growth",
    "levers",
    "people",
    "kpi_flow",
    "all_kpis",
    "find",
    "about",
)


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
    begin(target)
    warehouse = published_folder / "kpis.duckdb"
    options = {"company_name": company_name, "currency": currency, "pseudonymised": pseudonymised}
    # The languages share nothing but the figures: half of the time on two cores.
    other = Apart("book")
    other.begin(_count_of_language, warehouse, options, "nl", target)
    with open_figures(warehouse, **options) as figures:
        pages = _write_language(figures, Words("en", figures), target)
        index = write_index(figures, target, f"{NAVIGATION[0]}.html")
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

    people.number_pages(writer)
    chosen = customer.choose(writer)
    writer.figures.customer_pages = {name: number for number, name in enumerate(chosen, 1)}
    main = [import_module(f"{pages.__name__}.{name}").page(writer) for name in NAVIGATION]
    return [
        *main,
        *kpi_pages.pages(writer),
        *people.team_pages(writer),
        *salesperson.Desks(writer).pages(),
        *customer.Sheets(writer, chosen).pages(),
    ]


def _navigation(words: Words) -> list[Place]:
    return [(key, f"{key}.html", words.t(f"nav.{key}")) for key in NAVIGATION]


def _count_of_language(warehouse: Path, options: dict[str, Any], language: str, target: Path) -> int:
    with open_figures(warehouse, **options) as figures:
        return len(_write_language(figures, Words(language, figures), target))


def _write_language(figures: Figures, words: Words, target: Path) -> list[Page]:
    pages = _pages(Writer(figures, words))
    write_pages(figures, words, target, pages, _navigation(words))
    return pages
