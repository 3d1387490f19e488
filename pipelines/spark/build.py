"""The models of a step on a Spark cluster, in the place of :func:`pipelines.dbt.build`.

Each table is a folder of Parquet files below the build's folder, which night and workers share, and a view of that folder on either
side: in the session of the cluster, and in the build file, so that gate, checks, value models, publication and book read the results
as they read DuckDB's. dbt runs the models, by its own adapter of each engine; seeds, and the models of which no rewrite is known, are
made by DuckDB. Keep out: how a statement is rewritten (``rewrites.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import dbt
from pipelines.night import BlockedNightError, Night
from pipelines.spark import session
from pipelines.spark.rewrites import for_spark
from pipelines.spark.selects import relation
from pipelines.spark.types import Columns, known
from pipelines.spark.writing import NotOnSparkError
from pipelines.value.estimation import create_tables
from pipelines.warehouse import connect, identifier, literal

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession

#: Schema and name of a table.
Table = tuple[str, str]
#: Where what no model makes stands: deliveries and parameters, and the value step between both dbt steps.
SOURCES = ("raw", "value")


def build(night: Night, tag: str) -> dict[str, dbt.Built]:
    """Builds the models and seeds that carry ``tag``; by unique id, in the order in which they were built.

    Raises BlockedNightError when the cluster goes away, SettingsError when it is not there to begin with.
    """
    nodes = {node["unique_id"]: node for node in dbt.in_order(tag)}
    columns = columns_of(night)
    statements = statements_of(columns, tag)
    built: dict[str, dbt.Built] = {}
    with session.session(night.settings) as spark:
        _share(night, _sources_to_share(night), columns)
        shown: set[Table] = set()
        for is_local, names in stages(nodes, statements):
            for name in names:
                if any(read in built and built[read].status != "success" for read in _reads(nodes, name)):
                    built[name] = dbt.Built("skipped", "what it reads was not built", 0.0)
            able = [name for name in names if name not in built]
            if is_local:
                results = dbt.build(night, tag, dict.fromkeys(able))
                built |= {name: results[name] for name in able}
                _share(night, [dbt.name_of(name) for name in able if built[name].status == "success"], columns)
                continue
            _show(night, spark, shown)
            built |= dbt.build_on_spark(night, {name: _made_in(night, name, statements[name]) for name in able})
            if not session.is_there(spark):
                where = night.settings.spark_remote or night.settings.spark_master
                raise BlockedNightError(f"{where}: Spark went away in the middle of the models; start it, and run the night again")
            made = [dbt.name_of(name) for name in able if built[name].status == "success"]
            shown |= set(made)
            with night.warehouse() as connection:
                _open(connection, night, made, columns)
    return {name: built[name] for name in nodes}


def statements_of(columns: Columns, tag: str) -> dict[str, str | NotOnSparkError]:
    """Of each model that carries ``tag`` its statement for Spark, by its unique id, or why it has none."""
    schema, statements = known(columns), {}
    for node in dbt.in_order(tag):
        if node["resource_type"] == "model":
            try:
                statements[node["unique_id"]] = for_spark(dbt.statement_of(node), schema, columns[node["schema"]][node["name"]])
            except NotOnSparkError as error:
                statements[node["unique_id"]] = error
    return statements


def columns_of(night: Night) -> Columns:
    """Schema -> table -> column -> type, of every table that a night has, from DuckDB itself: it makes them all, empty, in memory."""
    with connect() as connection:
        connection.execute(f"attach {literal(night.build_file)} as build (read_only)")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'build' and list_contains(?, schema_name)",
            [list(SOURCES)],
        ).fetchall():
            name = f"{identifier(schema)}.{identifier(table)}"
            connection.execute(f"create schema if not exists {identifier(schema)}")
            connection.execute(f"create table {name} as select * from build.{name} limit 0")
        connection.execute("detach build")
        return make_empty(connection)


def make_empty(connection: duckdb.DuckDBPyConnection) -> Columns:
    """Makes every seed and model on the source tables that stand in ``connection``; returns what columns all tables have."""
    create_tables(connection)
    for tag in (dbt.BEFORE_GATE, dbt.BEHIND_GATE):
        for node in dbt.in_order(tag):
            connection.execute(f"create schema if not exists {identifier(node['schema'])}")
            name = f"{identifier(node['schema'])}.{identifier(node['name'])}"
            connection.execute(f"create table {name} as select * from ({dbt.statement_of(node)}) limit 0")
    return columns_in(connection)


def columns_in(connection: duckdb.DuckDBPyConnection) -> Columns:
    """What columns, of which types, the tables have that stand in ``connection``."""
    columns: Columns = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
    ).fetchall():
        columns.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return columns


def stages(nodes: dict[str, dict[str, Any]], statements: dict[str, Any]) -> list[tuple[bool, list[str]]]:
    """``nodes`` in runs of one engine each, in the order of running: whether DuckDB makes them, and their ids."""
    place: dict[str, int] = {}
    for name in nodes:
        is_local = not isinstance(statements.get(name), str)
        before = max((place[read] for read in _reads(nodes, name)), default=0)
        # DuckDB's turns are the even ones.
        place[name] = before if (before % 2 == 0) == is_local else before + 1
    found: dict[int, list[str]] = {}
    for name, turn in place.items():
        found.setdefault(turn, []).append(name)
    return [(turn % 2 == 0, found[turn]) for turn in sorted(found)]


def _reads(nodes: dict[str, dict[str, Any]], name: str) -> list[str]:
    return [read for read in nodes[name]["depends_on"].get("nodes", ()) if read in nodes]


def _sources_to_share(night: Night) -> list[Table]:
    """What was loaded does not change within a night, what the value step writes does."""
    with night.warehouse(read_only=True) as connection:
        rows = connection.execute(
            "select schema_name, table_name from duckdb_tables() where list_contains(?, schema_name)", [list(SOURCES)]
        ).fetchall()
    return [table for table in rows if table[0] == "value" or not folder_of(night, table).exists()]


def folder_of(night: Night, table: Table) -> Path:
    """The folder of a table's Parquet files."""
    return night.build_folder / "spark" / ".".join(table)


def _share(night: Night, tables: Iterable[Table], columns: Columns) -> None:
    """Writes tables of the build file where the cluster reads them."""
    with night.warehouse() as connection:
        for schema, table in tables:
            write(connection, (schema, table), columns[schema][table], folder_of(night, (schema, table)))


def write(connection: duckdb.DuckDBPyConnection, table: Table, columns: dict[str, str], folder: Path) -> None:
    """A table of DuckDB's as Parquet, which has no integer of 128 bits: DuckDB would write a double."""
    names = [
        f"cast({identifier(name)} as decimal(38, 0)) as {identifier(name)}" if kind == "HUGEINT" else identifier(name)
        for name, kind in columns.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    rows = f"select {', '.join(names)} from {identifier(table[0])}.{identifier(table[1])}"
    connection.execute(f"copy ({rows}) to {literal(folder / 'part.parquet')} (format parquet)")


def _show(night: Night, spark: SparkSession, shown: set[Table]) -> None:
    """Names in the session for all tables that stand in the shared folder."""
    for folder in sorted((night.build_folder / "spark").iterdir()):
        schema, _, table = folder.name.partition(".")
        if (schema, table) not in shown:
            show(spark, (schema, table), folder)
            shown.add((schema, table))


def show(spark: SparkSession, table: Table, folder: Path) -> None:
    """A name in the session for a table's folder."""
    spark.sql(f"create or replace temporary view {relation(*table)} using parquet options (path {literal(folder)})")


def _made_in(night: Night, name: str, statement: str) -> dict[str, str]:
    schema, table = dbt.name_of(name)
    return {"sql": statement, "folder": str(folder_of(night, (schema, table))), "relation": relation(schema, table)}


def _open(connection: duckdb.DuckDBPyConnection, night: Night, tables: Iterable[Table], columns: Columns) -> None:
    """Views of the cluster's tables in the build file, with DuckDB's own types."""
    for schema, table in tables:
        files = literal(f"{folder_of(night, (schema, table))}/*.parquet")
        typed = ", ".join(f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in columns[schema][table].items())
        connection.execute(f"create schema if not exists {identifier(schema)}")
        name = f"{identifier(schema)}.{identifier(table)}"
        connection.execute(f"create or replace view {name} as select {typed} from read_parquet({files})")
