"""A page for each salesperson: my customers, my overdue with its cause, my commission and why it differs, my forecast with its
calibration, my leads and silent leavers, my KPI Flow. Every table is read once for all pages.

Keep out: comparisons between people (``people.py``).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pipelines.book import small
from pipelines.book.blocks import Card, Cards, Chart, Column, Facts, Notice, Page, Table
from pipelines.book.figures import Row
from pipelines.book.pages import people
from pipelines.book.pages.collection import NEEDS, OVERDUE
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

WHOLE = "customer_accounting.customer_360"
ACTIONS = "customer_accounting.customer_actions"
BY_CUSTOMER = "growth.commission_by_customer_monthly"
LEADS = "core.fct_leads"
SILENT = "customer_accounting.silent_customers"
#: Months of commission that the page shows, and how many customers explain a change.
MONTHS, REASONS = 13, 6


class Desks:
    """The pages of all salespeople who have one."""

    def __init__(self, writer: Writer):
        self.writer, self.words, self.figures = writer, writer.words, writer.figures
        self.shown = people.rows_for(len(writer.figures.salesperson_pages))

    def pages(self) -> list[Page]:
        return [self.page(salesperson, number) for salesperson, number in self.figures.salesperson_pages.items()]

    def page(self, salesperson: str, number: int) -> Page:
        writer, words = self.writer, self.words
        row = self.figures.salespeople[salesperson]
        sections = [
            writer.section("person-now", self.cards(salesperson), self.place(row), intro=False),
            writer.section("person-overdue", self.overdue(salesperson), intro=False),
            writer.section("person-customers", self.customers(salesperson), intro=False),
            writer.section("person-commission", self.commission(salesperson, number), intro=False),
            writer.section(
                "person-forecast",
                self._forecasts.get(salesperson) or writer.absent(people.HAIRCUT, words.t("nav.people"), ("forecast_snapshots",)),
                intro=False,
            ),
            writer.section("person-leads", self.leads(salesperson), self._silent.get(salesperson), intro=False),
            writer.section("person-flow", people.flow(writer, row["team"], "person-{key}-flow") if row["team"] else None, intro=False),
        ]
        for section in sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    block.name = block.name.format(key=f"{number:03d}")
        return Page(f"people/{number:03d}.html", row["name"] or salesperson, "people", sections)

    def overdue(self, salesperson: str) -> Any:
        return self._overdue.get(salesperson) or self._none(OVERDUE, NEEDS, "my_overdue", "nothing_overdue")

    def customers(self, salesperson: str) -> Any:
        return self._customers.get(salesperson) or self._none(WHOLE, ("invoices",), "my_customers", "no_customers")

    def _none(self, source: str, needs: tuple[str, ...], title: str, nothing: str) -> Notice:
        """That there are none, where they are delivered."""
        if any(entity in self.figures.missing_entities for entity in needs):
            return self.writer.absent(source, self.words.t(f"tables.{title}"), needs)
        return Notice(self.words.t(f"person.{nothing}"), "plain")

    def place(self, row: Row) -> Any:
        words = self.words
        if not row["team"]:
            return None
        number = self.figures.team_pages.get(row["team"])
        pairs: list[tuple[str, ...]] = [(words.label("team"), row["team"], f"teams/{number:02d}.html" if number else "")]
        if row.get("manager"):
            pairs.append((words.t("person.manager"), row["manager"]))
        return Facts(pairs)

    def cards(self, salesperson: str) -> Any:
        words, found = self.words, []
        for kpi in people.QUARTER_KPIS:
            row = self._quarters.get((salesperson, kpi))
            if row is None:
                continue
            unit = self.figures.definitions[kpi]["unit"]
            period = words.notation.quarter(people.quarter(self.writer))
            found.append(Card(words.kpi(kpi), words.measure(row, unit, short=True), detail=period))
        return Cards(found) if found else None

    @cached_property
    def _quarters(self) -> dict[tuple[str, str], Any]:
        start = people.quarter(self.writer)
        rows = people.quarter_values(self.writer)
        return {
            (row["scope_id"], row["kpi"]): row["value"] for row in rows if row["period_start_date"] == start and row["value"] is not None
        }

    @cached_property
    def _overdue(self) -> dict[str, Table]:
        return people.overdue_by(self.writer, "account_owner_id", "person-{key}-overdue", len(self.figures.salesperson_pages))

    @cached_property
    def _customers(self) -> dict[str, Table]:
        """Who owns an account sees what it brought, what is late and what to do with it."""
        if not self.figures.filled(WHOLE, "account_owner_id"):
            return {}
        has_actions = self.figures.filled(ACTIONS)
        action = "a.action" if has_actions else "cast(null as varchar) as action"
        join = f" left join {ACTIONS} as a using (customer_id)" if has_actions else ""
        label = self.words.label
        return self.writer.tables_by(
            "account_owner_id",
            "person-{key}-customers",
            self.words.t("tables.my_customers"),
            WHOLE,
            "select w.account_owner_id, customer_id, w.trailing_net_revenue_amount, w.value_amount, w.overdue_amount,"
            f" w.last_purchase_date, {action} from {WHOLE} as w{join} where w.account_owner_id is not null",
            [
                "customer_id",
                "trailing_net_revenue_amount",
                Column("value_amount", label("value_amount", WHOLE), "money"),
                "overdue_amount",
                "last_purchase_date",
                "action",
            ],
            order="trailing_net_revenue_amount desc nulls last, customer_id",
            shown=self.shown,
        )

    # Commission

    def commission(self, salesperson: str, number: int) -> Any:
        """What was earned month by month, what is paid and not yet earned or never will be, and which customers made the difference."""
        table = self._commissions.get(salesperson)
        words, title = self.words, self.words.t("tables.my_commission")
        if table is None:
            return self.writer.absent(people.COMMISSION, title, ("commission_plans",))
        newest, rows = table.rows[0], table.rows
        first, last = (words.notation.month(rows[place]["month_start_date"]) for place in (-1, 0))
        values = [row["commission_amount"] for row in reversed(rows)]
        summary = words.t("pictures.trend", title=title, first=first, last=last, values=words.money(newest["commission_amount"]))
        picture = small.columns(values, first, last, words.short(max(values)))
        name = f"person-{number:03d}-commission"
        table.name = name
        chart = Chart(name, title, words.t("subtitles.by_month"), picture, summary, table, "kpi-commission_amount")
        return [chart, self.facts_of(newest), self.difference(salesperson)]

    def facts_of(self, row: Row) -> Facts:
        words = self.words
        pairs: list[tuple[str, ...]] = [(words.t("person.month"), words.notation.month(row["month_start_date"]))]
        for key in ("commission_amount", "unearned_amount", "collectible_unearned_amount", "never_earned_amount", "switch_to_cash_amount"):
            if row.get(key) is not None:
                pairs.append((words.t(f"person.{key}"), words.money(row[key], 2)))
        return Facts(pairs)

    def difference(self, salesperson: str) -> Any:
        """The customers that made this month's commission another one than the last."""
        found = self._changes.get(salesperson)
        if found is None:
            return Notice(self.words.t("person.no_change"), "plain")
        return found

    @cached_property
    def _commissions(self) -> dict[str, Table]:
        source = people.COMMISSION
        if not self.figures.filled(source):
            return {}
        wanted = ["month_start_date", "commission_amount", "on_cash_amount", "on_invoiced_amount", "unearned_amount", "never_earned_amount"]
        since = months_before(self.writer.month, MONTHS - 1)
        return self.writer.tables_by(
            "salesperson_id",
            "person-{key}-commission",
            self.words.t("tables.my_commission"),
            source,
            f"select * from {source} where month_start_date between date '{since}' and date '{self.writer.month}'",
            [key for key in wanted if key in self.figures.tables[source]],
            order="month_start_date desc",
            shown=MONTHS,
        )

    @cached_property
    def _changes(self) -> dict[str, Table]:
        if not self.figures.filled(BY_CUSTOMER):
            return {}
        words, month = self.words, self.writer.month
        before = months_before(month, 1)
        names = [words.notation.month(at) for at in (before, month)]
        return self.writer.tables_by(
            "salesperson_id",
            "person-{key}-commission-change",
            words.t("tables.commission_change", first=names[0], last=names[1]),
            BY_CUSTOMER,
            "select salesperson_id, customer_id,"
            f" coalesce(sum(commission_amount) filter (month_start_date = date '{before}'), 0) as before_amount,"
            f" coalesce(sum(commission_amount) filter (month_start_date = date '{month}'), 0) as now_amount,"
            " now_amount - before_amount as change_amount"
            f" from {BY_CUSTOMER} where month_start_date in (date '{before}', date '{month}') group by all having change_amount <> 0",
            [
                "customer_id",
                Column("before_amount", names[0], "money", digits=2),
                Column("now_amount", names[1], "money", digits=2),
                Column("change_amount", words.label("change_amount"), "money", digits=2, signed=True),
            ],
            order="abs(change_amount) desc, customer_id",
            shown=REASONS,
            note=words.t("notes.commission_change"),
        )

    # What comes

    @cached_property
    def _forecasts(self) -> dict[str, Table]:
        return people.forecasts_by(self.writer, "salesperson_id", "person-{key}-forecast")

    def leads(self, salesperson: str) -> Any:
        if not self.figures.filled(LEADS):
            return self.writer.absent(LEADS, self.words.t("tables.my_leads"), ("leads",))
        return self._leads.get(salesperson) or Notice(self.words.t("person.no_leads"), "plain")

    @cached_property
    def _leads(self) -> dict[str, Table]:
        """Leads that nobody was in touch with, the longest waiting first."""
        words, report = self.words, self.figures.report_date
        return self.writer.tables_by(
            "salesperson_id",
            "person-{key}-leads",
            words.t("tables.my_leads"),
            LEADS,
            f"select *, date_diff('day', created_date, date '{report}') as waiting_days from {LEADS}"
            " where first_contacted_at is null and converted_at is null and lost_reason is null and lost_at is null"
            " and salesperson_id is not null",
            [
                Column("lead_id", words.label("lead_id")),
                Column("created_date", words.label("created_date"), "date"),
                Column("origin", words.label("origin"), "code", "origin"),
                Column("waiting_days", words.label("waiting_days"), "number"),
            ],
            order="created_date, lead_id",
            shown=self.shown,
        )

    @cached_property
    def _silent(self) -> dict[str, Table]:
        """Customers that are silent for longer than their own rhythm explains."""
        words = self.words
        if not self.figures.filled(SILENT, "account_owner_id"):
            return {}
        return self.writer.tables_by(
            "account_owner_id",
            "person-{key}-silent",
            words.t("tables.my_silent"),
            SILENT,
            f"select * from {SILENT} where account_owner_id is not null",
            [
                "customer_id",
                "last_purchase_date",
                Column("silent_days", words.label("silent_days"), "number"),
                Column("median_interval_days", words.label("median_interval_days"), "number"),
                "value_at_risk_amount",
                "known_by_salesperson_id",
                "last_contact_date",
            ],
            order="value_at_risk_amount desc, customer_id",
            shown=self.shown,
        )
