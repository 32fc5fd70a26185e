"""Community: the group an entity belongs to, or its nearest neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.graph_data import ties_between
from dashboard.components.graph_panel import draw_neighbourhood, draw_nodes
from dashboard.components.graph_questions import named_nodes
from dashboard.components.links import page_link
from dashboard.components.reveal import DataSubject, draw_group_reveal
from dashboard.errors import TableMissing
from dashboard.panels.investigate.ring import ring_first
from dashboard.store import read
from dashboard.text import md_escape, plain
from dashboard.view_models.neighbourhood import NODE_LIMIT
from dashboard.view_models.ring_places import with_places

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView

# Enough to see the surroundings, not a hairball.
NEIGHBOURS = 40
# A listing with more buyers is simply sold; with few, who they are may be the story.
BUYERS_DRAWN = 40
_WIDE = "Too wide to read at once: here are its closest neighbours, riskiest first."
_ALONE = "In no community: here are its closest neighbours, riskiest first."


@panel
def community_panel(entity: EntityRef, head: HeaderView) -> None:
    """Its ring first; else its whole community where that can be read, or its surroundings."""
    if ring_first(entity):
        return
    if entity.entity_type == "product":
        _listing(entity)
        return
    group = _community(entity)
    members = int(group["member_count"][0]) if group.height else 0
    if members:
        community = str(group["community_id"][0])
        title = md_escape(plain(group["title"][0], length=80))
        page_link(
            f"{title}: {members:,} members",
            "community",
            {"community": community},
            icon=":material/hub:",
        )
    if 0 < members <= NODE_LIMIT:
        nodes, total = _members(community, entity), members
    else:
        st.caption(_WIDE if members else _ALONE)
        nodes, total = _neighbours(entity, head)
    if nodes.height <= 1:
        reason = needs("orders", otherwise="It shares no rare identifier with anybody.")
        empty_state("Nobody is tied to this entity.", reason)
        return
    about = DataSubject.one(entity.key).with_others(nodes["node_key"])
    key = f"graph-{entity.key}"
    draw_neighbourhood(nodes, centre=entity.key, total=total, key=key, about=about)
    draw_group_reveal(about, key="community")


def _listing(entity: EntityRef) -> None:
    """A listing is in no community: its shop, who sells it, what looks alike, few buyers."""
    rows = read("pages/graph/product_ties", product_id=entity.entity_id, most_buyers=BUYERS_DRAWN)
    if rows.is_empty():
        reason = needs("orders", otherwise="Nobody has sold or bought it.")
        empty_state("Nobody is tied to this listing.", reason)
        return
    buyers = int(rows["buyer_count"][0])
    if buyers > BUYERS_DRAWN:
        st.caption(f"Its {buyers:,} buyers are not drawn: too many to read anything from them.")
    around = rows.drop("buyer_count")
    keys = list(dict.fromkeys([entity.key, *around["src"], *around["dst"]]))[:NODE_LIMIT]
    nodes = named_nodes(keys)
    edges = ties_between(nodes, around)
    total = len({*around["src"], *around["dst"]})
    about = DataSubject.one(entity.key).with_others(keys)
    placed = with_places(nodes, edges)
    draw_nodes(placed, edges, total=total, key=f"graph-{entity.key}", about=about)
    draw_group_reveal(about, key="community")


def _community(entity: EntityRef) -> pl.DataFrame:
    try:
        return read(
            "pages/graph/community_of", entity_type=entity.entity_type, entity_id=entity.entity_id
        )
    except TableMissing:
        return pl.DataFrame()


def _members(community_id: str, entity: EntityRef) -> pl.DataFrame:
    return read(
        "pages/graph/community_nodes", community_id=community_id, keep=entity.key, limit=NODE_LIMIT
    )


def _neighbours(entity: EntityRef, head: HeaderView) -> tuple[pl.DataFrame, int]:
    nearest = read("pages/graph/neighbour_nodes", node_key=entity.key, shown=[], limit=NEIGHBOURS)
    total = int(nearest["hidden_count"][0]) + 1 if len(nearest) else 1
    nowhere = pl.lit(None, pl.Float64)
    around = nearest.drop("hidden_count").with_columns(nowhere.alias("x"), nowhere.alias("y"))
    own = pl.DataFrame(
        [
            {
                "node_key": entity.key,
                "entity_type": entity.entity_type,
                "entity_id": entity.entity_id,
                "name": head.full_name,
                "market": head.market,
                "score": head.score,
                "score_band": head.band,
                "weight": 0.0,
                "x": None,
                "y": None,
            }
        ],
        schema=around.schema,
    )
    return pl.concat([own, around]), total
