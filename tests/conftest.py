"""Fixtures that all tests share. Keep out: what one area needs alone."""

from __future__ import annotations

import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from pipelines.settings import DBT_FOLDER

PROJECT = Path(__file__).resolve().parent.parent
#: Public data sets lie beside the checkout; CI must have them.
SHARED_DATA = PROJECT.parent / "shared" / "data"
#: Small deliveries with the right figure, beside the checkout as well.
SHARED_CASES = PROJECT.parent / "shared" / "cases"

#: Test processes take whole files, in this order: what takes longest begins first, so that none is left with it at the end.
LONGEST_FIRST = (
    "end_to_end/test_spark.py", "expectations/test_invoice_errors.py", "end_to_end/test_book.py", "end_to_end/test_failing_nights.py",
    "dbt/test_unit.py", "end_to_end/test_online_retail.py", "end_to_end/test_demo.py", "end_to_end/test_real_receivables.py",
    "end_to_end/test_book_first_screen.py", "dbt/test_random_histories.py", "dbt/test_cut_histories.py",
    "end_to_end/test_following_nights.py", "end_to_end/test_book_scopes.py",
)  # fmt: skip


def pytest_sessionstart() -> None:
    """Nights and models are tested as ``make setup`` compiled them: a project that changed since is compiled first."""
    compiled = DBT_FOLDER / "target" / "manifest.json"
    made = compiled.stat().st_mtime if compiled.exists() else 0
    written = max(
        path.stat().st_mtime
        for path in DBT_FOLDER.rglob("*")
        if path.suffix in (".sql", ".yml", ".csv", ".md") and not path.is_relative_to(compiled.parent)
    )
    if written > made:
        pytest.exit("the dbt project changed since it was compiled: make setup", 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest files first; the others in the order in which they were found."""

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(PROJECT / "tests").as_posix()
        return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without(what: str) -> NoReturn:
    """Skips a test whose needs this machine lacks; ``what`` says which and what mends it. CI has all of it, so there it fails."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with public data sets; the test is skipped, with the reason, where it is absent outside CI."""
    if not SHARED_DATA.is_dir():
        without("the public data sets are not beside the checkout: put them into ../shared/data")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; the test is skipped, with the command that installs one, where there is none outside CI."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        without("no Chromium on this machine: apt-get install chromium, or set CHROMIUM to the path of one")
    return found


@pytest.fixture(scope="session")
def needs_spark() -> None:
    """Skipped, with the command that installs what is missing, where there is no Java or no pyspark outside CI."""
    if shutil.which("java") is None:
        without("no Java on this machine: apt-get install default-jre-headless")
    if find_spec("pyspark") is None:
        without("no pyspark in this environment: make spark")


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """The folder with small deliveries whose right figure is known; skipped as the data sets are."""
    if not SHARED_CASES.is_dir():
        without("the small deliveries are not beside the checkout (../shared/cases)")
    return SHARED_CASES
