"""Raw tables as they stood at an earlier moment: what every law of time compares with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from queries.contract import raw_tables

if TYPE_CHECKING:
    from datetime import datetime

BORN = {
    "merchants": "registered_at",
    "creators": "registered_at",
    "buyers": "registered_at",
    "products": "listed_at",
    "orders": "created_at",
    "shipments": "shipped_at",
    "refunds": "requested_at",
    "reviews": "created_at",
    "settlements": "eligible_at",
    "commissions": "eligible_at",
    "live_sessions": "started_at",
    "videos": "published_at",
    "labels": "known_at",
    "creator_days": "day",
    "video_days": "day",
    "live_comments": "commented_at",
    "listing_versions": "valid_from",
    "auth_events": "happened_at",
    "staff_access": "happened_at",
    "complaints": "observed_at",
    "disputes": "observed_at",
    "declined_payments": "attempted_at",
    "carrier_incidents": "observed_at",
    "policy_changes": "announced_at",
    "model_releases": "released_at",
    "sequence_score": "t1",
}
KNOWN_WITH = {
    "return_weight_grams": "refunded_at",
    "is_address_match": "delivered_at",
    "outcome": "decided_at",
}


def cut(frame: pl.DataFrame, table: str, moment: datetime) -> pl.DataFrame:
    """The table as it stood at `moment`: later rows gone, later instants unknown."""
    if table in BORN:
        frame = frame.filter(pl.col(BORN[table]) < moment)
    for name, source in KNOWN_WITH.items():
        if name in frame.columns:
            known = pl.col(source) < moment
            frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name))
    later = [
        pl.when(pl.col(name) < moment).then(pl.col(name)).alias(name)
        for name, column in raw_tables()[table].columns.items()
        if column.type == "timestamp" and column.nullable and name in frame.columns
    ]
    return frame.with_columns(later)
