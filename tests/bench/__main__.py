"""``python -m tests.bench``: one night at a size of your choice, beside the same work as one plain DuckDB script.

Prints seconds and peak memory per step of both, the slowest models, every family of rules and the KPI book run by themselves, the
matching of a million receipts, and the estimation of lifetime models for a million customers. Nothing is asserted: speed is looked
at, not tested.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from pipelines.spark.cluster import cluster
from tests.bench.book import book_of
from tests.bench.databases import databases
from tests.bench.einvoices import einvoice_night
from tests.bench.runs import Run, processor_seconds_of, run, steps_of, told_by_dagster, watched
from tests.bench.small import small_nights
from tests.conftest import PROJECT
from tests.same_figures import differences

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
MODELS = PROJECT / "dbt_project" / "models"
COMPILED = PROJECT / "dbt_project" / "target" / "compiled"
PLAIN = Path(__file__).with_name("plain.sql")
ENGINE = "set memory_limit = '4GB'; set enable_progress_bar = false; set preserve_insertion_order = false"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument(
        "--days", type=int, default=0, help="so many nights after the full one, each with the deliveries of a day, and one without any"
    )
    parser.add_argument("--spark", action="store_true", help="the night on DuckDB and on a Spark cluster of this machine instead")
    parser.add_argument("--folder", type=Path, help="keep the deliveries and the warehouse here, and use deliveries that are there")
    parser.add_argument("--small", action="store_true", help="what a night costs before its data do, per step")
    parser.add_argument("--einvoices", type=int, help="a night over so many electronic invoices instead")
    parser.add_argument("--matching", type=int, help="so many receipts matched with five times as many open items instead")
    parser.add_argument("--databases", type=int, help="so many rows of a PostgreSQL and of a MariaDB server landed instead")
    parser.add_argument("--book", type=Path, help="the book of this published folder with 200,000 customers and 500 salespeople instead")
    options = parser.parse_args()
    if options.book:
        book_of(options.book, 200_000, 500)
        return 0
    if options.databases:
        return databases(options.databases)
    if options.matching:
        run_matching(options.matching)
        return 0
    if options.einvoices:
        return einvoice_night(options.einvoices)
    if options.small:
        return small_nights()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = options.folder or Path(scratch)
        deliveries = folder / "deliveries"
        if not deliveries.is_dir():
            generate(deliveries, options.lines)
        if options.spark:
            run_on_spark(deliveries, folder)
            return 0
        held_back = hold_back(deliveries, folder / "to_come", options.days)
        plain = run_plain(deliveries)
        night = run_night(deliveries, folder)
        run_following_nights(deliveries, folder, held_back, night)
        run_rules(folder)
        run_book(folder)
    run_matching(1_000_000)
    run_estimation()
    print(f"\n{'':34}{'seconds':>10}{'peak memory':>14}")
    print(plain.row("plain DuckDB script", 0.0, plain.seconds))
    print(night.row("the night", 0.0, night.seconds))
    print(f"  {'ratio':32}{night.seconds / plain.seconds:10.1f}")
    return 0


def generate(folder: Path, lines: int) -> None:
    customers = max(400, lines // 50)
    command = [sys.executable, "-m", "pipelines.demo", "--folder", str(folder), "--format", "parquet", "--planted", "none"]
    done = run([*command, "--invoice-lines", str(lines), "--customers", str(customers)])
    print(f"generated {lines:,} invoice lines of {customers:,} customers in {done.seconds:.1f} s")


def run_plain(deliveries: Path) -> Run:
    script = (
        "import re, sys, duckdb\n"
        f'con = duckdb.connect(sys.argv[2]); con.execute("{ENGINE}")\n'
        "text = open(sys.argv[1]).read().replace('{folder}', sys.argv[3])\n"
        "for part in re.split(r'^-- step: ', text, flags=re.M)[1:]:\n"
        "    name, _, sql = part.partition('\\n'); print(name, flush=True); con.execute(sql)\n"
    )
    with tempfile.TemporaryDirectory(prefix="plain-") as scratch:
        done = run([sys.executable, "-c", script, str(PLAIN), f"{scratch}/plain.duckdb", str(deliveries)])
    print("\nplain DuckDB script")
    ends = [at for at, _ in done.lines[1:]] + [done.seconds]
    for (begin, name), end in zip(done.lines, ends, strict=True):
        print(done.row(name, begin, end))
    return done


def run_night(deliveries: Path, folder: Path, words: str = "the night", **given: str) -> Run:
    company = folder / "bench.yaml"
    company.write_text(COMPANY)
    warehouse = folder / "warehouse"
    given = {"COMPANY": str(company), "DATA_DIR": str(deliveries), "WAREHOUSE_DIR": str(warehouse), "ENGINE": "", **given}
    done = run([sys.executable, "-m", "pipelines.nightly"], given)
    print(f"\n{words}")
    for name, begin, end in steps_of(done):
        print(done.row(name, begin, end))
    _, results = told_by_dagster(warehouse / "bench")
    print("\nmodels per folder")
    folders = {path.stem: path.parent.relative_to(MODELS).as_posix() for path in MODELS.rglob("*.sql")}
    for name in sorted(set(folders.values())):
        took = sum(seconds for table, seconds in results.items() if folders.get(table.partition(".")[2]) == name)
        print(f"  {name:44}{took:8.1f}")
    print("\nslowest models")
    for name, took in sorted(results.items(), key=lambda result: -result[1])[:12]:
        print(f"  {name:44}{took:8.1f}")
    return done


def run_on_spark(deliveries: Path, folder: Path) -> None:
    """The night on DuckDB and on Spark, both without a book, and whether their figures are the same; two workers of one core each."""
    given = {"BOOK": "none", "SPARK_MASTER": "", "SPARK_REMOTE": ""}
    one, other = folder / "on_duckdb", folder / "on_spark"
    for side in (one, other):
        side.mkdir(exist_ok=True)
    night = run_night(deliveries, one, "the night on DuckDB", **given)
    with cluster(cores=1, memory="3g", driver_memory="3g") as running, watched() as seen:
        on_spark = run_night(deliveries, other, "the night on Spark", **given | {"ENGINE": "spark", "SPARK_REMOTE": running.remote})
        on_cluster = sum(processor_seconds_of(process.pid) for process in running.processes.values())
    print(f"\n{'':24}{'seconds':>10}{'processor seconds':>20}{'peak memory':>14}")
    for name, took, used, peak in (
        ("DuckDB", night.seconds, night.processor_seconds, night.peak()),
        ("Spark", on_spark.seconds, on_spark.processor_seconds + on_cluster, seen.peak()),
        ("  of it the cluster", on_spark.seconds, on_cluster, 0.0),
    ):
        print(f"  {name:22}{took:10.1f}{used:20.1f}{peak:11.2f} GB")
    told = differences(*(side / "warehouse" / "bench" / "published" / "kpis.duckdb" for side in (one, other)))
    print("\n".join(told or ["every published table is the same on both, to the last digit"]))


def hold_back(deliveries: Path, aside: Path, days: int) -> dict[str, list[Path]]:
    """Moves the files of the last ``days`` days aside; day -> its files there."""
    for path in sorted(aside.glob("*/*")):
        path.rename(deliveries / path.relative_to(aside))
    by_day: dict[str, list[Path]] = {}
    for path in sorted(deliveries.glob("*/*_????-??-??.*")):
        by_day.setdefault(path.stem[-10:], []).append(path)
    held: dict[str, list[Path]] = {}
    for day in sorted(by_day)[-days:] if days else ():
        for path in by_day[day]:
            target = aside / path.relative_to(deliveries)
            target.parent.mkdir(parents=True, exist_ok=True)
            held.setdefault(day, []).append(path.rename(target))
    return held


def run_following_nights(deliveries: Path, folder: Path, held: dict[str, list[Path]], full: Run) -> None:
    """The nights after the full one: each of ``held`` comes back, then nothing does."""
    for day, paths in [*held.items(), ("no delivery", [])] if held else ():
        for path in paths:
            path.rename(deliveries / path.relative_to(folder / "to_come"))
        print(f"\n{day}")
        night = run_night(deliveries, folder)
        print(night.row(f"{night.seconds / full.seconds:.0%} of the full night", 0.0, night.seconds))


def run_rules(folder: Path) -> None:
    """Each family of rules by itself in a fresh process, on the facts of the night."""
    build = folder / "warehouse" / "bench" / "build"
    print("\nrules by themselves")
    script = (
        "import sys, duckdb\n"
        f'con = duckdb.connect(); con.execute("{ENGINE}")\n'
        "con.execute(f\"attach '{sys.argv[1]}' as warehouse (read_only)\"); con.execute('use warehouse')\n"
        "con.execute('create table memory.main.found as ' + open(sys.argv[2]).read())\n"
    )
    for path in sorted(COMPILED.rglob("int_errors_*.sql")):
        done = run([sys.executable, "-c", script, str(build / "warehouse.duckdb"), str(path)])
        print(done.row(path.stem.removeprefix("int_errors_"), 0.0, done.seconds))


def run_book(folder: Path) -> None:
    """The KPI book once more by itself, with what it weighs."""
    published = folder / "warehouse" / "bench" / "published"
    script = (
        "import sys; from pathlib import Path; from pipelines.book import build_book\n"
        "book = build_book(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(f'{book.page_count} pages, {book.csv_count} CSV files, {book.byte_count / 1e6:.1f} MB')\n"
    )
    with tempfile.TemporaryDirectory(prefix="book-") as scratch:
        done = run([sys.executable, "-c", script, str(published), f"{scratch}/book"])
        largest = max(path.stat().st_size for path in Path(scratch).rglob("*.html"))
    print("\nKPI book")
    print(done.row(f"{done.lines[-1][1]}", 0.0, done.seconds), f"(largest page {largest / 1e3:.0f} kB)")


def run_matching(receipts: int) -> None:
    done = run([sys.executable, "-m", "tests.bench.matching", "--receipts", str(receipts), "--items", str(5 * receipts)])
    print("\nmatching of receipts")
    print("\n".join(f"  {line}" for _, line in done.lines))
    print(done.row("all of it", 0.0, done.seconds), f"({done.processor_seconds:.0f} s of a processor)")


def run_estimation() -> None:
    done = run([sys.executable, "-m", "tests.bench.estimation"])
    print("\nlifetime models")
    print("\n".join(f"  {line}" for _, line in done.lines))
    print(done.row("all of it", 0.0, done.seconds))


if __name__ == "__main__":
    sys.exit(main())
