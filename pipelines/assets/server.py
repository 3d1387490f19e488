"""The published set in a PostgreSQL database of the company's own, beside the file: a schema per version, views before it.

Tables, comments and views of a version come in one transaction, which also drops versions that are no longer kept; so a reader
sees the old set or the new one. The views are replaced only when no reader holds one of them: none of both ever waits for the
other in a circle. Who reads several tables in several transactions names the version's schema. Keep out: which tables are
published (``publish.py``).
"""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from pipelines.night import BlockedNightError
from pipelines.settings import SettingsError
from pipelines.warehouse import connect, identifier, literal

#: Seconds for which the switch tries to find a moment without a reader.
PATIENCE = 300
VERSION_PREFIX = "version "
TYPES = {"VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real", "HUGEINT": "numeric(39)", "TINYINT": "smallint"}
SAME_TYPES = r"BIGINT|INTEGER|SMALLINT|BOOLEAN|DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE|DECIMAL\(\d+,\d+\)"


def publish_to_server(variable: str, address: str, kpis: Path, version: str, kept: int) -> None:
    """Brings the tables of the file ``kpis`` to the database at ``address``, and its views to them.

    ``variable`` is where the address stands; messages name that alone. Raises SettingsError when it cannot be reached, and
    BlockedNightError when it does not take the set to its end: the set before it stands.
    """
    import psycopg

    try:
        connection = psycopg.connect(re.sub(r"^postgresql\+\w+://", "postgresql://", address))
    except psycopg.Error as error:
        raise SettingsError(f"{variable}: the database cannot be reached ({type(error).__name__}); expected postgresql://...") from None
    try:
        with connection, connect(kpis, read_only=True) as engine:
            views = _write_version(connection, engine, VERSION_PREFIX + version)
            _lock_views(connection)
            _switch(connection, VERSION_PREFIX + version, views, kept)
    except psycopg.Error as error:
        raise BlockedNightError(
            f"{variable}: the database did not take the set ({type(error).__name__}, {error.sqlstate}); the set before it stands there.\n"
            "  Its user needs the right to create schemas. Run the night again"
        ) from None


def _write_version(connection, engine, schema: str) -> list[tuple[str, str]]:
    """Writes every table with its comments; returns their stable schemas and names."""
    run = connection.execute
    run(f"drop schema if exists {identifier(schema)} cascade")
    run(f"create schema {identifier(schema)}")
    tables = engine.execute(
        "select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE' order by all"
    ).fetchall()
    for stable, table in tables:
        source = f"{identifier(stable)}.{identifier(table)}"
        target = f"{identifier(schema)}.{identifier(f'{stable}.{table}')}"
        columns = [(row[0], row[1]) for row in engine.execute(f"describe {source}").fetchall()]
        run(f"create table {target} ({', '.join(f'{identifier(name)} {_type(kind)}' for name, kind in columns)})")
        values = ", ".join(
            f"cast({identifier(name)} as varchar) as {identifier(name)}" if _type(kind) == "text" else identifier(name)
            for name, kind in columns
        )
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "rows.csv"
            engine.execute(f"copy (select {values} from {source}) to {literal(path)} (format csv, header false, nullstr '\\N')")
            with path.open("rb") as rows, connection.cursor().copy(f"copy {target} from stdin (format csv, null '\\N')") as copy:
                while block := rows.read(1 << 20):
                    copy.write(block)
    return tables


def _type(kind: str) -> str:
    return kind.lower() if re.fullmatch(SAME_TYPES, kind) else TYPES.get(kind, "text")


def _lock_views(connection) -> None:
    """Takes every view at once or none, until there is a moment in which no reader holds one."""
    import psycopg

    views = connection.execute(
        "select schemaname, viewname from pg_views where obj_description(quote_ident(schemaname)::regnamespace) = 'paid in full'"
    ).fetchall()
    if not views:
        return
    names = ", ".join(f"{identifier(schema)}.{identifier(view)}" for schema, view in views)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with connection.transaction():
                connection.execute(f"lock table {names} in access exclusive mode nowait")
            return
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _switch(connection, schema: str, tables: list[tuple[str, str]], kept: int) -> None:
    """Puts the views before the version, with the words of its data dictionary, and drops what is older than ``kept`` versions."""
    run = connection.execute
    for (stable,) in run("select nspname from pg_namespace where obj_description(oid, 'pg_namespace') = 'paid in full'").fetchall():
        run(f"drop schema {identifier(stable)} cascade")
    for stable in dict.fromkeys(stable for stable, _ in tables):
        run(f"create schema {identifier(stable)}")
        run(f"comment on schema {identifier(stable)} is 'paid in full'")
    for stable, table in tables:
        inner = f"{identifier(schema)}.{identifier(f'{stable}.{table}')}"
        run(f"create view {identifier(stable)}.{identifier(table)} as select * from {inner}")
    if ("meta", "data_dictionary") in tables:
        words = run("select schema_name, table_name, column_name, description from meta.data_dictionary").fetchall()
        for stable, table, column, description in words:
            if (stable, table) in tables and description:
                place = f"{identifier(stable)}.{identifier(table)}.{identifier(column)}"
                run(f"comment on column {place} is {literal(description)}")
    found = run("select nspname from pg_namespace where starts_with(nspname, %s) order by nspname", [VERSION_PREFIX]).fetchall()
    for (old,) in found[:-kept]:
        run(f"drop schema {identifier(old)} cascade")
