"""Growth: revenue against the year before, whether growth itself grows, the pipeline, and how good the forecasts were.

Keep out: what customers earn (customers).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Page, Table
from pipelines.book.pages import levers
from pipelines.book.pages.receivables import further
from pipelines.book.progress import years_before
from pipelines.book.writer import Writer

PIPELINE = "growth.pipeline_monthly"
CARDS = (
    "net_revenue",
    "revenue_growth",
    "revenue_growth_acceleration",
    "pipeline_amount",
    "won_amount",
    "win_rate",
    "forecast_accuracy_wape",
    "forecast_haircut",
    "cash_forecast_amount",
    "unearned_commission_amount",
)
LEADING = (
    "upsell_count",
    "renewal_rate",
    "renewal_count",
    "outbound_contact_count",
    "core_at_top_price_count",
    "core_at_top_price_amount",
    "waiting_lead_count",
    "waiting_lead_amount",
    "waiting_lead_age",
)
#: Their rows stand on the pages of their KPIs.
SHOWN_BY_KPI = ("growth.forecast_accuracy_monthly", "growth.leading_indicators_monthly")
#: It stands with what is open, on the page of receivables.
SHOWN_BY_AGE = "growth.cash_forecast_methods"


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "growth.html",
        words.t("nav.growth"),
        "growth",
        [
            writer.section("growth-now", writer.cards(CARDS)),
            writer.section("revenue", revenue(writer)),
            writer.section("pipeline", pipeline_trend(writer), pipeline_by(writer, "salesperson_id"), pipeline_by(writer, "deal_kind")),
            *forecasts(writer),
            *leading(writer),
            *further(
                writer,
                "growth",
                (
                    "growth.revenue_monthly",
                    "growth.growth_monthly",
                    "growth.commission_by_customer_monthly",
                    SHOWN_BY_AGE,
                    levers.LEVERS,
                    levers.EFFECTS,
                    levers.RAMP,
                    *SHOWN_BY_KPI,
                ),
            ),
        ],
        lead=words.t("leads.growth", month=words.notation.month(writer.month)),
    )


def revenue(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.revenue.title")
    series = writer.series("net_revenue", months=60)
    if not series or series[-1]["value"] is None:
        return next(iter(writer.unavailable(["net_revenue"])), None)
    values = {row["period_start_date"]: row["value"] for row in series}
    rows = [{"month": month, "value": value, "before": values.get(years_before(month))} for month, value in values.items()][-25:]
    has_before = any(row["before"] is not None for row in rows)
    table = growth_table(writer)
    newest = rows[-1]
    text = f"{words.short(newest['value'])}"
    if newest["before"]:
        text += f" ({words.notation.share(newest['value'] / newest['before'] - 1, signed=True)})"
    summary = words.t(
        "pictures.trend", title=title, first=words.notation.month(rows[0]["month"]), last=words.notation.month(newest["month"]), values=text
    )
    picture = writer.once("revenue", lambda: charts.columns(rows, writer.scale("money"), line="before"))
    return Chart(
        "revenue",
        title,
        words.t("charts.revenue.subtitle" if has_before else "charts.revenue.subtitle_young"),
        picture,
        summary,
        table,
        "kpi-net_revenue",
    )


def growth_table(writer: Writer) -> Table:
    """Year over year, and its acceleration against the growth of twelve months ago."""
    words = writer.words
    values = {row["period_start_date"]: row["value"] for row in writer.series("net_revenue", months=60)}

    def growth(month: Any) -> Any:
        now, before = values.get(month), values.get(years_before(month))
        return now / before - 1 if now is not None and before is not None and before > 0 else None

    rows = []
    for month in sorted(values, reverse=True):
        now, earlier = growth(month), growth(years_before(month))
        rows.append(
            {
                "month_start_date": month,
                "value": values[month],
                "before": values.get(years_before(month)),
                "growth": now,
                "acceleration": now - earlier if now is not None and earlier is not None else None,
            }
        )
    columns = [
        words.column("month_start_date"),
        Column("value", words.kpi("net_revenue"), "money"),
        Column("before", words.label("year_before"), "money"),
        Column("growth", words.label("growth"), "share", signed=True),
        Column("acceleration", words.label("acceleration"), "points"),
    ]
    return Table(
        "growth", words.t("tables.growth"), columns, rows, shown=13, note=words.t("notes.acceleration"), definition="kpi-net_revenue"
    )


def pipeline_trend(writer: Writer) -> Any:
    words = writer.words
    kpis = {"pipeline_amount": ("series-1", False), "won_amount": ("series-4", True)}
    return writer.kpi_trend("pipeline", words.t("charts.pipeline.title"), words.t("charts.pipeline.subtitle"), kpis, "money")


def pipeline_by(writer: Writer, key: str) -> Any:
    words, figures = writer.words, writer.figures
    if not figures.filled(PIPELINE, key):
        return None
    name, join = (key, "")
    if key == "salesperson_id" and figures.has("core.dim_salespeople", "name"):
        name, join = f"coalesce(s.name, p.{key})", " left join core.dim_salespeople as s using (salesperson_id)"
    sums = ["created_count", "won_count", "lost_count", "won_amount", "lost_amount"]
    table = writer.table(
        f"pipeline-{key}",
        words.t(f"tables.pipeline_{key}", month=words.notation.month(writer.month)),
        PIPELINE,
        f"select {name} as {key}, {', '.join(f'sum({c}) as {c}' for c in sums)},"
        f" sum(won_count) / nullif(sum(won_count + lost_count), 0) as win_share,"
        f" case when coalesce(sum(unknown_open_count) filter (month_start_date = date '{writer.month}'), 0) = 0"
        f" then sum(pipeline_amount) filter (month_start_date = date '{writer.month}') end as pipeline_amount,"
        f" sum(open_count) filter (month_start_date = date '{writer.month}') as open_count"
        f" from {PIPELINE} as p{join} where month_start_date <= date '{writer.month}'"
        f" and month_start_date > date '{years_before(writer.month)}' group by 1 order by won_amount desc nulls last, 1",
        [],
        [
            key,
            "created_count",
            "won_count",
            "lost_count",
            Column("win_share", words.kpi("win_rate"), "share"),
            "won_amount",
            words.column("open_count", PIPELINE, period=words.notation.month(writer.month)),
            words.column("pipeline_amount", PIPELINE, period=words.notation.month(writer.month)),
        ],
        period=writer.year_span,
    )
    return table if table.rows else None


def forecasts(writer: Writer) -> list[Any]:
    """How far the forecasts were off, and what a learned haircut would have made of them."""
    words, figures, haircut = writer.words, writer.figures, "growth.forecast_haircut_monthly"
    kpis = {
        "forecast_accuracy_wape": ("series-2", False),
        "forecast_flat_wape": ("series-4", True),
        "forecast_calibrated_wape": ("series-1", False),
    }
    blocks: list[Any] = []
    if any(kpi in figures.definitions and writer.is_available(kpi) for kpi in kpis):
        blocks.append(writer.kpi_trend("forecasts", words.t("charts.forecasts.title"), words.t("charts.forecasts.subtitle"), kpis, "share"))
    if figures.filled(haircut):
        name, join = "salesperson_id", ""
        if figures.has("core.dim_salespeople", "name"):
            name, join = "coalesce(s.name, h.salesperson_id)", " left join core.dim_salespeople as s using (salesperson_id)"
        table = writer.table(
            "haircut",
            words.t("tables.haircut", month=words.notation.month(writer.month)),
            haircut,
            f"select h.* replace ({name} as salesperson_id) from {haircut} as h{join} where month_start_date = ?"
            " order by haircut_share desc nulls last, 2",
            [writer.month],
            ["salesperson_id", "raw_amount", "haircut_share", "calibrated_amount", "recommended_amount", "actual_amount"],
        )
        if table.rows:
            blocks.append(table)
    return [writer.section("forecasts", blocks)] if blocks else []


def leading(writer: Writer) -> list[Any]:
    blocks = writer.cards(LEADING)
    return [writer.section("leading", blocks)] if blocks else []
