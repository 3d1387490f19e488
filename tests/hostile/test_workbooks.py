"""Workbooks: cells have types, so a number is a number whatever notation is declared for text, and a sheet is the one that is meant."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from tests.hostile.company import HostileCompany, document

Make = Callable[[dict | None], HostileCompany]
EUROPE = {"decimal_sign": ",", "thousands_sign": ".", "date_format": "%d.%m.%Y"}
GOOD = {"number": "3", "customer": "C", "issued": date(2025, 1, 4), "net": 1.5, "gross": 1.5}


def workbook(*rows: list, sheets: tuple[str, ...] = ("Sheet",), hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook whose last sheet holds ``rows``; a value such as ERROR:#N/A is an error cell."""
    book = Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            if isinstance(value, str) and value.startswith("ERROR:"):
                cell.value, cell.data_type = value[6:], "e"
            else:
                cell.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def two_sheets(header: list) -> bytes:
    """A workbook whose first sheet holds document 3, and whose second one has ``header`` over document 4."""
    book = Workbook()
    for sheet, columns, number in ((book.active, list(GOOD), "3"), (book.create_sheet("Feb"), header, "4")):
        sheet.append(columns)
        sheet.append([number, *list(GOOD.values())[1:]])
    book.active.title = "Jan"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def excel(hostile: Make, content: bytes, source: dict | None = None, **company) -> HostileCompany:
    made = hostile(document({"files": "*.xlsx", "format": "excel"} | (source or {}), **company))
    made.write("2025-01-05.xlsx", content)
    return made


@pytest.mark.parametrize("notation", [{}, EUROPE], ids=["point", "Europe"])
@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("gross", 1.5, Decimal("1.5")),
        ("gross", 12.34, Decimal("12.34")),
        ("gross", 1234.5, Decimal("1234.5")),
        ("gross", 1234, Decimal(1234)),
        ("gross", -0.01, Decimal("-0.01")),
        ("gross", 0.1 + 0.2, Decimal("0.3")),
        ("gross", 1e-7, None),
        ("gross", 1e20, None),
        ("gross", "ERROR:#DIV/0!", "#DIV/0!"),
        ("gross", "ERROR:#N/A", "#N/A"),
        ("customer", "ERROR:#REF!", "#REF!"),
        ("gross", "abc", None),
        ("gross", True, None),
        ("gross", date(2025, 1, 4), None),
        ("issued", date(2025, 1, 4), date(2025, 1, 4)),
        ("issued", datetime(2025, 1, 4, 13, 30), date(2025, 1, 4)),
        ("issued", 45661, None),
        ("issued", "soon", None),
        ("customer", 17850, "17850"),
        ("customer", 17850.0, "17850"),
        ("customer", 123456789012345, "123456789012345"),
        ("customer", 4111111111111111, "INEXACT:4111111111111111"),
        ("number", 1234567890123456, "INEXACT:1234567890123456"),
        ("customer", "00017", "00017"),
        ("customer", " ", None),
    ],
    ids=str,
)
def test_cell(hostile: Make, notation: dict, column: str, value: object, expected: object) -> None:
    row = [value if name == column else GOOD[name] for name in GOOD]
    outcome = excel(hostile, workbook(list(GOOD), row), notation=notation).night()
    place = {"number": 0, "customer": 1, "issued": 2, "gross": 4}[column]
    if isinstance(expected, str) and expected.startswith("INEXACT:"):
        assert [(item[0], item[1], item[2]) for item in outcome.quarantine] == [(column, "number_not_exact", expected[8:])]
        assert outcome.rows == []
    elif isinstance(value, str) and value.startswith("ERROR:"):
        assert [(item[0], item[1], item[2]) for item in outcome.quarantine] == [(column, "error_in_cell", expected)]
    elif expected is None:
        assert len(outcome.rules) == 1
        assert outcome.rows == []
    else:
        assert [item[place] for item in outcome.rows] == [expected]


def changed(content: bytes, change: Callable[[str], str], parts: str = "sheet1.xml") -> bytes:
    """A workbook with its XML changed, as other writers write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as other:
        for name in package.namelist():
            text = package.read(name)
            other.writestr(name, change(text.decode()).encode() if re.search(parts, name) else text)
    return out.getvalue()


SPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def strict(text: str) -> str:
    """As the strict form of the standard writes it."""
    for name, other in SPACES.items():
        text = text.replace(name, other)
    return text


WITH_VAT = [*GOOD, "vat"]
ERROR, FORMULA = (workbook(WITH_VAT, [*GOOD.values(), value]) for value in ("ERROR:#REF!", "=E2-D2"))


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (ERROR, ["error_in_cell"]),
        (changed(ERROR, lambda text: text.replace('t="e"', "t='e'")), ["error_in_cell"]),
        (changed(ERROR, lambda text: re.sub(r' r="[A-Z]*\d+"', "", text)), ["error_in_cell"]),
        (changed(ERROR, strict, "xml|rels"), ["error_in_cell"]),
        (FORMULA, ["not_calculated"]),
        (changed(FORMULA, lambda text: re.sub(r"<f>(.*?)</f><v ?/>|<f>(.*?)</f><v></v>", r"<f>\1\2</f>", text)), ["not_calculated"]),
        (changed(FORMULA, lambda text: re.sub(r"<v ?/>|<v></v>", "<v>0.26</v>", text)), []),
        (changed(FORMULA, lambda text: text.replace('r="F2"', 'r="F2" t="str"')), []),
    ],
    ids=["error", "other quotes", "without places", "strict", "not calculated", "no value at all", "calculated", "an empty text"],
)
def test_a_cell_without_a_value_is_not_taken_for_empty(hostile: Make, content: bytes, rules: list[str]) -> None:
    made = hostile(document({"files": "*.xlsx", "format": "excel", "columns": WITH_VAT}, {"vat_amount": "vat"}))
    made.write("2025-01-05.xlsx", content)
    outcome = made.night()
    assert (outcome.rules, outcome.refused) == ([("vat", rule) for rule in rules], {})
    assert outcome.ids == ([] if rules else ["3"])


SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
CONTENT = f"""<office:document-content xmlns:office="{SPACE}office:1.0" xmlns:table="{SPACE}table:1.0" xmlns:text="{SPACE}text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>
<table:table table:name="Other"><table:table-row><table:table-cell/></table:table-row></table:table>
<table:table table:name="Rows">{{rows}}</table:table></office:spreadsheet></office:body></office:document-content>"""


def opendocument(*rows: list[str]) -> bytes:
    """A workbook of LibreOffice; a value that begins with ERROR: is the attributes of an error cell."""

    def cell(value: str) -> str:
        if value.startswith("ERROR:"):
            return (
                f'<table:table-cell office:value-type="string" office:string-value="" {value[6:]}><text:p>#REF!</text:p></table:table-cell>'
            )
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' if value else "<table:table-cell/>"
        )

    lines = [f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows]
    lines.insert(
        1, '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{SPACE}manifest:1.0"/>')
        package.writestr("content.xml", CONTENT.format(rows="".join(lines)))
    return out.getvalue()


@pytest.mark.parametrize("attributes", ['calcext:value-type="error"', 'table:formula="of:=[.#REF!]"'])
def test_an_error_of_a_workbook_of_opendocument_is_not_taken_for_empty(hostile: Make, attributes: str) -> None:
    source = {"files": "*.ods", "format": "excel", "sheet": "Rows", "columns": WITH_VAT}
    made = hostile(document(source, {"vat_amount": "vat"}))
    rows = [[number, "C", "2025-01-04", "1.5", "1.5", vat] for number, vat in (("3", ""), ("4", f"ERROR:{attributes}"), ("5", "0.3"))]
    made.write("2025-01-05.ods", opendocument(WITH_VAT, *rows))
    outcome = made.night()
    assert outcome.ids == ["3", "5"]
    assert [item[:3] + item[4:5] for item in outcome.quarantine] == [("vat", "error_in_cell", "#REF!", 2)]


def formatted(column: str, value: object, number_format: str) -> bytes:
    """A workbook of one document, of which one cell has a format."""
    book, out = Workbook(), io.BytesIO()
    book.active.append(list(GOOD))
    book.active.append([value if name == column else GOOD[name] for name in GOOD])
    book.active.cell(2, list(GOOD).index(column) + 1).number_format = number_format
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (17, "00000", "00017"),
        (17.0, "00000", "00017"),
        (1234567, "00000", "1234567"),
        (0, "000", "000"),
        (17, "00000;-00000", "00017"),
        (-17, "00000;-00000", "-00017"),
        (1234, "[<=99999]00000;00000-0000", "01234"),
        (12345678, "[<=99999]00000;00000-0000", "01234-5678"),
        (1234567, "[<=9999999]000-0000;(000) 000-0000", "123-4567"),
        (17, '00";"00', "00;17"),
        (17, "00000;@", "00017"),
        (123456789, "000-00-0000", "123-45-6789"),
        (1234567890, "000-00-0000", "1234-56-7890"),
        (17, '"K-"0000', "K-0017"),
        (17, r"\K0000", "K0017"),
        (17, "[Red]0000", "0017"),
        (17, "[$-413]0000", "0017"),
        (17, "#00000", "00017"),
        (1234567, "##0000", "1234567"),
        (17, "#,##00", "17"),
        (17, "?????", "17"),
        (17, "General", "17"),
        (17, "0", "17"),
        (17, "#,##0", "17"),
        (17, "0.00", "17"),
        (17, '0 "st"', "17"),
        (17.5, "00000", "17.5"),
        ("17", "00000", "17"),
    ],
)
def test_a_number_that_is_shown_with_leading_zeros_is_what_is_shown(
    hostile: Make, value: object, number_format: str, expected: str
) -> None:
    outcome = excel(hostile, formatted("customer", value, number_format)).night()
    assert ([row[1] for row in outcome.rows], outcome.quarantine) == ([expected], [])


def test_an_amount_that_is_shown_with_leading_zeros_is_its_amount(hostile: Make) -> None:
    assert [row[4] for row in excel(hostile, formatted("gross", 150, "00000")).night().rows] == [Decimal(150)]


def test_a_number_of_opendocument_is_what_is_shown(hostile: Make) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    shown = {"00017": "17", "123-45-6789": "123456789", "1.234": "1234", "0,50": "0.5"}
    rows = [[f"{number}", "C", "2025-01-04", "1.5", "1.5"] for number in range(len(shown))]
    content = opendocument(list(GOOD), *rows)

    def with_numbers(text: str) -> str:
        for number, (said, value) in enumerate(shown.items()):
            text = text.replace("<text:p>C</text:p></table:table-cell>", f"<text:p>C{number}</text:p></table:table-cell>", 1)
            old = f'<table:table-cell office:value-type="string"><text:p>C{number}</text:p></table:table-cell>'
            text = text.replace(old, cell.format(value, said))
        return text

    made = hostile(document({"files": "*.ods", "format": "excel", "sheet": "Rows"}))
    made.write("2025-01-05.ods", changed(content, with_numbers, "content.xml"))
    assert [row[1] for row in made.night().rows] == ["00017", "123-45-6789", "1234", "0.5"]


def with_a_chart_first() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (list(GOOD), list(GOOD.values())):
        book.active.append(row)
    book.create_chartsheet("Chart", 0)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("text", "expected"), [("1,50", "1.5"), ("1.234,50", "1234.5"), ("1.50", None), ("1,234.50", None)])
def test_text_in_a_workbook_is_read_in_the_declared_notation(hostile: Make, text: str, expected: str | None) -> None:
    outcome = excel(hostile, workbook(list(GOOD), ["3", "C", "04.01.2025", 1.5, text]), notation=EUROPE).night()
    assert [item[4] for item in outcome.rows] == ([Decimal(expected)] if expected else [])


def test_errors_beside_the_columns_that_are_read_do_no_harm(hostile: Make) -> None:
    content = workbook([*GOOD, "note", ""], [*GOOD.values(), "ERROR:#NAME?", "ERROR:#N/A"])
    assert excel(hostile, content).night().ids == ["3"]


@pytest.mark.parametrize(
    ("made", "source", "expected"),
    [
        (workbook(list(GOOD), list(GOOD.values()), sheets=("old", "list"), hidden=("old",)), {}, ["3"]),
        (workbook(list(GOOD), list(GOOD.values()), sheets=("list",), hidden=()), {"sheet": "list"}, ["3"]),
        (workbook(list(GOOD), list(GOOD.values()), sheets=("shown", "list"), hidden=("list",)), {"sheet": "list"}, ["3"]),
        (workbook(list(GOOD), list(GOOD.values())), {"sheet": "nowhere"}, "has no sheet 'nowhere'; it has Sheet"),
        (workbook(list(GOOD), list(GOOD.values()), sheets=("empty", "list")), {"sheet": "empty"}, "no row 1"),
        (two_sheets(list(GOOD)), {}, "2 of its sheets have the columns of this source: Jan, Feb. Declare"),
        (two_sheets(list(GOOD)), {"sheet": "Feb"}, ["4"]),
        (two_sheets(["what the columns mean", "customer"]), {}, ["3"]),
        (workbook(["Report"], [], list(GOOD), list(GOOD.values())), {"header_row": 3}, ["3"]),
        (workbook(list(GOOD), list(GOOD.values()), ["Total", None, None, 1.5, 1.5]), {"skip_footer": 1}, ["3"]),
        (workbook(list(GOOD), [], list(GOOD.values()), []), {}, ["3"]),
        (with_a_chart_first(), {}, ["3"]),
        (b"no workbook", {}, "not readable as an Excel workbook"),
        (workbook(list(GOOD), list(GOOD.values()))[:-200], {}, "not readable"),
        (workbook(list(GOOD), list(GOOD.values())), {"largest_file": 6_000}, "unpacks to more than"),
        (workbook(["number", "customer", "issued", "net"], ["3", "C", date(2025, 1, 4), 1.5]), {}, "header lacks gross"),
        (workbook([*GOOD, "gross"], [*GOOD.values(), 1]), {}, "names gross twice"),
    ],
    ids=["hidden first", "named", "hidden and named", "no such sheet", "empty sheet", "two alike", "one of two alike", "another beside it", "title rows", "footer", "blank rows", "chart first", "no workbook", "cut off", "bomb", "no column", "twice"],
)  # fmt: skip
def test_workbook(hostile: Make, made: bytes, source: dict, expected: list[str] | str) -> None:
    outcome = excel(hostile, made, source).night()
    if isinstance(expected, str):
        assert expected in outcome.refused["2025-01-05.xlsx"]
    else:
        assert (outcome.ids, outcome.refused) == (expected, {})


def test_a_zip_of_anything_is_no_workbook(hostile: Make) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    assert "not readable as an Excel workbook" in excel(hostile, out.getvalue()).night().refused["2025-01-05.xlsx"]
