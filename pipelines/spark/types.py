"""What type DuckDB gives to each part of a model's statement: the rewrites rest on types and never on names.

sqlglot knows most of it, from the types of the tables that are read. Here stands where DuckDB differs from what it says, each held
against DuckDB in ``tests/pipelines/spark``. Keep out: what is rewritten (``rewrites.py``).
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp, parse_one
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

T = exp.DType
INTEGERS = (T.TINYINT, T.SMALLINT, T.INT, T.BIGINT, T.INT128, T.UTINYINT, T.USMALLINT, T.UINT, T.UBIGINT)
DOUBLES = (T.DOUBLE, T.FLOAT)
TEXTS = (T.VARCHAR, T.TEXT)
LISTS = (T.ARRAY, T.LIST)

#: Schema -> table -> column -> type, as DuckDB says them.
Columns = dict[str, dict[str, dict[str, str]]]


def known(columns: Columns) -> MappingSchema:
    """``columns`` as sqlglot looks them up."""
    return MappingSchema(columns, dialect="duckdb")


def typed(sql: str, schema: MappingSchema) -> exp.Expression:
    """The statement with every column under its table's name, every ``*`` written out, and a type on each part of it."""
    tree = parse_one(sql, read="duckdb")
    for select in list(tree.find_all(exp.Select)):
        _write_out_windows(select)
    tree = qualify(tree, schema=schema, dialect="duckdb", quote_identifiers=False)
    return annotate_types(tree, schema=schema, expression_metadata=_METADATA, dialect="duckdb")


def element_of(node: exp.Expression) -> Any:
    """The type of the elements of a list; unknown where it is none, or of no known type."""
    kind = node.type
    return kind.expressions[0] if kind is not None and kind.is_type(*LISTS) and kind.expressions else T.UNKNOWN


def _write_out_windows(select: exp.Select) -> None:
    """A window of a WINDOW clause stands where it is used: Spark takes its name alone, and nothing beside it."""
    named: dict[str, exp.Window] = {}
    for window in select.args.get("windows") or ():
        named[window.name.lower()] = _whole_window(window, named)
    select.set("windows", None)
    for window in list(select.find_all(exp.Window)):
        if window.parent_select is select and window.args.get("alias"):
            window.replace(_whole_window(window, named))


def _whole_window(window: exp.Window, named: dict[str, exp.Window]) -> exp.Window:
    alias = window.args.get("alias")
    if alias is None:
        return window
    base, whole = named[alias.name.lower()], window.copy()
    whole.set("alias", None)
    for part in ("partition_by", "order", "spec"):
        value = base.args.get(part)
        if value and not whole.args.get(part):
            whole.set(part, [item.copy() for item in value] if isinstance(value, list) else value.copy())
    return whole


def _is(kind: Any) -> dict[str, Any]:
    return {"annotator": lambda self, node: self._set_type(node, kind)}


def _of_first(self: Any, node: Any) -> Any:
    return self._set_type(node, (node.this.type if node.this else None) or T.UNKNOWN)


def _minus(self: Any, node: exp.Sub) -> Any:
    """Days between two dates are a number."""
    if node.left.is_type(T.DATE) and node.right.is_type(T.DATE):
        return self._set_type(node, T.BIGINT)
    return DuckDB.EXPRESSION_METADATA[exp.Sub]["annotator"](self, node)


def _whole_number(self: Any, node: Any) -> Any:
    return self._set_type(node, node.this.type if node.this.is_type(T.DECIMAL) else T.DOUBLE)


def _sum(self: Any, node: exp.Sum) -> Any:
    value = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    kind = value.type if value.is_type(T.DECIMAL, *DOUBLES) else T.INT128 if value.is_type(*INTEGERS, T.BOOLEAN) else T.UNKNOWN
    return self._set_type(node, kind)


def _literal(self: Any, node: exp.Literal) -> Any:
    """1.0 is a decimal, 1e0 a double."""
    if not node.is_string and "." in node.name and "e" not in node.name.lower():
        return self._set_type(node, exp.DataType.build(f"decimal({len(node.name) - 1}, {len(node.name.partition('.')[2])})"))
    return self._annotate_literal(node)


def _function(self: Any, node: exp.Anonymous) -> Any:
    kinds = {
        "to_months": T.INTERVAL, "hash": T.UBIGINT, "product": T.DOUBLE, "strip_accents": T.VARCHAR, "json_valid": T.BOOLEAN,
        "list_reduce": T.BIGINT,
    }  # fmt: skip
    name = node.name.lower()
    return self._set_type(node, node.expressions[0].type if name == "arg_max_null" else kinds.get(name, T.UNKNOWN))


def _of_lambda(self: Any, node: Any) -> Any:
    """The parameter of a lambda is an element of the list."""
    reducing = node.expression
    for part in reversed(list(reducing.this.walk(bfs=True))):
        if isinstance(part, exp.Identifier):
            if part.name == reducing.expressions[0].name and not isinstance(part.parent, exp.Column):
                part.type = element_of(node.this)
        elif isinstance(part, exp.Dot):
            if part.this.is_type(T.STRUCT):
                self._annotate_dot(part)
        elif type(part) in _METADATA:
            words = _METADATA[type(part)]
            words["annotator"](self, part) if "annotator" in words else self._set_type(part, words["returns"])
    if isinstance(node, exp.ArrayFilter):
        return self._set_type(node, node.this.type or T.UNKNOWN)
    made = reducing.this.type
    return self._set_type(node, exp.DataType(this=T.ARRAY, expressions=[made.copy()], nested=True) if made is not None else T.UNKNOWN)


_TEXT_LIST = exp.DataType.build("array<varchar>")
_METADATA: dict[Any, Any] = {
    **DuckDB.EXPRESSION_METADATA,
    exp.Sub: {"annotator": _minus},
    exp.Div: _is(T.DOUBLE),
    exp.Floor: {"annotator": _whole_number},
    exp.Ceil: {"annotator": _whole_number},
    exp.Round: {"annotator": _of_first},
    exp.Sign: _is(T.TINYINT),
    exp.Sum: {"annotator": _sum},
    exp.Avg: _is(T.DOUBLE),
    exp.Median: {"annotator": lambda self, node: self._set_type(node, node.this.type if node.this.is_type(T.DECIMAL) else T.DOUBLE)},
    exp.ArgMax: {"annotator": _of_first},
    exp.ArgMin: {"annotator": _of_first},
    exp.Literal: {"annotator": _literal},
    exp.Anonymous: {"annotator": _function},
    exp.RegexpReplace: _is(T.VARCHAR),
    exp.RegexpExtract: _is(T.VARCHAR),
    exp.RegexpExtractAll: _is(_TEXT_LIST),
    exp.Split: _is(_TEXT_LIST),
    exp.ArrayFilter: {"annotator": _of_lambda},
    exp.Transform: {"annotator": _of_lambda},
    exp.ArrayDistinct: {"annotator": _of_first},
    exp.ArrayConcat: {"annotator": _of_first},
    exp.Flatten: {"annotator": lambda self, node: self._set_type(node, element_of(node.this))},
}
