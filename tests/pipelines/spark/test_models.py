"""Every model can be said to Spark but for those named here; DuckDB makes these, and a new one is a decision. Needs no Java."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines import dbt, increments
from pipelines.night import Night
from pipelines.settings import Settings
from pipelines.spark.types import Columns
from tests.dbt.conftest import write_empty_night

pytestmark = pytest.mark.slow

#: Model -> why Spark cannot make it. Both are small: receipts that name nothing of their payer, and months by buckets.
BY_DUCKDB = {"int_match_amounts": "a recursion over lists", "int_ageing_walks_monthly": "a recursion that aggregates"}


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    from pipelines.spark.build import make_empty

    path: Path = tmp_path_factory.mktemp("empty") / "night.duckdb"
    write_empty_night(path)
    with duckdb.connect(str(path)) as connection:
        return make_empty(connection)


@pytest.fixture(scope="module")
def statements(columns: Columns) -> dict:
    from pipelines.spark.build import statements_of

    return {tag: statements_of(columns, tag) for tag in (dbt.BEFORE_GATE, dbt.BEHIND_GATE)}


def test_all_models_but_two_run_on_spark(statements: dict) -> None:
    refused = {
        name.split(".")[-1]: str(words) for found in statements.values() for name, words in found.items() if not isinstance(words, str)
    }
    assert refused == BY_DUCKDB


def test_columns_stand_in_the_order_of_the_contract(columns: Columns) -> None:
    """As dbt makes them on DuckDB, whatever the order of the select: what reads all of a table gets the same from either engine."""
    nodes = [node for tag in (dbt.BEFORE_GATE, dbt.BEHIND_GATE) for node in dbt.in_order(tag) if node["config"]["contract"]["enforced"]]
    assert len(nodes) > 100
    assert [node["name"] for node in nodes if list(columns[node["schema"]][node["name"]]) != list(node["columns"])] == []


def test_no_row_is_held_against_every_row_of_a_list(statements: dict) -> None:
    """``a is null or a not in (select ...)``: beside an OR Spark sends the whole list to every worker and walks it for each row, where
    ``not exists`` is a join (at 1,000,000 invoice lines the server had no room for it)."""
    walked = []
    for found in statements.values():
        for name, words in found.items():
            for listed in sqlglot.parse_one(words, dialect="spark").find_all(exp.In) if isinstance(words, str) else ():
                beside = listed.find_ancestor(exp.Or, exp.Select)
                if listed.args.get("query") and isinstance(listed.parent, exp.Not) and isinstance(beside, exp.Or):
                    walked.append(name.split(".")[-1])
    assert walked == []


@pytest.mark.parametrize("by_level", [False, True])
def test_an_engine_makes_what_it_reads_or_waits_for_the_other(statements: dict, by_level: bool) -> None:
    from pipelines.spark.build import stages

    for tag, found in statements.items():
        nodes = {node["unique_id"]: node for node in dbt.in_order(tag)}
        made: set[str] = set()
        for is_local, names in stages(nodes, found, by_level=by_level):
            there = made if by_level else made | set(names)
            for name in names:
                assert is_local is not isinstance(found.get(name), str)
                assert {read for read in nodes[name]["depends_on"].get("nodes", ()) if read in nodes} <= there
            made |= set(names)
        assert made == set(nodes)


def test_what_was_loaded_is_shared_also_where_no_model_of_the_step_is_built(tmp_path: Path) -> None:
    """A model of the other step may read it; what stands as it was is there already."""
    from pipelines.spark.build import FOLDER, build

    night = Night.of(Settings(company="demo", warehouse_dir=tmp_path))
    night.start_build()
    write_empty_night(night.build_file)
    with night.warehouse() as connection:
        connection.execute(increments.TABLES)
        connection.execute("insert into increments.origin values ('a', 'b', 'c', 0)")
        connection.execute("create schema meta; create table meta.check_results (layer varchar)")
        increments.note(
            connection, connection.execute("select 'raw', table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        )
        connection.execute(increments.CONTINUE)
        connection.execute("insert into raw.refused_files values ('ledger', 'ledger.csv', 'empty')")
        increments.note(connection, [("raw", "refused_files")])
    built = build(night, dbt.BEFORE_GATE, {}, print)
    assert {table.message for table in built.values()} == {"carried over"}
    assert {folder.name for folder in (night.build_folder / FOLDER).iterdir()} == {"raw.night", "raw.refused_files"}


@pytest.mark.parametrize("lasts", [False, True])
def test_what_the_server_could_not_start_is_tried_once_more(lasts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was left out behind it, and with a word; what fails again stays failed."""
    from pipelines.spark import build

    whole, broken, behind = (f"model.paid_in_full.{name}" for name in ("fct_invoices", "fct_payments", "fct_order_lines"))
    works, fails, left_out = (
        dbt.Built("success", "", 1.0),
        dbt.Built("error", "Task serialization failed", 1.0),
        dbt.Built("skipped", "", 0.0),
    )
    failed, mended = {broken: fails, behind: left_out}, {broken: works, behind: works}
    results = [{whole: works} | failed, failed if lasts else mended]
    asked: list[list[str]] = []

    def build_on_spark(night: Night, statements: dict) -> dict[str, dbt.Built]:
        asked.append(list(statements))
        return results[len(asked) - 1]

    monkeypatch.setattr(dbt, "build_on_spark", build_on_spark)
    monkeypatch.setattr(build.session, "is_there", lambda spark: True)
    told: list[str] = []
    night = Night.of(Settings(company="demo", warehouse_dir=tmp_path))
    built = build._on_cluster(None, night, {name: {} for name in (whole, broken, behind)}, told.append)
    assert asked == [[whole, broken, behind], [broken, behind]]
    assert told == ["core.fct_payments: not built, tried once more: Task serialization failed"]
    assert built == {whole: works} | results[1]
