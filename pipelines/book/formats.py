"""How a language writes numbers, amounts, days and months: as CLDR has it, by Babel. Keep out: words (``texts/``) and any computation
of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, get_currency_symbol, parse_pattern

#: What stands where a figure has no value.
EMPTY = "\u2013"
MINUS = "\u2212"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"


class Counted(str):
    """A written number that chooses the word beside it, by the plural rules of CLDR: ``{count} {count:invoice|invoices}``."""

    number: Decimal
    locale: Locale

    def __format__(self, spec: str) -> str:
        one, bar, other = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self.locale.plural_form(self.number) == "one" else other


@dataclass(frozen=True)
class Notation:
    """``code`` is the CLDR locale; ``locale`` the name of the chart library's rule set. CLDR shortens a million to ``M`` and ``mln.``:
    on a card that stands for metres and ends a sentence, so that these two are the house's."""

    code: str
    locale: str
    csv_delimiter: str
    million: str
    thousand: str = "k"

    @cached_property
    def _cldr(self) -> Locale:
        return Locale.parse(self.code)

    @property
    def decimal_sign(self) -> str:
        return self._cldr.number_symbols["latn"]["decimal"]

    @property
    def thousands_sign(self) -> str:
        return self._cldr.number_symbols["latn"]["group"]

    @property
    def months(self) -> tuple[str, ...]:
        """The months as they are shortened, from January on."""
        return tuple(self._cldr.months["format"]["abbreviated"].values())

    def number(self, value: object, digits: int = 0, signed: bool = False) -> Counted:
        """``1234.56`` as ``1,234.6`` or ``1.234,6``; halves are rounded away from zero, as people do."""
        if value is None:
            return self._counted(EMPTY, Decimal(0))
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        text = _pattern(digits).apply(abs(rounded), self._cldr)
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        return self._counted(sign + text, rounded)

    def _counted(self, text: str, number: Decimal) -> Counted:
        counted = Counted(text)
        counted.number, counted.locale = number, self._cldr
        return counted

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
        return self._date(value, "d MMM y")

    def month(self, value: date | datetime | None) -> str:
        return self._date(value, "LLL y")

    def quarter(self, value: date | datetime | None) -> str:
        """``Q4 2025`` in both languages: Dutch finance writes Q, where CLDR has K."""
        return EMPTY if value is None else f"Q{(value.month - 1) // 3 + 1} {value.year}"

    def year(self, value: date | datetime | None) -> str:
        return EMPTY if value is None else str(value.year)

    @cache  # noqa: B019 - two notations, as long as the process
    def symbol(self, currency: str) -> str:
        """The sign of a currency with the space that it asks for: ``€`` in English, ``€ `` in Dutch, ``SEK `` where there is none."""
        symbol = get_currency_symbol(currency, locale=self._cldr)
        is_apart = symbol[-1:].isalpha() or "\u00a4" + NO_BREAK_SPACE in self._cldr.currency_formats["standard"].pattern
        return symbol + NO_BREAK_SPACE * is_apart

    def _date(self, value: date | datetime | None, pattern: str) -> str:
        return EMPTY if value is None else format_date(value, pattern, locale=self._cldr)

    def _with_symbol(self, text: str, currency: str) -> str:
        """The sign of the amount stands before that of the currency in both languages: columns of amounts align."""
        sign = text[0] if text[:1] in (MINUS, "+") else ""
        return f"{sign}{self.symbol(currency)}{text.removeprefix(sign)}"


@cache
def _pattern(digits: int) -> NumberPattern:
    return parse_pattern("#,##0" + "." * (digits > 0) + "0" * digits)


NOTATIONS = {"en": Notation("en", "en-GB", ",", "m"), "nl": Notation("nl", "nl-NL", ";", f"{NARROW_SPACE}mln")}
