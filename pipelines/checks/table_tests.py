"""The dbt tests of a step's tables, run in the engine on the SQL that dbt compiled.

As nodes of dbt's own the 495 tests took 10 of 25 CPU seconds of both dbt steps, and the engine 0.5 of them (2 cores, 2026-11).
Their words, severity and SQL are dbt's: ``dbt test`` runs the same. Keep out: what a failed test stops (``gate.py``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from pipelines import dbt, increments
from pipelines.checks.suites import NAMED_CULPRITS, Check, CheckOutcome, Layer, Severity

#: Schema and name of a table.
Table = tuple[str, str]

COMPILED_TESTS = "dbt_project/target/compiled"


@dataclass(frozen=True)
class TableTest:
    """One dbt test: the check that it is, the tables it reads (and those behind the views among them), the SQL whose rows break it."""

    check: Check
    reads: frozenset[Table]
    behind: frozenset[Table]
    sql: str

    @classmethod
    def of(
        cls,
        name: str,
        layer: Layer,
        table: Table,
        severity: Severity,
        sql: str,
        *,
        reads: frozenset[Table],
        why: str,
        behind: frozenset[Table] = frozenset(),
    ) -> TableTest:
        """The test ``name`` that hangs on ``table``."""
        what_to_do = f"Look at the rows that the test selects: {COMPILED_TESTS} holds its SQL."
        return cls(Check(name, layer, *table, severity, why, what_to_do), reads, behind, sql)


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
        test = TableTest.of(
            node["name"],
            layer,
            (table["schema"], table["name"]),
            "warning" if node["config"]["severity"].lower() == "warn" else "critical",
            node["compiled_code"],
            reads=frozenset((other["schema"], other["name"]) for other in read),
            behind=increments.reads(node["unique_id"]),
            why=node["description"] or "",
        )
        found.setdefault(test.check.asset_key, []).append(test)
    return {table: tuple(tests) for table, tests in sorted(found.items())}


def run_tests(
    connection, tests: dict[Table, tuple[TableTest, ...]], standing: dict[Check, CheckOutcome] | None = None
) -> dict[Table, list[CheckOutcome]]:
    """Judges the tests on the build; one whose tables were not built is not assessed. ``standing``: what came of those that hold still."""
    rows = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
    built = set(rows)
    standing = standing or {}
    return {table: [standing.get(test.check) or _run(connection, test, built) for test in held] for table, held in tests.items()}


def _run(connection, test: TableTest, built: set[Table]) -> CheckOutcome:
    missing = sorted(f"{schema}.{name}" for schema, name in test.reads - built)
    if missing:
        return CheckOutcome(test.check, "not_assessed", f"not built: {', '.join(missing)}")
    (count,) = connection.execute(f"select count(*) from ({test.sql}\n) as culprits").fetchone()
    if count == 0:
        return CheckOutcome(test.check, "passed")
    cursor = connection.execute(f"select * from ({test.sql}\n) as culprits order by all limit {NAMED_CULPRITS}")
    names = [column[0] for column in cursor.description]
    culprits = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return CheckOutcome(test.check, "failed", "", count, tuple(json.loads(json.dumps(culprits, default=str))))
