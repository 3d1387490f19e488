"""Whole nights in processes of their own, as a scheduler starts them."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT

Rows = list[tuple]


@dataclass(frozen=True)
class NightResult:
    """A night that has ended: its exit status, what it said, and what is published now."""

    status: int
    output: str
    company_folder: Path

    @property
    def published(self) -> Path:
        return self.company_folder / "published"

    @property
    def manifest(self) -> dict:
        return json.loads((self.published / "manifest.json").read_text())

    def query(self, sql: str) -> Rows:
        """Rows of the published warehouse, read as a BI tool would."""
        import duckdb

        with duckdb.connect(str(self.published / "kpis.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def figures(self) -> dict[str, bytes]:
        """The published Parquet files by name, without those that say when, from which files and after which publication."""
        files = sorted(self.published.glob("parquet/**/*.parquet"))
        return {
            path.relative_to(self.published).as_posix(): path.read_bytes()
            for path in files
            if path.stem not in ("publication", "source_deliveries") and "restatement" not in path.stem
        }

    def monthly(self, kpi: str) -> dict:
        """Month -> (value, status) of one KPI of the company."""
        rows = self.query(
            f"select period_start_date, value, status from kpi.kpi_values where kpi = '{kpi}'"
            " and scope_type = 'company' and period_type = 'month' order by 1"
        )
        return {month: (value, status) for month, value, status in rows}


def night_environment(company: str, warehouse: Path, data: Path | None = None, **variables: str) -> dict[str, str]:
    """Of the machine's own variables only what a process needs. The KPI book has tests of its own: no other night makes one."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    given = {"COMPANY": company, "WAREHOUSE_DIR": str(warehouse), "DATA_DIR": str(data) if data else "", "BOOK": "none", **variables}
    return kept | given | {"DO_NOT_TRACK": "1"}


def run_night(company: str, warehouse: Path, data: Path | None = None, **variables: str) -> NightResult:
    """Runs one night to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.nightly"],
        cwd=PROJECT,
        env=night_environment(company, warehouse, data, **variables),
        capture_output=True,
        text=True,
        timeout=900,
    )
    name = Path(company).stem
    return NightResult(done.returncode, done.stdout + done.stderr, warehouse / name)


#: A shipped company's night is run once for all tests; the demo's makes the book without names, since somebody must.
BOOKS = {"demo": "pseudonymised"}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of one test run, which stand beside one another in its folder."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "published_nights"
    shared.mkdir(exist_ok=True)
    return shared


@contextmanager
def one_at_a_time(shared: Path, name: str) -> Iterator[None]:
    """Other test processes that want ``name`` wait until this one has made it."""
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def published(shared_folder: Path, shared_data: Path) -> Callable[[str], NightResult]:
    """The published night of a shipped company on its own data, run once for all test processes. Its tests only look at it."""

    def night(company: str) -> NightResult:
        said = shared_folder / f"{company}.json"
        with one_at_a_time(shared_folder, company):
            if not said.exists():
                data = None if company == "demo" else shared_data
                result = run_night(company, shared_folder, data, BOOK=BOOKS.get(company, "none"))
                said.write_text(json.dumps([result.status, result.output]))
        status, output = json.loads(said.read_text())
        assert status == 0, output[-3000:]
        return NightResult(status, output, shared_folder / company)

    return night


@pytest.fixture(scope="session")
def full_book(shared_folder: Path) -> Callable[[NightResult], Path]:
    """The book with all names of a published night, built once for all test processes. Its tests only look at it."""

    def book(night: NightResult) -> Path:
        from pipelines.book import build_book

        company = night.company_folder.name
        target, built = shared_folder / "books" / company, shared_folder / f"{company}-book.built"
        with one_at_a_time(shared_folder, f"{company}-book"):
            if not built.exists():
                target.parent.mkdir(exist_ok=True)
                build_book(night.published, target)
                built.touch()
        return target

    return book
