"""How good a model is, for everybody and not only for the labelled few.

Each labelled entity stands for the share of the population it represents, and what was observed
is corrected for verdicts that err: docs/decisions/0026-quality-for-the-population.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.evaluation.ranking import Ranking, average_precision, within_top

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.population import Population

    FloatArray: TypeAlias = NDArray[np.float64]

BINS = 10
"""Of a calibration error, unless settings say another number."""


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
    population: Population
    """Whom the entities stand for; the reliability curve sees through errors of verdicts."""
    top: float
    """Share of the population that fits into the list whose precision is reported."""

    @property
    def measures(self) -> dict[str, float]:
        """The figures of the model card."""
        rate = self.population.rate
        weight = shares(self.is_bad, rate)
        _, listed, bad = self._ranking()
        reached = float(within_top(listed, bad, self.top))
        return {
            "auprc": float(average_precision(listed, bad)),
            "auprc_baseline": rate,
            "precision_at_50": reached / min(self.top, 1.0),
            "recall_at_50": reached / rate,
            "ece": float(self._reliability(BINS).error),
            "brier": float((weight * (self.score - self.is_bad) ** 2).sum()),
        }

    def curve(self, points: int) -> list[dict[str, float]]:
        """Precision and recall at up to `points` thresholds, highest first."""
        threshold, listed, bad = self._ranking()
        places = np.unique(
            np.linspace(0, threshold.size - 1, min(points, threshold.size)).astype(int)
        )
        columns = (
            threshold[places],
            bad[places] / listed[places],
            bad[places] / self.population.rate,
        )
        names = ("threshold", "precision", "recall")
        rows = np.column_stack(columns).tolist()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def bins(self, count: int = BINS) -> list[dict[str, float]]:
        """Mean predicted and observed rate in bins of equally many labelled entities."""
        curve = self._reliability(count)
        names = ("bin", "predicted", "observed", "entities", "share")
        entities = curve.entities.astype(int)
        columns = (range(entities.size), curve.predicted, curve.observed, entities, curve.share)
        return [dict(zip(names, row, strict=True)) for row in zip(*map(list, columns), strict=True)]

    def _reliability(self, count: int) -> Reliability:
        return Reliability.of(self.score, self.is_bad, self.population, count)

    def _ranking(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Distinct thresholds downwards; share listed by each, and the bad part of it."""
        steps, weight = Ranking.of(self.score), shares(self.is_bad, self.population.rate)
        listed, bad = steps.summed(weight), steps.summed(weight * self.is_bad)
        return self.score[steps.order][steps.ends], listed, bad


@dataclass(frozen=True)
class Reliability:
    """What was predicted and what was observed, bin by bin.

    Bins of equal counts, not of equal widths: nearly everybody scores near zero, and the bins
    that matter would stand empty. What was observed is corrected for verdicts that err.
    """

    entities: FloatArray
    """(..., bins) labelled ones."""
    share: FloatArray
    """(..., bins) of the population."""
    predicted: FloatArray
    """(..., bins) mean score."""
    observed: FloatArray
    """(..., bins) share of bad ones."""

    @property
    def error(self) -> FloatArray:
        """(...,) expected calibration error: distance of the two by share of population."""
        apart = np.abs(self.observed - self.predicted)
        return np.asarray((self.share * apart).sum(axis=-1))

    @classmethod
    def of(
        cls,
        score: FloatArray,
        is_bad: FloatArray,
        population: Population,
        count: int,
        times: FloatArray | None = None,
    ) -> Reliability:
        """Of (entities,) scores and verdicts, in up to `count` bins.

        `times` (..., entities) says how often each entity counts: once by default.
        """
        place, times = equal_bins(score, count), np.ones(score.size) if times is None else times
        inside = np.eye(int(place.max()) + 1)[place]
        entities = times @ inside
        share, observed = observed_rates((times * is_bad) @ inside, entities, population)
        predicted = (times * score) @ inside / np.maximum(entities, 1e-12)
        return cls(entities, share, predicted, observed)


def shares(is_bad: FloatArray, rate: float) -> FloatArray:
    """(entities,) share of the population that each judged entity stands for; adds up to 1."""
    bad, good = max(is_bad.sum(), 1.0), max((1.0 - is_bad).sum(), 1.0)
    return np.asarray(is_bad * rate / bad + (1.0 - is_bad) * (1.0 - rate) / good)


def equal_bins(score: FloatArray, count: int) -> NDArray[np.int64]:
    """(entities,) number of the bin of each score, from 0 on; each holds equally many."""
    edges = np.unique(np.quantile(score, np.arange(1, count) / count))
    place = np.searchsorted(edges, score, side="right")
    return np.unique(place, return_inverse=True)[1].astype(np.int64)


def observed_rates(
    bad: FloatArray, entities: FloatArray, population: Population
) -> tuple[FloatArray, FloatArray]:
    """Share of the population in each bin, and share of bad entities there; (..., bins) each.

    Taken at their word, verdicts that err would call a perfect score miscalibrated: the bad
    share of each bin is solved for (Rogan and Gladen 1978), cut to 0..1, and bad and good then
    stand for their shares of the population.
    """
    rate, errors = population.rate, population.errors
    called = bad / np.maximum(entities, 1e-12)
    right = errors.sensitivity + errors.specificity - 1.0
    truly = ((called - (1.0 - errors.specificity)) / right).clip(0.0, 1.0) * entities
    honest = entities - truly
    bad_share = rate * truly / np.maximum(truly.sum(axis=-1, keepdims=True), 1e-12)
    good_share = (1.0 - rate) * honest / np.maximum(honest.sum(axis=-1, keepdims=True), 1e-12)
    share = bad_share + good_share
    return share, bad_share / np.maximum(share, 1e-12)
