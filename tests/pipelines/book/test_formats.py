"""Numbers, amounts and days as each language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipelines.book.formats import EMPTY, MINUS, NOTATIONS

ENGLISH, DUTCH = NOTATIONS["en"], NOTATIONS["nl"]
MILLION, THOUSAND = "\u202fmln", "k"


def test_a_word_beside_a_number_is_that_of_cldr() -> None:
    text = "{count} {count:dag|dagen}"
    written = [
        text.format(count=DUTCH.number(value, digits)) for value, digits in ((1, 0), (0, 0), (2, 0), (1001, 0), (1, 1), (-1, 0), (None, 0))
    ]
    assert written == ["1 dag", "0 dagen", "2 dagen", "1.001 dagen", "1,0 dagen", f"{MINUS}1 dag", f"{EMPTY} dagen"]


@pytest.mark.parametrize(
    ("value", "digits", "english", "dutch"),
    [
        (Decimal("1234.5"), 1, "1,234.5", "1.234,5"),
        (Decimal("0.25"), 1, "0.3", "0,3"),
        (Decimal("-0.04"), 1, "0.0", "0,0"),
        (Decimal("-1234567.891"), 2, f"{MINUS}1,234,567.89", f"{MINUS}1.234.567,89"),
        (None, 0, EMPTY, EMPTY),
    ],
)
def test_number_has_the_signs_of_its_language(value, digits, english, dutch) -> None:
    assert (ENGLISH.number(value, digits), DUTCH.number(value, digits)) == (english, dutch)


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (Decimal("6350000"), "€6.35m", f"€\u00a06,35{MILLION}"),
        (Decimal("999600"), "€1.00m", f"€\u00a01,00{MILLION}"),
        (Decimal("745120"), "€745k", f"€\u00a0745{THOUSAND}"),
        (Decimal("-24300"), f"{MINUS}€24.3k", f"{MINUS}€\u00a024,3{THOUSAND}"),
        (Decimal("9999.4"), "€9,999", "€\u00a09.999"),
    ],
)
def test_short_amount_keeps_three_digits(value, english, dutch) -> None:
    assert (ENGLISH.short_money(value, "EUR"), DUTCH.short_money(value, "EUR")) == (english, dutch)


def test_currency_without_a_sign_is_named() -> None:
    assert ENGLISH.money(1200, "SEK") == "SEK\u00a01,200"


def test_share_is_a_percentage_and_a_rise_has_its_sign() -> None:
    assert ENGLISH.share(Decimal("0.2169"), 1) == "21.7%"
    assert DUTCH.share(Decimal("0.301"), 1, signed=True) == "+30,1%"


def test_days_and_months_are_words_of_the_language() -> None:
    assert (ENGLISH.day(date(2026, 3, 1)), DUTCH.day(date(2026, 3, 1))) == ("1 Mar 2026", "1 mrt 2026")
    assert (ENGLISH.quarter(date(2026, 12, 31)), DUTCH.quarter(date(2026, 12, 31))) == ("Q4 2026", "Q4 2026")
