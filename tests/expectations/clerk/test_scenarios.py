"""What a receivables clerk meets in a week, and what the rules say of it: each scenario through a company's own file."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.expectations.clerk import billing, money, parties, world
from tests.expectations.clerk.builders import Scenario

pytestmark = pytest.mark.slow

SCENARIOS: list[Scenario] = [*billing.SCENARIOS, *parties.SCENARIOS, *money.SCENARIOS]


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, dict[tuple[str, str], str]]:
    """Findings per scenario. What a company delivers decides what is assessed: scenarios of the same entities make one company."""
    companies: dict[tuple, list[Scenario]] = defaultdict(list)
    for scenario in SCENARIOS:
        companies[(*sorted(scenario.by_entity()), str(scenario.adds))].append(scenario)
    findings: dict[str, dict[tuple[str, str], str]] = {}
    for scenarios in companies.values():
        findings |= world.judged(tmp_path_factory.mktemp("clerk"), scenarios)
    return findings


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_has_its_right_answer(found, scenario: Scenario):
    findings = found[scenario.name]
    codes = {code for code, _ in findings}
    assert scenario.finds - codes == set(), "missed"
    assert {key: words for key, words in findings.items() if key[0] not in scenario.finds | scenario.also} == {}, "invented"
