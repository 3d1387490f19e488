"""Payments that a bank takes back, restores and takes back again: how the account ends, and who earned what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.settlements import MASTER, Case, applied, check, invoice, payment

pytestmark = pytest.mark.slow

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
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_account_ends_as_it_should(name: str) -> None:
    check(CASES[name], MASTER | CASES[name].rows)
