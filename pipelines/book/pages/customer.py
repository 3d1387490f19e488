"""One page per customer with an open item or an advice: what it brings, owes and went through, and what to do, on one sheet.

At most so many customers as ``most_pages`` says; file names are numbers. Every table is read once for all pages.
Keep out: lists over many customers, and which of them get a page (``choose`` says it, ``find.py`` shows it).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any

from pipelines.book import small
from pipelines.book.blocks import Card, Cards, Chart, Column, Facts, Notice, Page, Table
from pipelines.book.figures import Row
from pipelines.book.pages.collection import APPROACH, OVERDUE, approach, approach_columns, cause, say
from pipelines.book.pages.customer_base import BASE
from pipelines.book.pages.customer_results import CUSTOMER_RESULTS
from pipelines.book.pages.invoice_errors import ERRORS
from pipelines.book.pages.receivables import AGEING, all_open_invoices
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

#: Pages of customers where few salespeople have one, and where hundreds do.
MAX_PAGES, LEAST_PAGES = 400, 100
ACTIONS = "customer_accounting.customer_actions"
WHOLE = "customer_accounting.customer_360"
REVENUE = "growth.revenue_monthly"
RESULT_COLUMNS = (
    "net_revenue_amount", "cost_line_amount", "cost_of_goods_amount", "cost_to_serve_amount", "carrying_cost_amount",
    "expected_loss_amount", "insurance_premium_amount", "credit_report_amount", "bank_charge_amount", "uncosted_amount", "result_amount",
)  # fmt: skip
#: Months that the picture of revenue shows.
MONTHS = 24


def most_pages(salespeople: int) -> int:
    """How many customers get a page: what the pages of salespeople take is taken off."""
    return max(LEAST_PAGES, MAX_PAGES - max(0, salespeople - 50))


def choose(writer: Writer) -> list[str]:
    """The customers that get a page, taken in turn from every list, so that each reason to look at a customer is represented."""
    figures = writer.figures
    month, year, recent = f"date '{writer.month}'", writer.twelve_months, f"date '{months_before(writer.month, 2)}'"
    own, parameters = "true", None
    if "customer_id" in writer.only:
        own, parameters = "customer_id in (select unnest($1))", [writer.only["customer_id"]]
    value = "coalesce(sum(result_amount), sum(net_revenue_amount))"
    ranked = f"select customer_id from {CUSTOMER_RESULTS} where month_start_date {year} and {own} group by 1"
    wanted = [
        (OVERDUE, f"select customer_id from {OVERDUE} where {own} order by overdue_amount desc, 1"),
        (AGEING, f"select customer_id from {AGEING} where month_start_date = {month} and {own} group by 1"
         " having sum(receivables_amount) <> 0 order by sum(receivables_amount) desc, 1"),
        (ACTIONS, f"select customer_id from {ACTIONS} where {own} order by action = 'keep', at_stake_amount desc nulls last, 1"),
        (CUSTOMER_RESULTS, f"{ranked} having {value} > 0 order by {value} desc, 1"),
        (CUSTOMER_RESULTS, f"{ranked} having {value} < 0 order by {value}, 1"),
        (ERRORS, f"select customer_id from {ERRORS} where not is_approved and {own} and event_date >= {recent}"
         " and customer_id is not null group by 1 order by sum(stake_amount) desc nulls last, count(*) desc, 1"),
        (REVENUE, f"select customer_id from {REVENUE} where month_start_date {year} and {own} group by 1"
         " order by sum(net_revenue_amount) desc, 1"),
    ]  # fmt: skip
    most = most_pages(len(figures.salesperson_pages))
    lists = [figures.raw(f"{sql} limit {most}", parameters) for table, sql in wanted if figures.filled(table)]
    chosen: dict[str, None] = {}
    for found in zip_longest(*lists):
        for row in found:
            if row and row["customer_id"] not in (None, "unknown", "none"):
                chosen.setdefault(str(row["customer_id"]))
    return list(chosen)[:most]


class Sheets:
    """The pages of ``chosen`` customers."""

    def __init__(self, writer: Writer, chosen: Sequence[str]):
        self.writer, self.words, self.figures, self.chosen = writer, writer.words, writer.figures, list(chosen)

    def pages(self) -> list[Page]:
        return [self.page(customer_id, number) for number, customer_id in enumerate(self.chosen, 1)]

    def page(self, customer_id: str, number: int) -> Page:
        writer = self.writer
        sections = [
            writer.section("customer-now", self.cards(customer_id), self.facts(customer_id), self.value(customer_id), intro=False),
            writer.section("customer-open", self.overdue(customer_id), self.open_items(customer_id), intro=False),
            writer.section("customer-result", self.revenue(customer_id, number), self.result(customer_id), intro=False),
            writer.section("customer-errors", self.errors(customer_id), intro=False),
            writer.section("customer-contacts", self.contacts(customer_id), intro=False),
        ]
        for section in sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    block.name = block.name.format(key=f"{number:03d}")
        return Page(f"customers/{number:03d}.html", self.figures.customer_name(customer_id), "customers", sections)

    # Rows of all customers, by customer

    def _of(self, table: str, where: str = "true", select: str = "*", rest: str = "") -> dict[str, list[Row]]:
        """Customer -> rows of a published table; none where it is missing."""
        if not self.figures.filled(table):
            return {}
        found: dict[str, list[Row]] = {}
        sql = f"select {select} from {table} where customer_id in (select unnest($1)) and {where} {rest}"
        for row in self.figures.raw(sql, [self.chosen]):
            found.setdefault(str(row["customer_id"]), []).append(row)
        return found

    @cached_property
    def _results(self) -> dict[str, list[Row]]:
        keys = [key for key in RESULT_COLUMNS if key in self.figures.tables.get(CUSTOMER_RESULTS, ())]
        # Only months that have a result: otherwise the steps would not lead to it.
        sums = ", ".join(f"sum({key}) filter (result_amount is not null) as {key}" for key in keys)
        select = f"customer_id, {sums}, count(*) as count, count(result_amount) as known_count"
        return self._of(CUSTOMER_RESULTS, f"month_start_date {self.writer.twelve_months}", select, "group by 1")

    @cached_property
    def _revenue(self) -> dict[str, list[Row]]:
        since = months_before(self.writer.month, MONTHS - 1)
        where = f"month_start_date between date '{since}' and date '{self.writer.month}'"
        select = "customer_id, month_start_date, sum(net_revenue_amount) as net_revenue_amount"
        return self._of(REVENUE, where, select, "group by all order by customer_id, month_start_date desc")

    @cached_property
    def _balances(self) -> dict[str, list[Row]]:
        select = "customer_id, sum(receivables_amount) as open, sum(overdue_amount) as overdue"
        return self._of(AGEING, f"month_start_date = date '{self.writer.month}'", select, "group by 1")

    @cached_property
    def _error_counts(self) -> dict[str, list[Row]]:
        where = f"not is_approved and event_date >= date '{months_before(self.writer.month, 11)}'"
        return self._of(ERRORS, where, "customer_id, count(*) as n, sum(stake_amount) as stake", "group by 1")

    @cached_property
    def _masters(self) -> dict[str, list[Row]]:
        return self._of("core.dim_customers")

    @cached_property
    def _bases(self) -> dict[str, list[Row]]:
        newest = "qualify row_number() over (partition by customer_id order by month_start_date desc) = 1"
        return self._of(BASE, f"month_start_date <= date '{self.writer.month}'", rest=newest)

    @cached_property
    def _actions(self) -> dict[str, list[Row]]:
        return self._of(ACTIONS)

    @cached_property
    def _wholes(self) -> dict[str, list[Row]]:
        return self._of(WHOLE)

    @cached_property
    def _overdue(self) -> dict[str, list[Row]]:
        return self._of(OVERDUE)

    @cached_property
    def _approaches(self) -> dict[str, list[Row]]:
        return self._of(APPROACH)

    # At a glance

    def cards(self, customer_id: str) -> Cards:
        words, found = self.words, []
        if self.figures.filled(REVENUE):
            year = months_before(self.writer.month, 11)
            total = sum(row["net_revenue_amount"] or 0 for row in self._revenue.get(customer_id, []) if row["month_start_date"] >= year)
            found.append(Card(words.t("customer.revenue"), words.short(total), detail=words.t("customer.twelve_months")))
        for row in self._results.get(customer_id, []):
            if row["result_amount"] is not None:
                earns = row["result_amount"] >= 0
                revenue = row["net_revenue_amount"]
                margin = words.notation.share(row["result_amount"] / revenue) if revenue > 0 else ""
                found.append(
                    Card(
                        words.t("customer.result"),
                        words.short(row["result_amount"]),
                        verdict=words.t("customer.earns" if earns else "customer.costs"),
                        sign="▲" if earns else "▼",
                        sense="good" if earns else "bad",
                        detail=margin and words.t("customer.margin", share=margin),
                        notes=self._known_months(row),
                    )
                )
        if self.figures.filled(AGEING):
            row = next(iter(self._balances.get(customer_id, [])), {"open": 0, "overdue": 0})
            late = row["overdue"] > 0
            text = words.t("customer.overdue", amount=words.short(row["overdue"])) if late else words.t("customer.nothing_overdue")
            detail = words.t("customer.at", month=words.notation.month(self.writer.month))
            sense, sign = ("bad", "!") if late else ("good", "✓")
            found.append(Card(words.t("customer.open"), words.short(row["open"]), verdict=text, sign=sign, sense=sense, detail=detail))
        if self.figures.filled(ERRORS):
            row = next(iter(self._error_counts.get(customer_id, [])), {"n": 0, "stake": None})
            detail = words.t("customer.stake", amount=words.short(row["stake"])) if row["stake"] else ""
            found.append(Card(words.t("customer.errors"), words.count(row["n"]), detail=detail))
        return Cards(found)

    def _known_months(self, row: Row) -> list[str]:
        """That a result covers fewer months than the revenue beside it, where a month has goods without a known cost."""
        if row["known_count"] == row["count"]:
            return []
        return [self.words.t("customer.known_months", known=self.words.count(row["known_count"]), total=self.words.count(row["count"]))]

    def facts(self, customer_id: str) -> Any:
        words, figures, pairs = self.words, self.figures, []
        if not figures.pseudonyms:
            pairs.append((words.label("customer_number"), customer_id))
        for row in self._masters.get(customer_id, []):
            owner = row.get("account_owner_id")
            if owner:
                number = figures.salesperson_pages.get(owner)
                name = figures.salesperson_name(owner) or words.term("segment", owner)
                pairs.append((words.label("account_owner_id"), name, f"people/{number:03d}.html" if number else ""))
            if row.get("since_date"):
                pairs.append((words.t("customer.since"), words.notation.month(row["since_date"])))
            if row.get("payment_terms_days") is not None:
                pairs.append((words.label("payment_terms_days"), words.t("units.days", count=words.count(row["payment_terms_days"]))))
            if row.get("credit_limit_amount") is not None:
                pairs.append((words.label("credit_limit_amount"), words.money(row["credit_limit_amount"])))
            if row.get("country") and not figures.pseudonyms:
                pairs.append((words.label("country"), str(row["country"])))
            if row.get("is_blocked"):
                pairs.append((words.label("is_blocked"), words.t("yes")))
        for row in self._bases.get(customer_id, []):
            kinds = {"size_class": "segment", "industry_code": "industry", "value_tier": "segment", "debtor_risk_class": "risk"}
            pairs += [(words.label(key, BASE), words.term(vocabulary, row[key])) for key, vocabulary in kinds.items()]
        return Facts(pairs) if pairs else None

    def value(self, customer_id: str) -> Any:
        """What to do, and the two sides of the value balance."""
        words, figures, pairs = self.words, self.figures, []
        number, share = words.notation.number, lambda value: words.notation.share(value, 0)
        for row in self._actions.get(customer_id, []):
            advice = words.term("advice", row["action"])
            if row["what_to_repair"]:
                advice += f": {words.term('repair', row['what_to_repair'])}"
            pairs += [(words.t("customer.advice"), advice), (words.t("customer.why"), words.told([row]))]
        for row in self._wholes.get(customer_id, []):
            found = [
                ("value_of", row["value_of_score"], number),
                ("value_for", row["value_for_score"], number),
                ("satisfaction", row["satisfaction_score"], number),
                ("strength", row["strength_score"], number),
                ("payer", row["payer_score"], number),
                ("right", row["first_time_right_share"], share),
                ("exposure", row["exposure_amount"], words.money),
                ("silent", row["silent_days"], number),
                ("rhythm", row["median_interval_days"], number),
                ("uncosted", row["uncosted_amount"] or None, words.money),
                ("written_off", row["written_off_amount"] or None, words.money),
                ("forward", row["forward_value_amount"], words.money),
                ("lifetime", row["lifetime_value_amount"], words.money),
                ("alive", row["alive_share"], share),
                ("disputes", row["open_dispute_count"], number),
                ("white_space", row["white_space_amount"] or None, words.money),
            ]
            if row["group_customer_count"] > 1:
                found += [
                    ("group_value", row["group_value_amount"], words.money),
                    ("group_open", row["group_receivables_amount"], words.money),
                ]
            if row["churn_reason"] not in (None, "unknown") and not figures.pseudonyms:
                found.append(("left", row["churn_reason"], str))
            if row["corner"]:
                pairs.append((words.label("corner"), words.term("corner", row["corner"])))
            pairs += [(words.t(f"customer.{key}"), write(value)) for key, value, write in found if value is not None]
        return Facts(pairs) if pairs else None

    # What is open

    def overdue(self, customer_id: str) -> Any:
        """What the list of calls says of this customer: why it is late, what was promised and done, and what to say now."""
        words, pairs = self.words, []
        for row in self._overdue.get(customer_id, []):
            row, told = self.figures.shown(row), {}
            said = say(words, row)
            for known in self._approaches.get(customer_id, []):
                said, told = say(words, known | row), approach(words, known | row)
                row |= told
            for key in (
                "overdue_amount", "cause", "oldest_due_date", "promised_date", "last_activity_date", "next_action", "by_department",
                "contact_name", "contact_phone",
            ):  # fmt: skip
                if row[key] is not None:
                    column = cause(self.writer) if key == "cause" else words.column(key, OVERDUE)
                    pairs.append((words.label(key, OVERDUE), words.cell(row[key], column)))
            pairs += [(column.label, told[column.key]) for column in approach_columns(words) if told.get(column.key)]
            pairs.append((words.t("collection.say_label"), said))
        return Facts(pairs) if pairs else None

    @cached_property
    def _open_tables(self) -> dict[str, Table]:
        held, columns = all_open_invoices(self.writer)
        columns = [column for column in columns if column.key != "customer_id"]
        return self.writer.tables_by(
            "customer_id",
            "customer-{key}-open",
            self.words.t("tables.open_items"),
            "core.fct_receivable_events",
            f"select * from {held} where customer_id in (select unnest($1))",
            columns,
            order="due_date, invoice_id",
            parameters=[self.chosen],
            shown=40,
            note=self.words.t("notes.open_invoices"),
        )

    def open_items(self, customer_id: str) -> Any:
        words, source = self.words, "core.fct_receivable_events"
        if "payment_allocations" in self.figures.missing_entities or not self.figures.filled(source):
            return self.writer.absent(source, words.t("tables.open_items"), ("payment_allocations",))
        return self._open_tables.get(customer_id) or Notice(words.t("customer.nothing_open"), "plain")

    # Revenue and result

    def revenue(self, customer_id: str, number: int) -> Any:
        words, month = self.words, self.writer.month
        title = words.t("customer.revenue_chart")
        if not self.figures.filled(REVENUE):
            return self.writer.absent(REVENUE, title, ("invoices",))
        rows = self._revenue.get(customer_id, [])
        if not any(row["net_revenue_amount"] for row in rows):
            return Notice(words.t("customer.no_revenue"))
        known = {row["month_start_date"]: row["net_revenue_amount"] for row in rows}
        months = [months_before(month, back) for back in range(MONTHS - 1, -1, -1)]
        first, last = words.notation.month(months[0]), words.notation.month(month)
        picture = small.columns([known.get(at) for at in months], first, last, words.short(max(known.values())))
        summary = words.t("pictures.trend", title=title, first=first, last=last, values=words.money(known.get(month, 0)))
        table = Table(
            f"customer-{number:03d}-revenue",
            title,
            [words.column("month_start_date"), words.column("net_revenue_amount")],
            rows,
            shown=12,
            is_download=False,
        )
        return Chart(f"customer-{number:03d}", title, words.t("subtitles.by_month"), picture, summary, table, "kpi-net_revenue")

    def result(self, customer_id: str) -> Any:
        """From net revenue to result over twelve months."""
        words, blocks = self.words, []
        for row in self._results.get(customer_id, []):
            if row["result_amount"] is None:
                return Notice(words.t("absent.no_unit_cost", what=words.t("customer.result")))
            partly = row["known_count"] < row["count"]
            pairs = []
            for key in [key for key in RESULT_COLUMNS if key in row]:
                value = row[key] if key in ("net_revenue_amount", "result_amount") else -(row[key] or 0)
                # Revenue of some months is another figure than that of the year beside it.
                label = words.t("customer.known_revenue") if partly and key == "net_revenue_amount" else words.label(key, CUSTOMER_RESULTS)
                if value:
                    pairs.append((label, words.money(value)))
            blocks = [Facts(pairs), *(Notice(text, "plain") for text in self._known_months(row))]
        return blocks or None

    # What went wrong, and who was in touch

    @cached_property
    def _error_tables(self) -> dict[str, Table]:
        columns = ["error_code", "document_id", "event_date", "owner_department", "severity", "stake_amount", "evidence"]
        if self.figures.pseudonyms:
            columns.remove("evidence")
        return self.writer.tables_by(
            "customer_id",
            "customer-{key}-errors",
            self.words.t("tables.customer_errors"),
            ERRORS,
            f"select * from {ERRORS} where not is_approved and event_date >= date '{months_before(self.writer.month, 11)}'"
            " and customer_id in (select unnest($1))",
            columns,
            order="severity <> 'quarantines', stake_amount desc nulls last, error_id",
            parameters=[self.chosen],
            shown=8,
        )

    def errors(self, customer_id: str) -> Any:
        if not self.figures.filled(ERRORS):
            return self.writer.absent(ERRORS, self.words.t("tables.error_worklist"))
        return self._error_tables.get(customer_id) or Notice(self.words.t("customer.no_errors"), "plain")

    @cached_property
    def _contact_sources(self) -> list[str]:
        wanted = {
            "core.fct_collection_activities": "happened_date, kind, department, result as outcome_text",
            "core.fct_contact_moments": "happened_date, kind, department, null as outcome_text",
            "core.fct_service_tickets": "opened_date as happened_date, kind, 'service' as department, null as outcome_text",
        }
        return [
            f"select customer_id, {select} from {table} where customer_id in (select unnest($1))"
            for table, select in wanted.items()
            if self.figures.filled(table)
        ]

    @cached_property
    def _contact_tables(self) -> dict[str, Table]:
        """Reminders, calls, visits and tickets, newest first."""
        words = self.words
        sql = " union all ".join(self._contact_sources)
        return self.writer.tables_by(
            "customer_id",
            "customer-{key}-contacts",
            words.t("tables.contacts"),
            "core.fct_contact_moments",
            sql,
            ["happened_date", "kind", "department", Column("outcome_text", words.label("outcome_text"), "code", "kind")],
            order="happened_date desc, kind, department, outcome_text",
            parameters=[self.chosen],
            shown=6,
        )

    def contacts(self, customer_id: str) -> Any:
        words = self.words
        if not self._contact_sources:
            return self.writer.absent("core.fct_contact_moments", words.t("tables.contacts"), ("contact_moments", "collection_activities"))
        return self._contact_tables.get(customer_id) or Notice(words.t("customer.no_contacts"), "plain")
