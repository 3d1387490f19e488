"""The models of a step are made in turn, in their place, by what they promise. Keep out: what a model says."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import dbt, models
from pipelines.night import Night
from pipelines.settings import Settings

Build = Callable[..., dict[str, dbt.Built]]


def model(name: str, sql: str, *reads: str, kind: str = "table", promised: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "unique_id": name,
        "resource_type": "model",
        "database": "warehouse",
        "schema": "core",
        "name": name,
        "compiled_code": sql,
        "original_file_path": f"models/core/{name}.sql",
        "patch_path": "paid_in_full://models/core/_core.yml",
        "depends_on": {"nodes": list(reads)},
        "config": {"materialized": kind, "contract": {"enforced": promised is not None}},
        "columns": {column: {"name": column, "data_type": words} for column, words in (promised or {}).items()},
    }


@pytest.fixture
def night(tmp_path: Path) -> Night:
    night = Night.of(Settings(company="demo", warehouse_dir=tmp_path))
    night.start_build()
    return night


@pytest.fixture
def build(night: Night, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Makes the models that are given, in the order in which they are given."""

    def made(*given: dict[str, Any], planned: dict | None = None) -> dict[str, dbt.Built]:
        monkeypatch.setattr(dbt, "manifest", lambda: {"nodes": {node["unique_id"]: node for node in given}, "sources": {}})
        monkeypatch.setattr(dbt, "in_order", lambda tag: list(given))
        return models.build(night, dbt.BEFORE_GATE, planned)

    return made


def statuses(built: dict[str, dbt.Built]) -> dict[str, str]:
    return {name: table.status for name, table in built.items()}


def test_a_table_is_made_in_its_place_and_again(night: Night, build: Build) -> None:
    promised = {"id": "integer", "amount": "decimal(18, 4)"}
    seen = model("seen", 'select amount from "warehouse"."core"."promised"', "promised", kind="view")
    assert statuses(build(model("promised", "select 1 as id, 2.5::decimal(18,4) as amount", promised=promised), seen)) == {
        "promised": "success",
        "seen": "success",
    }
    # Columns in another order are the same contract, and stand in its order.
    build(model("promised", "select 7.5::decimal(18,4) as amount, 3 as id", promised=promised), seen)
    with night.warehouse(read_only=True) as connection:
        assert connection.sql("select * from core.promised").columns == ["id", "amount"]
        assert connection.sql("select cast(amount as varchar) from core.seen").fetchall() == [("7.5000",)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1 as id, 2.5 as amount", "amount is DECIMAL(2,1), promised is DECIMAL(18,4)"),
        ("select 1 as id", "amount is not selected, promised is DECIMAL(18,4)"),
        ("select 1 as id, 2.5::decimal(18,4) as amount, 4 as more", "more is INTEGER, promised is no such column"),
        ("select 1 as id, 2.5::decimal(18,4) as other", "amount is not selected"),
    ],
)
def test_a_broken_contract_fails_the_model_and_leaves_out_what_reads_it(night: Night, build: Build, sql: str, said: str) -> None:
    promised = model("promised", sql, promised={"id": "integer", "amount": "decimal(18, 4)"})
    built = build(promised, model("reader", "select * from core.promised", "promised"), model("behind", "select 1 as one", "reader"))
    assert statuses(built) == {"promised": "error", "reader": "skipped", "behind": "skipped"}
    assert said in built["promised"].message
    assert built["promised"].message.startswith("models/core/promised.sql: ")
    assert "models/core/_core.yml" in built["promised"].message
    with night.warehouse(read_only=True) as connection:
        assert connection.sql("select table_name from duckdb_tables() where schema_name = 'core'").fetchall() == []


def test_what_fails_stops_what_reads_it_and_nothing_else(build: Build) -> None:
    built = build(
        model("failing", "select cast('many' as integer) as number"),
        model("reader", "select * from core.failing", "failing"),
        model("first", "select 1 as one"),
        model("second", "select one + 1 as two from core.first", "first"),
        model("both", "select * from core.second cross join core.failing", "second", "failing"),
    )
    assert statuses(built) == {"failing": "error", "reader": "skipped", "first": "success", "second": "success", "both": "skipped"}
    assert "Could not convert string 'many' to INT32" in built["failing"].message


def test_what_had_no_room_beside_another_is_made_once_more_alone(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two models that each fit into the memory, and not together, blocked a night of ten million invoice lines."""
    real, at_once, seen = models.create, [], []

    def create(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
        at_once.append(node["name"])
        try:
            time.sleep(0.05)
            seen.append((node["name"], len(at_once)))
            if node["name"] == "too large" or (node["name"] == "large" and seen[-1][1] > 1):
                raise duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block")
            real(connection, node)
        finally:
            at_once.remove(node["name"])

    monkeypatch.setattr(models, "create", create)
    beside = [model(f"beside {number}", "select 1 as id") for number in range(3)]
    reads_large = model("reads large", 'select id from "warehouse"."core"."large"', "large")
    reads_more = model("reads more", 'select id from "warehouse"."core"."too large"', "too large")
    built = build(model("large", "select 1 as id"), *beside, model("too large", "select 1 as id"), reads_large, reads_more)
    assert {name for name, table in built.items() if table.status == "success"} == {
        "large",
        "reads large",
        *(f"beside {n}" for n in range(3)),
    }
    assert (built["too large"].status, built["reads more"]) == ("error", models.LEFT_OUT)
    assert "Out of Memory" in built["too large"].message
    assert [count for name, count in seen if name == "large"] == [2, 1]
    assert [name for name, _ in seen].count("too large") == 2


def test_a_model_waits_for_what_it_reads_through_one_that_stands(night: Night, build: Build) -> None:
    """Of the three the view in the middle is not made again; the last holds what the first holds now."""
    view = model("view", "select * from core.first", "first", kind="view")
    last = model("last", "select total from core.view", "view")
    build(model("first", "select 0 as total"), view, last)
    slow = model("first", "select count(*) as total from range(3000) as a (i), range(30000) as b (i) where a.i + b.i >= 0")
    assert statuses(build(slow, view, last, planned=dict.fromkeys(("last", "first")))) == dict.fromkeys(
        ("first", "view", "last"), "success"
    )
    with night.warehouse(read_only=True) as connection:
        assert connection.sql("select total from core.last").fetchall() == [(90_000_000,)]


class StoppedError(BaseException):
    """What a signal raises in the night's thread, as Ctrl-C does and Dagster where a run is cancelled."""


def test_a_night_that_is_stopped_does_not_wait_for_its_models(build: Build) -> None:
    def stop(*_: object) -> None:
        raise StoppedError

    # Not Ctrl-C itself, which a process of the test runner is deaf to.
    earlier = signal.signal(signal.SIGUSR1, stop)
    threading.Timer(1.0, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR1)).start()
    started = time.monotonic()
    long = "select count(*) as n from range(300000) as a (i), range(300000) as b (i) where a.i + b.i = -1"
    try:
        with pytest.raises(StoppedError):
            build(*(model(f"long_{number}", long) for number in range(3)))
    finally:
        signal.signal(signal.SIGUSR1, earlier)
    assert time.monotonic() - started < 30
