"""``python -m tests.spark_models --seeds 3 5``: is every table that Spark makes the one that DuckDB makes, row by row?

All models of demo worlds, or of nights' build files (``--builds warehouse/<company>/kept/warehouse.duckdb``), are made by Spark in this
process, each on Spark's own results before it, and compared with DuckDB's tables as bags of rows: decimals to the last digit, doubles to
ten digits, since libraries differ in the last ones. ``--apart`` makes each model on DuckDB's tables instead, so that a difference is told
where it arises and no further. Fingerprints are other numbers on each engine and are left out. Prints what differs; ends with 1 then.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines import dbt
from pipelines.settings import Settings
from pipelines.spark.build import SOURCES, columns_in, show, statements_of, write
from pipelines.spark.session import session
from pipelines.spark.types import Columns
from pipelines.spark.writing import NotOnSparkError
from pipelines.value.estimation import create_tables, estimate
from pipelines.warehouse import identifier, literal
from tests.worlds import build_world, compiled_steps, run_rules

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: By the unique id of a model its statement for Spark, or why it has none.
Statements = dict[str, str | NotOnSparkError]
TAGS = (dbt.BEFORE_GATE, dbt.BEHIND_GATE)


@contextmanager
def made_by_duckdb(side: int | Path, months: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that holds every table: of a demo world with every error in it, by its seed, or of a build file."""
    if isinstance(side, Path):
        with duckdb.connect(str(side), read_only=True) as connection:
            yield connection
        return
    steps = {step.name: step for step in compiled_steps(tuple(node["name"] for tag in TAGS for node in dbt.in_order(tag)))}
    with build_world(side, "all", months=months) as connection:
        create_tables(connection)
        for tag in TAGS:
            if tag == dbt.BEHIND_GATE:
                estimate(connection)
            run_rules(connection, [steps[node["name"]] for node in dbt.in_order(tag)])
        yield connection


def difference(connection: duckdb.DuckDBPyConnection, node: dict, columns: dict[str, str], folder: Path) -> str:
    """What rows and columns differ, in words; empty where none do."""
    has_fingerprint = "hash(" in node["compiled_code"]
    sides = (f"{identifier(node['schema'])}.{identifier(node['name'])}", f"read_parquet({literal(f'{folder}/*.parquet')})")

    def apart(names: Iterable[str], doubles: str) -> tuple[int, int]:
        compared = ", ".join(
            f"printf('%.9e', {identifier(name)}{doubles})" if columns[name] == "DOUBLE" else f"cast({identifier(name)} as {columns[name]})"
            for name in names
        )
        one, other = (f"(select {compared} from {side})" for side in sides)
        counts = [f"(select count(*) from (from {a} except all from {b}))" for a, b in ((one, other), (other, one))]
        return connection.execute(f"select {', '.join(counts)}").fetchone()

    names = [name for name, kind in columns.items() if not (has_fingerprint and kind == "HUGEINT")]
    # Two doubles may differ in the last of their digits just where ten of them are rounded up or down; a little beside it they do not.
    if any(not any(apart(names, doubles)) for doubles in ("", " * 1.0000000003")):
        return ""
    gone, came = apart(names, "")
    where = [name for name in names if any(apart([name], ""))]
    return f"{gone} rows are DuckDB's alone, {came} Spark's; columns: {', '.join(where) or 'only together'}"


def compare(
    connection: duckdb.DuckDBPyConnection, spark: SparkSession, statements: Statements, folder: Path, apart: bool
) -> tuple[int, int]:
    """How many models are equal on both engines and how many are not; prints what differs."""
    columns = columns_in(connection)

    def offer(schema: str, table: str, engine: str) -> None:
        path = folder / engine / f"{schema}.{table}"
        if engine == "duckdb":
            write(connection, (schema, table), columns[schema][table], path)
        show(spark, (schema, table), path)

    for schema in SOURCES:
        for table in columns[schema]:
            offer(schema, table, "duckdb")
    equal = unequal = 0
    for tag in TAGS:
        for node in dbt.in_order(tag):
            name = (node["schema"], node["name"])
            statement = statements.get(node["unique_id"])
            if isinstance(statement, str):
                path = folder / "spark" / ".".join(name)
                try:
                    spark.sql(f"insert overwrite directory '{path}' using parquet {statement}")
                    words = difference(connection, node, columns[name[0]][name[1]], path)
                except Exception as error:
                    words = str(error).strip().splitlines()[0]
                equal, unequal = equal + (not words), unequal + bool(words)
                if words:
                    print(f"{'.'.join(name)}: {words}", flush=True)
            offer(*name, "spark" if isinstance(statement, str) and not apart and path.is_dir() else "duckdb")
    return equal, unequal


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.spark_models", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[], help="of demo worlds; 3 where nothing is named")
    parser.add_argument("--months", type=int, default=14, help="of each world")
    parser.add_argument("--builds", type=Path, nargs="*", default=[], help="build files of nights")
    parser.add_argument("--apart", action="store_true", help="each model on DuckDB's tables")
    parser.add_argument("--master", default="local[2]")
    chosen = parser.parse_args(arguments)
    differ = False
    # A statement follows from the columns, which worlds and companies share.
    written: tuple[Columns, Statements] = ({}, {})
    with session(Settings(engine="spark", spark_master=chosen.master)) as spark:
        for side in [*chosen.builds, *chosen.seeds] or [3]:
            with tempfile.TemporaryDirectory() as folder, made_by_duckdb(side, chosen.months) as connection:
                columns, started = columns_in(connection), time.monotonic()
                if columns != written[0]:
                    written = (columns, statements_of(columns, TAGS[0]) | statements_of(columns, TAGS[1]))
                equal, unequal = compare(connection, spark, written[1], Path(folder), apart=chosen.apart)
            differ |= bool(unequal)
            print(f"{side}: {equal} models are equal, {unequal} are not ({time.monotonic() - started:.0f} s)", flush=True)
    return int(differ)


if __name__ == "__main__":
    sys.exit(main())
