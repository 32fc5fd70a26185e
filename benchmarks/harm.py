"""What planted rings did beyond taking money, counted in raw rows and priced as their packs say.

The truth says who belongs to a ring, raw tables what its members did; no flag of ours decides
what is fake. An event harms once, whoever of a ring touched it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from queries.packs import packs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

LATE = timedelta(days=21)
"""A complaint, a review or a return comes up to three weeks after the last planted act."""
BEST, POOR = 5, 2
"""Stars of praise, and the most of a reproach."""
_SELLERS = ("merchant", "product", "creator", "live_session")
_PARTIES = (*_SELLERS, "buyer")
_IDS = tuple(f"{kind}_id" for kind in _PARTIES)
_HARM = dict.fromkeys(("entity_type", "entity_id", "ring_id"), pl.String) | dict.fromkeys(
    ("harm_usd", "ring_harm_usd"), pl.Float64
)


@dataclass(frozen=True)
class Rule:
    """How the harm of a typology is counted in raw rows."""

    event: str
    """Event of the pack's harm model that gives the price."""
    table: str
    """Which of `_events` it is counted in."""
    is_among_members: bool
    """Whether seller and buyer must both belong to the ring; else one of them."""


RULES: Mapping[str, tuple[Rule, ...]] = {
    # What a bought rank displaces is a loss of rivals already, so only its reviews count here.
    "T1_BRUSHING": (Rule("hasty_praise", "praise", is_among_members=True),),
    "T2_VIEWER_INFLATION": (Rule("machine_views", "views", is_among_members=False),),
    "T5_FAKE_FULFILMENT": (Rule("complaint", "complaints", is_among_members=False),),
    "T7_PAYMENT_FRAUD": (Rule("order", "orders", is_among_members=False),),
    "T8_ACCOUNT_TAKEOVER": (Rule("takeover_order", "orders", is_among_members=False),),
    "T10_FRAUD_MERCHANT": (Rule("complaint", "complaints", is_among_members=False),),
    "T11_PROHIBITED_GOODS": (Rule("order", "orders", is_among_members=False),),
    "T12_INFO_LEAK": (Rule("scam_call", "scam_calls", is_among_members=True),),
    "T13_MALICIOUS_BEHAVIOUR": (Rule("harsh_review", "reproach", is_among_members=False),),
    "T14_SCAM_LIVE": (Rule("regret", "regrets", is_among_members=False),),
    "T15_CROSS_DOMAIN": (Rule("fake_order", "orders", is_among_members=True),),
}


def planted_harm(
    raw: Path, truth: pl.DataFrame, stories: pl.DataFrame, since: datetime, until: datetime
) -> pl.DataFrame:
    """Harm from `since` to `until` per planted entity and ring.

    Columns entity_type, entity_id, ring_id, harm_usd and ring_harm_usd (each event once).
    """
    events, members = _events(raw), _members(raw, truth)
    parts = [pl.DataFrame(schema=_HARM)]
    for ring in stories.filter(~pl.col("is_hard_negative")).iter_rows(named=True):
        own = members.filter(pl.col("ring_id") == ring["ring_id"])
        last = min(until, ring["ended_at"] + LATE)
        for rule in RULES.get(ring["typology"], ()):
            rows = events[rule.table]
            rows = rows.filter(pl.col("at").is_between(max(since, ring["started_at"]), last))
            parts.append(_of_ring(rows, own, rule, _price(ring["typology"], rule.event)))
    total = pl.concat(parts).group_by("entity_type", "entity_id", "ring_id", maintain_order=True)
    return total.agg(pl.col("harm_usd", "ring_harm_usd").sum())


def _of_ring(rows: pl.DataFrame, members: pl.DataFrame, rule: Rule, price: float) -> pl.DataFrame:
    """What each member touched of the events of its ring, USD."""
    ids = {kind: members.filter(entity_type=kind)["entity_id"].implode() for kind in _PARTIES}
    touched = {kind: pl.col(f"{kind}_id").is_in(ids[kind]).fill_null(value=False) for kind in ids}
    seller = reduce(or_, (touched[kind] for kind in _SELLERS))
    planted = rows.filter(
        seller & touched["buyer"] if rule.is_among_members else seller | touched["buyer"]
    )
    whole = price * float(planted["quantity"].sum())
    per_party = [
        planted.filter(touched[kind])
        .group_by(entity_id=f"{kind}_id")
        .agg(harm_usd=price * pl.col("quantity").sum())
        .select(pl.lit(kind).alias("entity_type"), "entity_id", "harm_usd")
        for kind in _PARTIES
    ]
    shares = pl.concat(per_party).with_columns(ring_harm_usd=pl.lit(whole))
    return shares.join(members, on=["entity_type", "entity_id"]).select(_HARM.keys())


def _members(raw: Path, truth: pl.DataFrame) -> pl.DataFrame:
    """Who can be acted on or was called: entity_type, entity_id, ring_id.

    A leak's shops are those of its warehouse; its buyers are its victims.
    """
    planted = truth.filter(~pl.col("is_hard_negative"))
    is_leak = pl.col("typology") == "T12_INFO_LEAK"
    own = planted.filter(is_leak | (pl.col("role") != "victim"))
    own = own.select("entity_type", "entity_id", "ring_id")
    shops = pl.read_parquet(raw / "merchants.parquet").select("merchant_id", "warehouse_id")
    leaking = own.filter(entity_type="warehouse").join(
        shops, left_on="entity_id", right_on="warehouse_id"
    )
    through = leaking.select(pl.lit("merchant").alias("entity_type"), "merchant_id", "ring_id")
    return pl.concat([own, through.rename({"merchant_id": "entity_id"})]).unique()


def _events(raw: Path) -> dict[str, pl.DataFrame]:
    """Raw rows by kind, with everybody who touched them, when and how many."""
    orders = pl.read_parquet(raw / "orders.parquet")
    parties = orders.select("order_id", *_IDS)
    reviews = pl.read_parquet(raw / "reviews.parquet").join(parties, on="order_id")
    refunds = pl.read_parquet(raw / "refunds.parquet").join(parties, on="order_id")
    complaints = pl.read_parquet(raw / "complaints.parquet")
    rooms = pl.read_parquet(raw / "live_sessions.parquet").with_columns(
        pl.lit(None, pl.String).alias(name) for name in ("product_id", "buyer_id", "merchant_id")
    )
    is_call = pl.col("topic") == "scam_call"
    return {
        "orders": _rows(orders, "created_at"),
        "praise": _rows(reviews.filter(pl.col("rating") == BEST), "created_at"),
        "reproach": _rows(reviews.filter(pl.col("rating") <= POOR), "created_at"),
        "regrets": _rows(
            refunds.filter(pl.col("reason").is_in(["not_as_described", "defective"])),
            "requested_at",
        ),
        "complaints": _rows(complaints.filter(~is_call), "observed_at"),
        "scam_calls": _rows(complaints.filter(is_call), "observed_at"),
        "views": _rows(rooms, "started_at", pl.col("views").cast(pl.Float64)),
    }


def _rows(table: pl.DataFrame, at: str, quantity: pl.Expr | None = None) -> pl.DataFrame:
    absent = [pl.lit(None, pl.String).alias(name) for name in _IDS if name not in table.columns]
    many = pl.lit(1.0) if quantity is None else quantity
    return table.with_columns(absent).select(*_IDS, at=pl.col(at), quantity=many)


def _price(typology: str, event: str) -> float:
    """The price a pack gives an event, USD."""
    return next(harm.price_usd for harm in packs()[typology].harms if harm.event == event)
