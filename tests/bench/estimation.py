"""``python -m tests.bench.estimation``: the lifetime models of a million customers, from facts to expected values.

Customers buy at a rate of their own until they leave; one row per purchase. Prints the seconds of the simulation and of the
estimation. Keep out: the models (``pipelines/value``).
"""

from __future__ import annotations

import sys
import time

import duckdb

from pipelines.value.estimation import estimate

CUSTOMERS = 1_000_000
FACTS = """
    create schema staging; create schema core; create schema intermediate;
    create table staging.stg_company__night as select date '2025-12-31' as observed_until_date;
    create table staging.stg_company__parameters as select 0.10 as carrying_cost_share;
    select setseed(0.5);
    create table core.dim_customers as
        select 'C' || i as customer_id, false as is_unknown, date '2024-01-01' + cast(floor(random() * 700) as integer) as first_date,
            -ln(random()) * 0.02 as daily_rate, -ln(random()) * 500 as lifetime_days, 20 + exp(3 + random()) as usual_amount
        from range({customers}) as numbers(i);
    create table core.fct_invoices as
        with recursive purchases as (
            select customer_id, cast(first_date as double precision) as day from (
                select customer_id, date_diff('day', date '2024-01-01', first_date) as first_date from core.dim_customers)
            union all
            select purchases.customer_id, purchases.day - ln(random()) / customers.daily_rate
            from purchases inner join core.dim_customers as customers using (customer_id)
            where purchases.day < least(730, date_diff('day', date '2024-01-01', customers.first_date) + customers.lifetime_days)
        )
        select 'I' || row_number() over () as invoice_id, 'invoice' as document_type, 'invoice' as document_class, false as is_held_out,
            customer_id, date '2024-01-01' + cast(floor(day) as integer) as issued_date,
            cast(usual_amount * (0.5 + random()) as decimal(18, 4)) as revenue_amount
        from purchases inner join core.dim_customers using (customer_id)
        where day < 730;
    create table intermediate.int_invoices_credited as select '' as invoice_id, false as is_fully_credited limit 0;
    create table core.fct_contracts as
        select '' as contract_id, '' as renews_contract_id, date '2024-01-01' as started_date, date '2024-01-01' as ended_date limit 0;
"""


def main() -> int:
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        connection.execute("set enable_progress_bar = false")
        started = time.monotonic()
        connection.execute(FACTS.format(customers=CUSTOMERS))
        (purchases,) = connection.execute("select count(*) from core.fct_invoices").fetchone()
        print(f"simulated {CUSTOMERS:,} customers with {purchases:,} purchases in {time.monotonic() - started:.1f} s")
        started = time.monotonic()
        estimate(connection)
        print(f"estimated in {time.monotonic() - started:.1f} s")
        for model, is_fitted, reason, error in connection.execute(
            "select model, is_fitted, refusal_reason, holdout_error_rate from value.fit order by 1"
        ).fetchall():
            print(f"  {model:24}{'fitted' if is_fitted else 'refused: ' + reason}" + (f", hold-out error {error:.1%}" if error else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
