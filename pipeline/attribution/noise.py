"""How far chance alone moves a count, a rate or a sum: standard errors and intervals.

Every figure that is shown beside another carries one of these, so that "+29 ± 6 bps" is
told from "+29 ± 60 bps". Formulas: Agresti and Caffo 2000 for a difference of proportions
(one success and one failure are added to each side, so that 0 of 12 has a width), Garwood's
Poisson variance for counts, the delta method for weighted sums.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

Z = 1.959963984540054
"""Standard errors to each end of an interval that holds the truth in 95 of 100 cases."""
VALUE_SPREAD = 1.5
"""Squared coefficient of variation of one order's value, where only the sum is known.

Of the categories of the sample marketplaces the middle one has 1.4; an exponential has 1.
"""


class Noise(StrEnum):
    """How a numerator varies when nothing changes."""

    BINOMIAL = "binomial"
    """Each unit of the denominator counts at most once: late parcels of parcels."""
    POISSON = "poisson"
    """Events that come on their own, any number: orders, refunds, messages an order."""


def rate_error(numerator: FloatArray, trials: FloatArray, noise: Noise) -> FloatArray:
    """Standard error of `numerator / trials`, never 0; nan where nothing was tried."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if noise is Noise.BINOMIAL:
            within = np.clip(numerator, 0.0, trials)
            rate = (within + 1.0) / (trials + 2.0)
            error = np.sqrt(rate * (1.0 - rate) / (trials + 2.0))
        else:
            error = np.sqrt(np.maximum(np.abs(numerator), 1.0)) / trials
    return np.where(trials > 0.0, error, np.nan)


def sum_error(value: FloatArray, events: FloatArray | None) -> FloatArray:
    """Standard error of a sum: of a count, or of so many events' values (compound Poisson).

    A count of 0 is given the error of 1, because none seen is not none to come.
    """
    if events is None:
        return np.asarray(np.sqrt(np.maximum(np.abs(value), 1.0)))
    known = np.maximum(events, 1.0)
    return np.asarray(np.abs(value) * np.sqrt((1.0 + VALUE_SPREAD) / known))


def mean_error(
    rate: FloatArray, share: FloatArray, middle: float, n: FloatArray, noise: Noise
) -> FloatArray:
    """Standard error of `share (rate - middle)`: the mean over all trials of what they add.

    A trial of the slice adds its outcome less `middle`, any other adds nothing; the variance of
    that mean follows from both moments (delta method).
    """
    known, within = np.nan_to_num(rate), np.clip(share, 0.0, 1.0)
    spread = known * (1.0 - known) if noise is Noise.BINOMIAL else np.abs(known)
    square = within * (np.maximum(spread, 0.0) + (known - middle) ** 2)
    variance = np.maximum(square - (within * (known - middle)) ** 2, 0.0)
    return np.asarray(np.sqrt(variance / max(float(n.sum()), 1.0)))


def quadrature(left: FloatArray, right: FloatArray) -> FloatArray:
    """Standard error of a difference; a side that has none adds nothing."""
    return np.asarray(np.hypot(np.nan_to_num(left), np.nan_to_num(right)))
