"""``python -m tests.increments --nights 100``: nights that begin with the kept build, held against all built anew, to the last digit.

Night after night something comes or goes at random: a new day, late rows, corrections, rows that do not fit and are mended, a delivery that
is taken back or comes again, a threshold, an earlier report date, what was known by a day, a process that is killed, nothing at all. Each
night is run as ``make nightly`` runs it. Beside it the same landed files are loaded into an empty file, the compiled models run on it one
after another, and every test and check judged; each raw and published table and each outcome must be the same. Keep out: how a night
decides what it builds (``pipelines/increments.py``).
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.assets.raw import NIGHT_TABLES
from pipelines.assets.restatements import write_restatements
from pipelines.checks import table_tests
from pipelines.checks.suites import contract_checks, load_checks, run_checks
from pipelines.demo.deliver import deliver
from pipelines.demo.generator import DemoSettings
from pipelines.night import BlockedNightError, Night
from pipelines.nightly import PUBLISHED, run_night
from pipelines.project import code_version
from pipelines.settings import EXPECTATIONS_FOLDER, Settings
from pipelines.sources.calendar import write_holidays
from pipelines.sources.contracts import load_contracts
from pipelines.sources.deliveries import withdraw
from pipelines.sources.loading import Loader, load_all
from pipelines.value.estimation import create_tables, estimate
from tests.conftest import PROJECT
from tests.worlds import compiled_steps, manifest, run_rules

COMPANY = """
company: nights
name: Nights
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: delivered_on
contract_files: "{{entity}}/{{entity}}_*.csv"
contract_delivered_on: '_(\\d{{4}}-\\d{{2}}-\\d{{2}})\\.csv$'
parameters: {{quarantined_share_limit: 1, family_stake_share_limit: 1, quarantined_row_share_limit: 1, duplicate_invoice_days: {days}}}
"""
#: The world: small, with every entity, over months enough for each window.
WORLD = DemoSettings(seed=3, customers=60, months=36, invoice_lines=3000, daily_days=31, planted="typical")
#: What comes late, is corrected or does not fit: an entity, its key, a column of an amount or a day.
ROWS = {
    "invoices": ("invoice_id", "issued_date"),
    "invoice_lines": ("line_number", "net_amount"),
    "payments": ("payment_id", "amount"),
    "orders": ("order_id", "ordered_at"),
    "deliveries": ("delivery_id", "shipped_date"),
    "customers": ("customer_id", "credit_limit_amount"),
    "opportunities": ("opportunity_id", "amount"),
    "disputes": ("dispute_id", "opened_date"),
    "contact_moments": ("contact_id", "happened_at"),
    "satisfaction_surveys": ("answer_id", "score"),
}
EVENTS = (*2 * ("deliver_day", "late", "correct"), "misfit", "mend", "withdraw", "again", "threshold", "replay", "kill", "nothing")


@dataclass
class World:
    """Deliveries that come and go below ``folder``; ``to_come`` are the generated files that were not delivered yet."""

    folder: Path
    random: random.Random
    to_come: list[Path] = field(default_factory=list)
    day: date | None = None
    number: int = 0
    misfits: list[Path] = field(default_factory=list)
    taken_back: list[Path] = field(default_factory=list)
    report_date: date | None = None
    known_by: date | None = None
    is_killed: bool = False

    @classmethod
    def made(cls, folder: Path, seed: int) -> World:
        world = cls(folder, random.Random(seed))
        deliver(folder / "generated", WORLD)
        world.to_come = sorted(folder.glob("generated/*/*.csv"), key=lambda path: (path.stem.rpartition("_")[2], path.stem))
        world.write_company(30)
        world.deliver_day()
        for _ in range(3):
            world.deliver_day()
        return world

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def night(self) -> Night:
        """The night to come; what the environment says of it is what a run reads."""
        given = {
            "COMPANY": self.folder / "nights.yaml",
            "WAREHOUSE_DIR": self.folder / "warehouse",
            "DATA_DIR": self.data,
            "REPORT_DATE": self.report_date or "",
            "KNOWN_BY": self.known_by or "",
            "BOOK": "none",
        }
        os.environ.update({name: str(value) for name, value in given.items()})
        # The definitions of a run keep the environment in which they were imported.
        sys.modules.pop("pipelines.definitions", None)
        return Night.of(Settings.from_environment())

    def write_company(self, days: int) -> None:
        (self.folder / "nights.yaml").write_text(COMPANY.format(days=days))

    def deliver_day(self) -> None:
        """All files of the next day that has any; beyond them days with nothing but a new list of exchange rates."""
        if not self.to_come:
            self.day += timedelta(days=1)
            return self.write("exchange_rates", self.rows("exchange_rates")[:1])
        self.day = date.fromisoformat(self.to_come[0].stem.rpartition("_")[2])
        while self.to_come and self.to_come[0].stem.endswith(str(self.day)):
            source = self.to_come.pop(0)
            target = self.data / source.parent.name / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        return None

    def rows(self, entity: str) -> list[dict[str, str]]:
        """The rows of one delivered file of an entity."""
        path = self.random.choice(sorted((self.data / entity).glob("*.csv")))
        with path.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    def write(self, entity: str, rows: list[dict[str, str]]) -> Path:
        """Delivers rows of an entity as a file of today."""
        self.number += 1
        path = self.data / entity / f"{entity}_more{self.number:04}_{self.day}.csv"
        with path.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return path

    def some(self) -> tuple[str, str, str, list[dict[str, str]]]:
        while True:
            entity = self.random.choice(list(ROWS))
            rows = [row for row in self.rows(entity) if row.get(ROWS[entity][1])]
            if rows:
                return entity, *ROWS[entity], [dict(row) for row in self.random.sample(rows, min(len(rows), self.random.randint(1, 4)))]

    # ------------------------------------------------------------------------------------------------------------- events
    def nothing(self) -> None:
        """Nothing comes."""

    def late(self) -> None:
        entity, key, _, rows = self.some()
        for row in rows:
            row[key] = f"{row[key]}{self.number % 10}9"
        self.write(entity, rows)

    def correct(self) -> None:
        entity, _, column, rows = self.some()
        for row in rows:
            text = row[column]
            moved = date.fromisoformat(text[:10]) - timedelta(days=self.random.randint(1, 40)) if re.match(r"\d{4}-", text) else None
            row[column] = f"{moved}{text[10:]}" if moved else str(float(text) + self.random.choice((-1, 1, 3)))
        self.write(entity, rows)

    def misfit(self) -> None:
        entity, _, column, rows = self.some()
        rows[0][column] = "many"
        self.misfits.append(self.write(entity, rows))

    def mend(self) -> None:
        """What did not fit is delivered again under its name, mended: its rows are released from quarantine."""
        if not self.misfits:
            return self.misfit()
        path = self.misfits.pop()
        column = ROWS[path.parent.name][1]
        fitting = next(row[column] for row in self.rows(path.parent.name) if row[column] not in ("", "many"))
        path.write_text(path.read_text(encoding="utf-8").replace("many", fitting), encoding="utf-8")
        return None

    def withdraw(self) -> None:
        """A delivery of the last days is taken back."""
        night = self.night()
        night.land(lambda text: None)
        paths = sorted(
            path
            for path in self.data.glob("*/*.csv")
            if path not in self.taken_back and str(self.day - timedelta(days=9)) < path.stem[-10:]
        )
        path = self.random.choice(paths)
        withdraw(night.landed_folder, night.data_folder, night.company.all_sources(), path.relative_to(self.data).as_posix(), "wrong")
        self.taken_back.append(path)

    def again(self) -> None:
        """A delivery that was taken back comes again."""
        if not self.taken_back:
            return self.withdraw()
        path = self.taken_back.pop()
        time.sleep(0.02)
        path.write_bytes(path.read_bytes())
        return None

    def threshold(self) -> None:
        self.write_company(self.random.choice((20, 30, 45)))

    def replay(self) -> None:
        """The night of an earlier day, from all that is known now or from what was known then."""
        self.report_date = self.day - timedelta(days=self.random.randint(1, 70))
        self.known_by = self.random.choice((None, self.day - timedelta(days=1)))

    def kill(self) -> None:
        self.late()
        self.is_killed = True


def kill_a_night(world: World) -> None:
    """Starts the night in a process of its own and kills it where it is after some seconds."""
    world.night()
    process = subprocess.Popen([sys.executable, "-m", "pipelines.nightly"], cwd=PROJECT, stdout=subprocess.DEVNULL, start_new_session=True)
    time.sleep(world.random.uniform(4, 16))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def build_anew(world: World, path: Path) -> list[tuple]:
    """All of the night in an empty file, by the shortest way; returns the outcomes of tests and checks."""
    night = world.night()
    night.land(lambda text: None)
    with duckdb.connect(str(path)) as connection:
        load_all(Loader(connection, night.company, night.landed(world.known_by), night.landed_folder, world.known_by))
        row = night.write_night_tables(connection, world.report_date, world.known_by)
        write_holidays(connection)
        night.write_published_invoices(connection, row)
        create_tables(connection)
        run_rules(connection, _steps("before_gate"))
        estimate(connection)
        run_rules(connection, _steps("behind_gate"))
        write_restatements(connection, night.last_publication(), code_version())
        coverage = dict(connection.execute("select entity, case when not is_delivered then reason end from raw.entity_coverage").fetchall())
        (totals,) = connection.execute("select count(*) from raw.control_totals").fetchone()
        tests = [table_tests.tests_of(layer) for layer in ("core tests", "mart tests")]
        plain = [{table: tuple(replace(test, sql=_plain(test.sql)) for test in held) for table, held in each.items()} for each in tests]
        outcomes = [outcome for each in plain for held in table_tests.run_tests(connection, each).values() for outcome in held]
    checks = [*load_checks(EXPECTATIONS_FOLDER, "arrival"), *contract_checks()]
    checks += [check for layer in ("publication", "figures") for check in load_checks(EXPECTATIONS_FOLDER, layer)]
    outcomes += run_checks(path, checks, coverage | {"control_totals": None if totals else "none is declared"})
    return sorted(
        (item.check.layer, item.check.name, f"{item.check.schema}.{item.check.table}", item.outcome, item.count) for item in outcomes
    )


def _plain(sql: str) -> str:
    return sql.replace('"warehouse".', "")


def _steps(tag: str):
    nodes = {node["name"]: node for node in manifest()["nodes"].values() if node["resource_type"] in ("model", "seed")}
    return [step for step in compiled_steps(tuple(nodes)) if tag in nodes[step.name]["tags"]]


def differences(world: World, anew: Path, outcomes: list[tuple]) -> list[str]:
    """What the published night and its build say other than what was built anew."""
    night = world.night()
    published, told = night.published / "kpis.duckdb", []
    with duckdb.connect() as connection:
        for name, path in (("anew", anew), ("published", published.resolve()), ("build", night.build_file)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        tables: dict[tuple[str, str, str], list[str]] = {}
        for database, schema, table, column in connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() semi join duckdb_tables()"
            " using (database_name, schema_name, table_name) where not internal"
        ).fetchall():
            tables.setdefault((database, schema, table), []).append(column)
        wanted = [("build", "raw", table) for table in [*load_contracts(), *NIGHT_TABLES]]
        wanted += [name for name in tables if name[0] == "published" and name[1] != "meta"]
        wanted += [
            ("build", schema, table) for database, schema, table in tables if database == "build" and schema in ("intermediate", "value")
        ]
        for database, schema, table in wanted:
            columns = ", ".join(f'"{column}"' for column in tables[database, schema, table])
            here, there = (f'select {columns} from {side}."{schema}"."{table}"' for side in (database, "anew"))
            gone, came = connection.execute(
                f"select (select count(*) from ({here} except all {there})), (select count(*) from ({there} except all {here}))"
            ).fetchone()
            if gone or came:
                told.append(f"{schema}.{table}: {gone} rows that are not built anew, {came} that are not in the night")
        rows = connection.execute(
            "select layer, check_name, table_name, outcome, culprit_count from published.meta.check_results"
            " where check_name <> 'models_are_built'"
        ).fetchall()
    here, there = Counter(rows), Counter(outcomes)
    told += [f"outcome of the night alone: {row}" for row in (here - there)] + [f"outcome anew alone: {row}" for row in (there - here)]
    return told


def block_nothing() -> None:
    """Every check is a warning: events at random break rules, and what the gate does with that is not the subject here."""
    from pipelines.checks import suites

    made = suites.Check.__init__

    def warning(self: suites.Check, *positional: object, **named: object) -> None:
        made(self, *positional, **named)
        object.__setattr__(self, "severity", "warning")

    suites.Check.__init__ = warning


def nights(folder: Path, count: int, seed: int = 1, given: tuple[str, ...] = ()) -> list[str]:
    """Runs ``count`` nights with events at random, or one with each that is ``given``; returns what differed. Prints a line for each."""
    block_nothing()
    world, told, chosen = World.made(folder, seed), [], Counter()
    for number in range(1 + len(given) if given else count):
        names = world.random.sample(EVENTS, world.random.choice((1, 1, 2))) if number and not given else [*given[number - 1 : number]]
        for name in names:
            getattr(world, name)()
            chosen[name] += 1
        if world.is_killed:
            kill_a_night(world)
        anew = folder / "anew.duckdb"
        anew.unlink(missing_ok=True)
        outcomes = build_anew(world, anew)
        started, used = time.monotonic(), time.process_time()
        try:
            with world.night().exclusive():
                status = run_night(world.night())
        except BlockedNightError as error:
            status = str(error)
        found = differences(world, anew, outcomes) if status == PUBLISHED else []
        print(
            f"night {number + 1}: {', '.join(names)}; status {status}, {time.monotonic() - started:.0f} s, "
            f"{time.process_time() - used:.0f} CPU s; {len(found)} differences",
            flush=True,
        )
        print("\n".join(f"  {line}" for line in found[:20]), flush=True)
        told += [f"night {number + 1} ({', '.join(names)}): {line}" for line in found]
        world.is_killed, world.report_date, world.known_by = False, None, None
    print(f"{number + 1} nights: {dict(chosen)}; {len(told)} differences")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.increments", description=__doc__.splitlines()[0])
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--events", nargs="*", default=(), choices=sorted(set(EVENTS)), help="these, a night each, instead of some at random"
    )
    parser.add_argument("--folder", type=Path, help="keep the deliveries and the warehouse here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nights-") as scratch:
        return int(bool(nights(options.folder or Path(scratch), options.nights, options.seed, tuple(options.events))))


if __name__ == "__main__":
    sys.exit(main())
