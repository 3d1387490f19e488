"""What investments in salespeople are said to bring in companies whose truth is planted: training worth so much a month, or nothing.

Keep out: the formulas by themselves (dbt's unit tests).
"""

from __future__ import annotations

import duckdb
import pytest

from tests.estimate_worlds import build, put, uniform

pytestmark = pytest.mark.slow

WORLDS = 200
EFFECTS = ("int_investments_changed", "int_investments_compared", "sales_investment_effects")
#: Three standard deviations of how many of these worlds a 95% interval misses.
MARGIN = 3 * (0.95 * 0.05 * WORLDS) ** 0.5
#: What CRM is worth a month in every world; with training it is worth half of the training's effect more.
CRM = 300


def people(world: int) -> str:
    """400 salespeople of four teams, whose margin grows by team; a quarter gets CRM, and many get nothing."""
    return f"""
        select {world} as seed, i,
            'S' || i as salesperson_id, 'T' || (i % 4) as team, 2000 + 4000 * {uniform(world, "i", "'base'")} as base,
            {uniform(world, "i", "'crm'")} < 0.25 as has_crm, (hash(hash({world}, i, 'when')) % 6)::integer as later,
            10 + (hash(hash({world}, i, 'tenure')) % 60)::integer as tenure
        from range(400) as numbers (i)"""


def margins(chosen: str, effect: int, growth: float) -> str:
    """30 months of each of the people of :func:`people`; ``chosen`` says with what chance somebody got a training after the thirteenth."""
    noise = "1200 * sqrt(-2 * ln(1 - {})) * cos(2 * pi() * {})"
    return f"""
        with drawn as (
            select people.*, m::integer as m, base * (1 + {growth} * m) + 30 * m * (i % 4) + noise as margin, noise
            from people, range(30) as months (m),
                lateral (select {noise.format(uniform("seed", "i", "m", "'length'"), uniform("seed", "i", "m", "'angle'"))} as noise)
        ), half_years as (
            select i, avg(noise) filter (m between 12 + later - 6 and 11 + later) as luck,
                ntile(2) over (order by avg(margin) filter (m between 12 + later - 6 and 11 + later)) = 1 as is_low
            from drawn group by i, later
        ), given as (
            select people.*, {uniform("seed", "people.i", "'trained'")} < {chosen} as is_trained
            from people join half_years using (i)
        )
        select given.*, drawn.m, drawn.margin + case when drawn.m <= 12 + given.later then 0
            else {effect} * is_trained::integer + {CRM} * given.has_crm::integer + {effect} / 2 * (is_trained and given.has_crm)::integer
            end as margin_amount
        from given join drawn using (i)"""


#: Who is sent: anybody, more of some teams; small sellers; who had a bad half-year by chance; the half of the company that brought least.
CHOSEN = {
    "anybody": "case when i % 4 < 2 then 0.45 else 0.25 end",
    "small sellers": "case when base < 4000 then 0.45 else 0.15 end",
    "a bad half-year": "case when luck < -200 then 0.6 else 0.15 end",
    "the lower half": "case when is_low then 0.5 else 0.15 end",
}


@pytest.mark.parametrize(
    ("chosen", "effect", "growth"),
    [("anybody", 400, 0), *((chosen, 0, growth) for chosen in CHOSEN for growth in (0, 0.02))],
)
def test_training_is_worth_what_its_interval_says_and_nothing_is_found_where_there_is_nothing(
    chosen: str, effect: int, growth: float
) -> None:
    found = []
    with duckdb.connect(config={"threads": 1}) as connection:
        put(connection, "stg_company__entity_coverage", "select 'sales_investments' as entity, true as is_delivered")
        for world in range(WORLDS):
            connection.execute(f"create or replace table people as {people(world)}")
            connection.execute(f"create or replace table worlds as {margins(CHOSEN[chosen], effect, growth)}")
            put(
                connection,
                "int_salesperson_margins_monthly",
                """select salesperson_id, team, (date '2024-01-01' + to_months(m))::date as month_start_date, tenure + m as tenure_months,
                    margin_amount::decimal(18, 4) as margin_amount from worlds""",
            )
            put(
                connection,
                "fct_sales_investments",
                """select kind || i as investment_id, kind, salesperson_id, null::varchar as team,
                    (date '2024-01-15' + to_months(12 + later))::date as invested_date, cost::decimal(18, 4) as cost_amount
                from worlds, (values ('training', 3000), ('crm', 1000)) as kinds (kind, cost)
                where m = 0 and case kind when 'training' then is_trained else has_crm end""",
            )
            build(connection, *EFFECTS)
            rows = connection.execute(
                """select kinds, effect_low_amount, effect_high_amount, has_effect, beyond_parts_low_amount, beyond_parts_high_amount
                from growth.sales_investment_effects where status = 'final'"""
            ).fetchall()
            found.append({kinds: row for kinds, *row in rows})
    training = [world["training"] for world in found]
    assert sum(low <= effect <= high for low, high, *_ in training) >= 0.95 * WORLDS - MARGIN
    shown = sum(row[2] for row in training)
    assert shown <= 0.05 * WORLDS + MARGIN if effect == 0 else shown >= 0.9 * WORLDS
    if chosen != "anybody":
        return
    together = [world["crm + training"] for world in found if "crm + training" in world]
    assert len(together) > 0.9 * WORLDS
    assert sum(low <= effect / 2 <= high for *_, low, high in together) >= 0.95 * len(together)


@pytest.mark.parametrize(("saved", "lost"), [(5, 8), (0, 0)])
def test_days_of_calls_and_errors_are_what_their_intervals_say_and_nothing_is_found_where_there_is_nothing(saved: int, lost: int) -> None:
    """80 customers of their own lateness and size; who pays late is called more often: a plain average says that calls delay."""
    effects = {"dso_late_payment": saved, "dso_own_errors": lost}
    held, shown, told_wrongly = dict.fromkeys(effects, 0), dict.fromkeys(effects, 0), 0
    noise = "12 * sqrt(-2 * ln(1 - {})) * cos(2 * pi() * {})"
    with duckdb.connect(config={"threads": 1}) as connection:
        put(connection, "dim_months", "select date '2026-06-01' as month_start_date, true as is_complete")
        for world in range(WORLDS):
            drawn = noise.format(uniform(world, "c", "n", "'length'"), uniform(world, "c", "n", "'angle'"))
            put(
                connection,
                "int_invoices_followed",
                f"""select 'K' || c as customer_id, c * 100 + n as invoice_id, is_called, has_error,
                    (50 + 950 * {uniform(world, "c", "'size'")})::decimal(18, 4) as gross_amount,
                    round(habit + {drawn} - {saved} * is_called::integer + {lost} * has_error::integer)::bigint as late_days
                from (
                    select *, habit / 60 > {uniform(world, "c", "n", "'called'")} as is_called,
                        {uniform(world, "c", "n", "'error'")} < 0.12 as has_error
                    from (select *, 30 * {uniform(world, "c", "'habit'")} as habit from range(80) as customers (c)),
                        range(14) as numbers (n)
                )""",
            )
            build(connection, "int_lever_days_compared")
            rows = connection.execute("select lever, effect_days, standard_error from intermediate.int_lever_days_compared").fetchall()
            for lever, effect, error in rows:
                held[lever] += abs(effect - effects[lever]) <= 1.96 * error
                shown[lever] += effect > 1.96 * error
            (plain,) = connection.execute(
                """select avg(late_days) filter (where is_called) - avg(late_days) filter (where not is_called)
                from intermediate.int_invoices_followed"""
            ).fetchone()
            told_wrongly += plain > 0
    assert min(held.values()) >= 0.95 * WORLDS - MARGIN, held
    assert told_wrongly > 0.9 * WORLDS
    for lever, effect in effects.items():
        assert shown[lever] >= 0.9 * WORLDS if effect else shown[lever] <= 0.025 * WORLDS + 3 * (0.025 * WORLDS) ** 0.5, shown
