"""A picture as files: nodes and edges as CSV, GraphML, and a page that needs no network.

Pure functions from the frames that are drawn to bytes, and the row of buttons that offers
them. Names are of the people under investigation: they are text in every format.
"""

from __future__ import annotations

import html
import re
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st
from pyvis.network import Network

from dashboard import text, theme
from dashboard.components.downloads import File, csv_bytes, download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

NODE_COLUMNS = (
    *("node_key", "entity_type", "entity_id", "name", "market", "score", "score_band"),
    *("weight", "hidden", "joined_on", "x", "y"),
)
EDGE_COLUMNS = (
    *("src", "dst", "relation", "weight", "evidence_count", "first_seen_at", "last_seen_at"),
)
PAGE_HEIGHT = "95vh"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# What pyvis loads from elsewhere even when its scripts are in the page: only looks.
_REMOTE = re.compile(r"<link[^>]*https?:[^>]*>|<script[^>]*\bsrc=[^>]*>\s*</script>")
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
)


def graph_downloads(nodes: pl.DataFrame, edges: pl.DataFrame, *, stem: str, key: str) -> None:
    """A row of buttons for the picture of `nodes` and `edges`, for those who may export."""
    files = (
        ("Nodes, CSV", f"{stem}-nodes.csv", "text/csv", nodes_csv),
        ("Links, CSV", f"{stem}-links.csv", "text/csv", edges_csv),
        ("GraphML", f"{stem}.graphml", "application/xml", graphml),
        ("Page, HTML", f"{stem}.html", "text/html", page_html),
    )
    with st.container(horizontal=True, gap="small"):
        for label, name, mime, made in files:
            download(
                label,
                partial(_file, made, nodes, edges),
                filename=name,
                mime=mime,
                key=f"{key}-{name}",
            )


def _file(
    made: Callable[[pl.DataFrame, pl.DataFrame], bytes], nodes: pl.DataFrame, edges: pl.DataFrame
) -> File:
    return File(made(nodes, edges), nodes.height + edges.height)


def nodes_csv(nodes: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """The nodes, a spreadsheet's way."""
    del edges
    return csv_bytes(_known(nodes, NODE_COLUMNS))


def edges_csv(nodes: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """The edges, a spreadsheet's way."""
    del nodes
    return csv_bytes(_known(edges, EDGE_COLUMNS))


def graphml(nodes: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """Both as GraphML (graphml.graphdrawing.org), every column an attribute."""
    nodes, edges = _known(nodes, NODE_COLUMNS), _known(edges, EDGE_COLUMNS)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<graphml xmlns="{_NAMESPACE}">',
            *_keys("node", nodes.drop("node_key")),
            *_keys("edge", edges.drop("src", "dst")),
            '<graph id="G" edgedefault="undirected">',
            *_elements(nodes),
            *_edge_elements(edges),
            "</graph>",
            "</graphml>",
        ]
    ).encode()


def page_html(nodes: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """A page that draws the picture with pyvis, scripts inside and no address outside."""
    net = Network(height=PAGE_HEIGHT, width="100%", cdn_resources="in_line")
    net.toggle_physics(status="x" not in nodes.columns)
    for row in nodes.iter_rows(named=True):
        net.add_node(row["node_key"], **_drawn_node(row))
    keys = set(nodes["node_key"])
    for row in edges.filter(pl.col("src").is_in(keys), pl.col("dst").is_in(keys)).to_dicts():
        net.add_edge(row["src"], row["dst"], title=_relation(row))
    page = _REMOTE.sub("", net.generate_html(notebook=False))
    return page.replace("<head>", f"<head>{_POLICY}", 1).encode()


def _known(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The columns that a file has, times as ISO text: of a picture not all are there."""
    there = frame.select(name for name in columns if name in frame.columns)
    return there.with_columns(pl.selectors.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S"))


def _keys(kind: str, frame: pl.DataFrame) -> Iterator[str]:
    for name, dtype in frame.schema.items():
        number = "string"
        if dtype.is_numeric():
            number = "long" if dtype.is_integer() else "double"
        yield (f'<key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="{number}"/>')


def _elements(nodes: pl.DataFrame) -> Iterator[str]:
    for row in nodes.iter_rows(named=True):
        yield f'<node id="{_xml(row.pop("node_key"))}">{_data("node", row)}</node>'


def _edge_elements(edges: pl.DataFrame) -> Iterator[str]:
    for number, row in enumerate(edges.iter_rows(named=True)):
        src, dst = _xml(row.pop("src")), _xml(row.pop("dst"))
        yield f'<edge id="e{number}" source="{src}" target="{dst}">{_data("edge", row)}</edge>'


def _data(kind: str, row: Mapping[str, Any]) -> str:
    return "".join(
        f'<data key="{kind}_{name}">{_xml(value)}</data>'
        for name, value in row.items()
        if value is not None
    )


def _xml(value: object) -> str:
    """A value as XML: what XML cannot hold is shown as its code point."""
    return html.escape(text.visible(value), quote=True)


def _drawn_node(row: Mapping[str, Any]) -> dict[str, Any]:
    name = text.plain(row["name"])
    kind = theme.entity_label(row["entity_type"])
    drawn = {
        "label": name,
        "title": f"{kind} {text.visible(row['entity_id'])}: {name}",
        "shape": theme.ENTITY_SHAPES.get(row["entity_type"], "dot"),
    }
    is_placed = row.get("x") is not None and row.get("y") is not None
    return {**drawn, "x": row["x"], "y": row["y"]} if is_placed else drawn


def _relation(row: Mapping[str, Any]) -> str:
    label = theme.RELATION_LABELS.get(row["relation"], text.visible(row["relation"]))
    return f"{label}, {text.plural(row['evidence_count'] or 0, 'row')}"
