"""A night costs what changed: the build that published last is kept, and a table of which nothing that it reads changed stays.

A night begins with a copy of the kept build. A table that was made again is held against the kept one by its content, so that a change
goes on only as far as content changes; what lies behind no changed table is not even looked at. Schema ``increments`` of the build says
what it was made of (``origin``), what each table held in the kept build (``earlier``) and holds now (``tonight``), and what came of the
kept checks (``outcomes``). Whatever is not known to be the same is made in full. Keep out: how a table is made.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import dbt
from pipelines.project import night_version
from pipelines.settings import FULL_EVERY_NIGHTS
from pipelines.warehouse import identifier, literal

if TYPE_CHECKING:
    import duckdb

    from pipelines.night import Night

#: Schema and name of a table.
Table = tuple[str, str]
#: The night's run id is another one with every delivery, and one model reads it; it is held apart from what the others read of the night.
NIGHT: Table = ("raw", "night")
RUN_ID: Table = ("raw", "night.run_id")
#: What figures are computed by, beside the project itself.
ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "holidays", "numpy", "pandas", "scipy")
#: And on a Spark cluster.
ON_SPARK = ("pyspark", "dbt-spark", "sqlglot")
TABLES = """
    create schema increments;
    create table increments.origin (code varchar, company varchar, engine varchar, nights integer);
    create table increments.earlier (schema_name varchar, table_name varchar, row_count bigint, content hugeint);
    create table increments.tonight (schema_name varchar, table_name varchar, row_count bigint, content hugeint);
    create view increments.changed as
    select tonight.schema_name, tonight.table_name
    from increments.tonight left join increments.earlier using (schema_name, table_name)
    where (tonight.row_count, tonight.content) is distinct from (earlier.row_count, earlier.content)
"""
#: What the kept build held, and of checks what came of them: tonight's are judged anew, or taken over by name.
CONTINUE = """
    delete from increments.earlier where (schema_name, table_name) in (select (schema_name, table_name) from increments.tonight);
    insert into increments.earlier select * from increments.tonight;
    delete from increments.tonight;
    update increments.origin set nights = nights + 1;
    create or replace table increments.outcomes as select * from meta.check_results;
    drop table meta.check_results
"""


def begin(night: Night) -> str:
    """The build of this night: a copy of the kept one, or an empty one; returns in words which, and why."""
    night.start_build()
    origin = origin_of(night)
    because = _full_because(night, origin)
    if because is None:
        copy(night.kept_build / night.build_file.name, night.build_file)
        with night.warehouse() as connection:
            connection.execute(CONTINUE)
            if night.settings.engine == "spark":
                from pipelines.spark.build import take_over

                take_over(night, connection, night.kept_build)
        return "only what changed is built"
    with night.warehouse() as connection:
        connection.execute(TABLES)
        connection.execute("insert into increments.origin values (?, ?, ?, 0)", list(origin.values()))
    return f"everything is built: {because}"


def _full_because(night: Night, origin: dict[str, str]) -> str | None:
    """Why this night cannot begin with the kept build; None where it can."""
    import duckdb

    from pipelines.warehouse import connect

    if night.settings.full:
        return "FULL=1"
    if night.kept_build is None:
        return "no build is kept"
    try:
        with connect(night.kept_build / night.build_file.name, read_only=True) as connection:
            *earlier, nights = connection.execute("select * from increments.origin").fetchone()
    except (duckdb.Error, TypeError):
        return "the kept build cannot be read"
    words = {"code": "the project changed", "company": "the company's file changed", "engine": "the engine changed"}
    for (name, now), before in zip(origin.items(), earlier, strict=True):
        if now != before:
            return words[name]
    return f"every {FULL_EVERY_NIGHTS} nights" if nights + 1 >= FULL_EVERY_NIGHTS else None


def origin_of(night: Night) -> dict[str, str]:
    """What a build is made of beside deliveries and dates, as hashes: the project's files, the company's file, what computes."""
    names = (*ENGINES, *ON_SPARK) if night.settings.engine == "spark" else ENGINES
    engines = [night.settings.engine, platform.python_version(), *(f"{name} {_version(name)}" for name in names)]
    return {
        "code": night_version(),
        "company": hashlib.sha256(night.settings.company_file.read_bytes()).hexdigest(),
        "engine": hashlib.sha256("\n".join(engines).encode()).hexdigest(),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        # Of the extra; the step that needs it says so.
        return "none"


def copy(source: Path, target: Path) -> None:
    """Copies a file; where the file system can, both share their blocks until one of them changes."""
    try:
        with source.open("rb") as read, target.open("wb") as written:
            while os.copy_file_range(read.fileno(), written.fileno(), 1 << 30):
                pass
    except (AttributeError, OSError):
        shutil.copyfile(source, target)


def is_increment(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the build began with the kept one."""
    (is_begun,) = connection.execute("select count(*) from duckdb_tables() where schema_name = 'increments'").fetchone()
    return bool(is_begun) and connection.execute("select nights from increments.origin").fetchone()[0] > 0


def contents(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> dict[Table, str]:
    """Table -> a select of its number of rows and a sum over the hashes of its rows: equal for equal rows in any order.

    The hash is taken twice, so that values that change places between rows do not cancel out. A list or structure is hashed as text
    too: the engine's hash does not tell an empty list from none.
    """
    kinds: dict[Table, list[tuple[str, str]]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal order by column_index"
    ).fetchall():
        kinds.setdefault((schema, table), []).append((column, kind))
    return {
        table: _content(NIGHT if table == RUN_ID else table, kinds[NIGHT if table == RUN_ID else table], without_run=table == NIGHT)
        for table in tables
    }


def _content(table: Table, columns: list[tuple[str, str]], *, without_run: bool) -> str:
    texts = [f"cast({identifier(name)} as varchar)" for name, kind in columns if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP"))]
    rows = f"{identifier(table[0])}.{identifier(table[1])}"
    rows = f"(select * exclude (run_id) from {rows})" if without_run else rows
    row = ", ".join(["rows", *texts])
    return f"select count(*), cast(coalesce(sum(hash(hash({row}))), 0) as hugeint) from {rows} as rows"


def note(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Takes down what ``tables`` hold now that they were made."""
    tables = list(tables)
    if NIGHT in tables:
        tables.append(RUN_ID)
    for table, content in contents(connection, tables).items():
        take_down(connection, table, content)


def take_down(connection: duckdb.DuckDBPyConnection, table: Table, content: str) -> None:
    """Takes down what one table holds, by the select of its :func:`contents`."""
    connection.execute("delete from increments.tonight where (schema_name, table_name) = (?, ?)", list(table))
    connection.execute(f"insert into increments.tonight select ?, ?, * from ({content})", list(table))


def is_any_changed(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> bool:
    """Whether one of ``tables`` does not hold what it held in the kept build."""
    named = ", ".join(f"({literal(schema)}, {literal(table)})" for schema, table in tables)
    return bool(connection.execute(f"select 1 from increments.changed where (schema_name, table_name) in ({named}) limit 1").fetchall())


def noted(models: Iterable[str]) -> set[Table]:
    """Of models and seeds, by their unique ids, those whose content is noted: what reads a view reads the tables behind it."""
    nodes = dbt.manifest()["nodes"]
    return {dbt.name_of(name) for name in models if nodes[name]["config"]["materialized"] != "view"}


def changed(connection: duckdb.DuckDBPyConnection) -> set[Table] | None:
    """The tables of this build that do not hold what they held in the kept one; None where all are new."""
    if not is_increment(connection):
        return None
    return set(connection.execute("select * from increments.changed").fetchall())


def standing(connection: duckdb.DuckDBPyConnection) -> set[Table]:
    """The tables that hold what they held in the kept build; of what is noted nowhere nothing is known, and it is not among them."""
    if not is_increment(connection):
        return set()
    rows = connection.execute("select schema_name, table_name from increments.earlier").fetchall()
    return set(rows) - changed(connection)


def reads(unique_id: str) -> frozenset[Table]:
    """The tables that a model or test reads, itself or through views, with the night's run id where it names it."""
    node = dbt.manifest()["nodes"][unique_id]
    found: set[Table] = set()
    for read in node["depends_on"].get("nodes", ()):
        found |= _tables_behind(read)
    if NIGHT in found and "run_id" in (node.get("compiled_code") or ""):
        found.add(RUN_ID)
    return frozenset(found)


@cache
def _tables_behind(unique_id: str) -> frozenset[Table]:
    node = dbt.manifest()["nodes"].get(unique_id)
    if node is None or node["config"]["materialized"] != "view":
        return frozenset({dbt.name_of(unique_id)})
    return frozenset().union(*(_tables_behind(read) for read in node["depends_on"]["nodes"]))


def tables_behind(table: Table) -> frozenset[Table]:
    """The table itself, or the tables behind a view."""
    return _views().get(table, frozenset({table}))


@cache
def _views() -> dict[Table, frozenset[Table]]:
    nodes = dbt.manifest()["nodes"]
    return {dbt.name_of(name): _tables_behind(name) for name, node in nodes.items() if node["config"]["materialized"] == "view"}


@cache
def schemas() -> frozenset[str]:
    """Where tables of a build stand."""
    names = [*dbt.manifest()["nodes"], *dbt.manifest()["sources"]]
    return frozenset({"meta", *(dbt.name_of(name)[0] for name in names)})


def plan(connection: duckdb.DuckDBPyConnection, tag: str, *, with_views: bool = False) -> dict[str, dict[str, Any]] | None:
    """The models of ``tag`` that a change may reach, with what it takes to decide when their turn comes; None where all are built.

    Seeds hold what they held, and views too where they are views: the project has not changed.
    """
    differing = changed(connection)
    if differing is None:
        return None
    reached, found = set(differing), {}
    for node in dbt.in_order(tag):
        table, read = (node["schema"], node["name"]), reads(node["unique_id"])
        if node["config"]["materialized"] in (("table", "view") if with_views else ("table",)) and read & reached:
            reached.add(table)
            found[node["unique_id"]] = read
    selects = contents(connection, [dbt.name_of(name) for name in found])
    return {name: {"reads": sorted(map(list, read)), "content": selects[dbt.name_of(name)]} for name, read in found.items()}


def close_step(connection: duckdb.DuckDBPyConnection, planned: dict[str, Any] | None, built: dict[str, dbt.Built]) -> None:
    """After a step: takes down what the tables hold that noted nothing themselves, and removes those that were not built."""
    if planned is None:
        note(connection, sorted(noted(name for name, table in built.items() if table.status == "success")))
        return
    views = set(connection.execute("select schema_name, view_name from duckdb_views() where not internal").fetchall())
    for name, table in built.items():
        if table.status != "success":
            kind = "view" if dbt.name_of(name) in views else "table"
            connection.execute(f"drop {kind} if exists " + ".".join(map(identifier, dbt.name_of(name))))
