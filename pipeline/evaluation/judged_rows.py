"""Where those stood who were judged, and what reviewers found in the first places of the list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pipeline.evaluation.population_rate import TopVerdicts

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

_LEAST = 1e-12


@dataclass(frozen=True)
class JudgedRows:
    """Snapshots of judged entities, ordered by entity and day, none after its verdict."""

    place: FloatArray
    """(rows,) share of today's unjudged that would stand at or above, under a model that
    learnt nothing from the entity's ring."""
    entity: IntArray
    """(rows,) number of the owner, from 0 on."""
    is_bad: FloatArray
    """(entities,) 1.0 called bad, 0.0 called good."""
    ring: IntArray
    """(entities,) who belongs together."""
    by_lot: NDArray[np.bool_]
    """(entities,) first judged because the lot drew them, and nobody was suspicious."""
    day: NDArray[np.datetime64]
    """(rows,) day of each snapshot."""
    reviewed: NDArray[np.bool_]
    """(entities,) judged by a source that clears too: a bank names none but the bad."""

    @cached_property
    def last(self) -> IntArray:
        """(entities,) the last row of each."""
        return np.flatnonzero(np.append(np.diff(self.entity) != 0, True))

    @cached_property
    def counts(self) -> FloatArray:
        """(entities,) rows of each."""
        return np.bincount(self.entity).astype(np.float64)


def top_verdicts(
    judged: JudgedRows,
    place: FloatArray,
    bad: FloatArray,
    settings: EvaluationSettings,
    random: np.random.Generator,
) -> TopVerdicts:
    """What reviews of those say who stood in the first places before them.

    `place` (steps,) and `bad` (draws, steps), the bad ones at each, are those of the curves. Ring
    mates are found together: their verdicts count as one for each ring.
    """
    top = settings.reviewed_top
    there = judged.reviewed & (judged.place[judged.last] <= top)
    count, called_bad = int(there.sum()), float(judged.is_bad[there].sum())
    each = float(np.unique(judged.ring[there]).size) / max(count, 1)
    steps = int(np.searchsorted(place, top * (1.0 + 1e-9), side="right"))
    share = bad[:, :steps].sum(axis=1) / np.maximum(bad.sum(axis=1), _LEAST)
    return TopVerdicts(
        called_bad * each,
        (count - called_bad) * each,
        share / top,
        np.exp(random.normal(0.0, settings.suspicion_spread, bad.shape[0])),
    )
