"""Great Expectations, in a process of its own; the only importer of it.

Its import takes 3 of 25 seconds of a small night (2 cores, 2026-11), as long as a night takes to land and load its files: the
process is started before them and waits. It reads the build file while nobody writes it. Keep out: which checks there are and
what they mean (``suites.py``).
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.apart import Apart
from pipelines.checks.suites import NAMED_CULPRITS, Check, CheckOutcome

_APART = Apart("validation", "great_expectations")
_ONE_AT_A_TIME = threading.Lock()


def warm_up() -> None:
    """Starts the process, which imports Great Expectations meanwhile. Does nothing where it runs."""
    with _ONE_AT_A_TIME:
        _APART.start()


def validate(build_file: Path, checks: list[Check]) -> list[CheckOutcome]:
    """The outcome of each of ``checks`` on ``build_file``, which no other process may have open for writing.

    Raises RuntimeError when Great Expectations breaks; its words say on what.
    """
    with _ONE_AT_A_TIME:
        _APART.begin(_validate, build_file, checks)
        outcomes = _APART.result()
    # The caller's own checks, not their copies from the other process.
    return [replace(outcome, check=check) for outcome, check in zip(outcomes, checks, strict=True)]


def _validate(build_file: Path, checks: list[Check]) -> list[CheckOutcome]:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.variables.analytics_enabled = False
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=f"duckdb:///{build_file}",
        # Without these three the pool rolls back after each statement, which empties DuckDB's pending results.
        kwargs={
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "pool_reset_on_return": None,
            "connect_args": {
                "read_only": True,
                "config": {"autoinstall_known_extensions": False, "autoload_known_extensions": False},
            },
        },
    )
    outcomes = []
    batches: dict[tuple[str, str], Any] = {}
    try:
        for number, check in enumerate(checks):
            if check.asset_key not in batches:
                asset = source.add_table_asset(f"{check.schema}.{check.table}", table_name=check.table, schema_name=check.schema)
                batches[check.asset_key] = asset.add_batch_definition_whole_table("all")
            suite = context.suites.add(gx.ExpectationSuite(name=f"{number}", expectations=[dict(e) for e in check.expectations]))
            if len(suite.expectations) != len(check.expectations):
                # Great Expectations drops an expectation of unknown type silently.
                outcomes.append(CheckOutcome(check, "failed", "the suite names an expectation that does not exist"))
                continue
            definition = gx.ValidationDefinition(name=f"{number}", data=batches[check.asset_key], suite=suite)
            result = context.validation_definitions.add(definition).run(
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": list(check.key),
                    "partial_unexpected_count": NAMED_CULPRITS,
                }
            )
            outcomes.append(_outcome(check, result))
    finally:
        # Great Expectations keeps the file open otherwise, and the next writer fails.
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return outcomes


def _outcome(check: Check, result: Any) -> CheckOutcome:
    count, culprits, reasons = 0, [], []
    for item in result.results:
        if item.success:
            continue
        raised = [info for info in _exceptions(item.exception_info) if info.get("raised_exception")]
        if raised:
            reasons.append(f"could not be run: {raised[0].get('exception_message', '').splitlines()[0]}")
            continue
        details = item.result or {}
        rows = (details.get("details") or {}).get("unexpected_rows")
        if rows is not None:
            count += int(details.get("observed_value") or len(rows))
            culprits += [dict(row) for row in rows]
        elif "unexpected_count" in details:
            count += int(details["unexpected_count"])
            culprits += [dict(row) for row in details.get("partial_unexpected_index_list") or ()]
            reasons.append(f"{item.expectation_config.type} on {item.expectation_config.kwargs.get('column')}")
        else:
            count += 1
            reasons.append(f"{item.expectation_config.type}: observed {details.get('observed_value')}")
    failed = not result.success
    named = tuple(json.loads(json.dumps(row, default=str)) for row in culprits[:NAMED_CULPRITS])
    return CheckOutcome(check, "failed" if failed else "passed", "; ".join(reasons), count, named)


def _exceptions(info: Any) -> list[dict[str, Any]]:
    """Exception entries: Great Expectations gives one, or one per metric."""
    if not isinstance(info, dict):
        return []
    return [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
