"""Clusters of suspects: dense evidence holds, a flatmate falls off, cells come together."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import polars as pl
import pytest

from pipeline.rings.actors import (
    clusters_of,
    joined,
    pair_weights,
    with_likely_members,
    without_hangers_on,
)
from pipeline.settings.rings import RingSettings

SETTINGS = RingSettings()
RING, OTHER = range(8), range(20, 26)
Tie = tuple[str, str, float]


def node(number: int) -> str:
    """Key of an account."""
    return f"buyer:{number:03d}"


def clique(numbers: range, weight: float = 1.0) -> list[Tie]:
    """Accounts that all share one thing."""
    return [(node(a), node(b), weight) for a, b in combinations(numbers, 2)]


def ties(*rows: Tie) -> pl.DataFrame:
    """Ties as `rings.ties` holds them."""
    return pl.DataFrame(rows, schema=["src", "dst", "weight"], orient="row")


def suspects(**typologies: str) -> pl.DataFrame:
    """Every account is suspect of T3, but those named as n20="T9"."""
    names = {f"n{n}": n for n in range(40)}
    rows = [(node(n), typologies.get(key, "T3"), 0.9) for key, n in names.items()]
    return pl.DataFrame(rows, schema=["node", "typology", "suspicion"], orient="row")


def members(clusters: pl.DataFrame) -> set[frozenset[str]]:
    """The clusters as sets of nodes."""
    groups = clusters.group_by("cluster").agg("node")["node"]
    return {frozenset(group) for group in groups.to_list()}


def test_ties_of_a_pair_add_up_to_a_limit() -> None:
    """Ten things in common are worth no more than `pair_weight`, in either order of rows."""
    rows = [(node(1), node(2), 0.4)] * 10 + [(node(1), node(3), 0.25)]
    expected = [(node(1), node(2), SETTINGS.pair_weight), (node(1), node(3), 0.25)]
    for frame in (ties(*rows), ties(*reversed(rows))):
        assert pair_weights(frame, SETTINGS).rows() == expected


def test_two_dense_groups_are_two_clusters_whatever_the_order() -> None:
    """One weak tie between them changes nothing; neither does the order of the rows."""
    bridge = (node(0), node(20), 0.1)
    graph = ties(*clique(RING), *clique(OTHER), bridge)
    groups = {frozenset(map(node, RING)), frozenset(map(node, OTHER))}
    for frame in (graph, graph.reverse()):
        assert members(clusters_of(pair_weights(frame, SETTINGS), SETTINGS)) == groups


def test_no_tie_is_no_cluster() -> None:
    """A build without suspects has no rings and does not fail."""
    nothing = ties().cast({"src": pl.String, "dst": pl.String, "weight": pl.Float64})
    assert clusters_of(pair_weights(nothing, SETTINGS), SETTINGS).is_empty()


@pytest.mark.parametrize(
    ("typology", "ties_to_the_ring", "stays"),
    [("T9", 1, False), ("T9", 3, True), ("T3", 1, True)],
)
def test_a_flatmate_falls_off_and_an_accomplice_stays(
    typology: str, ties_to_the_ring: int, *, stays: bool
) -> None:
    """Another typology needs several ties; the ring's own needs one."""
    graph = ties(*clique(RING), *[(node(n), node(30), 1.0) for n in range(ties_to_the_ring)])
    together = pl.DataFrame({"node": list(map(node, [*RING, 30])), "cluster": 0})
    kept = without_hangers_on(together, graph, suspects(n30=typology), SETTINGS)
    assert (node(30) in kept["node"].to_list()) is stays
    assert set(map(node, RING)) <= set(kept["node"])


def test_cells_come_together_by_ties_of_many_members() -> None:
    """Three of the six accounts of a cell tied to another cell join it, one does not."""
    apart = pl.DataFrame(
        {"node": list(map(node, [*RING, *OTHER])), "cluster": [0] * len(RING) + [1] * len(OTHER)}
    )
    links = [(node(n), node(20 + n), 1.0) for n in range(3)]
    assert len(members(joined(apart, ties(*links), SETTINGS))) == 1
    assert len(members(joined(apart, ties(*links[:1]), SETTINGS))) == 2
    never = replace(SETTINGS, join_rounds=0)
    assert len(members(joined(apart, ties(*links), never))) == 2


def test_one_go_between_joins_no_clusters() -> None:
    """Five of one who all know one of the other are no common plan; two of each are."""
    together = pl.DataFrame(
        {"node": list(map(node, [*RING, *OTHER])), "cluster": [0] * len(RING) + [1] * len(OTHER)}
    )
    inside = [*clique(RING), *clique(OTHER)]
    one = [(node(0), node(n), 1.0) for n in OTHER]
    two = [*one, *[(node(1), node(n), 1.0) for n in OTHER]]
    assert joined(together, ties(*inside, *one), SETTINGS)["cluster"].n_unique() == 2
    assert joined(together, ties(*inside, *two), SETTINGS)["cluster"].n_unique() == 1


@pytest.mark.parametrize(
    ("suspicion", "is_crowd", "stays"), [(0.4, False, False), (0.6, False, True), (0.3, True, True)]
)
def test_hints_alone_are_no_ring(suspicion: float, *, is_crowd: bool, stays: bool) -> None:
    """Shops with one warehouse; somebody likely bad, or an odd crowd, makes it a ring."""
    clusters = pl.DataFrame({"node": list(map(node, RING)), "cluster": 0})
    who = pl.DataFrame({"node": clusters["node"], "suspicion": 0.35, "is_crowd": is_crowd})
    who = who.with_columns(
        suspicion=pl.when(pl.col("node") == node(0)).then(suspicion).otherwise("suspicion")
    )
    assert with_likely_members(clusters, who, SETTINGS).is_empty() is not stays
