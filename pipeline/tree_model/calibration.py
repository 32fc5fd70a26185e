"""From a margin to the probability that is shown: one straight line on the log odds.

Apart from the trees, because a page that asks "what if" needs the line and must not
load the library that trained them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]


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
