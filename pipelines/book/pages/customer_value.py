"""What to do with customers: the balance of value of and for them, invest or drop, and what they do not buy yet.

Keep out: why an advice was given (dbt's; its words are in the reasons).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column
from pipelines.book.writer import Writer


def sections(writer: Writer) -> list[Any]:
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
    subtitle = words.t("charts.corners.subtitle", day=words.notation.day(writer.figures.report_date))
    return Chart("value-corners", title, subtitle, charts.bars(rows, writer.scale("number")), summary, table)


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
