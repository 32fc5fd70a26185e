"""Where and when somebody shops: the days, the shops of a market, who is around, what sells.

Honest demand and every story draw from here, so that planted buyers walk the same streets.
"""

from datetime import UTC, datetime

import numpy as np
import polars as pl

from sample_data.actors.programme import hour_of_day
from sample_data.actors.promotions import paydays
from sample_data.actors.world import PROMOTED_MERCHANTS, World
from sample_data.kit.markets import MARKETS
from sample_data.kit.randomness import Floats, Ints, Rng
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import NONE, intents

GROWTH = 0.35  # more orders on the last day than on the first
WEEKDAY = np.array([0.95, 0.93, 0.95, 0.98, 1.06, 1.12, 1.08])  # Monday first
PAYDAY_LIFT, DOUBLE_DATE_LIFT = 1.25, 1.6  # 25th to 27th; 6/6, 7/7, 8/8 ...


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


def local_merchant(rng: Rng, world: World, market: Ints) -> Ints:
    """A shop of each row's market by weight."""
    return local_at(world, market, rng.random(len(market)))


def local_at(world: World, market: Ints, draw: Floats) -> Ints:
    """The shop of each row's market at a quantile of the shops' weight."""
    merchant = np.zeros(len(market), dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, local = np.flatnonzero(market == code), world.market_merchants(code)
        weight = draw[rows] * local.total_weight[-1]
        merchant[rows] = local.merchant[np.searchsorted(local.total_weight, weight, side="right")]
    return merchant


def promoted_merchant(rng: Rng, world: World, creator: Ints) -> Ints:
    """One of the shops each creator has agreements with."""
    return world.creators.merchants[creator, rng.integers(0, PROMOTED_MERCHANTS, len(creator))]


def existing_buyers(rng: Rng, world: World, market: Ints, at: Ints) -> Ints:
    """An account of each row's market that exists at that moment, active ones more often."""
    buyer = np.full(len(at), NONE, dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, local = np.flatnonzero(market == code), world.market_buyers(code)
        existing = np.searchsorted(local.registered_at, at[rows], side="left")
        draw = rng.random(rows.size) * local.total_weight[existing]
        position = np.searchsorted(local.total_weight, draw, side="right") - 1
        position = np.minimum(position, existing - 1)
        buyer[rows] = np.where(existing > 0, local.account[position], NONE)
    return buyer


def pick_product(rng: Rng, world: World, merchant: Ints) -> Ints:
    """A listing of each row's shop; its first listings sell best."""
    count = world.merchants.product_count[merchant]
    return world.merchants.first_product[merchant] + (
        count * rng.random(len(merchant)) ** 2.2
    ).astype(np.int64)


def everyday_orders(rng: Rng, world: World, buyer: Ints, span: tuple[int, int]) -> pl.DataFrame:
    """Ordinary shop-tab orders of given accounts at random moments of a span."""
    market = world.buyers.market[buyer]
    first = np.maximum(span[0], world.buyers.registered_at[buyer] + HOUR)
    room = np.maximum(span[1] - first, HOUR)
    day = (first + rng.random(len(buyer)) * room).astype(np.int64) // DAY * DAY
    at = np.maximum((day + hour_of_day(rng, market)).astype(np.int64), first)
    product = pick_product(rng, world, local_merchant(rng, world, market))
    able = (world.products.listed_at[product] <= at) & (at < world.settings.end_s)
    return intents(at=at[able], buyer=buyer[able], product=product[able])
