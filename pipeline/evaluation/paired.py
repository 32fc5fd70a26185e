"""Two models on the same verdicts: how good each is, and the difference, drawn together.

Both place the same judged entities, so what is hard to find is hard for both: the interval of the
difference is drawn with the same rings for both and is narrower than the two intervals beside each
other. Where it holds zero nobody can say which is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]

_SIDES = ("in_use", "challenger", "difference")
COMPARISON: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("entity_type", "measure"), pl.String),
    "top": pl.Float64,
    "entities": pl.Int64,
    **{f"{side}{end}": pl.Float64 for side in _SIDES for end in ("", "_low", "_high")},
}
"""Columns of `scores.comparison`, one row per (entity_type, measure, top). measure: precision (of
the reviewed in the first places) or recall (of the bad); top: share of the list; entities: judged;
difference = challenger - in_use, null where one of them has nobody there."""
_HALF = 0.5
_KINDS = np.array(list(product((False, True), repeat=3)))
"""(kinds, 3): among the first places of the one in use, of the challenger, bad."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Judged entities where two models that did not know their verdict put them."""

    in_use: FloatArray
    """(entities,) place, 0..1."""
    challenger: FloatArray
    """(entities,) the same under the other."""
    is_bad: NDArray[np.bool_]
    reviewed: NDArray[np.bool_]
    """Judged by a source that clears too."""
    ring: NDArray[np.int64]


def comparison(judged: Judged, settings: EvaluationSettings) -> list[dict[str, Any]]:
    """Rows of COMPARISON without entity_type: precision and recall at each of `settings.tops`.

    Bayesian bootstrap of rings (Rubin 1981) over the judged and half an imagined row of each kind:
    without these one entity that a single model reaches would settle which is better.
    """
    random, size = np.random.default_rng(settings.seed), settings.resamples
    ring = np.unique(judged.ring, return_inverse=True)[1]
    rings = random.gamma(1.0, size=(size, int(ring.max(initial=-1)) + 1))
    weight = np.hstack([rings[:, ring], random.gamma(_HALF, size=(size, len(_KINDS)))])
    is_bad, reviewed = judged.is_bad, judged.reviewed
    rows = []
    for top in settings.tops:
        first = {"in_use": judged.in_use <= top, "challenger": judged.challenger <= top}
        for measure in ("precision", "recall"):
            row: dict[str, Any] = {"measure": measure, "top": top, "entities": ring.size}
            draws = {}
            for place, (side, there) in enumerate(first.items()):
                imagined = (_KINDS[:, place], _KINDS[:, 2])
                if measure == "precision":
                    among, part = there & reviewed, is_bad
                else:
                    among, part, imagined = is_bad, there, imagined[::-1]
                draws[side] = _draws(
                    weight, np.append(among, imagined[0]), np.append(part, imagined[1])
                )
                if among.any():
                    row |= _ends(side, float(part[among].mean()), draws[side], settings)
            if all(side in row for side in first):
                gap = row["challenger"] - row["in_use"]
                moved = draws["challenger"] - draws["in_use"]
                row |= _ends("difference", gap, moved, settings)
            rows.append(row)
    return rows


def _draws(weight: FloatArray, among: NDArray[np.bool_], part: NDArray[np.bool_]) -> FloatArray:
    """(draws,) shares of the `part` of those `among` the rows."""
    chosen, whole = (rows.astype(np.float64) for rows in (among & part, among))
    return np.asarray((weight @ chosen) / (weight @ whole))


def _ends(
    side: str, value: float, draws: FloatArray, settings: EvaluationSettings
) -> dict[str, float]:
    edge = (1.0 - settings.interval) / 2.0
    low, high = np.quantile(draws, (edge, 1.0 - edge))
    return {side: value, f"{side}_low": float(low), f"{side}_high": float(high)}
