"""Values as delivered text: read exactly as declared, or quarantined under the rule of their column. One file per notation."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipelines.settings import SettingsError
from tests.hostile.company import HostileCompany, Outcome, document

POINT = {}
EUROPE = {"decimal_sign": ",", "thousands_sign": ".", "date_format": "%d.%m.%Y"}
AMERICA = {"thousands_sign": ",", "date_format": "%m/%d/%Y"}
INDIA = {"thousands_sign": ",", "group_sizes": [3, 2]}
SPACED = {"decimal_sign": ",", "thousands_sign": " ", "date_format": "%Y%m%d"}
SWISS = {"thousands_sign": "'", "date_format": "%d %b %Y", "null_values": ["n/a"]}
SHORT = {"date_format": "%d-%m-%y"}
ZONED = {"date_format": "%Y-%m-%dT%H:%M:%S%z"}
PRECISE = {"date_format": "%Y-%m-%dT%H:%M:%S.%f%z"}
TIMED = {"date_format": "%Y-%m-%d %H:%M:%S"}
NOTATIONS = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, dict)}

#: Notation -> text -> amount; None: quarantined as not_a_amount.
AMOUNTS = {
    "POINT": {
        "1.50": "1.5", "-1.50": "-1.5", "+2": "2", "0": "0", "-0": "0", "007": "7", ".5": ".5", " 3.10 ": "3.1", "1234567.8900": "1234567.89",
        "99999999999999.9999": "99999999999999.9999",
        "1,50": None, "1,234.50": None, "1.234.5": None, "5.": None, ".": None, "-": None, "": "required", "1e3": None, "1E-2": None,
        "1_000": None, "0x1F": None, "1 000": None, "1.50-": None, "(1.50)": None, "- 1": None, "--1": None, "1.5.": None, "€1": None,
        "1.50 EUR": None, "50%": None, "NaN": None, "nan": None, "inf": None, "Infinity": None, "-infinity": None, "null": None, "None": None,
        "true": None, "\u0661\u0662": None, "\uff11": None, "\u22121": None, "1\u00a0000": None, "1\t000": None, "1.23456": None, "1.2300000": "1.23",
        "100000000000000": None, "abc": None, "1/2": None, "#DIV/0!": None, "#N/A": None, "'5": None, "=1+1": None,
    },
    "EUROPE": {
        "1.234,50": "1234.5", "1234,50": "1234.5", "1.234": "1234", "1.234.567,8": "1234567.8", "12,34": "12.34", "-1.000": "-1000", ",5": ".5",
        "1.50": None, "12.34": None, "1,234.56": None, "1.2345,0": None, "1234.567": None, "0.5": None, "1..234": None, ".234": None,
        "1.234,": None, "1,2,3": None, "1.23.456": None, "1.234,5.6": None, "12.345.67": None, "0.125": None, "001.234": None, "0.123,4": None,
    },
    "AMERICA": {
        "1,234.50": "1234.5", "1234.50": "1234.5", "1,234,567": "1234567", "12,345": "12345",
        "1,2,3.50": None, "12,34": None, "1.234,56": None, "1,23.4": None, "1234,567": None, "1.234,5": None, ",123": None, "1,234,": None,
        "1,,234": None, "1.5,000": None, "0,125": None, "0125": "125",
    },
    "INDIA": {
        "12,34,567.50": "1234567.5", "1,23,456": "123456", "1,000": "1000", "123456": "123456", "99,999": "99999",
        "1,234,567": None, "123,456": None, "1,23": None, "12,34": None, "0,12,345": None,
    },
    "SPACED": {"1 234,50": "1234.5", "12 345 678": "12345678", "1234,5": "1234.5", "1 23": None, "1  234": None, "1 234.5": None, "1.234": None},
    "SWISS": {"1'234.50": "1234.5", "n/a": "required", "N/A": "required", "1'23": None, "1,5": None, "1\u2019234": None},
}  # fmt: skip

#: Notation -> text -> day; None: not_a_date; a rule where another one catches it.
DAYS = {
    "POINT": {
        "2025-01-02": date(2025, 1, 2), "2025-1-2": date(2025, 1, 2), "2024-02-29": date(2024, 2, 29), "1970-01-01": date(1970, 1, 1),
        "2025-02-29": None, "2025-13-01": None, "2025-00-10": None, "2025-01-32": None, "25-01-02": None, "0025-01-02": "outside_range",
        "2025-01-02 10:00:00": None, "2025-01-02T00:00:00": None, "02-01-2025": None, "2025/01/02": None, "20250102": None, "45659": None,
        "infinity": None, "-infinity": None, "epoch": None, "today": None, "now": None, "yesterday": None, "2025-01-02 (BC)": None,
        "2025-01-02 BC": None, "12025-01-02": None, "-2025-01-02": None, "2025-01": None, "2025": None, "0000-00-00": None, "1900-01-01": "outside_range",
        "1969-12-31": "outside_range", "2035-06-30": "outside_range", "9999-12-31": "outside_range", "2026-02-01": "outside_range", "2026-01-31": date(2026, 1, 31),
        "2025-01-02x": None, "x2025-01-02": None, "\u0662\u0660\u0662\u0665-01-02": None, "2025-01\u201102": None, "": "required", "\t": "required", "\u00a0": "required",
    },
    "EUROPE": {"02.05.2025": date(2025, 5, 2), "2.5.2025": date(2025, 5, 2), "03.06.25": None, "2025-05-02": None, "05/02/2025": None, "31.04.2025": None, "03.06.125": None},
    "AMERICA": {"12/31/2024": date(2024, 12, 31), "1/2/2025": date(2025, 1, 2), "31/12/2024": None, "12/31/24": None, "12-31-2024": None},
    "SPACED": {"20250102": date(2025, 1, 2), "2025012": None, "202512": None, "2025 0102": None, "20250132": None},
    "SWISS": {"02 Jan 2025": date(2025, 1, 2), "2 feb 2025": date(2025, 2, 2), "02 Mai 2025": None, "02 01 2025": None, "02 Jan 25": None},
    "SHORT": {"02-01-25": date(2025, 1, 2), "31-12-99": date(1999, 12, 31), "02-01-2025": None, "02-01-5": None, "01-01-68": "outside_range"},
    "ZONED": {"2025-01-04T23:30:00+0000": date(2025, 1, 5), "2025-01-05T00:30:00+01:00": date(2025, 1, 5), "2025-01-05T00:30:00": None,
        "2025-01-04T23:30:00Z": date(2025, 1, 5), "2025-01-04T22:30:00Z": date(2025, 1, 4), "2025-01-05T00:30:00+01": date(2025, 1, 5),
        "2025-01-04T23:30:00z": None, "2025-01-04T23:30:00ZZ": None, "2025-01-04T23:30:00CET": None, "2025-01-04T23:30:00+1": None,
    },
    "PRECISE": {
        "2025-01-04T23:30:00.123Z": date(2025, 1, 5), "2025-01-05T00:30:00.123456+0100": date(2025, 1, 5), "2025-01-04T23:30:00Z": None,
    },
    "TIMED": {"2025-01-02 23:59:59": date(2025, 1, 2), "2025-01-02 24:00:00": None, "2025-01-02": None, "2025-01-02 23:59:60": None},
}  # fmt: skip

#: Ids: what they become; None: required.
IDS = {
    "A": "A", " A ": "A", "00017": "00017", "1e5": "1e5", "NULL": "NULL", "'; drop table raw.invoices; --": "'; drop table raw.invoices; --", "a,b": "a,b",
    'a"b': 'a"b', "Caf\u00e9": "Caf\u00e9", "\u6f22": "\u6f22", "=cmd()": "=cmd()", "\U0001f600": "\U0001f600",
    "\ufeffA1": "A1", "A2\u200b": "A2", "\u202aA3\u202c": "A3", "A4\u2028": "A4", "\x0bA5\x1f": "A5", "A6\u00a0": "A6", "A\u00a07": "A\u00a07", "\u00adA8": "A8",
    "Cafe\u0301": "Caf\u00e9", "\u212b": "\u00c5", "\uff21": "\uff21", "a b": "a b", "\u0646\u200c\u0647": "\u0646\u200c\u0647",
    "": None, " ": None, "\t": None, "\x01": None, "\x01\x02": None, "\u00a0": None, "\u200b": None, "\ufeff": None, "\u2003": None, " \t ": None, "\x7f": None, "\x85": None,
}  # fmt: skip


@cache
def loaded(column: str, notation: str, texts: tuple[str, ...]) -> Outcome:
    """One file with a row per text."""
    good = {
        "issued": {"EUROPE": "02.01.2025", "AMERICA": "01/02/2025", "SPACED": "20250102", "SWISS": "02 Jan 2025"}.get(
            notation, "2025-01-02"
        )
    }
    good |= {"customer": "A", "net": "1", "gross": "1"}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["number", "customer", "issued", "net", "gross"])
    for number, text in enumerate(texts, start=1):
        row = good | {column: text}
        writer.writerow([number, row["customer"], row["issued"], row["net"], row["gross"]])
    with TemporaryDirectory() as folder:
        company = HostileCompany(Path(folder), document(notation=NOTATIONS[notation]))
        company.write("2025-12-31.csv", out.getvalue())
        return company.night()


def check(outcome: Outcome, number: int, place: int, expected: object, rule: str, column: str) -> None:
    found = [row[place] for row in outcome.rows if row[0] == str(number)]
    rules = [(item[0], item[1]) for item in outcome.quarantine if item[4] == number]
    if rule:
        assert (found, rules) == ([], [(column, rule)])
    else:
        assert (found, rules) == ([expected], [])


def cases(table: dict) -> list:
    return [pytest.param(notation, text, id=f"{notation}: {text!r}") for notation, texts in table.items() for text in texts]


@pytest.mark.parametrize(("notation", "text"), cases(AMOUNTS))
def test_amount(notation: str, text: str) -> None:
    texts, expected = tuple(AMOUNTS[notation]), AMOUNTS[notation][text]
    rule = "not_a_amount" if expected is None else "required" if expected == "required" else ""
    check(loaded("gross", notation, texts), 1 + texts.index(text), 4, None if rule else Decimal(expected), rule, "gross_amount")


@pytest.mark.parametrize(("notation", "text"), cases(DAYS))
def test_day(notation: str, text: str) -> None:
    texts, expected = tuple(DAYS[notation]), DAYS[notation][text]
    rule = "not_a_date" if expected is None else expected if isinstance(expected, str) else ""
    check(loaded("issued", notation, texts), 1 + texts.index(text), 2, expected, rule, "issued_date")


@pytest.mark.parametrize("text", list(IDS), ids=[repr(text) for text in IDS])
def test_id(text: str) -> None:
    texts = tuple(IDS)
    check(loaded("customer", "POINT", texts), 1 + texts.index(text), 1, IDS[text], "" if IDS[text] else "required", "customer_id")


#: Column, its expression over ``vat`` -> text -> whether the row loads; where not, the text stands in quarantine.
EXPRESSIONS = {
    ("vat_amount", "number(vat)"): {"abc": False, "1,50": False, "1.50": True, "": True},
    ("vat_amount", "coalesce(number(vat), 0)"): {"abc": False, "1.50": True, "": True},
    ("vat_amount", "case when number(vat) < 0 then 1 else 2 end"): {"abc": False, "-1": True, "": True},
    ("vat_amount", "cast(plain(vat) as decimal(18,4))"): {"abc": False, "1.50": True},
    ("due_date", "day(vat) + 14"): {"2025-02-31": False, "2025-02-28": True, "": True},
    ("order_id", "case when number(vat) > 2 then 'O1' end"): {"abc": False, "3": True},
    # A comparison is no once and yes once, whatever it is with.
    ("order_id", "case number(vat) when 3 then 'O1' else 'O2' end"): {"abc": False, "3": True, "4": True, "": True},
    ("order_id", "case when number(vat) in (3, 4) then 'O1' else 'O2' end"): {"abc": False, "4": True},
    ("order_id", "case when number(vat) not in (3, 4) then 'O1' else 'O2' end"): {"abc": False, "4": True},
    ("order_id", "case when number(vat) between 3 and 4 then 'O1' else 'O2' end"): {"abc": False, "4": True, "": True},
    ("order_id", "case when number(vat) > 1000000 and gross <> '2' then 'O1' else 'O2' end"): {"abc": False, "4": True},
    ("order_id", "case when gross = '2' and number(vat) = 3 then 'O1' else 'O2' end"): {"abc": True},
    ("order_id", "case when not (day(vat) = date '2025-01-06') then 'O1' else 'O2' end"): {"2025-02-31": False, "2025-01-06": True},
    ("order_id", "case when moment(vat) is not distinct from null then 'O1' else 'O2' end"): {"soon": False, "": True},
    ("due_date", "make_date(2025, cast(number(vat) as integer), 1)"): {"abc": False, "3": True},
    ("vat_amount", "least(number(vat), -5)"): {"abc": False, "1": True},
    ("vat_amount", "coalesce(round(number(vat) / 100), 0)"): {"abc": False, "1": True},
    ("document_type", "case when coalesce(number(vat), 0) < 0 then 'credit_note' else 'invoice' end"): {"1.50-": False, "-1.50": True},
    # Nothing rests on what was not read: another branch, another reading of the same column, a question whether it was read.
    ("vat_amount", "case when customer = 'D' then number(vat) end"): {"abc": True},
    ("vat_amount", "coalesce(number(vat), -number(rtrim(vat, '-')))"): {"1.50-": True, "1.50x": False},
    ("vat_amount", "case when number(vat) is null then 0 else number(vat) end"): {"abc": True},
}


@pytest.mark.parametrize(
    ("column", "expression", "text", "is_loaded"),
    [(*place, text, is_loaded) for place, texts in EXPRESSIONS.items() for text, is_loaded in texts.items()],
)
def test_what_an_expression_cannot_read_is_not_lost_in_it(tmp_path: Path, column: str, expression: str, text: str, is_loaded: bool) -> None:
    made = document({"columns": ["number", "customer", "issued", "net", "gross", "vat"]}, {column: expression})
    company = HostileCompany(tmp_path, made)
    company.write("2025-12-31.csv", f"number,customer,issued,net,gross,vat\n1,A,2025-01-02,1,1,{text!r}\n".replace("'", '"'))
    outcome = company.night()
    assert outcome.ids == (["1"] if is_loaded else [])
    assert [(item[0], text in item[2], item[4]) for item in outcome.quarantine] == ([] if is_loaded else [(column, True, 1)])


@pytest.mark.parametrize("expression", ["cast(vat as decimal(18,2))", "strptime(vat, '%Y')", "cast(number(gross) * 1e30 as integer)"])
def test_an_expression_that_breaks_on_a_value_says_where_and_what_to_do(tmp_path: Path, expression: str) -> None:
    company = HostileCompany(
        tmp_path, document({"columns": ["number", "customer", "issued", "net", "gross", "vat"]}, {"order_id": expression})
    )
    company.write("2025-12-31.csv", "number,customer,issued,net,gross,vat\n1,A,2025-01-02,1,1,abc\n")
    with pytest.raises(SettingsError, match=r"entities\.invoices: an expression breaks on a delivered value: .*Read it by number\(\)"):
        company.night()


@pytest.mark.parametrize(
    ("text", "is_loaded"),
    [
        *((text, False) for text in ("1.23457E+11", "1,23457E+11", "9E+15", "-1.2e+100")),
        *((text, True) for text in ("1E11", "E+11", "12E+11", "A+1", "1.5", "+31612345678", "1E+1")),
    ],
)
def test_a_number_that_a_spreadsheet_rounded_is_no_id(tmp_path: Path, text: str, is_loaded: bool) -> None:
    company = HostileCompany(tmp_path, document())
    company.write("2025-12-31.csv", f'number,customer,issued,net,gross\n"{text}",A,2025-01-02,1,1\n1,"{text}",2025-01-02,1,1\n')
    outcome = company.night()
    held = [("invoice_id", "not_a_id", text), ("customer_id", "not_a_id", text)]
    assert [item[:3] for item in outcome.quarantine] == ([] if is_loaded else held)


@pytest.mark.parametrize(
    ("text", "is_loaded"),
    [
        *((text, True) for text in ("EUR", "eur", " usd ", "JPY")),
        *((text, False) for text in ("\u20ac", "$", "US$", "EURO", "Euro", "EU", "E UR", "978", "EUE", "\u00a3", "kr.", "n/a")),
    ],
)
def test_a_currency_of_money_at_the_bank_is_a_code_or_its_row_is_named(tmp_path: Path, text: str, is_loaded: bool) -> None:
    made = document({"columns": ["id", "day", "amount", "currency"]}, last_complete_day="delivered_on")
    mapping = {"payment_id": "id", "received_date": "day", "amount": "amount", "currency": "currency"}
    made["entities"] = {"payments": {"source": "ledger", "columns": mapping}}
    company = HostileCompany(tmp_path, made)
    company.write("2025-12-31.csv", f"id,day,amount,currency\n1,2025-01-02,10.00,{text}\n".encode())
    outcome = company.night(entities=("payments",))
    held = ("currency", "not_a_currency", text.strip(), "2025-12-31.csv", 1, "a currency by its code of ISO 4217, such as EUR", "payments")
    assert outcome.quarantine == ([] if is_loaded else [held])


def test_a_currency_of_a_document_is_judged_with_its_euros_and_takes_no_order_away_from_its_invoice(tmp_path: Path) -> None:
    made = document({"columns": ["number", "customer", "issued", "net", "gross", "currency"]}, {"currency": "currency"})
    made["entities"]["exchange_rates"] = {"source": "ledger", "columns": {"rate_date": "issued", "currency": "currency", "rate": "net"}}
    order = {"order_id": "number", "customer_id": "customer", "ordered_at": "cast(day(issued) as timestamp)", "currency": "currency"}
    made["entities"]["orders"] = {"source": "ledger", "columns": order}
    company = HostileCompany(tmp_path, made)
    company.write(
        "2025-12-31.csv", "number,customer,issued,net,gross,currency\n1,A,2025-01-02,1,1,\u20ac\n2,A,2025-01-03,1,1,HRK\n".encode()
    )
    outcome = company.night(entities=("invoices", "exchange_rates", "orders"))
    assert (outcome.ids, outcome.quarantine) == (["1", "2"], [])


@pytest.mark.parametrize(
    ("notation", "text", "expected"),
    [
        ({}, "2025-01-05 00:30:00", datetime(2025, 1, 5, 0, 30)),
        ({"time_zone": "Europe/Amsterdam"}, "2025-01-05 00:30:00", datetime(2025, 1, 4, 23, 30)),
        ({"time_zone": "Europe/Amsterdam"}, "2025-07-05 00:30:00", datetime(2025, 7, 4, 22, 30)),
        ({"timestamp_format": "%d.%m.%Y %H:%M"}, "5.1.2025 9:05", datetime(2025, 1, 5, 9, 5)),
        (
            {"timestamp_format": "%Y-%m-%dT%H:%M:%S%z", "time_zone": "Europe/Amsterdam"},
            "2025-01-05T00:30:00+01:00",
            datetime(2025, 1, 4, 23, 30),
        ),
        ({}, "2025-01-05", None),
        ({}, "2025-01-05 25:00:00", None),
        ({}, "infinity", None),
        ({"timestamp_format": "%Y-%m-%d %I:%M %p"}, "2025-01-05 13:00 PM", None),
        ({"timestamp_format": "%Y-%m-%d %I:%M %p"}, "2025-01-05 01:00 PM", datetime(2025, 1, 5, 13, 0)),
    ],
)
def test_instant(tmp_path: Path, notation: dict, text: str, expected: datetime | None) -> None:
    made = document({"columns": ["id", "customer", "ordered"]}, notation=notation, last_complete_day="orders.ordered_at")
    made["entities"] = {
        "orders": {
            "source": "ledger",
            "columns": {"order_id": "id", "customer_id": "customer", "ordered_at": "ordered", "currency": "'EUR'"},
        }
    }
    company = HostileCompany(tmp_path, made)
    company.write("2025-12-31.csv", f"id,customer,ordered\n1,A,{text}\n")
    outcome = company.night(entities=("orders",))
    assert outcome.rules == ([] if expected else [("ordered_at", "not_a_timestamp")])
    if expected:
        from pipelines.sources.landing import land  # the rows themselves: loading once more, to look at them
        from pipelines.sources.loading import Loader
        from pipelines.warehouse import connect

        with connect() as connection:
            loader = Loader(
                connection, company.company(), land(company.data, company.landed, company.company().all_sources()), company.landed
            )
            loader.prepare()
            loader.load("orders")
            assert connection.execute("select ordered_at from raw.orders").fetchall() == [(expected,)]
