"""What several stories about shops ask: when a shop sells, what it lists, who walks in.

A bad shop is first of all an ordinary shop, so its planted orders are placed by
ordinary buyers at ordinary hours and counted against what it sells anyway.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from sample_data.actors.programme import hour_of_day
from sample_data.actors.world import World
from sample_data.kit.markets import SHOP_TAB, per_market
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, pick_weighted
from sample_data.kit.settings import DAY
from sample_data.period.demand import CHANNEL_SHARE
from sample_data.period.shopping_habits import WEEKDAY, existing_buyers
from sample_data.planting.plan import Plan

EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday, Monday being 0


def date_of(instant: int) -> str:
    """A day as a fact names it: "3 July 2026"."""
    day = datetime.fromtimestamp(instant, UTC)
    return f"{day.day} {day:%B %Y}"


def span_of(start: int, end: int) -> str:
    """Two days as a fact names them."""
    return f"{date_of(start)} to {date_of(end)}"


def daily_orders(world: World) -> Floats:
    """Orders a day each shop may expect from its size alone."""
    settings, weight = world.settings, world.merchants.weight
    daily: Floats = weight / weight.sum() * settings.orders / settings.days
    return daily


def expected_daily_orders(world: World) -> Floats:
    """Orders a day each shop may expect from its size and from the creators who promote it."""
    settings, creators, merchants = world.settings, world.creators, world.merchants
    weight = merchants.weight / np.bincount(merchants.market, merchants.weight)[merchants.market]
    own = weight * per_market("share")[merchants.market]
    reach = np.repeat(creators.weight**0.8, creators.merchants.shape[1])
    shown = np.bincount(creators.merchants.ravel(), reach, minlength=len(own)) / reach.sum()
    daily: Floats = (
        settings.orders
        / settings.days
        * (CHANNEL_SHARE[SHOP_TAB] * own + (1.0 - CHANNEL_SHARE[SHOP_TAB]) * shown)
    )
    return daily


def merchants_selling(
    world: World,
    span: tuple[float, float],
    before: int,
    category: int = -1,
    daily: Floats | None = None,
) -> Callable[[Ints], Bools]:
    """Shops that sell between two numbers of orders a day and were open `before` an instant.

    `daily` is `daily_orders` unless given.
    """
    daily = daily_orders(world) if daily is None else daily
    merchants = world.merchants

    def fits(rows: Ints) -> Bools:
        busy = (daily[rows] >= span[0]) & (daily[rows] <= span[1])
        is_established = merchants.registered_at[rows] < before - 5 * DAY
        fitting: Bools = (
            busy & is_established & ((category < 0) | (merchants.category[rows] == category))
        )
        return fitting

    return fits


def established_buyers(world: World, before: int, heaviest: float = 2.0) -> Callable[[Ints], Bools]:
    """Accounts opened a month `before` an instant that do not order all the time."""
    buyers = world.buyers

    def fits(rows: Ints) -> Bools:
        fitting: Bools = (buyers.registered_at[rows] < before - 30 * DAY) & (
            buyers.weight[rows] < heaviest
        )
        return fitting

    return fits


def products_of(world: World, merchant: int, before: int) -> Ints:
    """Listings a shop had on sale `before` an instant, best sellers first."""
    first = int(world.merchants.first_product[merchant])
    rows = first + np.arange(int(world.merchants.product_count[merchant]), dtype=np.int64)
    removed_at = world.products.removed_at[rows]
    open_then = (world.products.listed_at[rows] < before) & (
        (removed_at < 0) | (removed_at > before)
    )
    return rows[open_then]


def price_usd(world: World, products: Ints) -> Floats:
    """Listing prices in dollars."""
    market = world.merchants.market[world.products.merchant[products]]
    usd: Floats = world.products.price_minor[products] / 100.0 * per_market("usd_per_unit")[market]
    return usd


def moments(rng: Rng, market: int, span: tuple[int, int], count: int) -> Ints:
    """Instants of one market's week, day and night between two instants, in order."""
    start, end = span
    days = max(1, int(np.ceil((end - start) / DAY)))
    first = start // DAY
    weekday = WEEKDAY[(first + np.arange(days) + EPOCH_WEEKDAY) % 7]
    day = (first + pick_weighted(rng, weekday, count)) * DAY
    at = day + hour_of_day(rng, np.full(count, market, dtype=np.int64))
    return np.sort(np.clip(at, start, max(start, end - 1)).astype(np.int64))


def walk_in(plan: Plan, rng: Rng, market: int, at: Ints) -> Ints:
    """Ordinary buyers of a market, one per instant; -1 where nobody had an account yet."""
    return existing_buyers(rng, plan.world, np.full(len(at), market, dtype=np.int64), at)


def draw_popular(rng: Rng, goods: Ints, count: int) -> Ints:
    """Listings drawn as buyers draw them: the first sell best."""
    return goods[(len(goods) * rng.random(count) ** 2.2).astype(np.int64)]
