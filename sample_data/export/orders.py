"""The tables of orders and of what follows every one of them: parcel, money, review.

`rows` are what a block made, with `row` = position in its orders; the public
order id travels with those orders.
"""

import numpy as np
import polars as pl

from sample_data.export.tables import CURRENCIES, Ids, Numbers, masked_ids, moment, public_ids
from sample_data.kit.markets import CHANNELS
from sample_data.period.aftersales import REASONS
from sample_data.period.fulfilment import CARRIERS
from sample_data.period.payments import payment_methods
from sample_data.period.tracking_numbers import tracking_numbers


def with_order_ids(orders: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """The orders of a block with their public `order_id`, by time of order."""
    return orders.with_columns(order_id=public_ids("ord", numbers.take("ord", orders.height), 7))


def in_order(rows: pl.DataFrame, instant: str) -> pl.DataFrame:
    """Rows by an instant, ties by order."""
    at, row = rows[instant].to_numpy(), rows["row"].to_numpy()
    return rows[np.lexsort((row, at))]


def money(orders: pl.DataFrame, row: pl.Series) -> dict[str, pl.Series]:
    """Currency columns of rows that hang off an order."""
    at = orders.select("market", "usd_per_unit")[row]
    return {"currency": CURRENCIES.gather(at["market"]), "usd_per_unit": at["usd_per_unit"]}


def orders(rows: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The order table of a block."""
    links = {
        f"{name}_id": ids.of(name, rows[name])
        for name in ("buyer", "merchant", "product", "creator")
    }
    keys = {"payment": "payment_token_id"}
    codes = {column: rows[column].to_numpy() for column in ("device", "ip", "address", "payment")}
    return pl.DataFrame(
        {
            "order_id": rows["order_id"],
            **links,
            "live_session_id": ids.of("session", rows["session"]),
            "video_id": ids.of("video", rows["video"]),
            "campaign_id": ids.of("campaign", rows["campaign"]),
            "voucher_id": ids.of("voucher", rows["voucher"]),
            "channel": pl.Series(CHANNELS).gather(rows["channel"]),
            "created_at": moment(rows["at"]),
            "paid_at": moment(rows["paid_at"]),
            "cancelled_at": moment(rows["cancelled_at"]),
            "currency": CURRENCIES.gather(rows["market"]),
            "usd_per_unit": rows["usd_per_unit"],
            "quantity": rows["quantity"],
            "items_minor": rows["items"],
            "voucher_minor": rows["taken"],
            "shipping_minor": rows["shipping"],
            "paid_minor": rows["paid"],
            "commission_rate": rows["commission_rate"],
            "click_to_order_seconds": rows["click_seconds"].fill_nan(None),
            "view_seconds": rows["view_seconds"].fill_nan(None),
            "has_prior_view": rows["has_prior_view"] > 0,
            "is_sample": rows["is_sample"] > 0,
            "is_billing_match": rows["is_billing_match"],
            "is_express": rows["is_express"],
            "payment_method": payment_methods(
                codes["payment"], rows["market"].to_numpy(), rows["declines"].to_numpy()
            ),
            **{
                keys.get(name, f"{name}_id"): masked_ids(name, code) for name, code in codes.items()
            },
        }
    )


def shipments(
    parcels: pl.DataFrame, orders: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The parcel table of a block, by dispatch."""
    rows = in_order(parcels, "shipped_at")
    weight = pl.when(pl.col("first_scan_at") >= 0).then(pl.col("sent_grams"))
    match = pl.when(pl.col("delivered_at") >= 0).then(pl.col("matches"))
    return pl.DataFrame(
        {
            "shipment_id": public_ids("shp", numbers.take("shp", rows.height), 7),
            "order_id": orders["order_id"].gather(rows["row"]),
            "carrier": pl.Series(CARRIERS).gather(rows["carrier"]),
            "tracking_number": tracking_numbers(rows["carrier"], rows["tracking"]),
            "origin_id": masked_ids("warehouse", rows["origin"].to_numpy()),
            "shipped_at": moment(rows["shipped_at"]),
            "first_scan_at": moment(rows["first_scan_at"]),
            "observed_at": moment(rows["observed_at"]),
            "delivered_at": moment(rows["delivered_at"]),
            "is_address_match": rows.select(match).to_series(),
            "weight_grams": rows.select(weight).to_series(),
            "scan_count": rows["scan_count"],
        }
    )


def refunds(
    requests: pl.DataFrame, orders: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The after-sale table of a block, by request."""
    rows = in_order(requests, "requested_at")
    kind = pl.Series(["refund_only", "return_refund"]).gather(rows["is_return"].cast(pl.Int64))
    return pl.DataFrame(
        {
            "refund_id": public_ids("ref", numbers.take("ref", rows.height), 6),
            "order_id": orders["order_id"].gather(rows["row"]),
            "requested_at": moment(rows["requested_at"]),
            "refunded_at": moment(rows["refunded_at"]),
            "kind": kind,
            "reason": pl.Series(REASONS).gather(rows["reason"]),
            "claim_text": rows["claim_text"],
            "return_weight_grams": rows["return_weight_grams"].fill_nan(None),
            "amount_minor": rows["amount_minor"],
            **money(orders, rows["row"]),
        }
    )


def reviews(texts: pl.DataFrame, orders: pl.DataFrame, _ids: Ids, numbers: Numbers) -> pl.DataFrame:
    """The review table of a block, by time."""
    rows = in_order(texts, "created_at")
    return pl.DataFrame(
        {
            "review_id": public_ids("rev", numbers.take("rev", rows.height), 6),
            "order_id": orders["order_id"].gather(rows["row"]),
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
    payouts: pl.DataFrame, orders: pl.DataFrame, _ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The shops' money of a block, by due date."""
    rows = in_order(payouts, "eligible_at")
    return pl.DataFrame(
        {
            "settlement_id": public_ids("set", numbers.take("set", rows.height), 7),
            "order_id": orders["order_id"].gather(rows["row"]),
            "eligible_at": moment(rows["eligible_at"]),
            "settled_at": moment(rows["settled_at"]),
            **_taken_back(rows),
            **money(orders, rows["row"]),
        }
    )


def commissions(
    payouts: pl.DataFrame, orders: pl.DataFrame, ids: Ids, numbers: Numbers
) -> pl.DataFrame:
    """The creators' money of a block, by due date."""
    rows = in_order(payouts, "eligible_at")
    return pl.DataFrame(
        {
            "commission_id": public_ids("com", numbers.take("com", rows.height), 6),
            "order_id": orders["order_id"].gather(rows["row"]),
            "creator_id": ids.of("creator", rows["creator"]),
            "eligible_at": moment(rows["eligible_at"]),
            "paid_at": moment(rows["paid_at"]),
            **_taken_back(rows),
            **money(orders, rows["row"]),
        }
    )
