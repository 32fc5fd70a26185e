"""What stands beside a graph: the facts of the node or the link that is selected, and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.components import look, scope
from dashboard.components.graph_questions import path_between, recorded_rows
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.components.reveal import shown_rows
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape, plain
from dashboard.view_models.graph_facts import (
    NodeFacts,
    ThingFacts,
    TieView,
    recorded_table,
    row_table,
)
from dashboard.view_models.shared_things import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dashboard.components.community_graph import GraphEvent
    from dashboard.components.reveal import DataSubject
    from dashboard.view_models.neighbourhood import NeighbourhoodView, Node

TIES_SHOWN = 8
ROWS_SHOWN = 50
NAME_SHOWN = 28
_HINT = "Click an entity or a line to see what is behind it; double-click to add neighbours."


@dataclass(frozen=True)
class Drawn:
    """What is on the picture: as a view, the frames it was made of, and whose data that is."""

    view: NeighbourhoodView
    nodes: pl.DataFrame
    edges: pl.DataFrame
    about: DataSubject


def shown_nodes(about: DataSubject, nodes: pl.DataFrame) -> pl.DataFrame:
    """`nodes` named by what was revealed; a thing is named by its identifier."""
    seen = shown_rows(about, nodes.select("node_key", "entity_id", "name"))
    is_thing = nodes["entity_type"].is_in(KINDS) & (seen["entity_id"] != nodes["entity_id"])
    return nodes.with_columns(
        name=pl.select(
            pl.when(is_thing).then(seen["entity_id"]).otherwise(seen["name"])
        ).to_series()
    )


def draw_side(drawn: Drawn, event: GraphEvent, *, centre: str, key: str) -> None:
    """The facts of what is selected in the graph called `key`; nothing selected = of `centre`."""
    if event.edge is not None:
        _tie(drawn, event.edge, key)
        return
    if event.node is not None and event.other is not None:
        _path(drawn.about, event.other, event.node)
    node = drawn.view.node(event.node) or drawn.view.node(centre)
    if node is None:
        st.caption(_HINT)
        return
    _node(drawn, node, is_centre=node.key == centre)


def _path(about: DataSubject, start: str, end: str) -> None:
    """The shortest way between two selected nodes in all of the graph, not in what is drawn."""
    try:
        answer = path_between(start, end)
    except TableMissing:
        return
    with st.container(gap="xsmall"):
        st.markdown("**Shortest path in the whole graph**")
        if answer.nodes.height > 1:
            named = shown_nodes(about, answer.nodes)
            names = [plain(name, length=NAME_SHOWN) for name in named["name"]]
            st.caption(md_escape(" \u2192 ".join(names)))
        st.caption(md_escape(answer.sentence))


def _node(drawn: Drawn, node: Node, *, is_centre: bool) -> None:
    view = drawn.view
    row = drawn.nodes.row(by_predicate=pl.col("node_key") == node.key, named=True)
    if row["entity_type"] in KINDS:
        _thing(drawn, row)
        return
    with st.container(gap="xsmall"):
        st.markdown(f"**{md_escape(node.name)}**")
        score = "not scored" if node.score is None else f"{node.score:.3f}"
        st.markdown(f"{theme.band_badge(node.band)} {md_escape(score)}")
        st.caption(f"{node.label} · {md_escape(node.market)} · {md_escape(node.entity_id)}")
        for line in NodeFacts.of(row, drawn.edges).lines:
            st.caption(md_escape(line))
        if not is_centre:
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
        if is_centre:
            st.caption(_HINT)


def _thing(drawn: Drawn, row: Mapping[str, Any]) -> None:
    """What several use: how many anywhere, since when, and every row that says so."""
    key = str(row["node_key"])
    facts = ThingFacts.of(row, drawn.edges)
    with st.container(gap="xsmall"):
        st.markdown(f"**{md_escape(plain(row['name']))}**")
        for line in facts.lines:
            st.caption(md_escape(line))
        for user in facts.users[:TIES_SHOWN]:
            node = drawn.view.node(user)
            st.caption(md_escape(node.name if node else user))
        if len(facts.users) > TIES_SHOWN:
            st.caption(f"and {len(facts.users) - TIES_SHOWN:,} more of them")
        rows = recorded_rows(drawn.edges.filter(pl.col("dst") == key), None)
        _recorded(drawn.about, rows, f"thing-{hash(key)}")


def _tie(drawn: Drawn, ends: tuple[str, str], key: str) -> None:
    one, other = (drawn.view.node(end) for end in ends)
    if one is None or other is None:
        st.caption(_HINT)
        return
    tie = TieView.of(drawn.edges, ends)
    with st.container(gap="xsmall"):
        st.markdown(f"**{md_escape(one.name)}** and **{md_escape(other.name)}**")
        for line in tie.lines:
            st.caption(md_escape(line))
        if not any(end.partition(":")[0] in KINDS for end in ends):
            _rows(drawn.about, ends, key)
        _raw_rows(drawn, ends, key)
    left, right = st.columns(2)
    for place, node in ((left, one), (right, other)):
        if node.key.partition(":")[0] in KINDS:
            continue
        place.button(
            f"Open {node.label.lower()}",
            key=f"graph.open.{node.key}",
            help=md_escape(node.name),
            on_click=go,
            args=("investigate", {"entity": node.key, **kept_params()}),
        )


def _raw_rows(drawn: Drawn, ends: tuple[str, str], key: str) -> None:
    """What was recorded, row by row, for the relations that are rows of both or of one."""
    slot = f"{key}-raw-{hash(ends)}"
    with st.expander("As recorded", key=slot, on_change="rerun") as raw:
        if not raw.open:
            return
        _recorded(drawn.about, recorded_rows(drawn.edges, ends), slot)


def _recorded(about: DataSubject, rows: pl.DataFrame, slot: str) -> None:
    if rows.is_empty():
        st.caption("No row of a delivery stands behind it alone: it is what several say.")
        return
    look.table(
        recorded_table(scope.shortened(shown_rows(about, rows), "detail")),
        {
            "at": look.text_column("At (UTC)", width=112),
            "table": look.text_column("Table", width=84),
            "detail": look.text_column("What", width=130),
        },
        alt=f"Rows as recorded, {len(rows)}, newest first",
        key=f"{slot}-{data_version()}",
        most_rows=8,
    )


def _rows(about: DataSubject, ends: tuple[str, str], key: str) -> None:
    try:
        rows = read("pages/graph/tie_rows", one=ends[0], other=ends[1], limit=ROWS_SHOWN)
    except TableMissing:
        return
    if rows.is_empty():
        st.caption("No rows of its own: it says whose listing or room it is.")
        return
    total = int(rows["total_count"][0])
    shown = "" if total <= ROWS_SHOWN else f", the first {ROWS_SHOWN}"
    st.markdown(f"Rows behind it :gray-badge[{total:,}]{shown}")
    columns = {
        "relation": look.text_column("What", width=110),
        "thing": look.text_column("Which", width=90),
        "seen": look.text_column("Seen", width=80),
    }
    if rows["sharer_count"].is_not_null().any():
        tip = "Who shares it anywhere"
        columns["sharer_count"] = look.number_column("Users", width=52, tip=tip)
    if rows["paid_usd"].is_not_null().any():
        columns["paid_usd"] = look.money_column("Paid", width=64)
    look.table(
        row_table(scope.shortened(shown_rows(about, rows), "thing_id")),
        columns,
        alt=f"Rows behind the line, {total}",
        key=f"{key}-tie-{data_version()}-{hash(ends)}",
        most_rows=8,
    )
