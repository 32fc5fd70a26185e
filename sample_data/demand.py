"""Honest demand: who orders what, when and through which channel.

Buyers are drawn among the accounts that exist at that moment, shops and creators
by heavy-tailed weights, time by growth, week, payday and local hour. What holds
for the whole period is worked out once (`plan`), the orders block by block.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from sample_data.blocks import Block
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
REPEAT_SHARE = 0.16  # of shop-tab orders that go to a shop the buyer keeps coming back to
HAUNTS = 2  # shops each buyer keeps coming back to
QUANTITY = np.array([0.82, 0.12, 0.04, 0.02])  # pieces per order, 1 to 4
SAMPLES_PER_CREATOR = 2.5  # mean orders of a creator's own account over the period
FREE_SHARE = 0.7  # of those that are free samples; the rest is bought through the own link
SURPLUS = 1.25  # drawn before impossible orders (unlisted product) are dropped
DISCOVERY_DAYS, DISCOVERY_SIGMA = 1.8, 0.9  # video to order: median days and spread of the log
DISCOVERY_LAST = 20.0  # days after which a video sells nothing


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


@dataclass(frozen=True)
class Plan:
    """What honest demand knows about the whole period."""

    count: int  # honest orders wanted
    day_weight: Floats
    seller_voucher: Ints  # of each shop
    early: pl.DataFrame  # first orders of new accounts, as requests
    own: pl.DataFrame  # intents of creators' own accounts


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


def plan(world: World, promotions: Promotions, count: int) -> Plan:
    """Honest demand of about `count` orders, never more."""
    own = samples(stream(world.settings.seed, "creator samples"), world)
    return Plan(
        count=max(0, count - own.height),
        day_weight=day_weights(world),
        seller_voucher=seller_voucher_of(promotions, len(world.merchants.market)),
        early=_first_orders(stream(world.settings.seed, "first orders"), world),
        own=own,
    )


def _any_time(rng: Rng, planned: Plan, block: Block, market: Ints) -> Ints:
    weight = planned.day_weight[block.first_day : block.first_day + block.days]
    day = pick_weighted(rng, weight, len(market))
    return (block.start_s + day * DAY + hour_of_day(rng, market)).astype(np.int64)


def local_shop(rng: Rng, world: World, market: Ints) -> Ints:
    """A shop of each row's market by weight."""
    return _local(world, market, rng.random(len(market)))


def _local(world: World, market: Ints, draw: Floats) -> Ints:
    """The shop of each row's market at a quantile of the shops' weight."""
    shop = np.zeros(len(market), dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, (here, total) = np.flatnonzero(market == code), world.shops(code)
        shop[rows] = here[np.searchsorted(total, draw[rows] * total[-1], side="right")]
    return shop


def _haunt(world: World, market: Ints, buyer: Ints, which: Ints) -> Ints:
    """A shop that a buyer keeps coming back to: a fixed quantile per account, no memory needed."""
    quantile = np.modf((buyer * HAUNTS + which + 1) * 0.6180339887498949)[0]
    return _local(world, market, quantile)


def _promoted_shop(rng: Rng, world: World, creator: Ints) -> Ints:
    return world.creators.shops[creator, rng.integers(0, PROMOTED_SHOPS, len(creator))]


def _request(at: Ints, market: Ints, merchant: Ints, channel: int, **known: Ints) -> Request:
    empty = np.full(len(at), NONE, dtype=np.int64)
    links = {name: known.get(name, empty) for name in ("creator", "session", "video", "buyer")}
    return Request(at, market, merchant, np.full(len(at), channel, dtype=np.int64), **links)


@dataclass(frozen=True)
class Scene:
    """One block's honest demand: what it draws from."""

    rng: Rng
    world: World
    stage: Stage
    planned: Plan
    block: Block


def _shop_tab(scene: Scene, count: int) -> Request:
    rng = scene.rng
    market = pick_weighted(rng, per_market("share"), count)
    shop = local_shop(rng, scene.world, market)
    return _request(_any_time(rng, scene.planned, scene.block, market), market, shop, SHOP_TAB)


def _affiliate(scene: Scene, count: int) -> Request:
    rng, world = scene.rng, scene.world
    creator = pick_weighted(rng, world.creators.weight**0.8, count)
    market = world.creators.market[creator]
    at = _any_time(rng, scene.planned, scene.block, market)
    return _request(at, market, _promoted_shop(rng, world, creator), AFFILIATE, creator=creator)


def _live(scene: Scene, count: int) -> Request:
    """Orders of the sessions that begin in the block, also after its last midnight."""
    rng, world, sessions = scene.rng, scene.world, scene.stage.sessions
    start = sessions["start"].to_numpy()
    here = np.flatnonzero((start >= scene.block.start_s) & (start < scene.block.end_s))
    if here.size == 0:
        return _shop_tab(scene, count)
    session = here[pick_weighted(rng, sessions["pull"].to_numpy()[here], count)].astype(np.int64)
    creator, begin = sessions["creator"].to_numpy()[session], start[session]
    end = sessions["end"].to_numpy()[session]
    at = (begin + (end - begin) * rng.beta(1.7, 1.5, count)).astype(np.int64)
    slot = sessions["merchant"].to_numpy()[session]
    own = (slot >= 0) & chance(rng, 0.7, count)
    shop = np.where(own, slot, _promoted_shop(rng, world, creator))
    market = world.creators.market[creator]
    return _request(at, market, shop, LIVE, creator=creator, session=session)


def _age_quantile(seconds: Floats | Ints) -> Floats:
    """Share of a video's orders that have come when it is so old."""
    days = np.clip(np.asarray(seconds) / DAY, 1e-3, DISCOVERY_LAST)
    quantile: Floats = ndtr(np.log(days / DISCOVERY_DAYS) / DISCOVERY_SIGMA)
    return quantile


def _video(scene: Scene, count: int) -> Request:
    """Orders of the videos still watched in the block, each at an age it sells at."""
    rng, world, block, videos = scene.rng, scene.world, scene.block, scene.stage.videos
    published = videos["published"].to_numpy()
    oldest = block.start_s - int(DISCOVERY_LAST * DAY)
    here = np.flatnonzero((published >= oldest) & (published < block.end_s - DAY // 12))
    if here.size == 0:
        return _shop_tab(scene, count)
    low = _age_quantile(block.start_s - published[here])
    high = _age_quantile(block.end_s - published[here])
    weight = videos["pull"].to_numpy()[here] * np.maximum(high - low, 0.0)
    drawn = pick_weighted(rng, weight, count)
    video = here[drawn].astype(np.int64)
    quantile = low[drawn] + rng.random(count) * (high[drawn] - low[drawn])
    age = DISCOVERY_DAYS * np.exp(DISCOVERY_SIGMA * ndtri(quantile)) * DAY
    creator = videos["creator"].to_numpy()[video]
    market = world.creators.market[creator]
    day = ((published[video] + age) // DAY * DAY).astype(np.int64)
    at = (np.clip(day, block.start_s, block.end_s - DAY) + hour_of_day(rng, market)).astype(
        np.int64
    )
    at = np.maximum(at, published[video] + HOUR)
    shop = _promoted_shop(rng, world, creator)
    return _request(at, market, shop, VIDEO, creator=creator, video=video)


def _first_orders(rng: Rng, world: World) -> pl.DataFrame:
    """New accounts are usually opened in order to buy something."""
    buyers, settings = world.buyers, world.settings
    new = (buyers.registered >= settings.start_s) & (buyers.weight > 0)
    buyer = np.flatnonzero(new & chance(rng, FIRST_ORDER_SHARE, len(buyers))).astype(np.int64)
    wait = log_normal(rng, 3.0, 1.8, len(buyer)) * HOUR + 90.0
    market = buyers.market[buyer]
    at = (buyers.registered[buyer] + wait).astype(np.int64)
    request = _request(at, market, local_shop(rng, world, market), SHOP_TAB, buyer=buyer)
    return pl.DataFrame(vars(request)).sort("at", maintain_order=True)


def _within(rows: pl.DataFrame, block: Block) -> pl.DataFrame:
    return rows.filter(pl.col("at").is_between(block.start_s, block.end_s, closed="left"))


def samples(rng: Rng, world: World) -> pl.DataFrame:
    """Free samples to creators, and what they buy through their own link: honest T4 look-alikes."""
    settings, creators = world.settings, world.creators
    known = np.flatnonzero((creators.account >= 0) & (creators.registered < settings.start_s))
    creator = np.repeat(known, rng.poisson(SAMPLES_PER_CREATOR, len(known)))
    count, market = len(creator), creators.market[creator]
    day = pick_weighted(rng, day_weights(world), count)
    at = (settings.start_s + day * DAY + hour_of_day(rng, market)).astype(np.int64)
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
    for code in range(len(MARKETS)):
        rows, crowd = np.flatnonzero(market == code), world.crowd(code)
        known = np.searchsorted(crowd.registered, at[rows], side="left")
        draw = rng.random(rows.size) * crowd.total[known]
        position = np.minimum(np.searchsorted(crowd.total, draw, side="right") - 1, known - 1)
        found[rows] = np.where(known > 0, crowd.account[position], NONE)
    return found


def _populated(scene: Scene, requests: pl.DataFrame) -> pl.DataFrame:
    """Requests with somebody behind each; some go to the shops they always go to."""
    rng = scene.rng
    at, market, asked = (requests[name].to_numpy() for name in ("at", "market", "buyer"))
    anybody = existing_buyers(rng, scene.world, market, at)
    buyer = np.where(asked == NONE, anybody, asked)
    again = (requests["channel"].to_numpy() == SHOP_TAB) & chance(rng, REPEAT_SHARE, len(at))
    which = rng.integers(0, HAUNTS, len(at))
    haunt = _haunt(scene.world, market, buyer, which)
    merchant = np.where(again, haunt, requests["merchant"].to_numpy())
    return requests.with_columns(
        buyer=pl.Series(buyer),
        merchant=pl.Series(merchant),
        product=pl.Series(pick_product(rng, scene.world, merchant)),
    )


def pick_product(rng: Rng, world: World, merchant: Ints) -> Ints:
    """A listing of each row's shop; its first listings sell best."""
    count = world.merchants.product_count[merchant]
    return world.merchants.first_product[merchant] + (
        count * rng.random(len(merchant)) ** 2.2
    ).astype(np.int64)


def _offers(scene: Scene, promotions: Promotions, orders: pl.DataFrame) -> Ints:
    """The voucher each order would use, -1 for none; minimum spend is checked by commerce."""
    at, market, buyer = (orders[name].to_numpy() for name in ("at", "market", "buyer"))
    count = len(at)
    new = at - scene.world.buyers.registered[buyer] < 7 * DAY
    appetite = scene.rng.random(count)
    own = scene.planned.seller_voucher[scene.world.products.merchant[orders["product"].to_numpy()]]
    chosen = np.where(appetite < 0.12, own, NONE)
    use = {"new_buyer": new & (appetite < 0.42), "platform": appetite < 0.30}
    use["shipping"] = (appetite > 0.90) & ~new
    last = int(at.max(initial=0))
    for position, voucher in enumerate(promotions.vouchers):
        overlaps = voucher.starts <= last and voucher.ends > scene.block.start_s
        if voucher.kind not in use or not overlaps:
            continue
        open_now = (market == voucher.market) & (at >= voucher.starts) & (at < voucher.ends)
        chosen = np.where(open_now & use[voucher.kind] & (chosen == NONE), position, chosen)
    return chosen.astype(np.int64)


def _sellable(world: World, orders: pl.DataFrame) -> Bools:
    """Orders that can be: the listing on sale, creator and account known before."""
    at, buyer, product = (orders[name].to_numpy() for name in ("at", "buyer", "product"))
    listed = world.products.listed[product] <= at
    gone = world.products.removed[product]
    closed = world.merchants.closed[world.products.merchant[product]]
    on_sale = ((gone < 0) | (at < gone)) & ((closed < 0) | (at < closed))
    creator = orders["creator"].to_numpy()
    promoted = (creator == NONE) | (world.creators.registered[creator] < at)
    known: Bools = (
        listed & on_sale & promoted & (buyer >= 0) & (world.buyers.registered[buyer] < at)
    )
    return known


def _share_of_block(planned: Plan, block: Block) -> int:
    """Honest orders of the block; the blocks of a period add up to the plan."""
    total = np.concatenate(([0.0], np.cumsum(planned.day_weight)))
    edge = np.rint(planned.count * total / total[-1])
    return int(edge[block.first_day + block.days] - edge[block.first_day])


def organic(
    world: World, stage: Stage, promotions: Promotions, planned: Plan, block: Block
) -> pl.DataFrame:
    """Honest order intents of one block."""
    scene = Scene(stream(world.settings.seed, block.name("demand")), world, stage, planned, block)
    rng, count = scene.rng, _share_of_block(planned, block)
    first = _within(planned.early, block)
    rest = max(0, int(count * SURPLUS) - first.height)
    share = (CHANNEL_SHARE * rest).astype(np.int64)
    parts = [
        _live(scene, int(share[LIVE])),
        _video(scene, int(share[VIDEO])),
        _affiliate(scene, int(share[AFFILIATE])),
        _shop_tab(scene, int(share[SHOP_TAB])),
    ]
    requests = pl.concat([*(pl.DataFrame(vars(part)) for part in parts), first])
    requests = requests.filter(pl.col("at") < world.settings.end_s)
    orders = _populated(scene, requests)
    orders = orders.filter(pl.Series(_sellable(world, orders)))
    kept = np.sort(rng.choice(orders.height, size=min(count, orders.height), replace=False))
    orders = orders[kept]
    voucher = _offers(scene, promotions, orders)
    columns = ("at", "buyer", "product", "channel", "creator", "session", "video")
    chosen = {name: orders[name].to_numpy() for name in columns}
    quantity = 1 + pick_weighted(rng, QUANTITY, orders.height)
    wanted = intents(**chosen, quantity=quantity, voucher=voucher)
    return pl.concat((wanted, _within(planned.own, block)))


def everyday_orders(rng: Rng, world: World, buyer: Ints, span: tuple[int, int]) -> pl.DataFrame:
    """Ordinary shop-tab orders of given accounts at random moments of a span."""
    market = world.buyers.market[buyer]
    first = np.maximum(span[0], world.buyers.registered[buyer] + HOUR)
    room = np.maximum(span[1] - first, HOUR)
    day = (first + rng.random(len(buyer)) * room).astype(np.int64) // DAY * DAY
    at = np.maximum((day + hour_of_day(rng, market)).astype(np.int64), first)
    product = pick_product(rng, world, local_shop(rng, world, market))
    able = (world.products.listed[product] <= at) & (at < world.settings.end_s)
    return intents(at=at[able], buyer=buyer[able], product=product[able])
