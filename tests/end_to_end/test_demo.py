"""The demo company: published out of the box, with every entity delivered and its planted errors found."""

from __future__ import annotations

import csv

import pytest

from tests.end_to_end.conftest import NightResult, run_night

pytestmark = pytest.mark.slow

@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightResult:
    result = run_night("demo", tmp_path_factory.mktemp("demo"))
    assert result.status == 0, result.output[-3000:]
    return result


def test_summary_says_what_was_taken_checked_and_published(night: NightResult) -> None:
    for word in ("Published", "deliveries", "loaded", "quarantined", "passed", "not assessed", "figures", "kpis.duckdb"):
        assert word in night.output


def test_every_entity_is_delivered_and_every_row_accounted_for(night: NightResult) -> None:
    assert night.query("select entity from meta.entity_coverage where not is_delivered") == []
    assert night.query(
        "select count(*) from meta.delivery_rows where delivered_count <> loaded_count + unchanged_count + quarantined_count"
    ) == [(0,)]


def test_no_critical_check_failed_and_none_is_missing(night: NightResult) -> None:
    rows = night.query("select layer, count(*) filter (where outcome = 'failed' and severity = 'critical') from meta.check_results group by 1")
    assert dict(rows) == {"arrival": 0, "core tests": 0, "publication": 0, "mart tests": 0}


def test_planted_errors_are_found(night: NightResult) -> None:
    """Every assessed code of the answer key is found on its invoice; a finding on a payment names the payment instead."""
    with (night.company_folder / "deliveries" / "answer_key.csv").open(newline="") as file:
        planted = [(row["error_code"], row["invoice_id"]) for row in csv.DictReader(file) if row["invoice_id"]]
    assert len(planted) > 100
    unassessed = {code for (code,) in night.query("select error_code from kpi.invoice_error_types where not is_assessed_here")}
    of_payments = {
        code for (code,) in night.query("select distinct error_code from core.fct_invoice_errors where document_kind = 'payment'")
    }
    found = set(night.query("select error_code, invoice_id from core.fct_invoice_errors"))
    loaded = {invoice for (invoice,) in night.query("select invoice_id from core.fct_invoices")}
    missed = {pair for pair in planted if pair not in found and pair[1] in loaded and pair[0] not in unassessed | of_payments}
    assert missed == set()
    for code in of_payments:
        ((count,),) = night.query(f"select count(*) from core.fct_invoice_errors where error_code = '{code}'")
        assert count >= len([pair for pair in planted if pair[0] == code]), code
