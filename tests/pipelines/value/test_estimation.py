"""The value step on small worlds: what it refuses and why, what it writes, and that both descriptions of its tables agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import numpy as np
import pytest

from pipelines.settings import DBT_FOLDER
from pipelines.value import estimation
from pipelines.value.estimation import TABLES, estimate
from pipelines.value.models import Fit

START, UNTIL = date(2024, 1, 1), date(2025, 12, 31)


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    """A build file with the facts that the step reads, all empty."""
    with duckdb.connect() as connection:
        connection.execute(f"""
            create schema core; create schema staging; create schema intermediate;
            create table staging.stg_company__night as select date '{UNTIL}' as observed_until_date;
            create table staging.stg_company__parameters as select cast(0.08 as decimal(9, 6)) as carrying_cost_share;
            create table core.dim_customers (customer_id varchar, is_unknown boolean);
            create table core.fct_invoices (invoice_id varchar, customer_id varchar, document_type varchar, document_class varchar,
                issued_date date, revenue_amount decimal(18, 4), is_held_out boolean);
            create table core.fct_contracts (contract_id varchar, started_date date, ended_date date, renews_contract_id varchar);
            create table intermediate.int_invoices_credited (invoice_id varchar, is_fully_credited boolean);
        """)
        yield connection


def fits(build: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    rows = build.execute("select model, is_fitted, refusal_reason from value.fit").fetchall()
    return {model: (is_fitted, reason) for model, is_fitted, reason in rows}


def test_night_without_deliveries_has_empty_tables_and_a_reason_per_model(build):
    estimate(build)
    assert fits(build)["bg_nbd"] == (False, "no invoice is delivered")
    assert fits(build)["gamma_gamma"] == (False, "BG/NBD is refused")
    assert fits(build)["shifted_beta_geometric"][0] is False
    assert build.execute("select count(*) from value.customer_value").fetchone() == (0,)


def test_few_customers_are_refused_with_their_number(build):
    build.execute("insert into core.dim_customers values ('K1', false)")
    build.execute(
        f"insert into core.fct_invoices select 'I' || i, 'K1', 'invoice', 'invoice', date '{START}' + i::integer, 10, false"
        " from range(600) as t(i)"
    )
    estimate(build)
    assert fits(build)["bg_nbd"] == (False, "1 customers, 1 of them with a repeat purchase: at least 100 and 50 are needed")


def test_world_of_leaving_customers_is_fitted_and_its_hold_out_is_near(build):
    rng, rows = np.random.default_rng(3), []
    for number in range(1500):
        day, rate, drop = rng.integers(0, 200), rng.gamma(1.2, 1 / 25), rng.beta(0.8, 2.5)
        value = 40 / rng.gamma(4, 1 / 3)
        while day < 730:
            rows.append((f"I{len(rows)}", f"K{number}", START + timedelta(days=int(day)), round(float(rng.gamma(6, value / 6)), 2)))
            if rng.random() < drop:
                break
            day += max(1, rng.exponential(1 / rate))
    build.execute("insert into core.dim_customers select 'K' || i, false from range(1500) as t(i)")
    build.executemany("insert into core.fct_invoices values (?, ?, 'invoice', 'invoice', ?, ?, false)", rows)
    # What is held out, credited in full or of nobody known is no purchase.
    build.execute("insert into core.fct_invoices values ('held', 'K1', 'invoice', 'invoice', date '2024-01-01', 1000000, true)")
    build.execute("insert into core.fct_invoices values ('credited', 'K1', 'invoice', 'invoice', date '2024-01-01', 1000000, false)")
    build.execute("insert into intermediate.int_invoices_credited values ('credited', true)")
    estimate(build)
    assert [fits(build)[model][0] for model in ("bg_nbd", "gamma_gamma")] == [True, True]
    (error,) = build.execute("select holdout_error_rate from value.fit where model = 'bg_nbd'").fetchone()
    assert abs(error) < 0.15
    count, least, most = build.execute(
        "select count(*), min(alive_probability), max(alive_probability) from value.customer_value"
    ).fetchone()
    assert (count, least >= 0, most <= 1) == (1500, True, True)
    assert build.execute("select max(expected_purchase_value) < 5000 from value.customer_value").fetchone() == (True,)


@pytest.mark.parametrize("beyond", [np.inf, np.nan])
def test_value_beyond_a_number_is_none_and_the_other_customers_keep_theirs(build, monkeypatch, beyond):
    build.execute(
        f"create temp table value_purchases as select * from"
        f" (values ('K1', date '{START}', 10), ('K2', date '{UNTIL}', 10)) as t(customer_id, day, amount)"
    )
    monkeypatch.setattr(estimation.models, "expected_purchases", lambda fit, t, x, t_x, observed: np.where(observed > 0, beyond, 1.0 * t))
    estimation.create_tables(build)
    purchases = Fit({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, 0)
    estimation._write_customers(build, UNTIL, purchases, Fit({"p": 6.25, "q": 3.74, "gamma": 15.44}, 0), 0.08)
    rows = build.execute(
        "select customer_id, discounted_value > 0, expected_purchase_value > 0 from value.customer_value order by 1"
    ).fetchall()
    assert rows == [("K1", None, True), ("K2", True, True)]


def test_contracts_that_ended_give_a_renewal_model(build):
    build.execute("""
        insert into core.fct_contracts
        select 'C' || i, date '2020-01-01', case when i < 40 then date '2021-01-01' when i < 60 then date '2022-01-01' end, null
        from range(100) as t(i)
    """)
    estimate(build)
    assert fits(build)["shifted_beta_geometric"] == (True, None)


def test_dbt_makes_the_same_tables_where_the_step_did_not_run():
    macro = " ".join((DBT_FOLDER / "macros" / "value_tables.sql").read_text(encoding="utf-8").split())
    made = dict(re.findall(r"create table if not exists value\.(\w+) \( (.*?) \)(?=;| \{)", macro))
    assert made == TABLES
