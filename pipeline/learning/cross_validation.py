"""What a model says about entities it has not seen, and the calibration for its margins.

Nobody's margin comes from a model that knew its verdict, and the calibration is learnt from
later verdicts alone where there are enough: docs/decisions/0008-calibration-on-later-verdicts.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.calibration import Calibration, calibrate

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Trainer
    from pipeline.population import Population
    from pipeline.settings.models import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    Mask: TypeAlias = NDArray[np.bool_]

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
    trainer: Trainer, training: Training, population: Population, settings: ModelSettings
) -> HeldOut:
    """Scores of every labelled entity that owe nothing to its own verdict, and the calibration.

    All rows of an entity fall into one fold; its score comes from a model and from a
    calibration that have not seen that fold.
    """
    fold = folds(training, settings.folds)
    margins = _margins(trainer, training, fold, population, settings)
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
    if later.any():
        earlier = training.before(judged.known_at[later].min())
        early[later] = bins.model(earlier).margin(judged.matrix[later])
    return _Margins(margin, early, judged.is_bad, later, population)


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
    enough = min((later & bad).sum(), (~later & bad).sum()) >= settings.later_bad
    both = min((later & ~bad).sum(), (~later & ~bad).sum()) >= settings.later_good
    return later if enough and both else nobody


def _row_counts(training: Training) -> IntArray:
    return np.diff(training.last, prepend=-1)


def folds(training: Training, count: int) -> IntArray:
    """Fold of each entity: in turn, in hash order, within bad and within good."""
    is_bad, names = training.is_bad[training.last], training.entity_id[training.last]
    order = np.array([hashlib.blake2b(str(name).encode()).hexdigest() for name in names])
    fold = np.zeros(names.size, dtype=np.int64)
    for label in (0.0, 1.0):
        group = np.flatnonzero(is_bad == label)
        fold[group[np.argsort(order[group])]] = np.arange(group.size) % count
    return fold
