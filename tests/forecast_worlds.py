"""``python -m tests.forecast_worlds --worlds 50``: which forecast is best out of sample over many small demo worlds.

Each world is a demo company of its own seed, with three years of deals and what salespeople said of them. Keep out: how a forecast is cut
(``dbt_project/models/intermediate/growth``) and what is planted on purpose (``tests/dbt/test_planted_truth.py``).
"""

from __future__ import annotations

import argparse
from decimal import Decimal

from tests import worlds

TARGETS = ("forecast_methods", "cash_forecast_accuracy")
WORLD = {"customers": 60, "months": 36, "invoice_lines": 3000}


def judge_world(seed: int, **settings: int) -> tuple[list[tuple], list[tuple]]:
    """Of the forecasts (level, method, error, forecast, actual, is best); of cash (weeks ahead, error, as due, expected, collected)."""
    with worlds.build_world(seed, "none", **(WORLD | settings)) as connection:
        worlds.run_rules(connection, worlds.compiled_steps(TARGETS))
        methods = connection.execute(
            "select level, method, absolute_error_amount, forecast_amount, actual_amount, is_best from growth.forecast_methods"
        ).fetchall()
        cash = connection.execute("""
            select week_number, sum(absolute_error_amount), sum(as_due_error_amount), sum(expected_amount), sum(collected_amount)
            from growth.cash_forecast_weekly where is_complete and week_number <= 4 group by 1""").fetchall()
    return methods, cash


def shares(rows: list[tuple]) -> dict[tuple[str, str], tuple[Decimal, Decimal, int]]:
    """(level, method) -> WAPE and bias of all worlds together, and the worlds in which it was best."""
    summed: dict[tuple[str, str], list] = {}
    for level, method, error, forecast, actual, is_best in rows:
        total = summed.setdefault((level, method), [0, 0, 0, 0])
        total[0], total[1], total[2], total[3] = total[0] + error, total[1] + forecast - actual, total[2] + actual, total[3] + bool(is_best)
    return {key: (error / actual, over / actual, best) for key, (error, over, actual, best) in summed.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.forecast_worlds", description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=50)
    count = parser.parse_args(arguments).worlds
    judged = [judge_world(seed) for seed in range(1, count + 1)]
    for (level, method), (wape, bias, best) in sorted(shares([row for methods, _ in judged for row in methods]).items()):
        print(f"{level:12} {method:12} WAPE {wape:7.1%}  bias {bias:+7.1%}  best in {best} of {count}")
    weeks: dict[int, list[Decimal]] = {}
    for _, cash in judged:
        for week, *figures in cash:
            weeks[week] = [a + b for a, b in zip(weeks.get(week, [Decimal(0)] * 4), figures, strict=True)]
    for week, (error, as_due, expected, collected) in sorted(weeks.items()):
        due = f"on the due date {as_due / collected:7.1%}"
        print(f"cash week {week} WAPE {error / collected:7.1%}  bias {expected / collected - 1:+7.1%}  {due}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
