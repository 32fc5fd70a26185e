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
from sample_data.planting.plan import Set
from sample_data.planting.shop_tools import date_of, listings, moments, selling, walk_in

NAME = "HN_SIBLING_SHOPS"
CLEARS = (
    "one registered owner, parcels scanned and delivered, complaints as everywhere, "
    "the closed shop wound up without open orders"
)
POSITIVE = "T10_FRAUD_MERCHANT"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2 (documents, deliveries normal) against T10's signature."""

    per_positive: float = 2.2  # DOMAIN: at least twice the shops of farms
    fewest: int = 12  # assumption
    shops: tuple[int, int] = (2, 4)  # assumption
    closed_share: float = 0.35  # assumption: families of which one shop was given up
    turned_share: float = 0.5  # assumption: shops that turn to new goods
    discount: tuple[float, float] = (0.15, 0.45)  # assumption: opening price, meets T10's -30 %
    opening_days: tuple[float, float] = (5.0, 12.0)  # assumption
    opening_orders: tuple[float, float] = (3.0, 9.0)  # assumption: a day; meets T10's 5x


PARAMETERS = Parameters()


def _family(set_: Set, rng: Rng, market: int) -> Ints:
    """Shops of one owner on one account, desk and return address."""
    world, merchants = set_.world, set_.world.merchants
    size = int(rng.integers(PARAMETERS.shops[0], PARAMETERS.shops[1] + 1))
    shops = world.claim(
        "merchant", rng, size, market, selling(world, (0.0, 6.0), set_.settings.start_s)
    )
    for held in (merchants.bank, merchants.device, merchants.ip, merchants.return_address):
        if len(shops) and rng.random() < 0.85:
            held[shops] = held[shops[0]]
    return shops


def _open_anew(set_: Set, rng: Rng, ring: int, shop: int) -> tuple[int, int]:
    """New goods at an opening price, bought by many and all delivered."""
    limits, settings = PARAMETERS, set_.settings
    begin = settings.day_s(float(rng.uniform(12.0, settings.days - 16.0)))
    span = (begin, begin + int(rng.uniform(*limits.opening_days) * DAY))
    goods, market = (
        listings(set_.world, shop, begin - DAY)[:4],
        int(set_.world.merchants.market[shop]),
    )
    if not len(goods):
        return span
    for product in goods.tolist():
        factor = 1.0 - float(rng.uniform(*limits.discount))
        set_.relist(
            product, begin, factor, category=int(rng.integers(0, len(CATEGORIES))), until=span[1]
        )
    count = int(rng.uniform(*limits.opening_orders) * (span[1] - span[0]) / DAY)
    at = moments(rng, market, span, count)
    people = walk_in(set_, rng, market, at)
    ok = people >= 0
    set_.order(ring, at=at[ok], buyer=people[ok], product=rng.choice(goods, int(ok.sum())))
    set_.admit(ring, "product", goods, *span)
    return span


def _give_up(set_: Set, rng: Rng, shops: Ints) -> int:
    """Close the smallest shop of a family; returns when."""
    smallest = shops[np.argmin(set_.world.merchants.weight[shops])]
    shut = set_.settings.day_s(float(rng.uniform(15.0, set_.settings.days - 20.0)))
    set_.world.merchants.closed[smallest] = shut
    return shut


def _run(set_: Set, rng: Rng, market: int) -> None:
    shops, settings = _family(set_, rng, market), set_.settings
    if not len(shops):
        return
    shut = (
        _give_up(set_, rng, shops)
        if len(shops) > 2 and chance(rng, PARAMETERS.closed_share, 1)[0]
        else -1
    )
    trading = shops[set_.world.merchants.closed[shops] < 0]
    turned = trading[chance(rng, PARAMETERS.turned_share, len(trading))]
    facts = (
        f"{len(shops)} shops of one owner share payout account, desk and return address",
        f"{len(turned)} of them turned to new goods at an opening price and delivered them all",
        *((f"one was closed on {date_of(shut)} and wound up in order",) if shut >= 0 else ()),
    )
    ring = set_.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    for shop in turned.tolist():
        _open_anew(set_, rng, ring, shop)
    set_.admit(ring, "merchant", shops, settings.start_s, settings.end_s)


def plant(set_: Set) -> None:
    """Found families of shops."""
    rng = set_.stream(NAME)
    wanted = max(PARAMETERS.fewest, PARAMETERS.per_positive * set_.admitted("merchant", POSITIVE))
    mean = sum(PARAMETERS.shops) / 2
    for number in range(int(np.ceil(wanted / mean)) + 1):
        _run(set_, rng, number % 4)
