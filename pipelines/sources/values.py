"""Values: the one place that says how delivered text becomes a number, a day, an instant or a flag.

A value is read exactly as its notation says, or not at all: each macro gives null where the text is not, from its first sign
to its last, what was declared. Readers of typed formats write their values by :func:`typed_number` and its neighbours in the
same notation, so that a number is a number whatever text beside it looks like. Keep out: which column is what (``loading.py``).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from pipelines.companies.delivered import DATE_SPECIFIERS, DATE_ZONES, Notation
from pipelines.warehouse import literal

#: Signs that say nothing at either end of a text, and a text of nothing else is no value: separators, control signs, signs without a shape.
BLANKS = r"[\s\p{Z}\p{Cc}\p{Cf}]+"
#: A text that is as it was meant: printable ASCII from its first sign to its last.
PLAIN_TEXT = "[!-~](?:[ -~]*[!-~])?"
ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_INSTANT = ISO_DAY + r" [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"


def number_pattern(notation: Notation) -> str:
    """A regular expression of the numbers of ``notation``: digits, whole or in groups, then the decimal sign and decimals."""
    decimal = re.escape(notation.decimal_sign)
    whole = "[0-9]+"
    if notation.thousands_sign:
        sign = re.escape(notation.thousands_sign)
        *nearer, furthest = notation.group_sizes
        groups = "".join(f"{sign}[0-9]{{{size}}}" for size in reversed(nearer))
        # Nobody writes a zero before a group: 0.125 is a number of another notation, and would be 125.
        first = f"[1-9][0-9]{{0,{furthest - 1}}}"
        # Outward from the decimal sign: the sizes given, then the last one again and again.
        grouped = f"{first}(?:{sign}[0-9]{{{furthest}}})" + (f"*{groups}" if nearer else "+")
        whole = f"(?:{grouped}|{whole})"
    return f"[-+]?(?:{whole}(?:{decimal}[0-9]+)?|{decimal}[0-9]+)"


def date_pattern(date_format: str) -> str:
    """A regular expression of the days or instants of a strptime format: years of four digits, names of letters.

    A part of one or two digits may lose its zero where a sign stands beside it; parts that touch have all their digits.
    """
    parts = re.findall(r"%-?.|[^%]", date_format)
    pattern = ""
    for number, part in enumerate(parts):
        if not part.startswith("%"):
            pattern += re.escape(part)
            continue
        after = parts[number + 1] if number + 1 < len(parts) else ""
        before = parts[number - 1] if number else ""
        touches = any(beside.isdigit() or (beside[:1] == "%" and beside not in ("%%", *DATE_ZONES)) for beside in (before, after))
        loose, tight = DATE_SPECIFIERS[part.replace("-", "")]
        pattern += tight if touches else loose
    return pattern


def notation_macros(notation: Notation, *, is_typed: bool, time_zone: str) -> dict[str, str]:
    """Macro name -> its SQL over ``x``: the functions that a company's mapping may call, and the loader's own.

    ``is_typed``: the source is of a format whose values have types (Parquet, Excel); its days and instants stand as ISO
    text. ``time_zone`` is the company's: an instant with a zone falls on a day of it.
    """

    def texts(values: tuple[str, ...]) -> str:
        return "[" + ", ".join(literal(value.lower()) for value in values) + "]"

    # A letter with its accent, one sign or two, is brought to one (Unicode NFC), since keys are compared by their bytes.
    seen = f"nullif(regexp_replace(nfc_normalize(x), '^{BLANKS}|{BLANKS}$', '', 'g'), '')"
    filled = f"case when regexp_full_match(x, '{PLAIN_TEXT}') then x else {seen} end"
    if notation.null_values:
        filled = f"case when list_contains({texts(notation.null_values)}, lower({filled})) then null else {filled} end"
    digits = "filled(x)"
    if notation.thousands_sign:
        digits = f"replace({digits}, {literal(notation.thousands_sign)}, '')"
    if notation.decimal_sign != ".":
        digits = f"replace({digits}, {literal(notation.decimal_sign)}, '.')"
    plain = f"case when regexp_full_match(filled(x), {literal(number_pattern(notation))}) then {digits} end"
    day = _read_days(notation.date_format, time_zone)
    moment = _read_instants(notation.timestamp_format, notation.time_zone)
    if is_typed:
        day = f"coalesce({_iso_day(time_zone)}, {day})"
        moment = f"coalesce({_iso_instant(notation.time_zone)}, {moment})"
    return {
        "filled": filled,
        "plain": plain,
        # Parsed at 18 digits (30 times as fast as at 38, measured 2026-11), widened so that products do not overflow.
        "number": f"cast(case when not {loses_digits('plain(x)', 6)} then try_cast(plain(x) as decimal(18,6)) end as decimal(38,6))",
        "day": day,
        "moment": moment,
        "flag": f"case when list_contains({texts(notation.true_values)}, lower(filled(x))) then true"
        f" when list_contains({texts(notation.false_values)}, lower(filled(x))) then false end",
        "total": "case when count(*) = count(x) then sum(x) end",
    }


def _read_days(date_format: str, time_zone: str) -> str:
    parsed = _parsed(date_format)
    if any(zone in date_format for zone in DATE_ZONES):
        parsed = f"(cast({parsed} as timestamptz) at time zone {literal(time_zone)})"
    return f"case when regexp_full_match(filled(x), {literal(date_pattern(date_format))}) then cast({parsed} as date) end"


def _read_instants(timestamp_format: str, time_zone: str) -> str:
    parsed = _parsed(timestamp_format)
    if any(zone in timestamp_format for zone in DATE_ZONES):
        parsed = f"cast({parsed} as timestamptz) at time zone 'UTC'"
    elif time_zone != "UTC":
        parsed = f"({parsed} at time zone {literal(time_zone)}) at time zone 'UTC'"
    return f"case when regexp_full_match(filled(x), {literal(date_pattern(timestamp_format))}) then cast({parsed} as timestamp) end"


def _parsed(text_format: str) -> str:
    """What the engine reads by a format; of %z it does not know the Z, by which the most systems write UTC."""
    text = "regexp_replace(filled(x), '([0-9 ])Z', '\\1+00')" if "%z" in text_format else "filled(x)"
    return f"try_strptime({text}, {literal(text_format)})"


def _iso_day(time_zone: str) -> str:
    return (
        f"case when regexp_full_match(filled(x), '{ISO_DAY}') then try_cast(filled(x) as date)"
        f" when regexp_full_match(filled(x), '{ISO_INSTANT}') then cast(try_cast(filled(x) as timestamp) as date)"
        f" when regexp_full_match(filled(x), '{ISO_INSTANT}[+]00')"
        f" then cast(try_cast(filled(x) as timestamptz) at time zone {literal(time_zone)} as date) end"
    )


def _iso_instant(time_zone: str) -> str:
    return (
        f"case when regexp_full_match(filled(x), '{ISO_DAY}|{ISO_INSTANT}')"
        f" then (try_cast(filled(x) as timestamp) at time zone {literal(time_zone)}) at time zone 'UTC'"
        f" when regexp_full_match(filled(x), '{ISO_INSTANT}[+]00') then try_cast(filled(x) as timestamptz) at time zone 'UTC' end"
    )


def loses_digits(plain: str, scale: int) -> str:
    """Whether a number written as text has more decimals than ``scale``, trailing zeros apart: a cast would round it."""
    return (
        f"(case when strpos({plain}, '.') = 0 or length({plain}) - strpos({plain}, '.') <= {scale} then false"
        f" else length(rtrim({plain}, '0')) - strpos({plain}, '.') > {scale} end)"
    )


# ------------------------------------------------------------------------------------------- values of typed formats
def typed_number(value: float | int | Decimal, notation: Notation) -> str:
    """A number as the notation writes it, without thousands signs; a spreadsheet keeps 15 digits of a fraction."""
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", notation.decimal_sign)


def typed_flag(value: bool, notation: Notation) -> str:
    """A flag as the notation writes it."""
    return (notation.true_values if value else notation.false_values)[0]


def typed_day(value: date | datetime) -> str:
    """A day or an instant without a zone in ISO notation; midnight is a day."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
        return value.isoformat(sep=" ")
    return value.strftime("%Y-%m-%d") if value.year >= 1000 else value.isoformat()[:10]


def typed_column_sql(column: str, engine_type: str, notation: Notation) -> str:
    """A column of an engine's type as text in the notation, exactly: numbers, flags, days and instants; null stays null."""
    kind = engine_type.upper()
    text = f"cast({column} as varchar)"
    if kind == "BOOLEAN":
        return f"case when {column} then {literal(notation.true_values[0])} when not {column} then {literal(notation.false_values[0])} end"
    if kind in ("FLOAT", "DOUBLE"):
        # Written out where the digits are the number's own; of a larger one the engine's short form stays, which no number reads.
        fixed = f"case when abs({column}) < 1 then rtrim(rtrim(cast(try_cast({column} as decimal(38,12)) as varchar), '0'), '.') end"
        # Beyond these not every whole number is one of the type: another one may have been meant.
        inexact = f"abs({column}) >= {2**53 if kind == 'DOUBLE' else 2**24}"
        text = f"case when {inexact} and isfinite({column}) then format('{{:.16e}}', cast({column} as double)) else {text} end"
        text = f"case when contains({text}, 'e') then coalesce({fixed}, {text}) when {text} like '%.0' then {text}[:-3] else {text} end"
    if notation.decimal_sign != "." and (kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL")):
        return f"replace({text}, '.', {literal(notation.decimal_sign)})"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"cast({column} at time zone 'UTC' as varchar) || '+00'"
    if kind.startswith("TIMESTAMP"):
        return f"cast(cast({column} as timestamp) as varchar)"
    if kind == "BLOB":
        # Some systems write texts as bytes; what is no UTF-8 stays as the engine shows bytes.
        return f"coalesce(try(decode({column})), {text})"
    return text
