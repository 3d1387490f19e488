"""Which companies one Dagster serves, with which settings, and what is refused before anything is started."""

from __future__ import annotations

import socket
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.deployment import ALONE, Deployment
from pipelines.dev import main
from pipelines.night import Night
from pipelines.settings import Settings, SettingsError
from tests.end_to_end.test_failing_nights import COMPANY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    companies = tmp_path / "companies"
    companies.mkdir()
    for name in ("north", "south"):
        (companies / f"{name}.yaml").write_text(COMPANY.replace("company: shop", f"company: {name}"))
    return companies


def served(folder: Path, **variables: str) -> Deployment:
    return Deployment.of({"COMPANIES": str(folder), "WAREHOUSE_DIR": str(folder.parent / "warehouse"), **variables})


def test_each_company_has_the_folder_of_its_name_and_what_stands_beside_its_file(folder: Path) -> None:
    (folder / "south.env").write_text("# of the south\n\nDATA_DIR=/elsewhere\nMEMORY_LIMIT='2GB'\n")
    north, south = served(folder, DATA_DIR="/deliveries", MEMORY_LIMIT="1GB").locations
    assert (str(north.settings.data_dir), north.settings.memory_limit) == ("/deliveries/north", "1GB")
    assert (str(south.settings.data_dir), south.settings.memory_limit) == ("/elsewhere", "2GB")
    assert (north.settings.pool, south.settings.pool) == ("north_warehouse", "south_warehouse")


def test_companies_can_be_named_and_those_that_need_no_folder_have_none() -> None:
    locations = Deployment.of({"COMPANIES": "demo, ibm_receivables", "DATA_DIR": "/deliveries"}).locations
    assert [(place.name, place.settings.data_dir) for place in locations] == [("demo", None), ("ibm_receivables", Path("/deliveries"))]


def test_one_company_is_served_as_ever(tmp_path: Path) -> None:
    deployment = Deployment.of({"COMPANY": "demo", "WAREHOUSE_DIR": str(tmp_path)})
    (location,) = deployment.locations
    assert (deployment.home, location.name, location.settings.pool) == (tmp_path / "demo" / "dagster", ALONE, "warehouse")


def test_a_wrong_file_is_the_problem_of_its_company_alone(folder: Path) -> None:
    (folder / "east.yaml").write_text("company: east")
    (folder / "west.yaml").write_text(COMPANY)
    (folder / "west.env").write_text("PASSWORD secret")
    with pytest.raises(SettingsError, match=r"west\.env, line 1: expected NAME=value") as refused:
        served(folder)
    assert "secret" not in str(refused.value)
    (folder / "west.env").unlink()
    locations = {location.name: location for location in served(folder, DATA_DIR="/deliveries").locations}
    # Once its file is mended it reads the folder that it would have had.
    assert locations["east"].environment["DATA_DIR"] == "/deliveries/east"
    problems = {name: location.problem for name, location in locations.items()}
    assert "east.yaml" in problems.pop("east")
    assert set(problems.values()) == {None}


def test_two_companies_of_one_name_or_one_database_are_refused(folder: Path) -> None:
    one = {"PUBLISH_DATABASE": "FIGURES", "FIGURES": "postgresql://night@127.0.0.1/figures"}
    with pytest.raises(SettingsError, match="north and south would replace each other"):
        served(folder, **one)
    (folder / "south.env").write_text("FIGURES=postgresql://night@127.0.0.1/south\n")
    assert len(served(folder, **one).locations) == 2
    (folder / "again.yaml").write_text((folder / "north.yaml").read_text())
    with pytest.raises(SettingsError, match="two companies are called north"):
        served(folder)


def test_an_empty_folder_and_an_unknown_name_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no company"):
        Deployment.of({"COMPANIES": str(tmp_path)})
    (location,) = Deployment.of({"COMPANIES": "nobody"}).locations
    assert "expected one of" in location.problem


def test_tables_of_several_companies_carry_its_name_and_read_each_other_as_before(tmp_path: Path) -> None:
    settings = Settings(company="ibm_receivables", warehouse_dir=tmp_path, data_dir=tmp_path)
    alone = build_definitions(settings).resolve_asset_graph()
    definitions = build_definitions(Settings(company="ibm_receivables", code_location="ibm", warehouse_dir=tmp_path, data_dir=tmp_path))
    among = definitions.resolve_asset_graph()
    assert {key.with_prefix("ibm") for key in alone.get_all_asset_keys()} == among.get_all_asset_keys()
    for key in alone.get_all_asset_keys():
        assert {parent.with_prefix("ibm") for parent in alone.get(key).parent_keys} == among.get(key.with_prefix("ibm")).parent_keys
    blocking = {(check.asset_key.with_prefix("ibm"), check.name) for check in alone.asset_check_keys if alone.get(check).blocking}
    assert blocking == {(check.asset_key, check.name) for check in among.asset_check_keys if among.get(check).blocking}
    nightly = definitions.resolve_job_def("ibm_nightly")
    assert {node.definition.pool for node in nightly.nodes} == {"ibm_warehouse"}


def test_killed_runs_of_one_company_are_ended_and_no_others(folder: Path) -> None:
    @dg.job
    def nightly() -> None:
        pass

    north = served(folder).locations[0]
    with dg.instance_for_test() as instance:
        runs = [
            instance.create_run_for_job(nightly, tags={"dagster/code_location": name}, status=dg.DagsterRunStatus.STARTED)
            for name in ("north", "south")
        ]
        Night.of(north.settings).end_killed_runs(instance)
        found = [instance.get_run_by_id(run.run_id).status for run in runs]
    assert found == [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED]


def test_a_port_that_is_taken_is_said(capsys: pytest.CaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert f"somebody listens on port {port} already" in capsys.readouterr().err


def test_a_second_dagster_of_one_folder_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    import fcntl

    home = served(folder).home
    home.mkdir(parents=True)
    monkeypatch.setenv("COMPANIES", str(folder))
    monkeypatch.setenv("WAREHOUSE_DIR", str(home.parent))
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main([]) == 2
    assert "is running already" in capsys.readouterr().err
