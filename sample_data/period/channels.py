"""How an order comes about, channel by channel: at a session, a video, a link or the shop tab."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from sample_data.actors.programme import Programme, hour_of_day
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import AFFILIATE, LIVE, SHOP_TAB, VIDEO, per_market
from sample_data.kit.randomness import Floats, Ints, Rng, chance, log_normal, pick_weighted
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import NONE
from sample_data.period.shopping_habits import local_merchant, promoted_merchant

DISCOVERY_DAYS, DISCOVERY_SIGMA = 1.8, 0.9  # video to order: median days and spread of the log
DISCOVERY_LAST = 20.0  # days after which a video sells nothing
FIRST_ORDER_SHARE = 0.75  # of accounts opened in the period that buy at once


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
class DemandPlan:
    """What honest demand knows about the whole period."""

    count: int  # honest orders wanted
    day_weight: Floats
    seller_voucher: Ints  # of each shop
    early: pl.DataFrame  # first orders of new accounts, as requests
    own: pl.DataFrame  # intents of creators' own accounts


@dataclass(frozen=True)
class Scene:
    """One block's honest demand: what it draws from."""

    rng: Rng
    world: World
    programme: Programme
    plan: DemandPlan
    block: Block


def _any_time(rng: Rng, plan: DemandPlan, block: Block, market: Ints) -> Ints:
    weight = plan.day_weight[block.first_day : block.first_day + block.days]
    day = pick_weighted(rng, weight, len(market))
    return (block.start_s + day * DAY + hour_of_day(rng, market)).astype(np.int64)


def _request(at: Ints, market: Ints, merchant: Ints, channel: int, **references: Ints) -> Request:
    empty = np.full(len(at), NONE, dtype=np.int64)
    links = {name: references.get(name, empty) for name in ("creator", "session", "video", "buyer")}
    return Request(at, market, merchant, np.full(len(at), channel, dtype=np.int64), **links)


def shop_tab(scene: Scene, count: int) -> Request:
    """Orders from the shop tab, by the weight of the market's shops."""
    rng = scene.rng
    market = pick_weighted(rng, per_market("share"), count)
    merchant = local_merchant(rng, scene.world, market)
    return _request(_any_time(rng, scene.plan, scene.block, market), market, merchant, SHOP_TAB)


def affiliate(scene: Scene, count: int) -> Request:
    """Orders through the link of a creator, at one of their shops."""
    rng, world = scene.rng, scene.world
    creator = pick_weighted(rng, world.creators.weight**0.8, count)
    market = world.creators.market[creator]
    at = _any_time(rng, scene.plan, scene.block, market)
    return _request(at, market, promoted_merchant(rng, world, creator), AFFILIATE, creator=creator)


def live(scene: Scene, count: int) -> Request:
    """Orders of the sessions that begin in the block, also after its last midnight."""
    rng, world, sessions = scene.rng, scene.world, scene.programme.sessions
    start = sessions["start"].to_numpy()
    here = np.flatnonzero((start >= scene.block.start_s) & (start < scene.block.end_s))
    if here.size == 0:
        return shop_tab(scene, count)
    session = here[pick_weighted(rng, sessions["pull"].to_numpy()[here], count)].astype(np.int64)
    creator, begin = sessions["creator"].to_numpy()[session], start[session]
    end = sessions["end"].to_numpy()[session]
    at = (begin + (end - begin) * rng.beta(1.7, 1.5, count)).astype(np.int64)
    slot = sessions["merchant"].to_numpy()[session]
    own = (slot >= 0) & chance(rng, 0.7, count)
    merchant = np.where(own, slot, promoted_merchant(rng, world, creator))
    market = world.creators.market[creator]
    return _request(at, market, merchant, LIVE, creator=creator, session=session)


def _age_quantile(seconds: Floats | Ints) -> Floats:
    """Share of a video's orders that have come when it is so old."""
    days = np.clip(np.asarray(seconds) / DAY, 1e-3, DISCOVERY_LAST)
    quantile: Floats = ndtr(np.log(days / DISCOVERY_DAYS) / DISCOVERY_SIGMA)
    return quantile


def video(scene: Scene, count: int) -> Request:
    """Orders of the videos still watched in the block, each at an age it sells at."""
    rng, world, block, videos = scene.rng, scene.world, scene.block, scene.programme.videos
    published_at = videos["published"].to_numpy()
    oldest = block.start_s - int(DISCOVERY_LAST * DAY)
    here = np.flatnonzero((published_at >= oldest) & (published_at < block.end_s - DAY // 12))
    if here.size == 0:
        return shop_tab(scene, count)
    low = _age_quantile(block.start_s - published_at[here])
    high = _age_quantile(block.end_s - published_at[here])
    weight = videos["pull"].to_numpy()[here] * np.maximum(high - low, 0.0)
    pick = pick_weighted(rng, weight, count)
    video = here[pick].astype(np.int64)
    quantile = low[pick] + rng.random(count) * (high[pick] - low[pick])
    age = DISCOVERY_DAYS * np.exp(DISCOVERY_SIGMA * ndtri(quantile)) * DAY
    creator = videos["creator"].to_numpy()[video]
    market = world.creators.market[creator]
    day = ((published_at[video] + age) // DAY * DAY).astype(np.int64)
    at = (np.clip(day, block.start_s, block.end_s - DAY) + hour_of_day(rng, market)).astype(
        np.int64
    )
    at = np.maximum(at, published_at[video] + HOUR)
    merchant = promoted_merchant(rng, world, creator)
    return _request(at, market, merchant, VIDEO, creator=creator, video=video)


def first_orders(rng: Rng, world: World) -> pl.DataFrame:
    """New accounts are usually opened in order to buy something."""
    buyers, settings = world.buyers, world.settings
    new = (buyers.registered_at >= settings.start_s) & (buyers.weight > 0)
    buyer = np.flatnonzero(new & chance(rng, FIRST_ORDER_SHARE, len(buyers))).astype(np.int64)
    wait = log_normal(rng, 3.0, 1.8, len(buyer)) * HOUR + 90.0
    market = buyers.market[buyer]
    at = (buyers.registered_at[buyer] + wait).astype(np.int64)
    request = _request(at, market, local_merchant(rng, world, market), SHOP_TAB, buyer=buyer)
    return pl.DataFrame(vars(request)).sort("at", maintain_order=True)
