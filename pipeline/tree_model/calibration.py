"""From a margin to the probability that is shown: one straight line on the log odds.

Apart from the trees, because a page that asks "what if" needs the calibration and must not
load the library that trained them. See docs/decisions/0008-calibration-on-later-verdicts.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]

_NEWTON_STEPS, _NEWTON_END = 100, 1e-10
_BELIEF_STEPS, _BELIEF_END, _LEAST_CHANCE = 60, 1e-4, 1e-12


@dataclass(frozen=True)
class Calibration:
    """A straight line on the log odds, from a margin to a population probability."""

    slope: float
    intercept: float

    def score(self, margin: FloatArray) -> FloatArray:
        """Probability of being bad, (n,), in 0..1."""
        return sigmoid(self.slope * margin + self.intercept)


def sigmoid(log_odd: FloatArray) -> FloatArray:
    """Probabilities of log odds, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odd)), dtype=np.float64)


def log_odds(probability: float) -> float:
    """Log odds of a probability inside 0..1."""
    return float(np.log(probability / (1.0 - probability)))


def calibrate(
    margin: FloatArray,
    is_bad: FloatArray,
    population_rate: float,
    *,
    sensitivity: float = 1.0,
    specificity: float = 1.0,
) -> Calibration:
    """Platt scaling on held-out margins, then a correction to the population's base rate.

    Platt 1999 with his smoothed targets gives a, b such that sigmoid(a m + b) is the
    probability *in the labelled sample* of being bad, there s of all. Where verdicts err
    (`sensitivity` of the bad are called bad, `specificity` of the good are cleared),
    expectation-maximisation replaces each by how likely it is true (Magder and Hughes 1997).
    Then b' = b + logit(population_rate) - logit(s): Elkan 2001 theorem 2, Saerens et al. 2002
    eq. 4. A slope below zero is cut to zero: everybody then scores the base rate.
    """
    bad, good = is_bad.sum(), (1.0 - is_bad).sum()
    surest = (1.0 / (good + 2.0), (bad + 1.0) / (bad + 2.0))
    target = np.where(is_bad > 0, surest[1], surest[0])
    likelihood_bad = np.where(is_bad > 0, sensitivity, 1.0 - sensitivity)
    likelihood_good = np.where(is_bad > 0, 1.0 - specificity, specificity)
    slope, intercept = 0.0, 0.0
    for _ in range(_BELIEF_STEPS):
        slope, intercept = logistic_regression(margin, target, (slope, intercept))
        if slope < 0.0:
            slope, intercept = 0.0, log_odds(float(target.mean()))
        prior = sigmoid(slope * margin + intercept)
        belief = posterior(prior, likelihood_bad, likelihood_good).clip(*surest)
        moved, target = float(np.abs(belief - target).max()), belief
        if moved < _BELIEF_END:
            break
    return Calibration(slope, intercept + log_odds(population_rate) - log_odds(target.mean()))


def posterior(
    prior: FloatArray, likelihood_bad: FloatArray, likelihood_good: FloatArray
) -> FloatArray:
    """Probability that each verdict's subject is bad, given its chance before the verdict."""
    prior = prior.clip(_LEAST_CHANCE, 1.0 - _LEAST_CHANCE)
    joint = likelihood_bad * prior
    return np.asarray(joint / (joint + likelihood_good * (1.0 - prior)), dtype=np.float64)


def logistic_regression(
    margin: FloatArray, target: FloatArray, start: tuple[float, float]
) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of soft targets on the margin.

    Newton's method from `start` on; the smoothed targets keep the optimum finite, halving
    keeps it stable.
    """
    rows = np.column_stack([margin, np.ones_like(margin)])
    weights: FloatArray = np.array(start)
    step: FloatArray = np.zeros(2)
    loss = np.inf
    for _ in range(_NEWTON_STEPS):
        logit = rows @ (weights + step)
        now = float((np.logaddexp(0.0, logit) - target * logit).mean())
        if now > loss:
            step = step / 2.0
            continue
        weights, loss, chance = weights + step, now, sigmoid(logit)
        curvature = rows.T @ (rows * (chance * (1.0 - chance))[:, None]) + 1e-9 * np.eye(2)
        step = np.asarray(np.linalg.solve(curvature, rows.T @ (target - chance)), np.float64)
        if float(np.abs(step).max()) < _NEWTON_END:
            break
    return float(weights[0]), float(weights[1])
