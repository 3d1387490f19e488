"""Small companies made by SQL, and single models of the project run on them: what an estimate says of a truth that is planted.

A world costs milliseconds, so that two hundred of them can show how often an interval holds the truth. Keep out: the rules of the
models (dbt's unit tests).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import duckdb

from tests.worlds import Step, compiled_steps, run_rules


@cache
def _step(model: str) -> Step:
    return next(step for step in compiled_steps((model,)) if step.name == model)


def build(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Builds ``models`` on the tables that stand in ``connection``, in the order that is given."""
    run_rules(connection, map(_step, models), kind="table")


def put(connection: duckdb.DuckDBPyConnection, model: str, sql: str) -> None:
    """A table in the place of ``model``, which is not built."""
    run_rules(connection, [replace(_step(model), sql=sql)], kind="table")


def uniform(*keys: object) -> str:
    """SQL of a number in [0, 1) that hangs on the columns and constants of ``keys`` alone: no generator, the same on every machine.

    Hashed twice: the engine mixes the last key in by an exclusive or, and draws of two constants would not be independent."""
    return f"((hash(hash({', '.join(str(key) for key in keys)})) >> 11)::double / 9007199254740992)"
