"""What is held out may not hide a month: share of euros, share of count from three documents on, a running month with the one before."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import load_checks, run_checks
from tests.conftest import PROJECT

#: Table -> its columns and the check on it; both tables hold a number, a day, an amount and whether it is held out.
TABLES = {
    "fct_invoices": (
        "select name as invoice_id, day as issued_date, date_trunc('month', day)::date as issued_month, amount as gross_amount,"
        " 'K1' as customer_id, 'line_net_wrong' as held_out_reason, is_held_out from given",
        "held_out_amount_stays_below_the_limit",
    ),
    "fct_payments": (
        "select name as payment_id, day as received_date, amount, amount as document_amount, 'K1' as customer_id,"
        " 'iban_invalid_or_not_master' as held_out_reason, is_held_out from given",
        "held_out_cash_stays_below_the_limit",
    ),
}


def outcome(folder: Path, table: str, report_date: str, sql: str) -> tuple[str, int]:
    """(outcome, number of culprits) of the check on ``table``, whose rows are name, day, amount, is_held_out; the limit is 2%."""
    columns, check_name = TABLES[table]
    build_file = folder / "warehouse.duckdb"
    with duckdb.connect(str(build_file)) as connection:
        for schema in ("core", "raw"):
            connection.execute(f"create schema {schema}")
        connection.execute(f"create table raw.night as select date '{report_date}' as report_date")
        connection.execute("create table raw.parameters as select 0.02 as quarantined_share_limit")
        connection.execute(f"create temp table given as {sql}")
        connection.execute(f"create table core.{table} as {columns}")
    checks = [check for check in load_checks(PROJECT / "expectations", "publication") if check.name == check_name]
    ((found),) = run_checks(build_file, checks, {})
    return found.outcome, found.count


def month(first_day: str, count: int, held_out: int, held_out_amount: int = 100) -> str:
    """``count`` documents of 100 on the first days of a month, the first ``held_out`` of them held out."""
    return (
        f"select '{first_day}-' || i as name, date '{first_day}' + (i % 14)::integer as day, i < {held_out} as is_held_out,"
        f" case when i < {held_out} then {held_out_amount} else 100 end::decimal(18, 4) as amount from range({count}) as numbers(i)"
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (month("2026-05-01", 200, 4), ("passed", 0)),  # exactly 2%
        (month("2026-05-01", 199, 4), ("failed", 4)),
        (month("2026-05-01", 20, 2, 10), ("passed", 0)),  # a tenth of the count, but of two documents
        (month("2026-05-01", 200, 1, 407), ("failed", 1)),  # one in two hundred, and more than 2% of the euros
        (month("2026-06-01", 100, 3) + " union all " + month("2026-05-01", 200, 0), ("passed", 0)),  # June still runs
        (month("2026-06-01", 100, 7) + " union all " + month("2026-05-01", 200, 0), ("failed", 7)),
        (month("2026-05-01", 100, 3) + " union all " + month("2026-04-01", 200, 0), ("failed", 3)),  # May has ended
    ],
)
def test_share_of_a_month_is_limited(tmp_path: Path, table: str, sql: str, expected: tuple[str, int]) -> None:
    assert outcome(tmp_path, table, "2026-06-15", sql) == expected
