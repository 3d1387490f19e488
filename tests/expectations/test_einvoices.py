"""Official example documents of EN 16931, delivered by a company's file that says no more than their format: what the rules find.

Keep out: how a document is read (``tests/pipelines/sources/test_einvoices.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from lxml import etree

from tests.deliveries import built

COMPANY = (
    "company: einvoices\nname: E-invoices\ntime_zone: Europe/Amsterdam\nreporting_currency: EUR\nlast_complete_day: invoices.issued_date\n"
    "sources: {in: {files: '*.xml', format: einvoice}}\n"
)
#: Right findings that a customer may dispute: Denmark has never had a rate of 10% or 12%, and two examples stand in the set twice
#: under other numbers.
RIGHT = {"vat_rate_not_valid": {"example3", "example4", "example5", "example6"}, "duplicate_invoice": {"guide-example2", "example10"}}


@pytest.fixture(scope="module")
def found(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """All examples under numbers of their own (they share some), and copies of one that are wrong by a sum, or by a name."""
    folder = tmp_path_factory.mktemp("einvoices")
    (folder / "data").mkdir()
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    examples = sorted((shared_data / "einvoices" / "examples").iterdir())
    for example in examples:
        _write(folder, etree.parse(example).getroot(), example.stem.removeprefix("ubl-tc434-"))
    right = next(path for path in examples if path.name == "ubl-tc434-example9.xml")
    for name, element, text in (
        ("wrong sum", "{*}LegalMonetaryTotal/{*}PayableAmount", "1.00"),
        ("no buyer", "{*}AccountingCustomerParty/{*}Party/{*}PartyLegalEntity/{*}RegistrationName", None),
    ):
        document = etree.parse(right).getroot()
        part = document.find(element)
        part.text = text if text else part.getparent().remove(part)
        document.find("{*}IssueDate").text = "2014-01-01" if text else "2014-02-01"
        _write(folder, document, name)
    (folder / "data" / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', encoding="utf-8")
    with built(folder / "company.yaml", folder / "data", folder / "warehouse", ("fct_invoice_errors", "rule_coverage")) as connection:
        yield connection


def _write(folder: Path, document: etree._Element, number: str) -> None:
    document.find("{*}ID").text = number
    (folder / "data" / f"{number}.xml").write_bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))


def _findings(found: duckdb.DuckDBPyConnection, condition: str) -> dict[str, set[str]]:
    rows = found.execute(
        f"select error_code, list(distinct document_id) from core.fct_invoice_errors where {condition} group by 1"
    ).fetchall()
    return {code: set(documents) for code, documents in rows}


def test_every_document_is_in_exactly_one_place(found: duckdb.DuckDBPyConnection, shared_data: Path) -> None:
    delivered = len(list((shared_data / "einvoices" / "examples").iterdir())) + 2
    assert found.execute("select count(*) from raw.invoices where _is_current").fetchone() == (delivered,)
    assert found.execute("select entity, column_name, rule from raw.quarantine").fetchall() == []
    ((path, reason),) = found.execute("select path, reason from raw.refused_files").fetchall()
    assert (path, "document type declaration" in reason) == ("bomb.xml", True)


def test_official_examples_hold_nothing_out_and_only_what_is_right_is_disputable(found: duckdb.DuckDBPyConnection) -> None:
    assert _findings(found, "is_holding_out") == {"standard_amounts_wrong": {"wrong sum"}, "amount_due_wrong": {"wrong sum"}}
    assert _findings(found, "severity = 'disputable' and document_id not in ('wrong sum', 'no buyer')") == RIGHT


def test_what_breaks_the_standard_without_money_warns_with_its_rule(found: duckdb.DuckDBPyConnection) -> None:
    assert _findings(found, "error_code = 'standard_rule_broken'") == {"standard_rule_broken": {"no buyer"}}
    evidence = dict(found.execute("select document_id, evidence from core.fct_invoice_errors where error_code like 'standard%'").fetchall())
    assert evidence["no buyer"].startswith("BR-07; BR-07: An Invoice shall contain the Buyer name")
    assert evidence["wrong sum"].startswith("BR-CO-16; BR-CO-16: Amount due for payment")


def test_fields_that_no_entity_holds_are_counted_and_listed(found: duckdb.DuckDBPyConnection) -> None:
    fields = dict(found.execute("select field_path, count(*) from raw.invoice_fields where _is_current group by 1").fetchall())
    assert fields["PaymentMeans/PayeeFinancialAccount/ID"] >= 10
    assert "InvoiceLine/Price/PriceAmount" not in fields
