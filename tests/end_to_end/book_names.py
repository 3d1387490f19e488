"""Every figure of a KPI book by its name, its period and whom it is about: one name, one figure.

A name is the heading of a column, the title of a card, or a KPI where a row or page is about one. Keep out: whether a figure is right
(``book_figures.yaml``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from pipelines.book.formats import MINUS, Notation
from pipelines.book.words import load_texts
from tests.end_to_end.book_reader import sizes

#: Headings that say what a column does in its own table, and name no figure of the business.
PLACES = ("change", "call_rank", "work_rank", "result_rank", "low_value", "high_value", "numerator", "denominator", "target", "unit")
#: Headings of figures that each KPI has for itself.
OF_ITS_KPI = ("held_out_invoice_count", "held_out_gross_amount")
#: Headings of what is said about a row, which tells no rows apart.
SAYINGS = ("verdict", "against_target", "status", "note", "reason")


@dataclass(frozen=True)
class Figure:
    name: str
    period: str
    scope: tuple[str, ...]
    text: str
    where: str


@dataclass
class _Table:
    period: str = ""
    #: (text, period, whether its cells are numbers)
    headings: list[tuple[str, str, bool]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    is_matrix: bool = False
    title: str = ""


class _Page(HTMLParser):
    """The tables and cards of a page with their periods."""

    def __init__(self, html: str):
        super().__init__()
        self.title, self.day = "", ""
        self.tables: list[_Table] = []
        self.cards: list[dict[str, str]] = []
        self.facts: list[list[str]] = []
        self._texts: list[str] | None = None
        self._place, self._part, self._heading = "", "", ("", False)
        self.feed(re.sub(r"<svg.*?</svg>", "", html, flags=re.S))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        kind = given.get("class", "")
        if tag in ("td", "th", "tr"):
            self.handle_endtag("td")
        if tag == "table":
            self.tables.append(_Table(given.get("data-period", ""), is_matrix=kind == "matrix"))
        elif tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr" and self._part == "tbody":
            self.tables[-1].rows.append([])
        elif tag in ("th", "td"):
            self._texts, self._place = [], self._part
            self._heading = (given.get("data-period", ""), kind.startswith("n") and kind != "nb")
        elif tag == "caption":
            self._texts, self._place = [], "caption"
        elif tag in ("dt", "dd"):
            self._texts, self._place = [], tag
        elif kind == "card":
            self.cards.append({})
        elif tag == "h1":
            self._texts, self._place = [], "title"
        elif tag == "h3" and self.cards and "name" not in self.cards[-1]:
            self._texts, self._place = [], "name"
        elif tag == "p" and kind in ("value", "detail period"):
            self._texts, self._place = [], kind.split()[-1]

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        # A cell ends where the next one begins, or with its part of the table.
        if self._texts is None or tag not in ("th", "td", "tbody", "tfoot", "p", "h1", "h3", "caption", "dt", "dd"):
            return
        text, self._texts = re.sub(r"[ \n\t]+", " ", "".join(self._texts)).strip(), None
        match self._place:
            case "thead":
                self.tables[-1].headings.append((text, *self._heading))
            case "tbody":
                self.tables[-1].rows[-1].append(text)
            case "tfoot":
                self.tables[-1].foot.append(text)
            case "title":
                self.title = text
            case "caption":
                self.tables[-1].title = text
            case "dt":
                self.facts.append([text])
            case "dd":
                self.facts[-1].append(text)
            case place:
                self.cards[-1][place] = text


def figures_of(path: Path, language: str) -> Iterator[Figure]:
    """The figures of one page. Of a page about one customer, salesperson or team the scope is its title."""
    texts = load_texts(language)
    page = _Page(path.read_text(encoding="utf-8"))
    about, folder = (), path.parent.name
    if folder not in ("kpis", language):
        about = (page.title,)
    own = page.title if folder == "kpis" else ""
    labels = texts["columns"]
    generic = {labels[key]: "" for key in (*PLACES, "year_before")} | {labels[key]: f"{own}: {labels[key]}" for key in OF_ITS_KPI}
    generic[labels["value"]] = own
    where = f"{folder}/{path.stem}" if folder != language else path.stem
    for card in page.cards:
        # What says no period is that of its page: two such figures under one name contradict one another all the same.
        yield Figure(card["name"], card.get("period", page.title), about, card["value"], f"{where}: card")
    for name, value in page.facts:
        yield Figure(name, page.title, about, value, f"{where}: facts")
    for table in page.tables:
        if not table.is_matrix:
            of = (table.title,) if path.stem == "kpi_flow" else about
            yield from _table_figures(table, of, generic, labels, where)


def _table_figures(table: _Table, about: tuple[str, ...], generic: dict[str, str], labels: dict[str, str], where: str) -> Iterator[Figure]:
    names = [heading for heading, _, _ in table.headings]
    is_number = [number for _, _, number in table.headings]
    by_month = labels["month_start_date"] in names
    sayings = {labels[key] for key in SAYINGS}
    months = [i for i, name in enumerate(names) if name in (labels["month_start_date"], labels["period"])]
    keys = [i for i, number in enumerate(is_number) if not number and i not in months and names[i] not in sayings]
    # The first column tells the rows apart, or all that are no figures do.
    if keys and not months and len({row[keys[0]] for row in table.rows}) == len(table.rows):
        keys = keys[:1]
    is_kpi = bool(keys) and names[keys[0]] == labels["kpi"]
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    for row in table.rows:
        seen[tuple(row[i] for i in (*months, *keys))] += 1
    for row in [*table.rows, table.foot]:
        if not row or (row is not table.foot and seen[tuple(row[i] for i in (*months, *keys))] > 1):
            continue
        scope = about if row is table.foot else (*about, *(f"{names[i]}={row[i]}" for i in keys))
        for i, text in enumerate(row):
            name, period = names[i], table.headings[i][1] or table.period
            if not is_number[i] or not re.search(r"\d", text):
                continue
            if is_kpi:
                # A row per KPI: its value, or another thing that is said of it.
                is_value = name in (labels["value"], labels["year_before"]) or table.headings[i][1]
                name = row[keys[0]] if is_value else f"{row[keys[0]]}: {name}"
                place = (*about, *(f"{names[k]}={row[k]}" for k in keys[1:]))
            else:
                name, place = generic.get(name, name), scope
            if by_month or months:
                period = row[months[0]] if row is not table.foot else ""
            if name and period:
                yield Figure(name, period, place, text, where)


def number_and_grain(text: str, notation: Notation) -> tuple[Decimal, Decimal] | None:
    """A number of a page and the size of its last digit: ``€778k`` is (778000, 1000)."""
    thousands, decimal_sign = re.escape(notation.thousands_sign), re.escape(notation.decimal_sign)
    found = re.search(rf"([{MINUS}+])?[^\d{MINUS}+]{{0,4}}(\d[\d{thousands}]*)(?:{decimal_sign}(\d+))?({'|'.join(sizes(notation))})?", text)
    if not found:
        return None
    sign, whole, digits, unit = found.groups()
    size = sizes(notation).get(unit, Decimal(1))
    number = Decimal(f"{'-' if sign == MINUS else ''}{whole.replace(notation.thousands_sign, '')}.{digits or 0}") * size
    return number, size.scaleb(-len(digits or ""))


def contradictions(figures: list[Figure], notation: Notation) -> list[str]:
    """Names that stand for two figures of one period and scope, each with where they stand."""
    found: dict[tuple, list[tuple[Decimal, Decimal, Figure]]] = defaultdict(list)
    for figure in figures:
        if (number := number_and_grain(figure.text, notation)) is not None:
            found[figure.name, figure.period, figure.scope].append((*number, figure))
    lines = []
    for (name, period, scope), values in found.items():
        finest, grain, first = min(values, key=lambda value: value[1])
        other = next((f for number, size, f in values if abs(number - finest) > (size + grain) / 2), None)
        if other:
            lines.append(f"{name}, {period}, {' '.join(scope) or 'company'}: {first.text} ({first.where}), {other.text} ({other.where})")
    return lines
