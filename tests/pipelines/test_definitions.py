"""The code location: what is scheduled, what starts a night, who hears of a failure. Nothing is run here."""

from __future__ import annotations

import importlib
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.alerts import reason_of, tell
from pipelines.definitions import build_definitions
from pipelines.night import BlockedNightError
from pipelines.settings import Settings
from pipelines.sources.contracts import load_contracts
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    folder = tmp_path_factory.mktemp("warehouse")
    return build_definitions(Settings(company="ibm_receivables", warehouse_dir=folder, data_dir=folder))


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions):
    return definitions.resolve_asset_graph()


def test_one_raw_asset_per_contract(graph) -> None:
    names = {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "raw"}
    assert set(load_contracts()) <= names


def test_every_asset_says_what_it_is_and_who_owns_it(graph) -> None:
    executable = [graph.get(key) for key in graph.executable_asset_keys]
    assert [node.key for node in executable if not node.description] == []
    assert [node.key for node in executable if not node.owners] == []
    assert [node.key for node in executable if node.group_name == "default"] == []


def test_facts_wait_for_arrival_and_marts_for_publication_checks(graph) -> None:
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert {"control_totals_are_met", "rows_meet_the_contract", "held_out_amount_stays_below_the_limit"} <= blocking
    assert "no_file_was_refused" not in blocking


def test_publication_depends_on_every_mart(graph) -> None:
    parents = {key.path[0] for key in graph.get(dg.AssetKey(["published", "kpis"])).parent_keys}
    assert {"kpi", "receivables", "customer_accounting", "growth"} <= parents


def test_schedule_runs_for_the_day_before(definitions: dg.Definitions) -> None:
    schedule = definitions.resolve_schedule_def("nightly_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 3 * * *", "Europe/Amsterdam")
    at = datetime(2025, 3, 30, 1, 15, tzinfo=UTC)
    with dg.instance_for_test() as instance:
        context = dg.build_schedule_context(instance, scheduled_execution_time=at)
        (request,) = schedule.evaluate_tick(context).run_requests
    assert request.run_config["ops"]["load_raw"]["config"] == {"report_date": "2025-03-29"}


def test_drop_folder_starts_one_night_per_change(tmp_path: Path) -> None:
    definitions = build_definitions(Settings(company="ibm_receivables", warehouse_dir=tmp_path / "w", data_dir=tmp_path))
    sensor = definitions.resolve_sensor_def("drop_folder")
    with dg.instance_for_test() as instance:
        looks = []
        cursor = None
        for content in (None, "a", None, "b"):
            if content:
                (tmp_path / "invoices.csv").write_text(content * 100)
            context = dg.build_sensor_context(instance, cursor=cursor, definitions=definitions)
            result = sensor.evaluate_tick(context)
            cursor = result.cursor or cursor
            looks.append(len(result.run_requests or []))
    assert looks == [0, 1, 0, 1]


def test_a_failed_night_of_the_drop_folder_is_tried_again_after_a_pause_or_a_change(tmp_path: Path) -> None:
    definitions = build_definitions(Settings(company="ibm_receivables", warehouse_dir=tmp_path / "w", data_dir=tmp_path))
    sensor = definitions.resolve_sensor_def("drop_folder")
    (tmp_path / "invoices.csv").write_text("a")

    # Stands for the night in the instance: what is asked of a run are its tags and how it ended.
    @dg.job(name="nightly")
    def night() -> None:
        pass

    with dg.instance_for_test() as instance:
        cursor, keys = None, []

        def look(status: dg.DagsterRunStatus) -> None:
            nonlocal cursor
            result = sensor.evaluate_tick(dg.build_sensor_context(instance, cursor=cursor, definitions=definitions))
            cursor = result.cursor or cursor
            for request in result.run_requests or []:
                keys.append(request.run_key)
                instance.create_run_for_job(night, tags=request.tags, status=status)

        for _ in range(14):
            look(dg.DagsterRunStatus.FAILURE)
        assert len(set(keys)) == len(keys) == 2
        (tmp_path / "invoices.csv").write_text("ab")
        for _ in range(30):
            look(dg.DagsterRunStatus.SUCCESS)
        assert len(set(keys)) == len(keys) == 3


def test_the_alert_carries_the_reason_that_the_terminal_has() -> None:
    @dg.asset
    def load_raw() -> None:
        raise BlockedNightError("no delivery: the folder holds no readable file.\n  Put the deliveries there")

    result = dg.Definitions(assets=[load_raw]).resolve_implicit_global_asset_job_def().execute_in_process(raise_on_error=False)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert reason_of(failure.step_failure_data.error) == (
        "BlockedNightError", "no delivery: the folder holds no readable file.\n  Put the deliveries there",
    )  # fmt: skip


def test_backfill_job_takes_a_report_date_per_partition(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("nightly_by_report_date")
    config = job.partitioned_config.get_run_config_for_partition_key("2025-03-29")
    assert config["ops"]["load_raw"]["config"] == {"report_date": "2025-03-29"}


def test_failure_is_posted_to_the_webhook(tmp_path: Path) -> None:
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.handle_request, daemon=True).start()
    settings = Settings(alert_webhook=f"http://127.0.0.1:{server.server_port}/")
    assert tell(settings, "demo", "run-1", "control_totals_are_met failed") == ["webhook"]
    server.server_close()
    assert b"control_totals_are_met failed" in received[0]
    assert b"the last figures stand" in received[0]


def test_nothing_is_sent_where_nothing_is_configured() -> None:
    assert tell(Settings(), "demo", "run-1", "reason") == []


def test_workspace_names_a_module_that_holds_the_definitions() -> None:
    """For tools of Dagster's own; ``make dev`` writes its own workspace."""
    ((target,),) = [entry.values() for entry in yaml.safe_load((PROJECT / "workspace.yaml").read_text())["load_from"]]
    module = importlib.import_module(target["module_name"])
    assert [name for name, value in vars(module).items() if isinstance(value, dg.Definitions)] == ["defs"]
