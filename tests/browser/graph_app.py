"""A page with nothing but a community graph, for the browser test of the component."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.components.boundary import panel
from dashboard.components.community_graph import community_graph, network_of, place_around
from dashboard.components.community_graph.placement import to_pixels
from dashboard.text import md_escape

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><a href='https://evil.example'>x</a>"
KEYS = [f"buyer:buy_{n}" for n in range(12)]


def base() -> pl.DataFrame:
    """Twelve buyers, the first with a hostile name and four neighbours not drawn."""
    frame = pl.DataFrame(
        {
            "key": KEYS,
            "entity_type": "buyer",
            "name": [HOSTILE, *KEYS[1:]],
            "band": "HIGH",
            "x": [float(n % 4) for n in range(12)],
            "y": [float(n // 4) for n in range(12)],
            "hidden": [4] + [0] * 11,
        }
    )
    return to_pixels(frame)


@panel
def draw() -> None:
    """The graph, what it says, and what expanding adds."""
    nodes = base()
    added = st.session_state.setdefault("added", {})

    def expand(key: str) -> None:
        places = {name: (x, y) for name, x, y in nodes.select("key", "x", "y").iter_rows()}
        found = place_around(places[key], places, [f"merchant:mer_{n}" for n in range(4)])
        added.update({name: (key, place) for name, place in found.items()})

    rows = [
        {"key": name, "entity_type": "merchant", "name": name, "band": "CRIT", "x": x, "y": y}
        for name, (_, (x, y)) in added.items()
    ]
    links = [(KEYS[0], KEYS[1]), *((source, name) for name, (source, _) in added.items())]
    shown = pl.concat([nodes, pl.DataFrame(rows)], how="diagonal") if rows else nodes
    edges = pl.DataFrame(links, schema=["src", "dst"], orient="row").with_columns(
        relation=pl.lit("shares_device")
    )
    event = community_graph(network_of(shown, edges, focus=KEYS[0]), key="graph", on_expand=expand)
    st.caption(md_escape(f"selected {event.node} {event.edge}"))
    st.button("Rerun")
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.caption(f"run {st.session_state['runs']}")


st.set_page_config(layout="wide")
draw()
