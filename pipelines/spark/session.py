"""A session on the cluster; the only importer of pyspark.

How many cores and how much memory the cluster has, and in how many parts it works, is said where the cluster is: ``spark-defaults.conf``.
Here stands what the figures depend on, and what follows from how tables are kept and nights told. Keep out: what is run.
"""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Where a Connect server listens unless its address says otherwise.
CONNECT_PORT = 15002
#: Settings on which the figures depend.
FIGURES = {
    # A product of decimals keeps its places; otherwise two models were a cent off.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # What overflows or cannot be read as a number stops the night, as in DuckDB, and a decimal is written without an exponent.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # The models end their own recursions.
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
    # It makes an invalid plan of a union whose one side names a column twice (pyspark 4.3.0).
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
}
#: What they do not depend on.
BESIDES = {
    # Spark takes a table for as large as its files and sends what it takes for small (10 MB) to every worker, whole. Rows in memory
    # are 6 to 23 times their files, in the middle of the larger tables 9 (1,000,000 invoice lines, 2026-11): a server of 3 GB had no
    # room left for what it was about to send.
    "spark.sql.sources.fileCompressionFactor": "10",
    # What went wrong is said, and not the 300 lines of where in Spark: they stand in the server's log.
    "spark.sql.connect.serverStacktrace.enabled": "false",
}


@contextmanager
def session(settings: Settings) -> Iterator[SparkSession]:
    """A session with the server or master that ``settings`` name, ended with the block. Raises SettingsError where none answers."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError("ENGINE=spark: pyspark is not installed; `make spark` installs what it needs") from None
    where = settings.spark_remote or settings.spark_master
    builder = SparkSession.builder.appName(f"paid-in-full {settings.company}")
    if settings.spark_remote:
        # Read by pyspark itself too, when dbt's adapter asks for the session that is there.
        os.environ["SPARK_REMOTE"] = settings.spark_remote
        # Which asks for a catalogue that no server gives to a session, and that no table needs.
        warnings.filterwarnings("ignore", "Failed to set spark.sql.catalogImplementation")
        builder = builder.remote(settings.spark_remote)
    else:
        # Also where it says nothing, as make hands it on: for pyspark a server and a master are then both named.
        os.environ.pop("SPARK_REMOTE", None)
        builder = builder.master(settings.spark_master)
    for name, value in (FIGURES | BESIDES).items():
        builder = builder.config(name, value)
    try:
        if settings.spark_remote:
            _knock(settings.spark_remote)
        opened = builder.getOrCreate()
        if settings.spark_remote:
            _wait_less(opened)
        opened.sql("select 1").collect()
    except Exception as error:
        raise SettingsError(f"{where}: no Spark answers there ({_first_line(error)})") from None
    try:
        yield opened
    finally:
        with suppress(Exception):
            opened.stop()


def _knock(remote: str) -> None:
    """Raises OSError where nobody listens: the client itself would try for ten minutes."""
    address = urlsplit(remote)
    socket.create_connection((address.hostname, address.port or CONNECT_PORT), timeout=10).close()


def _wait_less(opened: SparkSession) -> None:
    """A connection that breaks is tried for a quarter of a minute instead of ten: with the server the session's tables are gone."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    opened.client.set_retry_policies([DefaultPolicy(max_retries=5)])


def is_there(opened: SparkSession) -> bool:
    """Whether the cluster still answers."""
    try:
        return opened.sql("select 1").collect()[0][0] == 1
    except Exception:
        return False


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
