"""What happens after the parcel: refunds and reviews.

Rates follow category, channel and the shop's own quality, so that honest live
apparel returns as much as a cheating influencer's buyers do.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import trait
from sample_data.kit.markets import LIVE, per_category
from sample_data.kit.randomness import (
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
from sample_data.kit.settings import DAY, HOUR, WorldSettings
from sample_data.kit.timeline import POLICY_CHANGE_DAY
from sample_data.language import names
from sample_data.period.fulfilment import parcels_with
from sample_data.period.order_requests import usual

REASONS: Final = ("not_received", "not_as_described", "defective", "wrong_size", "changed_mind")
NOT_RECEIVED, NOT_AS_DESCRIBED, DEFECTIVE, WRONG_SIZE, CHANGED_MIND = range(5)
WORN = np.array([0.02, 0.22, 0.12, 0.42, 0.22])  # reasons in apparel and shoes
OTHER = np.array([0.05, 0.36, 0.34, 0.03, 0.22])  # reasons elsewhere
REFUSED_SHARE = 0.08  # of requests
PARTIAL_SHARE = 0.10  # of refunds that give back only part
LOST_CLAIM_SHARE = 0.8  # of lost parcels whose buyer asks for the money
LOST_CLAIM_DAYS = (8.0, 14.0)  # dispatch to that request
WITHIN_48H = 0.42  # of honest reviews
ONE_STAR_SHARE = 0.20  # of reviews that are not five stars
TRIER_SHARE, TRIER_RATE = 0.02, 0.62  # honest buyers who order three sizes and keep one
POLICY_TITLE = "Small claims up to USD 10 refunded without return"
POLICY_DAY, POLICY_MARKET, POLICY_USD = POLICY_CHANGE_DAY, 3, 10.0  # moves a rate, no attack
POLICY_LIFT = 1.9  # small claims after the change, relative to before
REFUND_USED: Final = (
    "buyer",
    "merchant",
    "market",
    "category",
    "channel",
    "paid",
    "usd_per_unit",
    "is_sample",
    "refund_chance",
    "refund_days",
    "refund_reason",
    "return_chance",
    "return_ratio",
    "copied_claim",
)
REVIEW_USED: Final = (
    "merchant",
    "market",
    "category",
    "review_chance",
    "five_star_chance",
    "one_star_chance",
    "review_hours",
    "review_sheet",
    "copied_text",
)


def policy_start(settings: WorldSettings) -> int:
    """The instant from which small claims are refunded without return."""
    return settings.day_s(POLICY_DAY)


def _is_eased(world: World, orders: pl.DataFrame) -> Bools:
    """Orders the policy change applies to."""
    usd = orders["paid"].to_numpy() / 100.0 * orders["usd_per_unit"].to_numpy()
    here = (orders["market"].to_numpy() == POLICY_MARKET) & (usd <= POLICY_USD)
    is_eased: Bools = here & (orders["delivered_at"].to_numpy() >= policy_start(world.settings))
    return is_eased


def _refund_rate(world: World, orders: pl.DataFrame) -> Floats:
    """Chance that the buyer of a delivered order asks for money back."""
    category, live = orders["category"].to_numpy(), orders["channel"].to_numpy() == LIVE
    rates = np.stack((per_category("return_rate"), per_category("live_return_rate")))
    flaw = world.merchants.flaw[orders["merchant"].to_numpy()]
    buyer = orders["buyer"].to_numpy()
    mood = 0.55 + 0.9 * np.abs(np.sin(buyer * 3.7)) ** 2  # some return more
    rate = rates[live.astype(np.int64), category] * flaw * mood
    rate = np.clip(rate * np.where(_is_eased(world, orders), POLICY_LIFT, 1.0), 0.0, 0.85)
    rate = np.where((category <= 1) & (trait(buyer, 31) < TRIER_SHARE), TRIER_RATE, rate)
    rate = np.where(orders["is_sample"].to_numpy() > 0, 0.0, rate)
    return usual(orders["refund_chance"].to_numpy(), rate)


def _ask_refunds(world: World, rng: Rng, orders: pl.DataFrame) -> pl.DataFrame:
    """Requests with their instant, before the end of the data."""
    shipped_at, delivered_at = orders["shipped_at"].to_numpy(), orders["delivered_at"].to_numpy()
    is_lost, story_chance = orders["is_lost"].to_numpy(), orders["refund_chance"].to_numpy()
    rate = np.where(is_lost, usual(story_chance, np.full(len(story_chance), LOST_CLAIM_SHARE)), 0.0)
    rate = np.where(delivered_at != NEVER, _refund_rate(world, orders), rate)
    row = np.flatnonzero((rng.random(orders.height) < rate) & (orders["paid"].to_numpy() > 0))
    requests = orders[row]
    days = usual(requests["refund_days"].to_numpy(), 0.3 + rng.gamma(1.7, 1.9, len(row)))
    waits = shipped_at[row] + rng.uniform(*LOST_CLAIM_DAYS, len(row)) * DAY
    at = whole(np.where(is_lost[row], waits, delivered_at[row] + np.maximum(days, 0.0) * DAY))
    return requests.with_columns(requested_at=pl.Series(at)).filter(
        pl.col("requested_at") < world.settings.end_s
    )


def _reasons(rng: Rng, requests: pl.DataFrame) -> Ints:
    category = requests["category"].to_numpy()
    worn, other = (pick_weighted(rng, share, requests.height) for share in (WORN, OTHER))
    usual_reason = np.where(category <= 1, worn, other)
    reason = whole(usual(requests["refund_reason"].to_numpy(), usual_reason.astype(np.float64)))
    return np.where(requests["delivered_at"].to_numpy() == NEVER, NOT_RECEIVED, reason)


def _amounts(rng: Rng, requests: pl.DataFrame) -> Ints:
    """Minor units asked back: all that was paid, or part of it."""
    partial = chance(rng, PARTIAL_SHARE, requests.height)
    partial &= np.isnan(requests["refund_chance"].to_numpy())
    share = np.where(partial, rng.uniform(0.2, 0.8, requests.height), 1.0)
    return whole(np.floor(requests["paid"].to_numpy() * share))


def refund(world: World, block: Block, orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """After-sale requests with `row` (position of the order); NEVER = refused or still open.

    `reason` is a position in REASONS; `is_return` tells whether goods come back.
    """
    rng, end_s = stream(world.settings.seed, block.name("refunds")), world.settings.end_s
    requests = _ask_refunds(world, rng, parcels_with(REFUND_USED, orders, parcels))
    count, reason = requests.height, _reasons(rng, requests)
    back = usual(
        requests["return_chance"].to_numpy(), np.where(_is_eased(world, requests), 0.05, 0.8)
    )
    is_return = (rng.random(count) < back) & (reason != NOT_RECEIVED)
    days = np.where(is_return, 2.0 + 5.0 * rng.random(count), 0.3 + 2.5 * rng.random(count))
    refunded_at = whole(requests["requested_at"].to_numpy() + days * DAY)
    is_refused = chance(rng, REFUSED_SHARE, count) & np.isnan(requests["refund_chance"].to_numpy())
    has_arrived = is_return & (refunded_at - 12 * HOUR < end_s)
    ratio = usual(requests["return_ratio"].to_numpy(), 1.0 + rng.normal(0.0, 0.04, count))
    weight = np.round(np.maximum(requests["sent_grams"].to_numpy() * ratio, 1.0), 0)
    claim_number = whole(usual(requests["copied_claim"].to_numpy(), np.full(count, -1.0)))
    return pl.DataFrame(
        {
            "row": requests["row"],
            "requested_at": requests["requested_at"],
            "refunded_at": np.where(is_refused | (refunded_at >= end_s), NEVER, refunded_at),
            "is_return": is_return,
            "reason": reason,
            "claim_text": names.claims(rng, reason, claim_number, requests["market"].to_numpy()),
            "return_weight_grams": np.where(has_arrived, weight, np.nan),
            "amount_minor": _amounts(rng, requests),
        }
    )


def _ratings(world: World, rng: Rng, orders: pl.DataFrame) -> Ints:
    """Stars: mostly five, fewer from shops with flaws."""
    count, flaw = orders.height, world.merchants.flaw[orders["merchant"].to_numpy()]
    five = usual(
        orders["five_star_chance"].to_numpy(), np.clip(0.74 - 0.10 * (flaw - 1.0), 0.3, 0.86)
    )
    one = usual(orders["one_star_chance"].to_numpy(), np.full(count, ONE_STAR_SHARE))
    draw = rng.random(count)
    rest = np.where(draw < 0.575, 4, np.where(draw < 0.825, 3, 2))
    rest = np.where(rng.random(count) < one, 1, rest)
    return np.where(rng.random(count) < five, 5, rest).astype(np.int64)


def _review_hours(rng: Rng, count: int) -> Floats:
    soon, late = rng.uniform(1.0, 48.0, count), 48.0 + log_normal(rng, 96.0, 0.8, count)
    return np.where(chance(rng, WITHIN_48H, count), soon, late)


def _writes(world: World, rng: Rng, orders: pl.DataFrame) -> Ints:
    """Positions of the delivered parcels that somebody reviews."""
    rate = per_category("review_rate")[orders["category"].to_numpy()]
    rate = np.clip(rate * world.merchants.review_pull[orders["merchant"].to_numpy()], 0.0, 0.75)
    rate = usual(orders["review_chance"].to_numpy(), rate)
    came = orders["delivered_at"].to_numpy() != NEVER
    return np.flatnonzero(came & (rng.random(orders.height) < rate))


def review(world: World, block: Block, orders: pl.DataFrame, parcels: pl.DataFrame) -> pl.DataFrame:
    """Reviews of delivered orders with `row` (position of the order)."""
    rng, end_s = stream(world.settings.seed, block.name("reviews")), world.settings.end_s
    rows = parcels_with(REVIEW_USED, orders, parcels)
    rows = rows[_writes(world, rng, rows)]
    hours = usual(rows["review_hours"].to_numpy(), _review_hours(rng, rows.height))
    written_at = whole(rows["delivered_at"].to_numpy() + np.maximum(hours, 0.0) * HOUR)
    rows = rows.with_columns(
        created_at=pl.Series(written_at), rating=pl.Series(_ratings(world, rng, rows))
    ).filter(pl.Series(written_at < end_s))
    sheet = whole(rows["review_sheet"].fill_nan(-1.0).to_numpy())
    is_copy = whole(rows["copied_text"].fill_nan(0.0).to_numpy())
    market, rating = rows["market"].to_numpy(), rows["rating"].to_numpy()
    body = names.reviews(rng, market, rating, sheet, is_copy)
    return rows.select("row", "created_at", "rating", body=body)
