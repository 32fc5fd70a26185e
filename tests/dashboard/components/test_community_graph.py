"""The graph: what is drawn, where it stands, and what the browser may claim."""

from __future__ import annotations

import json
import math
from typing import Any

import polars as pl
import pytest

from dashboard.components.community_graph import MAX_NODES, network_of, place_around
from dashboard.components.community_graph.component import _event, payload
from dashboard.components.community_graph.placement import CLEARANCE, to_pixels

HOSTILE = "<img src=x onerror=alert(1)> href"


def nodes(number: int, **changes: Any) -> pl.DataFrame:
    """`number` buyers on a line, in the shape network_of takes."""
    frame = pl.DataFrame(
        {
            "key": [f"buyer:buy_{n}" for n in range(number)],
            "entity_type": ["buyer"] * number,
            "name": [f"buyer {n}" for n in range(number)],
            "x": [float(n) for n in range(number)],
            "y": [0.0] * number,
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in changes.items()})


def edges(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    """Edges in the shape network_of takes."""
    return pl.DataFrame(rows, schema=["src", "dst", "relation", "weight"], orient="row")


NO_EDGES = pl.DataFrame(
    schema={"src": pl.String, "dst": pl.String, "relation": pl.String, "weight": pl.Float64}
)


def test_the_focus_is_never_capped_away() -> None:
    """Beyond the cap the riskiest stay, and whoever was asked about."""
    many = nodes(400).with_columns(score=pl.int_range(400) / 400)
    drawn = {node["id"] for node in network_of(many, NO_EDGES, focus="buyer:buy_0").nodes}
    assert len(drawn) == MAX_NODES
    assert {"buyer:buy_0", "buyer:buy_399"} <= drawn


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
    assert [edge["id"] for edge in net.edges] == ["buyer:buy_0|buyer:buy_1"]
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


def test_the_revision_changes_with_the_network_only() -> None:
    """The same network is drawn once; another note or height does not redraw it."""
    first = payload(network_of(nodes(4), NO_EDGES), height=400, alt="a", note="")
    again = payload(network_of(nodes(4), NO_EDGES), height=500, alt="b", note="4 of 9")
    other = payload(network_of(nodes(5), NO_EDGES), height=400, alt="a", note="")
    assert first["revision"] == again["revision"] != other["revision"]


@pytest.mark.parametrize("claim", [None, {}, {"node": "merchant:x"}, {"node": 7, "edge": ["a"]}])
def test_only_ids_of_the_network_are_believed(claim: Any) -> None:
    """The browser cannot make the server open something that is not drawn."""
    net = network_of(nodes(2), NO_EDGES)
    known = {node["id"] for node in net.nodes}
    event = _event(claim, {"id": "merchant:x"}, net, known)
    assert (event.node, event.edge, event.expanded) == (None, None, None)
    assert _event({"node": "buyer:buy_1"}, None, net, known).node == "buyer:buy_1"


def test_an_empty_community_is_an_empty_network() -> None:
    """No nodes is a state, not an error."""
    net = network_of(nodes(0), NO_EDGES)
    assert net.nodes == []
    assert to_pixels(nodes(0)).is_empty()
    assert payload(net, height=10, alt="a", note="")["alt"] == "a: 0 entities, 0 links."


@pytest.mark.parametrize("number", [1, 2, 40, 150])
def test_placed_nodes_do_not_hide_each_other(number: int) -> None:
    """Even when the stored layout puts everything on one point or says nothing."""
    stacked = nodes(number, x=0.0, y=0.0)
    absent = nodes(number, x=None, y=None)
    for frame in (nodes(number), stacked, absent):
        placed = to_pixels(frame)
        points = list(placed.select("x", "y").iter_rows())
        assert all(math.isfinite(value) for point in points for value in point)
        assert _closest(points) > 15
        assert placed.equals(to_pixels(frame))


def test_newcomers_find_free_room_and_nobody_else_moves() -> None:
    """Deterministic, clear of every node, close to the anchor first."""
    placed = to_pixels(nodes(60))
    existing = {key: (x, y) for key, x, y in placed.select("key", "x", "y").iter_rows()}
    anchor = existing["buyer:buy_7"]
    new_ids = [f"merchant:mer_{n}" for n in range(30)]
    found = place_around(anchor, existing, [*new_ids, "buyer:buy_7", new_ids[0]])
    assert list(found) == new_ids
    assert found == place_around(anchor, existing, new_ids)
    assert _closest([*found.values()]) >= CLEARANCE
    for place in found.values():
        assert min(math.dist(place, other) for other in existing.values()) >= CLEARANCE
    assert math.dist(found[new_ids[0]], anchor) < 3 * CLEARANCE


def _closest(points: list[tuple[float, float]]) -> float:
    pairs = [math.dist(a, b) for i, a in enumerate(points) for b in points[:i]]
    return min(pairs, default=math.inf)
