"""The demo company: published out of the box, with its planted errors found and its past rebuilt as it was known then."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.dictionary import names_version
from tests.dbt.test_advice_worlds import OF_A_BUILD, contradictions
from tests.end_to_end.conftest import NightResult, run_night
from tests.worlds import compiled_steps, manifest

pytestmark = pytest.mark.slow

#: A day in the last month, of which the demo company delivers a file per day.
PAST = "2025-12-15"


@pytest.fixture(scope="module")
def night(published) -> NightResult:
    return published("demo")


def test_summary_says_what_was_taken_checked_and_published(night: NightResult) -> None:
    for word in ("Published", "deliveries", "loaded", "quarantined", "passed", "not assessed", "figures", "kpis.duckdb"):
        assert word in night.output


def test_every_entity_is_delivered_and_every_row_accounted_for(night: NightResult) -> None:
    assert night.query("select entity from meta.entity_coverage where not is_delivered") == []
    assert night.query(
        "select count(*) from meta.delivery_rows where delivered_count <> loaded_count + unchanged_count + quarantined_count"
    ) == [(0,)]


def test_no_critical_check_failed_and_none_is_missing(night: NightResult) -> None:
    rows = night.query(
        "select layer, count(*) filter (where outcome = 'failed' and severity = 'critical') from meta.check_results group by 1"
    )
    assert dict(rows) == {"arrival": 0, "core tests": 0, "publication": 0, "mart tests": 0, "figures": 0}


def test_book_is_published_with_the_figures_and_keeps_names_out(night: NightResult) -> None:
    pages = sorted((night.published / "book" / "en" / "customers").glob("*.html"))
    assert pages
    names = {name for (name,) in night.query("select name from core.dim_customers where name is not null and not is_unknown")}
    text = "".join(path.read_text(encoding="utf-8") for path in pages)
    assert {name for name in names if name in text} == set()


def test_precision_and_recall_of_every_assessed_rule_are_published_and_one(night: NightResult) -> None:
    rows = night.query("select error_code, known_count, missed_count, invented_count from order_to_cash.rule_accuracy")
    assert sum(known for _, known, _, _ in rows) > 100
    assert [row for row in rows if row[2] or row[3]] == []


def test_dictionary_says_what_every_published_column_means(night: NightResult) -> None:
    words = night.query(
        "select table_schema, columns.table_name, columns.column_name, lower(columns.data_type) = words.data_type,"
        " words.description <> '' and words.table_description <> '' and words.label_nl <> ''"
        " from information_schema.columns left join meta.data_dictionary as words"
        " on table_schema = schema_name and columns.table_name = words.table_name and columns.column_name = words.column_name"
    )
    assert [row for row in words if row[3:] != (True, True)] == []
    assert night.query("select count(*) from meta.data_dictionary") == [(len(words),)]
    assert night.query("select names_version from meta.publication") == [(names_version(),)]


def test_past_day_is_rebuilt_as_it_was_known_then(night: NightResult, tmp_path: Path) -> None:
    """The files up to that day alone, and all files with KNOWN_BY: the same figures."""
    deliveries = night.company_folder / "deliveries"
    for path in deliveries.glob("*/*.csv"):
        if path.stem[-10:] <= PAST:
            target = tmp_path / "then" / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    then = run_night("demo", tmp_path / "a", tmp_path / "then")
    rebuilt = run_night("demo", tmp_path / "b", deliveries, REPORT_DATE=PAST, KNOWN_BY=PAST)
    assert (then.status, rebuilt.status) == (0, 0), (then.output[-2000:], rebuilt.output[-2000:])
    assert then.manifest["report_date"] == PAST
    figures = "select * exclude (run_id) from kpi.kpi_values order by all"
    assert rebuilt.query(figures) == then.query(figures)


def test_no_advice_contradicts_a_fact_of_its_customer(night: NightResult) -> None:
    with duckdb.connect(str(night.published / "kpis.duckdb"), read_only=True) as connection:
        assert contradictions(connection, OF_A_BUILD) == []


def compared_row_by_row(plan: dict) -> Iterator[str]:
    """Conditions of joins that hold an equality and yet compare every row of one side with every row of the other."""
    condition = str(plan.get("extra_info", {}).get("Condition", ""))
    # A case is a rule per fact over a list of facts: all of them are asked of each row.
    if plan["name"].strip() == "BLOCKWISE_NL_JOIN" and re.search(r"\(\w+ = \w+\)", condition) and not condition.startswith("CASE"):
        yield condition
    for child in plan.get("children", []):
        yield from compared_row_by_row(child)


def test_no_join_with_an_equality_compares_every_row_with_every_row(night: NightResult) -> None:
    """An ``or``, or a condition on one side of an outer join, takes the hash join away: 300 deals cost nothing, 100,000 a minute."""
    found = {}
    with duckdb.connect(str(night.company_folder / "build" / "warehouse.duckdb"), read_only=True) as connection:
        explain = "explain (format json) "
        known = "select * from range(9) as a left join range(9) as b on a.range = b.range and (a.range > 3 or b.range > 5)"
        assert list(compared_row_by_row(json.loads(connection.execute(explain + known).fetchone()[1])[0])) != []
        for step in compiled_steps(tuple(node["name"] for node in manifest()["nodes"].values() if node["resource_type"] == "model")):
            plans = json.loads(connection.execute(explain + step.sql).fetchone()[1])
            if conditions := [condition for plan in plans for condition in compared_row_by_row(plan)]:
                found[step.name] = conditions
    assert found == {}
