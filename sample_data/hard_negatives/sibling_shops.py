"""One honest owner with several shops: T10 look-alike, cleared by parcels that arrive.

Siblings share a bank account, a desk and a return address, and now and then one is
closed because it did not pay; another turns to new goods at an opening price.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.markets import CATEGORIES
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    date_of,
    merchants_selling,
    moments,
    products_of,
    walk_in,
)

NAME = "HN_SIBLING_SHOPS"
CLEARS = (
    "one registered owner, parcels scanned and delivered, complaints as everywhere, "
    "the closed shop wound up without open orders"
)
POSITIVE = "T10_FRAUD_MERCHANT"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2 (documents, deliveries normal) against T10's signature."""

    per_positive: float = 2.2  # §3.2: at least twice the shops of farms
    fewest: int = 12  # assumption
    merchants: tuple[int, int] = (2, 4)  # assumption
    closed_share: float = 0.35  # assumption: families of which one shop was given up
    turned_share: float = 0.5  # assumption: shops that turn to new goods
    discount: tuple[float, float] = (0.15, 0.45)  # assumption: opening price, meets T10's -30 %
    opening_days: tuple[float, float] = (5.0, 12.0)  # assumption
    opening_orders: tuple[float, float] = (3.0, 9.0)  # assumption: a day; meets T10's 5x


PARAMETERS = Parameters()


def _family(plan: Plan, rng: Rng, market: int) -> Ints:
    """Shops of one owner on one account, desk and return address."""
    world, all_merchants = plan.world, plan.world.merchants
    size = int(rng.integers(PARAMETERS.merchants[0], PARAMETERS.merchants[1] + 1))
    merchants = world.claim(
        "merchant", rng, size, market, merchants_selling(world, (0.0, 6.0), plan.settings.start_s)
    )
    for column in (
        all_merchants.bank,
        all_merchants.device,
        all_merchants.ip,
        all_merchants.return_address,
    ):
        if len(merchants) and rng.random() < 0.85:
            column[merchants] = column[merchants[0]]
    return merchants


def _open_anew(plan: Plan, rng: Rng, ring: int, merchant: int) -> tuple[int, int]:
    """New goods at an opening price, bought by many and all delivered."""
    limits, settings = PARAMETERS, plan.settings
    begin = settings.day_s(float(rng.uniform(12.0, settings.days - 16.0)))
    span = (begin, begin + int(rng.uniform(*limits.opening_days) * DAY))
    goods, market = (
        products_of(plan.world, merchant, begin - DAY)[:4],
        int(plan.world.merchants.market[merchant]),
    )
    if not len(goods):
        return span
    for product in goods.tolist():
        factor = 1.0 - float(rng.uniform(*limits.discount))
        plan.relist(
            product, begin, factor, category=int(rng.integers(0, len(CATEGORIES))), until=span[1]
        )
    count = int(rng.uniform(*limits.opening_orders) * (span[1] - span[0]) / DAY)
    at = moments(rng, market, span, count)
    people = walk_in(plan, rng, market, at)
    ok = people >= 0
    plan.order(ring, at=at[ok], buyer=people[ok], product=rng.choice(goods, int(ok.sum())))
    plan.admit(ring, "product", goods, *span)
    return span


def _give_up(plan: Plan, rng: Rng, merchants: Ints) -> int:
    """Close the smallest shop of a family; returns when."""
    smallest = merchants[np.argmin(plan.world.merchants.weight[merchants])]
    shut = plan.settings.day_s(float(rng.uniform(15.0, plan.settings.days - 20.0)))
    plan.world.merchants.closed_at[smallest] = shut
    return shut


def _run(plan: Plan, rng: Rng, market: int) -> None:
    merchants, settings = _family(plan, rng, market), plan.settings
    if not len(merchants):
        return
    shut = (
        _give_up(plan, rng, merchants)
        if len(merchants) > 2 and chance(rng, PARAMETERS.closed_share, 1)[0]
        else -1
    )
    trading = merchants[plan.world.merchants.closed_at[merchants] < 0]
    turning = trading[chance(rng, PARAMETERS.turned_share, len(trading))]
    facts = (
        f"{len(merchants)} shops of one owner share payout account, desk and return address",
        f"{len(turning)} of them turned to new goods at an opening price and delivered them all",
        *((f"one was closed on {date_of(shut)} and wound up in order",) if shut >= 0 else ()),
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    for merchant in turning.tolist():
        _open_anew(plan, rng, ring, merchant)
    plan.admit(ring, "merchant", merchants, settings.start_s, settings.end_s)


def plant(plan: Plan) -> None:
    """Found families of shops."""
    rng = plan.stream(NAME)
    needed = max(PARAMETERS.fewest, PARAMETERS.per_positive * plan.admitted("merchant", POSITIVE))
    mean = sum(PARAMETERS.merchants) / 2
    for number in range(int(np.ceil(needed / mean)) + 1):
        _run(plan, rng, number % 4)
