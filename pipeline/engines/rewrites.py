"""What DuckDB and Spark mean differently by the same words, each difference in one function.

A rewrite takes a node of DuckDB's dialect whose columns have types and gives one that means on
Spark what the first meant on DuckDB, or the node itself. For each of them
`tests/pipeline/engines/test_rewrites.py` has a case that goes wrong without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rewrite = Callable[[exp.Expr], exp.Expr]

FLOATS = (exp.DType.DOUBLE, exp.DType.FLOAT)
_DECIMAL_LITERAL = re.compile(r"\d*\.\d+$")
_SCRIPT = re.compile(r"(\\p\{)([A-Z][a-z]{2,}\})")
_PLAIN_SEPARATOR = re.compile(r"[^\\^$.|?*+()\[\]{}]$")


def date_boundaries(node: exp.Expr) -> exp.Expr:
    """`date_diff` counts the boundaries that are crossed, on Spark the whole units between.

    Both ends are cut to the unit first; of days, dates are subtracted.
    """
    if not isinstance(node, exp.DateDiff):
        return node
    unit = node.text("unit").upper() or "DAY"
    if unit == "DAY":
        return _days_between(node.this, node.expression)
    ends = (_cut(one, unit) for one in (node.this, node.expression))
    return _typed(exp.DateDiff(this=next(ends), expression=next(ends), unit=node.unit), "bigint")


def date_differences(node: exp.Expr) -> exp.Expr:
    """A date less a date is days, on Spark an interval."""
    if not isinstance(node, exp.Sub):
        return node
    if not all(_is_of(side, exp.DType.DATE) for side in (node.left, node.right)):
        return node
    return _days_between(node.left, node.right)


def double_literals(node: exp.Expr) -> exp.Expr:
    """`1440.0` is a double to whoever writes it; on Spark it is a decimal of five digits."""
    if isinstance(node, exp.Literal) and _DECIMAL_LITERAL.match(node.name) and not node.is_string:
        return exp.cast(node.copy(), "double")
    return node


def double_quotients(node: exp.Expr) -> exp.Expr:
    """`/` gives a double whatever it parts; on Spark it stays a decimal where one is a decimal."""
    if not isinstance(node, exp.Div):
        return node
    parts = exp.Div(this=_as_double(node.this), expression=_as_double(node.expression))
    return _typed(parts, "double")


def rounded_doubles(node: exp.Expr) -> exp.Expr:
    """`round` scales, rounds and scales back; Spark rounds the digits that it would print."""
    if not isinstance(node, exp.Round) or not _is_of(node.this, *FLOATS):
        return node
    digits = node.args.get("decimals")
    if digits is None or not digits.is_int or int(digits.name) == 0:
        return node
    whole = exp.Round(this=_times(node.this, 10 ** int(digits.name)))
    scale = exp.cast(exp.Literal.number(str(10 ** int(digits.name))), "double")
    return _typed(exp.paren(exp.Div(this=whole, expression=scale)), "double")


def decimals_of_doubles(node: exp.Expr) -> exp.Expr:
    """A double is scaled and rounded to a decimal; Spark rounds the digits that it would print."""
    if not isinstance(node, exp.Cast) or not node.to.is_type(exp.DType.DECIMAL):
        return node
    scale = _scale(node.to)
    if not _is_of(node.this, *FLOATS) or not scale:
        return node
    whole = exp.Round(this=_times(node.this, 10**scale))
    unit = exp.cast(exp.Literal.number(f"0.{'1'.rjust(scale, '0')}"), f"decimal({scale}, {scale})")
    digits = exp.cast(whole, "decimal(26, 0)")
    return exp.Cast(this=exp.paren(exp.Mul(this=digits, expression=unit)), to=node.to.copy())


def whole_numbers(node: exp.Expr) -> exp.Expr:
    """A number with a fraction becomes the whole number next to it; Spark cuts the fraction off."""
    if not isinstance(node, exp.Cast) or not node.to.is_type(*exp.DataType.INTEGER_TYPES):
        return node
    rounded: exp.Expr
    if _is_of(node.this, *FLOATS):
        rounded = exp.Anonymous(this="bround", expressions=[node.this.copy()])
    elif _is_of(node.this, exp.DType.DECIMAL):
        rounded = exp.func("round", node.this.copy())
    else:
        return node
    return exp.Cast(this=rounded, to=node.to.copy())


def lists_of_quantiles(node: exp.Expr) -> exp.Expr:
    """Several quantiles at once are `percentile` on Spark, whose `percentile_cont` takes one."""
    if not isinstance(node, exp.PercentileCont):
        return node
    return exp.Anonymous(this="percentile", expressions=[node.this.copy(), node.expression.copy()])


def lists_of_type(node: exp.Expr) -> exp.Expr:
    """A list is cast before its values become rows: Spark makes no rows within a cast."""
    if not isinstance(node, exp.Cast) or not isinstance(node.this, exp.Explode):
        return node
    kind = exp.DataType(this=exp.DType.ARRAY, expressions=[node.to.copy()], nested=True)
    return exp.Explode(this=exp.cast(node.this.this.copy(), kind))


def plain_separators(node: exp.Expr) -> exp.Expr:
    """A text split at one plain character; Spark takes a pattern, and Sail no quoted one."""
    if not isinstance(node, exp.Split) or not isinstance(node.expression, exp.Literal):
        return node
    if not _PLAIN_SEPARATOR.match(node.expression.name):
        return node
    return exp.Anonymous(this="split", expressions=[node.this.copy(), node.expression.copy()])


def named_scripts(node: exp.Expr) -> exp.Expr:
    r"""A pattern's `\p{Han}` is `\p{IsHan}` on Spark, whose patterns are Java's."""
    patterns = (exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract)
    if not (isinstance(node, exp.Literal) and node.is_string and isinstance(node.parent, patterns)):
        return node
    return exp.Literal.string(_SCRIPT.sub(r"\1Is\2", node.name))


def ranges_of_days(node: exp.Expr) -> exp.Expr:
    """A range of days around a date is one of numbers: Sail takes an interval for none."""
    if not isinstance(node, exp.Window) or not (spec := node.args.get("spec")):
        return node
    ends = {side: spec.args.get(side) for side in ("start", "end")}
    intervals = {side: end for side, end in ends.items() if isinstance(end, exp.Interval)}
    if spec.text("kind").upper() != "RANGE" or not intervals:
        return node
    by = node.args["order"].expressions[0]
    if not _is_of(by.this, exp.DType.DATE):
        return node
    for side, interval in intervals.items():
        spec.set(side, exp.Literal.number(interval.name))
    by.set("this", _days_between(by.this, exp.cast(exp.Literal.string("1970-01-01"), "date")))
    return node


def membership_as_value(node: exp.Expr) -> exp.Expr:
    """Whether a value is in a table, asked outside a filter: Sail takes a list, no query."""
    if not isinstance(node, exp.In) or not (query := node.args.get("query")):
        return node
    if _stands_in_filter(node):
        return node
    select = query.this.copy()
    values = exp.func("collect_set", select.selects[0].unalias().copy())
    listed = exp.Subquery(this=select.select(values.as_("values"), append=False, copy=False))
    return exp.func("array_contains", listed, node.this.copy())


def groups_written_out(node: exp.Expr) -> exp.Expr:
    """`group by all` names what is no aggregate: Sail does not know it."""
    if not isinstance(node, exp.Select) or not (group := node.args.get("group")):
        return node
    if group.args.get("all"):
        keys = [one.unalias().copy() for one in node.selects if not one.find(exp.AggFunc)]
        keys = [one for one in keys if one.find(exp.Column)]
        node.set("group", exp.Group(expressions=keys))
    return node


def unions_by_position(node: exp.Expr) -> exp.Expr:
    """A union by name, each branch with every column in one order: Sail knows it by place."""
    if not isinstance(node, exp.SetOperation) or not node.args.get("by_name"):
        return node
    branches = list(_branches(node))
    names = list(dict.fromkeys(one.alias_or_name for each in branches for one in each.selects))
    for branch in branches:
        own = {one.alias_or_name: one for one in branch.selects}
        branch.set("expressions", [own.get(name, exp.null().as_(name)) for name in names])
    for union in node.find_all(exp.SetOperation):
        union.set("by_name", None)
    return node


def _branches(node: exp.SetOperation) -> Iterator[exp.Select]:
    """The selects of nested unions, first to last."""
    for side in (node.left, node.right):
        if isinstance(side, exp.SetOperation):
            yield from _branches(side)
        else:
            select = side.unnest()
            if isinstance(select, exp.Select):
                yield select


def _stands_in_filter(node: exp.Expr) -> bool:
    """Whether a condition stands in a `where`, `having` or `on`, and not in a `case` of it."""
    above = node.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Case, exp.If, exp.Select)
    return isinstance(above, exp.Where | exp.Having | exp.Join)


REWRITES: tuple[Rewrite, ...] = (
    date_boundaries,
    date_differences,
    decimals_of_doubles,
    whole_numbers,
    rounded_doubles,
    double_quotients,
    double_literals,
    lists_of_quantiles,
    lists_of_type,
    plain_separators,
    named_scripts,
    ranges_of_days,
    membership_as_value,
    groups_written_out,
    unions_by_position,
)
"""In the order in which they are asked: literals lose their scale after casts have read it."""


def _is_of(node: exp.Expr, *kinds: exp.DType) -> bool:
    """Whether a node is of one of some types."""
    return node.is_type(*kinds)


def _days_between(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    dates = [exp.cast(one.copy(), "date") for one in (later, earlier)]
    return _typed(exp.cast(exp.Anonymous(this="datediff", expressions=dates), "bigint"), "bigint")


def _cut(moment: exp.Expr, unit: str) -> exp.Expr:
    return exp.TimestampTrunc(this=moment.copy(), unit=exp.var(unit))


def _times(value: exp.Expr, factor: int) -> exp.Expr:
    scale = exp.cast(exp.Literal.number(str(factor)), "double")
    return exp.Mul(this=exp.paren(value.copy()), expression=scale)


def _as_double(value: exp.Expr) -> exp.Expr:
    return value.copy() if _is_of(value, *FLOATS) else exp.cast(value.copy(), "double")


def _scale(of: exp.DataType) -> int:
    """Digits of a decimal behind the point."""
    sizes = of.expressions
    return int(sizes[1].name) if len(sizes) > 1 else 0


def _typed(node: exp.Expr, kind: str) -> exp.Expr:
    node.type = exp.DataType.build(kind)
    return node


def without_order(tree: exp.Expr) -> exp.Expr:
    """A query without its last `order by`, which publishing does: files have no order to keep.

    Spark's optimizer refuses to sort a union of two looks at one table (RemoveRedundantAliases).
    """
    if tree.args.get("order") and not tree.args.get("limit"):
        tree.set("order", None)
    return tree


def columns_into_rows(node: exp.Expr) -> exp.Expr:
    """`unpivot` as a list that is spread over rows: Sail knows no other way.

    Asked of the tree as written, before its columns have types.
    """
    pivots = node.args.get("pivots") if isinstance(node, exp.Table | exp.Subquery) else None
    if not pivots or not pivots[0].args.get("unpivot"):
        return node
    pivot = pivots[0]
    value, spread = pivot.expressions[0], pivot.args["fields"][0]
    name = pivot.alias or "unpivoted_rows"
    rows = exp.array(*(_row(spread.this.name, value.name, one) for one in spread.expressions))
    source = node.copy()
    source.set("pivots", None)
    spread_rows = exp.select("*", exp.Explode(this=rows).as_("unpivoted")).from_(source)
    cells = [exp.column(name, "unpivoted").as_(name) for name in (spread.this.name, value.name)]
    taken = exp.select(exp.Star(except_=[exp.to_identifier("unpivoted")]), *cells).from_(
        spread_rows.subquery("spread_rows")
    )
    if pivot.args.get("include_nulls"):
        return taken.subquery(name)
    named = exp.select("*").from_(taken.subquery("cells")).where(f"{value.name} is not null")
    return named.subquery(name)


def _row(name_of: str, value_of: str, column: exp.Expr) -> exp.Expr:
    pairs = {name_of: exp.Literal.string(column.name), value_of: exp.column(column.name)}
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(k), expression=v) for k, v in pairs.items()
        ]
    )
