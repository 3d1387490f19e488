"""How a customer's account ends: small deliveries of each kind of settlement, with the figure that is right.

Rows of our own stand here; the deliveries in which the faults were first reported are run too where they are at hand.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.histories import History, built, read_history

pytestmark = pytest.mark.slow

REPORTED = PROJECT.parent / "shared" / "cases"
TARGETS = (
    "receivables_ageing_monthly", "receivables_rollforward_monthly", "overdue_worklist", "commission_monthly", "revenue_monthly",
    "withholding_tax_receivables",
    "fct_invoice_errors",
)  # fmt: skip
#: The account of the one customer: what is not zero of its ageing, as of the day.
Ageing = dict[str, int | Decimal]


@dataclass(frozen=True)
class Case:
    """Rows per entity, and what must stand on ``day``: ageing of C1, revenue, commission per month, findings that it raises."""

    day: date
    ageing: Ageing
    rows: History = field(default_factory=dict)
    commission: dict[int, int] = field(default_factory=dict)
    findings: tuple[tuple[str, str], ...] = ()
    tax: int | None = None
    revenue: int | None = None


def invoice(name: str, gross: float, issued: str, due: str | None = None, **more) -> dict:
    row = {"invoice_id": name, "document_type": "invoice", "customer_id": "C1", "issued_date": issued, "due_date": due, "currency": "EUR"}
    return row | {"net_amount": gross, "gross_amount": gross, "salesperson_id": "S1"} | more


def credit(name: str, gross: float, issued: str, corrects: str | None, kind: str = "credit_note") -> dict:
    return invoice(name, gross, issued, document_type=kind, corrects_invoice_id=corrects)


def payment(name: str, amount: float, day: str, currency: str = "EUR", **more) -> dict:
    return {"payment_id": name, "amount": amount, "received_date": day, "currency": currency, "customer_id": "C1"} | more


def applied(name: str, to: str, amount: float, day: str, kind: str = "cash", **more) -> dict:
    return {"allocation_id": name, "invoice_id": to, "amount": amount, "allocated_date": day, "kind": kind} | more


def rates(currency: str, *quotes: tuple[str, str]) -> list[dict]:
    return [{"rate_date": day, "currency": currency, "rate": rate} for day, rate in quotes]


CASES = {
    "bounced a second time, with the bank's charge": Case(
        date(2025, 8, 31),
        {"overdue_91_120": 320},
        {
            "invoices": [invoice("I1", 320, "2025-04-10", "2025-05-10")],
            "payments": [
                payment("P1", 320, "2025-05-12"), payment("R1", -327.5, "2025-05-20", is_reversal_of="P1"),
                payment("P2", 320, "2025-06-12"), payment("R2", -320, "2025-07-01", is_reversal_of="P2"),
            ],
            "payment_allocations": [
                applied("A1", "I1", 320, "2025-05-12", payment_id="P1"),
                applied("A2", "I1", 320, "2025-06-12", payment_id="P2"),
            ],
        },
        commission={5: 0, 6: 32, 7: -32},
    ),
    "bounced by mistake of the bank, which took that back": Case(
        date(2025, 6, 30),
        {"overdue_31_60": 60},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), invoice("I2", 60, "2025-04-10", "2025-05-10")],
            "payments": [
                payment("P1", 97, "2025-04-12"), payment("R1", -97, "2025-04-20", is_reversal_of="P1"),
                payment("T1", 97, "2025-05-02", is_reversal_of="R1"),
                # Of this one only a part came back: nothing says for what.
                payment("P2", 60, "2025-05-12"), payment("R2", -60, "2025-05-20", is_reversal_of="P2"),
                payment("T2", 20, "2025-05-22", is_reversal_of="R2"), payment("R3", -20, "2025-05-23", is_reversal_of="T2"),
            ],
            "payment_allocations": [
                applied("A1", "I1", 97, "2025-04-12", payment_id="P1"), applied("D1", "I1", 3, "2025-04-12", "discount", payment_id="P1"),
                applied("A2", "I2", 60, "2025-05-12", payment_id="P2"),
            ],
        },
        commission={5: Decimal("9.70")},
    ),
    "bounced, restored, and bounced again: by its own number and by that of what restored it": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 160},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), invoice("I2", 60, "2025-03-10", "2025-04-09")],
            "payments": [
                payment("P1", 117, "2025-04-12"), payment("R1", -117, "2025-04-20", is_reversal_of="P1"),
                payment("T1", 117, "2025-05-02", is_reversal_of="R1"), payment("R2", -117, "2025-05-20", is_reversal_of="P1"),
                payment("P2", 60, "2025-04-12"), payment("R3", -60, "2025-04-20", is_reversal_of="P2"),
                payment("T2", 60, "2025-05-02", is_reversal_of="R3"), payment("R4", -60, "2025-05-20", is_reversal_of="T2"),
                payment("T3", 60, "2025-06-02", is_reversal_of="R4"), payment("R5", -60, "2025-06-20", is_reversal_of="T3"),
            ],
            # 20 of the first one are for nothing that is known.
            "payment_allocations": [
                applied("A1", "I1", 97, "2025-04-12", payment_id="P1"), applied("D1", "I1", 3, "2025-04-12", "discount", payment_id="P1"),
                applied("A2", "I2", 60, "2025-04-12", payment_id="P2"),
            ],
        },
        # Both restored in May and gone again; the second one in June as well.
        commission={},
    ),
    "a ledger that takes back what bounced, by a row without a payment": Case(
        date(2025, 6, 30),
        {"overdue_61_90": 100, "overdue_31_60": 70},
        {
            "invoices": [invoice("I1", 100, "2025-03-10", "2025-04-09"), invoice("I2", 70, "2025-04-10", "2025-05-10")],
            "payments": [
                payment("P1", 100, "2025-04-05"), payment("R1", -100, "2025-04-08", is_reversal_of="P1"),
                payment("P2", 70, "2025-05-05"),
            ],
            "payment_allocations": [
                applied("A1", "I1", 100, "2025-04-05", payment_id="P1"), applied("A2", "I1", -100, "2025-04-08", "reversal"),
                # Of this one no payment says that it came back: the money is there, and the ledger owes it to nobody.
                applied("A3", "I2", 70, "2025-05-05", payment_id="P2"), applied("A4", "I2", -70, "2025-05-08", "reversal"),
            ],
        },
    ),
    "bounced before any of it was applied": Case(
        date(2025, 6, 30),
        {"overdue_1_30": 90},
        {
            "invoices": [invoice("I1", 90, "2025-05-10", "2025-06-10")],
            "payments": [payment("P1", 500, "2025-06-12"), payment("R1", -500, "2025-06-14", is_reversal_of="P1")],
            "payment_allocations": [
                applied("A1", "I1", 0.01, "2025-06-12", "discount"),
                applied("A2", "I1", -0.01, "2025-06-12", "discount"),
            ],
        },
    ),
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

MASTER: History = {
    "customers": [{"customer_id": "C1", "name": "Alpha", "country": "NL"}, {"customer_id": "C2", "name": "Beta", "country": "DE"}],
    "salespeople": [{"salesperson_id": "S1", "name": "Rep", "team": "T"}],
    "commission_plans": [
        {"salesperson_id": "S1", "valid_from_date": "2025-01-01", "rate_share": "0.10", "basis": "cash", "commissionable": "revenue"}
    ],
}


def check(case: Case, rows: History) -> None:
    with built(rows, case.day, date(2027, 12, 31), TARGETS) as connection:
        ageing = "receivables.receivables_ageing_monthly where month_start_date = (select date_trunc('month', report_date) from raw.night)"
        names = [row[0] for row in connection.execute(f"describe select * from {ageing}").fetchall() if row[0].endswith("_amount")]
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in names)
        (row,) = connection.execute(f"select {sums} from {ageing} and customer_id = 'C1'").fetchall()
        amounts = {name.removesuffix("_amount"): amount for name, amount in zip(names, row, strict=True)}
        totals = {"receivables", "overdue", "receivables_booked", "held_out_receivables_booked", "held_out_overdue"}
        buckets = {name: amount for name, amount in amounts.items() if amount and name not in totals}
        held = buckets.pop("held_out_receivables", 0)
        buckets = {name: amount for name, amount in buckets.items() if not name.startswith("held_out_")} | (
            {"held_out_receivables": held} if held else {}
        )
        assert buckets == {name: amount for name, amount in case.ageing.items() if amount}
        (closing,) = connection.execute(f"select sum(closing_amount) from {ageing.replace('ageing', 'rollforward')}").fetchone()
        (standing,) = connection.execute(f"select coalesce(sum(receivables_amount), 0) from {ageing}").fetchone()
        assert closing == standing
        commission = "select month(month_start_date), commission_amount from growth.commission_monthly where commission_amount <> 0"
        assert (
            dict(connection.execute(commission).fetchall()) == {month: amount for month, amount in case.commission.items() if amount}
            or not case.commission
        )
        errors = set(connection.execute("select error_code, document_id from core.fct_invoice_errors").fetchall())
        for finding in case.findings:
            assert finding in errors
        for code in ("overallocated", "short_payment", "prepayment_not_applied", "credit_note_not_found"):
            assert {error for error in errors if error[0] == code} <= {*case.findings}
        (tax,) = connection.execute("select sum(uncertified_amount) from receivables.withholding_tax_receivables").fetchone()
        assert tax == case.tax
        (revenue,) = connection.execute("select sum(net_revenue_amount) from growth.revenue_monthly").fetchone()
        assert revenue == case.revenue or case.revenue is None


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
