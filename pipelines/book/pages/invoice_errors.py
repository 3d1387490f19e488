"""Invoice errors: what goes wrong, in which step, whose it is, what is at stake, and which documents to mend.

Keep out: how an error is found (dbt's rules).
"""

from __future__ import annotations

from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Chart, Column, Matrix, Page, shade
from pipelines.book.formats import EMPTY
from pipelines.book.pages import error_months
from pipelines.book.pages.collection import is_touch_known
from pipelines.book.pages.error_months import ERRORS
from pipelines.book.pages.receivables import further
from pipelines.book.progress import months_before
from pipelines.book.writer import TREND_MONTHS, Writer

COVERAGE = "core.rule_coverage"
NEEDS = ("invoices",)
#: Delivered text, which may name people.
NOT_SHOWN = ("order_to_cash.invoice_fields",)
CARDS = (
    "invoice_error_rate",
    "invoices_with_error_count",
    "error_stake_amount",
    "first_time_right",
    "credit_note_leakage",
    "perfect_order_rate",
    "dispute_rate",
    "dispute_days_to_resolve",
    "unbilled_deliveries_amount",
    "quarantined_share",
)


def page(writer: Writer) -> Page:
    words = writer.words
    known = [kpi for kpi in writer.figures.definitions if str(writer.figures.definitions[kpi]["marts"]).startswith("order_to_cash")]
    cards = writer.cards(known or CARDS)
    sections = [writer.section("errors-now", cards)] if cards else []
    sections += [
        writer.section("errors-by-code", by_code(writer), by_step(writer)),
        writer.section("errors-by-month", error_months.by_month(writer)),
        writer.section("errors-trend", quality(writer), trend(writer), quality_by(writer)),
        writer.section("errors-worklist", open_worklist(writer)),
        *call_list(writer),
        *further(writer, "order_to_cash", NOT_SHOWN),
        writer.section("error-rules", rules(writer)),
    ]
    return Page("invoice_errors.html", words.t("nav.invoice_errors"), "invoice_errors", sections, lead=words.t("leads.invoice_errors"))


def _since(writer: Writer) -> str:
    return f"not is_approved and event_date >= date '{months_before(writer.month, 11)}'"


def by_code(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.errors_by_code.title")
    if not writer.figures.filled(ERRORS):
        return writer.absent(ERRORS, title, NEEDS)
    table = writer.table(
        "errors-by-code",
        title,
        ERRORS,
        "select error_code, step, owner_department, severity, count(*) as error_count, count(distinct document_id) as document_count,"
        " count(distinct customer_id) as customer_count, sum(stake_amount) as stake_amount"
        f" from {ERRORS} where {_since(writer)} group by all order by stake_amount desc nulls last, error_count desc, error_code",
        [],
        words.columns(
            ["error_code", "step", "owner_department", "severity", "error_count", "document_count", "customer_count", "stake_amount"],
            ERRORS,
        ),
        shown=60,
        period=writer.year_span,
    )
    if not table.rows:
        return writer.absent(ERRORS, title, NEEDS)
    rows = [
        {
            "name": words.term("error_short", row["error_code"]),
            "value": row["stake_amount"],
            "text": f"{words.short(row['stake_amount'])} · {words.count(row['error_count'])}x",
            "colour": "down",
        }
        for row in table.rows
        if row["stake_amount"] and row["stake_amount"] > 0
    ][:12]
    if not rows:
        rows = [
            {
                "name": words.term("error_short", r["error_code"]),
                "value": r["error_count"],
                "text": f"{words.count(r['error_count'])}x",
                "colour": "down",
            }
            for r in table.rows[:12]
        ]
    summary = words.t("pictures.stacked", title=title, values="; ".join(f"{row['name']} {row['text']}" for row in rows))
    return Chart(
        "errors-by-code",
        title,
        words.t("charts.errors_by_code.subtitle"),
        charts.bars(rows, writer.scale("money")),
        summary,
        table,
        "invoice-errors",
    )


def by_step(writer: Writer) -> Any:
    """Step by owner: count and euros."""
    words = writer.words
    title = words.t("charts.errors_by_step.title")
    if not writer.figures.filled(ERRORS):
        return None
    table = writer.table(
        "errors-by-step",
        title,
        ERRORS,
        f"select step, owner_department, count(*) as error_count, sum(stake_amount) as stake_amount from {ERRORS}"
        f" where {_since(writer)} group by all order by 1, 2",
        [],
        words.columns(["step", "owner_department", "error_count", "stake_amount"], ERRORS),
        period=writer.year_span,
    )
    steps = [s for s in ("order", "delivery", "invoice", "cash") if any(row["step"] == s for row in table.rows)]
    owners = sorted({row["owner_department"] for row in table.rows})
    lookup = {(row["step"], row["owner_department"]): row for row in table.rows}
    most = max((row["error_count"] for row in table.rows), default=1)
    grid = []
    for step in steps:
        cells = []
        for owner in owners:
            row = lookup.get((step, owner))
            cells.append(
                (words.count(row["error_count"]), shade(row["error_count"], most), words.short(row["stake_amount"]))
                if row
                else (EMPTY, 0, "")
            )
        grid.append((words.term("step", step), cells))
    return Matrix(
        "errors-by-step",
        title,
        words.t("charts.errors_by_step.subtitle"),
        words.label("step"),
        [words.term("department", o) for o in owners],
        grid,
        table,
    )


def trend(writer: Writer) -> Any:
    words = writer.words
    title = words.t("charts.errors_trend.title")
    if not writer.figures.filled(ERRORS):
        return writer.absent(ERRORS, title, NEEDS)
    table = writer.table(
        "errors-by-month",
        title,
        ERRORS,
        "select event_month as month_start_date, count(*) as error_count, count(distinct document_id) as document_count,"
        f" sum(stake_amount) as stake_amount from {ERRORS} where not is_approved and event_month <= ? and event_month >= ?"
        " group by 1 order by 1 desc",
        [writer.month, months_before(writer.month, TREND_MONTHS - 1)],
        words.columns(["month_start_date", "error_count", "document_count", "stake_amount"], ERRORS),
        shown=13,
    )
    if not table.rows:
        return writer.absent(ERRORS, title, NEEDS)
    rows = [{"month": row["month_start_date"], "value": row["error_count"]} for row in reversed(table.rows)]
    newest = table.rows[0]
    summary = words.t(
        "pictures.trend",
        title=title,
        first=words.notation.month(rows[0]["month"]),
        last=words.notation.month(rows[-1]["month"]),
        values=words.count(newest["error_count"]),
    )
    return Chart(
        "errors-by-month", title, words.t("charts.errors_trend.subtitle"), charts.columns(rows, writer.scale("number")), summary, table
    )


def worklist(writer: Writer, customer_id: str | None = None, shown: int = 25) -> Any:
    """The findings of the last three months by stake, with their evidence."""
    words = writer.words
    title = words.t("tables.error_worklist")
    if not writer.figures.filled(ERRORS):
        return writer.absent(ERRORS, title, NEEDS)
    columns = ["error_code", "document_id", "customer_id", "event_date", "owner_department", "severity", "stake_amount", "evidence"]
    where, parameters = f"not is_approved and event_date >= date '{months_before(writer.month, 2)}'", []
    if customer_id is not None:
        where, parameters = f"{_since(writer)} and customer_id = ?", [customer_id]
        columns.remove("customer_id")
    elif writer.figures.pseudonyms:
        columns.remove("evidence")
    if customer_id is not None and writer.figures.pseudonyms:
        columns.remove("evidence")
    name = "error-worklist" if customer_id is None else "errors"
    return writer.table(
        name,
        title,
        ERRORS,
        f"select * from {ERRORS} where {where} order by severity <> 'quarantines', stake_amount desc nulls last, error_id",
        parameters,
        words.columns(columns, ERRORS),
        shown=shown,
    )


def quality(writer: Writer) -> Any:
    words = writer.words
    kpis = {"invoice_error_rate": ("series-2", False), "first_time_right": ("series-1", False)}
    if not any(kpi in writer.figures.definitions and writer.is_available(kpi) for kpi in kpis):
        return None
    return writer.kpi_trend("quality", words.t("charts.quality.title"), words.t("charts.quality.subtitle"), kpis, "share")


def quality_by(writer: Writer) -> list[Any]:
    """The month's invoices by team and salesperson: whose they are."""
    words, figures, source = writer.words, writer.figures, "order_to_cash.invoice_quality_monthly"
    tables = []
    for scope in ("team", "salesperson"):
        if not figures.filled(source):
            return []
        name, join = "q.scope_id", ""
        if scope == "salesperson" and figures.has("core.dim_salespeople", "name"):
            name, join = "coalesce(s.name, q.scope_id)", " left join core.dim_salespeople as s on s.salesperson_id = q.scope_id"
        table = writer.table(
            f"quality-{scope}",
            words.t("tables.quality", scope=words.term("scope_type", scope), month=words.notation.month(writer.month)),
            source,
            f"select q.* replace ({name} as scope_id) from {source} as q{join} where scope_type = '{scope}' and month_start_date = ?"
            " order by error_share desc nulls last, scope_id",
            [writer.month],
            [
                Column("scope_id", words.label({"team": "team"}.get(scope, "salesperson_id"))),
                "invoice_count",
                "error_share",
                "first_time_right_share",
                "stake_amount",
            ],
        )
        if len(table.rows) > 1:
            tables.append(table)
    return tables


def open_worklist(writer: Writer) -> Any:
    """What is still open, the most euros first; the findings themselves where no such mart is published."""
    words, source = writer.words, "order_to_cash.invoice_error_worklist"
    if not writer.figures.filled(source):
        return worklist(writer)
    columns = [
        "work_rank",
        "error_code",
        "document_id",
        "customer_id",
        "event_date",
        "days_to_due",
        "owner_department",
        "stake_amount",
        "open_amount",
        "evidence",
    ]
    if writer.figures.pseudonyms:
        columns.remove("evidence")
    built = [Column("days_to_due", words.label("days_to_due"), "number") if key == "days_to_due" else key for key in columns]
    return writer.table(
        "error-worklist",
        words.t("tables.error_worklist"),
        source,
        f"select * from {source} order by work_rank",
        [],
        built,
        shown=25,
        worked=True,
    )


def call_list(writer: Writer) -> list[Any]:
    """Invoices to call about before they fall due, and deliveries that nobody invoiced."""
    words, figures, blocks = writer.words, writer.figures, []
    calls, unbilled = "order_to_cash.pre_due_call_list", "order_to_cash.delivered_not_billed"
    if figures.filled(calls):
        columns = [
            "call_rank",
            "customer_id",
            "invoice_id",
            "due_date",
            "open_amount",
            "error_or_late_share",
            "expected_amount",
            "has_error",
            *(["is_called"] if is_touch_known(figures) else []),
        ]
        blocks.append(
            writer.table(
                "call-list",
                words.t("tables.call_list"),
                calls,
                f"select * from {calls} order by call_rank",
                [],
                columns,
                shown=15,
                worked=True,
            )
        )
    if figures.filled(unbilled):
        columns = ["customer_id", "order_count", "order_line_count", "oldest_delivered_date", "unbilled_amount"]
        blocks.append(
            writer.table(
                "unbilled",
                words.t("tables.unbilled"),
                unbilled,
                f"select * from {unbilled} order by unbilled_amount desc, 1",
                [],
                columns,
                shown=10,
                worked=True,
            )
        )
    return [writer.section("call-list", blocks)] if blocks else []


def rules(writer: Writer) -> Any:
    """What was assessed and what could not be, and why."""
    words = writer.words
    title = words.t("tables.rules")
    if not writer.figures.filled(COVERAGE):
        return writer.absent(COVERAGE, title, NEEDS)
    return writer.table(
        "error-rules",
        title,
        COVERAGE,
        f"select * from {COVERAGE} order by is_assessed desc, finding_count desc, error_code",
        [],
        words.columns(
            [
                "error_code",
                "step",
                "owner_department",
                "severity",
                "is_assessed",
                "assessed_count",
                "failed_count",
                "finding_count",
                "not_assessed_reason",
            ],
            COVERAGE,
        ),
        shown=25,
    )
