"""`drift.data_days`: each watched column on each day, against the reference and the weeks before.

What is looked at and when it counts as moved: docs/decisions/0127-drift-by-day.md. A comparison
depends on the counts of its days alone: where an earlier build had the same ones, its row stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import queries
from pipeline.drift.day_tests import Bins, DayCounts, day_tests
from pipeline.evaluation.false_discovery import false_discovery_rates
from pipeline.tables import query, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    import duckdb

    from pipeline.settings.build import DayDriftSettings

    _Comparison: TypeAlias = tuple[date, str]

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


MEASURES = (
    *("share_before", "share", "effect", "p_value"),
    *("psi", "psi_floor", "jensen_shannon", "ks", "wasserstein"),
)
TESTS_AT_ONCE = 32
"""Comparisons in one array: 3 MB of a column of 20 bins in six markets against 100 days."""

_REFERENCE_DAYS = (
    "select distinct day from drift.day_histograms inner join metrics.clocks using (market) "
    "where is_of_reference(day, first_whole_day)"
)
"""Read from the histograms, for the served file does not hold the orders."""
_KEY = {"column_name": pl.String, "day": pl.Date, "against": pl.String}


@dataclass(frozen=True)
class _Column:
    name: str
    bin_rows: pl.DataFrame
    counts: DayCounts
    days: list[date]
    markets: list[str]
    reference: frozenset[date]

    @property
    def bins(self) -> Bins:
        """Its bins, and the shares of them that are tested."""
        return _bins(self.bin_rows)

    def comparisons(self, settings: DayDriftSettings) -> dict[_Comparison, list[date]]:
        """Each day and what it is held against, with the days that this is."""
        frozen = [day for day in self.days if day in self.reference]
        found = {}
        for place, day in enumerate(self.days):
            trailing = self.days[max(place - settings.trailing_days, 0) : place]
            for against, others in (("reference", frozen), ("trailing", trailing)):
                if day not in self.reference and len(others) >= settings.least_days:
                    found[day, against] = others
        return found

    def same_days(self, other: _Column) -> set[date]:
        """The days on which both count the same; none where bins or markets differ."""
        if self.markets != other.markets or not self.bin_rows.equals(other.bin_rows):
            return set()
        places = {day: place for place, day in enumerate(other.days)}
        return {
            day
            for place, day in enumerate(self.days)
            if day in places and self.counts.on(place) == other.counts.on(places[day])
        }


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    settings: DayDriftSettings,
    earlier: Path | None = None,
) -> None:
    """Make `drift.data_days` of the histograms; raises StageError when they are missing.

    `earlier` is a file of the same recipe, whose rows stand where their counts do.
    """
    on_progress(TABLE, store(con, TABLE, data_days(con, settings, earlier)))


def data_days(
    con: duckdb.DuckDBPyConnection, settings: DayDriftSettings, earlier: Path | None = None
) -> pl.DataFrame:
    """The rows of the table."""
    written, before = _written(earlier) if earlier else ({}, pl.DataFrame(schema=COLUMNS))
    rows, standing = [pl.DataFrame(schema=COLUMNS)], list[tuple[str, date, str]]()
    for name, column in _columns(con).items():
        stands = _standing(column, written.get(name), settings)
        standing += [(name, *one) for one in stands]
        rows += _rows(column, stands, settings)
    key = pl.DataFrame(standing, schema=_KEY, orient="row")
    kept = before.join(key, on=list(_KEY), how="semi")
    return judged(pl.concat([kept, *rows]), settings)


def _written(earlier: Path) -> tuple[dict[str, _Column], pl.DataFrame]:
    """The columns and the rows of an earlier build."""
    with queries.connect(earlier) as con:
        rows = query(con, f"select * from {TABLE}")
        return _columns(con), rows.select(
            pl.col(name).cast(type_) for name, type_ in COLUMNS.items()
        )


def _standing(
    column: _Column, earlier: _Column | None, settings: DayDriftSettings
) -> set[_Comparison]:
    """The comparisons that an earlier build made of the same counts on the same days."""
    if earlier is None:
        return set()
    same, before = column.same_days(earlier), earlier.comparisons(settings)
    return {
        one
        for one, others in column.comparisons(settings).items()
        if before.get(one) == others and same.issuperset({one[0], *others})
    }


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, _Column]:
    """Each column that something of was delivered in the reference, by name."""
    histograms = query(con, "select * from drift.day_histograms")
    bins = query(con, "select * from drift.bins order by column_name, bin")
    return {one.name: one for one in _counted(histograms, bins, reference_days(con))}


def reference_days(con: duckdb.DuckDBPyConnection) -> frozenset[date]:
    """Days that are of the reference in some market, and have orders there."""
    for name in ("reference_days", "is_of_reference"):
        con.execute(queries.macros()[name])
    return frozenset(query(con, _REFERENCE_DAYS)["day"])


def _counted(
    histograms: pl.DataFrame, bins: pl.DataFrame, reference: frozenset[date]
) -> Iterator[_Column]:
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
        yield _Column(str(name), of_column, DayCounts(*counts), days, markets, reference)


def _bins(rows: pl.DataFrame) -> Bins:
    numbers = rows["bin"].to_list()
    if -1 in numbers:
        return Bins.of_levels(numbers)
    width = (rows["high"] - rows["low"]).to_numpy()[1:]
    return Bins.of_number(numbers, np.where(np.isfinite(width), width, 0.0))


def _rows(
    column: _Column, stands: set[_Comparison], settings: DayDriftSettings
) -> Iterator[pl.DataFrame]:
    """The comparisons of a column that do not stand already, those with as many days at once."""
    open_ones = [
        (one, others) for one, others in column.comparisons(settings).items() if one not in stands
    ]
    open_ones.sort(key=lambda one: len(one[1]))
    for _, group in groupby(open_ones, key=lambda one: len(one[1])):
        alike = list(group)
        for start in range(0, len(alike), TESTS_AT_ONCE):
            yield _tested(column, alike[start : start + TESTS_AT_ONCE], settings)


def _tested(
    column: _Column,
    comparisons: Sequence[tuple[_Comparison, list[date]]],
    settings: DayDriftSettings,
) -> pl.DataFrame:
    """Rows of slices with an order on the day, the verdict still to come."""
    place, bins = {day: place for place, day in enumerate(column.days)}, column.bins
    days = [place[day] for (day, _), _ in comparisons]
    others = [[place[other] for other in days_before] for _, days_before in comparisons]
    tests = day_tests(column.counts, bins, days, others, settings)
    slices = (ALL_MARKETS, *column.markets)
    rows = {
        "column_name": [column.name] * tests.orders.size,
        "market": list(slices) * len(days),
        "day": [day for (day, _), _ in comparisons for _ in slices],
        "against": [against for (_, against), _ in comparisons for _ in slices],
        "orders": tests.orders.ravel().astype(int),
        "bin": np.array(bins.cut_bins)[tests.cut.ravel()],
        **{name: getattr(tests, name).ravel() for name in MEASURES},
    }
    frame = pl.DataFrame(rows).with_columns(q_value="p_value", is_alarm=pl.lit(value=False))
    return frame.select(pl.col(name).cast(type_) for name, type_ in COLUMNS.items()).filter(
        pl.col("orders") > 0
    )


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
