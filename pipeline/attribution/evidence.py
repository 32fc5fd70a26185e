"""How far each leaf moved, how sure that is, and the smallest move that it could show.

A leaf is one combination of all dimensions. What is compared are two numbers (additive) or two
rates (ratio), and what the search needs of them is always the same: a shift in a unit in which
leaves of all sizes that share a cause agree, and the precision of that shift (1 / variance), so
that sums of `precision` and `precision * shift` are all that is ever grouped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.attribution.noise import FloatArray

_WHOLE = 1e-6
MAD_TO_SIGMA = 1.4826
LEAST_NOISE = 0.01
"""No forecast is taken to be better than this, as a share of the value."""
ONE_SIDE = 0.1
"""Of the leaves: a side (above or below its forecast) with fewer says nothing of the noise."""
WHOLE_NUMBERS = 0.99
"""A share of leaves with whole numbers above this makes them counts."""
FEWEST_EVENTS = 2.0
"""Smaller leaves say little of how far counts spread."""
ENOUGH_LEAVES = 200
SAMPLE = 3_000
"""Leaves that the spread of counts is fitted to."""
SPREADS = (0.0, 0.9, 1.0, 1.2, 1.4, 1.7, 2.0, 2.8, 4.0, 8.0)
"""Variance of a difference of counts / their mean; 1 = against its expectation, 2 = two counts."""
FORECAST_ERRORS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
"""Standard deviations of a forecast that is wrong in proportion."""
UNEVENNESS = 0.4
"""Log odds by which leaves of one cause may differ: no two slices are hit to the same degree."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the leaves show; arrays of (leaves,)."""

    shift: FloatArray
    """Above 0 = more than expected: a share of the value, or log odds of the rate."""
    precision: FloatArray
    """1 / variance of the shift while nothing happens; 0 = the leaf says nothing."""
    grain: FloatArray
    """A leaf of so few events cannot show a smaller shift than this."""


def of_values(expected: FloatArray, actual: FloatArray) -> Evidence:
    """The shift of values (sums, counts) against what was expected of them.

    Counts are told by being whole numbers: there the noise is Poisson's, times a spread that is
    fitted, and the forecast's own. Other values are as noisy as the quieter side of the
    leaves: a cause moves leaves one way, and the other side is then free of it.
    """
    whole = [_is_whole(values) for values in (expected, actual)]
    if np.mean(whole[0] | whole[1]) > WHOLE_NUMBERS:
        spread, error = _count_noise(expected, actual)
        if spread:
            middle = np.maximum((expected + actual) / 2.0, 0.0)
            shift = _divided(actual - expected, middle)
            return Evidence(shift, middle / (spread + error**2 * middle), _divided(0.5, middle))
    largest = np.maximum(np.abs(expected), np.abs(actual))
    shift = _divided(actual - expected, largest)
    noise = max(_quieter_side(shift[largest > 0.0]), LEAST_NOISE)
    # What may have been rounded to a whole number is known to half a unit.
    rounded = (whole[0] & (expected > 0.0)) | (whole[1] & (actual > 0.0))
    unit = _divided(1.0, largest) * rounded
    precision = np.where(largest > 0.0, 1.0 / (noise**2 + unit**2 / 12.0), 0.0)
    return Evidence(shift, precision, unit / 2.0)


def of_rates(
    before: tuple[FloatArray, FloatArray], after: tuple[FloatArray, FloatArray]
) -> Evidence:
    """The shift of (numerator, denominator) of each leaf, in log odds.

    The score and its variance are those of the test of Cochran, Mantel and Haenszel with the
    leaves as strata: neither another mix nor another size of the leaves looks like a shift, and
    leaves with an event or none at all add up without bias. A numerator that exceeds its
    denominator counts as all of it.
    """
    (first, tried_first), (last, tried_last) = (
        (np.clip(top, 0.0, np.maximum(below, 0.0)), np.maximum(below, 0.0))
        for top, below in (before, after)
    )
    tried, events = tried_first + tried_last, first + last
    score = last - _divided(events * tried_last, tried)
    product = tried_first * tried_last * events * (tried - events)
    variance = _divided(product, tried * tried * (tried - 1.0))
    precision = variance / (1.0 + variance * UNEVENNESS**2)
    return Evidence(_divided(score, variance), precision, _divided(0.5, variance))


def _divided(top: FloatArray | float, below: FloatArray) -> FloatArray:
    """0 where there is nothing to divide by."""
    return np.divide(top, below, out=np.zeros_like(below), where=below > 0.0)


def _is_whole(values: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values - np.round(values)) < _WHOLE)


def _quieter_side(shift: FloatArray) -> float:
    """Robust standard deviation of the side of zero on which leaves stray less."""
    sides = [shift[shift > 0.0], -shift[shift < 0.0]]
    spreads = [np.median(side) for side in sides if side.size > ONE_SIDE * shift.size]
    return MAD_TO_SIGMA * float(min(spreads)) if spreads else 0.0


def _count_noise(expected: FloatArray, actual: FloatArray) -> tuple[float, float]:
    """(spread, forecast error) that make the differences likeliest: t with 6 degrees of freedom.

    Its heavy tails leave what a cause moved out of account. A spread of 0 means that they are
    no counts of events: whole numbers, but as noisy in proportion at any size.
    """
    middle = (expected + actual) / 2.0
    chosen = np.flatnonzero(middle >= FEWEST_EVENTS)
    if chosen.size < ENOUGH_LEAVES:
        chosen = np.flatnonzero(middle > 0.0)
    chosen = chosen[:: chosen.size // SAMPLE + 1]
    if not chosen.size:
        return 1.0, LEAST_NOISE
    size = middle[chosen]
    square = ((actual[chosen] - expected[chosen]) / size) ** 2
    spread, error = (axis.ravel() for axis in np.meshgrid(SPREADS, FORECAST_ERRORS))
    variance = error[:, None] ** 2 + spread[:, None] / size
    loss = (3.5 * np.log1p(square / (6.0 * variance)) + np.log(variance) / 2.0).sum(axis=1)
    best = int(loss.argmin())
    return float(spread[best]), float(error[best])
