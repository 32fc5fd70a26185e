"""Honest demand: who orders what, when and through which channel.

Buyers are drawn among the accounts that exist at that moment, shops and creators
by heavy-tailed weights, time by growth, week, payday and local hour. What holds
for the whole period is worked out once (`build`), the orders block by block.
"""

import numpy as np
import polars as pl

from sample_data.actors.programme import Programme, hour_of_day
from sample_data.actors.promotions import Promotions, seller_voucher_of
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import AFFILIATE, LIVE, SHOP_TAB, VIDEO
from sample_data.kit.randomness import (
    Bools,
    Ints,
    Rng,
    chance,
    pick_weighted,
    stream,
)
from sample_data.kit.settings import DAY
from sample_data.period.channels import (
    DemandPlan,
    Scene,
    affiliate,
    first_orders,
    live,
    shop_tab,
    video,
)
from sample_data.period.order_requests import NONE, intents
from sample_data.period.shopping_habits import (
    day_weights,
    existing_buyers,
    local_at,
    pick_product,
    promoted_merchant,
)

CHANNEL_SHARE = np.array([0.27, 0.21, 0.14, 0.38])  # live, video, affiliate, shop tab
REPEAT_SHARE = 0.16  # of shop-tab orders that go to a shop the buyer keeps coming back to
HAUNTS = 2  # shops each buyer keeps coming back to
# pieces per order, 1 to 12: offices and parties buy by the dozen
QUANTITY = np.array([820, 120, 40, 12, 3, 2, 0.6, 0.6, 0.4, 0.6, 0.2, 0.6])
SAMPLES_PER_CREATOR = 2.5  # mean orders of a creator's own account over the period
FREE_SHARE = 0.7  # of those that are free samples; the rest is bought through the own link
SURPLUS = 1.25  # drawn before impossible orders (unlisted product) are dropped


def build(world: World, promotions: Promotions, count: int) -> DemandPlan:
    """Honest demand of about `count` orders, never more."""
    own = samples(stream(world.settings.seed, "creator samples"), world)
    return DemandPlan(
        count=max(0, count - own.height),
        day_weight=day_weights(world),
        seller_voucher=seller_voucher_of(promotions, len(world.merchants.market)),
        early=first_orders(stream(world.settings.seed, "first orders"), world),
        own=own,
    )


def _haunt(world: World, market: Ints, buyer: Ints, which: Ints) -> Ints:
    """A shop that a buyer keeps coming back to: a fixed quantile per account, no memory needed."""
    quantile = np.modf((buyer * HAUNTS + which + 1) * 0.6180339887498949)[0]
    return local_at(world, market, quantile)


def _within(rows: pl.DataFrame, block: Block) -> pl.DataFrame:
    return rows.filter(pl.col("at").is_between(block.start_s, block.end_s, closed="left"))


def samples(rng: Rng, world: World) -> pl.DataFrame:
    """Free samples to creators, and what they buy through their own link: honest T4 look-alikes."""
    settings, creators = world.settings, world.creators
    established = np.flatnonzero(
        (creators.account >= 0) & (creators.registered_at < settings.start_s)
    )
    creator = np.repeat(established, rng.poisson(SAMPLES_PER_CREATOR, len(established)))
    count, market = len(creator), creators.market[creator]
    day = pick_weighted(rng, day_weights(world), count)
    at = (settings.start_s + day * DAY + hour_of_day(rng, market)).astype(np.int64)
    product = pick_product(rng, world, promoted_merchant(rng, world, creator))
    is_listed = _on_sale(world, product, at)
    return intents(
        at=at[is_listed],
        buyer=creators.account[creator][is_listed],
        product=product[is_listed],
        creator=creator[is_listed],
        channel=AFFILIATE,
        is_sample=chance(rng, FREE_SHARE, count)[is_listed].astype(np.int64),
    )


def _with_buyers(scene: Scene, requests: pl.DataFrame) -> pl.DataFrame:
    """Requests with somebody behind each; some go to the shops they always go to."""
    rng = scene.rng
    at, market, fixed_buyer = (requests[name].to_numpy() for name in ("at", "market", "buyer"))
    anybody = existing_buyers(rng, scene.world, market, at)
    buyer = np.where(fixed_buyer == NONE, anybody, fixed_buyer)
    again = (requests["channel"].to_numpy() == SHOP_TAB) & chance(rng, REPEAT_SHARE, len(at))
    which = rng.integers(0, HAUNTS, len(at))
    haunt = _haunt(scene.world, market, buyer, which)
    merchant = np.where(again, haunt, requests["merchant"].to_numpy())
    return requests.with_columns(
        buyer=pl.Series(buyer),
        merchant=pl.Series(merchant),
        product=pl.Series(pick_product(rng, scene.world, merchant)),
    )


def _offers(scene: Scene, promotions: Promotions, orders: pl.DataFrame) -> Ints:
    """The voucher each order would use, -1 for none; minimum spend is checked by commerce."""
    at, market, buyer = (orders[name].to_numpy() for name in ("at", "market", "buyer"))
    count = len(at)
    new = at - scene.world.buyers.registered_at[buyer] < 7 * DAY
    appetite = scene.rng.random(count)
    own = scene.plan.seller_voucher[scene.world.products.merchant[orders["product"].to_numpy()]]
    choice = np.where(appetite < 0.12, own, NONE)
    use = {"new_buyer": new & (appetite < 0.42), "platform": appetite < 0.30}
    use["shipping"] = (appetite > 0.90) & ~new
    last = int(at.max(initial=0))
    for position, voucher in enumerate(promotions.vouchers):
        overlaps = voucher.starts <= last and voucher.ends > scene.block.start_s
        if voucher.kind not in use or not overlaps:
            continue
        open_now = (market == voucher.market) & (at >= voucher.starts) & (at < voucher.ends)
        choice = np.where(open_now & use[voucher.kind] & (choice == NONE), position, choice)
    return choice.astype(np.int64)


def _on_sale(world: World, product: Ints, at: Ints) -> Bools:
    """Listings that can be bought at an instant: listed, not retired, in a shop that is open."""
    removed_at = world.products.removed_at[product]
    closed_at = world.merchants.closed_at[world.products.merchant[product]]
    still: Bools = ((removed_at < 0) | (at < removed_at)) & ((closed_at < 0) | (at < closed_at))
    return still & (world.products.listed_at[product] <= at)


def _sellable(world: World, orders: pl.DataFrame) -> Bools:
    """Orders that can be: the listing on sale, creator and account known before."""
    at, buyer, product = (orders[name].to_numpy() for name in ("at", "buyer", "product"))
    on_sale = _on_sale(world, product, at)
    creator = orders["creator"].to_numpy()
    creator_exists = (creator == NONE) | (world.creators.registered_at[creator] < at)
    possible: Bools = (
        on_sale & creator_exists & (buyer >= 0) & (world.buyers.registered_at[buyer] < at)
    )
    return possible


def _share_of_block(plan: DemandPlan, block: Block) -> int:
    """Honest orders of the block; the blocks of a period add up to the plan."""
    total = np.concatenate(([0.0], np.cumsum(plan.day_weight)))
    edge = np.rint(plan.count * total / total[-1])
    return int(edge[block.first_day + block.days] - edge[block.first_day])


def organic(
    plan: DemandPlan, world: World, programme: Programme, promotions: Promotions, block: Block
) -> pl.DataFrame:
    """Honest order intents of one block."""
    scene = Scene(stream(world.settings.seed, block.name("demand")), world, programme, plan, block)
    rng, count = scene.rng, _share_of_block(plan, block)
    first = _within(plan.early, block)
    rest = max(0, int(count * SURPLUS) - first.height)
    share = (CHANNEL_SHARE * rest).astype(np.int64)
    parts = [
        live(scene, int(share[LIVE])),
        video(scene, int(share[VIDEO])),
        affiliate(scene, int(share[AFFILIATE])),
        shop_tab(scene, int(share[SHOP_TAB])),
    ]
    requests = pl.concat([*(pl.DataFrame(vars(part)) for part in parts), first])
    requests = requests.filter(pl.col("at") < world.settings.end_s)
    orders = _with_buyers(scene, requests)
    orders = orders.filter(pl.Series(_sellable(world, orders)))
    rows = np.sort(rng.choice(orders.height, size=min(count, orders.height), replace=False))
    orders = orders[rows]
    voucher = _offers(scene, promotions, orders)
    columns = ("at", "buyer", "product", "channel", "creator", "session", "video")
    references = {name: orders[name].to_numpy() for name in columns}
    quantity = 1 + pick_weighted(rng, QUANTITY, orders.height)
    honest = intents(**references, quantity=quantity, voucher=voucher)
    return pl.concat((honest, _within(plan.own, block)))
