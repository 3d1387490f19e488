"""Levers on the page of growth: what one unit of each is worth a year, what investments in people brought, how new heads ramp up.

Keep out: the KPIs that they move, which have pages of their own.
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column
from pipelines.book.writer import Writer

LEVERS = "growth.levers_monthly"
EFFECTS = "growth.sales_investment_effects"
RAMP = "growth.sales_ramp"


def levers(writer: Writer) -> list[Any]:
    """A ranked bar per lever that is known, and the table of all with the estimates."""
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
            *("basis_amount", "basis_share", "reason", "estimate_share", "estimate_low_share", "estimate_high_share", "estimate_count"),
            "estimate_reason",
        ],
    )
    known = [row for row in table.rows if row["unit_value_amount"] is not None and row["lever"] != "forecast_error"]
    if not known:
        return [writer.section("levers", table)] if table.rows else []
    title = words.t("charts.levers.title")
    rows = [
        {
            "name": words.term("lever", row["lever"]),
            "value": row["unit_value_amount"],
            "text": words.short(row["unit_value_amount"]),
        }
        for row in known
    ]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{bar['name']} {bar['text']}" for bar in rows))
    subtitle = words.t("charts.levers.subtitle", month=words.notation.month(writer.month))
    return [writer.section("levers", Chart("levers", title, subtitle, charts.bars(rows, writer.scale("money")), summary, table))]


def investments(writer: Writer) -> list[Any]:
    """What training, CRM and relationship programmes brought against comparable colleagues, and how new heads pay themselves back."""
    words = writer.words
    if "sales_investments" in writer.figures.missing_entities or not writer.figures.filled(EFFECTS):
        return [writer.section("investments", writer.absent(EFFECTS, words.t("tables.sales_investments"), ("sales_investments",)))]
    effects = writer.table(
        "sales-investments",
        words.t("tables.sales_investments"),
        EFFECTS,
        f"select * from {EFFECTS} order by kinds",
        [],
        [
            Column("kinds", words.label("kinds", EFFECTS), "code", "investment"),
            *("investment_count", "matched_count", "colleague_count", "investment_cost_amount"),
            *("effect_amount", "effect_low_amount", "effect_high_amount"),
            *(
                words.column(key, EFFECTS, kind="number", digits=1)
                for key in ("payback_months", "payback_low_months", "payback_high_months")
            ),
            *("beyond_parts_amount", "reason"),
        ],
    )
    ramp: Any = None
    if writer.figures.filled(RAMP):
        ramp = writer.table(
            "sales-ramp",
            words.t("tables.sales_ramp"),
            RAMP,
            # Months of too few heads say the same thing of each: once is enough.
            f"select * from {RAMP} where head_margin_amount is not null or month_number = 1 order by month_number",
            [],
            [
                words.column("month_number", RAMP, kind="number", digits=0),
                *("head_count", "head_margin_amount", "cumulative_head_margin_amount", "head_cost_amount", "paid_back_share", "reason"),
            ],
            shown=24,
        )
    return [writer.section("investments", [block for block in (effects, ramp) if block and block.rows])]
