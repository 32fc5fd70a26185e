"""A metric in two periods, what each slice added, and what keeps that from being taken plainly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pipeline.attribution.noise import FloatArray

ADDITIVE = ("numerator_before", "numerator_after")
RATIO = (*ADDITIVE, "denominator_before", "denominator_after")
COUNTS = ("n_before", "n_after")
"""What the noise is reckoned from; where absent, the value or the denominator itself."""
GIANT = 0.9
"""A slice with more of the volume than this leaves too little to compare it with."""

_NUMBERS = (
    *("before", "after", "change", "margin"),
    *("n_before", "n_after", "share_before", "share_after"),
    *("rate", "mix", "interaction", "contribution", "contribution_margin", "share_of_change"),
)
SLICES: Mapping[str, pl.DataType] = {
    **{name: pl.Float64() for name in _NUMBERS},
    "state": pl.String(),
}
"""Columns of `Change.slices` after those that name the slice.

before, after, change, margin: the slice's own value or rate (null = undefined). n_*: what its
noise is reckoned from. share_*: of the whole's volume. rate, mix, interaction: in the metric's
unit, adding up to contribution (null where additive). share_of_change: contribution / change of
the whole (null where that is zero). state: a `State`.
"""


class State(StrEnum):
    """What keeps a change, or one slice of it, from being read as it stands."""

    PLAIN = ""
    EMPTY = "empty"
    """Nothing was recorded in either period."""
    UNDEFINED = "undefined"
    """A denominator of zero in a period: there is no rate to compare."""
    NEW = "new"
    """Nothing in the period before."""
    VANISHED = "vanished"
    """Nothing in the period after."""
    NO_CHANGE = "no_change"
    """Both periods are equal to the last digit."""
    WITHIN_NOISE = "within_noise"
    """The interval of the change holds zero."""
    GIANT = "giant"
    """Nearly all of the volume is in one slice: the rest is no comparison."""
    ONE_DAY = "one_day"
    """One day stands for a period: its weekday cannot be told from the change."""


SENTENCES: Mapping[State, str] = {
    State.PLAIN: "",
    State.EMPTY: "Nothing was recorded in either period.",
    State.UNDEFINED: "A period has nothing to divide by, so there is no rate to compare.",
    State.NEW: "There was nothing in the period before.",
    State.VANISHED: "There is nothing in the period after.",
    State.NO_CHANGE: "Nothing changed.",
    State.WITHIN_NOISE: "The change is no larger than chance makes it.",
    State.GIANT: "One slice holds nearly all of the volume, so the others say little of it.",
    State.ONE_DAY: "A single day stands for a period: its weekday may be all of the change.",
}


@dataclass(frozen=True)
class Whole:
    """The metric over all slices."""

    before: float | None
    """Scaled to the length of the period after where additive; null = undefined."""
    after: float | None
    change: float | None
    margin: float | None
    """Half of the interval that holds the change in 95 of 100 cases."""


@dataclass(frozen=True)
class Change:
    """A metric in two periods, and what each slice added to the difference."""

    whole: Whole
    states: tuple[State, ...]
    """The most important first; empty where the change can be read as it stands."""
    slices: pl.DataFrame
    """The columns that name a slice, then `SLICES`; the largest contribution first."""
    rate: float = 0.0
    """Sums of the slices' parts, of a ratio."""
    mix: float = 0.0
    interaction: float = 0.0
    is_paradox: bool = False
    """Simpson's paradox: the whole moved against every rate that moved."""


def assembled(
    names: pl.DataFrame,
    columns: Mapping[str, FloatArray],
    whole: Whole,
    states: NDArray[np.str_],
) -> pl.DataFrame:
    """The frame `Change.slices` of these columns; what is missing or nan is null."""
    known = dict(columns)
    if whole.change and "contribution" in columns:
        known["share_of_change"] = columns["contribution"] / whole.change
    unknown = np.full(names.height, np.nan)
    numbers = [
        pl.Series(name, known.get(name, unknown), pl.Float64, nan_to_null=True) for name in _NUMBERS
    ]
    named = [one for one in names if one.name not in (*RATIO, *COUNTS)]
    table = pl.DataFrame([*named, *numbers, pl.Series("state", states, dtype=pl.String)])
    size = np.abs(known.get("contribution", unknown))
    return table[np.argsort(-np.nan_to_num(size, nan=-1.0), kind="stable")]


def states_of(
    before: NDArray[np.bool_], after: NDArray[np.bool_], is_giant: NDArray[np.bool_],
    is_quiet: NDArray[np.bool_],
) -> NDArray[np.str_]:  # fmt: skip
    """The `State` of each slice: whether it was there before and after, is a giant, is quiet."""
    choices = [
        (~before & ~after, State.EMPTY),
        (~before, State.NEW),
        (~after, State.VANISHED),
        (is_giant, State.GIANT),
        (is_quiet, State.WITHIN_NOISE),
    ]
    return np.select([mask for mask, _ in choices], [str(state) for _, state in choices], "")


def states_of_whole(
    whole: Whole, slices: pl.DataFrame, days: tuple[int, int] | None
) -> tuple[State, ...]:
    """What keeps the change of the whole from being read as it stands."""
    present = set(slices["state"]) - {State.EMPTY}
    claims = {
        State.EMPTY: not present,
        State.UNDEFINED: whole.change is None,
        State.NEW: present == {State.NEW},
        State.VANISHED: present == {State.VANISHED},
        State.NO_CHANGE: whole.change == 0.0,
        State.WITHIN_NOISE: bool(whole.change)
        and abs(whole.change or 0.0) <= (whole.margin or 0.0),
        State.GIANT: slices.height > 1 and State.GIANT in present,
        State.ONE_DAY: days is not None and 1 in days,
    }
    return tuple(state for state, holds in claims.items() if holds)
