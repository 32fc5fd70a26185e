"""The graph with the facts of what is selected, for whichever page has nodes to show.

What was expanded is kept for the session, not in the address: it is a way of
looking, and a link should open on the same first picture for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from dashboard.components.graph_side import Drawn, draw_side
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.view_models.neighbourhood import (
    EDGE_LIMIT,
    EXPAND_LIMIT,
    NODE_LIMIT,
    NeighbourhoodView,
)

GRAPH_HEIGHT = 470


def draw_neighbourhood(nodes: pl.DataFrame, *, centre: str, total: int, key: str) -> None:
    """Draw `nodes` (from pages/graph), whatever was expanded, and their ties."""
    placed = _with_expanded(to_pixels(nodes), f"{key}-expanded-{data_version()}")
    visible = scope.hide_names(placed)
    keys = visible["node_key"].to_list()
    edges = read("pages/graph/edges_between", node_keys=keys, keep=centre, limit=EDGE_LIMIT)
    view = NeighbourhoodView.of(visible, edges, total=total)
    totals = GraphTotals(total, unit="entities", choice="the strongest")
    _draw(Drawn(view, visible, edges), _Frame(key, centre, totals, nodes.height))


def draw_nodes(
    nodes: pl.DataFrame, edges: pl.DataFrame, *, total: int, ties_total: int, key: str
) -> None:
    """Draw nodes and edges that were chosen and placed elsewhere, and whatever was expanded.

    x and y are pixels. `total` nodes and `ties_total` edges there are in all: what is left
    out is said.
    """
    placed = scope.hide_names(_with_expanded(nodes, f"{key}-expanded-{data_version()}"))
    if placed.height > nodes.height:
        keys = placed["node_key"].to_list()
        more = read("pages/graph/edges_between", node_keys=keys, keep="", limit=EDGE_LIMIT)
        edges = pl.concat([edges, more], how="vertical_relaxed")
        edges = edges.unique(["src", "dst", "relation"], keep="first", maintain_order=True)
    view = NeighbourhoodView.of(placed, edges, total=total, ties_total=ties_total)
    totals = GraphTotals(total, ties_left_out=max(0, ties_total - edges.height))
    _draw(Drawn(view, placed, edges), _Frame(key, "", totals, nodes.height))


@dataclass(frozen=True)
class _Frame:
    """How one picture stands: its key, its centre, of how much it is a part, who came first."""

    key: str
    centre: str
    totals: GraphTotals
    member_count: int

    @property
    def slot(self) -> str:
        """Where the session keeps what was expanded."""
        return f"{self.key}-expanded-{data_version()}"


def _draw(drawn: Drawn, frame: _Frame) -> None:
    drawn = replace(drawn, nodes=_with_facts(drawn.nodes))
    graph, side = st.columns([0.72, 0.28], gap="medium")
    with graph:
        event = community_graph(
            network_of(_for_graph(drawn.nodes, frame), drawn.edges, focus=frame.centre or None),
            key=frame.key,
            look=GraphLook(GRAPH_HEIGHT, "Ties between entities", frame.totals, frame.key),
            acts=GraphActs(
                lambda node: _expand(frame.slot, node), lambda node: _shrink(frame.slot, node)
            ),
        )
    with side:
        draw_side(drawn, event, centre=frame.centre, key=frame.key)


def _with_facts(nodes: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with role, ring and money, where the build has them."""
    try:
        facts = read("pages/graph/node_facts", node_keys=nodes["node_key"].to_list())
    except TableMissing:
        return nodes
    new = [name for name in facts.columns if name == "node_key" or name not in nodes.columns]
    return nodes.join(facts.select(new), on="node_key", how="left", maintain_order="left")


def _for_graph(nodes: pl.DataFrame, frame: _Frame) -> pl.DataFrame:
    """`nodes` under the names that the component reads."""
    optional = ("hidden", "home", "role", "ring_id", "ring_title", "money_usd")
    return nodes.select(
        pl.col("node_key").alias("key"),
        *("entity_type", "name", "x", "y"),
        pl.col("score_band").alias("band"),
        *("score", "weight"),
        *(name for name in optional if name in nodes.columns),
        (pl.int_range(pl.len()) < frame.member_count).alias("is_member"),
    )


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
