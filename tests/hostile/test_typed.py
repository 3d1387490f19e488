"""Parquet and lines of JSON: a number is a number whatever notation is declared for text."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hostile.company import HostileCompany, document

Make = Callable[[dict | None], HostileCompany]
EUROPE = {"decimal_sign": ",", "thousands_sign": ".", "date_format": "%d.%m.%Y"}


# ------------------------------------------------------------------------------------------------------------ Parquet
def parquet(hostile: Make, select: str, **company) -> HostileCompany:
    made = hostile(document({"files": "*.parquet", "format": "parquet"}, **company))
    duckdb.execute(f"copy ({select}) to '{made.data}/2025-01-05.parquet' (format parquet)")
    return made


PARQUET = "select '3' as number, {customer} as customer, {issued} as issued, {net} as net, {gross} as gross"


@pytest.mark.parametrize("notation", [{}, EUROPE], ids=["point", "Europe"])
@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("gross", "1.5::double", Decimal("1.5")),
        ("gross", "12.34::decimal(9,2)", Decimal("12.34")),
        ("gross", "1234.5::float", Decimal("1234.5")),
        ("gross", "1234::bigint", Decimal(1234)),
        ("gross", "12345678901234.1234::decimal(18,4)", Decimal("12345678901234.1234")),
        ("gross", "1e20::double", None),
        ("gross", "'nan'::double", None),
        ("gross", "'inf'::double", None),
        ("gross", "null::double", None),
        ("gross", "true", None),
        ("issued", "date '2025-01-04'", date(2025, 1, 4)),
        ("issued", "timestamp '2025-01-04 23:30:00'", date(2025, 1, 4)),
        ("issued", "timestamptz '2025-01-05 00:30:00+01'", date(2025, 1, 5)),
        ("issued", "timestamptz '2025-01-04 23:30:00+00'", date(2025, 1, 5)),
        ("issued", "timestamptz '2025-01-04 22:59:59.999+00'", date(2025, 1, 4)),
        ("issued", "timestamp_ns '2025-01-04 10:00:00.123456789'", date(2025, 1, 4)),
        ("issued", "date 'infinity'", None),
        ("issued", "timestamp 'infinity'", None),
        ("issued", "1735948800::bigint", None),
        ("issued", "date '0025-01-04'", None),
        ("customer", "4500012::double", "4500012"),
        ("customer", "20000000000000000001::double", None),
        ("customer", "9007199254740993::double", None),
        ("customer", "9007199254740991::double", "9007199254740991"),
        ("customer", "16777217::float", None),
        ("customer", "16777215::float", "16777215"),
        ("gross", "16777217::float", None),
        ("gross", "9007199254740993::double", None),
        ("gross", "-16777215::float", Decimal(-16777215)),
        ("customer", "'1E+5'", "1E+5"),
        ("customer", "'1.5E+12'", None),
        ("customer", "encode('Caf\u00e9')", "Caf\u00e9"),
        ("customer", "'\\xFF'::blob", "\\xFF"),
    ],
)
def test_parquet_value(hostile: Make, notation: dict, column: str, value: str, expected: object) -> None:
    values = {"customer": "'C'", "issued": "date '2025-01-04'", "net": "1.5::double", "gross": "1.5::double"} | {column: value}
    outcome = parquet(hostile, PARQUET.format(**values), notation=notation).night()
    assert [item[{"customer": 1, "issued": 2, "gross": 4}[column]] for item in outcome.rows] == ([] if expected is None else [expected])
    assert len(outcome.quarantine) == (expected is None)


@pytest.mark.parametrize(
    "name", ["_path", "path", "file_row_number", "filename", "_row_number", "_delivery_id", "NET", 'a"b', "", "w0", "place"]
)
def test_parquet_columns_may_be_called_anything(hostile: Make, name: str) -> None:
    made = hostile(document({"files": "*.parquet", "format": "parquet"}))
    columns = {"number": ["3"], "customer": ["C"], "issued": [date(2025, 1, 4)], "net": [1.5], "gross": [1.5], name: [7]}
    pq.write_table(pa.table(columns), made.data / "2025-01-05.parquet")
    outcome = made.night()
    assert (outcome.ids, outcome.refused) == (["3"], {})


@pytest.mark.parametrize(
    ("names", "column", "said"),
    [
        (
            "number customer issued net gross",
            pa.array([Decimal("1.50")], pa.decimal256(50, 2)),
            "column gross holds decimals of more than 38",
        ),
        ("number customer issued net other", pa.array([Decimal("1.50")], pa.decimal256(50, 2)), "header lacks gross"),
        ("number customer issued gross gross", pa.array([9.0]), "header lacks net"),
        ("number customer issued net gross gross", pa.array([9.0]), "names gross twice"),
    ],
)
def test_parquet_that_the_engine_reads_as_something_else_is_refused(hostile: Make, names: str, column: pa.Array, said: str) -> None:
    """DuckDB makes another number of a decimal beyond 38 digits, and another name of one that stands twice."""
    made = hostile(document({"files": "*.parquet", "format": "parquet"}))
    nested = pa.array([{"gross": 1, "more": {"x": 2}}])
    good = [pa.array(["3"]), pa.array(["C"]), pa.array([date(2025, 1, 4)]), pa.array([1.5]), pa.array([1.5])]
    columns = [nested, *good[: names.count(" ")], column]
    pq.write_table(pa.Table.from_arrays(columns, ["nested", *names.split()]), made.data / "2025-01-05.parquet")
    assert said in made.night().refused["2025-01-05.parquet"]


def test_parquet_cut_off_is_refused(hostile: Make) -> None:
    made = parquet(hostile, PARQUET.format(customer="'C'", issued="date '2025-01-04'", net="1.5", gross="1.5"))
    path = made.data / "2025-01-05.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    assert "not readable as Parquet" in made.night().refused["2025-01-05.parquet"]


# --------------------------------------------------------------------------------------------------------------- JSON
LINE = '{"number": "3", "customer": "C", "issued": "2025-01-04", "net": 1.5, "gross": 1.5}'


def json_line(**values: object) -> str:
    return json.dumps({"number": "3", "customer": "C", "issued": "2025-01-04", "net": 1.5, "gross": 1.5} | values)


JSON = {
    "a line": (LINE, ["3"], [], ""),
    "with a mark": ("\ufeff" + LINE, ["3"], [], ""),
    "blank lines between": (f"\n\n{LINE}\n\n", ["3"], [], ""),
    "a key twice": (LINE + "\n" + '{"number": "4", "gross": 1, "gross": 2}', ["3"], [(None, "key_twice")], ""),
    "a key twice within": (LINE + "\n" + json_line(number="4", more="M").replace('"M"', '{"a": 1, "a": 2}'), ["3"], [(None, "key_twice")], ""),
    "a key twice in a list within": (LINE + "\n" + json_line(number="4", more="M").replace('"M"', '[[{"b": {"a": 1, "a": 2}}]]'), ["3"], [(None, "key_twice")], ""),
    "a key in each object of a list": (json_line(more=[{"a": 1}, {"a": 2}, {"a": {"a": 3}}]), ["3"], [], ""),
    "a brace within a text": (json_line(customer='{"a": 1, "a": 2}'), ["3"], [], ""),
    "a line that is cut off": (LINE + "\n" + LINE[:40], ["3"], [(None, "not_a_json_object")], ""),
    "a list": (f"[{LINE}]", [], [], "is a list or empty. Lines of JSON hold one object a line"),
    "printed in lines": (json.dumps(json.loads(LINE), indent=2), [], [], "Lines of JSON hold one object a line"),
    "nothing": ("", [], [], "is a list or empty"),
    "blanks": ("\n  \n", [], [], "is a list or empty"),
    "plain text": ("number,customer\n3,C\n", [], [], "none of its 2 lines can be taken; expected is one JSON object per line"),
    "more digits than are kept": ('{"number":"3","net":0.12345678901234567}\n', [], [], "expected is a number of at most 15 digits"),
    "numbers only": ("1\n2\n", [], [], "none of its 2 lines"),
    "a number beyond 15 digits": (LINE + "\n" + json_line(number="4").replace('"gross": 1.5', '"gross": 12345678901234.567'), ["3"], [(None, "number_not_exact")], ""),
    "a number beyond 15 digits with a power of ten": (LINE + "\n" + json_line(number="4").replace('"gross": 1.5', '"gross": 12345678901234567e-3'), ["3"], [(None, "number_not_exact")], ""),
    "a power of ten": (json_line().replace('"gross": 1.5', '"gross": 15e-1'), ["3"], [], ""),
    "no number as an id": (LINE + "\n" + json_line(number="4", customer=float("nan")), ["3"], [(None, "not_a_number")], ""),
    "no end as an amount": (LINE + "\n" + json_line(number="4", gross=float("-inf")), ["3"], [(None, "not_a_number")], ""),
    "no number where nobody reads it": (json_line(more=float("nan")), ["3"], [], ""),
    "a name like no number": (json_line(customer="NaN"), ["3"], [], ""),
    "lines of tabs": (f"{LINE}\n\t\n \v\n", ["3"], [], ""),
    "lines of a blank that is none of JSON": (f"{LINE}\n\u00a0\n", ["3"], [(None, "not_a_json_object")], ""),
    "old Mac line ends": (LINE + "\r" + json_line(number="4") + "\r", ["3", "4"], [], ""),
    "a long number in a text": (json_line(customer="1234567890123456.789"), ["3"], [], ""),
    "a long whole number": (json_line(customer="x").replace('"x"', "123456789012345678"), ["3"], [], ""),
    "a number as an id": (json_line(number=17850) + "\n" + json_line(number=17851.0), ["17850", "17851"], [], ""),
    "null": (json_line(customer=None), [], [("customer_id", "required")], ""),
    "an object as value": (json_line(gross={"a": 1}), [], [("gross_amount", "not_a_amount")], ""),
    "a flag as amount": (json_line(gross=True), [], [("gross_amount", "not_a_amount")], ""),
    "keys with dots and quotes": (json_line(**{"a.b": 1, 'c"d': 2, "$": 3, "": 4, "/": 5, "_row_number": 6}), ["3"], [], ""),
    "a key less": (LINE + "\n" + '{"number": "4", "customer": "C", "issued": "2025-01-04", "net": 1}', ["3"], [("gross_amount", "required")], ""),
    "a key that no line has": ('{"number": "4"}', [], [], "header lacks customer, issued, net, gross"),
    "nested deeply": (LINE + "\n" + "[" * 5000, ["3"], [(None, "not_a_json_object")], ""),
    "not UTF-8": (LINE.replace("C", "\udcff"), [], [], "not readable as UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "ids", "rules", "refused"), JSON.values(), ids=JSON)
def test_json(hostile: Make, content: str, ids: list, rules: list, refused: str) -> None:
    company = hostile(document({"files": "*.jsonl", "format": "jsonl"}))
    company.write("2025-01-05.jsonl", content.encode("utf-8", "surrogateescape"))
    outcome = company.night()
    assert (outcome.ids, outcome.rules) == (ids, rules)
    assert refused in outcome.refused.get("2025-01-05.jsonl", "")
    assert bool(refused) == bool(outcome.refused)


@pytest.mark.parametrize(
    ("value", "expected"), [(1.5, "1.5"), (12.34, "12.34"), ("1,5", "1.5"), ("1.5", None), (1234, "1234"), ("1.234", "1234")]
)
def test_json_numbers_are_numbers_and_texts_are_read_as_declared(hostile: Make, value: object, expected: str | None) -> None:
    company = hostile(document({"files": "*.jsonl", "format": "jsonl"}, notation=EUROPE))
    company.write("2025-01-05.jsonl", json_line(issued="04.01.2025", gross=value))
    assert [item[4] for item in company.night().rows] == ([Decimal(expected)] if expected else [])


def test_a_json_key_may_hold_any_sign(hostile: Make) -> None:
    company = hostile(document({"files": "*.jsonl", "format": "jsonl", "optional_columns": ['a.b~/"c']}, {"order_id": '"a.b~/""c"'}))
    company.write("2025-01-05.jsonl", json_line(**{'a.b~/"c': "O1"}))
    assert company.night().ids == ["3"]
