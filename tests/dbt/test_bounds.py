"""What a release can do to a figure: the scan against all subsets, and whole histories built again with any of the documents released."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import duckdb
import pytest

from tests import worlds
from tests.dbt.test_random_histories import DAYS, EVER, FIRST_DAY, random_history
from tests.histories import built

pytestmark = pytest.mark.slow

KEY = "kpi, period_type, period_start_date, scope_type, scope_id"


def scan(connection: duckdb.DuckDBPyConnection, numerator: int, denominator: int, items: list[tuple[int, int, int]]):
    """[low, high] of the scan for one figure and its items (numerator at least, at most, denominator)."""
    (step,) = (step for step in worlds.compiled_steps(("int_kpi_bounds",)) if step.name == "int_kpi_bounds")
    one = "'k' as kpi, 'month' as period_type, date '2026-01-01' as period_start_date, 'company' as scope_type, 'company' as scope_id"
    exact = "decimal(38, 6)"
    rows = ", ".join(f"({low}::{exact}, {high}::{exact}, {part}::{exact})" for low, high, part in items)
    connection.execute(f"""
        create or replace table intermediate.int_held_out_kpi_items as
        select {one}, *, false as is_unknown from (values {rows}) as t(low_numerator, high_numerator, denominator);
        create or replace table intermediate.int_kpi_bound_figures as
        select {one}, {numerator}::{exact} as numerator, {denominator}::{exact} as denominator;
        create or replace table intermediate.int_kpi_bounds_walked as
        select {one}, null::{exact} as low_value, null::{exact} as high_value limit 0""")
    return connection.execute(f"select low_value, high_value from ({step.sql})").fetchone()


@pytest.mark.parametrize("is_ratio", [True, False])
def test_bounds_are_the_extremes_over_all_subsets(is_ratio):
    chance = random.Random(3)
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        for _ in range(60):
            numerator, denominator = chance.randint(-100, 500), chance.randint(400, 900) if is_ratio else 1
            items = []
            for _ in range(chance.randint(1, 7)):
                amounts = sorted(chance.choice([0, chance.randint(-80, 200)]) for _ in range(2))
                if chance.random() < 0.7:
                    amounts[0] = amounts[1]
                items.append((*amounts, chance.choice([0, chance.randint(-50, 150)]) if is_ratio else 0))
            subsets = [part for size in range(len(items) + 1) for part in itertools.combinations(items, size)]
            least, most = (
                pick((numerator + sum(item[side] for item in part)) / (denominator + sum(item[2] for item in part)) for part in subsets)
                for pick, side in ((min, 0), (max, 1))
            )
            assert [float(bound) for bound in scan(connection, numerator, denominator, items)] == pytest.approx([least, most], abs=2e-6)


@pytest.mark.parametrize("seed", [21, 22])
def test_bounds_hold_what_releasing_any_of_the_documents_brings(seed: int) -> None:
    history, chance = random_history(seed, documents=50), random.Random(seed)
    day = FIRST_DAY + timedelta(chance.randint(100, DAYS))
    held = [("invoice", row["invoice_id"]) for row in chance.sample(history["invoices"], 7)]
    held.append(("payment", chance.choice(history["payments"])["payment_id"]))

    def published(documents: list) -> dict[tuple, tuple]:
        with built(history, day, EVER, ("kpi_values",), documents) as connection:
            rows = connection.execute(f"select {KEY}, value, status, low_value, high_value from kpi.kpi_values").fetchall()
            return {row[:5]: row[5:] for row in rows}

    before = published(held)
    assert sum(low != high for _, _, low, high in before.values()) > 300
    for size in (0, 2, 5):
        after = published(chance.sample(held, size))
        outside = {}
        for key, (value, status, low, high) in before.items():
            now = after[key][0] if key in after else None
            # What is held out is itself a KPI; and a release can leave a ratio without a denominator.
            if value is None or now is None or value == now or key[0].startswith("quarantined"):
                continue
            # Cents: the parts of a foreign document are rounded together, and so is a maximum of write-offs.
            slack = 2e-5 + 1e-4 * abs(float(now))
            is_below, is_above = low is not None and now < float(low) - slack, high is not None and now > float(high) + slack
            if status == "final" or is_below or is_above:
                outside[key] = (value, now, status, low, high)
        assert outside == {}
