"""The days of the tiny database: metrics and calendar."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from queries.registry import DIMENSIONS, kpis
from tests.dashboard.tiny_entities import DAYS, at

if TYPE_CHECKING:
    from datetime import date

    from queries.registry import Kpi


FIGURES = (
    ("buyer", "buy_1", "device_accounts", 23.0),
    ("buyer", "buy_1", "address_accounts", 1.0),
    ("product", "prd_1", "near_titles", 0.0),
)
"""Numbers of playbooks; of peers one is the middle, and nine of ten have two at most."""


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows by `schema.table`."""
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
        **_cube(),
        "metrics.label_gaps": [{"day": DAYS[0] - timedelta(days=200)}],
        "metrics.clocks": [
            {
                "market": market,
                "time_zone": zone,
                "is_default": market == "SG",
                "first_whole_day": DAYS[0],
                "last_whole_day": DAYS[-1],
                "last_mature_day": DAYS[-1] - timedelta(days=21),
                "has_orders": True,
            }
            for market, zone in (("MY", "Asia/Kuala_Lumpur"), ("SG", "UTC"))
        ],
        "metrics.local_days": [
            {"market": market, "day": day, "is_mature": day <= DAYS[-1] - timedelta(days=21)}
            for market in ("MY", "SG")
            for day in DAYS
        ],
        "metrics.order_outcomes": [_order(i, day, m) for i, day in enumerate(DAYS) for m in (1, 2)],
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
                "room_orders": 1,
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
        "alerts.metric_events": [
            {
                "metric": "sign_ups",
                "day": DAYS[-1 - back],
                "market": "MY",
                "entity_type": "buyer",
                "entity_id": f"buy_{number}",
                "amount": 1.0,
            }
            for number, back in ((1, 1), (2, 2), (3, 9))
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
                "p10": 0.5,
                "p25": 1.0,
                "p50": 2.0,
                "p75": 3.0,
                "p90": 4.0,
                "entities": 40,
            }
            for day in DAYS
        ],
        "metrics.peer_levels": [
            {
                "entity_type": "merchant",
                "peer_group": group,
                "metric": "orders",
                "entities": 40,
                "grid": [n / 5.0 for n in range(21)],
            }
            for group in ("MY / beauty", None)
        ],
        "metrics.subject_figures": [
            {"entity_type": kind, "entity_id": who, "feature": feature, "figure": figure}
            for kind, who, feature, figure in FIGURES
        ],
        "metrics.feature_levels": [
            {
                "entity_type": kind,
                "peer_group": None,
                "feature": feature,
                "entities": 40,
                "p10": 0.0,
                "p50": 1.0,
                "p90": 2.0,
            }
            for kind, feature in sorted({(kind, feature) for kind, _, feature, _ in FIGURES})
        ],
        "metrics.refund_reasons": [
            {
                "entity_type": "product",
                "entity_id": "prd_1",
                "reason": reason,
                "orders": 60,
                "requests": requests,
                "amount_usd": 19.0 * requests,
                "usual": usual,
            }
            for reason, requests, usual in (("not_received", 6, 1.5), ("changed_mind", 3, None))
        ],
        "metrics.order_events": [
            {
                "event": event,
                "event_id": f"{event}_{i}",
                "order_id": f"ord_{i}",
                "day": DAYS[-1 - i],
                "merchant_id": "mer_1",
                "product_id": "prd_1",
                "creator_id": "crt_1",
                "buyer_id": "buy_1",
                "amount_usd": 20.0,
                "voucher_usd": 2.0,
                "commission_usd": 2.0,
                "is_refunded": i % 2,
                "is_not_received": 0,
                "is_young_account": 0,
                "is_voucher": 1,
                "is_crowded_device": 1,
                "is_room_order": 1,
                "is_late_dispatch": 0,
                "is_light": 1,
                "rating": 5 if event == "review" else None,
            }
            for event in ("order", "parcel", "review")
            for i in range(4)
        ],
    }


def _cube() -> dict[str, list[dict[str, Any]]]:
    """The cube, its groupings and the metrics made of them."""
    leaves = [
        {"day": day, **_slice(market, channel), **_sums(10, 200.0 + i)}
        for i, day in enumerate(DAYS)
        for market in ("MY", "SG")
        for channel in ("live", "shop_tab")
    ]
    groupings: dict[tuple[Any, ...], dict[str, Any]] = {}
    for leaf in leaves:
        for size in range(3):
            for names in combinations(sorted(DIMENSIONS), size):
                slots = [part for name in names for part in (name, leaf[name])]
                key = (leaf["day"], *slots, *[None] * (4 - len(slots)))
                sums = groupings.setdefault(key, dict.fromkeys(_sums(0, 0.0), 0))
                for name in sums:
                    sums[name] += leaf[name]
    keys = ("day", "dimension_a", "value_a", "dimension_b", "value_b")
    rows = [dict(zip(keys, key, strict=True)) | sums for key, sums in groupings.items()]
    return {
        "metrics.cube": leaves,
        "metrics.groupings": rows,
        **{
            kpi.table: [{name: row[name] for name in keys} | _metric(kpi, row) for row in rows]
            for kpi in kpis().values()
        },
    }


def _metric(kpi: Kpi, row: dict[str, Any]) -> dict[str, Any]:
    """A metric of the cube; of its own makings one in four."""
    if not kpi.is_of_cube:
        whole = None if kpi.is_additive else 40.0
        return {"numerator": 10.0, "denominator": whole, "n": 40}
    whole = None if kpi.denominator is None else float(row[kpi.denominator])
    return {
        "numerator": float(row[kpi.numerator]),
        "denominator": whole,
        "n": row[kpi.counted],
    }


def _slice(market: str, channel: str) -> dict[str, str]:
    tiers = {"merchant_tier": "small", "creator_tier": "none", "payment_method": "card"}
    where = {"market": market, "category": "beauty", "channel": channel}
    return where | tiers | {"buyer_age": "180_days_or_more"}


def _sums(orders: int, gmv: float) -> dict[str, Any]:
    """What `orders` orders of this value sum up to."""
    return {
        "orders": orders,
        "gmv_usd": gmv,
        "voucher_usd": gmv / 20.0,
        "commission_usd": gmv / 10.0,
        "bad_gmv_30d_usd": gmv / 50.0,
        **dict.fromkeys(("voucher_orders", "young_account_orders"), orders // 5),
        **dict.fromkeys(_RARE, orders // 10),
        "fast_payment_orders": orders // 2,
        "delivered_orders": orders * 8 // 10,
    }


_RARE = (
    *("new_buyer_voucher_orders", "crowded_device_orders", "late_dispatch_orders"),
    *("undispatched_orders", "low_rated_orders", "refunded_orders", "not_received_orders"),
    *("small_orders", "small_refunded_orders"),
    *("disputed_orders", "bad_orders_7d", "bad_orders_30d", "bad_orders_60d"),
)


def _order(i: int, day: date, merchant: int) -> dict[str, Any]:
    return {
        "order_id": f"ord_{merchant}_{i}",
        "day": day,
        **_slice(("MY", "SG")[merchant - 1], "live"),
        "merchant_id": f"mer_{merchant}",
        "product_id": f"prd_{merchant}",
        "creator_id": "crt_1" if merchant == 1 else None,
        "buyer_id": f"buy_{i % 3 + 1}",
        "live_session_id": None,
        **_sums(1, 40.0 * merchant),
        "refunded_orders": i % 2,
        "crowded_device_orders": 1,
    }
