"""For every declared notation: what is written in it comes back exactly, and everything else is quarantined.

The values of an example go through one file, because a file costs more than a thousand values.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import deque
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.company import HostileCompany, document

pytestmark = pytest.mark.slow

SIGNS = [(point, thousands) for point in ".," for thousands in ("", ".", ",", " ", "'", "\u00a0", "\u202f", "\u2019") if point != thousands]
FORMATS = [
    "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d %H:%M", "%d%m%Y", "%y-%m-%d", "week of %d/%m/%Y",
]  # fmt: skip
#: Separators of Unicode, which stand around a value without belonging to it.
BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
amounts = st.decimals(min_value=-(10**13), max_value=10**13, places=4, allow_nan=False, allow_infinity=False)
notations = st.builds(
    lambda signs, sizes: {"decimal_sign": signs[0], "thousands_sign": signs[1], "group_sizes": sizes},
    st.sampled_from(SIGNS),
    st.sampled_from([[3], [3, 2], [4]]),
)
tried = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def written(value: Decimal, notation: dict, *, is_grouped: bool) -> str:
    """``value`` as the notation writes it, by counting off digits: another way than the product's regular expression."""
    sign, digits = ("-" if value < 0 else ""), format(abs(value), "f")
    whole, _, decimals = digits.partition(".")
    if is_grouped and notation["thousands_sign"]:
        groups, sizes = [], list(notation["group_sizes"])
        while whole:
            size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
            groups.insert(0, whole[-size:])
            whole = whole[:-size]
        whole = notation["thousands_sign"].join(groups)
    return sign + whole + (notation["decimal_sign"] + decimals if decimals else "")


def read(column: str, texts: list[str], notation: dict, ranges: dict | None = None) -> list:
    """The value of each text after landing and loading; None where it is in quarantine."""
    good = {"number": "", "customer": "A", "issued": "2025-01-02", "net": "1", "gross": "1"}
    made = document(
        {"delivered_on": None},
        {"issued_date": "issued" if column == "issued" else "date '2025-01-02'"},
        notation=notation,
        date_ranges=ranges or {},
    )
    made["last_complete_day"] = "invoices.due_date"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(good)
    writer.writerows((good | {"number": f"n{number}", column: text}).values() for number, text in enumerate(texts))
    with TemporaryDirectory() as folder:
        company = HostileCompany(Path(folder), made)
        company.write("ledger.csv", out.getvalue())
        rows = {row[0]: row[{"issued": 2, "gross": 4}[column]] for row in company.night().rows}
    return [rows.get(f"n{number}") for number in range(len(texts))]


@tried
@given(notations, st.lists(amounts, min_size=100, max_size=200), st.booleans())
def test_number_in_its_notation_comes_back_exactly(notation: dict, values: list[Decimal], is_grouped: bool) -> None:
    texts = [written(value, notation, is_grouped=is_grouped) for value in values]
    assert read("gross", texts, notation) == values


@tried
@given(notations, st.lists(st.text("0123456789.,' -+eE\u00a0\u202f\u2019", min_size=1, max_size=12), min_size=100, max_size=200))
def test_text_of_signs_is_a_number_only_where_the_notation_writes_it_so(notation: dict, texts: list[str]) -> None:
    """Whatever is read is written back to what stood there: with its groups or without them, a sign and leading zeros apart."""
    for text, value in zip(texts, read("gross", texts, notation), strict=True):
        if value is None:
            continue
        bare = text.strip(BLANKS).lstrip("+-")
        ways = {written(abs(value), notation, is_grouped=is_grouped) for is_grouped in (True, False)}
        point = notation["decimal_sign"]
        shape = bare.partition(point)
        assert not shape[2] or shape[2].isdigit()
        whole = {way.partition(point)[0].lstrip("0") for way in ways}
        plain = shape[0].lstrip("0" + notation["thousands_sign"]) if shape[0].startswith("0") else shape[0]
        assert plain in whole or shape[0].replace(notation["thousands_sign"], "").lstrip("0") in {
            way.replace(notation["thousands_sign"], "") for way in whole
        }
        groups = shape[0].split(notation["thousands_sign"]) if notation["thousands_sign"] else [shape[0]]
        sizes = [notation["group_sizes"][min(place, len(notation["group_sizes"]) - 1)] for place in range(len(groups))][::-1]
        assert len(groups) == 1 or all(len(group) == size for group, size in zip(groups[1:], sizes[1:], strict=True))
        assert len(groups) == 1 or 1 <= len(groups[0]) <= sizes[0]


days = st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31))


@tried
@given(st.sampled_from(FORMATS), st.lists(days, min_size=100, max_size=200))
def test_day_in_its_format_comes_back_exactly(date_format: str, values: list[date]) -> None:
    texts = [value.strftime(date_format) for value in values]
    assert read("issued", texts, {"date_format": date_format}) == values


@tried
@given(
    st.sampled_from(FORMATS),
    st.lists(st.text("0123456789./-: ", min_size=1, max_size=12), min_size=100, max_size=200),
    st.lists(days, min_size=1, max_size=20),
)
def test_text_is_a_day_only_where_the_format_writes_it_so(date_format: str, texts: list[str], others: list[date]) -> None:
    """Random signs, and days written in every other format: read only where this format writes the same day so, zeros apart."""
    texts = texts + [other.strftime(foreign) for other in others for foreign in FORMATS if foreign != date_format]
    for text, value in zip(texts, read("issued", texts, {"date_format": date_format}), strict=True):
        if value is not None:
            written_back = (
                value.strftime(date_format)
                .replace(" 0", " ")
                .replace("/0", "/")
                .replace("-0", "-")
                .replace(".0", ".")
                .replace(":0", ":")
                .lstrip("0")
            )
            assert (
                text.strip(BLANKS)
                .replace(" 0", " ")
                .replace("/0", "/")
                .replace("-0", "-")
                .replace(".0", ".")
                .replace(":0", ":")
                .lstrip("0")
                == written_back
            )


@tried
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cn",), exclude_characters="\0\r\n"), max_size=20),
        min_size=50,
        max_size=100,
    )
)
def test_any_text_comes_back_as_it_was_or_is_blank(texts: list[str]) -> None:
    """Ids of any sign survive landing and loading; only signs that say nothing at either end go, and what is nothing else is empty."""

    def says_nothing(sign: str) -> bool:
        return sign.isspace() or unicodedata.category(sign) in ("Zs", "Zl", "Zp", "Cc", "Cf")

    def as_meant(text: str) -> str | None:
        signs = deque(unicodedata.normalize("NFC", text))
        while signs and says_nothing(signs[0]):
            signs.popleft()
        while signs and says_nothing(signs[-1]):
            signs.pop()
        return "".join(signs) or None

    with TemporaryDirectory() as folder:
        company = HostileCompany(Path(folder))
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["number", "customer", "issued", "net", "gross"])
        writer.writerows([f"n{number}", text, "2025-01-02", "1", "1"] for number, text in enumerate(texts))
        company.write("2025-01-03.csv", out.getvalue())
        rows = {row[0]: row[1] for row in company.night().rows}
    for number, text in enumerate(texts):
        assert rows.get(f"n{number}") == as_meant(text)


def test_days_of_a_century_in_one_file() -> None:
    """Every single day, once, in the format that confuses most."""
    values = [date(1970, 1, 1) + timedelta(days=number) for number in range(36_000)]
    assert read("issued", [value.strftime("%d%m%Y") for value in values], {"date_format": "%d%m%Y"}) == values
