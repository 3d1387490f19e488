"""Nights that follow one another: a bank statement that does not add up, and an invoice that is no longer what was published."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NightResult, run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: kantoor
name: Kantoor
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: delivered_on
contract_files: "{entity}/*.csv"
contract_delivered_on: '(\\d{4}-\\d{2}-\\d{2})\\.csv$'
"""
APPROVAL = """
approved_exceptions:
  - error_code: changed_after_publication
    document_id: "2025-003"
    approved_by: A. Controller
    reason: agreed with the customer
    valid_until_date: 2025-12-31
"""
INVOICE = "invoice_id,document_type,customer_id,issued_date,currency,net_amount,gross_amount"
STATEMENT = "statement_id,bank_account,statement_date,currency,opening_amount,closing_amount,other_entries_amount"
PAYMENT = "payment_id,received_date,amount,currency,customer_id,statement_id"


def invoice(number: int, day: str, amount: str = "100.00") -> str:
    return f"2025-{number:03},invoice,K{number % 5},{day},EUR,{amount},{amount}"


class Office:
    def __init__(self, folder: Path) -> None:
        self.yaml, self.warehouse, self.data = folder / "kantoor.yaml", folder / "warehouse", folder / "data"
        self.yaml.write_text(COMPANY)

    def deliver(self, entity: str, day: str, header: str, *rows: str) -> None:
        (self.data / entity).mkdir(parents=True, exist_ok=True)
        (self.data / entity / f"{day}.csv").write_text("\n".join((header, *rows)) + "\n")

    def night(self) -> NightResult:
        return run_night(str(self.yaml), self.warehouse, self.data)


def test_statement_blocks_until_it_adds_up_and_a_changed_invoice_is_held_out_until_it_is_approved(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.deliver("customers", "2025-01-31", "customer_id,name", *(f"K{n},Klant {n}" for n in range(5)))
    office.deliver("invoices", "2025-01-31", INVOICE, *(invoice(n, "2025-01-15") for n in range(1, 101)))
    office.deliver("payments", "2025-01-31", PAYMENT, "P1,2025-01-20,100.00,EUR,K1,S1", "P2,2025-01-21,-20.00,EUR,K1,S1")
    office.deliver("bank_statements", "2025-01-31", STATEMENT, "S1,NL20INGB0001234567,2025-01-31,EUR,1000.00,1050.00,-30.00")
    first = office.night()
    assert first.status == 0, first.output[-2000:]
    judged = "select error_code, is_assessed, not_assessed_reason from core.rule_coverage where error_code = '{}'"
    assert first.query(judged.format("bank_total_differs")) == [("bank_total_differs", True, None)]
    assert first.query(judged.format("changed_after_publication"))[0][1:] == (False, "no earlier publication to compare with")

    # Another amount for an invoice of January, one as it was, and a statement that says fifty more than its entries.
    again = (invoice(3, "2025-01-15", "150.00"), invoice(4, "2025-01-15"))
    office.deliver("invoices", "2025-02-28", INVOICE, *again, *(invoice(n, "2025-02-15") for n in range(101, 201)))
    office.deliver("payments", "2025-02-28", PAYMENT, "P3,2025-02-20,200.00,EUR,K2,S2")
    office.deliver("bank_statements", "2025-02-28", STATEMENT, "S2,NL20INGB0001234567,2025-02-28,EUR,1050.00,1300.00,")
    blocked = office.night()
    assert blocked.status == 1
    assert "bank_statements_run_from_opening_to_closing" in blocked.output
    assert "statement_id S2" in blocked.output
    assert "difference 50.0000" in blocked.output
    assert blocked.manifest == first.manifest

    office.deliver("bank_statements", "2025-02-28", STATEMENT, "S2,NL20INGB0001234567,2025-02-28,EUR,1050.00,1250.00,")
    second = office.night()
    assert second.status == 0, second.output[-2000:]
    found = "select document_id, stake_amount, is_holding_out from core.fct_invoice_errors where error_code = 'changed_after_publication'"
    assert second.query(found) == [("2025-003", Decimal("50.0000"), True)]
    changed = (
        "select invoice_id, cast(published_report_date as varchar), document_gross_amount, changed_gross_amount"
        " from order_to_cash.changed_invoices"
    )
    assert second.query(changed) == [("2025-003", "2025-01-31", Decimal("100.0000"), Decimal("150.0000"))]
    assert second.query("select sum(gross_amount) from core.fct_invoices where not is_held_out") == [(Decimal("19900.0000"),)]

    # The next night still compares with what January said; the approval lets the new content in.
    office.yaml.write_text(COMPANY + APPROVAL)
    office.deliver("invoices", "2025-03-31", INVOICE, *(invoice(n, "2025-03-15") for n in range(201, 211)))
    third = office.night()
    assert third.status == 0, third.output[-2000:]
    assert third.query(found) == [("2025-003", Decimal("50.0000"), False)]
    assert third.query(changed) == []
    assert third.query("select sum(gross_amount) from core.fct_invoices where not is_held_out") == [(Decimal("21050.0000"),)]
