"""What a subject did, worked out again from the delivered rows in another way."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl
import pytest

import queries
from dashboard.view_models.subject_facts import (
    LEAST_LONG,
    LONG,
    SHORT,
    SHOWN_DAYS,
    SubjectFact,
    facts_of,
)
from tests.laws.asking import rows
from tests.laws.outcomes import Delivery, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.build import Report
    from tests.laws.delivered import Raw

MOST_SHARERS = 20


@pytest.fixture(scope="module")
def delivery(raw: Raw, built: Report) -> Iterator[Delivery]:
    """The delivered rows, worked out once."""
    with queries.connect(built.database) as con:
        yield Delivery(raw, con)


def _shops(con: duckdb.DuckDBPyConnection, most: int) -> list[tuple[str, str]]:
    """The shops with the most orders, and their peer groups."""
    sql = """
        select e.entity_id, e.peer_group from graph.entities as e
        join (select merchant_id, sum(orders) orders from metrics.merchant_days group by all) d
            on d.merchant_id = e.entity_id where e.entity_type = 'merchant'
        order by d.orders desc, e.entity_id
    """
    return rows(con, sql).head(most).rows()


def _facts(con: duckdb.DuckDBPyConnection, shop: str, group: str) -> dict[str, SubjectFact]:
    keys = [f"merchant:{shop}"]
    days = queries.run(con, "pages/investigate/merchant_days", keys=keys, days=SHOWN_DAYS)
    days = days.drop("entity_key")
    levels = queries.run(
        con, "pages/investigate/peer_levels", entity_type="merchant", peer_group=group
    )
    return {one.metric.code: one for one in facts_of("merchant", days, levels, None)}


def test_a_week_and_the_ninety_days_before_are_what_was_delivered(
    con: duckdb.DuckDBPyConnection, delivery: Delivery
) -> None:
    """Orders, money and refunds of ten shops; refunds wait until they are mature."""
    for shop, group in _shops(con, 10):
        own = delivery.orders.filter(pl.col("merchant_id") == shop)
        facts = _facts(con, shop, group)
        clock = rows(
            con,
            "select last_whole_day, last_mature_day, first_whole_day, e.registered_at, c.time_zone "
            "from metrics.clocks c join "
            f"graph.entities e on e.market = c.market where e.entity_id = '{shop}'",
        ).row(0)
        last, mature, first, registered_at, zone = clock
        registered = registered_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
        for code, column, until in (
            ("orders", "one", last),
            ("gmv_usd", "paid_usd", last),
            ("refund_rate", "asked", mature),
        ):
            fact = facts[code]
            span = fact.days
            since = until - timedelta(days=span - 1)
            short = _sum(own, column, since, until)
            before = max(since - timedelta(days=LONG), first, _first_shown(con), registered)
            if (since - before).days < LEAST_LONG:
                assert fact.long is None, (shop, code)
                continue
            long = _sum(own, column, before, since - timedelta(days=1))
            if code == "refund_rate":
                short /= _sum(own, "one", since, until)
                long /= _sum(own, "one", before, since - timedelta(days=1))
            else:
                long *= SHORT / (since - before).days
            assert fact.short == pytest.approx(short, rel=1e-6), (shop, code)
            assert fact.long == pytest.approx(long, rel=1e-6), (shop, code)


def test_orders_per_click_are_those_of_rooms(
    con: duckdb.DuckDBPyConnection, delivery: Delivery
) -> None:
    """A creator who sells by links and videos too does not turn clicks of rooms into them."""
    rooms = delivery.raw("live_sessions").join(
        delivery.raw("creators").select("creator_id", "market"), on="creator_id"
    )
    rooms = rooms.filter(pl.col("ended_at").is_not_null()).with_columns(local("ended_at"))
    clicks = rooms.group_by("creator_id").agg(pl.col("product_clicks").sum())
    placed = delivery.orders.filter(pl.col("creator_id").is_not_null())
    other = placed.filter(pl.col("live_session_id").is_null())["creator_id"].unique()
    busiest = clicks.filter(pl.col("creator_id").is_in(other.implode()))
    for creator in busiest.top_k(10, by="product_clicks")["creator_id"]:
        [key] = keys = [f"creator:{creator}"]
        days = queries.run(con, "pages/investigate/creator_days", keys=keys, days=SHOWN_DAYS)
        since, until = days["day"].min(), days["day"].max()
        shown = pl.col("creator_id") == creator, pl.col("day").is_between(since, until)
        own = placed.filter(*shown)
        expected = own.filter(pl.col("live_session_id").is_not_null()).height
        assert days["orders"].sum() == own.height > expected, key
        assert days["room_orders"].sum() == expected, key
        seen = rooms.filter(*shown)["product_clicks"].sum()
        assert days["product_clicks"].sum() == seen > expected, key


def _first_shown(con: duckdb.DuckDBPyConnection) -> date:
    as_of: date = queries.scalar(con, "select as_of from meta.build")
    return as_of - timedelta(days=SHOWN_DAYS)


def _sum(orders: pl.DataFrame, column: str, since: date, until: date) -> float:
    days = orders.filter(pl.col("day").is_between(since, until))
    return float(days[column].cast(pl.Float64).sum())


def test_a_rank_is_the_part_of_active_peers_below(
    con: duckdb.DuckDBPyConnection, delivery: Delivery
) -> None:
    """Counted peer by peer over the last four weeks; the grid knows it to a twentieth."""
    spans = rows(con, "select market, last_whole_day as last from metrics.clocks")
    month = delivery.orders.join(spans, on="market").filter(
        (pl.col("last") - pl.col("day")).dt.total_days() < 28
    )
    counts = month.group_by("merchant_id").agg(orders=pl.col("one").sum())
    groups = rows(
        con,
        "select entity_id as merchant_id, peer_group from graph.entities "
        "where entity_type = 'merchant'",
    )
    peers = counts.join(groups, on="merchant_id")
    for shop, group in _shops(con, 25):
        fact = _facts(con, shop, group)["orders"]
        own = peers.filter(pl.col("merchant_id") == shop)
        if fact.rank is None or own.is_empty():
            continue
        among = peers.filter(pl.col("peer_group") == group) if fact.is_of_group else peers
        level = own["orders"][0]
        below = (among["orders"] < level).mean() + (among["orders"] == level).mean() / 2.0
        assert fact.rank == pytest.approx(below, abs=0.06), shop


def test_the_rows_of_a_day_number_are_the_number(con: duckdb.DuckDBPyConnection) -> None:
    """Of every flag: so many rows count as the day table says, for a month of ten shops."""
    columns = {
        ("order", ""): "orders",
        ("order", "is_refunded"): "refunded_orders",
        ("order", "is_voucher"): "voucher_orders",
        ("order", "is_crowded_device"): "crowded_device_orders",
        ("parcel", "is_late_dispatch"): "late_dispatches",
        ("parcel", "is_light"): "light_parcels",
        ("review", "five_stars"): "five_star_ratings",
    }
    last = queries.scalar(con, "select max(day) from metrics.cube")
    since = last - timedelta(days=27)
    for shop, _ in _shops(con, 10):
        for (event, flag), column in columns.items():
            made = queries.run(
                con,
                "pages/investigate/day_events",
                keys=[f"merchant:{shop}"],
                event=event,
                flag=flag,
                since=since,
                until=last,
                limit=100_000,
            )
            told = queries.scalar(
                con,
                f"select coalesce(sum({column}), 0) from metrics.merchant_days where "
                f"merchant_id = '{shop}' and day between '{since}' and '{last}'",
            )
            assert int(made["counts"].sum()) == told, (shop, column)
            counted = made["counts"].to_list()
            assert counted == sorted(counted, reverse=True)


def test_whom_it_dealt_with_is_everybody_in_its_orders(
    con: duckdb.DuckDBPyConnection, delivery: Delivery
) -> None:
    """Counts, money and how many there are in all, of one shop and one buyer."""
    as_of = queries.scalar(con, "select as_of from meta.build")
    month = delivery.orders.filter(pl.col("day") >= as_of - timedelta(days=90))
    shop = _shops(con, 1)[0][0]
    buyer = month.drop_nulls("buyer_id")["buyer_id"].value_counts(sort=True)["buyer_id"][0]
    for kind, who, other in (("merchant", shop, "buyer"), ("buyer", buyer, "merchant")):
        own = month.filter(pl.col(f"{kind}_id") == who)
        keys = [f"{kind}:{who}", f"{other}:{who}"]
        told = queries.run(con, "pages/investigate/related", keys=keys, markets=[], most=4).filter(
            pl.col("entity_type") == other
        )
        sums = (
            own.drop_nulls(f"{other}_id")
            .group_by(f"{other}_id")
            .agg(pl.len().alias("n"), pl.col("paid_usd").sum())
        )
        assert set(told["others"]) == {sums.height}
        first = sums.sort(["n", f"{other}_id"], descending=[True, False]).head(4)
        assert told["entity_id"].to_list() == first[f"{other}_id"].to_list()
        assert told["orders"].to_list() == first["n"].to_list()
        assert told["gmv_usd"].to_list() == pytest.approx(first["paid_usd"].to_list(), rel=1e-6)
        assert told["share"].to_list() == pytest.approx([n / own.height for n in first["n"]])


def test_siblings_by_bank_account_are_who_gave_the_same_one(
    con: duckdb.DuckDBPyConnection, raw: Raw
) -> None:
    """Shops and creators on an account that two to twenty of them gave, and nobody else."""
    given = pl.concat(
        [
            raw(f"{kind}s").select(
                key=f"{kind}:" + pl.col(f"{kind}_id"), account=pl.col("bank_account_id")
            )
            for kind in ("merchant", "creator")
        ]
    ).drop_nulls()
    holders = given.with_columns(users=pl.col("key").n_unique().over("account"))
    shared = holders.filter(pl.col("users") > 1)
    pairs = shared.join(shared, on="account", suffix="_other")
    expected = pairs.filter(
        (pl.col("key") != pl.col("key_other")) & (pl.col("users") <= MOST_SHARERS)
    )
    keys = shared["key"].unique().to_list()
    told = queries.run(con, "pages/investigate/siblings", keys=keys, markets=[], most=1_000)
    by_account = told.filter(pl.col("relations").list.contains("bank_account"))
    pairs_told = set(by_account.select("entity_key", "sibling_key").iter_rows())
    assert len(pairs_told) > 20
    assert pairs_told == set(expected.select("key", "key_other").iter_rows())
    first = queries.run(con, "pages/investigate/siblings", keys=keys, markets=[], most=1)
    assert first["entity_key"].is_unique().all()
    counted = told.group_by("entity_key").len().sort("entity_key")
    assert first.sort("entity_key")["others"].to_list() == counted["len"].to_list()


@pytest.mark.parametrize("kind", ["merchant", "creator", "product", "buyer"])
def test_days_of_one_subject_lie_together(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """A page that reads one skips the rest of the table: nothing stands before its place."""
    order = f"lag({kind}_id) over (order by rowid)"
    before = f"select {kind}_id < {order} as is_before from metrics.{kind}_days"
    assert queries.scalar(con, f"select count(*) from ({before}) where is_before") == 0
