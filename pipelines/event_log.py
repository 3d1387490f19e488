"""Dagster's event log with its connections kept and without announcements; named in ``dagster.yaml``.

Dagster's own SQLite storage makes an engine, connects, and disposes of it for each event: 43 of 108 seconds of a profiled
night of 2,620 events (2 cores, 2026-11; the same is told of other storages in Dagster's issue 33831). No setting changes that.
A third of the events announce what a run intends. When the run then fails, the UI reads "failed" for each table and check that
was announced and not reached: one culprit among 900. They are not stored, and what a blocked night did not reach keeps the
outcome of the last night that did. Files, tables and statements stay Dagster's: a night can be read by a stock storage, and the
other way round. Keep out: what is logged.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
import sqlalchemy as db
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

#: Files that are kept open at once: the index and the runs that are looked at. A web server sees many runs.
KEPT_FILES = 8
ANNOUNCEMENTS = {dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED}


class KeptEventLogStorage(SqliteEventLogStorage):
    """SQLite files per run as in Dagster, one kept connection to each of the last ``KEPT_FILES``.

    Overrides ``_connect`` and what removes files below it, and keeps the answer to which tables and columns there are, which
    Dagster asks of the file again for every check (2 of 25 seconds); a test fails when Dagster stops going through them.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: OrderedDict[str, db.Engine] = OrderedDict()
        self._known: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"dagster_home": dg.StringSource}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> KeptEventLogStorage:
        """The log in Dagster's own place below its home."""
        return cls(os.path.join(config_value["dagster_home"], "history", "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[db.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def store_event(self, event: EventLogEntry) -> None:
        if event.dagster_event is None or event.dagster_event.event_type not in ANNOUNCEMENTS:
            super().store_event(event)

    def has_table(self, table_name: str) -> bool:
        """Whether the index holds the table; one that was there stays."""
        return self._once(f"table {table_name}", lambda: super(KeptEventLogStorage, self).has_table(table_name))

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of asset keys has the column; one that was there stays."""
        return self._once(f"column {column_name}", lambda: super(KeptEventLogStorage, self).has_asset_key_col(column_name))

    def _once(self, what: str, ask: Callable[[], bool]) -> bool:
        if what not in self._known and ask():
            self._known.add(what)
        return what in self._known

    def _engine(self, shard: str) -> db.Engine:
        engine = self._kept.pop(shard, None)
        if engine is None:
            # The lock above lets one thread in at a time, not always the same.
            engine = db.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=db.StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            # With write-ahead logging the file survives a killed process; a power cut may cost the last events, not the file.
            db.event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal"))
        self._kept[shard] = engine
        while len(self._kept) > KEPT_FILES:
            self._kept.popitem(last=False)[1].dispose()
        return engine

    def _forget(self) -> None:
        with self._db_lock:
            while self._kept:
                self._kept.popitem()[1].dispose()

    def wipe(self) -> None:
        self._forget()
        super().wipe()

    def dispose(self) -> None:
        self._forget()
        super().dispose()
