"""The two steps that make dbt's models: facts before the gate, marts behind it. Keep out: any SQL."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from pipelines import dbt, increments, models
from pipelines.assets.raw import OWNER
from pipelines.assets.reporting import Reporter
from pipelines.checks import table_tests
from pipelines.checks.asset_checks import result_of_tests, spec_of_tests
from pipelines.checks.gate import describe_failures, failed_checks, record_dbt_step, standing_outcomes
from pipelines.night import BlockedNightError, Night

#: Schema -> who answers for its tables; all others are the data engineers'.
OWNERS = {"customer_accounting": "team:finance-and-sales", "receivables": "team:finance", "growth": "team:sales"}


def build_dbt_assets(night: Callable[[], Night], pool: str) -> list[dg.AssetsDefinition]:
    """One step per side of the gate; ``night`` is called inside a run only."""
    return [
        _dbt_step("build_core", dbt.BEFORE_GATE, "core tests", "building the facts", night, pool),
        _dbt_step("build_marts", dbt.BEHIND_GATE, "mart tests", "building the marts", night, pool),
    ]


def _dbt_step(name: str, tag: str, layer: str, words: str, night: Callable[[], Night], pool: str) -> dg.AssetsDefinition:
    tests = table_tests.tests_of(layer)

    @dg.multi_asset(
        name=name,
        specs=[_table_spec(table) for table in dbt.tables_of(tag)],
        check_specs=[spec_of_tests(table, held) for table, held in tests.items()],
        pool=pool,
    )
    def step(context: dg.AssetExecutionContext, reporter: Reporter) -> Iterator[dg.MaterializeResult]:
        reporter.step(words)
        current = night()
        with current.warehouse() as connection:
            plan = increments.plan(connection, tag, with_views=current.settings.engine == "spark")
        built = _build(current, tag, plan, context.log.warning)
        with current.warehouse() as connection:
            increments.close_step(connection, plan, built)
            standing = standing_outcomes(connection, {test.check: test.behind for held in tests.values() for test in held})
            outcomes = table_tests.run_tests(connection, tests, standing)
            record_dbt_step(connection, layer, built, [outcome for judged in outcomes.values() for outcome in judged])
            row_counts = _row_counts(connection)
            failures = [failure for failure in failed_checks(connection) if failure["layer"] == layer]
        # In the order in which they were built: Dagster wants a table behind those that it reads.
        for unique_id, table in built.items():
            if table.status == "success":
                key = dbt.name_of(unique_id)
                yield dg.MaterializeResult(
                    asset_key=current.asset_path(*key),
                    metadata={"seconds": table.seconds} | ({"dagster/row_count": row_counts[key]} if key in row_counts else {}),
                    check_results=[result_of_tests(current.asset_path(*key), outcomes[key])] if key in outcomes else [],
                )
        if failures:
            raise BlockedNightError(describe_failures(failures))

    return step


def _build(night: Night, tag: str, plan: dict[str, Any] | None, warn: Callable[[str], None]) -> dict[str, dbt.Built]:
    if night.settings.engine == "spark":
        from pipelines.spark.build import build

        return build(night, tag, plan, warn)
    return models.build(night, tag, plan)


def _table_spec(table: dict[str, Any]) -> dg.AssetSpec:
    """Asset key = path of the table (``schema/model``), group = schema; words, columns and what it reads are dbt's."""
    schema, name = table["schema"], table["name"]
    columns = [
        dg.TableColumn(column, words.get("data_type") or "?", words.get("description")) for column, words in table["columns"].items()
    ]
    return dg.AssetSpec(
        [schema, name],
        deps=[dg.AssetKey(dbt.name_of(read)) for read in table["depends_on"].get("nodes", ())],
        group_name=schema,
        owners=[OWNERS.get(schema, OWNER)],
        kinds={"dbt", "duckdb"},
        description=table["description"],
        code_version=table["checksum"]["checksum"][:12],
        metadata={"dagster/table_name": f"{schema}.{name}", "dagster/column_schema": dg.TableSchema(columns)},
    )


def _row_counts(connection: Any) -> dict[tuple[str, str], int]:
    """Rows per table; from the catalogue, without a scan."""
    rows = connection.execute("select schema_name, table_name, estimated_size from duckdb_tables()").fetchall()
    return {(schema, table): count for schema, table, count in rows}
