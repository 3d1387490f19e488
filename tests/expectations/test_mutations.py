"""A sample of the mutants of the rules' SQL, and who notices them. All of them, with all who may notice: ``python -m tests.mutations``."""

from __future__ import annotations

import pytest

from tests.mutations import __main__ as report
from tests.mutations import judging
from tests.mutations.making import mutants, unmutated

#: Families that the sample is taken from, its size, and how many of it the unit tests notice at least: 51 when it was measured.
MODELS = [
    "int_errors_order_match", "int_errors_terms", "int_errors_settlement", "int_errors_references", "int_vat_rates_used",
    "int_errors_lateness",
]  # fmt: skip
SAMPLE, NOTICED = 60, 49


@pytest.mark.slow
def test_unit_tests_notice_as_much_as_they_did():
    found = report.sampled(report.made(MODELS), SAMPLE, "")
    assert len(found) == SAMPLE
    assert len(report.judge(found, corpora=lambda: ())) >= NOTICED


@pytest.mark.slow
def test_rules_written_as_mutants_are_and_not_changed_pass_their_unit_tests():
    steps = judging.rule_models()
    units = judging.UnitTests(MODELS)
    assert {model: units.notice(model, unmutated(steps[model].sql)) for model in MODELS} == dict.fromkeys(MODELS)


def test_mutants_are_made_of_comparisons_conditions_joins_signs_and_figures():
    sql = """with t as (select a.* from a left join b on a.k = b.k and a.d = b.d where a.x > 0.02 and coalesce(a.y, 0) - 1 < 7)
        select 'c' as error_code, x + 1 as evidence from t"""
    names = {mutant.name for mutant in mutants("m", sql)}
    assert {
        "t: a.x > 0.02 -> a.x >= 0.02",
        "t: 0.02 -> 0.03",
        "t: left join b -> inner join b",
        "t: a.k = b.k AND a.d = b.d -> a.k = b.k",
        "t: COALESCE(a.y, 0) - 1 -> COALESCE(a.y, 0) + 1",
        "t: COALESCE(a.y, 0) -> a.y",
        "t: a.x > 0.02 AND COALESCE(a.y, 0) - 1 < 7 -> COALESCE(a.y, 0) - 1 < 7",
    } <= names
    assert not any("x + 1" in name for name in names)
