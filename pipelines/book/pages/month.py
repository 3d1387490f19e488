"""The first screen: how far month, quarter and year are, the cash, and what needs a decision today.

Every sentence is made from the table that it leads to. Keep out: what happened and why (``happened.py``), the KPIs one by one
(``scorecard.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Card, Cards, Column, Sentence, Sentences, Table
from pipelines.book.pages.collection import is_touch_known, not_kept
from pipelines.book.pages.happened import month_and_year_before
from pipelines.book.progress import years_before
from pipelines.book.writer import Writer

#: What a Monday starts with, as far as the company delivers it.
PROGRESS = (
    "net_revenue",
    "customer_result",
    "new_customers",
    "dso_simple",
    "overdue_share",
    "first_time_right",
    "invoice_error_rate",
    "write_off_rate",
    "forecast_accuracy_wape",
)
AGEING = "receivables.receivables_ageing_monthly"
RECEIPTS = "receivables.cash_matching_monthly"
BUDGET = "receivables.write_off_budget_monthly"
OVERDUE = "receivables.overdue_worklist"
ACTIONS = "customer_accounting.customer_actions"
UNBILLED = "order_to_cash.delivered_not_billed"
DEALS = "growth.opportunity_terms_advice"
#: Advice on a deal that leaves it as it was asked or decided.
GOOD_TERMS = ("terms_as_asked", "terms_on_conditions")


def progress(writer: Writer) -> list[Table]:
    """Month, quarter and year to date beside the year before; the quarter beside what was agreed for it."""
    words = writer.words
    found = {kpi: {p: writer.progress(kpi, p) for p in ("month", "quarter", "year")} for kpi in PROGRESS if writer.progress(kpi)}
    if not found:
        return []
    rows = [_progress_row(writer, kpi, periods) for kpi, periods in found.items()]
    columns = [words.column("kpi")]
    for period_type in ("month", "quarter", "year"):
        newest = next((periods[period_type] for periods in found.values() if periods[period_type]), None)
        if newest is None:
            continue
        now, before = writer.period(newest), writer.earlier_period(newest, "same_period_last_year")
        columns.append(Column(period_type, now, "measure", "short", period=now))
        columns.append(Column(f"{period_type}_verdict", words.t("verdict.against", period=before), "verdict"))
        if period_type == "quarter" and any(row["target"] is not None for row in rows):
            columns.append(Column("target", words.t("verdict.agreed", period=now), "measure", "short", digits=2))
            columns.append(Column("target_verdict", words.label("against_target"), "verdict"))
    return [Table("progress", words.t("tables.first_screen"), columns, rows, definition=f"kpi-{rows[0]['kpi']}")]


def _progress_row(writer: Writer, kpi: str, periods: dict[str, Any]) -> dict[str, Any]:
    unit = writer.figures.definitions[kpi]["unit"]
    shown: dict[str, Any] = {"kpi": kpi, "unit": unit, "target": None}
    for period_type, row in periods.items():
        if row is None:
            continue
        sign, text, sense = writer.verdict(kpi, period_type, short=True)
        if period_type == "quarter" and (target := writer.against_target(kpi, short=True)):
            shown |= dict(zip(("target_verdict_sign", "target_verdict", "target_verdict_sense"), target, strict=True))
            shown["target"] = row["target"]
        shown |= {
            period_type: row["value"],
            f"{period_type}_verdict": text,
            f"{period_type}_verdict_sign": sign,
            f"{period_type}_verdict_sense": sense,
        }
    return shown


# Cash and debtors


def cash(writer: Writer) -> list[Any]:
    """What came in, and what is expected to; the largest debtors beside it."""
    words, figures, cards = writer.words, writer.figures, []
    if figures.filled(RECEIPTS):
        amount = "sum(received_amount) filter (month_start_date = {})"
        sums = f"{amount.format('$1')} as now, {amount.format('$2')} as before"
        row = figures.raw(f"select {sums} from {RECEIPTS}", [writer.month, years_before(writer.month)])[0]
        if row["now"] is not None:
            now, before = month_and_year_before(writer)
            was = words.t("first.was", value=words.short(row["before"]), period=before) if row["before"] is not None else ""
            link = "receivables.html#cash-matching"
            cards.append(Card(words.t("first.received"), words.short(row["now"]), detail=was, period=now, link=link))
    for kpi in ("cash_forecast_amount", "receivables", "overdue_amount"):
        if kpi in figures.definitions and writer.is_available(kpi) and (card := writer.card(kpi)):
            cards.append(card)
    return ([Cards(cards)] if cards else []) + [block for block in (debtors(writer),) if block]


def debtors(writer: Writer) -> Table | None:
    """The ten customers that owe most."""
    words, figures = writer.words, writer.figures
    if not figures.filled(AGEING):
        return None
    table = writer.table(
        "largest-debtors",
        words.t("tables.debtors", month=words.notation.month(writer.month)),
        AGEING,
        "select customer_id, sum(receivables_amount) as receivables_amount, sum(overdue_amount) as overdue_amount,"
        f" sum(overdue_over_120_amount) as overdue_over_120_amount from {AGEING} where month_start_date = ? group by 1"
        " having sum(receivables_amount) > 0 order by 2 desc, 1",
        [writer.month],
        ["customer_id", "receivables_amount", "overdue_amount", "overdue_over_120_amount"],
        shown=10,
        definition="kpi-receivables",
    )
    return table if table.rows else None


# What needs a decision today


def decisions(writer: Writer) -> list[Any]:
    """What waits for somebody, with its euros and the place where it is worked on."""
    found = [write_offs(writer), missed_targets(writer), *overdue_work(writer), *lists(writer), *failed_checks(writer)]
    sentences = [sentence for sentence in found if sentence]
    return [Sentences("decisions", writer.words.t("first.decisions"), sentences)] if sentences else []


def write_offs(writer: Writer) -> Sentence | None:
    """The yearly maximum, as soon as more of it is used than of the year has passed."""
    words, figures = writer.words, writer.figures
    if not figures.filled(BUDGET):
        return None
    rows = figures.raw(f"select * from {BUDGET} where scope_type = 'company' and month_start_date = ?", [writer.month])
    if not rows or rows[0]["budget_status"] not in ("exceeded", "at risk"):
        return None
    row = rows[0]
    text = words.t(
        f"first.write_off_{row['budget_status'].replace(' ', '_')}",
        year=writer.month.year,
        share=words.notation.share(row["burnt_share"], 0),
        value=words.short(row["net_written_off_amount"]),
        maximum=words.short(row["maximum_amount"]),
    )
    sign = "✗" if row["budget_status"] == "exceeded" else "!"
    return Sentence(text, "receivables.html#risk-of-loss", words.t("first.to_write_off"), sign, "bad")


def missed_targets(writer: Writer) -> Sentence | None:
    """Of what was agreed for the quarter, what is not made by the company as a whole."""
    words = writer.words
    rows = [row for kpi in writer.figures.definitions if (row := writer.progress(kpi, "quarter")) and row["target_status"]]
    missed = [row for row in rows if row["target_status"] in ("missed", "off course", "at risk")]
    if not missed:
        return None
    names = ", ".join(f"{words.kpi(row['kpi'])} ({words.term('target_status', row['target_status'])})" for row in missed)
    counts = {"count": words.count(len(missed)), "total": words.count(len(rows))}
    text = words.t("first.targets", period=writer.period(rows[0]), names=names, **counts)
    return Sentence(text, "kpi_flow.html", words.t("first.to_flow"), "✗", "bad")


def overdue_work(writer: Writer) -> list[Sentence]:
    """Overdue that nobody has touched, promises that were not kept, and what our own errors hold up."""
    words, figures = writer.words, writer.figures
    if not figures.filled(OVERDUE):
        return []
    touches = {"untouched": "activity_count = 0", "broken": not_kept(figures)} if is_touch_known(figures) else {}
    cases = touches | {"our_error": "cause = 'our_error'"}
    sums = ", ".join(
        f"count(distinct invoice_id) filter ({where}) as {name}_count, count(distinct customer_id) filter ({where}) as {name}_customers,"
        f" sum(open_amount) filter ({where}) as {name}_amount"
        for name, where in cases.items()
    )
    row, sentences = figures.raw(f"select {sums} from {OVERDUE}")[0], []
    for name in cases:
        if row[f"{name}_count"]:
            text = words.t(
                f"first.{name}",
                count=words.count(row[f"{name}_count"]),
                customers=words.count(row[f"{name}_customers"]),
                amount=words.short(row[f"{name}_amount"]),
            )
            link = "invoice_errors.html#errors-worklist" if name == "our_error" else "receivables.html#worklist"
            sentences.append(Sentence(text, link, words.t("first.to_list"), "!", "bad"))
    return sentences


def lists(writer: Writer) -> list[Sentence]:
    """Lists of the night that somebody decides on: customers on account, deliveries without an invoice, deals on other terms."""
    words, figures = writer.words, writer.figures
    # Where no credit report is delivered, every deal lacks one: that is no decision of today.
    good_terms = (*GOOD_TERMS, "terms_unrated") if "credit_assessments" in figures.missing_entities else GOOD_TERMS
    asked = (
        ("secure", ACTIONS, "sum(at_stake_amount)", "action = 'secure'", "customers.html#advice"),
        ("unbilled", UNBILLED, "sum(unbilled_amount)", "true", "invoice_errors.html#call-list"),
        ("deals", DEALS, "sum(deal_amount)", f"reason_code not in {good_terms}", "growth.html#further-tables"),
    )
    sentences = []
    for name, table, amount, where, link in asked:
        if not figures.filled(table):
            continue
        row = figures.raw(f"select count(*) as n, {amount} as a from {table} where {where}")[0]
        if row["n"]:
            known = words.t("first.amount_unknown") if row["a"] is None else words.short(row["a"])
            text = words.t(f"first.{name}", count=words.count(row["n"]), amount=known)
            sentences.append(Sentence(text, link, words.t("first.to_list"), "•", "plain"))
    return sentences


def failed_checks(writer: Writer) -> list[Sentence]:
    return [Sentence(check.text, "about.html#checks", writer.words.t("first.to_checks"), "!", "bad") for check in writer.failed_checks]
