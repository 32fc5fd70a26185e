"""Names typed by somebody who tests the tool: some sit on bad, recent entities.

Put there last, so that hostile text reaches the analyst's queue and not only
the tail of the tables.
"""

import numpy as np
import polars as pl

from sample_data.randomness import Ints, Rng, stream
from sample_data.words import HOSTILE
from sample_data.world import World

ON_BAD = 3  # of each kind's recent bad entities
ON_GOOD = 5  # of the others


def _victims(rng: Rng, bad: pl.DataFrame, entity_type: str, size: int) -> Ints:
    """Positions to rename: recent bad ones first."""
    recent = bad.filter(pl.col("entity_type") == entity_type).sort(
        "started", "entity", descending=True
    )
    chosen = recent["entity"].to_numpy()[:ON_BAD]
    free = np.setdiff1d(np.arange(size), chosen)
    others = rng.choice(free, size=ON_GOOD, replace=False)
    return np.concatenate((chosen, others))


def rename(world: World, bad: pl.DataFrame) -> None:
    """Give a few shops, creators, listings and buyers hostile names, in place."""
    rng = stream(world.settings.seed, "hostile names")
    named = {
        "merchant": world.merchants.name,
        "creator": world.creators.name,
        "product": world.products.name,
        "buyer": world.buyers.name,
    }
    for shift, (entity_type, column) in enumerate(named.items()):
        for number, position in enumerate(_victims(rng, bad, entity_type, len(column))):
            column[int(position)] = HOSTILE[(number + shift) % len(HOSTILE)]
