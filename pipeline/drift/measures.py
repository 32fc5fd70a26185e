"""How far a sample has moved: the population stability index and the Kolmogorov-Smirnov distance.

PSI sees shares move between bins and values go missing, KS needs no bins; why a verdict also
asks what chance alone would do: docs/decisions/0022-drift.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import kolmogorov
from scipy.stats import chi2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.settings.build import DriftSettings


@dataclass(frozen=True)
class Sample:
    """Values of one number at one snapshot, sorted, the unknown ones only counted."""

    values: NDArray[np.float64]
    """Ascending, without NaN."""
    unknown: int

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Sample:
        """Values in any order, NaN where unknown."""
        ordered = np.sort(values[~np.isnan(values)])
        return cls(ordered, int(values.size - ordered.size))

    @property
    def rows(self) -> int:
        """Known and unknown together."""
        return self.values.size + self.unknown


@dataclass(frozen=True)
class Shift:
    """How far a sample has moved from its reference."""

    psi: float
    """Population stability index, 0 for equal shares."""
    ks: float | None
    """Largest gap between the distribution functions of known values, 0..1."""
    ks_pvalue: float | None
    """Chance of such a gap without a change."""
    noise: float
    """PSI that chance alone exceeds as rarely as `noise_level` says."""

    def verdict(self, settings: DriftSettings) -> str:
        """stable, watch or shifted; never more than stable when chance explains it."""
        if self.psi < settings.psi_watch or self.psi <= self.noise:
            return "stable"
        return "shifted" if self.psi >= settings.psi_shifted else "watch"


def shift(reference: Sample, current: Sample, settings: DriftSettings) -> Shift:
    """PSI and two-sample KS of `current` against `reference`.

    PSI = sum (c - r) ln(c / r) over deciles of the reference and a bin for unknown
    (Siddiqi, Credit Risk Scorecards, 2006). Without a change PSI / (1/n + 1/m) follows
    chi-squared with bins - 1 degrees of freedom (Yurdakul 2018), which gives the noise
    level. The p-value of KS is that of the limiting Kolmogorov distribution.
    """
    edges = np.unique(_quantiles(reference.values, settings.bins))
    before, now = (_shares(one, edges, settings.epsilon) for one in (reference, current))
    psi = float(((now - before) * np.log(now / before)).sum())
    spread = 1.0 / max(reference.rows, 1) + 1.0 / max(current.rows, 1)
    noise = _chance_limit(max(before.size - 1, 1), settings.noise_level) * spread
    return Shift(psi, *_kolmogorov_smirnov(reference.values, current.values), noise)


@cache
def _chance_limit(freedom: int, noise_level: float) -> float:
    return float(chi2.ppf(1.0 - noise_level, freedom))


def _quantiles(ordered: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    return ordered[(np.arange(1, bins) * ordered.size) // bins] if ordered.size else ordered


def _shares(sample: Sample, edges: NDArray[np.float64], epsilon: float) -> NDArray[np.float64]:
    """Share of rows in each bin (edge below < value <= edge above), the unknown ones last."""
    below = np.searchsorted(sample.values, edges, side="right")
    counts = np.diff(below, prepend=0, append=sample.values.size)
    return np.maximum(np.append(counts, sample.unknown) / max(sample.rows, 1), epsilon)


def _kolmogorov_smirnov(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[float | None, float | None]:
    if not one.size or not other.size:
        return None, None
    points = np.concatenate([one, other])
    gap = (
        np.searchsorted(one, points, side="right") / one.size
        - np.searchsorted(other, points, side="right") / other.size
    )
    distance = float(np.abs(gap).max())
    effective = one.size * other.size / (one.size + other.size)
    return distance, float(kolmogorov(distance * np.sqrt(effective)))
