"""What the session settles beside the figures. Keep out: figures (``test_rewrites.py``)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("rows", "is_sent_whole"), [(2_000, True), (400_000, False)])
def test_a_table_is_taken_for_as_large_as_its_rows(spark, tmp_path: Path, rows: int, is_sent_whole: bool) -> None:
    """Files of months and of numbers in a row are a tenth of what they are in memory; a server that sends ten such has no room left."""
    with duckdb.connect() as connection:
        months = ", ".join(f"date '2025-01-01' + to_months(cast(i // 20000 as integer)) as month_{n}" for n in range(8))
        connection.execute(f"copy (select i, {months} from range({rows}) as r (i)) to '{tmp_path / 't.parquet'}' (format parquet)")
    assert (tmp_path / "t.parquet").stat().st_size < 2_000_000
    spark.read.parquet(str(tmp_path / "t.parquet")).createOrReplaceTempView("months")
    plan = spark.sql("explain select * from months as one inner join months as other on one.i = other.i").collect()[0][0]
    assert ("BroadcastHashJoin" in plan) is is_sent_whole, plan
