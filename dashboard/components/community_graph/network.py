"""Two tidy frames become a pyvis Network: what to draw, not how it is dressed.

pyvis is the graph's Python API; the browser part replaces only its renderer.
Nodes carry meaning (`band`, `role`, `hidden`) rather than colours, so that the
same network follows the theme. Titles are lists of plain lines: the component
shows them as text, never as HTML.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from pyvis.network import Network

from dashboard import text, theme
from dashboard.components.community_graph.super_nodes import with_super_nodes
from dashboard.text import plain, visible
from dashboard.view_models.neighbourhood import HARD_CAP, NODE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NODE_SIZES = (9.0, 22.0)
EDGE_WIDTHS = (0.8, 3.2)
NODE_COLUMNS = {
    "key": "node key, merchant:mer_000001",
    "entity_type": "merchant | creator | product | buyer | live_session",
    "name": "as typed; escaped here",
    "x": "pixels, see placement.to_pixels",
    "y": "pixels, downwards",
    "band": "optional: CRIT | HIGH | MED | LOW or null",
    "score": "optional: 0..1",
    "weight": "optional: within-community weight, sets the size where no money is known",
    "money_usd": "optional: money it moved or stands for, sets the size",
    "role": "optional: the part it plays, shop or worker",
    "ring_id": "optional: the ring it is a member of, folds into one node",
    "ring_title": "optional: that ring in words; escaped here",
    "home": "optional: key of the seller it works for, folds around it",
    "is_member": "optional: false = a neighbour that was added",
    "count": "optional: subjects that one node stands for, 0 = itself",
    "hidden": "optional: neighbours not drawn, shown as a badge",
    "note": "optional: one more line for the tooltip",
    "user_share": "optional: 0..1, of a thing that several use the part of them that does",
}
EDGE_COLUMNS = {
    "src": "node key",
    "dst": "node key",
    "relation": "shares_device, bought_from, ...",
    "weight": "optional: rarity weight, sets the width",
    "evidence_count": "optional: rows behind the link",
    "first_seen_at": "optional: when the link appears in the replay; a time or an ISO day",
    "last_seen_at": "optional",
}
_OPTIONAL: Mapping[str, pl.Expr] = {
    "band": pl.lit(None, pl.String),
    "score": pl.lit(None, pl.Float64),
    "weight": pl.lit(0.0),
    "money_usd": pl.lit(None, pl.Float64),
    "role": pl.lit(None, pl.String),
    "ring_id": pl.lit(None, pl.String),
    "ring_title": pl.lit(None, pl.String),
    "home": pl.lit(None, pl.String),
    "is_member": pl.lit(True),
    "count": pl.lit(0),
    "hidden": pl.lit(0),
    "note": pl.lit(None, pl.String),
    "user_share": pl.lit(None, pl.Float64),
}
_OPTIONAL_EDGE: Mapping[str, pl.Expr] = {
    "weight": pl.lit(0.0),
    "evidence_count": pl.lit(None, pl.Int64),
    "first_seen_at": pl.lit(None, pl.Datetime),
    "last_seen_at": pl.lit(None, pl.Datetime),
}
# Sharing one of these is hard to do by accident; the others are drawn dashed.
_IDENTIFIERS = ("device", "address", "payment_token", "bank_account")
_FIRM = frozenset({*_IDENTIFIERS, *(f"shares_{one}" for one in _IDENTIFIERS), "signed_in_device"})
_EPOCH = date(1970, 1, 1)


def network_of(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    focus: str | None = None,
    max_nodes: int = NODE_LIMIT,
    opened: Collection[str] = (),
) -> Network:
    """The network of `nodes` (NODE_COLUMNS) and `edges` (EDGE_COLUMNS).

    `focus` is drawn with a ring and never dropped. Beyond `max_nodes`, at most HARD_CAP,
    rings fold into one node each, the least risky first, but for those whose node is in
    `opened` (`ring:id`); then the riskiest and weightiest stay. Edges between the same two
    nodes become one; edges to a node that is not drawn are left out. `net.nodes` and
    `net.edges` hold what vis-network calls them and what the picture says of them.
    """
    most = min(max_nodes, HARD_CAP)
    complete = with_optional(nodes).unique("key", keep="first", maintain_order=True)
    keep = {*opened, *([focus] if focus else [])}
    folded, lines = with_super_nodes(complete, _complete_edges(edges), most=most, keep=keep)
    capped = _capped(folded, focus, most)
    net = Network(height="100%", width="100%", directed=False)
    for node in _node_items(capped, focus):
        net.add_node(node.pop("id"), **node)
    net.edges = _edge_items(lines, set(capped["key"].to_list()))
    return net


def with_optional(nodes: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with every column of NODE_COLUMNS; what is unknown is null or 0."""
    absent = [default.alias(name) for name, default in _OPTIONAL.items() if name not in nodes]
    return nodes.with_columns(absent).with_columns(
        pl.col("weight").fill_null(0.0), pl.col("hidden", "count").fill_null(0)
    )


def _capped(nodes: pl.DataFrame, focus: str | None, max_nodes: int) -> pl.DataFrame:
    order = [pl.col("key") == (focus or ""), pl.col("score"), pl.col("weight")]
    ranked = nodes.sort([*order, "key"], descending=[True, True, True, False], nulls_last=True)
    return ranked.head(max_nodes)


def _node_items(nodes: pl.DataFrame, focus: str | None) -> list[dict[str, Any]]:
    sized_by = "money_usd" if nodes["money_usd"].is_not_null().any() else "weight"
    largest = max((one for one in nodes[sized_by].to_list() if one is not None), default=0.0)
    return [
        _node(row, row["user_share"] or _share(row[sized_by] or 0.0, largest), focus)
        for row in nodes.iter_rows(named=True)
    ]


def _node(row: Mapping[str, Any], share: float, focus: str | None) -> dict[str, Any]:
    entity_type = str(row["entity_type"])
    return {
        "id": row["key"],
        "label": plain(row["name"], length=22),
        "name": plain(row["name"], length=120),
        "title": _node_lines(row),
        "type": entity_type,
        "type_label": theme.entity_label(entity_type),
        "role": visible(row["role"] or theme.entity_label(entity_type)).capitalize(),
        "shape": theme.entity_shape(entity_type),
        "size": round(_between(NODE_SIZES, share), 1),
        "x": round(float(row["x"]), 1),
        "y": round(float(row["y"]), 1),
        "band": row["band"] or "",
        "score": row["score"],
        "money": row["money_usd"],
        "ring": row["ring_id"] or "",
        "ring_title": plain(row["ring_title"], length=60) if row["ring_title"] else "",
        "home": row["home"] or "",
        "member": bool(row["is_member"]),
        "thing": row["user_share"] is not None,
        "count": int(row["count"]),
        "hidden": int(row["hidden"]),
        "focus": row["key"] == focus,
    }


def _node_lines(row: Mapping[str, Any]) -> list[str]:
    score = "" if row["score"] is None else f" · probability {row['score']:.2f}"
    band = theme.BAND_LABELS.get(row["band"] or "", "No score")
    label = theme.entity_label(row["entity_type"])
    if row["user_share"] is not None:
        return [visible(plain(row["name"], length=300)), label, visible(row["note"] or "")]
    money = "" if row["money_usd"] is None else f"{text.money(row['money_usd'])} in paid orders"
    hidden = f"{row['hidden']} more neighbours: double-click" if row["hidden"] else ""
    name = plain(row["name"], length=300)
    lines = [name, f"{label} · {band}{score}", money, row["note"], hidden]
    return [visible(line) for line in lines if line]


def _complete_edges(edges: pl.DataFrame) -> pl.DataFrame:
    absent = [default.alias(name) for name, default in _OPTIONAL_EDGE.items() if name not in edges]
    low, high = pl.min_horizontal("src", "dst"), pl.max_horizontal("src", "dst")
    return edges.with_columns(*absent, low.alias("src"), high.alias("dst"))


def _edge_items(edges: pl.DataFrame, keys: set[str]) -> list[dict[str, Any]]:
    between = edges.filter(
        pl.col("src").is_in(list(keys)),
        pl.col("dst").is_in(list(keys)),
        pl.col("src") != pl.col("dst"),
    )
    pairs = (
        between.sort("weight", descending=True, nulls_last=True)
        .group_by("src", "dst", maintain_order=True)
        .agg(*("relation", "evidence_count", "first_seen_at", "last_seen_at", "weight"))
        .sort("src", "dst")
    )
    weights = [_weight(row) for row in pairs.iter_rows(named=True)]
    heaviest = max(weights, default=0.0)
    return [
        _edge(row, weight, heaviest)
        for row, weight in zip(pairs.iter_rows(named=True), weights, strict=True)
    ]


def _weight(row: Mapping[str, Any]) -> float:
    return sum(one or 0.0 for one in row["weight"])


def _edge(row: Mapping[str, Any], weight: float, heaviest: float) -> dict[str, Any]:
    relations = list(dict.fromkeys(row["relation"]))
    return {
        "id": json.dumps([row["src"], row["dst"]]),  # whatever an id holds, no two are alike
        "from": row["src"],
        "to": row["dst"],
        "width": round(_between(EDGE_WIDTHS, _share(weight, heaviest)), 2),
        "weight": round(weight, 4),
        "title": _edge_lines(row),
        "relations": relations,
        "ties": _ties(row),
        "firm": any(relation in _FIRM for relation in relations),
    }


def _ties(row: Mapping[str, Any]) -> list[list[Any]]:
    """Of each relation: name, rows behind it, first and last day since 1970, weight."""
    columns = ("relation", "evidence_count", "first_seen_at", "last_seen_at", "weight")
    return [
        [relation, number, _day(first), _day(last), round(weight or 0.0, 4)]
        for relation, number, first, last, weight in zip(
            *(row[name] for name in columns), strict=True
        )
    ]


def _day(moment: datetime | str | None) -> int | None:
    if moment is None:
        return None
    day = date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment.date()
    return (day - _EPOCH).days


def _edge_lines(row: Mapping[str, Any]) -> list[str]:
    ties = zip(row["relation"], row["evidence_count"], strict=True)
    return [
        _sentence(theme.RELATION_LABELS.get(relation, visible(relation)))
        + (f" · {number:,} {'row' if number == 1 else 'rows'}" if number is not None else "")
        for relation, number in ties
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _share(value: float, most: float) -> float:
    return math.sqrt(max(value, 0.0) / most) if most > 0 else 0.0


def _between(bounds: tuple[float, float], share: float) -> float:
    low, high = bounds
    return low + (high - low) * min(share, 1.0)
