"""Files as such: whatever is wrong in one is a refusal or a reject of that one; the good file beside it is loaded."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from tests.hostile.company import GOOD, HEADER, HostileCompany, document

ROW = "3,C,2025-01-04,1.00,1.21\n"
Make = Callable[[dict | None], HostileCompany]


@dataclass(frozen=True)
class Case:
    """One file and what must become of it: ids beside those of the good file, quarantine, or words of its refusal."""

    content: bytes
    ids: tuple[str, ...] = ()
    rules: tuple[tuple, ...] = ()
    refused: str = ""
    source: dict = field(default_factory=dict)
    name: str = "2025-01-04.csv"


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "."), content)
    return out.getvalue()


def text(content: str, **rest) -> Case:
    return Case(content.encode(rest.pop("encoding", "utf-8")), **rest)


CASES = {
    # ------------------------------------------------------------------------------------------------ headers
    "zero bytes": Case(b"", refused="empty, without even a header"),
    "blank lines only": text("\n\n\n", refused="header lacks number"),
    "header only": text(HEADER),
    "no header line": text(ROW, refused="header lacks number, customer"),
    "header in capitals": text(HEADER.upper() + ROW, refused="'NUMBER' differs from 'number' in case only"),
    "header with blanks": text(HEADER.replace(",", ", ") + ROW, refused="header lacks customer"),
    "header with a blank that shows as any other": text(HEADER.replace("customer", "customer\u00a0") + ROW, refused="'customer\\xa0' differs from 'customer' in blanks or"),
    "header behind two marks": Case(b"\xef\xbb\xbf\xef\xbb\xbf" + (HEADER + ROW).encode(), refused="'\\ufeffnumber' differs from 'number' in blanks or"),
    "a column less": text("number,customer,issued,net\n3,C,2025-01-04,1\n", refused="header lacks gross"),
    "a wanted column twice": text("number,customer,issued,net,gross,net\n3,C,2025-01-04,1,1,2\n", refused="names net twice"),
    "an unwanted column twice": text("number,customer,issued,net,gross,x,x\n3,C,2025-01-04,1,1,2,2\n", ids=("3",)),
    "columns in another order": text("gross,net,issued,customer,number\n1.21,1,2025-01-04,C,3\n", ids=("3",)),
    "other delimiter": text((HEADER + ROW).replace(",", ";"), refused="header lacks number"),
    "index column of a data frame": text(",number,customer,issued,net,gross\n0,3,C,2025-01-04,1,1\n", ids=("3",)),
    "delimiter behind every row": text("number,customer,issued,net,gross,\n3,C,2025-01-04,1,1,\n", ids=("3",)),
    "two nameless columns": text("number,customer,issued,net,gross,,\n3,C,2025-01-04,1,1,,\n", ids=("3",)),
    "column called _row_number": text("_row_number,number,customer,issued,net,gross\n9,3,C,2025-01-04,1,1\n", ids=("3",)),
    "column called _delivery_id": text("_delivery_id,number,customer,issued,net,gross\n9,3,C,2025-01-04,1,1\n", ids=("3",)),
    "column called _path": text("_path,number,customer,issued,net,gross\n9,3,C,2025-01-04,1,1\n", ids=("3",)),
    "column called path and w0 and c0": text("path,w0,c0,row_number,place,number,customer,issued,net,gross\n1,2,3,4,5,3,C,2025-01-04,1,1\n", ids=("3",)),
    "column called file_row_number": text("file_row_number,filename,number,customer,issued,net,gross\n9,f,3,C,2025-01-04,1,1\n", ids=("3",)),
    "columns that differ in case": text("number,customer,issued,net,gross,Net,NET\n3,C,2025-01-04,1,1.21,7,8\n", ids=("3",)),
    "column with a quote": text('number,customer,issued,net,gross,"a""b\'c"\n3,C,2025-01-04,1,1.21,7\n', ids=("3",)),
    "column called as SQL": text('number,customer,issued,net,gross,"x; drop table raw.invoices"\n3,C,2025-01-04,1,1.21,7\n', ids=("3",)),
    "two thousand columns": text(
        ",".join([HEADER.strip(), *(f"x{n}" for n in range(2000))]) + "\n" + ",".join([ROW.strip(), *"1" * 2000]) + "\n", ids=("3",)
    ),
    # --------------------------------------------------------------------------------------------------- rows
    "row too short": text(HEADER + "3,C,2025-01-04,1.00\n", rules=((None, "too_few_fields"),)),
    "row too long": text(HEADER + "3,C,2025-01-04,1.00,1.21,9\n", rules=((None, "too_many_fields"),)),
    "row of nothing but delimiters": text(HEADER + ",,,,\n" + ROW, ids=("3",), rules=(("customer_id", "required"), ("gross_amount", "required"), ("invoice_id", "required"), ("issued_date", "required"), ("net_amount", "required"))),
    "decimal comma without quotes": text(HEADER + "3,C,2025-01-04,1,00,1,21\n", rules=((None, "too_many_fields"),)),
    "blank lines between": text(HEADER + "\n" + ROW + "\n\n", ids=("3",)),
    "no line end at the end": text(HEADER + ROW.strip(), ids=("3",)),
    "old Mac line ends": text((HEADER + ROW).replace("\n", "\r"), ids=("3",)),
    "Windows line ends": text((HEADER + ROW).replace("\n", "\r\n"), ids=("3",)),
    "mixed line ends": text(HEADER.replace("\n", "\r\n") + ROW + ROW.replace("3", "4", 1), ids=("3", "4")),
    "a return inside quotes": text(HEADER + '3,"C\rD",2025-01-04,1,1\n', ids=("3",)),
    "a line break inside quotes": text(HEADER + '3,"C\nD",2025-01-04,1,1\n', ids=("3",)),
    "delimiters and breaks inside quotes": text(HEADER + '3,"C, D\nand ""E"", F",2025-01-04,1,1\n', ids=("3",)),
    "two stray quotes swallow a row": text(HEADER + '3,"C,2025-01-04,1,1\n4,D",2025-01-04,1,1\n5,E,2025-01-04,1,1\n', ids=("5",), rules=((None, "swallowed_rows"),)),
    "two stray quotes swallow many rows": text(
        HEADER + '3,"C,2025-01-04,1,1\n' + "".join(f"{n},D,2025-01-04,1,1\n" for n in range(4, 40)) + '40,E",2025-01-04,1,1\n', rules=((None, "swallowed_rows"),)
    ),
    "a quote that is never closed": text(HEADER + '3,"C,2025-01-04,1,1\n4,D,2025-01-04,1,1\n', refused="never closed"),
    "a sign behind a closing quote": text(HEADER + '3,"C"x,2025-01-04,1,1\n', refused="line 2"),
    "a quote within a field": text(HEADER + '3,5" pipe,2025-01-04,1,1\n', ids=("3",)),
    "escaped by a backslash": text(HEADER + '3,"C\\"D",2025-01-04,1,1\n', refused="line 2"),
    "two rows of one number that agree": text(HEADER + ROW + ROW, ids=("3",)),
    "two rows of one number that do not": text(HEADER + ROW + "3,C,2025-01-04,2.00,2.42\n", ids=("3",), rules=(("invoice_id", "duplicate_key"),)),
    "a field beyond the bound": text(HEADER + f"3,{'C' * 200},2025-01-04,1,1\n", refused="larger than field limit", source={"largest_field": 100}),
    "a line beyond the bound": Case(HEADER.encode() + b"3," * 2_000_000, refused="a line is longer than"),
    "a NUL byte": Case((HEADER + "3,C\0,2025-01-04,1,1\n").encode(), refused="holds NUL bytes"),
    "not text at all": Case(bytes(range(256)) * 8, refused="NUL bytes"),
    "a formula": text(HEADER + "3,=1+1,2025-01-04,1,1\n", ids=("3",)),
    "ten thousand rows of another shape": text(HEADER + "3;C;2025-01-04;1;1\n" * 3000, refused="3,000 of 3,000 rows are not"),
    # ----------------------------------------------------------------------------------------------- encodings
    "UTF-8 with a mark": Case(b"\xef\xbb\xbf" + (HEADER + ROW).encode(), ids=("3",)),
    "UTF-8 with a mark, declared by its other name": text(HEADER + "3,Caf\u00e9,2025-01-04,1,1\n", encoding="utf-8-sig", ids=("3",), source={"encoding": "utf-8-sig"}),
    "UTF-16 with a mark, declared with the order of its bytes": Case(b"\xff\xfe" + (HEADER + ROW).encode("utf-16-le"), ids=("3",), source={"encoding": "utf-16-le"}),
    "UTF-16 without a mark, declared with the order of its bytes": text(HEADER + ROW, encoding="utf-16-be", ids=("3",), source={"encoding": "utf-16-be"}),
    "UTF-16 where UTF-8 is declared": text(HEADER + ROW, encoding="utf-16", refused="NUL bytes"),
    "UTF-16 as declared": text(HEADER + ROW, encoding="utf-16", ids=("3",), source={"encoding": "utf-16"}),
    "UTF-16 cut off": Case((HEADER + ROW).encode("utf-16")[:-1], refused="not utf-16", source={"encoding": "utf-16"}),
    "cp1252 where UTF-8 is declared": text(HEADER + "3,Caf\u00e9,2025-01-04,1,1\n", encoding="cp1252", refused="not utf-8: byte 0xe9"),
    "cp1252 as declared": text(HEADER + "3,Caf\u00e9,2025-01-04,1,1\n", encoding="cp1252", ids=("3",), source={"encoding": "cp1252"}),
    "UTF-8 where cp1252 is declared": text(HEADER + "3,Caf\u00e9,2025-01-04,1,1\n", refused="valid UTF-8", source={"encoding": "cp1252"}),
    "UTF-8 where Latin-1 is declared": text(HEADER + "3,\u20ac,2025-01-04,1,1\n", refused="valid UTF-8", source={"encoding": "latin-1"}),
    **{
        f"{word} of {written} where {declared} is declared": text(HEADER + f"3,{word},2025-01-04,1,1\n", encoding=written, refused=said, source={"encoding": declared})
        for written, declared, word, said in (
            ("cp850", "cp1252", "Rog\u00e9rs", "in which byte 0x82 is '\u201a': near line 2 it stands in 'Rog\u201ars'. Probably cp850 (where it is '\u00e9')"),
            ("cp850", "cp1252", "J\u00e4ger", "'J\u201eger'"),
            ("cp850", "cp1252", "M\u00f6ller", "'M\u201dller'"),
            ("cp850", "cp1252", "Se\u00f1or", "'Se\u00a4or'"),
            ("cp850", "latin-1", "J\u00e4ger", "byte 0x84 is '\\x84'"),
            ("cp1252", "latin-1", "5 \u20ac", "Probably cp1252 (where it is '\u20ac') or cp850 (where it is '\u00c7')"),
            ("cp1252", "latin-1", "\u20ac", "byte 0x80 is '\\x80'"),
            ("cp1252", "cp850", "M\u00fcller", "Probably cp1252 (where it is '\u00fc')"),
            ("cp1252", "cp850", "M\u00f6ller", "'M\u00f7ller'"),
            ("cp850", "iso8859-15", "M\u00f6ller", "byte 0x94"),
        )
    },
    **{
        f"{word} as {written} declares": text(HEADER + f"3,{word},2025-01-04,1,1\n", encoding=written, ids=("3",), source={"encoding": written})
        for written, word in (
            ("cp1252", "O\u2019Brien \u201eM\u00fcller\u201d caf\u00e9\u2014bar \u20ac5 wait\u2026what L\u00b7L 2\u00d74 5\u00bdinch A\u00a0B\u2122"),
            ("cp850", "M\u00fcller Jos\u00e9 \u00d3scar Se\u00f1or \u00bd 5\u00b2 m\u00b3"),
            ("iso8859-15", "\u20ac \u0160ko\u010d".replace("\u010d", "da")),
            ("cp1250", "\u0160koda \u0141\u00f3d\u017a"),
            ("cp1251", "\u0418\u0432\u0430\u043d\u043e\u0432"),
            ("mac-roman", "Caf\u00e9 M\u00fcller"),
            ("cp037", "M\u00fcller"),
            ("cp857", "M\u00fc\u015fteri"),
            ("cp1253", "\u0391\u03b2\u03b3\u00b5"),
            ("koi8-r", "\u0418\u0432\u0430\u043d Ltd"),
        )
    },
    "cp850 that a company insists is cp1252": text(
        HEADER + "3,M\u00f6ller,2025-01-04,1,1\n", encoding="cp850", ids=("3",), source={"encoding": "cp1252", "is_encoding_certain": True}
    ),
    "UTF-8 that a company insists is cp1252": text(
        HEADER + "3,Caf\u00e9,2025-01-04,1,1\n", ids=("3",), source={"encoding": "cp1252", "is_encoding_certain": True}
    ),
    "ASCII where cp1252 is declared": text(HEADER + ROW, ids=("3",), source={"encoding": "cp1252"}),
    "a byte that cp1252 does not have": Case((HEADER).encode() + b"3,C\x81\xe9,2025-01-04,1,1\n", refused="not cp1252: byte 0x81", source={"encoding": "cp1252"}),
    "a broken sign of UTF-8": Case((HEADER).encode() + b"3,C\xc3,2025-01-04,1,1\n", refused="not utf-8: byte 0xc3"),
    "a surrogate in UTF-8": Case((HEADER).encode() + b"3,C\xed\xa0\x80,2025-01-04,1,1\n", refused="not utf-8"),
    # --------------------------------------------------------------------------------------- title rows, footers
    "title rows as declared": text("Ledger,,,,\nPrinted,,,,\n,,,,\n" + HEADER + ROW, ids=("3",), source={"header_row": 4}),
    "title rows that are not declared": text("Ledger,,,,\n" + HEADER + ROW, refused="header lacks number"),
    "fewer lines than title rows": text(HEADER, refused="it has no line 4", source={"header_row": 4}),
    "a footer as declared": text(HEADER + ROW + "Total: 1,,,1.00,1.21\n", ids=("3",), source={"skip_footer": 1}),
    "a footer that is not declared": text(HEADER + ROW + "Total: 1,,,1.00,1.21\n", ids=("3",), rules=(("customer_id", "required"), ("issued_date", "required"))),
    "no row beside a footer": text(HEADER + "Total: 0,,,0.00,0.00\n", source={"skip_footer": 1}),
    "no footer where one is declared": text(HEADER + ROW + ROW.replace("3", "4", 1), refused="holds a row with every column filled", source={"skip_footer": 1}),
    "a longer footer than there are rows": text(HEADER + ROW, refused="holds a row with every column filled", source={"skip_footer": 5}),
    "a pattern of rows that are no data": text(HEADER + ROW + "Total\nPage 1,,,,\n4,D,2025-01-04,1,1\n", ids=("3", "4"), source={"skip_pattern": "Total|Page"}),
    "a pattern that takes a row full of data": text(HEADER + ROW + "Totally,D,2025-01-04,1,1\nTotal,,,1,1\n", ids=("3",), rules=((None, "skipped_but_full"),), source={"skip_pattern": "Total"}),
    "a pattern that takes the header of each page": text(HEADER + ROW + HEADER + "4,D,2025-01-04,1,1\n", ids=("3", "4"), source={"skip_pattern": "number"}),
    "a pattern that surely takes rows full of data": text(HEADER + ROW + "Totally,D,2025-01-04,1,1\n", ids=("3",), source={"skip_pattern": "Total", "is_skip_pattern_certain": True}),
    "a pattern and a footer": text(HEADER + "#,,,,\n" + ROW + "#,x,x,x,x\nx,,,,\n", ids=("3",), rules=((None, "skipped_but_full"),), source={"skip_pattern": "#", "skip_footer": 1}),
    "names for a file without a header": text(ROW, ids=("3",), source={"header": ["number", "customer", "issued", "net", "gross"], "files": "*.txt"}, name="2025-01-04.txt"),
    # -------------------------------------------------------------------------------------------------- packed
    "gzip": Case(gzip.compress((HEADER + ROW).encode()), ids=("3",), name="2025-01-04.csv.gz"),
    "gzip in capitals": Case(gzip.compress((HEADER + ROW).encode()), ids=("3",), name="2025-01-04.CSV.GZ"),
    "gzip cut off": Case(gzip.compress((HEADER + ROW * 100).encode())[:-20], refused="cannot be unpacked", name="2025-01-04.csv.gz"),
    "gzip that is none": Case((HEADER + ROW).encode(), refused="cannot be unpacked", name="2025-01-04.csv.gz"),
    "gzip within a plain name": Case(gzip.compress((HEADER + ROW).encode()), refused="", rules=(), ids=(), name="2025-01-04.txt.gz"),
    "a bomb of gzip": Case(gzip.compress(b"0" * 5_000_000), refused="unpacks to more than", source={"largest_file": 1_000_000}, name="2025-01-04.csv.gz"),
    "zip of one file": Case(zipped(any__csv=HEADER + ROW), ids=("3",), name="2025-01-04.csv.zip"),
    "zip of one file beside hidden ones": Case(zipped(any__csv=HEADER + ROW, __DS_Store="x"), ids=("3",), name="2025-01-04.csv.zip"),
    "zip of a zip": Case(zipped(a__zip=zipped(any__csv=HEADER + ROW)), refused="a.zip in it is an archive itself", name="2025-01-04.csv.zip"),
    "zip of a zip under another name": Case(zipped(a__csv=zipped(any__csv=HEADER + ROW)), refused="a.csv in it is an archive itself (zip)", name="2025-01-04.csv.zip"),
    "gzip of gzip": Case(gzip.compress(gzip.compress((HEADER + ROW).encode())), refused="2025-01-04.csv in it is an archive itself (gzip)", name="2025-01-04.csv.gz"),
    "gzip of a tar": Case(gzip.compress(b"a.csv".ljust(257, b"\0") + b"ustar".ljust(400, b"\0")), refused="is an archive itself (tar)", name="2025-01-04.csv.gz"),
    "a zip by what it holds": Case(zipped(any__csv=HEADER + ROW), refused="it is an archive (zip), which its name does not say"),
    "a rar by what it holds": Case(b"Rar!\x1a\x07\x01\x00abc", refused="it is an archive (rar)"),
    "text that begins like an archive": text("PK,number,customer,issued,net,gross\nBZh9," + ROW, ids=("3",)),
    "zip of two files": Case(zipped(a__csv=HEADER, b__csv=HEADER), refused="packs 2 files (a.csv, b.csv)", name="2025-01-04.csv.zip"),
    "zip of nothing": Case(zipped(), refused="packs 0 files", name="2025-01-04.csv.zip"),
    "zip that is none": Case(b"PK not", refused="cannot be unpacked", name="2025-01-04.csv.zip"),
    "zip cut off": Case(zipped(any__csv=HEADER + ROW * 500)[:-30], refused="cannot be unpacked", name="2025-01-04.csv.zip"),
    "a bomb of zip": Case(zipped(any__csv="0" * 5_000_000), refused="unpacks to more than", source={"largest_file": 1_000_000}, name="2025-01-04.csv.zip"),
    "a file beyond the bound": text(HEADER + ROW * 1000, refused="largest_file allows", source={"largest_file": 1000}),
    # --------------------------------------------------------------------------------------------------- names
    "a name in capitals": text(HEADER + ROW, ids=("3",), name="2025-01-04.CSV"),
    "a name with signs of a pattern": text(HEADER + ROW, ids=("3",), name="2025-01-04[1]*?.csv"),
    "a name with a quote": text(HEADER + ROW, ids=("3",), name="2025-01-04 it's.csv"),
    "a name with a line break": text(HEADER + ROW, ids=("3",), name="2025-01-04\n.csv"),
    "a name without a day": text(HEADER + ROW, refused="holds no day", name="ledger.csv"),
    "a name with a day that is none": text(HEADER + ROW, refused="'2025-02-30' in its name is no day", name="2025-02-30.csv"),
    "a name in emoji": text(HEADER + ROW, ids=("3",), name="2025-01-04 \U0001f4b6.csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_file(hostile: Make, case: Case) -> None:
    company = hostile(document(case.source))
    good = GOOD.encode(case.source.get("encoding", "utf-8"))
    if case.source.get("header_row"):
        good = b"1,,,,\n" * 3 + good
    if case.source.get("header"):
        good = good.partition(b"\n")[2]
    if case.source.get("skip_footer"):
        good += b"x,,,,\n" * case.source["skip_footer"]
    suffix = case.source.get("files", "*.csv").removeprefix("*")
    company.write(f"2025-01-03{suffix}", good)
    company.write(case.name, case.content)
    for _ in range(2):  # the second night is none the worse for it
        outcome = company.night()
        assert outcome.ids == ["1", "2", *case.ids]
        assert outcome.rules == list(case.rules)
        assert list(outcome.refused) == ([case.name] if case.refused else [])
        if case.refused:
            assert case.refused in outcome.refused[case.name]
        assert all(item[3] == case.name and item[4] is not None and item[5] for item in outcome.quarantine)


def test_a_name_of_other_signs_that_look_alike_is_shown_by_its_signs(hostile: Make) -> None:
    company = hostile(document({"columns": ["num\u00e9ro", "customer", "issued", "net", "gross"]}, {"invoice_id": '"num\u00e9ro"'}))
    company.write("2025-01-04.csv", (HEADER + ROW).replace("number", "nume\u0301ro"))
    assert "'nume\\u0301ro' differs from 'num\u00e9ro' in blanks or signs" in company.night().refused["2025-01-04.csv"]


def test_what_is_no_file_is_named_and_never_opened(hostile: Make) -> None:
    company = hostile(None)
    company.write("2025-01-03.csv", GOOD)
    (company.data / "2025-01-04.csv").mkdir()
    (company.data / "2025-01-05.csv").symlink_to(company.data / "2025-01-03.csv")
    (company.data / "2025-01-06.csv").symlink_to("/nowhere")
    os.mkfifo(company.data / "2025-01-07.csv")
    outcome = company.night()
    assert outcome.ids == ["1", "2"]
    words = {"2025-01-04.csv": "is a folder", "2025-01-05.csv": "is a link", "2025-01-06.csv": "is a link", "2025-01-07.csv": "is a pipe"}
    assert {name: word for name, word in words.items() if word in outcome.refused[name]} == words


def test_a_folder_that_is_a_link_is_named_where_it_would_hold_files(hostile: Make) -> None:
    company = hostile(document({"files": "export/*.csv"}))
    (company.data / "export").symlink_to("/tmp")
    (company.data / "other").symlink_to("/tmp")
    assert list(company.night().refused) == ["export"]


def test_a_name_that_is_not_utf8_is_refused(hostile: Make) -> None:
    company = hostile(None)
    company.write("2025-01-03.csv", GOOD)
    with open(os.fsencode(company.data) + b"/2025-01-04\xe9.csv", "wb") as file:
        file.write((HEADER + ROW).encode())
    outcome = company.night()
    assert outcome.ids == ["1", "2"]
    assert outcome.refused == {r"2025-01-04\xe9.csv": "its name is not UTF-8. Rename it"}


def test_a_file_that_cannot_be_read_stops_no_other(hostile: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.sources import landing

    real = landing._sha256

    def denied(path):
        if path.name == "2025-01-04.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(landing, "_sha256", denied)
    company = hostile(None)
    company.write("2025-01-03.csv", GOOD)
    company.write("2025-01-04.csv", HEADER + ROW)
    outcome = company.night()
    assert outcome.ids == ["1", "2"]
    assert "Permission denied" in outcome.refused["2025-01-04.csv"]


def test_a_reader_that_breaks_stops_no_other_file(hostile: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.sources.readers import READERS

    real = type(READERS["csv"]).inspect

    def breaks(self, path, *rest, **named):
        if path.name == "2025-01-04.csv":
            raise ZeroDivisionError("of its own")
        return real(self, path, *rest, **named)

    monkeypatch.setattr(type(READERS["csv"]), "inspect", breaks)
    company = hostile(None)
    company.write("2025-01-03.csv", GOOD)
    company.write("2025-01-04.csv", HEADER + ROW)
    outcome = company.night()
    assert outcome.ids == ["1", "2"]
    assert "of its own" in outcome.refused["2025-01-04.csv"]


def test_a_value_is_exact_through_every_way_of_reading(hostile: Make) -> None:
    """The file itself, a clean copy after a short row, and a packed one give the same decimals."""
    company = hostile(None)
    row = "{},C,2025-01-04,12345678901234.1234,12345678901234.1234\n"
    company.write("2025-01-03.csv", HEADER + row.format(3))
    company.write("2025-01-04.csv", HEADER + row.format(4) + "short\n")
    company.write("2025-01-05.csv.gz", gzip.compress((HEADER + row.format(5)).encode()))
    assert {value[4] for value in company.night().rows} == {Decimal("12345678901234.1234")}
