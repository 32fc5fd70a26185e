"""How unlikely a count or a share is, given what was expected and how widely it scatters.

Orders come in clusters (one live session, one shop), so counts of a marketplace scatter more than
a Poisson law says. The law is therefore quasi-Poisson: a count over its dispersion is taken as
Poisson with the mean over the dispersion (McCullagh and Nelder, Generalized Linear Models, 1989,
6.2). Its tails are skewed as those of small counts are, which a normal law is not. The dispersion
of a share carries the factor 1 - p, which makes it the beta-binomial's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammainc, gammaincc, gammaincinv, ndtri

if TYPE_CHECKING:
    from pipeline.noticing.panel import FloatArray

LEAST_P = 1e-300
"""Below this a double holds no probability."""


def p_values(actual: FloatArray, expected: FloatArray, dispersion: FloatArray) -> FloatArray:
    """Two-sided p of each `actual` (any shape, at least 0), given variance = dispersion x mean."""
    mean = np.maximum(expected, 1e-12) / dispersion
    seen = np.maximum(actual, 0.0) / dispersion
    above = gammainc(np.maximum(seen, 1e-12), mean)
    below = gammaincc(seen + 1.0, mean)
    tail = np.where(actual >= expected, above, below)
    both: FloatArray = np.clip(2.0 * tail, LEAST_P, 1.0)
    return both


def interval(
    expected: FloatArray, dispersion: FloatArray, outside: float
) -> tuple[FloatArray, FloatArray]:
    """Ends between which all but `outside` of such counts lie: a gamma law of that variance."""
    shape = np.maximum(expected, 1e-12) / dispersion
    ends = [dispersion * gammaincinv(shape, q) for q in (outside / 2.0, 1.0 - outside / 2.0)]
    return ends[0], ends[1]


def sigmas(p: FloatArray) -> FloatArray:
    """The distance from the mean at which a normal law has a two-sided tail of `p`."""
    distance: FloatArray = np.abs(ndtri(np.clip(p, LEAST_P, 1.0) / 2.0))
    return distance
