"""The one counter at which every order is placed, whoever places it.

Honest buyers and planted rings hand in the same kind of intents and get their
rows from the same lines of code, so that nothing but behaviour tells them apart.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.listings import Versions
from sample_data.actors.promotions import Promotions, Voucher
from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import SHOP_TAB, per_category, per_market, to_minor
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream
from sample_data.kit.settings import HOUR
from sample_data.kit.timeline import MODEL_DRIFT_DAY
from sample_data.period.order_requests import NONE, usual

MAIN_DEVICE_SHARE = 0.82  # of orders of buyers who own a second device
CARRIER_IP_SHARE = 0.42  # of orders placed over a mobile network
GIFT_SHARE = 0.02  # of orders sent to somebody else's address
OTHER_CARD_SHARE = 0.05
UNPAID_SHARE = 0.035  # of orders never paid
CANCELLED_SHARE = 0.015  # of paid orders cancelled before dispatch
PAY_MEDIAN_SECONDS, PAY_SIGMA = 95.0, 1.2  # order to payment
CLICK_MEDIAN_SECONDS = np.array([75.0, 140.0, 210.0, 260.0])  # by channel
PRIOR_VIEW = np.array([0.22, 0.34, 0.45, 0.58])  # by channel
ONE_TAP_SHARE = 0.05  # of honest orders: the buyer had made up their mind
DWELL_SECONDS = 48.0  # median look at a listing before buying
UNSEEN_SHARE = 0.07  # of orders from a list or a link: nobody looked
BILLING_MATCH = 0.93  # of orders: gifts and work addresses are the rest
EXPRESS_SHARE = 0.12
WALLET_MARKET, WALLET_PACE = 3, 0.3  # ID; time to pay after the launch, relative to before
DEAR_EVERY, DEAR_RATE = 16, 2.1  # every so many creators are sought after and dear; assumption
SHIPPING_USD = 2.4  # usual parcel fee; a third of orders ship free


@dataclass(frozen=True)
class Counter:
    """What placing an order needs to know."""

    world: World
    promotions: Promotions
    versions: Versions
    rng: Rng


def _identifiers(counter: Counter, intents: pl.DataFrame) -> dict[str, Ints]:
    """Device, address, network and payment of each order; -1 becomes the buyer's usual one."""
    rng, buyers, count = counter.rng, counter.world.buyers, intents.height
    buyer = intents["buyer"].to_numpy()
    main = chance(rng, MAIN_DEVICE_SHARE, count)
    gift = np.where(chance(rng, GIFT_SHARE, count), rng.permutation(buyer), buyer)
    other = chance(rng, OTHER_CARD_SHARE, count)
    usual_ids = {
        "device": np.where(main, buyers.device[buyer], buyers.second_device[buyer]),
        "ip": np.where(
            chance(rng, CARRIER_IP_SHARE, count), _carrier_ips(counter, buyer), buyers.ip[buyer]
        ),
        "address": buyers.address[gift],
        "payment": np.where(other, buyers.spare_payment[buyer], buyers.payment[buyer]),
    }
    story_ids = {name: intents[name].to_numpy() for name in usual_ids}
    return {
        name: np.where(story_ids[name] == NONE, values, story_ids[name])
        for name, values in usual_ids.items()
    }


def _carrier_ips(counter: Counter, buyer: Ints) -> Ints:
    """The mobile network address a phone is behind: usually the same few hundred people."""
    market = counter.world.buyers.market[buyer]
    ip = np.zeros(len(buyer), dtype=np.int64)
    roams = chance(counter.rng, 0.15, len(buyer))
    for code, pool in enumerate(counter.world.carrier_ips):
        rows = np.flatnonzero(market == code)
        gate = np.where(
            roams[rows], counter.rng.integers(0, len(pool), rows.size), buyer[rows] % len(pool)
        )
        ip[rows] = pool[gate]
    return ip


def _spans(offers: list[Voucher]) -> tuple[Ints, Ints]:
    """First and last instant of every voucher, with one that is never open for position -1."""
    opens = np.array([offer.starts for offer in offers] + [0], dtype=np.int64)
    return opens, np.array([offer.ends for offer in offers] + [0], dtype=np.int64)


def _money(counter: Counter, intents: pl.DataFrame, market: Ints) -> dict[str, Ints]:
    """Items, voucher, shipping and paid in minor units; paid = items - voucher + shipping."""
    rng, count = counter.rng, intents.height
    product, moments = intents["product"].to_numpy(), intents["at"].to_numpy()
    price = counter.versions.price(counter.world, product, moments)
    items = price * intents["quantity"].to_numpy()
    offers = counter.promotions.vouchers
    discount = np.array([voucher.discount_minor for voucher in offers] + [0], dtype=np.int64)
    least = np.array([voucher.min_spend_minor for voucher in offers] + [0], dtype=np.int64)
    voucher = intents["voucher"].to_numpy()
    opens, closes = _spans(offers)
    valid = (items >= least[voucher]) & (moments >= opens[voucher]) & (moments < closes[voucher])
    voucher = np.where(valid, voucher, NONE)
    sample = intents["is_sample"].to_numpy() > 0
    reduction = np.where(sample, items, np.minimum(discount[voucher], items))
    fee = to_minor(SHIPPING_USD * log_normal(rng, 1.0, 0.35, count), market)
    shipping = np.where(sample | chance(rng, 0.34, count), 0, fee)
    paid = items - reduction + shipping
    owner = np.array([offer.campaign for offer in offers] + [NONE], dtype=np.int64)
    story_campaign = intents["campaign"].to_numpy()
    campaign = np.where(story_campaign == NONE, owner[voucher], story_campaign)
    return {
        "voucher": voucher,
        "campaign": campaign,
        "items": items,
        "taken": reduction,
        "shipping": shipping,
        "paid": paid,
    }


def _payment(counter: Counter, intents: pl.DataFrame) -> dict[str, Ints]:
    """When each order was paid or cancelled, NEVER where it was not."""
    rng, count, at = counter.rng, intents.height, intents["at"].to_numpy()
    merchant = counter.world.products.merchant[intents["product"].to_numpy()]
    pace = counter.world.merchants.pay_pace[merchant] * _wallet(counter.world, merchant, at)
    draw = log_normal(rng, PAY_MEDIAN_SECONDS * pace, PAY_SIGMA, count)
    wait = usual(intents["pay_seconds"].to_numpy(), draw)
    unpaid = np.isnan(intents["pay_seconds"].to_numpy()) & chance(rng, UNPAID_SHARE, count)
    paid_at = np.where(unpaid, NEVER, at + np.ceil(wait)).astype(np.int64)
    share = usual(intents["cancel_chance"].to_numpy(), np.full(count, CANCELLED_SHARE))
    is_dropped = ~unpaid & (rng.random(count) < share)
    later = (np.maximum(paid_at, at) + (0.4 + 9.0 * rng.random(count)) * HOUR).astype(np.int64)
    return {"paid_at": paid_at, "cancelled_at": np.where(unpaid | is_dropped, later, NEVER)}


def _wallet(world: World, merchant: Ints, at: Ints) -> Floats:
    """One market gets a one-tap wallet: everybody there pays faster, and a model drifts."""
    is_launched = at >= world.settings.day_s(MODEL_DRIFT_DAY)
    faster = is_launched & (world.merchants.market[merchant] == WALLET_MARKET)
    return np.where(faster, WALLET_PACE, 1.0)


def _checkout(counter: Counter, intents: pl.DataFrame) -> dict[str, Floats | Bools]:
    """How the buyer looked and paid: dwell, billing address, parcel speed."""
    rng, count = counter.rng, intents.height
    is_unseen = np.isnan(intents["view_seconds"].to_numpy()) & chance(rng, UNSEEN_SHARE, count)
    dwell = usual(intents["view_seconds"].to_numpy(), log_normal(rng, DWELL_SECONDS, 0.9, count))
    match = usual(intents["billing_match"].to_numpy(), np.full(count, BILLING_MATCH))
    express = intents["is_express"].to_numpy()
    return {
        "view_seconds": np.round(np.where(is_unseen, np.nan, dwell), 1),
        "is_billing_match": rng.random(count) < match,
        "is_express": np.where(express < 0, chance(rng, EXPRESS_SHARE, count), express > 0),
    }


def _promotion(counter: Counter, intents: pl.DataFrame) -> dict[str, Ints | Floats]:
    """Commission, last click and earlier visit of each order."""
    rng, count = counter.rng, intents.height
    world, channel = counter.world, intents["channel"].to_numpy()
    creator, product = intents["creator"].to_numpy(), intents["product"].to_numpy()
    style = 0.8 + 0.5 * np.abs(np.sin(np.arange(len(world.creators.market)) * 12.9898))
    style *= np.where(np.arange(len(style)) % DEAR_EVERY == 1, DEAR_RATE, 1.0)
    rate = per_category("commission")[world.products.category[product]] * style[creator]
    rate = np.round(np.clip(usual(intents["commission_rate"].to_numpy(), rate), 0.01, 0.8), 2)
    paid_for = (creator >= 0) & (intents["is_sample"].to_numpy() == 0)
    click = log_normal(rng, CLICK_MEDIAN_SECONDS[channel], 1.1, count)
    click = np.where(chance(rng, ONE_TAP_SHARE, count), rng.uniform(1.0, 6.0, count), click)
    is_typed = (channel == SHOP_TAB) & chance(rng, 0.3, count)
    click = usual(
        intents["click_seconds"].to_numpy(), np.where(is_typed, np.nan, np.maximum(click, 1.0))
    )
    view_chance = usual(intents["prior_view"].to_numpy(), PRIOR_VIEW[channel])
    return {
        "commission_rate": np.where(paid_for, rate, 0.0),
        "click_seconds": np.round(click, 1),
        "has_prior_view": (rng.random(count) < view_chance).astype(np.int64),
    }


def place(
    world: World, promotions: Promotions, versions: Versions, block: Block, intents: pl.DataFrame
) -> pl.DataFrame:
    """Orders of a block's intents inside the period, by time; behaviour columns travel along."""
    settings = world.settings
    inside = pl.col("at").is_between(settings.start_s, settings.end_s, closed="left")
    requests = intents.filter(inside).sort("at", maintain_order=True)
    counter = Counter(world, promotions, versions, stream(settings.seed, block.name("commerce")))
    product = requests["product"].to_numpy()
    merchant = world.products.merchant[product]
    market = world.merchants.market[merchant]
    payment = _payment(counter, requests)
    columns = {
        "merchant": merchant,
        "market": market,
        "category": world.products.category[product],
        "usd_per_unit": per_market("usd_per_unit")[market],
        **_identifiers(counter, requests),
        **_money(counter, requests, market),
        **{
            name: np.where(values < settings.end_s, values, NEVER)
            for name, values in payment.items()
        },
        **_promotion(counter, requests),
        **_checkout(counter, requests),
    }
    return requests.with_columns(**{name: pl.Series(values) for name, values in columns.items()})
