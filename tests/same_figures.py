"""``python -m tests.same_figures A B``: are the published tables of two warehouses equal, to the last digit?

``A`` and ``B`` are folders as ``WAREHOUSE_DIR`` names them; every company that both have published is compared, table by table, as bags of
rows. What says when and by which run a row was made is left out. Prints the tables that
differ, with the number of rows on either side that the other lacks; ends with 1 where there are any.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

#: When, by which run and after which publication: of a night, not of its figures.
OF_A_NIGHT = {"meta.publication", "meta.source_deliveries", "meta.kpi_restatements"}


def tables(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, list[tuple[str, str]]]:
    """``schema.table`` -> (column, type) of the tables that are compared."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and column_name <> 'run_id' order by schema_name, table_name, column_index",
        [side],
    ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        if table not in OF_A_NIGHT:
            found.setdefault(table, []).append((column, kind))
    return found


def differences(first: Path, second: Path) -> list[str]:
    """One line per table of two published warehouses that is not the same in both."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{first}' as a (read_only); attach '{second}' as b (read_only)")
        left, right = tables(connection, "a"), tables(connection, "b")
        told = [
            f"{table}: in one of them only, with other columns, or with them in another order"
            for table in left.keys() | right.keys()
            if left.get(table) != right.get(table)
        ]
        for table in sorted(left.keys() & right.keys()):
            if left[table] == right[table]:
                columns = ", ".join(f'"{column}"' for column, _ in left[table])
                a, b = (f"select {columns} from {side}.{table}" for side in "ab")
                ((gone, came),) = connection.execute(
                    f"select (select count(*) from ({a} except all {b})), (select count(*) from ({b} except all {a}))"
                ).fetchall()
                if gone or came:
                    told.append(f"{table}: {gone} rows are in the first alone, {came} in the second")
        return sorted(told)


def main(arguments: list[str] | None = None) -> int:
    first, second = (Path(folder) for folder in arguments or sys.argv[1:])
    differ = 0
    for published in sorted(first.glob("*/published/kpis.duckdb")):
        company = published.parts[-3]
        other = second / company / "published" / "kpis.duckdb"
        if other.exists():
            told = differences(published.resolve(), other.resolve())
            differ += len(told)
            print("\n".join([f"{company}: {len(told)} tables differ", *(f"  {line}" for line in told)]))
    return int(differ > 0)


if __name__ == "__main__":
    raise SystemExit(main())
