"""Figures that no company has without a reason warn with the figure and its parts; those at the edge of what happens do not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import load_checks, run_checks
from tests.conftest import PROJECT

#: (kpi, value, numerator, denominator, status) of a company's month -> the check that names it, none where all is well.
CASES = {
    "share above all": (("first_time_right", 1.01, 101, 100, "final"), "parts_of_a_whole_lie_between_nothing_and_all"),
    "share of all": (("first_time_right", 1, 100, 100, "final"), None),
    "share below nothing": (("win_rate", -0.1, -1, 10, "provisional"), "parts_of_a_whole_lie_between_nothing_and_all"),
    "retention of part of a year": (("net_revenue_retention", 14.55, 1455, 100, "final"), "revenue_of_known_customers_does_not_triple"),
    "customers that tripled": (("net_revenue_retention", 3, 300, 100, "final"), None),
    "growth on a part": (("revenue_growth", 9.5, 950, 100, "final"), "revenue_does_not_grow_tenfold"),
    "a start-up": (("revenue_growth", 8.9, 890, 100, "final"), None),
    "sales missing": (("dso_simple", 900, 9000, 10, "final"), "nobody_waits_two_years_for_all_of_its_money"),
    "slow payers": (("dso_simple", 200, 2000, 10, "final"), None),
    "a month that runs": (("dso_simple", 900, 9000, 10, "provisional"), None),
    "no loss was seen": (
        ("customer_equity", 3_490_000_000, None, None, "final"),
        "customers_are_not_worth_more_than_their_revenue_of_twenty_years",
    ),
    "twelve years of revenue": (("customer_equity", 1_200, None, None, "final"), None),
    "not known": (("net_revenue_retention", None, None, None, "not_available"), None),
}


def failed_checks(folder: Path, figure: tuple, moved: list[tuple] = ()) -> list:
    """The checks that ``figure`` of a company with 100 of revenue breaks; ``moved``: kpi, reason, old, new and run of restatements."""
    build_file = folder / "warehouse.duckdb"
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema kpi")
        connection.execute(
            "create table kpi.kpi_values (kpi varchar, period_type varchar, period_start_date date, scope_type varchar, scope_id varchar,"
            " value decimal(38, 6), numerator decimal(38, 6), denominator decimal(38, 6), status varchar)"
        )
        connection.execute("create schema raw; create schema meta; create table raw.night as select 'run-2' as run_id")
        connection.execute(
            "create table meta.kpi_restatements (kpi varchar, period_type varchar, period_start_date date, scope_type varchar,"
            " scope_id varchar, reason varchar, old_value decimal(38, 6), new_value decimal(38, 6), old_run_id varchar, new_run_id varchar)"
        )
        for values in moved:
            connection.execute(
                "insert into meta.kpi_restatements values (?, 'month', date '2025-11-01', 'company', 'company', ?, ?, ?, 'run-1', ?)",
                values,
            )
        for month in range(1, 13):
            row = ["net_revenue", 10 if month < 12 else -10, None, None, "final"]
            connection.execute(
                f"insert into kpi.kpi_values values (?, 'month', date '2025-{month:02d}-01', 'company', 'company', ?, ?, ?, ?)", row
            )
        connection.execute(
            "insert into kpi.kpi_values values (?, 'month', date '2025-12-01', 'company', 'company', ?, ?, ?, ?)", list(figure)
        )
    outcomes = run_checks(build_file, load_checks(PROJECT / "expectations", "figures"), {})
    assert {outcome.check.severity for outcome in outcomes} == {"warning"}
    failed = [outcome for outcome in outcomes if outcome.outcome == "failed"]
    return failed


@pytest.mark.parametrize("case", CASES)
def test_figure_without_a_reason_warns_and_one_at_the_edge_does_not(case: str, tmp_path: Path) -> None:
    figure, expected = CASES[case]
    failed = failed_checks(tmp_path, figure)
    assert [outcome.check.name for outcome in failed] == ([expected] if expected else [])
    assert not failed or failed[0].culprits[0]["kpi"] == figure[0]


def test_closed_figure_that_moves_threefold_without_a_document_is_named(tmp_path: Path) -> None:
    unexplained = "rates, rules or master data"
    (failed,) = failed_checks(
        tmp_path,
        ("first_time_right", 1, 100, 100, "final"),
        [
            ("customer_result", unexplained, 100, 301, "run-2"),
            ("receivables", "the project changed", 100, -1, "run-2"),
            # Threefold is no more than that; documents explain the second; the third is of an earlier night.
            ("cost_to_serve", unexplained, 100, 300, "run-2"),
            ("net_revenue", "late invoice", 100, 900, "run-2"),
            ("credit_sales", unexplained, 100, 900, "run-1"),
        ],
    )
    assert failed.check.name == "closed_figures_do_not_move_threefold_without_a_document"
    assert [row["kpi"] for row in failed.culprits] == ["customer_result", "receivables"]
