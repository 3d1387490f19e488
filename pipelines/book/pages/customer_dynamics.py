"""Dynamics of the customer base: who came and left, what that did to revenue, and how classes, cohorts and equity moved.

Keep out: the state of today (``customer_base.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Matrix, shade
from pipelines.book.formats import EMPTY
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

DYNAMICS = "customer_accounting.customer_dynamics_monthly"


def dynamics(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.dynamics.title")
    if not writer.figures.filled(DYNAMICS):
        return writer.absent(DYNAMICS, title, ("invoices",))
    table = writer.table(
        "dynamics",
        title,
        DYNAMICS,
        f"select * from {DYNAMICS} where month_start_date <= ? order by 1 desc",
        [writer.month],
        _dynamics_columns(writer),
        shown=13,
    )
    if not table.rows:
        return writer.absent(DYNAMICS, title, ("invoices",))
    return writer.once("dynamics", lambda: _draw_dynamics(writer, table, title))


def _dynamics_columns(writer: Writer) -> list[str]:
    return [c for c in writer.figures.tables[DYNAMICS] if c not in ("is_complete",)]


def _draw_dynamics(writer: Writer, table: Any, title: str) -> Any:
    words, row = writer.words, table.rows[0]
    changes = (
        "new_revenue_amount",
        "reactivated_revenue_amount",
        "expansion_amount",
        "contraction_amount",
        "churned_revenue_amount",
        "stateless_change_amount",
    )
    names = words.texts["steps"]
    steps = [
        {"name": words.notation.month(months_before(row["month_start_date"], 1)), "value": row["opening_revenue_amount"], "is_total": True}
    ]
    steps += [{"name": names[key], "value": row[key], "is_total": False} for key in changes if is_visible(row.get(key), row)]
    steps += [{"name": words.notation.month(row["month_start_date"]), "value": row["closing_revenue_amount"], "is_total": True}]
    for step in steps:
        step["text"] = words.short(step["value"], signed=not step["is_total"])
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{step['name']} {step['text']}" for step in steps))
    subtitle = words.t("charts.dynamics.subtitle", first=steps[0]["name"], last=steps[-1]["name"])
    return Chart("dynamics", title, subtitle, charts.waterfall(steps, writer.scale("money")), summary, table, "kpi-logo_churn_rate")


def is_visible(change: Any, row: Any) -> bool:
    """Whether a bar of this change can be seen; the table behind the picture has it anyway."""
    return bool(change) and abs(change) * 1000 > max(abs(row["opening_revenue_amount"]), abs(row["closing_revenue_amount"]))


def dynamics_counts(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled(DYNAMICS):
        return None
    row = writer.figures.raw(f"select * from {DYNAMICS} where month_start_date <= ? order by 1 desc limit 1", [writer.month])
    if not row:
        return None
    row, names = row[0], words.texts["steps"]
    steps = [{"name": names["opening_count"], "value": row["opening_count"], "is_total": True}]
    steps += [
        {"name": names[key], "value": value, "is_total": False}
        for key, value in (
            ("new_count", row["new_count"]),
            ("reactivated_count", row["reactivated_count"]),
            ("churned_count", -row["churned_count"]),
        )
    ]
    steps += [{"name": names["closing_count"], "value": row["closing_count"], "is_total": True}]
    for step in steps:
        step["text"] = words.notation.number(step["value"], signed=not step["is_total"])
    title = words.t("charts.dynamics_counts.title")
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{step['name']} {step['text']}" for step in steps))
    subtitle = words.t("charts.dynamics_counts.subtitle", month=words.notation.month(row["month_start_date"]))
    return Chart("dynamics-counts", title, subtitle, charts.waterfall(steps, writer.scale("number")), summary, None, "kpi-active_customers")


def retention(writer: Writer) -> Any:
    words = writer.words
    kpis = {
        "net_revenue_retention": ("series-1", False),
        "gross_revenue_retention": ("series-4", True),
        "profit_weighted_retention": ("series-3", False),
    }
    if not any(kpi in writer.figures.definitions and writer.is_available(kpi) for kpi in kpis):
        return None
    return writer.kpi_trend("retention", words.t("charts.retention.title"), words.t("charts.retention.subtitle"), kpis, "share", months=13)


def equity(writer: Writer) -> Any:
    """The forward value of the base from opening to closing."""
    words, source = writer.words, "customer_accounting.customer_equity_monthly"
    if not writer.figures.filled(source):
        return None
    keys = ("new_equity_amount", "lost_equity_amount", "retention_effect_amount", "margin_effect_amount")
    table = writer.table(
        "customer-equity",
        words.t("tables.equity"),
        source,
        f"select * from {source} where month_start_date <= ? order by month_start_date desc",
        [writer.month],
        ["month_start_date", "annual_retention_share", "opening_equity_amount", *keys, "closing_equity_amount"],
        shown=13,
    )
    if not table.rows or table.rows[0]["closing_equity_amount"] is None or table.rows[0]["opening_equity_amount"] is None:
        return None
    row, names, title = table.rows[0], words.texts["steps"], words.t("charts.equity.title")
    first, last = (words.notation.month(month) for month in (months_before(row["month_start_date"], 1), row["month_start_date"]))
    steps = [{"name": first, "value": row["opening_equity_amount"], "is_total": True}]
    # The mart says what was lost as it changes the value; a positive number would have to be taken off.
    closes = row["opening_equity_amount"] + sum(row[key] or 0 for key in keys) == row["closing_equity_amount"]
    signs = {key: -1 if key == "lost_equity_amount" and not closes else 1 for key in keys}
    steps += [{"name": names[key], "value": signs[key] * (row[key] or 0), "is_total": False} for key in keys]
    steps += [{"name": last, "value": row["closing_equity_amount"], "is_total": True}]
    for step in steps:
        step["text"] = words.short(step["value"], signed=not step["is_total"])
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{step['name']} {step['text']}" for step in steps))
    subtitle = words.t("charts.equity.subtitle", first=first, last=last)
    return Chart("customer-equity", title, subtitle, charts.waterfall(steps, writer.scale("money")), summary, table, "kpi-customer_equity")


def migration(writer: Writer) -> Any:
    """From which value class to which customers moved in the month; rows sum to the opening, columns to the closing."""
    words, source = writer.words, "customer_accounting.segment_migration_monthly"
    if not writer.figures.filled(source):
        return None
    table = writer.table(
        "migration",
        words.t("charts.migration.title"),
        source,
        f"select * from {source} where segment_type = 'value_tier' and month_start_date = ? order by from_segment_id, to_segment_id",
        [writer.month],
        ["from_segment_id", "to_segment_id", "customer_count", "opening_value_amount", "closing_value_amount"],
        shown=30,
    )
    if not table.rows:
        return None
    order = ["A", "B", "C", "NEW", "REACTIVATED", "LOST"]
    places = {value: place for place, value in enumerate(order)}
    rows = sorted({row["from_segment_id"] for row in table.rows}, key=lambda value: (places.get(value, 9), value))
    columns = sorted({row["to_segment_id"] for row in table.rows}, key=lambda value: (places.get(value, 9), value))
    lookup = {(row["from_segment_id"], row["to_segment_id"]): row["customer_count"] for row in table.rows}
    moved = max((count for (start, end), count in lookup.items() if start != end), default=1)
    body = []
    for start in rows:
        cells = [
            (
                words.count(lookup[start, end]) if (start, end) in lookup else EMPTY,
                shade(lookup.get((start, end)), moved) if start != end else 0,
                "",
            )
            for end in columns
        ]
        body.append((words.term("segment", start), cells))
    return Matrix(
        "migration",
        words.t("charts.migration.title"),
        words.t("charts.migration.subtitle", month=words.notation.month(writer.month)),
        words.t("charts.migration.corner"),
        [words.term("segment", end) for end in columns],
        body,
        table,
    )


def cohorts(writer: Writer) -> Any:
    """How much of each month's new customers is still active."""
    words, source = writer.words, "customer_accounting.customer_cohorts_monthly"
    if not writer.figures.filled(source):
        return None
    table = writer.table(
        "cohorts",
        words.t("charts.cohorts.title"),
        source,
        f"select * from {source} where month_start_date <= ? order by cohort_month desc, age_months",
        [writer.month],
        [
            "cohort_month",
            Column("age_months", words.label("age_months"), "number"),
            "customer_count",
            "active_count",
            "active_share",
            "net_revenue_amount",
            "cumulative_result_amount",
        ],
        shown=24,
    )
    ages = [age for age in (0, 1, 2, 3, 6, 9, 12, 18, 24) if any(row["age_months"] == age for row in table.rows)]
    months = sorted({row["cohort_month"] for row in table.rows}, reverse=True)[:13]
    lookup = {(row["cohort_month"], row["age_months"]): row for row in table.rows}
    body = []
    for month in reversed(months):
        size = lookup.get((month, 0), {}).get("customer_count")
        cells = [(words.count(size), 0, "")]
        for age in ages[1:]:
            row = lookup.get((month, age))
            cells.append((words.notation.share(row["active_share"], 0), shade(row["active_share"], 1), "") if row else ("", 0, ""))
        body.append((words.notation.month(month), cells))
    if not body:
        return None
    labels = [words.t("charts.cohorts.size"), *[words.count(age) for age in ages[1:]]]
    title, subtitle = words.t("charts.cohorts.title"), words.t("charts.cohorts.subtitle")
    return Matrix("cohorts", title, subtitle, words.t("charts.cohorts.corner"), labels, body, table)
