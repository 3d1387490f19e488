"""The rules of the models: dbt's unit tests, and the project on a night without a single delivery."""

from __future__ import annotations

import pytest

from tests.dbt.conftest import failures, rows_of

pytestmark = pytest.mark.slow


def test_project_builds_on_empty_tables(empty_build):
    assert empty_build.success, failures(empty_build)


def test_every_rule_holds_on_its_own_rows(dbt, empty_build):
    result = dbt("test", "--select", "test_type:unit")
    assert result.success, failures(result)
    assert len(result.result.results) >= 40, "dbt skips unit tests that it cannot match to a model"


def test_every_kpi_of_an_empty_night_is_not_available_with_its_entities_named(dbt, empty_build):
    values = rows_of(dbt("show", "--inline", "select kpi, status, reason, value from {{ ref('kpi_values') }}", "--limit", "-1"))
    defined = rows_of(dbt("show", "--inline", "select kpi from {{ ref('kpi_definitions') }}", "--limit", "-1"))
    assert sorted(row["kpi"] for row in values) == sorted(row["kpi"] for row in defined)
    assert {(row["status"], row["value"]) for row in values} == {("not_available", None)}
    assert all(row["reason"].startswith("not delivered: ") for row in values)
