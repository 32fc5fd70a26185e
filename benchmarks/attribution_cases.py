"""Cases of root-cause search: public ones from files, and our own of the same kinds.

A file `NAME.parquet` holds the leaves of many cases and `NAME_labels.csv` their causes (`set`,
as `a=a1&b=b2;...`). Leaves are `real` and `predict`, or by minute `value` of `cnt`, where the
minute of the label is compared with the four before it, as RobustSpot has it.

Ours follow the descriptions of the papers. *S* and *L* (Kalander 2022): leaves from a Weibull
distribution, a share of them empty, a forecast off by a normal error, causes that take a share
of their leaves' value, each with its own spread; L has larger dimensions and causes of a single
leaf. *Shops*: uneven slices, Poisson counts before and after, one to three causes of at most
three dimensions that halve or double what they touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

MINUTES_BEFORE = 4
_MINUTE = 60
_FIXED = {"setting", "case_id", "min", "real", "predict", "value", "cnt"}
_LETTERS = "abcdefgh"


class Case(NamedTuple):
    """Leaves as the engine reads them, and the true causes."""

    leaves: pl.DataFrame
    dimensions: tuple[str, ...]
    causes: frozenset[str]


def in_order(element: str) -> str:
    """`b=b1&a=a2` as `a=a2&b=b1`."""
    return "&".join(sorted(element.split("&")))


def of_file(path: Path) -> Iterator[Case]:
    """Every case of a Parquet file that has a label beside it."""
    labels = pl.read_csv(path.with_name(f"{path.stem}_labels.csv"), infer_schema_length=None)
    leaves = pl.read_parquet(path)
    name = "case_id" if "case_id" in labels.columns else "timestamp"
    keys = ["setting", name] if {"setting"} <= set(labels.columns) & set(leaves.columns) else [name]
    by = [key if key in leaves.columns else "case_id" for key in keys]
    parts = leaves.partition_by(by, as_dict=True)
    for row in labels.iter_rows(named=True):
        part = parts[tuple(row[key] for key in keys)]
        causes = frozenset(map(in_order, row["set"].split(";")))
        dimensions = tuple(
            one
            for one in part.columns
            if one not in _FIXED and part[one].null_count() < part.height
        )
        if "cnt" in part.columns:
            yield Case(_periods(part, row["timestamp"], dimensions), dimensions, causes)
        else:
            numbers = {"predict": "numerator_before", "real": "numerator_after"}
            yield Case(part.select(*dimensions, *numbers).rename(numbers), dimensions, causes)


def _periods(minutes: pl.DataFrame, at: int, dimensions: tuple[str, ...]) -> pl.DataFrame:
    age = (at - pl.col("min")) // _MINUTE
    sides = {"after": age == 0, "before": age.is_between(1, MINUTES_BEFORE)}
    sums = [
        pl.col(column).filter(mask).sum().alias(f"{name}_{side}")
        for side, mask in sides.items()
        for name, column in (("numerator", "value"), ("denominator", "cnt"))
    ]
    return minutes.group_by(dimensions, maintain_order=True).agg(sums)


@dataclass(frozen=True)
class Kind:
    """How a simulated case comes about; pairs are the ends of uniform distributions."""

    sizes: tuple[int, ...]
    causes: tuple[int, int]
    elements: tuple[int, int] = (1, 1)
    """Of one cause, in the same dimensions."""
    layers: tuple[int, int] | None = None
    """Dimensions of a cause; none = all."""
    noise: tuple[float, float] = (0.0, 0.0)
    severity: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float] = (0.0, 0.0)
    events: tuple[float, float] | None = None
    """Mean counts of a leaf, where they are counts."""


KINDS = {
    "S": Kind((10, 12, 10, 8, 5), (1, 3), (1, 3), (1, 5), (0.0, 0.25), (0.2, 1.0), (0.0, 0.1)),
    "L": Kind((10, 24, 10, 15), (1, 5), noise=(0.0, 0.1), severity=(0.5, 1.0)),
    "shops": Kind((6, 10, 4, 4, 5), (1, 3), layers=(1, 3), events=(2.0, 12.0)),
}
EMPTY_LEAVES = 0.25
SHAPE = (0.5, 1.0)
"""Of the Weibull distribution."""
LEAST_EVENTS = 60.0
"""What a cause among shops is expected to touch: fewer are not to be told from chance."""


def simulated(kind: Kind, seed: int) -> Case:
    """One case of our own."""
    rng = np.random.default_rng(seed)
    grid = np.indices(kind.sizes).reshape(len(kind.sizes), -1)
    if kind.events:
        expected, actual, causes = _shops(rng, kind, grid)
    else:
        expected, actual, causes = _values(rng, kind, grid)
    names = _LETTERS[: len(kind.sizes)]
    leaves = pl.DataFrame(
        {
            **{
                name: pl.Series(np.arange(1, size + 1))
                .cast(pl.String)
                .str.replace("^", name)[codes]
                for name, size, codes in zip(names, kind.sizes, grid, strict=True)
            },
            "numerator_before": expected,
            "numerator_after": actual,
        }
    )
    texts = (
        "&".join(f"{names[at]}={names[at]}{value + 1}" for at, value in cause.items())
        for cause in causes
    )
    return Case(leaves, tuple(names), frozenset(texts))


def _leaves_of(grid: Ints, cause: dict[int, int]) -> NDArray[np.bool_]:
    return np.logical_and.reduce([grid[at] == value for at, value in cause.items()])


def _values(
    rng: np.random.Generator, kind: Kind, grid: Ints
) -> tuple[Floats, Floats, list[dict[int, int]]]:
    """Forecast, value and causes, whose leaves all fell, or else rose, as most of the rest did."""
    leaves = grid.shape[1]
    there = rng.random(leaves) > rng.uniform(0.0, EMPTY_LEAVES)
    value = rng.weibull(rng.uniform(*SHAPE), leaves) * 100.0 * there
    noise = rng.uniform(*kind.noise)
    other = np.maximum(value * (1.0 + rng.normal(0.0, noise, leaves)), 0.0)
    swap = rng.integers(0, 2, leaves) == 0
    actual, expected = np.where(swap, other, value), np.where(swap, value, other)
    has_fallen = actual.sum() <= expected.sum()
    (touched, source) = (actual, expected) if has_fallen else (expected, actual)
    causes: list[dict[int, int]] = []
    for group in _groups(rng, kind, value > 0.0, grid):
        severity, spread = rng.uniform(*kind.severity) + noise, rng.uniform(*kind.spread)
        for cause in group:
            mask = _leaves_of(grid, cause)
            share = rng.normal(severity, spread, int(mask.sum()))
            touched[mask] = np.maximum(source[mask] * (1.0 - share), 0.0)
            causes.append(cause)
    return expected, actual, causes


def _groups(
    rng: np.random.Generator, kind: Kind, there: NDArray[np.bool_], grid: Ints
) -> list[list[dict[int, int]]]:
    """Causes by group; none shares a value with one of another group in the same dimension."""
    groups: list[list[dict[int, int]]] = []
    wanted = int(rng.integers(kind.causes[0], kind.causes[1] + 1))
    for _ in count():
        if len(groups) == wanted:
            return groups
        layer = int(rng.integers(kind.layers[0], kind.layers[1] + 1)) if kind.layers else len(grid)
        places = sorted(map(int, rng.choice(len(grid), layer, replace=False)))
        number = int(rng.integers(kind.elements[0], kind.elements[1] + 1))
        used = {at: {one[at] for group in groups for one in group if at in one} for at in places}
        free = {at: [v for v in range(kind.sizes[at]) if v not in used[at]] for at in places}
        same = layer < len(grid) and any(sorted(group[0]) == places for group in groups)
        if same or not all(free.values()):
            continue
        group = [{at: int(rng.choice(free[at])) for at in places} for _ in range(number)]
        distinct = {tuple(one.values()) for one in group}
        if len(distinct) == number and all(there[_leaves_of(grid, one)].any() for one in group):
            groups.append(group)
    return groups


def _shops(
    rng: np.random.Generator, kind: Kind, grid: Ints
) -> tuple[Floats, Floats, list[dict[int, int]]]:
    """Counts expected (their mean, that of four periods, or one period's) and counts that came."""
    shares = [
        rng.dirichlet(np.full(size, 2.0))[codes]
        for size, codes in zip(kind.sizes, grid, strict=True)
    ]
    mean = np.prod(shares, axis=0) * rng.gamma(4.0, 0.25, grid.shape[1])
    mean *= mean.size * rng.uniform(*(kind.events or (1.0, 1.0))) / mean.sum()
    periods = int(rng.choice([0, 1, 4]))
    expected = rng.poisson(mean * periods) / periods if periods else mean
    after, touched = mean.copy(), np.zeros(mean.size, dtype=np.bool_)
    causes: list[dict[int, int]] = []
    wanted, layers = int(rng.integers(kind.causes[0], kind.causes[1] + 1)), kind.layers or (1, 1)
    while len(causes) < wanted:
        layer = int(rng.integers(layers[0], layers[1] + 1))
        places = sorted(map(int, rng.choice(len(grid), layer, replace=False)))
        cause = {at: int(rng.integers(kind.sizes[at])) for at in places}
        mask = _leaves_of(grid, cause)
        if (mask & touched).any() or mean[mask].sum() < LEAST_EVENTS:
            continue
        after[mask] *= rng.uniform(1.5, 3.0) if rng.integers(0, 2) else rng.uniform(0.2, 0.6)
        touched |= mask
        causes.append(cause)
    return expected, rng.poisson(after).astype(np.float64), causes
