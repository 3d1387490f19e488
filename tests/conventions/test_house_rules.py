"""House rules that a reader relies on: who opens what, who imports what, nothing of a machine in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import PROJECT

PIPELINES = PROJECT / "pipelines"
MODULES = sorted(PIPELINES.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Top-level packages that a module imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def users(package: str) -> set[str]:
    return {path.relative_to(PIPELINES).as_posix() for path in MODULES if package in imports(path)}


def test_one_module_imports_great_expectations() -> None:
    assert users("great_expectations") == {"checks/validation.py"}


def test_one_module_runs_dbt() -> None:
    assert users("dbt") == {"dbt.py"}


def test_duckdb_is_opened_in_one_module() -> None:
    opening = {path.relative_to(PIPELINES).as_posix() for path in MODULES if "duckdb.connect(" in path.read_text(encoding="utf-8")}
    assert opening == {"warehouse.py"}


def test_environment_is_read_in_one_module() -> None:
    reading = re.compile(r"os\.environ\.get|os\.getenv|os\.environ\[[^\]]+\](?! =)")
    found = {path.relative_to(PIPELINES).as_posix() for path in MODULES if reading.search(path.read_text(encoding="utf-8"))}
    assert found <= {"settings.py"}


def test_sources_know_nothing_of_dagster() -> None:
    assert not [path for path in (PIPELINES / "sources").glob("*.py") if "dagster" in imports(path)]


def test_one_module_uses_private_parts_of_dagster() -> None:
    # Its event log can be replaced by a class of one's own only, and has its reason and tests.
    found = [path.name for path in MODULES if re.search(r"(from|import) dagster\._", path.read_text(encoding="utf-8"))]
    assert found == ["event_log.py"]


def test_only_the_schedule_reads_the_clock() -> None:
    clock = re.compile(r"date\.today\(\)|datetime\.(now|utcnow)\(|current_date|current_timestamp|now\(\)")
    files = [*MODULES, *(PROJECT / "dbt_project").rglob("*.sql"), *(PROJECT / "expectations").rglob("*.yaml")]
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in files
        if "target" not in path.parts and clock.search(path.read_text(encoding="utf-8"))
    }
    # The publication says when it was published; no figure depends on it.
    assert found == {"pipelines/assets/publish.py"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_module_says_what_it_is_for_and_what_to_keep_out(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.strip():
        docstring = ast.get_docstring(ast.parse(text)) or ""
        assert "Keep out" in docstring


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [PROJECT / name for name in done.stdout.splitlines()]


def test_no_machine_and_no_registry_is_named() -> None:
    # Written in pieces, so that this file does not name what it forbids.
    forbidden = ["/" + "root/", "/" + "work/", "/" + "home/", "py" + "pi.org", "python" + "hosted", "npm" + "js", "regis" + "try.npm"]
    found = [
        (path.relative_to(PROJECT).as_posix(), word)
        for path in tracked_files()
        if path.is_file()
        for word in forbidden
        if word in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert found == []


def test_nothing_large_is_in_the_tree() -> None:
    assert [path.name for path in tracked_files() if path.is_file() and path.stat().st_size > 400_000] == []


def test_culprits_are_named_in_one_order() -> None:
    """The first hundred of many are shown: without an order they are others each night."""
    suites = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (PROJECT / "expectations").rglob("*.yaml")]
    queries = {
        check["name"]: expectation["kwargs"]["unexpected_rows_query"]
        for suite in suites
        for check in suite["checks"]
        for expectation in check["expectations"]
        if expectation["type"] == "unexpected_rows_expectation"
    }
    assert len(queries) > 20
    assert [name for name, query in queries.items() if not re.search(r"order by [^)]*(\([^()]*\)[^)]*)*$", query.strip())] == []
