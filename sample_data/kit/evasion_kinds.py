"""The six ways in which a ring hides (§3.6), as figures that every story reads alike.

A typology names those that make sense for it in `VARIANTS`; `planting.evasion` does the
hiding, so that one variant means the same in every story.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Evasion:
    """One way to hide; a field at its default hides nothing."""

    name: str
    stretch: float = 1.0  # campaigns last this much longer, at the same number of orders
    # members per cell that share identifiers (docs/domain.md §3.6: 3-5)
    cell: tuple[int, int] | None = None
    rotation: float = 0.0  # share of orders with a fresh device, network or address
    real_share: tuple[float, float] | None = None  # real orders among all (§3.6: 30-70 %)
    copies_text: bool = False  # review and claim texts repeat honest ones


NAIVE: Final = Evasion("naive")
SLOW: Final = Evasion("slow_and_low", stretch=3.5)
CELLS: Final = Evasion("fragmented_cells", cell=(3, 5))
ROTATED: Final = Evasion("rotated_identifiers", rotation=0.8)
MIXED: Final = Evasion("mixed_with_real", real_share=(0.3, 0.7))
COPIED: Final = Evasion("copied_review_text", copies_text=True)
ALL: Final = (NAIVE, SLOW, CELLS, ROTATED, MIXED, COPIED)
