"""Delimited text. Rows with too many or too few fields are rejects; an unclosed quote refuses the file.

Keep out: what a field means.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import Inspection, RefusedFileError, Reject, check_columns, check_rejects, paths_sql, scratch_file
from pipelines.warehouse import literal

BLOCK = 1 << 20
#: Encodings whose name says the order of their bytes: a mark is no part of the text, and the decoder leaves it there.
WIDE_ENCODINGS = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
#: UTF-8, whose mark at the beginning is no part of the text whether the name says so or not.
UTF_8 = ("utf-8", "utf-8-sig")

#: Encodings that are taken for one another: those of Windows and of its command line, by which older programs write.
MISTAKEN = ("cp1252", "cp850")
#: What stands for a byte that is no sign; the decoder of the file refuses it.
NO_SIGN = "\ufffd"
#: Signs that do stand between two letters: apostrophes, dashes, points, a blank; and what is none.
BETWEEN_LETTERS = NO_SIGN + "\u2018\u2019\u2013\u2014\u2022\u2026\u2122\u00b7\u00d7\u00a0\u00ad"


@dataclass(frozen=True)
class Scan:
    """What the bytes of a file say before anything is parsed."""

    has_one_line_end: bool


def scan(path: Path, source: Source) -> Scan:
    """Goes through the bytes once. Raises RefusedFileError on a line beyond all bounds, on NUL bytes, and on mojibake to be."""
    doubtful = None if source.is_encoding_certain else _doubtful(source.encoding)
    before, doubt = b"", None
    windows = unix = returns = length = 0
    longest = source.largest_field * 2
    is_wide = codecs.lookup(source.encoding).name.startswith(("utf-16", "utf-32"))
    # A file in a single-byte encoding is hardly ever valid UTF-8 beyond ASCII by chance.
    decoder = codecs.getincrementaldecoder("utf-8")() if _is_single_byte(source.encoding) and not source.is_encoding_certain else None
    beyond_ascii = False
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            if block.endswith(b"\r"):
                block += content.read(1)
            windows += block.count(b"\r\n")
            unix += block.count(b"\n")
            returns += block.count(b"\r")
            end = max(block.rfind(b"\n"), block.rfind(b"\r"))
            length = length + len(block) if end < 0 else len(block) - end
            if length > longest:
                raise RefusedFileError(
                    f"a line is longer than {longest:,} bytes. Deliver the file again, or declare a larger largest_field"
                )
            if not is_wide and b"\0" in block:
                raise RefusedFileError(
                    f"holds NUL bytes, which {source.encoding} text does not. Probably UTF-16, or no text: deliver it again"
                )
            if doubtful is not None and doubt is None:
                text = before + block
                if len(text.translate(None, doubtful[0])) < len(text):
                    doubt = _doubt(text, source.encoding, unix - text.count(b"\n"))
                before = block[-2:]
            if decoder is not None:
                beyond_ascii = beyond_ascii or not block.isascii()
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    decoder = None
    if decoder is not None and beyond_ascii:
        raise RefusedFileError(
            f"declared as {source.encoding} and valid UTF-8: read as declared, its letters would turn into pairs of signs. "
            "Declare encoding: utf-8, or say is_encoding_certain: true"
        )
    if doubt is not None:
        raise RefusedFileError(f"{doubt}. Declare the encoding that it has, or say is_encoding_certain: true")
    return Scan(returns == 0 or returns == windows == unix)


@cache
def _doubtful(encoding: str) -> tuple[bytes, re.Pattern[bytes]] | None:
    """The bytes that are a sign in a single-byte encoding and a letter in another one, or a control; and where they are looked at.

    A sign before a letter, a control anywhere. The bytes alone are found ten times as fast, and most files have none.
    """
    ascii_signs = bytes(range(0x80))
    if not _is_single_byte(encoding) or ascii_signs.decode(encoding, errors="replace") != ascii_signs.decode("ascii"):
        return None
    read = {byte: _sign(byte, encoding) for byte in range(0x80, 0x100)}
    controls = [byte for byte, sign in read.items() if unicodedata.category(sign) == "Cc"]
    signs = [
        byte
        for byte, sign in read.items()
        if not sign.isalpha()
        and sign not in BETWEEN_LETTERS
        and byte not in controls
        and any(_sign(byte, other).isalpha() for other in MISTAKEN)
    ]
    parts = [(signs, b"(?=[A-Za-z])"), (controls, b"")]
    pattern = b"|".join(b"[" + re.escape(bytes(found)) + b"]" + after for found, after in parts if found) or b"(?!)"
    return bytes(signs + controls), re.compile(pattern)


def _sign(byte: int, encoding: str) -> str:
    """What a byte is in a single-byte encoding; NO_SIGN where it is nothing."""
    return bytes([byte]).decode(encoding, errors="replace")


def _doubt(text: bytes, encoding: str, line: int) -> str | None:
    """What is said where a word holds a sign that is a letter in another encoding, or a control stands; ``line`` is before ``text``."""
    _, pattern = _doubtful(encoding)
    for found in pattern.finditer(text):
        start, byte = found.start(), found[0][0]
        sign = _sign(byte, encoding)
        is_control = unicodedata.category(sign) == "Cc"
        if not is_control and not text[:start][-1:].isalpha():
            continue
        word = re.search(rb"[^\s,;|]*\Z", text[max(start - 20, 0) : start])[0] + re.match(rb"[^\s,;|]*", text[start : start + 20])[0]
        readings = {other: _sign(byte, other) for other in MISTAKEN}
        likely = {
            other: read for other, read in readings.items() if read.isalpha() or (is_control and read != NO_SIGN and read.isprintable())
        }
        others = [f"{other} (where it is {read!r})" for other, read in likely.items()]
        line += text[:start].count(b"\n") + 1
        return (
            f"declared as {encoding}, in which byte {byte:#04x} is {sign!r}: near line {line} it stands in"
            f" {word.decode(encoding, errors='replace')!r}. Probably {' or '.join(others) or 'another encoding'}"
        )
    return None


def _is_single_byte(encoding: str) -> bool:
    return codecs.lookup(encoding).name not in (*UTF_8, "ascii") and len(bytes(range(256)).decode(encoding, errors="replace")) == 256


class CsvReader:
    """Delimited text, in any encoding that Python knows."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        scanned = scan(path, source)
        with self._open(path, source.encoding) as text:
            rows = CsvRows(text, source)
            columns = rows.header
            check_columns(columns, source)
            width, count, blanks, rejects = len(columns), 0, 0, []
            is_skipping = bool(source.skip_footer or source.skip_pattern)
            if not is_skipping:
                for row in rows:
                    if not row:
                        blanks += 1
                        continue
                    count += 1
                    if len(row) != width:
                        rejects.append(count)
            has_long_rows = rows.line_number != count + blanks + rows.lines_before_data
        is_utf8 = codecs.lookup(source.encoding).name in (*UTF_8, "ascii")
        needs_copy = careful or is_skipping or blanks or rejects or has_long_rows or source.header_row > 1 or not scanned.has_one_line_end
        if is_utf8 and not needs_copy:
            return Inspection(columns, count, path)
        return self._copy(path, source, scratch)

    def _copy(self, path: Path, source: Source, scratch: Path) -> Inspection:
        """The rows of the right shape, their wanted columns only, in UTF-8, each with its number in the delivered file."""
        copy = scratch_file(scratch, ".csv")
        count, rejects = 0, []
        with self._open(path, source.encoding) as text, copy.open("w", encoding="utf-8", newline="") as out:
            rows, writer = CsvRows(text, source), csv.writer(out)
            columns, width = rows.header, len(rows.header)
            data = DataRows(rows, columns, source)
            places = [place for place, name in enumerate(columns) if name in source.columns or name in source.optional_columns]
            writer.writerow(["", *(columns[place] for place in places)])
            for count, row in enumerate(data, start=1):
                rule = self._rule(row, width, source.delimiter)
                if rule:
                    rejects.append(Reject(count, rule, source.delimiter.join(row)))
                else:
                    writer.writerow([count, *(row[place] for place in places)])
        check_rejects(rejects, count)
        names = tuple(columns[place] for place in places)
        return Inspection(names, count, copy, is_copy=True, rejects=tuple(rejects), skipped_count=data.skipped_count)

    @staticmethod
    def _rule(row: list[str], width: int, delimiter: str) -> str | None:
        if isinstance(row, FullRow):
            return FullRow.rule
        if len(row) != width:
            return "too_few_fields" if len(row) < width else "too_many_fields"
        if width > 1 and any("\n" in field or "\r" in field for field in row):
            lines = [line for line in delimiter.join(row).splitlines() if line]
            # Each of the lines would be a row by itself: two stray quotes made one value of what stands between them.
            if len(lines) > 1 and all(line.count(delimiter) == width - 1 for line in lines):
                return "swallowed_rows"
        return None

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return csv_select_sql(inspections, wanted, source)

    @staticmethod
    def _open(path: Path, encoding: str) -> io.TextIOWrapper:
        """The text of a file without the mark that may stand before it."""
        with path.open("rb") as start:
            has_mark = start.read(3) == codecs.BOM_UTF8
        if codecs.lookup(encoding).name in UTF_8:
            encoding = "utf-8-sig" if has_mark else "utf-8"
        text = path.open(encoding=encoding, errors="strict", newline="")
        if codecs.lookup(encoding).name in WIDE_ENCODINGS and text.read(1) != "\ufeff":
            text.seek(0)
        return text


class CsvRows:
    """The rows of a text after its header; ``header`` is read at once. Errors of the text refuse the file, with their line."""

    def __init__(self, text: io.TextIOWrapper, source: Source) -> None:
        csv.field_size_limit(source.largest_field)
        self._source = source
        self._reader = csv.reader(text, delimiter=source.delimiter, quotechar=source.quote, strict=True)
        if source.header:
            self.header = tuple(source.header)
        else:
            row = None
            for _ in range(source.header_row):
                row = next(self, None)
                if row is None:
                    words = "the file is empty, without even a header" if source.header_row == 1 else f"it has no line {source.header_row}"
                    raise RefusedFileError(f"{words}. Deliver it again")
            self.header = tuple(row)
        self.lines_before_data = self._reader.line_num

    @property
    def line_number(self) -> int:
        return self._reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        try:
            return next(self._reader)
        except UnicodeDecodeError as error:
            raise RefusedFileError(
                f"not {self._source.encoding}: byte {error.object[error.start]:#04x} near line {self._reader.line_num + 1}. "
                "Deliver the file in the declared encoding, or declare the one it has"
            ) from None
        except UnicodeError as error:
            raise RefusedFileError(f"not {self._source.encoding}: {error}. Deliver the file in the declared encoding") from None
        except csv.Error as error:
            raise RefusedFileError(
                f"line {self._reader.line_num}: {error}. Probably a quote that is never closed: deliver the file again"
            ) from None


class FullRow(list):
    """A row that ``skip_pattern`` takes for no data, and that has every column of the source filled as data have."""

    rule = "skipped_but_full"


class DataRows:
    """The rows that are data: no blank ones, none that ``skip_pattern`` matches, not the last ``skip_footer`` ones.

    ``columns``: the header, which a list of several pages may repeat. A row that the pattern matches and that is full of data is given as
    a :class:`FullRow`. Raises RefusedFileError where a row of the footer is: one day without a footer, and the last row of data would be
    lost without a word.
    """

    def __init__(self, rows: Iterator[list[str]], columns: tuple[str, ...], source: Source) -> None:
        self.skipped_count = 0
        self._rows, self._source, self._columns = rows, source, columns
        self._places = [columns.index(name) for name in source.columns]
        self._pattern = re.compile(source.skip_pattern) if source.skip_pattern else None

    def __iter__(self) -> Iterator[list[str]]:
        source, pattern = self._source, self._pattern
        held: deque[list[str]] = deque()
        for row in self._rows:
            if not row:
                continue
            if pattern is not None and pattern.match(source.delimiter.join(row)):
                # Of a single column nothing says whether it holds data.
                if self._is_full(row) and len(self._places) > 1 and not source.is_skip_pattern_certain:
                    yield FullRow(row)
                else:
                    self.skipped_count += 1
                continue
            held.append(row)
            if len(held) > source.skip_footer:
                yield held.popleft()
        for row in held:
            if self._is_full(row):
                raise RefusedFileError(
                    f"its footer (skip_footer: {source.skip_footer}) holds a row with every column filled, as data have:"
                    f" {source.delimiter.join(row)[:80]!r}. Deliver it with its footer, or say by skip_pattern what is no data"
                    " (with is_skip_pattern_certain, where it fills every column)"
                )
        self.skipped_count += len(held)

    def _is_full(self, row: list[str]) -> bool:
        is_header = tuple(map(str.strip, row)) == self._columns
        return not is_header and len(row) == len(self._columns) and all(row[place].strip() for place in self._places)


def csv_select_sql(inspections: list[Inspection], wanted: tuple[str, ...], source: Source) -> str:
    """What DuckDB reads of files of one shape, or of clean copies of any format."""
    first = inspections[0]
    count = len(first.columns) + first.is_copy
    delimiter, quote = (",", '"') if first.is_copy else (source.delimiter, source.quote)
    types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(count))
    header = "false" if source.header and not first.is_copy else "true"
    # A copy numbers its rows; in the file itself the number is the place in the file, which DuckDB keeps.
    number = "cast(c0 as bigint)" if first.is_copy else "place - min(place) over (partition by path) + 1"
    columns = ", ".join(
        (f"c{first.columns.index(name) + first.is_copy}" if name in first.columns else "cast(null as varchar)") + f" as w{number_of}"
        for number_of, name in enumerate(wanted)
    )
    return (
        f"select {columns}, path, {number} as row_number"
        f" from (select *, row_number() over () as place from read_csv({paths_sql([i.path for i in inspections])},"
        f" header = {header}, auto_detect = false, strict_mode = true, filename = 'path', columns = {{{types}}},"
        f" delim = {literal(delimiter)}, quote = {literal(quote)}, escape = {literal(quote)},"
        f" max_line_size = {source.largest_field * 2}))"
    )
