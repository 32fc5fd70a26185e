"""Laws of the communities stage: a partition, one seed one answer, names that last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy.spatial.distance import pdist

from pipeline.communities import stage as communities
from pipeline.communities.layout import Group, pictures, spread
from pipeline.communities.membership import clusters, joined_by_trade, with_ids
from pipeline.settings.build import CommunitySettings, Settings
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

CHOSEN = CommunitySettings()
NOW = datetime(2026, 4, 20, 10)  # noqa: DTZ001 - UTC without a zone, as stored
LONG_AGO = NOW - timedelta(days=200)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "src": pl.String,
    "dst": pl.String,
    "relation": pl.String,
    "weight": pl.Float64,
    "evidence_count": pl.Int64,
    "first_seen_at": pl.Datetime("us"),
    "last_seen_at": pl.Datetime("us"),
}


def node(entity_type: str, number: int) -> str:
    """Key of a node."""
    return f"{entity_type}:{tiny.name(entity_type, number)}"


def edges(*rows: tuple[str, str, str], seen: datetime = NOW) -> pl.DataFrame:
    """Edges (src, dst, relation) of weight 1."""
    full = [(*sorted(row[:2]), row[2], 1.0, 1, seen, seen) for row in rows]
    return pl.DataFrame(full, schema=SCHEMA, orient="row")


def clique(numbers: range, relation: str = "shares_device") -> list[tuple[str, str, str]]:
    """Buyers who all share one thing."""
    return [(node("buyer", a), node("buyer", b), relation) for a, b in combinations(numbers, 2)]


RING, FAMILY = clique(range(12)), clique(range(20, 24), "shares_address")
SHOP, MALL = node("merchant", 0), node("merchant", 1)
TRADE = [
    *((node("buyer", n), SHOP, "bought_from") for n in range(6)),
    *((node("buyer", n), MALL, "bought_from") for n in range(9, 90)),
]


def named(graph: pl.DataFrame, previous: pl.DataFrame | None = None) -> dict[str, str]:
    """Community id of each node."""
    found = joined_by_trade(clusters(graph, CHOSEN), graph, tiny.AS_OF, CHOSEN)
    return dict(with_ids(found, previous, CHOSEN).select("node", "community_id").iter_rows())


def as_members(ids: dict[str, str]) -> pl.DataFrame:
    """The way an earlier build remembers its communities."""
    rows = [(name, *key.split(":")) for key, name in ids.items()]
    return pl.DataFrame(rows, schema=["community_id", "entity_type", "entity_id"], orient="row")


def test_rings_are_found_and_pairs_are_not() -> None:
    """Two cliques, two communities; two people are a link."""
    ids = named(edges(*RING, *FAMILY, *clique(range(40, 42))))
    assert len(ids) == 16
    assert len(set(ids.values())) == 2


def test_each_node_is_in_one_community() -> None:
    """A partition, also where cliques touch and sellers join."""
    bridge = (node("buyer", 11), node("buyer", 20), "shares_device")
    graph = edges(*RING, *FAMILY, bridge, *TRADE)
    found = joined_by_trade(clusters(graph, CHOSEN), graph, tiny.AS_OF, CHOSEN)
    assert found["node"].is_unique().all()


def test_same_seed_same_labels() -> None:
    """The order of the rows does not matter either."""
    graph = edges(*RING, *FAMILY, *TRADE)
    assert named(graph) == named(graph.reverse())


def test_a_shop_joins_the_ring_it_lives_on_and_a_popular_one_does_not() -> None:
    """All six buyers of one shop are members; of the other's 81, three are."""
    ids = named(edges(*RING, *TRADE))
    assert ids[SHOP] == ids[node("buyer", 0)]
    assert MALL not in ids


def test_old_trade_joins_nobody() -> None:
    """Purchases older than the window are not part of the picture."""
    ids = named(pl.concat([edges(*RING), edges(*TRADE, seen=LONG_AGO)]))
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


@pytest.mark.parametrize("count", [1, 3, 8, 9, 60, 400, 401, 900])
def test_no_two_nodes_overlap(count: int) -> None:
    """Gap kept, picture finite, same input same picture, for rings of any size."""
    pairs = np.array([*combinations(range(min(count, 40)), 2)], dtype=np.int64).reshape(-1, 2)
    chain = np.column_stack([np.arange(count - 1), np.arange(1, count)])
    links = np.unique(np.concatenate([pairs, chain]), axis=0)
    group = Group(count, links, np.ones(len(links)))
    (placed,) = pictures([group], CHOSEN)
    assert placed.shape == (count, 2)
    assert np.isfinite(placed).all()
    assert np.abs(placed).max() < 6000
    if count > 1:
        assert pdist(placed).min() >= CHOSEN.node_gap_px * 0.999
    company = pictures([FOUR, group, FOUR, group], CHOSEN)
    assert all(np.array_equal(placed, one) for one in list(company)[1::2])


FOUR = Group(4, np.array([(0, 1)], dtype=np.int64), np.ones(1))


def test_nodes_on_one_spot_are_pulled_apart() -> None:
    """Even forty nodes at the origin."""
    assert pdist(spread(np.zeros((40, 2)), 30.0)).min() >= 29.9


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """A marketplace with one ring, one family and their communities."""
    made = tiny.build()
    tiny.put(made, "graph.edges", edges(*RING, *FAMILY, *TRADE))
    links = [("buyer", tiny.name("buyer", n), "device", "dev_1", NOW, NOW, 1) for n in range(12)]
    own = ["entity_type", "entity_id", "relation", "identifier_id"]
    times = ["first_seen_at", "last_seen_at", "evidence_count"]
    tiny.put(made, "graph.links", pl.DataFrame(links, schema=[*own, *times], orient="row"))
    made.execute(
        "create table graph.identifiers as select 'device' as relation, 'dev_1' as "
        "identifier_id, 12 as degree, 0.39 as weight, false as is_hub"
    )
    tiny.put(made, "staging.orders", _orders())
    made.execute(
        "create table staging.refunds as select 'ord_1' as order_id, 7.0::double as amount_usd, "
        "timestamp '2026-04-21' as refunded_at"
    )
    made.execute("create schema scores")
    tiny.put(made, "scores.scores", _scores())
    communities.write(made, Settings(), tiny.unheard)
    return made


def _orders() -> pl.DataFrame:
    """Two recent orders of the ring (one unpaid), one too old, one of a stranger at its shop."""
    rows = [
        ("ord_1", tiny.name("buyer", 0), tiny.name("merchant", 0), NOW, 100.0, 10.0),
        ("ord_2", tiny.name("buyer", 1), tiny.name("merchant", 0), None, 50.0, 0.0),
        ("ord_3", tiny.name("buyer", 1), tiny.name("merchant", 9), LONG_AGO, 70.0, 5.0),
        ("ord_4", tiny.name("buyer", 99), tiny.name("merchant", 0), NOW, 900.0, 0.0),
    ]
    schema = ["order_id", "buyer_id", "merchant_id", "paid_at", "paid_usd", "voucher_usd"]
    nobody = pl.lit(None, dtype=pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        creator_id=nobody, product_id=nobody
    )


def _scores() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entity_type": ["buyer"] * 12,
            "entity_id": [tiny.name("buyer", n) for n in range(12)],
            "as_of": [tiny.AS_OF] * 12,
            "score": [n / 12 for n in range(12)],
        }
    )


def test_a_summary_says_what_is_inside(con: duckdb.DuckDBPyConnection) -> None:
    """Counts, words, labels, scores and money of the ring recompute from its members."""
    ring = con.sql("select * from communities.communities").pl().row(0, named=True)
    assert ring["title"] == "12 buyers, 1 merchant sharing devices"
    assert (ring["member_count"], ring["buyer_count"], ring["merchant_count"]) == (13, 12, 1)
    assert (ring["confirmed_bad_count"], ring["confirmed_good_count"]) == (13, 0)
    assert ring["score_max"] == pytest.approx(11 / 12)
    assert ring["gmv_usd_30d"] == pytest.approx(100.0)
    assert ring["voucher_usd_30d"] == pytest.approx(10.0)
    assert ring["refund_usd_30d"] == pytest.approx(7.0)
    assert ring["density"] == pytest.approx((66 + 6) / 78)
    assert ring["top_relation"] == "shares_device"


def test_members_and_summaries_agree(con: duckdb.DuckDBPyConnection) -> None:
    """Each community counts exactly its member rows, each member stands somewhere."""
    members = con.sql("select * from communities.members").pl()
    counted = members.group_by("community_id").len().sort("community_id")
    summed = con.sql("select * from communities.communities order by community_id").pl()
    assert counted["len"].to_list() == summed["member_count"].to_list()
    assert members.select("entity_type", "entity_id").is_unique().all()
    assert members.select(pl.col("x", "y").is_finite().all()).row(0) == (True, True)


def test_identifiers_are_those_that_members_share(con: duckdb.DuckDBPyConnection) -> None:
    """One device, twelve members."""
    rows = con.sql("select * from communities.identifiers").pl()
    assert rows.select("identifier_id", "member_count").rows() == [("dev_1", 12)]


def test_no_edges_no_communities(con: duckdb.DuckDBPyConnection) -> None:
    """An empty graph gives empty tables, not an error."""
    cursor = con.cursor()
    tiny.put(cursor, "graph.edges", edges())
    communities.write(cursor, Settings(), tiny.unheard)
    assert cursor.sql("select count(*) from communities.communities").fetchall() == [(0,)]


def test_resolution_is_the_mean_tie_a_community_exceeds() -> None:
    """Ring and family with one bridge: 73 ties among 120 pairs hold at 0.02, not at 0.5."""
    bridge = (node("buyer", 11), node("buyer", 20), "shares_device")
    graph = edges(*RING, *FAMILY, bridge)
    coarse = clusters(graph, CHOSEN)["cluster"].n_unique()
    fine = clusters(graph, replace(CHOSEN, resolution=0.5))["cluster"].n_unique()
    assert (coarse, fine) == (1, 2)


def test_chained_households_stay_apart() -> None:
    """Forty families, each tied to the next by one person, are not one community."""
    families = [clique(range(4 * n, 4 * n + 4)) for n in range(40)]
    doors = [(node("buyer", 4 * n), node("buyer", 4 * n + 5), "shares_device") for n in range(39)]
    ids = named(edges(*[tie for family in families for tie in family], *doors))
    assert len(set(ids.values())) > 10
    assert len({ids[node("buyer", n)] for n in range(4)}) == 1
