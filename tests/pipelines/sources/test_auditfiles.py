"""Audit files: bookings become documents, lines, money and the ledger's own balances; a broken file is refused by name."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers import READERS, RefusedFileError

CUSTOMERS = "<customersSuppliers>{}</customersSuppliers>".format(
    "".join(
        f"<customerSupplier><custSupID>{number}</custSupID><custSupName>{name}</custSupName><custSupTp>{kind}</custSupTp></customerSupplier>"
        for number, name, kind in (("1", "Jansen &amp; Zn", "C"), ("2", "Leverancier", "S"), ("3", "Beide", "B"))
    )
)
ACCOUNTS = "<generalLedger>{}</generalLedger>".format(
    "".join(
        f"<ledgerAccount><accID>{account}</accID><leadReference>{reference}</leadReference></ledgerAccount>"
        for account, reference in (("1300", "BVorDebHad"), ("8000", "WOmzNohOlh"), ("1510", "BSchBep"), ("1100", "BLimBan"))
    )
)
VAT = "<vatCodes><vatCode><vatID>1</vatID><vatToPayAccID>1510</vatToPayAccID></vatCode></vatCodes>"


def line(account: str, amount: str, side: str, number: str = "1", more: str = "") -> str:
    booked = f"<accID>{account}</accID><effDate>2025-01-10</effDate><amnt>{amount}</amnt><amntTp>{side}</amntTp>"
    return f"<trLine><nr>{number}</nr>{booked}{more}</trLine>"


def journal(kind: str, number: str, lines: str, day: str = "2025-01-10") -> str:
    booking = f"<transaction><nr>{number}</nr><trDt>{day}</trDt>{lines}</transaction>"
    return (
        f"<journal><jrnID>{kind}7</jrnID><jrnTp>{kind}</jrnTp>{'<offsetAccID>1300</offsetAccID>' if kind == 'S' else ''}{booking}</journal>"
    )


CUSTOMER = "<custSupID>1</custSupID><invRef>F1</invRef>"
BREAD = "<desc>Brood</desc><qntity>20</qntity><vat><vatPerc>21.000</vatPerc></vat>"
SALE = journal(
    "S", "70", line("1300", "121.00", "D", "0", CUSTOMER)
    + line("8000", "60.00", "C", "1", BREAD) + line("8000", "40.00", "C", "2")
    + line("1510", "21.00", "C", "3"),
)  # fmt: skip
RECEIPT = journal("B", "20", line("1100", "50.00", "D") + line("1300", "50.00", "C", "2", CUSTOMER), "2025-02-03")
WRONG_TOTALS = "<totalDebit>9.00</totalDebit><totalCredit>5.00</totalCredit>"
OPENING = "<openingBalance><obLine><accID>1300</accID><amnt>10.00</amnt><amntTp>D</amntTp></obLine></openingBalance>"


def rows_of(path: Path, journals: str, *, head: str = "", totals: str = "", namespace: str = "3.2") -> list[dict[str, str]]:
    path.write_text(
        f'<auditfile xmlns="http://www.auditfiles.nl/XAF/{namespace}"><header><startDate>2025-01-01</startDate><curCode>EUR</curCode></header>'
        f"<company>{CUSTOMERS}{ACCOUNTS}{VAT}{head}<transactions>{totals}{journals}</transactions></company></auditfile>",
        encoding="utf-8",
    )
    return read(path)


def read(path: Path) -> list[dict[str, str]]:
    found = READERS["xaf"].inspect(path, Source(files="*.xml", format="xaf"), Notation(), path.parent)
    with found.path.open(encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


def of(rows: list[dict[str, str]], record: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in rows if row["record"] == record]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.xml"


def test_a_sale_is_a_document_with_its_lines(path: Path) -> None:
    rows = rows_of(path, SALE)
    assert of(
        rows, "document", "invoice_id", "document_type", "customer_id", "issued_date", "net_amount", "vat_amount", "gross_amount"
    ) == [("F1", "invoice", "1", "2025-01-10", "100.00", "21.00", "121.00")]
    assert of(rows, "line", "line_number", "quantity", "unit_price_amount", "net_amount", "vat_share") == [
        ("1", "20", "3.00000000", "60.00", "0.210"), ("2", "1", "40.00000000", "40.00", ""),
    ]  # fmt: skip


def test_customers_are_not_the_suppliers(path: Path) -> None:
    assert of(rows_of(path, SALE), "customer", "customer_id", "name") == [("1", "Jansen & Zn"), ("3", "Beide")]


def test_a_sale_the_other_way_round_is_a_credit_note_with_amounts_as_written(path: Path) -> None:
    credit = SALE.replace(">D<", ">X<").replace(">C<", ">D<").replace(">X<", ">C<")
    rows = rows_of(path, credit)
    assert of(rows, "document", "document_type", "net_amount", "gross_amount") == [("credit_note", "100.00", "121.00")]
    assert of(rows, "line", "net_amount") == [("60.00",), ("40.00",)]


def test_money_is_a_payment_and_an_allocation_only_where_it_names_an_invoice(path: Path) -> None:
    rows = rows_of(path, SALE + RECEIPT)
    assert of(rows, "payment", "payment_id", "received_date", "amount", "customer_id") == [("B7/20/2", "2025-01-10", "50.00", "1")]
    assert of(rows, "allocation", "invoice_id", "amount") == [("F1", "50.00")]
    rows = rows_of(path, SALE + RECEIPT.replace("<invRef>F1</invRef>", ""))
    assert of(rows, "payment", "amount") == [("50.00",)]
    assert of(rows, "allocation", "amount") == []


def test_the_ledgers_balances_are_its_own(path: Path) -> None:
    rows = rows_of(path, SALE + RECEIPT, head=OPENING)
    assert of(rows, "control", "account", "month", "kind", "amount") == [
        ("1300", "2025-01-01", "receivables", "131.00"), ("1300", "2025-02-01", "receivables", "81.00"),
        ("8000", "2025-01-01", "revenue", "100.00"),
    ]  # fmt: skip


def test_other_journals_adjust_and_the_opening_of_a_year_does_not(path: Path) -> None:
    booked = line("1300", "12.00", "C", "1", CUSTOMER) + line("8000", "12.00", "D", "2")
    rows = rows_of(path, SALE + journal("M", "90", booked) + journal("O", "1", line("1300", "99.00", "D", "1", CUSTOMER)))
    adjusted = [row for row in rows if row["record"] == "document" and row["reason_code"]]
    assert of(adjusted, "document", "invoice_id", "document_type", "gross_amount", "reason_code") == [
        ("M7/90/1", "credit_note", "12.00", "adjustment")
    ]


def test_due_days_come_from_the_subledger(path: Path) -> None:
    due = "<subledgers><subledger><sbLine><jrnID>S7</jrnID><trNr>70</trNr><invDueDt>2025-02-09</invDueDt></sbLine></subledger></subledgers>"
    assert of(rows_of(path, SALE + due), "document", "due_date") == [("2025-02-09",)]


@pytest.mark.parametrize("totals", ["<totalDebit>171.00</totalDebit><totalCredit>171.00</totalCredit>", ""])
def test_totals_that_agree_or_are_missing_are_right(path: Path, totals: str) -> None:
    assert rows_of(path, SALE + RECEIPT, totals=totals)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("<transactions>", f"<transactions>{WRONG_TOTALS}"), "says debit 9.00"),
        (lambda text: text.replace("auditfile", "book"), "no audit file"),
        (lambda text: text.replace("2025-01-10</trDt>", "10-01-2025</trDt>"), "trDt '10-01-2025' is no day"),
        (lambda text: text.replace(">121.00<", ">121,00<"), "amnt '121,00' is no number"),
        (lambda text: text.replace("<amntTp>D", "<amntTp>Q"), "neither D nor C"),
        (lambda text: text[:-20], "not readable as XML"),
        (lambda text: text.replace("<auditfile", '<!DOCTYPE a [<!ENTITY b "c">]><auditfile').replace("Beide", "&b;"), "document type"),
        (lambda text: text.replace(">121.00<", ">1_21.00<"), "amnt '1_21.00' is no number"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_named(path: Path, change, said: str) -> None:
    rows_of(path, SALE)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(RefusedFileError, match=said):
        read(path)


def test_a_comment_within_a_value_is_no_part_of_it(path: Path) -> None:
    plain = rows_of(path, SALE)
    path.write_text(path.read_text(encoding="utf-8").replace(">121.00<", ">12<!-- x -->1.00<"), encoding="utf-8")
    assert read(path) == plain


def test_a_lying_encoding_is_read_only_where_the_company_is_certain(path: Path) -> None:
    rows_of(path, SALE)
    path.write_bytes(
        b'<?xml version="1.0" encoding="utf-8"?>' + path.read_text(encoding="utf-8").replace("Beide", "Caf\u00e9").encode("cp1252")
    )
    with pytest.raises(RefusedFileError, match="is_encoding_certain"):
        read(path)
    certain = Source(files="*.xml", format="xaf", encoding="cp1252", is_encoding_certain=True)
    found = READERS["xaf"].inspect(path, certain, Notation(), path.parent)
    assert "Caf\u00e9" in found.path.read_text(encoding="utf-8")


def test_the_public_file_of_a_bookkeeping_product_ties_to_its_ledger(shared_data: Path) -> None:
    rows = read(shared_data / "auditfile_nl" / "ExactOnline_V32_2016.xml")
    documents = [row for row in rows if row["record"] == "document"]
    signed = sum(Decimal(row["gross_amount"]) * (-1 if row["document_type"] == "credit_note" else 1) for row in documents)
    cash = sum(Decimal(amount) for (amount,) in of(rows, "payment", "amount"))
    balances = of(rows, "control", "kind", "account", "month", "amount")
    last = {account: amount for kind, account, _, amount in balances if kind == "receivables"}
    assert signed - cash == sum(Decimal(amount) for amount in last.values())
    assert len(of(rows, "document", "invoice_id")) == 13
    for row in documents:
        assert Decimal(row["net_amount"]) + Decimal(row["vat_amount"]) == Decimal(row["gross_amount"])
