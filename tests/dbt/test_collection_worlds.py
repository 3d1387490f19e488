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


DUNNING = (
    "int_dunning_steps",
    "int_dunning_days_monthly",
    "int_dunning_hazards_monthly",
    "int_dunning_compared_monthly",
    "int_dunning_variances_monthly",
    "int_dunning_summed_monthly",
    "dunning_effect_monthly",
)
#: The chance per day that an invoice is collected, by its payer: who pays late is dunned more often, so that a plain comparison is wrong.
PAYS = "case lateness_band when 'prompt' then 0.06 else 0.03 end"


@pytest.mark.parametrize("effect", [0.04, 0.0])
def test_dunning_effect_is_in_its_interval_and_none_is_found_where_there_is_none(
    connection: duckdb.DuckDBPyConnection, effect: float
) -> None:
    """A reminder raises the chance of each day after it by ``effect``. Each segment is a world of its own: only
    invoices of one segment are compared."""
    planned, draw = uniform("world", "i", "'dunned'"), uniform("world", "i", "t", "'pays'")
    connection.execute(f"""
        create table worlds as
        with invoices as (
            select world, i, date '2025-02-01' + (hash(world, i, 'due') % 240)::integer as due_date,
                (100 + hash(world, i, 'amount') % 900)::decimal(18, 4) as amount,
                case when hash(world, i, 'payer') % 2 = 0 then 'prompt' else 'late' end as lateness_band
            from range({WORLDS}) as worlds (world), range(1500) as numbers (i)
        ), planned as (
            select *, {PAYS} as chance,
                5 + floor(ln(1 - {planned}) / ln(case lateness_band when 'prompt' then 0.96 else 0.90 end))::integer as step_age
            from invoices
        ), days as (
            select *, t, {draw} < chance + case when t > step_age and step_age <= 20 then {effect} else 0 end as pays
            from planned, range(1, 61) as days (t)
        )
        select world, i, due_date, amount, lateness_band, case when step_age <= 20 then step_age end as step_age,
            min(t) filter (pays)::integer as paid_age
        from days group by all""")
    put(
        connection,
        "int_dunning_items",
        """select world || '-' || i as invoice_id, 'C' || i as customer_id, 'world ' || world as size_class, due_date, amount,
            due_date + paid_age as settled_date, paid_age is not null as is_collected,
            1 + (amount > 400)::integer + (amount > 700)::integer as amount_band, lateness_band from worlds""",
    )
    put(
        connection,
        "fct_collection_activities",
        """select world || '-' || i as activity_id, world || '-' || i as invoice_id, due_date + step_age as happened_date,
            (due_date + step_age)::timestamp as happened_at, 'mail' as kind, 'C' || i as customer_id, 'finance' as department,
            1 as dunning_level, false as is_before_due from worlds where step_age < coalesce(paid_age, 1000)""",
    )
    put(connection, "dim_months", "select date '2025-12-01' as month_start_date, date '2025-12-31' as month_end_date, true as is_complete")
    put(connection, "stg_company__night", "select date '2025-12-31' as report_date, date '2025-12-31' as observed_until_date")
    days = ("dispute_opened_date", "former_purchase_date", "next_purchase_date", "next_answer_date", "lost_month")
    followed = ", ".join(f"null::date as {day}" for day in days)
    put(connection, "int_dunning_followed", f"select '' as activity_id, {followed}, 0.0 as former_score, 0.0 as next_score where false")
    put(
        connection,
        "fct_dunning_policy",
        """select '' as size_class, 1 as dunning_level, null::date as valid_from_date, null::date as valid_until_date, 1.0 as cost_amount
            where false""",
    )
    build(connection, *DUNNING)
    rows = connection.execute(f"""
        select extra_low_amount, extra_high_amount, truth, has_effect from receivables.dunning_effect_monthly
        join (
            select size_class, sum(amount::double * (pow(1 - {PAYS}, 14) - pow(1 - {PAYS} - {effect}, 14))) as truth
            from intermediate.int_dunning_compared_monthly where is_matched group by 1
        ) using (size_class) where status = 'final'""").fetchall()
    assert len(rows) == WORLDS
    assert sum(low <= truth <= high for low, high, truth, _ in rows) >= 0.95 * WORLDS
    assert sum(found for *_, found in rows) <= (0.05 * WORLDS if effect == 0 else WORLDS)
    # An effect of this size is found in all of them.
    assert effect == 0 or all(found for *_, found in rows)
