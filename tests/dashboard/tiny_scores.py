"""What the tiny database believes of its entities, and its queue."""

from __future__ import annotations

from typing import Any

from queries.catalogue import features
from tests.dashboard.tiny_entities import (
    ALERTS,
    AS_OF,
    DAYS,
    DOCUMENTED,
    ENTITIES,
    REGISTERED,
    SCORES,
    WEEKS,
)
from tests.dashboard.tiny_graph import RING

THEN = 0.123
"""What the build of the oldest week said of the first merchant: not what today's model says."""


def parts() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Rows by `schema.table`."""
    return (_scores(),)


def _scores() -> dict[str, list[dict[str, Any]]]:
    every = [(entity_type, entity_id) for entity_type, entity_id, *_ in ENTITIES]
    features = (DOCUMENTED, "buyers_new_share_30d", "refund_rate_30d")
    pushes = (1.4, 0.6, -0.3)
    return {
        "scores.scores": [
            {
                "entity_type": entity_type,
                "entity_id": entity_id,
                "as_of": week,
                "margin": -1.0 + 1.7,
                "raw_score": SCORES[entity_id][0],
                "score": SCORES[entity_id][0] * (1 - 0.1 * i),
                "score_band": SCORES[entity_id][1],
            }
            for entity_type, entity_id in every
            for i, week in enumerate(WEEKS)
        ],
        "scores.history": [
            {"entity_type": "merchant", "entity_id": "mer_1", "as_of": WEEKS[2]}
            | {"build_number": 1, "score": THEN, "score_band": "MED", "lane": "score"}
            | {"typology": "T1_BRUSHING", "opened_on": WEEKS[2], "opened_by": "rescored"},
            {"entity_type": "buyer", "entity_id": "buy_1", "as_of": WEEKS[2]}
            | {"build_number": 1, "score": 0.5, "score_band": "HIGH", "lane": "score"}
            | {"typology": "T9_REFUND_ABUSE", "opened_on": WEEKS[2], "opened_by": "ledger"},
        ],
        "scores.history_builds": [
            {"build_number": 1, "build": "b1", "as_of": WEEKS[2], "entity_type": entity_type}
            | {"model_version": "m0", "scored": 3, "kept": int(entity_type == "merchant")}
            for entity_type in ("merchant", "creator", "product", "buyer")
        ],
        "scores.signals": [
            {
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "as_of": AS_OF,
                "typology": "T1_BRUSHING",
                "code": "T1.R01",
                "severity": 0.8,
            },
            {
                "entity_type": "live_session",
                "entity_id": "liv_1",
                "as_of": AS_OF,
                "typology": "T2_VIEWER_INFLATION",
                "code": "T2.S09_ROOM_OF_THREE_SIGNS",
                "severity": 0.3,
            },
        ],
        "features.live_session": _live_sessions(),
        "scores.typologies": [
            {
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "as_of": AS_OF,
                "typology": "T1_BRUSHING",
                "strength": 0.8,
                "is_primary": True,
            }
        ],
        "scores.models": [
            {
                "entity_type": entity_type,
                "model_version": "m1",
                "as_of": AS_OF,
                "training_rows": 400,
                "unlabelled_rows": 2000,
                "unlabelled_weight": 800.0,
                "positives": 40,
                "negatives": 360,
                "unknown": 1600,
                "trees": 120,
                "base_rate": 0.1,
                "auprc": 0.71,
                "auprc_low": 0.6,
                "auprc_high": 0.8,
                "base_rate_low": 0.05,
                "base_rate_high": 0.16,
                "lot_checks": 50,
                "lot_finds": 7,
                "calibrated_on": "later period",
                "later_positives": 12,
            }
            for entity_type in ("merchant", "creator", "product", "buyer")
        ],
        "scores.pr_curve": [
            {"entity_type": "merchant", "threshold": t, "precision": 0.5 + t / 2, "recall": 1 - t}
            for t in (0.1, 0.5, 0.9)
        ],
        "scores.calibration": [
            {
                "entity_type": "merchant",
                "band": band,
                "entities": 40,
                "predicted": score,
                "observed": 0.5,
                "low": 0.3,
                "high": 0.7,
            }
            for band, score in (("top_1", 0.9), ("medium", 0.5), ("top_5", 0.1))
        ],
        "explanations.bases": [
            {"entity_type": entity_type, "as_of": AS_OF, "base_margin": -1.0}
            for entity_type in ("merchant", "creator", "product", "buyer")
        ],
        "explanations.contributions": [
            {
                "entity_type": entity_type,
                "entity_id": entity_id,
                "as_of": AS_OF,
                "feature": feature,
                "value": (float((AS_OF - REGISTERED).days), None, 0.02)[i],
                "contribution": push,
                "low": push - 0.1,
                "high": push + 0.1,
                "rank": i + 1,
            }
            for entity_type, entity_id in every
            for i, (feature, push) in enumerate(zip(features, pushes, strict=True))
        ],
        "explanations.peer_groups": [
            {
                "entity_type": entity_type,
                "entity_id": entity_id,
                "as_of": AS_OF,
                "peer_group": "MY / beauty",
            }
            for entity_type, entity_id in every
        ],
        "explanations.peers": [
            {
                "entity_type": entity_type,
                "as_of": AS_OF,
                "peer_group": "MY / beauty",
                "feature": feature,
                "peer_median": 1.0,
                "peer_low": 0.5,
                "peer_high": 1.5,
                "peer_count": 40,
            }
            for entity_type in dict.fromkeys(entity_type for entity_type, _ in every)
            for feature in features
        ],
        "explanations.global_importance": [
            {
                "entity_type": "merchant",
                "as_of": AS_OF,
                "feature": feature,
                "mean_abs_contribution": abs(push),
                "rank": i + 1,
            }
            for i, (feature, push) in enumerate(zip(features, pushes, strict=True))
        ],
        "scores.signal_outcomes": [
            {"entity_type": "merchant", "typology": "T1_BRUSHING"}
            | {"labelled": 11, "confirmed": 9, "base_rate": 0.02, "log_odds": 4.0}
        ],
        "scores.pack_harms": [
            {"typology": "T1_BRUSHING", "entity_type": "merchant", "kind": "rank"}
            | {"event": "fake_order", "price_usd": 2.0, "low_usd": 1.0, "high_usd": 8.0}
            | {"is_undone": True, "is_activity": True, "source": "docs/domain.md §4.6"}
        ],
        "alerts.probabilities": [
            {"entity_type": entity_type, "entity_id": entity_id, "as_of": AS_OF}
            | {"score": SCORES[entity_id][0], "model_band": SCORES[entity_id][1]}
            | {"typology": None, "strength": 0.0, "signal_share": None, "cleared_on": None}
            | ({"typology": "T1_BRUSHING", "strength": 0.8} if entity_id == "mer_1" else {})
            | ({"signal_share": 0.5} if entity_id == "mer_1" else {})
            | {"probability": SCORES[entity_id][0], "score_band": SCORES[entity_id][1]}
            for entity_type, entity_id in every
        ],
        "alerts.bearer_losses": [
            {"entity_type": "merchant", "entity_id": "mer_1", "bearer": "merchant"}
            | {"split_usd": 320.0, "alone_usd": 320.0}
        ],
        "alerts.harms": [
            {"entity_type": "merchant", "entity_id": "mer_1", "kind": "rank"}
            | {"event": "fake_order", "is_activity": True, "events": 40.0}
            | {"price_usd": 2.0, "low_usd": 1.0, "high_usd": 8.0, "harm_usd": 117.0}
            | {"harm_low_usd": 59.0, "harm_high_usd": 469.0, "alone_harm_usd": 117.0}
        ],
        "alerts.candidates": [
            {name: _alert(alert)[name] for name in ("entity_type", "entity_id", "typology")}
            for alert in ALERTS
        ],
        "features.service_quality": [
            {"entity_type": "merchant", "entity_id": "mer_1", "as_of": AS_OF, "category": "Beauty"}
            | {"service_index": 71.6, "parts": 8, "peers": 29}
            | {"worst_part": "late_dispatch_share_30d"}
        ],
        "alerts.alerts": [*(_alert(alert) for alert in ALERTS), _kept_place()],
        "cases.members": _cases(),
        "scores.packs": [{"typology": "T1_BRUSHING", "title": "Brushing", "label_delay_days": 14}],
        "alerts.typology_days": [
            {"day": DAYS[-3], "typology": "T1_BRUSHING", "market": "MY", "category": "beauty"}
            | {"opened": 1, "confirmed": 2, "overturned": 1}
        ],
    }


def _live_sessions() -> list[dict[str, Any]]:
    """One and two peers: it has the most signs, the most usual shares, no early orders."""
    usual = dict.fromkeys(features("live_session"), 0.5)
    own: dict[str, float | None] = {"views": 9000.0, "crowd_signs": 3.0}
    own |= {"young_viewer_share": 0.8, "early_order_share": None}
    values = {"liv_1": own, "liv_2": {"crowd_signs": 0.0}, "liv_3": {"crowd_signs": 1.0}}
    return [
        {"live_session_id": session_id, "as_of": AS_OF} | usual | dict(changes)
        for session_id, changes in values.items()
    ]


def _alert(alert: tuple[str, str, str, str, float, float]) -> dict[str, Any]:
    alert_id, entity_type, entity_id, typology, priority, exposure = alert
    entity = next(row for row in ENTITIES if row[:2] == (entity_type, entity_id))
    score, band = SCORES[entity_id]
    return {
        "alert_id": alert_id,
        "entity_type": entity_type,
        "entity_id": entity_id,
        "name": entity[2],
        "market": entity[3],
        "lane": "score",
        "typology": typology,
        "opened_on": DAYS[-3],
        "opened_by": "ledger",
        "window_start": DAYS[0],
        "window_end": DAYS[-1],
        "as_of": AS_OF,
        "score": score,
        "score_band": band,
        "signal_probability": 0.5 if typology == "T1_BRUSHING" else None,
        "probability": score,
        "reason_1": "orders_1h_max_30d",
        "reason_1_value": 4.0,
        "reason_1_peer": 1.0,
        "reason_2": "refund_rate_30d",
        "reason_2_value": 0.02,
        "reason_2_peer": 0.04,
        "community_id": "com_1" if entity_id in {"mer_1", "crt_1", "buy_1"} else None,
        "community_members": 4 if entity_id in {"mer_1", "crt_1", "buy_1"} else None,
        "exposure_usd": exposure,
        "sensitivity": 0.85,
        "specificity": 0.93,
        "daily_loss_usd": exposure * 0.05,
        "horizon_days": 10.0,
        "ring_share": 0.5,
        "loss_bearer": "buyer",
        "held_usd": exposure * 0.5,
        "loss_held_usd": 0.0,
        "loss_forward_usd": exposure * 0.5,
        "recoverable_share": 0.6,
        "harm_usd": 0.0,
        "stake_usd": exposure * 0.6,
        "false_positive_cost_usd": 120.0,
        "hold_cost_usd": 0.0,
        "review_minutes": 30.0,
        "value_usd": priority * 30.0,
        "value_low_usd": priority * 20.0,
        "value_high_usd": priority * 60.0,
        "waiting_days": 3.0,
        "ageing_boost": 0.1,
        "priority": priority,
        "is_reserved": False,
        "is_severe": False,
        "is_ended": False,
        "queue_place": [row[0] for row in ALERTS].index(alert_id) + 1,
        **UNJUDGED,
        **(JUDGED if entity_id == "mer_2" else {}),
    }


UNJUDGED: dict[str, Any] = {
    "typology_since": None,
    "judged_label": None,
    "judged_on": None,
    "reopened_by": None,
    "reopened_on": None,
}
"""What an alert says of a subject that nobody has judged."""
JUDGED: dict[str, Any] = {"judged_label": "bad", "judged_on": DAYS[0]}
"""What it says of one that somebody has, before anything of this began."""


def _kept_place() -> dict[str, Any]:
    """A place that is kept for an unproven buyer: a low score is there and must not be shown."""
    unknown = (
        "probability",
        "score_band",
        "value_usd",
        "priority",
        "community_id",
        "community_members",
    )
    return {
        **_alert(("alt_4", "buyer", "buy_3", "UNEXPLAINED", 0.0, 0.0)),
        **dict.fromkeys(unknown),
        "alert_id": "alt_5",
        "lane": "unproven",
        "is_reserved": True,
        "queue_place": 5,
    }


def _cases() -> list[dict[str, Any]]:
    """Whoever is in the ring, and everybody else with an alert alone."""
    alerts = {(one[1], one[2]): one[0] for one in ALERTS} | {("buyer", "buy_3"): "alt_5"}
    ring = {("merchant", "mer_1"): "shop", ("buyer", "buy_1"): "account"}
    ring[("buyer", "buy_2")] = "account"
    return [
        {
            "case_id": RING if who in ring else ":".join(who),
            "entity_type": who[0],
            "entity_id": who[1],
            "ring_id": RING if who in ring else None,
            "role": ring.get(who),
            "alert_id": alerts.get(who),
        }
        for who in sorted(ring.keys() | alerts.keys())
    ]
