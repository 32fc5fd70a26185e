"""Where nodes stand: apart, deterministic, and nobody moves for a newcomer."""

from __future__ import annotations

import math

import pytest

from dashboard.components.community_graph import place_around
from dashboard.components.community_graph.placement import CLEARANCE, to_pixels
from tests.dashboard.components.community_graph.frames import nodes


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
    places = place_around(anchor, existing, [*new_ids, "buyer:buy_7", new_ids[0]])
    assert list(places) == new_ids
    assert places == place_around(anchor, existing, new_ids)
    assert _closest([*places.values()]) >= CLEARANCE
    for place in places.values():
        assert min(math.dist(place, other) for other in existing.values()) >= CLEARANCE
    assert math.dist(places[new_ids[0]], anchor) < 3 * CLEARANCE


def _closest(points: list[tuple[float, float]]) -> float:
    pairs = [math.dist(a, b) for i, a in enumerate(points) for b in points[:i]]
    return min(pairs, default=math.inf)
