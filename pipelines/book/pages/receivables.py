"""Receivables: how long sales stay unpaid, where the overdue stands, and which invoices to work on.

Keep out: risk and cover (growth and customers).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Page, Table
from pipelines.book.pages import cash, overdue
from pipelines.book.pages.collection import APPROACH, EFFECT, OVERDUE
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

AGEING = "receivables.receivables_ageing_monthly"
ROLLFORWARD = "receivables.receivables_rollforward_monthly"
NEEDS = ("invoices", "payment_allocations")
CARDS = (
    "receivables",
    "dso_simple",
    "dso_best_possible",
    "average_days_delinquent",
    "overdue_amount",
    "overdue_share",
    "euro_per_dso_day",
    "average_days_to_pay",
    "collection_effectiveness_index",
    "write_off_rate",
    "unapplied_cash_share",
)
BUCKETS = {
    "not_due_amount": "age-0",
    "overdue_1_30_amount": "age-1",
    "overdue_31_60_amount": "age-2",
    "overdue_61_90_amount": "age-3",
    "overdue_91_120_amount": "age-4",
    "overdue_over_120_amount": "age-5",
    "no_due_date_amount": "age-6",
}
CREDITS = ("unapplied_credit_amount", "unapplied_cash_amount")
FLOWS = (
    "invoiced_gross_amount",
    "credited_gross_amount",
    "adjusted_gross_amount",
    "cash_applied_amount",
    "unapplied_cash_change_amount",
    "credit_applied_amount",
    "discount_taken_amount",
    "written_off_amount",
    "fx_booked_amount",
    "withheld_amount",
    "set_off_amount",
    "bank_charged_amount",
    "prepaid_amount",
    "rounded_amount",
    "revaluation_change_amount",
)


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "receivables.html",
        words.t("nav.receivables"),
        "receivables",
        [
            writer.section("receivables-now", writer.cards(CARDS)),
            writer.section("days-outstanding", days_outstanding(writer), all_methods(writer), dso_change(writer)),
            writer.section("ageing", [ageing(writer, scope) for scope in ("size_class", "industry_code", "team")], ageing_trend(writer)),
            *overdue.causes(writer),
            writer.section("rollforward", rollforward(writer)),
            *cash.by_state(writer),
            *cash.matching(writer),
            *cash.interest(writer),
            *overdue.risk_of_loss(writer),
            writer.section("worklist", worklist(writer)),
            *further(
                writer,
                "receivables",
                (
                    "receivables.days_sales_outstanding_monthly",
                    "receivables.payer_behaviour_monthly",
                    "receivables.unapplied_cash_monthly",
                    OVERDUE,
                    APPROACH,
                    EFFECT,
                ),
            ),
        ],
        lead=words.t("leads.receivables", month=words.notation.month(writer.month)),
    )


def further(writer: Writer, schema: str, not_shown: tuple[str, ...] = ()) -> list[Any]:
    blocks = writer.further_tables(schema, not_shown)
    return [writer.section("further-tables", blocks)] if blocks else []


def days_outstanding(writer: Writer) -> Any:
    words = writer.words
    kpis = {"dso_simple": ("series-1", False), "dso_best_possible": ("series-4", True)}
    return writer.kpi_trend("dso", words.t("charts.dso.title"), words.t("charts.dso.subtitle"), kpis, "number")


def all_methods(writer: Writer) -> Any:
    words = writer.words
    kpis = {
        "dso_simple": ("series-1", False),
        "dso_countback": ("series-3", False),
        "dso_true": ("series-2", False),
        "average_days_to_pay": ("series-4", True),
    }
    # The reason stands once, under the first picture.
    if not any(kpi in writer.figures.definitions and writer.is_available(kpi) for kpi in kpis):
        return None
    return writer.kpi_trend("dso-methods", words.t("charts.dso_methods.title"), words.t("charts.dso_methods.subtitle"), kpis, "number")


def ageing(writer: Writer, scope: str) -> Any:
    """Open receivables by age for each value of ``scope``."""
    words, figures = writer.words, writer.figures
    title = words.t(f"charts.ageing.{scope}")
    if not figures.filled(AGEING):
        return writer.absent(AGEING, words.t("charts.ageing.title"), NEEDS) if scope == "size_class" else None
    join, key = ("", f"a.{scope}")
    if scope == "team":
        if not figures.has("core.dim_salespeople", "team"):
            return None
        join, key = " left join core.dim_salespeople as p using (salesperson_id)", "coalesce(p.team, 'unknown')"
    sums = ", ".join(f"sum({column}) as {column}" for column in (*BUCKETS, *CREDITS, "overdue_amount", "receivables_amount"))
    columns: list[Any] = [
        words.column(scope, AGEING),
        *[words.column(column, AGEING) for column in (*BUCKETS, *CREDITS)],
        words.column("receivables_amount", AGEING),
        Column("overdue_share", words.kpi("overdue_share"), "share"),
    ]
    table = writer.table(
        f"ageing-{scope}",
        title,
        AGEING,
        f"select {key} as {scope}, {sums}, sum(overdue_amount) / nullif(sum(receivables_amount), 0) as overdue_share"
        f" from {AGEING} as a{join} where month_start_date = ? group by 1 having sum(abs(receivables_amount)) > 0"
        " order by receivables_amount desc",
        [writer.month],
        columns,
        shown=12,
    )
    if len(table.rows) < 2 and scope != "size_class":
        return None
    if not table.rows:
        return writer.absent(AGEING, title, NEEDS)
    rows, ends = [], {}
    for row in table.rows[:12]:
        name = words.term("industry" if scope == "industry_code" else "segment", row[scope])
        rows += [{"name": name, "part": bucket, "value": row[bucket]} for bucket in BUCKETS if row[bucket] and row[bucket] > 0]
        ends[name] = f"{words.short(row['receivables_amount'])} · {words.notation.share(row['overdue_share'], 0)}"
    parts = {
        bucket: (words.label(bucket, AGEING), colour) for bucket, colour in BUCKETS.items() if any(row["part"] == bucket for row in rows)
    }
    table.foot = {scope: words.t("total"), **{c: sum(r[c] for r in table.rows) for c in (*BUCKETS, *CREDITS, "receivables_amount")}}
    if table.foot["receivables_amount"]:
        table.foot["overdue_share"] = sum(r["overdue_amount"] for r in table.rows) / table.foot["receivables_amount"]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{name} {text}" for name, text in ends.items()))
    return Chart(
        f"ageing-{scope}",
        title,
        words.t("charts.ageing.subtitle", month=words.notation.month(writer.month)),
        charts.stacked(rows, parts, writer.scale("money"), ends=ends),
        summary,
        table,
        "kpi-overdue_share",
    )


def ageing_trend(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled(AGEING):
        return None
    kpis = {"receivables": ("series-4", True), "not_due_amount": ("series-1", False), "overdue_amount": ("series-2", False)}
    return writer.kpi_trend(
        "receivables-trend", words.t("charts.receivables_trend.title"), words.t("charts.receivables_trend.subtitle"), kpis, "money"
    )


def rollforward(writer: Writer) -> Any:
    """From opening to closing receivables of the month, and the ledger's balance beside it."""
    words, figures = writer.words, writer.figures
    title = words.t("charts.rollforward.title")
    if not figures.filled(ROLLFORWARD):
        return writer.absent(ROLLFORWARD, title, NEEDS)
    columns = [c for c in figures.tables[ROLLFORWARD] if c not in ("is_complete", "closing_booked_amount")]
    table = writer.table(
        "rollforward",
        title,
        ROLLFORWARD,
        f"select * from {ROLLFORWARD} where month_start_date <= ? order by 1 desc",
        [writer.month],
        columns,
        shown=13,
    )
    newest = table.rows[0]
    steps = [{"name": words.label("opening_amount", ROLLFORWARD), "value": newest["opening_amount"], "is_total": True}]
    # What moves a balance is neither good nor bad by its sign: money that came in makes it smaller. A loss is bad.
    steps += [
        {
            "name": words.label(flow, ROLLFORWARD),
            "value": newest[flow],
            "is_total": False,
            "colour": "down" if flow == "written_off_amount" else "accent",
        }
        for flow in FLOWS
        if newest.get(flow)
    ]
    steps += [{"name": words.label("closing_amount", ROLLFORWARD), "value": newest["closing_amount"], "is_total": True}]
    for step in steps:
        step["text"] = words.short(step["value"], signed=not step["is_total"])
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{step['name']} {step['text']}" for step in steps))
    subtitle = words.t("charts.rollforward.subtitle", month=words.notation.month(newest["month_start_date"]))
    return Chart("rollforward", title, subtitle, charts.waterfall(steps, writer.scale("money")), summary, table, "kpi-receivables")


def worklist(writer: Writer) -> Any:
    """The open invoices past due, largest first, as of the report date."""
    words, figures = writer.words, writer.figures
    title = words.t("tables.open_invoices")
    if not figures.filled("core.fct_receivable_events") or "payment_allocations" in figures.missing_entities:
        return writer.absent("core.fct_receivable_events", title, NEEDS)
    table = open_invoices(writer, "open-invoices", title, "overdue_days > 0", [], "open_amount desc, invoice_id", 25)
    return table if table.rows else writer.absent("core.fct_receivable_events", title)


def all_open_invoices(writer: Writer) -> tuple[str, list[Column]]:
    """A table of the invoices with an open balance at the report date, at the rate they were booked at, and the columns to show of it."""
    words, figures = writer.words, writer.figures
    errors = "0 as error_count"
    if figures.has("core.fct_invoice_errors", "invoice_id", "is_approved"):
        errors = (
            "(select count(*) from core.fct_invoice_errors as e where e.invoice_id = i.invoice_id and not e.is_approved) as error_count"
        )
    # Of instalments the oldest one that is overdue counts, as on the worklist.
    dues = "select null as invoice_id, null::date as due_date where false"
    if figures.has("receivables.overdue_worklist", "invoice_id", "due_date"):
        dues = "select invoice_id, min(due_date) as due_date from receivables.overdue_worklist group by 1"
    sql = (
        # What is held out is no receivable: it stands in the list of errors.
        "with balances as (select invoice_id, sum(amount) as open_amount from core.fct_receivable_events where invoice_id is not null"
        f" and not is_held_out and event_date <= date '{figures.report_date}' group by 1 having sum(amount) > 0),"
        f" dues as ({dues}),"
        " o as (select i.invoice_id, i.customer_id, i.issued_date, coalesce(d.due_date, i.due_date) as due_date, b.open_amount,"
        # An invoice that is not due yet is not late by a negative number of days.
        f" nullif(greatest(date_diff('day', coalesce(d.due_date, i.due_date), date '{figures.report_date}'), 0), 0) as overdue_days,"
        f" {errors} from balances as b join core.fct_invoices as i using (invoice_id) left join dues as d using (invoice_id)"
        " where i.document_class = 'invoice' or i.document_type = 'invoice')"
        " select * from o"
    )
    columns = [
        words.column("customer_id"),
        words.column("invoice_id"),
        words.column("issued_date"),
        words.column("due_date"),
        Column("overdue_days", words.label("overdue_days"), "number"),
        words.column("open_amount"),
        words.column("error_count"),
    ]
    return figures.held("open_invoices", sql), columns


def open_invoices(writer: Writer, name: str, title: str, where: str, parameters: list[Any], order: str, shown: int) -> Table:
    """The open invoices of a condition."""
    held, columns = all_open_invoices(writer)
    note = writer.words.t("notes.open_invoices")
    return writer.table(
        name,
        title,
        "core.fct_receivable_events",
        f"select * from {held} where {where} order by {order}",
        parameters,
        columns,
        shown=shown,
        note=note,
    )


def dso_change(writer: Writer) -> Any:
    """The change of DSO since the month before, in the parts of sales, the customer and ourselves."""
    words, source = writer.words, "receivables.dso_change_monthly"
    if not writer.figures.filled(source):
        return None
    title = words.t("charts.dso_change.title")
    keys = ("terms_granted_change_days", "late_payment_change_days", "own_errors_change_days")
    table = writer.table(
        "dso-change",
        words.t("tables.dso_change"),
        source,
        f"select * from {source} where scope_type = 'company' and month_start_date <= ? order by month_start_date desc",
        [writer.month],
        [
            "month_start_date",
            "dso_simple_days",
            "terms_granted_days",
            "late_payment_days",
            "own_errors_days",
            "dso_simple_change_days",
            *keys,
        ],
        shown=13,
    )
    if not table.rows or table.rows[0]["dso_simple_change_days"] is None:
        return None
    row, names = table.rows[0], words.texts["steps"]
    first, last = (words.notation.month(month) for month in (months_before(row["month_start_date"], 1), row["month_start_date"]))
    steps = [{"name": first, "value": row["dso_simple_days"] - row["dso_simple_change_days"], "is_total": True}]
    steps += [{"name": names[key], "value": row[key] or 0, "is_total": False} for key in keys]
    steps += [{"name": last, "value": row["dso_simple_days"], "is_total": True}]
    for step in steps:
        step["text"] = words.notation.number(step["value"], 1, signed=not step["is_total"])
    summary = words.t("pictures.waterfall", title=title, values="; ".join(f"{step['name']} {step['text']}" for step in steps))
    picture = charts.waterfall(steps, writer.scale("number"), more_is_better=False)
    subtitle = words.t("charts.dso_change.subtitle", first=first, last=last)
    return Chart("dso-change", title, subtitle, picture, summary, table, "kpi-dso_simple")
