"""A group over whole nights of two companies: its figures tie to what they published, also when the night of one is blocked."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.end_to_end.conftest import NightResult, night_environment, run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: {name}
name: {name}
time_zone: Europe/Amsterdam
reporting_currency: {currency}
last_complete_day: delivered_on
contract_files: "{{entity}}_????-??-??.csv"
contract_delivered_on: '_(\\d{{4}}-\\d{{2}}-\\d{{2}})\\.csv$'
parameters: {{quarantined_share_limit: 1, family_stake_share_limit: 1}}
"""
GROUP = """
group: holding
name: Holding
currency: EUR
companies:
  north: {vat_ids: [NL009999995B01]}
  south: {vat_ids: [DE123456788]}
"""
CUSTOMERS = "customer_id,name,country,vat_id,registration_number\n"
INVOICES = "invoice_id,document_type,customer_id,issued_date,due_date,currency,net_amount,vat_amount,gross_amount\n"
PAYMENTS = "payment_id,received_date,amount,currency,customer_id\n"
ALLOCATIONS = "allocation_id,payment_id,invoice_id,allocated_date,amount\n"
RATES = "rate_date,currency,rate\n"


class Company:
    """Invoices of 121.00 to two customers and to the sister company, a third of them paid."""

    def __init__(self, folder: Path, name: str, currency: str, sister: str) -> None:
        self.name, self.currency, self.warehouse, self.data = name, currency, folder / "warehouse", folder / name
        self.data.mkdir()
        self.yaml = folder / f"{name}.yaml"
        self.yaml.write_text(COMPANY.format(name=name, currency=currency))
        # The bakery is the same debtor with both, by its VAT id in the one and by its register in the other.
        known = ("NL001234567B01", "11223344") if name == "north" else ("", "11223344")
        self.customers = CUSTOMERS + f"bakery,Bakery,NL,{known[0]},{known[1]}\nmill,Mill of {name},NL,,\nsister,Sister,,{sister},\n"

    def deliver(self, day: str, rows: dict[str, str] | None = None) -> None:
        month = day[:7]
        numbers = range(1, 31)
        invoices = "".join(
            f"{month}-{n},invoice,{('bakery', 'mill', 'sister')[n % 3]},{month}-{n % 25 + 1:02d},{month}-28,{self.currency},"
            f"{n * 100}.00,{n * 21}.00,{n * 121}.00\n"
            for n in numbers
        )
        paid = [n for n in numbers if n % 4 == 0]
        files = {
            "customers": self.customers,
            "invoices": INVOICES + invoices,
            "payments": PAYMENTS + "".join(f"P{month}-{n},{month}-27,{n * 121}.00,{self.currency},\n" for n in paid),
            "payment_allocations": ALLOCATIONS + "".join(f"A{month}-{n},P{month}-{n},{month}-{n},{month}-27,{n * 121}.00\n" for n in paid),
        } | (rows or {})  # fmt: skip
        for entity, text in files.items():
            (self.data / f"{entity}_{day}.csv").write_text(text)

    def night(self) -> NightResult:
        return run_night(str(self.yaml), self.warehouse, self.data)


def publish_group(folder: Path) -> subprocess.CompletedProcess:
    (folder / "holding.yaml").write_text(GROUP)
    return subprocess.run(
        [sys.executable, "-m", "pipelines.groups"], cwd=PROJECT, capture_output=True, text=True, timeout=300,
        env=night_environment("demo", folder / "warehouse", GROUP=str(folder / "holding.yaml")),
    )  # fmt: skip


def receivables(night: NightResult) -> Decimal:
    """As the company published them for its report date."""
    ((value,),) = night.query(
        "select value from kpi.kpi_values where kpi = 'receivables' and scope_type = 'company' and period_type = 'month'"
        " order by period_start_date desc limit 1"
    )
    return value


def test_a_group_ties_to_its_companies_and_goes_on_when_one_of_them_is_blocked(tmp_path: Path) -> None:
    north = Company(tmp_path, "north", "EUR", "DE123456788")
    south = Company(tmp_path, "south", "USD", "NL009999995B01")
    north.deliver("2025-01-31", {"exchange_rates": RATES + "2025-01-30,USD,0.87654321\n"})
    south.deliver("2025-01-31")
    nights = [north.night(), south.night()]
    assert [night.status for night in nights] == [0, 0], nights[0].output + nights[1].output
    first = publish_group(tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    holding = NightResult(0, "", tmp_path / "warehouse" / "holding")
    rate = Decimal("0.87654321")
    own = [receivables(night) for night in nights]
    # Invoice n is 121 x n, and every fourth of the 30 is paid: 465 - 112 remain.
    assert own == [353 * 121, 353 * 121]
    sister = 121 * sum(n for n in range(1, 31) if n % 3 == 2 and n % 4)
    (debtors,), (intercompany,) = (
        holding.query(f"select sum(receivables_amount) from receivables.{table}")[0] for table in ("debtor_ageing", "intercompany")
    )
    assert debtors + intercompany == own[0] + round(own[1] * rate, 4)
    assert intercompany == sister + round(sister * rate, 4)
    (bakery,) = holding.query(
        "select company_count, receivables_amount, overdue_amount from receivables.debtor_ageing where name = 'Bakery'"
    )
    owed = 121 * sum(n for n in range(1, 31) if n % 3 == 0 and n % 4)
    assert (bakery[0], round(bakery[1], 2), round(bakery[2], 2)) == (2, round(owed * (1 + rate), 2), round(owed * (1 + rate), 2))
    assert (holding.manifest["report_date"], holding.query("select status from meta.publication")) == ("2025-01-31", [("final",)])

    north.deliver("2025-02-28", {"exchange_rates": RATES + "2025-02-28,USD,0.9\n"})
    south.deliver("2025-02-28", {"invoices": INVOICES + "".join(f"X{n},invoice,mill,2025-02-30,,USD,ten,0,ten\n" for n in range(200))})
    assert (north.night().status, south.night().status) == (0, 1)
    assert publish_group(tmp_path).returncode == 0
    assert holding.manifest["report_date"] is None
    assert holding.query("select status, reason from meta.publication")[0] == (
        "provisional", "not of one report date: south 2025-01-31, north 2025-02-28",
    )  # fmt: skip
    companies = holding.query("select company, report_date::varchar, rate, receivables_amount from meta.companies order by 1")
    assert companies == [("north", "2025-02-28", 1, receivables(nights[0])), ("south", "2025-01-31", Decimal("0.9"), own[1])]
    (total,) = holding.query("select sum(converted_receivables_amount) from meta.companies")[0]
    assert total == 2 * own[0] + round(own[1] * Decimal("0.9"), 4)
