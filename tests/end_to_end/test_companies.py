"""Several companies in one Dagster: each has its own tables, queue and lock, and one that is blocked or wrong holds up no other."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import PROJECT, free_port
from tests.end_to_end.conftest import NightResult, night_environment
from tests.end_to_end.test_failing_nights import COMPANY, FIRST, HEADER

pytestmark = pytest.mark.slow

ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
LAUNCH = """mutation { launchRun(executionParams: {mode: "default", runConfigData: {}, selector: {
    repositoryLocationName: "%s", repositoryName: "__repository__", jobName: "%s_nightly"}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
LOCATIONS = """{ workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError {
    __typename ... on RepositoryLocation { repositories { schedules { name } } }
    ... on PythonError { causes { message } } } } } } }"""
RUNS = "{ runsOrError { ... on Runs { results { runId status startTime endTime } } } }"
MADE = """{ assetNodes(assetKeys: [{path: ["north", "kpi", "kpi_values"]}, {path: ["south", "kpi", "kpi_values"]}]) {
    assetKey { path } assetMaterializations { runId } } }"""


class Companies:
    """``make dev`` of three companies of a folder: the north trades, the rows of the south do not fit, the file of the east is wrong."""

    def __init__(self, folder: Path) -> None:
        self.warehouse, self.data, self.files, self.port = folder / "warehouse", folder / "data", folder / "companies", free_port()
        self.files.mkdir()
        wrong = "".join(f"{n},C1,2025-01-{n:02d},ten\n" for n in range(1, 29))
        for name, rows in (("north", FIRST), ("south", HEADER + wrong)):
            (self.data / name).mkdir(parents=True)
            (self.data / name / "2025-01-31.csv").write_text(rows)
            (self.files / f"{name}.yaml").write_text(COMPANY.replace("company: shop", f"company: {name}"))
        (self.files / "east.yaml").write_text(COMPANY.replace("reporting_currency: EUR", "reporting_currency: euro"))
        # Neither a draft nor what stands beside a company's file is a company.
        (self.files / "west.draft.yaml").write_text("company: west")
        (self.files / "north.env").write_text("# the north alone\nKEPT_PUBLICATIONS=3\n")
        self.log = folder / "dev.log"
        environment = night_environment("demo", self.warehouse, self.data, COMPANIES=f"{self.files}")
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.dev", "--port", str(self.port)],
                cwd=PROJECT, env=environment, stdout=output, stderr=output,
            )  # fmt: skip

    def ask(self, query: str) -> dict:
        body = json.dumps({"query": query}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def locations(self) -> dict[str, dict]:
        for _ in range(180):
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with suppress(OSError):
                entries = self.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]
                if all(entry["locationOrLoadError"] for entry in entries):
                    return {entry["name"]: entry["locationOrLoadError"] for entry in entries}
            time.sleep(1)
        raise AssertionError(self.log.read_text()[-3000:])

    def launch(self, company: str) -> str:
        return self.ask(LAUNCH % (company, company))["launchRun"]["run"]["runId"]

    def ended(self, runs: list[str]) -> dict[str, dict]:
        for _ in range(600):
            found = {run["runId"]: run for run in self.ask(RUNS)["runsOrError"]["results"] if run["runId"] in runs}
            if all(run["status"] in ENDED for run in found.values()):
                return found
            time.sleep(1)
        raise AssertionError(self.log.read_text()[-3000:])


def test_a_company_that_is_blocked_or_wrong_holds_up_no_other(tmp_path: Path) -> None:
    companies = Companies(tmp_path)
    try:
        locations = companies.locations()
        launched = [companies.launch(company) for company in ("north", "north", "south")]
        first, again, south = (companies.ended(launched)[run] for run in launched)
        made = {tuple(node["assetKey"]["path"]): node["assetMaterializations"] for node in companies.ask(MADE)["assetNodes"]}
    finally:
        companies.process.send_signal(signal.SIGTERM)
        companies.process.wait(timeout=120)
    assert {name: location["__typename"] for name, location in locations.items()} == {
        "east": "PythonError", "north": "RepositoryLocation", "south": "RepositoryLocation",
    }  # fmt: skip
    assert "reporting_currency" in str(locations["east"]["causes"])
    for name in ("north", "south"):
        assert {schedule["name"] for schedule in locations[name]["repositories"][0]["schedules"]} == {"nightly_schedule", "digest_schedule"}
    assert (first["status"], again["status"], south["status"]) == ("SUCCESS", "SUCCESS", "FAILURE")
    # Two runs of a company wait for one another, those of two companies do not.
    assert first["endTime"] <= again["startTime"]
    assert south["startTime"] < first["endTime"]
    assert NightResult(0, "", companies.warehouse / "north").manifest["report_date"] == "2025-01-28"
    assert not (companies.warehouse / "south" / "published").exists()
    assert {key[0]: len(runs) for key, runs in made.items()} == {"north": 2, "south": 0}
