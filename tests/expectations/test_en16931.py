"""The official unit files of the European e-invoice standard, read into the invoice tables: our verdict equals theirs.

Each file holds small fragments of invoices, each with the rule it tests and whether it must succeed. A fragment is filled
up with what is right, so that the tested rule alone can fail. Covered is what the contracts can hold: no breakdown apart
from the lines. Keep out: reading e-invoices as a source.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from pipelines.sources.contracts import load_contracts
from tests import worlds

#: Official rule -> our code.
COVERED = {
    "BR-27": "negative_price",
    "BR-CL-04": "currency_unknown_or_mixed",
    "BR-CO-10": "lines_not_sum_of_total",
    "BR-CO-12": "allowance_or_charge_total_wrong",
    "BR-CO-15": "gross_not_net_plus_vat",
    "BR-CO-17": "vat_breakdown_wrong",
    "BR-S-09": "vat_breakdown_wrong",
    "BR-Z-09": "vat_breakdown_wrong",
    "BR-AE-09": "vat_breakdown_wrong",
    "BR-S-05": "vat_category_inconsistent",
    "BR-Z-05": "vat_category_inconsistent",
    "BR-AE-05": "vat_category_inconsistent",
    "BR-O-05": "vat_category_inconsistent",
    "BR-E-06": "vat_category_inconsistent",
    "BR-G-06": "vat_category_inconsistent",
    "BR-IC-06": "vat_category_inconsistent",
    "BR-S-07": "vat_category_inconsistent",
    "BR-Z-07": "vat_category_inconsistent",
    "BR-AE-07": "vat_category_inconsistent",
    "BR-O-07": "vat_category_inconsistent",
    "BR-IG-05": "vat_category_inconsistent",
    "BR-IG-07": "vat_category_inconsistent",
    "BR-IP-05": "vat_category_inconsistent",
    "BR-IP-07": "vat_category_inconsistent",
}
#: Official rule -> required column: a row without it is rejected at arrival and never becomes a fact.
COVERED_AT_ARRIVAL = {
    "BR-03": ("invoices", "issued_date", "{*}IssueDate"),
    "BR-05": ("invoices", "currency", "{*}DocumentCurrencyCode"),
    "BR-07": ("customers", "name", "{*}AccountingCustomerParty//{*}RegistrationName"),
    "BR-13": ("invoices", "net_amount", "{*}LegalMonetaryTotal/{*}TaxExclusiveAmount"),
    "BR-21": ("invoice_lines", "line_number", "{*}InvoiceLine/{*}ID"),
    "BR-31": ("invoice_allowances", "amount", "{*}AllowanceCharge/{*}Amount"),
}


#: Column of the invoices -> element of the document's totals.
PRINTED_AMOUNTS = {
    "allowance_amount": "AllowanceTotalAmount",
    "charge_amount": "ChargeTotalAmount",
    "prepaid_amount": "PrepaidAmount",
    "rounding_amount": "PayableRoundingAmount",
    "due_amount": "PayableAmount",
}


@dataclass
class Fragment:
    """One small invoice of a unit file; ``must_fail`` is the official verdict on ``rule``."""

    rule: str
    number: int
    must_fail: bool
    document: ElementTree.Element
    lines: list[dict] = field(default_factory=list)

    @property
    def invoice_id(self) -> str:
        return f"{self.rule}/{self.number}"


def read_fragments(folder: Path, rule: str) -> list[Fragment]:
    """The fragments of one unit file. A document type declaration is refused."""
    text = (folder / f"{rule}.xml").read_text(encoding="utf-8")
    assert "<!DOCTYPE" not in text
    fragments = []
    for number, test in enumerate(ElementTree.fromstring(text).findall("{*}test"), start=1):
        verdict, document = test.find("{*}assert"), next(child for child in test if not child.tag.endswith("}assert"))
        fragments.append(Fragment(rule, number, verdict.find("{*}error") is not None, document))
    assert fragments, rule
    return fragments


def amount(element: ElementTree.Element, path: str) -> Decimal | None:
    text = element.findtext(path)
    return None if text is None or not text.strip() else Decimal(text.strip())


def invoice_rows(fragment: Fragment) -> dict[str, list[dict]]:
    """Contract -> rows: the invoice, its allowances and charges, its lines; what the fragment leaves out follows from what it says."""
    document = fragment.document
    currency = document.findtext("{*}DocumentCurrencyCode") or "EUR"
    lines = [_line(item) for item in document.findall("{*}InvoiceLine")]
    if not lines:
        lines = [_breakdown_line(item) for item in document.findall("{*}TaxTotal/{*}TaxSubtotal")]
    totals = document.find("{*}LegalMonetaryTotal")
    allowances = [_allowance(item) for item in document.findall("{*}AllowanceCharge")]
    printed = {column: amount(totals, f"{{*}}{name}") if totals is not None else None for column, name in PRINTED_AMOUNTS.items()}
    if printed["allowance_amount"] is None:
        printed["allowance_amount"] = sum((row["amount"] for row in allowances if not row["is_charge"]), Decimal(0))
    added = (printed["charge_amount"] or 0) - printed["allowance_amount"]
    net = sum((line["net_amount"] for line in lines), Decimal(0)) + added
    if totals is not None:
        exclusive, extension = amount(totals, "{*}TaxExclusiveAmount"), amount(totals, "{*}LineExtensionAmount")
        net = exclusive if exclusive is not None else extension + added if extension is not None else net
    if not lines:
        lines = [{"quantity": 1, "unit_price_amount": net - added, "net_amount": net - added, "vat_category": None, "vat_share": None}]
    own = [amount(total, "{*}TaxAmount") for total in document.findall("{*}TaxTotal")]
    parts = [amount(part, "{*}TaxAmount") for part in document.findall("{*}TaxTotal/{*}TaxSubtotal")]
    stated = [value for value in own if value is not None] or [value for value in parts if value is not None]
    vat = sum(stated, Decimal(0)) if stated else None
    gross = amount(totals, "{*}TaxInclusiveAmount") if totals is not None else None
    gross = gross if gross is not None else net + (vat or 0)
    header = {"invoice_id": fragment.invoice_id, "document_type": "invoice", "customer_id": "K1", "issued_date": "2025-06-01"}
    header |= {"currency": currency, "net_amount": net, "vat_amount": vat, "gross_amount": gross, **printed}
    return {
        "invoices": [header],
        "invoice_allowances": [{"invoice_id": fragment.invoice_id, "allowance_number": str(n), **row} for n, row in enumerate(allowances)],
        "invoice_lines": [{"invoice_id": fragment.invoice_id, "line_number": str(n), **line} for n, line in enumerate(lines, start=1)],
    }


def _allowance(item: ElementTree.Element) -> dict:
    percent, category = amount(item, "{*}MultiplierFactorNumeric"), item.findtext("{*}TaxCategory/{*}ID")
    return {
        "is_charge": item.findtext("{*}ChargeIndicator") == "true",
        "amount": amount(item, "{*}Amount") or Decimal(0),
        "base_amount": amount(item, "{*}BaseAmount"),
        "allowance_share": None if percent is None else percent / 100,
        "vat_category": category,
        "vat_share": _share(category, amount(item, "{*}TaxCategory/{*}Percent")),
    }


def _line(item: ElementTree.Element) -> dict:
    price, net = amount(item, "{*}Price/{*}PriceAmount"), amount(item, "{*}LineExtensionAmount")
    net = net if net is not None else price if price is not None else Decimal(0)
    category = item.findtext("{*}Item/{*}ClassifiedTaxCategory/{*}ID")
    percent = amount(item, "{*}Item/{*}ClassifiedTaxCategory/{*}Percent")
    return {
        "quantity": 1, "unit_price_amount": price if price is not None else net, "net_amount": net, "vat_category": category,
        "vat_share": _share(category, percent),
    }  # fmt: skip


def _breakdown_line(item: ElementTree.Element) -> dict:
    base, category = amount(item, "{*}TaxableAmount") or Decimal(0), item.findtext("{*}TaxCategory/{*}ID")
    share = _share(category, amount(item, "{*}TaxCategory/{*}Percent"))
    return {"quantity": 1, "unit_price_amount": abs(base), "net_amount": base, "vat_category": category, "vat_share": share}


def _share(category: str | None, percent: Decimal | None) -> Decimal | None:
    if percent is None:
        return Decimal(0) if category in ("Z", "E", "AE", "K", "G", "O") else None
    return percent / 100


@pytest.fixture(scope="module")
def verdicts(shared_data: Path) -> tuple[list[Fragment], set[tuple[str, str]]]:
    """All covered fragments, and what our rules say about them: pairs of code and document."""
    fragments = [item for rule in COVERED for item in read_fragments(shared_data / "einvoices" / "en16931_unit", rule)]
    with duckdb.connect() as connection:
        connection.execute("create schema demo")
        for contract in ("customers", "invoices", "invoice_lines", "invoice_allowances"):
            columns = ", ".join(f'"{column.name}" {column.engine_type}' for column in load_contracts()[contract].columns)
            connection.execute(f'create table demo."{contract}" ({columns})')
        connection.execute("insert into demo.customers by name select 'K1' as customer_id, 'Buyer' as name")
        for fragment in fragments:
            for table, rows in invoice_rows(fragment).items():
                for row in rows:
                    marks = ", ".join(f"? as {name}" for name in row)
                    connection.execute(f"insert into demo.{table} by name select {marks}", list(row.values()))
        worlds.fill_raw(connection, "2025-12-31")
        worlds.run_rules(connection, worlds.compiled_steps())
        found = connection.execute("select distinct error_code, document_id from core.fct_invoice_errors").fetchall()
    print(f"covered: {', '.join(sorted({*COVERED, *COVERED_AT_ARRIVAL}))}; {len(fragments)} fragments")
    return fragments, set(found)


@pytest.mark.parametrize("rule", COVERED)
def test_verdict_equals_the_official_one(verdicts, rule):
    fragments, found = verdicts
    wrong = [
        f"{item.invoice_id}: officially {'an error' if item.must_fail else 'right'}"
        for item in fragments
        if item.rule == rule and item.must_fail != ((COVERED[rule], item.invoice_id) in found)
    ]
    assert wrong == []


@pytest.mark.parametrize("rule", COVERED_AT_ARRIVAL)
def test_missing_field_is_rejected_at_arrival(shared_data, rule):
    contract, column, path = COVERED_AT_ARRIVAL[rule]
    assert load_contracts()[contract].column(column).is_required
    for item in read_fragments(shared_data / "einvoices" / "en16931_unit", rule):
        assert item.must_fail == (not (item.document.findtext(path) or "").strip()), item.invoice_id
