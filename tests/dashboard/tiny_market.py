"""What was delivered to the tiny database, and what it says of itself."""

from __future__ import annotations

from typing import Any

from queries.contract import CONTRACT_VERSION
from tests.dashboard import tiny_orders
from tests.dashboard.tiny_entities import AS_OF, DAYS, ENTITIES, FIRST_DAY, HOSTILE, LONG, at


def parts() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Rows by `schema.table`."""
    return (_meta(), _staging())


def _meta() -> dict[str, list[dict[str, Any]]]:
    return {
        "meta.build": [
            {
                "contract_version": CONTRACT_VERSION,
                "as_of": AS_OF,
                "ringfence_version": "0.1.0",
                "data_fingerprint": "f00d",
                "order_count": 60,
            }
        ],
        "meta.shap_check": [
            {
                "entity_type": "merchant",
                "rows_checked": 2,
                "largest_difference": 1.8e-15,
                "largest_additivity_gap": 0.000004,
            }
        ],
        "meta.delivered": [
            {
                "table_name": name,
                "row_count": rows,
                "clock": clock,
                "first_at": at(FIRST_DAY) if rows else None,
                "last_at": at(DAYS[-1]) if rows else None,
            }
            for name, rows, clock in (
                ("orders", 60, "created_at"),
                ("refunds", 0, None),
                ("shipments", 0, None),
            )
        ],
        "meta.set_aside": [
            {
                "raw_table": table,
                "row_key": key,
                "column_name": column,
                "reason": reason,
                "raw_values": "{}",
            }
            for table, key, column, reason in (
                ("orders", "ord_8", "buyer_id", "refers to no buyer"),
                ("orders", "ord_9", "buyer_id", "refers to no buyer"),
                ("refunds", "ref_1", None, "the same row twice"),
            )
        ],
        "meta.unavailable": [
            {
                "kind": kind,
                "entity_type": entity_type,
                "name": name,
                "label": name,
                "missing": [missing],
                "reason": f"{missing} is not delivered",
            }
            for kind, entity_type, name, missing in (
                ("pack", None, "T5_FAKE_FULFILMENT", "shipments"),
                ("feature", "buyer", "orders_per_device", "orders.device_id"),
            )
        ],
        "meta.stages": [{"stage": "staging", "tables": 1, "row_count": 60}],
    }


def _staging() -> dict[str, list[dict[str, Any]]]:
    first, last = DAYS[2], DAYS[20]
    return {
        "staging.orders": tiny_orders.orders(),
        "staging.unpaid_orders": tiny_orders.unpaid(),
        "staging.buyers": [{"buyer_id": i, "name": n} for t, i, n, *_ in ENTITIES if t == "buyer"],
        "staging.merchants": [
            {
                "merchant_id": i,
                "name": n,
                "market": market,
                "device_id": "dev_000000aa",
                "registered_at": at(DAYS[0]),
                "closed_at": None,
            }
            for t, i, n, market, _ in ENTITIES
            if t == "merchant"
        ],
        "staging.creators": [
            {"creator_id": "crt_1", "device_id": None, "registered_at": at(DAYS[0])}
        ],
        "staging.products": [
            {
                "product_id": "prd_1",
                "merchant_id": "mer_1",
                "title": LONG,
                "category": "beauty",
                "price_usd": 8.0,
                "listed_at": at(DAYS[0]),
                "removed_at": None,
            }
        ],
        "staging.shipments": [
            {"order_id": "ord_001", "shipped_at": at(first), "delivered_at": at(last)}
        ],
        "staging.refunds": [
            {
                "refund_id": "ref_1",
                "order_id": "ord_002",
                "kind": "refund_only",
                "reason": "not_received",
                "claim_text": HOSTILE,
                "requested_at": at(first),
                "refunded_at": at(last),
                "amount_usd": 19.0,
                "day": first,
            }
        ],
        "staging.auth_events": tiny_orders.auth_events(),
        "staging.order_attempts": tiny_orders.orders(),
        "staging.reviews": [
            {
                "review_id": "rev_1",
                "order_id": "ord_001",
                "created_at": at(last),
                "rating": 5,
                "body": HOSTILE,
                "day": last,
            }
        ],
        **tiny_orders.afterwards(),
        "staging.live_sessions": [
            {
                "live_session_id": "liv_1",
                "creator_id": "crt_1",
                "merchant_id": "mer_1",
                "title": HOSTILE,
                "started_at": at(first),
                "ended_at": at(first, 14),
                "views": 9000,
                "unique_viewers": 8000,
                "peak_concurrent": 3000,
                "watch_seconds_mean": 8.5,
                "comments": 400,
                "distinct_comments": 80,
                "young_viewers": 6400,
                "product_clicks": 30,
                "slot_fee_usd": 500.0,
                "day": first,
            }
        ],
        "staging.engagement_minutes": [
            {
                "live_session_id": "liv_1",
                "minute": minute,
                "viewers": 100 + minute,
                "joins": 300 if minute < 10 else 60,
                "comments": 4,
                "product_clicks": 1,
                "orders": 1 if minute == 30 else 0,
            }
            for minute in range(110)
        ],
        "staging.live_comments": [
            {"comment_id": "cmt_1", "live_session_id": "liv_1", "buyer_id": "buy_3", "body": "hi"}
        ],
        "staging.labels": [
            {
                "label_id": "lab_1",
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "label": "bad",
                "typology": "T1_BRUSHING",
                "source": "review",
                "day": last,
                "analyst_id": "ana_1",
                "decided_at": at(last),
                "known_at": at(last),
                "withdrawn_at": None,
            },
            *(
                {
                    "label_id": f"lab_{number}",
                    "entity_type": "merchant",
                    "entity_id": f"mer_{number}",
                    "label": label,
                    "source": "exploration",
                    "day": last,
                    "decided_at": at(last),
                    "known_at": at(last),
                    "withdrawn_at": None,
                }
                for number, label in ((7, "bad"), (8, "good"), (9, "bad"))
            ),
        ],
        "facts.image_twins": [
            {"product_id": "prd_1", "twin_id": "prd_2", "image_id": "img_1", "known_from": at(last)}
        ],
        "similarity.title_twins": [
            {"product_id": "prd_9", "twin_id": "prd_8", "likeness": 0.9, "known_from": at(last)}
        ],
        "facts.verdicts": [
            {
                "label_id": "lab_1",
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "label": "bad",
                "typology": "T1_BRUSHING",
                "known_day": last,
                "replaced_day": None,
            }
        ],
        "staging.campaigns": [
            {"campaign_id": "cmp_1", "merchant_id": "mer_1", "name": HOSTILE, "starts_at": at(last)}
        ],
    }
