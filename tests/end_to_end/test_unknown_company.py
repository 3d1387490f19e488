"""A company that nobody here knows runs by a YAML file alone: other names, separators, signs, encodings and formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: bakkerij
name: Bakkerij De Proef
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: invoices.issued_date
notation: {date_format: "%d.%m.%Y", decimal_sign: ",", thousands_sign: ".", null_values: [onbekend]}

sources:
  klanten: {files: "stam/klanten*.txt", delimiter: "|", encoding: cp1252, columns: [Nr, Naam, Termijn]}
  facturen:
    {files: "boek/F-*.csv", delimiter: ";", delivered_on: 'F-(\\d{4}-\\d{2}-\\d{2})',
     columns: [Factuur, Soort, Klant, Datum, Netto, BTW]}
  ontvangsten: {files: "bank/*.jsonl", format: jsonl, columns: [id, factuur, dag, bedrag], notation: {date_format: "%Y%m%d"}}

entities:
  customers:
    source: klanten
    columns: {customer_id: Nr, name: Naam, payment_terms_days: "cast(number(Termijn) as integer)"}
  invoices:
    source: facturen
    columns:
      invoice_id: Factuur
      document_type: case Soort when 'F' then 'invoice' when 'C' then 'credit_note' else Soort end
      customer_id: Klant
      issued_date: Datum
      currency: "'EUR'"
      net_amount: Netto
      vat_amount: BTW
      gross_amount: number(Netto) + number(BTW)
  payments:
    source: ontvangsten
    columns: {payment_id: id, received_date: dag, amount: bedrag, currency: "'EUR'"}
  payment_allocations:
    source: ontvangsten
    columns: {allocation_id: id, payment_id: id, invoice_id: factuur, allocated_date: dag, amount: bedrag}
"""


def test_company_runs_by_its_yaml_alone(tmp_path: Path) -> None:
    (tmp_path / "bakkerij.yaml").write_text(COMPANY, encoding="utf-8")
    for folder in ("stam", "boek", "bank"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    write = lambda name, text, encoding="utf-8": (tmp_path / "data" / name).write_bytes(text.encode(encoding))  # noqa: E731
    write("stam/klanten 1.txt", 'Nr|Naam|Termijn\n0007|Café Één|30\n0012|"Jansen | Zn"|14\n', "cp1252")
    write(
        "boek/F-2025-01-31.csv",
        "Factuur;Soort;Klant;Datum;Netto;BTW\nA1;F;0007;05.01.2025;1.000,00;90,00\nA2;F;0012;20.01.2025;200,00;18,00\n",
    )
    write(
        "boek/F-2025-02-28.csv", "Factuur;Soort;Klant;Datum;Netto;BTW\nA3;C;0007;28.02.2025;100,00;9,00\nA4;F;0007;31.02.2025;1,00;0,09\n"
    )
    write("bank/1.jsonl", '{"id": "p1", "factuur": "A1", "dag": "20250210", "bedrag": 545.0}\n')

    night = run_night(str(tmp_path / "bakkerij.yaml"), tmp_path / "warehouse", tmp_path / "data", REPORT_DATE="2025-02-28")

    assert night.status == 0, night.output
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    revenue = {month: value for month, (value, _) in night.monthly("net_revenue").items()}
    assert revenue == {january: Decimal(1200), february: Decimal(-100)}
    receivables = {month: value for month, (value, _) in night.monthly("receivables").items()}
    assert receivables == {january: Decimal(1308), february: Decimal(1308 - 545 - 109)}
    # A1 fell due on 4 February, A2 on 3 February.
    assert night.monthly("overdue_amount")[february][0] == Decimal(545 + 218)
    assert night.query("select customer_id, name from core.dim_customers where is_in_master order by 1") == [
        ("0007", "Café Één"),
        ("0012", "Jansen | Zn"),
    ]
    quarantined = night.query("select path, row_number, column_name, rule, value from meta.quarantine")
    assert quarantined == [("boek/F-2025-02-28.csv", 2, "issued_date", "not_a_date", "31.02.2025")]


def test_wrong_yaml_names_file_key_and_what_was_expected(tmp_path: Path) -> None:
    text = COMPANY.replace("customer_id: Klant", "customer: Klant").replace("Europe/Amsterdam", "Europe/Amsterdm")
    (tmp_path / "bakkerij.yaml").write_text(text, encoding="utf-8")
    night = run_night(str(tmp_path / "bakkerij.yaml"), tmp_path / "warehouse", tmp_path)
    assert night.status == 2
    assert "bakkerij.yaml" in night.output
    assert "time_zone" in night.output
    assert "Europe/Amsterdm" in night.output


def test_mapping_that_does_not_run_on_its_file_is_a_wrong_set_up(tmp_path: Path) -> None:
    (tmp_path / "bakkerij.yaml").write_text(COMPANY.replace("name: Naam", "name: Naaam"), encoding="utf-8")
    (tmp_path / "data" / "stam").mkdir(parents=True)
    (tmp_path / "data" / "stam" / "klanten.txt").write_text("Nr|Naam|Termijn\n1|A|30\n")
    night = run_night(str(tmp_path / "bakkerij.yaml"), tmp_path / "warehouse", tmp_path / "data")
    assert night.status == 2
    assert "entities.customers" in night.output
    assert "Naaam" in night.output
