"""How a customer's account ends: small deliveries of each kind of settlement, with the figure that is right.

Rows of our own stand here; the deliveries in which the faults were first reported are run too where they are at hand.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.histories import read_history
from tests.settlements import MASTER, Case, applied, check, credit, invoice, payment, rates

pytestmark = pytest.mark.slow

REPORTED = PROJECT.parent / "shared" / "cases"

CASES = {
    "two credits in one row each, and one beyond its credit note": Case(
        date(2025, 6, 30),
        {"unapplied_credit": 0, "overdue_61_90": 100},
        {
            "invoices": [
                invoice("I1", 500, "2025-03-10", "2025-04-09"), credit("N1", 150, "2025-04-02", "I1"),
                credit("N2", 250, "2025-04-03", "I1"),
                invoice("I2", 70, "2025-03-10", "2025-04-09"), credit("N3", 60, "2025-04-05", "I2"),
            ],
            "payment_allocations": [
                applied("A1", "I1", 400, "2025-04-06", "credit_note"),
                applied("A2", "I2", 70, "2025-04-06", "credit_note"),
            ],
        },
        findings=(("credit_note_not_found", "I2"),),
    ),
    "a row that names its credit note": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 80, "2025-03-10", "2025-04-09"), credit("N1", 80, "2025-05-02", None)],
            "payment_allocations": [applied("A1", "I1", 80, "2025-05-06", "credit_note", credit_note_id="N1")],
        },
    ),
    "a row that names its credit note, which has a row of its own": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 30},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), credit("N1", 40, "2025-05-01", None)],
            "payments": [payment("P1", 30, "2025-05-03")],
            "payment_allocations": [
                applied("A1", "I1", 40, "2025-05-02", "credit_note", credit_note_id="N1"),
                applied("A2", "N1", -40, "2025-05-02", "credit_note"),
                applied("A3", "I1", 30, "2025-05-03", payment_id="P1"),
            ],
        },
    ),
    "what was left of a payment, for the next invoice": Case(
        date(2025, 6, 30),
        {"overdue_1_30": 20},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), invoice("I2", 50, "2025-05-01", "2025-05-31")],
            "payments": [payment("P1", 130, "2025-04-12")],
            "payment_allocations": [
                applied("A1", "I1", 100, "2025-04-12", payment_id="P1"),
                applied("A2", "I2", 30, "2025-05-02", payment_id="P1"),
            ],
        },
        commission={4: 10, 5: 3},
    ),
    "written off twice, without any cash": Case(
        date(2025, 6, 30),
        {"held_out_receivables": -90},
        {
            "invoices": [invoice("I1", 90, "2025-01-10", "2025-02-09")],
            "payment_allocations": [applied("A1", "I1", 90, "2025-05-01", "write_off")],
            "write_offs": [{"write_off_id": "W1", "invoice_id": "I1", "written_off_date": "2025-05-02", "amount": 90}],
        },
        findings=(("overallocated", "I1"),),
    ),
    "written off, and paid in part after all": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 90, "2025-01-10", "2025-02-09"), invoice("I2", 60, "2025-01-10", "2025-02-09")],
            "payments": [payment("P1", 35, "2025-06-12"), payment("P2", 20, "2025-06-12")],
            "payment_allocations": [
                applied("A1", "I1", 35, "2025-06-13", payment_id="P1"),
                # Here the ledger took its write-off back itself.
                applied("A2", "I2", 20, "2025-06-12", payment_id="P2"), applied("A3", "I2", -20, "2025-06-12", "write_off"),
            ],
            "write_offs": [
                {"write_off_id": "W1", "invoice_id": "I1", "written_off_date": "2025-05-02", "amount": 90, "recovered_amount": 35,
                 "recovered_date": "2025-06-12"},
                {"write_off_id": "W2", "invoice_id": "I2", "written_off_date": "2025-05-02", "amount": 60, "recovered_amount": 20,
                 "recovered_date": "2025-06-12"},
            ],
        },
        commission={6: Decimal("5.50")},
    ),
    "written off, and recovered outside the account": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 90, "2025-01-10", "2025-02-09")],
            "payment_allocations": [applied("A1", "I1", 1, "2025-04-09", "discount"), applied("A2", "I1", -1, "2025-04-09", "discount")],
            "write_offs": [
                {"write_off_id": "W1", "invoice_id": "I1", "written_off_date": "2025-05-02", "amount": 90, "recovered_amount": 35,
                 "recovered_date": "2025-06-12"},
            ],
        },
    ),
    "pounds for a dollar invoice, by the bank's rate": Case(
        date(2025, 6, 30),
        {},
        {
            "exchange_rates": [
                *rates("USD", ("2025-04-01", "0.90"), ("2025-05-12", "0.88"), ("2025-06-27", "0.85")),
                *rates("GBP", ("2025-04-01", "1.10"), ("2025-05-12", "1.15"), ("2025-06-27", "1.20")),
            ],
            "invoices": [invoice("I1", 1000, "2025-04-01", "2025-05-01", currency="USD")],
            "payments": [payment("P1", 780, "2025-05-12", "GBP")],
            "payment_allocations": [applied("A1", "I1", 1000, "2025-05-12", payment_id="P1")],
        },
    ),
    "prepaid in part and rounded, the rest paid": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 242, "2025-04-10", "2025-05-10", prepaid_amount=100, rounding_amount=-0.02, due_amount=141.98)],
            "payments": [payment("P0", 100, "2025-03-20"), payment("P1", 141.98, "2025-05-09")],
            "payment_allocations": [
                applied("A0", "I1", 100, "2025-04-12", "prepayment", payment_id="P0"),
                applied("A1", "I1", 141.98, "2025-05-09", payment_id="P1"),
            ],
        },
        commission={4: 10, 5: Decimal("14.20")},
    ),
    "prepaid, and no allocation says so": Case(
        date(2025, 6, 30),
        {"overdue_31_60": Decimal("142.00")},
        {
            "invoices": [invoice("I1", 242, "2025-04-10", "2025-05-10", prepaid_amount=100, due_amount=142)],
            "payment_allocations": [applied("A1", "I1", 1, "2025-05-09", "discount"), applied("A2", "I1", -1, "2025-05-09", "discount")],
        },
        findings=(("prepayment_not_applied", "I1"),),
    ),
    "a prepayment invoice half paid, and a final invoice that deducts it": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 50},
        {
            "invoices": [
                invoice("D1", 100, "2025-04-01", "2025-04-10", document_type="386", order_id="O1"),
                invoice("F1", 300, "2025-05-10", "2025-05-20", document_type="final", order_id="O1", prepaid_amount=100, due_amount=200),
            ],
            "payments": [payment("P1", 50, "2025-04-09"), payment("P2", 200, "2025-05-20")],
            "payment_allocations": [
                applied("A1", "D1", 50, "2025-04-09", payment_id="P1"),
                applied("A2", "F1", 200, "2025-05-20", payment_id="P2"),
            ],
        },
        revenue=300,
        commission={4: 5, 5: 20},
        findings=(("short_payment", "D1"),),
    ),
    "a prepayment invoice of which the ledger applies the money to the final invoice": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [
                invoice("D1", 100, "2025-04-01", "2025-04-10", document_type="386", order_id="O1"),
                invoice("F1", 300, "2025-05-10", "2025-05-20", document_type="final", order_id="O1", prepaid_amount=100, due_amount=200),
            ],
            "payments": [payment("P1", 100, "2025-04-09"), payment("P2", 200, "2025-05-20")],
            "payment_allocations": [
                applied("A1", "F1", 100, "2025-05-10", "prepayment", payment_id="P1"),
                applied("A2", "F1", 200, "2025-05-20", payment_id="P2"),
            ],
        },
        revenue=300,
        commission={5: 30},
    ),
    "instalments and a retention, one named": Case(
        date(2025, 5, 31),
        {"overdue_31_60": 250, "not_due": 100},
        {
            "invoices": [invoice("I1", 1000, "2025-03-01", "2025-12-31")],
            "payment_schedule": [
                {"invoice_id": "I1", "instalment_number": number, "due_date": day, "amount": amount, "kind": kind}
                for number, day, amount, kind in (
                    ("1", "2025-03-31", 400, None), ("2", "2025-04-15", 400, "instalment"), ("3", "2025-05-15", 100, None),
                    ("4", "2025-12-31", 100, "retention"),
                )
            ],
            "payments": [payment("P1", 550, "2025-04-10"), payment("P2", 100, "2025-05-20")],
            "payment_allocations": [
                applied("A1", "I1", 550, "2025-04-10", payment_id="P1"),
                applied("A2", "I1", 100, "2025-05-20", payment_id="P2", instalment_number="3"),
            ],
        },
        commission={4: 55, 5: 10},
        # The third instalment was paid, and of the second 250 was not.
        findings=(("short_payment", "I1"),),
    ),
    "refunded in part": Case(
        date(2025, 6, 30),
        {"unapplied_credit": -20},
        {
            "invoices": [invoice("I1", 200, "2025-03-10", "2025-04-09"), credit("N1", 100, "2025-05-10", "I1")],
            "payments": [payment("P1", 200, "2025-04-20"), payment("P2", -80, "2025-06-15")],
            "payment_allocations": [
                applied("A1", "I1", 200, "2025-04-20", payment_id="P1"),
                applied("A2", "N1", -80, "2025-06-15", "refund", payment_id="P2"),
            ],
        },
        commission={4: 20, 6: -8},
    ),
    "withheld, set off and kept by a bank": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 1000, "2025-04-10", "2025-05-10"), invoice("I2", 1000, "2025-04-10", "2025-05-10")],
            "payments": [payment("P1", 640, "2025-05-05"), payment("P2", 900, "2025-05-05")],
            "payment_allocations": [
                applied("A1", "I1", 640, "2025-05-05", payment_id="P1"), applied("A2", "I1", 50, "2025-05-05", "withholding"),
                applied("A3", "I1", 300, "2025-05-06", "set_off"), applied("A4", "I1", 10, "2025-05-05", "bank_charge"),
                applied("A5", "I2", 900, "2025-05-05", payment_id="P2"),
                applied("A6", "I2", 100, "2025-05-05", "withholding_tax", certificate_number="Z-7", certificate_date="2025-06-20"),
            ],
        },
        commission={5: 154},
        tax=50,
    ),
    "a credit note that names its invoice, of more than is left of it": Case(
        date(2025, 6, 30),
        {"unapplied_credit": -40},
        {
            "invoices": [invoice("I1", 300, "2025-03-10", "2025-04-09"), credit("N1", 140, "2025-05-10", "I1")],
            "payments": [payment("P1", 200, "2025-04-20")],
            "payment_allocations": [applied("A1", "I1", 200, "2025-04-20", payment_id="P1")],
        },
    ),
    "a cancelled credit note": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 300},
        {
            "invoices": [
                invoice("I1", 300, "2025-03-10", "2025-04-09"), credit("N1", 300, "2025-04-10", "I1"),
                credit("X1", -300, "2025-04-12", "N1", "cancellation"),
            ],
            "payment_allocations": [applied("A1", "I1", 1, "2025-05-09", "discount"), applied("A2", "I1", -1, "2025-05-09", "discount")],
        },
    ),
    "five cents short": Case(
        date(2025, 6, 30),
        {},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), invoice("I2", 100, "2025-03-10", "2025-04-09")],
            "payments": [payment("P1", 99.95, "2025-04-20"), payment("P2", 100.03, "2025-04-20")],
            "payment_allocations": [
                applied("A1", "I1", 99.95, "2025-04-20", payment_id="P1"),
                applied("A2", "I2", 100.03, "2025-04-20", payment_id="P2"),
            ],
        },
    ),
    "a cheque that is dated forward": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 100},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09")],
            "payments": [payment("P1", 100, "2025-07-15")],
            "payment_allocations": [applied("A1", "I1", 100, "2025-05-02", payment_id="P1")],
        },
    ),
}  # fmt: skip

REPORTED_CASES = {
    "bounced-payment-without-allocation": Case(date(2025, 5, 31), {"overdue_31_60": 250}, commission={4: 25, 5: -25}),
    "credit-applied-on-invoice-side-only": Case(date(2025, 6, 30), {}),
    "credit-beyond-invoice-without-cash": Case(date(2025, 6, 30), {"held_out_receivables": -50}, findings=(("overallocated", "I1"),)),
    "dollars-paid-on-a-euro-invoice": Case(date(2025, 6, 30), {}),
    # The delivery of the time could not say its instalments: they stand here.
    "instalments": Case(
        date(2025, 4, 30),
        {"overdue_1_30": 300, "not_due": 600},
        {
            "payment_allocations": [],
            "payment_schedule": [
                {"invoice_id": "I1", "instalment_number": str(place), "due_date": day, "amount": 300}
                for place, day in enumerate(("2025-03-31", "2025-04-30", "2025-05-30"), 1)
            ],
        },
    ),
    "prepaid-on-the-document": Case(date(2025, 6, 30), {}, findings=(("prepayment_not_applied", "I1"),)),
    "refund-of-a-paid-invoice": Case(date(2025, 6, 30), {}, commission={4: 50, 5: -50}),
    "withholding-tax": Case(date(2025, 6, 30), {}, tax=100),
    "cancelled-invoice-stays-overdue": Case(date(2025, 6, 30), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_account_ends_as_it_should(name: str) -> None:
    check(CASES[name], MASTER | {"payments": []} | CASES[name].rows)


@pytest.mark.parametrize("name", REPORTED_CASES)
def test_reported_case_ends_as_its_readme_says(name: str) -> None:
    folder: Path = REPORTED / name / "data"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{folder} is not there")
        pytest.skip(f"the reported deliveries are not at {REPORTED}")
    check(REPORTED_CASES[name], read_history(folder) | REPORTED_CASES[name].rows)
