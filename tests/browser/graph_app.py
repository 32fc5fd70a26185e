"""A page with nothing but a community graph, for the browser test of the component."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import streamlit as st

from dashboard.components.boundary import panel
from dashboard.components.community_graph import (
    GraphActs,
    GraphLook,
    GraphTotals,
    community_graph,
    network_of,
    place_around,
)
from dashboard.components.community_graph.placement import to_pixels
from dashboard.text import md_escape

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><a href='https://evil.example'>x</a>"
KEYS = [f"buyer:buy_{n}" for n in range(12)]
SHOP = "merchant:mer_0"
START = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored


def base() -> pl.DataFrame:
    """A shop and twelve buyers, the first with a hostile name and four neighbours not drawn."""
    return to_pixels(
        pl.DataFrame(
            {
                "key": [*KEYS, SHOP],
                "entity_type": ["buyer"] * 12 + ["merchant"],
                "name": [HOSTILE, *(f"Buyer {n}" for n in range(1, 12)), "Velvet Goods"],
                "band": ["HIGH"] * 10 + ["LOW"] * 2 + ["CRIT"],
                "role": ["worker"] * 12 + ["shop"],
                "x": [float(n % 5) for n in range(13)],
                "y": [float(n // 5) for n in range(13)],
                "home": [None] * 4 + [SHOP] * 8 + [None],
                "hidden": [4] + [0] * 12,
            }
        )
    )


def links() -> pl.DataFrame:
    """Buyers in a row, each tied to the next a day later; the last eight bought of the shop."""
    row = [(KEYS[n], KEYS[n + 1], "shares_device", n) for n in range(11)]
    trade = [(key, SHOP, "bought_from", 20 + n) for n, key in enumerate(KEYS[4:])]
    return pl.DataFrame(
        [
            (src, dst, relation, START + timedelta(days=day), 1.0 + day % 3)
            for src, dst, relation, day in [*row, *trade]
        ],
        schema=["src", "dst", "relation", "first_seen_at", "weight"],
        orient="row",
    ).with_columns(last_seen_at=pl.col("first_seen_at"))


@panel
def draw() -> None:
    """The graph, what it says, and what expanding adds."""
    nodes = base()
    added = st.session_state.setdefault("added", {})

    def expand(key: str) -> None:
        places = {name: (x, y) for name, x, y in nodes.select("key", "x", "y").iter_rows()}
        found = place_around(places[key], places, [f"merchant:mer_{n}" for n in range(1, 5)])
        added.update({name: (key, place) for name, place in found.items()})

    rows = [
        {"key": name, "entity_type": "merchant", "name": name, "band": "CRIT", "x": x, "y": y}
        for name, (_, (x, y)) in added.items()
    ]
    grown = [(source, name, "shares_device", 1.0) for name, (source, _) in added.items()]
    names = ["src", "dst", "relation", "weight"]
    shown = pl.concat([nodes, pl.DataFrame(rows)], how="diagonal") if rows else nodes
    edges = pl.concat([links(), pl.DataFrame(grown, schema=names, orient="row")], how="diagonal")
    event = community_graph(
        network_of(
            shown.with_columns(is_member=pl.int_range(pl.len()) < nodes.height),
            edges.cast({"weight": pl.Float64}),
            focus=KEYS[0],
        ),
        key="graph",
        look=GraphLook(totals=GraphTotals(members=20, ties_left_out=5)),
        acts=GraphActs(expand, lambda _: added.clear()),
    )
    st.caption(md_escape(f"selected {event.node} {event.edge} {event.other}"))
    st.button("Rerun")
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.caption(f"run {st.session_state['runs']}")


st.set_page_config(layout="wide")
draw()
