"""Metrics as one matrix: a row a metric and slice, a column a day.

A slice is the whole marketplace or what one or two dimensions cut out of it. All metrics stand in
one matrix, so that a day is one step for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    BoolArray: TypeAlias = NDArray[np.bool_]
    IntArray: TypeAlias = NDArray[np.int64]
    Slice: TypeAlias = tuple[tuple[str, str], ...]

KEY = ("dimension_a", "value_a", "dimension_b", "value_b")
MOST_DIMENSIONS = 2
"""That a slice is cut out by."""
WHOLE: Slice = ()
"""The slice that is everything."""


@dataclass(frozen=True)
class About:
    """What the registry says of a metric, as far as noticing needs it."""

    metric: str
    is_ratio: bool
    good: str = "none"
    """Which direction is good: up, down or none."""
    is_leading: bool = False
    maturity_days: int = 0
    """After how many days a day's value is known."""
    least_rows: int = 30
    """Records behind a value under which it is suppressed."""
    follows: tuple[str, ...] = ()
    """Metrics of which it is made: money moves as orders do, and is named where it moves else."""


@dataclass(frozen=True)
class Panel:
    """The days of some metrics in all their slices."""

    days: tuple[date, ...]
    about: tuple[About, ...]
    metric: IntArray
    """(rows,) place in `about`."""
    slices: tuple[Slice, ...]
    """Of each row."""
    numerator: FloatArray
    """(rows, days): what is counted or summed."""
    exposure: FloatArray
    """(rows, days): the denominator of a ratio, 1 where the metric only adds up."""
    count: FloatArray
    """(rows, days): how many records stand behind the value."""
    usable: BoolArray
    """(rows, days): mature, delivered whole, and no gap of its source."""

    @cached_property
    def is_ratio(self) -> BoolArray:
        """(rows,) whether the metric has a denominator."""
        return np.array([one.is_ratio for one in self.about], dtype=np.bool_)[self.metric]

    @cached_property
    def rows(self) -> dict[tuple[int, Slice], int]:
        """Row by metric (place in `about`) and slice."""
        keys = zip(self.metric.tolist(), self.slices, strict=True)
        return {key: row for row, key in enumerate(keys)}

    def rows_without(self, first: int, last: int) -> IntArray:
        """(rows,) row of the slice around each, less its pairs `first .. last - 1`; -1 for none.

        A slice that has no such pair has none around it in that direction.
        """
        around = [
            self.rows.get((metric, own[:first] + own[last:]), -1) if len(own) >= last else -1
            for metric, own in zip(self.metric.tolist(), self.slices, strict=True)
        ]
        return np.array(around, dtype=np.int64)

    @cached_property
    def whole(self) -> IntArray:
        """(rows,) row of everything, for each row that of its metric."""
        return np.array([self.rows[one, WHOLE] for one in self.metric.tolist()], dtype=np.int64)


def panel(about: About, rows: pl.DataFrame, days: Sequence[date], usable: pl.DataFrame) -> Panel:
    """The matrix of one metric from `rows`: day, the columns of KEY, numerator, denominator, n.

    `usable` says `market, day` of each day that may be read; a slice without a market may be read
    where every market's may. A day without a row is zero. Slices with a value that nobody knows
    are left out.
    """
    kept = rows.filter(
        pl.col("day").is_in(list(days)),
        pl.col("dimension_a").is_null() | pl.col("value_a").is_not_null(),
        pl.col("dimension_b").is_null() | pl.col("value_b").is_not_null(),
    )
    whole = pl.DataFrame({name: [None] for name in KEY}, schema=dict.fromkeys(KEY, pl.String))
    keys = pl.concat([kept.select(KEY), whole]).unique().sort(KEY)
    columns = pl.DataFrame({"day": list(days)}).with_row_index("column")
    cells = kept.join(keys.with_row_index("row"), on=KEY, nulls_equal=True).join(columns, on="day")
    at, shape = (cells["row"].to_numpy(), cells["column"].to_numpy()), (keys.height, len(days))

    def matrix(column: str) -> FloatArray:
        filled = np.zeros(shape)
        filled[at] = cells[column].fill_null(0.0).to_numpy()
        return filled

    slices = tuple(_slice_of(row) for row in keys.iter_rows())
    return Panel(
        tuple(days),
        (about,),
        np.zeros(len(slices), dtype=np.int64),
        slices,
        matrix("numerator"),
        matrix("denominator") if about.is_ratio else np.ones(shape),
        matrix("n"),
        _usable_cells(slices, days, usable),
    )


def stacked(panels: Sequence[Panel]) -> Panel:
    """One matrix of several over the same days."""
    sizes = [len(one.slices) for one in panels]
    return Panel(
        panels[0].days,
        tuple(about for one in panels for about in one.about),
        np.repeat(np.arange(len(panels)), sizes),
        tuple(own for one in panels for own in one.slices),
        np.concatenate([one.numerator for one in panels]),
        np.concatenate([one.exposure for one in panels]),
        np.concatenate([one.count for one in panels]),
        np.concatenate([one.usable for one in panels]),
    )


def _slice_of(row: Sequence[str | None]) -> Slice:
    first, one, second, two = row
    pairs = ((first, one), (second, two))
    return tuple((name, value) for name, value in pairs if name is not None and value is not None)


def columns_of(own: Slice) -> tuple[str | None, ...]:
    """A slice as the four columns of KEY."""
    flat: list[str | None] = [part for pair in own for part in pair]
    return tuple(flat + [None] * (len(KEY) - len(flat)))


def _usable_cells(slices: Sequence[Slice], days: Sequence[date], usable: pl.DataFrame) -> BoolArray:
    known = {market: set(own["day"]) for (market,), own in usable.group_by("market")}
    everywhere = set.intersection(*known.values()) if known else set()
    lines = {market: [day in own for day in days] for market, own in known.items()}
    whole = [day in everywhere for day in days]
    cells = [lines.get(dict(own).get("market", ""), whole) for own in slices]
    return np.array(cells, dtype=np.bool_).reshape(len(slices), len(days))


def holds(inner: Slice, outer: Slice) -> bool:
    """Whether every order of `inner` is one of `outer`."""
    return set(outer) <= set(inner)


def may_share(one: Slice, other: Slice) -> bool:
    """Whether an order may be of both slices: they name no two values of one dimension."""
    return all(dict(other).get(name, value) == value for name, value in one)
