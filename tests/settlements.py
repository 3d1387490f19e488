"""How a customer's account ends: rows of a small delivery, and the figure that is right. Keep out: the cases (``tests/dbt``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.histories import History, built

TARGETS = (
    "receivables_ageing_monthly", "receivables_rollforward_monthly", "overdue_worklist", "commission_monthly", "revenue_monthly",
    "withholding_tax_receivables",
    "fct_invoice_errors",
)  # fmt: skip
#: The account of the one customer: what is not zero of its ageing, as of the day.
Ageing = dict[str, int | Decimal]


@dataclass(frozen=True)
class Case:
    """Rows per entity, and what must stand on ``day``: ageing of C1, revenue, commission per month, findings that it raises."""

    day: date
    ageing: Ageing
    rows: History = field(default_factory=dict)
    commission: dict[int, int] = field(default_factory=dict)
    findings: tuple[tuple[str, str], ...] = ()
    tax: int | None = None
    revenue: int | None = None


def invoice(name: str, gross: float, issued: str, due: str | None = None, **more) -> dict:
    row = {"invoice_id": name, "document_type": "invoice", "customer_id": "C1", "issued_date": issued, "due_date": due, "currency": "EUR"}
    return row | {"net_amount": gross, "gross_amount": gross, "salesperson_id": "S1"} | more


def credit(name: str, gross: float, issued: str, corrects: str | None, kind: str = "credit_note") -> dict:
    return invoice(name, gross, issued, document_type=kind, corrects_invoice_id=corrects)


def payment(name: str, amount: float, day: str, currency: str = "EUR", **more) -> dict:
    return {"payment_id": name, "amount": amount, "received_date": day, "currency": currency, "customer_id": "C1"} | more


def applied(name: str, to: str, amount: float, day: str, kind: str = "cash", **more) -> dict:
    return {"allocation_id": name, "invoice_id": to, "amount": amount, "allocated_date": day, "kind": kind} | more


def rates(currency: str, *quotes: tuple[str, str]) -> list[dict]:
    return [{"rate_date": day, "currency": currency, "rate": rate} for day, rate in quotes]


MASTER: History = {
    "customers": [{"customer_id": "C1", "name": "Alpha", "country": "NL"}, {"customer_id": "C2", "name": "Beta", "country": "DE"}],
    "salespeople": [{"salesperson_id": "S1", "name": "Rep", "team": "T"}],
    "commission_plans": [
        {"salesperson_id": "S1", "valid_from_date": "2025-01-01", "rate_share": "0.10", "basis": "cash", "commissionable": "revenue"}
    ],
}


def check(case: Case, rows: History) -> None:
    with built(rows, case.day, date(2027, 12, 31), TARGETS) as connection:
        ageing = "receivables.receivables_ageing_monthly where month_start_date = (select date_trunc('month', report_date) from raw.night)"
        names = [row[0] for row in connection.execute(f"describe select * from {ageing}").fetchall() if row[0].endswith("_amount")]
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in names)
        (row,) = connection.execute(f"select {sums} from {ageing} and customer_id = 'C1'").fetchall()
        amounts = {name.removesuffix("_amount"): amount for name, amount in zip(names, row, strict=True)}
        totals = {"receivables", "overdue", "receivables_booked", "held_out_receivables_booked", "held_out_overdue"}
        buckets = {name: amount for name, amount in amounts.items() if amount and name not in totals}
        held = buckets.pop("held_out_receivables", 0)
        buckets = {name: amount for name, amount in buckets.items() if not name.startswith("held_out_")} | (
            {"held_out_receivables": held} if held else {}
        )
        assert buckets == {name: amount for name, amount in case.ageing.items() if amount}
        (closing,) = connection.execute(f"select sum(closing_amount) from {ageing.replace('ageing', 'rollforward')}").fetchone()
        (standing,) = connection.execute(f"select coalesce(sum(receivables_amount), 0) from {ageing}").fetchone()
        assert closing == standing
        commission = "select month(month_start_date), commission_amount from growth.commission_monthly where commission_amount <> 0"
        assert (
            dict(connection.execute(commission).fetchall()) == {month: amount for month, amount in case.commission.items() if amount}
            or not case.commission
        )
        errors = set(connection.execute("select error_code, document_id from core.fct_invoice_errors").fetchall())
        for finding in case.findings:
            assert finding in errors
        for code in ("overallocated", "short_payment", "prepayment_not_applied", "credit_note_not_found"):
            assert {error for error in errors if error[0] == code} <= {*case.findings}
        (tax,) = connection.execute("select sum(uncertified_amount) from receivables.withholding_tax_receivables").fetchone()
        assert tax == case.tax
        (revenue,) = connection.execute("select sum(net_revenue_amount) from growth.revenue_monthly").fetchone()
        assert revenue == case.revenue or case.revenue is None
