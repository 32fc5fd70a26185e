"""The real entities most like a subject, and what separates it from each of them.

A precedent argues better than a number, and only when precedents of both outcomes are
looked for with the same eye: docs/decisions/0019-distance-in-ranks.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.shapley import baseline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.tree_model.ensemble import TreeModel
    from pipeline.tree_model.rank_space import RankSpace
    from pipeline.tree_model.shapley import Credits

_SEPARATING = 3
"""Features named beside a neighbour: as many as one sentence carries."""


@dataclass(frozen=True, eq=False)
class Neighbour:
    """One real entity near a subject."""

    place: int
    """Its row in the rank space."""
    distance: float
    """0..1, as `RankSpace.distances` has it."""
    separating: Credits
    """The three features that account for most of margin(subject) - margin(neighbour)."""


def nearest(
    model: TreeModel,
    row: NDArray[np.float64],
    space: RankSpace,
    among: NDArray[np.int64],
    count: int,
) -> tuple[Neighbour, ...]:
    """The `count` nearest of those rows of a rank space that `among` names, nearest first.

    What separates two is exact baseline Shapley, so a feature in which both are alike is never
    named. Leave the subject itself out of `among`: it would be its own neighbour. Ties go by
    place.
    """
    distance = space.distances(row)[among]
    order = np.argsort(distance, kind="stable")[:count]
    return tuple(
        Neighbour(place, apart, baseline(model, row, space.matrix[place]).first(_SEPARATING))
        for place, apart in zip(among[order].tolist(), distance[order].tolist(), strict=True)
    )
