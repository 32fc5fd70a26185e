"""Our pictures of who is tied to whom in the browser: which there are, and their scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.components.packaged import packaged

if TYPE_CHECKING:
    from collections.abc import Callable

GRAPH, MAP = "community_graph", "ring_map"
_SCRIPTS = {GRAPH: "graph.js", MAP: "map.js"}
_HERE = Path(__file__).parent


def mounted(component: str, html: str) -> Callable[..., Any]:
    """The Streamlit command that draws `component`, GRAPH or MAP, in `html`."""
    return packaged(component, _HERE, html=html, css="graph.css", js=_SCRIPTS[component])
