"""The demo company: a wholesaler whose three years are drawn by hashing, never by a random state.

``generate`` fills a DuckDB connection; the same settings give the same rows on any machine. All rows are made set-based by
the files of ``sql/``, in their numbered order. Keep out: wrong data (``planted/``) and files (``deliver.py``).

Schemas: ``work`` holds compact tables with integer keys and traits that steer the world; ``demo`` holds one relation per
contract, with the contract's columns and types, as it stands on the last date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.demo import planting
from pipelines.demo.entities import ENTITIES
from pipelines.demo.planted import REGISTRY
from pipelines.sources.contracts import Contract, load_contracts

SQL_FOLDER = Path(__file__).with_name("sql")


@dataclass(frozen=True)
class DemoSettings:
    """What world is made. ``invoice_lines`` is a target (within about 5%); ``last_date`` is the last day that is known."""

    seed: int = 1
    customers: int = 400
    months: int = 36
    last_date: date = date(2025, 12, 31)
    invoice_lines: int = 60_000
    daily_days: int = 31
    file_format: Literal["csv", "parquet"] = "csv"
    planted: Literal["none", "typical", "all"] = "none"
    memory_limit: str = "4GB"

    def __post_init__(self) -> None:
        if self.customers < 20 or self.months < 2 or self.invoice_lines < 100 or not 1 <= self.daily_days <= 31 * self.months:
            raise ValueError(f"too small a world: {self}")
        if self.file_format not in ("csv", "parquet") or self.planted not in ("none", "typical", "all"):
            raise ValueError(f"unknown file format or kind of planting: {self}")

    @property
    def first_date(self) -> date:
        months = self.last_date.year * 12 + self.last_date.month - self.months
        return date(months // 12, months % 12 + 1, 1)


def _macros(settings: DemoSettings) -> str:
    """Settings, pseudo-randomness and what is drawn by it in several places, as SQL macros. The seed is hashed with the salt, and that
    again with the id."""
    return f"""
        create or replace macro seed_number() as {settings.seed}::bigint;
        create or replace macro first_date() as date '{settings.first_date}';
        create or replace macro last_date() as date '{settings.last_date}';
        create or replace macro opening_date() as date '{settings.last_date}' - {settings.daily_days};
        create or replace macro month_count() as {settings.months};
        create or replace macro customer_count() as {settings.customers};
        create or replace macro line_count() as {settings.invoice_lines};
        create or replace macro rnd(id, salt) as
            (hash(xor(hash(id::bigint), hash(salt || '/{settings.seed}'))) >> 11)::double / 9007199254740992.0;
        create or replace macro gauss(id, salt) as
            2 * (rnd(id, salt || ' 1') + rnd(id, salt || ' 2') + rnd(id, salt || ' 3') - 1.5);
        create or replace macro pick(choices, u) as choices[1 + floor(len(choices) * u)::integer];
        create or replace macro workday(day) as
            (day + case isodow(day) when 6 then 2 when 7 then 1 else 0 end::integer)::date;
        create or replace macro is_never_paid(doc_key) as rnd(doc_key, 'never') < 0.0018;
        create or replace macro manner_of_payment(doc_key) as
            case when rnd(doc_key, 'settle') < 0.018 then 'instalments' when rnd(doc_key, 'settle') < 0.021 then 'reversed'
                when rnd(doc_key, 'settle') < 0.041 then 'on_account' else 'full' end;
    """


def run_sql_file(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute((SQL_FOLDER / name).read_text(encoding="utf-8"))


def generate(con: duckdb.DuckDBPyConnection, settings: DemoSettings) -> None:
    """Creates ``demo.<entity>`` for every contract, ``work.planted_errors`` and ``work.near_misses``."""
    con.execute("create schema if not exists work; create schema if not exists demo")
    con.execute(_macros(settings))
    for name in ("01_products_and_people", "02_customers", "03_orders"):
        run_sql_file(con, f"{name}.sql")
    for _ in range(4):
        run_sql_file(con, "04_distinct_amounts.sql")
    for name in ("05_delivered_quantities", "06_documents", "06_ways_of_trading"):
        run_sql_file(con, f"{name}.sql")
    planting.prepare(con)
    planting.plant(con, REGISTRY, settings.planted, "documents")
    run_sql_file(con, "07_numbers.sql")
    run_sql_file(con, "08_cash.sql")
    planting.plant(con, REGISTRY, settings.planted, "cash")
    run_sql_file(con, "09_credit_limits.sql")
    planting.plant(con, REGISTRY, settings.planted, "limits")
    for name in ("10_customer_relations", "11_ledger_credit_targets", "12_delivery_lines", "13_bank_entries"):
        run_sql_file(con, f"{name}.sql")
    planting.answer(con, REGISTRY, settings.planted)
    _create_relations(con)


def _create_relations(con: duckdb.DuckDBPyConnection) -> None:
    """``demo.<entity>`` as known on the last date."""
    for contract in load_contracts().values():
        entity = ENTITIES[contract.name]
        con.execute(f"""create or replace view demo."{contract.name}" as
            select {typed_columns(contract)} from (select *, last_date() as known_on from {entity.source})
            where {entity.dates[0]} <= last_date()""")


def create_deliveries(con: duckdb.DuckDBPyConnection) -> None:
    """What of a generated world is delivered when.

    ``delivered.<entity>_opening``: as known on the opening date. ``delivered.<entity>_daily``: a version per later day on
    which a row came into being or changed, with ``delivered_on``, the day on which that version is delivered.
    """
    con.execute("create schema if not exists delivered")
    for contract in load_contracts().values():
        entity, columns = ENTITIES[contract.name], typed_columns(contract)
        born = entity.dates[0]
        dates = ", ".join(f"({day})::date" for day in entity.dates)
        con.execute(f"""
            create or replace view delivered."{contract.name}_opening" as
                select {columns} from (select *, opening_date() as known_on from {entity.source}) where {born} <= opening_date();
            create or replace view delivered."{contract.name}_daily" as
                select {columns}, known_on as delivered_on
                from (
                    select *, unnest(list_distinct(list_filter([{dates}],
                        lambda day: day > opening_date() and day >= ({born})::date and day <= last_date()))) as known_on
                    from {entity.source}
                    where greatest({dates}, date '1900-01-01') > opening_date()
                )""")


def typed_columns(contract: Contract) -> str:
    """The columns of a contract with its types, as SQL over the source of its entity."""
    entity = ENTITIES[contract.name]
    return ", ".join(f'({entity.column(column.name)})::{column.engine_type} as "{column.name}"' for column in contract.columns)
