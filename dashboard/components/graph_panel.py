"""The graph with the facts of what is selected, for whichever page has nodes to show.

What was expanded is kept for the session, not in the address: it is a way of
looking, and a link should open on the same first picture for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from dashboard.components.graph_side import Drawn, draw_side, shown_nodes
from dashboard.components.graph_things import (
    SharedThings,
    around,
    noted,
    shared_things,
)
from dashboard.store import data_version, read
from dashboard.text import file_stem
from dashboard.view_models.neighbourhood import (
    EXPAND_LIMIT,
    HARD_CAP,
    NODE_LIMIT,
    NeighbourhoodView,
)
from dashboard.view_models.ring_places import with_places
from dashboard.view_models.shared_things import KINDS, without_replaced

if TYPE_CHECKING:
    from dashboard.components.reveal import DataSubject

GRAPH_HEIGHT = 470
_CHOICE = "each keeps its strongest, the rest are thinned evenly"


def draw_neighbourhood(
    nodes: pl.DataFrame, *, centre: str, total: int, key: str, about: DataSubject
) -> None:
    """Draw `nodes` (from pages/graph), whatever was expanded, and their ties."""
    placed = to_pixels(nodes)
    frame = _Frame(key, centre, total, nodes.height, "entities", about)
    _draw(placed, ties_between(placed), frame)


def draw_members(members: pl.DataFrame, *, key: str, about: DataSubject, centre: str = "") -> None:
    """A ring: sellers in the middle, accounts around those they serve; `centre` stands out.

    `members` are rows of `pages/case/members`; of many the likeliest bad are drawn, and `centre`.
    """
    order = [pl.col("node_key") == centre, "score", "node_key"]
    likeliest = members.sort(order, descending=[True, True, False], nulls_last=True)
    nodes = likeliest.head(nodes_wanted(key)).select(
        *("node_key", "entity_type", "entity_id", "name", "market", "score", "score_band"),
        "weight",
    )
    edges = read("pages/rings/edges", node_keys=nodes["node_key"].to_list())
    placed, total = with_places(nodes, edges), len(members)
    _draw(placed, edges, _Frame(key, centre, total, nodes.height, "members", about))


def draw_nodes(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    total: int,
    key: str,
    about: DataSubject,
) -> None:
    """Draw nodes placed elsewhere (x, y in pixels) with all their `edges`, and what was expanded.

    `total` nodes there are in all: what is left out is said.
    """
    _draw(nodes, edges, _Frame(key, "", total, nodes.height, "entities", about))


@dataclass(frozen=True)
class _Frame:
    """How one picture stands: its key, its centre, of how many it is a part, who came first.

    Beside it stands what was revealed of whom it is `about`.
    """

    key: str
    centre: str
    total: int
    member_count: int
    unit: str
    about: DataSubject

    @property
    def slot(self) -> str:
        """Where the session keeps what was expanded."""
        return f"{self.key}-expanded-{data_version()}"


def nodes_wanted(key: str) -> int:
    """How many nodes the picture called `key` may have: more on request."""
    return HARD_CAP if st.session_state.get(f"{key}-more") else NODE_LIMIT


def _choices(frame: _Frame, things: SharedThings | None) -> bool:
    """The row above a picture: whether it shows what is shared (the answer), and how much of it."""
    has_more = frame.total > min(frame.member_count, NODE_LIMIT)
    if things is None and not has_more:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        shows = things is not None and st.toggle(
            "Show what they share",
            value=things.is_simpler,
            key=f"{frame.key}-things",
            help="Devices, networks, addresses and the like as nodes, in place of lines "
            "between everybody who uses the same one",
        )
        if has_more:
            st.toggle(f"Show up to {HARD_CAP}", key=f"{frame.key}-more")
    return bool(shows)


def _draw(nodes: pl.DataFrame, edges: pl.DataFrame, frame: _Frame) -> None:
    things = shared_things(nodes, edges)
    shows = _choices(frame, things)
    if shows and things is not None:
        nodes = things.drawn_with(nodes)
        edges = pl.concat(
            [things.left, things.links.select(things.left.columns)], how="vertical_relaxed"
        )
    placed, edges = _with_expanded(nodes, edges, frame.slot, has_things=shows)
    nodes = scope.hide_names(with_facts(with_surroundings(placed, edges)))
    ties = lines_drawn(edges, nodes.height, keep=frame.centre)
    nodes = noted(nodes, ties.edges)
    totals = GraphTotals(frame.total, ties.hidden_count, frame.unit, _CHOICE)
    graph, side = st.columns([0.72, 0.28], gap="medium")
    with graph:
        event = community_graph(
            network_of(
                component_nodes(nodes, frame.member_count),
                component_edges(ties.edges),
                focus=frame.centre or None,
                max_nodes=HARD_CAP,
                opened=st.session_state.get(frame.slot, []),
            ),
            key=frame.key,
            look=GraphLook(GRAPH_HEIGHT, "Ties between entities", totals, file_stem(frame.key)),
            acts=GraphActs(
                lambda node: _expand(frame.slot, node),
                lambda node: _shrink(frame.slot, node),
            ),
        )
    named = shown_nodes(frame.about, nodes)
    with side:
        drawn = Drawn(NeighbourhoodView.of(named, ties.edges), named, ties.edges, frame.about)
        draw_side(drawn, event, centre=frame.centre, key=frame.key)
    graph_downloads(nodes, ties.edges, stem=file_stem(frame.key), key=frame.key)


def _expand(slot: str, node: str) -> None:
    opened: list[str] = st.session_state.get(slot, [])
    if node not in opened:
        st.session_state[slot] = [*opened, node]


def _shrink(slot: str, node: str) -> None:
    st.session_state[slot] = [one for one in st.session_state.get(slot, []) if one != node]


def _with_expanded(
    nodes: pl.DataFrame, edges: pl.DataFrame, slot: str, *, has_things: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`nodes` plus who is around every expanded node; nobody drawn before moves."""
    opened = [one for one in st.session_state.get(slot, []) if one in nodes["node_key"].to_list()]
    for anchor in opened:
        shown = nodes["node_key"].to_list()
        free = min(EXPAND_LIMIT, HARD_CAP - len(shown))
        newcomers, links = around(anchor, shown, limit=free, has_things=has_things)
        nodes = pl.concat([nodes, _placed_around(anchor, nodes, newcomers)], how="diagonal_relaxed")
        drawn = nodes["node_key"].to_list()
        ours = links.filter(pl.col("src").is_in(drawn), pl.col("dst").is_in(drawn))
        edges = pl.concat([edges, ours.select(edges.columns)], how="vertical_relaxed")
    if not opened:
        return nodes, edges
    every = ties_between(nodes, edges)
    kinds = every.filter(pl.col("dst").str.split(":").list.first().is_in(KINDS))
    return nodes, without_replaced(every, kinds) if has_things else every


def _placed_around(anchor: str, nodes: pl.DataFrame, newcomers: pl.DataFrame) -> pl.DataFrame:
    points = {key: (x, y) for key, x, y in nodes.select("node_key", "x", "y").iter_rows()}
    places = place_around(points[anchor], points, newcomers["node_key"].to_list())
    at = [places[key] for key in newcomers["node_key"]]
    return newcomers.with_columns(
        pl.Series("x", [x for x, _ in at], dtype=pl.Float64),
        pl.Series("y", [y for _, y in at], dtype=pl.Float64),
    )
