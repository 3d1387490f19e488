"""What a page is made of: sections with cards, pictures, tables and plain sentences. Keep out: words, HTML and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipelines.book.charts import Picture

#: What a spreadsheet would take for the start of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Rows that a table shows on a page.
SHOWN_ROWS = 15
#: A CSV holds its table whole up to so many rows, and of a longer one these: the first that somebody reads, or works off.
CSV_ROWS, READ_ROWS = 5_000, 1_000
#: Columns of a table that a narrow screen may show as cards: for so many the style sheet has headings.
MOST_STACKED = 20


@dataclass(frozen=True)
class Column:
    """``kind`` decides how a value is written: text, code, customer, kpi, money, number, share, days, date, month, quarter, flag, verdict,
    measure, or sentence, a text that takes a line of its own below the other values of its row.

    A measure is a number in the unit of its row (``unit``); with the vocabulary ``short`` an amount is shortened."""

    key: str
    label: str
    kind: str = "text"
    vocabulary: str = ""
    digits: int | None = None
    signed: bool = False
    #: What its values stand for, where that is not the period of the table.
    period: str = ""
    #: The language of its texts, where they are not written in that of the book.
    lang: str = ""

    @property
    def is_unbroken(self) -> bool:
        """Whether its values are short and never broken over lines."""
        return self.kind in ("date", "month", "quarter") or self.key in ("document_id", "invoice_id", "contact_phone")

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number", "share", "points", "percent", "days", "measure")


@dataclass
class Table:
    """Rows to show (cut) and to download. ``total_count`` is how many there are in the warehouse."""

    name: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    total_count: int = 0
    shown: int = SHOWN_ROWS
    note: str = ""
    foot: dict[str, Any] | None = None
    definition: str = ""
    csv_path: str = ""
    subtitle: str = ""
    #: What its figures stand for; empty where rows or columns say so.
    period: str = ""
    #: Whether its rows are written as a file. What stands on pages of which there are hundreds is not.
    is_download: bool = True

    def __post_init__(self) -> None:
        self.total_count = max(self.total_count, len(self.rows))

    @property
    def is_whole(self) -> bool:
        """Whether every row stands on the page: only then does sorting and searching there tell the truth."""
        return len(self.rows) > 1 and self.total_count <= self.shown

    @property
    def classes(self) -> str:
        """How the style sheet and the script know it: whole (may be sorted), many (columns that want a page on its side), stack, and
        lines (sentences below the values of a row)."""
        lines = self.is_stacked and any(column.kind == "sentence" for column in self.columns)
        kinds = (("whole", self.is_whole), ("many", len(self.columns) > 8), ("stack", self.is_stacked), ("lines", lines))
        return " ".join(name for name, holds in kinds if holds)

    @property
    def is_stacked(self) -> bool:
        """Whether a narrow screen shows a row as a card, each value with its heading: a verdict or what to say is no use out of sight."""
        return len(self.columns) <= MOST_STACKED and any(column.kind in ("verdict", "sentence") for column in self.columns)

    @property
    def headings(self) -> str:
        """The headings as variables of the style sheet, which shows them beside the values of a card and of a line: said once a table."""
        if not self.is_stacked:
            return ""
        labels = (column.label.replace("\\", r"\\").replace("'", r"\'") for column in self.columns)
        named = [f"--c{place}:'{label}'" for place, label in enumerate(labels, 1) if place > 1]
        return ";".join([f"--columns:{sum(column.kind != 'sentence' for column in self.columns)}", *named])

    @property
    def cut(self) -> list[dict[str, Any]]:
        return self.rows[: self.shown]


@dataclass
class Chart:
    """A picture, the sentence that a screen reader says, and the table behind it."""

    name: str
    title: str
    subtitle: str
    picture: Picture
    summary: str
    table: Table | None = None
    definition: str = ""


@dataclass
class Notice:
    """A plain sentence where a figure would stand, with the reason."""

    text: str
    kind: str = "absent"
    #: Further sentences of the same kind, so that many gaps make one block.
    more: tuple[str, ...] = ()


@dataclass
class Card:
    """A KPI with its value, status, trend and owner."""

    label: str
    value: str
    unit: str = ""
    verdict: str = ""
    sign: str = ""
    sense: str = ""
    detail: str = ""
    bounds: str = ""
    owner: str = ""
    spark: str = ""
    link: str = ""
    definition: str = ""
    notes: list[str] = field(default_factory=list)
    #: Which period the value stands for, where it is another one than that of the page.
    period: str = ""
    #: (sign, words, sense) of the quarter against what was agreed.
    target: tuple[str, str, str] | None = None
    #: Failed checks that touch the figure, in words.
    alerts: list[str] = field(default_factory=list)


@dataclass
class Cards:
    cards: list[Card]


@dataclass
class Matrix:
    """A small grid of figures with shaded cells, such as value by risk."""

    name: str
    title: str
    subtitle: str
    corner: str
    column_labels: list[str]
    rows: list[tuple[str, list[tuple[str, int, str]]]]
    table: Table | None = None
    definition: str = ""


@dataclass(frozen=True)
class Sentence:
    """What happened or needs a decision, with the place of the book that shows it. ``link`` is relative to the folder of the language."""

    text: str
    link: str = ""
    link_text: str = ""
    sign: str = ""
    sense: str = ""


@dataclass
class Sentences:
    """Sentences with links, the weightiest first."""

    name: str
    title: str
    sentences: list[Sentence]


@dataclass
class Downloads:
    """Tables that a page offers and does not show."""

    tables: list[Table]


def shade(value: Any, most: Any) -> int:
    """0-5: how deep a cell is coloured."""
    if not value or not most or value < 0:
        return 0
    return min(5, 1 + int(4.999 * float(value) / float(most)))


@dataclass
class Facts:
    """Names and values in two columns; a third item is the place that the value leads to, relative to the folder of the language."""

    pairs: list[tuple[str, ...]]


@dataclass
class Section:
    anchor: str
    heading: str
    intro: str = ""
    blocks: list[Any] = field(default_factory=list)


def placed(section: Section) -> list[tuple[Any, str]]:
    """The blocks of a section with their place: two halves beside each other, or one over the whole width."""
    found: list[tuple[Any, str]] = []
    waiting = False
    for index, block in enumerate(section.blocks):
        following = section.blocks[index + 1] if index + 1 < len(section.blocks) else None
        if _is_half(block) and (waiting or _is_half(following)):
            waiting = not waiting
            found.append((block, "half"))
        else:
            waiting = False
            found.append((block, "wide"))
    return found


def _is_half(block: Any) -> bool:
    """Whether a block may stand beside another one."""
    return isinstance(block, Chart | Matrix | Facts) or (isinstance(block, Table) and len(block.columns) <= 5 and len(block.cut) <= 15)


@dataclass
class Page:
    """One file. ``path`` is relative to the folder of its language."""

    path: str
    title: str
    nav: str
    sections: list[Section]
    lead: str = ""
    #: (sense, sign, words, link) of what is said above everything else.
    chips: list[tuple[str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A heading with nothing below it says nothing.
        self.sections = [section for section in self.sections if section.blocks]

    @property
    def root(self) -> str:
        return "../" * self.path.count("/")

    def tables(self) -> list[Table]:
        """Every table of the page, those behind pictures included."""
        found = []
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Downloads):
                    found += block.tables
                elif (table := block if isinstance(block, Table) else getattr(block, "table", None)) is not None:
                    found.append(table)
        return found


def csv_cell(value: Any, decimal_sign: str) -> str:
    """``value`` for a spreadsheet: numbers stay numbers, and no text can start a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal | int | float):
        text = f"{Decimal(str(value)).normalize():f}"
        return text.replace(".", decimal_sign)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def csv_text(labels: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str, decimal_sign: str) -> str:
    """A CSV file that a spreadsheet of the language opens by itself: with a byte order mark and its delimiter."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([csv_cell(label, decimal_sign) for label in labels])
    writer.writerows([[csv_cell(value, decimal_sign) for value in row] for row in rows])
    return "\ufeff" + content.getvalue()
