"""``python -m tests.bench``: one night at a size of your choice, beside the same marts as one plain DuckDB script.

Prints seconds per step, the slowest models, and the peak memory of both. Nothing is asserted: speed is looked at, not tested.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import PROJECT

COMPANY = """
company: bench
name: Bench
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: delivered_on
contract_files: "{entity}/{entity}_*.parquet"
contract_format: parquet
contract_delivered_on: '_(\\d{4}-\\d{2}-\\d{2})\\.parquet$'
"""
PLAIN = Path(__file__).with_name("plain.sql")
STEP = re.compile(r"^\s+([\d.]+) s\s+(\S.*)$")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="keep the deliveries and the warehouse here, and use deliveries that are there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = options.folder or Path(scratch)
        deliveries = folder / "deliveries"
        if not deliveries.is_dir():
            generate(deliveries, options.lines)
        plain_seconds, plain_memory = run_plain(deliveries)
        night_seconds, night_memory = run_night(deliveries, folder)
    print(f"\n{'':30}{'seconds':>10}{'peak memory':>14}")
    print(f"{'plain DuckDB script':30}{plain_seconds:10.1f}{plain_memory:11.2f} GB")
    print(f"{'the night':30}{night_seconds:10.1f}{night_memory:11.2f} GB")
    print(f"{'ratio':30}{night_seconds / plain_seconds:10.1f}")
    return 0


def measured(command: list[str], environment: dict[str, str]) -> tuple[list[tuple[float, str]], float, float]:
    """Runs a command; (second, line) of what it printed, seconds, and the peak memory of its largest process in GB."""
    started = time.monotonic()
    lines = []
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        lines.append((time.monotonic() - started, line.rstrip()))
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        print("\n".join(line for _, line in lines[-15:]))
        raise SystemExit(f"{command[-1]} ended with {os.waitstatus_to_exitcode(status)}")
    # Of the process or the largest of its children, whichever took more.
    return lines, time.monotonic() - started, usage.ru_maxrss / 1024**2


def generate(folder: Path, lines: int) -> None:
    customers = max(400, lines // 250)
    command = [sys.executable, "-m", "pipelines.demo", "--folder", str(folder), "--format", "parquet", "--planted", "none"]
    command += ["--invoice-lines", str(lines), "--customers", str(customers)]
    _, seconds, _ = measured(command, dict(os.environ))
    print(f"generated {lines:,} invoice lines of {customers:,} customers in {seconds:.1f} s")


def run_plain(deliveries: Path) -> tuple[float, float]:
    script = (
        "import re, sys, time, duckdb\n"
        "con = duckdb.connect(sys.argv[2]); con.execute(\"set memory_limit = '4GB'\")\n"
        "text = open(sys.argv[1]).read().replace('{folder}', sys.argv[3])\n"
        "for part in re.split(r'^-- step: ', text, flags=re.M)[1:]:\n"
        "    name, _, sql = part.partition('\\n'); start = time.time(); con.execute(sql)\n"
        "    print(f'{name}\\t{time.time() - start:.2f}', flush=True)\n"
    )
    with tempfile.TemporaryDirectory(prefix="plain-") as scratch:
        command = [sys.executable, "-c", script, str(PLAIN), f"{scratch}/plain.duckdb", str(deliveries)]
        lines, seconds, memory = measured(command, dict(os.environ))
    print("\nplain DuckDB script")
    for _, line in lines:
        name, _, took = line.partition("\t")
        print(f"  {name:28}{float(took):10.1f}")
    return seconds, memory


def run_night(deliveries: Path, folder: Path) -> tuple[float, float]:
    company = folder / "bench.yaml"
    company.write_text(COMPANY)
    warehouse = folder / "warehouse"
    given = {"COMPANY": str(company), "DATA_DIR": str(deliveries), "WAREHOUSE_DIR": str(warehouse)}
    lines, seconds, memory = measured([sys.executable, "-m", "pipelines.nightly"], dict(os.environ) | given)
    print("\nthe night")
    steps = [(at, match[2]) for at, line in lines if (match := STEP.match(line))]
    ends = [at for at, _ in steps[1:]] + [seconds]
    totals: dict[str, float] = {}
    # A line says what has just been loaded, or what begins now.
    previous = 0.0
    for (at, text), end in zip(steps, ends, strict=True):
        if text.startswith("loaded"):
            totals["loading"] = totals.get("loading", 0.0) + at - previous
        elif text.startswith("landing"):
            totals["landing"] = totals.get("landing", 0.0) + end - at
        elif not text.startswith("report date"):
            totals[text] = totals.get(text, 0.0) + end - at
        previous = at if text.startswith("loaded") else end
    for text, took in totals.items():
        print(f"  {text:28}{took:10.1f}")
    results = [
        (item["execution_time"], item["unique_id"].split(".")[-1])
        for path in (warehouse / "bench" / "build").rglob("run_results.json")
        for item in json.loads(path.read_text())["results"]
        if item["unique_id"].startswith("model.")
    ]
    print("\nslowest models")
    for took, name in sorted(set(results), reverse=True)[:12]:
        print(f"  {name:44}{took:8.1f}")
    return seconds, memory


if __name__ == "__main__":
    sys.exit(main())
