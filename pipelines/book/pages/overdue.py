"""Overdue on the page of receivables: why it is overdue, who in sales helps, and what is expected to be lost.

Keep out: what is open and how old it is (``receivables.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart
from pipelines.book.pages.collection import is_touch_known
from pipelines.book.writer import Writer


def causes(writer: Writer) -> list[Any]:
    """Overdue by cause, and who in sales helps to collect it."""
    words, source = writer.words, "receivables.overdue_split_monthly"
    if not writer.figures.filled(source):
        return []
    keys = ["our_error_amount", "invalid_dispute_amount", "cannot_pay_amount", "no_reason_known_amount"]
    table = writer.table(
        "overdue-split",
        words.t("tables.overdue_split"),
        source,
        f"select month_start_date, {', '.join(f'sum({key}) as {key}' for key in [*keys, 'overdue_amount'])} from {source}"
        " where month_start_date <= ? group by 1 order by 1 desc",
        [writer.month],
        ["month_start_date", *keys, "overdue_amount"],
        shown=13,
    )
    blocks: list[Any] = []
    if table.rows:
        row, title = table.rows[0], words.t("charts.overdue_split.title")
        total = row["overdue_amount"]
        rows = [
            {
                "name": words.term("cause", key),
                "value": row[key],
                "text": words.short(row[key]) + (f" · {words.notation.share(row[key] / total, 0)}" if total else ""),
                "colour": "down" if key == "our_error_amount" else "total",
            }
            for key in keys
        ]
        summary = words.t("pictures.stacked", title=title, values="; ".join(f"{bar['name']} {bar['text']}" for bar in rows))
        subtitle = words.t("charts.overdue_split.subtitle", month=words.notation.month(row["month_start_date"]))
        blocks.append(
            Chart(
                "overdue-split", title, subtitle, charts.bars(rows, writer.scale("money")), summary, table, "kpi-overdue_our_error_amount"
            )
        )
    blocks.append(sales_help(writer))
    return [writer.section("causes", blocks)] if table.rows else []


def sales_help(writer: Writer) -> Any:
    words, figures, source = writer.words, writer.figures, "receivables.sales_collection_monthly"
    if not figures.filled(source):
        return None
    if not is_touch_known(figures):
        # Its rows would say that nobody in sales worked on it.
        writer.used_tables.add(source)
        return writer.absent(source, words.t("tables.sales_collection_monthly"), ("collection_activities",))
    name, join = "salesperson_id", ""
    if figures.has("core.dim_salespeople", "name"):
        name, join = "coalesce(s.name, c.salesperson_id)", " left join core.dim_salespeople as s using (salesperson_id)"
    table = writer.table(
        "sales-collection",
        words.t("tables.sales_collection", month=words.notation.month(writer.month)),
        source,
        f"select c.* replace ({name} as salesperson_id) from {source} as c{join} where month_start_date = ? order by"
        f" overdue_amount desc, 2",
        [writer.month],
        [
            "salesperson_id",
            "overdue_amount",
            "overdue_worked_by_sales_amount",
            "collected_overdue_amount",
            "collected_with_sales_help_amount",
        ],
    )
    return table if table.rows else None


def risk_of_loss(writer: Writer) -> list[Any]:
    """Loss rates by age, what they mean for what is open, and the burn of the write-off maximum."""
    words, figures, blocks = writer.words, writer.figures, []
    provision, budget = "receivables.provision_monthly", "receivables.write_off_budget_monthly"
    if figures.filled(provision):
        table = writer.table(
            "provision",
            words.t("tables.provision"),
            provision,
            f"select * from {provision} where month_start_date = ? order by bucket_rank",
            [writer.month],
            ["bucket", "reached_amount", "never_paid_amount", "loss_share", "exposure_amount", "insured_amount", "expected_loss_amount"],
            definition="kpi-expected_credit_loss" if "expected_credit_loss" in figures.definitions else "",
        )
        keys = ("exposure_amount", "insured_amount", "expected_loss_amount")
        table.foot = {"bucket": words.t("total"), **{key: sum(row[key] or 0 for row in table.rows) for key in keys}}
        if table.rows:
            blocks.append(table)
    if figures.filled(budget):
        table = writer.table(
            "write-off-budget",
            words.t("tables.write_off_budget"),
            budget,
            f"select * from {budget} where scope_type = 'company' and month_start_date <= ? order by month_start_date desc",
            [writer.month],
            ["month_start_date", "net_written_off_amount", "maximum_amount", "burnt_share", "elapsed_share", "budget_status"],
            shown=12,
        )
        if table.rows:
            blocks.append(table)
    return [writer.section("risk-of-loss", blocks)] if blocks else []
