"""Receivables of a history on one day, document by document: the second way of counting, without SQL and without events.

What stands on a day follows from what was applied until then: reversed payments are undone, a stated prepayment and credits that
name their document settle what nothing else does, the last cents close, instalments are paid the oldest first.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

CASH = {"cash", "reversal", "refund", "prepayment"}
TOLERANCE = Decimal("0.05")
ZERO = Decimal(0)
#: Reporting currency per unit; the dollar's rate never moves, so that no exchange result hides a mistake.
RATES = {"EUR": 1, "USD": 2}


def applications(history: dict[str, list[dict]], report_date: date) -> list[dict]:
    """Rows ``date, kind, invoice, payment, instalment, amount, taken``, what reversals undo among them."""
    invoices = {row["invoice_id"]: row for row in history["invoices"]}
    payments = {row["payment_id"]: row for row in history["payments"]}
    rows = []

    def add(day: date, kind: str, invoice: str, amount: Decimal, payment: str | None = None, **more) -> None:
        day = max(day, invoices[invoice]["issued_date"], payments[payment]["received_date"] if payment else day)
        if day <= report_date:
            taken = None
            if payment and kind in CASH:
                same = invoices[invoice]["currency"] == payments[payment]["currency"]
                taken = amount if same else amount * RATES[invoices[invoice]["currency"]] / RATES[payments[payment]["currency"]]
            rows.append({"date": day, "kind": kind, "invoice": invoice, "payment": payment, "amount": amount, "taken": taken, **more})

    reversals = [row for row in history["payments"] if row.get("is_reversal_of") and row["received_date"] <= report_date]
    for row in history["payment_allocations"]:
        if row["kind"] == "reversal" and not row.get("payment_id"):
            paid = {item.get("payment_id") for item in history["payment_allocations"] if item["invoice_id"] == row["invoice_id"]}
            backs = [item for item in reversals if item["is_reversal_of"] in paid]
            backs.sort(key=lambda item: (abs((item["received_date"] - row["allocated_date"]).days), item["payment_id"]))
            row = row | {"payment_id": backs[0]["payment_id"] if backs else None}
        booked, instalment = row["allocated_date"], row.get("instalment_number")
        add(booked, row["kind"], row["invoice_id"], row["amount"], row.get("payment_id"), instalment=instalment, booked=booked)
        if row.get("credit_note_id"):
            add(booked, "credit_note", row["credit_note_id"], -row["amount"], instalment=None, booked=booked)
    for row in history["write_offs"]:
        add(row["written_off_date"], "write_off", row["invoice_id"], row["amount"], instalment=None, booked=row["written_off_date"])
    for reversal in sorted(reversals, key=lambda row: row["received_date"]):
        own = [row for row in rows if row["payment"] == reversal["payment_id"] and row["taken"] is not None]
        undoing = [row for row in rows if row["payment"] == reversal["is_reversal_of"] and row["taken"] is not None]
        if reversal["amount"] > 0:
            # A reversal is taken back in full, and nothing says where that money goes.
            for row in undoing if not own and reversal["amount"] >= -payments[reversal["is_reversal_of"]]["amount"] else []:
                day = max(reversal["received_date"], row["date"])
                add(day, "reversal", row["invoice"], -row["amount"], reversal["payment_id"], instalment=row.get("instalment"), booked=day)
            continue
        left = -reversal["amount"] - payment_rest(rows, history, reversal["is_reversal_of"], report_date)
        left += sum((row["taken"] for row in own), ZERO)
        settled = defaultdict(list)
        for row in rows:
            if row["payment"] == reversal["is_reversal_of"] and row["taken"] is not None:
                settled[row["invoice"]].append(row)
        for invoice, own in sorted(settled.items(), key=lambda item: (max(row["date"] for row in item[1]), item[0]), reverse=True):
            undone = min(max(left, ZERO), sum(row["taken"] for row in own))
            if undone > 0:
                day = max(reversal["received_date"], max(row["date"] for row in own))
                add(day, "reversal", invoice, -undone, reversal["payment_id"], instalment=None, booked=day)
                left -= undone
    return rows


def payment_rest(rows: list[dict], history: dict[str, list[dict]], payment: str, day: date) -> Decimal:
    """What is unapplied of a payment at the end of ``day``, in its own currency."""
    received = sum(row["amount"] for row in history["payments"] if row["payment_id"] == payment and row["received_date"] <= day)
    return received - sum(
        (row["taken"] for row in rows if row["payment"] == payment and row["taken"] is not None and row["date"] <= day), ZERO
    )


def open_documents(history: dict[str, list[dict]], rows: list[dict], day: date) -> dict[str, Decimal]:
    """Document -> what is open of it at the end of ``day``, in its own currency, signed."""
    issued = {row["invoice_id"]: row for row in history["invoices"] if row["issued_date"] <= day}
    sign = {name: -1 if row["document_type"] in ("credit_note", "cancellation") else 1 for name, row in issued.items()}
    known = [row for row in rows if row["date"] <= day and row["invoice"] in issued]
    gross = {name: sign[name] * row["gross_amount"] for name, row in issued.items()}
    applied = defaultdict(Decimal)
    touched = {row["invoice"] for row in known}
    for row in known:
        applied[row["invoice"]] += row["amount"]
    for name, row in issued.items():
        prepaid, rounding = row.get("prepaid_amount") or ZERO, row.get("rounding_amount") or ZERO
        if prepaid or rounding:
            touched.add(name)
            early = sum(
                (a["amount"] for a in known if a["invoice"] == name and (a["kind"] == "prepayment" or a["booked"] <= row["issued_date"])),
                ZERO,
            )
            due = gross[name] - prepaid + rounding
            applied[name] += max(prepaid - max(early, applied[name] - due, ZERO), ZERO) - rounding
    credited = lambda name: sum((a["amount"] for a in known if a["invoice"] == name and a["kind"] == "credit_note"), ZERO)  # noqa: E731
    for name in issued:
        credits = [row for row in issued.values() if row.get("corrects_invoice_id") == name and sign[row["invoice_id"]] < 0]
        credits.sort(key=lambda row: (row["issued_date"], row["invoice_id"]))
        names = [row["invoice_id"] for row in credits]
        one_sided = max(credited(name) + sum((credited(credit) for credit in names), ZERO), ZERO)
        for credit in names:
            left = max(-(gross[credit] - applied[credit]), ZERO)
            own = min(one_sided, left)
            both = min(left - own, max(gross[name] - applied[name], ZERO))
            one_sided -= own
            applied[credit] -= own + both
            applied[name] += both
            touched |= {credit, name} if both else {credit} if own else set()
    found = {}
    for name in issued:
        rest = gross[name] - applied[name]
        closes = name in touched and applied[name] and abs(rest) <= TOLERANCE
        found[name] = ZERO if closes else rest
    return found


def bucket(due: date, day: date) -> str:
    limits = ((0, "not_due"), (30, "overdue_1_30"), (60, "overdue_31_60"), (90, "overdue_61_90"), (120, "overdue_91_120"))
    return next((name for limit, name in limits if (day - due).days <= limit), "overdue_over_120")


def by_instalment(history: dict[str, list[dict]], rows: list[dict], name: str, rest: Decimal, day: date) -> list[tuple[date, Decimal]]:
    """(due date, open) of an invoice with instalments: cash settles the one that it names, else the oldest first.

    What names an instalment, also later, is not there for what names none.
    """
    schedule = sorted((row for row in history["payment_schedule"] if row["invoice_id"] == name), key=lambda row: row["due_date"])
    found, named = [], [row for row in rows if row["invoice"] == name and row.get("instalment")]
    left = sum((row["amount"] for row in schedule), ZERO) - rest - sum((row["amount"] for row in named if row["date"] <= day), ZERO)
    for place, row in enumerate(schedule):
        own = [item for item in named if item["instalment"] == row["instalment_number"]]
        room = max(row["amount"] - sum((item["amount"] for item in own), ZERO), ZERO)
        part = left if place == len(schedule) - 1 else min(left, room)
        part = part if place == 0 else max(part, ZERO)
        left -= part
        found.append((row["due_date"], row["amount"] - part - sum((item["amount"] for item in own if item["date"] <= day), ZERO)))
    return found


def counted(history: dict[str, list[dict]], day: date, report_date: date) -> dict[str, Decimal]:
    """Ageing bucket -> euros at the end of ``day``, as counted on ``report_date``."""
    rows = applications(history, report_date)
    invoices = {row["invoice_id"]: row for row in history["invoices"]}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for name, rest in open_documents(history, rows, day).items():
        row = invoices[name]
        rate = RATES[row["currency"]]
        if row["document_type"] in ("credit_note", "cancellation"):
            found["unapplied_credit"] += rest * rate
            continue
        parts = by_instalment(history, rows, name, rest, day) or [(row["due_date"], rest)]
        for due, part in parts:
            found[bucket(due, day) if part >= 0 else "unapplied_credit"] += part * rate
    for row in history["payments"]:
        if row["received_date"] <= day:
            rest = payment_rest(rows, history, row["payment_id"], day)
            closes = abs(rest) <= TOLERANCE and rest != row["amount"]
            found["unapplied_cash"] -= ZERO if closes else rest * RATES[row["currency"]]
    return {name: amount for name, amount in found.items() if amount}
