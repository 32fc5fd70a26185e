"""Details: what only one type of subject has, in tables and small charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.components.boundary import boundary, panel
from dashboard.panels.investigate.details_buyer import draw_buyer
from dashboard.panels.investigate.details_creator import draw_creator
from dashboard.panels.investigate.details_merchant import draw_merchant
from dashboard.panels.investigate.details_product import draw_product

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView

DRAWN = {
    "merchant": draw_merchant,
    "creator": draw_creator,
    "product": draw_product,
    "buyer": draw_buyer,
}
"""Types with details; a live room has its minutes and its people instead."""


@panel
def details_panel(entity: EntityRef, head: HeaderView) -> None:
    """What only subjects of this type have, a part below the other."""
    for draw in DRAWN[entity.entity_type]:
        with boundary():
            draw(entity, head)
