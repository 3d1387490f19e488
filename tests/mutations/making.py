"""Mutants of a model's SQL: each says one thing otherwise, as a slip of the hand would.

Comparisons move to just beside where they stand, conditions are dropped, joins lose a key or their sort, signs turn, constants grow by
their last digit, bounds of sets, windows and cases change. What a finding says in words (``WORDS``) is left alone: it is no verdict.
Conversion to the company's currency, rounding to a currency's units and exact ratios are macros: they stand as calls here and are tested by
themselves.
Keep out: who notices a mutant (``judging.py``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp, parse_one

#: Projections of words.
WORDS = ("evidence", "evidence_nl", "words", "words_nl")
#: The macros as DuckDB knows them while mutants are judged.
MACROS = """
    create or replace macro converted(amount, rate) as case when rate = 1 then cast(amount as decimal(18, 4))
        else cast(cast(floor((cast(amount as decimal(38, 4)) * rate) * 100 + 0.5) as decimal(24, 0)) * 0.01 as decimal(18, 4)) end;
    create or replace macro rounded_to_units(amount, units) as case units when 0 then cast(floor(amount + 0.5) as decimal(24, 4))
        when 3 then cast(cast(floor((amount) * 1000 + 0.5) as decimal(24, 0)) * 0.001 as decimal(24, 4))
        else cast(cast(floor((amount) * 100 + 0.5) as decimal(24, 0)) * 0.01 as decimal(24, 4)) end;
    create or replace macro ratio_floor(numerator, denominator) as cast(floor(
        cast(200 * (numerator) + cast(denominator as decimal(38, 4)) as double) / cast(2 * cast(denominator as decimal(38, 4)) as double)
    ) as decimal(26, 0));
    create or replace macro rounded_ratio(numerator, denominator) as cast((ratio_floor(numerator, denominator) + case
        when ratio_floor(numerator, denominator) * (2 * cast(denominator as decimal(38, 4)))
            > (200 * (numerator) + cast(denominator as decimal(38, 4))) then -1
        when (ratio_floor(numerator, denominator) + 1) * (2 * cast(denominator as decimal(38, 4)))
            <= (200 * (numerator) + cast(denominator as decimal(38, 4))) then 1
        else 0 end) * 0.01 as decimal(18, 4));
"""

_BESIDE = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_TURNED = {
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Min: exp.Max, exp.Max: exp.Min, exp.NullSafeNEQ: exp.NEQ, exp.NullSafeEQ: exp.EQ,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """``where``: the common table expression; ``before`` and ``after``: the changed expression; together they name the mutant."""

    model: str
    where: str
    before: str
    after: str
    sql: str

    @property
    def name(self) -> str:
        return f"{self.where}: {self.before} -> {self.after}"


def mutants(model: str, sql: str) -> list[Mutant]:
    """All mutants of ``sql``, each once, in the order of its text."""
    tree = _with_calls(parse_one(sql, dialect="duckdb"))
    original = tree.sql("duckdb")
    made: dict[str, Mutant] = {}
    names: dict[str, int] = {}
    for place, found in enumerate(list(tree.walk(bfs=False))):
        if _is_left_alone(found):
            continue
        for change in _changes(found):
            copy = tree.copy()
            node = next(itertools.islice(copy.walk(bfs=False), place, None))
            where, (before, after) = _where(node), change(node)
            text = copy.sql("duckdb")
            if text == original or text in made:
                continue
            mutant = Mutant(model, where, before, after, text)
            names[mutant.name] = names.get(mutant.name, 0) + 1
            if names[mutant.name] > 1:
                mutant = Mutant(model, f"{where} ({names[mutant.name]})", before, after, text)
            made[text] = mutant
    return list(made.values())


def unmutated(sql: str) -> str:
    """The SQL as the mutants are written, with nothing changed."""
    return _with_calls(parse_one(sql, dialect="duckdb")).sql("duckdb")


def _with_calls(tree: exp.Expression) -> exp.Expression:
    """The macros' bodies as calls."""

    def call(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Cast) and (ratio := _ratio(node)) is not None:
            return ratio
        if not isinstance(node, exp.Case):
            return node
        if (product := _long_way(node)) is not None:
            return product
        branches = node.args["ifs"]
        if node.this is not None and branches[0].this.sql() == "0" and isinstance(node.args.get("default"), exp.Cast):
            floor = branches[0].args["true"].find(exp.Floor)
            if floor is not None and isinstance(floor.this, exp.Add) and floor.this.expression.sql() == "0.5":
                return exp.func("rounded_to_units", floor.this.this.copy(), node.this.copy())
        condition = branches[0].this
        if node.this is None and len(branches) == 1 and isinstance(condition, exp.EQ) and condition.expression.sql() == "1":
            value, default = branches[0].args["true"], node.args.get("default")
            if isinstance(value, exp.Cast) and default is not None and default.find(exp.Floor) and "rate" in condition.this.sql():
                return exp.func("converted", value.this.copy(), condition.this.copy())
        return node

    return tree.transform(call)


def _ratio(node: exp.Cast) -> exp.Expression | None:
    """``rounded_ratio`` where ``node`` is its body: an estimate by a division of doubles, put right by one in its last cent."""
    product = node.this
    if not (isinstance(product, exp.Mul) and product.expression.sql() == "0.01" and isinstance(product.this, exp.Paren)):
        return None
    found = product.this.this
    estimate = found.this if isinstance(found, exp.Add) and isinstance(found.expression, exp.Case) else None
    if not (isinstance(estimate, exp.Cast) and isinstance(estimate.this, exp.Floor) and estimate.find(exp.Div)):
        return None
    # What the estimate is held against: estimate * twice the denominator > the dividend.
    dividend = found.expression.args["ifs"][0].this.expression.unnest()
    return exp.func("rounded_ratio", dividend.this.expression.unnest().copy(), dividend.expression.this.copy())


def _long_way(node: exp.Case) -> exp.Expression | None:
    """The last branch of ``product_to_ten_places`` or ``priced``: where it may be gone, the first one says the same, only sooner."""
    default, (first, *others) = node.args.get("default"), node.args["ifs"]
    condition = first.this
    if node.this is not None or others or not isinstance(condition, exp.EQ) or not isinstance(default, exp.Cast):
        return None
    is_product = isinstance(condition.this, exp.Cast) and condition.this.this == condition.expression
    is_price_of_one = condition.expression.sql() == "1" and default.find(exp.Nullif) is not None
    return default.copy() if is_product or is_price_of_one else None


def _where(node: exp.Expression) -> str:
    cte = node.find_ancestor(exp.CTE)
    if cte is not None:
        return cte.alias
    select = node.find_ancestor(exp.Select)
    code = next((item.this.name for item in select.expressions if item.alias == "error_code"), "") if select is not None else ""
    return code or "select"


def _is_left_alone(node: exp.Expression) -> bool:
    """Whether it is part of words, or of a type, or of a macro that is tested by itself."""
    above: exp.Expression | None = node
    while above is not None:
        if (isinstance(above, exp.Alias) and above.alias in WORDS) or isinstance(above, exp.DataType):
            return True
        above = above.parent
    return False


Change = Callable[[exp.Expression], tuple[str, str]]


def _swap(make: Callable[[exp.Expression], exp.Expression]) -> Change:
    """A change that puts another expression in the place of the node."""

    def change(node: exp.Expression) -> tuple[str, str]:
        other = make(node)
        before, after = node.sql("duckdb"), other.sql("duckdb")
        node.replace(other)
        return before, after

    return change


def _changes(node: exp.Expression) -> Iterator[Change]:
    kind = type(node)
    if kind in _BESIDE:
        yield _swap(lambda n: _BESIDE[type(n)](this=n.this.copy(), expression=n.expression.copy()))
    if kind in _TURNED:
        yield _swap(lambda n: _TURNED[type(n)](**{key: _copied(value) for key, value in n.args.items()}))
    if kind in (exp.And, exp.Or):
        yield _swap(lambda n: n.this.copy())
        yield _swap(lambda n: n.expression.copy())
    if kind is exp.Not or kind is exp.Abs or kind is exp.Neg:
        yield _swap(lambda n: n.this.copy())
    if kind is exp.Coalesce and node.expressions:
        yield _swap(lambda n: n.this.copy())
    if kind in (exp.Greatest, exp.Least):
        for position in range(1 + len(node.expressions)):
            yield _swap(lambda n, position=position: [n.this, *n.expressions][position].copy())
    if kind is exp.Literal and not node.is_string and _is_figure(node):
        yield _swap(_grown)
    if kind is exp.In and len(node.expressions) > 1:
        for position in range(len(node.expressions)):
            yield _swap(lambda n, position=position: _without(n, "expressions", position))
    if kind is exp.Between:
        yield _swap(lambda n: exp.GTE(this=n.this.copy(), expression=n.args["low"].copy()))
        yield _swap(lambda n: exp.LTE(this=n.this.copy(), expression=n.args["high"].copy()))
    if kind is exp.Join and node.args.get("on") is not None:
        yield _other_join
    if kind is exp.Filter:
        yield _swap(lambda n: n.this.copy())
    if kind is exp.Case and len(node.args["ifs"]) > 1:
        for position in range(len(node.args["ifs"])):
            yield _swap(lambda n, position=position: _without(n, "ifs", position))
    if kind is exp.Window and len(node.args.get("partition_by") or ()) > 1:
        for position in range(len(node.args["partition_by"])):
            yield _swap(lambda n, position=position: _without(n, "partition_by", position))
    if kind in (exp.Where, exp.Having, exp.Qualify) and not isinstance(node.this, exp.And):
        yield _no_condition


def _copied(value: object) -> object:
    return value.copy() if isinstance(value, exp.Expression) else value


def _is_figure(node: exp.Expression) -> bool:
    """Whether a number is part of what is compared or reckoned, and not an ordinal, a place of rounding or a count of rows."""
    above = node.parent
    return not isinstance(above, exp.Round | exp.Func | exp.Ordered | exp.Group | exp.Limit) or isinstance(
        above, exp.Coalesce | exp.Greatest | exp.Least | exp.Case | exp.If
    )


def _grown(node: exp.Expression) -> exp.Expression:
    """A number with one more at its last digit: 7 -> 8, 0.02 -> 0.03."""
    text = node.this
    digits = len(text.partition(".")[2])
    return exp.Literal.number(f"{float(text) + 10**-digits:.{digits}f}")


def _without(node: exp.Expression, key: str, position: int) -> exp.Expression:
    copy = node.copy()
    copy.set(key, [item for place, item in enumerate(copy.args[key]) if place != position])
    return copy


def _other_join(node: exp.Expression) -> tuple[str, str]:
    before, side = node.this.alias_or_name, (node.side or "inner").lower()
    node.set("kind", None)
    node.set("side", None if side == "left" else "LEFT")
    return f"{side} join {before}", f"{'inner' if side == 'left' else 'left'} join {before}"


def _no_condition(node: exp.Expression) -> tuple[str, str]:
    before = node.sql("duckdb")
    node.set("this", exp.true())
    return before, "no condition"
