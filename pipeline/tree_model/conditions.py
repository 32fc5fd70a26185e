"""Conditions over columns, evaluated by numpy for many rows at once.

A condition is a tree of tuples: `("column", name)`, `("number", value)`, or an operation with its
operands (`queries.condition_tree` makes them from SQL). As in SQL, what is unknown (NaN) makes a
comparison unknown; a truth is 1, 0 or NaN.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    Tree: TypeAlias = tuple[Any, ...]

_COMPARISONS: dict[str, Callable[[FloatArray, FloatArray], NDArray[np.bool_]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}
_ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
_BY_PAIRS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "and": lambda left, right: np.where((left == 0.0) | (right == 0.0), 0.0, left * right),
    "or": lambda left, right: np.where(
        (left == 1.0) | (right == 1.0), 1.0, np.maximum(left, right)
    ),
    "coalesce": lambda first, other: np.where(np.isnan(first), other, first),
    "least": np.fmin,
    "greatest": np.fmax,
}
_OF_ONE: dict[str, Callable[[FloatArray], FloatArray]] = {
    "not": lambda value: 1.0 - value,
    "is null": lambda value: np.isnan(value).astype(np.float64),
    "abs": np.abs,
    "-": np.negative,
    "+": np.positive,
}


def evaluated(tree: Tree, columns: Mapping[str, FloatArray]) -> FloatArray:
    """(n,) values of an expression; `columns` are (n,) or (1,) each, and so is a constant."""
    name, *parts = tree
    if name in ("column", "number"):
        return columns[parts[0]] if name == "column" else np.array(parts, dtype=np.float64)
    values = [evaluated(part, columns) for part in parts]
    if name == "case":
        return _case(values)
    if name in _BY_PAIRS:
        return reduce(_BY_PAIRS[name], values)
    if len(values) == 1:
        return _OF_ONE[name](values[0])
    left, right = values
    if name in _ARITHMETIC:
        return np.asarray(_ARITHMETIC[name](left, right), dtype=np.float64)
    unknown = np.isnan(left) | np.isnan(right)
    return np.where(unknown, np.nan, _COMPARISONS[name](left, right))


def columns_of(tree: Tree) -> frozenset[str]:
    """The columns that an expression names."""
    return frozenset(one[1] for one in _nodes(tree) if one[0] == "column")


def bounds_of(tree: Tree) -> dict[str, set[float]]:
    """By column the numbers that it is compared with: on either side of one lies another answer."""
    bounds: dict[str, set[float]] = {}
    for name, *parts in _nodes(tree):
        if name in _COMPARISONS:
            numbers = {one[1] for part in parts for one in _nodes(part) if one[0] == "number"}
            for column in frozenset().union(*map(columns_of, parts)):
                bounds.setdefault(column, set()).update(numbers)
    return bounds


def _case(parts: list[FloatArray]) -> FloatArray:
    *checks, value = parts
    for condition, then in reversed(list(zip(checks[::2], checks[1::2], strict=True))):
        value = np.where(condition == 1.0, then, value)
    return value


def _nodes(tree: Tree) -> Iterator[Tree]:
    """Every part of an expression, itself first."""
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from _nodes(part)
