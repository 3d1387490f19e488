"""The event log with kept connections: Dagster reads and writes it as its own, from two processes at once."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.event_log import ANNOUNCEMENTS, KEPT_FILES, KeptEventLogStorage
from pipelines.settings import PROJECT_FOLDER

STOCK = "telemetry: {enabled: false}\n"


TABLES = 5


@dg.multi_asset(specs=[dg.AssetSpec(f"table_{number}") for number in range(TABLES)])
def tables():
    for number in range(TABLES):
        yield dg.MaterializeResult(asset_key=f"table_{number}", metadata={"number": number})


@dg.asset_check(asset="table_0")
def holds() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)


DEFINITIONS = dg.Definitions(assets=[tables], asset_checks=[holds])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dagster.yaml").write_text((PROJECT_FOLDER / "dagster.yaml").read_text())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def run(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return DEFINITIONS.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)


def events_of(instance: dg.DagsterInstance, run_id: str) -> list[tuple]:
    return [(record.event_type, record.step_key, record.message) for record in (r.event_log_entry.dagster_event or r.event_log_entry
            for r in instance.get_records_for_run(run_id).records if r.event_log_entry.dagster_event)]  # fmt: skip


def told(instance: dg.DagsterInstance, run_id: str) -> list[tuple]:
    """What the web server asks of a run: its events but for announcements, each table's last materialisation, the check."""
    last = [instance.get_latest_materialization_event(dg.AssetKey(f"table_{number}")) for number in range(TABLES)]
    check = dg.AssetCheckKey(dg.AssetKey("table_0"), "holds")
    (record,) = instance.event_log_storage.get_asset_check_execution_history(check, limit=1)
    kinds = sorted(str(kind) for kind, _, _ in events_of(instance, run_id) if kind not in ANNOUNCEMENTS)
    return [kinds, [event.asset_materialization.metadata["number"].value for event in last], record.status.value]


def test_the_instance_uses_it(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is KeptEventLogStorage


def test_a_stock_storage_tells_the_same_of_the_same_files(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = run(instance).run_id
        kept = told(instance, run_id)
    (home / "dagster.yaml").write_text(STOCK)
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
        assert told(instance, run_id) == kept
        later = run(instance).run_id
        stock = told(instance, later)
    (home / "dagster.yaml").write_text((PROJECT_FOLDER / "dagster.yaml").read_text())
    with dg.DagsterInstance.get() as instance:
        assert told(instance, later) == stock
    assert (stock[0], stock[1:]) == (kept[0], kept[1:])


def test_every_connection_of_dagster_goes_through_the_kept_ones() -> None:
    """What the class rests on: a library that opens its files in another place makes this fail."""
    source = inspect.getsource(sys.modules[SqliteEventLogStorage.__module__])
    openers = [name for name, function in inspect.getmembers(SqliteEventLogStorage, inspect.isfunction)
               if "create_engine(" in inspect.getsource(function)]  # fmt: skip
    assert openers == ["__init__", "_connect", "has_table"]
    assert source.count("create_engine(") == len(openers)
    assert {"_db_lock", "_initialized_dbs", "_initdb"} <= set(SqliteEventLogStorage._connect.__wrapped__.__code__.co_names)
    assert list(inspect.signature(SqliteEventLogStorage.store_event).parameters) == ["self", "event"]


def test_no_more_files_stay_open_than_declared(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        for _ in range(KEPT_FILES + 3):
            run(instance)
        assert len(instance.event_log_storage._kept) == KEPT_FILES


def test_what_a_blocked_run_did_not_reach_keeps_its_last_outcome(home: Path) -> None:
    """And the check that blocked it reads as failed."""
    is_good = True

    @dg.asset
    def first() -> None: ...

    @dg.asset(deps=[first])
    def second() -> None: ...

    @dg.asset_check(asset=first, blocking=True)
    def blocks() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=is_good)

    @dg.asset_check(asset=second)
    def waits() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    definitions = dg.Definitions(assets=[first, second], asset_checks=[blocks, waits])

    def outcome(instance: dg.DagsterInstance, asset: str, check: str) -> tuple[str, str]:
        key = dg.AssetCheckKey(dg.AssetKey(asset), check)
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        return record.run_id, record.status.value

    with dg.DagsterInstance.get() as instance:
        job = definitions.resolve_implicit_global_asset_job_def()
        good = job.execute_in_process(instance=instance, raise_on_error=False)
        is_good = False
        blocked = job.execute_in_process(instance=instance, raise_on_error=False)
        assert (good.success, blocked.success) == (True, False)
        assert outcome(instance, "first", "blocks") == (blocked.run_id, "FAILED")
        assert outcome(instance, "second", "waits") == (good.run_id, "SUCCEEDED")
        last_runs = {record.asset_entry.asset_key.path[0]: record.asset_entry.last_run_id for record in instance.get_asset_records()}
        assert last_runs == {"first": blocked.run_id, "second": good.run_id}
        assert [kind for kind, _, _ in events_of(instance, blocked.run_id) if kind in ANNOUNCEMENTS] == []


WEB_SERVER = """
import sys, time
import dagster as dg
with dg.DagsterInstance.get() as instance:
    print("reading", flush=True)
    seen = set()
    while "PIPELINE_SUCCESS" not in seen:
        for record in instance.get_run_records():
            for event in instance.get_records_for_run(record.dagster_run.run_id).records:
                if event.event_log_entry.dagster_event:
                    seen.add(event.event_log_entry.dagster_event.event_type_value)
        instance.get_latest_materialization_event(dg.AssetKey("table_0"))
    print(sorted(seen), flush=True)
"""


def test_a_web_server_reads_while_a_night_writes(home: Path) -> None:
    reader = subprocess.Popen([sys.executable, "-c", WEB_SERVER], cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout.readline() == "reading\n"
        with dg.DagsterInstance.get() as instance:
            assert all(run(instance).success for _ in range(3))
        seen, _ = reader.communicate(timeout=60)
    finally:
        reader.kill()
    assert "ASSET_MATERIALIZATION" in seen
    assert "PIPELINE_SUCCESS" in seen
