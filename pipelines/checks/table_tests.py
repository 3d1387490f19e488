"""The dbt tests of a step's tables, run in the engine on the SQL that dbt compiled.

As nodes of dbt's own the 495 tests took 10 of 25 CPU seconds of both dbt steps, and the engine 0.5 of them (2 cores, 2026-11).
Their words, severity and SQL are dbt's: ``dbt test`` runs the same. Keep out: what a failed test stops (``gate.py``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pipelines import dbt
from pipelines.checks.suites import NAMED_CULPRITS, Outcome, Severity

Layer = Literal["core tests", "mart tests"]
#: Schema and name of a table.
Table = tuple[str, str]


@dataclass(frozen=True)
class TableTest:
    """One dbt test: its name, the table it hangs on, the tables it reads and the SQL whose rows break it."""

    name: str
    table: Table
    reads: frozenset[Table]
    severity: Severity
    sql: str
    why: str


@dataclass(frozen=True)
class TableTestOutcome:
    """What came of a test: ``culprits`` are rows that break it (at most NAMED_CULPRITS), ``count`` all of them."""

    test: TableTest
    outcome: Outcome
    reason: str = ""
    count: int = 0
    culprits: tuple[dict[str, Any], ...] = ()


@cache
def tests_of(layer: Layer) -> dict[Table, tuple[TableTest, ...]]:
    """The tests of a layer by the table they hang on. A test that reads a mart belongs to the marts."""
    nodes = dbt.manifest()["nodes"]
    found: dict[Table, list[TableTest]] = {}
    for node in sorted(nodes.values(), key=lambda node: node["name"]):
        if node["resource_type"] != "test":
            continue
        read = [nodes[name] for name in node["depends_on"]["nodes"] if name in nodes]
        behind_gate = any(dbt.BEHIND_GATE in table["tags"] for table in read)
        if behind_gate != (layer == "mart tests"):
            continue
        # A test on its own hangs on the first table that it reads.
        table = nodes.get(node.get("attached_node"), read[0])
        if behind_gate and dbt.BEHIND_GATE not in table["tags"]:
            table = next(other for other in read if dbt.BEHIND_GATE in other["tags"])
        test = TableTest(
            name=node["name"],
            table=(table["schema"], table["name"]),
            reads=frozenset((other["schema"], other["name"]) for other in read),
            severity="warning" if node["config"]["severity"].lower() == "warn" else "critical",
            sql=node["compiled_code"],
            why=node["description"] or "",
        )
        found.setdefault(test.table, []).append(test)
    return {table: tuple(tests) for table, tests in sorted(found.items())}


def run_tests(connection, tests: dict[Table, tuple[TableTest, ...]]) -> dict[Table, list[TableTestOutcome]]:
    """Judges the tests on the build; one whose tables were not built is not assessed."""
    rows = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
    built = set(rows)
    return {table: [_run(connection, test, built) for test in held] for table, held in tests.items()}


def _run(connection, test: TableTest, built: set[Table]) -> TableTestOutcome:
    missing = sorted(f"{schema}.{name}" for schema, name in test.reads - built)
    if missing:
        return TableTestOutcome(test, "not_assessed", f"not built: {', '.join(missing)}")
    (count,) = connection.execute(f"select count(*) from ({test.sql}\n) as culprits").fetchone()
    if count == 0:
        return TableTestOutcome(test, "passed")
    cursor = connection.execute(f"select * from ({test.sql}\n) as culprits limit {NAMED_CULPRITS}")
    names = [column[0] for column in cursor.description]
    culprits = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return TableTestOutcome(test, "failed", "", count, tuple(json.loads(json.dumps(culprits, default=str))))
