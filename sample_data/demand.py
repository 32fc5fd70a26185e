"""Honest demand: who orders what, when and through which channel.

Buyers are drawn among the accounts that exist at that moment, shops and creators
by heavy-tailed weights, time by growth, week, payday and local hour.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from sample_data.intents import NONE, intents
from sample_data.markets import AFFILIATE, LIVE, MARKETS, SHOP_TAB, VIDEO, per_market
from sample_data.promotions import Promotions, paydays, seller_voucher_of
from sample_data.randomness import (
    Bools,
    Floats,
    Ints,
    Rng,
    chance,
    log_normal,
    pick_weighted,
    stream,
)
from sample_data.settings import DAY, HOUR
from sample_data.stage import Stage, hour_of_day
from sample_data.world import PROMOTED_SHOPS, World

CHANNEL_SHARE = np.array([0.27, 0.21, 0.14, 0.38])  # live, video, affiliate, shop tab
GROWTH = 0.35  # more orders on the last day than on the first
WEEKDAY = np.array([0.95, 0.93, 0.95, 0.98, 1.06, 1.12, 1.08])  # Monday first
PAYDAY_LIFT, DOUBLE_DATE_LIFT = 1.25, 1.6  # 25th to 27th; 6/6, 7/7, 8/8 ...
FIRST_ORDER_SHARE = 0.75  # of accounts opened in the period that buy at once
REPEAT_SHARE = 0.16  # of shop-tab orders that come back to a shop they know
QUANTITY = np.array([0.82, 0.12, 0.04, 0.02])  # pieces per order, 1 to 4
SAMPLES_PER_CREATOR = 2.5  # mean orders of a creator's own account over the period
FREE_SHARE = 0.7  # of those that are free samples; the rest is bought through the own link
SURPLUS = 1.25  # drawn before impossible orders (unlisted product) are dropped


@dataclass(frozen=True)
class Request:
    """Columns of orders on their way to an intent."""

    at: Ints
    market: Ints
    merchant: Ints
    channel: Ints
    creator: Ints
    session: Ints
    video: Ints
    buyer: Ints  # NONE = anybody


def day_weights(world: World) -> Floats:
    """Relative demand of each day of the period."""
    settings = world.settings
    days = np.arange(settings.days)
    weekday = WEEKDAY[(days + settings.start.weekday()) % 7]
    weight: Floats = (1.0 + GROWTH * days / settings.days) * weekday
    for payday in paydays(settings):
        first = (payday - settings.start_s) // DAY
        weight[first : first + 3] *= PAYDAY_LIFT
    for day in days:
        date = datetime.fromtimestamp(settings.day_s(float(day)), UTC)
        weight[day] *= DOUBLE_DATE_LIFT if date.day == date.month else 1.0
    return weight


def _any_time(rng: Rng, world: World, market: Ints) -> Ints:
    day = pick_weighted(rng, day_weights(world), len(market))
    return (world.settings.start_s + day * DAY + hour_of_day(rng, market)).astype(np.int64)


def local_shop(rng: Rng, world: World, market: Ints) -> Ints:
    """A shop of each row's market by weight."""
    shop = np.zeros(len(market), dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, here = np.flatnonzero(market == code), np.flatnonzero(world.merchants.market == code)
        shop[rows] = here[pick_weighted(rng, world.merchants.weight[here], rows.size)]
    return shop


def _promoted_shop(rng: Rng, world: World, creator: Ints) -> Ints:
    return world.creators.shops[creator, rng.integers(0, PROMOTED_SHOPS, len(creator))]


def _request(at: Ints, market: Ints, merchant: Ints, channel: int, **known: Ints) -> Request:
    empty = np.full(len(at), NONE, dtype=np.int64)
    links = {name: known.get(name, empty) for name in ("creator", "session", "video", "buyer")}
    return Request(at, market, merchant, np.full(len(at), channel, dtype=np.int64), **links)


def _shop_tab(rng: Rng, world: World, count: int) -> Request:
    market = pick_weighted(rng, per_market("share"), count)
    return _request(_any_time(rng, world, market), market, local_shop(rng, world, market), SHOP_TAB)


def _affiliate(rng: Rng, world: World, count: int) -> Request:
    creator = pick_weighted(rng, world.creators.weight**0.8, count)
    market = world.creators.market[creator]
    at = _any_time(rng, world, market)
    shop = _promoted_shop(rng, world, creator)
    return _request(at, market, shop, AFFILIATE, creator=creator)


def _live(rng: Rng, world: World, stage: Stage, count: int) -> Request:
    sessions = stage.sessions
    session = pick_weighted(rng, sessions["pull"].to_numpy(), count)
    creator = sessions["creator"].to_numpy()[session]
    start, end = sessions["start"].to_numpy()[session], sessions["end"].to_numpy()[session]
    at = (start + (end - start) * rng.beta(1.7, 1.5, count)).astype(np.int64)
    slot = sessions["merchant"].to_numpy()[session]
    own = (slot >= 0) & chance(rng, 0.7, count)
    shop = np.where(own, slot, _promoted_shop(rng, world, creator))
    market = world.creators.market[creator]
    return _request(at, market, shop, LIVE, creator=creator, session=session)


def _video(rng: Rng, world: World, stage: Stage, count: int) -> Request:
    video = pick_weighted(rng, stage.videos["pull"].to_numpy(), count)
    creator = stage.videos["creator"].to_numpy()[video]
    published = stage.videos["published"].to_numpy()[video]
    market = world.creators.market[creator]
    seen = published + (log_normal(rng, 1.8, 0.9, count) * DAY).astype(np.int64)
    at = (seen // DAY * DAY + hour_of_day(rng, market)).astype(np.int64)
    at = np.maximum(at, published + HOUR)
    shop = _promoted_shop(rng, world, creator)
    return _request(at, market, shop, VIDEO, creator=creator, video=video)


def _first_orders(rng: Rng, world: World) -> Request:
    """New accounts are usually opened in order to buy something."""
    buyers, settings = world.buyers, world.settings
    new = (buyers.registered >= settings.start_s) & (buyers.weight > 0)
    buyer = np.flatnonzero(new & chance(rng, FIRST_ORDER_SHARE, len(buyers)))
    wait = log_normal(rng, 3.0, 1.8, len(buyer)) * HOUR + 90.0
    market = buyers.market[buyer]
    at = (buyers.registered[buyer] + wait).astype(np.int64)
    return _request(at, market, local_shop(rng, world, market), SHOP_TAB, buyer=buyer)


def samples(rng: Rng, world: World) -> pl.DataFrame:
    """Free samples to creators, and what they buy through their own link: honest T4 look-alikes."""
    settings, creators = world.settings, world.creators
    known = np.flatnonzero((creators.account >= 0) & (creators.registered < settings.start_s))
    creator = np.repeat(known, rng.poisson(SAMPLES_PER_CREATOR, len(known)))
    count, market = len(creator), creators.market[creator]
    at = _any_time(rng, world, market)
    product = pick_product(rng, world, _promoted_shop(rng, world, creator))
    listed = world.products.listed[product] <= at
    return intents(
        at=at[listed],
        buyer=creators.account[creator][listed],
        product=product[listed],
        creator=creator[listed],
        channel=AFFILIATE,
        is_sample=chance(rng, FREE_SHARE, count)[listed].astype(np.int64),
    )


def existing_buyers(rng: Rng, world: World, market: Ints, at: Ints) -> Ints:
    """An account of each row's market that exists at that moment, active ones more often."""
    found = np.full(len(at), NONE, dtype=np.int64)
    buyers = world.buyers
    for code in range(len(MARKETS)):
        rows, here = np.flatnonzero(market == code), np.flatnonzero(buyers.market == code)
        here = here[np.argsort(buyers.registered[here], kind="stable")]
        total = np.concatenate(([0.0], np.cumsum(buyers.weight[here])))
        known = np.searchsorted(buyers.registered[here], at[rows], side="left")
        position = np.searchsorted(total, rng.random(rows.size) * total[known], side="right") - 1
        position = np.minimum(position, known - 1)
        found[rows] = np.where(known > 0, here[position], NONE)
    return found


def _come_back(rng: Rng, request: pl.DataFrame) -> pl.DataFrame:
    """Some shop-tab orders repeat the buyer and shop of an earlier order of the market."""
    merchant, buyer = request["merchant"].to_numpy().copy(), request["buyer"].to_numpy().copy()
    market, channel = request["market"].to_numpy(), request["channel"].to_numpy()
    for code in range(len(MARKETS)):
        rows = np.flatnonzero(market == code)
        again = (channel[rows] == SHOP_TAB) & chance(rng, REPEAT_SHARE, rows.size)
        later = np.flatnonzero(again)
        earlier = (later * rng.random(later.size) ** 0.5).astype(np.int64)
        merchant[rows[later]], buyer[rows[later]] = merchant[rows[earlier]], buyer[rows[earlier]]
    return request.with_columns(merchant=pl.Series(merchant), buyer=pl.Series(buyer))


def _joined(world: World, rng: Rng, parts: list[Request]) -> pl.DataFrame:
    requests = pl.concat([pl.DataFrame(vars(part)) for part in parts])
    inside = pl.col("at").is_between(world.settings.start_s, world.settings.end_s, closed="left")
    requests = requests.filter(inside).sort("at", maintain_order=True)
    anybody = existing_buyers(rng, world, requests["market"].to_numpy(), requests["at"].to_numpy())
    buyer = np.where(requests["buyer"].to_numpy() == NONE, anybody, requests["buyer"].to_numpy())
    return _come_back(rng, requests.with_columns(buyer=pl.Series(buyer)))


def pick_product(rng: Rng, world: World, merchant: Ints) -> Ints:
    """A listing of each row's shop; its first listings sell best."""
    count = world.merchants.product_count[merchant]
    return world.merchants.first_product[merchant] + (
        count * rng.random(len(merchant)) ** 2.2
    ).astype(np.int64)


def _offers(rng: Rng, world: World, promotions: Promotions, orders: pl.DataFrame) -> Ints:
    """The voucher each order would use, -1 for none; minimum spend is checked by commerce."""
    at, market, buyer = (orders[name].to_numpy() for name in ("at", "market", "buyer"))
    count = len(at)
    new = at - world.buyers.registered[buyer] < 7 * DAY
    appetite = rng.random(count)
    own = seller_voucher_of(promotions, len(world.merchants.market))[orders["merchant"].to_numpy()]
    chosen = np.where(appetite < 0.12, own, NONE)
    use = {"new_buyer": new & (appetite < 0.42), "platform": appetite < 0.30}
    use["shipping"] = (appetite > 0.90) & ~new
    for position, voucher in enumerate(promotions.vouchers):
        if voucher.kind not in use:
            continue
        open_now = (market == voucher.market) & (at >= voucher.starts) & (at < voucher.ends)
        chosen = np.where(open_now & use[voucher.kind] & (chosen == NONE), position, chosen)
    return chosen.astype(np.int64)


def _sellable(world: World, orders: pl.DataFrame) -> Bools:
    at, buyer, product = (orders[name].to_numpy() for name in ("at", "buyer", "product"))
    listed = world.products.listed[product] <= at
    creator = orders["creator"].to_numpy()
    promoted = (creator == NONE) | (world.creators.registered[creator] < at)
    known: Bools = listed & promoted & (buyer >= 0) & (world.buyers.registered[buyer] < at)
    return known


def organic(world: World, stage: Stage, promotions: Promotions, count: int) -> pl.DataFrame:
    """About `count` honest order intents, never more."""
    rng = stream(world.settings.seed, "demand")
    own = samples(rng, world)
    count = max(0, count - own.height)
    first = _first_orders(rng, world)
    rest = max(0, int(count * SURPLUS) - len(first.at))
    share = (CHANNEL_SHARE * rest).astype(np.int64)
    parts = [
        _live(rng, world, stage, int(share[LIVE])),
        _video(rng, world, stage, int(share[VIDEO])),
        _affiliate(rng, world, int(share[AFFILIATE])),
        _shop_tab(rng, world, int(share[SHOP_TAB])),
        first,
    ]
    orders = _joined(world, rng, parts)
    orders = orders.with_columns(
        product=pl.Series(pick_product(rng, world, orders["merchant"].to_numpy()))
    )
    orders = orders.filter(pl.Series(_sellable(world, orders)))
    kept = np.sort(rng.choice(orders.height, size=min(count, orders.height), replace=False))
    orders = orders[kept]
    voucher = _offers(rng, world, promotions, orders)
    columns = ("at", "buyer", "product", "channel", "creator", "session", "video")
    chosen = {name: orders[name].to_numpy() for name in columns}
    quantity = 1 + pick_weighted(rng, QUANTITY, orders.height)
    return pl.concat((intents(**chosen, quantity=quantity, voucher=voucher), own))
