"""What lies in a folder: files of one shape together, with their format, encoding, delimiter and first rows as text.

Detection is for drafts only; a night reads what the company's file says (``sources/readers``). Keep out: what a column means.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path

from pipelines.companies.delivered import Notation
from pipelines.companies.own_mappings import OWN_MAPPINGS
from pipelines.sources.readers.opening import Entry, list_folder
from pipelines.sources.values import typed_flag, typed_number
from pipelines.warehouse import connect, literal

#: Rows of a shape that are looked at.
LOOKED_AT = 5_000
#: Values of typed formats are written so; their own notation needs no question.
TYPED = Notation()
#: What stands in the first kilobytes of a document of a standard -> its format, or None where no format reads it.
DOCUMENTS = (
    (re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]"), "camt"),
    (re.compile(r"^\s*(\{1:|:20:)", re.M), "mt940"),
    (re.compile(r"urn:oasis:names:specification:ubl|urn:un:unece:uncefact:data:standard:CrossIndustryInvoice"), "einvoice"),
    (re.compile(r"<auditfile\b|auditfiles\.nl/XAF"), "xaf"),
)
#: File names that say nothing of what is in them; their folder's name does.
NAMELESS = ("", "part", "data", "export", "file", "files", "extract", "chunk", "page")
DAY_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})")
_DIGITS = re.compile(r"\d{4}-\d{2}-\d{2}|\d{3,}")


@dataclass
class Table:
    """Files of one shape. ``rows`` are the first ones, every value as text (None where there is none).

    ``format`` is None for files that no format reads; ``is_typed`` where values carry their type. ``notes`` are for the person.
    """

    name: str
    files: str
    format: str | None
    columns: tuple[str, ...] = ()
    rows: list[dict[str, str | None]] = field(default_factory=list)
    options: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_typed: bool = False

    def values(self, column: str) -> list[str]:
        """The values that are there, in their order."""
        return [value for row in self.rows if (value := row.get(column)) is not None and value.strip()]


def tables_of(folder: Path) -> list[Table]:
    """Every shape in ``folder``, by name; nothing is left out without a note."""
    found: list[Table] = []
    for entry in list_folder(folder):
        if not entry.is_folder:
            found += _tables_of_file(entry)
    return list(_together(found))


def _tables_of_file(entry: Entry) -> list[Table]:
    if entry.why_not:
        return [Table(_name_of(entry.name), entry.name, None, notes=[entry.why_not])]
    suffix = entry.path.suffix.lower()
    if suffix in (".xlsx", ".xls", ".xlsm", ".ods"):
        return _excel(entry)
    if suffix == ".parquet":
        return [_parquet(entry)]
    head = entry.path.open("rb").read(20_000)
    text = _decoded(head)[0]
    for pattern, known in DOCUMENTS:
        if pattern.search(text):
            return [Table(_name_of(entry.name), entry.name, known)]
    if suffix in (".jsonl", ".ndjson") or text.lstrip().startswith("{"):
        return [_json_lines(entry)]
    if suffix in (".csv", ".txt", ".tsv", ".tab", ".dat", ".asc", ""):
        return [_delimited(entry)]
    return [Table(_name_of(entry.name), entry.name, None, notes=[f"nothing reads {suffix} files: export it as CSV or Excel"])]


# ------------------------------------------------------------------------------------------------------------ formats
def _delimited(entry: Entry) -> Table:
    text, encoding = _decoded(entry.path.open("rb").read(4_000_000))
    text = text.removeprefix("\ufeff")
    # The last line may be cut off.
    lines = text.splitlines()[: LOOKED_AT + 200]
    options: dict[str, object] = {} if encoding == "utf-8" else {"encoding": encoding}
    notes = [f"read as {encoding}: compare a name with accents"] if options else []
    delimiter = _delimiter(lines)
    if delimiter is None:
        notes.append("no delimiter found, one column of text: say with substr(line, from, length) what stands where")
        options |= {"delimiter": "|", "header": ["line"]}
        return Table(_name_of(entry.name), entry.name, "csv", ("line",), [{"line": line} for line in lines if line], options, notes)
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = max((len(row) for row in rows), key=[len(row) for row in rows].count)
    place = next((place for place, row in enumerate(rows) if len(row) == width and all(cell.strip() for cell in row)), 0)
    if delimiter != ",":
        options["delimiter"] = delimiter
    header = tuple(rows[place]) if rows else ()
    if not _is_header(header):
        header = tuple(f"column{number}" for number in range(1, width + 1))
        options["header"] = list(header)
        notes.append("no header line: name the columns")
        place -= 1
    elif place:
        options["header_row"] = place + 1
        notes.append(f"{place} line(s) above the header are skipped")
    data = [row for row in rows[place + 1 :] if len(row) == width][:LOOKED_AT]
    wrong = sum(bool(row) and len(row) != width for row in rows[place + 1 : -1])
    if wrong:
        notes.append(f"{wrong} of the first rows do not have {width} fields")
    return Table(_name_of(entry.name), entry.name, "csv", header, [dict(zip(header, row, strict=True)) for row in data], options, notes)


def _delimiter(lines: list[str]) -> str | None:
    """The sign that cuts most lines into the same number of fields, at least two."""
    best = (0, 0, None)
    for sign in (",", ";", "\t", "|"):
        widths = [len(row) for row in csv.reader(lines[:500], delimiter=sign) if row]
        width = max(set(widths), key=widths.count) if widths else 0
        if width > 1 and widths.count(width) * 10 >= len(widths) * 7:
            best = max(best, (widths.count(width), width, sign))
    return best[2]


def _is_header(cells: tuple[str, ...]) -> bool:
    return len(set(cells)) == len(cells) and not any(re.fullmatch(r"[-+0-9.,:/ ]+", cell.strip()) for cell in cells)


def _excel(entry: Entry) -> list[Table]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(entry.path))
    found = []
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=LOOKED_AT + 50)
        if not any(cell != "" for row in rows for cell in row):
            continue
        filled = [sum(cell != "" for cell in row) for row in rows]
        place = next(number for number, count in enumerate(filled) if count >= max(filled) * 0.7)
        header = tuple(str(cell).strip() for cell in rows[place])
        named = [name for name in header if name]
        options: dict[str, object] = {"sheet": sheet} if len(book.sheet_names) > 1 else {}
        if place:
            options["header_row"] = place + 1
        data = [
            {name: typed_text(cell) for name, cell in zip(header, row, strict=False) if name}
            for row in rows[place + 1 : place + 1 + LOOKED_AT]
            if any(cell != "" for cell in row)
        ]
        name = _name_of(sheet if len(book.sheet_names) > 1 else entry.name)
        notes = [f"{place} row(s) above the header are skipped"] if place else []
        found.append(Table(name, entry.name, "excel", tuple(named), data, options, notes, is_typed=True))
    return found


def _json_lines(entry: Entry) -> Table:
    rows: list[dict] = []
    with entry.path.open(encoding="utf-8", errors="replace") as lines:
        for line in islice(lines, LOOKED_AT):
            try:
                row = json.loads(line)
            except ValueError:
                return Table(_name_of(entry.name), entry.name, None, notes=["not one JSON object per line: export it as JSON lines"])
            if isinstance(row, dict):
                rows.append(row)
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    texts = [{name: None if value is None else typed_text(value) for name, value in row.items()} for row in rows]
    return Table(_name_of(entry.name), entry.name, "jsonl", columns, texts)


def _parquet(entry: Entry) -> Table:
    with connect() as connection:
        cursor = connection.execute(f"select * from read_parquet({literal(entry.path)}) limit {LOOKED_AT}")
        columns = tuple(item[0] for item in cursor.description)
        rows = [{name: typed_text(value) for name, value in zip(columns, row, strict=True)} for row in cursor.fetchall()]
    return Table(_name_of(entry.name), entry.name, "parquet", columns, rows, is_typed=True)


def typed_text(value: object) -> str | None:
    """A value that carries its type, as the notation of typed formats writes it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return typed_flag(value, TYPED)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return typed_number(value, TYPED)
    return str(value)


def _decoded(content: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 where it is, else what the bytes look like most."""
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:
            return content[: error.start].decode("utf-8"), "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=["cp1252", "latin_1", "cp850", "utf_16", "cp1250", "cp1251"]).best()
    encoding = best.encoding.replace("_", "-") if best else "cp1252"
    return content.decode(encoding, errors="replace"), encoding


# ----------------------------------------------------------------------------------------------------- files together
def _together(tables: list[Table]) -> Iterator[Table]:
    """Files that share folder, format and columns are one source; their names become a pattern."""

    def shape(table: Table) -> tuple:
        pattern = _DIGITS.sub("*", table.files)
        # Documents of a standard are one source whatever they are called.
        if table.format in OWN_MAPPINGS:
            pattern = str(Path(table.files).with_name("*" + Path(table.files).suffix))
        return (pattern, str(table.format), table.columns, str(table.options))

    names: set[str] = set()
    for key, group in groupby(sorted(tables, key=shape), key=shape):
        files = list(group)
        table, days = files[0], all(DAY_IN_NAME.search(file.files) for file in files)
        # With other files of the same pattern and another shape beside them, the pattern would take those as well. One file with a
        # day or number in its name has others after it.
        if not any(shape(other)[0] == key[0] and shape(other) != key for other in tables):
            table.files = key[0]
        if len(files) > 1:
            table.rows = [row for file in files for row in file.rows][:LOOKED_AT]
            table.notes = list(dict.fromkeys(note for file in files for note in file.notes))
            table.name = _name_of(key[0]) or "files"
        if days:
            table.options["delivered_on"] = DAY_IN_NAME.pattern
        name, number = table.name, 2
        while table.name in names:
            table.name, number = f"{name}_{number}", number + 1
        names.add(table.name)
        yield table


def _name_of(text: str) -> str:
    from text_unidecode import unidecode

    path = Path(text)
    word = re.sub(r"[^a-z]+", " ", unidecode(path.stem).lower()).strip()
    stem = unidecode((path.parent.name if word in NAMELESS else path.stem.strip("*0123456789-_. ")) or "files")
    snake = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z][A-Za-z])", "_", stem).lower()).strip("_")
    return snake if snake[:1].isalpha() else f"files_{snake}".rstrip("_")
