"""How a ring hides (DOMAIN 3.6): six variants, and what each does to a plan.

A typology names the variants that make sense for it in `VARIANTS`; the helpers
here do the hiding, so that one variant means the same in every story.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.period.shopping_habits import everyday_orders

if TYPE_CHECKING:
    from sample_data.actors.world import World
    from sample_data.planting.plan import Set


@dataclass(frozen=True)
class Evasion:
    """One way to hide; a field at its default hides nothing."""

    name: str
    stretch: float = 1.0  # campaigns last this much longer, at the same number of orders
    cell: tuple[int, int] | None = None  # members per cell that share identifiers (DOMAIN: 3-5)
    rotation: float = 0.0  # share of orders with a fresh device, network or address
    real_share: tuple[float, float] | None = None  # real orders among all (DOMAIN: 30-70 %)
    copies_text: bool = False  # review and claim texts repeat honest ones


NAIVE: Final = Evasion("naive")
SLOW: Final = Evasion("slow_and_low", stretch=3.5)
CELLS: Final = Evasion("fragmented_cells", cell=(3, 5))
ROTATED: Final = Evasion("rotated_identifiers", rotation=0.8)
MIXED: Final = Evasion("mixed_with_real", real_share=(0.3, 0.7))
COPIED: Final = Evasion("copied_review_text", copies_text=True)
ALL: Final = (NAIVE, SLOW, CELLS, ROTATED, MIXED, COPIED)


def cells(rng: Rng, members: int, evasion: Evasion) -> Ints:
    """Cell number of each member: one cell for all unless the variant fragments."""
    if evasion.cell is None:
        return np.zeros(members, dtype=np.int64)
    sizes = rng.integers(evasion.cell[0], evasion.cell[1] + 1, members)
    return np.repeat(np.arange(members), sizes)[:members].astype(np.int64)


def rotate(rng: Rng, world: "World", kind: str, values: Ints, evasion: Evasion) -> Ints:
    """The identifiers of orders (or accounts), a share of them replaced by fresh ones."""
    fresh = chance(rng, evasion.rotation, len(values))
    rotated = values.copy()
    rotated[fresh] = world.new_identifiers(kind, int(fresh.sum()))
    return rotated


def real_orders(
    set_: "Set", rng: Rng, count: int, buyers: Ints, span: tuple[int, int], evasion: Evasion
) -> None:
    """Honest orders that `buyers` place between their `count` bad ones, where the variant mixes."""
    if evasion.real_share is None or len(buyers) == 0:
        return
    share = float(rng.uniform(*evasion.real_share))
    wanted = round(count * share / (1.0 - share))
    set_.orders.append(everyday_orders(rng, set_.world, rng.choice(buyers, wanted), span))
