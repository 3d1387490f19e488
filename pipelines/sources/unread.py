"""What an expression of a company's file could not read: a text that is not as declared must not become a value without a word.

``number('abc')`` is empty, and so is what is computed with it; ``coalesce(number(Tax), 0)`` is 0 whether there was no tax or an unreadable
one. An expression is therefore evaluated some times more, with other values in the place of what was not read: where the results differ
from one another or from the first, the row rests on it and goes to quarantine. A comparison with what was not read is no once and yes
once, because few values meet what they are compared with. Where the results are the same (a branch that is not taken, a test ``is null``
of what was read, another reading of the same columns that succeeds), nothing was lost.
Keep out: what a text reads as in a notation (``values.py``).
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from pipelines.sources.expressions import nodes_of, text_of, tree_of

#: Functions of the notation that are empty where a text is not as declared -> values of their type: two far apart, and one that fits
#: wherever such a value can stand (a number as a month).
READINGS = {
    "plain": ("'-12345.678'", "'98765.432'", "'7'"),
    "number": tuple(f"cast({value} as decimal(38,6))" for value in ("-12345.678", "98765.432", "7")),
    "day": ("date '1999-01-31'", "date '2030-12-01'", "date '2024-02-15'"),
    "moment": ("timestamp '1999-01-31 01:00:00'", "timestamp '2030-12-01 13:00:00'", "timestamp '2024-02-15 07:00:00'"),
    "flag": ("false", "true", "true"),
}
#: Way -> what a comparison with something that was not read is; of the last, what it is with the value.
WAYS = {"low": "false", "high": "true", "near": None}
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
        f"case when {_is_unread(tree, call, condition)} then filled({_alone_text(tree, call['children'][0])}) end": None
        for call, condition in zip(calls, alone, strict=True)
    }
    texts = f"nullif(concat_ws(', ', {', '.join(unread)}), '')"
    return f"case when {texts} is not null and {_differ(expression, [f'try({text})' for text in results])} then {texts} end"


def _differ(expression: str, results: list[str]) -> str:
    return "(" + " or ".join(f"{result} is distinct from ({expression})" for result in results) + ")"


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


def _is_unread(tree: dict, call: dict, is_alone: str) -> str:
    argument = _alone_text(tree, call["children"][0])
    return f"{call['function_name']}({argument}) is null and filled({argument}) is not null and ({is_alone})"


def _otherwise(tree: dict, alone: list[str], way: str) -> str:
    """The expression with another value in the place of what was not read, and another answer in that of a comparison with it."""
    other = deepcopy(tree)
    calls = _calls(other)
    unread = {id(call): _is_unread(tree, call, condition) for call, condition in zip(calls, alone, strict=True)}
    compared = [item for item in nodes_of(other) if str(item.get("type")).startswith("COMPARE_") and "class" in item]
    for call, condition in zip(calls, alone, strict=True):
        call["function_name"] = f"{call['function_name'].lower()}_{way}"
        call["children"].append(_node(condition))
    # From within: what a comparison is made of may hold another one.
    for item in reversed(compared):
        conditions = {f"({unread[id(node)]})": None for node in nodes_of(item) if id(node) in unread}
        if conditions and WAYS[way]:
            answer, comparison = _node(f"case when {' or '.join(conditions)} then {WAYS[way]} end"), dict(item)
            item.clear()
            item.update(answer | {"else_expr": comparison})
    return text_of(other)


def _node(expression: str) -> dict:
    return tree_of(expression)["statements"][0]["node"]["select_list"][0]
