"""What was delivered to the tiny database and who is tied to whom."""

from __future__ import annotations

from typing import Any

from queries.contract import CONTRACT_VERSION
from tests.dashboard.tiny_entities import (
    AS_OF,
    DAYS,
    ENTITIES,
    FIRST_DAY,
    HOSTILE,
    LIVE_SESSIONS,
    LONG,
    REGISTERED,
    at,
)

RING = "rng_0000000001"


def parts() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Rows by `schema.table`."""
    return (_meta(), _staging(), _graph())


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


def _orders() -> list[dict[str, Any]]:
    return [
        {
            "order_id": f"ord_{i:03d}",
            "buyer_id": f"buy_{i % 3 + 1}",
            "merchant_id": f"mer_{i % 2 + 1}",
            "product_id": "prd_1",
            "creator_id": "crt_1" if i % 2 else None,
            "live_session_id": "liv_1" if i % 4 == 1 else None,
            "video_id": "vid_1" if i % 4 == 3 else None,
            "voucher_id": "vch_1" if i < 2 else None,
            "channel": "live" if i % 2 else "shop_tab",
            "created_at": at(DAYS[i // 2]),
            "counted_at": at(DAYS[i // 2]),
            "paid_at": at(DAYS[i // 2], 13),
            "cancelled_at": at(DAYS[i // 2], 14) if i == 4 else None,
            "items_usd": 20.0,
            "voucher_usd": 2.0,
            "paid_usd": 19.0,
            "device_id": f"dev_{i % 4:08x}",
            "address_id": "adr_0000beef",
            "payment_token_id": "pay_0000cafe",
            "is_billing_match": i % 2 == 0,
            "day": DAYS[i // 2],
        }
        for i in range(60)
    ]


def _unpaid() -> list[dict[str, Any]]:
    """One attempt that was never paid."""
    taken = ("paid_at", "paid_usd")
    order = {name: one for name, one in _orders()[0].items() if name not in taken}
    return [{**order, "order_id": "ord_unpaid", "unpaid_usd": 19.0}]


def _auth_events() -> list[dict[str, Any]]:
    """A passed check of one buyer; a shop taken over within the hour."""
    last = DAYS[20]
    rows = [
        ("buyer", "buy_1", "step_up_passed", "dev_0000beef", at(last)),
        ("merchant", "mer_1", "login", "dev_000000aa", at(DAYS[1])),
        ("merchant", "mer_1", "login", "dev_000000bb", at(last, 9)),
        ("merchant", "mer_1", "password_change", "dev_000000bb", at(last, 10)),
        ("merchant", "mer_1", "bank_change", "dev_000000bb", at(last, 11)),
    ]
    return [
        {
            "auth_event_id": f"aut_{number}",
            "account_type": account_type,
            "account_id": account_id,
            "kind": kind,
            "device_id": device,
            "happened_at": moment,
            "day": moment.date(),
        }
        for number, (account_type, account_id, kind, device, moment) in enumerate(rows)
    ]


def _afterwards() -> dict[str, list[dict[str, Any]]]:
    """What came of orders, and what listings said."""
    first, last = DAYS[2], DAYS[20]
    money = {"eligible_at": at(first), "clawed_back_at": None, "clawed_back_usd": None}
    return {
        "staging.settlements": [
            {
                "settlement_id": f"set_{i}",
                "order_id": f"ord_00{i}",
                "settled_at": at(last, 13) if i == 0 else None,
                "amount_usd": 17.0,
                **money,
            }
            for i in (0, 2)
        ],
        "staging.commissions": [
            {
                "commission_id": "com_1",
                "order_id": "ord_001",
                "creator_id": "crt_1",
                "paid_at": at(last),
                "amount_usd": 2.0,
                **money,
            }
        ],
        "staging.complaints": [
            {
                "complaint_id": "cpl_1",
                "order_id": "ord_002",
                "buyer_id": "buy_3",
                "merchant_id": "mer_1",
                "observed_at": at(last),
                "topic": "not_received",
                "day": last,
            }
        ],
        "staging.disputes": [
            {
                "dispute_id": "dsp_1",
                "order_id": "ord_002",
                "observed_at": at(last),
                "kind": "fraud",
                "amount_usd": 19.0,
                "day": last,
            }
        ],
        "staging.declined_payments": [
            {
                "attempt_id": "att_1",
                "buyer_id": "buy_1",
                "order_id": None,
                "attempted_at": at(first),
                "amount_usd": 19.0,
                "reason": HOSTILE,
            }
        ],
        "staging.videos": [
            {
                "video_id": "vid_1",
                "creator_id": "crt_1",
                "title": HOSTILE,
                "published_at": at(first),
            }
        ],
        "staging.video_days": [
            {
                "video_id": "vid_1",
                "day": day,
                "views": 100,
                "likes": 7,
                "comments": 2,
                "product_clicks": 5,
            }
            for day in (first, last)
        ],
        "staging.vouchers": [
            {
                "voucher_id": "vch_1",
                "kind": "new_buyer",
                "funded_by": "platform",
                "discount_usd": 2.0,
                "min_spend_usd": 18.0,
            }
        ],
        "staging.listing_versions": [
            {
                "listing_version_id": f"lsv_{version}",
                "product_id": "prd_1",
                "version": version,
                "valid_from": at(day),
                "title": LONG,
                "category": "beauty",
                "price_usd": price,
                "image_id": "img_1",
                "day": day,
            }
            for version, day, price in ((1, DAYS[0], 20.0), (2, DAYS[25], 8.0))
        ],
    }


def _staging() -> dict[str, list[dict[str, Any]]]:
    first, last = DAYS[2], DAYS[20]
    return {
        "staging.orders": _orders(),
        "staging.unpaid_orders": _unpaid(),
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
        "staging.auth_events": _auth_events(),
        "staging.order_attempts": _orders(),
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
        **_afterwards(),
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


def _graph() -> dict[str, list[dict[str, Any]]]:
    span = {"first_seen_at": at(DAYS[0]), "last_seen_at": at(DAYS[-1])}

    def edge(src: str, dst: str, relation: str, weight: float) -> dict[str, Any]:
        row = {"src": src, "dst": dst, "relation": relation, "weight": weight}
        return {**row, "evidence_count": 3, **span}

    return {
        "graph.links": [
            {
                "entity_type": "buyer",
                "entity_id": buyer,
                "relation": "device",
                "identifier_id": "dev_00000001",
                "evidence_count": 3,
                **span,
            }
            for buyer in ("buy_1", "buy_3")
        ],
        "graph.identifiers": [
            {
                "relation": "device",
                "identifier_id": "dev_00000001",
                "degree": 2,
                "weight": 0.9,
                "is_hub": False,
            }
        ],
        "graph.entities": [
            {
                "entity_type": entity_type,
                "entity_id": entity_id,
                "node": f"{entity_type}:{entity_id}",
                "name": name,
                "market": market,
                "category": category,
                "peer_group": f"{market} / {category}" if category else market,
                "registered_at": at(REGISTERED, 0),
            }
            for entity_type, entity_id, name, market, category in (*ENTITIES, *LIVE_SESSIONS)
        ],
        "graph.edges": [
            edge("buyer:buy_1", "merchant:mer_1", "bought_from", 1.5),
            edge("buyer:buy_2", "merchant:mer_1", "bought_from", 0.5),
            edge("buyer:buy_1", "buyer:buy_2", "shares_device", 0.9),
            edge("creator:crt_1", "merchant:mer_1", "promotes", 2.0),
            edge("merchant:mer_1", "merchant:mer_2", "shares_buyers", 0.4),
            edge("buyer:buy_3", "merchant:mer_2", "bought_from", 0.2),
        ],
        "graph.node_links": [
            edge("buyer:buy_1", "merchant:mer_1", "bought_from", 0.9),
            edge("buyer:buy_2", "merchant:mer_1", "bought_from", 0.9),
            edge("buyer:buy_3", "merchant:mer_2", "bought_from", 0.9),
            edge("creator:crt_1", "merchant:mer_1", "promotes", 0.9),
            edge("buyer:buy_1", "device:dev_0001", "device", 0.9),
            edge("buyer:buy_2", "device:dev_0001", "device", 0.9),
            edge("merchant:mer_1", "bank_account:bnk_0001", "bank_account", 0.9),
            edge("merchant:mer_2", "bank_account:bnk_0001", "bank_account", 0.9),
        ],
        "communities.communities": [
            {
                "community_id": "com_1",
                "as_of": AS_OF,
                "title": "Same device: 2 buyers, 1 shop",
                "member_count": 4,
                "merchant_count": 1,
                "creator_count": 1,
                "buyer_count": 2,
                "product_count": 0,
                "confirmed_bad_count": 1,
                "confirmed_good_count": 0,
                "score_mean": 0.55,
                "score_max": 0.91,
                "gmv_usd_30d": 1200.0,
                "refund_usd_30d": 60.0,
                "voucher_usd_30d": 40.0,
                "density": 0.5,
                "top_relation": "shares_device",
                **span,
            }
        ],
        "communities.members": [
            {
                "community_id": "com_1",
                "entity_type": entity_type,
                "entity_id": entity_id,
                "weight": weight,
                "x": x,
                "y": y,
            }
            for entity_type, entity_id, weight, x, y in (
                ("merchant", "mer_1", 4.0, 0.0, 0.0),
                ("creator", "crt_1", 2.0, 1.0, 0.0),
                ("buyer", "buy_1", 2.4, 0.0, 1.0),
                ("buyer", "buy_2", 1.4, -1.0, 0.5),
            )
        ],
        "rings.rings": [
            {
                "ring_id": RING,
                "typology": "T1_BRUSHING",
                "pack_title": "Brushing",
                "typology_count": 2,
                "member_count": 3,
                "account_count": 2,
                "shop_count": 1,
                **dict.fromkeys(("listing_count", "creator_count", "room_count"), 0),
                "victim_count": 0,
                "bad_count": 1,
                "good_count": 0,
                "probability": 0.8,
                "market": "MY",
                **span,
                "density": 1.0,
                "top_relation": "device",
                "tied_pairs": 1,
                "chance_pairs": 0.5,
                **dict.fromkeys(("organiser_type", "organiser_id", "organiser_reach")),
                "confidence": 0.9,
                "alike_count": 4,
                "alike_right": 4,
                "alert_count": 2,
                "value_usd": 320.0,
                "review_minutes": 45.0,
                "place": 1,
            }
        ],
        "rings.places": [{"ring_id": RING, "x": 0.0, "y": 0.0}],
        "rings.common_things": [
            {
                "ring_id": RING,
                "relation": "device",
                "thing": "device:dev_1",
                "member_share": 0.5,
                "ring_count": 2,
            }
        ],
        "rings.members": [
            {
                "ring_id": RING,
                "entity_type": entity_type,
                "entity_id": entity_id,
                "role": role,
                "joined_by": joined_by,
                "typology": "T1_BRUSHING",
                "partner_count": partners,
                "tie_weight": float(partners),
            }
            for entity_type, entity_id, role, joined_by, partners in (
                ("merchant", "mer_1", "shop", "trade", 0),
                ("buyer", "buy_1", "worker", "tie", 1),
                ("buyer", "buy_2", "worker", "tie", 1),
            )
        ],
        "rings.formation": [
            {
                "ring_id": RING,
                "entity_type": entity_type,
                "entity_id": entity_id,
                "joined_at": span["first_seen_at"],
                "join_place": 1,
                "thing_count": 1,
                "top_relation": relation,
                "top_thing_id": thing_id,
                "top_loss_share": loss_share,
                "is_held_without": False,
            }
            for entity_type, entity_id, relation, thing_id, loss_share in (
                ("merchant", "mer_1", "trade", "merchant:mer_1", None),
                ("buyer", "buy_1", "device", "dev_00000001", 1.0),
                ("buyer", "buy_2", "device", "dev_00000001", 1.0),
            )
        ],
        "rings.member_evidence": [
            {
                "ring_id": RING,
                "entity_type": "buyer",
                "entity_id": "buy_1",
                "relation": "device",
                "thing_id": "dev_00000001",
                "partner_count": 1,
                "evidence_count": 4,
                "weight": 1.0,
                "loss_share": 1.0,
                "is_held_without": False,
                **span,
            }
        ],
        "rings.history": [
            {
                "as_of": AS_OF,
                "ring_id": RING,
                "entity_type": "buyer",
                "entity_id": "buy_2",
                "change": "joined",
                "other_ring_id": None,
            }
        ],
        "rings.benign": [
            {
                "ring_id": RING,
                "community_id": "com_1",
                "account_count": 3,
                "top_relation": "shares_device",
                "ring_days": 3.0,
                "benign_days": 60.0,
                "ring_shop_share": 0.9,
                "benign_shop_share": 0.3,
                "ring_voucher_share": 0.0,
                "benign_voucher_share": 0.0,
            }
        ],
        "rings.money": [
            {
                "ring_id": RING,
                "is_harm": False,
                "bearer": "merchant",
                "usd": 320.0,
                "low_usd": 320.0,
                "high_usd": 320.0,
            }
        ],
        "rings.ties": [
            {
                "src": "buyer:buy_1",
                "dst": "buyer:buy_2",
                "relation": "device",
                "thing_id": "dev_00000001",
                "weight": 1.0,
                "evidence_count": 4,
                **span,
            }
        ],
        "communities.identifiers": [
            {
                "community_id": "com_1",
                "relation": "device",
                "identifier_id": "dev_00000001",
                "member_count": 2,
                "degree": 2,
                "weight": 0.91,
            }
        ],
    }
