"""What is new about a subject since it was judged: as the raw rows and the firings tell it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import queries

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

FEW = 6
OWNERS = {"merchant": "merchant_id", "buyer": "buyer_id", "creator": "creator_id"}


@pytest.fixture
def judged(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The first alerts of judged subjects of each type, as type, id and day of the last word."""
    rows = con.sql(
        "select entity_type, entity_id, max(known_day) as since from facts.verdicts "
        "where entity_type in ('merchant', 'buyer', 'creator') "
        "group by all order by entity_type, entity_id"
    ).pl()
    few = rows.group_by("entity_type", maintain_order=True).head(FEW)
    return few.rows(named=True)


def test_orders_and_refunds_are_those_of_the_raw_rows(
    con: duckdb.DuckDBPyConnection, small_world: Path, judged: list[dict[str, Any]]
) -> None:
    """Counted after the day, in the market's own days; money to the cent."""
    orders = pl.read_parquet(small_world / "orders*.parquet")
    refunds = pl.read_parquet(small_world / "refunds*.parquet")
    days = con.sql("select order_id, day from staging.orders").pl()
    back = con.sql("select refund_id, day from staging.refunds").pl()
    told = 0
    for who in judged:
        row = queries.run(con, "pages/investigate/since_verdict", **who).row(0, named=True)
        own = orders.filter(pl.col(OWNERS[who["entity_type"]]) == who["entity_id"])
        later = own.join(days.filter(pl.col("day") > who["since"]), on="order_id")
        returned = refunds.filter(pl.col("order_id").is_in(own["order_id"].implode()))
        since = returned.join(back.filter(pl.col("day") > who["since"]), on="refund_id")
        assert (row["order_count"], row["refund_count"]) == (len(later), len(since))
        told += len(later)
    assert told


def test_new_signals_never_fired_before(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever fires today is new up to the day before it first fired, and no later."""
    firings = con.sql("select * from signals.firings").pl()
    today = con.sql("select as_of from meta.build").pl().item()
    keys = ["entity_type", "entity_id", "typology", "code"]
    spans = firings.group_by(keys).agg(first=pl.min("as_of"), last=pl.max("as_of"))
    fires_today = spans.filter(pl.col("last") == today).sort(keys).head(FEW)
    assert len(fires_today)
    for row in fires_today.iter_rows(named=True):
        who = {name: row[name] for name in ("entity_type", "entity_id")}
        for since, is_new in ((row["first"], False), (row["first"] - timedelta(days=1), True)):
            told = queries.run(con, "pages/investigate/new_signals", **who, since=since)
            pairs = told.select("typology", "code").rows()
            assert ((row["typology"], row["code"]) in pairs) == is_new
