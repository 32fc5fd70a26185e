"""The rows of a metric for a selection: from its own table, or from the cube where it is sliced.

A metric's own table holds groupings of at most two dimensions. Any further filter is answered by
the cube, if the metric is of the cube; one that is not (verdicts have no channel) says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.store import has_table, read
from dashboard.view_models.periods import Compared
from dashboard.view_models.weekly import is_weekly, weekly
from queries.registry import DIMENSIONS, LEAST_N

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from dashboard.panels.metrics.selection import Selection
    from queries.registry import Kpi

SUMS = ("numerator", "denominator", "n")


def can_slice(kpi: Kpi, selection: Selection) -> bool:
    """Whether the metric can be asked of the slice: any one of the cube, else by market only."""
    return kpi.is_of_cube or not set(selection.slices) - {"market"}


def told_apart(selection: Selection) -> dict[str, list[str]]:
    """Dimensions in which there is still a choice, and with which others each is told apart."""
    kpi = selection.kpi
    every = {name: [one for one in DIMENSIONS if one != name] for name in DIMENSIONS}
    if not kpi.is_of_cube:
        pairs = read("pages/metrics/dimensions", kpi=kpi.code).rows()
        every = {first: [] for first, second in pairs if second is None}
        for first, second in pairs:
            if second in every:
                every[first].append(second)
                every[second].append(first)
    is_open = {name: _has_choice(name, selection) for name in every}
    return {
        name: [one for one in others if is_open[one]]
        for name, others in every.items()
        if is_open[name]
    }


def _has_choice(dimension: str, selection: Selection) -> bool:
    """Whether more than one value is left; of what only the metric itself knows there is."""
    if dimension not in DIMENSIONS:
        return True
    if dimension in selection.against:
        return False
    return len(selection.slices.get(dimension, ())) != 1 and len(selection.options(dimension)) > 1


def series(kpi: Kpi, selection: Selection, split: str = "") -> pl.DataFrame:
    """The metric by day: day, slice, numerator, denominator, n, value, is_mature.

    A slice is a value of the dimension `split`, or 'all'. The value of a rate whose days are
    mostly of too few is that of the week up to each day (`is_weekly`).
    """
    rows = _by_day(kpi, selection, split)
    return weekly(rows) if is_weekly(kpi, rows) else rows


def _by_day(kpi: Kpi, selection: Selection, split: str) -> pl.DataFrame:
    span = {"since": selection.shown.since, "until": selection.shown.until}
    if set(selection.slices) - {"market"} or not has_table(kpi.table):
        rows = read(
            "pages/metrics/cube_series",
            **sums_of(kpi),
            **_common(kpi, selection),
            **span,
            split=split or "none",
            filters=slice_filters(selection),
            least_n=LEAST_N,
        )
        return rows.select("day", "slice", *SUMS, "value", "is_mature")
    dimensions = sorted({*([split] if split else []), *(["market"] if selection.markets else [])})
    rows = read(
        "pages/metrics/series",
        **_grouping(dimensions),
        **_common(kpi, selection),
        **span,
        kpi=kpi.code,
        least_n=LEAST_N,
    )
    return _of_slices(kpi, rows, dimensions, split)


def complete_until(rows: pl.DataFrame, selection: Selection) -> date:
    """The last day on which the metric is complete; the day before the first where none is."""
    last = rows.filter("is_mature")["day"].max()
    return last if last is not None else selection.shown.since  # type: ignore[return-value]


def slices(
    kpi: Kpi, selection: Selection, compared: Compared, dimensions: Sequence[str]
) -> pl.DataFrame:
    """The metric's sums over both periods by up to two dimensions, a column each.

    Of two slices that are compared, the other one's stand where those of the days before do.
    """
    if selection.other is not None:
        return _side_by_side(slices, kpi, selection, compared, dimensions)
    if kpi.is_of_cube:
        kept = [*dimensions, *(f"{name}_{side}" for side in ("before", "after") for name in SUMS)]
        return leaves(kpi, selection, compared, dimensions).select(kept)
    rows = read(
        "pages/metrics/slices",
        **_grouping(sorted(dimensions)),
        **_common(kpi, selection),
        **_periods(compared),
        kpi=kpi.code,
        is_stock=kpi.window == "stock",
        least_n=LEAST_N,
    )
    names = dict(zip(("value_a", "value_b"), sorted(dimensions), strict=False))
    kept = [f"{name}_{side}" for side in ("before", "after") for name in SUMS]
    return rows.rename(names).select(*dimensions, *kept)


def leaves(
    kpi: Kpi, selection: Selection, compared: Compared, dimensions: Sequence[str] = DIMENSIONS
) -> pl.DataFrame:
    """Sums of both periods, or slices, by any dimensions of the cube; the others are null."""
    if selection.other is not None:
        return _side_by_side(leaves, kpi, selection, compared, dimensions)
    return read(
        "pages/metrics/cube_leaves",
        **sums_of(kpi),
        **_common(kpi, selection),
        **_periods(compared),
        dimensions=list(dimensions),
        filters=slice_filters(selection),
    )


def _side_by_side(
    reading: Callable[..., pl.DataFrame],
    kpi: Kpi,
    selection: Selection,
    compared: Compared,
    dimensions: Sequence[str],
) -> pl.DataFrame:
    """Both slices over the days of now: the chosen one as after, the other one as before."""
    after, before = [f"{name}_after" for name in SUMS], [f"{name}_before" for name in SUMS]
    days = Compared(compared.now, compared.now)
    own, other = (
        reading(kpi, replace(one, against={}), days, dimensions).select(*dimensions, *after)
        for one in (selection, selection.other)
        if one is not None
    )
    both = own.join(
        other.rename(dict(zip(after, before, strict=True))),
        on=list(dimensions),
        how="full",
        coalesce=True,
        nulls_equal=True,
        maintain_order="left_right",
    )
    filled = [one for one in (*before, *after) if not kpi.is_additive or "denominator" not in one]
    return both.with_columns(pl.col(filled).fill_null(0)).select(*dimensions, *before, *after)


def slice_filters(selection: Selection) -> list[str]:
    """The slice, within the markets of this viewer."""
    own = [one for one in selection.filters if not one.startswith("market=")]
    return [*own, *(f"market={market}" for market in selection.markets)]


def sums_of(kpi: Kpi) -> dict[str, str]:
    """The sums of the cube that make the metric, as parameters."""
    return {
        "numerator": kpi.numerator,
        "denominator": kpi.denominator or "",
        "counted": kpi.counted,
    }


def _common(kpi: Kpi, selection: Selection) -> dict[str, Any]:
    return {
        "markets": selection.markets,
        "maturity_days": kpi.maturity_days,
        "labels": kpi.labels,
    }


def _periods(compared: Compared) -> dict[str, date]:
    return {
        "since": compared.now.since,
        "until": compared.now.until,
        "before_since": compared.before.since,
        "before_until": compared.before.until,
    }


def _grouping(dimensions: Sequence[str]) -> dict[str, str]:
    first, second = [*dimensions, "", ""][:2]
    return {"dimension_a": first, "dimension_b": second}


def _of_slices(kpi: Kpi, rows: pl.DataFrame, dimensions: Sequence[str], split: str) -> pl.DataFrame:
    """Rows of `pages/metrics/series` by the split alone: chosen markets are added up."""
    name = ("value_a", "value_b")[dimensions.index(split)] if split else None
    slice_of = pl.col(name) if name else pl.lit("all")
    sums = [pl.col(one).sum() for one in SUMS]
    added = rows.group_by("day", slice_of.alias("slice"), maintain_order=True).agg(
        *sums, pl.col("is_mature").all()
    )
    top, below = pl.col("numerator"), pl.col("denominator")
    rate = pl.when((below != 0.0) & (pl.col("n") >= LEAST_N)).then(top / below)
    value = top if kpi.is_additive else rate
    return added.select("day", "slice", *SUMS, value.alias("value"), "is_mature")
