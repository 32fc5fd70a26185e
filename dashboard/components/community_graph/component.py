"""The browser part of the community graph, as one Streamlit call.

Streamlit finds packaged components by a manifest beside a package named like the
distribution; ours is called `ringfence` and contains `dashboard`, so the scanner
never finds it in an editable install. We therefore declare the manifest here,
which works the same from a clone, a wheel and AppTest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from dashboard import theme
from queries.vocabulary import SCORE_BANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyvis.network import Network

_PACKAGE = "ringfence"
_COMPONENT = "community_graph"
_NAME = f"{_PACKAGE}.{_COMPONENT}"
_HERE = Path(__file__).parent
_HTML = """<div class="rf-graph">
<div class="rf-canvas" role="img" tabindex="0"></div>
<div class="rf-legend" aria-hidden="true"></div>
<div class="rf-tools"></div>
<div class="rf-note"></div>
</div>
"""


@dataclass(frozen=True)
class GraphEvent:
    """What the analyst last did: a selected node or edge, and a node just expanded.

    `expanded` is set for one run only. Every id is one of the network's own.
    """

    node: str | None = None
    edge: tuple[str, str] | None = None
    expanded: str | None = None


def community_graph(
    net: Network,
    *,
    key: str,
    height: int = 560,
    alt: str = "Community graph",
    note: str = "",
    on_expand: Callable[[str], None] | None = None,
) -> GraphEvent:
    """Draw `net` (from `network_of`) and say what the analyst did with it.

    A click selects, a double-click expands: `on_expand(node_key)` runs before
    the page does, so it can add to the frames the network is made of. Camera,
    dragged positions and selection stay as long as `key` stays. `alt` is read
    by screen readers; `note` is a short line in the corner, such as
    "150 of 312 members". Draw a table of the same nodes beside it.
    """
    keys = {str(node["id"]) for node in net.nodes}
    result = _mount()(
        key=key,
        data=payload(net, height=height, alt=alt, note=note),
        height=height,
        default={"selected": {"node": None, "edge": None}},
        on_selected_change=lambda: None,
        on_expand_change=_expander(key, keys, on_expand),
    )
    return _event(result.selected, result.expand, net, keys)


def payload(net: Network, *, height: int, alt: str, note: str) -> dict[str, Any]:
    """What travels to the browser; `revision` changes only when the network does."""
    body = {"nodes": net.nodes, "edges": net.edges}
    text = json.dumps(body, sort_keys=True, default=str)
    return {
        **body,
        "revision": hashlib.sha256(text.encode()).hexdigest()[:16],
        "height": height,
        "alt": f"{alt}: {len(net.nodes)} entities, {len(net.edges)} links.",
        "note": note,
        "shapes": [[theme.ENTITY_LABELS[t], s] for t, s in theme.ENTITY_SHAPES.items()],
        "bands": [[theme.BAND_LABELS[band], band] for band in SCORE_BANDS],
    }


def _expander(
    key: str, keys: set[str], on_expand: Callable[[str], None] | None
) -> Callable[[], None]:
    def expand() -> None:
        node = _drawn_node(getattr(st.session_state.get(key), "expand", None), keys)
        if node is not None and on_expand is not None:
            on_expand(node)

    return expand


def _event(selected: Any, expand: Any, net: Network, keys: set[str]) -> GraphEvent:
    chosen = selected if hasattr(selected, "get") else {}
    ends = {str(edge["id"]): (str(edge["from"]), str(edge["to"])) for edge in net.edges}
    node = chosen.get("node")
    return GraphEvent(
        node if node in keys else None,
        ends.get(str(chosen.get("edge"))),
        _drawn_node(expand, keys),
    )


def _drawn_node(value: Any, keys: set[str]) -> str | None:
    node = value.get("id") if hasattr(value, "get") else None
    return node if isinstance(node, str) and node in keys else None


def _mount() -> Callable[..., Any]:
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        config = ComponentConfig(name=_COMPONENT, asset_dir="frontend")
        manager.register_from_manifest(ComponentManifest(_PACKAGE, _version(), [config]), _HERE)
    return st.components.v2.component(_NAME, html=_HTML, css="graph.css", js="graph.js")


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "0"
