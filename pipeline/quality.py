"""How good a model is, for everybody and not only for the labelled few.

The labelled sample holds many times more bad entities than the world does: a
precision measured on it would flatter. Here each labelled entity stands for the
share of the population it represents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.settings import FLAWLESS

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings import ErrorSettings

    FloatArray: TypeAlias = NDArray[np.float64]


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
    errors: ErrorSettings = FLAWLESS
    """How often a verdict is right: the reliability curve sees through its errors."""

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
        that matter would stand empty. What was observed is corrected for verdicts that err.
        """
        place = equal_bins(self.score, count)
        entities = np.bincount(place).astype(np.float64)
        share, observed = observed_rates(
            np.bincount(place, weights=self.is_bad).astype(np.float64),
            entities,
            self.rate,
            self.errors,
        )
        predicted = np.bincount(place, weights=self.score) / entities
        names = ("bin", "predicted", "observed", "entities", "share")
        columns = (np.arange(entities.size), predicted, observed, entities.astype(int), share)
        return [dict(zip(names, row, strict=True)) for row in zip(*map(list, columns), strict=True)]

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


def equal_bins(score: FloatArray, count: int) -> NDArray[np.int64]:
    """(entities,) number of the bin of each score, from 0 on; each holds equally many."""
    edges = np.unique(np.quantile(score, np.arange(1, count) / count))
    place = np.searchsorted(edges, score, side="right")
    return np.unique(place, return_inverse=True)[1].astype(np.int64)


def observed_rates(
    bad: FloatArray, entities: FloatArray, rate: float, errors: ErrorSettings
) -> tuple[FloatArray, FloatArray]:
    """Share of the population in each bin, and share of bad entities there; (..., bins) each.

    A right score of 0.99 meets a bad verdict in only `sensitivity` of cases, and one of 0 in
    1 - `specificity`: taken at their word, verdicts would call a perfect score miscalibrated.
    So the bad share of each bin is solved for (Rogan and Gladen 1978), cut to 0..1, and bad
    and good then stand for their shares of the population.
    """
    called = bad / np.maximum(entities, 1e-12)
    right = errors.sensitivity + errors.specificity - 1.0
    truly = ((called - (1.0 - errors.specificity)) / right).clip(0.0, 1.0) * entities
    honest = entities - truly
    bad_share = rate * truly / np.maximum(truly.sum(axis=-1, keepdims=True), 1e-12)
    good_share = (1.0 - rate) * honest / np.maximum(honest.sum(axis=-1, keepdims=True), 1e-12)
    share = bad_share + good_share
    return share, bad_share / np.maximum(share, 1e-12)
