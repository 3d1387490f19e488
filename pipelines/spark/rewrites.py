"""A model's statement, written for DuckDB, as Spark has to be asked to give the same rows: the only place that knows the differences.

sqlglot writes the one dialect as the other; what it leaves to be wrong, loudly or silently, is rewritten here on the parsed and typed
statement (``types.py``), one function for one difference, with its reason. What cannot be said to Spark raises :class:`NotOnSparkError`.
Each rewrite is held against both engines in ``tests/pipelines/spark``. Keep out: any table's or column's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.schema import MappingSchema

from pipelines.spark import selects
from pipelines.spark.types import DOUBLES, INTEGERS, LISTS, TEXTS, T, element_of, typed
from pipelines.spark.writing import NotOnSparkError, accents, call, cast, in_paren, is_null, lambda_of, number, of_type, when


def for_spark(sql: str, schema: MappingSchema, columns: dict[str, str]) -> str:
    """``sql`` for Spark, with the ``columns`` and types that DuckDB gives it; tables are named as :func:`selects.relation` names them.

    Raises NotOnSparkError.
    """
    tree = typed(sql, schema)
    selects.require_known(tree)
    for node in reversed(list(tree.walk(bfs=True))):
        rewritten = _REWRITES[type(node)](node) if type(node) in _REWRITES else node
        if rewritten is not node:
            if rewritten.type is None:
                rewritten.type = node.type
            tree = rewritten if node is tree else tree
            node.replace(rewritten)
    typed_columns = ", ".join(f"CAST(`{name}` AS {spark_type(kind)}) AS `{name}`" for name, kind in columns.items())
    return f"SELECT {typed_columns} FROM ({tree.sql('spark')}) AS made"


def spark_type(kind: str) -> str:
    """Spark's name of a type of DuckDB's."""
    built = exp.DataType.build(kind, dialect="duckdb")
    if built.is_type(T.INT128):
        return "DECIMAL(38, 0)"
    return re.sub(r"\bTIMESTAMP\b", "TIMESTAMP_NTZ", built.sql("spark"))


# ---- dates


def _subtraction(node: exp.Sub) -> Any:
    """Two dates: an interval in Spark, days in DuckDB."""
    if node.left.is_type(T.DATE) and node.right.is_type(T.DATE):
        return cast(call("DATEDIFF", node.left, node.right), "bigint")
    return _days_moved(node, "DATE_SUB")


def _addition(node: exp.Add) -> Any:
    if node.right.is_type(T.DATE) and node.left.is_type(*INTEGERS):
        return call("DATE_ADD", node.right, cast(node.left, "int"), of=node.type)
    return _days_moved(node, "DATE_ADD")


def _days_moved(node: Any, name: str) -> Any:
    """Spark moves a date by an integer of 32 bits and no other."""
    if node.left.is_type(T.DATE) and node.right.is_type(*INTEGERS):
        return call(name, node.left, cast(node.right, "int"), of=node.type)
    return node


def _date_difference(node: exp.DateDiff) -> Any:
    """Months are counted by their first days in DuckDB, whole ones in Spark."""
    unit, later, earlier = node.text("unit").upper() or "DAY", node.this, node.expression
    if unit == "DAY":
        return cast(call("DATEDIFF", later, earlier), "bigint")
    if unit == "MONTH":
        years = exp.Sub(this=call("YEAR", later), expression=call("YEAR", earlier))
        months = exp.Sub(this=call("MONTH", later.copy()), expression=call("MONTH", earlier.copy()))
        whole = exp.Add(this=exp.Mul(this=in_paren(years), expression=number(12)), expression=in_paren(months))
        return cast(in_paren(whole), "bigint")
    raise NotOnSparkError(f"a difference of dates in {unit}")


def _time_zone(node: exp.AtTimeZone) -> Any:
    inner = node.this.unnest()
    if isinstance(inner, exp.AtTimeZone) and inner.args["zone"].name == "UTC":
        return call("FROM_UTC_TIMESTAMP", inner.this, node.args["zone"], of=exp.DataType.build("timestamp"))
    return node


def _day_of_week(node: exp.DayOfWeekIso) -> Any:
    return cast(in_paren(exp.Add(this=call("WEEKDAY", node.this), expression=number(1))), "bigint")


# ---- numbers


def _division(node: exp.Div) -> Any:
    """DuckDB divides doubles, Spark decimals as decimals, with fewer places."""
    if not node.left.is_type(*DOUBLES) and not node.right.is_type(*DOUBLES):
        node.set("this", cast(node.left, "double"))
        node.set("expression", cast(node.right, "double"))
    return node


def _rounding(node: exp.Round) -> Any:
    """Spark rounds a double by the decimals that it prints, DuckDB x * 10^n: 65,628 of 2 million half cents differ. To a whole number
    both round alike."""
    if not node.this.is_type(*DOUBLES):
        return node
    places = int(node.args["decimals"].name) if node.args.get("decimals") else 0
    scale = number(f"1E{places}")
    rounded = call("ROUND", exp.Mul(this=in_paren(node.this), expression=scale) if places else node.this, number(0))
    return of_type(in_paren(exp.Div(this=rounded, expression=scale.copy())) if places else rounded, node.type)


def _rows_of_lists(node: exp.Explode) -> Any:
    """Two lists in one select are taken side by side in DuckDB, each with each in Spark."""
    select = node.parent_select
    if select is not None and sum(other.parent_select is select for other in select.find_all(exp.Explode)) > 1:
        raise NotOnSparkError("rows of two lists in one select")
    return node


def _casting(node: Any) -> Any:
    source, target = node.this, node.to
    if isinstance(source, exp.Explode):  # Spark makes rows of a list, and of nothing around it
        item = type(node)(this=exp.column("item"), to=target)
        item.this.type = element_of(source.this)
        return of_type(exp.Explode(this=call("TRANSFORM", source.this, lambda_of(_casting(item), "item"))), node.type)
    if target.is_type(T.INT128):
        node.set("to", exp.DataType.build("decimal(38, 0)"))
    if target.is_type(*INTEGERS):
        node.set("this", _whole(node))
    elif target.is_type(T.DECIMAL) and source.is_type(*DOUBLES):
        node.set("this", _decimal_of_double(source, int(target.expressions[1].name) if len(target.expressions) > 1 else 0))
    return node


def _whole(node: Any) -> Any:
    """What becomes an integer is rounded by DuckDB, doubles half to even; Spark cuts it off, and a text of '12.7' is none."""
    source = node.this
    if source.is_type(*DOUBLES):
        return call("RINT", source, of=source.type)
    if source.is_type(T.DECIMAL):
        return call("ROUND", source, number(0), of=source.type)
    if source.is_type(*TEXTS):
        read = node.copy()
        read.set("to", exp.DataType.build("decimal(38, 10)"))
        return call("ROUND", read, number(0))
    return source


def _decimal_of_double(source: Any, places: int) -> Any:
    """As for rounding: 1.005 becomes 1.00 in DuckDB, and 1.01 by the decimals that Spark prints."""
    if not places:
        return call("ROUND", source, number(0))
    whole = cast(call("ROUND", exp.Mul(this=in_paren(source), expression=number(f"1E{places}")), number(0)), "decimal(38, 0)")
    unit = cast(exp.Literal.string("0." + "0" * (places - 1) + "1"), f"decimal({places}, {places})")
    return exp.Mul(this=whole, expression=unit)


def _whole_number(node: Any) -> Any:
    """Of a double Spark makes an integer of 64 bits."""
    return node if node.this.is_type(T.DECIMAL) else cast(node.copy(), "double")


def _sign(node: exp.Sign) -> Any:
    return cast(node.copy(), "tinyint")


def _average(node: exp.Avg) -> Any:
    """Of decimals a decimal of four more places in Spark, a double in DuckDB."""
    if not node.this.is_type(T.DECIMAL):
        return node
    total = cast(exp.Sum(this=node.this.copy()), "double")
    return of_type(in_paren(exp.Div(this=total, expression=exp.Count(this=node.this))), exp.DataType.build("double"))


def _median(node: exp.Median) -> Any:
    if node.this.is_type(T.DECIMAL):
        raise NotOnSparkError("a median of decimals")
    return node


# ---- which value of several


def _extreme_by(node: Any) -> Any:
    """DuckDB passes over rows whose value is empty."""
    name = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    return call(name, node.this, when(exp.Not(this=in_paren(is_null(node.this))), node.expression), of=node.type)


def _any_value(node: exp.AnyValue) -> Any:
    """DuckDB's is never empty where one of them is not."""
    return call("ANY_VALUE", node.this, exp.true(), of=node.type)


def _ignore_nulls(node: exp.IgnoreNulls) -> Any:
    return node.this if isinstance(node.this, exp.Anonymous) and node.this.name == "ANY_VALUE" else node


def _membership(node: exp.In) -> Any:
    """As a column, Spark says false of an empty value in a query, where both say nothing as a condition."""
    if node.args.get("query") and not isinstance(node.find_ancestor(exp.Where, exp.Join, exp.Select), exp.Where):
        return of_type(in_paren(when(is_null(node.this), exp.null(), node.copy())), node.type)
    return node


# ---- lists and texts of several rows


def _listed_texts(node: exp.GroupConcat) -> Any:
    """Spark's LISTAGG takes no FILTER, and not twice DISTINCT in one select."""
    inner, order = node.this, []
    if isinstance(inner, exp.Order):
        order, inner = inner.expressions, inner.this
    is_distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if is_distinct else inner
    in_own_order = all(key.this == value and not key.args.get("desc") for key in order)
    if isinstance(node.parent, exp.Filter):
        value = when(node.parent.expression.this.copy(), value)
    separator = node.args.get("separator") or exp.Literal.string(",")
    if not is_distinct:
        listed = call("LISTAGG", value, separator, of=node.type)
        return of_type(exp.WithinGroup(this=listed, expression=exp.Order(expressions=order)), node.type) if order else listed
    if not in_own_order:
        raise NotOnSparkError("distinct texts in another order than their own")
    listed = call("ARRAY_JOIN", call("ARRAY_SORT", call("COLLECT_SET", value)), separator)
    return when(exp.GT(this=exp.Count(this=value.copy()), expression=number(0)), listed)


def _filtered(node: exp.Filter) -> Any:
    """What lists texts holds its condition already."""
    is_list = isinstance(node.this, exp.Case | exp.WithinGroup) or getattr(node.this, "name", "") == "LISTAGG"
    return node.this if is_list else node


def _listed(node: exp.ArrayAgg) -> Any:
    """COLLECT_LIST has no order and leaves out what is empty: rows are listed with what orders them, sorted, and taken apart."""
    inner, order = node.this, []
    if isinstance(inner, exp.Order):
        order, inner = inner.expressions, inner.this
    if isinstance(inner, exp.Distinct):
        return call("COLLECT_SET", *inner.expressions, of=node.type)
    if any(key.args.get("desc") for key in order):
        raise NotOnSparkError("a list in descending order")
    fields = []
    for place, key in enumerate(order):
        fields.append(exp.alias_(is_null(key.this), f"without_{place}"))  # empty ones last
        fields.append(exp.alias_(key.this, f"key_{place}", copy=False))
    rows = call("COLLECT_LIST", call("STRUCT", *fields, exp.alias_(inner, "item", copy=False)))
    taken = lambda_of(exp.Dot(this=exp.to_identifier("one"), expression=exp.to_identifier("item")), "one")
    return call("TRANSFORM", call("ARRAY_SORT", rows) if order else rows, taken, of=node.type)


def _window(node: exp.Window) -> Any:
    """Of lists the window is that of the inner list; Spark counts no distinct values in a window, and has no running median."""
    inner = node.this
    if isinstance(inner, exp.Filter):
        raise NotOnSparkError("FILTER in a window")
    if isinstance(inner, exp.Anonymous) and inner.name == "AGGREGATE":
        node.set("this", inner.expressions[0])
        inner.set("expressions", [node.copy(), *inner.expressions[1:]])
        return inner
    if isinstance(inner, exp.Count) and isinstance(inner.this, exp.Distinct):
        node.set("this", call("COLLECT_SET", *inner.this.expressions))
        return cast(call("SIZE", node.copy()), "bigint")
    if isinstance(inner, exp.Median) and node.args.get("order"):
        node.set("this", call("COLLECT_LIST", inner.this))
        places = [parse_one(place, read="spark") for place in ("(SIZE(sorted) - 1) DIV 2", "SIZE(sorted) DIV 2")]
        low, high = (call("GET", exp.column("sorted"), place) for place in places)
        middle = exp.Div(this=in_paren(exp.Add(this=low, expression=high)), expression=number("2E0"))
        in_order = call("ARRAY", call("ARRAY_SORT", node.copy()))
        return call("GET", call("TRANSFORM", in_order, lambda_of(middle, "sorted")), number(0), of=exp.DataType.build("double"))
    return node


# ---- lists


def _contains(node: exp.ArrayContains) -> Any:
    """A list with an empty element holds what it holds, and nothing is unknown."""
    return call("ARRAY_CONTAINS", call("ARRAY_COMPACT", node.this), node.expression, of=node.type)


def _overlaps(node: exp.ArrayOverlaps) -> Any:
    return call("ARRAYS_OVERLAP", node.this, node.expression, of=node.type)


def _concatenated(node: exp.ArrayConcat) -> Any:
    """No list beside a list adds nothing; in Spark nothing is left of either."""
    return call("CONCAT", *[call("COALESCE", one, call("ARRAY")) for one in [node.this, *node.expressions]], of=node.type)


def _series(node: exp.GenerateSeries) -> Any:
    """From 3 to 1 nothing; Spark counts down."""
    start, end, step = node.args["start"], node.args["end"], node.args.get("step")
    if node.args.get("is_end_exclusive"):
        end = exp.Sub(this=in_paren(end), expression=number(1))
    is_any = exp.GTE(this=in_paren(end.copy()), expression=in_paren(start.copy()))
    return when(is_any, call("SEQUENCE", start, end, *([step] if step else [])), call("ARRAY"))


def _element(node: exp.Bracket) -> Any:
    """Beyond its end a list has nothing; Spark breaks."""
    (place,) = node.expressions
    if isinstance(place, exp.Slice):
        length = exp.Sub(this=in_paren(place.expression), expression=in_paren(place.this.copy()))
        return call("SLICE", node.this, place.this, exp.Add(this=length, expression=number(1)), of=node.type)
    if isinstance(place, exp.Neg):
        raise NotOnSparkError("a place from the end of a list")
    # sqlglot has counted a literal from 0 already.
    return call("GET", node.this, place if place.is_int else exp.Sub(this=in_paren(place), expression=number(1)), of=node.type)


def _length(node: exp.Length) -> Any:
    if node.this.is_type(*LISTS):
        return call("SIZE", node.this, of=node.type)
    if not node.this.is_type(*TEXTS):
        raise NotOnSparkError(f"the length of what is of no known type: {node.sql('duckdb')}")
    return node


# ---- texts


def _split(node: exp.Split) -> Any:
    """By nothing into its signs: sqlglot's quoted pattern leaves an empty one at the end (13,734 findings for 25)."""
    return call("SPLIT", node.this, exp.Literal.string(""), of=node.type) if node.expression.name == "" else node


def _replaced(node: exp.RegexpReplace) -> Any:
    r"""A group is \1 in DuckDB and $1 in Spark; DuckDB replaces the first match alone unless it is told 'g', Spark all."""
    for literal in list(node.args["replacement"].find_all(exp.Literal)):
        if literal.is_string:
            literal.set("this", re.sub(r"\\(\d)", r"$\1", literal.name.replace("$", r"\$")))
    pattern = node.expression.sql("duckdb")
    if "g" not in node.text("modifiers") and not (pattern.startswith("'^") or pattern.endswith("$'")):
        raise NotOnSparkError(f"the first match alone: {pattern}")
    return call("REGEXP_REPLACE", node.this, node.expression, node.args["replacement"], of=node.type)


def _extracted(node: Any) -> Any:
    """Without a group it is the whole match, in Spark the first group."""
    name = "REGEXP_EXTRACT" if isinstance(node, exp.RegexpExtract) else "REGEXP_EXTRACT_ALL"
    return call(name, node.this, node.expression, node.args.get("group") or number(0), of=node.type)


def _function(node: exp.Anonymous) -> Any:
    """Functions that sqlglot has no name of its own for, and would hand on as they are."""
    arguments = node.expressions
    match node.name.lower():
        case "to_months":
            return call("MAKE_YM_INTERVAL", number(0), cast(arguments[0], "int"), of=node.type)
        case "arg_max_null":
            return call("MAX_BY", *arguments, of=node.type)
        case "row":
            return call("STRUCT", *arguments, of=node.type)
        case "hash":  # a number of its own in each engine, only ever compared within one; summed it goes beyond 64 bits
            return cast(call("XXHASH64", *arguments), "decimal(38, 0)")
        case "json_valid":
            is_read = exp.Not(this=in_paren(is_null(call("TRY_PARSE_JSON", arguments[0]))))
            return when(exp.Not(this=in_paren(is_null(arguments[0]))), is_read)
        case "strip_accents":
            return call("TRANSLATE", arguments[0], *map(exp.Literal.string, accents()), of=node.type)
        case "product":
            times = exp.Mul(this=exp.column("product"), expression=exp.column("factor"))
            step = lambda_of(times, "product", "factor")
            return call("AGGREGATE", call("COLLECT_LIST", arguments[0]), number("1E0"), step, of=node.type)
        case "list_sum":
            kind = element_of(arguments[0])
            if not (isinstance(kind, exp.DataType) and kind.is_type(T.DECIMAL)):
                raise NotOnSparkError(f"a sum of a list of {kind}")
            wide = f"decimal(38, {kind.expressions[1].name})"
            plus = exp.Add(this=exp.column("total"), expression=call("COALESCE", exp.column("item"), number(0)))
            return call("AGGREGATE", arguments[0], cast(number(0), wide), lambda_of(cast(plus, wide), "total", "item"))
        case "list_reduce":  # from the first element on
            listed, reducing = arguments
            wide = call("TRANSFORM", listed, lambda_of(cast(exp.column("item"), "bigint"), "item"))
            rest = call("SLICE", wide, number(2), call("SIZE", listed.copy()))
            step = lambda_of(cast(reducing.this, "bigint"), *[name.name for name in reducing.expressions])
            return call("AGGREGATE", rest, call("GET", wide.copy(), number(0)), step, of=node.type)
    raise NotOnSparkError(f"the function {node.name.lower()}")


_REWRITES: dict[type, Callable[[Any], Any]] = {
    exp.Sub: _subtraction, exp.Add: _addition, exp.DateDiff: _date_difference, exp.AtTimeZone: _time_zone,
    exp.DayOfWeekIso: _day_of_week, exp.Div: _division, exp.Round: _rounding, exp.Cast: _casting, exp.TryCast: _casting,
    exp.Floor: _whole_number, exp.Ceil: _whole_number, exp.Sign: _sign, exp.Avg: _average, exp.Median: _median,
    exp.ArgMax: _extreme_by, exp.ArgMin: _extreme_by, exp.AnyValue: _any_value, exp.IgnoreNulls: _ignore_nulls,
    exp.In: _membership, exp.GroupConcat: _listed_texts, exp.Filter: _filtered, exp.ArrayAgg: _listed, exp.Window: _window,
    exp.Explode: _rows_of_lists, exp.ArrayContains: _contains, exp.ArrayOverlaps: _overlaps, exp.ArrayConcat: _concatenated,
    exp.GenerateSeries: _series, exp.Bracket: _element, exp.Length: _length, exp.Split: _split, exp.RegexpReplace: _replaced,
    exp.RegexpExtract: _extracted, exp.RegexpExtractAll: _extracted, exp.Anonymous: _function, exp.Table: selects.table,
    exp.Select: selects.qualified, exp.Union: selects.union,
}  # fmt: skip
