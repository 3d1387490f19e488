"""``make check``: loads without a trace and says what becomes available; by the same requirements as the models."""

from __future__ import annotations

from pathlib import Path

from pipelines.check import availability, check
from pipelines.settings import Settings
from tests.deliveries import write_company

INVOICES = "invoice_id,document_type,customer_id,issued_date,currency,net_amount,gross_amount\n"


def _checked(tmp_path: Path, **files: str) -> str:
    company = write_company(tmp_path / "company", **files)
    (tmp_path / "scratch").mkdir()
    return check(Settings(company=str(company), data_dir=company.parent / "data"), tmp_path / "scratch")


def test_rows_quarantine_and_what_becomes_available_are_said(tmp_path: Path) -> None:
    said = _checked(tmp_path, invoices=INVOICES + "1,invoice,A,2025-06-01,EUR,100,121\n2,invoice,A,2025-06-02,EUR,ten,121")
    assert "invoices: 1 rows loaded, 0 unchanged, 1 in quarantine" in said
    assert "'ten' in invoices_2025-06-30.csv row 2" in said
    kpis = next(line for line in said.splitlines() if line.startswith("KPIs: "))
    assert "net_revenue" in kpis
    assert "receivables" not in kpis.replace(",", " ").split()
    assert "  receivables: waits for payment_allocations" in said


def test_a_refused_file_is_named(tmp_path: Path) -> None:
    said = _checked(tmp_path, invoices=INVOICES + "1,invoice,A,2025-06-01,EUR,100,121", customers="nummer,naam\n1,A")
    assert "refused customers_2025-06-30.csv: header lacks" in said


def test_one_of_several_entities_will_do() -> None:
    lacking = dict(availability("kpi_definitions.csv", "kpi", "or_entity", {"invoices", "open_items"}))
    assert lacking["receivables"] == []
    assert dict(availability("kpi_definitions.csv", "kpi", "or_entity", {"invoices"}))["receivables"] == ["payment_allocations"]


def test_a_rule_waits_for_every_entity() -> None:
    lacking = dict(availability("invoice_error_types.csv", "error_code", "''", {"invoices", "orders"}))
    assert "invoice_lines" in lacking["quantity_above_delivered"]
    assert "orders" not in lacking["quantity_above_delivered"]
