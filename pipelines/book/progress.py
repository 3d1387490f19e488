"""How far the company is, in words: a period against the one that its KPI is compared with, and a quarter against what was agreed.

The figures are those of kpi.kpi_progress_monthly. Keep out: where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipelines.book.figures import Figures, Row
from pipelines.book.words import Words

#: Below these a percentage of the year before says less than the figures themselves.
SMALL_AMOUNT, SMALL_COUNT = 1_000, 30
REVENUE = "growth.revenue_monthly"
#: KPIs that read otherwise where most of what was invoiced is cancelled or credited.
BESIDE_INVOICED = ("net_revenue", "invoice_error_stake_amount")
#: Where a quarter stands against its target -> sign and sense.
TARGET_SENSES = {
    "met": ("✓", "good"),
    "on course": ("✓", "good"),
    "at risk": ("!", "bad"),
    "off course": ("✗", "bad"),
    "missed": ("✗", "bad"),
}


def years_before(month: date, years: int = 1) -> date:
    return month.replace(year=month.year - years)


def months_before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


@dataclass
class Progress:
    """Periods and verdicts of one publication in one language."""

    figures: Figures
    words: Words

    @property
    def month(self) -> date:
        return self.figures.month or self.figures.report_date.replace(day=1)

    def progress(self, kpi: str, period_type: str = "month") -> Row | None:
        """How far month, quarter or year to date had come at the end of the headline month; None where there is no value."""
        row = self.figures.progress.get((kpi, period_type))
        return row if row and row["value"] is not None else None

    def verdict(self, kpi: str, period_type: str = "month", *, short: bool = False) -> tuple[str, str, str]:
        """(sign, words, sense) of a period's value against what it is compared with: no sense where more is neither good nor bad.

        ``short`` leaves out the earlier period, where a heading says it."""
        words, row, reference = self.words, self.progress(kpi, period_type), self.figures.definitions[kpi]["reference"]
        if row is None or row["reference_value"] is None:
            return "•", words.t("verdict.first_short" if short else "verdict.first"), "plain"
        now, then = row["compared_value"], row["reference_value"]
        is_said = short and reference != "previous_period"
        values = {"period": self.earlier_period(row, reference)}
        if reference == "share_of_revenue":
            key = "share_of_revenue"
            digits = self.digits_apart(words.notation.share, now, then)
            values |= {"now": words.notation.share(now, digits), "then": words.notation.share(then, digits)}
        elif now == then:
            key = "equal"
        else:
            key = "since"
            values["change"] = self.change(now, then, self.figures.definitions[kpi]["unit"])
        text = words.t(f"verdict.{key}_short" if is_said else f"verdict.{key}", **values)
        sense = {"better": "good", "worse": "bad"}.get(row["verdict"], "plain")
        sign = "=" if now == then else "▲" if now > then else "▼"
        return sign, f"{text}, {words.t(f'verdict.{sense}')}" if sense != "plain" else text, sense

    @staticmethod
    def digits_apart(write: Callable[[Decimal, int], str], one: Decimal, other: Decimal) -> int:
        """With how many digits two figures read as two: a verdict over 1.4% and 1.4% says nothing."""
        digits = 1
        while digits < 4 and one != other and write(one, digits) == write(other, digits):
            digits += 1
        return digits

    def change(self, now: Decimal, before: Decimal, unit: str) -> str:
        """A change in the unit's own words: points of a share, days, and a percentage only of what is large enough for one."""
        words, change = self.words, now - before
        if unit in ("share", "points", "percent"):
            change /= 100 if unit == "percent" else 1
            return words.points(change, self.digits_apart(words.notation.share, change, Decimal(0)))
        if unit in ("days", "months"):
            digits = self.digits_apart(words.notation.number, change, Decimal(0))
            return words.t(f"units.{unit}", count=words.notation.number(change, digits, signed=True))
        if unit == "reporting currency":
            return words.notation.share(change / before, signed=True) if before >= SMALL_AMOUNT else words.short(change, signed=True)
        # Of a few customers or deals the two figures say more than a percentage.
        if before >= SMALL_COUNT:
            return words.notation.share(change / before, signed=True)
        digits = 0 if now % 1 == 0 and before % 1 == 0 else 1
        return words.t("verdict.from_to", before=words.notation.number(before, digits), now=words.notation.number(now, digits))

    def mostly_taken_back(self, month: date) -> list[str]:
        """That most of what was invoiced in a month was taken back: revenue of 750 beside errors of 28,000 is no slip of the book."""
        if not self.figures.filled(REVENUE):
            return []
        sql = f"select sum(invoiced_amount) as invoiced, -sum(credited_amount) as credited from {REVENUE} where month_start_date = ?"
        (row,) = self.figures.raw(sql, [month])
        if not row["invoiced"] or 2 * row["credited"] <= row["invoiced"]:
            return []
        return [self.words.t("verdict.taken_back", **{name: self.words.short(amount) for name, amount in row.items()})]

    def period(self, row: Row) -> str:
        """The name of a row's period: ``Dec 2025``, ``Q4 2025``, ``2025``; with its last day while it runs."""
        return self._period_name(row["period_type"], row["period_start_date"], row["month_start_date"], row["is_over"])

    def earlier_period(self, row: Row, reference: str) -> str:
        """The name of what a row is compared with."""
        back = {"month": 1, "quarter": 3, "year": 12}[row["period_type"]] if reference == "previous_period" else 12
        start, month = (months_before(row[key], back) for key in ("period_start_date", "month_start_date"))
        return self._period_name(row["period_type"], start, month, row["is_over"])

    def quarter_to_date(self, month: date) -> str:
        """The quarter of ``month`` as far as it had come by its end."""
        start = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        return self._period_name("quarter", start, month, month.month % 3 == 0)

    def _period_name(self, period_type: str, start: date, month: date, is_over: bool) -> str:
        words = self.words
        name = {"month": words.notation.month, "quarter": words.notation.quarter, "year": words.notation.year}[period_type](start)
        if is_over or period_type == "month":
            return name
        return words.t("verdict.to_date", period=name, day=words.notation.day(months_before(month, -1) - timedelta(days=1)))

    def against_target(self, kpi: str, *, short: bool = False) -> tuple[str, str, str] | None:
        """(sign, words, sense) of the quarter against what was agreed for it; None where nothing was. ``short``: where value and target
        stand beside it."""
        words, row = self.words, self.progress(kpi, "quarter")
        if row is None or row["target"] is None or row["target_value"] is None:
            return None
        status = words.term("target_status", row["target_status"])
        sign, sense = TARGET_SENSES.get(row["target_status"], ("•", "plain"))
        if short:
            share = words.notation.share(row["attained_share"])
            return sign, words.t("verdict.target_short", status=status, share=share) if row["attained_share"] is not None else status, sense
        unit = self.figures.definitions[kpi]["unit"]
        digits = self.digits_apart(lambda value, places: words.measure(value, unit, places), row["target"], row["target_value"])
        value, target = (words.measure(row[key], unit, digits, short=True) for key in ("target_value", "target"))
        return sign, words.t("verdict.target", period=self.period(row), value=value, target=target, status=status), sense
