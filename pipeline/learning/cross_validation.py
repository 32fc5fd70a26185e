"""What a model says about entities it has not seen, and the calibration for its margins.

Nobody's margin comes from a model that knew its verdict or that of a ring mate, and the
calibration is learnt from later verdicts alone where there are enough:
docs/decisions/0008-calibration-on-later-verdicts.md. The earlier model is what a build of its
day would have learnt: docs/decisions/0031-the-earlier-model.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.calibration import Calibration, calibrate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Trainer
    from pipeline.population import Population
    from pipeline.settings.models import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    Mask: TypeAlias = NDArray[np.bool_]
    Past: TypeAlias = Callable[[date], Training]
    """What a build of an earlier day would have learnt from."""

LATER, CROSS_FITTED = "later period", "cross-fitted"
"""What a calibration was learnt from."""


@dataclass(frozen=True)
class HeldOut:
    """Every labelled entity as scored by models and calibrations that did not know it."""

    score: FloatArray
    """(entities,) calibrated."""
    is_bad: FloatArray
    """(entities,)"""
    calibration: Calibration
    """From the margin of the model of everything to a probability."""
    calibrated_on: str
    """`LATER` or `CROSS_FITTED`."""
    is_later: Mask
    """(entities,) whose verdict came after those that taught; nobody where cross-fitted."""
    forward: FloatArray
    """(entities,) calibrated score of the earlier model for the later ones; else `score`."""

    @property
    def judges(self) -> Mask:
        """(entities,) whom an evaluation may use: the later ones, or everybody."""
        return self.is_later if self.is_later.any() else np.ones_like(self.is_later)


@dataclass(frozen=True)
class _Margins:
    """Held-out margins and the verdicts on their owners."""

    margin: FloatArray
    """(entities,) of models that share everything but the entity's fold."""
    early: FloatArray
    """(entities,) of the earlier model; NaN for entities that taught it."""
    is_bad: FloatArray
    is_later: Mask
    population: Population

    def calibration(self, among: Mask) -> Calibration:
        """For the scale of `margin`, learnt from the later entities of some."""
        rows = among & self.is_later if self.is_later.any() else among
        return self._calibrated(self.margin, rows)

    def early_calibration(self, among: Mask) -> Calibration:
        """For the scale of `early`, learnt from the later entities of some."""
        return self._calibrated(self.early, among & self.is_later)

    def _calibrated(self, margin: FloatArray, rows: Mask) -> Calibration:
        errors = self.population.errors
        return calibrate(
            margin[rows],
            self.is_bad[rows],
            self.population.rate,
            sensitivity=errors.sensitivity,
            specificity=errors.specificity,
        )


def held_out(
    trainer: Trainer,
    training: Training,
    past: Past,
    population: Population,
    settings: ModelSettings,
) -> HeldOut:
    """Scores of every labelled entity that owe nothing to its own verdict, and the calibration.

    All rows of a ring fall into one fold; its score comes from a model and from a calibration
    that have not seen that fold.
    """
    fold = folds(training, settings.folds)
    margins = _margins(trainer, training, fold, past, population, settings)
    has_later = bool(margins.is_later.any())
    score, forward = np.zeros(fold.size), np.zeros(fold.size)
    for number in range(settings.folds):
        out = fold == number
        score[out] = margins.calibration(~out).score(margins.margin[out])
        if has_later:
            forward[out] = margins.early_calibration(~out).score(margins.early[out])
    everybody = np.ones(fold.size, dtype=np.bool_)
    return HeldOut(
        score,
        margins.is_bad,
        margins.calibration(everybody),
        LATER if has_later else CROSS_FITTED,
        margins.is_later,
        np.where(margins.is_later, forward, score),
    )


def _margins(
    trainer: Trainer,
    training: Training,
    fold: IntArray,
    past: Past,
    population: Population,
    settings: ModelSettings,
) -> _Margins:
    judged, owner = training.judged(), np.repeat(fold, _row_counts(training))
    margin, early = np.zeros(fold.size), np.full(fold.size, np.nan)
    bins = trainer.bins(training)
    for number in range(settings.folds):
        model = bins.model(training.where(owner != number))
        margin[fold == number] = model.margin(judged.matrix[fold == number])
    later = is_later(judged, settings)
    earlier = _earlier(judged, later, past) if later.any() else None
    if earlier is None or not _is_enough(earlier.judged().is_bad, settings):
        later = np.zeros_like(later)
    else:
        early[later] = trainer.bins(earlier).model().margin(judged.matrix[later])
    return _Margins(margin, early, judged.is_bad, later, population)


def _earlier(judged: Training, later: Mask, past: Past) -> Training:
    """What taught before the first of the later verdicts, without a word on whom they judge."""
    training = past(judged.known_at[later].min().astype("datetime64[D]").item())
    own = np.isin(training.entity_id.astype(str), judged.entity_id[later].astype(str))
    return training.rows(np.flatnonzero(~own))


def is_later(judged: Training, settings: ModelSettings) -> Mask:
    """(entities,) known from the day on that leaves `later_share` of the bad ones; or nobody.

    Nobody when either side of that day would hold too few to learn or to calibrate from.
    """
    bad = judged.is_bad > 0
    days = np.sort(judged.known_at[bad])
    nobody = np.zeros(bad.size, dtype=np.bool_)
    if days.size == 0:
        return nobody
    later: Mask = judged.known_at >= days[int((1.0 - settings.later_share) * days.size)]
    sides = (judged.is_bad[later], judged.is_bad[~later])
    return later if all(_is_enough(side, settings) for side in sides) else nobody


def _is_enough(is_bad: FloatArray, settings: ModelSettings) -> bool:
    bad = is_bad > 0
    return bool(bad.sum() >= settings.later_bad and (~bad).sum() >= settings.later_good)


def _row_counts(training: Training) -> IntArray:
    return np.diff(training.last, prepend=-1)


def folds(training: Training, count: int) -> IntArray:
    """Fold of each entity: ring by ring, those with the most bad first, to whoever has least.

    First in bad entities, then in good ones; among equal rings a hash decides the order.
    """
    judged = training.judged()
    size = judged.entity_id.size
    ring = judged.ring if judged.ring.size else np.arange(size)
    _, first, ring = np.unique(ring, return_index=True, return_inverse=True)
    bad = np.bincount(ring, weights=judged.is_bad)
    good = np.bincount(ring, weights=1.0 - judged.is_bad)
    names = [hashlib.blake2b(str(name).encode()).hexdigest() for name in judged.entity_id[first]]
    of_ring, held = np.zeros(first.size, dtype=np.int64), np.zeros((2, count))
    for one in sorted(range(first.size), key=lambda n: (-bad[n], -good[n], names[n])):
        fewest = (held[1], held[0]) if bad[one] else (held[0], held[1])
        of_ring[one] = int(np.lexsort(fewest)[0])
        held[:, of_ring[one]] += bad[one], good[one]
    return of_ring[ring]
