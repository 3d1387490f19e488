"""Customers in the four steps of customer-based accounting: costs, composition, results by segment, dynamics; and what to do.

Keep out: single customers (``customer.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Matrix, Page
from pipelines.book.formats import EMPTY
from pipelines.book.pages.invoice_errors import shade
from pipelines.book.pages.receivables import further
from pipelines.book.writer import Writer, months_before

COSTS = "customer_accounting.customer_costs_monthly"
SEGMENTS = "customer_accounting.customer_segments_monthly"
BASE = "customer_accounting.customer_base_monthly"
RESULTS = "customer_accounting.segment_result_monthly"
WHALE = "customer_accounting.whale_curve_yearly"
DYNAMICS = "customer_accounting.customer_dynamics_monthly"
CUSTOMER_RESULTS = "customer_accounting.customer_result_monthly"
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
    CUSTOMER_RESULTS,
    BASE,
    "customer_accounting.customer_months",
    "customer_accounting.customer_360",
    "customer_accounting.customer_lifetime_value",
    "customer_accounting.retention_monthly",
)
#: Points of the whale curve: more cannot be seen, and weigh.
WHALE_POINTS = 160


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "customers.html",
        words.t("nav.customers"),
        "customers",
        [
            writer.section("customers-now", writer.cards(CARDS)),
            writer.section("costs", costs(writer), idle(writer)),
            writer.section("composition", grid(writer), segments(writer, "value_tier"), concentration(writer), at_risk(writer)),
            writer.section(
                "results",
                whale(writer),
                steps(writer),
                segment_results(writer, "size_class"),
                segment_results(writer, "value_tier"),
                best_and_worst(writer),
            ),
            writer.section(
                "dynamics", dynamics(writer), dynamics_counts(writer), retention(writer), equity(writer), migration(writer), cohorts(writer)
            ),
            *value_sections(writer),
            *further(writer, "customer_accounting", NOT_LISTED),
        ],
        lead=words.t("leads.customers", month=words.notation.month(writer.month)),
    )


def _year(writer: Writer) -> str:
    return f"between date '{months_before(writer.month, 11)}' and date '{writer.month}'"


# Step 1: customer-bound costs


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
        f" from {COSTS} where cost_month {_year(writer)} group by 1 order by cost_amount desc, 1",
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
        f" from {COSTS} where cost_source = 'pool' and cost_month {_year(writer)} group by 1 having idle_amount is"
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


# Step 2: composition


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
            Column("debtor_risk_reason", words.label("debtor_risk_reason")),
            "value_amount",
            "trailing_net_revenue_amount",
        ],
        shown=10,
    )
    return table if table.rows else None


# Step 3: allocation to segments


def whale(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.whale.title")
    if not writer.figures.filled(WHALE):
        return writer.absent(WHALE, title, ("invoices",))
    year = writer.figures.raw(
        f"select max(year_start_date) filter (is_complete) as complete, max(year_start_date) as newest from {WHALE}"
        f" where year_start_date <= date '{writer.month}'"
    )[0]
    counts = {row["y"]: row["n"] for row in writer.figures.raw(f"select year_start_date as y, count(*) as n from {WHALE} group by 1")}
    # A first year of one month is complete by the calendar, and no year to judge customers by.
    chosen = year["complete"] or year["newest"]
    if year["newest"] and counts.get(year["newest"], 0) > 2 * counts.get(chosen, 0):
        chosen = year["newest"]
    if chosen is None:
        return writer.absent(WHALE, title, ("invoices",))
    table = writer.table(
        "whale-curve",
        title,
        WHALE,
        f"select * from {WHALE} where year_start_date = ? order by result_rank",
        [chosen],
        [
            "result_rank",
            "customer_id",
            "net_revenue_amount",
            "result_amount",
            "cumulative_amount",
            Column("cumulative_share", words.label("cumulative_share"), "share"),
        ],
        shown=10,
    )
    return writer.once("whale", lambda: _draw_whale(writer, table, title, chosen.year))


def _draw_whale(writer: Writer, table: Any, title: str, year: int) -> Any:
    words, first = writer.words, table.rows[0]
    in_shares = first["cumulative_share"] is not None
    measure = "cumulative_share" if in_shares else "cumulative_amount"
    points = writer.figures.raw(
        f"select customer_share as share, {measure} as value, result_amount from {WHALE} where year_start_date = ? order by result_rank",
        [table.rows[0]["year_start_date"]],
    )
    top = max(points, key=lambda point: point["value"])
    step = max(1, len(points) // WHALE_POINTS)
    kept = [{"share": 0, "value": 0}] + [p for i, p in enumerate(points) if i % step == 0 or p is top or i == len(points) - 1]
    losers = sum(1 for point in points if point["result_amount"] < 0)
    hidden = first["hidden_profit_amount"]
    basis = first.get("curve_basis")
    note = words.t(
        "charts.whale.note",
        share=words.notation.share(top["share"], 0),
        value=words.notation.share(top["value"], 0) if in_shares else words.short(top["value"]),
    )
    subtitle = words.t("charts.whale.subtitle", year=year, basis=words.term("basis", basis))
    if losers:
        subtitle += " " + words.t("charts.whale.losers", count=words.count(losers), amount=words.short(hidden))
    summary = words.t("pictures.whale", title=title, note=note, losers=words.count(losers), amount=words.short(hidden))
    picture = charts.whale(kept, top, note, writer.scale("share" if in_shares else "money"), words.t("charts.whale.axis"))
    return Chart("whale-curve", title, subtitle, picture, summary, table)


def steps(writer: Writer) -> Any:
    """From net revenue to the company's result over twelve months."""
    words = writer.words
    title = words.t("charts.result_steps.title")
    if not writer.figures.filled(RESULTS):
        return None
    minus = [
        c
        for c in (
            "cost_line_amount", "cost_of_goods_amount", "cost_to_serve_amount", "carrying_cost_amount", "expected_loss_amount",
            "insurance_premium_amount", "credit_report_amount", "bank_charge_amount", "segment_cost_amount",
            "unassigned_direct_cost_amount", "unassigned_cost_amount", "idle_capacity_amount", "company_cost_amount", "uncounted_amount",
        )
        if c in writer.figures.tables[RESULTS]
    ]  # fmt: skip
    keys = ["net_revenue_amount", *minus, "result_amount"]
    table = writer.table(
        "result-steps",
        title,
        RESULTS,
        f"select month_start_date, {', '.join(keys)} from {RESULTS} where segment_type = 'company' and"
        f" month_start_date {_year(writer)} order by 1 desc",
        [],
        ["month_start_date", *keys],
        shown=12,
    )
    if not table.rows or table.rows[0]["result_amount"] is None:
        return writer.absent(RESULTS, title, ("cost_pools", "products")) if not table.rows else _no_unit_cost(writer, title)
    total = {key: sum(row[key] or 0 for row in table.rows) for key in keys}
    rows = [{"name": words.label("net_revenue_amount", RESULTS), "value": total["net_revenue_amount"], "is_total": True}]
    small = [key for key in minus if total[key] and abs(total[key]) < abs(total["net_revenue_amount"]) / 200]
    rows += [
        {"name": words.label(key, RESULTS), "value": -total[key], "is_total": False} for key in minus if total[key] and key not in small
    ]
    if small:
        rows.append({"name": words.t("other"), "value": -sum(total[key] for key in small), "is_total": False})
    rows.append({"name": words.label("result_amount", RESULTS), "value": total["result_amount"], "is_total": True})
    for row in rows:
        row["text"] = words.short(row["value"], signed=not row["is_total"])
    table.foot = {"month_start_date": words.t("total"), **total}
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{row['name']} {row['text']}" for row in rows))
    bars = [{"name": r["name"], "value": r["value"], "text": r["text"], "colour": "total" if r["is_total"] else None} for r in rows]
    return Chart("result-steps", title, words.t("charts.result_steps.subtitle"), charts.bars(bars, writer.scale("money")), summary, table)


def _no_unit_cost(writer: Writer, title: str) -> Any:
    from pipelines.book.blocks import Notice

    return Notice(writer.words.t("absent.no_unit_cost", what=title))


def segment_results(writer: Writer, segment_type: str) -> Any:
    words = writer.words
    if not writer.figures.filled(RESULTS):
        return None
    keys = [
        "net_revenue_amount",
        "cost_of_goods_amount",
        "cost_to_serve_amount",
        "carrying_cost_amount",
        "expected_loss_amount",
        "segment_cost_amount",
        "result_amount",
    ]
    keys = [key for key in keys if key in writer.figures.tables[RESULTS]]
    table = writer.table(
        f"results-{segment_type}",
        words.t("tables.segment_results", segment=words.term("segment_type", segment_type)),
        RESULTS,
        f"select segment_id, max(customer_count) as customer_count, {', '.join(f'sum({key}) as {key}' for key in keys)},"
        " sum(result_amount) / nullif(sum(net_revenue_amount), 0) as result_share"
        f" from {RESULTS} where segment_type = '{segment_type}' and month_start_date {_year(writer)} group by 1"
        " order by segment_id in ('unassigned', 'not active', 'unknown'), sum(result_amount) desc nulls last, sum(net_revenue_amount) desc",
        [],
        ["segment_id", "customer_count", *keys, "result_share"],
    )
    if len(table.rows) < 2 or (segment_type == "size_class" and all(row["segment_id"] in ("unknown", "unassigned") for row in table.rows)):
        return None
    table.foot = {"segment_id": words.t("total"), **{key: sum(row[key] or 0 for row in table.rows) for key in keys}}
    if all(row["result_amount"] is None for row in table.rows):
        kept = ("segment_id", "customer_count", "net_revenue_amount")
        table.columns = [column for column in table.columns if column.key in kept]
    elif table.foot["net_revenue_amount"]:
        table.foot["result_share"] = table.foot["result_amount"] / table.foot["net_revenue_amount"]
    return table


def best_and_worst(writer: Writer) -> Any:
    """The ten best and the ten worst customers of twelve months."""
    words = writer.words
    if not writer.figures.filled(CUSTOMER_RESULTS):
        return None
    # A few months without goods have a result in every company: only where the company has one can customers be ranked by it.
    known = writer.figures.filled(RESULTS) and writer.figures.raw(
        f"select 1 from {RESULTS} where segment_type = 'company' and month_start_date {_year(writer)} and result_amount is not null limit 1"
    )
    key = "result_amount" if known else "net_revenue_amount"
    # All columns over the same months: what a month brought in says nothing beside the result of others.
    sums = ", ".join(
        f"sum({c}) filter ({key} is not null) as {c}"
        for c in ("net_revenue_amount", "cost_of_goods_amount", "cost_to_serve_amount", "carrying_cost_amount", "result_amount")
    )
    ranked = (
        f"select customer_id, {sums}, count({key}) < count(*) as has_unknown_months,"
        f" row_number() over (order by sum({key}) desc nulls last, customer_id) as result_rank"
        f" from {CUSTOMER_RESULTS} where month_start_date {_year(writer)} group by 1 having sum({key}) is not null"
    )
    # On the page five columns, so that best and worst stand beside each other.
    columns = ["customer_id", "net_revenue_amount", "cost_to_serve_amount", "carrying_cost_amount", "result_amount"]
    if not known:
        columns = ["customer_id", "net_revenue_amount", "result_rank"]
    tables = [
        writer.table(f"customers-{name}", words.t(f"tables.{name}"), CUSTOMER_RESULTS, f"{ranked} order by {order}", [], columns, shown=10)
        for name, order in (("best", "result_rank"), ("worst", "result_rank desc"))
    ]
    for table in tables:
        if any(row["has_unknown_months"] for row in table.cut):
            table.note = words.t("tables.known_months")
    return tables


# Step 4: dynamics


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


# What to do


def value_sections(writer: Writer) -> list[Any]:
    blocks = [block for block in (corners(writer), balance(writer)) if block]
    sections = [writer.section("customer-value", blocks)] if blocks else []
    blocks = [block for block in (action_counts(writer), white_space(writer)) if block] + actions(writer)
    return sections + ([writer.section("advice", blocks)] if blocks else [])


def corners(writer: Writer) -> Any:
    words, source = writer.words, "customer_accounting.customer_value_balance"
    if not writer.figures.filled(source, "corner"):
        return None
    title = words.t("charts.corners.title")
    table = writer.table(
        "value-corners",
        words.t("tables.corners"),
        source,
        f"select corner, count(*) as customer_count, sum(value_amount) as value_amount, avg(value_of_score) as value_of_score,"
        f" avg(value_for_score) as value_for_score from {source} where corner is not null group by 1 order by value_amount desc",
        [],
        ["corner", "customer_count", "value_amount", "value_of_score", "value_for_score"],
    )
    if not table.rows:
        return None
    rows = [
        {
            "name": words.term("corner_name", row["corner"]),
            "value": row["customer_count"],
            "text": f"{words.count(row['customer_count'])} · {words.short(row['value_amount'])}",
            "colour": {"partnership": "up", "vulnerable": "down"}.get(row["corner"], "total"),
        }
        for row in table.rows
    ]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{row['name']} {row['text']}" for row in rows))
    return Chart("value-corners", title, words.t("charts.corners.subtitle"), charts.bars(rows, writer.scale("number")), summary, table)


def balance(writer: Writer) -> Any:
    """The valuable customers that we serve least well first."""
    words, source = writer.words, "customer_accounting.customer_value_balance"
    corner = Column("corner", words.label("corner"), "code", "corner_name")
    columns = ["customer_id", "value_amount", "value_of_score", "value_for_score", corner]
    table = writer.table(
        "value-balance",
        words.t("tables.balance"),
        source,
        f"select * from {source} where balance_score is not null order by corner = 'vulnerable' desc, value_amount desc, customer_id",
        [],
        columns,
        shown=10,
    )
    return table if table.rows else None


def action_counts(writer: Writer) -> Any:
    words, source = writer.words, "customer_accounting.customer_actions"
    if not writer.figures.filled(source):
        return None
    title = words.t("charts.actions.title")
    table = writer.table(
        "actions-counts",
        words.t("tables.action_counts"),
        source,
        f"select action, what_to_repair, count(*) as customer_count, sum(at_stake_amount) as at_stake_amount from {source}"
        " group by all order by action, customer_count desc, what_to_repair",
        [],
        ["action", "what_to_repair", "customer_count", "at_stake_amount"],
    )
    colours = {
        "win back": "up", "invest": "up", "keep": "total", "find out": "age-2", "repair": "age-3", "secure": "down", "let go": "down",
    }  # fmt: skip
    rows = []
    for action, colour in colours.items():
        found = [row for row in table.rows if row["action"] == action]
        if found:
            count, stake = sum(row["customer_count"] for row in found), sum(row["at_stake_amount"] or 0 for row in found)
            rows.append(
                {
                    "name": words.term("advice", action),
                    "value": count,
                    "text": f"{words.count(count)} · {words.short(stake)}",
                    "colour": colour,
                }
            )
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{row['name']} {row['text']}" for row in rows))
    return Chart("actions-counts", title, words.t("charts.actions.subtitle"), charts.bars(rows, writer.scale("number")), summary, table)


def actions(writer: Writer) -> list[Any]:
    """Per advice the customers with most at stake, with the reason in words."""
    words, source = writer.words, "customer_accounting.customer_actions"
    if not writer.figures.filled(source):
        return []
    tables = []
    for action in ("win back", "secure", "invest", "repair", "find out", "let go"):
        columns = ["customer_id", "what_to_repair", "by_department", "reason", "at_stake_amount"]
        if action != "repair":
            columns.remove("what_to_repair")
        table = writer.table(
            f"actions-{action.replace(' ', '-')}",
            f"{words.t('tables.actions')}: {words.term('advice', action)}",
            source,
            f"select * from {source} where action = ? order by at_stake_amount desc nulls last, customer_id",
            [action],
            columns,
            shown=10,
        )
        if table.rows:
            tables.append(table)
    return tables


def white_space(writer: Writer) -> Any:
    words, source = writer.words, "customer_accounting.white_space"
    if not writer.figures.filled(source):
        return None
    table = writer.table(
        "white-space",
        words.t("tables.white_space"),
        source,
        f"select * from {source} order by expected_margin_amount desc nulls last, expected_revenue_amount desc,"
        f" customer_id, product_family",
        [],
        ["customer_id", "product_family", "buyer_share", "expected_margin_amount", "debtor_risk_class"],
        shown=8,
    )
    return table if table.rows else None
