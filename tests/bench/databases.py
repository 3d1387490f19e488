"""``make bench DATABASES=10000000``: so many rows of a PostgreSQL and of a MariaDB server landed, and a server that goes away.

Prints seconds (of the clock and of a processor) and peak memory of the process that lands, the rows and the euros on both sides, and what
has landed after the server was killed half-way. Nothing is asserted. Loading what landed costs what a Parquet file of it costs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import sqlalchemy as sa

from tests.bench.runs import run
from tests.conftest import PROJECT
from tests.pipelines.sources.servers import Server, mariadb, postgresql

VARIABLE = "BENCH_DATABASE"
COMPANY = f"""
company: bench_database
name: Bench
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: delivered_on
sources:
  ledger: {{format: database, address: {VARIABLE}, table: ledger, day_query: "select '2025-01-31'",
           columns: [number, customer, issued, net, gross, changed]}}
entities:
  invoices: {{source: ledger, columns: {{invoice_id: number, document_type: "'invoice'", customer_id: customer, issued_date: issued,
              currency: "'EUR'", net_amount: net, gross_amount: gross}}}}
"""
TABLE = (
    "create table ledger (number varchar(20), customer varchar(20), issued date, net decimal(12,2), gross decimal(12,2), changed timestamp)"
)
ROWS = {
    "postgresql": "insert into ledger select n, 'C' || mod(n, 50000), date '2023-01-01' + mod(n, 700), mod(n, 100000) * 0.01,"
    " mod(n, 100000) * 0.01, timestamp '2023-01-01 00:00:00' + n * interval '1 second' from generate_series(1, {rows}) as numbers (n)",
    "mariadb": "insert into ledger select seq, concat('C', mod(seq, 50000)), date '2023-01-01' + interval mod(seq, 700) day,"
    " mod(seq, 100000) * 0.01, mod(seq, 100000) * 0.01, timestamp '2023-01-01 00:00:00' + interval seq second from seq_1_to_{rows}",
}
LAND = (
    "from pipelines.night import Night; from pipelines.settings import Settings\n"
    "landing = Night.of(Settings.from_environment()).land(lambda text: None)\n"
    "print(len(landing.deliveries), 'deliveries', *[refusal.reason for refusal in landing.refusals])"
)
#: The server is killed after so many seconds for each million rows, while they are read.
KILLED_AFTER = 2.0


def databases(rows: int) -> int:
    """Returns the exit status."""
    for name, server in (("postgresql", postgresql), ("mariadb", mariadb)):
        with server() as running, tempfile.TemporaryDirectory(prefix="bench-") as scratch:
            began = time.monotonic()
            running.run(TABLE, ROWS[name].format(rows=rows))
            print(f"\n{name}: {rows:,} rows written in {time.monotonic() - began:.0f} s", flush=True)
            _measure(running, Path(scratch), rows)
    return 0


def _measure(server: Server, folder: Path, rows: int) -> None:
    (folder / "company.yaml").write_text(COMPANY)
    given = {"COMPANY": str(folder / "company.yaml"), "WAREHOUSE_DIR": str(folder / "warehouse"), VARIABLE: server.address}
    landed = folder / "warehouse" / "bench_database" / "landed"
    print(f"  killed half-way: {_killed_half_way(server, given, max(3.0, KILLED_AFTER * rows / 1e6))}", flush=True)
    server.start()
    done = run([sys.executable, "-c", LAND], given)
    print(done.row("landed", 0.0, done.seconds))
    print(f"  {'of a processor':32}{done.processor_seconds:10.1f}")
    with sa.create_engine(server.address).connect() as connection:
        theirs = connection.execute(sa.text("select count(*), sum(gross) from ledger")).one()
    with duckdb.connect() as connection:
        ours = connection.execute(
            f"select count(*), sum(cast(gross as decimal(18, 2))) from read_parquet('{landed}/ledger/*.parquet')"
        ).fetchone()
    print(f"  rows {theirs[0]:,} and {ours[0]:,}, euros {theirs[1]:,} and {ours[1]:,}", flush=True)


def _killed_half_way(server: Server, given: dict[str, str], after: float) -> str:
    """Kills the server while it is read; returns what the process that lands said of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", LAND], cwd=PROJECT, env=dict(os.environ) | given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    time.sleep(after)
    server.kill()
    said, _ = process.communicate()
    return said.strip()
