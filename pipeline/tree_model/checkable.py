"""Which changes a person can check: facts of the scheme, unlike others, and no trifle.

A search that takes any change may name one that nobody would call a fact (a pace of 2.38 that
would have to be 2.28), or one that has nothing to do with the scheme: what is preferred, and by
how much that helps, stands in docs/decisions/0061-facts-that-hold.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.tree_model.moves import DOWN, FIXED, MOST_CHANGES, UP, Freedom

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.tree_model.rank_space import RankSpace

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

EVIDENCE, FAMILY, OTHER = 0, 1, 2
"""How near a feature stands to a scheme: its signals ask for it, for one of its family, or not."""
_FEW_CHANGES, _SOME_CHANGES = 2, 3
"""Of an answer that is to be told by the scheme alone, or by facts alone: more is no story, and
costs the search."""
_UNUSUAL = 0.75
"""A fact lies further out than this share of ordinary entities."""
_NOTICEABLE = 0.5
"""Smallest change, in quartile distances of ordinary entities."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What may move, and how near to the scheme of the subject."""

    moves: IntArray
    """(features,) `moves.moves_of`."""
    standing: IntArray
    """(features,) EVIDENCE, FAMILY or OTHER (`standing_of`)."""

    def tries(self, row: FloatArray, ordinary: RankSpace) -> tuple[Freedom, ...]:
        """Evidence of the scheme, then its families, then whatever is unusual, at last anything.

        An answer that is hard to check is still better than none.
        """
        least = _NOTICEABLE * ordinary.quartile_distances
        facts = np.where(self._is_unusual(row, ordinary), self.moves, FIXED)
        by_standing = [np.where(self.standing <= most, facts, FIXED) for most in (EVIDENCE, FAMILY)]
        return (
            *(Freedom(moves, least, self.standing, _FEW_CHANGES) for moves in by_standing),
            Freedom(facts, least, self.standing, _SOME_CHANGES),
            Freedom(self.moves, np.zeros(least.size), self.standing, MOST_CHANGES),
        )

    def _is_unusual(self, row: FloatArray, ordinary: RankSpace) -> NDArray[np.bool_]:
        """(features,) whether the subject lies at the end that it may move away from."""
        ranks = ordinary.ranks(row[None, :])[0]
        is_high = (self.moves == DOWN) & (ranks >= _UNUSUAL)
        is_low = (self.moves == UP) & (ranks <= 1.0 - _UNUSUAL)
        return np.asarray(is_high | is_low, dtype=bool)


def standing_of(
    features: Sequence[str], families: Sequence[str], evidence: Collection[str]
) -> IntArray:
    """(features,) how near each stands to a scheme whose signals ask for `evidence`."""
    own = {family for name, family in zip(features, families, strict=True) if name in evidence}
    return np.array(
        [
            EVIDENCE if name in evidence else FAMILY if family in own else OTHER
            for name, family in zip(features, families, strict=True)
        ]
    )
