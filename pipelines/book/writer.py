"""What every page needs from figures and words: cards, tables, pictures, and the sentence for what is not there.

Keep out: which figures stand on which page (``pages/``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pipelines.book import charts, checks, small
from pipelines.book.blocks import CSV_ROWS, READ_ROWS, SHOWN_ROWS, Card, Chart, Column, Downloads, Notice, Section, Table
from pipelines.book.figures import Row
from pipelines.book.formats import EMPTY
from pipelines.book.kinds import KINDS_OF_UNITS
from pipelines.book.progress import BESIDE_INVOICED, Progress, months_before
from pipelines.book.reasons import TELLS_REASONS
from pipelines.book.words import REASON_FIGURES, opened

#: Months that a trend shows.
TREND_MONTHS = 25

#: Columns that say which period a row is of.
PERIODS = ("month_start_date", "period_start_date", "quarter_start_date", "year_start_date", "cost_month")
MART_OWNERS = {
    "receivables": "finance_sales",
    "growth": "sales_finance",
    "customer_accounting": "sales_finance",
    "order_to_cash": "finance_sales",
    "kpi": "finance_sales",
}


@dataclass
class Writer(Progress):
    """Blocks of one language. ``used_tables`` remembers which marts a page shows by name."""

    used_tables: set[str] = field(default_factory=set)
    #: Column -> the values that a scope may see of it; what is not named here is not cut.
    only: dict[str, list[str]] = field(default_factory=dict)
    _drawn: dict[str, Any] = field(default_factory=dict)

    @property
    def twelve_months(self) -> str:
        """The twelve months up to the month of the headlines, as a condition of SQL."""
        return f"between date '{months_before(self.month, 11)}' and date '{self.month}'"

    @property
    def year_span(self) -> str:
        """The twelve months up to the month of the headlines, in words."""
        notation = self.words.notation
        return self.words.t("book.span", first=notation.month(months_before(self.month, 11)), last=notation.month(self.month))

    def salesperson_name(self, alias: str) -> tuple[str, str]:
        """(expression, join) for the name of the salesperson in ``alias``.salesperson_id, as far as people are delivered."""
        if not self.figures.has("core.dim_salespeople", "name"):
            return "salesperson_id", ""
        return f"coalesce(s.name, {alias}.salesperson_id)", " left join core.dim_salespeople as s using (salesperson_id)"

    @cached_property
    def failed_checks(self) -> list[checks.FailedCheck]:
        """What failed and only warns, in words."""
        if not self.figures.filled("meta.check_results", "culprits"):
            return []
        rows = self.figures.raw("select * from meta.check_results where outcome = 'failed' order by severity, check_name, table_name")
        return [checks.in_words(self, row) for row in rows]

    def scale(self, kind: str) -> charts.Scale:
        return charts.Scale(kind, self.words.notation, self.figures.currency)

    # Tables

    def table(
        self,
        name: str,
        title: str,
        source: str,
        sql: str,
        parameters: list[Any] | None = None,
        columns: Sequence[str | Column] = (),
        *,
        shown: int = SHOWN_ROWS,
        note: str = "",
        limit: int = CSV_ROWS,
        worked: bool = False,
        definition: str = "",
        period: str = "",
    ) -> Table:
        """A table of a query; ``source`` is the published table that names its columns. More than ``limit`` rows are counted, and of
        these the first are kept: those that one reads, or all where the list is ``worked`` off.

        ``period`` is what its figures stand for: without it the one that the query asks for, and the report date where it asks for none."""
        rows = self.figures.rows(f"{sql} limit {limit}", parameters)
        total = len(rows)
        if total == limit:
            total = self.figures.raw(f"select count(*) as n from ({sql})", parameters)[0]["n"]
        if total > len(rows) and not worked:
            del rows[max(shown, READ_ROWS) :]
        self.used_tables.add(source)
        for row in rows if source in TELLS_REASONS else []:
            TELLS_REASONS[source](self, row)
        built = [column if isinstance(column, Column) else self.words.column(column, source) for column in columns]
        period = period or self._period(sql, parameters or [], built)
        subtitle = "" if period in title else period
        return Table(name, title, built, rows, total, shown, note, definition=definition, subtitle=subtitle, period=period)

    def _period(self, sql: str, parameters: Sequence[Any], columns: Sequence[Column]) -> str:
        """What the rows of a query stand for; empty where each row has its month, or each column its own period."""
        notation = self.words.notation
        if any(column.kind == "month" for column in columns):
            return ""
        if all(column.period for column in columns if column.is_number) and any(column.period for column in columns):
            return ""
        if self.twelve_months in sql:
            return self.year_span
        if self.month in parameters or f"date '{self.month}'" in sql:
            return notation.month(self.month)
        return notation.day(self.figures.report_date)

    def tables_by(
        self,
        key: str,
        name: str,
        title: str,
        source: str,
        sql: str,
        columns: Sequence[str | Column],
        *,
        order: str,
        parameters: list[Any] | None = None,
        shown: int = SHOWN_ROWS,
        note: str = "",
    ) -> dict[str, Table]:
        """Value of ``key`` -> its table of one query: what stands on hundreds of pages is read once. ``name`` gets the value's number
        (``{key}``) from the caller; these tables have no file of their own."""
        parameters, within = list(parameters or []), ""
        if key in self.only:
            parameters.append(self.only[key])
            within = f" where {key} in (select unnest(${len(parameters)}))"
        ranked = (
            f"select *, count(*) over (partition by {key}) as table_count, row_number() over (partition by {key} order by {order})"
            f" as table_place from ({sql}){within} qualify table_place <= {shown} order by table_place, {key}"
        )
        built = [column if isinstance(column, Column) else self.words.column(column, source) for column in columns]
        found: dict[str, Table] = {}
        for row in self.figures.raw(ranked, parameters):
            table = found.get(row[key])
            if table is None:
                table = Table(name, title, built, [], row["table_count"], shown, note, is_download=False)
                found[row[key]] = table
            shown_row = self.figures.shown(row)
            if source in TELLS_REASONS:
                TELLS_REASONS[source](self, shown_row)
            table.rows.append(shown_row)
        return found

    def further_tables(self, schema: str, not_shown: Sequence[str] = ()) -> list[Any]:
        """The marts of a schema that the page shows nowhere else, to download."""
        tables: list[Table] = []
        absent: dict[str | None, list[str]] = {}
        for table, columns in self.figures.tables.items():
            if not table.startswith(f"{schema}.") or table in self.used_tables or table in not_shown:
                continue
            newest = next((column for column in columns if column in PERIODS), None)
            where = f" where {newest} <= date '{self.month}'" if newest else ""
            order = (
                # By every column: with a tie the same warehouse could give two books.
                f" order by {newest} desc, {', '.join(str(place) for place in range(1, len(columns) + 1))}" if newest else " order by all"
            )
            # The name stands beside the number of a customer, and a reason is told in words.
            left_out = {"run_id", "report_date"} | ({"customer_name"} if "customer_id" in columns else set())
            left_out |= {column for column, _ in REASON_FIGURES.values()} if table in TELLS_REASONS else set()
            shown_columns = [c for c in columns if c not in left_out and not (c.endswith("_nl") and c.removesuffix("_nl") in columns)]
            title = self.table_title(table)
            block = self.table(table.replace(".", "-"), title, table, f"select * from {table}{where}{order}", [], shown_columns)
            if block.rows:
                tables.append(block)
            else:
                absent.setdefault(self._reason_of(table), []).append(title)
        # What lacks the same is said once.
        notices = [Notice(self._not_there("; ".join(titles), reason)) for reason, titles in absent.items()]
        return ([Downloads(tables)] if tables else []) + notices

    def table_title(self, table: str) -> str:
        own = self.words.texts["tables"].get(table.split(".")[1])
        if own:
            return own
        text = table.split(".")[1].replace("_", " ")
        return opened(text)

    # What is not there

    def absent(self, table: str, what: str, needs: Sequence[str] = ()) -> Notice:
        """The plain sentence for a table that is missing or empty, with the reason as far as it is published."""
        words, figures = self.words, self.figures
        if not figures.filled(table):
            # Said here, it needs no place among the further tables.
            self.used_tables.add(table)
        missing = [entity for entity in needs if entity in figures.missing_entities]
        if missing:
            return Notice(words.t("absent.not_delivered", what=what, entities=", ".join(words.term("entities", e) for e in missing)))
        reason = self._reason_of(table)
        if reason is None and table not in figures.tables:
            return Notice(words.t("absent.not_published", what=what))
        return Notice(self._not_there(what, reason))

    def _not_there(self, what: str, reason: str | None) -> str:
        return self.words.t("absent.because", what=what, reason=opened(reason)) if reason else self.words.t("absent.empty", what=what)

    def _reason_of(self, table: str) -> str | None:
        found = self.figures.raw(
            "select v.* from kpi.kpi_values as v join kpi.kpi_definitions using (kpi)"
            " where status = 'not_available' and contains(marts, ?) order by length(reason), kpi, period_start_date limit 1",
            [table],
        )
        return self.why(found[0]) if found else None

    def why(self, row: Row | None) -> str:
        """The reasons of a row of kpi_values in words."""
        return self.words.told(self.figures.reasons(row)) if row else ""

    def section(self, anchor: str, *blocks: Any, intro: bool = True) -> Section:
        """A section whose heading and introduction stand in the texts under ``sections.<anchor>``."""
        texts = self.words.texts["sections"][anchor.replace("-", "_")]
        flat = [block for item in blocks for block in (item if isinstance(item, list) else [item]) if block is not None]
        return Section(anchor, texts["title"], texts["intro"] if intro else "", flat)

    def once(self, name: str, draw: Callable[[], Any]) -> Any:
        """A picture that stands on two pages is drawn once."""
        if name not in self._drawn:
            self._drawn[name] = draw()
        return self._drawn[name]

    # KPIs

    def series(self, kpi: str, months: int = TREND_MONTHS) -> list[Row]:
        """The company's figure over its last complete months, oldest first."""
        known = self.figures.company_months.get(kpi, [])
        return [row for row in known if row["period_start_date"] <= self.month][-months:]

    def value(self, kpi: str, month: date | None = None) -> Row | None:
        """The company's figure of a month; the row of what is not available otherwise."""
        known = self.figures.company_months.get(kpi, [])
        found = next((row for row in known if row["period_start_date"] == (month or self.month) and row["status"] != "not_available"), None)
        return found or next((row for row in reversed(known) if row["status"] == "not_available"), None)

    def is_available(self, kpi: str) -> bool:
        row = self.value(kpi)
        return row is not None and row["value"] is not None

    def bounds(self, row: Row) -> str:
        """``between 37.9 and 40.1``, and how many invoices are held out, where that changes how the figure reads."""
        if row.get("low_value") is None or not self._reads_otherwise(row):
            return ""
        words = self.words
        digits = 1
        while digits < 4:
            low, high = (words.measure(row[key], row["unit"], digits) for key in ("low_value", "high_value"))
            if low != high:
                if not row.get("held_out_invoice_count"):
                    return words.t("verdict.between", low=low, high=high)
                count, money = words.count(row["held_out_invoice_count"]), words.money(row["held_out_gross_amount"])
                told = words.t("verdict.between_with", low=low, high=high, count=count, money=money)
                uncosted = [reason for reason in self.figures.reasons(row) if reason["reason_code"] == "uncosted_lines"]
                return f"{told}; {words.told(uncosted)}" if uncosted else told
            digits += 1
        return ""

    def _reads_otherwise(self, row: Row) -> bool:
        """Whether the bounds lie a hundredth of the value apart, or on two sides of what it is compared with."""
        low, high = sorted((row["low_value"], row["high_value"]))
        if low == high:
            return False
        progress = self.progress(row["kpi"]) or {}
        before = progress.get("year_before_value")
        return (high - low) * 100 >= abs(row["value"]) or (before is not None and low <= before <= high)

    def owner(self, kpi: str) -> str:
        definition = self.figures.definitions[kpi]
        schema = str(definition.get("marts") or "").split(".")[0]
        return self.words.t(f"owners.{MART_OWNERS.get(schema, 'finance_sales')}")

    def card(self, kpi: str, with_spark: bool = True) -> Card | None:
        """The card of a KPI of the company; None where the catalogue does not know it."""
        if kpi not in self.figures.definitions:
            return None
        words, row = self.words, self.value(kpi)
        card = Card(words.kpi(kpi), EMPTY, owner=self.owner(kpi), link=f"kpis/{kpi}.html", definition=f"kpi-{kpi}")
        if row is None or row["value"] is None:
            card.sign, card.verdict, card.sense, card.detail = "○", words.term("status", "not_available"), "plain", self.why(row)
            return card
        card.value = words.measure(row["value"], row["unit"], short=True)
        if row["unit"] in ("days", "months"):
            card.value, card.unit = card.value.rsplit(" ", 1)
        card.period = words.notation.month(row["period_start_date"])
        card.sign, card.verdict, card.sense = self.verdict(kpi)
        card.target = self.against_target(kpi)
        card.bounds = self.bounds(row)
        card.alerts = [check.text for check in self.failed_checks if kpi in check.kpis]
        if row["status"] == "provisional":
            card.notes.append(": ".join(filter(None, (words.term("status", "provisional"), self.why(row)))))
        if kpi in BESIDE_INVOICED:
            card.notes += self.mostly_taken_back(row["period_start_date"])
        if not with_spark:
            return card
        history = [point["value"] for point in self.series(kpi, months=13)]
        card.spark = self.once(f"spark-{kpi}", lambda: small.spark(history))
        return card

    def cards(self, kpis: Sequence[str]) -> list[Any]:
        """Cards of what is available, and one sentence for what is not."""
        from pipelines.book.blocks import Cards

        known = [kpi for kpi in kpis if kpi in self.figures.definitions]
        shown = [card for kpi in known if self.is_available(kpi) and (card := self.card(kpi))]
        blocks: list[Any] = [Cards(shown)] if shown else []
        return blocks + self.unavailable([kpi for kpi in known if not self.is_available(kpi)])

    def unavailable(self, kpis: Sequence[str]) -> list[Notice]:
        """One sentence per reason, with the KPIs that it stops."""
        words = self.words
        by_reason: dict[str, list[str]] = {}
        for kpi in kpis:
            row = self.value(kpi)
            reason = self.why(row) or words.t("absent.no_value", month=words.notation.month(self.month))
            by_reason.setdefault(reason, []).append(words.kpi(kpi))
        lines = [words.t("absent.kpis", kpis=", ".join(names), reason=opened(reason)) for reason, names in by_reason.items()]
        return [Notice(lines[0], more=tuple(lines[1:]))] if lines else []

    def short_name(self, kpi: str) -> str:
        """The name of a KPI beside a line."""
        return self.words.texts["short"].get(kpi) or self.words.kpi(kpi)

    def plain_measure(self, value: Any, unit: str) -> str:
        """A value beside a line: days go without their unit, which the title has."""
        return self.words.notation.number(value, 1) if unit == "days" else self.words.measure(value, unit, short=True)

    def kpi_trend(
        self,
        name: str,
        title: str,
        subtitle: str,
        kpis: dict[str, tuple[str, bool]],
        kind: str,
        one_size: bool = False,
        months: int = TREND_MONTHS,
    ) -> Chart | Notice:
        """Lines of one or more KPIs of one unit. ``kpis``: kpi -> (colour, dashed)."""
        words = self.words
        available = {kpi: look for kpi, look in kpis.items() if kpi in self.figures.definitions and self.is_available(kpi)}
        if not available:
            return next(
                iter(self.unavailable([kpi for kpi in kpis if kpi in self.figures.definitions])),
                Notice(words.t("absent.not_published", what=title)),
            )
        rows = [
            {"month": point["period_start_date"], "series": kpi, "value": point["value"]}
            for kpi in available
            for point in self.series(kpi, months)
        ]
        months = sorted({row["month"] for row in rows}, reverse=True)
        lookup = {(row["month"], row["series"]): row["value"] for row in rows}
        unit = self.figures.definitions[next(iter(available))]["unit"]
        newest = {kpi: lookup.get((self.month, kpi)) for kpi in available}
        labels = {kpi: (f"{self.short_name(kpi)} {self.plain_measure(newest[kpi], unit)}", *look) for kpi, look in available.items()}
        picture = self.once(
            name,
            lambda: charts.trend(
                rows,
                labels,
                self.scale(kind),
                from_zero=kind != "plain",
                one_size=one_size,
            ),
        )
        table = Table(
            name,
            title,
            [
                words.column("month_start_date"),
                *[
                    Column(kpi, words.kpi(kpi), KINDS_OF_UNITS.get(unit, "number"), digits=1 if unit in ("days", "percent") else None)
                    for kpi in available
                ],
            ],
            [{"month_start_date": month, **{kpi: lookup.get((month, kpi)) for kpi in available}} for month in months],
            shown=13,
        )
        summary = words.t(
            "pictures.trend",
            title=title,
            first=words.notation.month(months[-1]),
            last=words.notation.month(months[0]),
            values="; ".join(f"{words.kpi(kpi)} {words.measure(newest[kpi], unit)}" for kpi in available),
        )
        return Chart(name, title, subtitle, picture, summary, table, f"kpi-{next(iter(available))}")
