"""What travels to the browser, and what the browser may claim."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.components.community_graph import GraphLook, network_of
from dashboard.components.community_graph.component import _event, payload
from dashboard.components.community_graph.placement import to_pixels
from tests.dashboard.components.community_graph.frames import NO_EDGES, nodes


def test_the_revision_changes_with_the_network_only() -> None:
    """The same network is drawn once; another height does not redraw it."""
    first = payload(network_of(nodes(4), NO_EDGES), GraphLook(400, "a"))
    again = payload(network_of(nodes(4), NO_EDGES), GraphLook(500, "b"))
    other = payload(network_of(nodes(5), NO_EDGES), GraphLook(400, "a"))
    assert first["revision"] == again["revision"] != other["revision"]


@pytest.mark.parametrize("claim", [None, {}, {"node": "merchant:x"}, {"node": 7, "edge": ["a"]}])
def test_only_ids_of_the_network_are_believed(claim: Any) -> None:
    """The browser cannot make the server open something that is not drawn."""
    net = network_of(nodes(2), NO_EDGES)
    keys = {node["id"] for node in net.nodes}
    event = _event(claim, {"id": "merchant:x"}, net, keys)
    assert (event.node, event.edge, event.expanded) == (None, None, None)
    assert _event({"node": "buyer:buy_1"}, None, net, keys).node == "buyer:buy_1"


def test_an_empty_community_is_an_empty_network() -> None:
    """No nodes is a state, not an error."""
    net = network_of(nodes(0), NO_EDGES)
    assert net.nodes == []
    assert to_pixels(nodes(0)).is_empty()
    assert payload(net, GraphLook(10, "a"))["alt"] == "a: 0 entities, 0 links."
