"""What collection foretells of companies whose truth is planted: how invoices go from age to age.

Keep out: the formulas by themselves (dbt's unit tests), and how well a forecast does on the demo company (decisions.md).
"""

from __future__ import annotations

from math import sqrt

import duckdb
import pytest

from tests.estimate_worlds import build, put, uniform

pytestmark = pytest.mark.slow

WORLDS = 200


@pytest.fixture
def connection():
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def test_chain_foretells_what_the_published_one_brings_and_loses(connection: duckdb.DuckDBPyConnection) -> None:
    """The published chain (kpis.md, section 0b) goes over 240 invoices in each of 200 worlds; balances 2,000 and 5,000 bring 6,241.38."""
    draw = uniform("i", "world", "'ends'")
    put(
        connection,
        "int_ageing_items_moved",
        f"""
        with items as (
            select world, i, (date '2025-01-01' + to_months((i % 12)::integer))::date as month_start_date, i % 2 = 0 as is_due, {draw} as u
            from range({WORLDS}) as worlds (world), range(480) as numbers (i)
        ), ended as (
            select *, case
                when not is_due then case when u < 0.2 then 'not_due' when u < 0.4 then 'overdue_1_30' else 'paid' end
                else case when u < 0.3 then 'not_due' when u < 0.5 then 'overdue_1_30' when u < 0.9 then 'paid' else 'lost' end
            end as ends from items
        )
        select world, month_start_date, 'I' || i as invoice_id, '' as instalment_number,
            case when is_due then 'overdue_1_30' else 'not_due' end as from_bucket,
            case when ends in ('paid', 'lost') then null else ends end as to_bucket, 100 as opening_amount,
            case when ends = 'paid' then 100 else 0 end as paid_amount, 0 as credited_amount,
            case when ends = 'lost' then 100 else 0 end as lost_amount,
            case when ends in ('paid', 'lost') then 0 else 100 end as open_amount
        from ended""",
    )
    connection.execute("create table all_worlds as from intermediate.int_ageing_items_moved")
    put(connection, "dim_months", "select date '2025-12-01' as month_start_date, true as is_complete")
    put(connection, "stg_company__entity_coverage", "select 'payment_allocations' as entity, true as is_delivered")
    balances = "(values ('not_due', 2000), ('overdue_1_30', 5000)) as balances (bucket, open_amount)"
    found = []
    for world in range(WORLDS):
        put(connection, "int_ageing_items_moved", f"select * from all_worlds where world = {world}")
        build(connection, "int_ageing_chains_monthly", "int_ageing_walks_monthly")
        sums = ", ".join(f"sum(open_amount * {end}_share)::double" for end in ("paid", "lost", "unknown"))
        found += connection.execute(f"select {sums} from intermediate.int_ageing_walks_monthly join {balances} using (bucket)").fetchall()
    for place, truth in ((0, (2000 * 0.56 + 5000 * 0.5) / 0.58), (1, (2000 * 0.02 + 5000 * 0.08) / 0.58)):
        values = [row[place] for row in found]
        mean = sum(values) / WORLDS
        spread = sqrt(sum((value - mean) ** 2 for value in values) / (WORLDS - 1))
        assert abs(mean - truth) < 3 * spread / sqrt(WORLDS), (mean, truth, spread)
        assert spread < 160
    assert all(abs(paid + lost - 7000) < 1 and unknown == 0 for paid, lost, unknown in found)
