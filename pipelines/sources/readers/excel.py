"""One sheet of a workbook, through a clean copy. Cells have types: they are written in the notation that is declared for texts.

An error cell is a reject of its row, where the column is read, and so are a formula that was never calculated and a number of more digits
than a cell keeps. A number that its format shows with leading zeros (17 as 00017) is what is shown: so numbers of customers are kept.
The library that reads cells leaves the first two empty and knows no formats, so they are looked up in the sheet's own XML; the older forms
of a workbook (xls, xlsb) have none. Keep out: formulas; what a spreadsheet calculated last is its value.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import Inspection, RefusedFileError, Reject, check_columns, check_rejects, scratch_file
from pipelines.sources.readers.cell_formats import Mask, has_leading_zeros, local_name, masks_of_styles, shown_by
from pipelines.sources.readers.delimited import DataRows, FullRow, csv_select_sql
from pipelines.sources.readers.opening import check_unpacked_size
from pipelines.sources.values import typed_day, typed_flag, typed_number

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

#: The least number of more digits than a spreadsheet keeps.
MOST_EXACT = 10**15
#: How the XML of an error cell looks, or of a formula without its value.
_WITHOUT_VALUE = re.compile(
    rb"""\bt\s*=\s*["']e["']|(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"""
)


class ExcelReader:
    """Excel in all its versions, by sheet."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        from python_calamine import CalamineWorkbook

        if zipfile.is_zipfile(path):
            check_unpacked_size(path, source.largest_file)
        try:
            workbook = CalamineWorkbook.from_path(str(path))
            sheet = _sheet(workbook, source)
            cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except RefusedFileError:
            raise
        except BaseException as error:  # the library is native code, whose panics are no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise RefusedFileError(f"not readable as an Excel workbook: {error}. Deliver it again") from None
        otherwise = _other_cells(path, sheet) if zipfile.is_zipfile(path) else {}
        rows = (
            [otherwise.get((row, place)) or self._text(value, notation) for place, value in enumerate(values)]
            for row, values in enumerate(cells)
        )
        return self._copy(rows, source, scratch)

    @staticmethod
    def _copy(rows: Iterator[list[str]], source: Source, scratch: Path) -> Inspection:
        header: list[str] | None = None
        for _ in range(source.header_row):
            header = next(rows, None)
        if header is None:
            raise RefusedFileError(f"the sheet has no row {source.header_row}, so no header. Deliver it again")
        columns = tuple(header)
        check_columns(columns, source)
        places = [place for place, name in enumerate(columns) if name in source.columns or name in source.optional_columns]
        copy, count, rejects = scratch_file(scratch, ".csv"), 0, []
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["", *(columns[place] for place in places)])
            for row in (data := DataRows((row if any(row) else [] for row in rows), columns, source)):
                count += 1
                if isinstance(row, FullRow):
                    rejects.append(Reject(count, FullRow.rule, source.delimiter.join(row)))
                    continue
                wrong = next((place for place in places if isinstance(row[place], WrongText)), None)
                if wrong is None:
                    writer.writerow([count, *(row[place] for place in places)])
                else:
                    rejects.append(Reject(count, row[wrong].rule, row[wrong], columns[wrong]))
        check_rejects(rejects, count)
        names = tuple(columns[place] for place in places)
        return Inspection(names, count, copy, is_copy=True, rejects=tuple(rejects), skipped_count=data.skipped_count)

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return csv_select_sql(inspections, wanted, source)

    @staticmethod
    def _text(value: object, notation: Notation) -> str:
        if isinstance(value, bool):
            return typed_flag(value, notation)
        if isinstance(value, int | float):
            return InexactText(f"{value:.0f}") if abs(value) >= MOST_EXACT else typed_number(value, notation)
        if isinstance(value, date):
            return typed_day(value)
        if isinstance(value, time | timedelta):
            return str(value)
        return str(value)


def _sheet(workbook: CalamineWorkbook, source: Source) -> str:
    """The declared sheet, or the first visible one where no other visible one has its columns."""
    if source.sheet is not None:
        if source.sheet not in workbook.sheet_names:
            raise RefusedFileError(f"has no sheet {source.sheet!r}; it has {', '.join(workbook.sheet_names)}. Declare one of them")
        return source.sheet
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.visible).endswith(".Visible") and str(sheet.typ).endswith(".WorkSheet")
    ]
    if not visible:
        raise RefusedFileError(f"has no visible sheet; hidden are {', '.join(workbook.sheet_names)}. Declare the sheet by name")
    # Of a single sheet the header is not looked into: the library reads a sheet whole each time.
    alike = [name for name in visible if set(source.columns) <= _header(workbook, name, source)] if len(visible) > 1 else visible
    if len(alike) > 1:
        raise RefusedFileError(
            f"{len(alike)} of its sheets have the columns of this source: {', '.join(alike)}. Declare the one that counts (sheet), or"
            " deliver each as a file of its own"
        )
    return visible[0]


def _header(workbook: CalamineWorkbook, name: str, source: Source) -> set[str]:
    """What stands in the row of a sheet that is the header."""
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=source.header_row)
    return set(map(str, rows[-1])) if len(rows) == source.header_row else set()


class WrongText(str):
    """What stands in a cell that cannot be taken, under the rule that it breaks (``base.py``)."""

    rule: str


class ErrorText(WrongText):
    """The name of a spreadsheet's error, such as #DIV/0!."""

    rule = "error_in_cell"


class InexactText(WrongText):
    """A number that a cell, which keeps 15 digits, no longer holds as it was typed."""

    rule = "number_not_exact"


class FormulaText(WrongText):
    """A formula of which no value stands in the file: what made it does not calculate, and no spreadsheet has saved it since."""

    rule = "not_calculated"


def _other_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """(row, column), both from 0 -> what stands in a cell that the library leaves empty, or a number as it is shown with its zeros.

    Nothing for workbooks of another build.
    """
    found: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(path) as book:
        if "content.xml" in book.namelist():
            return _opendocument_cells(book, sheet)
        part = _sheet_part(book, sheet)
        content = book.read(part) if part else b""
        masks = masks_of_styles(book.read("xl/styles.xml")) if "xl/styles.xml" in book.namelist() else {}
        used = "|".join(map(re.escape, masks))
        if not _WITHOUT_VALUE.search(content) and not (masks and re.search(rf"""\bs\s*=\s*["'](?:{used})["']""".encode(), content)):
            return found
        row, column = -1, -1
        with book.open(part) as xml:
            for event, element in ElementTree.iterparse(xml, ("start", "end")):
                name = local_name(element)
                if event == "start" and name == "row":
                    # A row or a cell that does not say where it stands follows the one before.
                    row, column = int(element.get("r") or row + 2) - 1, -1
                elif event == "start" and name == "c":
                    place = _column(element.get("r") or "")
                    column = column + 1 if place is None else place
                elif event == "end" and name == "c":
                    other = _without_value(element) or _shown_number(element, masks)
                    if other is not None:
                        found[row, column] = other
                elif event == "end" and name == "row":
                    element.clear()
    return found


def _opendocument_cells(book: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """The same of a sheet of OpenDocument, whose rows and cells say how often they stand there, not where."""
    found: dict[tuple[int, int], str] = {}
    row, column, is_sheet = 0, 0, False
    with book.open("content.xml") as xml:
        for event, element in ElementTree.iterparse(xml, ("start", "end")):
            name, own = local_name(element), {key.rpartition("}")[2]: value for key, value in element.items()}
            if event == "start" and name == "table":
                row, is_sheet = 0, own.get("name") == sheet
            elif event == "start" and name == "table-row":
                column = 0
            elif event == "end" and is_sheet and name in ("table-cell", "covered-table-cell"):
                text, times = "".join(element.itertext()), int(own.get("number-columns-repeated", 1))
                # An error is shown, and is an empty text; its own kind is written by newer programs alone.
                if "error" in element.attrib.values() or (own.get("string-value") == "" and text.startswith(("#", "Err:"))):
                    found |= {(row, column + place): ErrorText(text) for place in range(times)}
                elif own.get("value-type") == "float" and has_leading_zeros(text, own.get("value", "")):
                    found |= {(row, column + place): text for place in range(times)}
                column += times
            elif event == "end" and name == "table-row":
                row += int(own.get("number-rows-repeated", 1))
                element.clear()
    return found


def _without_value(cell: ElementTree.Element) -> WrongText | None:
    texts = {local_name(part): part.text or "" for part in cell}
    if cell.get("t") == "e":
        return ErrorText(texts.get("v") or "#ERROR!")
    # A formula whose result is an empty text says so by its type.
    if "f" in texts and not texts.get("v") and cell.get("t") not in ("str", "inlineStr"):
        return FormulaText(f"={texts['f']}")
    return None


def _shown_number(cell: ElementTree.Element, masks: dict[str, Mask]) -> str | None:
    mask = masks.get(cell.get("s") or "")
    if mask is None or cell.get("t") not in (None, "n"):
        return None
    return shown_by(mask, next((part.text or "" for part in cell if local_name(part) == "v"), ""))


def _column(place: str) -> int | None:
    """The column of a place such as B7, from 0; None where it names none."""
    letters = re.match("[A-Z]+", place)
    number = 0
    for letter in letters[0] if letters else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1 if letters else None


def _sheet_part(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of the package that holds a sheet."""
    try:
        sheets = (item for item in ElementTree.fromstring(book.read("xl/workbook.xml")).iter() if local_name(item) == "sheet")
        named = next(item for item in sheets if item.get("name") == sheet)
        relation = next(value for name, value in named.items() if name.endswith("}id"))
        relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        target = next(item.get("Target") for item in relations if item.get("Id") == relation)
    except (KeyError, StopIteration, ElementTree.ParseError):
        return None
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return part if part in book.namelist() else None
