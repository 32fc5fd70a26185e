"""How many of those whom nobody has judged are bad: read off the lot's checks and the convicted.

Few are drawn by lot, and where few are bad most of their finds are errors: 5 and 14 finds in 190
checks are both what 2 % bad leave. Three more facts are in the verdicts: *where* those of the lot
stand in the ranking, since a find in the first hundredth is hardly an error; how many of those
who were at large on one day *have since been convicted*: so many are at large today, or more; and
how many of those whom *somebody looked at in the first places* were bad: hardly fewer are there.
A check tells of its own day; today there may be twice as many.
docs/decisions/0065-how-many-are-bad.md, docs/decisions/0090-reviews-of-the-first-places.md,
docs/decisions/0106-checks-speak-of-their-day.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.population import BaseRate

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings.build import ErrorSettings

    FloatArray: TypeAlias = NDArray[np.float64]

_POINTS = 160
"""Shares that are weighed, evenly spaced in their logarithm."""
_LEAST_RATE, _MOST_SHARE = 2.5e-4, 0.999
_LEAST = 1e-300


@dataclass(frozen=True, eq=False)
class TopVerdicts:
    """What reviews of those say who stood in the first places of the list before them."""

    called_bad: float
    cleared: float
    """Verdicts of either kind there, those of one ring counted as one."""
    density: FloatArray
    """(draws,) how much more of the bad than of everybody stands there."""
    odds_ratio: FloatArray
    """(draws,) how much more often than the good ones there the bad are looked at."""


@dataclass(frozen=True, eq=False)
class Witnesses:
    """What is known beside the number of finds, for each draw of the curve."""

    finds: FloatArray
    """(draws, placed) how much more of the bad than of everybody stands about each find of the
    lot whose place is known."""
    convicted: FloatArray
    """(draws,) share of everybody that was at large on one day and has since been convicted."""
    top: TopVerdicts


@dataclass(frozen=True, eq=False)
class RateDraws:
    """Shares that everything together leaves possible."""

    drawn: FloatArray
    """(draws,) one for each curve."""
    posterior: BaseRate
    """Of all draws together."""


def rate_draws(
    prior: BaseRate,
    witnesses: Witnesses,
    errors: ErrorSettings,
    random: np.random.Generator,
    moved: float = 0.0,
) -> RateDraws:
    """One share for each draw of the curve, from its own posterior.

    `prior` counts the checks of the lot and their finds. Which part of all bad ones has been
    convicted nobody knows: any is as likely, so a share r has it with chance 1 / r. By how much
    the share may have `moved` since the lot looked: standard deviation of its logarithm.
    A prior of a single share is taken at its word.
    """
    convicted = witnesses.convicted
    if prior.rate.size == 1:
        return RateDraws(np.full(convicted.size, prior.rate[0]), prior)
    rate = np.geomspace(_LEAST_RATE, _MOST_SHARE, _POINTS)
    # The points are closer together where shares are small: as much as 1 / r weighs them up.
    finds = _finds(rate, prior, witnesses.finds, errors)
    likely = prior.imagined(rate) + (_today(rate, finds, moved) if moved else finds)
    likely += _reviews(rate, witnesses.top, errors)
    possible = rate[None, :] >= np.minimum(convicted, rate[-1])[:, None]
    likely = np.where(possible, likely, -np.inf)
    chance = np.exp(likely - likely.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    at = (chance.cumsum(axis=1) > random.random((chance.shape[0], 1))).argmax(axis=1)
    posterior = BaseRate(rate, chance.mean(axis=0), prior.checks, prior.finds)
    return RateDraws(rate[at], posterior)


def _finds(
    rate: FloatArray, prior: BaseRate, placed: FloatArray, errors: ErrorSettings
) -> FloatArray:
    """(draws, points) log likelihood of so many finds, and of where they stand.

    True finds and errors are two Poisson processes along the list. A find without a snapshot in
    its window has no place and counts by its number.
    """
    total = np.zeros((placed.shape[0], rate.size))
    for density in placed.T:
        total += np.log(_called_bad(np.minimum(density[:, None] * rate, _MOST_SHARE), errors))
    unplaced = max(prior.finds - placed.shape[1], 0)
    called = _called_bad(rate, errors)
    return np.asarray(total + unplaced * np.log(called) - prior.checks * called)


def _today(rate: FloatArray, then: FloatArray, moved: float) -> FloatArray:
    """(draws, points) log likelihood of shares of today, from that of shares when the lot looked.

    Since then the share has moved by some factor, which on average is one.
    """
    apart = np.subtract.outer(np.log(rate), np.log(rate)) / moved
    chance = np.exp(-0.5 * (apart + 0.5 * moved) ** 2)
    chance /= chance.sum(axis=1, keepdims=True)
    most = then.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.maximum(np.exp(then - most) @ chance.T, _LEAST)) + most)


def _reviews(rate: FloatArray, top: TopVerdicts, errors: ErrorSettings) -> FloatArray:
    """(draws, points) log likelihood of the verdicts on whoever was looked at in the first places.

    The list says much of who stands there, so those who were looked at are bad about as often as
    those who were not; the odds ratio is how far that may be off.
    """
    share = np.minimum(top.density[:, None] * rate, _MOST_SHARE)
    odds = share / (1.0 - share) * top.odds_ratio[:, None]
    called = _called_bad(odds / (1.0 + odds), errors)
    return np.asarray(top.called_bad * np.log(called) + top.cleared * np.log1p(-called))


def _called_bad(share: FloatArray, errors: ErrorSettings) -> FloatArray:
    called = errors.sensitivity * share + (1.0 - errors.specificity) * (1.0 - share)
    return np.asarray(called.clip(1e-9, 1.0 - 1e-9))
