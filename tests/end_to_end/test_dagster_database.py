"""Dagster's runs and events on a server: a night writes them there and nowhere else, and Dagster answers from them."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from pipelines.deployment import Deployment
from tests.end_to_end.conftest import run_night
from tests.end_to_end.test_failing_nights import COMPANY, FIRST
from tests.pipelines.sources.servers import postgresql

pytestmark = pytest.mark.slow


def test_runs_and_events_of_nights_stand_on_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yaml, data = tmp_path / "shop.yaml", tmp_path / "data"
    yaml.write_text(COMPANY)
    data.mkdir()
    (data / "2025-01-31.csv").write_text(FIRST)
    with postgresql() as server:
        address = server.address.replace("+psycopg", "")
        served = {"DAGSTER_DATABASE": "RUNS", "RUNS": address.replace("postgresql", "postgresql+psycopg2"), "BOOK": "none"}
        first = run_night(str(yaml), tmp_path / "warehouse", data, **served)
        assert first.status == 0, first.output[-2000:]
        (data / "2025-02-01.csv").write_text(FIRST.replace("1.50", "x"))
        second = run_night(str(yaml), tmp_path / "warehouse", data, **served)
        assert second.status in (0, 1), second.output[-2000:]
        environment = {"COMPANY": str(yaml), "WAREHOUSE_DIR": str(tmp_path / "warehouse"), "DATA_DIR": str(data), **served}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        deployment = Deployment.of(environment)
        monkeypatch.setenv("DAGSTER_HOME", str(deployment.home))
        deployment.prepare(tmp_path)
        for _ in ("the first start", "and the next"):
            deployment.take_up()
        with psycopg.connect(address) as connection:
            (statuses,) = connection.execute("select array_agg(status order by id) from runs").fetchone()
            (told,) = connection.execute(
                "select count(distinct asset_key) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
            ).fetchone()
    assert statuses == ["SUCCESS", "SUCCESS" if second.status == 0 else "FAILURE"]
    assert told > 300
    assert not (first.company_folder / "dagster" / "history").exists()


@pytest.mark.parametrize(("address", "said"), [({}, "RUNS is not set"), ({"RUNS": "mysql://a:secretword@b/c"}, "postgresql+psycopg2://")])
def test_variable_without_a_servers_address_is_a_wrong_set_up(tmp_path: Path, address: dict, said: str) -> None:
    yaml, data = tmp_path / "shop.yaml", tmp_path / "data"
    yaml.write_text(COMPANY)
    data.mkdir()
    (data / "2025-01-31.csv").write_text(FIRST)
    night = run_night(str(yaml), tmp_path / "warehouse", data, DAGSTER_DATABASE="RUNS", **address)
    assert (night.status, said in night.output, "secretword" in night.output) == (2, True, False), night.output
