"""The two dbt steps of a night: facts before the gate, marts behind it. Keep out: any SQL."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from pipelines import dbt
from pipelines.assets.reporting import Reporter
from pipelines.checks import table_tests
from pipelines.checks.asset_checks import result_of_tests, spec_of_tests
from pipelines.checks.gate import describe_failures, failed_checks, record_dbt_step
from pipelines.night import BlockedNightError, Night

#: Schema of a model -> what the UI calls its group.
OWNERS = {"customer_accounting": "team:finance-and-sales", "receivables": "team:finance", "growth": "team:sales"}


class Translator(DagsterDbtTranslator):
    """Asset key = path of the table (``schema.model``), group = schema, description = the model's first words."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props["schema"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props.get("description") or ""

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNERS.get(dbt_resource_props["schema"], "team:data-engineering")]


def build_dbt_assets(night: Callable[[], Night]) -> list[dg.AssetsDefinition]:
    """One step per side of the gate; ``night`` is called inside a run only."""
    return [
        _dbt_step("build_core", dbt.BEFORE_GATE, "core tests", "building the facts", night),
        _dbt_step("build_marts", dbt.BEHIND_GATE, "mart tests", "building the marts", night),
    ]


def _dbt_step(name: str, tag: str, layer: str, words: str, night: Callable[[], Night]) -> dg.AssetsDefinition:
    manifest, translator = dbt.manifest(), Translator()
    tests = table_tests.tests_of(layer)

    @dg.multi_asset(
        name=name,
        specs=[translator.get_asset_spec(manifest, table["unique_id"], None) for table in dbt.tables_of(tag)],
        check_specs=[spec_of_tests(table, held) for table, held in tests.items()],
        pool="warehouse",
    )
    def step(context: dg.AssetExecutionContext, reporter: Reporter) -> Iterator[dg.MaterializeResult]:
        reporter.step(words)
        current = night()
        statuses = dbt.build(current, tag)
        with current.warehouse() as connection:
            outcomes = table_tests.run_tests(connection, tests)
            record_dbt_step(connection, layer, statuses, outcomes)
            row_counts = _row_counts(connection)
            failures = [failure for failure in failed_checks(connection) if failure["layer"] == layer]
        # In the order in which they were built: Dagster wants a table behind those that it reads.
        for unique_id, (status, _) in statuses.items():
            if status == "success":
                key = dbt.name_of(unique_id)
                yield dg.MaterializeResult(
                    asset_key=dg.AssetKey(key),
                    metadata={"dagster/row_count": row_counts[key]} if key in row_counts else {},
                    check_results=[result_of_tests(key, outcomes[key])] if key in outcomes else [],
                )
        if failures:
            raise BlockedNightError(describe_failures(failures))

    return step


def _row_counts(connection: Any) -> dict[tuple[str, str], int]:
    """Rows per table; from the catalogue, without a scan."""
    rows = connection.execute("select schema_name, table_name, estimated_size from duckdb_tables()").fetchall()
    return {(schema, table): count for schema, table, count in rows}
