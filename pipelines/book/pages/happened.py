"""What happened in the month and why: three to five sentences, each made from a table that stands below it or where it leads to.

Keep out: what needs a decision (``month.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.book.blocks import Column, Sentence, Sentences, Table
from pipelines.book.progress import TARGET_SENSES, years_before
from pipelines.book.writer import Writer

REVENUE = "growth.revenue_monthly"
AGEING = "receivables.receivables_ageing_monthly"
ERRORS = "core.fct_invoice_errors"
ATTAINMENT = "kpi.kpi_flow_attainment"
RESTATED = "meta.kpi_restatements"
#: Verdict of a figure -> sign and sense of its sentence.
SENSES = {"better": ("▲", "good"), "worse": ("▼", "bad")}


def blocks(writer: Writer) -> list[Any]:
    """Three to five sentences, and the tables that they are made from."""
    tables = [table for table in (movers(writer, "customer_id"), movers(writer, "salesperson_id"), errors_moved(writer)) if table]
    by_name = {table.name: table for table in tables}
    found = [
        quarter_sentence(writer),
        revenue_sentence(writer, by_name),
        errors_sentence(writer, by_name.get("moved-errors")),
        overdue_sentence(writer),
        result_sentence(writer),
        restated_sentence(writer),
    ]
    sentences = [sentence for sentence in found if sentence]
    return ([Sentences("happened", writer.words.t("first.happened"), sentences)] if sentences else []) + tables


def month_and_year_before(writer: Writer) -> tuple[str, str]:
    return writer.words.notation.month(writer.month), writer.words.notation.month(years_before(writer.month))


def movers(writer: Writer, key: str) -> Table | None:
    """Who changed revenue most against the same month of the year before."""
    words, figures = writer.words, writer.figures
    row = writer.progress("net_revenue")
    if row is None or row["year_before_value"] is None or not figures.filled(REVENUE, key):
        return None
    now, before = month_and_year_before(writer)
    name, join = writer.salesperson_name("r") if key == "salesperson_id" else (key, "")
    amount = "sum(net_revenue_amount) filter (month_start_date = {})"
    this_month, last_year = (f"coalesce({amount.format(place)}, 0)" for place in ("$1", "$2"))
    table = writer.table(
        f"moved-{key.removesuffix('_id')}",
        words.t(f"tables.moved_{key}", month=now, before=before),
        REVENUE,
        f"select {name} as {key}, {this_month} as this_month_amount, {last_year} as year_before_amount,"
        f" {this_month} - {last_year} as change_amount from {REVENUE} as r{join} where month_start_date in ($1, $2)"
        f" group by r.{key}, 1 having change_amount <> 0 order by abs(change_amount) desc, 1",
        [writer.month, years_before(writer.month)],
        [
            key,
            Column("this_month_amount", now, "money", period=now),
            Column("year_before_amount", before, "money", period=before),
            Column("change_amount", words.label("change"), "money", signed=True, period=now),
        ],
        shown=5,
        definition="kpi-net_revenue",
    )
    return table if len(table.rows) > 1 else None


def errors_moved(writer: Writer) -> Table | None:
    """Which errors were found more or less often than in the same month of the year before."""
    words, figures = writer.words, writer.figures
    row = writer.progress("invoice_error_rate")
    if row is None or row["year_before_value"] is None or not figures.filled(ERRORS, "event_month"):
        return None
    now, before = month_and_year_before(writer)
    table = writer.table(
        "moved-errors",
        words.t("tables.moved_errors", month=now, before=before),
        ERRORS,
        "select error_code, count(*) filter (event_month = $1) as this_month_count,"
        " count(*) filter (event_month = $2) as year_before_count, this_month_count - year_before_count as change_count,"
        " sum(stake_amount) filter (event_month = $1) as stake_amount"
        f" from {ERRORS} where not is_approved and event_month in ($1, $2) group by 1"
        " order by change_count desc, stake_amount desc nulls last, 1",
        [writer.month, years_before(writer.month)],
        [
            "error_code",
            Column("this_month_count", now, "number", period=now),
            Column("year_before_count", before, "number", period=before),
            Column("change_count", words.label("change"), "number", signed=True, period=now),
            words.column("stake_amount", ERRORS, period=now),
        ],
        shown=5,
        definition="invoice-errors",
    )
    return table if table.rows else None


def _named(writer: Writer, rows: Sequence[dict[str, Any]], key: str, amount: str = "change_amount") -> str:
    """``Customer A (+€12k), Customer B (-€9k)``."""
    words = writer.words
    name = (lambda row: row["customer_name"]) if key == "customer_id" else (lambda row: words.term("segment", row[key]))
    return ", ".join(f"{name(row)} ({words.short(row[amount], signed=True)})" for row in rows)


def revenue_sentence(writer: Writer, tables: dict[str, Table]) -> Sentence | None:
    words, row = writer.words, writer.progress("net_revenue")
    if row is None:
        return None
    now, before = month_and_year_before(writer)
    text = words.t("first.revenue", month=now, value=words.short(row["value"]))
    if row["year_before_value"] is not None:
        change = row["value"] - row["year_before_value"]
        values = {"month": now, "value": words.short(row["value"]), "before": before, "change": words.short(change, signed=True)}
        text = words.t("first.revenue_since", **values)
        for name, key in (("moved-customer", "customer_id"), ("moved-salesperson", "salesperson_id")):
            text += _most_moved(writer, tables.get(name), name.replace("-", "_"), key)
    return Sentence(text, "kpis/net_revenue.html", words.t("first.to_revenue"), *SENSES.get(row["verdict"], ("•", "plain")))


def _most_moved(writer: Writer, table: Table | None, name: str, key: str) -> str:
    """Who added most and who took most away, two of each."""
    rows = table.rows if table else []
    parts = {"more": [row for row in rows if row["change_amount"] > 0][:2], "less": [row for row in rows if row["change_amount"] < 0][:2]}
    named = {part: _named(writer, found, key) for part, found in parts.items() if found}
    return " " + writer.words.t(f"first.{name}_{'_'.join(named)}", **named) if named else ""


def errors_sentence(writer: Writer, table: Table | None) -> Sentence | None:
    words, row = writer.words, writer.progress("invoice_error_rate")
    if row is None or table is None:
        return None
    now, before = month_and_year_before(writer)
    text = words.t(
        "first.errors",
        month=now,
        value=words.notation.share(row["value"]),
        before=before,
        earlier=words.notation.share(row["year_before_value"]),
    )
    raised = [found for found in table.rows if found["change_count"] > 0][:2]
    if raised and row["verdict"] == "worse":
        names = "; ".join(
            words.t(
                "first.error",
                error=words.term("error_short", found["error_code"]),
                before=words.count(found["year_before_count"]),
                now=words.count(found["this_month_count"]),
            )
            for found in raised
        )
        text += " " + words.t("first.errors_raised", names=names)
    return Sentence(text, "invoice_errors.html#errors-by-code", words.t("first.to_errors"), *SENSES.get(row["verdict"], ("•", "plain")))


def overdue_sentence(writer: Writer) -> Sentence | None:
    """Who makes the overdue."""
    words, figures = writer.words, writer.figures
    if not figures.filled(AGEING):
        return None
    rows = figures.rows(
        f"select customer_id, sum(overdue_amount) as overdue_amount, sum(sum(overdue_amount)) over () as total_amount from {AGEING}"
        " where month_start_date = ? group by 1 order by 2 desc, 1 limit 3",
        [writer.month],
    )
    if not rows or not rows[0]["total_amount"] or rows[0]["overdue_amount"] <= 0:
        return None
    total, of_three = rows[0]["total_amount"], sum(row["overdue_amount"] for row in rows)
    text = words.t(
        "first.overdue",
        day=words.notation.month(writer.month),
        total=words.short(total),
        share=words.notation.share(of_three / total, 0),
        names=", ".join(f"{row['customer_name']} ({words.short(row['overdue_amount'])})" for row in rows),
    )
    return Sentence(text, "receivables.html#worklist", words.t("first.to_overdue"), "•", "plain")


def result_sentence(writer: Writer) -> Sentence | None:
    """The margin: what remains of revenue."""
    words, result, revenue = writer.words, writer.progress("customer_result"), writer.progress("net_revenue")
    if not result or not revenue or revenue["value"] <= 0:
        return None
    now, before = month_and_year_before(writer)
    share = words.notation.share(result["value"] / revenue["value"])
    text = words.t("first.result", month=now, value=words.short(result["value"]), share=share)
    if result["year_before_value"] is not None and (revenue["year_before_value"] or 0) > 0:
        text += " " + words.t(
            "first.result_before", before=before, share=words.notation.share(result["year_before_value"] / revenue["year_before_value"])
        )
    return Sentence(text, "customers.html#results", words.t("first.to_result"), "•", "plain")


def quarter_sentence(writer: Writer) -> Sentence | None:
    """Whether the quarter is made, and which team does not make it."""
    words, figures, row = writer.words, writer.figures, writer.progress("net_revenue", "quarter")
    if row is None or row["target"] is None or row["target_value"] is None:
        return None
    sign, sense = TARGET_SENSES.get(row["target_status"], ("•", "plain"))
    text = words.t(
        "first.quarter",
        period=writer.period(row),
        value=words.short(row["target_value"]),
        target=words.short(row["target"]),
        share=words.notation.share(row["attained_share"]),
        status=words.term("target_status", row["target_status"]),
    )
    teams = figures.raw(
        f"select team, current_attained_share as share from {ATTAINMENT} where month_start_date = ? and kpi = 'net_revenue'"
        " and flow_status in ('missed', 'at risk', 'off course') order by 2, 1",
        [writer.month],
    )
    if teams:
        text += " " + words.t("first.teams_short", names=", ".join(f"{t['team']} ({words.notation.share(t['share'])})" for t in teams))
    return Sentence(text, "kpi_flow.html", words.t("first.to_flow"), sign, sense)


def restated_sentence(writer: Writer) -> Sentence | None:
    """What was published before and reads otherwise now."""
    words, figures = writer.words, writer.figures
    if not figures.filled(RESTATED):
        return None
    rows = figures.raw(
        "select kpi, period_type, period_start_date, any_value(old_value) as old_value, any_value(new_value) as new_value,"
        f" count(*) over () as figure_count from {RESTATED} semi join kpi.kpi_definitions using (kpi)"
        " where scope_type = 'company' group by 1, 2, 3"
        " order by kpi <> 'net_revenue', period_type <> 'month', period_start_date desc, kpi limit 1"
    )
    if not rows:
        return None
    row = rows[0]
    unit = figures.definitions[row["kpi"]]["unit"] if row["kpi"] in figures.definitions else "number"
    period = {"month": words.notation.month, "quarter": words.notation.quarter, "year": words.notation.year}[row["period_type"]]
    text = words.t(
        "first.restated",
        count=words.count(row["figure_count"]),
        kpi=words.kpi(row["kpi"]),
        period=period(row["period_start_date"]),
        old=words.measure(row["old_value"], unit),
        new=words.measure(row["new_value"], unit),
    )
    return Sentence(text, "about.html#restatements", words.t("first.to_restated"), "•", "plain")
