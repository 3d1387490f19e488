"""What tells an equal table from another one, what a night may begin with, and that nothing a table reads goes unnoticed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines import dbt, increments
from pipelines.checks.suites import contract_checks, load_checks
from pipelines.night import Night
from pipelines.settings import EXPECTATIONS_FOLDER, FULL_EVERY_NIGHTS, PROJECT_FOLDER, Settings
from pipelines.sources.contracts import load_contracts
from pipelines.value.estimation import READ_TABLES

TABLE = ("core", "t")


def content(rows: str) -> tuple:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(f"create table core.t as select * from {rows}")
        return connection.execute(increments.contents(connection, [TABLE])[TABLE]).fetchone()


def test_the_order_of_rows_is_no_content() -> None:
    assert content("(values (1, 'a'), (2, 'b'), (2, 'b')) t(x, y)") == content("(values (2, 'b'), (1, 'a'), (2, 'b')) t(x, y)")
    assert content("(select 1 as x where false)") == (0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Values that change places between rows, a row once more and twice less, NULL and what hashes like it.
        ("(values (1, 'a'), (2, 'b')) t(x, y)", "(values (1, 'b'), (2, 'a')) t(x, y)"),
        ("(values (1, 2)) t(x, y)", "(values (2, 1)) t(x, y)"),
        ("(values (1), (1), (2)) t(x)", "(values (1), (2), (2)) t(x)"),
        ("(values (1), (1), (2)) t(x)", "(values (2)) t(x)"),
        ("(values (null), (1)) t(x)", "(values (0), (1)) t(x)"),
        ("(values ('')) t(x)", "(values (null::varchar)) t(x)"),
        ("(values ([]::integer[])) t(x)", "(values (null::integer[])) t(x)"),
        ("(values ([null]::integer[])) t(x)", "(values ([]::integer[])) t(x)"),
        ("(values ([{'a': 1, 'b': null}])) t(x)", "(values ([{'a': null, 'b': 1}])) t(x)"),
        ("(values ({'a': null::integer})) t(x)", "(values (null::struct(a integer))) t(x)"),
        ("(values (0.0001::decimal(18,4))) t(x)", "(values (0.0002::decimal(18,4))) t(x)"),
    ],
)
def test_other_rows_are_another_content(one: str, other: str) -> None:
    assert content(one) != content(other)


@pytest.fixture
def build() -> duckdb.DuckDBPyConnection:
    """A kept build with three tables, as the next night finds it."""
    with duckdb.connect() as connection:
        connection.execute(increments.TABLES)
        connection.execute("insert into increments.origin values ('a', 'b', 'c', 0)")
        connection.execute("create schema raw; create schema meta; create table meta.check_results (layer varchar)")
        connection.execute("create table raw.night as select date '2025-01-31' as report_date, 'run-1' as run_id")
        connection.execute("create table raw.invoices as select 1 as invoice_id; create table raw.orders as select 1 as order_id")
        increments.note(connection, [("raw", "night"), ("raw", "invoices"), ("raw", "orders")])
        assert increments.changed(connection) is None
        assert increments.standing(connection) == set()
        connection.execute(increments.CONTINUE)
        yield connection


def test_a_table_that_was_made_again_has_changed_when_its_rows_have(build: duckdb.DuckDBPyConnection) -> None:
    assert increments.changed(build) == set()
    build.execute("insert into raw.invoices values (2)")
    increments.note(build, [("raw", "invoices"), ("raw", "orders")])
    assert increments.changed(build) == {("raw", "invoices")}
    assert ("raw", "orders") in increments.standing(build)
    # A step that runs again has the last word, and so has the night after it.
    build.execute("delete from raw.invoices where invoice_id = 2")
    increments.note(build, [("raw", "invoices")])
    assert increments.changed(build) == set()
    build.execute("insert into raw.invoices values (3)")
    increments.note(build, [("raw", "invoices")])
    build.execute("create or replace table meta.check_results (layer varchar)")
    build.execute(increments.CONTINUE)
    assert increments.changed(build) == set()


def test_the_run_id_is_held_apart_from_what_the_others_read_of_the_night(build: duckdb.DuckDBPyConnection) -> None:
    build.execute("update raw.night set run_id = 'run-2'")
    increments.note(build, [("raw", "night")])
    assert increments.changed(build) == {increments.RUN_ID}
    assert increments.plan(build, dbt.BEFORE_GATE) == {}
    assert {name.split(".")[-1] for name in dbt_plan(build, {increments.RUN_ID})} == {"kpi_values"}
    build.execute("update raw.night set report_date = date '2025-02-01'")
    increments.note(build, [("raw", "night")])
    assert increments.changed(build) == {increments.RUN_ID, increments.NIGHT}


def dbt_plan(build: duckdb.DuckDBPyConnection, changed: set) -> set[str]:
    """The models behind the gate that read one of ``changed``."""
    return {node["unique_id"] for node in dbt.tables_of(dbt.BEHIND_GATE) if increments.reads(node["unique_id"]) & changed}


def named_in(sql: str) -> set[tuple[str, str]]:
    """Schema and name of the tables that the engine's parser finds in a statement; what a statement names itself has no schema."""
    with duckdb.connect() as connection:
        (text,) = connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
    parsed = json.loads(text)
    assert not parsed["error"], sql
    found, to_see = set(), [parsed]
    while to_see:
        item = to_see.pop()
        if isinstance(item, dict) and item.get("type") == "BASE_TABLE" and item["schema_name"]:
            found.add((item["schema_name"], item["table_name"]))
        to_see += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return found


def test_every_table_that_a_statement_names_is_one_that_it_is_known_to_read() -> None:
    """dbt's word is held against the engine's parser, for models and tests, through views."""
    views = increments._views()
    for name, node in dbt.manifest()["nodes"].items():
        if node["resource_type"] in ("model", "test"):
            behind = frozenset().union(*(views.get(table, {table}) for table in named_in(node["compiled_code"])))
            assert behind <= increments.reads(name), name


def test_the_fits_depend_on_what_their_statements_name() -> None:
    text = (PROJECT_FOLDER / "pipelines" / "value" / "estimation.py").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:from|join) (core|intermediate|staging|raw|value)\.(\w+)", text))
    assert frozenset().union(*map(increments.tables_behind, named)) == READ_TABLES


def test_a_check_reads_its_table_and_those_that_its_statement_names() -> None:
    checks = [check for layer in ("arrival", "publication", "figures") for check in load_checks(EXPECTATIONS_FOLDER, layer)]
    for check in [*checks, *contract_checks()]:
        for expectation in check.expectations:
            sql = expectation["kwargs"].get("unexpected_rows_query", "select 1")
            assert named_in(sql.replace("{batch}", "batch")) <= check.reads, check.name


# ----------------------------------------------------------------------------------------------- what a night begins with
@pytest.fixture
def night(tmp_path: Path) -> Night:
    """A company with a kept build."""
    company = tmp_path / "small.yaml"
    company.write_text(
        "company: small\nname: Small\ntime_zone: UTC\nreporting_currency: EUR\nlast_complete_day: delivered_on\n"
        'contract_files: "{entity}_*.csv"\n'
        "contract_delivered_on: '_(\\d{4}-\\d{2}-\\d{2})\\.csv$'\n"
    )
    night = Night.of(Settings(company=str(company), warehouse_dir=tmp_path))
    assert increments.begin(night) == "everything is built: no build is kept"
    with night.warehouse() as connection:
        connection.execute(
            "create schema meta; create table meta.check_results as select 'arrival' as layer; create table t as select 1 as x"
        )
    night.keep_build()
    return night


def rows(night: Night) -> list[tuple]:
    with night.warehouse(read_only=True) as connection:
        return connection.execute(
            "select table_name from duckdb_tables() where table_name in ('t', 'outcomes', 'check_results')"
        ).fetchall()


def test_a_night_begins_with_a_copy_of_the_kept_build_and_leaves_it_as_it_is(night: Night) -> None:
    kept = night.kept_build / night.build_file.name
    before = kept.read_bytes()
    assert increments.begin(night) == "only what changed is built"
    assert night.build_file != kept
    assert sorted(rows(night)) == [("outcomes",), ("t",)]  # no verdict of an earlier night passes for one of this
    with night.warehouse() as connection:
        connection.execute("drop table t")
    assert kept.read_bytes() == before
    # That night was killed: the next one begins where it did.
    assert increments.begin(night) == "only what changed is built"
    assert ("t",) in rows(night)
    night.keep_build()
    assert not kept.exists()


def test_a_build_that_something_writes_to_after_it_was_published_is_kept_no_longer(night: Night) -> None:
    with night.warehouse(read_only=True):
        assert night.kept_build is not None
    with night.warehouse():
        assert night.kept_build is None
    assert increments.begin(night) == "everything is built: no build is kept"


def test_what_is_not_known_to_be_the_same_is_built_in_full(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def because() -> str:
        return increments._full_because(night, increments.origin_of(night))

    assert because() is None
    night.settings.company_file.write_text(night.settings.company_file.read_text() + "parameters: {duplicate_invoice_days: 20}\n")
    assert because() == "the company's file changed"
    monkeypatch.setattr(increments, "ENGINES", ("duckdb",))
    assert increments.origin_of(night)["engine"] != night_origin(night)[2]
    kept = night.kept_build / night.build_file.name
    kept.with_name(f"{kept.name}.wal").touch()
    assert because() == "no build is kept"
    kept.with_name(f"{kept.name}.wal").unlink()
    kept.write_bytes(kept.read_bytes()[:5000])
    assert because() == "the kept build cannot be read"


def night_origin(night: Night) -> tuple:
    with duckdb.connect(str(night.kept_build / night.build_file.name), read_only=True) as connection:
        return connection.execute("select * from increments.origin").fetchone()


def test_nights_of_two_engines_do_not_begin_with_one_anothers_build(night: Night) -> None:
    on_spark = Night.of(replace(night.settings, engine="spark", spark_master="local[1]"))
    assert increments._full_because(on_spark, increments.origin_of(on_spark)) == "the engine changed"
    assert increments._full_because(night, increments.origin_of(on_spark)) == "the engine changed"


def test_every_so_many_nights_everything_is_built(night: Night) -> None:
    told = []
    for _ in range(FULL_EVERY_NIGHTS):
        told.append(increments.begin(night))
        with night.warehouse() as connection:
            connection.execute("create schema if not exists meta; create table meta.check_results (layer varchar)")
        night.keep_build()
    assert told.count("only what changed is built") == FULL_EVERY_NIGHTS - 1
    assert told[-1] == f"everything is built: every {FULL_EVERY_NIGHTS} nights"
    assert night_origin(night)[3] == 0


def test_one_word_builds_everything(night: Night) -> None:
    full = Settings.from_environment({"COMPANY": night.settings.company, "WAREHOUSE_DIR": str(night.settings.warehouse_dir), "FULL": "1"})
    assert increments.begin(Night.of(full)) == "everything is built: FULL=1"


def test_contracts_have_tables_that_a_night_can_hold_apart() -> None:
    assert ("raw", "night.run_id") not in {("raw", name) for name in load_contracts()}
