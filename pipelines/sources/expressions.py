"""Expressions of a company's file, parsed by the engine's own parser before any of them runs.

An expression is one scalar expression over delivered columns; ``joins`` is a list of joins with other sources by name. What
else an SQL text can be (a second statement, a file, a function of a table, the clock) is refused with what was found. Parsing
runs nothing. Keep out: which columns there are; the engine answers that when a mapping is bound to its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

from pipelines.warehouse import connect, identifier

#: What the loader defines in the declared notation (see ``values.py``).
NOTATION_FUNCTIONS = ("filled", "plain", "number", "day", "moment", "flag", "total")
#: Functions that read something else than their arguments, or do something.
_OUTSIDE = ("current_setting", "getvariable", "getenv", "version", "current_user", "session_user", "user", "pragma_user_agent", "query")
_CLOCK = ("localtime", "localtimestamp", *(f"current_{part}" for part in ("date", "time", "timestamp")))
_KEPT_OPEN = ExitStack()
_PARTS_OF_A_QUERY = ("where_clause", "having", "qualify", "sample")


@cache
def check_expression(text: str) -> None:
    """Raises ValueError when ``text`` is anything but one scalar expression over columns."""
    node = _parse(f"select (\n{text}\n)", text)
    items = node["select_list"]
    if len(items) != 1 or node["from_table"]["type"] != "EMPTY" or _has_more(node):
        raise ValueError(f"expected one expression over the delivered columns; got {_shown(text)}")
    _check_nodes(node, text, sources=None)


def check_joins(source: str, joins: str, sources: list[str]) -> None:
    """Raises ValueError when ``joins`` is anything but joins of ``source`` with other ``sources`` or selections of them."""
    node = _parse(f"select 1 from {identifier(source)} \n{joins}\n", joins)
    if node["from_table"]["type"] != "JOIN" or _has_more(node):
        raise ValueError(f"expected joins with other sources; got {_shown(joins)}")
    _check_nodes(node, joins, sources=[name.lower() for name in sources])


def tree_of(text: str) -> dict:
    """The syntax tree of one expression, or what is wrong with it, as the engine's parser gives it."""
    return _tree(f"select (\n{text}\n)")


def text_of(tree: dict) -> str:
    """The expression of a syntax tree as SQL."""
    (statement,) = _engine().execute("select json_deserialize_sql(cast(? as json))", [json.dumps(tree)]).fetchone()
    return statement.removeprefix("SELECT ")


def _tree(statement: str) -> dict:
    (tree,) = _engine().execute("select json_serialize_sql(?)", [statement]).fetchone()
    return json.loads(tree)


def _parse(statement: str, text: str) -> dict:
    """The syntax tree of one query. Raises ValueError when the text is none, or more than one."""
    document = _tree(statement)
    if document["error"]:
        raise ValueError(f"is no expression: {document['error_message'].splitlines()[0]}; got {_shown(text)}")
    if len(document["statements"]) != 1 or document["statements"][0]["node"]["type"] != "SELECT_NODE":
        raise ValueError(f"expected one expression, not {len(document['statements'])} statements; got {_shown(text)}")
    return document["statements"][0]["node"]


def _has_more(node: dict) -> bool:
    return bool(node["modifiers"] or node["cte_map"]["map"] or node["group_expressions"] or any(node[part] for part in _PARTS_OF_A_QUERY))


def _check_nodes(node: dict, text: str, sources: list[str] | None) -> None:
    for item in nodes_of(node):
        kind = item.get("type")
        if item.get("class") in ("SUBQUERY", "PARAMETER") or (item.get("class") == "STAR" and sources is None):
            raise ValueError(f"expected an expression over delivered columns, without {item['class'].lower()}; got {_shown(text)}")
        if item.get("class") == "COLUMN_REF" and item["column_names"][-1].lower() in _CLOCK:
            raise ValueError(f"{item['column_names'][-1]} reads the clock; got {_shown(text)}")
        if item.get("class") in ("FUNCTION", "WINDOW"):
            _check_function(item, text)
        if kind == "TABLE_FUNCTION" or (kind == "BASE_TABLE" and sources is None):
            raise ValueError(f"reads something else than the delivered columns; got {_shown(text)}")
        if kind == "BASE_TABLE" and (item["schema_name"] or item["catalog_name"] or item["table_name"].lower() not in sources):
            raise ValueError(f"{item['table_name']!r} is not one of the sources {', '.join(sources)}; got {_shown(text)}")
        # What a query reads from, and the query itself, carry a sample; expressions carry a class.
        if "sample" in item and "class" not in item and kind not in ("SUBQUERY", "EMPTY", "JOIN", "BASE_TABLE", "SELECT_NODE"):
            raise ValueError(f"expected selections of other sources; got {_shown(text)}")
        if "modifiers" in item and kind != "SELECT_NODE":
            raise ValueError(f"expected selections of other sources; got {_shown(text)}")


def _check_function(item: dict, text: str) -> None:
    name = item["function_name"].lower()
    if name in NOTATION_FUNCTIONS and not item.get("schema"):
        return
    known = _functions()
    # The parser itself writes main. before what it makes of trim(both ...) and the like.
    if item.get("schema") not in ("", "main", "pg_catalog") or name not in known:
        raise ValueError(f"the function {name}() is not known; the notation gives {', '.join(NOTATION_FUNCTIONS)}; got {_shown(text)}")
    if not known[name] or name in _OUTSIDE:
        raise ValueError(f"the function {name}() gives something else than its columns do (clock, chance, settings); got {_shown(text)}")


def nodes_of(tree: object) -> Iterator[dict]:
    """Every node of a syntax tree."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes_of(value)


@cache
def _engine():
    """One engine for parsing, kept: a company's file holds hundreds of expressions."""
    return _KEPT_OPEN.enter_context(connect())


@cache
def _functions() -> dict[str, bool]:
    """Every function of values that the engine has, and whether its result depends on its arguments only."""
    rows = _engine().execute(
        "select lower(function_name), bool_and(coalesce(stability, 'CONSISTENT') = 'CONSISTENT') from duckdb_functions()"
        " where function_type in ('scalar', 'aggregate', 'macro') group by 1"
    )
    windows = ("row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value", "nth_value", "ntile")
    return dict(rows.fetchall()) | dict.fromkeys(windows, True)


def _shown(text: str) -> str:
    flat = " ".join(str(text).split())
    return repr(flat if len(flat) <= 120 else flat[:117] + "...")
