"""Whether the distribution of a column moved on a day: shares tested against other days.

A pure function of day histograms. A number is looked at as the share at or below each edge of its
bins, a level as its own share. What is rare is counted one by one: missing, levels that the
reference does not have, and the two tails. Three things make a day different from a sample:

- orders of one live room or one listing come together: such a cluster counts once a day, in the
  share of clusters or, where it is rare, in how many clusters have it at all;
- days scatter more than coins, so the variance is that of the days around their mean;
- markets differ, so all of them together are held against their own means at the day's mix.

docs/decisions/0127-drift-by-day.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, ndtri, stdtr

from pipeline.drift.measures import chance_limit, jensen_shannon, psi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.settings.build import DayDriftSettings

    Floats = NDArray[np.float64]

NOTHING = 1e-9
"""In place of a zero that something is divided by."""
DECIMALS = 9
"""Of an eigenvalue: what is beyond is rounding, and a whole one must not count as less than it."""


@dataclass(frozen=True)
class Bins:
    """The bins of one column in the order of their numbers, and the shares that are tested."""

    numbers: tuple[int, ...]
    """-1 for levels that were never seen, 0 for missing, then the bins of values."""
    cuts: Floats
    """`bins` x `cuts`: 1 where a bin belongs to a share; the rare bins come last, one each."""
    cut_bins: tuple[int, ...]
    """Per cut the number of the bin it is named after: up to its upper edge, or that bin."""
    rare: int
    """How many cuts at the end are of a rare bin, looked at for more of it."""
    widths: Floats | None
    """Of a number, the width of each bin of values (0 of those without an end); of levels None."""

    @classmethod
    def of_number(cls, numbers: Sequence[int], widths: Floats) -> Bins:
        """The share at or below each edge; missing and both tails are looked at as rare too.

        `numbers` are 0 and then the bins of values, ascending.
        """
        size = len(numbers)
        upto = np.triu(np.ones((size, size)))[:, 1:-1]
        upto[0] = 0.0
        rare = sorted({0, 1, size - 1})
        cuts = np.hstack([upto, np.eye(size)[:, rare]])
        named = (*numbers[1:-1], *(numbers[place] for place in rare))
        return cls(tuple(numbers), cuts, named, len(rare), widths)

    @classmethod
    def of_levels(cls, numbers: Sequence[int]) -> Bins:
        """The share of every level; missing and levels never seen are rare.

        `numbers` are -1, 0 and then those of levels.
        """
        order = [*range(2, len(numbers)), 0, 1]
        named = tuple(numbers[place] for place in order)
        return cls(tuple(numbers), np.eye(len(numbers))[:, order], named, 2, None)


@dataclass(frozen=True)
class DayCounts:
    """Histograms of one column, each `markets` x `days` x `bins`."""

    orders: Floats
    clusters: Floats
    """The same, those of one live room, or else of one listing, counted once."""
    touched: Floats
    """Clusters with an order in the bin."""

    def on(self, day: int) -> bytes:
        """All counts of one day, to be held against those of another build."""
        every = (self.orders, self.clusters, self.touched)
        return b"".join(one[:, day].tobytes() for one in every)


@dataclass(frozen=True)
class DayTests:
    """Days against other days, each array days x slices: all markets together first, then each."""

    orders: Floats
    """Of that day."""
    cut: NDArray[np.int64]
    """Place of the share that moved the most beyond chance."""
    share_before: Floats
    """Of the orders, as the other days say, 0..1."""
    share: Floats
    """Of the orders on the day, 0..1."""
    effect: Floats
    """Cohen's h of that share with its sign, by orders or by clusters, whichever is nearer 0."""
    p_value: Floats
    """Two-sided, corrected for the number of cuts; NaN where too little was sold to tell."""
    psi: Floats
    psi_floor: Floats
    """PSI that days without a change exceed as rarely as `noise_level` says."""
    jensen_shannon: Floats
    ks: Floats
    """NaN of levels."""
    wasserstein: Floats
    """Between the outermost edges, in units of the value; NaN of levels."""


def day_tests(
    counts: DayCounts,
    bins: Bins,
    days: Sequence[int],
    others: Sequence[Sequence[int]],
    settings: DayDriftSettings,
) -> DayTests:
    """Each of the `days` (places) against its `others`, as many of each, which do not hold it.

    Shares follow a binomial law of as many clusters as the day's scatter leaves; its tail is
    taken for one of Student's t with the degrees of freedom of the days (the scatter is itself
    only estimated). PSI / (1/n + 1/m) follows chi-squared without a change (Yurdakul 2018); the
    floor stretches that by the mean scatter of the shares. Scatter is drawn to that of the whole
    column as variances of many genes are (Smyth 2004), which is worth further days.
    """
    places = np.column_stack([np.asarray(others), np.asarray(days)])
    orders, clusters, touched = (
        np.ascontiguousarray(one[:, places].swapaxes(0, 1))
        for one in (counts.orders, counts.clusters, counts.touched)
    )
    common, rare = bins.cuts[:, : -bins.rare], bins.cuts[:, -bins.rare :]
    prior = settings.scatter_prior_days
    sold, whole = clusters.sum(axis=-1), orders.sum(axis=-1)
    tested = (
        _Slices.of(sold, clusters @ common, prior),
        _Slices.of(whole, touched @ rare, prior),
    )
    by_order = _Slices.of(whole, orders @ bins.cuts, prior)
    asked = independent_cuts(clusters[:, :, :-1].sum(axis=(1, 2)), common) + bins.rare
    chance = np.concatenate([tested[0].p_values(), tested[1].p_values(only_more=True)], axis=-1)
    chance *= asked[:, None, None]
    cut = chance.argmin(axis=-1)
    seen = _with_all(sold)
    is_enough = (seen[..., :-1] > 0.0).sum(axis=-1) >= settings.least_days
    is_enough &= seen[..., -1] >= settings.least_clusters
    of_orders = _at(by_order.effects(), cut)
    of_clusters = _at(np.concatenate([one.effects() for one in tested], axis=-1), cut)
    agree = np.sign(of_orders) == np.sign(of_clusters)
    nearer = np.where(np.abs(of_orders) < np.abs(of_clusters), of_orders, of_clusters)
    return DayTests(
        orders=by_order.sold[..., -1],
        cut=cut,
        share_before=_at(by_order.expected, cut),
        share=_at(by_order.shares(), cut),
        effect=np.where(agree, nearer, 0.0),
        p_value=np.where(is_enough, np.minimum(_at(chance, cut), 1.0), np.nan),
        **_distances(orders, bins, by_order.scatter.mean(axis=-1), settings),
    )


def _at(values: Floats, cut: NDArray[np.int64]) -> Floats:
    """Of each day and slice the value of its cut."""
    return np.take_along_axis(values, cut[..., None], axis=-1)[..., 0]


def _with_all(markets: Floats) -> Floats:
    """All markets together first, then each; markets are the second axis."""
    return np.concatenate([markets.sum(axis=1, keepdims=True), markets], axis=1)


@dataclass(frozen=True)
class _Slices:
    """Counted shares of all markets together and of each; the last day is the one in question."""

    sold: Floats
    """tests x slices x days"""
    counted: Floats
    """tests x slices x cuts: of the day in question"""
    expected: Floats
    """tests x slices x cuts: shares that the other days say, at the day's mix of markets"""
    scatter: Floats
    """tests x slices x cuts: variance of the other days over that of coins, at least 1"""
    freedom: Floats
    """tests x slices x 1: how many days the scatter is worth"""

    @classmethod
    def of(cls, sold: Floats, counted: Floats, prior_days: int) -> _Slices:
        """Of counts by test, market, day (and cut)."""
        rates = (counted[:, :, :-1].sum(axis=2) + 0.5) / (sold[:, :, :-1].sum(axis=2) + 1.0)[
            ..., None
        ]
        due = sold[..., None] * rates[:, :, None]
        variance = _with_all((due * (1.0 - rates[:, :, None]))[:, :, :-1])
        sold, counted, due = _with_all(sold), _with_all(counted), _with_all(due)
        squares = (counted - due)[:, :, :-1] ** 2 / np.maximum(variance, NOTHING)
        days = np.maximum((sold[:, :, :-1] > 0.0).sum(axis=2)[..., None] - 1.0, 1.0)
        own = squares.sum(axis=2) / days
        # What a few days say is drawn to what all shares and markets of the column say.
        usual = own.mean(axis=(1, 2), keepdims=True) if own.size else 1.0
        scatter = (days * own + prior_days * usual) / (days + prior_days)
        shares = due[:, :, -1] / np.maximum(sold[:, :, -1], NOTHING)[..., None]
        return cls(
            sold, counted[:, :, -1], shares, np.maximum(scatter, 1.0), days + float(prior_days)
        )

    def shares(self) -> Floats:
        """Of the day in question, tests x slices x cuts."""
        shares: Floats = self.counted / np.maximum(self.sold[..., -1], NOTHING)[..., None]
        return shares

    def effects(self) -> Floats:
        """Cohen's h, tests x slices x cuts."""
        effects: Floats = _angle(self.shares()) - _angle(self.expected)
        return effects

    def p_values(self, *, only_more: bool = False) -> Floats:
        """Two-sided; fewer than expected is no finding where `only_more` counts."""
        before = self.sold[..., :-1].sum(axis=-1)
        size = 1.0 / (
            1.0 / np.maximum(self.sold[..., -1], NOTHING) + 1.0 / np.maximum(before, NOTHING)
        )
        size = size[..., None] / self.scatter
        count, rate = self.shares() * size, self.expected
        # Tails of the binomial law by the beta function, so that counts need not be whole.
        above = np.where(
            count > 0.0, betainc(np.maximum(count, NOTHING), size - count + 1.0, rate), 1.0
        )
        rest = size - count
        below = np.where(
            rest > 0.0, betainc(np.maximum(rest, NOTHING), count + 1.0, 1.0 - rate), 1.0
        )
        tail = above if only_more else np.minimum(above, below)
        score = -ndtri(np.clip(tail, 1e-300, 0.5))
        chance: Floats = 2.0 * stdtr(self.freedom, -score)
        return chance


def independent_cuts(sizes: Floats, cuts: Floats) -> Floats:
    """How many independent questions correlated shares are worth, given the sizes of bins.

    `sizes` is tests x bins, the answer one number a test. Li and Ji, Adjusting multiple testing
    in multilocus analyses, 2005: of the correlation matrix's eigenvalues, the whole one of each
    above 1 and the fraction of all. A share that never varied takes no part in the matrix.
    """
    shares = sizes / np.maximum(sizes.sum(axis=-1, keepdims=True), NOTHING)
    of_cuts = (shares[..., None, :] @ cuts)[..., 0, :]  # a product a test: rounded as alone
    together = cuts.T @ (cuts * shares[..., None]) - of_cuts[..., :, None] * of_cuts[..., None, :]
    spread = np.sqrt(np.maximum(of_cuts * (1.0 - of_cuts), 0.0))
    varies = spread > NOTHING
    scale = np.where(varies, 1.0 / np.maximum(spread, NOTHING), 0.0)
    related = together * scale[..., :, None] * scale[..., None, :]
    # Two shares that always go together have the values 2 and 0, and are one question.
    sizes_of = np.abs(np.linalg.eigvalsh(related)).round(DECIMALS)
    worth = (sizes_of >= 1.0).sum(axis=-1) + (sizes_of - np.floor(sizes_of)).sum(axis=-1)
    # What never happened yet may happen: a question of its own for each.
    independent: Floats = np.minimum(worth, varies.sum(axis=-1)) + (~varies).sum(axis=-1)
    return independent


def _angle(share: Floats) -> Floats:
    angle: Floats = 2.0 * np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0)))
    return angle


def _distances(
    histogram: Floats, bins: Bins, scatter: Floats, settings: DayDriftSettings
) -> dict[str, Floats]:
    """Distances of the orders of the last day from those of the other days, tests x slices."""
    now, before = histogram[:, :, -1], histogram[:, :, :-1].sum(axis=2)
    rows, rows_before = (np.maximum(_with_all(one).sum(axis=-1), 1.0) for one in (now, before))
    # All markets together: the days before at the day's mix of markets.
    mix = before * (now.sum(axis=-1) / np.maximum(before.sum(axis=-1), 1.0))[..., None]
    now, before = (
        _with_all(now),
        np.concatenate([mix.sum(axis=1, keepdims=True), before], axis=1),
    )
    freedom = max(len(bins.numbers) - 1, 1)
    share_before, share = (
        one / np.maximum(one.sum(axis=-1), NOTHING)[..., None] for one in (before, now)
    )
    floor = chance_limit(freedom, settings.noise_level) * scatter * (1 / rows + 1 / rows_before)
    ks = wasserstein = np.full(rows.shape, np.nan)
    if bins.widths is not None:
        delivered = [
            one[..., 1:] / np.maximum(one[..., 1:].sum(axis=-1), 1.0)[..., None]
            for one in (now, before)
        ]
        gap = np.abs(np.cumsum(delivered[0] - delivered[1], axis=-1))
        ks = gap.max(axis=-1)
        # Inside a bin the functions run straight from one edge to the next.
        wasserstein = ((gap[..., :-1] + gap[..., 1:]) * bins.widths[1:]).sum(axis=-1) / 2.0
    return {
        "psi": psi(share_before, share, settings.epsilon),
        "psi_floor": floor,
        "jensen_shannon": jensen_shannon(share_before, share),
        "ks": ks,
        "wasserstein": wasserstein,
    }
