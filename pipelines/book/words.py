"""One language of the book: its texts, its notation, and how a value of the warehouse reads in it.

The texts stand in ``texts/<language>.yaml``; both files have the same keys. Keep out: layout, and any figure.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from pipelines.book.blocks import Column
from pipelines.book.figures import Figures
from pipelines.book.formats import EMPTY, NOTATIONS

LANGUAGES = ("en", "nl")
TEXTS_FOLDER = Path(__file__).resolve().parent / "texts"

#: Sentences that the warehouse writes, and the key of their translation.
REASONS = [
    (re.compile(r"^not delivered: (?P<entities>.+)$"), "not_delivered"),
    (re.compile(r"^(?P<count>\d+) documents? (?:have|has) no exchange rate$"), "no_exchange_rate"),
    (re.compile(r"^(?P<count>\d+) recent loss(?:es)? may still come back$"), "recent_losses"),
    (re.compile(r"^(?P<count>\d+) may have bought before the first delivery$"), "left_censored"),
    (re.compile(r"^the denominator is zero or negative$"), "zero_denominator"),
    (re.compile(r"^receivables are negative$"), "negative_receivables"),
    (re.compile(r"^no open invoices, or an issue month without credit sales$"), "no_open_invoices"),
    (re.compile(r"^the columns that the rule reads are never filled$"), "columns_never_filled"),
    (re.compile(r"^no document of this kind up to the report date$"), "no_such_document"),
    (re.compile(r"^no earlier publication to compare with$"), "no_earlier_publication"),
    (re.compile(r"^the company does not deliver it$"), "company_does_not_deliver"),
    (re.compile(r"^as it stands at the report date$"), "at_report_date"),
    (re.compile(r"^no unit cost is known$"), "no_unit_cost"),
    (re.compile(r"^not paid back yet$"), "not_paid_back"),
    (re.compile(r"^open invoices without due date are not aged$"), "no_due_dates_not_aged"),
    (re.compile(r"^no revenue in the last twelve months$"), "no_revenue"),
    (re.compile(r"^no relation was reviewed within a year$"), "no_relation_reviewed"),
    (re.compile(r"^no open invoice has a due date$"), "no_due_date"),
    (re.compile(r"^no invoices of the twelve months that ended six months ago$"), "no_matured_invoices"),
    (re.compile(r"^no invoice lines delivered$"), "no_invoice_lines"),
    (re.compile(r"^less than half is paid yet$"), "less_than_half_paid"),
    (re.compile(r"^invoices younger than the window may still turn out wrong$"), "young_invoices"),
    (re.compile(r"^Lost; it brought (?P<money_before>[-\d.]+) in the year before$"), "lost_brought"),
    (re.compile(r"^Lost, and it brought nothing$"), "lost_nothing"),
    (
        re.compile(r"^Costs money for the second year: value (?P<money_value>[-\d.]+), margin on goods (?P<money_margin>[-\d.]+)$"),
        "second_year",
    ),
    (re.compile(r"^Margin on goods is (?P<money_margin>[-\d.]+) on (?P<money_revenue>[-\d.]+) of revenue$"), "thin_margin"),
    (
        re.compile(r"^Debtor risk (?P<risk_class>\w+) by (?P<ground>.+); (?P<money_overdue>[-\d.]+) overdue of (?P<money_open>[-\d.]+)$"),
        "debtor_risk",
    ),
    (re.compile(r"^Serving costs (?P<money_serve>[-\d.]+) of a margin of (?P<money_margin>[-\d.]+)$"), "dear_to_serve"),
    (
        re.compile(r"^Tier (?P<tier>\w), value (?P<money_value>[-\d.]+); (?P<count>\d+) families that comparable customers buy$"),
        "can_grow",
    ),
    (re.compile(r"^Tier (?P<tier>\w), value (?P<money_value>[-\d.]+), debtor risk (?P<risk_class>\w+)$"), "keeps"),
]


@cache
def load_texts(language: str) -> dict[str, Any]:
    return yaml.safe_load((TEXTS_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))


@cache
def load_formulas(language: str) -> dict[str, str]:
    """KPI -> its formula in a language other than that of the catalogue."""
    return yaml.safe_load((TEXTS_FOLDER / f"formulas_{language}.yaml").read_text(encoding="utf-8"))


def flat_keys(texts: dict[str, Any], prefix: str = "") -> set[str]:
    """The keys of ``texts`` with dots, for comparing two languages."""
    found: set[str] = set()
    for key, value in texts.items():
        found |= flat_keys(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}"}
    return found


class Words:
    """Words and numbers of one language for one publication."""

    def __init__(self, language: str, figures: Figures):
        self.code = language
        self.texts = load_texts(language)
        self.notation = NOTATIONS[language]
        self.figures = figures

    def t(self, key: str, **values: Any) -> str:
        """The text of ``key``. Raises KeyError when there is none: a gap must not reach a page."""
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        return found.format(**values) if values else found

    def money(self, value: Any, digits: int = 0, signed: bool = False) -> str:
        return self.notation.money(value, self.figures.currency, digits, signed)

    def short(self, value: Any, signed: bool = False) -> str:
        return self.notation.short_money(value, self.figures.currency, signed)

    def count(self, value: Any) -> str:
        return self.notation.number(value)

    def label(self, column: str, table: str = "") -> str:
        """The heading of a column: ours, else the data dictionary's, else the column's own name."""
        own = self.texts["columns"].get(column)
        if own:
            return own
        if self.code == "nl" and (found := self.figures.labels_nl.get((table, column))):
            return found
        stem = re.sub(r"^(is|has)_", "", re.sub(r"_(amount|count|date|quantity|id|days)$", "", column))
        text = stem.replace("_", " ")
        return text[:1].upper() + text[1:]

    def term(self, vocabulary: str, value: Any) -> str:
        """A code of the warehouse as a reader's word; an unknown code is shown as it is, without its underscores."""
        if value is None:
            return EMPTY
        if vocabulary in ("error", "error_short"):
            return self._errors.get(str(value)) or str(value).replace("_", " ")
        found = self.texts["terms"].get(vocabulary, {}).get(str(value))
        return found if found else str(value).replace("_", " ")

    @cached_property
    def _errors(self) -> dict[str, str]:
        """Error code -> what it means."""
        if not self.figures.has("kpi.invoice_error_types", f"description_{self.code}"):
            return {}
        rows = self.figures.raw(f"select error_code, description_{self.code} as text from kpi.invoice_error_types")
        return {row["error_code"]: row["text"] for row in rows if row["text"]}

    def reason(self, text: str | None) -> str:
        """A reason that the warehouse gives, in this language."""
        if not text:
            return ""
        for pattern, key in REASONS:
            if found := pattern.match(text.strip()):
                groups = found.groupdict()
                if "entities" in groups:
                    groups["entities"] = self.entity_list(groups["entities"])
                if "count" in groups:
                    groups["count"] = self.count(groups["count"])
                if "risk_class" in groups:
                    groups["risk_class"] = self.term("segment", groups["risk_class"])
                if "ground" in groups:
                    groups["ground"] = self.term("ground", groups["ground"])
                groups |= {name: self.money(value) for name, value in groups.items() if name.startswith("money_")}
                return self.t(f"reasons.{key}", **groups) if groups else self.t(f"reasons.{key}")
        return text

    def entity_list(self, text: str) -> str:
        """``payments (why), orders`` with the entities named in this language and the reasons said once."""
        parts = re.findall(r"([a-z_]+)(?: \((.*?)\))?(?:, |$)", text)
        named = ", ".join(self.term("entities", name) for name, _ in parts)
        whys = list(dict.fromkeys(self.reason(why) for _, why in parts if why and why != "the company does not deliver it"))
        return f"{named} ({'; '.join(whys)})" if whys else named

    def kpi(self, kpi: str) -> str:
        """The name of a KPI."""
        row = self.figures.definitions.get(kpi)
        return (row.get(f"name_{self.code}") or row["name_en"]) if row else kpi.replace("_", " ").capitalize()

    def formula(self, kpi: str) -> tuple[str, bool]:
        """The formula of a KPI, and whether it stands in this language."""
        row = self.figures.definitions[kpi]
        if self.code == "en":
            return row["formula"], True
        found = row.get(f"formula_{self.code}") or load_formulas(self.code).get(kpi)
        return (found, True) if found else (row["formula"], False)

    def measure(self, value: Any, unit: str | None, digits: int | None = None, short: bool = False) -> str:
        """A KPI's value in its unit."""
        if value is None:
            return EMPTY
        if unit == "reporting currency":
            return self.short(value) if short else self.money(value)
        if unit == "share":
            return self.notation.share(value, 1 if digits is None else digits)
        if unit == "days":
            return f"{self.notation.number(value, 1 if digits is None else digits)} {self.t('units.days')}"
        if unit == "months":
            return f"{self.notation.number(value)} {self.t('units.months')}"
        if unit == "percent":
            return f"{self.notation.number(value, 1 if digits is None else digits)}%"
        return self.notation.number(value, digits if digits is not None else 0 if Decimal(str(value)) % 1 == 0 else 1)

    def column(self, key: str, table: str = "", **changes: Any) -> Column:
        """A column whose kind follows from its name, as the house names them."""
        kind, vocabulary, digits = kind_of(key)
        if kind == "text" and key in self.figures.definitions:
            kind = KINDS_OF_UNITS.get(self.figures.definitions[key]["unit"], "number")
        settings = {"label": self.label(key, table), "kind": kind, "vocabulary": vocabulary, "digits": digits} | changes
        return Column(key, **settings)

    def columns(self, keys: list[str], table: str = "") -> list[Column]:
        return [self.column(key, table) for key in keys]

    def cell(self, value: Any, column: Column) -> str:
        """A value of a table as text."""
        if value is None or value == "":
            return EMPTY
        match column.kind:
            case "money":
                return self.money(value, column.digits or 0, column.signed)
            case "number":
                return self.notation.number(value, column.digits or 0, column.signed)
            case "share":
                return self.notation.share(value, 1 if column.digits is None else column.digits, column.signed)
            case "days":
                return self.notation.number(value, 1 if column.digits is None else column.digits, column.signed)
            case "date":
                return self.notation.day(value) if isinstance(value, date | datetime) else str(value)
            case "month":
                return self.notation.month(value) if isinstance(value, date | datetime) else str(value)
            case "flag":
                return self.t("yes") if value else self.t("no")
            case "code":
                return self.term(column.vocabulary, value)
            case "kpi":
                return self.kpi(str(value))
            case "reason":
                return self.reason(str(value))
        return str(value)

    def csv_value(self, value: Any, column: Column) -> Any:
        """A value for the CSV: numbers and days as they are, words in this language."""
        return self.cell(value, column) if column.kind in ("code", "kpi", "reason") and value is not None else value


#: Unit of a KPI -> the kind of a column that holds its values.
KINDS_OF_UNITS = {"reporting currency": "money", "share": "share", "days": "days", "percent": "days"}
#: Columns that are a share or a rate by their name and no part of a whole -> the digits they are shown with.
PLAIN_NUMBERS = {f"parameter_{number}_rate": 4 for number in range(1, 5)} | {
    "log_likelihood_rate": 4,
    "rank_correlation_share": 2,
    "herfindahl_share": 3,
}

#: Columns whose values are codes, and the vocabulary that translates them.
CODES = {
    "severity": "severity",
    "step": "step",
    "owner_department": "department",
    "department": "department",
    "segment_type": "segment_type",
    "segment_id": "segment",
    "value_tier": "segment",
    "debtor_risk_class": "segment",
    "debtor_risk": "segment",
    "size_class": "segment",
    "state": "state",
    "status": "status",
    "outcome": "outcome",
    "role": "role",
    "rhythm": "rhythm",
    "entity": "entities",
    "cost_family": "cost_family",
    "assignment": "assignment",
    "cost_source": "cost_source",
    "layer": "layer",
    "stage": "stage",
    "kind": "kind",
    "deal_kind": "kind",
    "scope_type": "scope_type",
    "document_kind": "document_kind",
    "document_type": "document_kind",
    "value_basis": "basis",
    "curve_basis": "basis",
    "from_segment": "segment",
    "to_segment": "segment",
    "opening_segment": "segment",
    "closing_segment": "segment",
    "corner": "corner",
    "action": "advice",
    "what_to_repair": "repair",
    "by_department": "department",
    "budget_status": "budget",
    "bucket": "bucket",
    "debtor_risk_reason": "ground",
    "product_family": "segment",
    "from_segment_id": "segment",
    "to_segment_id": "segment",
    "account_owner_id": "segment",
    "cause": "cause",
    "scope_id": "segment",
    "team": "segment",
    "salesperson_id": "segment",
    "industry_code": "segment",
}


def kind_of(column: str) -> tuple[str, str, int | None]:
    """(kind, vocabulary, digits) of a column by its name."""
    if column in ("customer_id", "customer_name"):
        return "customer", "", None
    if column == "kpi":
        return "kpi", "", None
    if column == "reason" or column.endswith("_reason"):
        return "reason", "", None
    if column in CODES:
        return "code", CODES[column], None
    if column == "error_code":
        return "code", "error", None
    if column.startswith(("is_", "has_", "was_", "are_")):
        return "flag", "", None
    if column.endswith(("month_start_date", "_month", "month")):
        return "month", "", None
    if column.endswith(("_date", "_at", "_on")):
        return "date", "", None
    if column in PLAIN_NUMBERS:
        return "number", "", PLAIN_NUMBERS[column]
    suffix = column.rsplit("_", 1)[-1]
    kinds: dict[str, tuple[str, int | None]] = {
        "amount": ("money", None),
        "share": ("share", None),
        "rate": ("share", None),
        "days": ("days", None),
        "count": ("number", 0),
        "quantity": ("number", 0),
        "rank": ("number", 0),
        "score": ("number", 1),
        "quintile": ("number", 0),
    }
    kind, digits = kinds.get(suffix, ("text", None))
    return kind, "", digits
