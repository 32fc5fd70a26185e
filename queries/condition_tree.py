"""The condition of a signal as a small tree, apart from SQL: what another reader can evaluate.

Asked about a profile that nobody has (what if this fact were otherwise?), a condition cannot be
looked up in a table, and a page that asks thousands of times cannot start a statement for each.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from queries import sql_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

Tree: TypeAlias = tuple[Any, ...]
"""`("column", name)`, `("number", value)` or an operation with its operands, each a tree: and, or,
not, is null, coalesce, least, greatest, abs, case (condition, value, ..., otherwise), comparisons
and arithmetic. NaN is null; what is true or false gives 1 or 0."""

_COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
}
_OPERATIONS = {
    "CONJUNCTION_AND": "and",
    "CONJUNCTION_OR": "or",
    "OPERATOR_NOT": "not",
    "OPERATOR_IS_NULL": "is null",
    "OPERATOR_COALESCE": "coalesce",
}
_FUNCTIONS = {"+": (1, 2), "-": (1, 2), "*": (2, 2), "abs": (1, 1)}
"""Fewest and most operands."""
_CHOICES = ("least", "greatest")
_TRUTHS = frozenset({*_COMPARISONS.values(), "and", "or", "not", "is null"})
_CONNECTIVES = ("and", "or", "not")
_NO_NUMBER = math.nan


class _OtherSqlError(ValueError):
    """An expression outside the small language of the trees."""


@cache
def condition_tree(predicate: str) -> Tree | None:
    """The tree of a true-or-false expression over columns; None for one outside its language.

    Exact where every column is a double, as those of the feature tables are.
    """
    try:
        select = sql_tree.statement(f"select ({predicate}) as holds")
        return _truth(_tree(select["select_list"][0]))
    except (ValueError, KeyError, TypeError):
        return None


def _tree(node: dict[str, Any]) -> Tree:
    kind = node["type"]
    if kind in _COMPARISONS:
        return (_COMPARISONS[kind], _tree(node["left"]), _tree(node["right"]))
    if kind in _OPERATIONS:
        return _operation(_OPERATIONS[kind], map(_tree, node["children"]))
    if kind == "OPERATOR_IS_NOT_NULL":
        return ("not", ("is null", *map(_tree, node["children"])))
    if kind == "COMPARE_BETWEEN":
        value, lower, upper = (_tree(node[key]) for key in ("input", "lower", "upper"))
        return ("and", (">=", value, lower), ("<=", value, upper))
    if kind == "COMPARE_IN":
        value, *others = map(_tree, node["children"])
        return ("or", *(("=", value, other) for other in others))
    return _value(kind, node)


def _value(kind: str, node: dict[str, Any]) -> Tree:
    if kind == "COLUMN_REF":
        return ("column", str(node["column_names"][-1]).lower())
    if kind == "VALUE_CONSTANT":
        return ("number", _number(node["literal"]))
    if kind == "CASE_EXPR":
        checks = node["case_checks"]
        pairs = ((_truth(_tree(one["when_expr"])), _tree(one["then_expr"])) for one in checks)
        return ("case", *(part for pair in pairs for part in pair), _tree(node["else_expr"]))
    if kind == "FUNCTION" and not node["distinct"] and not node["filter"]:
        return _function(node["function_name"], [_tree(one["expression"]) for one in _given(node)])
    raise _OtherSqlError(kind)


def _given(node: dict[str, Any]) -> list[dict[str, Any]]:
    arguments: list[dict[str, Any]] = node["arguments"]
    return arguments


def _function(name: str, operands: list[Tree]) -> Tree:
    fewest, most = (1, len(operands)) if name in _CHOICES else _FUNCTIONS.get(name, (1, 0))
    if name == "/" and operands[1][0] == "number" and operands[1][1] not in (0.0, _NO_NUMBER):
        fewest, most = 2, 2  # a division by nought is an affair of its own in SQL
    if not fewest <= len(operands) <= most:
        raise _OtherSqlError(name)
    return (name, *operands)


def _operation(name: str, operands: Iterable[Tree]) -> Tree:
    return (name, *(map(_truth, operands) if name in _CONNECTIVES else operands))


def _truth(tree: Tree) -> Tree:
    """A number that stands where a condition is expected is true unless it is nought."""
    return tree if tree[0] in _TRUTHS else ("<>", tree, ("number", 0.0))


def _number(literal: dict[str, Any]) -> float:
    kind, text = literal["kind"], literal["text"]
    if kind == "BOOLEAN":
        return float(text == "true")
    if kind == "NULL_LITERAL":
        return _NO_NUMBER
    if kind not in ("INTEGER", "NUMERIC"):
        raise _OtherSqlError(kind)
    return float(text)
