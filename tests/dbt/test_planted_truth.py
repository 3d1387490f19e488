"""Companies whose truth is planted: who stops, who is insolvent, whom credit refused, how payers pay and what forecasts are worth.

Every customer is a world of its own, with a rhythm, a way of paying and a fate of its own; they stand side by side in one warehouse, which
is built once. Keep out: the rules themselves (dbt's unit tests), and the demo company.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import duckdb
import pytest

from pipelines.value.estimation import create_tables
from tests import worlds

pytestmark = pytest.mark.slow

LAST_DAY = date(2025, 12, 31)
#: ``fate`` of a customer: it goes on, falls silent, falls silent and is insolvent, or falls silent after credit refused it.
CUSTOMERS = """
    create table work.customers as
    select 'K' || i as customer_id, i, 5 + i % 26 as rhythm_days,
        case when i % 4 = 0 then case i % 20 when 4 then 'insolvent' when 8 then 'refused' else 'silent' end else 'goes on' end as fate,
        date '2025-12-31' - (20 + hash(i, 'stop') % 160)::integer as stop_date,
        ['prompt', 'slow', 'one of two'][1 + i % 3] as pays
    from range(1, 601) as numbers (i)
"""
#: A purchase each rhythm, up to two fifths of it early or late; it is due after 30 days and paid by the customer's way.
PURCHASES = """
    create table work.purchases as
    select c.*, 'I' || i || '-' || n as invoice_id, (100 + hash(i, n, 'amount') % 900)::decimal(18, 4) as amount,
        date '2024-01-01' + (n * rhythm_days + hash(i, n, 'jitter') % (1 + rhythm_days * 2 // 5))::integer as issued_date,
        (case pays when 'prompt' then hash(i, n, 'delay') % 5 when 'slow' then 14 + hash(i, n, 'delay') % 15
            else case when hash(i, n, 'which') % 2 = 0 then 3 else 40 end end)::integer as delay_days,
        false as is_unpaid
    from work.customers as c, range(0, 146) as numbers (n);
    update work.purchases set is_unpaid = true where fate = 'insolvent' and issued_date > date '2025-10-01';
    delete from work.purchases where issued_date > date '2025-12-31' or (fate <> 'goes on' and issued_date > stop_date);
    -- Away once, a spring long ago; and each winter, this one too.
    delete from work.purchases where rhythm_days < 15 and i % 5 = 1 and issued_date between date '2024-03-01' and date '2024-05-31';
    delete from work.purchases where rhythm_days < 8 and i % 5 = 3 and fate = 'goes on'
        and (issued_date >= '2025-12-05' or issued_date between date '2024-12-05' and date '2025-01-10');
    create table work.paid as
    select *, issued_date + 30 + delay_days as paid_date from work.purchases
    where not is_unpaid and issued_date + 30 + delay_days <= date '2025-12-31'
"""
DELIVERED = {
    "customers": "select customer_id, customer_id as name, 'small' as size_class from work.customers",
    "invoices": """select invoice_id, 'invoice' as document_type, customer_id, issued_date, issued_date + 30 as due_date, 'EUR' as currency,
        amount as net_amount, amount as gross_amount, 0 as vat_amount from work.purchases""",
    "payments": "select 'P' || invoice_id as payment_id, customer_id, paid_date as received_date, amount, 'EUR' as currency from work.paid",
    "payment_allocations": """select 'A' || invoice_id as allocation_id, 'P' || invoice_id as payment_id, invoice_id,
        paid_date as allocated_date, amount, 'cash' as kind from work.paid""",
    "write_offs": """select 'W' || customer_id as write_off_id, invoice_id, date '2025-12-30' as written_off_date, 1 as amount,
        'insolvency' as reason_code
        from work.purchases where fate = 'insolvent' qualify row_number() over (partition by customer_id order by issued_date desc) = 1""",
    "credit_decisions": """select 'D' || customer_id as decision_id, customer_id, date '2025-11-30' as decided_date, 'refuse' as outcome,
        500 as requested_amount from work.customers where fate = 'refused'""",
}  # fmt: skip


@contextmanager
def company(statements: tuple[str, ...], delivered: dict[str, str], targets: tuple[str, ...]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the models of ``targets``, of a company that delivers the rows of these statements."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("create schema work; create schema demo")
        for statement in statements:
            connection.execute(statement)
        for entity, sql in delivered.items():
            connection.execute(f"create table demo.{entity} as {sql}")
        create_tables(connection)
        worlds.fill_raw(connection, LAST_DAY.isoformat())
        worlds.run_rules(connection, worlds.compiled_steps(targets))
        yield connection


@pytest.fixture(scope="module")
def customers() -> Iterator[duckdb.DuckDBPyConnection]:
    with company((CUSTOMERS, PURCHASES), DELIVERED, ("customer_actions", "cash_forecast_accuracy")) as connection:
        yield connection


def test_silent_leavers_are_found_within_their_own_rhythm(customers: duckdb.DuckDBPyConnection) -> None:
    """Silent for four of its own intervals: all are found, also who stayed away once before; silent for two: none is; and nobody who goes
    on ever, or stays away as each winter."""
    rows = customers.execute("""
        select fate <> 'goes on', (date '2025-12-31' - max(i.issued_date)) / rhythm_days, bool_or(s.is_silent)
        from work.purchases join core.fct_invoices as i using (invoice_id)
        left join intermediate.int_customer_silences as s on i.customer_id = s.customer_id
        where not i.is_held_out group by i.customer_id, fate, rhythm_days""").fetchall()
    stopped_long = [found for stopped, intervals, found in rows if stopped and intervals > 4]
    assert len(stopped_long) > 50
    assert all(stopped_long), "recall"
    found = [(stopped, intervals) for stopped, intervals, is_found in rows if is_found]
    assert [row for row in found if not row[0]] == [], "precision"
    assert [row for row in found if row[1] < 2] == []


def test_insolvent_and_refused_customers_are_never_won_back(customers: duckdb.DuckDBPyConnection) -> None:
    rows = customers.execute("""
        select c.fate, a.reason_code, count(*) from customer_accounting.customer_actions as a join work.customers as c using (customer_id)
        where c.fate <> 'goes on' and a.reason_code in ('silent', 'lost_brought', 'insolvent', 'refused') group by all""").fetchall()
    told = {(fate, code) for fate, code, _ in rows}
    assert {("insolvent", "insolvent"), ("refused", "refused")} <= told
    assert told & {("insolvent", "silent"), ("insolvent", "lost_brought"), ("refused", "silent"), ("refused", "lost_brought")} == set()


def test_cash_forecast_is_unbiased_at_every_horizon_whatever_way_payers_pay(customers: duckdb.DuckDBPyConnection) -> None:
    """Of the month ends that knew a whole year: before that who pays late has not shown itself yet."""
    rows = customers.execute("""
        select week_number, sum(expected_amount) / sum(collected_amount) - 1, sum(absolute_error_amount) / sum(collected_amount),
            sum(as_due_error_amount) / sum(collected_amount)
        from growth.cash_forecast_weekly
        where is_complete and week_number <= 8 and month_start_date between date '2025-02-01' and date '2025-08-01'
        group by 1 order by 1""").fetchall()
    assert len(rows) == 8
    assert [row for row in rows if abs(row[1]) > 0.05] == []
    assert [row for row in rows if row[0] <= 4 and row[2] > 0.1] == []
    assert all(row[2] < row[3] for row in rows)


#: Deals of six salespeople, forecast a month before they close: what they bring hangs on the stage, or on who forecasts.
#: The second year brings deals twice as large.
DEALS = """
    create table work.deals as
    select 'D' || i as opportunity_id, 'S' || (1 + i % 6) as salesperson_id,
        (date '2024-01-01' + to_months((i // 60)::integer))::date as month,
        case when hash(i, 'stage') % 2 = 0 then 'negotiation' else 'proposal' end as stage,
        ((1000 + hash(i, 'amount') % 1000) * case when i < 720 then 1 else 2 end)::decimal(18, 4) as amount,
        hash(i, 'won') % 100 < case when '{world}' = 'stage' then case when hash(i, 'stage') % 2 = 0 then 90 else 15 end
            else case when i % 6 < 3 then 90 else 15 end end as is_won
    from range(60, 1440) as numbers (i)
"""
FORECASTS = {
    "salespeople": "select distinct salesperson_id, salesperson_id as name, 'north' as team from work.deals",
    "opportunities": """select opportunity_id, 'K' || opportunity_id as customer_id, salesperson_id, month - 45 as created_date,
        case when is_won then 'won' else 'lost' end as stage, 'new' as kind, case when is_won then amount else 0 end as amount,
        month + 14 as closed_date, is_won from work.deals""",
    "forecast_snapshots": """select month - 3 as snapshot_date, salesperson_id, month as period, amount, opportunity_id, stage
        from work.deals""",
}


@pytest.mark.parametrize(("world", "best"), [("stage", "staged"), ("person", "calibrated")])
def test_method_that_knows_what_a_forecast_hangs_on_is_best_and_is_recommended(world: str, best: str) -> None:
    with company((DEALS.format(world=world),), FORECASTS, ("forecast_methods",)) as connection:
        methods = "select method, bias_share from growth.forecast_methods where level ="
        ((method, _),) = connection.execute(f"{methods} 'salesperson' and is_best").fetchall()
        recommended = connection.execute(
            "select distinct recommended_method from growth.forecast_haircut_monthly where month_start_date >= date '2025-12-01'"
        ).fetchall()
        errors = dict(connection.execute(f"{methods} 'company'").fetchall())
    assert method == best
    assert recommended == [(best,)]
    assert abs(errors[best]) < 0.05 < abs(errors["raw"])
