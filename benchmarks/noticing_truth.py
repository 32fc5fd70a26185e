"""Which planted rings a movement comes from: what is left of it without their orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from queries.registry import kpis

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

LONGEST_DAYS = 45
"""Whoever is planted for longer is no event: a household that shares a phone all summer."""
PARTIES = ("buyer", "merchant", "product", "creator", "live_session")
SELLERS = ("live_session_id", "creator_id", "merchant_id")
ONE_SELLER = "one honest seller"
"""The cause of a movement that is gone without one room, creator or shop that nobody planted."""
REMAINS = 0.5
"""Part of a movement that may be left without the orders that are said to make it."""
LARGE = 0.2
"""Part of a movement from which one ring is named as its maker."""
STARTED = 10
"""Orders of a ring in the days after, from which it made what is no metric of orders."""


@dataclass(frozen=True)
class Cause:
    """Rings whose orders make a movement, the largest part first."""

    rings: list[str]
    typology: str | None
    """Of the first, or `ONE_SELLER`; None: a false alarm."""


@dataclass(frozen=True)
class Planted:
    """Every order of the cube, and which rings it is of."""

    orders: pl.DataFrame
    """metrics.order_outcomes"""
    named: pl.DataFrame
    """order_id, ring_id, typology"""


def rings(raw: Path) -> pl.DataFrame:
    """`ring_id, typology, started_at, ended_at` of what is planted for a time."""
    ends = (pl.col("started_at").min(), pl.col("ended_at").max())
    return _timed(raw).group_by("ring_id", "typology").agg(*ends)


def _timed(raw: Path) -> pl.DataFrame:
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    span = (pl.col("ended_at") - pl.col("started_at")).dt.total_days()
    return truth.filter(pl.col("ring_id").is_not_null(), span <= LONGEST_DAYS)


def planted_orders(con: duckdb.DuckDBPyConnection, raw: Path) -> Planted:
    """The orders of a build, and those of planted parties while these were at it."""
    orders = con.sql("select * from metrics.order_outcomes").pl()
    truth, day = _timed(raw), pl.duration(days=1)
    parts = []
    for party in PARTIES:
        key = f"{party}_id"
        own = truth.filter(pl.col("entity_type") == party).select(
            *("ring_id", "typology", pl.col("entity_id").alias(key)),
            first=pl.col("started_at").dt.date() - day,
            last=pl.col("ended_at").dt.date() + day,
        )
        both = orders.select("order_id", "day", key).join(own, on=key)
        parts.append(both.filter(pl.col("day").is_between("first", "last")))
    named = pl.concat([part.select("order_id", "ring_id", "typology") for part in parts])
    return Planted(orders, named.unique())


def explained_by(one: dict[str, Any], planted: Planted) -> Cause:
    """Whose orders make a movement of `noticing.movements`."""
    kpi = kpis()[one["metric"]]
    if not kpi.is_of_cube:
        return _started(one, planted)
    inside = _inside(one, planted.orders, one["last_day"])
    columns = {"top": kpi.numerator, "bottom": kpi.denominator or "orders"}
    sums = inside.select(
        "order_id", **{name: pl.col(own).cast(pl.Float64) for name, own in columns.items()}
    )
    mine = sums.join(planted.named, on="order_id")

    def left(part: pl.DataFrame) -> float:
        top, bottom = (float(sums[c].sum()) - float(part[c].sum()) for c in columns)
        if kpi.is_additive:
            return top
        return top / bottom if bottom > 0.0 else float(one["expected"])

    difference = one["actual"] - one["expected"]

    def remains(part: pl.DataFrame) -> float:
        return (left(part) - one["expected"]) / (difference or 1.0)

    if mine.is_empty() or remains(mine.unique("order_id")) > REMAINS:
        parties = (_largest(inside.join(sums, on="order_id"), key) for key in SELLERS)
        alone = any(remains(own) <= REMAINS for own in parties)
        return Cause([], ONE_SELLER if alone else None)
    parts = sorted(
        (
            (abs(one["actual"] - left(own)) / abs(difference), str(ring), str(typology))
            for (ring, typology), own in mine.group_by("ring_id", "typology")
        ),
        reverse=True,
    )
    return Cause([ring for part, ring, _ in parts if part >= LARGE], parts[0][2])


def _largest(inside: pl.DataFrame, key: str) -> pl.DataFrame:
    """The rows of whoever has most of the numerator."""
    known = inside.filter(pl.col(key).is_not_null())
    most = known.group_by(key).agg(pl.col("top").sum()).sort("top", key, descending=True)
    return known.filter(pl.col(key) == most[key][0]) if most.height else known


def _started(one: dict[str, Any], planted: Planted) -> Cause:
    """Of a metric that is not of orders: rings with orders there, then or in the week after."""
    near = _inside(one, planted.orders, one["last_day"] + timedelta(days=7))
    own = near.join(planted.named, on="order_id").group_by("ring_id", "typology").len()
    own = own.filter(pl.col("len") >= STARTED).sort("len", "ring_id", descending=True)
    return Cause(own["ring_id"].to_list(), own["typology"][0] if own.height else None)


def _inside(one: dict[str, Any], orders: pl.DataFrame, last_day: object) -> pl.DataFrame:
    inside = orders.filter(pl.col("day").is_between(one["first_day"], last_day))
    for side in "ab":
        if one[f"dimension_{side}"] in orders.columns:
            inside = inside.filter(pl.col(one[f"dimension_{side}"]) == one[f"value_{side}"])
    return inside
