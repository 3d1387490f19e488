"""``make dev``: web server, daemon and code server start with the project's own instance, answer, and end together."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.conftest import PROJECT, free_port
from tests.end_to_end.conftest import night_environment

pytestmark = pytest.mark.slow

QUERY = """{
  version
  instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } }
  workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } }
  assetNodeOrError(assetKey: {path: ["receivables", "overdue_worklist"]}) {
    ... on AssetNode { jobNames assetChecksOrError { ... on AssetChecks { checks { name blocking description } } } } }
}"""


def ask(port: int, host: str = "localhost") -> dict:
    headers = {"Content-Type": "application/json", "Host": f"{host}:{port}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", json.dumps({"query": QUERY}).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]


def test_the_ui_starts_tells_of_every_table_and_ends(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "dev.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.dev", "--port", str(port)],
            cwd=PROJECT, env=night_environment("demo", tmp_path, UI_HOSTS="figures.example, figures"), stdout=output, stderr=output,
        )  # fmt: skip
    try:
        told = None
        for _ in range(120):
            assert process.poll() is None, log.read_text()[-3000:]
            try:
                told = ask(port)
            except OSError:
                time.sleep(1)
                continue
            statuses = told["instance"]["daemonHealth"]["allDaemonStatuses"]
            if all(daemon["healthy"] for daemon in statuses if daemon["required"]):
                break
            time.sleep(1)
        assert told, log.read_text()[-3000:]
        assert ask(port, "figures.example")["version"] == told["version"]
        with pytest.raises(urllib.error.HTTPError, match="400"):
            ask(port, "rebound.example")
        children = psutil.Process(process.pid).children(recursive=True)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert [daemon for daemon in statuses if daemon["required"] and not daemon["healthy"]] == []
    assert told["workspaceOrError"]["locationEntries"] == [
        {"name": "pipelines", "locationOrLoadError": {"__typename": "RepositoryLocation"}}
    ]
    (check,) = told["assetNodeOrError"]["assetChecksOrError"]["checks"]
    assert check["blocking"]
    assert "worklist_holds_overdue_invoices_only" in check["description"]
    _, alive = psutil.wait_procs(children, timeout=30)
    assert alive == []
