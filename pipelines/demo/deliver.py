"""Writes a demo company's deliveries: one opening file per entity, then one file per entity and day that has rows.

The same settings give the same bytes. Keep out: what the rows are (``generator.py``, ``entities.py``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb

from pipelines.demo.generator import DemoSettings, create_deliveries, generate
from pipelines.sources.contracts import Contract, load_contracts
from pipelines.warehouse import connect

COPY_OPTIONS = {"csv": "(format csv, header true)", "parquet": "(format parquet, compression zstd)"}


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, file_format: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    con.execute(f"copy ({query}) to '{str(path).replace(chr(39), chr(39) * 2)}' {COPY_OPTIONS[file_format]}")


def _write_entity(con: duckdb.DuckDBPyConnection, contract: Contract, folder: Path, settings: DemoSettings) -> int:
    """The files of one entity; returns the number of rows written."""
    columns = ", ".join(
        f'strftime("{c.name}", \'%Y-%m-%d %H:%M:%S\') as "{c.name}"'
        if c.type == "timestamp" and settings.file_format == "csv"
        else f'"{c.name}"'
        for c in contract.columns
    )
    key = ", ".join(f'"{name}"' for name in contract.key)
    opening_day = settings.last_date - timedelta(days=settings.daily_days)
    target = folder / contract.name
    suffix = settings.file_format

    rows = 0
    path = target / f"{contract.name}_{opening_day}.{suffix}"
    _copy(con, f'select {columns} from delivered."{contract.name}_opening" order by {key}', path, suffix)
    con.execute(f'create or replace temp table daily as from delivered."{contract.name}_daily" order by delivered_on, {key}')
    for day, count in con.execute("select delivered_on, count(*) from daily group by all order by all").fetchall():
        path = target / f"{contract.name}_{day}.{suffix}"
        _copy(con, f"select {columns} from daily where delivered_on = date '{day}' order by {key}", path, suffix)
        rows += count
    return rows


def deliver(folder: Path, settings: DemoSettings, *, report: Callable[[str], None] | None = None) -> None:
    """Writes ``<folder>/<entity>/<entity>_<day>.<csv|parquet>``; what was planted is the entity ``known_errors``.

    Everything is written into a folder beside the target and renamed at the end, so that a killed run leaves no half
    company. Raises FileExistsError where the folder exists and is not empty.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: remove it, or deliver elsewhere")
    say = report or (lambda text: None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    spill = building / ".spill"
    try:
        with connect(memory_limit=settings.memory_limit, temp_folder=spill) as con:
            generate(con, settings)
            create_deliveries(con)
            say(f"generated {con.execute('select count(*) from work.document_lines').fetchone()[0]:,} invoice lines")
            for contract in load_contracts().values():
                rows = _write_entity(con, contract, building, settings)
                say(f"{contract.name}: opening and {rows:,} daily rows")
        shutil.rmtree(spill, ignore_errors=True)
        building.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        os.replace(building, folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
