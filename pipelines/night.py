"""One night of one company: its folders, its build file and what is known about it.

A night builds into a file of its own that is new every time; a file left by a killed process is thrown away, never
continued. The build that published last is kept beside it, for the next night to begin with a copy (``increments.py``).
Keep out: what is loaded, built, checked or published.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipelines.companies.config import Company, load_company
from pipelines.files import flush, lock
from pipelines.publications import Shelf, last_warehouse, read_manifest, whole_part
from pipelines.settings import PROJECT_FOLDER, Settings, SettingsError, database_address
from pipelines.sources.accounting import COUNTS
from pipelines.sources.deliveries import Landing, delivered_by, read_landing, standing
from pipelines.sources.landing import land
from pipelines.sources.quarantine import quarantine_reasons
from pipelines.warehouse import connect, identifier, literal

if TYPE_CHECKING:
    from dagster import DagsterInstance

#: The driver that Dagster's storage is written for; without it the address would take another one.
DAGSTER_DIALECT = "postgresql+psycopg2"
#: Under which Dagster notes the code location of a run.
LOCATION_TAG = "dagster/code_location"
#: Locks that this process holds, by the company's folder.
_HELD: dict[Path, IO[str]] = {}


class BlockedNightError(Exception):
    """The night may not publish; the message names what is wrong, how much is at stake and what to do."""


def prepare_dagster_home(home: Path, database: str | None = None) -> Path:
    """Puts the project's instance settings into Dagster's folder ``home``; returns it.

    With ``database``, the name of the variable with its address, Dagster's own storage on that server takes the place of the files.
    Raises SettingsError where that variable is not set, or speaks another dialect.
    """
    import yaml

    instance = yaml.safe_load((PROJECT_FOLDER / "dagster.yaml").read_text(encoding="utf-8"))
    if database:
        if not database_address(database).startswith(f"{DAGSTER_DIALECT}://"):
            raise SettingsError(f"{database}: Dagster speaks to a server as {DAGSTER_DIALECT}://user:password@host/database")
        del instance["event_log_storage"]
        instance["storage"] = {"postgres": {"postgres_url": {"env": database}}}
    home.mkdir(parents=True, exist_ok=True)
    (home / "dagster.yaml").write_text(yaml.safe_dump(instance), encoding="utf-8")
    return home


@dataclass(frozen=True)
class Night(Shelf):
    """Folders of one company below the warehouse folder, and its configuration."""

    settings: Settings
    company: Company

    @classmethod
    def of(cls, settings: Settings) -> Night:
        """The night that ``settings`` describe. Raises SettingsError when the company's file is wrong."""
        return cls(settings, load_company(settings.company_file))

    @property
    def folder(self) -> Path:
        return self.settings.warehouse_dir / self.company.company

    @property
    def landed_folder(self) -> Path:
        return self.folder / "landed"

    @property
    def build_folder(self) -> Path:
        """The folder of the run that builds now, or built last."""
        return (self.folder / "build").resolve()

    @property
    def build_file(self) -> Path:
        return self.build_folder / "warehouse.duckdb"

    @property
    def kept_build(self) -> Path | None:
        """The folder of the build that published last and was not written to since; None where there is none."""
        folder = (self.folder / "kept").resolve()
        file = folder / self.build_file.name
        return folder if file.is_file() and not file.with_name(f"{file.name}.wal").exists() else None

    @property
    def dagster_home(self) -> Path:
        """Dagster's folder of this company alone."""
        return self.folder / "dagster"

    def asset_path(self, schema: str, table: str) -> list[str]:
        """The path of a table in Dagster."""
        return [*self.settings.asset_prefix, schema, table]

    @property
    def data_folder(self) -> Path:
        """Where the deliveries lie, which databases do not need. Raises SettingsError when that is not known or not there."""
        if self.settings.data_dir is None:
            if self.company.demo is not None or not self.company.reads_files:
                return self.folder / "deliveries"
            raise SettingsError(f"DATA_DIR is not set: expected the folder with the deliveries of {self.company.company}")
        folder = self.settings.data_dir
        if self.company.folder and (folder / self.company.folder).is_dir():
            folder = folder / self.company.folder
        if not folder.is_dir():
            raise SettingsError(f"DATA_DIR={folder}: there is no such folder")
        return folder

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One writer at a time, for the block."""
        self.hold()
        try:
            yield
        finally:
            _HELD.pop(self.folder).close()

    def hold(self) -> None:
        """One writer at a time, for the rest of this process: the lock goes with it, also when it is killed.

        What it writes is for its user and group at most. Raises BlockedNightError while another process writes.
        """
        if self.folder in _HELD:
            return
        os.umask(0o027)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o750)
            held = lock(self.folder / ".lock")
        except OSError as error:
            raise SettingsError(f"WAREHOUSE_DIR={self.settings.warehouse_dir}: cannot be written: {error.strerror}") from None
        if held is None:
            raise BlockedNightError(f"another night of {self.company.company} is running in {self.folder}; wait until it has ended")
        _HELD[self.folder] = held

    def end_killed_runs(self, instance: DagsterInstance) -> None:
        """Ends what killed runs left in Dagster's books, above all their pool slots: the next run would wait for them for hours.

        For whoever holds the lock, and so knows that no run is alive that writes: it would hold it itself.
        """
        import dagster as dg

        active = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
        location = self.settings.code_location
        own = {LOCATION_TAG: location} if location else {}
        for run in instance.get_runs(dg.RunsFilter(statuses=active, tags=own)):
            instance.report_run_failed(run, "its process was killed, or had not begun when another night did")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)

    def land(self, report: Callable[[str], None]) -> Landing:
        """Lands what is new in the data folder."""
        self.landed_folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.landed_folder.glob(".scratch-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        return land(self.data_folder, self.landed_folder, self.company.all_sources(), report)

    def landed(self, known_by: date | None = None) -> Landing:
        """What has been landed so far. Raises BlockedNightError when nothing was ever delivered, or nothing by ``known_by``."""
        landing = read_landing(self.landed_folder, self.company.all_sources())
        if not landing.deliveries:
            refused = "".join(f"\n  refused {r.path}: {r.reason}" for r in landing.refusals)
            raise BlockedNightError(
                f"no delivery: {self.data_folder} holds no readable file of {self.company.company}.{refused}\n"
                "  Put the deliveries there, or name another folder by DATA_DIR"
            )
        if not standing(delivered_by(landing.deliveries, known_by)):
            first = min(landing.deliveries, key=lambda item: item.delivered_on or "")
            raise BlockedNightError(
                f"KNOWN_BY={known_by}: nothing had come by then that counts; the first delivery is {first.path} of {first.delivered_on}.\n"
                "  Name a later day, or leave KNOWN_BY away"
            )
        return landing

    def start_build(self) -> None:
        """An empty build folder of this run; ``build`` leads to it. What earlier runs left behind is removed, unfinished versions too,
        but for the kept build.

        A process that a killed run left alive still writes, into a folder that nobody reads any more.
        """
        earlier = [path for path in self.folder.glob("build*") if not path.is_symlink()]
        number = 1 + max((int(path.name[6:]) for path in earlier if path.name[6:].isdigit()), default=0)
        own, link = self.folder / f"build-{number:06d}", self.folder / "build"
        own.mkdir(parents=True)
        for path in [*(path for path in earlier if path != self.kept_build), *self.versions_folder.glob(".unfinished-*")]:
            shutil.rmtree(path, ignore_errors=True)
        link.unlink(missing_ok=True) if link.is_symlink() else shutil.rmtree(link, ignore_errors=True)
        link.symlink_to(own.name, target_is_directory=True)

    def keep_build(self) -> None:
        """From now on the next night begins with this build: it has published, is closed, and stands on disk."""
        link = self.folder / ".kept-next"
        flush(self.build_file)
        link.unlink(missing_ok=True)
        link.symlink_to(self.build_folder.name, target_is_directory=True)
        former = self.kept_build
        os.replace(link, self.folder / "kept")
        flush(self.folder)
        if former is not None and former != self.build_folder:
            shutil.rmtree(former, ignore_errors=True)

    def write_to_build(self) -> None:
        """Before anything writes to the build: one that is kept for the next night is then kept no longer."""
        if self.kept_build == self.build_folder:
            (self.folder / "kept").unlink()

    def warehouse(self, *, read_only: bool = False, reach: list[Path] | None = None, settings: dict[str, Any] | None = None):
        """A connection to the build file (see :func:`pipelines.warehouse.connect`)."""
        if not read_only:
            self.write_to_build()
        return connect(
            self.build_file,
            read_only=read_only,
            memory_limit=self.settings.memory_limit,
            temp_folder=self.build_folder / "temp",
            reach=reach,
            settings=settings,
        )

    def last_complete_day(self, connection) -> date:
        """The last day that the deliveries cover, as the company's file says. Needs the raw tables.

        No row moves it beyond the day of the latest delivery, where the deliveries say their day.
        """
        (delivered_on,) = connection.execute(f"select max(delivered_on) from raw.source_deliveries where {COUNTS}").fetchone()
        day, declared = delivered_on, self.company.last_complete_day
        if declared != "delivered_on":
            entity, _, column = declared.partition(".")
            query = f"select cast(max({identifier(column)}) as date) from raw.{identifier(entity)} where _is_current"
            (day,) = connection.execute(query).fetchone()
        if day is None:
            reasons = quarantine_reasons(connection)
            because = f"Most of what was delivered stands in quarantine:\n{reasons}" if reasons else "No file of it was delivered"
            raise BlockedNightError(f"no row says the last complete day ({declared}).\n  {because}")
        return min(day, delivered_on) if delivered_on else day

    def write_night_tables(self, connection, report_date: date | None, known_by: date | None) -> dict:
        """Writes raw.night and raw.parameters, one row each; returns the night's row.

        ``run_id`` follows from what the figures depend on, so that the same night twice carries the same one.
        """
        complete_until = self.last_complete_day(connection)
        report_date = report_date or complete_until
        deliveries = connection.execute(f"select source, path, sha256 from raw.source_deliveries where {COUNTS} order by all").fetchall()
        inputs = json.dumps([self.settings.company_file.read_text(encoding="utf-8"), str(report_date), str(known_by), deliveries])
        run_id = f"{report_date}-{hashlib.sha256(inputs.encode()).hexdigest()[:10]}"
        row = {
            "company": (self.company.company, "varchar"),
            "company_name": (self.company.name, "varchar"),
            "report_date": (report_date, "date"),
            "complete_until_date": (complete_until, "date"),
            "known_by_date": (known_by, "date"),
            "reporting_currency": (self.company.reporting_currency, "varchar"),
            "time_zone": (self.company.time_zone, "varchar"),
            "run_id": (run_id, "varchar"),
        }
        self._write_row(connection, "night", row)
        parameters = {}
        for name, value in self.company.parameters:
            places = -value.as_tuple().exponent if not isinstance(value, int) else 0
            engine_type = (
                "integer" if isinstance(value, int) else "decimal(9,6)" if name.endswith("_share") or "share_" in name else "decimal(18,4)"
            )
            if places > 6:
                raise SettingsError(f"parameters.{name}: {value} has more than six decimals")
            parameters[name] = (value, engine_type)
        self._write_row(connection, "parameters", parameters)
        return {name: value for name, (value, _) in row.items()}

    def write_published_invoices(self, connection, row: dict) -> None:
        """Writes raw.published_invoices: what the earlier publication held for right, so that a change of it is noticed.

        ``row`` is that of raw.night. Invoices that were held out for such a change keep the content that was published before.
        """
        earlier = self.earlier_publication(row)
        if earlier is None:
            return
        report_date, folder = earlier
        for table, condition, published_for in (
            ("core.fct_invoices", "not is_held_out", literal(report_date)),
            ("order_to_cash.changed_invoices", "true", "published_report_date"),
        ):
            path = whole_part(folder, table)
            if path is not None:
                connection.execute(
                    "insert into raw.published_invoices"
                    " select invoice_id, document_type, customer_id, issued_date, currency,"
                    f" document_net_amount, document_vat_amount, document_gross_amount, {published_for}"
                    f" from read_parquet({literal(path)}) where {condition}"
                )

    def last_publication(self) -> Path | None:
        """The warehouse of the published version, or of the latest kept one that is whole."""
        return last_warehouse(self.folder)

    def earlier_publication(self, row: dict) -> tuple[str, Path] | None:
        """Report date and folder of the kept publication of the latest earlier report date that knew no more than this night."""
        known = str(row["known_by_date"] or row["complete_until_date"])
        earlier = []
        for version in self.kept_versions():
            manifest = read_manifest(version)
            known_then = manifest["known_by_date"] or manifest["complete_until_date"]
            is_earlier = manifest["report_date"] < str(row["report_date"]) and known_then <= known
            if is_earlier and whole_part(version, "core.fct_invoices") is not None:
                earlier.append((manifest["report_date"], version))
        return max(earlier, default=None)

    @staticmethod
    def _write_row(connection, table: str, row: dict[str, tuple[object, str]]) -> None:
        columns = ", ".join(f"cast({literal(value)} as {kind}) as {identifier(name)}" for name, (value, kind) in row.items())
        connection.execute(f"create or replace table raw.{identifier(table)} as select {columns}")
