"""Where members of a ring stand: apart, the same for everybody, accounts by their shop."""

from __future__ import annotations

from math import dist

import polars as pl
import pytest

from dashboard.view_models.ring_places import SPACING, with_places

APART = 0.6 * SPACING


def members(shops: int, accounts: int, listings: int = 0) -> pl.DataFrame:
    """So many of each."""
    keys = [f"merchant:{n}" for n in range(shops)]
    keys += [f"product:{n}" for n in range(listings)] + [f"buyer:{n}" for n in range(accounts)]
    types = [key.split(":")[0] for key in keys]
    return pl.DataFrame(
        {"node_key": keys, "entity_type": types},
        schema={"node_key": pl.String, "entity_type": pl.String},
    )


def trade(shops: int, accounts: int, listings: int = 0) -> pl.DataFrame:
    """Every account buys three times of its own shop, once of the next; listings are theirs."""
    rows = [(f"merchant:{n % shops}", f"product:{n}", 1.0) for n in range(listings) if shops]
    for n in range(accounts if shops else 0):
        rows.append((f"buyer:{n}", f"merchant:{n % shops}", 3.0))
        if n % shops != (n + 1) % shops:
            rows.append((f"buyer:{n}", f"merchant:{(n + 1) % shops}", 1.0))
    return pl.DataFrame(
        rows, schema={"src": pl.String, "dst": pl.String, "weight": pl.Float64}, orient="row"
    )


def places(frame: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Of each key."""
    return {key: (x, y) for key, x, y in frame.select("node_key", "x", "y").iter_rows()}


@pytest.mark.parametrize(
    "sizes", [(3, 25, 8), (4, 41, 6), (1, 9, 0), (0, 30, 0), (4, 0, 18), (2, 0, 0), (6, 480, 14)]
)
def test_nobody_hides_another_and_all_see_the_same(sizes: tuple[int, int, int]) -> None:
    """Whatever the make-up, and in whatever order the rows come."""
    nodes, edges = members(*sizes), trade(*sizes)
    placed = with_places(nodes, edges)
    assert placed.equals(with_places(nodes, edges.reverse()))
    points = [*places(placed).values()]
    assert min(dist(a, b) for n, a in enumerate(points) for b in points[:n]) > APART


def test_a_shop_of_many_listings_and_no_workers_has_room_for_them() -> None:
    """Its sector is as wide as what stands in it."""
    rows = [("merchant:0", f"product:{n}", 1.0) for n in range(9)]
    rows += [(f"buyer:{n}", "merchant:1", 1.0) for n in range(20)]
    edges = pl.DataFrame(rows, schema=["src", "dst", "weight"], orient="row")
    points = [*places(with_places(members(2, 20, 9), edges)).values()]
    assert min(dist(a, b) for n, a in enumerate(points) for b in points[:n]) > APART


def test_workers_stand_by_the_shop_they_serve_most() -> None:
    """Each nearer to its own shop than to the mean of the others, shops within the accounts."""
    placed = with_places(members(3, 24, 6), trade(3, 24, 6))
    at = places(placed)
    home = dict(placed.select("node_key", "home").iter_rows())
    assert home["buyer:4"] == home["product:4"] == "merchant:1"
    assert home["merchant:1"] is None
    for n in range(24):
        own, *others = (at[f"merchant:{(n + step) % 3}"] for step in range(3))
        here = at[f"buyer:{n}"]
        assert dist(here, own) < sum(dist(here, other) for other in others) / 2
    centre = (0.0, 0.0)
    assert max(dist(at[f"merchant:{n}"], centre) for n in range(3)) < min(
        dist(at[f"buyer:{n}"], centre) for n in range(24)
    )


def test_who_deals_with_no_shop_stands_by_those_it_is_tied_to() -> None:
    """A friend of a worker is in the worker's sector, and no home is claimed for it."""
    nodes = members(2, 13)
    ties = trade(2, 12).extend(
        pl.DataFrame([("buyer:12", "buyer:3", 1.0)], schema=["src", "dst", "weight"], orient="row")
    )
    placed = with_places(nodes, ties)
    at, home = places(placed), dict(placed.select("node_key", "home").iter_rows())
    assert home["buyer:12"] is None
    assert dist(at["buyer:12"], at["merchant:1"]) < dist(at["buyer:12"], at["merchant:0"])


def test_one_shop_is_the_middle_and_tied_accounts_are_neighbours() -> None:
    """Accounts on one device stand side by side."""
    pairs = [(f"buyer:{n}", f"buyer:{n + 6}", 1.0) for n in range(6)]
    ties = pl.DataFrame(pairs, schema=["src", "dst", "weight"], orient="row")
    at = places(with_places(members(1, 12), pl.concat([trade(1, 12), ties])))
    assert at["merchant:0"] == (0.0, 0.0)
    assert all(dist(at[one], at[other]) < 1.5 * SPACING for one, other, _ in pairs)
