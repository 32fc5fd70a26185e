"""Names typed by somebody who tests the tool: some sit on bad, recent entities.

Given as overrides for the tables that show names, so that hostile text reaches the
analyst's queue and not only the tail of the tables.
"""

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.kit.randomness import Ints, Rng, stream
from sample_data.words import HOSTILE

ON_BAD = 4  # of each kind's recent bad entities
ON_GOOD = len(HOSTILE)  # of the others: every hostile text at least once


def renames(world: World, bad: pl.DataFrame) -> dict[str, dict[int, str]]:
    """Hostile names by entity type and position, of a few shops, creators, listings and buyers.

    `bad` holds the planted bad entities: `entity_type`, `entity` (position), `started`.
    """
    rng = stream(world.settings.seed, "hostile names")
    sizes = {
        "merchant": len(world.merchants.market),
        "creator": len(world.creators.market),
        "product": len(world.products.merchant),
        "buyer": len(world.buyers.market),
    }
    return {
        entity_type: {
            int(position): HOSTILE[(number + shift) % len(HOSTILE)]
            for number, position in enumerate(_victims(rng, bad, entity_type, size))
        }
        for shift, (entity_type, size) in enumerate(sizes.items())
    }


def _victims(rng: Rng, bad: pl.DataFrame, entity_type: str, size: int) -> Ints:
    """Positions to rename: recent bad ones first, then any others."""
    own = bad.filter(pl.col("entity_type") == entity_type)
    recent = own.sort("started", "entity", descending=True)["entity"].unique(maintain_order=True)
    recent_bad = recent.to_numpy()[:ON_BAD].astype(np.int64)
    draw = rng.integers(0, size, 8 * ON_GOOD)
    _, first = np.unique(draw, return_index=True)
    others = draw[np.sort(first)]
    others = others[~np.isin(others, recent_bad)][:ON_GOOD]
    return np.concatenate((recent_bad, others))
