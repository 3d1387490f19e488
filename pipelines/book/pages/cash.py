"""Cash on the page of receivables: where the money came from, what waits for an invoice, what is expected, what late payment cost.

Keep out: what is open (``receivables.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column
from pipelines.book.writer import Writer

MATCHING = "receivables.cash_matching_monthly"
WORKLIST = "receivables.cash_matching_worklist"
INTEREST = "receivables.late_payment_interest_by_customer"
STATES = "receivables.collection_by_state_monthly"
METHODS = "growth.cash_forecast_methods"


def matching(writer: Writer) -> list[Any]:
    """Receipts of the month by what matched them, and those that are not applied with what they may settle."""
    blocks = [block for block in (receipts(writer), unapplied(writer)) if block is not None]
    return [writer.section("cash-matching", blocks)] if blocks else []


def receipts(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled(MATCHING):
        return None
    table = writer.table(
        "cash-matching",
        words.t("tables.cash_matching"),
        MATCHING,
        "select month_start_date, matched_by, sum(receipt_count) as receipt_count, sum(received_amount) as received_amount,"
        " sum(agreed_count) as agreed_count, sum(differing_count) as differing_count,"
        " sum(waiting_hours) / nullif(sum(applied_count), 0) as average_waiting_hours"
        f" from {MATCHING} where month_start_date <= ? group by all order by month_start_date desc, received_amount desc, matched_by",
        [writer.month],
        ["month_start_date", "matched_by", "receipt_count", "received_amount", "agreed_count", "differing_count", "average_waiting_hours"],
        shown=8,
    )
    newest = [row for row in table.rows if row["month_start_date"] == writer.month]
    if not newest:
        return table if table.rows else None
    title, total = words.t("charts.cash_matching.title"), sum(row["received_amount"] for row in newest)
    bars = [
        {
            "name": words.term("matched_by", row["matched_by"]),
            "value": row["received_amount"],
            "text": words.short(row["received_amount"])
            + (f" · {words.notation.share(row['received_amount'] / total, 0)}" if total else ""),
            "colour": "down" if row["matched_by"] == "unmatched" else "total",
        }
        for row in newest
    ]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{bar['name']} {bar['text']}" for bar in bars))
    subtitle = words.t("charts.cash_matching.subtitle", month=words.notation.month(writer.month))
    definition = "kpi-cash_match_share" if "cash_match_share" in writer.figures.definitions else ""
    return Chart("cash-matching", title, subtitle, charts.bars(bars, writer.scale("money")), summary, table, definition)


def unapplied(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled(WORKLIST):
        return None
    table = writer.table(
        "cash-worklist",
        words.t("tables.cash_matching_worklist"),
        WORKLIST,
        f"select * from {WORKLIST} order by received_date, payment_id, suggestion_rank",
        [],
        [
            *("payment_id", "customer_id", "received_date", "currency"),
            # In the currency of the receipt, which may be another one than the book's.
            words.column("unapplied_amount", WORKLIST, kind="number", digits=2),
            *("reference_text", "suggestion", "invoice_id"),
            words.column("open_amount", WORKLIST, kind="number", digits=2),
        ],
        shown=15,
        worked=True,
    )
    return table if table.rows else None


def interest(writer: Writer) -> list[Any]:
    """Interest on late payment that was not claimed, the customers with most of it first."""
    words = writer.words
    if not writer.figures.filled(INTEREST):
        return []
    keys = ["interest_amount", "compensation_amount", "claim_amount", "given_away_amount"]
    table = writer.table(
        "late-interest",
        words.t("tables.late_payment_interest_by_customer"),
        INTEREST,
        f"select * from {INTEREST} order by claim_amount + given_away_amount desc, customer_id, salesperson_id",
        [],
        ["customer_id", "salesperson_id", "late_invoice_count", *keys],
        shown=12,
        period=words.t("subtitles.all_until", day=words.notation.day(writer.figures.report_date)),
    )
    if not table.rows:
        return []
    totals = writer.figures.raw(f"select {', '.join(f'sum({key}) as {key}' for key in keys)} from {INTEREST}")[0]
    table.foot = {"customer_id": words.t("total"), **totals}
    return [writer.section("late-interest", [table])]


def by_state(writer: Writer) -> list[Any]:
    """How what is open ends by the age it has reached, and how far the monthly cash forecasts were off."""
    words = writer.words
    if not writer.figures.filled(STATES):
        return []
    ends = writer.table(
        "collection-by-state",
        words.t("tables.collection_by_state"),
        STATES,
        f"select * from {STATES} where month_start_date = ? order by bucket = 'no_due_date', bucket = 'overdue_over_120', bucket",
        [writer.month],
        [
            *("bucket", "invoice_count", "open_amount", "paid_share", "expected_amount", "lost_share", "expected_loss_amount"),
            *("credited_share", "unknown_amount"),
            words.column("months_to_cash", STATES, kind="number", digits=1),
        ],
    )
    keys = ("invoice_count", "open_amount", "expected_amount", "expected_loss_amount", "unknown_amount")
    ends.foot = {"bucket": words.t("total"), **{key: sum(row[key] for row in ends.rows) for key in keys}}
    judged = writer.table(
        "cash-forecast-methods",
        words.t("tables.cash_forecast_methods"),
        METHODS,
        f"select * from {METHODS} order by month_number, method",
        [],
        [
            words.column("month_number", METHODS, kind="number", digits=0),
            Column("method", words.label("method", METHODS), "code", "cash_method"),
            *(
                "month_count",
                "expected_amount",
                "collected_amount",
                "wape_share",
                "bias_share",
                "expected_loss_amount",
                "lost_amount",
                "is_best",
            ),
        ],
        shown=18,
    )
    return [writer.section("cash-by-state", [block for block in (ends, judged) if block.rows])] if ends.rows else []
