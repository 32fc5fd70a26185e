"""The event tables: orders and everything that hangs off them, sessions, labels, calendar.

Split from `tables` because these reference the ids made there.
"""

import numpy as np
import polars as pl

from sample_data import names
from sample_data.markets import CHANNELS
from sample_data.randomness import stream
from sample_data.stage import Stage
from sample_data.tables import CURRENCIES, Ids, date, masked, moment, numbered
from sample_data.world import World


def order_ids(orders: pl.DataFrame) -> pl.Series:
    """Order ids by time of order."""
    return numbered("ord", np.arange(1, orders.height + 1), 7)


def orders(placed: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The order table from placed orders, which are in time order."""
    links = {
        f"{kind}_id": ids.of(kind, placed[kind])
        for kind in ("buyer", "merchant", "product", "creator")
    }
    keys = {"payment": "payment_token_id"}
    codes = {name: placed[name].to_numpy() for name in ("device", "ip", "address", "payment")}
    return pl.DataFrame(
        {
            "order_id": order_ids(placed),
            **links,
            "live_session_id": ids.of("session", placed["session"]),
            "video_id": ids.of("video", placed["video"]),
            "campaign_id": ids.of("campaign", placed["campaign"]),
            "voucher_id": ids.of("voucher", placed["voucher"]),
            "channel": pl.Series(CHANNELS).gather(placed["channel"]),
            "created_at": moment(placed["at"]),
            "paid_at": moment(placed["paid_at"]),
            "cancelled_at": moment(placed["cancelled_at"]),
            "currency": CURRENCIES.gather(placed["market"]),
            "usd_per_unit": placed["usd_per_unit"],
            "quantity": placed["quantity"],
            "items_minor": placed["items"],
            "voucher_minor": placed["taken"],
            "shipping_minor": placed["shipping"],
            "paid_minor": placed["paid"],
            "commission_rate": placed["commission_rate"],
            "click_to_order_seconds": placed["click_seconds"].fill_nan(None),
            "has_prior_view": placed["has_prior_view"] > 0,
            "is_sample": placed["is_sample"] > 0,
            **{keys.get(kind, f"{kind}_id"): masked(kind, code) for kind, code in codes.items()},
        }
    )


def shipments(parcels: pl.DataFrame, order_id: pl.Series) -> pl.DataFrame:
    """The parcel table, by dispatch."""
    rows = parcels.sort("shipped_at", "row")
    weight = pl.when(pl.col("first_scan_at") >= 0).then(pl.col("sent_grams"))
    return pl.DataFrame(
        {
            "shipment_id": numbered("shp", np.arange(1, rows.height + 1), 7),
            "order_id": order_id.gather(rows["row"]),
            "carrier": rows["carrier"],
            "shipped_at": moment(rows["shipped_at"]),
            "first_scan_at": moment(rows["first_scan_at"]),
            "delivered_at": moment(rows["delivered_at"]),
            "weight_grams": rows.select(weight).to_series(),
            "scan_count": rows["scan_count"],
        }
    )


def _money(rows: pl.DataFrame, placed: pl.DataFrame) -> dict[str, pl.Series]:
    """Currency columns of rows that hang off an order."""
    at = placed[rows["row"]]
    return {"currency": CURRENCIES.gather(at["market"]), "usd_per_unit": at["usd_per_unit"]}


def refunds(asked: pl.DataFrame, placed: pl.DataFrame, order_id: pl.Series) -> pl.DataFrame:
    """The after-sale table, by request."""
    rows = asked.sort("requested_at", "row")
    return pl.DataFrame(
        {
            "refund_id": numbered("ref", np.arange(1, rows.height + 1), 6),
            "order_id": order_id.gather(rows["row"]),
            "requested_at": moment(rows["requested_at"]),
            "refunded_at": moment(rows["refunded_at"]),
            "kind": rows["kind"],
            "reason": rows["reason"],
            "claim_text": rows["claim_text"],
            "return_weight_grams": rows["return_weight_grams"].fill_nan(None),
            "amount_minor": rows["amount_minor"],
            **_money(rows, placed),
        }
    )


def reviews(written: pl.DataFrame, order_id: pl.Series) -> pl.DataFrame:
    """The review table, by time."""
    rows = written.sort("created_at", "row")
    return pl.DataFrame(
        {
            "review_id": numbered("rev", np.arange(1, rows.height + 1), 6),
            "order_id": order_id.gather(rows["row"]),
            "created_at": moment(rows["created_at"]),
            "rating": rows["rating"],
            "body": rows["body"],
        }
    )


def settlements(owed: pl.DataFrame, placed: pl.DataFrame, order_id: pl.Series) -> pl.DataFrame:
    """The shops' money, by due date."""
    rows = owed.sort("eligible_at", "row")
    return pl.DataFrame(
        {
            "settlement_id": numbered("set", np.arange(1, rows.height + 1), 7),
            "order_id": order_id.gather(rows["row"]),
            "eligible_at": moment(rows["eligible_at"]),
            "settled_at": moment(rows["settled_at"]),
            "amount_minor": rows["amount_minor"],
            **_money(rows, placed),
        }
    )


def commissions(owed: pl.DataFrame, placed: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The creators' money, by due date."""
    rows = owed.sort("eligible_at", "row")
    return pl.DataFrame(
        {
            "commission_id": numbered("com", np.arange(1, rows.height + 1), 6),
            "order_id": order_ids(placed).gather(rows["row"]),
            "creator_id": ids.of("creator", rows["creator"]),
            "eligible_at": moment(rows["eligible_at"]),
            "paid_at": moment(rows["paid_at"]),
            "amount_minor": rows["amount_minor"],
            **_money(rows, placed),
        }
    )


def live_sessions(world: World, told: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The session table."""
    rng = stream(world.settings.seed, "live titles")
    counts = ["impressions", "views", "unique_viewers", "peak_concurrent", "watch_seconds_mean"]
    counts += [
        "watch_seconds_sd",
        "comments",
        "distinct_comments",
        "young_viewers",
        "viewer_devices",
    ]
    counts += ["follows", "product_clicks", "slot_fee_minor"]
    return pl.DataFrame(
        {
            "live_session_id": ids.of("session", told["session"]),
            "creator_id": ids.of("creator", told["creator"]),
            "merchant_id": ids.of("merchant", told["merchant"]),
            "title": names.live_titles(rng, told["market"].to_numpy()),
            "started_at": moment(told["start"]),
            "ended_at": moment(told["end"]),
            **{name: told[name] for name in counts},
            "currency": CURRENCIES.gather(told["market"]),
            "usd_per_unit": told["usd_per_unit"],
        }
    ).sort("live_session_id")


def videos(world: World, stage: Stage, ids: Ids) -> pl.DataFrame:
    """The video table."""
    rng, rows = stream(world.settings.seed, "video titles"), stage.videos
    market = world.creators.market[rows["creator"].to_numpy()]
    return pl.DataFrame(
        {
            "video_id": ids.video,
            "creator_id": ids.of("creator", rows["creator"]),
            "title": names.live_titles(rng, market),
            "published_at": moment(rows["published"]),
        }
    ).sort("video_id")


def video_days(days: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The audience of each video by day."""
    counts = [days[name] for name in ("views", "likes", "comments", "product_clicks")]
    keys = [ids.of("video", days["video"]).alias("video_id"), date(days["day"]).alias("day")]
    return pl.DataFrame([*keys, *counts]).sort("video_id", "day")


def creator_days(days: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The followers of each creator by day."""
    keys = [ids.of("creator", days["creator"]).alias("creator_id"), date(days["day"]).alias("day")]
    return pl.DataFrame([*keys, days["followers"]]).sort("creator_id", "day")


def _entities(rows: pl.DataFrame, ids: Ids) -> pl.Series:
    """Public ids of rows with `entity_type` and `entity`."""
    found = pl.Series([None] * rows.height, dtype=pl.Utf8)
    for kind in ("merchant", "creator", "product", "buyer"):
        mine = rows["entity_type"] == kind
        position = rows["entity"].set(~mine, -1)
        found = found.zip_with(~mine, ids.of(kind, position))
    return found


def labels(told: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The label table, by when each became known."""
    return pl.DataFrame(
        {
            "label_id": numbered("lab", np.arange(1, told.height + 1), 5),
            "entity_type": told["entity_type"],
            "entity_id": _entities(told, ids),
            "label": told["label"],
            "typology": told["typology"],
            "source": told["source"],
            "event_at": moment(told["event"]),
            "known_at": moment(told["known"]),
        }
    )


def calendar(events: pl.DataFrame) -> pl.DataFrame:
    """The calendar table."""
    return pl.DataFrame(
        {
            "event_id": numbered("evt", np.arange(1, events.height + 1), 4),
            "kind": events["kind"],
            "title": events["title"],
            "market": events["market"],
            "starts_at": moment(events["starts"]),
            "ends_at": moment(events["ends"]),
        }
    )


def truth(rows: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The truth table."""
    told = pl.DataFrame(
        {
            "entity_type": rows["entity_type"],
            "entity_id": _entities(rows, ids),
            "typology": rows["typology"],
            "variant": rows["variant"],
            "ring_id": numbered("rng", rows["ring"] + 1, 4),
            "started_at": moment(rows["started"]),
            "ended_at": moment(rows["ended"]),
            "loss_usd": rows["loss_usd"],
            "loss_bearer": rows["loss_bearer"],
            "is_hard_negative": rows["is_hard_negative"],
            "clears_because": rows["clears_because"],
        }
    )
    empty = [
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
        for name in ("loss_bearer", "clears_because")
    ]
    return told.with_columns(empty).sort("ring_id", "entity_type", "entity_id")
