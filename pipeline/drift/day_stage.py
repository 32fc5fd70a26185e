"""`drift.data_days`: each watched column on each day, against the reference and the weeks before.

What is looked at and when it counts as moved: docs/decisions/0127-drift-by-day.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.drift.day_tests import Bins, DayCounts, day_test
from pipeline.evaluation.false_discovery import false_discovery_rates
from pipeline.tables import query, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import duckdb

    from pipeline.drift.day_tests import DayTest
    from pipeline.settings.build import DayDriftSettings

TABLE = "drift.data_days"
ALL_MARKETS = "all"
COUNTS = ("orders", "clusters", "clusters_touched")
"""Columns of drift.day_histograms, in the order of `DayCounts`."""
COLUMNS = {
    "column_name": pl.String,
    "market": pl.String,
    "day": pl.Date,
    "against": pl.String,
    "orders": pl.Int64,
    "bin": pl.Int32,
    **dict.fromkeys(("share_before", "share", "effect", "p_value", "q_value"), pl.Float64),
    **dict.fromkeys(("psi", "psi_floor", "jensen_shannon", "ks", "wasserstein"), pl.Float64),
    "is_alarm": pl.Boolean,
}
"""Columns of the table, one row per (column_name, market, day, against). `market` is that of the
shop, or all; `against` is reference or trailing; `bin` of drift.bins names the share that moved
the most beyond chance: up to the upper edge of that bin, or of that level."""


@dataclass(frozen=True)
class _Column:
    name: str
    bins: Bins
    counts: DayCounts
    days: list[date]
    markets: list[str]


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    settings: DayDriftSettings,
) -> None:
    """Make `drift.data_days` of the histograms; raises StageError when they are missing."""
    on_progress(TABLE, store(con, TABLE, data_days(con, settings)))


def data_days(con: duckdb.DuckDBPyConnection, settings: DayDriftSettings) -> pl.DataFrame:
    """The rows of the table."""
    histograms = query(con, "select * from drift.day_histograms")
    bins = query(con, "select * from drift.bins order by column_name, bin")
    reference = set(
        query(con, "select distinct day from drift.settled_values where is_reference")["day"]
    )
    rows = [
        row for column in _columns(histograms, bins) for row in _rows(column, reference, settings)
    ]
    return judged(pl.DataFrame(rows, schema=COLUMNS, orient="row"), settings)


def _columns(histograms: pl.DataFrame, bins: pl.DataFrame) -> Iterator[_Column]:
    markets = sorted(histograms["market"].unique())
    for (name,), own in histograms.group_by("column_name", maintain_order=True):
        of_column = bins.filter(pl.col("column_name") == name)
        numbers = of_column["bin"].to_list()
        if max(numbers) <= 0:  # nothing of it was delivered in the reference
            continue
        days = sorted(own["day"].unique())
        shape = (len(markets), len(days), len(numbers))
        place = (
            own["market"].replace_strict(markets, range(len(markets)), return_dtype=pl.Int64),
            own["day"].replace_strict(days, range(len(days)), return_dtype=pl.Int64),
            own["bin"].replace_strict(numbers, range(len(numbers)), return_dtype=pl.Int64),
        )
        at = tuple(one.to_numpy() for one in place)
        counts = [np.zeros(shape) for _ in COUNTS]
        for whole, count in zip(counts, COUNTS, strict=True):
            whole[at] = own[count].to_numpy()
        yield _Column(str(name), _bins(of_column), DayCounts(*counts), days, markets)


def _bins(rows: pl.DataFrame) -> Bins:
    numbers = rows["bin"].to_list()
    if -1 in numbers:
        return Bins.of_levels(numbers)
    width = (rows["high"] - rows["low"]).to_numpy()[1:]
    return Bins.of_number(numbers, np.where(np.isfinite(width), width, 0.0))


def _rows(
    column: _Column, reference: set[date], settings: DayDriftSettings
) -> Iterator[tuple[object, ...]]:
    frozen = [place for place, day in enumerate(column.days) if day in reference]
    for place, day in enumerate(column.days):
        trailing = [*range(max(place - settings.trailing_days, 0), place)]
        others = {"reference": frozen, "trailing": trailing}
        for against, places in others.items():
            if day in reference or len(places) < settings.least_days:
                continue
            tested = day_test(column.counts, column.bins, place, places, settings)
            for row, market in enumerate((ALL_MARKETS, *column.markets)):
                if tested.orders[row]:
                    yield (column.name, market, day, against, *_cells(tested, row, column.bins))


def _cells(tested: DayTest, row: int, bins: Bins) -> tuple[object, ...]:
    """From `orders` on, the verdict still to come."""
    numbers = (
        *(tested.share_before, tested.share, tested.effect, tested.p_value, tested.p_value),
        *(tested.psi, tested.psi_floor, tested.jensen_shannon, tested.ks, tested.wasserstein),
    )
    values = (float(one[row]) for one in numbers)
    cut = bins.cut_bins[int(tested.cut[row])]
    return (int(tested.orders[row]), cut, *values, False)


def judged(rows: pl.DataFrame, settings: DayDriftSettings) -> pl.DataFrame:
    """The q of every comparison among those of its day, and which are alarms."""
    if rows.is_empty():
        return rows
    numbers = pl.col(pl.Float64).fill_nan(None)
    q = pl.col("p_value").map_batches(
        lambda p: pl.Series(false_discovery_rates(p.to_numpy())), return_dtype=pl.Float64
    )
    is_alarm = (pl.col("q_value") <= settings.q) & (pl.col("effect").abs() >= settings.least_effect)
    judged = rows.with_columns(q_value=q.over("day", "against")).with_columns(numbers)
    return judged.with_columns(is_alarm=is_alarm.fill_null(value=False))
