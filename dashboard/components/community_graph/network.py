"""Two tidy frames become a pyvis Network: what to draw, not how it is dressed.

pyvis is the graph's Python API; the browser part replaces only its renderer.
Nodes carry meaning (`band`, `hidden`) rather than colours, so that the
same network follows the theme. Titles are lists of plain lines: the component
shows them as text, never as HTML.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import polars as pl
from pyvis.network import Network

from dashboard import theme
from dashboard.text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

# More than this is a hairball nobody reads; the table twin holds the rest.
MAX_NODES = 150
# Above this many nodes only the weightiest and the suspicious keep a label.
LABELLED_NODES = 22
NODE_SIZES = (9.0, 22.0)
EDGE_WIDTHS = (0.8, 3.2)
NODE_COLUMNS = {
    "key": "node key, merchant:mer_000001",
    "entity_type": "merchant | creator | product | buyer",
    "name": "as typed; escaped here",
    "x": "pixels, see placement.to_pixels",
    "y": "pixels, downwards",
    "band": "optional: CRIT | HIGH | MED | LOW or null",
    "score": "optional: 0..1",
    "weight": "optional: within-community weight, sets the size",
    "hidden": "optional: neighbours not drawn, shown as a badge",
    "note": "optional: one more line for the tooltip",
}
EDGE_COLUMNS = {
    "src": "node key",
    "dst": "node key",
    "relation": "shares_device, bought_from, ...",
    "weight": "optional: rarity weight, sets the width",
    "evidence_count": "optional: rows behind the link",
}
# Sharing one of these is hard to do by accident; the others are drawn dashed.
_IDENTIFIERS = ("device", "address", "payment_token", "bank_account")
_FIRM = frozenset({*_IDENTIFIERS, *(f"shares_{one}" for one in _IDENTIFIERS), "signed_in_device"})


def network_of(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    focus: str | None = None,
    max_nodes: int = MAX_NODES,
) -> Network:
    """The network of `nodes` (NODE_COLUMNS) and `edges` (EDGE_COLUMNS).

    `focus` is drawn with a ring and never dropped. Beyond `max_nodes` the
    riskiest and weightiest stay. Edges between the same two nodes become one;
    edges to a node that is not drawn are left out. `net.nodes` and `net.edges`
    hold what vis-network calls them plus `band`, `hidden`, `relations`.
    """
    capped = _capped(_complete_nodes(nodes), focus, max_nodes)
    net = Network(height="100%", width="100%", directed=False)
    for node in _node_items(capped, focus):
        net.add_node(node.pop("id"), **node)
    net.edges = _edge_items(_complete_edges(edges), set(capped["key"].to_list()))
    return net


def _complete_nodes(nodes: pl.DataFrame) -> pl.DataFrame:
    defaults: dict[str, pl.Expr] = {
        "band": pl.lit(None, pl.String),
        "score": pl.lit(None, pl.Float64),
        "weight": pl.lit(0.0),
        "hidden": pl.lit(0),
        "note": pl.lit(None, pl.String),
    }
    absent = [default.alias(name) for name, default in defaults.items() if name not in nodes]
    filled = nodes.with_columns(absent).with_columns(
        pl.col("weight").fill_null(0.0), pl.col("hidden").fill_null(0)
    )
    return filled.unique("key", keep="first", maintain_order=True)


def _capped(nodes: pl.DataFrame, focus: str | None, max_nodes: int) -> pl.DataFrame:
    order = [pl.col("key") == (focus or ""), pl.col("score"), pl.col("weight")]
    ranked = nodes.sort([*order, "key"], descending=[True, True, True, False], nulls_last=True)
    return ranked.head(max_nodes)


def _node_items(nodes: pl.DataFrame, focus: str | None) -> list[dict[str, Any]]:
    heaviest = max(nodes["weight"].to_list(), default=0.0)
    named = _named(nodes, focus)
    return [_node(row, heaviest, named, focus) for row in nodes.iter_rows(named=True)]


def _named(nodes: pl.DataFrame, focus: str | None) -> frozenset[str]:
    order = [pl.col("band") == "CRIT", pl.col("weight"), pl.col("key")]
    ranked = nodes.sort(order, descending=[True, True, False], nulls_last=True)
    return frozenset(ranked["key"].head(LABELLED_NODES).to_list()) | {focus or ""}


def _node(
    row: Mapping[str, Any], heaviest: float, named: frozenset[str], focus: str | None
) -> dict[str, Any]:
    return {
        "id": row["key"],
        "label": plain(row["name"], length=22) if row["key"] in named else " ",
        "title": _node_lines(row),
        "shape": theme.ENTITY_SHAPES.get(row["entity_type"], "dot"),
        "size": round(_between(NODE_SIZES, _share(row["weight"], heaviest)), 1),
        "x": round(float(row["x"]), 1),
        "y": round(float(row["y"]), 1),
        "band": row["band"] or "",
        "hidden": int(row["hidden"]),
        "focus": row["key"] == focus,
    }


def _node_lines(row: Mapping[str, Any]) -> list[str]:
    score = "" if row["score"] is None else f" · probability {row['score']:.2f}"
    band = theme.BAND_LABELS.get(row["band"] or "", "No score")
    label = theme.entity_label(row["entity_type"])
    hidden = f"{row['hidden']} more neighbours: double-click" if row["hidden"] else ""
    lines = [plain(row["name"], length=300), f"{label} · {band}{score}", row["note"], hidden]
    return [visible(line) for line in lines if line]


def _complete_edges(edges: pl.DataFrame) -> pl.DataFrame:
    defaults = {"weight": pl.lit(0.0), "evidence_count": pl.lit(None, pl.Int64)}
    absent = [default.alias(name) for name, default in defaults.items() if name not in edges]
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
        .agg("relation", "evidence_count", pl.col("weight").sum())
        .sort("src", "dst")
    )
    heaviest = max(pairs["weight"].to_list(), default=0.0)
    return [_edge(row, heaviest) for row in pairs.iter_rows(named=True)]


def _edge(row: Mapping[str, Any], heaviest: float) -> dict[str, Any]:
    relations = list(dict.fromkeys(row["relation"]))
    return {
        "id": json.dumps([row["src"], row["dst"]]),  # whatever an id holds, no two are alike
        "from": row["src"],
        "to": row["dst"],
        "width": round(_between(EDGE_WIDTHS, _share(row["weight"], heaviest)), 2),
        "title": _edge_lines(row),
        "relations": relations,
        "firm": any(relation in _FIRM for relation in relations),
    }


def _edge_lines(row: Mapping[str, Any]) -> list[str]:
    ties = zip(row["relation"], row["evidence_count"], strict=True)
    return [
        _sentence(theme.RELATION_LABELS.get(relation, visible(relation)))
        + (f" · {number:,} {'row' if number == 1 else 'rows'}" if number is not None else "")
        for relation, number in ties
    ]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(value: float, most: float) -> float:
    return math.sqrt(max(value, 0.0) / most) if most > 0 else 0.0


def _between(bounds: tuple[float, float], share: float) -> float:
    low, high = bounds
    return low + (high - low) * min(share, 1.0)
