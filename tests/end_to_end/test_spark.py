"""A night on a Spark cluster of processes on loopback: the figures of a night on DuckDB, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.spark.cluster import cluster
from tests.conftest import PROJECT
from tests.end_to_end.conftest import NightResult, night_environment, run_night
from tests.same_figures import differences

pytestmark = pytest.mark.slow

#: The smallest world with every entity in it.
WORLD = "demo: {seed: 1, customers: 40, months: 14, invoice_lines: 1500, daily_days: 5, planted: none}"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company's file, beside which nights of either engine have a warehouse of their own."""
    lines = (PROJECT / "pipelines" / "companies" / "demo.yaml").read_text(encoding="utf-8").splitlines()
    words = [WORLD if line.startswith("demo:") else "company: small" if line.startswith("company:") else line for line in lines]
    file = tmp_path_factory.mktemp("spark-night") / "small.yaml"
    file.write_text("\n".join(words), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def running(needs_spark: None) -> Iterator[object]:
    with cluster(cores=1, memory="1g") as started:
        yield started


def begin_night(company: Path, remote: str, **given: str) -> subprocess.Popen:
    """A night on the cluster, in a process of its own."""
    environment = night_environment(str(company), company.parent / "spark", ENGINE="spark", SPARK_REMOTE=remote, **given)
    command = [sys.executable, "-m", "pipelines.nightly"]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def tables_made(build: str, since: float) -> int:
    """How many tables of a build Spark has written by now; those that are the kept build's files are older."""
    return sum(path.stat().st_mtime >= since for path in Path(build).glob("spark/*/_SUCCESS"))


def wait_for_tables(night: subprocess.Popen, company: Path, count: int) -> None:
    """Until the night has written so many tables in a build of its own, or has ended."""
    folder, since = company.parent / "spark" / "small", time.time()
    while night.poll() is None:
        if tables_made(os.path.realpath(folder / "build"), since) >= count:
            return
        time.sleep(0.2)


def end_of(night: subprocess.Popen, company: Path) -> NightResult:
    output, _ = night.communicate(timeout=3600)
    return NightResult(night.returncode, output, company.parent / "spark" / "small")


def kill(process: subprocess.Popen) -> None:
    """With all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_figures_are_those_of_duckdb_although_a_worker_is_killed(company: Path, running) -> None:
    expected = run_night(str(company), company.parent / "duckdb")
    assert expected.status == 0, expected.output
    night = begin_night(company, running.remote)
    wait_for_tables(night, company, 300)
    kill(running.processes["worker 1"])
    result = end_of(night, company)
    assert result.status == 0, result.output
    assert tables_made(os.path.realpath(result.company_folder / "build"), since=0) > 400
    assert differences(expected.published / "kpis.duckdb", result.published / "kpis.duckdb") == []


def test_a_night_builds_what_a_delivery_changes(company: Path, running) -> None:
    """Of the tables of the night before the files are taken over, and the figures are those of all built anew."""
    for engine in ("duckdb", "spark"):
        answers = sorted((company.parent / engine / "small" / "deliveries" / "satisfaction_surveys").glob("*.csv"))[-1]
        heading, _, rows = answers.read_text(encoding="utf-8").partition("\n")
        later = rows.splitlines()[0].replace("SV", "SW")
        answers.with_name(answers.name.replace("surveys_", "surveys_more_")).write_text(f"{heading}\n{later}\n", encoding="utf-8")
    expected = run_night(str(company), company.parent / "duckdb", FULL="1")
    began = time.time()
    result = end_of(begin_night(company, running.remote), company)
    assert result.status == 0, result.output
    assert "only what changed is built" in result.output
    assert 10 < tables_made(os.path.realpath(result.company_folder / "build"), began) < 100
    assert differences(expected.published / "kpis.duckdb", result.published / "kpis.duckdb") == []


def test_nothing_is_published_when_the_server_is_killed_and_the_next_night_is_whole(company: Path, running) -> None:
    before = os.path.realpath(company.parent / "spark" / "small" / "published")
    night = begin_night(company, running.remote, FULL="1")
    wait_for_tables(night, company, 40)
    kill(running.processes["connect server"])
    result = end_of(night, company)
    assert result.status == 1, result.output
    assert "Spark went away in the middle of the models" in result.output
    assert os.path.realpath(result.published) == before
    # Nobody answers any more: that is a matter of the set-up.
    again = end_of(begin_night(company, running.remote, FULL="1"), company)
    assert again.status == 2, again.output
    assert "no Spark answers there" in again.output
    with cluster(cores=1, memory="1g") as started:
        result = end_of(begin_night(company, started.remote), company)
    assert result.status == 0, result.output
    assert "only what changed is built" in result.output
    assert differences(company.parent / "duckdb" / "small" / "published" / "kpis.duckdb", result.published / "kpis.duckdb") == []
