"""Checks that block a delivery, at the edge: what is just within them passes, what is just beyond fails. Keep out: whole nights."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import load_checks, run_checks
from tests.conftest import PROJECT

#: Each an issue and a due date of thirty days, and both with day and month read the wrong way round.
RIGHT = "date '2026-01-05', date '2026-02-04'"
DUE_BEFORE_ISSUE = "date '2026-05-01', date '2026-04-02'"
LATE_BUT_AGAINST_TERMS = "date '2026-03-02', date '2026-05-03'"  # 3 February and 5 March
#: Due before issue in this reading, and nothing better in the other one.
WRONG_IN_BOTH_READINGS = "date '2026-05-05', date '2026-04-04'"
NO_OTHER_READING = "date '2026-05-25', date '2026-04-20'"


def outcome(folder: Path, check_name: str, tables: dict[str, str]) -> tuple[str, int]:
    """(outcome, number of culprits) of an arrival check on tables of ``raw``, given as SQL."""
    build_file = folder / "warehouse.duckdb"
    with duckdb.connect(str(build_file)) as connection:
        connection.execute("create schema raw")
        for name, sql in tables.items():
            connection.execute(f"create table raw.{name} as {sql}")
    checks = [check for check in load_checks(PROJECT / "expectations", "arrival") if check.name == check_name]
    ((found),) = run_checks(build_file, checks, {})
    return found.outcome, found.count


def invoices(delivery: str, count: int, dates: str, terms: str = "30") -> str:
    return (
        f"select '{delivery}' as _delivery_id, '{delivery}-' || number || '-' || {terms or 'null'} as invoice_id, issued_date, due_date,"
        f" {terms or 'null'}::integer as payment_terms_days, true as _is_current"
        f" from (select {dates}) as dates(issued_date, due_date) cross join range({count}) as numbers(number)"
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("d1", 196, RIGHT), ("d1", 4, DUE_BEFORE_ISSUE)], ("passed", 0)),  # exactly 2%
        ([("d1", 195, RIGHT), ("d1", 4, DUE_BEFORE_ISSUE)], ("failed", 1)),
        ([("d1", 195, RIGHT), ("d1", 4, DUE_BEFORE_ISSUE, "")], ("failed", 1)),  # no terms: the order of the dates betrays it
        ([("d1", 195, RIGHT), ("d1", 4, LATE_BUT_AGAINST_TERMS)], ("failed", 1)),
        ([("d1", 195, RIGHT), ("d1", 4, LATE_BUT_AGAINST_TERMS, "")], ("passed", 0)),  # nothing says that it is wrong
        ([("d1", 10, RIGHT), ("d1", 3, DUE_BEFORE_ISSUE)], ("passed", 0)),  # three may be chance
        ([("d1", 10, RIGHT), ("d1", 40, WRONG_IN_BOTH_READINGS)], ("passed", 0)),  # wrong invoices, but read as they were meant
        ([("d1", 10, RIGHT), ("d1", 40, NO_OTHER_READING)], ("passed", 0)),
        ([("d1", 9_000, RIGHT), ("d2", 20, DUE_BEFORE_ISSUE)], ("failed", 1)),  # a bad day after a good history
    ],
)
def test_day_and_month_the_wrong_way_round(tmp_path: Path, parts: list[tuple], expected: tuple[str, int]) -> None:
    found = outcome(
        tmp_path,
        "dates_fit_the_declared_order",
        {
            "invoices": " union all ".join(invoices(*part) for part in parts),
            "source_deliveries": "select 'd' || n as delivery_id, 'invoices/d' || n || '.csv' as path from range(1, 3) as numbers(n)",
        },
    )
    assert found == expected


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        # Day, late, without a cursor, deleted; empty where nothing was compared.
        ([("01-03", "null", "null", "null"), ("01-04", "null", "null", "null")], ("passed", 0)),
        ([("01-03", "null", "null", "null"), ("01-10", "0", "0", "0")], ("passed", 0)),
        ([("01-10", "0", "0", "1"), ("01-11", "null", "null", "null")], ("failed", 1)),
        ([("01-10", "2", "0", "0"), ("01-17", "0", "0", "0")], ("passed", 0)),  # mended since
    ],
)
def test_what_the_last_whole_read_found_beyond_the_cursor_warns(tmp_path: Path, reads: list[tuple], expected: tuple[str, int]) -> None:
    rows = ", ".join(f"('ledger', 'ledger/{day}', date '2025-{day}', {', '.join(counts)})" for day, *counts in reads)
    columns = "source, path, delivered_on, late_count, without_cursor_count, deleted_count"
    found = outcome(tmp_path, "cursors_bring_every_row", {"cursor_reads": f"select * from (values {rows}) as reads ({columns})"})
    assert found == expected


@pytest.mark.parametrize(
    ("closing", "expected"),
    [("1050.00", ("passed", 0)), ("1050.01", ("failed", 1)), ("1049.99", ("failed", 1)), ("1100.00", ("failed", 1))],
)
def test_a_bank_statement_runs_from_opening_to_closing(tmp_path: Path, closing: str, expected: tuple[str, int]) -> None:
    live = "true as _is_current, null::date as _closed_date"
    found = outcome(
        tmp_path,
        "bank_statements_run_from_opening_to_closing",
        {
            "payments": f"""
                select *, {live} from (values
                  ('P1', 'S1', 100.00, date '2025-01-07', 'A'), ('P2', 'S1', -20.00, date '2025-01-07', null),
                  ('P3', 'S1', 7.00, date '2024-01-05', 'A'), ('P4', 'S1', 9.00, date '2025-01-07', 'B')
                ) as entries(payment_id, statement_id, amount, received_date, bank_account)""",
            # S1 begins again each year and on each account; S2 is a day without any entry.
            "bank_statements": f"""
                select *, {live} from (values
                  ('A', date '2025-01-07', 'S1', 1000.00, {closing}, -30.00), ('A', date '2025-01-08', 'S2', {closing}, {closing}, null),
                  ('A', date '2024-01-08', 'S1', 1.00, 8.00, null), ('B', date '2025-01-07', 'S1', 1.00, 10.00, null)
                ) as statements(bank_account, statement_date, statement_id, opening_amount, closing_amount, other_entries_amount)""",
        },
    )
    assert found == expected


@pytest.mark.parametrize(("last", "expected"), [("30.00", ("passed", 0)), ("30.01", ("failed", 1)), ("-30.00", ("failed", 1))])
def test_entries_lead_from_opening_to_closing_of_the_statement_of_their_account_and_year(
    tmp_path: Path, last: str, expected: tuple[str, int]
) -> None:
    live = "true as _is_current, null::date as _closed_date"
    found = outcome(
        tmp_path,
        "bank_transactions_run_from_opening_to_closing",
        {
            # A detail, and what was only told of, moves no balance.
            "bank_transactions": f"""
                select *, {live} from (values
                  ('A', date '2025-01-07', '1', '1', '0', 'statement', 70.00), ('A', date '2025-01-07', '1', '1', '1', 'statement', 70.00),
                  ('B', date '2025-01-07', '1', '1', '0', 'statement', 9.00), ('A', date '2026-01-05', '1', '1', '0', 'statement', {last}),
                  ('A', date '2026-01-06', '1', '2', '0', 'report', 5.00)
                ) as entries(bank_account, booked_date, statement_id, entry_number, detail_number, kind, amount)""",
            "bank_statements": f"""
                select *, {live} from (values
                  ('A', date '2025-01-07', '1', 100.00, 170.00), ('B', date '2025-01-07', '1', 1.00, 10.00),
                  ('A', date '2026-01-06', '1', 170.00, 200.00), ('B', date '2025-01-08', '2', 10.00, 10.00)
                ) as statements(bank_account, statement_date, statement_id, opening_amount, closing_amount)""",
        },
    )
    assert found == expected
