"""How good a model is, for everybody and not only for the labelled few.

The labelled sample holds many times more bad entities than the world does: a
precision measured on it would flatter. Here each labelled entity stands for the
share of the population it represents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Quality:
    """Held-out predictions of labelled entities, weighted to the population's base rate.

    Each bad entity stands for rate / bad of the population and each good one for
    (1 - rate) / good of it, so every figure is an estimate for everybody, not for the
    labelled sample. It assumes that the labelled bad look like the unlabelled bad.
    """

    score: NDArray[np.float64]
    """(entities,) calibrated, from a model and calibration that did not see the entity."""
    is_bad: NDArray[np.float64]
    """(entities,) 1.0 bad, 0.0 good."""
    rate: float
    """Share of bad entities in the population."""
    top: float
    """Share of the population that fits into the list whose precision is reported."""

    @property
    def weight(self) -> NDArray[np.float64]:
        """(entities,) share of the population each one stands for; adds up to 1."""
        bad, good = self.is_bad.sum(), (1 - self.is_bad).sum()
        share = self.is_bad * self.rate / bad + (1 - self.is_bad) * (1 - self.rate) / good
        return np.asarray(share, dtype=np.float64)

    @property
    def measures(self) -> dict[str, float]:
        """The figures of the model card."""
        _, listed, found = self._ranking()
        caught = float(np.interp(self.top, listed, found))
        steps = np.diff(found) / self.rate
        return {
            "auprc": float((steps * found[1:] / listed[1:]).sum()),
            "auprc_baseline": self.rate,
            "precision_at_50": caught / min(self.top, 1.0),
            "recall_at_50": caught / self.rate,
            "ece": self._calibration_error(),
            "brier": float((self.weight * (self.score - self.is_bad) ** 2).sum()),
        }

    def curve(self, points: int) -> list[dict[str, float]]:
        """Precision and recall at up to `points` thresholds, highest first."""
        threshold, listed, found = self._ranking()
        kept = np.unique(np.linspace(1, threshold.size, min(points, threshold.size)).astype(int))
        columns = (threshold[kept - 1], found[kept] / listed[kept], found[kept] / self.rate)
        names = ("threshold", "precision", "recall")
        rows = np.column_stack(columns).tolist()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def bins(self, count: int = 10) -> list[dict[str, float]]:
        """Mean predicted and observed rate in bins of equally many labelled entities.

        Equal counts, not equal widths: nearly everybody scores near zero, and the bins
        that matter would stand empty.
        """
        edges = np.unique(np.quantile(self.score, np.arange(1, count) / count))
        place = np.searchsorted(edges, self.score, side="right")
        return [self._bin(number, place == number) for number in np.unique(place)]

    def _bin(self, number: int, inside: NDArray[np.bool_]) -> dict[str, float]:
        weight = self.weight[inside]
        return {
            "bin": int(number),
            "predicted": float(np.average(self.score[inside], weights=weight)),
            "observed": float(np.average(self.is_bad[inside], weights=weight)),
            "entities": int(inside.sum()),
            "share": float(weight.sum()),
        }

    def _calibration_error(self) -> float:
        """Expected calibration error: |observed - predicted| weighted by share of population."""
        return sum(row["share"] * abs(row["observed"] - row["predicted"]) for row in self.bins())

    def _ranking(self) -> tuple[NDArray[np.float64], ...]:
        """Distinct thresholds downwards; share listed and share bad found, from zero on."""
        order = np.argsort(-self.score, kind="stable")
        score, weight = self.score[order], self.weight[order]
        ends = np.flatnonzero(np.append(np.diff(score) != 0, True))
        listed = np.append(0.0, np.cumsum(weight)[ends])
        found = np.append(0.0, np.cumsum(weight * self.is_bad[order])[ends])
        return score[ends], listed, found
