"""Levers: what a unit of each is worth, what pulling it was seen to bring, what investments in people brought, how new heads ramp up.

Keep out: the KPIs that they move, which have pages of their own.
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Notice, Page, Table
from pipelines.book.figures import Row
from pipelines.book.reasons import kpi_row
from pipelines.book.words import opened
from pipelines.book.writer import Writer

LEVERS = "growth.levers_monthly"
EFFECTS = "growth.sales_investment_effects"
RAMP = "growth.sales_ramp"


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "levers.html",
        words.t("nav.levers"),
        "levers",
        [*levers(writer), *investments(writer)],
        lead=words.t("leads.levers", month=words.notation.month(writer.month)),
    )


def levers(writer: Writer) -> list[Any]:
    """A ranked bar per lever that is known, one with its interval per lever that history has a comparison for, and the table of all."""
    words = writer.words
    if not writer.figures.filled(LEVERS):
        return []
    table = writer.table(
        "levers",
        words.t("tables.levers"),
        LEVERS,
        f"select * from {LEVERS} where month_start_date = ? order by unit_value_amount desc nulls last, lever",
        [writer.month],
        [
            Column("lever", words.label("lever", LEVERS), "code", "lever"),
            words.column("unit_value_amount", LEVERS, digits=2),
            words.column("open_unit_quantity", LEVERS, digits=1),
            "kpi",
            *("basis_amount", "basis_share", "reason"),
            Column("estimate_by", words.label("estimate_by", LEVERS), "code", "estimate_by"),
            words.column("estimate_value", LEVERS, kind="number", digits=3),
            *("estimate_amount", "estimate_low_amount", "estimate_high_amount", "estimate_count", "estimate_reason"),
        ],
    )
    if not any(row["unit_value_amount"] is not None for row in table.rows):
        return [writer.section("levers", not_known(writer, table.rows))] if table.rows else []
    known = [row for row in table.rows if row["unit_value_amount"] is not None and row["lever"] != "forecast_error"]
    if not known:
        return [writer.section("levers", table)]
    blocks: list[Any] = [_picture(writer, "levers", known, "lever", "unit_value_amount", table)]
    estimated = sorted((row for row in known if row["estimate_amount"] is not None), key=lambda row: -row["estimate_amount"])
    if estimated:
        blocks.append(_picture(writer, "levers_estimated", estimated, "estimate_by", "estimate_amount"))
    return [writer.section("levers", blocks)]


def not_known(writer: Writer, rows: list[Row]) -> Notice:
    """Why no lever at all is known, in one sentence: a table would hold nothing but dashes."""
    reasons = [reason for row in map(kpi_row, rows) if row for reason in writer.figures.reasons(row)]
    sentence = writer.words.told(list({(reason["reason_code"], reason["reason_subject"]): reason for reason in reasons}.values()))
    what = writer.words.t("tables.levers_monthly")
    return Notice(writer.words.t("absent.because", what=what, reason=opened(sentence or writer.words.reason(rows[0]["reason"]))))


def _picture(writer: Writer, name: str, shown: list[dict[str, Any]], named_by: str, amount: str, table: Table | None = None) -> Chart:
    words = writer.words
    title = words.t(f"charts.{name}.title")
    rows = [
        {
            "name": words.term(named_by, row[named_by]),
            "value": row[amount],
            "text": words.short(row[amount]),
        }
        | ({"low": row["estimate_low_amount"], "high": row["estimate_high_amount"]} if amount == "estimate_amount" else {})
        for row in shown
    ]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{bar['name']} {bar['text']}" for bar in rows))
    subtitle = words.t(f"charts.{name}.subtitle", month=words.notation.month(writer.month))
    return Chart(name.replace("_", "-"), title, subtitle, charts.bars(rows, writer.scale("money")), summary, table)


def investments(writer: Writer) -> list[Any]:
    """What training, CRM and relationship programmes brought against comparable colleagues, and how new heads pay themselves back."""
    words = writer.words
    if "sales_investments" in writer.figures.missing_entities or not writer.figures.filled(EFFECTS):
        return [writer.section("investments", writer.absent(EFFECTS, words.t("tables.sales_investments"), ("sales_investments",)))]
    # Where nothing is known of any kind, empty columns would push the reason out of sight.
    is_known = bool(writer.figures.rows(f"select 1 as known from {EFFECTS} where effect_amount is not null limit 1"))
    brought = [
        *("investment_cost_amount", "effect_amount", "effect_low_amount", "effect_high_amount"),
        *(words.column(key, EFFECTS, kind="number", digits=1) for key in ("payback_months", "payback_low_months", "payback_high_months")),
        "beyond_parts_amount",
    ]
    effects = writer.table(
        "sales-investments",
        words.t("tables.sales_investments"),
        EFFECTS,
        f"select * from {EFFECTS} order by kinds",
        [],
        [
            Column("kinds", words.label("kinds", EFFECTS), "code", "investment"),
            *("investment_count", "matched_count", "colleague_count"),
            *(brought if is_known else ()),
            "reason",
        ],
    )
    ramp: Any = None
    if writer.figures.filled(RAMP):
        ramped = ("head_margin_amount", "cumulative_head_margin_amount", "head_cost_amount", "paid_back_share")
        is_ramp_known = bool(writer.figures.rows(f"select 1 as known from {RAMP} where head_margin_amount is not null limit 1"))
        ramp = writer.table(
            "sales-ramp",
            words.t("tables.sales_ramp"),
            RAMP,
            # Months of too few heads say the same thing of each: once is enough.
            f"select * from {RAMP} where head_margin_amount is not null or month_number = 1 order by month_number",
            [],
            [
                words.column("month_number", RAMP, kind="number", digits=0),
                "head_count",
                *(ramped if is_ramp_known else ()),
                "reason",
            ],
            shown=24,
        )
    return [writer.section("investments", [block for block in (effects, ramp) if block and block.rows])]
