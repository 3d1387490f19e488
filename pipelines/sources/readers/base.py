"""What every reader shares: what it found in a file, what it refuses, and the bounds of both.

A reader has two halves. ``inspect`` goes through the file strictly in the declared format and says how many rows it holds,
under which columns, and which rows do not fit; it raises :class:`RefusedFileError` when the file as a whole cannot be trusted.
``select_sql`` is what DuckDB then reads, everything as text: ``w0``, ``w1``, ... for the wanted columns in their order (null
where a file lacks one), ``path`` and ``row_number``. Names that stand in a file never become names in a statement, so that a
column may be called anything. The landing step compares both counts. DuckDB's own detection is never used: it changes meaning
silently (a row with a missing field turns a file into one text column). Keep out: any one format.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.companies.delivered import Notation, Source
from pipelines.warehouse import connect, literal

if TYPE_CHECKING:
    import duckdb

_KEPT_OPEN = ExitStack()

#: A file of which more rows than this, and more than half, do not have its shape is refused whole: its format is another one.
MOST_REJECTS = 1000

#: Rule of a reject -> what was expected.
REJECT_RULES = {
    "too_few_fields": "as many fields as the header has",
    "too_many_fields": "as many fields as the header has",
    "swallowed_rows": "one row per line; a quote that is not closed joins several",
    "skipped_but_full": "a row with a column left empty where skip_pattern matches; narrow the pattern, or say is_skip_pattern_certain",
    "not_a_json_object": "one JSON object per line",
    "key_twice": "each key once in an object",
    "number_not_exact": "a number of at most 15 digits where it has decimals; a longer one as text",
    "not_calculated": "a value; the cell holds a formula that was never calculated: open the file in a spreadsheet and save it",
    "not_a_number": "a number, or null where there is none; NaN and Infinity are no JSON",
    "error_in_cell": "a value; the cell holds an error of the spreadsheet",
}


class RefusedFileError(Exception):
    """A file that cannot be trusted as a whole; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Reject:
    """A row that does not have the file's shape: its number (from 1, after the header), rule, content, and column where one is at fault."""

    row_number: int
    rule: str
    value: str
    column: str | None = None


@dataclass(frozen=True)
class Inspection:
    """What the strict reader found: columns, number of data rows (rejects included) and the rejects.

    ``path`` is what DuckDB must read: the file itself, or a clean copy in UTF-8 whose first column is the row's number.
    ``columns`` are those of ``path``, the number of a copy left out; names that nobody reads may repeat or be empty. ``types``
    are their engine types, in formats that have them. ``skipped_count``: rows that ``skip_pattern`` and ``skip_footer`` took for no data.
    """

    columns: tuple[str, ...]
    row_count: int
    path: Path
    is_copy: bool = False
    rejects: tuple[Reject, ...] = field(default=())
    types: tuple[str, ...] = ()
    skipped_count: int = 0


class Reader(Protocol):
    """One format. ``scratch`` is a folder for clean copies; it lives as long as the landing step.

    ``careful`` asks for a clean copy also where the engine could read the file itself: after it could not.
    """

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection: ...

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str: ...


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    # A file that was written again under its name is read again.
    return _KEPT_OPEN.enter_context(connect(settings={"enable_external_file_cache": False}))


def look_into() -> duckdb.DuckDBPyConnection:
    """A connection for a look into one file, closed after the block; the engine behind it is kept: to start one takes 7 ms, and files
    come by the hundred.
    """
    return _engine().cursor()


def check_columns(found: tuple[str, ...], source: Source) -> None:
    """Raises RefusedFileError when a required column is missing or a wanted name stands twice."""
    missing = [column for column in source.columns if column not in found]
    if missing:
        alike = {_bare(name): name for name in found}
        near = [_difference(alike[_bare(name)], name) for name in missing if _bare(name) in alike]
        raise RefusedFileError(
            f"header lacks {', '.join(missing)}; it has {shown(found)}{'; ' if near else ''}{', '.join(near)}. "
            "Deliver the file again with these columns, or correct the company's mapping"
        )
    wanted = (*source.columns, *source.optional_columns)
    twice = sorted({column for column in wanted if found.count(column) > 1})
    if twice:
        raise RefusedFileError(f"header names {', '.join(twice)} twice. Deliver the file again with one column of each name")


def _bare(name: str) -> str:
    """A name without what hardly shows: case, blanks, signs without a shape, one sign or two for a letter with its accent."""
    signs = unicodedata.normalize("NFC", name).lower()
    return "".join(sign for sign in signs if unicodedata.category(sign)[0] not in "ZC")


def _difference(found: str, name: str) -> str:
    if found.lower() == name.lower():
        return f"{found!r} differs from {name!r} in case only"
    return f"{found!a} differs from {name!r} in blanks or signs that do not show"


def check_rejects(rejects: list[Reject], count: int) -> None:
    """Raises RefusedFileError when most rows do not have the file's shape."""
    if len(rejects) > MOST_REJECTS and len(rejects) * 2 > count:
        first = rejects[0]
        raise RefusedFileError(
            f"{len(rejects):,} of {count:,} rows are not {REJECT_RULES[first.rule]} ({first.rule}); the first is row"
            f" {first.row_number}: {first.value[:120]!r}. Compare the declared format with the file; deliver it again in it"
        )


def shown(names: tuple[str, ...], most: int = 30) -> str:
    """Names of columns for a message."""
    texts = [name if name.strip() else "(nameless)" for name in names[:most]]
    return (", ".join(texts) or "nothing") + (f" and {len(names) - most} more" if len(names) > most else "")


def paths_sql(paths: list[Path]) -> str:
    """Paths as an SQL list. File names are globs even as parameters, so their special signs are escaped."""
    escaped = (str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]") for path in paths)
    return "[" + ", ".join(literal(path) for path in escaped) + "]"


def scratch_file(scratch: Path, suffix: str) -> Path:
    """A new file in the scratch folder."""
    handle, path = tempfile.mkstemp(suffix, dir=scratch)
    os.close(handle)
    return Path(path)
