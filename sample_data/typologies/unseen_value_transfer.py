"""A pattern nobody has words for: money moves through a tiny shop as absurdly dear stationery.

It stands in no pack and no label: what finds it has to find it without being told.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import NAIVE
from sample_data.kit.markets import AFFILIATE, MARKETS, SHOP_TAB, STATIONERY
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import NONE
from sample_data.planting import ring_tools
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import price_usd, products_of

NAME = "UNSEEN_VALUE_TRANSFER"
VARIANTS = (NAIVE,)
LOSSES = (Loss("platform", "paid", 0.05),)  # assumption: fines and the acquirer's trust


@dataclass(frozen=True)
class Parameters:
    """All figures are assumptions; docs/domain.md §3.5 asks for a pattern that nobody knows."""

    rings: float = 1.0
    most: int = 6  # rings, whatever the size of the world
    merchants: int = 3
    buyers: tuple[int, int] = (36, 46)
    aged_days: int = 180  # accounts long trusted
    merchant_quantile: float = 0.45  # tiny shops
    price_factor: tuple[float, float] = (20.0, 50.0)  # of the listing's price
    price_days: tuple[float, float] = (4.0, 8.0)  # then back to what it was
    local_hours: tuple[float, float] = (2.0, 5.0)
    orders: tuple[int, int] = (1, 3)  # per buyer
    pieces: tuple[int, int] = (2, 5)
    promoted_share: float = 0.35  # of orders that come through a creator's link


PARAMETERS = Parameters()


def _merchants(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """Tiny stationery shops, and other tiny shops where a market has too few."""
    all_merchants, world = plan.world.merchants, plan.world
    here = all_merchants.weight[all_merchants.market == plot.market]
    tiny = float(np.quantile(here, PARAMETERS.merchant_quantile))

    def small(merchant: Ints) -> Bools:
        is_old = all_merchants.registered_at[merchant] < plot.start - 40 * DAY
        ready = is_old & ring_tools.has_stock(world, merchant, plot.start - 3 * DAY)
        fits: Bools = ready & (all_merchants.weight[merchant] < tiny)
        return fits

    def stationery(merchant: Ints) -> Bools:
        fits: Bools = small(merchant) & (all_merchants.category[merchant] == STATIONERY)
        return fits

    merchants = world.claim("merchant", rng, PARAMETERS.merchants, plot.market, stationery)
    more = world.claim("merchant", rng, PARAMETERS.merchants - len(merchants), plot.market, small)
    return np.concatenate((merchants, more))


def _reprice(plan: Plan, rng: Rng, plot: Plot, merchant: int) -> tuple[int, int, int]:
    """The listing that carries the money, and the instants between which it is dear."""
    rows = ring_tools.unchanged_products(
        plan, products_of(plan.world, merchant, plot.start - 2 * DAY)
    )
    product = int(rows[np.argmin(price_usd(plan.world, rows))])
    since = plot.start + int(rng.uniform(0.0, 6.0) * DAY)
    until = since + int(rng.uniform(*PARAMETERS.price_days) * DAY)
    factor = float(rng.uniform(*PARAMETERS.price_factor))
    plan.relist(product, since, price_factor=factor, until=until)
    return product, since, until


def _nights(rng: Rng, plot: Plot, span: tuple[Ints, Ints]) -> Ints:
    """An instant in a local night between two instants, per row."""
    since, until = span
    offset = MARKETS[plot.market].utc_offset_hours * HOUR
    first = (since + offset) // DAY + 1
    nights = np.maximum((until + offset) // DAY - first, 1)
    night = first + (rng.random(len(since)) * nights).astype(np.int64)
    hour = rng.uniform(*PARAMETERS.local_hours, len(since)) * HOUR
    at: Ints = night * DAY - offset + hour.astype(np.int64)
    return at


def _move_money(plan: Plan, rng: Rng, plot: Plot) -> None:
    """One operation: three shops, some forty patient accounts, a creator who points there."""
    world, buyers, creators = plan.world, plan.world.buyers, plan.world.creators
    merchants = _merchants(plan, rng, plot)
    goods, since, until = (
        np.array(column)
        for column in zip(*(_reprice(plan, rng, plot, s) for s in merchants.tolist()), strict=True)
    )
    accounts = world.claim(
        "buyer",
        rng,
        int(rng.integers(PARAMETERS.buyers[0], PARAMETERS.buyers[1] + 1)),
        plot.market,
        lambda who: buyers.registered_at[who] < plot.start - PARAMETERS.aged_days * DAY,
    )
    creator = world.claim(
        "creator",
        rng,
        1,
        plot.market,
        lambda who: creators.registered_at[who] < plot.start - 30 * DAY,
    )
    low, high = PARAMETERS.orders
    buyer = np.repeat(accounts, rng.integers(low, high + 1, len(accounts)))
    pick = rng.integers(0, len(goods), len(buyer))
    at = _nights(rng, plot, (since[pick], until[pick]))
    is_promoted = chance(rng, PARAMETERS.promoted_share if len(creator) else 0.0, len(buyer))
    guide = int(creator[0]) if len(creator) else NONE
    facts = (
        f"{len(accounts)} old accounts buy one listing each time, at 20 to 50 times its price",
        "several pieces, between two and five at night, never a review, never a return",
        f"{len(merchants)} tiny shops that sold next to nothing; the price falls back after days",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=facts))
    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=goods[pick],
        quantity=rng.integers(PARAMETERS.pieces[0], PARAMETERS.pieces[1] + 1, len(buyer)),
        creator=np.where(is_promoted, guide, NONE),
        channel=np.where(is_promoted, AFFILIATE, SHOP_TAB),
        cancel_chance=0.0,
        refund_chance=0.0,
        review_chance=0.0,
        lost_chance=0.0,
    )
    span = (int(since.min()), int(until.max()))
    members = {"merchant": merchants, "product": goods, "buyer": buyer, "creator": creator}
    for entity_type, entities in members.items():
        plan.admit(ring, entity_type, entities, *span)


def plant(plan: Plan) -> None:
    """Plant the operation of day 78, and in a larger world a few more after it."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, 1, (78.0, 14.0))
    for plot in plots[: PARAMETERS.most]:
        _move_money(plan, rng, plot)
