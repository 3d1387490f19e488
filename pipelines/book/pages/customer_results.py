"""Results of customers and segments: the whale curve, the steps from revenue to result, and who earns or costs most.

Keep out: what a customer costs us (``customers.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Notice
from pipelines.book.writer import Writer

RESULTS = "customer_accounting.segment_result_monthly"
WHALE = "customer_accounting.whale_curve_yearly"
CUSTOMER_RESULTS = "customer_accounting.customer_result_monthly"
#: Points of the whale curve: more cannot be seen, and weigh.
WHALE_POINTS = 160


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
        f" month_start_date {writer.twelve_months} order by 1 desc",
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
        f" from {RESULTS} where segment_type = '{segment_type}' and month_start_date {writer.twelve_months} group by 1"
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
        f"select 1 from {RESULTS} where segment_type = 'company' and month_start_date {writer.twelve_months}"
        " and result_amount is not null limit 1"
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
        f" from {CUSTOMER_RESULTS} where month_start_date {writer.twelve_months} group by 1 having sum({key}) is not null"
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
