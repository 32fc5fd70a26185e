"""Who is tied to whom in the tiny database."""

from __future__ import annotations

from typing import Any

from tests.dashboard.tiny_entities import AS_OF, DAYS, ENTITIES, LIVE_SESSIONS, REGISTERED, at

RING = "rng_0000000001"


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows by `schema.table`: links, edges, rings and their cases."""
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
