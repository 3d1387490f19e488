"""Reads a KPI book back: its CSV files, the tables on its pages, and whether a text stands for a figure.

Keep out: what the figures should be (``book_figures.yaml``).
"""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.book.blocks import csv_cell
from pipelines.book.formats import EMPTY, MINUS, Notation

STATEMENTS = Path(__file__).with_name("book_figures.yaml")
UNITS = ("Unit", "Eenheid")
FLAGS = {"en": {"0": "no", "1": "yes"}, "nl": {"0": "nee", "1": "ja"}}


# CSV files


def read_csv(path: Path, notation: Notation) -> list[list[str]]:
    """Header and rows of a CSV of the book."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=notation.csv_delimiter))


def cell_holds(cell: str, value: Any, notation: Notation) -> bool:
    """Whether a cell of a CSV is a value of the warehouse; a measure is written there as it is on the page."""
    if value is None:
        return cell in ("", EMPTY)
    if isinstance(value, bool):
        return cell == str(int(value))
    if isinstance(value, Decimal | int | float):
        number = number_of(cell, notation)
        if number is None:
            return text_shows(cell, Decimal(str(value)), notation)
        return math.isclose(number, value, rel_tol=1e-12, abs_tol=1e-9)
    return cell.removeprefix("'") == str(value)


def number_of(cell: str, notation: Notation) -> Decimal | None:
    if not re.fullmatch(rf"-?\d+({re.escape(notation.decimal_sign)}\d+)?", cell):
        return None
    return Decimal(cell.replace(notation.decimal_sign, "."))


# Texts

#: What a page writes behind a number -> what the number is counted in; nothing counts in ones.
HUNDREDTHS = ("%", " points", " procentpunt")


def sizes(notation: Notation) -> dict[str, Decimal]:
    return {notation.million: Decimal(1_000_000), notation.thousand: Decimal(1_000), **dict.fromkeys(HUNDREDTHS, Decimal("0.01"))}


def text_shows(text: str, value: Decimal, notation: Notation) -> bool:
    """Whether a number on a page is ``value``, to the digits shown: ``€1,234``, ``€ 6,35 mln``, ``12,3%``, ``38.0 days``."""
    thousands, decimal_sign = re.escape(notation.thousands_sign), re.escape(notation.decimal_sign)
    amount = rf"(\d{{1,3}}(?:{thousands}\d{{3}})*|\d+)(?:{decimal_sign}(\d+))?"
    found = re.fullmatch(rf"([{MINUS}+])?(?:[^\d\s]|[A-Z]{{3}})?\s?{amount}({'|'.join(sizes(notation))})?(?: [a-z]+)?", text)
    if not found:
        return False
    sign, whole, digits, unit = found.groups()
    whole = whole.replace(notation.thousands_sign, "")
    shown = Decimal(f"{'-' if sign == MINUS else ''}{whole}.{digits or 0}")
    size = sizes(notation).get(unit, Decimal(1))
    return (value / size).quantize(Decimal(1).scaleb(-len(digits or "")), rounding=ROUND_HALF_UP) == shown


def text_stands_for(text: str, cell: str, notation: Notation) -> bool:
    """Whether a text on a page is what the cell of its CSV holds."""
    if cell == "":
        return text in ("", EMPTY)
    cell = cell.removeprefix("'")
    if text in (cell, " ".join(cell.split()), FLAGS[notation.code].get(cell)):
        return True
    if re.fullmatch(r"\d{4}-\d\d-\d\d( .*)?", cell):
        day = date.fromisoformat(cell[:10])
        return text in (notation.day(day), notation.month(day), notation.quarter(day))
    number = number_of(cell, notation)
    # An index between 0 and 100 is a percentage as it stands.
    return number is not None and (text_shows(text, number, notation) or text_shows(text, number / 100, notation))


# Pages


@dataclass
class PageTable:
    """A table of a page, the CSV that it offers, and the picture that stands above it."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    #: The name of a table that offers no file.
    name: str = ""
    csv_name: str = ""
    sentence: str = ""
    matrix: PageTable | None = None


class PageReader(HTMLParser):
    """The tables of a page, the values of its cards, and its facts, in one pass."""

    def __init__(self, html: str):
        super().__init__()
        self.tables: list[PageTable] = []
        self.cards: list[str] = []
        self.facts: list[str] = []
        self.downloads: list[str] = []
        self._table = PageTable()
        self._sentence, self._matrix = "", None
        self._rows: list[list[str]] = []
        self._texts: list[str] | None = None
        self._hidden = False
        self.feed(re.sub(r"<svg.*?</svg>", "", html, flags=re.S))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in ("td", "th", "tr"):
            self._end_cell()
        if tag == "div" and str(given.get("class")).startswith("panel"):
            self._sentence, self._matrix = "", None
        elif tag == "figure":
            self._sentence = given["aria-label"]
        elif tag == "table":
            self._table = PageTable(name=given.get("id") or "", sentence=self._sentence, matrix=self._matrix)
            if given.get("class") == "matrix":
                self._matrix = self._table
            else:
                self.tables.append(self._table)
        elif tag in ("thead", "tbody", "tfoot"):
            # The foot adds up the rows: it is no row of the CSV.
            self._rows = self._table.rows if tag == "tbody" else []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td", "dd") or given.get("class") == "value":
            self._texts = []
        elif tag == "small" and self._texts is not None:
            self._texts.append("\n")
        elif tag == "span" and "aria-hidden" in given:
            self._hidden = True
        elif tag == "a" and given.get("class") == "download":
            self.downloads.append(Path(given["href"]).stem)
        elif tag == "a" and "download" in given:
            self._table.csv_name = Path(given["href"]).stem

    def handle_data(self, data: str) -> None:
        if self._texts is not None and not self._hidden:
            self._texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._hidden = False
        elif tag in ("dd", "p") and self._texts is not None:
            text, self._texts = "".join(self._texts).strip(), None
            (self.facts if tag == "dd" else self.cards).append(text)
        elif tag in ("thead", "tbody", "tr", "tfoot"):
            self._end_cell()
        if tag == "thead":
            self._table.header = self._rows[0]

    def _end_cell(self) -> None:
        """A cell ends with its row or its part of the table, or where the next one begins."""
        if self._texts is not None:
            self._rows[-1].append("".join(self._texts).strip())
            self._texts = None


def read_page(path: Path) -> PageReader:
    return PageReader(path.read_text(encoding="utf-8"))


# What the warehouse says


@dataclass(frozen=True)
class Expected:
    """What a table of the book should hold: the names of some columns, their rows, and what its picture says beside them."""

    family: str
    columns: list[str]
    rows: list[tuple]
    said: list[Decimal]
    #: Whether it stands on a page without a file, which has its first rows.
    is_on_page: bool = False


def statements() -> list[dict[str, Any]]:
    return yaml.safe_load(STATEMENTS.read_text(encoding="utf-8"))


def expected_tables(warehouse: Path, customers: list[str], language: str) -> dict[str, Expected]:
    """Name -> what it should hold, of every table that the book may have; ``customers`` have a page, in this order."""
    found: dict[str, Expected] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((report, month),) = connection.execute(
            "select report_date, (select max(month_start_date) from core.dim_months where is_complete and month_start_date <= report_date)"
            " from meta.publication"
        ).fetchall()
        dates = {
            "report": f"date '{report}'",
            "month": f"date '{month}'",
            "year": f"between date '{month}' - interval 11 month and date '{month}'",
            "language": language,
        }

        def ask(sql: str, values: dict[str, Any]) -> list[tuple]:
            return connection.execute(sql.format(**dates, **values)).fetchall()

        def members(sql: str) -> list[dict[str, Any]]:
            rows = ask(sql, {})
            return [dict(zip([column[0] for column in connection.description], row, strict=True)) for row in rows]

        connection.execute("create temp table customer_pages (number varchar, customer_id varchar)")
        for number, customer in enumerate(customers, 1):
            connection.execute("insert into customer_pages values (?, ?)", [f"{number:03d}", customer])
        for statement in statements():
            for values in members(statement["each"]) if "each" in statement else [{}]:
                name = statement["name"].format(**values)
                assert name not in found, name
                said = [
                    Decimal(str(value)) for (value,) in (ask(statement["said"], values) if "said" in statement else []) if value is not None
                ]
                columns = [column.format(**values) for column in statement["columns"]]
                found[name] = Expected(statement["name"], columns, ask(statement["sql"], values), said, statement.get("on_page", False))
    return found


def table_faults(table: PageTable, rows: list[list[str]], notation: Notation) -> list[tuple[str, str, str]]:
    """(column, text, cell) where a table of a page says something else than its CSV."""
    header, *rows = rows
    # What measures are measured in stands behind them; the page has it in each cell.
    header = header[:-1] if header[-1] in UNITS else header
    faults, place = [], 0
    if not table.rows or len(table.rows) > len(rows):
        faults.append(("rows", str(len(table.rows)), str(len(rows))))
    for number, label in enumerate(table.header):
        if place >= len(header) or header[place] != label:
            faults.append((label, label, str(header)))
            break
        # Behind the number of a customer the CSV has the name, and the page shows that.
        named = table.header[number + 1 : number + 2] != header[place + 1 : place + 2] and len(header) - place > len(table.header) - number
        for texts, row in zip(table.rows, rows, strict=False):
            cell = (row[place + 1] or row[place]) if named else row[place]
            if not text_stands_for(texts[number], cell, notation):
                faults.append((label, texts[number], cell))
        place += 2 if named else 1
    return faults


def page_faults(table: PageTable, expected: Expected, notation: Notation) -> list[tuple[str, str, str]]:
    """(column, text, value) where a table without a file says something else than the first rows of the warehouse."""
    faults = [] if 0 < len(table.rows) <= len(expected.rows) else [("rows", str(len(table.rows)), str(len(expected.rows)))]
    for place, label in enumerate(expected.columns):
        number = table.header.index(label)
        for texts, values in zip(table.rows, expected.rows, strict=False):
            cell = csv_cell(values[place], notation.decimal_sign)
            if not text_stands_for(texts[number], cell, notation):
                faults.append((label, texts[number], cell))
    return faults


def picture_faults(table: PageTable, rows: list[list[str]], said: list[Decimal], notation: Notation) -> list[str]:
    """The numbers in the sentence of a picture, or in the cells of a small grid, that its table does not hold."""
    header, *rows = rows
    texts = _numbers_of(table.sentence, [*header, *(row[0] for row in rows)], notation)
    if table.sentence and rows and re.fullmatch(r"\d{4}-\d\d-01", rows[0][0]):
        rows = rows[:1]
    held = {number for row in rows for cell in row if (number := number_of(cell, notation)) is not None} | set(said) | {Decimal(0)}
    if table.matrix:
        texts += [text for row in table.matrix.rows for cell in row[1:] for text in cell.split("\n") if text not in ("", EMPTY)]
    return [text for text in texts if not any(text_shows(text, value, notation) or text_shows(text, -value, notation) for value in held)]


def _numbers_of(sentence: str, names: list[str], notation: Notation) -> list[str]:
    """The numbers of a sentence, without those in ``names`` and in months."""
    for name in sorted(names, key=len, reverse=True):
        sentence = sentence.replace(name, "")
    sentence = re.sub(rf"({'|'.join(notation.months)}) \d{{4}}", "", sentence)
    return re.findall(rf"(?<![\w.,])[{MINUS}+]?(?:[€£$]\s?)?\d(?:[\d.,]*\d)?(?:{'|'.join(sizes(notation))})?(?!\d)", sentence)
