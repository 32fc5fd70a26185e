"""The sums behind a metric: of the cube under any filter, or of its own table.

Both readings give `days` (day, slice, numerator, denominator, n, is_mature) and `slices` (slice
and numerator, denominator and n `_before` and `_after`). A metric that no order makes has slices
of its own; of the filters only the market narrows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.components import scope
from dashboard.store import read
from queries.registry import LEAST_N

if TYPE_CHECKING:
    from dashboard.panels.metrics.filters import Selection

_SUMS = ("numerator", "denominator", "n")


def days(selection: Selection) -> pl.DataFrame:
    """Each day of the period, by slice."""
    params = {
        "since": selection.period.since,
        "until": selection.period.until,
        "least_n": LEAST_N,
        **_maturity(selection),
    }
    if selection.metric.is_of_cube:
        split = selection.split
        return read("pages/metrics/cube_series", **_of_cube(selection), **params, split=split)
    rows = read("pages/metrics/series", **_of_its_own(selection), **params)
    return _summed(rows, selection.split, ("day", "is_mature"), _SUMS)


def slices(selection: Selection) -> pl.DataFrame:
    """The judged part of the period and as many days before it, by slice."""
    judged, split = selection.judged, selection.split
    params = {
        "since": judged.since,
        "until": judged.until,
        "before_since": judged.before.since,
        "before_until": judged.before.until,
        **_maturity(selection),
    }
    sums = tuple(f"{one}{side}" for side in ("_before", "_after") for one in _SUMS)
    if selection.metric.is_of_cube:
        kept = [] if split == "none" else [split]
        rows = read("pages/metrics/cube_leaves", **_of_cube(selection), **params, dimensions=kept)
        name = pl.col(split) if kept else pl.lit("all")
        return rows.select(name.alias("slice"), *sums)
    own = read(
        "pages/metrics/slices",
        **_of_its_own(selection),
        **params,
        is_stock=selection.metric.window == "stock",
        least_n=LEAST_N,
    )
    return _summed(own, split, (), sums)


def _maturity(selection: Selection) -> dict[str, Any]:
    metric = selection.metric
    return {
        "maturity_days": metric.maturity_days,
        "labels": metric.labels,
        "markets": scope.markets(selection.slices["market"]),
    }


def _of_cube(selection: Selection) -> dict[str, Any]:
    """What of the cube makes the metric, and which leaves of it are asked for."""
    metric = selection.metric
    chosen = {**selection.slices, "market": scope.markets(selection.slices["market"])}
    filters = [f"{name}={value}" for name, values in chosen.items() for value in values]
    return {
        "numerator": metric.numerator,
        "denominator": metric.denominator or "",
        "counted": metric.counted,
        "filters": filters,
    }


def _of_its_own(selection: Selection) -> dict[str, Any]:
    """The grouping of the metric's table that holds the split, with the market where it narrows."""
    is_narrow = bool(scope.markets(selection.slices["market"]))
    asked = {selection.split, "market"} if is_narrow else {selection.split}
    first, second, *_ = [*sorted(asked - {"none"}), "", ""]
    return {"kpi": selection.metric.code, "dimension_a": first, "dimension_b": second}


def _summed(
    rows: pl.DataFrame, split: str, keys: tuple[str, ...], sums: tuple[str, ...]
) -> pl.DataFrame:
    """Rows with their slice, the markets of each added up."""
    values = pl.lit("all")
    if split != "none":
        # The market is the second dimension where the split comes before it.
        values = pl.col("value_a" if split <= "market" else "value_b").fill_null(pl.col("value_a"))
    added = [pl.when(pl.col(one).count() > 0).then(pl.col(one).sum()).alias(one) for one in sums]
    return rows.group_by(*keys, values.alias("slice"), maintain_order=True).agg(*added)
