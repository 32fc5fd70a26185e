"""What hiding does to a ring: members fall into cells, identifiers are replaced by fresh ones."""

import numpy as np

from sample_data.actors.world import World
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.randomness import Ints, Rng, chance


def cells(rng: Rng, members: int, evasion: Evasion) -> Ints:
    """Cell number of each member: one cell for all unless the variant fragments."""
    if evasion.cell is None:
        return np.zeros(members, dtype=np.int64)
    sizes = rng.integers(evasion.cell[0], evasion.cell[1] + 1, members)
    return np.repeat(np.arange(members), sizes)[:members].astype(np.int64)


def rotate(rng: Rng, world: World, kind: str, values: Ints, evasion: Evasion) -> Ints:
    """The identifiers of orders (or accounts), a share of them replaced by fresh ones."""
    fresh = chance(rng, evasion.rotation, len(values))
    identifiers = values.copy()
    identifiers[fresh] = world.new_identifiers(kind, int(fresh.sum()))
    return identifiers
