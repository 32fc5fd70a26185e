"""Tables of the communities stage agree with each other and with what they sum up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.communities import stage as communities
from pipeline.settings.build import Settings
from tests.pipeline import tiny
from tests.pipeline.communities.rings import FAMILY, LONG_AGO, NOW, RING, TRADE, edges

if TYPE_CHECKING:
    import duckdb


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """A marketplace with one ring, one family and their communities."""
    connection = tiny.build()
    tiny.put(connection, "graph.edges", edges(*RING, *FAMILY, *TRADE))
    links = [("buyer", tiny.name("buyer", n), "device", "dev_1", NOW, NOW, 1) for n in range(12)]
    own = ["entity_type", "entity_id", "relation", "identifier_id"]
    times = ["first_seen_at", "last_seen_at", "evidence_count"]
    tiny.put(connection, "graph.links", pl.DataFrame(links, schema=[*own, *times], orient="row"))
    connection.execute(
        "create table graph.identifiers as select 'device' as relation, 'dev_1' as "
        "identifier_id, 12 as degree, 0.39 as weight, false as is_hub"
    )
    tiny.put(connection, "staging.orders", _orders())
    connection.execute(
        "create table staging.refunds as select 'ord_1' as order_id, 7.0::double as amount_usd, "
        "timestamp '2026-04-21' as requested_at"
    )
    connection.execute("create schema scores")
    tiny.put(connection, "scores.scores", _scores())
    communities.write(connection, Settings(), tiny.unheard)
    return connection


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
