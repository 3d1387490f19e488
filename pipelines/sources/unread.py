"""What an expression of a company's file could not read: a text that is not as declared must not become a value without a word.

``number('abc')`` is empty, and so is what is computed with it; ``coalesce(number(Tax), 0)`` is 0 whether there was no tax or an unreadable
one. An expression is therefore evaluated twice more, with two other values in the place of what was not read: where the results differ
from one another or from the first, the row rests on it and goes to quarantine. Where they do not (a branch that is not taken, a test
``is null`` of what was read, another reading of the same columns that succeeds), nothing was lost.
Keep out: what a text reads as in a notation (``values.py``).
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from pipelines.sources.expressions import nodes_of, text_of, tree_of

#: Functions of the notation that are empty where a text is not as declared -> two values of their type.
READINGS = {
    "plain": ("'-1'", "'7'"),
    "number": ("cast(-1 as decimal(38,6))", "cast(7 as decimal(38,6))"),
    "day": ("date '1999-01-31'", "date '2030-12-01'"),
    "moment": ("timestamp '1999-01-31 01:00:00'", "timestamp '2030-12-01 13:00:00'"),
    "flag": ("false", "true"),
}
WAYS = ("low", "high")
#: Operators that ask whether something was read at all.
_TESTS = ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL")


def reading_macros() -> dict[str, str]:
    """Macro name -> its SQL over ``x`` and ``is_alone``, whether no other reading of the same columns succeeded."""
    return {
        f"{function}_{way}": f"coalesce({function}(x), case when filled(x) is not null and is_alone then {value} end)"
        for function, values in READINGS.items()
        for way, value in zip(WAYS, values, strict=True)
    }


@cache
def unread_sql(expression: str, *, is_grouped: bool) -> str | None:
    """SQL of the texts that an expression rests on and could not read, null where there is none; None where it reads nothing.

    Of a group, whose texts stand in several rows, it says only that there are such texts.
    """
    tree = tree_of(expression)
    calls = _calls(tree)
    if not calls:
        return None
    alone = [_is_alone(tree, call, calls) for call in calls]
    results = [f"({_otherwise(tree, alone, way)})" for way in WAYS]
    if is_grouped:
        return f"case when {_differ(expression, results)} then '(a row of the group)' end"
    unread = {
        f"case when {call['function_name']}({argument}) is null and ({condition}) then filled({argument}) end": None
        for call, condition in zip(calls, alone, strict=True)
        for argument in [_alone_text(tree, call["children"][0])]
    }
    texts = f"nullif(concat_ws(', ', {', '.join(unread)}), '')"
    return f"case when {texts} is not null and {_differ(expression, [f'try({text})' for text in results])} then {texts} end"


def _differ(expression: str, results: list[str]) -> str:
    low, high = results
    return f"({low} is distinct from {high} or {low} is distinct from ({expression}))"


def _calls(tree: dict) -> list[dict]:
    """The calls that read, but for those of which is only asked whether they did."""
    asked = [id(child) for item in nodes_of(tree) if item.get("type") in _TESTS for child in item["children"]]
    return [
        item
        for item in nodes_of(tree)
        if item.get("class") == "FUNCTION"
        and item["function_name"].lower() in READINGS
        and not item.get("schema")
        and id(item) not in asked
    ]


def _columns(node: dict) -> set[tuple[str, ...]]:
    return {tuple(item["column_names"]) for item in nodes_of(node) if item.get("class") == "COLUMN_REF"}


def _is_alone(tree: dict, call: dict, calls: list[dict]) -> str:
    """SQL that says whether no other reading of the same columns gave a value."""
    own = _alone_text(tree, call)
    others = {_alone_text(tree, other) for other in calls if _columns(other) == _columns(call)} - {own}
    return " and ".join(f"{other} is null" for other in sorted(others)) or "true"


def _alone_text(tree: dict, node: dict) -> str:
    other = deepcopy(tree)
    other["statements"][0]["node"]["select_list"] = [node]
    return text_of(other)


def _otherwise(tree: dict, alone: list[str], way: str) -> str:
    """The expression with another value in the place of what was not read."""
    other = deepcopy(tree)
    for call, condition in zip(_calls(other), alone, strict=True):
        call["function_name"] = f"{call['function_name'].lower()}_{way}"
        call["children"].append(tree_of(condition)["statements"][0]["node"]["select_list"][0])
    return text_of(other)
