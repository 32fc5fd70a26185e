"""A built database small enough to read: a handful of rows in every table.

Pages are tested against a real DuckDB file, so what the pages' SQL does to it is
tested too. Names are hostile on purpose: markdown, HTML, a spreadsheet formula,
a direction override, 300 characters and nothing at all.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from queries.catalogue import features
from queries.contract import CONTRACT_VERSION
from tests.dashboard import tiny_model

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

AS_OF = date(2026, 5, 1)
WEEKS = [AS_OF - timedelta(days=7 * i) for i in range(3)]
FIRST_DAY = date(2026, 4, 1)
DAYS = [FIRST_DAY + timedelta(days=i) for i in range(30)]
HOSTILE = "<img src=x onerror=alert(1)> [free](https://evil.example) **bold**"
# The same as a row shows it.
HOSTILE_SHORT = "<img src=x onerror=alert(1)> [free](https://evi…"
FORMULA = '=HYPERLINK("https://evil.example","x")'
OVERRIDE = "abc\u202egnp.exe"
LONG = "Long " * 60
# A feature of the catalogue whose evidence needs no feature table.
DOCUMENTED = "account_age_days"
REGISTERED = date(2025, 11, 2)
ENTITIES = [
    ("merchant", "mer_1", "Lucky Bazaar", "MY", "beauty"),
    ("merchant", "mer_2", HOSTILE, "SG", "beauty"),
    ("merchant", "mer_3", "", "SG", "toys"),
    ("creator", "crt_1", FORMULA, "MY", "beauty"),
    ("product", "prd_1", LONG, "MY", "beauty"),
    ("buyer", "buy_1", OVERRIDE, "MY", None),
    ("buyer", "buy_2", "Aisyah", "MY", None),
    ("buyer", "buy_3", "Tan | Wei", "SG", None),
]
# Live sessions are entities without a score; market and peers are those of their creator.
ROOMS = [("live_session", f"liv_{i}", HOSTILE, "MY", "beauty") for i in (1, 2, 3)]
SCORES = {
    "mer_1": (0.91, "CRIT"),
    "mer_2": (0.62, "HIGH"),
    "mer_3": (0.08, "LOW"),
    "crt_1": (0.71, "HIGH"),
    "prd_1": (0.33, "MED"),
    "buy_1": (0.55, "HIGH"),
    "buy_2": (0.04, "LOW"),
    "buy_3": (0.02, "LOW"),
}
ALERTS = [
    ("alt_1", "merchant", "mer_1", "T1_BRUSHING", 25.0, 4200.0),
    ("alt_2", "merchant", "mer_2", "T9_REFUND_ABUSE", 11.0, 1800.0),
    ("alt_3", "creator", "crt_1", "T2_CLICK_FARM", 7.5, 950.0),
    ("alt_4", "buyer", "buy_1", "T9_REFUND_ABUSE", 3.0, 300.0),
]


def at(day: date, hour: int = 12) -> datetime:
    """Noon, or another hour, of a day."""
    return datetime.combine(day, time(hour))


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every table of the contract by `schema.table`, as rows."""
    named = [(kind, entity_id) for kind, entity_id, *_ in ENTITIES]
    explained = tiny_model.tables(named, WEEKS)
    built = (_meta(), _staging(), _graph(), _scores(), _metrics(), _drift(), explained)
    return {name: rows for part in built for name, rows in part.items()}


def write(path: Path, *, without: Iterable[str] = (), empty: Iterable[str] = ()) -> Path:
    """Write the database to `path`, leaving out some tables and emptying others."""
    with duckdb.connect(str(path)) as con:
        for table, rows in tables().items():
            if table in set(without):
                continue
            con.register("frame", pl.DataFrame(rows, infer_schema_length=None).to_arrow())
            con.execute(f"create schema if not exists {table.split('.')[0]}")
            limit = " limit 0" if table in set(empty) else ""
            con.execute(f"create table {table} as select * from frame{limit}")
            con.unregister("frame")
    return path


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
            "channel": "live" if i % 2 else "shop_tab",
            "created_at": at(DAYS[i // 2]),
            "paid_at": at(DAYS[i // 2], 13),
            "cancelled_at": at(DAYS[i // 2], 14) if i == 4 else None,
            "items_usd": 20.0,
            "voucher_usd": 2.0,
            "paid_usd": 19.0,
            "device_id": f"dev_{i % 4:08x}",
            "address_id": "adr_0000beef",
            "day": DAYS[i // 2],
        }
        for i in range(60)
    ]


def _staging() -> dict[str, list[dict[str, Any]]]:
    first, last = DAYS[2], DAYS[20]
    return {
        "staging.orders": _orders(),
        "staging.buyers": [{"buyer_id": i, "name": n} for t, i, n, *_ in ENTITIES if t == "buyer"],
        "staging.merchants": [
            {"merchant_id": i, "name": n} for t, i, n, *_ in ENTITIES if t == "merchant"
        ],
        "staging.products": [{"product_id": "prd_1", "title": LONG}],
        "staging.shipments": [
            {"order_id": "ord_001", "shipped_at": at(first), "delivered_at": at(last)}
        ],
        "staging.refunds": [
            {
                "order_id": "ord_002",
                "reason": "not_received",
                "requested_at": at(first),
                "refunded_at": at(last),
                "amount_usd": 19.0,
                "day": first,
            }
        ],
        "staging.reviews": [{"order_id": "ord_001", "rating": 5, "body": HOSTILE, "day": last}],
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
                "known_at": at(last),
            }
        ],
        "features.verdicts": [
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
    seen = {"first_seen_at": at(DAYS[0]), "last_seen_at": at(DAYS[-1])}

    def edge(src: str, dst: str, relation: str, weight: float) -> dict[str, Any]:
        row = {"src": src, "dst": dst, "relation": relation, "weight": weight}
        return {**row, "evidence_count": 3, **seen}

    return {
        "graph.entities": [
            {
                "entity_type": kind,
                "entity_id": entity_id,
                "name": name,
                "market": market,
                "category": category,
                "peer_group": f"{market} / {category}" if category else market,
                "registered_at": at(REGISTERED, 0),
            }
            for kind, entity_id, name, market, category in (*ENTITIES, *ROOMS)
        ],
        "graph.edges": [
            edge("buyer:buy_1", "merchant:mer_1", "bought_from", 1.5),
            edge("buyer:buy_2", "merchant:mer_1", "bought_from", 0.5),
            edge("buyer:buy_1", "buyer:buy_2", "shares_device", 0.9),
            edge("creator:crt_1", "merchant:mer_1", "promotes", 2.0),
            edge("merchant:mer_1", "merchant:mer_2", "shares_buyers", 0.4),
            edge("buyer:buy_3", "merchant:mer_2", "bought_from", 0.2),
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
                **seen,
            }
        ],
        "communities.members": [
            {
                "community_id": "com_1",
                "entity_type": kind,
                "entity_id": entity_id,
                "weight": weight,
                "x": x,
                "y": y,
            }
            for kind, entity_id, weight, x, y in (
                ("merchant", "mer_1", 4.0, 0.0, 0.0),
                ("creator", "crt_1", 2.0, 1.0, 0.0),
                ("buyer", "buy_1", 2.4, 0.0, 1.0),
                ("buyer", "buy_2", 1.4, -1.0, 0.5),
            )
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


def _scores() -> dict[str, list[dict[str, Any]]]:
    every = [(kind, entity_id) for kind, entity_id, *_ in ENTITIES]
    features = (DOCUMENTED, "buyers_new_share_30d", "refund_rate_30d")
    pushes = (1.4, 0.6, -0.3)
    return {
        "scores.scores": [
            {
                "entity_type": kind,
                "entity_id": entity_id,
                "as_of": week,
                "margin": -1.0 + 1.7,
                "raw_score": SCORES[entity_id][0],
                "score": SCORES[entity_id][0] * (1 - 0.1 * i),
                "score_band": SCORES[entity_id][1],
            }
            for kind, entity_id in every
            for i, week in enumerate(WEEKS)
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
        "features.live_session": _rooms(),
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
                "entity_type": kind,
                "model_version": "m1",
                "as_of": AS_OF,
                "training_rows": 400,
                "positives": 40,
                "negatives": 360,
                "unknown": 1600,
                "trees": 120,
                "base_rate": 0.1,
                "auprc": 0.71,
                "auprc_baseline": 0.35,
                "precision_at_50": 0.6,
                "recall_at_50": 0.75,
                "ece": 0.03,
                "brier": 0.05,
                "calibrated_on": "later period",
                "later_positives": 12,
            }
            for kind in ("merchant", "creator", "product", "buyer")
        ],
        "scores.pr_curve": [
            {"entity_type": "merchant", "threshold": t, "precision": 0.5 + t / 2, "recall": 1 - t}
            for t in (0.1, 0.5, 0.9)
        ],
        "scores.calibration": [
            {"entity_type": "merchant", "bin": i, "predicted": p, "observed": p, "entities": 40}
            for i, p in enumerate((0.1, 0.5, 0.9))
        ],
        "explanations.bases": [
            {"entity_type": kind, "as_of": AS_OF, "base_margin": -1.0}
            for kind in ("merchant", "creator", "product", "buyer")
        ],
        "explanations.contributions": [
            {
                "entity_type": kind,
                "entity_id": entity_id,
                "as_of": AS_OF,
                "feature": feature,
                "value": (float((AS_OF - REGISTERED).days), None, 0.02)[i],
                "contribution": push,
                "low": push - 0.1,
                "high": push + 0.1,
                "rank": i + 1,
                "peer_group": "MY / beauty",
            }
            for kind, entity_id in every
            for i, (feature, push) in enumerate(zip(features, pushes, strict=True))
        ],
        "explanations.peers": [
            {
                "entity_type": kind,
                "as_of": AS_OF,
                "peer_group": "MY / beauty",
                "feature": feature,
                "peer_median": 1.0,
                "peer_low": 0.5,
                "peer_high": 1.5,
                "peer_count": 40,
            }
            for kind in dict.fromkeys(kind for kind, _ in every)
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
            | {"labelled": 11, "confirmed": 9, "probability": 0.96}
        ],
        "features.service_quality": [
            {"entity_type": "merchant", "entity_id": "mer_1", "as_of": AS_OF, "category": "Beauty"}
            | {"service_index": 71.6, "parts": 8, "peers": 29}
            | {"worst_part": "late_dispatch_share_30d"}
        ],
        "alerts.alerts": [*(_alert(alert) for alert in ALERTS), _kept_place()],
        "alerts.typology_days": [
            {"day": DAYS[-3], "typology": "T1_BRUSHING"}
            | {"opened": 1, "confirmed": 2, "overturned": 1}
        ],
    }


def _rooms() -> list[dict[str, Any]]:
    """The room and two peers: it has the most signs, the most usual shares, no early orders."""
    usual = dict.fromkeys(features("live_session"), 0.5)
    told: dict[str, float | None] = {"views": 9000.0, "crowd_signs": 3.0}
    told |= {"young_viewer_share": 0.8, "early_order_share": None}
    ends = (("liv_1", told), ("liv_2", {"crowd_signs": 0.0}), ("liv_3", {"crowd_signs": 1.0}))
    return [{"live_session_id": room, "as_of": AS_OF} | usual | dict(own) for room, own in ends]


def _alert(alert: tuple[str, str, str, str, float, float]) -> dict[str, Any]:
    alert_id, kind, entity_id, typology, priority, exposure = alert
    entity = next(row for row in ENTITIES if row[:2] == (kind, entity_id))
    score, band = SCORES[entity_id]
    return {
        "alert_id": alert_id,
        "entity_type": kind,
        "entity_id": entity_id,
        "name": entity[2],
        "market": entity[3],
        "lane": "score",
        "typology": typology,
        "opened_on": DAYS[-3],
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
        "loss_held_usd": 0.0,
        "loss_forward_usd": exposure * 0.5,
        "recoverable_share": 0.6,
        "harm_usd": 0.0,
        "false_positive_cost_usd": 120.0,
        "hold_cost_usd": 0.0,
        "review_minutes": 30.0,
        "value_usd": priority * 30.0,
        "waiting_days": 3.0,
        "ageing_boost": 0.1,
        "priority": priority,
        "is_reserved": False,
        "queue_place": [row[0] for row in ALERTS].index(alert_id) + 1,
    }


def _kept_place() -> dict[str, Any]:
    """A place that is kept for an unproven buyer: a low score is there and must not be shown."""
    unknown = ("probability", "value_usd", "priority", "community_id", "community_members")
    return {
        **_alert(("alt_4", "buyer", "buy_3", "UNEXPLAINED", 0.0, 0.0)),
        **dict.fromkeys(unknown),
        "alert_id": "alt_5",
        "lane": "unproven",
        "is_reserved": True,
        "queue_place": 5,
    }


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
                "voucher_usd": 10.0,
                "young_account_orders": 2,
                "crowded_device_orders": 1,
                "delivered": 8,
                "late_dispatches": 1,
                "not_received": 1,
                "low_ratings": 1,
                "ratings": 4,
            }
            for i, day in enumerate(DAYS)
            for market in ("MY", "SG")
            for channel in ("live", "shop_tab")
        ],
        "metrics.merchant_days": [
            {
                "day": day,
                "merchant_id": f"mer_{m}",
                "orders": 2 + i % 3,
                "gmv_usd": 40.0 * m,
                "buyers": 2,
                "refunds": i % 2,
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
                "ratings": 1,
                "five_star_ratings": 1,
            }
            for day in DAYS
        ],
        "metrics.buyer_days": [
            {"day": d, "buyer_id": "buy_1", "orders": 1, "spend_usd": 19.0, "refunds": 0}
            | {"voucher_usd": 2.0}
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
