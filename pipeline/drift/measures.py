"""How far a sample has moved: distances between two samples of a number or of levels.

PSI and Jensen-Shannon see shares move between bins and values go missing, Kolmogorov-Smirnov and
Wasserstein need no bins. Each is exact: what two samples of a million rows cost is in
`benchmarks/drift.py`. Why a verdict also asks what chance alone would do:
docs/decisions/0022-drift.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import rel_entr
from scipy.stats import chi2

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        # NumPy sorts NaN to the end, so what is unknown is cut off without a copy.
        ordered = np.sort(values)
        known = int(np.searchsorted(ordered, np.nan))
        return cls(ordered[:known], int(ordered.size - known))

    @property
    def rows(self) -> int:
        """Known and unknown together."""
        return self.values.size + self.unknown


@dataclass(frozen=True)
class Distances:
    """How far a sample stands from its reference; None where the measure does not exist."""

    psi: float
    """Population stability index, 0 for equal shares."""
    jensen_shannon: float
    """Square root of the Jensen-Shannon divergence in bits, 0..1."""
    ks: float | None
    """Largest gap between the distribution functions of known values, 0..1."""
    wasserstein: float | None
    """Area between the distribution functions of known values, in units of the value."""
    missing: float
    """Share of the current sample that is unknown, 0..1."""
    unseen: float
    """Share of the current sample in levels that the reference does not have; 0 of a number."""
    tail: float
    """Share of the current sample beyond the outermost quantiles of the reference; 0 of levels."""


@dataclass(frozen=True)
class Shift:
    """How far a sample has moved from its reference, and how far chance would have taken it."""

    distances: Distances
    noise: float
    """PSI that chance alone exceeds as rarely as `noise_level` says."""

    def verdict(self, settings: DriftSettings) -> str:
        """stable, watch or shifted; never more than stable when chance explains it."""
        psi = self.distances.psi
        if psi < settings.psi_watch or psi <= self.noise:
            return "stable"
        return "shifted" if psi >= settings.psi_shifted else "watch"


def shift(reference: Sample, current: Sample, settings: DriftSettings) -> Shift:
    """The distances of `current` from `reference`, and what chance alone would do.

    Without a change PSI / (1/n + 1/m) follows chi-squared with bins - 1 degrees of freedom
    (Yurdakul 2018), which gives the noise level.
    """
    found = number_distances(reference, current, settings)
    spread = 1.0 / max(reference.rows, 1) + 1.0 / max(current.rows, 1)
    bins = _edges(reference, settings.bins).size + 2
    noise = chance_limit(max(bins - 1, 1), settings.noise_level) * spread
    return Shift(found, noise)


def number_distances(reference: Sample, current: Sample, settings: DriftSettings) -> Distances:
    """Every measure of a number.

    Bins of PSI and Jensen-Shannon are quantiles of the reference, and one for unknown.
    """
    edges = _edges(reference, settings.bins)
    before, now = (_shares(one, edges) for one in (reference, current))
    ks, wasserstein = _between_functions(reference.values, current.values)
    return Distances(
        psi=float(psi(before, now, settings.epsilon)),
        jensen_shannon=float(jensen_shannon(before, now)),
        ks=ks,
        wasserstein=wasserstein,
        missing=current.unknown / max(current.rows, 1),
        unseen=0.0,
        tail=_tail(reference.values, current, settings.tail),
    )


def level_distances(
    reference: Mapping[str | None, int], current: Mapping[str | None, int], epsilon: float
) -> Distances:
    """Every measure of levels, given how many rows each has; None stands for unknown.

    Levels have no order, so nothing lies between two of them and KS and Wasserstein are None.
    """
    levels = list({**reference, **current})
    before, now = (
        np.array([counts.get(level, 0) for level in levels]) / max(sum(counts.values()), 1)
        for counts in (reference, current)
    )
    at_first = np.array([reference.get(level, 0) == 0 for level in levels], dtype=bool)
    named = np.array([level is not None for level in levels], dtype=bool)
    return Distances(
        psi=float(psi(before, now, epsilon)),
        jensen_shannon=float(jensen_shannon(before, now)),
        ks=None,
        wasserstein=None,
        missing=float(now[~named].sum()),
        unseen=float(now[at_first & named].sum()),
        tail=0.0,
    )


def psi(
    before: NDArray[np.float64], now: NDArray[np.float64], epsilon: float
) -> NDArray[np.float64]:
    """Population stability index of shares by bin (last axis): sum (c - r) ln(c / r).

    Siddiqi, Credit Risk Scorecards, 2006. A share below `epsilon` counts as `epsilon`.
    """
    before, now = np.maximum(before, epsilon), np.maximum(now, epsilon)
    index: NDArray[np.float64] = ((now - before) * np.log(now / before)).sum(axis=-1)
    return index


def jensen_shannon(before: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """Jensen-Shannon distance of shares by bin (last axis), base 2: 0 equal, 1 nothing in common.

    Endres and Schindelin, A New Metric for Probability Distributions, 2003.
    """
    middle = (before + now) / 2.0
    divergence = (rel_entr(before, middle) + rel_entr(now, middle)).sum(axis=-1) / np.log(4.0)
    distance: NDArray[np.float64] = np.sqrt(np.maximum(divergence, 0.0))
    return distance


@cache
def chance_limit(freedom: int, noise_level: float) -> float:
    """What chi-squared with so many degrees of freedom exceeds as rarely as `noise_level`."""
    return float(chi2.ppf(1.0 - noise_level, freedom))


def _edges(reference: Sample, bins: int) -> NDArray[np.float64]:
    ordered = reference.values
    inner = ordered[(np.arange(1, bins) * ordered.size) // bins] if ordered.size else ordered
    return np.unique(inner)


def _shares(sample: Sample, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of rows in each bin (edge below < value <= edge above), the unknown ones last."""
    below = np.searchsorted(sample.values, edges, side="right")
    counts = np.diff(below, prepend=0, append=sample.values.size)
    shares: NDArray[np.float64] = np.append(counts, sample.unknown) / max(sample.rows, 1)
    return shares


def _tail(reference: NDArray[np.float64], current: Sample, tail: float) -> float:
    """Share of rows beyond the quantiles `tail` and 1 - `tail` of the reference."""
    if not reference.size:
        return 0.0
    least, most = np.quantile(reference, [tail, 1.0 - tail])
    inside = np.searchsorted(current.values, most, "right") - np.searchsorted(
        current.values, least, "left"
    )
    return float(current.values.size - inside) / max(current.rows, 1)


def _between_functions(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[float | None, float | None]:
    """KS and Wasserstein-1 of two ascending arrays, from one merge of both.

    The gap between the functions is counted in whole steps, so it is exact until it is divided.
    """
    if not one.size or not other.size:
        return None, None
    both = np.concatenate([one, other])
    # A stable sort of two ascending runs is one merge.
    order = np.argsort(both, kind="stable")
    steps = np.where(order < one.size, other.size, -one.size)
    gap = np.abs(np.cumsum(steps)[:-1])
    width = np.diff(both[order])
    # Between equal values there is no function to speak of: both are counted first.
    whole = float(one.size) * float(other.size)
    ks = float(np.max(gap, where=width > 0.0, initial=0)) / whole
    return ks, float(np.dot(gap, width)) / whole
