"""``python -m pytest tests/bi/superset.py``: Apache Superset opens the published set and reads three figures back through its API.

Superset is installed from the package registry into an environment of its own, which takes minutes: no default run collects this file,
because of its name. Keep out: what is published (``tests/end_to_end``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port
from tests.end_to_end.conftest import NightResult, run_night
from tests.end_to_end.test_failing_nights import COMPANY, FIRST, SECOND

#: Superset 6.1 names neither rich nor cachetools among what it needs, and does not start with the newest flask-caching.
PACKAGES = ("apache-superset==6.1.0", "duckdb-engine==0.17.0", "rich", "cachetools", "flask-caching==2.3.1")
SETTINGS = """
SECRET_KEY = "a key of this test alone, which ends with it"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
PREVENT_UNSAFE_DB_CONNECTIONS = False
TALISMAN_ENABLED = False
WTF_CSRF_ENABLED = False
"""
ADMIN = {"username": "reader", "password": "only-here"}
KPIS = ["net_revenue", "credit_sales", "active_customers"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> NightResult:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.yaml").write_text(COMPANY)
    (folder / "data").mkdir()
    (folder / "data" / "2025-01-31.csv").write_text(FIRST)
    (folder / "data" / "2025-02-28.csv").write_text(SECOND)
    night = run_night(str(folder / "shop.yaml"), folder / "warehouse", folder / "data")
    assert night.status == 0, night.output
    return night


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., dict]]:
    """A running Superset of its own: a function that posts to its API as its administrator."""
    folder = tmp_path_factory.mktemp("superset")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    tools = folder / "venv" / "bin"
    subprocess.run([tools / "pip", "install", "--quiet", *PACKAGES], check=True)
    (folder / "superset_config.py").write_text(SETTINGS.format(folder=folder))
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py")}
    person = ["--firstname", "A", "--lastname", "Reader", "--email", "reader@example.com"]
    for arguments in (
        ["db", "upgrade"],
        ["fab", "create-admin", "--username", ADMIN["username"], "--password", ADMIN["password"], *person],
        ["init"],
    ):
        subprocess.run([tools / "superset", *arguments], env=environment, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        [tools / "superset", "run", "-p", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )

    def post(path: str, body: dict, token: str = "") -> dict:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    try:
        for _ in range(180):
            try:
                token = post("/security/login", ADMIN | {"provider": "db"})["access_token"]
                break
            except OSError:
                time.sleep(1)
        yield lambda path, body: post(path, body, token)
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_superset_reads_what_was_published(shop: NightResult, ask: Callable[..., dict]) -> None:
    file = Path(shop.published / "kpis.duckdb").absolute()
    read_only = json.dumps({"engine_params": {"connect_args": {"read_only": True}}})
    database = ask("/database/", {"database_name": "figures", "sqlalchemy_uri": f"duckdb:///{file}", "extra": read_only})
    dataset = ask("/dataset/", {"database": database["id"], "schema": "kpi", "table_name": "kpi_values"})
    months = [{"col": "scope_type", "op": "==", "val": "company"}, {"col": "period_type", "op": "==", "val": "month"}]
    query = {
        "columns": ["kpi", "period_start_date"],
        "metrics": [{"expressionType": "SQL", "sqlExpression": "max(value)", "label": "value"}],
        "filters": [*months, {"col": "kpi", "op": "IN", "val": KPIS}],
        "row_limit": 1000,
    }
    source = {"id": dataset["id"], "type": "table"}
    answer = ask("/chart/data", {"datasource": source, "queries": [query], "result_format": "json", "result_type": "results"})
    read = {(row["kpi"], row["period_start_date"]): row["value"] for row in answer["result"][0]["data"] if row["value"] is not None}
    published = {
        (kpi, int(month.timestamp() * 1000)): float(value)
        for kpi, month, value in shop.query(
            "select kpi, period_start_date::timestamptz, value from kpi.kpi_values where scope_type = 'company'"
            f" and period_type = 'month' and kpi in {tuple(KPIS)} and value is not null"
        )
    }
    assert {kpi for kpi, _ in published} == set(KPIS)
    assert {place: float(value) for place, value in read.items()} == published
