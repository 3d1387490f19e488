"""The contracts of all entities, read from ``contracts.yaml``.

Raw tables, arrival checks, dbt sources and the data dictionary are made from these objects; nothing else lists an
entity or a column. Keep out: how a company delivers (``pipelines/companies``) and how files are read (``readers.py``).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from pipelines.settings import DBT_FOLDER

CONTRACTS_FILE = Path(__file__).with_name("contracts.yaml")

#: Contract type -> engine type. Amounts carry four decimals: three are in use (KWD, and prices of real wholesalers).
ENGINE_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "currency": "VARCHAR",
    "one_of": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "quantity": "DECIMAL(18,4)",
    "price": "DECIMAL(18,8)",
    "amount": "DECIMAL(18,4)",
    "share": "DECIMAL(9,6)",
    "rate": "DECIMAL(18,8)",
    "score": "DECIMAL(9,4)",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
}

#: Types whose values are text.
TEXT_TYPES = ("id", "text", "currency", "one_of")

#: Values of a currency that is one of ISO 4217; of other columns the rules of documents say whether it is.
KNOWN = ("known",)
CURRENCIES_FILE = DBT_FOLDER / "seeds" / "currencies.csv"

#: Columns that the loader adds to every raw table. They begin with an underscore and stop at staging.
TECHNICAL_COLUMNS = {
    "_delivery_id": ("VARCHAR", "Delivery that the row came with."),
    "_row_number": ("BIGINT", "Number of the row in the delivered file, counted from 1 after the header."),
    "_version_number": ("INTEGER", "Number of this version of the row, 1 for the first."),
    "_is_current": ("BOOLEAN", "Whether this is the latest version."),
    "_closed_date": ("DATE", "Day of the full delivery in which the row no longer stood."),
}

#: Plausible days by what a column of days means: the first day, and how many days after the day of delivery it may lie. An event
#: one, because a file may be made before midnight or west of us; a document that is dated ahead a month. None is any, so that
#: 9999-12-31 may stand for "no end". A company may widen a column by ``date_ranges``.
DATE_RANGES: dict[str, tuple[date, int | None]] = {
    "event": (date(1970, 1, 1), 1),
    "dated": (date(1970, 1, 1), 31),
    "planned": (date(1970, 1, 1), 3660),
    "master": (date(1900, 1, 1), 3660),
    "open": (date(1900, 1, 1), None),
}
DATE_TYPES = ("date", "month", "timestamp")

_COLUMN = re.compile(r"(?P<type>[a-z_]+)(?:\((?P<values>[^)]*)\))?(?P<required>\*?) (?P<description>\S.*\.)")


@dataclass(frozen=True)
class Column:
    """One column of a contract; ``values`` are those of a closed list (``one_of``, known currencies), ``days`` a key of DATE_RANGES."""

    name: str
    type: str
    is_required: bool
    description: str
    values: tuple[str, ...] = ()
    days: str | None = None

    @property
    def engine_type(self) -> str:
        return ENGINE_TYPES[self.type]


@dataclass(frozen=True)
class SameDocument:
    """When two rows under one key are versions of one document; if not, they are two documents that share a number.

    ``equal`` is the same, ``near`` at most ``within_days`` apart, and of ``one_of`` at least one the same.
    """

    number: str
    equal: tuple[str, ...]
    near: str
    within_days: int
    one_of: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.equal, self.near, *self.one_of)


@dataclass(frozen=True)
class Parts:
    """Which rows are parts of one ``number`` within ``of``: those of which one ``begins`` with the balance on which another ``ends``."""

    number: str
    of: tuple[str, ...]
    begins: str
    ends: str

    @property
    def key(self) -> tuple[str, ...]:
        return (*self.of, self.number)

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, self.begins, self.ends)


@dataclass(frozen=True)
class SaysNoMore:
    """Rows that need nothing but their key: ``column`` is one of ``values``, or all of ``empty`` are."""

    column: str
    values: tuple[str, ...]
    empty: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, *self.empty)


#: What a contract tells of its rows beside its columns.
Told = TypeVar("Told", SameDocument, Parts, SaysNoMore)


@dataclass(frozen=True)
class Contract:
    """One entity: its grain (``description``), key and columns, in the order of the raw table."""

    name: str
    area: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    keeps_closed: bool = False
    one_of_columns: tuple[tuple[str, ...], ...] = ()
    same_document: SameDocument | None = None
    parts: Parts | None = None
    says_no_more: SaysNoMore | None = None

    @property
    def staging_model(self) -> str:
        return f"stg_{self.area}__{self.name}"

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError names the entity and what it does have."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(c.name for c in self.columns)}")

    @property
    def table_columns(self) -> dict[str, str]:
        """Column name -> engine type of ``raw.<entity>``, technical columns last."""
        business = {column.name: column.engine_type for column in self.columns}
        return business | {name: engine_type for name, (engine_type, _) in TECHNICAL_COLUMNS.items()}

    def create_table_sql(self) -> str:
        columns = ", ".join(f'"{name}" {engine_type}' for name, engine_type in self.table_columns.items())
        return f'create table raw."{self.name}" ({columns})'


def _parse_column(entity: str, name: str, text: str) -> Column:
    match = _COLUMN.fullmatch(text)
    if match is None or match["type"] not in ENGINE_TYPES:
        raise ValueError(f"{CONTRACTS_FILE.name}: {entity}.{name}: expected '<type>[*] <description>.', got {text!r}")
    values = tuple(match["values"].split("|")) if match["values"] else ()
    days = None
    if match["type"] in DATE_TYPES:
        days, values = values[0] if values else "event", ()
        if days not in DATE_RANGES:
            raise ValueError(f"{CONTRACTS_FILE.name}: {entity}.{name}: {days!r} is not one of {', '.join(DATE_RANGES)}")
    if match["type"] == "currency" and values == KNOWN:
        values = known_currencies()
    return Column(name, match["type"], bool(match["required"]), match["description"], values, days)


def _parse_told(kind: type[Told], document: dict | None) -> Told | None:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}) if document else None


@cache
def known_currencies() -> tuple[str, ...]:
    """The codes of ISO 4217, of the seed that the rules of documents read as well."""
    with CURRENCIES_FILE.open(encoding="utf-8", newline="") as seed:
        return tuple(row["currency"] for row in csv.DictReader(seed))


@cache
def load_contracts() -> dict[str, Contract]:
    """All contracts by entity name, in the order of the file. Raises ValueError on a malformed column."""
    documents = yaml.safe_load(CONTRACTS_FILE.read_text(encoding="utf-8"))
    contracts = {}
    for name, document in documents.items():
        columns = tuple(_parse_column(name, column, text) for column, text in document["columns"].items())
        contract = Contract(
            name=name,
            area=document["area"],
            description=document["description"],
            key=tuple(document["key"]),
            columns=columns,
            keeps_closed=document.get("keeps_closed", False),
            one_of_columns=tuple(tuple(group) for group in document.get("one_of_columns", ())),
            same_document=_parse_told(SameDocument, document.get("same_document")),
            parts=_parse_told(Parts, document.get("parts")),
            says_no_more=_parse_told(SaysNoMore, document.get("says_no_more")),
        )
        named = tuple(name for told in (contract.same_document, contract.parts, contract.says_no_more) if told for name in told.columns)
        for column in contract.key + named + tuple(name for group in contract.one_of_columns for name in group):
            contract.column(column)
        contracts[name] = contract
    return contracts
