"""What a company's file says of its deliveries: how values are written, which files there are, how rows map to entities.

Keep out: the company as a whole and its thresholds (``config.py``), and reading any delivered file.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pipelines.companies.own_mappings import OWN_MAPPINGS
from pipelines.sources.expressions import check_expression

#: Parts of a strptime format -> what they may look like: where a sign stands beside them, and where another part does.
DATE_SPECIFIERS = {
    "%Y": ("[0-9]{4}", "[0-9]{4}"),
    "%y": ("[0-9]{2}", "[0-9]{2}"),
    **dict.fromkeys(("%m", "%d", "%H", "%I", "%M", "%S"), ("[0-9]{1,2}", "[0-9]{2}")),
    "%f": ("[0-9]{1,6}", "[0-9]{6}"),
    "%g": ("[0-9]{1,3}", "[0-9]{3}"),
    "%n": ("[0-9]{1,9}", "[0-9]{9}"),
    **dict.fromkeys(("%b", "%B", "%a", "%A"), ("[A-Za-z]+", "[A-Za-z]+")),
    "%p": ("[AaPp][Mm]", "[AaPp][Mm]"),
    "%z": ("(?:[-+][0-9]{2}(?::?[0-9]{2})?|Z)", "(?:[-+][0-9]{2}(?::?[0-9]{2})?|Z)"),
    "%Z": ("[A-Za-z/_]+", "[A-Za-z/_]+"),
    "%%": ("%", "%"),
}
#: Parts that say the zone of an instant; no digit can belong to them.
DATE_ZONES = ("%z", "%Z")
#: Parts of which a format has one: a second one would overwrite what the first said.
DATE_PARTS = (("%Y", "%y"), ("%m", "%b", "%B"), ("%d",), ("%H", "%I"), ("%M",), ("%S",), ("%p",), ("%f", "%g", "%n"), DATE_ZONES)
#: The name of what is read from a database is the day it stands for.
DATABASE_DAY = r"^(\d{4}-\d{2}-\d{2})"
#: Names that the loader itself gives to columns beside the delivered ones.
RESERVED_COLUMNS = ("_delivery_id", "_row_number", "_cursor")
#: The largest amount that a control total can carry, in units: the engine's decimals of 38 digits, six of them behind the point.
LARGEST_TOTAL = Decimal(10) ** 32


class Strict(BaseModel):
    """A part of a company's file: no key that it does not know, nothing changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Notation(Strict):
    """How values are written in a file. Nothing is guessed: what does not fit goes to quarantine."""

    date_format: str = Field("%Y-%m-%d", description="strptime format of days")
    timestamp_format: str = Field("%Y-%m-%d %H:%M:%S", description="strptime format of instants")
    decimal_sign: Literal[".", ","] = "."
    thousands_sign: Literal["", ".", ",", " ", "'", "\u00a0", "\u202f", "\u2019"] = ""
    group_sizes: tuple[Annotated[int, Field(ge=1, le=9)], ...] = Field(
        (3,), min_length=1, description="digits between thousands signs, from the decimal sign outward; the last repeats (India: 3, 2)"
    )
    true_values: tuple[str, ...] = Field(("true", "1", "yes"), min_length=1)
    false_values: tuple[str, ...] = Field(("false", "0", "no"), min_length=1)
    null_values: tuple[str, ...] = Field((), description="texts that mean: no value (empty always does)")
    time_zone: str = Field("UTC", description="time zone in which instants are written")

    @field_validator("date_format", "timestamp_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        written = [part.replace("-", "") for part in re.findall(r"%-?.?", value)]
        parts = set(written)
        if unknown := sorted(parts - DATE_SPECIFIERS.keys()):
            raise ValueError(f"{unknown[0]} is no part of a date format; known are {', '.join(DATE_SPECIFIERS)}")
        if not (parts & {"%Y", "%y"} and parts & {"%m", "%b", "%B"} and "%d" in parts):
            raise ValueError("expected a year (%Y or %y), a month (%m, %b or %B) and a day (%d)")
        for same in DATE_PARTS:
            if len(twice := [part for part in written if part in same]) > 1:
                raise ValueError(f"{' and '.join(twice)} say the same part twice, such as %m for the minutes, which are %M")
        if "%I" in parts and "%p" not in parts:
            raise ValueError("%I is an hour of twelve, and %p says which half of the day; expected both, or %H")
        return value

    @model_validator(mode="after")
    def _signs_differ(self) -> Notation:
        if self.decimal_sign == self.thousands_sign:
            raise ValueError("decimal_sign and thousands_sign are the same")
        both = {item.lower() for item in self.true_values} & {item.lower() for item in self.false_values}
        if both:
            raise ValueError(f"true_values and false_values share {', '.join(sorted(both))}")
        return self

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        return known_time_zone(value)


class ControlTotal(Strict):
    """What the sender says it sent: number of rows, and sums by column (in a company's file also by SQL expression)."""

    rows: Annotated[int, Field(ge=0)] | None = None
    sums: dict[str, Decimal] = {}

    @field_validator("sums")
    @classmethod
    def _fits(cls, value: dict[str, Decimal]) -> dict[str, Decimal]:
        for name, total in value.items():
            if abs(total) >= LARGEST_TOTAL or total.as_tuple().exponent < -6:
                raise ValueError(f"{name}: expected an amount below 10^32 with at most six decimals, got {total}")
        return value


class Source(Strict):
    """Files of one shape, or a table. ``files`` is a glob below the data folder, in any case; ``columns`` what a header must hold.

    A file may be packed by gzip or zip, one file in each: ``.gz`` or ``.zip`` after the name that ``files`` describes.
    """

    files: str = ""
    format: Literal["csv", "parquet", "jsonl", "excel", "camt", "mt940", "einvoice", "xaf", "database"] = "csv"
    address: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = Field(
        None, description="database: the environment variable that holds the address, dialect://user:password@host/database"
    )
    table: str | None = Field(None, description="database: a table or view, with its schema where needed")
    query: str | None = Field(None, description="database: one select instead of a table")
    cursor: str | None = Field(None, description="database: column of days, instants or numbers that grows; without it all rows are read")
    overlap: Annotated[int, Field(ge=0)] = Field(2, description="days (or units of a number) before the cursor's mark that are read again")
    compare_every: Annotated[int, Field(ge=1)] = Field(7, description="days after which a source with a cursor is read whole")
    day_query: str | None = Field(None, description="database: a select of the one day that the rows stand for")
    encoding: str = "utf-8"
    is_encoding_certain: bool = Field(False, description="read a file in the declared encoding even where it is valid UTF-8")
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    header: tuple[str, ...] = Field((), description="names of the columns of delimited text whose files have no header line")
    header_row: Annotated[int, Field(ge=1)] = Field(1, description="line of the header, after title rows; text and Excel")
    skip_footer: Annotated[int, Field(ge=0)] = Field(0, description="rows at the end that are no data, such as a total; text and Excel")
    skip_pattern: str | None = Field(None, description="regular expression; a row whose text it matches from its start is no data")
    is_skip_pattern_certain: bool = Field(False, description="skip what skip_pattern matches also where every column of it is filled")
    sheet: str | None = Field(
        None, description="Excel sheet; the first visible one where not given, which no other visible one may resemble"
    )
    columns: tuple[str, ...] = Field((), description="what a header must hold; camt, mt940, einvoice and xaf bring their own")
    optional_columns: tuple[str, ...] = Field((), description="columns that are read where a file has them")
    key: tuple[str, ...] = Field((), description="columns of which a later row replaces an earlier one where other sources join this one")
    delivered_on: str | None = Field(None, description="regular expression on the file name, one group: YYYY-MM-DD")
    delivery: Literal["increment", "full"] = "increment"
    notation: Notation | None = None
    control_total: ControlTotal | None = Field(None, description="over all deliveries of the source together")
    largest_field: Annotated[int, Field(ge=1, le=100_000_000)] = Field(
        1_000_000, description="characters of a field; a longer one is an unclosed quote, not a value"
    )
    largest_file: Annotated[int, Field(ge=1)] = Field(4_000_000_000, description="bytes of a file, after unpacking")

    @model_validator(mode="before")
    @classmethod
    def _database(cls, value: Any) -> Any:
        """What follows from being a database: its deliveries have a day, and hold all rows where no cursor is declared."""
        if not isinstance(value, dict) or value.get("format") != "database":
            return value
        return {"delivered_on": DATABASE_DAY, "delivery": "increment" if value.get("cursor") else "full"} | value

    @field_validator("files")
    @classmethod
    def _below_the_data_folder(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts or value.startswith("~") or "\\" in value or "\0" in value:
            raise ValueError("expected a pattern below the data folder, without .. and not from the root; DATA_DIR names the folder")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(f"unknown encoding {value!r}") from None
        return value

    @field_validator("skip_pattern")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        _compiled(value)
        return value

    @field_validator("delivered_on")
    @classmethod
    def _has_one_group(cls, value: str | None) -> str | None:
        if value is not None and _compiled(value).groups != 1:
            raise ValueError("expected a regular expression with exactly one group that holds YYYY-MM-DD")
        return value

    @field_validator("control_total")
    @classmethod
    def _sums_are_expressions(cls, value: ControlTotal | None) -> ControlTotal | None:
        for name in value.sums if value else ():
            if "(" in name:
                check_expression(name)
        return value

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Source:
        own = {name: getattr(self, name) for name in ("address", "table", "query", "cursor", "day_query")}
        if self.format != "database":
            if wrong := [name for name, text in own.items() if text]:
                raise ValueError(f"{wrong[0]}: is of format: database, not of {self.format}")
            if not self.files.strip():
                raise ValueError("files: expected a pattern below the data folder")
            return self
        if not self.address or not self.day_query or bool(self.table) == bool(self.query):
            raise ValueError("database: expected address (an environment variable), day_query, and either table or query")
        if self.files or self.delivered_on != DATABASE_DAY or self.control_total:
            raise ValueError("files, delivered_on and control_total are of files; a database says its day and its rows itself")
        if self.cursor and self.delivery == "full":
            raise ValueError("cursor: with delivery: full all rows are read; leave one of the two out")
        for name in ("query", "day_query"):
            if ";" in (own[name] or "") or (own[name] and not re.match(r"\s*(select|with)\b", own[name], re.IGNORECASE)):
                raise ValueError(f"{name}: expected one select, without a semicolon")
        return self

    @model_validator(mode="after")
    def _parts_agree(self) -> Source:
        if self.header and self.format != "csv":
            raise ValueError(f"header: {self.format} names its own columns; a header is declared for csv only")
        if self.header and self.header_row != 1:
            raise ValueError("header_row: the file has no header line, because header is declared")
        if (self.header_row != 1 or self.skip_footer or self.skip_pattern) and self.format not in ("csv", "excel"):
            raise ValueError(f"header_row, skip_footer and skip_pattern are of text and Excel; {self.format} has no such rows")
        if self.delimiter == self.quote:
            raise ValueError("delimiter and quote are the same")
        lower = [name.lower() for name in (*self.columns, *self.optional_columns)]
        if reserved := [name for name in lower if name in RESERVED_COLUMNS]:
            raise ValueError(f"columns: {reserved[0]} is a name of our own; leave it out, or rename the column")
        if twice := sorted({name for name in lower if lower.count(name) > 1}):
            raise ValueError(f"columns: {twice[0]} stands twice; names that differ in case only are one name to the engine")
        if unknown := [name for name in self.key if name not in (*self.columns, *self.optional_columns)]:
            raise ValueError(f"key: {unknown[0]} is none of the columns")
        if self.format in OWN_MAPPINGS and lower:
            raise ValueError(f"columns: {self.format} brings its own")
        if self.format not in OWN_MAPPINGS and not self.columns:
            raise ValueError("columns: expected the columns that every file has")
        return self


class Mapping(Strict):
    """How one entity follows from a source: an SQL expression per column over the delivered columns.

    ``joins`` adds other sources by name; ``where`` takes part of the rows; ``group_by`` makes one row of several within a
    delivery (expressions are then aggregates). Each is parsed before anything runs (see ``pipelines/sources/expressions.py``).
    Without ``columns`` the source has the contract's names already, and each column is taken as it is.
    """

    source: str
    joins: str = ""
    where: str = "true"
    group_by: tuple[str, ...] = ()
    columns: dict[str, str]

    @field_validator("columns", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        for name, text in value.items():
            if isinstance(text, bool) or not isinstance(text, str | int | float):
                raise ValueError(f"{name}: YAML reads this as {text!r}; put the expression in quotes")
        return {name: str(text) for name, text in value.items()}

    @field_validator("where", mode="before")
    @classmethod
    def _condition(cls, value: Any) -> Any:
        return str(value).lower() if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _are_expressions(self) -> Mapping:
        named = {f"columns.{name}": text for name, text in self.columns.items()}
        named |= {"where": self.where} | {f"group_by.{number}": text for number, text in enumerate(self.group_by)}
        for name, text in named.items():
            try:
                check_expression(text)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return self


def _compiled(pattern: str | None) -> re.Pattern:
    try:
        return re.compile(pattern or "")
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None


def known_time_zone(value: str) -> str:
    """``value`` if it names a time zone; ValueError otherwise."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {value!r}; expected a name like Europe/Amsterdam") from None
    return value
