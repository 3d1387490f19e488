"""Composition of the customer base: who they are, what they are worth, and which valuable ones carry a high debtor risk.

Keep out: what they bring (``customer_results.py``) and how the base moves (``customer_dynamics.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Matrix, shade
from pipelines.book.formats import EMPTY
from pipelines.book.writer import Writer

SEGMENTS = "customer_accounting.customer_segments_monthly"
BASE = "customer_accounting.customer_base_monthly"


def grid(writer: Writer) -> Any:
    """Value by debtor risk: how many customers, and what they are worth."""
    words = writer.words
    title = words.t("charts.grid.title")
    if not writer.figures.filled(SEGMENTS):
        return writer.absent(SEGMENTS, title, ("invoices",))
    table = writer.table(
        "value-risk",
        title,
        SEGMENTS,
        f"select split_part(segment_id, ' ', 1) as value_tier, split_part(segment_id, ' ', 2) as debtor_risk_class, * exclude (segment_id)"
        f" from {SEGMENTS} where segment_type = 'grid' and month_start_date = ? order by 1, 2",
        [writer.month],
        ["value_tier", "debtor_risk_class", "active_count", "active_share", "value_amount", "value_share"],
    )
    if not table.rows:
        return writer.absent(SEGMENTS, title, ("invoices",))
    risks = [risk for risk in ("low", "medium", "high", "unknown") if any(row["debtor_risk_class"] == risk for row in table.rows)]
    lookup = {(row["value_tier"], row["debtor_risk_class"]): row for row in table.rows}
    most = max((row["value_amount"] or 0) for row in table.rows)
    body = []
    for tier in sorted({row["value_tier"] for row in table.rows}):
        cells = []
        for risk in risks:
            row = lookup.get((tier, risk))
            cells.append(
                (words.count(row["active_count"]), shade(row["value_amount"], most), words.short(row["value_amount"]))
                if row
                else (EMPTY, 0, "")
            )
        body.append((words.term("segment", tier), cells))
    basis = words.term("basis", table.rows[0]["value_basis"])
    subtitle = words.t("charts.grid.subtitle", basis=basis)
    if risks == ["unknown"]:
        subtitle += " " + words.t("charts.grid.no_risk")
    return Matrix("value-risk", title, subtitle, words.t("charts.grid.corner"), [words.term("risk", risk) for risk in risks], body, table)


def segments(writer: Writer, segment_type: str) -> Any:
    """How many and how much per segment, for every way of segmenting that says something."""
    words = writer.words
    if not writer.figures.filled(SEGMENTS):
        return None
    table = writer.table(
        "segments",
        words.t("tables.segments", month=words.notation.month(writer.month)),
        SEGMENTS,
        f"select * from {SEGMENTS} where month_start_date = ? and segment_type <> 'grid' and segment_type in"
        f" (select segment_type from {SEGMENTS} where month_start_date = ? group by 1 having count(*) > 1)"
        " order by segment_type = 'value_tier' desc, segment_type, segment_id",
        [writer.month, writer.month],
        [
            "segment_type",
            "segment_id",
            "active_count",
            "active_share",
            "high_risk_count",
            "valuable_high_risk_count",
            "trailing_net_revenue_amount",
            "value_amount",
            "value_share",
        ],
        shown=24,
    )
    for row in table.rows:
        if row["segment_type"] == "industry_code":
            row["segment_id"] = words.term("industry", row["segment_id"])
    return table if table.rows else None


def concentration(writer: Writer) -> Any:
    words, table_name = writer.words, "customer_accounting.customer_concentration_monthly"
    if not writer.figures.filled(table_name):
        return None
    series = writer.figures.raw(
        f"select month_start_date, top10_share from {table_name} where month_start_date <= ? order by 1 desc limit 25", [writer.month]
    )[::-1]
    title = words.t("charts.concentration.title")
    table = writer.table(
        "concentration",
        title,
        table_name,
        f"select * from {table_name} where month_start_date <= ? order by 1 desc",
        [writer.month],
        [
            "month_start_date",
            "customer_count",
            "top10_revenue_amount",
            "revenue_amount",
            "top10_share",
            "herfindahl_share",
        ],
        shown=13,
    )
    if len(series) < 3:
        return table
    rows = [{"month": row["month_start_date"], "series": "top10", "value": row["top10_share"]} for row in series]
    newest = words.notation.share(series[-1]["top10_share"])
    picture = charts.trend(rows, {"top10": (newest, "series-1", False)}, writer.scale("share"))
    summary = words.t(
        "pictures.trend",
        title=title,
        first=words.notation.month(rows[0]["month"]),
        last=words.notation.month(rows[-1]["month"]),
        values=newest,
    )
    return Chart("concentration", title, words.t("charts.concentration.subtitle", share=newest), picture, summary, table)


def at_risk(writer: Writer) -> Any:
    """The valuable customers of high debtor risk: the first names to talk about."""
    words = writer.words
    if not writer.figures.filled(BASE, "is_valuable_at_high_risk"):
        return None
    table = writer.table(
        "valuable-at-risk",
        words.t("tables.valuable_at_risk"),
        BASE,
        f"select * from {BASE} where month_start_date = ? and debtor_risk_class = 'high' and value_amount > 0"
        " order by is_valuable_at_high_risk desc, value_amount desc, customer_id",
        [writer.month],
        [
            "customer_id",
            "value_tier",
            "debtor_risk_class",
            "debtor_risk_reason",
            "value_amount",
            "trailing_net_revenue_amount",
        ],
        shown=10,
    )
    return table if table.rows else None
