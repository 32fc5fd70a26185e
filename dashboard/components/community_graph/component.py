"""The browser part of the community graph, as one Streamlit call."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import theme
from dashboard.components.community_graph.mount import GRAPH, mounted
from dashboard.text import visible
from queries.vocabulary import SCORE_BANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyvis.network import Network

_HTML = """<div class="rf-graph">
<div class="rf-tools" role="toolbar" aria-label="Graph"></div>
<div class="rf-filters" role="group" aria-label="Which ties are drawn" hidden></div>
<div class="rf-stage">
<div class="rf-canvas" role="application" tabindex="0"></div>
<div class="rf-note" role="status"></div>
<div class="rf-tip" hidden></div>
</div>
<div class="rf-replay" hidden></div>
<div class="rf-legend"></div>
<div class="rf-twin" hidden></div>
</div>
"""
_PARTS = ("organiser", "shop", "creator", "listing", "live room", "account", "worker", "victim")
_NOTHING = {"node": None, "edge": None, "other": None}


@dataclass(frozen=True)
class GraphEvent:
    """What the analyst last did: a selected node or edge, and a node just expanded.

    `other` is set when two nodes are selected, as the ends of a path. `expanded` is set
    for one run only. Every id is one of the network's own.
    """

    node: str | None = None
    edge: tuple[str, str] | None = None
    other: str | None = None
    expanded: str | None = None


@dataclass(frozen=True)
class GraphTotals:
    """How much there is of which a part is drawn: the legend says both.

    `ties_left_out` counts lines between two of the drawn nodes; `choice` says how those
    that are drawn were chosen.
    """

    members: int = 0
    ties_left_out: int = 0
    unit: str = "members"
    choice: str = "chosen evenly"


@dataclass(frozen=True)
class GraphLook:
    """How a graph stands on its page; `alt` is read by screen readers."""

    height: int = 560
    alt: str = "Community graph"
    totals: GraphTotals = GraphTotals()
    file_name: str = "graph"


@dataclass(frozen=True)
class GraphActs:
    """What runs before the page does: a node expands into its neighbours, or gives them up."""

    expand: Callable[[str], None] | None = None
    shrink: Callable[[str], None] | None = None


def community_graph(
    net: Network, *, key: str, look: GraphLook | None = None, acts: GraphActs | None = None
) -> GraphEvent:
    """Draw `net` (from `network_of`) and say what the analyst did with it.

    A click selects, a double-click expands: `acts.expand(node_key)` runs before the page
    does, so it can add to the frames the network is made of; `acts.shrink` takes that
    back. Camera, dragged positions, filters, folded groups and selection stay as long as
    `key` stays. The table of the same nodes is part of it.
    """
    acts = acts or GraphActs()
    keys = {str(node["id"]) for node in net.nodes}
    result = mounted(GRAPH, _HTML)(
        key=key,
        data=payload(net, look or GraphLook()),
        default={"selected": _NOTHING},
        on_selected_change=lambda: None,
        on_expand_change=_act(key, "expand", keys, acts.expand),
        on_shrink_change=_act(key, "shrink", keys, acts.shrink),
    )
    return _event(result.selected, result.expand, net, keys)


def payload(net: Network, look: GraphLook) -> dict[str, Any]:
    """What travels to the browser; `revision` changes only when the network does."""
    body = {"nodes": net.nodes, "edges": net.edges}
    text = json.dumps([body, asdict(look.totals)], sort_keys=True, default=str)
    relations = {relation for edge in net.edges for relation in edge["relations"]}
    return {
        **body,
        "revision": hashlib.sha256(text.encode()).hexdigest()[:16],
        "height": look.height,
        "alt": f"{look.alt}: {len(net.nodes)} entities, {len(net.edges)} links.",
        "totals": asdict(look.totals),
        "bands": [[theme.BAND_LABELS[band], band] for band in SCORE_BANDS],
        "roles": _roles(net),
        "relations": {
            one: theme.RELATION_LABELS.get(one, visible(one)) for one in sorted(relations)
        },
        "heaviest": max((edge["weight"] for edge in net.edges), default=0.0),
        "size_note": _size_note(net),
        "file_name": look.file_name,
    }


def _roles(net: Network) -> list[str]:
    """The parts that are played, in an order that keeps their colours from picture to picture."""
    known = [part.capitalize() for part in _PARTS]
    present = {str(node["role"]) for node in net.nodes}
    return [*known, *sorted(present - {*known})]


def _size_note(net: Network) -> str:
    shared = (
        " A shared thing: more of them use it." if any(one["thing"] for one in net.nodes) else ""
    )
    if any(node["money"] is not None for node in net.nodes):
        return f"Larger: more money in paid orders.{shared}"
    has_sizes = len({node["size"] for node in net.nodes if not node["thing"]}) > 1
    return f"Larger: stronger ties.{shared}" if has_sizes else shared.strip()


def _act(
    key: str, name: str, keys: set[str], run: Callable[[str], None] | None
) -> Callable[[], None]:
    def act() -> None:
        node = _drawn_node(getattr(st.session_state.get(key), name, None), keys)
        if node is not None and run is not None:
            run(node)

    return act


def _event(selected: Any, expand: Any, net: Network, keys: set[str]) -> GraphEvent:
    chosen = selected if hasattr(selected, "get") else {}
    ends = {str(edge["id"]): (str(edge["from"]), str(edge["to"])) for edge in net.edges}
    node, other = chosen.get("node"), chosen.get("other")
    return GraphEvent(
        node if node in keys else None,
        ends.get(str(chosen.get("edge"))),
        other if other in keys else None,
        _drawn_node(expand, keys),
    )


def _drawn_node(value: Any, keys: set[str]) -> str | None:
    node = value.get("id") if hasattr(value, "get") else None
    return node if isinstance(node, str) and node in keys else None
