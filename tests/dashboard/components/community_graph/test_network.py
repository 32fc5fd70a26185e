"""What is drawn: who stays, how ties are joined, and that names stay text."""

from __future__ import annotations

import json

import polars as pl

from dashboard.components.community_graph import network_of
from dashboard.view_models.neighbourhood import NODE_LIMIT
from tests.dashboard.components.community_graph.frames import NO_EDGES, edges, nodes

HOSTILE = "<img src=x onerror=alert(1)> href"


def test_the_focus_is_never_capped_away() -> None:
    """Beyond the cap the riskiest stay, and whoever was asked about."""
    many = nodes(400).with_columns(score=pl.int_range(400) / 400)
    keys = {node["id"] for node in network_of(many, NO_EDGES, focus="buyer:buy_0").nodes}
    assert len(keys) == NODE_LIMIT
    assert {"buyer:buy_0", "buyer:buy_399"} <= keys


def test_links_between_two_nodes_become_one_line() -> None:
    """Both directions and all relations are one edge that names each relation."""
    net = network_of(
        nodes(3),
        edges(
            ("buyer:buy_0", "buyer:buy_1", "shares_device", 0.5),
            ("buyer:buy_1", "buyer:buy_0", "shares_ip", 0.1),
            ("buyer:buy_1", "buyer:buy_1", "shares_ip", 0.1),
            ("buyer:buy_1", "buyer:elsewhere", "shares_ip", 0.1),
        ),
    )
    assert [edge["id"] for edge in net.edges] == ['["buyer:buy_0", "buyer:buy_1"]']
    assert net.edges[0]["relations"] == ["shares_device", "shares_ip"]
    assert net.edges[0]["title"] == ["Same device", "Same IP address"]
    assert net.edges[0]["firm"]


def test_rarer_links_are_wider_and_heavier_members_larger() -> None:
    """Width follows rarity weight, size follows weight, both within bounds."""
    frame = nodes(3).with_columns(weight=pl.Series([0.0, 1.0, 4.0]))
    net = network_of(
        frame,
        edges(
            ("buyer:buy_0", "buyer:buy_1", "shares_device", 0.1),
            ("buyer:buy_1", "buyer:buy_2", "shares_device", 1.4),
        ),
    )
    by_id = {node["id"]: node["size"] for node in net.nodes}
    assert by_id["buyer:buy_0"] < by_id["buyer:buy_1"] < by_id["buyer:buy_2"]
    assert net.edges[0]["width"] < net.edges[1]["width"]


def test_names_are_shortened_and_stay_text() -> None:
    """Titles are lists of plain lines, so nothing can be read as markup."""
    node = network_of(nodes(1, name=HOSTILE * 9, note="\u202enote"), NO_EDGES).nodes[0]
    assert isinstance(node["title"], list)
    assert node["title"][0].startswith("<img")
    assert len(node["label"]) <= 22
    assert "\u202e" not in json.dumps(node, ensure_ascii=False)
    assert network_of(nodes(1, name=""), NO_EDGES).nodes[0]["label"] == "(no name)"
