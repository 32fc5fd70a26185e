"""What drifts in the tiny database: two columns of a delivery, and a score."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.dashboard.tiny_entities import AS_OF, DAYS

if TYPE_CHECKING:
    from datetime import date

HOSTILE_LEVEL = "<b>tap</b> [x](javascript:1)"
"""A payment method as somebody typed it."""


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows by `schema.table`; in MY a level that nobody knew comes up on the last three days."""
    days, market_names = DAYS[-40:], ("MY", "SG")
    levels = (("level", "card"), ("level", HOSTILE_LEVEL), ("missing", None), ("unseen", None))
    bins = [
        {
            "column_name": "payment_method",
            "bin": place,
            "kind": kind,
            "low": None,
            "high": None,
            "level": level,
        }
        for place, (kind, level) in zip((1, 2, 0, -1), levels, strict=True)
    ]
    edges = ((1, "number", float("-inf"), 30.0), (2, "number", 30.0, float("inf")))
    bins += [
        {
            "column_name": "payment_seconds",
            "bin": place,
            "kind": kind,
            "low": low,
            "high": high,
            "level": None,
        }
        for place, kind, low, high in (*edges, (0, "missing", None, None))
    ]
    histograms = [
        {
            "column_name": column,
            "market": market,
            "day": day,
            "bin": place,
            "orders": orders,
            "clusters": float(orders),
            "clusters_touched": orders,
        }
        for i, day in enumerate(days)
        for market in market_names
        for column, place, orders in (
            ("payment_method", 1, 40),
            ("payment_method", 2, 10 + i % 3),
            ("payment_method", -1, 20 if market == "MY" and day in DAYS[-3:] else 0),
            ("payment_seconds", 1, 20 + i % 2),
            ("payment_seconds", 2, 30),
            ("payment_seconds", 0, 1),
        )
        if orders
    ]
    judged = [
        {
            "column_name": column,
            "market": market,
            "day": day,
            "against": against,
            "orders": 50,
            "bin": 2,
            "share_before": 0.2,
            "share": 0.25,
            "effect": 0.1,
            "p_value": 0.5,
            "q_value": 0.9,
            "psi": 0.02 + 0.01 * (i % 4),
            "psi_floor": 0.3,
            "jensen_shannon": 0.1,
            "ks": None,
            "wasserstein": None,
            "is_alarm": _is_alarm(column, market, day),
        }
        for i, day in enumerate(days[-20:])
        for market in ("all", *market_names)
        for column in ("payment_method", "payment_seconds")
        for against in ("trailing", "reference")
    ]
    alarms = [
        {
            "column_name": "payment_method",
            "market": "MY",
            "day": day,
            "kind": "level",
            "high": None,
            "low": None,
            "level": HOSTILE_LEVEL,
            "share_before": 0.0,
            "share": 0.28,
            "effect": 1.1,
            "q_value": 0.001,
            "psi": 1.2,
            "psi_floor": 0.3,
            "orders": 70,
            "event_id": "evt_1",
        }
        for day in DAYS[-3:]
    ]
    return {
        "drift.bins": bins,
        "drift.day_histograms": histograms,
        "drift.data_days": judged,
        "drift.data_alarms": alarms,
        **_scores(),
    }


def _scores() -> dict[str, list[dict[str, Any]]]:
    of = {
        "entity_type": "merchant",
        "as_of": AS_OF,
        "reference_as_of": AS_OF - timedelta(days=28),
    }
    parts = {"before": 0.1, "after": 0.3, "change": 0.2, "who_came": 0.05, "behaviour": 0.15}
    alerts = {"alerts": 9, "alerts_gained": 2, "alerts_lost": 1}
    worth = {"review_hours": 0.5, "value_usd": 120.0}
    return {
        "drift.score_parts": [{**of, "feature": "refund_rate_30d", **parts, "psi": 0.14}],
        "drift.decisions": [
            {**of, "feature": feature, **alerts, **worth}
            for feature in ("refund_rate_30d", "all that drifted")
        ],
    }


def _is_alarm(column: str, market: str, day: date) -> bool:
    return (column, market) == ("payment_method", "MY") and day in DAYS[-3:]
