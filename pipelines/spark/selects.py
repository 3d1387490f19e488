"""Whole selects that Spark reads otherwise: windows, QUALIFY, UNION BY NAME, recursion, and where a table stands.

Keep out: expressions (``rewrites.py``).
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from pipelines.spark.types import LISTS
from pipelines.spark.writing import NotOnSparkError


def relation(schema: str, table: str) -> str:
    """The name of a table among those of a session."""
    return f"{schema}__{table}"


def table(node: exp.Table) -> Any:
    """Tables of a night are views of its own session: what another night has on the same cluster is never seen."""
    if not node.db:
        return node
    named = exp.to_table(relation(node.db, node.name))
    named.set("alias", node.args.get("alias"))
    named.set("joins", node.args.get("joins"))
    return named


def qualified(node: exp.Select) -> Any:
    """QUALIFY as a condition on one more column of a select within."""
    condition = node.args.get("qualify")
    if condition is None:
        return node
    if node.args.get("distinct") or node.args.get("order"):
        raise NotOnSparkError("QUALIFY beside DISTINCT or ORDER BY")
    inner = node.copy()
    inner.set("qualify", None)
    ctes = inner.args.pop("with_", None)
    names = [column.alias_or_name for column in inner.selects]
    inner.select(exp.alias_(condition.this.copy(), "is_kept"), copy=False)
    outer = exp.select(*[exp.column(name, table="judged") for name in names]).from_(inner.subquery("judged"))
    outer = outer.where(exp.column("is_kept", table="judged"))
    if ctes:
        outer.set("with_", ctes)
    return outer


def union(node: exp.Union) -> Any:
    """BY NAME: the columns of both sides in one order; what a side has not is empty there."""
    if not node.args.get("by_name"):
        return node
    names = list(dict.fromkeys([*node.this.named_selects, *node.expression.named_selects]))
    for part in ("this", "expression"):
        side, given = node.args[part], node.args[part].named_selects
        if given != names:
            columns = [exp.column(name, table="side") if name in given else exp.alias_(exp.null(), name) for name in names]
            aliased = exp.Subquery(this=side.copy(), alias=exp.TableAlias(this=exp.to_identifier("side")))
            node.set(part, exp.select(*columns).from_(aliased))
    node.set("by_name", False)
    return node


def require_known(tree: exp.Expression) -> None:
    """Raises NotOnSparkError for what Spark has no form of."""
    for recursion in tree.find_all(exp.With):
        if recursion.recursive:
            _require_plain(recursion)
    for aggregate in tree.find_all(exp.AggFunc):
        if isinstance(aggregate.this, exp.Order) and not isinstance(aggregate, exp.GroupConcat | exp.ArrayAgg):
            raise NotOnSparkError(f"an order within {aggregate.sql_name().lower()}")


def _require_plain(recursion: exp.With) -> None:
    """Spark's recursion neither aggregates nor carries lists along."""
    for cte in recursion.expressions:
        body = cte.this
        if isinstance(body, exp.Union) and any(table.name == cte.alias for table in body.expression.find_all(exp.Table)):
            if any(found.parent_select is body.expression for found in body.expression.find_all(exp.AggFunc, exp.Window)):
                raise NotOnSparkError("a recursion that aggregates")
            if any(column.is_type(*LISTS) for column in body.this.selects):
                raise NotOnSparkError("a recursion over lists")
