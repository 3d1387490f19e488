"""One small Spark in this process, and statements asked of both engines. Keep out: models and nights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import free_port

#: A statement -> its rows in DuckDB and in Spark.
Both = Callable[[str], tuple[list[tuple], list[tuple]]]


@pytest.fixture(scope="session")
def spark(needs_spark: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from pipelines.settings import Settings
    from pipelines.spark.session import session

    folder = tmp_path_factory.mktemp("spark")
    words = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.driver.port": str(free_port())}
    words |= {"spark.driver.host": "127.0.0.1", "spark.sql.warehouse.dir": str(folder / "warehouse")}
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in words.items()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(folder))
        # As make hands it on where it says nothing.
        patch.setenv("SPARK_REMOTE", "")
        with session(Settings(engine="spark", spark_master="local[1]")) as opened:
            yield opened


@pytest.fixture
def both(spark, tmp_path: Path) -> Both:
    """Asks both engines: ``with t (a, b) as (values ...)`` before the statement stands in a table for either, with DuckDB's types."""
    from pipelines.spark.rewrites import for_spark
    from pipelines.spark.types import known

    def ask(sql: str) -> tuple[list[tuple], list[tuple]]:
        given, _, asked = sql.partition(";")
        with duckdb.connect() as connection:
            connection.execute("create schema given; set TimeZone = 'UTC'")
            connection.execute(f"create table given.t as {given}")
            connection.execute(f"copy given.t to '{tmp_path / 't.parquet'}' (format parquet)")
            connection.execute(f"create table given.made as {asked}")
            columns: dict[str, dict[str, str]] = {}
            for table, column, kind in connection.execute(
                "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'given' order by column_index"
            ).fetchall():
                columns.setdefault(table, {})[column] = kind
            # Spark has no integer of 128 bits.
            wide = [f"cast({name} as decimal(38, 0)) as {name}" for name, kind in columns["made"].items() if kind == "HUGEINT"]
            replaced = f" replace ({', '.join(wide)})" if wide else ""
            expected = connection.execute(f"select *{replaced} from given.made").fetchall()
        spark.read.parquet(str(tmp_path / "t.parquet")).createOrReplaceTempView("given__t")
        made = spark.sql(for_spark(asked, known({"given": {"t": columns["t"]}}), columns["made"])).collect()
        expected, made = (sorted(repr(tuple(map(_plain, row))) for row in rows) for rows in (expected, made))
        return expected, made

    return ask


def _plain(value: object) -> object:
    """A row within a row as DuckDB gives it, a dictionary; and one zero."""
    if value == 0 and isinstance(value, float):
        return 0.0
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.asDict().items()} if hasattr(value, "asDict") else value
