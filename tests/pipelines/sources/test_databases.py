"""Sources that are databases: whole, by cursor, of one moment, and with a server that goes away.

SQLite here and in every quick run; PostgreSQL and MariaDB by their own servers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
import yaml

from pipelines.companies.config import load_company
from pipelines.companies.delivered import Source
from pipelines.settings import SettingsError
from pipelines.sources import databases
from tests.hostile.company import HostileCompany, document
from tests.pipelines.sources.servers import Server, mariadb, postgresql

VARIABLE = "LEDGER_DATABASE"
ROWS = "insert into ledger values ('1', 'A', '2025-01-02', 100.00, 121.00, '2025-01-02 10:00:00'),"
ROWS += "('2', 'B', '2025-01-03', 50.50, 61.11, '2025-01-03 10:00:00')"
TABLE = (
    "create table ledger (number varchar(20), customer varchar(20), issued date, net decimal(12,2), gross decimal(12,2), changed timestamp)"
)
DAY = "create table clock (day varchar(10))"


class Ledger(HostileCompany):
    """The small company with its ledger in a database; ``night`` names the day that the database stands at."""

    def __init__(self, folder: Path, run, **source) -> None:
        source = {"table": "ledger"} | source
        made = document(
            {"files": None, "delivered_on": None, "format": "database", "address": VARIABLE, "day_query": "select day from clock"}
        )
        made["sources"]["ledger"] |= source
        super().__init__(folder, made)
        self.run = run
        run(DAY, "insert into clock values ('2025-01-03')", TABLE, ROWS)

    def on(self, day: str):
        self.run(f"update clock set day = '{day}'")
        return self.night()


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "s3cret.db"
    monkeypatch.setenv(VARIABLE, f"sqlite:///{path}")

    def run(*statements: str) -> None:
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)

    return run


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def server(request) -> Iterator[Server]:
    with {"postgresql": postgresql, "mariadb": mariadb}[request.param]() as running:
        yield running


@pytest.fixture
def on_server(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv(VARIABLE, server.address)
    server.run("drop table if exists ledger", "drop table if exists clock")
    return server


def test_a_table_lands_as_a_delivery_with_its_count_and_its_day(tmp_path: Path, sqlite) -> None:
    outcome = Ledger(tmp_path, sqlite).on("2025-01-03")
    assert [(row[0], str(row[3]), str(row[4])) for row in outcome.rows] == [("1", "100.0000", "121.0000"), ("2", "50.5000", "61.1100")]
    (delivery,) = outcome.landing.deliveries
    assert (delivery.path, delivery.delivered_on, delivery.control["rows"]) == ("ledger/2025-01-03.parquet", "2025-01-03", 2)


def test_the_same_content_on_one_day_is_nothing_new_and_other_content_replaces_it(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite)
    company.on("2025-01-03")
    assert company.on("2025-01-03").landing.new_count == 0
    sqlite("update ledger set net = 99 where number = '1'")
    outcome = company.on("2025-01-03")
    assert outcome.landing.new_count == 1
    assert str(outcome.rows[0][3]) == "99.0000"
    assert len(outcome.rows) == 2


def test_a_row_that_is_gone_from_a_table_is_closed(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite)
    company.on("2025-01-03")
    sqlite("delete from ledger where number = '1'")
    assert company.on("2025-01-04").ids == ["2"]


def test_a_cursor_brings_what_changed_and_the_whole_comparison_what_it_lost(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite, cursor="changed", overlap=1)
    company.on("2025-01-03")
    sqlite(
        "insert into ledger values ('3', 'C', '2025-01-04', 1, 1.21, '2025-01-04 09:00:00')",
        "insert into ledger values ('late', 'C', '2025-01-01', 1, 1.21, '2025-01-01 09:00:00')",
        "insert into ledger values ('none', 'C', '2025-01-01', 1, 1.21, null)",
        "delete from ledger where number = '1'",
    )
    outcome = company.on("2025-01-04")
    assert outcome.ids == ["1", "2", "3"]
    assert outcome.landing.deliveries[-1].row_count == 2
    outcome = company.on("2025-01-10")
    assert outcome.ids == ["2", "3", "late", "none"]
    assert outcome.landing.deliveries[-1].cursor == {
        "mark": "2025-01-04 09:00:00", "kind": "str", "is_whole": True, "late": 1, "without_cursor": 1,
    }  # fmt: skip
    # Whether whole, the mark, rows, and what was late, without a cursor and deleted: nothing is compared before the second whole read.
    assert [row[3:] for row in outcome.tables["cursor_reads"]] == [
        (True, "2025-01-03 10:00:00", 2, None, None, None), (False, "2025-01-04 09:00:00", 2, None, None, None),
        (True, "2025-01-04 09:00:00", 4, 1, 1, 1),
    ]  # fmt: skip


def test_a_comparison_without_losses_names_none(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite, cursor="changed")
    company.on("2025-01-03")
    sqlite("insert into ledger values ('3', 'C', '2025-01-10', 1, 1.21, '2025-01-10 09:00:00')")
    assert company.on("2025-01-10").tables["cursor_reads"][-1][3:] == (True, "2025-01-10 09:00:00", 3, 0, 0, 0)


def test_a_table_that_is_read_whole_has_no_cursor_to_tell_of(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite)
    company.on("2025-01-03")
    sqlite("delete from ledger where number = '1'")
    assert company.on("2025-01-10").tables["cursor_reads"] == []


def test_a_row_of_the_far_future_does_not_move_the_mark(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite, cursor="changed")
    sqlite("insert into ledger values ('9', 'C', '2025-01-03', 1, 1.21, '2035-01-03 09:00:00')")
    assert company.on("2025-01-03").landing.deliveries[-1].cursor["mark"] == "2025-01-03 10:00:00"


def test_an_emptied_table_is_not_accepted_unconfirmed_with_a_cursor_either(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite, cursor="changed")
    company.on("2025-01-03")
    sqlite("delete from ledger")
    (full,) = company.on("2025-01-10").tables["full_deliveries"]
    assert full[2:4] == (0, 2)
    assert not full[5]


def test_taking_a_delivery_back_reads_all_again(tmp_path: Path, sqlite) -> None:
    from pipelines.sources.deliveries import withdraw

    company = Ledger(tmp_path, sqlite, cursor="changed", overlap=0)
    company.on("2025-01-03")
    sqlite("insert into ledger values ('3', 'C', '2025-01-04', 1, 1.21, '2025-01-04 09:00:00')")
    company.on("2025-01-04")
    withdraw(company.landed, company.data, company.company().all_sources(), "ledger/2025-01-04.parquet", "wrong")
    assert company.on("2025-01-05").ids == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"table": "ledgers"}, "no such table"),
        ({"columns": ["number", "customer", "issued", "net", "grosz"]}, "header lacks grosz"),
        ({"cursor": "altered"}, "there is no column 'altered'"),
        ({"table": None, "query": "select * from ledger where"}, "syntax error"),
        ({"day_query": "select 'Monday'"}, "day_query gave no day"),
    ],
)
def test_what_is_wrong_in_the_declaration_refuses_that_source(tmp_path: Path, sqlite, source: dict, said: str) -> None:
    company = Ledger(tmp_path, sqlite)
    company.document["sources"]["ledger"] |= source
    (refusal,) = company.night().landing.refusals
    assert said in refusal.reason
    assert "s3cret" not in refusal.reason


def test_nothing_is_written_to_the_database(tmp_path: Path, sqlite) -> None:
    company = Ledger(tmp_path, sqlite)
    company.document["sources"]["ledger"] |= {"table": None, "query": "with x as (select 1) delete from ledger"}
    assert company.night().landing.refusals
    company.document["sources"]["ledger"] |= {"table": "ledger", "query": None}
    assert company.on("2025-01-03").ids == ["1", "2"]


def test_an_address_is_never_shown(tmp_path: Path, sqlite, monkeypatch: pytest.MonkeyPatch) -> None:
    company = Ledger(tmp_path, sqlite)
    for address in ("nonsense s3cret", "nosuch://me:s3cret@host/x", "postgresql://me:s3cret@host:port/x"):
        monkeypatch.setenv(VARIABLE, address)
        with pytest.raises(SettingsError, match=VARIABLE) as raised:
            company.night()
        assert "s3cret" not in str(raised.value)
    monkeypatch.setenv(VARIABLE, f"sqlite:///{tmp_path}/s3cret/absent.db")
    (refusal,) = company.night().landing.refusals
    assert "s3cret" not in refusal.reason
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(SettingsError, match=f"{VARIABLE} is not set"):
        company.night()
    made = document({"files": None, "delivered_on": None, "format": "database", "table": "ledger", "address": "sqlite:///s3cret.db"})
    path = tmp_path / "company.yaml"
    path.write_text(yaml.safe_dump(made), encoding="utf-8")
    with pytest.raises(SettingsError, match="address") as raised:
        load_company(path)
    assert "s3cret" not in str(raised.value)


def test_a_server_that_goes_away_lands_nothing_and_the_next_night_is_whole(tmp_path: Path, sqlite, monkeypatch) -> None:
    company = Ledger(tmp_path, sqlite)
    streamed = databases._Table._stream

    def cut_off(self, *arguments):
        streamed(self, *arguments)
        raise sa.exc.OperationalError("select", {}, ConnectionError("server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(databases._Table, "_stream", cut_off)
        landing = company.night().landing
    assert landing.deliveries == []
    assert "did not answer to the end" in landing.refusals[0].reason
    assert company.on("2025-01-03").ids == ["1", "2"]


# ------------------------------------------------------------------------------------------------------- real servers
@pytest.mark.slow
def test_servers_are_read_exactly(tmp_path: Path, on_server: Server) -> None:
    company = Ledger(tmp_path, on_server.run, cursor="changed", overlap=1)
    outcome = company.on("2025-01-03")
    assert outcome.refused == {}
    assert [(*row[:2], str(row[2]), str(row[3]), str(row[4])) for row in outcome.rows] == [
        ("1", "A", "2025-01-02", "100.0000", "121.0000"),
        ("2", "B", "2025-01-03", "50.5000", "61.1100"),
    ]
    on_server.run("insert into ledger values ('3', 'C', '2025-01-04', 1, 1.21, '2025-01-04 09:00:00')")
    on_server.run("insert into ledger values ('late', 'C', '2025-01-01', 1, 1.21, '2025-01-01 09:00:00')")
    outcome = company.on("2025-01-04")
    assert (outcome.ids, outcome.landing.deliveries[-1].row_count) == (["1", "2", "3"], 3)
    outcome = company.on("2025-01-10")
    assert outcome.ids == ["1", "2", "3", "late"]
    assert outcome.landing.deliveries[-1].cursor["late"] == 1


@pytest.mark.slow
def test_servers_are_read_of_one_moment_and_not_written(on_server: Server) -> None:
    on_server.run(TABLE, ROWS)
    with databases.snapshot(VARIABLE, on_server.address) as connection:
        count = sa.text("select count(*) from ledger")
        assert connection.execute(count).scalar() == 2
        on_server.run("insert into ledger values ('3', 'C', '2025-01-04', 1, 1.21, '2025-01-04 09:00:00')")
        assert connection.execute(count).scalar() == 2
        with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read.only"):
            connection.exec_driver_sql("insert into ledger values ('4', 'C', '2025-01-04', 1, 1.21, '2025-01-04 09:00:00')")


@pytest.mark.slow
def test_a_server_that_dies_in_the_middle(tmp_path: Path, on_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    company = Ledger(tmp_path, on_server.run)
    monkeypatch.setattr(databases, "BATCH_ROWS", 1_000)
    numbers = ", ".join(f"('{number}', 'A', '2025-01-02', 1, 1.21, '2025-01-02 10:00:00')" for number in range(100, 60_000))
    on_server.run(f"insert into ledger values {numbers}")
    text = databases._Table._text
    calls = []

    def dies(self, *arguments):
        calls.append(arguments)
        if len(calls) == 30:
            on_server.kill()
        return text(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(databases._Table, "_text", dies)
        landing = company.night().landing
    assert len(calls) >= 30
    on_server.start()
    assert landing.deliveries == []
    assert "did not answer to the end" in landing.refusals[0].reason
    assert "127.0.0.1" not in landing.refusals[0].reason
    assert len(company.on("2025-01-03").ids) == 59_902


def test_numbers_among_texts_are_written_in_the_declared_notation(tmp_path: Path, sqlite) -> None:
    """A database without types holds both in one column: 1.234 as it stands is a thousand where the point is a thousands sign."""
    company = Ledger(tmp_path, sqlite)
    company.document["notation"] = {"decimal_sign": ",", "thousands_sign": "."}
    sqlite("delete from ledger", "drop table ledger", TABLE.replace("decimal(12,2)", "blob"))
    rows = (("1", 1.234), ("2", "'1,25'"), ("3", 1234), ("4", "'1.234,5'"), ("5", "x'432d35'"))
    sqlite(*(f"insert into ledger values ('{number}', 'A', '2025-01-02', {net}, 1, '2025-01-02')" for number, net in rows))
    outcome = company.on("2025-01-03")
    assert [str(row[3]) for row in outcome.rows] == ["1.2340", "1.2500", "1234.0000", "1234.5000"]
    assert [item[:3] for item in outcome.quarantine] == [("net_amount", "not_a_amount", "C-5")]


@pytest.mark.slow
def test_values_that_python_does_not_know_come_as_the_text_that_they_are(tmp_path: Path, on_server: Server) -> None:
    """Days without end, days of zeros, numbers beyond 38 digits: common in a ledger, and one of them lost the whole address."""
    on_server.run("drop table if exists odd")
    if on_server.address.startswith("postgresql"):
        on_server.run(
            "create table odd (number int, until date, at timestamptz, flag boolean, big numeric(60,2), changed timestamp)",
            "insert into odd values (1, '2025-01-01', '2025-03-30 02:30:00+01', true, 12345678901234567890123456789012345678901.5, "
            "'2025-01-02 10:00:00'), (2, 'infinity', '-infinity', false, null, '-infinity')",
        )
        expected = [
            ("1", "2025-01-01", "2025-03-30 01:30:00+00", "true", "12345678901234567890123456789012345678901.50"),
            ("2", "infinity", "-infinity", "false", None),
        ]
    else:
        on_server.run(
            "create table odd (number int, until date, at datetime, flag bit(1), big decimal(65,2), changed datetime)",
            "set sql_mode = ''",
            "insert into odd values (1, '2025-01-01', '2025-03-30 02:30:00', b'1', 12345678901234567890123456789012345678901.5, "
            "'2025-01-02 10:00:00'), (2, '0000-00-00', '0000-00-00 00:00:00', b'0', null, '0000-00-00 00:00:00')",
        )
        expected = [
            ("1", "2025-01-01", "2025-03-30 02:30:00", "1", "12345678901234567890123456789012345678901.50"),
            ("2", "0000-00-00", "0000-00-00 00:00:00", "0", None),
        ]
    columns = ["number", "until", "at", "flag", "big"]
    given = {"format": "database", "address": VARIABLE, "table": "odd", "day_query": "select date '2025-01-03'", "columns": columns}
    source = Source.model_validate(given | {"cursor": "changed"})
    reads, refusals = databases.read_databases({"odd": source}, lambda name: [], tmp_path / "landed", tmp_path, lambda text: None)
    assert refusals == []
    rows = sorted(tuple(row[name] for name in columns) for row in pq.read_table(reads["odd"].path).to_pylist())
    assert rows == expected
    assert reads["odd"].cursor["mark"] == "2025-01-02 10:00:00"
