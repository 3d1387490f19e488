"""Random accounts of payers that only statements tell of: what matching settles is never more than there is, nor anything else.

Each history holds invoices, credits and receipts worded in every manner, some taken back by the bank. Keep out: single kinds of
evidence (``test_matching.py``), and settlement that a ledger delivers (``test_random_histories.py``).
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.histories import History, built

pytestmark = pytest.mark.slow

FIRST_DAY = date(2026, 1, 5)
DAYS = 160
EVER = date(2027, 12, 31)
TARGETS = ("receivables_ageing_monthly", "receivables_rollforward_monthly", "commission_monthly", "cash_matching_worklist")
MANNERS = (
    "number",
    "number",
    "bare",
    "reference",
    "typing error",
    "nothing",
    "nothing",
    "list",
    "parts",
    "discount",
    "cents",
    "taken back",
)


def random_statements(seed: int, payers: int = 8, documents: int = 12) -> tuple[History, dict[str, set[str]]]:
    """Rows per entity, and for each receipt what it was sent for."""
    chance = random.Random(seed)
    history: History = {name: [] for name in ("customers", "salespeople", "invoices", "bank_statements", "bank_transactions")}
    history["commission_plans"] = [
        {"salesperson_id": "S1", "valid_from_date": "2025-01-01", "rate_share": "0.1", "basis": "cash", "commissionable": "revenue"}
    ]
    history["salespeople"].append({"salesperson_id": "S1", "name": "S1", "team": "T"})
    history["payment_terms"] = [{"payment_terms_id": "T", "net_days": 30}]
    history["payment_terms_steps"] = [{"payment_terms_id": "T", "kind": "discount", "step_number": 1, "days": 10, "share": "0.02"}]
    meant: dict[str, set[str]] = {}
    numbers = iter(chance.sample(range(100_000, 999_999), payers * documents * 2))

    def enter(amount: Decimal, day: date, payer: int, text: str | None, sent_for: set[str], **more) -> None:
        number = str(len(history["bank_transactions"]) + 1)
        row = {"statement_id": "NL00OWN", "entry_number": number, "detail_number": "0", "bank_account": "NL00OWN", "kind": "statement"}
        row |= {"booked_date": day, "amount": amount, "currency": "EUR", "counterparty_name": f"Payer {payer}", "remittance_text": text}
        history["bank_transactions"].append(row | more)
        meant[f"bank:NL00OWN:{number}:0"] = sent_for

    for payer in range(1, payers + 1):
        history["customers"].append({"customer_id": f"K{payer}", "name": f"Payer {payer} N.V."})
        waiting: list[tuple[str, Decimal]] = []
        for _ in range(documents):
            number, gross = f"2026-{next(numbers)}", Decimal(chance.choice([100, 250, chance.randint(500, 90_000)]))
            issued = FIRST_DAY + timedelta(chance.randint(0, DAYS - 40))
            row = {"invoice_id": number, "document_type": "invoice", "customer_id": f"K{payer}", "issued_date": issued, "currency": "EUR"}
            row |= {"net_amount": gross, "gross_amount": gross, "salesperson_id": "S1", "payment_terms_id": "T"}
            history["invoices"].append(row)
            owed, paid = gross, issued + timedelta(chance.randint(2, 60))
            if chance.random() < 0.15:
                credit = {"invoice_id": f"2026-{next(numbers)}", "document_type": "credit_note", "corrects_invoice_id": number}
                credit |= {"issued_date": issued + timedelta(1), "net_amount": gross // 4, "gross_amount": gross // 4}
                history["invoices"].append(row | credit)
                owed -= gross // 4
            manner, digits = chance.choice(MANNERS), number.replace("-", "")
            if chance.random() < 0.15:
                continue
            if manner == "list":
                waiting.append((number, owed))
                if len(waiting) == 3:
                    names = ", ".join(name for name, _ in waiting)
                    latest = FIRST_DAY + timedelta(DAYS)
                    enter(sum(amount for _, amount in waiting), latest, payer, f"Facturen {names}", {name for name, _ in waiting})
                    waiting = []
            elif manner == "parts":
                enter(owed - owed // 3, paid, payer, f"deel {number}", {number})
                enter(owed // 3, paid + timedelta(9), payer, f"rest {number}", {number})
            elif manner == "discount":
                kept = (owed * 2 + 50) // 100 if owed * 2 % 100 == 0 else Decimal(0)
                enter(owed - kept, issued + timedelta(5), payer, number, {number})
            elif manner == "taken back":
                enter(owed, paid, payer, number, {number}, end_to_end_id=f"E-{number}")
                enter(-owed, paid + timedelta(3), payer, None, set(), end_to_end_id=f"E-{number}", is_reversal=True)
            else:
                wrong = number[:-2] + number[-1] + number[-2]
                text = {"number": f"Factuur {number}", "bare": digits, "typing error": wrong, "cents": number}.get(manner)
                amount = owed - Decimal("0.04") if manner == "cents" else owed
                enter(amount, paid, payer, text, {number}, structured_reference=digits if manner == "reference" else None)
    total = sum(row["amount"] for row in history["bank_transactions"])
    statement = {"statement_id": "NL00OWN", "bank_account": "NL00OWN", "statement_date": EVER, "currency": "EUR"}
    history["bank_statements"].append(statement | {"opening_amount": 0, "closing_amount": total})
    return history, meant


@pytest.mark.parametrize("seed", range(1, 4))
def test_matching_settles_what_was_meant_and_no_cent_more(seed: int) -> None:
    history, meant = random_statements(seed)
    chance = random.Random(seed)
    days = [FIRST_DAY + timedelta(chance.randint(60, DAYS)), FIRST_DAY + timedelta(DAYS + 30)]
    for day in days:
        with built(history, day, EVER, TARGETS) as connection:
            run = connection.execute
            matches = run(
                "select payment_id, invoice_id, cash_amount, deducted_amount from intermediate.int_cash_matches order by all"
            ).fetchall()
            found, taken = defaultdict(set), defaultdict(Decimal)
            for payment, invoice, cash, deducted in matches:
                found[payment].add(invoice)
                taken[payment] += cash
                taken[invoice] += cash + deducted
            assert {payment: names for payment, names in found.items() if names != meant[payment]} == {}, (seed, day)
            amounts = {f"bank:NL00OWN:{row['entry_number']}:0": row["amount"] for row in history["bank_transactions"]}
            amounts |= {row["invoice_id"]: row["gross_amount"] for row in history["invoices"]}
            assert {name for name, amount in taken.items() if amount > amounts[name] + Decimal("0.05")} == set()

            # Money is kept: what was invoiced, less what came in and what was allowed, is what stands open.
            issued = [row for row in history["invoices"] if row["issued_date"] <= day]
            invoiced = sum(row["gross_amount"] * (-1 if row["document_type"] == "credit_note" else 1) for row in issued)
            received = sum(row["amount"] for row in history["bank_transactions"] if row["booked_date"] <= day)
            (allowed,) = run("""
                select coalesce(-sum(document_amount), 0) from core.fct_receivable_events
                where event_type in ('discount_taken', 'bank_charged', 'rounded')""").fetchone()
            month = f"month_start_date = date '{day.replace(day=1)}'"
            sums = "sum(receivables_amount + held_out_receivables_amount)"
            (ageing,) = run(f"select coalesce({sums}, 0) from receivables.receivables_ageing_monthly where {month}").fetchone()
            closing = "sum(closing_amount + held_out_receivables_amount)"
            (rolled,) = run(f"select coalesce({closing}, 0) from receivables.receivables_rollforward_monthly where {month}").fetchone()
            assert ageing == rolled == invoiced - received - allowed, (seed, day)

    # In whatever order the rows arrive, the same is matched.
    shuffled = {entity: chance.sample(rows, len(rows)) for entity, rows in history.items()}
    with built(shuffled, days[-1], EVER, ("int_cash_matches",)) as connection:
        again = "select payment_id, invoice_id, cash_amount, deducted_amount from intermediate.int_cash_matches order by all"
        assert connection.execute(again).fetchall() == matches
    assert len(found) > len(meant) * 0.5
