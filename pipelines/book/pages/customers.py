"""Customers in the four steps of customer-based accounting: costs, composition, results by segment, dynamics; and what to do.

Its steps stand in modules of their own beside it. Keep out: single customers (``customer.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Page
from pipelines.book.pages import customer_base, customer_dynamics, customer_results, customer_value
from pipelines.book.pages.receivables import further
from pipelines.book.writer import Writer

COSTS = "customer_accounting.customer_costs_monthly"
COST_NEEDS = ("cost_pools", "activity_times")
CARDS = (
    "customer_result",
    "active_customers",
    "new_customers",
    "churned_customers",
    "logo_churn_rate",
    "net_revenue_retention",
    "high_risk_customer_share",
    "top10_customer_share",
    "cost_to_serve",
    "customer_equity",
    "customer_acquisition_cost",
    "relationship_capital",
)
#: One row per customer: these stand in the lists and on the customers' own pages.
NOT_LISTED = (
    customer_results.CUSTOMER_RESULTS,
    customer_base.BASE,
    "customer_accounting.customer_months",
    "customer_accounting.customer_360",
    "customer_accounting.customer_lifetime_value",
    "customer_accounting.retention_monthly",
)


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "customers.html",
        words.t("nav.customers"),
        "customers",
        [
            writer.section("customers-now", writer.cards(CARDS)),
            writer.section("costs", costs(writer), idle(writer)),
            writer.section(
                "composition",
                customer_base.grid(writer),
                customer_base.segments(writer, "value_tier"),
                customer_base.concentration(writer),
                customer_base.at_risk(writer),
            ),
            writer.section(
                "results",
                customer_results.whale(writer),
                customer_results.steps(writer),
                customer_results.segment_results(writer, "size_class"),
                customer_results.segment_results(writer, "value_tier"),
                customer_results.best_and_worst(writer),
            ),
            writer.section(
                "dynamics",
                customer_dynamics.dynamics(writer),
                customer_dynamics.dynamics_counts(writer),
                customer_dynamics.retention(writer),
                customer_dynamics.equity(writer),
                customer_dynamics.migration(writer),
                customer_dynamics.cohorts(writer),
            ),
            *customer_value.sections(writer),
            *further(writer, "customer_accounting", NOT_LISTED),
        ],
        lead=words.t("leads.customers", month=words.notation.month(writer.month)),
    )


def costs(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.costs.title")
    if not writer.figures.filled(COSTS):
        return writer.absent(COSTS, title, COST_NEEDS)
    table = writer.table(
        "costs",
        title,
        COSTS,
        f"select cost_family, sum(cost_amount) filter (assignment = 'customer') as customer_amount,"
        " sum(cost_amount) filter (assignment = 'segment') as segment_amount,"
        " sum(cost_amount) filter (assignment = 'company') as company_amount,"
        " sum(cost_amount) filter (assignment = 'unassigned') as unassigned_amount,"
        " sum(cost_amount) filter (assignment = 'idle') as idle_amount, sum(cost_amount) as cost_amount"
        f" from {COSTS} where cost_month {writer.twelve_months} group by 1 order by cost_amount desc, 1",
        [],
        ["cost_family", "customer_amount", "segment_amount", "company_amount", "unassigned_amount", "idle_amount", "cost_amount"],
    )
    if not table.rows or not any(row["cost_amount"] for row in table.rows):
        return writer.absent(COSTS, title, COST_NEEDS)
    parts = {
        "customer_amount": "series-1",
        "segment_amount": "age-0",
        "company_amount": "total",
        "unassigned_amount": "age-2",
        "idle_amount": "age-3",
    }
    rows = [
        {"name": words.term("cost_family", row["cost_family"]), "part": part, "value": row[part]}
        for row in table.rows
        for part in parts
        if row[part] and row[part] > 0
    ]
    ends = {words.term("cost_family", row["cost_family"]): words.short(row["cost_amount"]) for row in table.rows}
    table.foot = {"cost_family": words.t("total"), **{part: sum(row[part] or 0 for row in table.rows) for part in (*parts, "cost_amount")}}
    named = {part: (words.label(part), colour) for part, colour in parts.items() if any(row["part"] == part for row in rows)}
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{name} {text}" for name, text in ends.items()))
    return Chart(
        "costs", title, words.t("charts.costs.subtitle"), charts.stacked(rows, named, writer.scale("money"), ends=ends), summary, table
    )


def idle(writer: Writer) -> Any:
    """Capacity of every pool: used, idle, and what it cost."""
    words = writer.words
    if not writer.figures.filled(COSTS, "used_minutes_quantity") or "cost_pools" in writer.figures.missing_entities:
        return None
    table = writer.table(
        "capacity",
        words.t("tables.capacity"),
        COSTS,
        "select cost_family, sum(used_minutes_quantity) filter (assignment <> 'idle') / 60 as used_hours,"
        " sum(used_minutes_quantity) filter (assignment = 'idle') / 60 as idle_hours,"
        " sum(cost_amount) filter (assignment = 'idle') as idle_amount,"
        " sum(used_minutes_quantity) filter (assignment = 'idle') / nullif(sum(used_minutes_quantity), 0) as idle_share"
        f" from {COSTS} where cost_source = 'pool' and cost_month {writer.twelve_months} group by 1 having idle_amount is"
        f" not null order by idle_amount desc, 1",
        [],
        [
            "cost_family",
            Column("used_hours", words.label("used_hours"), "number"),
            Column("idle_hours", words.label("idle_hours"), "number"),
            "idle_share",
            "idle_amount",
        ],
        note=words.t("notes.capacity"),
    )
    return table if table.rows else None
