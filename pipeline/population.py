"""How many of everybody are bad, labelled or not, as far as a random sample can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.settings.build import LabelSettings


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


def share_of_bad(checks: int, bad: int, settings: LabelSettings) -> BaseRate:
    """What so many `checks` by lot, `bad` of them called bad, leave possible.

    A check finds the bad at sensitivity se and clears the good at specificity sp, so of a
    share p of bad ones se p + (1 - sp) (1 - p) are called bad (Rogan and Gladen 1978). This is
    the posterior of p under a Beta prior.
    """
    rate = (np.arange(settings.base_rate_steps) + 0.5) / settings.base_rate_steps
    errors = settings.errors
    called = errors.sensitivity * rate + (1.0 - errors.specificity) * (1.0 - rate)
    beta = (settings.base_rate_bad, settings.base_rate_good)
    unseen = BaseRate(rate, np.full(rate.size, 1.0 / rate.size), beta=beta)
    likely = unseen.imagined(rate) + bad * np.log(called)
    likely += (checks - bad) * np.log1p(-called)
    chance = np.exp(likely - likely.max())
    return BaseRate(rate, chance / chance.sum(), checks, bad, beta)
