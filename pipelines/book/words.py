"""One language of the book: its texts, its notation, and how a value of the warehouse reads in it.

The texts stand in ``texts/<language>.yaml``; both files have the same keys. Keep out: layout, and any figure.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from pipelines.book.blocks import Column
from pipelines.book.figures import Figures
from pipelines.book.formats import EMPTY, NOTATIONS, Counted
from pipelines.book.kinds import CHANGES, KINDS_OF_UNITS, kind_of

LANGUAGES = ("en", "nl")
TEXTS_FOLDER = Path(__file__).resolve().parent / "texts"

#: How the gate begins the reason of a check whose entities are not delivered.
NOT_DELIVERED = "not delivered: "

#: Placeholder in the text of a reason -> the column that holds the figure, and how it is written.
REASON_FIGURES = {
    "count": ("reason_count", "count"),
    "of_count": ("reason_of_count", "count"),
    "amount": ("reason_amount", "money"),
    "of_amount": ("reason_of_amount", "money"),
    "date": ("reason_date", "day"),
    "month": ("reason_date", "month"),
    "subject": ("reason_subject", "entities"),
    "words": ("reason_words", "plain"),
    "tier": ("value_tier", "segment"),
    "risk": ("debtor_risk_class", "segment"),
    "ground": ("debtor_risk_reason", "ground"),
}


@cache
def load_texts(language: str) -> dict[str, Any]:
    return yaml.safe_load((TEXTS_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))


@cache
def load_industries(language: str) -> dict[str, str]:
    """Division of NACE -> its name."""
    return yaml.safe_load((TEXTS_FOLDER / f"industries_{language}.yaml").read_text(encoding="utf-8"))


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


def opened(text: str) -> str:
    """What stands by itself, a heading or a reason, begins with a capital."""
    return text[:1].upper() + text[1:]


class Words:
    """Words and numbers of one language for one publication."""

    def __init__(self, language: str, figures: Figures):
        self.code = language
        self.texts = load_texts(language)
        self.notation = NOTATIONS[language]
        self.figures = figures

    def t(self, key: str, **values: Any) -> str:
        """The text of ``key``. Raises KeyError when there is none, or no value for one of its places: a gap must not reach a page."""
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        return found.format(**values)

    def money(self, value: Any, digits: int = 0, signed: bool = False) -> str:
        return self.notation.money(value, self.figures.currency, digits, signed)

    def short(self, value: Any, signed: bool = False) -> str:
        return self.notation.short_money(value, self.figures.currency, signed)

    def count(self, value: Any) -> Counted:
        return self.notation.number(value)

    def label(self, column: str, table: str = "") -> str:
        """The heading of a column: ours for that table, ours wherever the name means one thing, the KPI's, the data
        dictionary's, its own name."""
        own = self.texts["table_columns"].get(f"{table.split('.')[-1]}.{column}") or self.texts["columns"].get(column)
        if own:
            return own
        if column in self.figures.definitions:
            return self.kpi(column)
        if self.code == "nl" and (found := self.figures.labels_nl.get((table, column))):
            return found
        stem = re.sub(r"^(is|has)_", "", re.sub(r"_(amount|count|date|quantity|id|days)$", "", column))
        text = stem.replace("_", " ")
        return opened(text)

    def term(self, vocabulary: str, value: Any) -> str:
        """A code of the warehouse as a reader's word; an unknown code is shown as it is, without its underscores."""
        if value is None:
            return EMPTY
        if vocabulary in ("error", "error_short"):
            return self._errors.get(str(value)) or str(value).replace("_", " ")
        if vocabulary == "industry" and (name := load_industries(self.code).get(str(value)[:2])) and str(value).isdigit():
            return f"{name} ({value})"
        if vocabulary == "advice":
            return self._advice.get(str(value)) or str(value)
        found = self.texts["terms"].get("segment" if vocabulary == "industry" else vocabulary, {}).get(str(value))
        return found if found else str(value).replace("_", " ")

    @cached_property
    def _advice(self) -> dict[str, str]:
        """What is done with a customer or about the terms of a deal -> its words, as sales and credit management wrote them."""
        if not self.figures.has("kpi.action_facts", "action", f"action_{self.code}"):
            return {}
        return {
            row["action"]: row["words"] for row in self.figures.raw(f"select action, action_{self.code} as words from kpi.action_facts")
        }

    @cached_property
    def _errors(self) -> dict[str, str]:
        """Error code -> what it means."""
        if not self.figures.has("kpi.invoice_error_types", f"description_{self.code}"):
            return {}
        rows = self.figures.raw(f"select error_code, description_{self.code} as text from kpi.invoice_error_types")
        return {row["error_code"]: row["text"] for row in rows if row["text"]}

    def reason(self, text: str | None) -> str:
        """A reason without figures, by its code or the warehouse's own sentence; the company's own words are shown as they are."""
        if not text:
            return ""
        found = self._reasons.get(str(text)) or self._reasons_by_sentence.get(str(text))
        return found[f"text_{self.code}"] if found else str(text)

    def not_assessed(self, row: dict[str, Any]) -> str:
        """Why a row of meta.check_results was not assessed: what is missing by its name, another reason as it stands."""
        reason = str(row["reason"] or "")
        if reason.startswith(NOT_DELIVERED):
            names = reason.removeprefix(NOT_DELIVERED).split(" (")[0].split(", ")
            entities = ", ".join(self.term("entities", name) for name in names)
            return self.t("checks.not_assessed.text", entities=entities)
        return reason

    def told(self, reasons: list[dict[str, Any]]) -> str:
        """The sentence of some reasons, each a row with ``reason_code`` and its figures; what is said of several subjects is said once."""
        subjects: dict[tuple[str, Any], list[str]] = {}
        for row in reasons:
            subjects.setdefault((row["reason_code"], row.get("reason_words")), []).append(row.get("reason_subject"))
        firsts = {(row["reason_code"], row.get("reason_words")): row for row in reversed(reasons)}
        sentences = [
            self._sentence(firsts[key] | {"reason_subject": ", ".join(name for name in names if name)}) for key, names in subjects.items()
        ]
        return "; ".join(dict.fromkeys(sentences))

    def _sentence(self, row: dict[str, Any]) -> str:
        text = self._reasons.get(row["reason_code"], {}).get(f"text_{self.code}") or str(row["reason_code"]).replace("_", " ")
        named = {name for _, name, _, _ in Formatter().parse(text) if name}
        return text.format(
            **{name: self._figure(row.get(column), kind) for name, (column, kind) in REASON_FIGURES.items() if name in named}
        )

    def _figure(self, value: Any, kind: str) -> str:
        match kind:
            case "count":
                return self.count(value)
            case "money":
                return self.money(value)
            case "day":
                return self.notation.day(value)
            case "month":
                return self.notation.month(value)
            case "plain":
                return str(value)
        return ", ".join(self.term(kind, part) for part in str(value).split(", "))

    @cached_property
    def _reasons(self) -> dict[str, dict[str, Any]]:
        """Code -> its texts."""
        if not self.figures.has("kpi.kpi_reasons", "text_en", "text_nl"):
            return {}
        return {row["reason_code"]: row for row in self.figures.raw("select * from kpi.kpi_reasons")}

    @cached_property
    def _reasons_by_sentence(self) -> dict[str, dict[str, Any]]:
        return {row["text_en"]: row for row in self._reasons.values()}

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
        if unit not in ("share", "points", "days", "percent"):
            digits = None
        if unit == "share":
            return self.notation.share(value, 1 if digits is None else digits)
        if unit == "points":
            return self.points(value, digits)
        if unit == "days":
            return self.t("units.days", count=self.notation.number(value, 1 if digits is None else digits))
        if unit == "months":
            return self.t("units.months", count=self.notation.number(value))
        if unit == "percent":
            return f"{self.notation.number(value, 1 if digits is None else digits)}%"
        return self.notation.number(value, digits if digits is not None else 0 if Decimal(str(value)) % 1 == 0 else 1)

    def points(self, value: Any, digits: int | None = None) -> str:
        """What lies between two shares, with its sign: a percentage of nothing, which would read as a share itself."""
        return self.t("units.points", number=self.notation.number(Decimal(str(value)) * 100, 1 if digits is None else digits, signed=True))

    def column(self, key: str, table: str = "", **changes: Any) -> Column:
        """A column whose kind follows from its name, as the house names them; of one that the night tells in two languages, this one."""
        kind, vocabulary, digits = kind_of(key)
        if kind == "text" and key in self.figures.definitions:
            kind = KINDS_OF_UNITS.get(self.figures.definitions[key]["unit"], "number")
        settings = {
            "label": self.label(key, table),
            "kind": kind,
            "vocabulary": vocabulary,
            "digits": digits,
            "signed": bool(CHANGES.search(key)),
        } | changes
        if self.code == "nl" and self.figures.has(table, f"{key}_nl"):
            key = f"{key}_nl"
        elif key in WRITTEN_IN_ENGLISH:
            settings["lang"] = "en"
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
            case "points":
                return self.points(value, column.digits)
            case "percent":
                return f"{self.notation.number(value, 1, column.signed)}%"
            case "days":
                return self.notation.number(value, 1 if column.digits is None else column.digits, column.signed)
            case "date":
                return self.notation.day(value) if isinstance(value, date | datetime) else str(value)
            case "month" | "quarter":
                return getattr(self.notation, column.kind)(value) if isinstance(value, date | datetime) else str(value)
            case "flag":
                return self.t("yes") if value else self.t("no")
            case "code":
                return self.term(column.vocabulary, value)
            case "salesperson":
                return self.figures.salesperson_name(str(value)) or self.term(column.vocabulary, value)
            case "team":
                return self.term("segment", value)
            case "kpi":
                return self.kpi(str(value))
            case "reason":
                return self.reason(str(value))
        return str(value)

    def csv_value(self, value: Any, column: Column) -> Any:
        """A value for the CSV: numbers and days as they are, words in this language."""
        return self.cell(value, column) if column.kind in ("code", "kpi", "reason", "salesperson", "team") and value is not None else value


#: Columns whose texts the night writes in English; for some it has a column in Dutch beside it.
WRITTEN_IN_ENGLISH = frozenset({"evidence", "check_name", "table_name", "expected", "rule"})
