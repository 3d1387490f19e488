"""How a delivered value becomes one of its column's type, and when it does not fit: SQL over ``_read`` (``loading.py``), and what was
expected, in words. Keep out: running any of it, and what a text reads as in a notation (``values.py``)."""

from __future__ import annotations

import re
from collections.abc import Mapping as ByName

from pipelines.companies.config import DateRange
from pipelines.companies.delivered import Mapping, Notation
from pipelines.sources.contracts import DATE_RANGES, DATE_TYPES, TEXT_TYPES, Column, Contract
from pipelines.sources.unread import unread_sql
from pipelines.sources.values import loses_digits
from pipelines.warehouse import identifier, literal

#: The last plausible day where the day of delivery is not known.
LAST_DAY = "date '2199-12-31'"
#: A number as a spreadsheet or a program shows it that kept no more digits (1.23457E+11): many numbers look so.
ROUNDED = "-?[0-9](?:[.,][0-9]+)?[eE][+][0-9]{2,3}"
LOST_DIGITS = "an identifier with all its digits; deliver it as a text"
#: Column -> its expression in the contract's type, and the condition under which the value does not fit.
Typed = dict[str, tuple[str, str]]
#: Column and rule -> the condition under which a row breaks it, and SQL of what was expected.
Problems = dict[tuple[str, str], tuple[str, str]]


def read_columns(contract: Contract, types: ByName[str, str]) -> list[str]:
    """Per delivered text, what it reads as; ``types`` are those of the delivered columns."""
    return [
        f"{_function(column)}({identifier(column.name)}) as {_read(column)}"
        for column in contract.columns
        if types.get(column.name) == "VARCHAR"
    ]


def typed_columns(contract: Contract, mapping: Mapping, types: ByName[str, str]) -> Typed:
    """Every column of the contract; one that is not mapped is empty."""
    typed = {}
    for column in contract.columns:
        if column.name not in mapping.columns:
            typed[column.name] = (f"cast(null as {column.engine_type})", "false")
        else:
            value, misfit = _typed(column, types[column.name] == "VARCHAR")
            if _unread(column.name) in types:
                is_unread = f"{unread_of(column.name)} is not null"
                misfit = is_unread if misfit == "false" else f"({misfit} or {is_unread})"
            typed[column.name] = (value, misfit)
    return typed


def shown_value(column: str, types: ByName[str, str]) -> str:
    """What quarantine shows of a delivered column: the texts that were not read, else its value."""
    if column not in types:
        return "cast(null as varchar)"
    value = f"cast({identifier(column)} as varchar)"
    return f"coalesce({unread_of(column)}, {value})" if _unread(column) in types else value


def unread_of(column: str) -> str:
    """What the expression of a column could not read, in ``_delivered`` (``unread.py``)."""
    return identifier(_unread(column))


def _unread(column: str) -> str:
    return f"{column}.unread"


def _typed(column: Column, is_text: bool) -> tuple[str, str]:
    name = identifier(column.name)
    value = _read(column) if is_text else f"try_cast({name} as {column.engine_type})"
    misfit = f"{value} is null"
    if column.type == "currency":
        value = f"upper({value})"
    if column.type == "id" and is_text:
        # The condition before the pattern, because hardly any identifier holds its sign.
        return value, f"(coalesce(strpos({value}, '+') > 0 and regexp_full_match({value}, '{ROUNDED}'), false))"
    if column.type in TEXT_TYPES:
        # A list of constants, in which the engine finds one of many currencies six times as fast as by "in".
        misfit = f"not list_contains([{', '.join(map(literal, column.values))}], {value})" if column.values else "false"
    elif is_text and column.type not in ("boolean", *DATE_TYPES):
        # A cast rounds; a value that loses digits by it is not the value that was delivered.
        value = f"try_cast({_read(column)} as {column.engine_type})"
        scale = re.search(r",(\d+)\)", column.engine_type)
        misfit = f"{value} is null or {loses_digits(_read(column), int(scale[1]) if scale else 0)}"
    elif not is_text and column.type not in ("boolean", *DATE_TYPES):
        misfit += f" or {value} <> {name}"
    if column.type == "month":
        misfit += f" or dayofmonth({value}) <> 1"
    if misfit == "false":
        return value, misfit
    return value, f"(coalesce({misfit}, true) and {f'filled({name})' if is_text else name} is not null)"


def problems_of(contract: Contract, mapping: Mapping, notation: Notation, ranges: ByName[str, DateRange], typed: Typed) -> Problems:
    """What may be wrong with a row of ``typed`` columns."""
    problems: Problems = {}
    no_more = _says_no_more(contract, typed)
    for column in contract.columns:
        value, misfit = typed[column.name]
        expected = literal(_expected(column, mapping, notation))
        if misfit != "false":
            said = literal(LOST_DIGITS) if column.type == "id" and not _reads(column, mapping) else expected
            problems[(column.name, "not_one_of" if column.type == "one_of" else f"not_a_{column.type}")] = (misfit, said)
        if column.is_required:
            condition = f"({value} is null and not {misfit})" if misfit != "false" else f"({value} is null)"
            problems[(column.name, "required")] = (condition + ("" if column.name in contract.key else no_more), expected)
        if column.days is not None and column.name in mapping.columns:
            declared = ranges.get(f"{contract.name}.{column.name}", DateRange())
            problems[(column.name, "outside_range")] = _outside_range(column, declared, value)
    for group in contract.one_of_columns:
        condition = "(" + " and ".join(f"{typed[name][0]} is null" for name in group) + ")"
        problems[(" or ".join(group), "required")] = (condition, literal("one of them filled"))
    return problems


def _says_no_more(contract: Contract, typed: Typed) -> str:
    """SQL that excuses a row that needs nothing but its key."""
    told = contract.says_no_more
    if told is None:
        return ""
    is_told = f"coalesce({typed[told.column][0]} in ({', '.join(map(literal, told.values))}), false)"
    is_empty = " and ".join(f"{value} is null and not {misfit}" for value, misfit in (typed[name] for name in told.empty))
    return f" and not ({is_told} or ({is_empty}))"


def _outside_range(column: Column, declared: DateRange, value: str) -> tuple[str, str]:
    """The plausible days of a column (contracts.py: DATE_RANGES) as a condition, and in words."""
    first, ahead = DATE_RANGES[column.days]
    first = declared.first or first
    ahead = ahead if declared.days_ahead is None else declared.days_ahead
    last = "cast(null as date)" if ahead is None else f"coalesce(_day + {ahead}, {LAST_DAY})"
    condition = f"coalesce(cast({value} as date) < date '{first}' or cast({value} as date) > {last}, false)"
    words = f"'a day from {first}' || coalesce(' to ' || cast({last} as varchar), '')"
    words += " || case when _day is null then '' else ', the delivery being of ' || cast(_day as varchar) end"
    words += " || '; date_ranges may widen it'"
    return condition, words


def _expected(column: Column, mapping: Mapping, notation: Notation) -> str:
    if column.type == "one_of":
        words = "one of " + ", ".join(column.values)
    elif column.type in ("date", "month"):
        words = f"a day as {notation.date_format}" + (", the first of a month" if column.type == "month" else "")
    elif column.type == "timestamp":
        words = f"an instant as {notation.timestamp_format}"
    elif column.type == "boolean":
        words = "one of " + ", ".join(notation.true_values + notation.false_values)
    elif column.type == "currency" and column.values:
        words = "a currency by its code of ISO 4217, such as EUR"
    elif column.type in TEXT_TYPES:
        words = "a text of what is read as declared" if _reads(column, mapping) else "a text"
    else:
        sign = f", thousands sign {notation.thousands_sign!r}" if notation.thousands_sign else ""
        words = f"a number that fits {column.engine_type} with decimal sign {notation.decimal_sign!r}{sign}"
    text = mapping.columns.get(column.name, "")
    return words if re.fullmatch(r'\w+|"[^"]*"', text) or not text else f"{words}, from {' '.join(text.split())}"


def _reads(column: Column, mapping: Mapping) -> bool:
    """Whether the expression of a column reads in the notation."""
    return column.name in mapping.columns and bool(unread_sql(mapping.columns[column.name], is_grouped=bool(mapping.group_by)))


def _function(column: Column) -> str:
    """The function of the notation that reads a text of this column's type."""
    functions = {"boolean": "flag", "timestamp": "moment", "date": "day", "month": "day"}
    return functions.get(column.type, "filled" if column.type in TEXT_TYPES else "plain")


def _read(column: Column) -> str:
    """What a delivered text reads as, in ``_read``; no column of a contract has a point in its name."""
    return identifier(f"{column.name}.read")
