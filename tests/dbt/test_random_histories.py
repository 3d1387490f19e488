"""Receivables from random histories, against a second way of counting; and any past report date, rebuilt from what is known later.

Each history holds what order-to-cash can do to receivables: partial and double payments, payments before their invoice, on
account, taken back, bounced, restored and bounced again, credit notes set off by one row, by two or by what they name,
cancellations, prepayments, instalments, withholdings, refunds, payments in another currency. Keep out: rules and KPIs.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.restatements import write_restatements
from tests.dbt.settlement_counted import CASH, RATES, applications, counted
from tests.histories import History, built

pytestmark = pytest.mark.slow

FIRST_DAY = date(2026, 1, 5)
DAYS = 170
#: A day by which everything is known.
EVER = date(2027, 12, 31)
RECEIVABLES = ("receivables_ageing_monthly", "receivables_rollforward_monthly", "commission_monthly", "fct_invoice_errors")
EVERYTHING = ("kpi_values",)

ENTITIES = (
    "customers", "salespeople", "exchange_rates", "invoices", "payments", "payment_allocations", "payment_schedule", "write_offs",
    "commission_plans",
)  # fmt: skip
#: Ways to settle a part of a document, and how often; `none` leaves it.
WAYS = {
    "cash": 10, "credit_note": 1, "discount": 1, "written_off": 1, "on_account": 1, "taken_back": 1, "bounced": 2, "bounced_in_part": 1,
    "withholding": 1, "set_off": 1, "bank_charge": 1, "prepayment": 1, "other_currency": 2,
}  # fmt: skip


def random_history(seed: int, documents: int = 60) -> History:
    """Raw rows per entity; ``known_date`` is the day on which a row is delivered, on or after its own date."""
    chance = random.Random(seed)
    history: History = {entity: [] for entity in ENTITIES}
    customers = [f"C{number}" for number in range(1, 7)]
    for customer in customers:
        owner = chance.choice(["S1", "S2"])
        history["customers"].append({"customer_id": customer, "name": f"Customer {customer}", "account_owner_id": owner})
    for salesperson, team in (("S1", "north"), ("S2", "south")):
        history["salespeople"].append({"salesperson_id": salesperson, "name": salesperson, "team": team})
        history["commission_plans"].append(
            {
                "salesperson_id": salesperson,
                "valid_from_date": date(2025, 1, 1),
                "rate_share": "0.1",
                "basis": "cash",
                "commissionable": "revenue",
            }
        )
    weeks = (FIRST_DAY + timedelta(7 * week) for week in range(-2, 60))
    history["exchange_rates"] = [{"rate_date": day, "currency": "USD", "rate": RATES["USD"]} for day in weeks]

    def later(day: date, most: int) -> date:
        return day + timedelta(chance.randint(0, most))

    def cents(amount: Decimal) -> Decimal:
        return amount.quantize(Decimal("0.01"))

    def add(entity: str, day: date, **row) -> None:
        history[entity].append(row | {"known_date": day if chance.random() < 0.8 else later(day, 45)})

    def allocate(name: str, day: date, kind: str, invoice: str, amount: Decimal, payment: str | None = None, **more) -> None:
        row = {"allocation_id": f"A{name}", "kind": kind, "invoice_id": invoice, "allocated_date": day, "amount": amount}
        add("payment_allocations", day, **row, payment_id=payment, **more)

    def receive(name: str, day: date, amount: Decimal, currency: str, customer: str, **more) -> None:
        add("payments", day, payment_id=name, received_date=day, amount=amount, currency=currency, customer_id=customer, **more)

    def document(invoice: str, kind: str, customer: str, currency: str, issued: date, gross: Decimal, **more) -> None:
        due = issued + timedelta(chance.choice([0, 14, 30, 60]))
        row = {"invoice_id": invoice, "document_type": kind, "customer_id": customer, "issued_date": issued, "due_date": due}
        row |= {"currency": currency, "net_amount": gross, "gross_amount": gross, "salesperson_id": chance.choice(["S1", "S2", None])}
        add("invoices", issued, **row, **more)

    def settle(
        name: str, how: str, day: date, invoice: str, customer: str, currency: str, amount: Decimal, instalment: str | None
    ) -> Decimal:
        """Settles ``amount`` of a document in one of the ways; what it leaves settled of it for the next part."""
        paid = f"P{name}"
        if how == "written_off":
            add("write_offs", day, write_off_id=f"W{name}", invoice_id=invoice, written_off_date=day, amount=amount)
        elif how in ("credit_note", "discount", "withholding", "set_off", "bank_charge"):
            allocate(name, day, how, invoice, amount)
        elif how == "other_currency":
            other = "USD" if currency == "EUR" else "EUR"
            taken = amount * RATES[currency] / RATES[other]
            receive(paid, day, taken, other, customer)
            allocate(name, day, "cash", invoice, amount, paid, payment_amount=chance.choice([taken, None]))
        else:
            receive(paid, day, amount, currency, customer)
            if how == "on_account":
                return Decimal(0)
            applied = later(day, 20)
            kind = "prepayment" if how == "prepayment" else "cash"
            allocate(name, applied, kind, invoice, amount, paid, instalment_number=None if "bounced" in how else instalment)
            back = later(applied, 30)
            if how == "taken_back":
                allocate(f"{name}-back", back, "reversal", invoice, -amount, paid)
                return Decimal(0)
            if amount > 0 and "bounced" in how:
                undone = amount if how == "bounced" else cents(amount * Decimal("0.4"))
                receive(f"R{name}", back, -undone, currency, customer, is_reversal_of=paid)
                if chance.random() < 0.2:
                    allocate(f"{name}-alone", back, "reversal", invoice, -undone)
                elif chance.random() < 0.4:
                    restored = later(back, 10) + timedelta(1)
                    receive(f"T{name}", restored, undone, currency, customer, is_reversal_of=f"R{name}")
                    if chance.random() < 0.5:
                        return amount
                    again = later(restored, 10) + timedelta(1)
                    receive(f"S{name}", again, -undone, currency, customer, is_reversal_of=chance.choice([paid, f"T{name}"]))
                return amount - undone
        return amount

    def credit(name: str, invoice: str, customer: str, currency: str, day: date, amount: Decimal) -> Decimal:
        """A credit note or cancellation that names the invoice; the ledger applies it by two rows, one, or none, or it is paid back."""
        kind, note = chance.choice(["credit_note", "cancellation"]), f"N{name}"
        document(note, kind, customer, currency, day, amount, corrects_invoice_id=invoice)
        how = chance.choice(["two rows", "one row", "one row that names it", "none", "none", "paid back"])
        applied = later(day, 25)
        if how == "paid back":
            receive(f"B{name}", applied, -amount, currency, customer)
            allocate(name, applied, "refund", note, -amount, f"B{name}")
            return Decimal(0)
        if how != "none":
            named = {"credit_note_id": note} if how == "one row that names it" else {}
            allocate(name, applied, "credit_note", invoice, amount, **named)
        if how == "two rows":
            allocate(f"{name}-note", applied, "credit_note", note, -amount)
        return amount

    for number in range(1, documents + 1):
        customer, currency = chance.choice(customers), chance.choice(["EUR", "EUR", "USD"])
        issued = FIRST_DAY + timedelta(chance.randint(0, DAYS))
        gross = Decimal(chance.randint(100, 500_000)) / 100
        kind, invoice, more = chance.choices(["invoice", "credit_note"], [6, 1])[0], f"I{number}", {}
        due = gross
        if kind == "invoice" and chance.random() < 0.2:
            more = {
                "prepaid_amount": cents(gross * chance.choice([Decimal("0.3"), Decimal(1)])),
                "rounding_amount": chance.choice([None, Decimal("0.02")]),
            }
            due = gross - more["prepaid_amount"] + (more["rounding_amount"] or 0)
            more["due_amount"] = due
        document(invoice, kind, customer, currency, issued, gross, **more)
        instalments = 0
        if kind == "invoice" and due > 10 and chance.random() < 0.25:
            instalments, part = 3, cents(due / 3)
            for place, amount in enumerate((part, part, due - 2 * part), 1):
                day = issued + timedelta(30 * place)
                row = {"invoice_id": invoice, "instalment_number": str(place), "due_date": day, "amount": amount, "known_date": FIRST_DAY}
                history["payment_schedule"].append(row)
        open_amount = due if kind == "invoice" else -gross
        if kind == "invoice" and chance.random() < 0.25:
            share = chance.choice([Decimal(1), Decimal("0.25")])
            open_amount -= credit(str(number), invoice, customer, currency, later(issued, 40), max(cents(gross * share), Decimal("0.01")))
        for part in range(chance.choice([0, 1, 1, 1, 2, 3])):
            day = later(issued - timedelta(chance.choice([0, 0, 0, 5])), 110)
            share = chance.choice([Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.3")])
            amount = cents(open_amount * share) - (Decimal("0.03") if chance.random() < 0.1 else 0)
            if not amount:
                break
            how = chance.choices(list(WAYS), list(WAYS.values()))[0]
            how = "cash" if how == "other_currency" and currency == "EUR" and amount * 50 % 1 else how
            named = chance.choice([None, "1", "2", "3"]) if instalments else None
            open_amount -= settle(f"{number}-{part}", how, day, invoice, customer, currency, amount, named)
    return history


def expected_commission(history: History, report_date: date, held_out: set[str]) -> Decimal:
    """A tenth of the net cash of each invoice, money paid back on its credit notes taken off: rounded per invoice, at most the whole."""
    issued = {row["invoice_id"]: row for row in history["invoices"] if row["issued_date"] <= report_date}
    owners = {row["customer_id"]: row["account_owner_id"] for row in history["customers"]}
    cash: dict[str, Decimal] = defaultdict(Decimal)
    for row in applications(history, report_date):
        if row["kind"] in CASH:
            cash[issued[row["invoice"]].get("corrects_invoice_id") or row["invoice"]] += row["amount"]
    total = Decimal(0)
    for name, amount in cash.items():
        row = issued.get(name)
        if row and row["document_type"] == "invoice" and name not in held_out and (row["salesperson_id"] or owners[row["customer_id"]]):
            gross, rate = row["gross_amount"], RATES[row["currency"]]
            earned = Decimal("0.1") * gross * rate * max(min(amount, gross), Decimal(0)) / gross
            total += (earned * 100 + Decimal("0.5")) // 1 / 100
    return total


@pytest.mark.parametrize("seed", range(1, 5))
def test_ageing_is_rollforward_is_counted_by_hand_at_every_day(seed: int) -> None:
    history = random_history(seed)
    chance = random.Random(seed)
    for _ in range(8):
        day = FIRST_DAY + timedelta(chance.randint(0, DAYS + 120))
        with built(history, day, EVER, RECEIVABLES) as connection:
            held_out = {
                name
                for (name,) in connection.execute(
                    "select document_id from core.fct_invoice_errors where is_holding_out and document_kind = 'invoice'"
                ).fetchall()
            }
            rows = connection.execute("""
                select months.month_start_date, least(months.month_end_date, night.report_date), rollforward.closing_amount,
                    rollforward.held_out_receivables_amount
                from core.dim_months as months cross join raw.night as night
                left join receivables.receivables_rollforward_monthly as rollforward using (month_start_date)
                order by 1""").fetchall()
            assert rows
            for month, month_end, closing, held in rows:
                expected = counted(history, month_end, day)
                assert closing + held == sum(expected.values()), (seed, day, month)
                assert ageing(connection, month) == expected, (seed, day, month)
            (commission,) = connection.execute("select coalesce(sum(commission_amount), 0) from growth.commission_monthly").fetchone()
            assert commission == expected_commission(history, day, held_out), (seed, day)
            (beyond,) = connection.execute("""
                select count(*) from core.fct_payment_applications as applications join core.fct_invoices as invoices using (invoice_id)
                where applications.is_derived
                    and abs(applications.document_amount) > abs(invoices.document_gross_amount) + 0.05""").fetchone()
            assert beyond == 0


def ageing(connection: duckdb.DuckDBPyConnection, month: date) -> dict[str, Decimal]:
    buckets = ("not_due", "overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_91_120", "overdue_over_120", "no_due_date")
    buckets += ("unapplied_credit", "unapplied_cash")
    sums = ", ".join(f"sum({bucket}_amount + held_out_{bucket}_amount)" for bucket in buckets)
    (row,) = connection.execute(f"select {sums} from receivables.receivables_ageing_monthly where month_start_date = ?", [month]).fetchall()
    return {bucket: amount for bucket, amount in zip(buckets, row, strict=True) if amount}


@pytest.mark.parametrize("seed", range(11, 14))
def test_report_date_rebuilt_later_is_what_was_published_plus_its_restatements(seed: int, tmp_path: Path) -> None:
    history = random_history(seed)
    day = FIRST_DAY + timedelta(random.Random(seed).randint(70, DAYS))
    with built(history, day, day, EVERYTHING) as connection:
        connection.execute(
            f"attach '{tmp_path / 'then.duckdb'}' as publication; create schema publication.kpi; create schema publication.core"
        )
        for table in ("kpi.kpi_values", "core.fct_receivable_events", "core.fct_invoices"):
            connection.execute(f"create table publication.{table} as select * from {table}")
        (closed,) = connection.execute("select count(*) from kpi.kpi_values where status = 'final' and value is not null").fetchone()
    assert closed > 100
    with built(history, day, EVER, EVERYTHING) as connection:
        assert write_restatements(connection, tmp_path / "then.duckdb") > 0
        connection.execute(f"attach '{tmp_path / 'then.duckdb'}' as earlier (read_only)")
        key = "kpi, period_type, period_start_date, scope_type, scope_id"
        unexplained = connection.execute(f"""
            with changes as (
                select {key}, sum(change_value) as change_value, min(new_value) as new_value, count(*) as row_count
                from meta.kpi_restatements group by all)
            select earlier.kpi, earlier.period_start_date, earlier.scope_id, earlier.value, now.value, changes.change_value
            from earlier.kpi.kpi_values as earlier
            left join kpi.kpi_values as now using ({key}) left join changes using ({key})
            where earlier.status in ('final', 'quarantine_bounded') and case earlier.period_type when 'month' then
                    last_day(earlier.period_start_date) when 'quarter' then last_day(earlier.period_start_date + interval 2 month)
                    else last_day(earlier.period_start_date + interval 11 month) end <= date '{day}' and case
                when changes.row_count is null then earlier.value is distinct from now.value
                when earlier.value is null or now.value is null then changes.new_value is distinct from now.value
                else earlier.value + changes.change_value <> now.value end""").fetchall()
        assert unexplained == []
