"""A company that delivers nothing but the items of its receivables ledger: receivables, ageing and days outstanding all the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: open_posten
name: Alleen open posten
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: delivered_on
notation: {date_format: "%d-%m-%Y", decimal_sign: ",", thousands_sign: "."}
sources:
  posten:
    files: "posten_*.csv"
    delimiter: ";"
    delivered_on: 'posten_(\\d{4}-\\d{2}-\\d{2})'
    columns: [Stuk, Debiteur, Datum, Vervalt, Bedrag, Open, Vereffend]
entities:
  open_items:
    source: posten
    columns:
      {item_id: Stuk, customer_id: Debiteur, issued_date: Datum, due_date: Vervalt,
       currency: "'EUR'", amount: Bedrag, open_amount: Open, cleared_date: Vereffend}
"""

ITEMS = """Stuk;Debiteur;Datum;Vervalt;Bedrag;Open;Vereffend
F1;D1;05-01-2025;04-02-2025;1.000,00;0,00;20-02-2025
F2;D1;10-02-2025;12-03-2025;400,00;400,00;
F3;D2;03-03-2025;02-04-2025;600,00;250,00;
C1;D2;20-03-2025;;-50,00;-50,00;
"""


def test_open_items_alone_give_receivables_ageing_and_days_outstanding(tmp_path: Path) -> None:
    (tmp_path / "open_posten.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "posten_2025-03-31.csv").write_text(ITEMS, encoding="utf-8")
    night = run_night(str(tmp_path / "open_posten.yaml"), tmp_path / "warehouse", tmp_path / "data")
    assert night.status == 0, night.output
    january, february, march = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
    receivables = {month: value for month, (value, _) in night.monthly("receivables").items()}
    # F1 is open at the end of January and cleared in February; of F3 350 are not open any more on the day of the list.
    assert receivables == {january: 1000, february: 400, march: 400 + 250 - 50}
    assert night.monthly("overdue_1_30_amount")[march][0] == 400
    assert night.monthly("unapplied_credit_amount")[march][0] == -50
    assert night.monthly("dso_simple")[march][0] == (Decimal(600) * 31 / Decimal(550)).quantize(Decimal("0.000001"))
    assert night.monthly("average_days_to_pay")[february][0] == (date(2025, 2, 20) - date(2025, 1, 5)).days
    # Sales without VAT are not in such a list, and nobody says that they were zero.
    assert {status for _, status in night.monthly("net_revenue").values()} | {"not_available"} == {"not_available"}
    reasons = dict(night.query("select distinct kpi, reason from kpi.kpi_values where kpi in ('net_revenue', 'commission_amount')"))
    assert "invoices" in reasons["net_revenue"]
