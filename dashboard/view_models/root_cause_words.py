"""The slices that explain a change, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.attribution.root_causes import SENTENCES

from dashboard import text
from dashboard.view_models.measures import difference, level
from dashboard.view_models.metric_words import slice_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.attribution.root_causes import RootCauses


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
    lines = tuple(_line(row, dimensions, unit) for row in found.causes.iter_rows(named=True))
    rest = found.rest.slices.filter(found.rest.slices["rank"] == 0)
    if rest.is_empty():
        return lines, ""
    left = difference(rest["contribution"][0] or 0.0, unit, rest["contribution_margin"][0])
    return lines, f"All the rest together: {left}."


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
