"""The models of a step on a Spark cluster, in the place of :func:`pipelines.models.build`.

Each table is a folder of Parquet files below the build's folder, which night and workers share, and a view of that folder on either
side: in the session of the cluster, and in the build file, so that gate, checks, value models, publication and book read the results
as they read DuckDB's. dbt runs the models, by its adapter for Spark; seeds, and the models of which no rewrite is known, are made by
DuckDB. Keep out: how a statement is rewritten (``rewrites.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import dbt, increments, models
from pipelines.files import link
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
#: By its unique id what dbt's manifest says of a seed or model.
Nodes = dict[str, dict[str, Any]]
#: Where what no model makes stands: deliveries and parameters, and the value step between both steps.
SOURCES = ("raw", "value")
#: Of a build, where the folders of its tables stand.
FOLDER = "spark"


def build(night: Night, tag: str, planned: Mapping[str, Mapping[str, Any]] | None, warn: Callable[[str], None]) -> dict[str, dbt.Built]:
    """Builds the models and seeds that carry ``tag``; by unique id, in the order in which they were built.

    ``planned``: the models that may have to be built, where the others stand there already (:mod:`pipelines.increments`);
    ``warn`` is told what had to be tried again. Raises BlockedNightError when the cluster goes away, SettingsError when it is not
    there to begin with.
    """
    nodes = {node["unique_id"]: node for node in dbt.in_order(tag) if planned is None or node["unique_id"] in planned}
    built: dict[str, dbt.Built] = {}
    # Also where no model of this step reads them: one of the other step may.
    with night.warehouse() as connection:
        _share(connection, night, _sources_to_share(connection, tag), columns_in(connection))
    if not nodes:
        return dbt.with_standing(tag, built, nodes)
    columns = columns_of(night)
    statements = statements_of(columns, tag, nodes)
    with session.session(night.settings) as spark:
        shown: set[Table] = set()
        for is_local, names in stages(nodes, statements, by_level=planned is not None):
            able = _able(night, nodes, names, built, planned)
            if not able:
                continue
            if is_local:
                results = models.build(night, tag, dict.fromkeys(able))
                built |= {name: results[name] for name in able}
            else:
                read = {dbt.name_of(other) for name in able for other in nodes[name]["depends_on"].get("nodes", ()) if other not in able}
                for table in sorted(read - shown):
                    show(spark, table, folder_of(night, table))
                built |= _on_cluster(spark, night, {name: _made_in(night, name, statements[name]) for name in able}, warn)
                shown |= read | {dbt.name_of(name) for name in able}
            made = [name for name in able if built[name].status == "success"]
            with night.warehouse() as connection:
                (_share if is_local else _open)(connection, night, map(dbt.name_of, made), columns)
                if planned is not None:
                    increments.note(connection, sorted(increments.noted(made)))
    return dbt.with_standing(tag, built, nodes)


def _on_cluster(
    spark: SparkSession, night: Night, statements: Mapping[str, Mapping[str, str]], warn: Callable[[str], None]
) -> dict[str, dbt.Built]:
    """Builds models on the cluster, and those that were not built, or left out behind them, once more.

    Spark itself tries a task again that a worker lost, and not what fails in the server before a task is sent (seen where it had
    no room left for what it was to send). What fails again has a reason of its own.
    """
    built = dbt.build_on_spark(night, statements)
    missed = {name: made for name, made in statements.items() if built[name].status != "success"}
    if not session.is_there(spark):
        where = night.settings.spark_remote or night.settings.spark_master
        raise BlockedNightError(f"{where}: Spark went away in the middle of the models; start it, and run the night again")
    if missed:
        for name, failed in built.items():
            if failed.status == "error":
                warn(f"{'.'.join(dbt.name_of(name))}: not built, tried once more: {failed.message}")
        built |= dbt.build_on_spark(night, missed)
    return built


def _able(
    night: Night, nodes: Nodes, names: list[str], built: dict[str, dbt.Built], planned: Mapping[str, Mapping[str, Any]] | None
) -> list[str]:
    """Those of ``names`` that are to be built; what becomes of the others is put down in ``built``."""
    changed = None
    if planned is not None:
        with night.warehouse(read_only=True) as connection:
            changed = increments.changed(connection)
    for name in names:
        if any(read in built and built[read].status != "success" for read in _reads(nodes, name)):
            built[name] = models.LEFT_OUT
        elif changed is not None and not changed.intersection(map(tuple, planned[name]["reads"])):
            built[name] = dbt.CARRIED_OVER
    return [name for name in names if name not in built]


def take_over(night: Night, connection: duckdb.DuckDBPyConnection, kept: Path) -> None:
    """Begins a build with the tables of the kept one: the same files on disk, under its own folder, where they are replaced and never
    written to. ``connection`` is to the build file, a copy of the kept one."""
    shutil.copytree(kept / FOLDER, night.build_folder / FOLDER, copy_function=link)
    views = connection.execute("select schema_name, view_name from duckdb_views() where not internal").fetchall()
    _open(connection, night, [table for table in views if folder_of(night, table).exists()], columns_in(connection))


def statements_of(columns: Columns, tag: str, among: Container[str] | None = None) -> dict[str, str | NotOnSparkError]:
    """Of each model that carries ``tag``, or of those ``among`` them, its statement for Spark by its unique id, or why it has none."""
    schema, statements = known(columns), {}
    for node in dbt.in_order(tag):
        if node["resource_type"] == "model" and (among is None or node["unique_id"] in among):
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
            connection.execute(f"create table {name} as select * from ({models.in_order_of_contract(node)}) limit 0")
    return columns_in(connection)


def columns_in(connection: duckdb.DuckDBPyConnection) -> Columns:
    """What columns, of which types, the tables have that stand in ``connection``."""
    columns: Columns = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
    ).fetchall():
        columns.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return columns


def stages(nodes: Nodes, statements: dict[str, Any], *, by_level: bool = False) -> list[tuple[bool, list[str]]]:
    """``nodes`` in runs of one engine each, in the order of running: whether DuckDB makes them, and their ids.

    As few runs as possible, or, ``by_level``, none with a node that another one of the run reads.
    """
    place: dict[str, int] = {}
    for name in nodes:
        is_local = not isinstance(statements.get(name), str)
        # DuckDB's turns are the even ones.
        turn = max((place[read] + by_level for read in _reads(nodes, name)), default=0)
        place[name] = turn if (turn % 2 == 0) == is_local else turn + 1
    found: dict[int, list[str]] = {}
    for name, turn in place.items():
        found.setdefault(turn, []).append(name)
    return [(turn % 2 == 0, found[turn]) for turn in sorted(found)]


def _reads(nodes: Nodes, name: str) -> list[str]:
    return [read for read in nodes[name]["depends_on"].get("nodes", ()) if read in nodes]


def _sources_to_share(connection: duckdb.DuckDBPyConnection, tag: str) -> list[Table]:
    """Before the gate what was loaded, behind it what the value step wrote, but for what stands in the folder as it is."""
    schema = "raw" if tag == dbt.BEFORE_GATE else "value"
    tables = connection.execute("select schema_name, table_name from duckdb_tables() where schema_name = ?", [schema]).fetchall()
    # The run id of raw.night is another one where the rest of its row is not.
    standing = increments.standing(connection) - {increments.NIGHT}
    return [table for table in tables if table not in standing]


def folder_of(night: Night, table: Table) -> Path:
    """The folder of a table's Parquet files."""
    return night.build_folder / FOLDER / ".".join(table)


def _share(connection: duckdb.DuckDBPyConnection, night: Night, tables: Iterable[Table], columns: Columns) -> None:
    """Writes tables of the build file where the cluster reads them."""
    for schema, table in tables:
        write(connection, (schema, table), columns[schema][table], folder_of(night, (schema, table)))


def write(connection: duckdb.DuckDBPyConnection, table: Table, columns: dict[str, str], folder: Path) -> None:
    """A table of DuckDB's as Parquet, which has no integer of 128 bits: DuckDB would write a double. A file that stands there may be
    the kept build's too, and is not written to."""
    names = [
        f"cast({identifier(name)} as decimal(38, 0)) as {identifier(name)}" if kind == "HUGEINT" else identifier(name)
        for name, kind in columns.items()
    ]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = f"select {', '.join(names)} from {identifier(table[0])}.{identifier(table[1])}"
    connection.execute(f"copy ({rows}) to {literal(folder / 'part.parquet')} (format parquet)")


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
