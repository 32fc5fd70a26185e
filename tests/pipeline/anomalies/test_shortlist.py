"""Anomalies: odd customers in common come first, the list is short, and no score moves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.anomalies.shortlist import _lasting, anomalies
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.settings.models import AnomalySettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipeline.build import Report

pytestmark = pytest.mark.slow  # fits models

SETTINGS = AnomalySettings()
RING = [tiny.name("buyer", n) for n in range(200, 216)]
NO_BANDS = pl.DataFrame(
    schema={"entity_type": pl.String, "entity_id": pl.String, "score_band": pl.String}
)


def with_ring(con: duckdb.DuckDBPyConnection) -> None:
    """Sixteen unjudged buyers with one odd feature in common, the only ones of merchant 150."""
    con.execute("delete from staging.orders where merchant_id = 'mer_000150'")
    con.execute(
        "update features.buyer set noise_30d = noise_30d + 5 where list_contains($who, buyer_id)",
        {"who": RING},
    )
    day = tiny.AS_OF - timedelta(days=30)
    rows = pl.DataFrame(
        {
            "buyer_id": RING,
            "merchant_id": [tiny.name("merchant", 150)] * len(RING),
            "day": [day] * len(RING),
        }
    )
    con.register("_ring", rows)
    con.execute("insert into staging.orders by name select * from _ring")
    con.unregister("_ring")


def shortlist(con: duckdb.DuckDBPyConnection, bands: pl.DataFrame = NO_BANDS) -> pl.DataFrame:
    """The anomalies of the latest snapshot."""
    return anomalies(con, tiny.AS_OF, bands, SETTINGS)


def test_a_shop_with_alike_odd_customers_comes_first() -> None:
    """The shop of the ring leads the merchants, and names the feature and how many share it."""
    con = tiny.build()
    with_ring(con)
    first = shortlist(con).filter((pl.col("entity_type") == "merchant") & (pl.col("rank") == 1))
    row = first.row(0, named=True)
    assert row["entity_id"] == tiny.name("merchant", 150)
    assert row["customer_feature"] == "noise_30d"
    assert row["customer_z"] > 0
    assert row["customer_count"] >= len(RING)
    assert row["is_surfaced"]


def test_some_of_the_ring_are_shown_not_all() -> None:
    """Members come first among buyers; no more of one seller than an analyst needs."""
    con = tiny.build()
    with_ring(con)
    buyers = shortlist(con).filter(pl.col("entity_type") == "buyer")
    surfaced = buyers.filter("is_surfaced")
    members = surfaced.filter(pl.col("entity_id").is_in(RING))
    assert SETTINGS.per_seller <= members.height <= SETTINGS.per_seller + SETTINGS.per_reason
    assert buyers.head(3)["entity_id"].is_in(RING).all()


def test_the_judged_and_the_scored_never_enter() -> None:
    """Whoever has a verdict, or a band above LOW, is explained already."""
    con = tiny.build()
    with_ring(con)
    loud = pl.DataFrame({"entity_type": ["buyer"], "entity_id": [RING[0]], "score_band": ["HIGH"]})
    rows = shortlist(con, loud)
    assert RING[0] not in rows["entity_id"]
    judged = con.sql("select entity_id from staging.labels").pl()["entity_id"]
    assert not rows["entity_id"].is_in(judged.implode()).any()


def test_the_list_is_short_and_ranked() -> None:
    """At most `capacity` per type, ranks without gaps, the oddest first, all within 0..1."""
    rows = shortlist(tiny.build())
    for _, own in rows.group_by("entity_type"):
        assert own["is_surfaced"].sum() <= SETTINGS.capacity
        assert own["rank"].to_list() == list(range(1, own.height + 1))
        assert own["anomaly"].is_sorted(descending=True)
    assert rows["anomaly"].is_between(0, 1).all()
    assert rows.equals(shortlist(tiny.build()))


def test_an_anomaly_moves_no_score() -> None:
    """The scores of a marketplace with a strange ring in it are those of its features alone."""
    scored = {}
    for name, capacity in (("none", 0), ("some", 30)):
        con = tiny.build()
        settings = Settings(anomalies=AnomalySettings(capacity=capacity))
        scores.write(con, settings, tiny.unheard, packs_in_use=[])
        scored[name] = con.sql("select * from scores.scores").pl()
        surfaced = con.sql("select * from scores.anomalies where is_surfaced").pl()
        assert (surfaced.height > 0) is (capacity > 0)
    assert scored["none"].equals(scored["some"])


def test_the_unseen_pattern_of_day_78_is_surfaced(built: Report, small_world: Path) -> None:
    """No pack and no label knows it; its shops, its listings and some of its buyers are shown."""
    truth = pl.read_parquet(small_world / "truth" / "truth.parquet")
    unseen = truth.filter(pl.col("typology") == "UNSEEN_VALUE_TRANSFER")
    with queries.connect(built.database) as con:
        surfaced = con.sql("select * from scores.anomalies where is_surfaced").pl()
    met = surfaced.join(unseen, on=["entity_type", "entity_id"], how="semi")
    assert met.filter(pl.col("entity_type") == "merchant").height >= 2
    assert met.filter(pl.col("entity_type") == "product").height >= 2
    assert met.filter(pl.col("entity_type") == "buyer").height >= 3
    assert met.filter(pl.col("entity_type") == "merchant")["rank"].min() <= 3


def test_what_customers_share_by_having_come_is_no_anomaly() -> None:
    """Figures of a shorter span than the trade only tell when the customers came."""
    names = ("orders_1d", "spend_usd_90d", "refunds_30d", "device_accounts")
    assert [names[n] for n in _lasting(names, 90)] == ["spend_usd_90d", "device_accounts"]
