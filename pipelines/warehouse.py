"""The only place that opens DuckDB.

Everything that reads or writes business rows goes through :func:`connect`, so that memory, threads and extension
downloads are decided once. Keep out: SQL of any rule or KPI.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

#: Readable for every DuckDB driver from 1.1 on: BI tools ship old ones.
PUBLISHED_STORAGE_VERSION = "v1.0.0"
#: What this engine alone reads is stored in its own way: written at two thirds of the time, and no larger.
OWN_STORAGE_VERSION = "latest"


@contextmanager
def connect(
    path: Path | str = ":memory:",
    *,
    read_only: bool = False,
    memory_limit: str = "4GB",
    temp_folder: Path | None = None,
    reach: list[Path] | None = None,
    settings: dict[str, Any] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to ``path``, closed at the end of the block.

    ``memory_limit`` in DuckDB's notation; what does not fit spills to ``temp_folder``. No extension is ever downloaded.
    ``reach``: the only folders whose files statements may read or write, and no setting can be changed any more; None for
    statements that hold nothing a company or a delivery wrote. ``settings`` are made before that.
    Raises ``duckdb.IOException`` when another process writes the file.
    """
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "storage_compatibility_version": OWN_STORAGE_VERSION,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if temp_folder is not None:
        config["temp_directory"] = str(temp_folder)
    connection = duckdb.connect(str(path), read_only=read_only, config=config)
    try:
        connection.execute("set TimeZone = 'UTC'")
        for name, value in (settings or {}).items():
            connection.execute(f"set {name} = {literal(value)}")
        if reach is not None:
            folders = ", ".join(literal(folder) for folder in reach)
            connection.execute(f"set allowed_directories = [{folders}]")
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def literal(value: object) -> str:
    """``value`` as an SQL string literal, or ``null``; for statements that take no parameters."""
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
