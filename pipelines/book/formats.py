"""How a language writes numbers, amounts, days and months. Keep out: words (``texts/``) and any computation of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

#: What stands where a figure has no value.
EMPTY = "\u2013"
MINUS = "\u2212"
NARROW_SPACE = "\u202f"

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True)
class Notation:
    """The signs of one language; ``locale`` is the name of the chart library's rule set."""

    code: str
    locale: str
    decimal_sign: str
    thousands_sign: str
    months: tuple[str, ...]
    csv_delimiter: str
    million: str
    thousand: str

    def number(self, value: object, digits: int = 0, signed: bool = False) -> str:
        """``1234.56`` as ``1,234.6`` or ``1.234,6``; halves are rounded away from zero, as people do."""
        if value is None:
            return EMPTY
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        text = f"{abs(rounded):,.{digits}f}"
        text = text.translate(str.maketrans({",": self.thousands_sign, ".": self.decimal_sign}))
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        return sign + text

    def money(self, value: object, currency: str, digits: int = 0, signed: bool = False) -> str:
        if value is None:
            return EMPTY
        return self._with_symbol(self.number(value, digits, signed), currency)

    def short_money(self, value: object, currency: str, signed: bool = False) -> str:
        """``€6.35m``, ``€745k``: for cards and labels, where three digits are enough."""
        if value is None:
            return EMPTY
        size = abs(Decimal(str(value)))
        if size >= 999_500:
            scaled, unit = Decimal(str(value)) / 1_000_000, self.million
        elif size >= 10_000:
            scaled, unit = Decimal(str(value)) / 1_000, self.thousand
        else:
            return self.money(value, currency, 0, signed)
        digits = max(0, 2 - (len(str(int(abs(scaled)))) - 1))
        return self._with_symbol(self.number(scaled, digits, signed) + unit, currency)

    def share(self, value: object, digits: int = 1, signed: bool = False) -> str:
        """A share between 0 and 1 as a percentage."""
        if value is None:
            return EMPTY
        return self.number(Decimal(str(value)) * 100, digits, signed) + "%"

    def day(self, value: date | datetime | None) -> str:
        return EMPTY if value is None else f"{value.day} {self.months[value.month - 1]} {value.year}"

    def month(self, value: date | datetime | None) -> str:
        return EMPTY if value is None else f"{self.months[value.month - 1]} {value.year}"

    def quarter(self, value: date | datetime | None) -> str:
        return EMPTY if value is None else f"{'Q' if self.code == 'en' else 'K'}{(value.month + 2) // 3} {value.year}"

    def _with_symbol(self, text: str, currency: str) -> str:
        """Dutch sets a space behind the sign: ``€ 1.234``; English does not: ``€1,234``."""
        symbol = SYMBOLS.get(currency, f"{currency}\u00a0")
        gap = "\u00a0" if self.code == "nl" and not symbol.endswith("\u00a0") else ""
        sign = text[0] if text[:1] in (MINUS, "+") else ""
        return f"{sign}{symbol}{gap}{text.removeprefix(sign)}"


NOTATIONS = {
    "en": Notation(
        "en",
        "en-GB",
        ".",
        ",",
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ",",
        "m",
        "k",
    ),
    "nl": Notation(
        "nl",
        "nl-NL",
        ",",
        ".",
        ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
        ";",
        f"{NARROW_SPACE}mln",
        "k",
    ),
}
