"""The slices that explain a change, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models.measures import difference, level
from dashboard.view_models.metric_words import slice_label
from pipeline.attribution.root_causes import SENTENCES
from queries.registry import LEAST_N

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.attribution.root_causes import RootCauses


LEAST_SHARE = 0.1
"""Of the change: a slice that explains less is no reason anybody would give."""
_NONE = "No slice explains as much as a tenth of it: it moved nearly everywhere."


@dataclass(frozen=True)
class RootCauseLine:
    """One slice that explains a part of the change; `slices` leads down into it."""

    name: str
    said: str
    slices: Mapping[str, str]


def root_cause_lines(
    found: RootCauses, dimensions: Sequence[str], unit: str
) -> tuple[tuple[RootCauseLine, ...], str]:
    """Every cause in order of its share, and the sentence for what is left, or for none."""
    if found.causes.is_empty():
        return (), SENTENCES[found.reason]
    large = pl.col("share_of_change").abs() >= LEAST_SHARE
    told = found.causes.filter(large & (pl.max_horizontal("n_before", "n_after") >= LEAST_N))
    if told.is_empty():
        return (), _NONE
    lines = tuple(_line(row, dimensions, unit) for row in told.iter_rows(named=True))
    whole = found.rest.whole.change or 0.0
    left = whole - float(told["contribution"].sum())
    return lines, f"All the rest together: {difference(left, unit)}."


def _line(row: Mapping[str, Any], dimensions: Sequence[str], unit: str) -> RootCauseLine:
    slices = {name: str(row[name]) for name in dimensions if row[name] is not None}
    added = difference(row["contribution"] or 0.0, unit, row["contribution_margin"])
    own = f"its own {level(row['before'], unit)} → {level(row['after'], unit)}"
    count = text.count(row["n_after"])
    return RootCauseLine(
        " · ".join(slice_label(value) for value in slices.values()),
        f"{added} of the change; {own}, n = {count}",
        slices,
    )
