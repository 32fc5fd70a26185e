"""More subjects than a picture holds: rings fold, ties follow, nobody is lost unsaid."""

from __future__ import annotations

import polars as pl

from dashboard.components.community_graph import network_of
from dashboard.view_models.neighbourhood import HARD_CAP
from tests.dashboard.components.community_graph.frames import NO_EDGES, edges, nodes


def crowd(number: int, rings: int) -> pl.DataFrame:
    """`number` buyers in `rings` rings of equal size, each ring riskier than the one before."""
    return nodes(number).with_columns(
        ring_id=pl.format("rng_{}", pl.int_range(pl.len()) % rings),
        ring_title=pl.lit("Brushing"),
        score=(pl.int_range(pl.len()) % rings) / rings,
    )


def test_the_least_risky_rings_fold_first_and_only_as_many_as_must() -> None:
    """600 in ten rings of 60 on a picture of at most 500: two fold, all are counted."""
    net = network_of(crowd(600, 10), NO_EDGES, max_nodes=9_999)
    folded = {node["id"]: node["count"] for node in net.nodes if node["count"]}
    assert folded == {"ring:rng_0": 60, "ring:rng_1": 60}
    assert len(net.nodes) == 482 <= HARD_CAP
    assert sum(node["count"] or 1 for node in net.nodes) == 600


def test_ties_of_the_folded_lead_to_what_stands_for_them() -> None:
    """One line for many, as strong as all of them; ties inside are inside."""
    net = network_of(
        crowd(6, 2),
        edges(
            ("buyer:buy_0", "buyer:buy_2", "shares_device", 1.0),
            ("buyer:buy_0", "buyer:buy_1", "shares_device", 1.0),
            ("buyer:buy_4", "buyer:buy_1", "shares_device", 2.0),
        ),
        max_nodes=5,
    )
    assert [(edge["from"], edge["to"], edge["weight"]) for edge in net.edges] == [
        ("buyer:buy_1", "ring:rng_0", 3.0)
    ]


def test_the_ring_that_was_asked_about_stays_open() -> None:
    """Whoever is looked at is drawn as itself, with its own."""
    keys = {
        node["id"]
        for node in network_of(crowd(6, 2), NO_EDGES, focus="buyer:buy_0", max_nodes=4).nodes
    }
    assert {"buyer:buy_0", "buyer:buy_2", "buyer:buy_4", "ring:rng_1"} == keys


def test_a_ring_that_was_opened_stays_open_and_another_folds() -> None:
    """A double-click on what stands for a ring draws its members."""
    net = network_of(crowd(600, 10), NO_EDGES, max_nodes=9_999, opened=["ring:rng_0"])
    assert {node["id"] for node in net.nodes if node["count"]} == {"ring:rng_1", "ring:rng_2"}
    assert len(net.nodes) == 482
