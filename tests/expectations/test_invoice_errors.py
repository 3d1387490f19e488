"""The error rules over 200 demo worlds: each planted error is found, nothing else is. Keep out: the worlds themselves."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from pipelines.settings import DBT_FOLDER, EXPECTATIONS_FOLDER
from tests import worlds

WORLDS = 200
#: Documents of each kind that must come through without a single finding.
CLEAN_DOCUMENTS = {"invoice": 1_000, "credit_note": 1_000, "cancellation": 100}

#: What blocks a delivery, or needs a publication before: tests/end_to_end plants them.
FOUND_BY_WHOLE_NIGHTS = {"swapped_day_month", "control_total_differs", "bank_total_differs", "changed_after_publication"}


@pytest.fixture(scope="module")
def results() -> list[worlds.Result]:
    return worlds.judge_many(WORLDS, processes=2)


@pytest.mark.slow
def test_precision_and_recall_are_one_for_every_code(results):
    wrong = {code: counts for code, counts in worlds.scores(results).items() if counts[1] or counts[2]}
    assert wrong == {}, "code: (found, missed, invented)"


@pytest.mark.slow
def test_every_code_is_planted_somewhere_and_so_is_a_near_miss_of_it(results):
    with worlds.build_world(1, "none") as connection:
        worlds.run_rules(connection, worlds.compiled_steps())
        codes = {code for (code,) in connection.execute("select error_code from kpi.invoice_error_types").fetchall()}
    found = {code for code, counts in worlds.scores(results).items() if counts[0]}
    near_misses = sum((result.near_misses for result in results), Counter())
    assert codes - found == FOUND_BY_WHOLE_NIGHTS
    assert codes - set(near_misses) == FOUND_BY_WHOLE_NIGHTS


@pytest.mark.slow
def test_clean_documents_of_every_kind_raise_nothing(results):
    clean = [result for result in results if result.planted == "none"]
    assert [culprit for result in clean for culprit in result.invented] == []
    counts = sum((result.clean_documents for result in clean), Counter())
    assert {kind: counts[kind] >= least for kind, least in CLEAN_DOCUMENTS.items()} == dict.fromkeys(CLEAN_DOCUMENTS, True), counts


@pytest.mark.slow
def test_near_misses_are_there_and_raise_nothing(results):
    planted = [result for result in results if result.planted == "all"]
    assert all(result.near_misses for result in planted)
    assert [culprit for result in planted for culprit in result.near_misses_found] == []


@pytest.mark.slow
def test_euros_at_stake_are_those_of_the_answer_key(results):
    assert [culprit for result in results for culprit in result.wrong_stakes] == []


def test_every_code_that_does_not_block_a_delivery_stands_in_a_family_check():
    families = (EXPECTATIONS_FOLDER / "publication" / "invoice_errors.yaml").read_text(encoding="utf-8")
    with (DBT_FOLDER / "seeds" / "invoice_error_types.csv").open(encoding="utf-8", newline="") as seed:
        codes = [row["error_code"] for row in csv.DictReader(seed) if row["severity"] != "blocks"]
    assert [code for code in codes if families.count(f"'{code}'") != 1] == []
