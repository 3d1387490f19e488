"""What the values of a column look like, and in which notation the numbers and days of a file are written.

A notation is chosen because all values fit; the row that rules the other readings out is named, and so are those that contradict.
Keep out: what a column means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.companies.delivered import Notation
from pipelines.drafting.tables import Table
from pipelines.sources.contracts import known_currencies
from pipelines.sources.values import date_pattern, number_pattern

DAY_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%d-%m-%y", "%d/%m/%y",
               "%m/%d/%y", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y")  # fmt: skip
INSTANT_FORMATS = tuple(
    f"{day}{between}{clock}"
    for day in DAY_FORMATS[:8]
    for between in (" ", "T")
    for clock in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%H:%M:%SZ", "%H:%M:%S.%fZ", "%H:%M:%S%z", "%I:%M %p")
)
#: Decimal sign and thousands sign, the plainer first.
NUMBER_SIGNS = (
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (",", " "),
    (",", "\u00a0"),
    (",", "\u202f"),
    (".", " "),
    (".", "'"),
    (".", "\u2019"),
)
FLAGS = {"true", "false", "yes", "no", "y", "n", "ja", "nee", "nein", "oui", "non", "0", "1", "j", "x", "t", "f"}
#: A column is of a kind when so much of what is filled in it is; what is not is named as a contradiction.
MOST = 0.9
CURRENCY = re.compile(r"[A-Z]{3}")
NULLS = {"null", "none", "n/a", "na", "nan", "-", "\\n", "#n/a"}


@dataclass
class Reading:
    """How the numbers and days of a file are written. ``because`` and ``contradictions`` are sentences with a row in them."""

    notation: dict[str, object] = field(default_factory=dict)
    because: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


def kind_of(values: list[str]) -> str:
    """``empty``, ``instant``, ``day``, ``number``, ``flag``, ``currency``, ``iban``, ``vat_id`` or ``text``, by what most values are."""
    values = [value.strip() for value in values if value.strip().lower() not in NULLS][:1000]
    if not values:
        return "empty"
    distinct = {value.lower() for value in values}
    if (distinct <= FLAGS and len(distinct) <= 2 and not distinct <= {"0", "1"}) or distinct == {"0", "1"}:
        return "flag"
    if _share(values, lambda value: bool(fitting_days(value))) >= MOST and not all(value.isdigit() for value in values):
        return "day"
    if all(len(value) == 8 for value in values) and _share(values, lambda value: "%Y%m%d" in fitting_days(value)) >= MOST:
        return "day"
    if _share(values, lambda value: bool(_fitting(value, INSTANT_FORMATS))) >= MOST:
        return "instant"
    if _share(values, lambda value: any(_is_number(value, signs) for signs in NUMBER_SIGNS)) >= MOST:
        return "number"
    if _share(values, lambda value: bool(CURRENCY.fullmatch(value))) == 1 and set(known_currencies()) >= set(values):
        return "currency"
    from stdnum import iban
    from stdnum.eu import vat

    if _share(values[:200], iban.is_valid) >= MOST:
        return "iban"
    if _share(values[:200], lambda value: len(value) > 7 and vat.is_valid(value)) >= MOST:
        return "vat_id"
    return "text"


def fitting_days(value: str) -> list[str]:
    """The formats of days that ``value`` is written in."""
    return _fitting(value.strip(), DAY_FORMATS)


def _fitting(value: str, formats: Iterable[str]) -> list[str]:
    if not 6 <= len(value) <= 40 or not any(sign.isdigit() for sign in value):
        return []
    return [item for item in formats if _PATTERNS[item].fullmatch(value) and _parses(value, item)]


_PATTERNS = {item: re.compile(date_pattern(item)) for item in (*DAY_FORMATS, *INSTANT_FORMATS)}


def _parses(value: str, item: str) -> bool:
    try:
        datetime.strptime(value, item)
    except ValueError:
        return False
    return True


def reading_of(table: Table, kinds: dict[str, str]) -> Reading:
    """The notation of a file whose columns are of ``kinds``; one for all its columns."""
    reading = Reading()
    if table.is_typed:
        return reading
    _decide(reading, table, [column for column, kind in kinds.items() if kind == "day"], DAY_FORMATS, "date_format")
    _decide(reading, table, [column for column, kind in kinds.items() if kind == "instant"], INSTANT_FORMATS, "timestamp_format")
    if "timestamp_format" in reading.notation:
        # A day may be read from an instant.
        reading.notation.setdefault("date_format", reading.notation["timestamp_format"])
    _decide_signs(reading, table, [column for column, kind in kinds.items() if kind == "number"])
    flags = {value.strip().lower() for column, kind in kinds.items() if kind == "flag" for value in table.values(column)}
    if flags - {"true", "false", "yes", "no", "0", "1"}:
        true = sorted(flags & {"true", "yes", "y", "ja", "oui", "1", "j", "x", "t"})
        false = sorted(flags & {"false", "no", "n", "nee", "nein", "non", "0", "f"})
        reading.notation |= {"true_values": true or ["true"], "false_values": false or ["false"]}
    nulls = sorted({v.strip() for c in kinds for v in table.values(c) if v.strip().lower() in NULLS and v.strip() != "-"})
    if nulls:
        reading.notation["null_values"] = nulls
    return reading


def _decide(reading: Reading, table: Table, columns: list[str], formats: tuple[str, ...], key: str) -> None:
    """One format of days or instants for all ``columns``: the one that most values are written in."""
    cells = [(column, number, value.strip()) for column in columns for number, value in _numbered(table, column)]
    if not cells:
        return
    fits = {value: set(_fitting(value, formats)) for value in {value for _, _, value in cells}}
    counts = {item: sum(item in fits[value] for _, _, value in cells) for item in formats}
    best = max(counts, key=counts.__getitem__)
    if counts[best] == 0:
        return
    rivals = [item for item in formats if item != best and counts[item] == counts[best]]
    reading.notation[key] = best
    if rivals:
        reading.questions.append(
            f"{key}: every value fits {best} as well as {', '.join(rivals)} (such as {cells[0][2]!r} in {cells[0][0]}): which is it?"
        )
    else:
        runner_up = max((item for item in formats if item != best), key=counts.__getitem__)
        decisive = next((cell for cell in cells if best in fits[cell[2]] and runner_up not in fits[cell[2]]), None)
        if counts[runner_up] and decisive:
            reading.because.append(f"{key} {best}: row {decisive[1]}, {decisive[0]} {decisive[2]!r} is no {runner_up}")
    for column, number, value in [cell for cell in cells if best not in fits[cell[2]] and cell[2].lower() not in NULLS][:3]:
        reading.contradictions.append(f"row {number}, {column} {value!r} is not written as {best}")


def _decide_signs(reading: Reading, table: Table, columns: list[str]) -> None:
    """Decimal and thousands sign: the plainest pair that most values fit, and that no other reading contradicts."""
    cells = [(column, number, value.strip()) for column in columns for number, value in _numbered(table, column)]
    counts = {signs: sum(_is_number(value, signs) for _, _, value in cells) for signs in NUMBER_SIGNS}
    if not cells or not max(counts.values()):
        return
    most = max(counts.values())
    best = next(signs for signs in NUMBER_SIGNS if counts[signs] == most)
    # '1.234' alone may be a thousand and more, or one and a bit.
    grouped = [cell for cell in cells if re.fullmatch(r"[-+]?\d{1,3}([.,])\d{3}", cell[2]) and cell[2].lstrip("+-")[0] != "0"]
    with_sign = [cell for cell in cells if re.search(r"[.,]", cell[2])]
    if grouped and len(grouped) == len(with_sign):
        sign = re.search(r"[.,]", grouped[0][2])[0]
        reading.questions.append(f"{sign!r} in {grouped[0][2]!r} (row {grouped[0][1]}, {grouped[0][0]}): decimals, or thousands?")
    if best != NUMBER_SIGNS[0]:
        decimal, thousands = best
        reading.notation["decimal_sign"] = decimal
        if thousands:
            reading.notation["thousands_sign"] = thousands
        decisive = next((cell for cell in cells if _is_number(cell[2], best) and not _is_number(cell[2], NUMBER_SIGNS[0])), None)
        if decisive:
            reading.because.append(f"decimal sign {decimal!r}: row {decisive[1]}, {decisive[0]} {decisive[2]!r}")
    for column, number, value in [c for c in cells if not _is_number(c[2], best) and c[2].lower() not in NULLS][:3]:
        reading.contradictions.append(f"row {number}, {column} {value!r} is no number with {best[0]!r} as decimal sign")


def _numbered(table: Table, column: str) -> Iterable[tuple[int, str]]:
    return ((number, value) for number, row in enumerate(table.rows, 1) if (value := row.get(column)) and value.strip())


_NUMBERS = {signs: re.compile(number_pattern(Notation(decimal_sign=signs[0], thousands_sign=signs[1]))) for signs in NUMBER_SIGNS}


def _is_number(value: str, signs: tuple[str, str]) -> bool:
    return _NUMBERS[signs].fullmatch(value) is not None


def _share(values: list[str], holds) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0
