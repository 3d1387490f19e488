"""What stands in quarantine, in words: the reasons with an example each, and every row. Keep out: how a row gets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: A value is shown up to so many signs.
SHOWN_SIGNS = 80


def quarantine_reasons(connection: duckdb.DuckDBPyConnection, schema: str = "raw", shown: int = 10) -> str:
    """Per entity, column and rule: how many rows, what was expected and the first value; the most frequent first, one a line."""
    rows = connection.execute(
        f"select entity, coalesce(column_name, 'the row'), rule, any_value(expected), count(*) as row_count,"
        f" arg_min(left(value, {SHOWN_SIGNS}), (path, row_number)), min((path, row_number))[1], min((path, row_number))[2]"
        f" from {schema}.quarantine group by entity, column_name, rule order by row_count desc, entity, column_name, rule"
    ).fetchall()
    lines = [
        f"  {entity}, {column}: {count:,} row{'s' if count > 1 else ''} ({rule}); expected {expected};"
        f" for example {value!r} in {path} row {number}"
        for entity, column, rule, expected, count, value, path, number in rows[:shown]
    ]
    if len(rows) > shown:
        lines.append(f"  and {len(rows) - shown} more reasons")
    return "\n".join(lines)


def quarantine_rows(connection: duckdb.DuckDBPyConnection, schema: str) -> list[tuple]:
    """Every row in quarantine and why: entity, path, row, column, rule, value, expected, the whole row as delivered."""
    return connection.execute(
        "select entity, path, row_number, coalesce(column_name, ''), rule, coalesce(value, ''), expected, coalesce(delivered_row, '')"
        f" from {schema}.quarantine order by all"
    ).fetchall()
