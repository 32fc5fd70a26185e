"""What a model says about entities it has not seen, and the line that makes it a probability.

A score is a probability in the population, not in the labelled sample, which holds far
more bad entities than the world does. The line that corrects for this is learnt from the
later verdicts alone: a model is used on tomorrow's cases, and people who game it move.
Nobody's margin comes from a model that knew its verdict. The line is drawn on the scale of
the model that is used, by models that lack one fold each; a line drawn by an earlier model
of fewer cases and carried over was too flat (listings of the 72k world: largest score 0.25,
log loss against the truth 0.092, now 0.045; no type of either world got worse). What the
card reports is stricter: there the earlier model and its own line judge the later verdicts.
Where those are too few, entity-grouped cross-fitting stands in, and the model card says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.settings.build import FLAWLESS
from pipeline.tree_model.calibration import Calibration, log_odds, sigmoid

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Scorer
    from pipeline.settings.build import ErrorSettings
    from pipeline.settings.models import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    Mask: TypeAlias = NDArray[np.bool_]

_NEWTON_STEPS, _NEWTON_END = 100, 1e-10
_BELIEF_STEPS, _BELIEF_END, _LEAST_CHANCE = 60, 1e-4, 1e-12
LATER, CROSS_FITTED = "later period", "cross-fitted"
"""What a calibration was learnt from."""


@dataclass(frozen=True)
class HeldOut:
    """Every labelled entity as seen by models and lines that did not know it."""

    score: FloatArray
    """(entities,) calibrated."""
    is_bad: FloatArray
    """(entities,)"""
    line: Calibration
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
    """Held-out margins and what is known of their owners."""

    margin: FloatArray
    """(entities,) of models that share everything but the entity's fold."""
    early: FloatArray
    """(entities,) of the earlier model; NaN for entities that taught it."""
    is_bad: FloatArray
    is_later: Mask

    def line(self, seen: Mask, rate: float, errors: ErrorSettings) -> Calibration:
        """The line for the scale of `margin`, learnt from the later entities among `seen`."""
        chosen = seen & self.is_later if self.is_later.any() else seen
        return calibrate(self.margin[chosen], self.is_bad[chosen], rate, errors)

    def early_line(self, seen: Mask, rate: float, errors: ErrorSettings) -> Calibration:
        """The line for the scale of `early`, learnt from the later entities among `seen`."""
        chosen = seen & self.is_later
        return calibrate(self.early[chosen], self.is_bad[chosen], rate, errors)


def held_out(
    scorer: Scorer,
    training: Training,
    population_rate: float,
    settings: ModelSettings,
    errors: ErrorSettings = FLAWLESS,
) -> HeldOut:
    """Scores of every labelled entity that owe nothing to its own verdict, and the final line.

    All rows of an entity fall into one fold; its score comes from a model and from a
    calibration that have not seen that fold.
    """
    fold = folds(training, settings.folds)
    margins = _margins(scorer, training, fold, settings)
    score, forward = np.zeros(fold.size), np.zeros(fold.size)
    for number in range(settings.folds):
        out = fold == number
        score[out] = margins.line(~out, population_rate, errors).score(margins.margin[out])
        if margins.is_later.any():
            line = margins.early_line(~out, population_rate, errors)
            forward[out] = line.score(margins.early[out])
    everybody = np.ones(fold.size, dtype=np.bool_)
    has_later = bool(margins.is_later.any())
    return HeldOut(
        score,
        margins.is_bad,
        margins.line(everybody, population_rate, errors),
        LATER if has_later else CROSS_FITTED,
        margins.is_later,
        np.where(margins.is_later, forward, score),
    )


def _margins(
    scorer: Scorer, training: Training, fold: IntArray, settings: ModelSettings
) -> _Margins:
    judged, owner = training.judged(), np.repeat(fold, _row_counts(training))
    margin, early = np.zeros(fold.size), np.full(fold.size, np.nan)
    lessons = scorer.lessons(training)
    for number in range(settings.folds):
        model = lessons.model(training.where(owner != number))
        margin[fold == number] = model.margin(judged.matrix[fold == number])
    later = is_later(judged, settings)
    if later.any():
        earlier = training.before(judged.known_at[later].min())
        early[later] = lessons.model(earlier).margin(judged.matrix[later])
    return _Margins(margin, early, judged.is_bad, later)


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


def calibrate(
    margin: FloatArray,
    is_bad: FloatArray,
    population_rate: float,
    errors: ErrorSettings = FLAWLESS,
) -> Calibration:
    """Platt scaling on held-out margins, then a correction to the population's base rate.

    Platt 1999 with his smoothed targets gives a, b such that sigmoid(a m + b) is the
    probability *in the labelled sample* of being bad, there s of all. Verdicts err, which
    would flatten the line at both ends: expectation-maximisation replaces each verdict by
    how likely it is true (Magder and Hughes 1997). Under label shift (the bad look alike in
    sample and population) the odds only change by a constant factor: b' = b +
    logit(population_rate) - logit(s); Elkan 2001 theorem 2, Saerens et al. 2002 eq. 4.
    Two parameters, because there are tens of positives. A slope below zero (a model worse
    than chance) is cut to zero: everybody then scores the base rate.
    """
    bad, good = is_bad.sum(), (1.0 - is_bad).sum()
    surest = (1.0 / (good + 2.0), (bad + 1.0) / (bad + 2.0))
    target = np.where(is_bad > 0, surest[1], surest[0])
    slope, intercept = 0.0, 0.0
    for _ in range(_BELIEF_STEPS):
        slope, intercept = _logistic_line(margin, target, (slope, intercept))
        if slope < 0.0:
            slope, intercept = 0.0, log_odds(float(target.mean()))
        belief = _belief(is_bad, sigmoid(slope * margin + intercept), errors).clip(*surest)
        moved, target = float(np.abs(belief - target).max()), belief
        if moved < _BELIEF_END:
            break
    return Calibration(slope, intercept + log_odds(population_rate) - log_odds(target.mean()))


def _belief(is_bad: FloatArray, chance: FloatArray, errors: ErrorSettings) -> FloatArray:
    """Probability that each verdict's subject is bad, given its chance before the verdict."""
    chance = chance.clip(_LEAST_CHANCE, 1.0 - _LEAST_CHANCE)
    heard_if_bad = np.where(is_bad > 0, errors.sensitivity, 1.0 - errors.sensitivity)
    heard_if_good = np.where(is_bad > 0, 1.0 - errors.specificity, errors.specificity)
    joint = heard_if_bad * chance
    return np.asarray(joint / (joint + heard_if_good * (1.0 - chance)), dtype=np.float64)


def _logistic_line(
    margin: FloatArray, target: FloatArray, start: tuple[float, float]
) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of soft targets on the margin.

    Newton's method from `start` on; the smoothed targets keep the optimum finite, halving
    keeps it stable.
    """
    rows = np.column_stack([margin, np.ones_like(margin)])
    line: FloatArray = np.array(start)
    step: FloatArray = np.zeros(2)
    loss = np.inf
    for _ in range(_NEWTON_STEPS):
        logit = rows @ (line + step)
        now = float((np.logaddexp(0.0, logit) - target * logit).mean())
        if now > loss:
            step = step / 2.0
            continue
        line, loss, chance = line + step, now, sigmoid(logit)
        curvature = rows.T @ (rows * (chance * (1.0 - chance))[:, None]) + 1e-9 * np.eye(2)
        step = np.asarray(np.linalg.solve(curvature, rows.T @ (target - chance)), np.float64)
        if float(np.abs(step).max()) < _NEWTON_END:
            break
    return float(line[0]), float(line[1])


def _row_counts(training: Training) -> IntArray:
    return np.diff(training.last, prepend=-1)


def folds(training: Training, count: int) -> IntArray:
    """Fold of each entity: dealt out in hash order within bad and within good."""
    is_bad, names = training.is_bad[training.last], training.entity_id[training.last]
    order = np.array([hashlib.blake2b(str(name).encode()).hexdigest() for name in names])
    fold = np.zeros(names.size, dtype=np.int64)
    for label in (0.0, 1.0):
        group = np.flatnonzero(is_bad == label)
        fold[group[np.argsort(order[group])]] = np.arange(group.size) % count
    return fold
