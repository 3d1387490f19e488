"""Small histories of a company as rows per entity, built by the compiled models: receivables without a whole night.

Keep out: what is expected of them (the tests), and whole nights (``tests/end_to_end``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.sources.contracts import load_contracts
from pipelines.value.estimation import create_tables
from tests import worlds

#: Rows per entity, each with the contract's columns; ``known_date`` is the day on which a row is delivered.
History = dict[str, list[dict]]


@contextmanager
def built(
    history: History, report_date: date, known_by: date, targets: tuple[str, ...], held_out: Iterable[tuple[str, str]] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the models of ``targets``, from the rows known by a day, for a report date; values may be text.

    ``held_out`` names documents (kind, id) that are held out instead of those that the rules find.
    """
    with duckdb.connect() as connection:
        connection.execute("create schema demo")
        for entity, delivered in history.items():
            contract = load_contracts()[entity]
            columns = [column.name for column in contract.columns]
            types = ", ".join(f'"{column.name}" {column.engine_type}' for column in contract.columns)
            connection.execute(f"create table demo.{entity} ({types})")
            rows = [[row.get(name) for name in columns] for row in delivered if row.get("known_date", known_by) <= known_by]
            if rows:
                names, marks = ", ".join(columns), ", ".join("?" * len(columns))
                connection.executemany(f"insert into demo.{entity} ({names}) values ({marks})", rows)
        worlds.fill_raw(connection, report_date.isoformat())
        create_tables(connection)
        steps = worlds.compiled_steps(targets)
        if held_out is not None:
            named = ", ".join(f"('{kind}', '{name}', 'named')" for kind, name in held_out) or "(null, null, null)"
            sql = f"select * from (values {named}) as held (document_kind, document_id, held_out_reason) where document_id is not null"
            steps = tuple(replace(step, sql=sql) if step.name == "int_held_out_documents" else step for step in steps)
        worlds.run_rules(connection, steps)
        yield connection


def read_history(folder: Path) -> History:
    """The rows of a delivery in the contracts' own columns: ``<entity>_<day>.csv`` per entity; an empty field is no value."""
    import csv

    history: History = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(text)]
        history.setdefault(path.stem.rpartition("_")[0], []).extend(rows)
    return history
