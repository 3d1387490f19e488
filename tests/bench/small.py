"""``make bench SMALL=1``: what a night costs before its data do, so that it can be watched.

A company of one invoice, the 2,466 invoices of ibm_receivables, the demo company without and with its book. Each is run a few
times for its seconds and the processor seconds of its whole process tree, and once more with the engine's own query log for its
statements. Nothing is asserted.
"""

from __future__ import annotations

import csv
import re
import statistics
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

from tests.bench.runs import Run, run, steps_of, told_by_dagster
from tests.conftest import SHARED_DATA

RUNS = 3
ONE_INVOICE = """
company: one_invoice
name: One invoice
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: invoices.issued_date
sources: {ledger: {files: "ledger.csv", columns: [number, customer, issued, due, net]}}
entities:
  invoices:
    source: ledger
    columns:
      invoice_id: number
      document_type: "'invoice'"
      customer_id: customer
      issued_date: issued
      due_date: due
      currency: "'EUR'"
      net_amount: net
      gross_amount: net
"""
# A statement of the night can be longer than the reader allows of its own accord.
csv.field_size_limit(sys.maxsize)
#: The night with a query log of its engine; a connection of another process has none.
LOGGED = """
import sys, duckdb
connect = duckdb.connect
def logged(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.execute(f"call enable_logging('QueryLog', storage='file', storage_config={{'path': '{sys.argv[1]}'}})")
    return connection
if __name__ == "__main__":
    duckdb.connect = logged
    from pipelines.nightly import main
    sys.exit(main([]))
"""


def small_nights() -> int:
    """Prints a table per night; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="small-") as scratch:
        folder = Path(scratch)
        (folder / "one_invoice.yaml").write_text(ONE_INVOICE)
        (folder / "ledger.csv").write_text("number,customer,issued,due,net\n1,7,2025-01-02,2025-02-01,100.00\n")
        (folder / "logged.py").write_text(LOGGED)
        _night("one invoice", folder, COMPANY=str(folder / "one_invoice.yaml"), DATA_DIR=str(folder), BOOK="none")
        if SHARED_DATA.is_dir():
            _night("ibm_receivables", folder, COMPANY="ibm_receivables", DATA_DIR=str(SHARED_DATA), BOOK="none")
        else:
            print("\nibm_receivables: not run, its data set is not beside the checkout (../shared/data)")
        _night("demo without book", folder, COMPANY="demo", DATA_DIR="", BOOK="none")
        _night("demo with book", folder, COMPANY="demo", DATA_DIR="", BOOK="full")
    return 0


def _night(name: str, folder: Path, **given: str) -> None:
    """Prints what the night costs that builds all of it, and the one that finds no new delivery."""
    given = {"REPORT_DATE": "", "KNOWN_BY": "", "WAREHOUSE_DIR": str(folder / "warehouse"), **given}
    command = [sys.executable, "-m", "pipelines.nightly"]
    # The first lands the deliveries and generates the demo's; it is not counted.
    run(command, given)
    for words, full in (("all of it", "1"), ("without a delivery", "")):
        environment = {**given, "FULL": full}
        runs = [run(command, environment) for _ in range(RUNS)]
        events, tables = told_by_dagster(folder / "warehouse" / Path(given["COMPANY"]).stem)
        log = folder / "queries"
        logged = run([sys.executable, str(folder / "logged.py"), str(log)], {**environment, "PYTHONPATH": "."})
        statements = _statements(log, logged)
        kinds = ", ".join(f"{count:,} {kind.lower()}" for kind, count in sorted(events.items(), key=lambda item: -item[1])[:5])
        print(f"\n{name}, {words}: median of {RUNS}")
        print(f"  {len(tables)} dbt nodes, {sum(events.values()):,} events ({kinds}), {sum(statements.values()):,} statements")
        print(f"  {'':32}{'seconds':>10}{'statements':>12}")
        for step in [step for step, _, _ in steps_of(runs[0])]:
            seconds = statistics.median(end - begin for one in runs for other, begin, end in steps_of(one) if other == step)
            print(f"  {step:32}{seconds:10.1f}{statements[step]:12,}")
        whole = statistics.median(one.seconds for one in runs)
        processor = statistics.median(one.processor_seconds for one in runs)
        print(f"  {'the night':32}{whole:10.1f}{'':12}{processor:10.1f} processor seconds, {max(one.peak() for one in runs):.2f} GB")


def _statements(log: Path, logged: Run) -> Counter[str]:
    """Statements per step; a statement belongs to the step that had begun last."""
    counts: Counter[str] = Counter()
    steps = list(steps_of(logged))
    for path in log.glob("*_entries.csv"):
        with path.open(newline="", encoding="utf-8", errors="replace") as rows:
            for row in csv.DictReader(rows):
                if not re.match(r"\d{4}-", row["timestamp"] or ""):
                    continue
                at = datetime.fromisoformat(row["timestamp"]).timestamp() - logged.began
                counts[next((name for name, begin, end in reversed(steps) if at >= begin), steps[0][0])] += 1
        path.unlink()
    return counts
