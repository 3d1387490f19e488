"""Lifetime value of a night: reads core, fits, writes ``value.fit`` and ``value.customer_value`` into the build file.

It runs after core, before the marts, which read both tables as a dbt source. Each model is fitted on the first half of the
observed days, held against the second half, and fitted again on all days for what it says of each customer. Data that do
not support a model leave a row that says why, and no customers. Keep out: the models themselves (``models.py``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.value import models
from pipelines.value.models import Fit, RefusedFitError

if TYPE_CHECKING:
    import duckdb

#: The tables, as dbt_project/macros/value_tables.sql makes them where this step did not run.
TABLES = {
    "fit": (
        "model varchar, is_fitted boolean, refusal_reason varchar, time_unit varchar, calibrated_from_date date, "
        "calibrated_until_date date, customer_count bigint, repeat_customer_count bigint, parameter_1_name varchar, "
        "parameter_1_rate double, parameter_2_name varchar, parameter_2_rate double, parameter_3_name varchar, "
        "parameter_3_rate double, parameter_4_name varchar, parameter_4_rate double, log_likelihood_rate double, "
        "holdout_days integer, predicted_quantity double, happened_quantity double, holdout_error_rate double"
    ),
    "customer_value": (
        "customer_id varchar, repeat_purchase_count bigint, last_purchase_week_quantity double, observed_week_quantity double, "
        "alive_probability double, expected_purchase_quantity double, expected_purchase_value double, discounted_value double"
    ),
}
#: All that a fit depends on: with these as they were it would be what it was.
READ_TABLES = {
    ("core", "fct_invoices"),
    ("core", "dim_customers"),
    ("core", "fct_contracts"),
    ("intermediate", "int_invoices_credited"),
    ("raw", "night"),
    ("raw", "parameters"),
}
WEEK = 7.0
HORIZON_YEARS = 3
#: Below these a fit says more about chance than about customers.
FEWEST_CUSTOMERS, FEWEST_REPEATS, FEWEST_DAYS, FEWEST_ENDED = 100, 50, 182, 10
#: A hold-out that is missed by more is no ground for a forecast.
LARGEST_ERROR = 0.25
#: Above this rank correlation between how often and how much, the Gamma-Gamma's assumption does not hold.
LARGEST_CORRELATION = 0.4


def create_tables(connection: duckdb.DuckDBPyConnection, *, replace: bool = True) -> None:
    """The tables of the estimates, empty; those that are there stay where they are not to be replaced."""
    connection.execute("create schema if not exists value")
    how = "create or replace table {}" if replace else "create table if not exists {}"
    for table, columns in TABLES.items():
        connection.execute(f"{how.format(f'value.{table}')} ({columns})")


def estimate(connection: duckdb.DuckDBPyConnection) -> None:
    """Fits what the core facts in ``connection`` support and writes both tables, also when that is nothing."""
    create_tables(connection)
    first, until, discount = connection.execute(
        "select (select min(issued_date) from core.fct_invoices), observed_until_date, carrying_cost_share "
        "from staging.stg_company__night cross join staging.stg_company__parameters"
    ).fetchone()
    _write_purchases(connection)
    middle = first + timedelta(days=(until - first).days // 2) if first else until
    purchases, values = _fit_purchases(connection, first, middle, until)
    if purchases is not None:
        _write_customers(connection, until, purchases, values, float(discount))
    _fit_contracts(connection, until)


def _write_purchases(connection: Any) -> None:
    """One row per customer and day with a purchase: all its documents of the day are one occasion, a free one counts."""
    connection.execute("""
        create or replace temp table value_purchases as
        select invoices.customer_id, invoices.issued_date as day, sum(invoices.revenue_amount) as amount
        from core.fct_invoices as invoices
        inner join core.dim_customers as customers on invoices.customer_id = customers.customer_id and not customers.is_unknown
        left join intermediate.int_invoices_credited as credited
            on invoices.invoice_id = credited.invoice_id and credited.is_fully_credited
        where invoices.document_type = 'invoice' and invoices.document_class = 'invoice' and not invoices.is_held_out
            and invoices.revenue_amount >= 0 and credited.invoice_id is null
        group by all
    """)


def _histories(connection: Any, until: date) -> dict[str, np.ndarray]:
    """Sufficient statistics up to ``until``: customers with the same figures are one row."""
    return connection.execute(
        """
        with numbered as (
            select *, row_number() over (partition by customer_id order by day) as number from value_purchases where day <= ?
        ),
        customers as (
            select customer_id, count(*) - 1 as x, (max(day) - min(day)) / 7.0 as t_x, (cast(? as date) - min(day)) / 7.0 as observed
            from numbered group by customer_id
        )
        select x::double as x, t_x, observed, count(*)::double as n from customers group by all order by all
        """,
        [until, until],
    ).fetchnumpy()


def _values(connection: Any, until: date) -> dict[str, np.ndarray]:
    """Repeat purchases and their mean value per customer, of customers with at least one repeat above zero."""
    return connection.execute(
        """
        with numbered as (
            select *, row_number() over (partition by customer_id order by day) as number from value_purchases where day <= ?
        ),
        customers as (
            select customer_id, count(*) as x, avg(amount)::double as m from numbered where number > 1 group by customer_id
        )
        select x::double as x, m, count(*)::double as n from customers where m > 0 group by all order by all
        """,
        [until],
    ).fetchnumpy()


def _fit_purchases(connection: Any, first: date | None, middle: date, until: date) -> tuple[Fit | None, Fit | None]:
    """Fits BG/NBD and Gamma-Gamma, writes a row of each, and returns their fits on all days (or None)."""
    common: dict[str, Any] = {"time_unit": "week", "calibrated_from_date": first, "calibrated_until_date": middle}
    row = {"model": "bg_nbd", **common}
    try:
        if first is None:
            raise RefusedFitError("no invoice is delivered")
        if (middle - first).days < FEWEST_DAYS:
            raise RefusedFitError(f"{(middle - first).days} days to calibrate on, at least {FEWEST_DAYS} are needed")
        early = _histories(connection, middle)
        row |= {"customer_count": int(early["n"].sum()), "repeat_customer_count": int(early["n"][early["x"] > 0].sum())}
        if row["customer_count"] < FEWEST_CUSTOMERS or row["repeat_customer_count"] < FEWEST_REPEATS:
            raise RefusedFitError(
                f"{row['customer_count']} customers, {row['repeat_customer_count']} of them with a repeat purchase: "
                f"at least {FEWEST_CUSTOMERS} and {FEWEST_REPEATS} are needed"
            )
        fit = models.fit_bg_nbd(early["x"], early["t_x"], early["observed"], early["n"])
        row |= _parameters(fit)
        expected = models.expected_purchases(fit, (until - middle).days / WEEK, early["x"], early["t_x"], early["observed"])
        predicted = float(np.sum(expected * early["n"]))
        (happened,) = connection.execute(
            "select count(*) from value_purchases where day > ? and day <= ? "
            "and customer_id in (select customer_id from value_purchases where day <= ?)",
            [middle, until, middle],
        ).fetchone()
        row |= {"holdout_days": (until - middle).days, "predicted_quantity": predicted, "happened_quantity": float(happened)}
        row["holdout_error_rate"] = predicted / happened - 1 if happened else None
        if not happened or abs(row["holdout_error_rate"]) > LARGEST_ERROR:
            raise RefusedFitError(f"the hold-out had {happened} purchases where {predicted:.0f} were predicted")
        late = _histories(connection, until)
        final = models.fit_bg_nbd(late["x"], late["t_x"], late["observed"], late["n"])
    except RefusedFitError as refusal:
        _write_fit(connection, row | {"is_fitted": False, "refusal_reason": str(refusal)})
        _write_fit(connection, {"model": "gamma_gamma", **common, "is_fitted": False, "refusal_reason": "BG/NBD is refused"})
        return None, None
    _write_fit(connection, row | {"is_fitted": True})
    return final, _fit_values(connection, {"model": "gamma_gamma", **common}, middle, until)


def _fit_values(connection: Any, row: dict[str, Any], middle: date, until: date) -> Fit | None:
    try:
        early = _values(connection, middle)
        row["customer_count"] = row["repeat_customer_count"] = int(early["n"].sum())
        if row["customer_count"] < FEWEST_REPEATS:
            raise RefusedFitError(f"{row['customer_count']} customers with a repeat purchase, at least {FEWEST_REPEATS} are needed")
        correlation = _rank_correlation(early["x"], early["m"])
        if abs(correlation) > LARGEST_CORRELATION:
            raise RefusedFitError(f"how much customers buy depends on how often (rank correlation {correlation:.2f})")
        fit = models.fit_gamma_gamma(early["x"], early["m"], early["n"])
        row |= _parameters(fit)
        # Held against the mean value of the same customers' purchases in the second half.
        expected = models.expected_value(fit, early["x"], early["m"])
        row["predicted_quantity"] = float(np.average(expected, weights=early["n"]))
        (happened,) = connection.execute(
            """
            with calibrated as (
                select customer_id from value_purchases where day <= ? group by customer_id having count(*) > 1
            )
            select avg(m) from (
                select avg(amount)::double as m from value_purchases inner join calibrated using (customer_id)
                where day > ? group by customer_id
            )
            """,
            [middle, middle],
        ).fetchone()
        row |= {"holdout_days": (until - middle).days, "happened_quantity": happened}
        row["holdout_error_rate"] = row["predicted_quantity"] / happened - 1 if happened else None
        late = _values(connection, until)
        final = models.fit_gamma_gamma(late["x"], late["m"], late["n"])
        models.expected_value(final, late["x"][:1], late["m"][:1])
    except RefusedFitError as refusal:
        _write_fit(connection, row | {"is_fitted": False, "refusal_reason": str(refusal)})
        return None
    _write_fit(connection, row | {"is_fitted": True})
    return final


def _write_customers(connection: Any, until: date, purchases: Fit, values: Fit | None, discount: float) -> None:
    """What the fits expect of each customer in a year, and its purchases of the horizon at their value of today."""
    import pandas as pd

    rows = connection.execute(
        """
        with numbered as (
            select *, row_number() over (partition by customer_id order by day) as number from value_purchases where day <= ?
        )
        select
            customer_id, count(*) - 1 as x, (max(day) - min(day)) / 7.0 as t_x, (cast(? as date) - min(day)) / 7.0 as observed,
            coalesce(avg(amount) filter (where number > 1), 0)::double as m
        from numbered group by customer_id order by customer_id
        """,
        [until, until],
    ).fetchnumpy()
    # Each history is computed once, however many customers share it.
    histories, inverse = np.unique(np.column_stack([rows["x"], rows["t_x"], rows["observed"]]), axis=0, return_inverse=True)
    inverse, (x, t_x, observed) = inverse.ravel(), histories.T
    quarters = [models.expected_purchases(purchases, quarter * 13, x, t_x, observed) for quarter in range(1, 4 * HORIZON_YEARS + 1)]
    # Purchases of a quarter fall in its middle on average.
    with np.errstate(invalid="ignore"):
        discounted = sum(
            (now - before) / (1 + discount) ** ((2 * number + 1) / 8)
            for number, (before, now) in enumerate(zip([np.zeros(len(x)), *quarters], quarters, strict=False))
        )
    mean = models.expected_value(values, rows["x"], rows["m"]) if values is not None else np.full(len(rows["x"]), np.nan)
    customers = pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "x": rows["x"],
            "t_x": rows["t_x"],
            "observed": rows["observed"],
            "alive": models.alive_share(purchases, x, t_x, observed)[inverse],
            "expected": quarters[3][inverse],
            "mean": mean,
            "discounted": discounted[inverse] * mean,
        }
    )
    connection.register("value_estimates", customers)
    connection.execute(
        "insert into value.customer_value select customer_id, x, t_x, observed, alive, case when isfinite(expected) then expected end, "
        "case when isfinite(mean) then mean end, case when isfinite(discounted) then discounted end from value_estimates"
    )
    connection.unregister("value_estimates")


def _fit_contracts(connection: Any, until: date) -> None:
    """Shifted beta-geometric on whole years: a chain of renewals is one contract that stands as long as all of them."""
    row: dict[str, Any] = {"model": "shifted_beta_geometric", "time_unit": "year", "calibrated_until_date": until}
    try:
        chains = connection.execute(
            """
            with recursive chains as (
                select contract_id, started_date, ended_date, contract_id as last_id from core.fct_contracts
                where renews_contract_id is null or renews_contract_id not in (select contract_id from core.fct_contracts)
                union all
                select chains.contract_id, chains.started_date, renewals.ended_date, renewals.contract_id
                from chains inner join core.fct_contracts as renewals on renewals.renews_contract_id = chains.last_id
            ),
            latest as (
                select contract_id, min(started_date) as started, max(coalesce(ended_date, date '9999-12-31')) as ended
                from chains group by 1
            ),
            aged as (
                select ended <= ? as is_ended, (least(ended, cast(? as date)) - started) / 365.25 as years from latest
            )
            select is_ended, case when is_ended then greatest(1, round(years)) else floor(years) end as years, count(*)::double as n
            from aged where is_ended or years >= 1 group by all order by all
            """,
            [until, until],
        ).fetchnumpy()
        ended = np.asarray(chains["is_ended"], dtype=bool)
        row |= {"customer_count": int(chains["n"].sum()), "repeat_customer_count": int(chains["n"][ended].sum())}
        if row["repeat_customer_count"] < FEWEST_ENDED or row["customer_count"] == row["repeat_customer_count"]:
            raise RefusedFitError(
                f"{row['customer_count']} contracts of a year or longer, {row['repeat_customer_count']} ended: "
                f"at least {FEWEST_ENDED} that ended and one that runs on are needed"
            )
        fit = models.fit_shifted_beta_geometric(chains["years"], ended, chains["n"])
    except RefusedFitError as refusal:
        _write_fit(connection, row | {"is_fitted": False, "refusal_reason": str(refusal)})
        return
    _write_fit(connection, row | _parameters(fit) | {"is_fitted": True})


def _parameters(fit: Fit) -> dict[str, Any]:
    named = {"log_likelihood_rate": fit.log_likelihood}
    for number, (name, value) in enumerate(fit.parameters.items(), start=1):
        named |= {f"parameter_{number}_name": name, f"parameter_{number}_rate": value}
    return named


def _write_fit(connection: Any, row: dict[str, Any]) -> None:
    columns = ", ".join(row)
    connection.execute(f"insert into value.fit ({columns}) values ({', '.join('?' * len(row))})", list(row.values()))


def _rank_correlation(left: np.ndarray, right: np.ndarray) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(left, right).statistic) if len(left) > 2 else 0.0
