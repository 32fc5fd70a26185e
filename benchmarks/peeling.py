"""The densest part of a market by peeling, as Charikar and Fraudar do it: the rival.

Kept beside the benchmark that needs it, because no stage of the pipeline does:
on a market with a few very popular listings the densest part is the popular one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PEELED_AT_ONCE = 0.02
"""Share of accounts and listings taken off per round; one by one finds the same parts."""


def densest(buyers: NDArray[np.int64], listings: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which buyers belong to the part with the most weight per node, (highest number + 1,).

    `buyers` and `listings` are (orders,), numbered from 0. An order of a listing
    with d orders weighs 1 / log(d + 5), so that popularity alone is worth less
    (Hooi et al. 2016); the least connected go first (Charikar 2000).
    """
    people, goods = int(buyers.max()) + 1, int(listings.max()) + 1
    ends = np.stack([buyers, listings + people])
    weights = 1.0 / np.log(np.bincount(listings, minlength=goods)[listings] + 5.0)
    alive, best, density = np.ones(people + goods, dtype=bool), np.zeros(0, dtype=bool), -1.0
    while weights.size:
        worth = sum(np.bincount(end, weights, alive.size) for end in ends)
        if weights.sum() / alive.sum() > density:
            density, best = weights.sum() / alive.sum(), alive.copy()
        members = np.flatnonzero(alive)
        few = max(1, int(members.size * PEELED_AT_ONCE))
        alive[members[np.argpartition(np.asarray(worth)[members], few - 1)[:few]]] = False
        kept = alive[ends[0]] & alive[ends[1]]
        ends, weights = ends[:, kept], weights[kept]
    return np.asarray(best[:people], dtype=np.bool_)
