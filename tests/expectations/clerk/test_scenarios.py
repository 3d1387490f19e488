"""What a receivables clerk meets in a week, and what the rules say of it: each scenario through a company's own file."""

from __future__ import annotations

import duckdb
import pytest

from tests import worlds
from tests.expectations.clerk import (
    billing,
    collective,
    corrections,
    further,
    ledgers,
    money,
    parties,
    rarer,
    seldom,
    together,
    trade,
    units,
    unusual,
    world,
)
from tests.expectations.clerk.builders import Scenario

pytestmark = pytest.mark.slow

SCENARIOS: list[Scenario] = [
    scenario
    for module in (billing, parties, money, further, rarer, trade, corrections, ledgers, units, seldom, collective, unusual, together)
    for scenario in module.SCENARIOS
]


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, dict[tuple[str, str], str]]:
    """Findings per scenario."""
    findings: dict[str, dict[tuple[str, str], str]] = {}
    for scenarios in world.companies(SCENARIOS):
        findings |= world.judged(tmp_path_factory.mktemp("clerk"), scenarios)
    return findings


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_has_its_right_answer(found, scenario: Scenario):
    findings = found[scenario.name]
    assert scenario.missed(findings) == set()
    assert {key: words for key, words in findings.items() if key[0] in scenario.invented(findings)} == {}


def test_a_rule_that_is_switched_off_says_by_whom_and_why(tmp_path):
    with duckdb.connect() as connection:
        world.load(connection, tmp_path, [further.SWITCHED_OFF])
        worlds.run_rules(connection, worlds.compiled_steps())
        coverage = connection.execute(
            "select is_assessed, finding_count, not_assessed_reason from core.rule_coverage where error_code = 'late_invoicing'"
        ).fetchall()
    assert coverage == [(False, 0, "switched off by J. Smit because we bill when the project ends")]
