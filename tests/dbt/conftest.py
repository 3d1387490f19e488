"""One dbt project on an empty night, built once for all tests of this folder. Keep out: data of a real company."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from pipelines.companies.config import Parameters
from pipelines.dbt import TARGET
from pipelines.settings import DBT_FOLDER
from pipelines.sources.accounting import ACCOUNTING_TABLES
from pipelines.sources.contracts import load_contracts

Dbt = Callable[..., dbtRunnerResult]


def write_empty_night(path: Path) -> None:
    """A build file as the loader leaves it when the company delivered nothing: all raw tables, no entity rows."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw")
        for contract in load_contracts().values():
            connection.execute(contract.create_table_sql())
        for table, columns in ACCOUNTING_TABLES.items():
            connection.execute(f"create table raw.{table} ({columns})")
        connection.executemany(
            "insert into raw.entity_coverage values (?, false, 'the company does not deliver it', 0, 0)",
            [[entity] for entity in load_contracts()],
        )
        connection.execute(
            "create table raw.night as select 'empty' as company, 'Nothing delivered' as company_name, "
            "date '2026-06-10' as report_date, date '2026-06-10' as complete_until_date, date '2026-06-10' as known_by_date, "
            "'EUR' as reporting_currency, 'Europe/Amsterdam' as time_zone, 'run-1' as run_id"
        )
        parameters = ", ".join(
            f"cast({value} as {'decimal(18, 6)' if isinstance(value, Decimal) else 'integer'}) as {name}" for name, value in Parameters()
        )
        connection.execute(f"create table raw.parameters as select {parameters}")


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory, manifest: Manifest) -> Iterator[Dbt]:
    """Runs a dbt command in this process on the empty night and on what ``make setup`` read; target and logs stay out of the project."""
    folder = tmp_path_factory.mktemp("dbt")
    build_file = folder / "warehouse.duckdb"
    write_empty_night(build_file)
    runner = dbtRunner(manifest=manifest)

    def run(*arguments: str) -> dbtRunnerResult:
        paths = ["--project-dir", str(DBT_FOLDER), "--profiles-dir", str(DBT_FOLDER)]
        paths += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), "--quiet"]
        return runner.invoke([*arguments, *paths])

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_BUILD_FILE", str(build_file))
        patch.setenv("WAREHOUSE_TEMP_DIR", str(folder / "temp"))
        patch.setenv("DO_NOT_TRACK", "1")
        yield run


@pytest.fixture(scope="session")
def empty_build(dbt: Dbt) -> dbtRunnerResult:
    """The whole project built on the empty night, in the two steps of a night."""
    core = dbt("build", "--select", "tag:before_gate", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test")
    assert core.success, failures(core)
    return dbt("build", "--select", "tag:behind_gate", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test")


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """dbt's own description of the project, as ``make setup`` read it."""
    return Manifest.from_msgpack((TARGET / "partial_parse.msgpack").read_bytes())


def failures(result: dbtRunnerResult) -> str:
    """What went wrong, one line per node."""
    if result.result is None:
        return str(result.exception)
    return "\n".join(
        f"{node.node.name}: {node.status} {node.message}" for node in result.result.results if node.status not in ("success", "pass")
    )


def rows_of(result: dbtRunnerResult) -> list[dict]:
    """The rows of a ``dbt show``."""
    assert result.success, result.exception
    table = result.result.results[0].agate_table
    return json.loads(json.dumps([dict(zip(table.column_names, row, strict=True)) for row in table.rows], default=str))
