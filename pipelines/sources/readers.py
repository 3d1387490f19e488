"""Readers: one file format each, from a delivered file to text columns in DuckDB.

A reader has two halves. ``inspect`` goes through the file strictly in the declared format and says how many rows it holds,
under which columns, and which rows do not fit; it raises :class:`RefusedFileError` when the file as a whole cannot be trusted.
``select_sql`` is what DuckDB then reads, everything as text, with ``_path`` and ``_row_number``; the landing step compares
both counts. DuckDB's own detection is never used: it changes meaning silently (a row with a missing field turns a file
into one text column). Keep out: mapping and typing (``loading.py``).
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipelines.companies.config import Source
from pipelines.warehouse import connect, identifier, literal

#: A field longer than this is an unclosed quote, not a value.
LARGEST_FIELD = 1_000_000


class RefusedFileError(Exception):
    """A file that cannot be trusted as a whole; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Reject:
    """A row that does not have the file's shape: its number (from 1, after the header), rule and content."""

    row_number: int
    rule: str
    value: str


@dataclass(frozen=True)
class Inspection:
    """What the strict reader found: header, number of data rows (rejects included) and the rejects.

    ``path`` is what DuckDB must read: the file itself, or a clean copy in UTF-8 that carries its own ``_row_number``.
    """

    columns: tuple[str, ...]
    row_count: int
    path: Path
    is_copy: bool = False
    rejects: tuple[Reject, ...] = field(default=())


class Reader(Protocol):
    """One format. ``scratch`` is a folder for clean copies; it lives as long as the landing step."""

    def inspect(self, path: Path, source: Source, scratch: Path) -> Inspection: ...

    def select_sql(self, inspections: list[Inspection], source: Source) -> str: ...


def check_columns(found: tuple[str, ...], source: Source) -> None:
    """Raises RefusedFileError when a required column is missing or a name stands twice."""
    missing = [column for column in source.columns if column not in found]
    if missing:
        raise RefusedFileError(
            f"header lacks {', '.join(missing)}; it has {', '.join(found) or 'nothing'}. "
            "Deliver the file again with these columns, or correct the company's mapping"
        )
    twice = sorted({column for column in found if found.count(column) > 1})
    if twice:
        raise RefusedFileError(f"header names {', '.join(twice)} twice. Deliver the file again with one column of each name")


def _paths_sql(paths: list[Path]) -> str:
    """Paths as an SQL list. File names are globs even as parameters, so their special signs are escaped."""
    escaped = (str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]") for path in paths)
    return "[" + ", ".join(literal(path) for path in escaped) + "]"


class CsvReader:
    """Delimited text. Rows with too many or too few fields are rejects; an unclosed quote refuses the file."""

    def inspect(self, path: Path, source: Source, scratch: Path) -> Inspection:
        text = self._open(path, source.encoding)
        with text:
            rows = self._rows(text, source)
            header = next(rows, None)
            if header is None:
                raise RefusedFileError("the file is empty, without even a header. Deliver it again")
            columns = tuple(header)
            check_columns(columns, source)
            width, count, blanks, rejects = len(columns), 0, 0, []
            for row in rows:
                if not row:
                    blanks += 1
                    continue
                count += 1
                if len(row) != width:
                    rule = "too_few_fields" if len(row) < width else "too_many_fields"
                    rejects.append(Reject(count, rule, source.delimiter.join(row)))
        is_utf8 = codecs.lookup(source.encoding).name in ("utf-8", "ascii")
        if is_utf8 and not rejects and not blanks and self._has_one_line_end(path):
            return Inspection(columns, count, path)
        copy = scratch / f"{len(list(scratch.iterdir()))}.csv"
        self._write_copy(path, source, copy, width)
        return Inspection(columns, count, copy, is_copy=True, rejects=tuple(rejects))

    def select_sql(self, inspections: list[Inspection], source: Source) -> str:
        first = inspections[0]
        columns = ("_row_number", *first.columns) if first.is_copy else first.columns
        delimiter, quote = (",", '"') if first.is_copy else (source.delimiter, source.quote)
        types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
        header = "false" if source.header and not first.is_copy else "true"
        # A copy numbers its rows; in the file itself the number is the place in the file, which DuckDB keeps.
        number = "cast(_row_number as bigint)" if first.is_copy else "_place - min(_place) over (partition by _path) + 1"
        return (
            f"select {', '.join(identifier(name) for name in first.columns)}, _path, {number} as _row_number"
            f" from (select *, row_number() over () as _place from read_csv({_paths_sql([i.path for i in inspections])},"
            f" header = {header}, auto_detect = false, strict_mode = true, filename = '_path', columns = {{{types}}},"
            f" delim = {literal(delimiter)}, quote = {literal(quote)}, escape = {literal(quote)},"
            f" max_line_size = {LARGEST_FIELD * 2}))"
        )

    @staticmethod
    def _has_one_line_end(path: Path) -> bool:
        """Whether all lines end alike; the engine's strict parser stops where they do not."""
        windows = unix = 0
        with path.open("rb") as content:
            while block := content.read(1 << 22):
                if block.endswith(b"\r"):
                    block += content.read(1)
                windows += block.count(b"\r\n")
                unix += block.count(b"\n")
        return windows in (0, unix)

    @staticmethod
    def _open(path: Path, encoding: str) -> io.TextIOWrapper:
        with path.open("rb") as start:
            has_mark = start.read(3) == codecs.BOM_UTF8
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        return path.open(encoding="utf-8-sig" if is_utf8 and has_mark else encoding, errors="strict", newline="")

    @staticmethod
    def _rows(text: io.TextIOWrapper, source: Source) -> Iterator[list[str]]:
        csv.field_size_limit(LARGEST_FIELD)
        reader = csv.reader(text, delimiter=source.delimiter, quotechar=source.quote, strict=True)
        if source.header:
            yield list(source.header)
        try:
            yield from reader
        except UnicodeDecodeError as error:
            raise RefusedFileError(
                f"not {source.encoding}: byte {error.object[error.start]:#04x} near line {reader.line_num + 1}. "
                "Deliver the file in the declared encoding, or declare the one it has"
            ) from None
        except csv.Error as error:
            raise RefusedFileError(
                f"line {reader.line_num}: {error}. Probably a quote that is never closed: deliver the file again"
            ) from None

    def _write_copy(self, path: Path, source: Source, copy: Path, width: int) -> None:
        """The rows of the right shape, in UTF-8, each with its number in the delivered file."""
        with self._open(path, source.encoding) as text, copy.open("w", encoding="utf-8", newline="") as out:
            rows, writer = self._rows(text, source), csv.writer(out)
            writer.writerow(["_row_number", *next(rows)])
            numbered = enumerate((row for row in rows if row), start=1)
            writer.writerows([number, *row] for number, row in numbered if len(row) == width)


class JsonLinesReader:
    """One JSON object a line. A line that is no object is a reject; a key that a line lacks is empty there."""

    def inspect(self, path: Path, source: Source, scratch: Path) -> Inspection:
        if path.stat().st_size == 0:
            raise RefusedFileError("the file is empty. Deliver it again, with at least one object")
        with connect() as connection:
            try:
                lines = self._lines_sql([path])
                total, objects = connection.execute(
                    f"select count(*), count(*) filter (where {self._is_object()}) from ({lines})"
                ).fetchone()
                broken = connection.execute(f"select _row_number, line from ({lines}) where not {self._is_object()} order by 1").fetchall()
                columns = connection.execute(
                    f"select distinct unnest(json_keys(line)) from ({lines}) where {self._is_object()} order by 1"
                ).fetchall()
            except Exception as error:
                raise RefusedFileError(f"not readable as UTF-8 lines: {str(error).splitlines()[0]}") from None
        with path.open("rb") as content:
            counted = sum(1 for line in content if line.strip())
        if counted != total or total != objects + len(broken):
            raise RefusedFileError(f"{counted} lines were counted and {total} read. Deliver the file again")
        names = tuple(name for (name,) in columns)
        if objects:
            check_columns(names, source)
        rejects = tuple(Reject(number, "not_a_json_object", line) for number, line in broken)
        return Inspection(names, counted, path, rejects=rejects)

    def select_sql(self, inspections: list[Inspection], source: Source) -> str:
        columns = ", ".join(
            f"json_extract_string(line, {literal(f'$.{identifier(name)}')}) as {identifier(name)}" for name in inspections[0].columns
        )
        lines = self._lines_sql([inspection.path for inspection in inspections])
        return f"select {columns}, _path, _row_number from ({lines}) where {self._is_object()}"

    @staticmethod
    def _is_object() -> str:
        # A case, because only its order keeps json_type away from text that is no JSON.
        return "(case when json_valid(line) then json_type(line) = 'OBJECT' else false end)"

    @staticmethod
    def _lines_sql(paths: list[Path]) -> str:
        """Lines that are not blank, as text: read as a file of one column whose delimiter and quote cannot occur."""
        return (
            "select line, _path, row_number() over (partition by _path order by _place) as _row_number"
            " from (select *, row_number() over () as _place"
            f" from read_csv({_paths_sql(paths)}, header = false, auto_detect = false, filename = '_path',"
            " columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', strict_mode = false,"
            f" max_line_size = {LARGEST_FIELD * 2})) where trim(line) <> ''"
        )


class ParquetReader:
    """Parquet. Values carry their own types; they become text in ISO notation, whatever the company declares."""

    def inspect(self, path: Path, source: Source, scratch: Path) -> Inspection:
        with connect() as connection:
            try:
                names = connection.execute(f"describe select * from read_parquet({_paths_sql([path])})").fetchall()
                (count,) = connection.execute(f"select count(*) from read_parquet({_paths_sql([path])})").fetchone()
            except Exception as error:
                raise RefusedFileError(
                    f"not readable as Parquet: {str(error).splitlines()[0]}. It may be cut off: deliver it again"
                ) from None
        columns = tuple(row[0] for row in names)
        check_columns(columns, source)
        return Inspection(columns, count, path)

    def select_sql(self, inspections: list[Inspection], source: Source) -> str:
        columns = ", ".join(f"cast({identifier(name)} as varchar) as {identifier(name)}" for name in inspections[0].columns)
        return (
            f"select {columns}, _path, file_row_number + 1 as _row_number"
            f" from read_parquet({_paths_sql([i.path for i in inspections])}, filename = '_path', file_row_number = true)"
        )


class ExcelReader:
    """One sheet of a workbook, through a clean copy. Days become ISO text; a whole number loses its ``.0``."""

    def inspect(self, path: Path, source: Source, scratch: Path) -> Inspection:
        from python_calamine import CalamineWorkbook

        try:
            workbook = CalamineWorkbook.from_path(str(path))
        except Exception as error:
            raise RefusedFileError(f"not readable as an Excel workbook: {error}. Deliver it again") from None
        if source.sheet is not None and source.sheet not in workbook.sheet_names:
            raise RefusedFileError(f"has no sheet {source.sheet!r}; it has {', '.join(workbook.sheet_names)}")
        sheet = workbook.get_sheet_by_name(source.sheet or workbook.sheet_names[0])
        rows = (row for row in sheet.to_python(skip_empty_area=False))
        header = next(rows, None)
        if header is None:
            raise RefusedFileError("the sheet is empty, without even a header. Deliver it again")
        columns = tuple(self._text(value) for value in header)
        check_columns(columns, source)
        copy = scratch / f"{len(list(scratch.iterdir()))}.csv"
        count = 0
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["_row_number", *columns])
            for row in rows:
                texts = [self._text(value) for value in row]
                if any(texts):
                    count += 1
                    writer.writerow([count, *texts])
        return Inspection(columns, count, copy, is_copy=True)

    def select_sql(self, inspections: list[Inspection], source: Source) -> str:
        return CsvReader().select_sql(inspections, source)

    @staticmethod
    def _text(value: object) -> str:
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)


READERS: dict[str, Reader] = {
    "csv": CsvReader(),
    "jsonl": JsonLinesReader(),
    "parquet": ParquetReader(),
    "excel": ExcelReader(),
}
