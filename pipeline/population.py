"""How many of everybody are bad, labelled or not, as far as a random sample can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class BaseRate:
    """What checks of a random sample leave possible about the share of bad entities."""

    rate: NDArray[np.float64]
    """(points,) shares, ascending, in 0..1."""
    chance: NDArray[np.float64]
    """(points,) how likely each is; adds up to 1."""
    checks: int = 0
    """Entities drawn by lot and judged."""
    finds: int = 0
    """Those of them that were called bad."""
    beta: tuple[float, float] = (1.0, 1.0)
    """Beta prior: bad and good entities imagined before anybody was checked."""

    @property
    def mean(self) -> float:
        """The share to reckon with."""
        return float(self.rate @ self.chance)

    def quantile(self, share: float) -> float:
        """The true share lies below this with probability `share`."""
        at = int(np.searchsorted(self.chance.cumsum(), share))
        return float(self.rate[min(at, self.rate.size - 1)])

    def imagined(self, rate: NDArray[np.float64]) -> NDArray[np.float64]:
        """Logarithm of how likely each share was beforehand, up to a constant."""
        bad, good = self.beta
        return np.asarray((bad - 1.0) * np.log(rate) + (good - 1.0) * np.log1p(-rate))
