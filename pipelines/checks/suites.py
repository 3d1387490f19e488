"""The suites of ``expectations/``, run in the engine by Great Expectations (``validation.py``).

A suite file names the table it judges, the entities it needs and its expectations; each expectation is one check with a
sentence that is true when it passes. The contracts give one more suite per entity. A check has three outcomes: passed,
failed, not assessed. Keep out: what a failed check stops (``gate.py``).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from pipelines.sources.contracts import Contract, load_contracts

Outcome = Literal["passed", "failed", "not_assessed"]
Severity = Literal["critical", "warning"]
#: Arrival judges deliveries, publication the facts before a mart is built, figures what the marts made of them.
Layer = Literal["arrival", "core tests", "publication", "mart tests", "figures"]

#: At most so many culprits are named; the count is always whole.
NAMED_CULPRITS = 20


@dataclass(frozen=True, eq=False)
class Check:
    """One check: a sentence that is true when it passes, why it exists and what to do when it fails."""

    name: str
    layer: Layer
    schema: str
    table: str
    severity: Severity
    why: str
    what_to_do: str
    needs: tuple[str, ...] = ()
    expectations: tuple[dict[str, Any], ...] = ()
    key: tuple[str, ...] = ()

    @property
    def asset_key(self) -> tuple[str, str]:
        return (self.schema, self.table)

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """What the check judges and what its SQL names, as schema and name; a column of an alias is among them."""
        named = re.findall(r"\b([a-z_]\w*)\.([a-z_]\w*)", json.dumps(self.expectations, default=str).lower())
        return frozenset({self.asset_key, *named})


@dataclass(frozen=True)
class CheckOutcome:
    """What came of a check: ``culprits`` are the rows that break it (at most NAMED_CULPRITS), ``count`` all of them."""

    check: Check
    outcome: Outcome
    reason: str = ""
    count: int = 0
    culprits: tuple[dict[str, Any], ...] = field(default=())

    @property
    def blocks(self) -> bool:
        return self.outcome == "failed" and self.check.severity == "critical"


def load_checks(folder: Path, layer: Layer) -> list[Check]:
    """The checks of all suite files of a layer, by file name. Raises ValueError naming file and key on a wrong one.

    Suites of figures stand among those of publication and say so by their ``stage``.
    """
    checks = []
    place = "publication" if layer == "figures" else layer
    for path in sorted((folder / place).glob("*.yaml")):
        suite = yaml.safe_load(path.read_text(encoding="utf-8"))
        if suite.get("stage", place) != layer:
            continue
        for item in suite["checks"]:
            try:
                checks.append(
                    Check(
                        name=item["name"],
                        layer=layer,
                        schema=suite["schema"],
                        table=item.get("table", suite.get("table")),
                        severity=item["severity"],
                        why=item["why"],
                        what_to_do=item["what_to_do"],
                        needs=tuple(item.get("needs", suite.get("needs", ()))),
                        expectations=tuple(item["expectations"]),
                    )
                )
            except KeyError as missing:
                raise ValueError(f"{path.name}: check {item.get('name', '(without name)')}: {missing} is missing") from None
    return checks


def contract_checks() -> list[Check]:
    """Per entity: the loaded rows are what the contract says. A second pair of eyes on the loader, written differently."""
    return [
        Check(
            name="rows_meet_the_contract",
            layer="arrival",
            schema="raw",
            table=contract.name,
            severity="critical",
            why="Staging relies on it: keys are unique, required values stand, closed lists are kept.",
            what_to_do="The loader let a row through that it should have quarantined: report it, with the row.",
            needs=(contract.name,),
            expectations=tuple(_contract_expectations(contract)),
            key=contract.key,
        )
        for contract in load_contracts().values()
    ]


def _contract_expectations(contract: Contract) -> list[dict[str, Any]]:
    key = ", ".join(f'"{name}"' for name in contract.key)
    expectations: list[dict[str, Any]] = [
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {
                "unexpected_rows_query": f"select {key}, count(*) as row_count from {{batch}} where _is_current"
                f" group by {key} having count(*) > 1 order by all"
            },
        }
    ]
    required = [column.name for column in contract.columns if column.is_required]
    expectations += [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": name}} for name in required]
    expectations += [
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": column.name, "value_set": list(column.values)}}
        for column in contract.columns
        if column.values
    ]
    return expectations


def run_checks(
    build_file: Path, checks: list[Check], coverage: dict[str, str | None], standing: dict[Check, CheckOutcome] | None = None
) -> list[CheckOutcome]:
    """Runs every check on the build file, read-only. ``coverage``: entity -> reason why it is not there, None where it is.

    ``standing``: what came of checks of which nothing that they read has changed since.

    An expectation that raises counts as failed whatever its severity; its message is the reason.
    """
    from pipelines.checks.validation import validate

    outcomes = {}
    assessed = []
    for check in checks:
        missing = [f"{entity} ({coverage[entity]})" for entity in check.needs if coverage.get(entity) is not None]
        if missing:
            outcomes[check] = CheckOutcome(check, "not_assessed", f"not delivered: {', '.join(missing)}")
        elif standing and check in standing:
            outcomes[check] = standing[check]
        else:
            assessed.append(check)
    if assessed:
        outcomes |= zip(assessed, validate(build_file, assessed), strict=True)
    return [outcomes[check] for check in checks]
