"""What happens after the parcel: refunds and reviews.

Rates follow category, channel and the shop's own quality, so that honest live
apparel returns as much as a cheating influencer's buyers do.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data import names
from sample_data.commerce import NEVER
from sample_data.intents import usual
from sample_data.markets import LIVE, per_category
from sample_data.randomness import (
    Bools,
    Floats,
    Ints,
    Rng,
    chance,
    log_normal,
    pick_weighted,
    stream,
    whole,
)
from sample_data.settings import DAY, HOUR, WorldSettings
from sample_data.world import World

REASONS: Final = ("not_received", "not_as_described", "defective", "wrong_size", "changed_mind")
NOT_RECEIVED, NOT_AS_DESCRIBED, DEFECTIVE, WRONG_SIZE, CHANGED_MIND = range(5)
WORN = np.array([0.02, 0.22, 0.12, 0.42, 0.22])  # reasons in apparel and shoes
OTHER = np.array([0.05, 0.36, 0.34, 0.03, 0.22])  # reasons elsewhere
REFUSED_SHARE = 0.08  # of requests
PARTIAL_SHARE = 0.10  # of refunds that give back only part
WITHIN_48H = 0.42  # of honest reviews
TRIER_SHARE, TRIER_RATE = 0.02, 0.62  # honest buyers who order three sizes and keep one
POLICY_TITLE = "Small claims up to USD 10 refunded without return"
POLICY_DAY, POLICY_MARKET, POLICY_USD = 35, 3, 10.0  # DOMAIN 3.5: moves a rate, no attack
POLICY_LIFT = 1.9  # small claims after the change, relative to before


def policy_start(settings: WorldSettings) -> int:
    """The instant from which small claims are refunded without return."""
    return settings.day_s(POLICY_DAY)


def _eased(world: World, sent: pl.DataFrame) -> Bools:
    """Orders the policy change applies to."""
    usd = sent["paid"].to_numpy() / 100.0 * sent["usd_per_unit"].to_numpy()
    here = (sent["market"].to_numpy() == POLICY_MARKET) & (usd <= POLICY_USD)
    eased: Bools = here & (sent["delivered_at"].to_numpy() >= policy_start(world.settings))
    return eased


def _delivered(orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """Orders with a parcel, and that parcel's instants; by order."""
    return orders[parcels["row"].to_numpy()].hstack(parcels)


def _wants_refund(world: World, rng: Rng, sent: pl.DataFrame) -> Bools:
    category, live = sent["category"].to_numpy(), sent["channel"].to_numpy() == LIVE
    rate = np.where(
        live, per_category("live_return_rate")[category], per_category("return_rate")[category]
    )
    flaw = world.merchants.flaw[sent["merchant"].to_numpy()]
    mood = 0.55 + 0.9 * np.abs(np.sin(sent["buyer"].to_numpy() * 3.7)) ** 2  # some return more
    rate = np.clip(rate * flaw * mood * np.where(_eased(world, sent), POLICY_LIFT, 1.0), 0.0, 0.85)
    trier = chance(rng, TRIER_SHARE, len(world.buyers))[sent["buyer"].to_numpy()]
    rate = np.where(trier & (category <= 1), TRIER_RATE, rate)
    rate = np.where(sent["is_sample"].to_numpy() > 0, 0.0, rate)
    return rng.random(sent.height) < usual(sent["refund_chance"].to_numpy(), rate)


def _reasons(rng: Rng, asked: pl.DataFrame) -> Ints:
    category = asked["category"].to_numpy()
    worn, other = (pick_weighted(rng, share, asked.height) for share in (WORN, OTHER))
    drawn = np.where(category <= 1, worn, other)
    told = usual(asked["refund_reason"].to_numpy(), drawn.astype(np.float64)).astype(np.int64)
    return np.where(asked["delivered_at"].to_numpy() == NEVER, NOT_RECEIVED, told)


def _amounts(rng: Rng, asked: pl.DataFrame) -> Ints:
    paid = asked["paid"].to_numpy()
    share = np.where(
        chance(rng, PARTIAL_SHARE, asked.height), rng.uniform(0.2, 0.8, asked.height), 1.0
    )
    share = np.where(np.isnan(asked["refund_chance"].to_numpy()), share, 1.0)
    return whole(np.floor(paid * share))


def _ask_refunds(world: World, rng: Rng, sent: pl.DataFrame) -> pl.DataFrame:
    """Requests with their instant, before the end of the data is applied."""
    end_s = world.settings.end_s
    lost = (sent["delivered_at"].to_numpy() == NEVER) & (
        sent["shipped_at"].to_numpy() < end_s - 14 * DAY
    )
    wants = (sent["delivered_at"].to_numpy() != NEVER) & _wants_refund(world, rng, sent)
    claims = lost & chance(rng, 0.8, sent.height)
    days = usual(sent["refund_days"].to_numpy(), 0.3 + rng.gamma(1.7, 1.9, sent.height))
    waits = sent["shipped_at"].to_numpy() + ((8.0 + 6.0 * rng.random(sent.height)) * DAY)
    asked_at = np.where(claims, waits, sent["delivered_at"].to_numpy() + days * DAY).astype(
        np.int64
    )
    asked = sent.with_columns(requested_at=pl.Series(asked_at)).filter(pl.Series(wants | claims))
    return asked.filter((pl.col("requested_at") < end_s) & (pl.col("paid") > 0))


def refund(world: World, orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """After-sale requests with `row` (position of the order); NEVER = refused or still open."""
    rng, end_s = stream(world.settings.seed, "refunds"), world.settings.end_s
    asked = _ask_refunds(world, rng, _delivered(orders, parcels))
    count, reason = asked.height, _reasons(rng, asked)
    back = usual(asked["return_chance"].to_numpy(), np.where(_eased(world, asked), 0.05, 0.8))
    returned = (rng.random(count) < back) & (reason != NOT_RECEIVED)
    days = np.where(returned, 2.0 + 5.0 * rng.random(count), 0.3 + 2.5 * rng.random(count))
    refunded = (asked["requested_at"].to_numpy() + days * DAY).astype(np.int64)
    refused = chance(rng, REFUSED_SHARE, count) & np.isnan(asked["refund_chance"].to_numpy())
    arrived = returned & (refunded - 12 * HOUR < end_s)
    ratio = usual(asked["return_ratio"].to_numpy(), 1.0 + rng.normal(0.0, 0.04, count))
    weight = np.round(np.maximum(asked["sent_grams"].to_numpy() * ratio, 1.0), 0)
    copied = usual(asked["copied_claim"].to_numpy(), np.full(count, -1.0)).astype(np.int64)
    return pl.DataFrame(
        {
            "row": asked["row"],
            "requested_at": asked["requested_at"],
            "refunded_at": np.where(refused | (refunded >= end_s), NEVER, refunded),
            "kind": np.where(returned, "return_refund", "refund_only"),
            "reason": pl.Series(REASONS).gather(reason),
            "claim_text": names.claims(rng, reason, copied),
            "return_weight_grams": np.where(arrived, weight, np.nan),
            "amount_minor": _amounts(rng, asked),
        }
    )


def _ratings(world: World, rng: Rng, sent: pl.DataFrame) -> Ints:
    """Stars: mostly five, fewer from shops with flaws."""
    flaw = world.merchants.flaw[sent["merchant"].to_numpy()]
    five = usual(
        sent["five_star_chance"].to_numpy(), np.clip(0.74 - 0.10 * (flaw - 1.0), 0.3, 0.86)
    )
    draw = rng.random(sent.height)
    rest = np.where(draw < 0.46, 4, np.where(draw < 0.66, 3, np.where(draw < 0.80, 2, 1)))
    return np.where(rng.random(sent.height) < five, 5, rest).astype(np.int64)


def _review_hours(rng: Rng, count: int) -> Floats:
    soon, late = rng.uniform(1.0, 48.0, count), 48.0 + log_normal(rng, 96.0, 0.8, count)
    return np.where(chance(rng, WITHIN_48H, count), soon, late)


def review(world: World, orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """Reviews of delivered orders with `row` (position of the order)."""
    rng, end_s = stream(world.settings.seed, "reviews"), world.settings.end_s
    sent = _delivered(orders, parcels).filter(pl.col("delivered_at") != NEVER)
    rate = per_category("review_rate")[sent["category"].to_numpy()]
    rate = np.clip(rate * world.merchants.review_pull[sent["merchant"].to_numpy()], 0.0, 0.75)
    writes = rng.random(sent.height) < usual(sent["review_chance"].to_numpy(), rate)
    hours = usual(sent["review_hours"].to_numpy(), _review_hours(rng, sent.height))
    written = (sent["delivered_at"].to_numpy() + hours * HOUR).astype(np.int64)
    rating = _ratings(world, rng, sent)
    sent = sent.with_columns(created_at=pl.Series(written), rating=pl.Series(rating))
    sent = sent.filter(pl.Series(writes & (written < end_s)))
    scripted = usual(sent["scripted"].to_numpy(), np.zeros(sent.height)).astype(np.int64)
    body = names.reviews(rng, sent["market"].to_numpy(), sent["rating"].to_numpy(), scripted)
    return sent.select("row", "created_at", "rating", body=body)
