"""The dbt tests of a table on the build: each has its outcome, its culprits, and one check in the UI."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines import dbt
from pipelines.checks import table_tests
from pipelines.checks.asset_checks import TESTS_OF_A_TABLE, result_of_tests, spec_of_tests
from pipelines.checks.gate import failed_checks, record_dbt_step
from pipelines.checks.table_tests import TableTest, run_tests
from pipelines.dbt import Built
from pipelines.warehouse import connect

TABLE = ("core", "shop")


def judged(name: str, sql: str, severity: str = "critical", reads: frozenset = frozenset({TABLE})) -> TableTest:
    return TableTest.of(name, "core tests", TABLE, severity, sql, reads=reads, why="why")


@pytest.fixture
def outcomes():
    tests = {
        TABLE: (
            judged("filled", "select * from core.shop where amount is null"),
            judged("positive", "select id, amount from core.shop where amount < 0"),
            judged("small", "select id from core.shop where amount > 2", "warning"),
            judged("ties", "select * from core.shop, marts.gone", reads=frozenset({TABLE, ("marts", "gone")})),
        )
    }
    with connect() as connection:
        connection.execute("create schema core")
        connection.execute("create table core.shop as select range as id, 22.50 - range as amount from range(30)")
        yield connection, run_tests(connection, tests)


def test_each_test_has_its_own_outcome(outcomes) -> None:
    _, found = outcomes
    assert [(item.check.name, item.outcome, item.count) for item in found[TABLE]] == [
        ("filled", "passed", 0),
        ("positive", "failed", 7),
        ("small", "failed", 21),
        ("ties", "not_assessed", 0),
    ]
    assert found[TABLE][1].culprits[0] == {"id": 23, "amount": "-0.50"}
    assert len(found[TABLE][2].culprits) == table_tests.NAMED_CULPRITS
    assert found[TABLE][3].reason == "not built: marts.gone"


def test_the_ui_names_what_failed_with_culprits_and_what_to_do(outcomes) -> None:
    _, found = outcomes
    result = result_of_tests([*TABLE], found[TABLE])
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "positive: 7 row(s) break it: id 23, amount -0.50" in result.description
    assert "| 23 | -0.50 |" in result.metadata["culprits of positive"].value
    assert "dbt_project/target/compiled" in result.metadata["what to do"].text
    assert "ties (not built: marts.gone)" in result.metadata["not assessed"].text


def test_a_warning_reads_as_a_warning(outcomes) -> None:
    _, found = outcomes
    result = result_of_tests([*TABLE], [item for item in found[TABLE] if item.check.name in ("filled", "small")])
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert result.description.startswith("Worth a look, blocks nothing")


def test_the_gate_has_a_row_per_test_and_per_table_that_failed(outcomes) -> None:
    connection, found = outcomes
    (broken, skipped, built, *_) = (table["unique_id"] for table in dbt.tables_of(dbt.BEFORE_GATE))
    statuses = {broken: Built("error", "Binder Error", 0.1), skipped: Built("skipped", "", 0.0), built: Built("success", "OK", 0.1)}
    record_dbt_step(connection, "core tests", statuses, found[TABLE])
    rows = connection.execute("select check_name, severity, outcome from meta.check_results order by rowid").fetchall()
    assert rows == [
        (broken.split(".")[-1], "critical", "failed"),
        (skipped.split(".")[-1], "critical", "not_assessed"),
        ("filled", "critical", "passed"),
        ("positive", "critical", "failed"),
        ("small", "warning", "failed"),
        ("ties", "critical", "not_assessed"),
        ("models_are_built", "critical", "passed"),
    ]
    assert [item["check_name"] for item in failed_checks(connection)] == [broken.split(".")[-1], "positive"]


def test_every_dbt_test_stands_in_one_layer_on_a_table_of_its_step() -> None:
    nodes = dbt.manifest()["nodes"].values()
    layers = {layer: [test for tests in table_tests.tests_of(layer).values() for test in tests] for layer in ("core tests", "mart tests")}
    names = sorted(test.check.name for tests in layers.values() for test in tests)
    assert names == sorted(node["name"] for node in nodes if node["resource_type"] == "test")
    for layer, tag in (("core tests", dbt.BEFORE_GATE), ("mart tests", dbt.BEHIND_GATE)):
        tables = {(table["schema"], table["name"]) for table in dbt.tables_of(tag)}
        assert {test.check.asset_key for test in layers[layer]} <= tables
        assert all(test.sql for test in layers[layer])


def test_no_dbt_test_relies_on_what_is_not_run_here() -> None:
    """A limit, a threshold or another measure than the number of rows would change the outcome under ``dbt test`` only."""
    configs = [node["config"] for node in dbt.manifest()["nodes"].values() if node["resource_type"] == "test"]
    keys = ("warn_if", "error_if", "fail_calc", "limit", "enabled", "store_failures")
    assert {tuple(config[key] for key in keys) for config in configs} == {("!= 0", "!= 0", "count(*)", None, True, None)}


def test_the_check_of_a_table_names_its_tests_and_blocks_where_one_does() -> None:
    for tests in table_tests.tests_of("mart tests").values():
        spec = spec_of_tests(tests[0].check.asset_key, tests)
        assert spec.name == TESTS_OF_A_TABLE
        assert spec.blocking == any(test.check.severity == "critical" for test in tests)
        assert all(test.check.name in spec.description for test in tests)
