"""Every way in which a file can be wrong: a row is quarantined, a file is refused, nothing is lost and nothing guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.pipelines.sources.conftest import HEADER, SmallCompany

GOOD = HEADER + "1,A,2025-01-02,100.00,121.00\n2,B,2025-01-03,50.00,60.50\n"


def refusal(small: SmallCompany) -> str:
    loaded = small.load()
    assert len(loaded.landing.refusals) == 1
    return loaded.landing.refusals[0].reason


def test_good_file_is_loaded_with_exact_decimals(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", GOOD)
    assert small.load().invoices() == [("1", "A", Decimal("121.0000")), ("2", "B", Decimal("60.5000"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty, without even a header"),
        (b"number,customer,issued,net\n1,A,2025-01-02,1\n", "header lacks gross"),
        (b"number,customer,issued,net,gross,gross\n", "names gross twice"),
        (HEADER.encode() + b"1,Caf\xe9,2025-01-02,1,1\n", "not utf-8: byte 0xe9"),
        (HEADER.encode() + b'1,"A,2025-01-02,1,1\n2,B,2025-01-02,1,1\n', "quote that is never closed"),
    ],
    ids=["zero bytes", "missing column", "column twice", "wrong encoding", "open quote"],
)
def test_broken_file_is_refused_and_the_others_go_on(small: SmallCompany, content: bytes, words: str) -> None:
    small.write("2025-01-03.csv", GOOD)
    small.write("2025-01-04.csv", content)
    assert words in refusal(small)
    assert len(small.load().invoices()) == 2


def test_refused_file_comes_in_once_it_is_replaced(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", b"")
    assert len(small.load().landing.refusals) == 1
    small.write("2025-01-03.csv", GOOD)
    loaded = small.load()
    assert loaded.landing.refusals == []
    assert len(loaded.invoices()) == 2


def test_file_without_a_day_in_its_name_is_refused(small: SmallCompany) -> None:
    small.write("invoices.csv", GOOD)
    assert "holds no day" in refusal(small)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("3,C,2025-01-04,1.00", (None, "too_few_fields", "3,C,2025-01-04,1.00")),
        ("3,C,2025-01-04,1.00,1.21,9", (None, "too_many_fields", "3,C,2025-01-04,1.00,1.21,9")),
        ("3,C,04-01-2025,1.00,1.21", ("issued_date", "not_a_date", "04-01-2025")),
        ("3,C,2025-02-30,1.00,1.21", ("issued_date", "not_a_date", "2025-02-30")),
        ('3,C,2025-01-04,"1,00",1.21', ("net_amount", "not_a_amount", "1,00")),
        ("3,C,2025-01-04,1.00,1.21005", ("gross_amount", "not_a_amount", "1.21005")),
        ("3,C,2025-01-04,abc,1.21", ("net_amount", "not_a_amount", "abc")),
        ("3,  ,2025-01-04,1.00,1.21", ("customer_id", "required", "  ")),
        (",C,2025-01-04,1.00,1.21", ("invoice_id", "required", None)),
    ],
)
def test_misfit_is_quarantined_with_column_rule_value_and_row(small: SmallCompany, row: str, problem: tuple) -> None:
    small.write("2025-01-03.csv", GOOD + row + "\n4,D,2025-01-04,1.0000,1.21\n")
    loaded = small.load()
    assert [item[0] for item in loaded.invoices()] == ["1", "2", "4"]
    assert loaded.quarantine() == [(*problem, "2025-01-03.csv", 3)]
    assert loaded.accounts() == [("2025-01-03.csv", 4, 3, 0, 1)]


def test_rows_keep_their_number_behind_a_row_of_the_wrong_shape(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", HEADER + "bad\n\n1,A,2025-01-02,1,1\n2,B,never,1,1\n")
    assert [(rule, row) for _, rule, _, _, row in small.load().quarantine()] == [("too_few_fields", 1), ("not_a_date", 3)]


def test_quarantine_carries_the_whole_delivered_row(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", HEADER + "1,A,never,1.00,1.21\n")
    ((content,),) = small.load().query("select delivered_row from raw.quarantine")
    assert '"customer":"A"' in content
    assert '"issued":"never"' in content


def test_declared_notation_is_read_and_no_other(small: SmallCompany) -> None:
    small.document["notation"] = {"date_format": "%d-%m-%Y", "decimal_sign": ",", "thousands_sign": "."}
    small.document["sources"]["invoices"] |= {"delimiter": ";", "encoding": "cp1252"}
    small.write(
        "2025-01-03.csv",
        "number;customer;issued;net;gross\r\n1;Café;31-12-2024;1.234,50;1.493,75\r\n2;B;2024-12-31;1;1\r\n".encode("cp1252"),
    )
    loaded = small.load()
    assert loaded.invoices() == [("1", "Café", Decimal("1493.7500"))]
    assert [(column, rule) for column, rule, *_ in loaded.quarantine()] == [("issued_date", "not_a_date")]


def test_file_name_with_glob_signs_is_read_as_itself(small: SmallCompany) -> None:
    small.write("2025-01-03[1]*.csv", GOOD)
    assert len(small.load().invoices()) == 2


def test_mixed_line_ends_are_read(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", GOOD.replace("\n", "\r\n") + '3,"C\nD",2025-01-04,1,1\n4,E,2025-01-04,1,1\r\n')
    loaded = small.load()
    assert [customer for _, customer, _ in loaded.invoices()] == ["A", "B", "C\nD", "E"]
    assert loaded.landing.refusals == []


def test_column_called_like_one_of_ours_is_read(small: SmallCompany) -> None:
    small.document["sources"]["invoices"]["columns"] += ["delivery_id", "path", "filename"]
    small.document["entities"]["invoices"]["columns"]["order_id"] = "delivery_id || path || filename"
    small.write("2025-01-03.csv", "number,customer,issued,net,gross,delivery_id,path,filename\n1,A,2025-01-02,1,1,x,y,z\n")
    assert small.load().query("select order_id from raw.invoices") == [("xyz",)]


def test_quoted_line_breaks_and_delimiters_stay_in_one_value(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", HEADER + '1,"A, B\nand ""C""",2025-01-02,1,1\n')
    assert small.load().invoices()[0][1] == 'A, B\nand "C"'


def json_company(small: SmallCompany) -> None:
    small.document["sources"]["invoices"] |= {"files": "*.jsonl", "format": "jsonl"}


def test_json_lines_are_read_and_broken_lines_quarantined(small: SmallCompany) -> None:
    json_company(small)
    good = '{"number": "1", "customer": "A", "issued": "2025-01-02", "net": 1.5, "gross": "1.82", "extra": {"a": 1}}'
    small.write("2025-01-03.jsonl", good + '\n{"number": \n\n[1]\n')
    loaded = small.load()
    assert loaded.invoices() == [("1", "A", Decimal("1.8200"))]
    assert [rule for _, rule, *_ in loaded.quarantine()] == ["not_a_json_object", "not_a_json_object"]
    assert loaded.accounts() == [("2025-01-03.jsonl", 3, 1, 0, 2)]


def test_parquet_is_read_by_its_own_types_and_refused_when_cut_off(small: SmallCompany) -> None:
    import duckdb

    small.document["sources"]["invoices"] |= {"files": "*.parquet", "format": "parquet"}
    small.document["notation"] = {"date_format": "%d/%m/%Y", "decimal_sign": ","}
    path = small.data / "2025-01-03.parquet"
    duckdb.execute(
        "copy (select '1' as number, 'A' as customer, date '2025-01-02' as issued, 1.5::decimal(9,2) as net, 1.82::decimal(9,2) as gross)"
        f" to '{path}' (format parquet)"
    )
    content = path.read_bytes()
    assert small.load().invoices() == [("1", "A", Decimal("1.8200"))]
    small.write("2025-01-04.parquet", content[: len(content) // 2])
    assert "not readable as Parquet" in refusal(small)


def test_parquet_that_is_written_again_under_its_name_is_looked_into_again(small: SmallCompany) -> None:
    """The engine that looks is kept; what it has seen of a file is not."""
    import os

    import duckdb

    small.document["sources"]["invoices"] |= {"files": "*.parquet", "format": "parquet"}
    path = small.data / "2025-01-03.parquet"
    for number, columns in (("1", "'1' as number"), ("2", "'2' as number, 7 as other"), ("3", "'3' as number, 8 as other")):
        duckdb.execute(
            f"copy (select {columns}, 'A' as customer, '2025-01-02' as issued, '1.50' as net, '1.82' as gross) to '{path}' (format parquet)"
        )
        os.utime(path, ns=(10**18, 10**18))
        assert [row[0] for row in small.load().invoices()] == [number]
    path.write_bytes(path.read_bytes()[:40])
    os.utime(path, ns=(10**18, 10**18))
    assert "not readable as Parquet" in refusal(small)


def test_excel_sheet_is_read(small: SmallCompany) -> None:
    pytest.importorskip("openpyxl", reason="writes the workbook of this test")
    import datetime

    from openpyxl import Workbook

    small.document["sources"]["invoices"] |= {"files": "*.xlsx", "format": "excel", "sheet": "list"}
    workbook = Workbook()
    sheet = workbook.create_sheet("list")
    sheet.append(["number", "customer", "issued", "net", "gross"])
    sheet.append([1, "A", datetime.date(2025, 1, 2), 1.5, 1.82])
    sheet.append([2, "B", "soon", 1.5, 1.82])
    workbook.save(small.data / "2025-01-03.xlsx")
    loaded = small.load()
    assert loaded.invoices() == [("1", "A", Decimal("1.8200"))]
    assert [(rule, row) for _, rule, _, _, row in loaded.quarantine()] == [("not_a_date", 2)]
    small.write("2025-01-04.xlsx", b"not a workbook")
    assert "not readable as an Excel workbook" in refusal(small)


def test_file_without_a_header_is_read_by_its_declared_names_and_loses_no_row(small: SmallCompany) -> None:
    small.document["sources"]["invoices"]["header"] = ["number", "customer", "issued", "net", "gross"]
    small.write("2025-01-03.csv", GOOD.removeprefix(HEADER))
    # A row of the wrong shape makes a clean copy, which has a header of its own.
    small.write("2025-01-04.csv", "3,C,2025-01-04,1.00\n4,D,2025-01-04,1.00,1.21\n")
    loaded = small.load()
    assert [row[0] for row in loaded.invoices()] == ["1", "2", "4"]
    assert loaded.quarantine() == [(None, "too_few_fields", "3,C,2025-01-04,1.00", "2025-01-04.csv", 1)]
