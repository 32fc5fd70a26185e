"""Root causes of a change: the fewest slices, of up to three dimensions, that explain it.

One leaf frame in, with both periods (or a forecast and what came), one frame out: each cause
with what it added to the change, the interval of that and its share. The causes and the rest
are a partition, so what they added sums to the change exactly (`decomposition`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.attribution.change import ADDITIVE, COUNTS, RATIO, SLICES
from pipeline.attribution.cuboids import MOST_CELLS, Space, weighed
from pipeline.attribution.decomposition import additive, numbers, ratio
from pipeline.attribution.evidence import Evidence, of_rates, of_values
from pipeline.attribution.noise import Noise
from pipeline.attribution.search import Search, SearchSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.attribution.change import Change
    from pipeline.attribution.cuboids import Element
    from pipeline.attribution.noise import FloatArray
    from pipeline.attribution.search import Cause

CAUSES: Mapping[str, pl.DataType] = {
    "rank": pl.Int64(),
    "elements": pl.String(),
    "gain": pl.Float64(),
    "leaves": pl.Int64(),
    **SLICES,
}
"""Columns of `RootCauses.causes`; after `SLICES` stands one column for each dimension.

rank: 1 = the first explained away. elements: `channel=live&market=TH`, in order of letters.
gain: nats beyond chance (0 is as likely as not). The dimensions' columns hold the values of the
element, null where it has none.
"""
RUNNERS_UP: Mapping[str, pl.DataType] = {"elements": pl.String(), "gain": pl.Float64()}


class Reason(StrEnum):
    """Why there is no cause."""

    NONE = ""
    EMPTY = "empty"
    """Nothing was recorded in either period."""
    NO_CHANGE = "no_change"
    """Every leaf is as it was."""
    EVERYWHERE = "everywhere"
    """All of it moved alike: no slice stands out from the others."""
    NO_SLICE = "no_slice"
    """The leaves vary as chance makes them: no slice stands out."""


SENTENCES: Mapping[Reason, str] = {
    Reason.NONE: "",
    Reason.EMPTY: "Nothing was recorded in either period.",
    Reason.NO_CHANGE: "Nothing changed in any slice.",
    Reason.EVERYWHERE: "All slices moved alike: the cause is not in any one of them.",
    Reason.NO_SLICE: "No slice moved by more than chance makes it.",
}


@dataclass(frozen=True)
class RootCauses:
    """What explains a change, and how much of it."""

    causes: pl.DataFrame
    """As `CAUSES` says, in order of their share; empty where `reason` says why."""
    rest: Change
    """The same partition with the rest (rank 0): it sums to the change of the whole."""
    runners_up: pl.DataFrame
    """As `RUNNERS_UP` says: the best elements before any was explained away."""
    reason: Reason


def root_causes(
    leaves: pl.DataFrame,
    dimensions: Sequence[str],
    settings: SearchSettings | None = None,
    days: tuple[int, int] | None = None,
) -> RootCauses:
    """The slices that explain a change.

    Args:
        leaves: one row a combination of the dimensions (several are summed), `RATIO` for a
            ratio, else `ADDITIVE`, with a forecast in the place of the period before if there
            is one; `COUNTS` as in `decomposition`. A null value of a dimension = every value.
        dimensions: names of its columns to search.
        settings: what counts as a cause.
        days: lengths of the periods, to which a sum before is scaled.

    Raises:
        polars.exceptions.ColumnNotFoundError: a column is missing.
    """
    is_ratio = RATIO[-1] in leaves.columns
    space, names = _space(leaves, dimensions)
    rows = {name: numbers(leaves[name]) for name in _sums(leaves)}
    space, sums = _distinct(space, rows)
    evidence = _evidence(sums, is_ratio, days)
    chosen = np.flatnonzero(evidence.precision > 0.0)
    if chosen.size < evidence.precision.size:
        codes = [column[chosen] for column in space.codes]
        space = Space(codes, space.sizes, space.unnamed)
        evidence = Evidence(*(values[chosen] for values in vars(evidence).values()))
    search = Search(space, evidence, settings or SearchSettings())
    causes = search.causes() if chosen.size and dimensions else []
    rank = np.zeros(next(iter(sums.values())).size, dtype=np.int64)
    for number, cause in enumerate(causes, 1):
        rank[chosen[cause.leaves]] = number
    change = _change(rank, sums, is_ratio, days)
    labels = _Labels(dimensions, names)
    runners = [(labels.text(one), gain) for one, gain in search.runners_up if one.dimensions]
    return RootCauses(
        _frame(causes, change, labels),
        change,
        pl.DataFrame(runners, schema=dict(RUNNERS_UP), orient="row"),
        _reason(evidence, causes, search),
    )


@dataclass(frozen=True)
class _Labels:
    dimensions: Sequence[str]
    names: Sequence[Sequence[str]]

    def values(self, element: Element) -> dict[str, str]:
        """By dimension."""
        pairs = zip(element.dimensions, element.values, strict=True)
        return {self.dimensions[at]: self.names[at][value] for at, value in pairs}

    def text(self, element: Element) -> str:
        """As the papers write it."""
        return "&".join(sorted(f"{name}={value}" for name, value in self.values(element).items()))


def _space(leaves: pl.DataFrame, dimensions: Sequence[str]) -> tuple[Space, list[list[str]]]:
    """Codes of the values in order of letters; a missing value has the last one."""
    codes, names, unnamed = [], [], []
    for dimension in dimensions:
        at, values = _encoded(leaves[dimension])
        codes.append(at)
        names.append(values)
        unnamed.append(len(values) if leaves[dimension].null_count() else None)
    sizes = [len(values) + (gap is not None) for values, gap in zip(names, unnamed, strict=True)]
    return Space(codes, sizes, unnamed), names


def _encoded(column: pl.Series) -> tuple[NDArray[np.int64], list[str]]:
    """The values in order of letters, and of each row the place of its value in them."""
    categories = column.cast(pl.String).cast(pl.Categorical)
    physical = np.nan_to_num(categories.to_physical().to_numpy(), nan=-1.0).astype(np.int64) + 1
    example = np.zeros(int(physical.max(initial=0)) + 1, dtype=np.int64)
    example[physical] = np.arange(1, physical.size + 1)
    present = np.flatnonzero(example[1:]) + 1
    values = [str(categories[int(example[at]) - 1]) for at in present]
    order = sorted(range(len(values)), key=values.__getitem__)
    place = np.full(example.size, len(values), dtype=np.int64)
    place[present[order]] = np.arange(len(values))
    return place[physical], [values[at] for at in order]


def _distinct(
    space: Space, sums: Mapping[str, FloatArray]
) -> tuple[Space, Mapping[str, FloatArray]]:
    """The same with one row a combination of values."""
    if not space.codes:
        return space, sums
    key = space.key(range(len(space.codes)), slice(None))
    size = prod(space.sizes)
    if size <= MOST_CELLS:
        counts = np.bincount(key, minlength=size)
        if counts.max(initial=0) <= 1:
            return space, sums
    cells, first, at = np.unique(key, return_index=True, return_inverse=True)
    codes = [one[first] for one in space.codes]
    added = {name: weighed(at, values, cells.size) for name, values in sums.items()}
    return Space(codes, space.sizes, space.unnamed), added


def _sums(leaves: pl.DataFrame) -> list[str]:
    """Columns to add up, the required ones first."""
    required = RATIO if RATIO[-1] in leaves.columns else ADDITIVE
    return [*required, *(name for name in COUNTS if name in leaves.columns)]


def _evidence(
    sums: Mapping[str, FloatArray], is_ratio: bool, days: tuple[int, int] | None
) -> Evidence:
    top_before, top_after = (sums[name] for name in ADDITIVE)
    if is_ratio:
        return of_rates((top_before, sums[RATIO[2]]), (top_after, sums[RATIO[3]]))
    scale = days[1] / days[0] if days and days[0] > 0 else 1.0
    return of_values(top_before * scale, top_after)


def _change(
    rank: NDArray[np.int64],
    sums: Mapping[str, FloatArray],
    is_ratio: bool,
    days: tuple[int, int] | None,
) -> Change:
    """The exact parts of the causes and the rest (rank 0)."""
    number = int(rank.max(initial=0)) + 1
    added = {name: weighed(rank, values, number) for name, values in sums.items()}
    slices = pl.DataFrame({"rank": np.arange(number), **added})
    if not is_ratio:
        return additive(slices, days)
    tops, belows = ([added[f"{part}_{side}"] for side in ("before", "after")]
                    for part in ("numerator", "denominator"))  # fmt: skip
    is_share = all((top <= below).all() for top, below in zip(tops, belows, strict=True))
    return ratio(slices, Noise.BINOMIAL if is_share else Noise.POISSON, days)


def _frame(causes: Sequence[Cause], change: Change, labels: _Labels) -> pl.DataFrame:
    added = {row["rank"]: row for row in change.slices.iter_rows(named=True)}
    rows = [
        {
            **added[rank],
            "elements": labels.text(cause.element),
            "gain": cause.gain,
            "leaves": cause.leaves.size,
            **dict.fromkeys(labels.dimensions),
            **labels.values(cause.element),
        }
        for rank, cause in enumerate(causes, 1)
    ]
    rows.sort(key=lambda row: -abs(row["contribution"] or 0.0))
    words = dict.fromkeys(labels.dimensions, pl.String())
    return pl.DataFrame(rows, schema={**CAUSES, **words}, orient="row")


def _reason(evidence: Evidence, causes: Sequence[Cause], search: Search) -> Reason:
    if causes:
        return Reason.NONE
    if not evidence.precision.any():
        return Reason.EMPTY
    if search.common_shift:
        return Reason.EVERYWHERE
    return Reason.NO_SLICE if evidence.shift.any() else Reason.NO_CHANGE


__all__ = ["CAUSES", "COUNTS", "SENTENCES", "Reason", "RootCauses", "root_causes"]
