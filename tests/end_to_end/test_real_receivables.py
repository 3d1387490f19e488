"""Real invoices with due and settlement dates, an SAP extract and a CRM pipeline, against figures made by another road."""

from __future__ import annotations

import csv
import json
import shutil
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NightResult, run_night

pytestmark = pytest.mark.slow


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()


class TestIbmReceivables:
    @pytest.fixture(scope="class")
    def night(self, published) -> NightResult:
        return published("ibm_receivables")

    @pytest.fixture(scope="class")
    def invoices(self, shared_data: Path) -> list[tuple[date, date, date, Decimal]]:
        """Issue, due, settlement, amount of every invoice."""
        (path,) = (shared_data / "ibm_receivables").glob("*.csv")
        return [
            (day(row["InvoiceDate"]), day(row["DueDate"]), day(row["SettledDate"]), Decimal(row["InvoiceAmount"]))
            for row in read_rows(path)
        ]

    def test_receivables_and_overdue_of_every_month_end_tie_to_the_file(self, night: NightResult, invoices) -> None:
        receivables, overdue = night.monthly("receivables"), night.monthly("overdue_amount")
        assert len(receivables) == 24
        for month in list(receivables)[:-1]:
            end = month.replace(day=monthrange(month.year, month.month)[1])
            still_open = [(due, amount) for issued, due, settled, amount in invoices if issued <= end < settled]
            assert receivables[month][0] == sum(amount for _, amount in still_open), month
            assert overdue[month][0] == sum((amount for due, amount in still_open if due < end), Decimal(0)), month

    def test_dso_is_receivables_times_days_over_sales_of_the_month(self, night: NightResult, invoices) -> None:
        for month, (value, _) in list(night.monthly("dso_simple").items())[:-1]:
            days = monthrange(month.year, month.month)[1]
            end = month.replace(day=days)
            receivables = sum(amount for issued, _, settled, amount in invoices if issued <= end < settled)
            sales = sum(amount for issued, _, _, amount in invoices if issued.replace(day=1) == month)
            assert value == round(receivables * days / sales, 6), month

    def test_roll_forward_ties_in_every_month(self, night: NightResult) -> None:
        rows = night.query(
            "select month_start_date, opening_amount, closing_amount, lag(closing_amount) over (order by month_start_date)"
            " from receivables.receivables_rollforward_monthly order by 1"
        )
        assert len(rows) == 24
        assert all(before is None or opening == before for _, opening, _, before in rows)
        assert {month: closing for month, _, closing, _ in rows} == {m: v for m, (v, _) in night.monthly("receivables").items()}

    def test_incomplete_month_is_provisional(self, night: NightResult) -> None:
        statuses = {month: status for month, (_, status) in night.monthly("dso_simple").items()}
        assert statuses.pop(date(2013, 12, 1)) == "provisional"
        assert set(statuses.values()) == {"final"}

    def test_invented_rows_are_caught_by_the_control_total(self, night: NightResult, shared_data: Path, tmp_path: Path) -> None:
        (path,) = (shared_data / "ibm_receivables").glob("*.csv")
        lines = path.read_text(encoding="utf-8").splitlines()
        invented = [
            ",".join(["391", "0379-NEVHP", "4/6/2013", f"99{n}", "1/2/2013", "2/1/2013", "55.94", "No", "1/15/2013", "Paper", "13", "0"])
            for n in range(120)
        ]
        (tmp_path / "drop").mkdir()
        (tmp_path / "drop" / path.name).write_text("\n".join(lines + invented) + "\n", encoding="utf-8")
        blocked = run_night("ibm_receivables", tmp_path / "warehouse", tmp_path / "drop")
        assert blocked.status == 1
        assert "control_totals_are_met" in blocked.output
        assert "2586" in blocked.output
        assert not blocked.published.exists()

    def test_dates_the_wrong_way_round_block_the_night(self, shared_data: Path, tmp_path: Path) -> None:
        """Rows whose three dates also read as day/month are written so; the others keep their order."""
        (path,) = (shared_data / "ibm_receivables").glob("*.csv")
        rows = read_rows(path)
        columns = ("InvoiceDate", "DueDate", "SettledDate")
        for row in rows:
            parts = [row[column].split("/") for column in columns]
            if all(int(d) <= 12 for _, d, _ in parts):
                row |= {column: f"{d}/{m}/{y}" for column, (m, d, y) in zip(columns, parts, strict=True)}
        (tmp_path / "drop").mkdir()
        with (tmp_path / "drop" / path.name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        blocked = run_night("ibm_receivables", tmp_path / "warehouse", tmp_path / "drop")
        assert blocked.status == 1
        assert "dates_fit_the_declared_order" in blocked.output


class TestSapOrderToCash:
    @pytest.fixture(scope="class")
    def night(self, published) -> NightResult:
        return published("sap_order_to_cash")

    def test_padded_keys_find_their_order_line(self, night: NightResult) -> None:
        found = night.query(
            "select count(*), count(lines.line_number) from core.fct_deliveries as deliveries left join core.fct_order_lines as lines"
            " on lines.order_id = deliveries.order_id and lines.line_number = deliveries.order_line_number"
        )
        assert found == [(137, 137)]

    def test_cancellations_are_netted(self, night: NightResult, shared_data: Path) -> None:
        folder = shared_data / "sap_order_to_cash" / "billing_document_headers"
        documents = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.open(encoding="utf-8")]
        cancelled = {item["cancelledBillingDocument"] for item in documents if item["billingDocumentType"] == "S1"}
        valid = [item for item in documents if item["billingDocumentType"] != "S1" and item["billingDocument"] not in cancelled]
        assert len(documents) == 163
        assert len(valid) == 3
        assert sum(value for value, _ in night.monthly("net_revenue").values()) == sum(Decimal(item["totalNetAmount"]) for item in valid)

    def test_days_to_pay_is_not_available_and_says_why(self, night: NightResult) -> None:
        ((value, status, reason),) = night.query("select value, status, reason from kpi.kpi_values where kpi = 'average_days_to_pay'")
        assert (value, status) == (None, "not_available")
        assert "no receipt of money" in reason


class TestCrmOpportunities:
    @pytest.fixture(scope="class")
    def night(self, published) -> NightResult:
        return published("crm_opportunities")

    def test_product_that_does_not_join_is_reported_with_its_euros(self, night: NightResult, shared_data: Path) -> None:
        rows = [row for row in read_rows(shared_data / "crm_opportunities" / "sales_pipeline.csv") if row["product"] == "GTXPro"]
        amount = sum(Decimal(row["close_value"] or 0) for row in rows)
        assert night.query("select unmatched_value, row_count, amount from kpi.unmatched_references where column_name = 'product_id'") == [
            ("GTXPro", len(rows), amount)
        ]

    def test_won_amount_ties_to_the_file(self, night: NightResult, shared_data: Path) -> None:
        rows = read_rows(shared_data / "crm_opportunities" / "sales_pipeline.csv")
        won = sum(Decimal(row["close_value"]) for row in rows if row["deal_stage"] == "Won")
        assert sum(value for value, _ in night.monthly("won_amount").values() if value is not None) == won

    def test_deals_without_an_account_are_kept(self, night: NightResult) -> None:
        assert night.query("select count(*) from core.fct_opportunities") == [(8800,)]


def test_missing_data_folder_is_a_wrong_set_up(tmp_path: Path) -> None:
    result = run_night("ibm_receivables", tmp_path)
    assert result.status == 2
    assert "DATA_DIR is not set" in result.output
    assert run_night("ibm_receivables", tmp_path, tmp_path / "nowhere").status == 2
    assert run_night("no_such_company", tmp_path).status == 2
    shutil.rmtree(tmp_path)
