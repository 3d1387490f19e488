"""A night makes the tables that dbt makes of the same project."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from pipelines import models
from pipelines.dbt import BEFORE_GATE, BEHIND_GATE
from pipelines.night import Night
from pipelines.settings import Settings
from tests.dbt.conftest import write_empty_night

pytestmark = pytest.mark.slow

COLUMNS = """
    select schema_name, table_name, column_name, data_type from duckdb_columns()
    where not internal order by schema_name, table_name, column_index
"""


def test_a_night_makes_what_dbt_makes(empty_build, tmp_path: Path) -> None:
    """Tables, views and seeds, their columns in their order, and types; also the rows that a night of nothing has."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    assert empty_build.success
    # The adapter keeps the file open.
    DuckDBConnectionManager.close_all_connections()
    night = Night.of(Settings(company="demo", warehouse_dir=tmp_path))
    night.start_build()
    write_empty_night(night.build_file)
    for tag in (BEFORE_GATE, BEHIND_GATE):
        assert {table.status for table in models.build(night, tag).values()} == {"success"}
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{os.environ['WAREHOUSE_BUILD_FILE']}' as of_dbt (read_only); attach '{night.build_file}' as of_night (read_only)"
        )
        made = [
            [tuple(row) for row in connection.execute(COLUMNS.replace("where", f"where database_name = '{side}' and")).fetchall()]
            for side in ("of_dbt", "of_night")
        ]
        assert made[0] == made[1]
        # A view of dbt's names the file that it was made in.
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'of_dbt' and schema_name <> 'raw' order by all"
        ).fetchall()
        assert len(tables) > 400
        for schema, table in tables:
            a, b = (f'(from {side}."{schema}"."{table}")' for side in ("of_dbt", "of_night"))
            differ = connection.execute(
                f"select (select count(*) from ({a} except all {b})) + (select count(*) from ({b} except all {a}))"
            ).fetchone()
            assert differ == (0,), f"{schema}.{table}"
