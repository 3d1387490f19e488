"""Receivables from random histories, against a second way of counting; and any past report date, rebuilt from what is known later.

Each history holds what order-to-cash can do to receivables: partial and double payments, payments before their invoice, on
account and taken back, credit notes set off or left open, discounts, write-offs, two currencies. Keep out: rules and KPIs.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.restatements import write_restatements
from pipelines.sources.contracts import load_contracts
from pipelines.value.estimation import TABLES
from tests import worlds

pytestmark = pytest.mark.slow

FIRST_DAY = date(2026, 1, 5)
DAYS = 170
#: A day by which everything is known.
EVER = date(2027, 12, 31)
#: Reporting currency per unit; the dollar's rate never moves, so that no exchange result hides a mistake.
RATES = {"EUR": 1, "USD": 2}
RECEIVABLES = ("receivables_ageing_monthly", "receivables_rollforward_monthly")
EVERYTHING = ("kpi_values",)

History = dict[str, list[dict]]


def random_history(seed: int, documents: int = 60) -> History:
    """Raw rows per entity; ``known_date`` is the day on which a row is delivered, on or after its own date."""
    chance = random.Random(seed)
    history: History = defaultdict(list)
    customers = [f"C{number}" for number in range(1, 7)]
    for customer in customers:
        owner = chance.choice(["S1", "S2"])
        history["customers"].append({"customer_id": customer, "name": f"Customer {customer}", "account_owner_id": owner})
    for salesperson, team in (("S1", "north"), ("S2", "south")):
        history["salespeople"].append({"salesperson_id": salesperson, "name": salesperson, "team": team})
    weeks = (FIRST_DAY + timedelta(7 * week) for week in range(-2, 60))
    history["exchange_rates"] = [{"rate_date": day, "currency": "USD", "rate": RATES["USD"]} for day in weeks]

    def later(day: date, most: int) -> date:
        return day + timedelta(chance.randint(0, most))

    def known(day: date) -> date:
        return day if chance.random() < 0.8 else later(day, 45)

    def add(entity: str, day: date, **row) -> None:
        history[entity].append(row | {"known_date": known(day)})

    for number in range(1, documents + 1):
        customer, currency = chance.choice(customers), chance.choice(["EUR", "EUR", "USD"])
        issued = FIRST_DAY + timedelta(chance.randint(0, DAYS))
        gross = Decimal(chance.randint(100, 500_000)) / 100
        kind = chance.choices(["invoice", "credit_note"], [5, 1])[0]
        invoice = f"I{number}"
        add(
            "invoices", issued, invoice_id=invoice, document_type=kind, customer_id=customer, issued_date=issued,
            due_date=issued + timedelta(chance.choice([0, 14, 30, 60])), currency=currency, net_amount=gross, gross_amount=gross,
            salesperson_id=chance.choice(["S1", "S2", None]),
        )  # fmt: skip
        open_amount = gross if kind == "invoice" else -gross
        for part in range(chance.choice([0, 1, 1, 1, 2, 3])):
            day = later(issued - timedelta(chance.choice([0, 0, 0, 5])), 110)
            share = chance.choice([Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.3")])
            amount = (open_amount * share).quantize(Decimal("0.01"))
            if not amount:
                break
            how = chance.choices(["cash", "credit_note", "discount", "written_off", "on_account", "reversed"], [10, 2, 1, 1, 1, 1])[0]
            name = f"{number}-{part}"
            if how == "written_off":
                add("write_offs", day, write_off_id=f"W{name}", invoice_id=invoice, written_off_date=day, amount=amount)
            elif how in ("credit_note", "discount"):
                add(
                    "payment_allocations", day, allocation_id=f"A{name}", kind=how, invoice_id=invoice, allocated_date=day, amount=amount,
                    payment_id=None,
                )  # fmt: skip
            else:
                add("payments", day, payment_id=f"P{name}", received_date=day, amount=amount, currency=currency, customer_id=customer)
                if how == "on_account":
                    continue
                applied = later(day, 20)
                row = {"payment_id": f"P{name}", "invoice_id": invoice}
                add("payment_allocations", applied, allocation_id=f"A{name}", kind="cash", allocated_date=applied, amount=amount, **row)
                if how == "reversed":
                    back = later(applied, 30)
                    add("payment_allocations", back, allocation_id=f"R{name}", kind="reversal", allocated_date=back, amount=-amount, **row)
                    amount = Decimal(0)
            open_amount -= amount
    return history


@contextmanager
def built(history: History, report_date: date, known_by: date, targets: tuple[str, ...]) -> Iterator:
    """A connection with the models of ``targets``, from the rows known by a day, for a report date."""
    with duckdb.connect() as connection:
        connection.execute("create schema demo")
        for entity in ("customers", "salespeople", "exchange_rates", "invoices", "payments", "payment_allocations", "write_offs"):
            columns = [column.name for column in load_contracts()[entity].columns]
            types = ", ".join(f'"{column.name}" {column.engine_type}' for column in load_contracts()[entity].columns)
            connection.execute(f"create table demo.{entity} ({types})")
            rows = [[row.get(name) for name in columns] for row in history[entity] if row.get("known_date", known_by) <= known_by]
            if rows:
                names, marks = ", ".join(columns), ", ".join("?" * len(columns))
                connection.executemany(f"insert into demo.{entity} ({names}) values ({marks})", rows)
        worlds.fill_raw(connection, report_date.isoformat())
        connection.execute("create schema value")
        for table, columns in TABLES.items():
            connection.execute(f"create table value.{table} ({columns})")
        worlds.run_rules(connection, worlds.compiled_steps(targets))
        yield connection


def counted(history: History, day: date) -> dict[str, Decimal]:
    """Ageing bucket -> euros on ``day``, document by document: the second way of counting."""
    invoices = {row["invoice_id"]: row for row in history["invoices"]}
    open_amounts: dict[str, Decimal] = {}
    for name, row in invoices.items():
        if row["issued_date"] <= day:
            sign = -1 if row["document_type"] == "credit_note" else 1
            open_amounts[name] = sign * row["gross_amount"] * RATES[row["currency"]]
    cash = defaultdict(Decimal)
    for row in history["payments"]:
        if row["received_date"] <= day:
            cash[row["payment_id"]] -= row["amount"] * RATES[row["currency"]]
    applications = [(row["allocated_date"], row) for row in history["payment_allocations"]]
    applications += [(row["written_off_date"], row) for row in history["write_offs"]]
    for booked, row in applications:
        invoice = invoices[row["invoice_id"]]
        if max(booked, invoice["issued_date"]) <= day:
            amount = row["amount"] * RATES[invoice["currency"]]
            open_amounts[row["invoice_id"]] -= amount
            if row.get("payment_id"):
                cash[row["payment_id"]] += amount
    found: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in open_amounts.items():
        row = invoices[name]
        late = (day - row["due_date"]).days
        if row["document_type"] == "credit_note":
            bucket = "unapplied_credit"
        else:
            limits = ((0, "not_due"), (30, "overdue_1_30"), (60, "overdue_31_60"), (90, "overdue_61_90"), (120, "overdue_91_120"))
            bucket = next((name for limit, name in limits if late <= limit), "overdue_over_120")
        found[bucket] += amount
    found["unapplied_cash"] = sum(cash.values(), Decimal(0))
    return {bucket: amount for bucket, amount in found.items() if amount}


@pytest.mark.parametrize("seed", range(1, 5))
def test_ageing_is_rollforward_is_counted_by_hand_at_every_day(seed: int) -> None:
    history = random_history(seed)
    chance = random.Random(seed)
    for _ in range(8):
        day = FIRST_DAY + timedelta(chance.randint(0, DAYS + 120))
        with built(history, day, EVER, RECEIVABLES) as connection:
            rows = connection.execute("""
                select months.month_start_date, least(months.month_end_date, night.report_date), rollforward.closing_amount
                from core.dim_months as months cross join raw.night as night
                left join receivables.receivables_rollforward_monthly as rollforward using (month_start_date)
                order by 1""").fetchall()
            assert rows
            for month, month_end, closing in rows:
                expected = counted(history, month_end)
                assert closing == sum(expected.values()), (seed, day, month)
                assert ageing(connection, month) == expected, (seed, day, month)


def ageing(connection: duckdb.DuckDBPyConnection, month: date) -> dict[str, Decimal]:
    buckets = ("not_due", "overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_91_120", "overdue_over_120", "no_due_date")
    buckets += ("unapplied_credit", "unapplied_cash")
    sums = ", ".join(f"sum({bucket}_amount)" for bucket in buckets)
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
            where earlier.status in ('final', 'quarantine_bounded') and case
                when changes.row_count is null then earlier.value is distinct from now.value
                when earlier.value is null or now.value is null then changes.new_value is distinct from now.value
                else earlier.value + changes.change_value <> now.value end""").fetchall()
        assert unexplained == []
