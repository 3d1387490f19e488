"""Macros of money by two roads: what is quick says to the last digit what exact arithmetic says."""

from __future__ import annotations

import random
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import duckdb
import jinja2
import pytest

from pipelines.settings import DBT_FOLDER

NAMES = ("money", "rounded_ratio")
#: Quantities, prices, discounts and amounts of every size, of few places and of all that their columns have.
QUANTITIES = ["1", "-3", "2.5", "0.25", "-0.005", "0.0001", "1.2345", "-7.6543", "99999999999999.9999", "12345678.01"]
PRICES = ["0.01", "19.99", "1.23456789", "0.00000001", "0.00005", "9999999999.99999999", "123456.7891", "-4.5"]
SHARES = ["0", "1", "0.05", "0.333333", "0.000001"]


@pytest.fixture(scope="module")
def macros() -> jinja2.environment.TemplateModule:
    environment = jinja2.Environment()
    text = "".join((DBT_FOLDER / "macros" / f"{name}.sql").read_text(encoding="utf-8") for name in NAMES)
    return environment.from_string(text).module


def column(values: list[str], kind: str) -> str:
    return "(select unnest([" + ", ".join(f"cast('{value}' as {kind})" for value in values) + "]))"


def to_ten(value: Decimal) -> Decimal:
    """Half away from zero, as the engine casts."""
    return value.quantize(Decimal("1e-10"), ROUND_HALF_UP)


def test_a_quantity_times_a_price_is_the_exact_product_to_ten_places(macros) -> None:
    sql = macros.priced("q", "p", "b")
    rows = duckdb.sql(
        f"select q, p, {sql} from {column(QUANTITIES, 'decimal(18,4)')} as quantities(q), {column(PRICES, 'decimal(18,8)')} as prices(p),"
        " (select cast(1 as decimal(18,4))) as base(b) where abs(cast(q as double) * cast(p as double)) < 1e17"
    ).fetchall()
    assert len(rows) > 70
    assert [row for row in rows if row[2] != to_ten(row[0] * row[1])] == []


def test_a_price_for_a_hundred_is_a_hundredth_of_it(macros) -> None:
    sql = macros.priced("cast(7 as decimal(18,4))", "cast(0.4 as decimal(18,8))", "cast(100 as decimal(18,4))")
    assert duckdb.sql(f"select {sql}").fetchone() == (Decimal("0.0280000000"),)


def test_a_price_less_its_discount_is_the_exact_product_to_ten_places(macros) -> None:
    sql = macros.product_to_ten_places("p", "(1 - d)", 4, wide="decimal(38, 8)")
    rows = duckdb.sql(
        f"select p, d, {sql} from {column(PRICES, 'decimal(18,8)')} as prices(p), {column(SHARES, 'decimal(9,6)')} as discounts(d)"
    ).fetchall()
    assert len(rows) == len(PRICES) * len(SHARES)
    assert [row for row in rows if row[2] != to_ten(row[0] * (1 - row[1]))] == []


def test_nothing_has_no_product(macros) -> None:
    for quantity, price in (("null", "2"), ("2", "null"), ("1.2345", "null")):
        sql = macros.priced(f"cast({quantity} as decimal(18,4))", f"cast({price} as decimal(18,8))", "1")
        assert duckdb.sql(f"select {sql}").fetchone() == (None,)


def test_a_ratio_of_a_product_is_exact_to_the_cent_half_up(macros) -> None:
    """One in two lies on half a cent, or beside it by the last place that there is: there a double would err."""
    chance = random.Random(7)
    cases = []
    for _ in range(4000):
        denominator = Decimal(chance.choice([1, 3, 7, 365, 1200, 99_999, chance.randrange(1, 10**10)])) / chance.choice([1, 100, 10_000])
        second = Decimal(chance.choice([denominator * 10_000, chance.randrange(-(10**10), 10**10)])) / 10_000
        first = Decimal(chance.randrange(-(10**9), 10**9)) / 10_000 * chance.choice([1, 50, 10_000])
        cases.append((first, second, denominator))
    values = ", ".join(f"({a}::decimal(38,4), {b:.4f}::decimal(18,4), {c:.4f}::decimal(18,4))" for a, b, c in cases)
    sql, whole = macros.rounded_ratio(["a", "b"], "c"), macros.rounded_ratio("a * b", "c")
    rows = duckdb.sql(f"select a, b, c, {sql}, {whole} from (values {values}) as cases(a, b, c) where abs(a * b / c) < 1e13").fetchall()
    assert len(rows) > 3000
    for a, b, c, quick, slow in rows:
        exact = (Decimal(200) * a * b + c) / (2 * c)
        assert quick == slow == exact.to_integral_value(ROUND_FLOOR) / 100, (a, b, c)
