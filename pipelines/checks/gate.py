"""The gate: what came of every check of a night, and whether the night may publish.

Outcomes of the suites and of the dbt tests stand in one table, ``meta.check_results``, in the build file; publication
looks at that table itself, because a blocking asset check gates only inside its own run. Keep out: how a check is run.
"""

from __future__ import annotations

import json

from pipelines import dbt, increments
from pipelines.checks.suites import Check, CheckOutcome
from pipelines.night import BlockedNightError

CHECK_RESULTS_SQL = """
    create table if not exists meta.check_results (
        layer varchar, check_name varchar, table_name varchar, severity varchar, outcome varchar, reason varchar,
        culprit_count bigint, culprits varchar, why varchar, what_to_do varchar)
"""
#: Layers that must all have been judged before anything publishes.
REQUIRED_LAYERS = ("arrival", "core tests", "publication", "mart tests", "figures")


def standing_outcomes(connection, reads: dict[Check, frozenset[tuple[str, str]]]) -> dict[Check, CheckOutcome]:
    """What came of those checks in the kept build of which nothing has changed that they read; none where all is built anew."""
    standing = increments.standing(connection)
    if not standing:
        return {}
    rows = connection.execute(
        "select layer, check_name, table_name, outcome, reason, culprit_count, culprits from increments.outcomes"
        " where outcome <> 'not_assessed'"
    ).fetchall()
    earlier = {tuple(key): (outcome, reason, count, culprits) for *key, outcome, reason, count, culprits in rows}
    outcomes = {}
    for check, tables in reads.items():
        key = (check.layer, check.name, f"{check.schema}.{check.table}")
        behind = frozenset().union(*map(increments.tables_behind, tables))
        if key in earlier and behind and all(table in standing for table in behind if table[0] in increments.schemas()):
            outcome, reason, count, culprits = earlier[key]
            outcomes[check] = CheckOutcome(check, outcome, reason, count, tuple(json.loads(culprits)))
    return outcomes


def record_outcomes(connection, layer: str, outcomes: list[CheckOutcome]) -> None:
    """Writes a layer's outcomes; what an earlier attempt wrote for it is replaced."""
    _record(connection, layer, _rows(layer, outcomes))


def record_dbt_step(connection, layer: str, built: dict[str, dbt.Built], outcomes: list[CheckOutcome]) -> None:
    """Writes what came of a dbt step: its tables that failed to build, each of its tests, and that it built anything."""
    rows = [
        (
            layer, unique_id.split(".")[-1], ".".join(dbt.name_of(unique_id)), "critical",
            "not_assessed" if table.status == "skipped" else "failed", table.message, 0, "[]",
            "A table that is not built has no figures.", "Mend what the message says; what builds on the table was left out.",
        )
        for unique_id, table in sorted(built.items())
        if table.status != "success"
    ]  # fmt: skip
    rows += _rows(layer, outcomes)
    count = sum(table.status == "success" for table in built.values())
    rows.append(
        (
            layer, "models_are_built", layer, "critical", "passed" if count else "failed", f"{count} built", 0, "[]",
            "A step that built nothing must not pass for one that found nothing.", "See the log of the night.",
        )
    )  # fmt: skip
    _record(connection, layer, rows)


def _rows(layer: str, outcomes: list[CheckOutcome]) -> list[tuple]:
    return [
        (
            layer, item.check.name, f"{item.check.schema}.{item.check.table}", item.check.severity, item.outcome, item.reason,
            item.count, json.dumps(item.culprits), item.check.why, item.check.what_to_do,
        )
        for item in outcomes
    ]  # fmt: skip


def _record(connection, layer: str, rows: list[tuple]) -> None:
    connection.execute("create schema if not exists meta")
    connection.execute(CHECK_RESULTS_SQL)
    connection.execute("delete from meta.check_results where layer = ?", [layer])
    if rows:
        # One statement: a row at a time they took half a second of a small night.
        places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(rows))
        connection.execute(f"insert into meta.check_results values {places}", [value for row in rows for value in row])


def outcome_counts(connection) -> dict[str, int]:
    """Number of checks by outcome."""
    counts = {"passed": 0, "failed": 0, "not_assessed": 0}
    counts |= dict(connection.execute("select outcome, count(*) from meta.check_results group by 1").fetchall())
    return counts


def require_clean_verdict(connection) -> None:
    """Raises BlockedNightError when a layer was not judged or a critical check failed; the message is what to print."""
    exists = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'meta' and table_name = 'check_results'"
    ).fetchone()[0]
    judged = {layer for (layer,) in connection.execute("select distinct layer from meta.check_results").fetchall()} if exists else set()
    missing = [layer for layer in REQUIRED_LAYERS if layer not in judged]
    failures = failed_checks(connection) if exists else []
    if failures:
        raise BlockedNightError(describe_failures(failures))
    if missing:
        raise BlockedNightError(f"not judged: {', '.join(missing)}. Publication needs the verdict of this build; run the whole night")


def failed_checks(connection) -> list[dict]:
    """The critical checks that failed, each with its culprits."""
    cursor = connection.execute(
        "select layer, check_name, table_name, reason, culprit_count, culprits, what_to_do from meta.check_results"
        " where outcome = 'failed' and severity = 'critical' order by layer, check_name, table_name"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def describe_row(row: dict) -> str:
    """A culprit in words: each column that has a value, with it."""
    return ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)


def describe_failures(failures: list[dict], shown: int = 3) -> str:
    """Failures in words: the check, how many rows break it, the first of them, what to do."""
    lines = []
    for failure in failures:
        lines.append(
            f"{failure['check_name']} failed on {failure['table_name']}: {failure['culprit_count']} row(s). {failure['reason']}".rstrip()
        )
        for culprit in json.loads(failure["culprits"])[:shown]:
            lines.append(f"  {describe_row(culprit)}")
        lines.append(f"  {failure['what_to_do']}")
    return "\n".join(lines)
