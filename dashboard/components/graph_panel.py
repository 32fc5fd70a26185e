"""The graph with its table twin and a side note, for whichever page has nodes to show.

What was expanded is kept for the session, not in the address: it is a way of
looking, and a link should open on the same first picture for everybody.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.components import look, scope
from dashboard.components.community_graph import community_graph, network_of, place_around
from dashboard.components.community_graph.placement import to_pixels
from dashboard.components.graph_data import (
    component_edges,
    component_nodes,
    lines_drawn,
    ties_between,
    with_surroundings,
)
from dashboard.components.graph_files import graph_downloads
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.store import data_version, read
from dashboard.text import file_stem, md_escape
from dashboard.view_models.neighbourhood import (
    EXPAND_LIMIT,
    NODE_LIMIT,
    NeighbourhoodView,
    Node,
)

GRAPH_HEIGHT = 470
TIES_SHOWN = 8


def draw_neighbourhood(nodes: pl.DataFrame, *, centre: str, total: int, key: str) -> None:
    """Draw `nodes` (from pages/graph), whatever was expanded, and their ties."""
    placed = _with_expanded(to_pixels(nodes), f"{key}-expanded-{data_version()}")
    _draw(placed, ties_between(placed), total=total, centre=centre, key=key)


def draw_nodes(nodes: pl.DataFrame, edges: pl.DataFrame, *, total: int, key: str) -> None:
    """Draw nodes placed elsewhere with all their `edges`, and whatever was expanded.

    `total` nodes there are in all: what is left out is said.
    """
    placed = _with_expanded(to_pixels(nodes), f"{key}-expanded-{data_version()}")
    if placed.height > nodes.height:
        edges = ties_between(placed, edges)
    _draw(placed, edges, total=total, centre="", key=key)


def _draw(nodes: pl.DataFrame, edges: pl.DataFrame, *, total: int, centre: str, key: str) -> None:
    nodes = scope.hide_names(with_surroundings(nodes, edges))
    drawn = lines_drawn(edges, nodes.height, keep=centre)
    view = NeighbourhoodView.of(nodes, drawn, total=total)
    graph, side = st.columns([0.7, 0.3], gap="medium")
    with graph:
        event = community_graph(
            network_of(component_nodes(nodes), component_edges(drawn.edges), focus=centre or None),
            key=key,
            height=GRAPH_HEIGHT,
            alt="Ties between entities",
            note=view.headline,
            on_expand=lambda node: _expand(f"{key}-expanded-{data_version()}", node),
        )
    with side:
        _side(view, view.node(event.node) or view.node(centre), centre)
    _twin(view, key)
    graph_downloads(nodes, drawn.edges, stem=file_stem(key), key=key)


def _expand(slot: str, node: str) -> None:
    opened: list[str] = st.session_state.get(slot, [])
    if node not in opened:
        st.session_state[slot] = [*opened, node]


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
        nodes = pl.concat([nodes, placed], how="vertical_relaxed")
    return nodes


def _placed_around(anchor: str, nodes: pl.DataFrame, newcomers: pl.DataFrame) -> pl.DataFrame:
    points = {key: (x, y) for key, x, y in nodes.select("node_key", "x", "y").iter_rows()}
    places = place_around(points[anchor], points, newcomers["node_key"].to_list())
    at = [places[key] for key in newcomers["node_key"]]
    return newcomers.with_columns(
        pl.Series("x", [x for x, _ in at], dtype=pl.Float64),
        pl.Series("y", [y for _, y in at], dtype=pl.Float64),
    ).select(nodes.columns)


def _side(view: NeighbourhoodView, node: Node | None, centre: str) -> None:
    if node is None:
        st.caption("Click an entity to see who it is; double-click to add its neighbours.")
        return
    with st.container(gap="xsmall"):
        st.markdown(f"**{md_escape(node.name)}**")
        score = "not scored" if node.score is None else f"{node.score:.3f}"
        st.markdown(f"{theme.band_badge(node.band)} {md_escape(score)}")
        st.caption(f"{node.label} · {md_escape(node.market)} · {md_escape(node.entity_id)}")
        if node.key != centre:
            st.button(
                "Open",
                key="graph.open",
                on_click=go,
                args=("investigate", {"entity": node.key, **kept_params()}),
            )
        ties = view.ties_of(node.key)
        for tie in ties[:TIES_SHOWN]:
            other = view.node(tie.dst if tie.src == node.key else tie.src)
            name = md_escape(other.name) if other else "?"
            st.caption(f"{name}: {md_escape(tie.text)}")
        if len(ties) > TIES_SHOWN:
            st.caption(f"and {len(ties) - TIES_SHOWN:,} more ties")
        if node.key == centre:
            st.caption("Click an entity to see who it is; double-click to add its neighbours.")


def _twin(view: NeighbourhoodView, key: str) -> None:
    table = view.table()
    keys = tuple(table["key"].to_list())
    name = f"{key}-twin-{data_version()}-{hash(keys)}"
    with st.expander("The same entities as a table", key=f"{key}-twin", on_change="rerun") as twin:
        if not twin.open:
            return
        look.table(
            table.with_columns(pl.lit("Open").alias("open")),
            {
                "name": look.text_column("Subject"),
                "open": look.button_column("", f"{name}-open", _open_row, (f"{name}-open", keys)),
                "entity": look.text_column("Entity"),
                "market": look.text_column("Market"),
                "band": look.band_column(),
                "score": look.score_column(),
                "ties": look.number_column("Tied to", tip="Entities it has a line to here"),
                "hidden": look.number_column("Not here", tip="Its neighbours not on the picture"),
                "weight": look.number_column("Tie strength", "%.2f"),
            },
            alt=f"The {len(table)} entities of the graph, riskiest first",
            key=name,
            most_rows=12,
        )


def _open_row(key: str, keys: tuple[str, ...]) -> None:
    go("investigate", {"entity": keys[st.session_state[key]["row"]], **kept_params()})
