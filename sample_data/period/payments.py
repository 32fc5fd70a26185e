"""Refused payment attempts: mistyped codes and empty accounts, and cards tried one by one.

Honest buyers fail a few times out of a hundred, more often in some markets and always
the same people; what stands out is many cards on one device.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import trait
from sample_data.kit.markets import per_market
from sample_data.kit.plan import PlannedStories
from sample_data.kit.randomness import (
    Bools,
    Floats,
    Ints,
    Rng,
    chance,
    pick_weighted,
    stream,
    whole,
)
from sample_data.period.order_requests import NONE

REASONS: Final = (
    "insufficient_funds",
    "limit_exceeded",
    "wrong_security_code",
    "expired_card",
    "authentication_failed",
    "do_not_honour",
    "suspected_fraud",
)
USUAL_REASONS = np.array([0.30, 0.15, 0.20, 0.08, 0.14, 0.11, 0.02])  # of honest attempts
TRIED_REASONS = np.array([0.16, 0.06, 0.27, 0.06, 0.12, 0.23, 0.10])  # of cards tried by strangers
RATE = np.array([0.037, 0.042, 0.047, 0.078])  # of honest orders with a refused attempt, by market
UNPAID_RATE = 0.35  # of orders that were never paid: often that is why
SHORT_SHARE, SHORT_FACTOR = 0.08, 4.0  # buyers whose account is often empty
AGAIN = 0.18  # of refused attempts that are followed by another refused one
MOST = 12  # attempts of one order
OTHER_CARD = 0.25  # of honest attempts made with the buyer's other card
FRESH_CARD = 0.75  # of attempts of a story's order made with a card nobody has seen before
UNSEEN, UNSEEN_ROOM = 500_000_000, 499_000_000  # payment numbers of cards that paid for nothing
ISSUERS = 36  # invented issuers per market, the first ones large
BIN, BIN_MARKET, BIN_STEP = 900_000, 20_000, 547  # range that no scheme issues
ABANDONED = 0.12  # of ordinary attempts: the basket was left; assumption
METHODS: Final = ("card", "wallet", "bank_transfer")
METHOD_SHARES = np.array(  # of the payment tokens of each market; assumption
    [[0.80, 0.16, 0.04], [0.74, 0.20, 0.06], [0.58, 0.36, 0.06], [0.24, 0.48, 0.28]]
)


def _attempts(rng: Rng, orders: pl.DataFrame) -> Ints:
    """Refused attempts of each order."""
    buyer, paid_at = orders["buyer"].to_numpy(), orders["paid_at"].to_numpy()
    rate = RATE[orders["market"].to_numpy()]
    rate = np.where(trait(buyer, 51) < SHORT_SHARE, rate * SHORT_FACTOR, rate)
    rate = np.where(paid_at == NEVER, UNPAID_RATE, rate)
    rate = np.where(orders["paid"].to_numpy() > 0, rate, 0.0)
    draw, story_declines = rng.random(orders.height), orders["declines"].to_numpy()
    count = np.zeros(orders.height, dtype=np.int64)
    failing = np.flatnonzero(draw < rate)
    count[failing] = np.minimum(rng.geometric(1.0 - AGAIN, failing.size), 4)
    story_rows = np.flatnonzero(~np.isnan(story_declines))
    count[story_rows] = np.clip(whole(np.rint(story_declines[story_rows])), 0, MOST)
    return count


def _window_seconds(orders: pl.DataFrame, row: Ints, end_s: int) -> Ints:
    """Seconds between an order and its payment (or giving up) in which attempts can fail."""
    at, paid_at = orders["at"].to_numpy()[row], orders["paid_at"].to_numpy()[row]
    cancelled_at = orders["cancelled_at"].to_numpy()[row]
    until = np.where(
        paid_at != NEVER, paid_at, np.where(cancelled_at != NEVER, cancelled_at, at + 900)
    )
    wait: Ints = np.maximum(np.minimum(np.minimum(until, at + 900), end_s) - at, 1)
    return wait


def _cards(world: World, rng: Rng, orders: pl.DataFrame, row: Ints) -> Ints:
    """Payment token of each attempt: the one that paid in the end, or another."""
    buyer, story_declines = orders["buyer"].to_numpy()[row], orders["declines"].to_numpy()[row]
    own, draw = orders["payment"].to_numpy()[row], rng.random(len(row))
    other = np.where(draw < OTHER_CARD, world.buyers.spare_payment[buyer], own)
    fresh = UNSEEN + rng.integers(0, UNSEEN_ROOM, len(row))
    return np.where(np.isnan(story_declines), other, np.where(draw < FRESH_CARD, fresh, own))


def card_bins(card: Ints, market: Ints) -> pl.Series:
    """First six digits of each card: an invented issuer of its market, always the same one."""
    issuer = whole(ISSUERS * trait(card, 53) ** 2.2)
    return pl.Series(BIN + market * BIN_MARKET + issuer * BIN_STEP).cast(pl.Utf8)


def payment_methods(payment: Ints, market: Ints, declines: Floats) -> pl.Series:
    """How each order was paid: always the same way with one token; by card where cards are tried.

    `declines` is NaN for ordinary orders.
    """
    edges = METHOD_SHARES.cumsum(axis=1)[market, :-1]
    method = (trait(payment, 67)[:, None] >= edges).sum(axis=1)
    return pl.Series(METHODS).gather(np.where(np.isnan(declines), method, 0))


def _is_abandoned(rng: Rng, orders: pl.DataFrame, row: Ints) -> Bools:
    """Ordinary attempts at a basket that was left and filled again later: no order is named."""
    usual = np.isnan(orders["declines"].to_numpy()[row])
    left: Bools = usual & chance(rng, ABANDONED, len(row))
    return left


def _of_orders(world: World, rng: Rng, orders: pl.DataFrame) -> pl.DataFrame:
    """Attempts that were refused before (or instead of) the payment of an order."""
    tries = _attempts(rng, orders)
    row = np.repeat(np.arange(orders.height), tries)
    count = len(row)
    columns = {name: orders[name].to_numpy()[row] for name in ("buyer", "device", "ip", "market")}
    wait = _window_seconds(orders, row, world.settings.end_s)
    card = _cards(world, rng, orders, row)
    is_story = ~np.isnan(orders["declines"].to_numpy()[row])
    usual_reason, tried_reason = (
        pick_weighted(rng, s, count) for s in (USUAL_REASONS, TRIED_REASONS)
    )
    return pl.DataFrame(
        {
            "row": np.where(_is_abandoned(rng, orders, row), NONE, row).astype(np.int64),
            "at": orders["at"].to_numpy()[row] + whole(wait * rng.random(count)),
            **columns,
            "payment": card,
            "card_bin": card_bins(card, world.buyers.market[columns["buyer"]]),
            "amount_minor": orders["paid"].to_numpy()[row],
            "reason": np.where(is_story, tried_reason, usual_reason),
            "ring": orders["ring"].to_numpy()[row],
        }
    )


def _of_stories(world: World, stories: PlannedStories, block: Block) -> pl.DataFrame | None:
    """Attempts that stories made without an order, in the block of their instant."""
    if not stories.declines:
        return None
    rows = stories.declines.within(block).with_columns(pl.col("card_bin").cast(pl.Utf8))
    rng = stream(world.settings.seed, block.name("tried cards"))
    market = world.buyers.market[rows["buyer"].to_numpy()]
    usd = rows["amount_usd"].to_numpy()
    minor = whole(np.maximum(np.rint(usd * 100.0 / per_market("usd_per_unit")[market]), 1.0))
    return rows.select(
        row=pl.lit(NONE, dtype=pl.Int64),
        at="at",
        buyer="buyer",
        device="device",
        ip="ip",
        market=pl.Series(market),
        payment="payment",
        card_bin="card_bin",
        amount_minor=pl.Series(minor),
        reason=pl.Series(pick_weighted(rng, TRIED_REASONS, rows.height)),
        ring="ring",
    )


def decline(
    world: World, stories: PlannedStories, block: Block, orders: pl.DataFrame
) -> pl.DataFrame:
    """Refused attempts with `row` (position of the order, -1 = none came of it).

    `market` is the one whose money the amount is in, `reason` a position in REASONS.
    """
    rng = stream(world.settings.seed, block.name("declined"))
    parts = [_of_orders(world, rng, orders), _of_stories(world, stories, block)]
    integers = pl.col(pl.Int32, pl.Int64, pl.Float64)
    return pl.concat(
        part.with_columns(integers.cast(pl.Int64)) for part in parts if part is not None
    )
