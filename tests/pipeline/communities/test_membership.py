"""A partition, one seed one answer, names that last."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import polars as pl

from pipeline.communities.membership import clusters, joined_by_trade
from pipeline.lasting_ids import Naming, with_ids
from tests.pipeline import tiny
from tests.pipeline.communities.rings import (
    FAMILY,
    LONG_AGO,
    MALL,
    RING,
    SETTINGS,
    SHOP,
    TRADE,
    clique,
    edges,
    node,
)

NAMING = Naming("com_", SETTINGS.min_members, SETTINGS.min_overlap)


def named(graph: pl.DataFrame, previous: pl.DataFrame | None = None) -> dict[str, str]:
    """Community id of each node."""
    grouped = joined_by_trade(clusters(graph, SETTINGS), graph, tiny.AS_OF, SETTINGS)
    return dict(with_ids(grouped, previous, NAMING).select("node", "group_id").iter_rows())


def as_members(ids: dict[str, str]) -> pl.DataFrame:
    """The way an earlier build remembers its communities."""
    rows = [(name, *key.split(":")) for key, name in ids.items()]
    return pl.DataFrame(rows, schema=["group_id", "entity_type", "entity_id"], orient="row")


def test_rings_are_found_and_pairs_are_not() -> None:
    """Two cliques, two communities; two people are a link."""
    ids = named(edges(*RING, *FAMILY, *clique(range(40, 42))))
    assert len(ids) == 16
    assert len(set(ids.values())) == 2


def test_each_node_is_in_one_community() -> None:
    """A partition, also where cliques touch and sellers join."""
    bridge = (node("buyer", 11), node("buyer", 20), "shares_device")
    graph = edges(*RING, *FAMILY, bridge, *TRADE)
    grouped = joined_by_trade(clusters(graph, SETTINGS), graph, tiny.AS_OF, SETTINGS)
    assert grouped["node"].is_unique().all()


def test_same_seed_same_labels() -> None:
    """The order of the rows does not matter either."""
    graph = edges(*RING, *FAMILY, *TRADE)
    assert named(graph) == named(graph.reverse())


def test_the_last_bits_of_a_weight_choose_no_community() -> None:
    """A circle of equal ties can be cut anywhere; another engine adds them up in another order."""
    ends = [(node("buyer", n), node("buyer", (n + 1) % 99)) for n in range(99)]
    circle = edges(*((min(pair), max(pair), "shares_device") for pair in ends))
    graph = circle.with_columns(weight=pl.lit(0.1) + pl.lit(0.2) + pl.lit(0.3))
    other = circle.with_columns(
        weight=pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.lit(0.3) + pl.lit(0.2) + pl.lit(0.1))
        .otherwise(graph["weight"])
    )
    assert not graph["weight"].equals(other["weight"])
    assert clusters(graph, SETTINGS).equals(clusters(other, SETTINGS))


def test_a_shop_joins_the_ring_it_lives_on_and_a_popular_one_does_not() -> None:
    """All six buyers of one shop are members; of the other's 81, three are."""
    ids = named(edges(*RING, *TRADE))
    assert ids[SHOP] == ids[node("buyer", 0)]
    assert MALL not in ids


def test_old_trade_joins_nobody() -> None:
    """Purchases older than the window are not part of the picture."""
    ids = named(pl.concat([edges(*RING), edges(*TRADE, last_seen=LONG_AGO)]))
    assert SHOP not in ids


def test_shops_of_one_ring_arrive_together() -> None:
    """Sellers tied to each other move as one unit to the buyers they share."""
    shops = [node("merchant", n) for n in range(5, 8)]
    ties = [(a, b, "shares_buyers") for a, b in combinations(shops, 2)]
    trade = [(node("buyer", n), shops[n % 2], "bought_from") for n in range(10)]
    ids = named(edges(*RING, *ties, *trade))
    assert {ids[shop] for shop in shops} == {ids[node("buyer", 0)]}


def test_a_newcomer_renames_nobody() -> None:
    """With or without the memory of the last build."""
    before = named(edges(*RING, *FAMILY))
    grown = edges(*RING, *FAMILY, *[(node("buyer", 0), node("buyer", 99), "shares_device")])
    assert before.items() <= named(grown).items()
    assert before.items() <= named(grown, as_members(before)).items()


def test_ids_survive_the_loss_of_their_first_member() -> None:
    """The anchor of a name may leave; the community is still the same."""
    before = named(edges(*RING, *FAMILY))
    left = edges(*clique(range(2, 12)), *FAMILY)
    after = named(left, as_members(before))
    assert after.items() <= before.items()
    assert named(left)[node("buyer", 5)] != before[node("buyer", 5)]


def test_a_split_community_leaves_its_name_to_the_larger_part() -> None:
    """One to one: the other part gets a new name, never an old one."""
    before = named(edges(*RING))
    after = named(edges(*clique(range(8)), *clique(range(8, 12))), as_members(before))
    assert after[node("buyer", 0)] == before[node("buyer", 0)]
    assert after[node("buyer", 9)] not in before.values()


def test_resolution_is_the_mean_tie_a_community_exceeds() -> None:
    """Ring and family with one bridge: 73 ties among 120 pairs hold at 0.02, not at 0.5."""
    bridge = (node("buyer", 11), node("buyer", 20), "shares_device")
    graph = edges(*RING, *FAMILY, bridge)
    coarse = clusters(graph, SETTINGS)["cluster"].n_unique()
    fine = clusters(graph, replace(SETTINGS, resolution=0.5))["cluster"].n_unique()
    assert (coarse, fine) == (1, 2)


def test_chained_households_stay_apart() -> None:
    """Forty families, each tied to the next by one person, are not one community."""
    families = [clique(range(4 * n, 4 * n + 4)) for n in range(40)]
    doors = [(node("buyer", 4 * n), node("buyer", 4 * n + 5), "shares_device") for n in range(39)]
    ids = named(edges(*[tie for family in families for tie in family], *doors))
    assert len(set(ids.values())) > 10
    assert len({ids[node("buyer", n)] for n in range(4)}) == 1
