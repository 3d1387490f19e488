"""The two dbt steps of a night: facts before the gate, marts behind it. Keep out: any SQL."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from pipelines.assets.reporting import Reporter
from pipelines.checks.gate import record_dbt_tests
from pipelines.night import Night
from pipelines.settings import DBT_FOLDER, PROJECT_FOLDER

#: Schema of a model -> what the UI calls its group.
OWNERS = {"customer_accounting": "team:finance-and-sales", "receivables": "team:finance", "growth": "team:sales"}


class Translator(DagsterDbtTranslator):
    """Asset key = path of the table (``schema.model``), group = schema, description = the model's first words."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_source_tests_as_checks=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["schema"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props.get("description") or ""

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNERS.get(dbt_resource_props["schema"], "team:data-engineering")]


def dbt_project() -> DbtProject:
    """The dbt project, its manifest made first where it is missing."""
    project = DbtProject(DBT_FOLDER)
    if not project.manifest_path.exists():
        # dbt reads the profile when it parses; the path is not opened.
        os.environ.setdefault("WAREHOUSE_BUILD_FILE", "warehouse.duckdb")
        project.preparer.prepare(project)
    return project


def build_dbt_assets(night: Callable[[], Night]) -> list[dg.AssetsDefinition]:
    """One step per side of the gate; ``night`` is called inside a run only."""
    project = dbt_project()
    manifest = json.loads(project.manifest_path.read_text(encoding="utf-8"))

    @dbt_assets(
        manifest=manifest,
        select="tag:before_gate",
        name="build_core",
        project=project,
        dagster_dbt_translator=Translator(),
        pool="warehouse",
    )
    def build_core(context: dg.AssetExecutionContext, dbt: DbtCliResource, reporter: Reporter) -> Iterator[Any]:
        reporter.step("building the facts")
        yield from _build(context, dbt, night(), manifest, "core tests")

    @dbt_assets(
        manifest=manifest,
        select="tag:behind_gate",
        name="build_marts",
        project=project,
        dagster_dbt_translator=Translator(),
        pool="warehouse",
    )
    def build_marts(context: dg.AssetExecutionContext, dbt: DbtCliResource, reporter: Reporter) -> Iterator[Any]:
        reporter.step("building the marts")
        yield from _build(context, dbt, night(), manifest, "mart tests")

    return [build_core, build_marts]


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, night: Night, manifest: dict, layer: str) -> Iterator[Any]:
    """Runs ``dbt build`` on the selected models and records what came of its tests, also when it fails."""
    target = night.build_folder / layer.replace(" ", "_")
    for name, value in dbt_environment(night).items():
        os.environ[name] = value
    target.mkdir(parents=True, exist_ok=True)
    with (target / "dbt.log").open("w", encoding="utf-8") as log:
        invocation = dbt.cli(
            ["--log-level-file", "none", "build", "--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"],
            context=context,
            target_path=target,
        )
        try:
            with contextlib.redirect_stdout(log):
                events = list(invocation.stream())
        finally:
            # When Dagster stops listening dbt still holds the build file.
            if invocation.process.poll() is None:
                invocation.process.terminate()
                invocation.process.wait(timeout=60)
            with night.warehouse() as connection:
                record_dbt_tests(connection, layer, _run_results(target), manifest)
                row_counts = _row_counts(connection)
    yield from (_with_row_count(event, row_counts) for event in events)


def _row_counts(connection: Any) -> dict[str, int]:
    """Rows per table, by the name that Dagster gives the table's output; from the catalogue, without a scan."""
    rows = connection.execute("select schema_name || '__' || table_name, estimated_size from duckdb_tables()").fetchall()
    return dict(rows)


def _with_row_count(event: Any, row_counts: dict[str, int]) -> Any:
    """The event with the number of rows of its table. dbt's own way keeps the file open, which the next step cannot have."""
    if not isinstance(event, dg.Output) or event.output_name not in row_counts:
        return event
    metadata = {**(event.metadata or {}), "dagster/row_count": row_counts[event.output_name]}
    return dg.Output(value=event.value, output_name=event.output_name, metadata=metadata)


def _run_results(target: Path) -> Path:
    """The step's results; dbt writes them into a folder per invocation below ``target``."""
    found = sorted(target.rglob("run_results.json"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else target / "run_results.json"


def dbt_environment(night: Night) -> dict[str, str]:
    """What the dbt profile reads: the build file and how much memory it may take."""
    return {
        "WAREHOUSE_BUILD_FILE": str(night.build_file),
        "WAREHOUSE_MEMORY_LIMIT": night.settings.memory_limit,
        "WAREHOUSE_TEMP_DIR": str(night.build_folder / "temp"),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def build_dbt_resource() -> DbtCliResource:
    """The dbt command line of this environment, on this project as it was parsed by the set-up."""
    os.environ["NIGHT_PYTHON"] = sys.executable
    return DbtCliResource(
        project_dir=DbtProject(DBT_FOLDER),
        profiles_dir=str(DBT_FOLDER),
        dbt_executable=str(PROJECT_FOLDER / "pipelines" / "dbt"),
    )
