"""The tables that explain the tiny database: a real model of three features and its surroundings.

The trees are LightGBM's own, so that what the pages compute from their text is what
the pipeline would have scored.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FEATURES = ("account_age_days", "buyers_new_share_30d", "refund_rate_30d")
SLOPE, INTERCEPT = 1.0, -1.0
BACKGROUND = 16
OUTCOMES = {"mer_2": "confirmed", "mer_3": "ordinary", "buy_2": "cleared", "buy_3": "ordinary"}
SCORED_TYPES = ("merchant", "creator", "product", "buyer")


def profile(entity_id: str, week: int) -> list[float | None]:
    """Values of `FEATURES` of one entity, `week` weeks before the end."""
    number = sum(entity_id.encode()) % 7
    return [180.0 - 7.0 * week, None if number == 3 else number / 10.0, 0.02 + 0.1 * (week == 0)]


@cache
def model_text() -> str:
    """A model that a high refund rate and a young account make suspicious."""
    dice = np.random.default_rng(7)
    rows = dice.uniform((0.0, 0.0, 0.0), (400.0, 1.0, 0.3), size=(400, 3))
    bad = (rows[:, 2] > 0.1) & (rows[:, 0] < 250.0) | (rows[:, 1] > 0.8)
    params = {"objective": "binary", "verbosity": -1, "num_leaves": 6, "seed": 7, "num_threads": 1}
    bins = lightgbm.Dataset(rows, bad.astype(float), feature_name=list(FEATURES), params=params)
    return str(lightgbm.train(params, bins, 12).model_to_string())


def tables(
    entities: Sequence[tuple[str, str]], weeks: Sequence[date]
) -> dict[str, list[dict[str, Any]]]:
    """Features at every week, the model, and what twins and families are measured against."""
    return {
        **{
            f"features.{entity_type}": _features(entity_type, entities, weeks)
            for entity_type in SCORED_TYPES
        },
        "scores.model_files": [
            {
                "entity_type": entity_type,
                "model_version": "m1",
                "model_text": model_text(),
                "calibration_slope": SLOPE,
                "calibration_intercept": INTERCEPT,
            }
            for entity_type in SCORED_TYPES
        ],
        **_surroundings(weeks[0]),
        **_about(entities, weeks[0]),
    }


def _features(
    entity_type: str, entities: Sequence[tuple[str, str]], weeks: Sequence[date]
) -> list[dict[str, Any]]:
    served = {"late_dispatch_share_30d": 0.04} if entity_type == "merchant" else {}
    return [
        {
            f"{entity_type}_id": entity_id,
            "as_of": week,
            **dict(zip(FEATURES, profile(entity_id, number), strict=True)),
            **served,
        }
        for own_type, entity_id in entities
        for number, week in enumerate(weeks)
        if own_type == entity_type
    ]


def _surroundings(as_of: date) -> dict[str, list[dict[str, Any]]]:
    dice = np.random.default_rng(11)
    values = dice.uniform((0.0, 0.0, 0.0), (400.0, 1.0, 0.3), size=(BACKGROUND, 3))
    return {
        "explanations.background": [
            {
                "entity_type": entity_type,
                "row": row,
                "feature": name,
                "value": float(values[row, place]),
            }
            for entity_type in SCORED_TYPES
            for row in range(BACKGROUND)
            for place, name in enumerate(FEATURES)
        ],
        "explanations.reference": [
            {
                "entity_type": "merchant" if entity_id.startswith("mer") else "buyer",
                "entity_id": entity_id,
                "outcome": outcome,
                "as_of": as_of,
                "score": 0.3,
            }
            for entity_id, outcome in OUTCOMES.items()
        ],
        "explanations.reference_values": [
            {
                "entity_type": "merchant" if entity_id.startswith("mer") else "buyer",
                "entity_id": entity_id,
                "feature": name,
                "value": value,
            }
            for entity_id in OUTCOMES
            for name, value in zip(FEATURES, profile(entity_id, 0), strict=True)
        ],
        "explanations.lifts": [
            {
                "entity_type": "merchant",
                "feature": "account_age_days",
                "threshold": 100.0,
                "side": "high",
                "sample": "judged",
                "entities": 312,
                "confirmed": 90,
                "rate": 0.29,
                "base": 0.032,
                "lift": 9.0,
                "lift_low": 7.0,
                "lift_high": 11.0,
            }
        ],
    }


def _about(entities: Sequence[tuple[str, str]], as_of: date) -> dict[str, list[dict[str, Any]]]:
    """How sure the scores are, who is unusual, and how good the models are."""
    return {
        "explanations.stability": [
            {
                "entity_type": "merchant",
                "entity_id": entity_id,
                "as_of": as_of,
                "score_low": low,
                "score_high": high,
                "is_near_edge": is_near,
                "edge": 0.8,
            }
            for entity_id, low, high, is_near in (
                ("mer_1", 0.78, 0.93, True),
                ("mer_2", 0.6, 0.65, False),
            )
        ],
        "scores.anomalies": [
            {
                "entity_type": entity_type,
                "entity_id": entity_id,
                "as_of": as_of,
                "anomaly": 0.9,
                "rank": 1 if entity_id == "buy_3" else 40,
                "is_surfaced": entity_id == "buy_3",
                "reason_1": "account_age_days",
                "reason_1_z": 8.2,
                "reason_2": "refund_rate_30d",
                "reason_2_z": -5.1,
                "reason_3": None,
                "reason_3_z": None,
            }
            for entity_type, entity_id in entities
            if entity_type == "buyer"
        ],
        "scores.bands": [
            {"score_band": band, "edge": edge}
            for band, edge in (("CRIT", 0.8), ("HIGH", 0.4), ("MED", 0.1))
        ],
        "scores.evaluation": [
            {
                "entity_type": "merchant",
                "entities": 81,
                "measure": measure,
                "at_k": at_k,
                "value": 0.7,
                "low": low,
                "high": 0.8,
                "ceiling": ceiling,
                "says_something": low > 0.3,
            }
            for measure, at_k, low, ceiling in (
                ("auprc", None, 0.6, None),
                ("precision_at_k", 36, 0.6, 0.9),
                ("recall_at_k", 36, 0.1, 0.9),
            )
        ],
        **_followed(as_of),
        **_challenged(entities, as_of),
        "scores.heads": [
            {
                "entity_type": "merchant",
                "typology": typology,
                "positives": positives,
                "has_head": positives > 20,
                "base_rate": 0.01,
                "reason": None if positives > 20 else "too few matured verdicts",
            }
            for typology, positives in (("T1_BRUSHING", 40), ("T10_FRAUD_MERCHANT", 6))
        ],
    }


def _followed(as_of: date) -> dict[str, list[dict[str, Any]]]:
    """Two mature weeks and a young one of merchants, and what the lot said of them."""
    ends = {f"{name}_{end}": at for name in ("precision", "recall")
            for end, at in (("low", 0.4), ("high", 0.9))}  # fmt: skip
    unknown = dict.fromkeys(("precision", "recall", *ends))
    counts = {"judged": 10, "bad": 7, "expected": 0.8, "known_bad": 14, "reached": 7}
    figures = {"precision": 0.7, "recall": 0.5, **ends}
    return {
        "scores.cohorts": [
            {
                "entity_type": "merchant",
                "as_of": as_of - timedelta(days=7 * weeks),
                "is_mature": weeks >= 4,
                **counts,
                **(figures if weeks >= 4 else unknown),
            }
            for weeks in (1, 4, 5)
        ],
        "scores.lot_checks": [
            {
                "entity_type": "merchant",
                "is_in_first": is_in_first,
                "checks": checks,
                "finds": 3,
                "rate": 0.02,
                "low": 0.01,
                "high": 0.04,
            }
            for is_in_first, checks in ((True, 5), (False, 80))
        ],
        "scores.judged_places": [
            {
                "entity_type": "merchant",
                "entity_id": entity_id,
                "as_of": as_of,
                "is_bad": is_bad,
                "is_by_lot": True,
            }
            for entity_id, is_bad in (("mer_8", False), ("mer_9", False))
        ],
        "scores.label_arrival": [
            {
                "typology": "T1_BRUSHING",
                "age_days": age,
                "share": (age + 1) / 20,
                "labels": 60,
                "old_enough": 60 - age,
            }
            for age in range(20)
        ],
    }


def _challenged(
    entities: Sequence[tuple[str, str]], as_of: date
) -> dict[str, list[dict[str, Any]]]:
    """A challenger of merchants that has the first of them far down, the others as they are."""
    merchants = [entity_id for entity_type, entity_id in entities if entity_type == "merchant"]
    sides = {"in_use": 0.8, "challenger": 0.6, "difference": -0.2}
    ends = {f"{side}_{end}": value + step for side, value in sides.items()
            for end, step in (("low", -0.1), ("high", 0.1))}  # fmt: skip
    fixed = {"entity_type": "merchant"}
    return {
        "scores.challengers": [
            {**fixed, "role": role, "recipe": recipe, "model_version": version, "trees": 160}
            for role, recipe, version in (
                ("in_use", "boosted", "m1"),
                ("challenger", "additive", "m2"),
            )
        ],
        "scores.agreement": [
            {**fixed, "measure": "overlap", "at_k": 36, "entities": 400, "value": 0.75},
            {**fixed, "measure": "rank_correlation", "at_k": None, "entities": 400, "value": 0.9},
        ],
        "scores.comparison": [
            {**fixed, "measure": measure, "top": 0.01, "entities": 81, **sides, **ends}
            for measure in ("precision", "recall")
        ],
        "scores.shadow_scores": [
            {
                **fixed,
                "entity_id": entity_id,
                "as_of": as_of,
                "score": 0.9,
                "challenger_score": 0.3,
                "position": place,
                "challenger_position": 90 if place == 1 else place,
            }
            for place, entity_id in enumerate(merchants, start=1)
        ],
    }
