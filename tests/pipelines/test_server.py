"""The published set in PostgreSQL: the file's tables, switched in one step under readers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pipelines.assets.server import publish_to_server
from pipelines.settings import SettingsError
from pipelines.warehouse import connect
from tests.pipelines.sources.servers import Server, postgresql

pytestmark = pytest.mark.slow
TABLES = ("kpi.figures", "receivables.open", "meta.data_dictionary")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgresql() as running:
        yield running


def _published(folder: Path, number: int) -> Path:
    """A small file as a night publishes it; every row says its version, and one column more comes with each."""
    path = folder / f"{number}.duckdb"
    with connect(path) as connection:
        for schema in ("kpi", "receivables", "meta"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            f"create table kpi.figures as select {number} as version, i as place, cast(i as decimal(18,4)) / 8 as share,"
            " cast(1234.5678 as decimal(18,4)) as amount, case when i % 3 = 0 then null when i % 3 = 1 then '' else 'a \"b\", c\n\\N' end"
            f" as words, date '2025-01-31' as day, ['x', 'y'] as several, i % 2 = 0 as flag, 1 as extra_{number} from range(50) r(i)"
        )
        connection.execute(f"create table receivables.open as select {number} as version, i as place from range(20) r(i)")
        connection.execute(
            "create table meta.data_dictionary as select 'kpi' as schema_name, 'figures' as table_name, 'amount' as column_name,"
            " 'What is owed, in euros; it''s exact.' as description"
        )
    return path


def _address(server: Server) -> str:
    return server.address.replace("+psycopg", "")


def test_the_tables_are_those_of_the_file(tmp_path: Path, server: Server) -> None:
    path = _published(tmp_path, 1)
    publish_to_server("BI", server.address, path, "000001", 2)
    with connect(path, read_only=True) as file, psycopg.connect(_address(server)) as database:
        for table in TABLES:
            rows = file.execute(f"select * from {table} order by 1, 2").fetchall()
            rows = [tuple("[x, y]" if isinstance(value, list) else value for value in row) for row in rows]
            assert database.execute(f"select * from {table} order by 1, 2").fetchall() == rows
        (comment,) = database.execute(
            "select col_description('kpi.figures'::regclass, ordinal_position) from information_schema.columns"
            " where table_schema = 'kpi' and column_name = 'amount'"
        ).fetchone()
        assert comment == "What is owed, in euros; it's exact."


def test_readers_see_one_set_while_versions_switch_and_old_ones_go(tmp_path: Path, server: Server) -> None:
    publish_to_server("BI", server.address, _published(tmp_path, 1), "000001", 2)
    seen: list[tuple[int, int]] = []
    broken: list[Exception] = []
    stop = threading.Event()

    def read() -> None:
        with psycopg.connect(_address(server)) as connection:
            while not stop.is_set():
                try:
                    with connection.transaction():
                        (first,) = connection.execute("select max(version) from kpi.figures").fetchone()
                        (second,) = connection.execute("select min(version) from receivables.open").fetchone()
                    seen.append((first, second))
                except psycopg.Error as error:
                    broken.append(error)
                stop.wait(0.002)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(2, 12):
            publish_to_server("BI", server.address, _published(tmp_path, number), f"{number:06d}", 2)
            while len(seen) < (number - 1) * 100 and not broken:
                stop.wait(0.01)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert broken == []
    assert len(seen) >= 1000
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert len({first for first, _ in seen}) > 9
    with psycopg.connect(_address(server)) as database:
        left = database.execute("select nspname from pg_namespace where nspname like 'version %' order by 1").fetchall()
    assert left == [("version 000010",), ("version 000011",)]


def test_an_address_that_does_not_answer_is_named_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BI: the database cannot be reached") as raised:
        publish_to_server("BI", "postgresql://me:s3cret@127.0.0.1:1/x", _published(tmp_path, 1), "000001", 2)
    assert "s3cret" not in str(raised.value)
