"""What every graph store answers, on the same graph."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

import queries
from queries.graph_stores import LINK_COLUMNS, MOST_HOPS, NODE_COLUMNS
from queries.graph_stores.duck import DuckStore
from tests.queries.graph_stores import small_graph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from queries.graph_stores import GraphStore


@pytest.fixture(scope="module", params=["duck", "property_graph"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphStore]:
    """Each store over the same links."""
    with small_graph.database() as con:
        if request.param == "duck":
            yield DuckStore(partial(queries.run, con))
        else:
            yield _property_graph(con, tmp_path_factory.mktemp("graph"))


def _property_graph(con: duckdb.DuckDBPyConnection, folder: Path) -> GraphStore:
    pytest.importorskip("ladybug", reason="the optional extra `graph` is not installed")
    from queries.graph_stores.parquet import write_parquet
    from queries.graph_stores.property_graph import PropertyGraphStore

    write_parquet(con, folder)
    return PropertyGraphStore.of(folder)


def test_a_node_says_how_many_links_it_has(store: GraphStore) -> None:
    """Hubs are too common to mean anything; who is unknown is nobody."""
    office, buyer = store.degree("ip:office"), store.degree("buyer:c1")
    assert office is not None
    assert buyer is not None
    assert (office.node_type, office.degree, office.is_hub) == ("ip", 30, True)
    assert (buyer.node_type, buyer.degree, buyer.is_hub) == ("buyer", 2, False)
    assert store.degree("buyer:nobody") is None


def test_neighbours_are_the_strongest_and_what_is_left_out_is_counted(store: GraphStore) -> None:
    """A capped hub says how many it has and how many are given."""
    part = store.neighbours("ip:office", limit=10)
    assert tuple(part.nodes.columns) == NODE_COLUMNS
    assert tuple(part.links.columns) == LINK_COLUMNS
    assert part.nodes.row(0, named=True) == {
        "node": "ip:office", "node_type": "ip", "degree": 30,
        "given_count": 10, "is_hub": True, "hops": 0,
    }  # fmt: skip
    shopper = store.neighbours("buyer:c0", limit=2)
    assert shopper.links["relation"].to_list() == ["bought_from", "bought_from"]
    assert store.neighbours("buyer:nobody", limit=5).links.is_empty()


def test_a_link_keeps_its_direction_kind_time_and_rows(store: GraphStore) -> None:
    """Seen from either end it is the same."""
    one = store.neighbours("product:p1", limit=5).links
    other = store.neighbours("merchant:m1", limit=5).links
    both = [links.filter(links["relation"] == "lists").rows() for links in (one, other)]
    assert both[0] == both[1]
    assert both[0][0][:3] == ("merchant:m1", "product:p1", "lists")
    assert both[0][0][4] >= 1
    assert both[0][0][5] < both[0][0][6]


def test_a_neighbourhood_has_two_hops_and_a_limit(store: GraphStore) -> None:
    """Whoever is only reached over a hub is not in it."""
    part = store.neighbourhood("buyer:w1", limit=150)
    hops = dict(part.nodes.select("node", "hops").iter_rows())
    assert hops == {"buyer:w1": 0, "ip:office": 1, "address:home": 1, "buyer:w2": 2}
    assert part.links.height == 3
    assert store.subgraph(part.nodes["node"].to_list()).links.height == 4  # w2 is there as well
    few = store.neighbourhood("buyer:c1", limit=4)
    assert few.nodes.height == 4
    assert set(few.links["src"]) | set(few.links["dst"]) <= set(few.nodes["node"])


def test_a_subgraph_is_every_link_among_its_nodes(store: GraphStore) -> None:
    """Hubs count here: whoever asks for them gets them."""
    part = store.subgraph(["buyer:w0", "buyer:w1", "ip:office", "product:p1", "buyer:nobody"])
    assert sorted(part.links.select("src", "dst").rows()) == [
        ("buyer:w0", "ip:office"),
        ("buyer:w0", "product:p1"),
        ("buyer:w1", "ip:office"),
    ]
    assert part.nodes.height == 4


def test_a_path_goes_around_hubs_and_says_how_far(store: GraphStore) -> None:
    """Each hop with its evidence, in the order walked."""
    path = store.path("buyer:c0", "buyer:c3")
    assert [(hop.start, hop.end) for hop in path.hops] == [
        ("buyer:c0", "device:d0"), ("device:d0", "buyer:c1"), ("buyer:c1", "device:d1"),
        ("device:d1", "buyer:c2"), ("buyer:c2", "device:d2"), ("device:d2", "buyer:c3"),
    ]  # fmt: skip
    assert all(hop.evidence_count and hop.relation == "device" for hop in path.hops)
    assert (path.hubs, path.sentence) == ((), "6 links apart.")
    back = store.path("buyer:c3", "buyer:c0")
    assert [(hop.end, hop.start) for hop in reversed(back.hops)] == [
        (hop.start, hop.end) for hop in path.hops
    ]


def test_a_path_over_a_hub_is_given_where_there_is_no_other_and_said(store: GraphStore) -> None:
    """An office's network ties thirty people who may never have met."""
    near = store.path("buyer:w1", "buyer:w2")
    assert ([hop.end for hop in near.hops], near.hubs) == (["address:home", "buyer:w2"], ())
    far = store.path("buyer:w5", "merchant:m1")
    assert len(far.hops) == 4
    assert far.hubs == ("ip:office",)
    assert "only over a node that many have in common" in far.sentence


def test_where_there_is_no_path_it_is_said(store: GraphStore) -> None:
    """Too far, unknown, or nothing in between."""
    too_far = store.path("buyer:c0", "buyer:c4")
    assert (too_far.hops, too_far.sentence) == (
        (), f"No path of at most {MOST_HOPS} links connects them.",
    )  # fmt: skip
    unknown = store.path("buyer:c0", "buyer:nobody")
    assert unknown.hops == ()
    assert "one of the two has no links" in unknown.sentence


def test_what_several_share_is_given_with_everybody_who_uses_it_counted(store: GraphStore) -> None:
    """A thing of one of them says nothing here; a hub is given, and shows how many it has."""
    asked = ["buyer:w1", "buyer:w2", "buyer:c0", "buyer:c1", "merchant:m1", "buyer:nobody"]
    part = store.shared(asked, limit=10)
    things = part.nodes.filter(part.nodes["hops"] == 1)
    assert things.select("node", "degree", "given_count", "is_hub").rows() == [
        ("address:home", 2, 2, False),
        ("device:d0", 2, 2, False),
        ("ip:office", 30, 2, True),
    ]
    assert part.nodes.height == 8
    assert sorted(part.links.select("src", "dst").rows()) == [
        ("buyer:c0", "device:d0"),
        ("buyer:c1", "device:d0"),
        ("buyer:w1", "address:home"),
        ("buyer:w1", "ip:office"),
        ("buyer:w2", "address:home"),
        ("buyer:w2", "ip:office"),
    ]
    few = store.shared(asked, limit=1)
    assert few.nodes.filter(few.nodes["hops"] == 1)["node"].to_list() == ["address:home"]
    assert few.links.height == 2
