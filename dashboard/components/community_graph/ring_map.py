"""The browser part of the map of rings, as one Streamlit call."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.community_graph.mount import MAP, mounted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dashboard.view_models.ring_map import RingMapView

_HTML = """<div class="rf-graph"><div class="rf-map">
<div class="rf-plot"><div class="rf-tip" hidden></div></div>
<div class="rf-side"></div>
</div></div>
"""


@dataclass(frozen=True)
class MapActs:
    """What runs before the page does; each gets the id of a ring, or the code of a typology."""

    select: Callable[[str], None]
    open: Callable[[str], None]
    filter: Callable[[str], None]


def ring_map(
    view: RingMapView, *, key: str, selected: str, typology: str, acts: MapActs, alt: str
) -> None:
    """Draw the map; a click on a ring opens it, the keyboard selects, the legend filters.

    `selected` is the ring that is marked, `typology` the one that the list is narrowed to.
    """
    rings = {spot.ring_id for spot in view.spots}
    codes = {entry.typology for entry in view.legend}
    mounted(MAP, _HTML)(
        key=key,
        data=payload(view, selected=selected, typology=typology, alt=alt),
        on_select_change=_act(key, "select", rings, acts.select),
        on_open_change=_act(key, "open", rings, acts.open),
        on_filter_change=_act(key, "filter", {*codes, ""}, acts.filter),
    )


def payload(view: RingMapView, *, selected: str, typology: str, alt: str) -> dict[str, Any]:
    """What travels to the browser; `revision` changes only when the map does."""
    body = asdict(view)
    revision = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    return {**body, "revision": revision, "selected": selected, "chosen": typology, "alt": alt}


def _act(key: str, name: str, allowed: Collection[str], run: Callable[[str], None]) -> Any:
    def act() -> None:
        value: Any = getattr(st.session_state.get(key), name, None)
        claim = value.get("id") if hasattr(value, "get") else None
        if isinstance(claim, str) and claim in allowed:
            run(claim)

    return act
