"""Things as nodes: they replace the lines that they say, and stand by those who use them."""

from __future__ import annotations

import math

import polars as pl

from dashboard.view_models.shared_things import (
    is_simpler,
    room_for_things,
    things_placed,
    without_replaced,
)

SCHEMA = ["src", "dst", "relation", "weight"]


def edges(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Lines of a picture, or links to things."""
    return pl.DataFrame([(*row, 1.0) for row in rows], schema=SCHEMA, orient="row")


def everybody(*names: str, by: str) -> pl.DataFrame:
    """A line between every two."""
    pairs = [(one, other, by) for one in names for other in names if one < other]
    return edges(*pairs)


def circle(count: int, radius: float = 300.0) -> pl.DataFrame:
    """Subjects on a circle."""
    angles = [2 * math.pi * n / count for n in range(count)]
    return pl.DataFrame(
        {
            "node_key": [f"buyer:{n}" for n in range(count)],
            "x": [radius * math.cos(angle) for angle in angles],
            "y": [radius * math.sin(angle) for angle in angles],
        }
    )


def test_a_thing_replaces_the_lines_of_its_kind_between_its_users() -> None:
    """A trade, another kind of thing and a pair of which one does not use it stay."""
    lines = edges(
        ("buyer:a", "buyer:b", "shares_device"),
        ("buyer:b", "buyer:a", "device"),
        ("buyer:a", "buyer:b", "shares_address"),
        ("buyer:a", "buyer:c", "shares_device"),
        ("buyer:a", "merchant:m", "bought_from"),
    )
    links = edges(("buyer:a", "device:d", "device"), ("buyer:b", "device:d", "device"))
    left = without_replaced(lines, links)
    assert left.select("src", "dst", "relation").rows() == [
        ("buyer:a", "buyer:b", "shares_address"),
        ("buyer:a", "buyer:c", "shares_device"),
        ("buyer:a", "merchant:m", "bought_from"),
    ]
    assert left.columns == lines.columns


def test_a_dormitory_is_simpler_as_a_star_and_a_pair_is_not() -> None:
    """Fifty who share one address; two who share one device gain a node and a line."""
    names = [f"buyer:{n:02}" for n in range(50)]
    clique = everybody(*names, by="shares_address")
    links = edges(*((name, "address:home", "address") for name in names))
    assert is_simpler(50, clique, without_replaced(clique, links), links)
    pair = everybody("buyer:a", "buyer:b", by="shares_device")
    own = edges(("buyer:a", "device:d", "device"), ("buyer:b", "device:d", "device"))
    assert not is_simpler(2, pair, without_replaced(pair, own), own)
    assert not is_simpler(2, pair, pair, own.clear())


def test_a_thing_stands_beyond_its_users_or_amid_them() -> None:
    """Of neighbours outside, of all in the middle; nobody is covered and nobody moves."""
    nodes = circle(24)
    near = [(f"buyer:{n}", "device:d", "device") for n in (23, 0, 1)]
    every = [(f"buyer:{n}", "ip:i", "ip") for n in range(24)]
    places = things_placed(nodes, ["device:d", "ip:i"], edges(*near, *every))
    assert places["device:d"][0] > 330
    assert abs(places["device:d"][1]) < 40
    assert math.hypot(*places["ip:i"]) < 60
    crowd = [(f"buyer:{n}", f"device:{k}", "device") for k in range(12) for n in (0, 1)]
    spots = list(things_placed(nodes, [f"device:{k}" for k in range(12)], edges(*crowd)).values())
    fixed = list(nodes.select("x", "y").iter_rows())
    for place, spot in enumerate(spots):
        assert all(math.dist(spot, other) > 40 for other in spots[:place])
        assert all(math.dist(spot, other) > 30 for other in fixed)


def test_a_full_picture_keeps_some_room_for_things() -> None:
    """A dormitory of 150 has one address, which is the picture."""
    assert room_for_things(10) == 140
    assert room_for_things(150) == 30
