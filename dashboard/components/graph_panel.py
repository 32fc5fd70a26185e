"""The graph with the facts of what is selected, for whichever page has nodes to show.

What was expanded is kept for the session, not in the address: it is a way of
looking, and a link should open on the same first picture for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboard.components import scope
from dashboard.components.community_graph import (
    GraphActs,
    GraphLook,
    GraphTotals,
    community_graph,
    network_of,
    place_around,
)
from dashboard.components.community_graph.placement import to_pixels
from dashboard.components.graph_data import (
    component_edges,
    component_nodes,
    lines_drawn,
    ties_between,
    with_facts,
    with_surroundings,
)
from dashboard.components.graph_files import graph_downloads
from dashboard.components.graph_side import Drawn, draw_side
from dashboard.store import data_version, read
from dashboard.text import file_stem
from dashboard.view_models.neighbourhood import EXPAND_LIMIT, NODE_LIMIT, NeighbourhoodView
from dashboard.view_models.ring_places import with_places

GRAPH_HEIGHT = 470
_CHOICE = "each keeps its strongest, the rest are thinned evenly"


def draw_neighbourhood(nodes: pl.DataFrame, *, centre: str, total: int, key: str) -> None:
    """Draw `nodes` (from pages/graph), whatever was expanded, and their ties."""
    frame = _Frame(key, centre, total, nodes.height, "entities")
    placed = _with_expanded(to_pixels(nodes), frame.slot)
    _draw(placed, ties_between(placed), frame)


def draw_members(members: pl.DataFrame, *, key: str, centre: str = "") -> None:
    """A ring: sellers in the middle, accounts around those they serve; `centre` stands out.

    `members` are rows of `pages/case/members`; of many the likeliest bad are drawn, and `centre`.
    """
    order = [pl.col("node_key") == centre, "score", "node_key"]
    likeliest = members.sort(order, descending=[True, True, False], nulls_last=True)
    nodes = likeliest.head(NODE_LIMIT).select(
        *("node_key", "entity_type", "entity_id", "name", "market", "score", "score_band"),
        "weight",
    )
    edges = read("pages/rings/edges", node_keys=nodes["node_key"].to_list())
    draw_nodes(with_places(nodes, edges), edges, total=len(members), key=key, centre=centre)


def draw_nodes(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    total: int,
    key: str,
    unit: str = "members",
    centre: str = "",
) -> None:
    """Draw nodes placed elsewhere (x, y in pixels) with all their `edges`, and what was expanded.

    `total` nodes there are in all, called `unit`: what is left out is said.
    """
    frame = _Frame(key, centre, total, nodes.height, unit)
    placed = _with_expanded(nodes, frame.slot)
    if placed.height > nodes.height:
        edges = ties_between(placed, edges)
    _draw(placed, edges, frame)


@dataclass(frozen=True)
class _Frame:
    """How one picture stands: its key, its centre, of how many it is a part, who came first."""

    key: str
    centre: str
    total: int
    member_count: int
    unit: str

    @property
    def slot(self) -> str:
        """Where the session keeps what was expanded."""
        return f"{self.key}-expanded-{data_version()}"


def _draw(nodes: pl.DataFrame, edges: pl.DataFrame, frame: _Frame) -> None:
    nodes = scope.hide_names(with_facts(with_surroundings(nodes, edges)))
    ties = lines_drawn(edges, nodes.height, keep=frame.centre)
    view = NeighbourhoodView.of(nodes, ties.edges)
    totals = GraphTotals(frame.total, ties.hidden_count, frame.unit, _CHOICE)
    graph, side = st.columns([0.72, 0.28], gap="medium")
    with graph:
        event = community_graph(
            network_of(
                component_nodes(nodes, frame.member_count),
                component_edges(ties.edges),
                focus=frame.centre or None,
            ),
            key=frame.key,
            look=GraphLook(GRAPH_HEIGHT, "Ties between entities", totals, file_stem(frame.key)),
            acts=GraphActs(
                lambda node: _expand(frame.slot, node), lambda node: _shrink(frame.slot, node)
            ),
        )
    with side:
        draw_side(Drawn(view, nodes, ties.edges), event, centre=frame.centre, key=frame.key)
    graph_downloads(nodes, ties.edges, stem=file_stem(frame.key), key=frame.key)


def _expand(slot: str, node: str) -> None:
    opened: list[str] = st.session_state.get(slot, [])
    if node not in opened:
        st.session_state[slot] = [*opened, node]


def _shrink(slot: str, node: str) -> None:
    st.session_state[slot] = [one for one in st.session_state.get(slot, []) if one != node]


def _with_expanded(nodes: pl.DataFrame, slot: str) -> pl.DataFrame:
    """`nodes` plus the neighbours of every expanded node; nobody drawn before moves."""
    for anchor in st.session_state.get(slot, []):
        free = NODE_LIMIT - len(nodes)
        if free <= 0 or anchor not in nodes["node_key"].to_list():
            continue
        newcomers = read(
            "pages/graph/neighbour_nodes",
            node_key=anchor,
            shown=nodes["node_key"].to_list(),
            limit=min(EXPAND_LIMIT, free),
        ).drop("hidden_count")
        placed = _placed_around(anchor, nodes, newcomers)
        nodes = pl.concat([nodes, placed], how="diagonal_relaxed")
    return nodes


def _placed_around(anchor: str, nodes: pl.DataFrame, newcomers: pl.DataFrame) -> pl.DataFrame:
    points = {key: (x, y) for key, x, y in nodes.select("node_key", "x", "y").iter_rows()}
    places = place_around(points[anchor], points, newcomers["node_key"].to_list())
    at = [places[key] for key in newcomers["node_key"]]
    return newcomers.with_columns(
        pl.Series("x", [x for x, _ in at], dtype=pl.Float64),
        pl.Series("y", [y for _, y in at], dtype=pl.Float64),
    )
