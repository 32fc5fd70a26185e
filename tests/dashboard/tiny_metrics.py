"""The days of the tiny database: metrics, calendar and drift."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.dashboard.tiny_entities import AS_OF, DAYS, at

if TYPE_CHECKING:
    from datetime import date


def parts() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Rows by `schema.table`."""
    return (_metrics(), _drift())


def _metrics() -> dict[str, list[dict[str, Any]]]:
    return {
        "metrics.events": [
            {
                "event_id": "evt_1",
                "kind": "campaign",
                "title": "Payday sale",
                "market": None,
                "starts_at": at(DAYS[10], 0),
                "ends_at": at(DAYS[12], 0),
            }
        ],
        "metrics.days": [
            {
                "day": day,
                "market": market,
                "category": "beauty",
                "channel": channel,
                "orders": 10,
                "gmv_usd": 200.0 + i,
                "refunds": 1,
                "refund_usd": 20.0,
                "refunded_orders": 1,
                "not_received_orders": 1,
                "voucher_usd": 10.0,
                "young_account_orders": 2,
                "crowded_device_orders": 1,
                "delivered": 8,
                "late_dispatches": 1,
                "low_ratings": 1,
                "ratings": 4,
            }
            for i, day in enumerate(DAYS)
            for market in ("MY", "SG")
            for channel in ("live", "shop_tab")
        ],
        "metrics.clocks": [
            {
                "market": market,
                "time_zone": zone,
                "is_default": market == "SG",
                "first_whole_day": DAYS[0],
                "last_whole_day": DAYS[-1],
                "last_mature_day": DAYS[-1] - timedelta(days=21),
            }
            for market, zone in (("MY", "Asia/Kuala_Lumpur"), ("SG", "UTC"))
        ],
        "metrics.local_days": [
            {"market": market, "day": day, "is_mature": day <= DAYS[-1] - timedelta(days=21)}
            for market in ("MY", "SG")
            for day in DAYS
        ],
        "metrics.order_events": [_order(i, day, m) for i, day in enumerate(DAYS) for m in (1, 2)],
        "metrics.merchant_days": [
            {
                "day": day,
                "merchant_id": f"mer_{m}",
                "orders": 2 + i % 3,
                "gmv_usd": 40.0 * m,
                "buyers": 2,
                "refunds": i % 2,
                "refunded_orders": i % 2,
                "voucher_orders": 1,
                "crowded_device_orders": 1,
                "ratings": 1,
                "five_star_ratings": 1,
                "late_dispatches": 0,
                "deliveries": 2,
                "light_parcels": 1,
            }
            for i, day in enumerate(DAYS)
            for m in (1, 2)
        ],
        "metrics.creator_days": [
            {
                "day": day,
                "creator_id": "crt_1",
                "orders": 1,
                "gmv_usd": 20.0,
                "buyers": 1,
                "refunds": 0,
                "refunded_orders": 0,
                "commission_usd": 2.0,
                "live_views": 300,
                "product_clicks": 10,
                "followers": 1000 + i,
                "crowded_device_orders": 0,
            }
            for i, day in enumerate(DAYS)
        ],
        "metrics.product_days": [
            {
                "day": day,
                "product_id": "prd_1",
                "orders": 2,
                "gmv_usd": 40.0,
                "buyers": 2,
                "refunds": 0,
                "refunded_orders": 0,
                "ratings": 1,
                "five_star_ratings": 1,
            }
            for day in DAYS
        ],
        "metrics.buyer_days": [
            {"day": d, "buyer_id": "buy_1", "orders": 1, "spend_usd": 19.0, "refunds": 0}
            | {"refunded_orders": 0, "voucher_usd": 2.0}
            for d in DAYS
        ],
        "metrics.peer_days": [
            {
                "day": day,
                "entity_type": "merchant",
                "peer_group": "MY / beauty",
                "metric": "orders",
                "p25": 1.0,
                "p50": 2.0,
                "p75": 3.0,
                "entities": 40,
            }
            for day in DAYS
        ],
    }


def _order(i: int, day: date, merchant: int) -> dict[str, Any]:
    flags = ("not_received", "young_account", "late_dispatch")
    return {
        "event": "order",
        "event_id": f"ord_{merchant}_{i}",
        "order_id": f"ord_{merchant}_{i}",
        "day": day,
        "market": ("MY", "SG")[merchant - 1],
        "category": "beauty",
        "channel": "live",
        "merchant_id": f"mer_{merchant}",
        "amount_usd": 40.0 * merchant,
        "voucher_usd": 2.0,
        "is_refunded": i % 2,
        "is_crowded_device": 1,
        **{f"is_{flag}": 0 for flag in flags},
        "rating": 5,
    }


def _drift() -> dict[str, list[dict[str, Any]]]:
    reference = AS_OF - timedelta(days=28)
    return {
        "drift.features": [
            {
                "as_of": AS_OF,
                "reference_as_of": reference,
                "entity_type": "merchant",
                "feature": "refund_rate_30d",
                "psi": 0.14,
                "ks": 0.1,
                "ks_pvalue": 0.03,
                "current_count": 100,
                "reference_count": 100,
                "verdict": "watch",
            }
        ],
        "drift.models": [
            {
                "as_of": AS_OF,
                "reference_as_of": reference,
                "entity_type": "merchant",
                "psi": 0.05,
                "ks": 0.04,
                "share_high_current": 0.06,
                "share_high_reference": 0.05,
                "verdict": "stable",
            }
        ],
    }
