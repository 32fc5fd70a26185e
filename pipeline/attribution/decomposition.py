"""What each slice added to a change: exact parts that sum to it, each with its noise.

An additive metric changes by the sum of what its slices changed. A ratio changes in three
ways, and each slice's three parts stand beside each other (w = the slice's share of the
denominator, r = its rate, R = the rate of the whole, a bar = the mean of both periods):

- rate         min(w0, w1) (r1 - r0)      the rate moved on the volume that was there in both
- mix          (w1 - w0) (r-bar - R-bar)  volume came or went, above or below the whole's rate
- interaction  |w1 - w0| (r1 - r0) / 2    the rate moved on the volume that came or went

They are the midpoint decomposition with its rate part cut at the smaller share. So they sum
to R1 - R0 with no residual, and each flips its sign when the periods swap; of the textbook
parts the interaction does not. A slice that is in one period only has no rate to compare: all
of it is mix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.attribution.change import (
    ADDITIVE,
    COUNTS,
    GIANT,
    RATIO,
    Change,
    State,
    Whole,
    assembled,
    states_of,
    states_of_whole,
)
from pipeline.attribution.noise import Noise, Z, mean_error, quadrature, rate_error, sum_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.attribution.noise import FloatArray


def grouped(leaves: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The sums of the leaves by the columns that name a slice, in order of their names."""
    sums = [name for name in (*RATIO, *COUNTS) if name in leaves.columns]
    return leaves.group_by(by).agg(pl.col(sums).sum()).sort(by, nulls_last=True)


def additive(slices: pl.DataFrame, days: tuple[int, int] | None = None) -> Change:
    """The change of a sum by slice.

    Args:
        slices: one row a slice, `ADDITIVE` and, where the sum is of values and not a count
            of events, `COUNTS` of the events; every other column names the slice.
        days: lengths of the periods; the one before is scaled to the one after.

    Raises:
        polars.exceptions.ColumnNotFoundError: a column of `ADDITIVE` is missing.
    """
    scale = days[1] / days[0] if days and days[0] > 0 else 1.0
    before, after = (_column(slices, name) for name in ADDITIVE)
    counts = [_column(slices, name) if name in slices.columns else None for name in COUNTS]
    scaled, is_there = before * scale, [before != 0.0, after != 0.0]
    error = quadrature(sum_error(before, counts[0]) * scale, sum_error(after, counts[1]))
    error = np.where(is_there[0] | is_there[1], error, 0.0)
    change, shares = after - scaled, [_shares(scaled), _shares(after)]
    margin = Z * error
    whole_margin = float(np.sqrt((margin**2).sum()))
    whole = Whole(_total(scaled), _total(after), _total(change), whole_margin)
    columns = {
        "before": scaled,
        "after": after,
        "change": change,
        "margin": margin,
        "n_before": np.abs(before) if counts[0] is None else counts[0],
        "n_after": np.abs(after) if counts[1] is None else counts[1],
        "share_before": shares[0],
        "share_after": shares[1],
        "contribution": change,
        "contribution_margin": margin,
    }
    is_quiet = np.abs(change) <= margin
    states = states_of(is_there[0], is_there[1], _giant(shares), is_quiet)
    table = assembled(slices, columns, whole, states)
    return Change(whole, states_of_whole(whole, table, days), table)


def ratio(
    slices: pl.DataFrame, noise: Noise = Noise.BINOMIAL, days: tuple[int, int] | None = None
) -> Change:
    """The change of a ratio of two sums by slice: rate, mix and interaction.

    Args:
        slices: one row a slice, `RATIO` and, where the denominator is no count (money),
            `COUNTS` of what it is the sum of; every other column names the slice.
        noise: how a numerator varies while its rate stands still.
        days: lengths of the periods, to say where one of them is a single day.

    Raises:
        polars.exceptions.ColumnNotFoundError: a column of `RATIO` is missing.
    """
    first, last = (_Period.of(slices, noise, side) for side in ("before", "after"))
    both = first.has_rate & last.has_rate
    margin = Z * quadrature(first.error, last.error)
    change = np.where(both, last.rate - first.rate, np.nan)
    columns = {
        "before": first.rate,
        "after": last.rate,
        "change": change,
        "margin": np.where(both, margin, np.nan),
        "n_before": first.n,
        "n_after": last.n,
        "share_before": first.share,
        "share_after": last.share,
    }
    whole, parts = _whole(first, last), (0.0, 0.0, 0.0)
    if whole.change is not None:
        pieces = _parts(first, last)
        parts = (_total(pieces["rate"]), _total(pieces["mix"]), _total(pieces["interaction"]))
        columns |= pieces
    shares = [first.share, last.share]
    is_quiet = np.abs(np.nan_to_num(change)) <= np.nan_to_num(margin)
    states = states_of(first.is_there, last.is_there, _giant(shares), is_quiet)
    table = assembled(slices, columns, whole, states)
    return Change(
        whole,
        states_of_whole(whole, table, days),
        table,
        *parts,
        is_paradox=_is_paradox(whole, change[both], margin[both]),
    )


@dataclass(frozen=True, eq=False)
class _Period:
    """One period of a ratio; arrays of (slices,)."""

    rate: FloatArray
    """nan where there is nothing to divide by."""
    share: FloatArray
    """Of the whole's denominator."""
    stray: FloatArray
    """Numerator without a denominator, in units of the whole's rate."""
    error: FloatArray
    n: FloatArray
    whole: float | None
    noise: Noise

    @classmethod
    def of(cls, slices: pl.DataFrame, noise: Noise, side: str) -> _Period:
        numerator = _column(slices, f"numerator_{side}")
        denominator = _column(slices, f"denominator_{side}")
        counts = f"n_{side}"
        n = _column(slices, counts) if counts in slices.columns else np.abs(denominator)
        below, has_rate = _total(denominator), denominator != 0.0
        rate = np.divide(
            numerator, denominator, out=np.full_like(numerator, np.nan), where=has_rate
        )
        return cls(
            rate=rate,
            share=denominator / below if below else np.zeros_like(denominator),
            stray=np.where(has_rate, 0.0, numerator) / (below or 1.0),
            # Money to divide by is as many trials as there are orders in it.
            error=rate_error(np.nan_to_num(rate) * n, n, noise),
            n=n,
            whole=_total(numerator) / below if below else None,
            noise=noise,
        )

    @property
    def has_rate(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.rate))

    @property
    def is_there(self) -> NDArray[np.bool_]:
        return np.asarray(self.has_rate | (self.stray != 0.0))

    @property
    def whole_error(self) -> float:
        n = np.array([_total(self.n)])
        return float(rate_error(n * (self.whole or 0.0), n, self.noise)[0])


def _whole(first: _Period, last: _Period) -> Whole:
    if first.whole is None or last.whole is None:
        return Whole(first.whole, last.whole, None, None)
    margin = Z * float(np.hypot(first.whole_error, last.whole_error))
    return Whole(first.whole, last.whole, last.whole - first.whole, margin)


def _parts(first: _Period, last: _Period) -> dict[str, FloatArray]:
    """The three parts of each slice, what they add up to, and the noise of that."""
    middle = ((first.whole or 0.0) + (last.whole or 0.0)) / 2.0
    # A slice without a rate in one period keeps the one it has: nothing of it moved.
    before = np.nan_to_num(np.where(first.has_rate, first.rate, last.rate))
    after = np.nan_to_num(np.where(last.has_rate, last.rate, first.rate))
    moved, shifted = after - before, last.share - first.share
    # A numerator that nothing stands below has no share to have been mixed in with.
    rate = np.minimum(first.share, last.share) * moved + last.stray - first.stray
    mix = shifted * ((before + after) / 2.0 - middle)
    interaction = np.abs(shifted) * moved / 2.0
    errors = [mean_error(one.rate, one.share, middle, one.n, one.noise) for one in (first, last)]
    return {
        "rate": rate,
        "mix": mix,
        "interaction": interaction,
        "contribution": rate + mix + interaction,
        "contribution_margin": Z * quadrature(*errors),
    }


def _is_paradox(whole: Whole, change: FloatArray, margin: FloatArray) -> bool:
    """Whether the whole moved beyond noise against every slice whose rate did, and one did.

    Simpson 1951 in its strict form, but for slices of which chance alone may be the mover.
    """
    if not whole.change or abs(whole.change) <= (whole.margin or 0.0):
        return False
    moved = change[np.abs(change) > margin]
    return bool(moved.size) and bool((np.sign(moved) == -np.sign(whole.change)).all())


def _giant(shares: Sequence[FloatArray]) -> NDArray[np.bool_]:
    return np.asarray((shares[0] > GIANT) | (shares[1] > GIANT))


def _shares(values: FloatArray) -> FloatArray:
    """Of the volume, whichever sign it has."""
    volume = np.abs(values)
    total = _total(volume)
    return volume / total if total else volume


def _total(values: FloatArray) -> float:
    return float(values.sum())


def numbers(column: pl.Series) -> FloatArray:
    """Its values; a missing one is 0."""
    values = np.asarray(column.cast(pl.Float64).to_numpy(), dtype=np.float64)
    return np.asarray(np.nan_to_num(values, nan=0.0)) if column.null_count() else values


def _column(slices: pl.DataFrame, name: str) -> FloatArray:
    return numbers(slices[name])


__all__ = ["Change", "State", "Whole", "additive", "grouped", "ratio"]
