"""What *Details* shows of one type of subject, worked out again from the delivered rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import queries
from tests.laws.delivered import local_days, usd

if TYPE_CHECKING:
    import duckdb

    from tests.laws.delivered import Raw

PAGE = "pages/investigate"
ALL = 1_000_000


def busiest(raw: Raw, table: str, column: str) -> str:
    """Who is named most in a delivered table."""
    counts = raw(table)[column].drop_nulls().value_counts().sort("count", column)
    return str(counts[-1, column])


def paid(raw: Raw) -> pl.DataFrame:
    """Paid orders with USD, and whether money was asked back of each."""
    asked = raw("refunds").select("order_id").unique().with_columns(is_asked=pl.lit(value=True))
    orders = raw("orders").filter(pl.col("paid_at").is_not_null())
    return orders.join(asked, on="order_id", how="left").with_columns(
        usd("paid_minor"),
        usd("items_minor"),
        usd("voucher_minor"),
        pl.col("is_asked").fill_null(value=False),
    )


def market_of(raw: Raw, shop: str) -> str:
    """The market of a shop."""
    return str(raw("merchants").filter(merchant_id=shop)["market"][0])


def monday(column: str) -> pl.Expr:
    """The Monday of the week of an instant or a day."""
    day = pl.col(column).cast(pl.Date)
    return (day - pl.duration(days=day.dt.weekday() - 1)).alias("week")


# ---------------------------------------------------------------- product


def test_a_price_stands_among_those_of_its_category(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Quartiles over the other listings on sale in category and market when a version began."""
    products = raw("products").join(
        raw("merchants").select("merchant_id", "market", "closed_at"), on="merchant_id"
    )
    gone = products.select(
        "product_id", "market", gone_at=pl.min_horizontal("removed_at", "closed_at")
    )
    versions = raw("listing_versions").with_columns(usd("price_minor")).join(gone, on="product_id")
    spans: list[dict[str, Any]] = []
    for _, rows in versions.sort("version").group_by("product_id", maintain_order=True):
        named = rows.rows(named=True)
        for now, later in zip(named, [*named[1:], None], strict=True):
            spans.append({**now, "until": later["valid_from"] if later else now["gone_at"]})
    product = busiest(raw, "listing_versions", "product_id")
    found = queries.run(con, f"{PAGE}/product_versions", entity_id=product)
    own = [one for one in spans if one["product_id"] == product]
    assert len(found) == len(own) > 1
    for row, now in zip(found.rows(named=True), own, strict=True):
        assert (row["version"], row["valid_until"]) == (now["version"], now["until"])
        assert row["price_usd"] == pytest.approx(now["price_usd"], abs=1e-3)
        at = now["valid_from"]
        peers = pl.Series([
            one["price_usd"] for one in spans
            if one["product_id"] != product and one["category"] == now["category"]
            and one["market"] == now["market"] and one["valid_from"] <= at
            and (one["until"] is None or one["until"] > at)
        ])  # fmt: skip
        assert row["peer_count"] == len(peers) > 0
        for name, share in (("low_usd", 0.25), ("median_usd", 0.5), ("high_usd", 0.75)):
            assert row[name] == pytest.approx(peers.quantile(share, "linear"), abs=1e-3)


def test_reviews_fall_on_the_day_of_the_market(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """By stars, on local days; every review of the listing once."""
    orders = raw("orders").select("order_id", "product_id", "merchant_id")
    reviews = raw("reviews").join(orders, on="order_id")
    product = reviews["product_id"].value_counts().sort("count", "product_id")[-1, 0]
    markets = raw("merchants").select("merchant_id", "market")
    mine = reviews.filter(pl.col("product_id") == product).join(markets, on="merchant_id")
    days = mine.with_columns(local_days("created_at"))
    expected = days.group_by("day").agg(
        low=(pl.col("rating") <= 2).sum(),
        middle=(pl.col("rating") == 3).sum(),
        high=(pl.col("rating") >= 4).sum(),
        stars=pl.col("rating").sum(),
    )
    found = queries.run(con, f"{PAGE}/product_review_days", entity_id=product)
    assert found.rows() == expected.sort("day").rows()


def test_a_relisted_listing_is_two_clicks_away_and_back(
    raw: Raw, truth: pl.DataFrame, con: duckdb.DuckDBPyConnection
) -> None:
    """Of each planted relisting, the page of the gone one names the new one, and that one it."""
    products = {row["product_id"]: row for row in raw("products").iter_rows(named=True)}
    closed = dict(raw("merchants").select("merchant_id", "closed_at").iter_rows())
    shown = raw("listing_versions").drop_nulls("image_id")
    first = shown.group_by("image_id", "product_id").agg(pl.col("valid_from").min())
    crowds = first.group_by("image_id").len().filter(pl.col("len") > 20)["image_id"]
    first = first.filter(~pl.col("image_id").is_in(crowds.implode()))
    planted = set(truth.filter(~pl.col("is_hard_negative"))["entity_id"])

    def gone(product: str) -> Any:
        row = products[product]
        ends = [end for end in (row["removed_at"], closed[row["merchant_id"]]) if end]
        return min(ends) if ends else None

    pairs = first.join(first, on="image_id", suffix="_twin").filter(
        pl.col("product_id") != pl.col("product_id_twin")
    )
    relisted = [
        (row["product_id"], row["product_id_twin"])
        for row in pairs.iter_rows(named=True)
        if row["product_id_twin"] in planted
        and (left := gone(row["product_id"]))
        and left <= max(row["valid_from"], row["valid_from_twin"])
    ]
    assert len(relisted) >= 5
    for before, after in relisted:
        there = queries.run(con, f"{PAGE}/product_twins", entity_id=before)
        assert dict(there.select("twin_id", "standing").iter_rows())[after] == "relisted"
        back = queries.run(con, f"{PAGE}/product_twins", entity_id=after)
        assert before in back["twin_id"].to_list()


# ---------------------------------------------------------------- buyer


def test_the_voucher_ledger_is_every_discount(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """Each redeemed voucher of the buyer who redeemed most, with rule and outcome."""
    orders = paid(raw)
    redeemed = orders.filter((pl.col("voucher_usd") > 0) | pl.col("voucher_id").is_not_null())
    buyer = redeemed["buyer_id"].drop_nulls().value_counts().sort("count", "buyer_id")[-1, 0]
    rules = raw("vouchers").with_columns(usd("min_spend_minor"))
    expected = redeemed.filter(pl.col("buyer_id") == buyer).join(
        rules.select("voucher_id", "kind", "funded_by", "min_spend_usd"),
        on="voucher_id",
        how="left",
    )
    found = queries.run(con, f"{PAGE}/buyer_vouchers", entity_id=buyer, limit=ALL)
    assert len(found) == len(expected) > 1
    both = found.join(expected, on="order_id", suffix="_raw")
    assert len(both) == len(found)
    for name, raw_name in (("discount_usd", "voucher_usd"), ("items_usd", "items_usd_raw")):
        assert (both[name] - both[raw_name]).abs().max() < 1e-3  # type: ignore[operator]
    assert both["kind"].equals(both["kind_raw"].rename("kind"))
    assert (both["is_cancelled"] == both["cancelled_at"].is_not_null()).all()


def test_refunds_of_a_buyer_are_those_delivered(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """Row by row: reason, amount, and when the parcel had come."""
    refunds = raw("refunds").join(
        raw("orders").filter(pl.col("paid_at").is_not_null()).select("order_id", "buyer_id"),
        on="order_id",
    )
    buyer = refunds["buyer_id"].drop_nulls().value_counts().sort("count", "buyer_id")[-1, 0]
    expected = refunds.filter(pl.col("buyer_id") == buyer).with_columns(usd("amount_minor"))
    found = queries.run(con, f"{PAGE}/buyer_refunds", entity_id=buyer, limit=ALL)
    both = found.join(expected, on="refund_id", suffix="_raw")
    assert len(both) == len(found) == len(expected) > 1
    assert both["reason"].equals(both["reason_raw"].rename("reason"))
    assert (both["amount_usd"] - both["amount_usd_raw"]).abs().max() < 1e-3  # type: ignore[operator]
    came = dict(raw("shipments").select("order_id", "delivered_at").iter_rows())
    assert both["delivered_at"].to_list() == [came.get(order) for order in both["order_id"]]


def test_things_of_a_buyer_count_who_else_uses_them(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Delivery addresses and cards of attempts: first and last day, and other accounts."""
    orders = raw("orders").drop_nulls("buyer_id")
    shared = orders.group_by("address_id").agg(pl.col("buyer_id").n_unique().alias("users"))
    address = shared.filter(pl.col("users").is_between(3, 20)).sort("address_id")[0, 0]
    buyer = orders.filter(pl.col("address_id") == address)["buyer_id"].sort()[0]
    found = queries.run(con, f"{PAGE}/buyer_things", entity_id=buyer, limit=ALL)
    for relation in ("address", "payment_token"):
        column = f"{relation}_id"
        mine = (
            orders.filter(pl.col("buyer_id") == buyer)
            .group_by(column)
            .agg(
                pl.col("created_at").min().alias("first"), pl.col("created_at").max().alias("last")
            )
        )
        users = orders.group_by(column).agg(pl.col("buyer_id").n_unique().alias("users"))
        told = found.filter(pl.col("relation") == relation)
        both = told.join(mine, left_on="identifier_id", right_on=column)
        both = both.join(users, left_on="identifier_id", right_on=column)
        assert len(both) == len(told) == len(mine.drop_nulls()) > 0
        assert both["first_seen_at"].to_list() == both["first"].to_list()
        assert both["last_seen_at"].to_list() == both["last"].to_list()
        assert (both["other_accounts"] == both["users"] - 1).all()


# ---------------------------------------------------------------- creator


def test_a_funnel_is_counted_from_rooms_videos_and_orders(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Views, clicks, orders and refunds of each channel; peers by the median of their rates."""
    orders = paid(raw)
    creators = raw("creators")
    names = raw("videos").select("video_id", "creator_id")
    watched = raw("video_days").join(names, on="video_id")
    sums = [pl.col("views").sum(), pl.col("product_clicks").sum().alias("clicks")]
    seen = {
        "live": raw("live_sessions").group_by("creator_id").agg(sums),
        "video": watched.group_by("creator_id").agg(sums),
    }
    creator = orders.filter(pl.col("channel") == "video")["creator_id"].value_counts()
    creator = str(creator.sort("count", "creator_id")[-1, 0])
    own = creators.row(by_predicate=pl.col("creator_id") == creator, named=True)
    group = f"{own['market']} / {own['category']}"
    peers = creators.filter(
        (pl.col("market") == own["market"])
        & (pl.col("category") == own["category"])
        & (pl.col("creator_id") != creator)
    )["creator_id"].to_list()
    found = queries.run(con, f"{PAGE}/creator_funnel", entity_id=creator, peer_group=group)
    assert set(found["channel"]) >= {"video"}
    for row in found.iter_rows(named=True):
        of_channel = orders.filter(pl.col("channel") == row["channel"])
        mine = of_channel.filter(pl.col("creator_id") == creator)
        assert (row["orders"], row["refunds"]) == (len(mine), int(mine["is_asked"].sum()))
        assert row["paid_usd"] == pytest.approx(mine["paid_usd"].sum(), abs=0.01)
        sold = [one for one in peers if one in set(of_channel["creator_id"])]
        assert row["peers"] == len(sold)
        rates = [
            float(part["is_asked"].mean())  # type: ignore[arg-type]
            for (one,), part in of_channel.group_by("creator_id")
            if one in sold
        ]
        assert row["peer_refund_rate"] == pytest.approx(pl.Series(rates).median())
        if row["channel"] in seen:
            audience = seen[row["channel"]].row(
                by_predicate=pl.col("creator_id") == creator, named=True
            )
            assert (row["views"], row["clicks"]) == (audience["views"], audience["clicks"])
            assert row["order_rate"] == pytest.approx(len(mine) / audience["clicks"])


def test_videos_hold_their_days_and_their_orders(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """The sums of the table are those of each video's own days."""
    creator = busiest(raw, "videos", "creator_id")
    videos = queries.run(con, f"{PAGE}/creator_videos", entity_id=creator, limit=ALL)
    assert set(videos["video_id"]) == set(
        raw("videos").filter(pl.col("creator_id") == creator)["video_id"]
    )
    orders = paid(raw)
    for row in videos.head(5).iter_rows(named=True):
        days = raw("video_days").filter(pl.col("video_id") == row["video_id"]).sort("day")
        bought = orders.filter(pl.col("video_id") == row["video_id"])
        assert row["views"] == days["views"].sum()
        assert row["likes"] == days["likes"].sum()
        assert row["daily_views"] == days["views"].to_list()
        assert (row["orders"], row["refunds"]) == (len(bought), int(bought["is_asked"].sum()))
        page = queries.run(con, f"{PAGE}/video_days", entity_id=creator, video_id=row["video_id"])
        assert page["views"].sum() == row["views"]
        assert page["orders"].sum() == row["orders"]
        other = queries.run(con, f"{PAGE}/video_days", entity_id="x", video_id=row["video_id"])
        assert other.is_empty()


# ---------------------------------------------------------------- merchant


def test_payouts_of_a_shop_add_up(raw: Raw, con: duckdb.DuckDBPyConnection) -> None:
    """By the week in which money may leave: left, held and taken back."""
    shop = busiest(raw, "orders", "merchant_id")
    orders = raw("orders").filter(pl.col("paid_at").is_not_null() & (pl.col("merchant_id") == shop))
    money = raw("settlements").join(orders.select("order_id"), on="order_id")
    money = money.with_columns(market=pl.lit(market_of(raw, shop)))
    money = money.with_columns(
        usd("amount_minor"), usd("clawed_back_minor"), local_days("eligible_at")
    )
    money = money.with_columns(monday("day"))
    has_left = pl.col("settled_at").is_not_null()
    expected = money.group_by("week").agg(
        settlements=pl.len(),
        settled_usd=pl.col("amount_usd").filter(has_left).sum(),
        held_usd=pl.col("amount_usd").filter(~has_left).sum(),
        clawed_back_usd=pl.col("clawed_back_usd").fill_null(0.0).sum(),
        first_free_on=pl.col("day").min(),
        held_free_on=pl.col("day").filter(~has_left).min(),
    )
    found = queries.run(con, f"{PAGE}/merchant_payouts", entity_id=shop)
    both = found.join(expected, on="week", suffix="_raw")
    assert len(both) == len(found) == len(expected) > 3
    assert (both["settlements"] == both["settlements_raw"]).all()
    for name in ("settled_usd", "held_usd", "clawed_back_usd"):
        assert (both[name] - both[f"{name}_raw"]).abs().max() < 0.01  # type: ignore[operator]
    for name in ("first_free_on", "held_free_on"):
        assert both[name].eq_missing(both[f"{name}_raw"]).all()


def test_a_payout_is_free_on_one_day_wherever_it_is_said(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """What *Details* says of held money, *Acting on it* says of the next payout: the shop's day."""
    as_of = con.sql("select as_of from meta.build").fetchall()[0][0]
    late = raw("settlements").filter(
        pl.col("settled_at").is_null() & pl.col("clawed_back_at").is_null()
    )
    owed = late.join(raw("orders").select("order_id", "merchant_id"), on="order_id")
    shops = owed.join(raw("merchants").select("merchant_id", "market"), on="merchant_id")
    days = (
        shops.with_columns(local_days("eligible_at"))
        .group_by("merchant_id")
        .agg(pl.col("day").min(), utc=pl.col("eligible_at").dt.date().min())
    )
    differing = days.filter(pl.col("day") != pl.col("utc")).sort("merchant_id")
    assert len(differing) > 3
    for shop, day in differing.head(5).select("merchant_id", "day").iter_rows():
        weeks = queries.run(con, f"{PAGE}/merchant_payouts", entity_id=shop)
        asked = {"keys": [f"merchant:{shop}"], "as_of": as_of}
        acting = queries.run(con, "pages/case/blast_radius", **asked)
        assert weeks["held_free_on"].min() == acting["next_payout_day"][0] == day


def test_listings_of_a_shop_have_their_versions_and_sales(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Versions, lowest price, orders and removals, listing by listing."""
    shop = busiest(raw, "products", "merchant_id")
    found = queries.run(con, f"{PAGE}/merchant_listings", entity_id=shop, limit=ALL)
    products = raw("products").filter(pl.col("merchant_id") == shop)
    assert set(found["product_id"]) == set(products["product_id"])
    versions = raw("listing_versions").with_columns(usd("price_minor"))
    orders = paid(raw)
    for row in found.iter_rows(named=True):
        mine = versions.filter(pl.col("product_id") == row["product_id"])
        assert row["versions"] == len(mine)
        assert row["lowest_usd"] == pytest.approx(mine["price_usd"].min(), abs=1e-3)
        assert row["orders"] == len(orders.filter(pl.col("product_id") == row["product_id"]))


def test_fulfilment_is_counted_by_the_week_of_the_order(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Shipped, late, delivered and asked back, of every paid order once."""
    shop = busiest(raw, "orders", "merchant_id")
    parcels = raw("shipments").select("order_id", "shipped_at", "delivered_at")
    orders = paid(raw).filter(pl.col("merchant_id") == shop)
    # An order placed before midnight and paid after it counts from the day it was paid.
    day = pl.max_horizontal("created_at", pl.col("paid_at").dt.truncate("1d")).alias("counted")
    rows = orders.join(parcels, on="order_id", how="left").with_columns(day)
    late = pl.col("shipped_at") > pl.col("created_at") + timedelta(hours=48)
    expected = rows.group_by(monday("counted")).agg(
        orders=pl.len(),
        cancelled=pl.col("cancelled_at").count(),
        shipped=pl.col("shipped_at").count(),
        late=late.sum(),
        delivered=pl.col("delivered_at").count(),
        refunds=pl.col("is_asked").sum(),
    )
    found = queries.run(con, f"{PAGE}/merchant_fulfilment", entity_id=shop)
    columns = ["week", "orders", "cancelled", "shipped", "late", "delivered", "refunds"]
    assert found.select(columns).sort("week").rows() == expected.select(columns).sort("week").rows()
