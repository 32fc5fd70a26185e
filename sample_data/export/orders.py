"""The tables of orders and of what follows every one of them: parcel, money, review.

`rows` are what a block made, with `row` = position in its `placed` orders; the public
order id travels with those orders.
"""

import numpy as np
import polars as pl

from sample_data.export.tables import CURRENCIES, Ids, Numbers, masked, moment, numbered
from sample_data.kit.markets import CHANNELS
from sample_data.period.aftersales import REASONS
from sample_data.period.fulfilment import CARRIERS
from sample_data.period.tracking_numbers import tracking_numbers


def numbered_orders(placed: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """The orders of a block with their public `order_id`, by time of order."""
    return placed.with_columns(order_id=numbered("ord", numbers.take("ord", placed.height), 7))


def in_order(rows: pl.DataFrame, instant: str) -> pl.DataFrame:
    """Rows by an instant, ties by order."""
    at, row = rows[instant].to_numpy(), rows["row"].to_numpy()
    return rows[np.lexsort((row, at))]


def money(placed: pl.DataFrame, row: pl.Series) -> dict[str, pl.Series]:
    """Currency columns of rows that hang off an order."""
    at = placed.select("market", "usd_per_unit")[row]
    return {"currency": CURRENCIES.gather(at["market"]), "usd_per_unit": at["usd_per_unit"]}


def orders(placed: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The order table of a block."""
    links = {
        f"{kind}_id": ids.of(kind, placed[kind])
        for kind in ("buyer", "merchant", "product", "creator")
    }
    keys = {"payment": "payment_token_id"}
    codes = {name: placed[name].to_numpy() for name in ("device", "ip", "address", "payment")}
    return pl.DataFrame(
        {
            "order_id": placed["order_id"],
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
            "view_seconds": placed["view_seconds"].fill_nan(None),
            "has_prior_view": placed["has_prior_view"] > 0,
            "is_sample": placed["is_sample"] > 0,
            "is_billing_match": placed["is_billing_match"],
            "is_express": placed["is_express"],
            **{keys.get(kind, f"{kind}_id"): masked(kind, code) for kind, code in codes.items()},
        }
    )


def shipments(
    parcels: pl.DataFrame, placed: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The parcel table of a block, by dispatch."""
    rows = in_order(parcels, "shipped_at")
    weight = pl.when(pl.col("first_scan_at") >= 0).then(pl.col("sent_grams"))
    match = pl.when(pl.col("delivered_at") >= 0).then(pl.col("matches"))
    return pl.DataFrame(
        {
            "shipment_id": numbered("shp", numbers.take("shp", rows.height), 7),
            "order_id": placed["order_id"].gather(rows["row"]),
            "carrier": pl.Series(CARRIERS).gather(rows["carrier"]),
            "tracking_number": tracking_numbers(rows["carrier"], rows["tracking"]),
            "origin_id": masked("warehouse", rows["origin"].to_numpy()),
            "shipped_at": moment(rows["shipped_at"]),
            "first_scan_at": moment(rows["first_scan_at"]),
            "observed_at": moment(rows["observed_at"]),
            "delivered_at": moment(rows["delivered_at"]),
            "is_address_match": rows.select(match).to_series(),
            "weight_grams": rows.select(weight).to_series(),
            "scan_count": rows["scan_count"],
        }
    )


def refunds(asked: pl.DataFrame, placed: pl.DataFrame, _ids: Ids, numbers: Numbers) -> pl.DataFrame:
    """The after-sale table of a block, by request."""
    rows = in_order(asked, "requested_at")
    kind = pl.Series(["refund_only", "return_refund"]).gather(rows["is_return"].cast(pl.Int64))
    return pl.DataFrame(
        {
            "refund_id": numbered("ref", numbers.take("ref", rows.height), 6),
            "order_id": placed["order_id"].gather(rows["row"]),
            "requested_at": moment(rows["requested_at"]),
            "refunded_at": moment(rows["refunded_at"]),
            "kind": kind,
            "reason": pl.Series(REASONS).gather(rows["reason"]),
            "claim_text": rows["claim_text"],
            "return_weight_grams": rows["return_weight_grams"].fill_nan(None),
            "amount_minor": rows["amount_minor"],
            **money(placed, rows["row"]),
        }
    )


def reviews(
    written: pl.DataFrame, placed: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The review table of a block, by time."""
    rows = in_order(written, "created_at")
    return pl.DataFrame(
        {
            "review_id": numbered("rev", numbers.take("rev", rows.height), 6),
            "order_id": placed["order_id"].gather(rows["row"]),
            "created_at": moment(rows["created_at"]),
            "rating": rows["rating"],
            "body": rows["body"],
        }
    )


def _taken_back(rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Amount and claw-back columns of a payout."""
    return {
        "amount_minor": rows["amount_minor"],
        "clawed_back_at": moment(rows["clawed_back_at"]),
        "clawed_back_minor": rows["clawed_back_minor"],
    }


def settlements(
    owed: pl.DataFrame, placed: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The shops' money of a block, by due date."""
    rows = in_order(owed, "eligible_at")
    return pl.DataFrame(
        {
            "settlement_id": numbered("set", numbers.take("set", rows.height), 7),
            "order_id": placed["order_id"].gather(rows["row"]),
            "eligible_at": moment(rows["eligible_at"]),
            "settled_at": moment(rows["settled_at"]),
            **_taken_back(rows),
            **money(placed, rows["row"]),
        }
    )


def commissions(
    owed: pl.DataFrame, placed: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The creators' money of a block, by due date."""
    rows = in_order(owed, "eligible_at")
    return pl.DataFrame(
        {
            "commission_id": numbered("com", numbers.take("com", rows.height), 6),
            "order_id": placed["order_id"].gather(rows["row"]),
            "creator_id": ids.of("creator", rows["creator"]),
            "eligible_at": moment(rows["eligible_at"]),
            "paid_at": moment(rows["paid_at"]),
            **_taken_back(rows),
            **money(placed, rows["row"]),
        }
    )
