"""Which part of the bad ones a ranking reaches, among those whom nobody has judged yet.

Verdicts come from whoever was looked at, and verdicts err. So the curve is not read off the
judged but drawn many times from what they leave possible: docs/decisions/0035-an-honest-card.md
says what each step corrects and how often the truth lay inside.

Each row of a bad entity before its verdict shows a bad one that nobody had judged that day: such
rows, and not only the last of each, stand for the bad ones of today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.evaluation.judged_rows import top_verdicts
from pipeline.evaluation.population_rate import Witnesses, rate_draws
from pipeline.tree_model.calibration import (
    Calibration,
    log_odds,
    logistic_regression,
    posterior,
    sigmoid,
)

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.evaluation.judged_rows import JudgedRows
    from pipeline.population import BaseRate
    from pipeline.settings.build import ErrorSettings
    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

_STEPS = 200
"""Places at which the curve is kept: a hundredth of the logarithm apart at the top."""
_ROUNDS, _MOVED = 60, 1e-4
_FARTHEST = 3.0
"""Standard deviations at which the visibility of an entity is cut."""
_LEAST, _LEAST_SHARE, _HALF = 1e-12, 1e-4, 0.5
_NEAR = 0.5
"""Log odds of a place within which the bad are about as common."""


@dataclass(frozen=True)
class CurveDraws:
    """Curves that the verdicts leave possible, each for a whole population."""

    place: FloatArray
    """(steps,) share of the population listed, ascending up to 1."""
    bad: FloatArray
    """(draws, steps) bad ones among these, as a share of the population."""
    usual: FloatArray
    """(draws, steps) the same for scores: each bad one stands in all places of its kind at once,
    and today is as the days on which the lot looked."""
    entities: int
    """Of the population."""
    base: BaseRate
    """Which shares of bad ones scores reckon with: a population is a sample of one."""

    @property
    def rate(self) -> FloatArray:
        """(draws,) share of the population that is bad."""
        return self.bad[:, -1]

    @property
    def area(self) -> FloatArray:
        """(draws,) area under the curve of precision against recall."""
        gained = np.diff(self.bad, axis=1, prepend=0.0) / np.maximum(self.rate, _LEAST)[:, None]
        listed = np.maximum(self.place, self.bad)
        return np.asarray((gained * self.bad / np.maximum(listed, _LEAST)).sum(axis=1))

    def within(self, top: float) -> FloatArray:
        """(draws,) bad ones in the first `top` of the list, as a share of the population."""
        step = int(np.searchsorted(self.place, top * (1.0 + 1e-9), side="right")) - 1
        return np.minimum(self.bad[:, max(step, 0)], top)


def curve_draws(
    judged: JudgedRows,
    rate: BaseRate,
    errors: ErrorSettings,
    entities: int,
    settings: EvaluationSettings,
) -> CurveDraws:
    """Curves for a population of so many `entities` whom nobody has judged.

    Rings are resampled as a whole (Bayesian bootstrap), with half a ring each that is seen
    first and last (Jeffreys' prior of every share); a share of bad ones is drawn from its own
    posterior (`pipeline.evaluation.population_rate`), and the population is then a sample of
    rings itself. Figures allow for more shares than scores reckon with:
    docs/decisions/0106-checks-speak-of-their-day.md.
    """
    random, size = np.random.default_rng(settings.seed), settings.resamples
    place = _grid(entities, settings)
    belief = beliefs(_hidden(judged.place[judged.last], entities), judged.is_bad, errors)
    mass = _mass(judged, belief, place)
    usual = float((mass.sum(axis=1) ** 2).sum() / max(mass.sum(), _LEAST))
    mass = np.concatenate([mass, usual * np.eye(place.size)[[0, -1]]])
    share = np.append(np.ones(len(mass) - 2), [0.5, 0.5])
    chance = random.gamma(share, size=(size, share.size))
    convicted = chance[:, :-2] @ _at_large(judged, belief, entities)
    chance /= np.maximum(chance @ mass.sum(axis=1), _LEAST)[:, None]
    hidden = _standard(_hidden(place, entities), judged, belief, entities)
    tilt = np.exp(_tilts(judged, belief, entities, settings, random)[:, None] * hidden)
    shape = (chance @ mass) * tilt
    witnesses = Witnesses(
        _lot_finds(judged, _density(shape, place, entities), place),
        np.maximum(convicted, _HALF / max(entities, 1)),
        top_verdicts(judged, place, shape, settings, random),
    )
    rates = rate_draws(rate, witnesses, errors, random)
    share, total = _sampled(chance * (rates.drawn * entities)[:, None], mass, tilt, random)
    scored = np.minimum(np.cumsum(share * total / entities, axis=1), 1.0)
    doubted = replace(rate, beta=(1.0, settings.imagined_good))
    today = rate_draws(doubted, witnesses, errors, random, settings.moved_spread).drawn
    share, total = _sampled(chance * (today * entities)[:, None], mass, tilt, random)
    stood = np.cumsum(_stood(share, total[:, 0], random) / entities, axis=1)
    return CurveDraws(place, np.minimum(stood, 1.0), scored, entities, rates.posterior)


def _sampled(
    rings: FloatArray, mass: FloatArray, tilt: FloatArray, random: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """(draws, steps) share of the bad at each place, (draws, 1) how many: a sample of `rings`."""
    bad = random.poisson(rings) @ mass
    total = bad.sum(axis=1, keepdims=True)
    bad = bad * tilt
    return bad / np.maximum(bad.sum(axis=1, keepdims=True), _LEAST), total


def calibrated(draws: CurveDraws, margin: FloatArray) -> Calibration:
    """The line from margins to probabilities that gives the population its bad ones.

    `margin` (entities,) is the population's. The share of bad at each place, on average over
    the draws, is the target of a logistic regression: two parameters, as Platt (1999) has them.
    A slope below zero is cut to zero: everybody then scores the base rate.
    """
    bad = np.minimum(draws.usual, draws.place).mean(axis=0)
    share = np.diff(bad, prepend=0.0) / np.diff(draws.place, prepend=0.0)
    listed = 1.0 - np.searchsorted(np.sort(margin), margin, side="left") / max(margin.size, 1)
    step = np.searchsorted(draws.place, listed * (1.0 - 1e-9)).clip(max=share.size - 1)
    target = share[step].clip(_LEAST_SHARE, 1.0 - _LEAST_SHARE)
    slope, intercept = logistic_regression(margin, target, (0.0, 0.0))
    if slope < 0.0:
        return Calibration(0.0, log_odds(float(target.mean())))
    return Calibration(slope, intercept)


def beliefs(hidden: FloatArray, is_bad: FloatArray, errors: ErrorSettings) -> FloatArray:
    """(entities,) how likely each is truly bad, given its verdict and how far down it stands.

    Expectation-maximisation of a logistic regression whose targets err (Magder and Hughes
    1997): a cleared one among nothing but bad ones was probably missed.
    """
    bad, good = is_bad.sum(), (1.0 - is_bad).sum()
    surest = (1.0 / (good + 2.0), (bad + 1.0) / (bad + 2.0))
    belief: FloatArray
    belief = target = np.where(is_bad > 0, surest[1], surest[0])
    of_bad = np.where(is_bad > 0, errors.sensitivity, 1.0 - errors.sensitivity)
    of_good = np.where(is_bad > 0, 1.0 - errors.specificity, errors.specificity)
    line = (0.0, 0.0)
    for _ in range(_ROUNDS):
        line = logistic_regression(-hidden, target, line)
        belief = posterior(sigmoid(line[1] - line[0] * hidden), of_bad, of_good)
        moved, target = float(np.abs(belief.clip(*surest) - target).max()), belief.clip(*surest)
        if moved < _MOVED:
            break
    return belief


def _grid(entities: int, settings: EvaluationSettings) -> FloatArray:
    """(steps,) places at which the curve is kept: close together at the top, with each list."""
    lists = [k / entities for k in settings.capacities] + list(settings.tops)
    even = np.geomspace(1.0 / entities, 1.0, _STEPS)
    return np.unique(np.concatenate([even, np.minimum(lists, 1.0)]))


def _hidden(place: FloatArray, entities: int) -> FloatArray:
    """How far down a place is: the log odds of being listed before."""
    edge = 0.5 / max(entities, 1)
    return np.asarray(np.log((place + edge) / (1.0 - place + edge)))


def _mass(judged: JudgedRows, belief: FloatArray, place: FloatArray) -> FloatArray:
    """(rings, steps) how many bad ones each ring shows, by where they stand.

    The days of a bad one before its verdict share its weight in proportion to how many they
    were: whoever hides long is met more often among those whom nobody has judged.
    """
    bad = judged.is_bad > 0
    usual = float(judged.counts[bad].mean()) if bad.any() else 1.0
    weight = belief * np.where(bad, 1.0 / usual, 1.0 / judged.counts)
    ring = np.unique(judged.ring, return_inverse=True)[1]
    step = np.minimum(np.searchsorted(place, judged.place), place.size - 1)
    mass = np.zeros((int(ring.max()) + 1, place.size))
    np.add.at(mass, (ring[judged.entity], step), weight[judged.entity])
    return mass


def _stood(share: FloatArray, total: FloatArray, random: np.random.Generator) -> FloatArray:
    """(draws, steps) bad ones at each place, each of them standing in a single one."""
    whole = np.floor(total + random.random(total.size)).astype(np.int64)
    chance = np.where(share.sum(axis=1, keepdims=True) > 0.0, share, 1.0 / share.shape[1])
    chance = chance / chance.sum(axis=1, keepdims=True)
    return random.multinomial(whole, chance).astype(np.float64)


def _at_large(judged: JudgedRows, belief: FloatArray, entities: int) -> FloatArray:
    """(rings,) bad ones at large at once, on the day on which most of them were.

    Each of them has been convicted since, and counts as far as that verdict is believed: as a
    share of whom nobody had judged on that day, which are today's and those judged later. Where
    many were judged, today's alone would be too few, and more than all of them bad.
    """
    ring = np.unique(judged.ring, return_inverse=True)[1]
    day, at = np.unique(judged.day, return_inverse=True)
    later = judged.is_bad[judged.entity] > 0
    owner = judged.entity[later]
    at_large = np.zeros((day.size, int(ring.max()) + 1))
    np.add.at(at_large, (at[later], ring[owner]), belief[owner])
    most = at_large.sum(axis=1).argmax()
    return np.asarray(at_large[most] / (entities + np.count_nonzero(at == most)))


def _density(bad: FloatArray, place: FloatArray, entities: int) -> FloatArray:
    """(draws, steps) how much more of the bad than of everybody stands about each place."""
    hidden = _hidden(place, entities)
    near = np.exp(-0.5 * ((hidden[:, None] - hidden[None, :]) / _NEAR) ** 2)
    share = bad / np.maximum(bad.sum(axis=1, keepdims=True), _LEAST)
    return np.asarray((share @ near.T) / (np.diff(place, prepend=0.0) @ near.T))


def _lot_finds(judged: JudgedRows, density: FloatArray, place: FloatArray) -> FloatArray:
    """(draws, finds) how many of the bad stand about whom the lot found."""
    found = judged.by_lot & (judged.is_bad > 0)
    step = np.minimum(np.searchsorted(place, judged.place[judged.last][found]), place.size - 1)
    return np.asarray(density[:, step])


def _centre(judged: JudgedRows, belief: FloatArray, entities: int) -> tuple[float, float]:
    """Mean and deviation of how far down the bad ones stand."""
    hidden = _hidden(judged.place[judged.last], entities)
    mean = float(np.average(hidden, weights=belief + _LEAST))
    return mean, float(np.sqrt(np.average((hidden - mean) ** 2, weights=belief + _LEAST))) + _LEAST


def _standard(
    hidden: FloatArray, judged: JudgedRows, belief: FloatArray, entities: int
) -> FloatArray:
    mean, deviation = _centre(judged, belief, entities)
    return np.asarray(((hidden - mean) / deviation).clip(-_FARTHEST, _FARTHEST))


def _tilts(
    judged: JudgedRows,
    belief: FloatArray,
    entities: int,
    settings: EvaluationSettings,
    random: np.random.Generator,
) -> FloatArray:
    """(draws,) how much further down the bad stand whom suspicion has not found.

    Slope of the log odds of having been found by lot: an importance weight for the rest. What
    was looked at was easier to see, so a slope above zero is expected beforehand; finds of the
    lot, each as far as it is believed, correct that.
    """
    bad = judged.is_bad > 0
    hidden = _standard(_hidden(judged.place[judged.last], entities), judged, belief, entities)
    by_lot, weight, hidden = judged.by_lot[bad].astype(float), belief[bad], hidden[bad]
    slope, level, spread = settings.selection, 0.0, settings.selection_spread
    precision = np.diag([1.0 / spread**2, 1e-6])
    rows = np.column_stack([hidden, np.ones_like(hidden)])
    curvature = precision
    for _ in range(_ROUNDS):
        chance = sigmoid(rows @ np.array([slope, level]))
        gap = rows.T @ (weight * (by_lot - chance))
        gap -= precision @ np.array([slope - settings.selection, level])
        curvature = rows.T @ (rows * (weight * chance * (1.0 - chance))[:, None]) + precision
        step = np.linalg.solve(curvature, gap).clip(-1.0, 1.0)
        slope, level = slope + step[0], float(np.clip(level + step[1], -20.0, 20.0))
    doubt = float(np.sqrt(np.linalg.inv(curvature)[0, 0]))
    return random.normal(slope, doubt, settings.resamples)
