"""A picture as files: everything that was drawn is in them, and no name does anything."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import networkx as nx
import polars as pl

from dashboard.components import graph_files

HOSTILE = '</script><img src="https://evil.example/x" onerror=alert(1)>&\x00\x1f"]]>'
NODES = pl.DataFrame(
    {
        "node_key": ['buyer:b"1<', "merchant:m1", "ip:ip_123456789"],
        "entity_type": ["buyer", "merchant", "ip"],
        "entity_id": ['b"1<', "m1", "ip_123456789"],
        "name": [HOSTILE, "=HYPERLINK(1)", ""],
        "market": ["SG", "SG", None],
        "score": [0.5, None, None],
        "score_band": ["HIGH", None, None],
        "weight": [1.0, 2.0, 0.0],
        "hidden": [3, 0, 29],
        "joined_on": ["2026-05-01", "2026-05-01", None],
        "x": [0.0, 10.0, 20.0],
        "y": [0.0, 5.0, 10.0],
    }
)
EDGES = pl.DataFrame(
    {
        "src": ['buyer:b"1<', 'buyer:b"1<', 'buyer:b"1<'],
        "dst": ["merchant:m1", "merchant:m1", "ip:ip_123456789"],
        "relation": ["bought_from", "shares_address", "ip"],
        "weight": [0.25, 0.5, 0.1],
        "evidence_count": [2, 1, 4],
    }
).with_columns(first_seen_at=pl.datetime(2026, 5, 1, 12), last_seen_at=pl.datetime(2026, 5, 3, 12))


class Page(HTMLParser):
    """Tags, and whatever they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and its addresses."""
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]


def test_graphml_opens_elsewhere_with_every_node_edge_and_fact() -> None:
    """Read back by another program's parser; two relations of one pair are two edges."""
    graph = nx.parse_graphml(graph_files.graphml(NODES, EDGES).decode(), force_multigraph=True)
    assert set(graph.nodes) == set(NODES["node_key"])
    assert graph.number_of_edges() == EDGES.height
    buyer = graph.nodes['buyer:b"1<']
    assert (buyer["score"], buyer["hidden"], buyer["joined_on"]) == (0.5, 3, "2026-05-01")
    assert buyer["name"].startswith('</script><img src="https://evil.example/x"')
    ties = graph.get_edge_data('buyer:b"1<', "merchant:m1").values()
    assert {tie["relation"]: tie["evidence_count"] for tie in ties} == {
        "bought_from": 2,
        "shares_address": 1,
    }
    assert {tie["first_seen_at"] for tie in ties} == {"2026-05-01T12:00:00"}


def test_csv_has_what_was_drawn_and_no_formula() -> None:
    """One file of nodes, one of edges."""
    nodes = _rows(graph_files.nodes_csv(NODES, EDGES))
    assert [row["entity_id"] for row in nodes] == NODES["entity_id"].to_list()
    assert nodes[1]["name"] == "'=HYPERLINK(1)"
    edges = _rows(graph_files.edges_csv(NODES, EDGES))
    assert [row["evidence_count"] for row in edges] == ["2", "1", "4"]


def _rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def test_the_page_loads_nothing_and_no_name_becomes_a_tag() -> None:
    """It opens on a machine without a network, and shows names as text."""
    page = Page()
    source = graph_files.page_html(NODES, EDGES).decode()
    page.feed(source)
    assert [one for one in page.loaded if one.startswith(("http", "//"))] == []
    assert "img" not in page.tags
    assert "default-src 'none'" in source
    assert "evil.example/x" in source  # as text of a label
    assert "</script><img" not in source


def test_a_picture_of_nobody_can_be_saved_too() -> None:
    """Without edges, times or places a file is short, not broken."""
    nodes = NODES.head(0).drop("x", "y")
    graph = nx.parse_graphml(graph_files.graphml(nodes, EDGES.head(0)).decode())
    assert graph.number_of_nodes() == 0
    assert graph_files.page_html(nodes, EDGES.head(0))
