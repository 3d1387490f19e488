"""Final means final: a history that is cut on any day gives the same final figures as the whole one; and parts are their wholes.

Whole demo worlds, with everything a company can deliver, are built as they were known on a day and as they are known at their
end. Master data are those of the end: what a change of owner or segment does to earlier months is a restatement. Keep out:
forecasts, whose figure is that of their day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import duckdb
import pytest

from pipelines.demo.generator import DemoSettings, generate
from pipelines.value.estimation import create_tables
from tests import worlds

pytestmark = pytest.mark.slow

#: 28 months hold one figure that compares twelve months with the twelve before.
WORLD = {"customers": 60, "months": 28, "invoice_lines": 4000, "last_date": date(2025, 12, 31)}
TARGETS = ("kpi_values",)
MASTER = ("customers", "salespeople", "products", "campaigns")
#: What is expected on a day.
FORECASTS = ("customer_lifetime_value", "cash_forecast_amount", "cash_forecast_wape")
#: What counts the documents that were found wrong.
ERRORS = ("invoice_error_rate", "invoice_error_stake_amount", "quarantined_amount", "quarantined_share")
KEY = "kpi, period_type, period_start_date, scope_type, scope_id"
#: Parts -> whole: of the same period, scope and base in every period type.
PARTS = {
    "dso_simple": ("dso_terms_granted", "dso_late_payment", "dso_own_errors"),
    "overdue_amount": (
        "overdue_1_30_amount", "overdue_31_60_amount", "overdue_61_90_amount", "overdue_91_120_amount", "overdue_over_120_amount",
    ),
    "receivables": ("not_due_amount", "overdue_amount", "no_due_date_amount", "unapplied_credit_amount", "unapplied_cash_amount"),
    "net_revenue": ("invoiced_amount", "credited_amount", "adjusted_amount"),
}  # fmt: skip


@contextmanager
def world(seed: int, planted: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        generate(connection, DemoSettings(seed=seed, planted=planted, **WORLD))
        connection.execute("create schema kept")
        create_tables(connection)
        yield connection


def build(connection: duckdb.DuckDBPyConnection, day: date, name: str) -> None:
    """``kept.<name>``: the published figures of the world as it was known on ``day``."""
    worlds.cut_world(connection, day, MASTER)
    worlds.fill_raw(connection, day.isoformat(), "cut")
    worlds.run_rules(connection, worlds.compiled_steps(TARGETS))
    connection.execute(f"create or replace table kept.{name} as select * from kpi.kpi_values")
    connection.execute(f"""
        create or replace table kept.{name}_errors as
        select invoices.issued_month, errors.event_date from core.fct_invoice_errors as errors
        inner join core.fct_invoices as invoices using (invoice_id) where errors.severity <> 'warns'""")


def changed_finals(connection: duckdb.DuckDBPyConnection, day: date) -> list[tuple]:
    """Final figures of the history cut on ``day`` that the whole one lacks, changes or takes back.

    A document that is found wrong by what happened after the day is a correction: it is held out, and the bounds hold what was final;
    the errors of its month count it.
    """
    return connection.execute(
        f"""
        select early.kpi, early.period_type, early.period_start_date, early.scope_id, early.value, late.value, late.status
        from kept.early left join kept.late using ({KEY})
        where early.status = 'final' and early.kpi not in {FORECASTS}
            and (early.value is distinct from late.value or coalesce(late.status, '') not in ('final', 'quarantine_bounded'))
            and not coalesce(late.status = 'quarantine_bounded' and early.value between late.low_value and late.high_value, false)
            and not (early.kpi in {ERRORS} and exists (
                select 1 from kept.late_errors as errors
                where errors.event_date > ? and date_trunc(early.period_type, errors.issued_month) = early.period_start_date))
        order by all""",
        [day],
    ).fetchall()


@pytest.mark.parametrize(("seed", "planted"), [(1, "none"), (15, "typical"), (16, "typical"), (201, "typical"), (210, "typical")])
def test_history_cut_on_any_day_gives_the_final_figures_of_the_whole(seed: int, planted: str) -> None:
    chance = random.Random(seed)
    with world(seed, planted) as connection:
        build(connection, WORLD["last_date"], "late")
        month_end = date(2025, chance.randint(1, 8), 1) - timedelta(1)
        for day in (month_end, WORLD["last_date"] - timedelta(chance.randint(20, 500))):
            build(connection, day, "early")
            ((figures, kpis),) = connection.execute(
                "select count(*), count(distinct kpi) from kept.early where status = 'final' and value is not null"
            ).fetchall()
            assert (figures > 3000, kpis > 60) == (True, True), (seed, day, figures, kpis)
            assert changed_finals(connection, day) == [], (seed, day)


def test_parts_are_their_wholes_in_every_period_type() -> None:
    with world(4, "typical") as connection:
        build(connection, date(2025, 8, 17), "late")
        for whole, parts in PARTS.items():
            rows = connection.execute(
                f"""
                select period_type, wholes.period_start_date, scope_id, wholes.value, sum(parts.value)
                from kept.late as wholes inner join kept.late as parts using (period_type, period_start_date, scope_type, scope_id)
                where wholes.kpi = ? and parts.kpi in {parts} and wholes.value is not null
                group by all""",
                [whole],
            ).fetchall()
            assert {row[0] for row in rows} == {"month", "quarter", "year"}
            assert [row for row in rows if row[3] != row[4]] == [], whole


def test_no_month_of_the_company_is_silently_absent_and_none_is_known_before_its_window() -> None:
    with world(5, "none") as connection:
        build(connection, WORLD["last_date"], "late")
        months = connection.execute("select month_start_date from core.dim_months where is_complete order by 1").fetchall()
        first = connection.execute("select first_complete_month_start_date from core.dim_observations where entity = 'invoices'").fetchone()
        known = [month for (month,) in months if month >= first[0]]
        for kpi, window in {
            "net_revenue_retention": 24, "gross_revenue_retention": 24, "top10_customer_share": 12, "revenue_growth": 13,
            "customer_equity": 25, "logo_churn_rate": 4, "annual_churn_rate": 4, "customer_result": 1,
        }.items():  # fmt: skip
            published = "select period_start_date, status from kept.late where period_type = 'month' and scope_type = 'company' and kpi = ?"
            rows = dict(connection.execute(published, [kpi]).fetchall())
            assert [month for month in known if month not in rows] == [], kpi
            early = known[: window - 1]
            assert {rows[month] for month in early} <= {"not_available"}, kpi
            assert "not_available" not in {rows[month] for month in known[window - 1 :]}, kpi
