"""One page per customer that matters: what it brings, owes and went through, on one sheet.

At most ``MAX_PAGES`` customers: by result (best and worst), by what they owe, by open errors, and the valuable at high risk.
File names are numbers. Keep out: lists over many customers.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from pipelines.book import charts
from pipelines.book.blocks import Card, Cards, Chart, Column, Facts, Notice, Page
from pipelines.book.pages.customer_base import BASE
from pipelines.book.pages.customer_results import CUSTOMER_RESULTS
from pipelines.book.pages.invoice_errors import worklist
from pipelines.book.pages.receivables import AGEING, open_invoices
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

MAX_PAGES = 50
RESULT_COLUMNS = (
    "net_revenue_amount", "cost_line_amount", "cost_of_goods_amount", "cost_to_serve_amount", "carrying_cost_amount",
    "expected_loss_amount", "insurance_premium_amount", "credit_report_amount", "bank_charge_amount", "result_amount",
)  # fmt: skip


def choose(writer: Writer) -> list[str]:
    """The customers that get a page, taken in turn from every list, so that each list is represented."""
    figures, lists = writer.figures, []
    since = months_before(writer.month, 11)
    if figures.filled(CUSTOMER_RESULTS):
        ranked = f"select customer_id from {CUSTOMER_RESULTS} where month_start_date between ? and ? group by 1 having"
        span = [since, writer.month]
        value = "coalesce(sum(result_amount), sum(net_revenue_amount))"
        lists.append(figures.raw(f"{ranked} {value} > 0 order by {value} desc, 1 limit {MAX_PAGES}", span))
        lists.append(figures.raw(f"{ranked} {value} < 0 order by {value}, 1 limit 15", span))
    elif figures.filled("growth.revenue_monthly"):
        lists.append(
            figures.raw(
                "select customer_id from growth.revenue_monthly where month_start_date between ? and ? group by 1"
                f" order by sum(net_revenue_amount) desc, 1 limit {MAX_PAGES}",
                [since, writer.month],
            )
        )
    if figures.filled(AGEING):
        owing = f"select customer_id from {AGEING} where month_start_date = ? group by 1 having sum(overdue_amount) > 0"
        lists.append(figures.raw(f"{owing} order by sum(overdue_amount) desc, 1 limit 15", [writer.month]))
    if figures.filled("core.fct_invoice_errors"):
        lists.append(
            figures.raw(
                "select customer_id from core.fct_invoice_errors where not is_approved and event_date >= ? and customer_id is not null"
                " group by 1 order by sum(stake_amount) desc nulls last, count(*) desc, 1 limit 10",
                [months_before(writer.month, 2)],
            )
        )
    if figures.filled(BASE, "is_valuable_at_high_risk"):
        lists.append(
            figures.raw(
                f"select customer_id from {BASE} where month_start_date = ? and is_valuable_at_high_risk order by"
                f" value_amount desc, 1 limit 10",
                [writer.month],
            )
        )
    chosen: dict[str, None] = {}
    for row in zip_longest(*lists):
        for found in row:
            if found and found["customer_id"] not in ("unknown", "none"):
                chosen.setdefault(str(found["customer_id"]))
    return list(chosen)[:MAX_PAGES]


def page(writer: Writer, customer_id: str, number: int) -> Page:
    sections = [
        writer.section("customer-now", cards(writer, customer_id), facts(writer, customer_id), value(writer, customer_id), intro=False),
        writer.section("customer-result", revenue(writer, customer_id, number), result(writer, customer_id, number), intro=False),
        writer.section("customer-open", open_items(writer, customer_id, number), intro=False),
        writer.section("customer-errors", errors(writer, customer_id, number), intro=False),
        writer.section("customer-contacts", contacts(writer, customer_id, number), intro=False),
    ]
    return Page(f"customers/{number:03d}.html", writer.figures.customer_name(customer_id), "customers", sections)


def cards(writer: Writer, customer_id: str) -> Any:
    words, figures, found = writer.words, writer.figures, []
    if figures.filled(CUSTOMER_RESULTS):
        row = figures.raw(
            "select sum(net_revenue_amount) as revenue, sum(result_amount) as result, count(*) as count,"
            " count(result_amount) as known_count, sum(net_revenue_amount) filter (result_amount is not null) as known_revenue"
            f" from {CUSTOMER_RESULTS} where customer_id = ? and month_start_date {writer.twelve_months}",
            [customer_id],
        )[0]
        found.append(Card(words.t("customer.revenue"), words.short(row["revenue"]), detail=words.t("customer.twelve_months")))
        if row["result"] is not None:
            margin = words.notation.share(row["result"] / row["known_revenue"]) if row["known_revenue"] > 0 else ""
            sense = "good" if row["result"] >= 0 else "bad"
            sign, text = ("▲", words.t("customer.earns")) if row["result"] >= 0 else ("▼", words.t("customer.costs"))
            found.append(
                Card(
                    words.t("customer.result"),
                    words.short(row["result"]),
                    verdict=text,
                    sign=sign,
                    sense=sense,
                    detail=margin and words.t("customer.margin", share=margin),
                    notes=known_months(writer, row),
                )
            )
    if figures.filled(AGEING):
        row = figures.raw(
            f"select sum(receivables_amount) as open, sum(overdue_amount) as overdue from {AGEING} where customer_id"
            f" = ? and month_start_date = ?",
            [customer_id, writer.month],
        )[0]
        overdue = row["overdue"] or 0
        sense, sign = ("bad", "!") if overdue > 0 else ("good", "✓")
        text = words.t("customer.overdue", amount=words.short(overdue)) if overdue > 0 else words.t("customer.nothing_overdue")
        found.append(Card(words.t("customer.open"), words.short(row["open"] or 0), verdict=text, sign=sign, sense=sense))
    if figures.filled("core.fct_invoice_errors"):
        row = figures.raw(
            "select count(*) as n, sum(stake_amount) as stake from core.fct_invoice_errors where not is_approved and"
            " customer_id = ? and event_date >= ?",
            [customer_id, months_before(writer.month, 11)],
        )[0]
        found.append(
            Card(
                words.t("customer.errors"),
                words.count(row["n"]),
                detail=words.t("customer.stake", amount=words.short(row["stake"])) if row["stake"] else "",
            )
        )
    return Cards(found)


def known_months(writer: Writer, row: dict[str, Any]) -> list[str]:
    """That a result covers fewer months than the revenue beside it, where a month has goods without a known cost."""
    if row["known_count"] == row["count"]:
        return []
    count = writer.words.count
    return [writer.words.t("customer.known_months", known=count(row["known_count"]), total=count(row["count"]))]


def facts(writer: Writer, customer_id: str) -> Any:
    words, figures, pairs = writer.words, writer.figures, []
    if not figures.pseudonyms:
        pairs.append((words.label("customer_number"), customer_id))
    master = figures.raw("select * from core.dim_customers where customer_id = ?", [customer_id])
    if master:
        row = master[0]
        if row.get("since_date"):
            pairs.append((words.t("customer.since"), words.notation.month(row["since_date"])))
        if row.get("payment_terms_days") is not None:
            pairs.append((words.label("payment_terms_days"), f"{words.count(row['payment_terms_days'])} {words.t('units.days')}"))
        if row.get("credit_limit_amount") is not None:
            pairs.append((words.label("credit_limit_amount"), words.money(row["credit_limit_amount"])))
        if row.get("country") and not figures.pseudonyms:
            pairs.append((words.label("country"), str(row["country"])))
        if row.get("is_blocked"):
            pairs.append((words.label("is_blocked"), words.t("yes")))
    if figures.filled(BASE):
        base = figures.raw(
            f"select * from {BASE} where customer_id = ? and month_start_date <= ? order by month_start_date desc limit 1",
            [customer_id, writer.month],
        )
        for row in base:
            for key, vocabulary in (
                ("size_class", "segment"),
                ("industry_code", "industry"),
                ("value_tier", "segment"),
                ("debtor_risk_class", "risk"),
            ):
                pairs.append((words.label(key, BASE), words.term(vocabulary, row[key])))
            pairs.append((words.label("recency_days", BASE), words.count(row["recency_days"])))
    return Facts(pairs) if pairs else None


def value(writer: Writer, customer_id: str) -> Any:
    """What to do, and the two sides of the value balance."""
    words, figures, pairs = writer.words, writer.figures, []
    number = words.notation.number
    if figures.filled("customer_accounting.customer_actions"):
        for row in figures.raw("select * from customer_accounting.customer_actions where customer_id = ?", [customer_id]):
            advice = words.term("advice", row["action"])
            if row["what_to_repair"]:
                advice += f": {words.term('repair', row['what_to_repair'])}"
            pairs += [(words.t("customer.advice"), advice), (words.t("customer.why"), words.told([row]))]
    if figures.filled("customer_accounting.customer_360"):
        for row in figures.raw("select * from customer_accounting.customer_360 where customer_id = ?", [customer_id]):
            found = [
                ("value_of", row["value_of_score"], lambda v: number(v)),
                ("value_for", row["value_for_score"], lambda v: number(v)),
                ("satisfaction", row["satisfaction_score"], lambda v: number(v)),
                ("strength", row["strength_score"], lambda v: number(v)),
                ("payer", row["payer_score"], lambda v: number(v)),
                ("right", row["first_time_right_share"], lambda v: words.notation.share(v, 0)),
                ("exposure", row["exposure_amount"], lambda v: words.money(v)),
                ("silent", row["silent_days"], lambda v: number(v)),
                ("rhythm", row["median_interval_days"], lambda v: number(v)),
                ("uncosted", row["uncosted_amount"] or None, lambda v: words.money(v)),
                ("written_off", row["written_off_amount"] or None, lambda v: words.money(v)),
                ("forward", row["forward_value_amount"], lambda v: words.money(v)),
                ("lifetime", row["lifetime_value_amount"], lambda v: words.money(v)),
                ("alive", row["alive_share"], lambda v: words.notation.share(v, 0)),
                ("disputes", row["open_dispute_count"], lambda v: number(v)),
                ("white_space", row["white_space_amount"], lambda v: words.money(v)),
            ]
            if row["group_customer_count"] > 1:
                found += [
                    ("group_value", row["group_value_amount"], lambda v: words.money(v)),
                    ("group_open", row["group_receivables_amount"], lambda v: words.money(v)),
                ]
            if row["churn_reason"] not in (None, "unknown") and not figures.pseudonyms:
                found.append(("left", row["churn_reason"], str))
            if row["corner"]:
                pairs.append((words.label("corner"), words.term("corner", row["corner"])))
            pairs += [(words.t(f"customer.{key}"), write(found_value)) for key, found_value, write in found if found_value is not None]
    return Facts(pairs) if pairs else None


def revenue(writer: Writer, customer_id: str, number: int) -> Any:
    words, figures = writer.words, writer.figures
    title = words.t("customer.revenue_chart")
    if not figures.filled("growth.revenue_monthly"):
        return writer.absent("growth.revenue_monthly", title, ("invoices",))
    rows = figures.raw(
        "select m.month_start_date as month, coalesce(sum(r.net_revenue_amount), 0) as value from core.dim_months as m"
        " left join growth.revenue_monthly as r on r.month_start_date = m.month_start_date and r.customer_id = ?"
        " where m.month_start_date between ? and ? group by 1 order by 1",
        [customer_id, months_before(writer.month, 23), writer.month],
    )
    if not any(row["value"] for row in rows):
        return Notice(words.t("customer.no_revenue"))
    table = writer.table(
        f"customer-{number:03d}-revenue",
        title,
        "growth.revenue_monthly",
        "select month_start_date, sum(net_revenue_amount) as net_revenue_amount from growth.revenue_monthly where"
        " customer_id = ? and month_start_date <= ?"
        " group by 1 order by 1 desc",
        [customer_id, writer.month],
        ["month_start_date", "net_revenue_amount"],
        shown=12,
    )
    summary = words.t(
        "pictures.trend",
        title=title,
        first=words.notation.month(rows[0]["month"]),
        last=words.notation.month(rows[-1]["month"]),
        values=words.money(rows[-1]["value"]),
    )
    return Chart(
        f"customer-{number:03d}",
        title,
        words.t("subtitles.by_month"),
        charts.columns(rows, writer.scale("money"), one_size=True),
        summary,
        table,
        "kpi-net_revenue",
    )


def result(writer: Writer, customer_id: str, number: int) -> Any:
    """From net revenue to result over twelve months."""
    words, figures = writer.words, writer.figures
    if not figures.filled(CUSTOMER_RESULTS):
        return None
    keys = [key for key in RESULT_COLUMNS if key in figures.tables[CUSTOMER_RESULTS]]
    row = figures.raw(
        # Only months that have a result: otherwise the steps would not lead to it.
        f"select {', '.join(f'sum({key}) filter (result_amount is not null) as {key}' for key in keys)}, count(*) as count,"
        f" count(result_amount) as known_count from {CUSTOMER_RESULTS} where customer_id = ? and month_start_date {writer.twelve_months}",
        [customer_id],
    )[0]
    if row["result_amount"] is None:
        return Notice(words.t("absent.no_unit_cost", what=words.t("customer.result")))
    pairs = []
    for key in keys:
        value = row[key] if key in ("net_revenue_amount", "result_amount") else -(row[key] or 0)
        if value:
            # What other months brought in is no part of this result: another figure, another name.
            is_part = key == "net_revenue_amount" and row["known_count"] < row["count"]
            pairs.append((words.t("customer.known_revenue") if is_part else words.label(key, CUSTOMER_RESULTS), words.money(value)))
    return [Facts(pairs), *(Notice(text, "plain") for text in known_months(writer, row))]


def open_items(writer: Writer, customer_id: str, number: int) -> Any:
    words, figures = writer.words, writer.figures
    title = words.t("tables.open_items")
    if "payment_allocations" in figures.missing_entities or not figures.filled("core.fct_receivable_events"):
        return writer.absent("core.fct_receivable_events", title, ("payment_allocations",))
    table = open_invoices(writer, f"customer-{number:03d}-open", title, "o.customer_id = ?", [customer_id], "o.due_date, o.invoice_id", 15)
    table.columns = [column for column in table.columns if column.key != "customer_id"]
    return table if table.rows else Notice(words.t("customer.nothing_open"), "plain")


def errors(writer: Writer, customer_id: str, number: int) -> Any:
    found = worklist(writer, customer_id, shown=10)
    if isinstance(found, Notice) or found.rows:
        if not isinstance(found, Notice):
            found.name = f"customer-{number:03d}-errors"
            found.title = writer.words.t("tables.customer_errors")
        return found
    return Notice(writer.words.t("customer.no_errors"), "plain")


def contacts(writer: Writer, customer_id: str, number: int) -> Any:
    """Reminders, calls, visits and tickets, newest first."""
    words, figures, parts = writer.words, writer.figures, []
    title = words.t("tables.contacts")
    if figures.filled("core.fct_collection_activities"):
        parts.append(
            "select happened_date, kind, department, result as outcome_text from core.fct_collection_activities where customer_id = $1"
        )
    if figures.filled("core.fct_contact_moments"):
        parts.append("select happened_date, kind, department, null as outcome_text from core.fct_contact_moments where customer_id = $1")
    if figures.filled("core.fct_service_tickets"):
        parts.append("select opened_date, kind, 'service', null from core.fct_service_tickets where customer_id = $1")
    if not parts:
        return writer.absent("core.fct_contact_moments", title, ("contact_moments", "collection_activities"))
    table = writer.table(
        f"customer-{number:03d}-contacts",
        title,
        "core.fct_contact_moments",
        f"select * from ({' union all '.join(parts)}) order by happened_date desc, kind, department, outcome_text",
        [customer_id],
        ["happened_date", "kind", "department", Column("outcome_text", words.label("outcome_text"), "code", "kind")],
        shown=8,
    )
    return table if table.rows else Notice(words.t("customer.no_contacts"), "plain")
