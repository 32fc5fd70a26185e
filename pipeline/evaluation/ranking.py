"""How well a score puts the bad first: one way to count it, whoever asks.

The model card, the figures with intervals and the measurement against the truth all rank
entities that stand for unequal shares of a population. Equal scores are one step of the
ranking: no order among them is anybody's merit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]

_LEAST = 1e-12


@dataclass(frozen=True)
class Ranking:
    """Entities from the highest score down, in steps of equal scores."""

    order: NDArray[np.int64]
    """(entities,) their places in the arrays."""
    ends: NDArray[np.int64]
    """(steps,) the last place of each step in `order`."""

    @classmethod
    def of(cls, score: FloatArray) -> Ranking:
        """The steps of (entities,) scores."""
        order = np.argsort(-score, kind="stable")
        return cls(order, np.flatnonzero(np.append(np.diff(score[order]) != 0, True)))

    def summed(self, amount: FloatArray) -> FloatArray:
        """(..., steps) what has come up by the end of each step, of amounts (..., entities)."""
        so_far = np.cumsum(amount.take(self.order, axis=-1), axis=-1)
        return np.asarray(so_far.take(self.ends, axis=-1))

    def counted(self, members: NDArray[np.bool_], times: FloatArray) -> FloatArray:
        """(..., steps) how many of some have come up, counted `times` (..., entities) each."""
        places = np.flatnonzero(members[self.order])
        so_far = np.cumsum(times.take(self.order[places], axis=-1), axis=-1)
        none = np.zeros((*so_far.shape[:-1], 1))
        after = np.searchsorted(places, self.ends, side="right")
        return np.concatenate([none, so_far], axis=-1).take(after, axis=-1)


def average_precision(listed: FloatArray, bad: FloatArray) -> FloatArray:
    """(...,) area under the precision-recall curve, from two of `Ranking.summed`.

    `bad` is the bad part of what is `listed`; precision counts by the recall it adds.
    """
    steps = np.diff(bad, axis=-1, prepend=0.0) / np.maximum(bad[..., -1:], _LEAST)
    return np.asarray((steps * bad / np.maximum(listed, _LEAST)).sum(axis=-1))


def within_top(listed: FloatArray, bad: FloatArray, top: float) -> FloatArray:
    """(...,) how much of what is `bad` lies in the first `top` of what is `listed`.

    Of a step that crosses `top` a part is listed.
    """
    rows, last = listed.reshape(-1, listed.shape[-1]), listed.shape[-1] - 1
    flat_bad, row = bad.reshape(rows.shape), np.arange(len(rows))
    step = np.array([np.searchsorted(one, top, side="right") for one in rows], dtype=np.int64)
    before, crossed = np.maximum(step - 1, 0), np.minimum(step, last)
    whole = np.where(step > 0, flat_bad[row, before], 0.0)
    start = np.where(step > 0, rows[row, before], 0.0)
    width = rows[row, crossed] - start
    part = np.where(step <= last, top - start, 0.0) / np.where(width > 0.0, width, 1.0)
    reached = whole + part * (flat_bad[row, crossed] - whole)
    return np.asarray(reached.reshape(listed.shape[:-1]))
