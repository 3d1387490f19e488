"""Writes the pages of a book: HTML by the templates, a CSV file behind each table, and the two files that all pages share.

Keep out: which pages there are (``build.py``, ``scopes.py``) and what stands on them (``pages/``).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.book.blocks import Column, Page, Table, csv_text, placed
from pipelines.book.figures import Figures
from pipelines.book.formats import EMPTY
from pipelines.book.words import Words

FOLDER = Path(__file__).resolve().parent
STYLE_SHEET = FOLDER / "static" / "book.css"
SCRIPT = FOLDER / "static" / "book.js"
LANGUAGE_NAMES = (("en", "English"), ("nl", "Nederlands"))
#: Key of a page in the navigation, where it stands in the folder of a language, and its name.
Place = tuple[str, str, str]


def begin(target: Path) -> None:
    """An empty folder with what all pages of a book share."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in (STYLE_SHEET, SCRIPT):
        shutil.copyfile(path, target / path.name)


def write_index(figures: Figures, target: Path, start: str) -> Path:
    """The cover: one link per language to the page ``start``."""
    english, dutch = Words("en", figures), Words("nl", figures)
    text = (
        environment()
        .get_template("index.html")
        .render(company=figures.company_name, figures=figures, english=english, dutch=dutch, start=start)
    )
    path = target / "index.html"
    path.write_text(text, encoding="utf-8")
    return path


def write_pages(figures: Figures, words: Words, target: Path, pages: Sequence[Page], navigation: Sequence[Place]) -> None:
    """Writes ``pages`` of one language into its folder below ``target``."""
    template = environment().get_template("page.html")
    folder = target / words.code
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


@cache
def environment() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        # Text of a mail is no HTML: a name with an ampersand stays as it is.
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.globals["placed"] = placed
    environment.globals["shape_of"] = lambda item: type(item).__name__
    environment.globals["is_negative"] = lambda value: not isinstance(value, str) and value is not None and value < 0
    return environment
