"""An approved flash sale: T1 and T3 look-alike, cleared by its campaign and its buyers."""

from dataclasses import dataclass

import numpy as np

from sample_data import timeline
from sample_data.promotions import Campaign
from sample_data.randomness import Ints, Rng, log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.shopfloor import listings, walk_in
from sample_data.stories import Ring, Set

NAME = "HN_FLASH_SALE"
CLEARS = "approved campaign, buyers of normal age and history, no shared devices, usual reviews"
FACTS = (
    "ten times the usual orders within hours, nearly all with one voucher",
    "the campaign was approved before it began",
    "buyers are as old as anybody's and share no phones",
)
# What it looks like: many orders of few listings at one shop, cheap, in a burst.
IMITATED = ("T1_BRUSHING", "T3_INCENTIVE_ABUSE")


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: 10-50x orders in 1-2 hours, vouchers on 80-100 %."""

    per_positive: float = 2.1  # DOMAIN: at least twice the positives
    orders: tuple[float, float] = (18.0, 110.0)  # assumption
    hours: tuple[float, float] = (1.0, 6.0)  # assumption: most come at the beginning
    voucher_share: tuple[float, float] = (0.80, 1.0)  # DOMAIN
    pay_median_seconds: float = 40.0  # assumption: buyers hurry
    markdown: tuple[float, float] = (0.55, 0.9)  # assumption: shelf price during the sale
    discount: float = 0.25  # assumption: voucher, of the cheapest listing's sale price
    products: tuple[int, int] = (2, 4)  # assumption
    weight: tuple[float, float] = (0.15, 40.0)  # assumption: shops that run sales


PARAMETERS = Parameters()


def _goods(set_: Set, rng: Rng, shop: int, span: tuple[int, int]) -> tuple[Ints, float]:
    """The listings on sale, marked down for its hours, and the factor of the price."""
    rows = listings(set_.world, shop, span[0] - DAY)
    wanted = int(rng.integers(PARAMETERS.products[0], PARAMETERS.products[1] + 1))
    goods, factor = rng.permutation(rows)[:wanted], float(rng.uniform(*PARAMETERS.markdown))
    for product in goods.tolist():
        set_.relist(product, span[0] - HOUR, price_factor=factor, until=span[1])
    return goods, factor


def _offer(set_: Set, shop: int, goods: Ints, factor: float, span: tuple[int, int]) -> int:
    """The campaign of a sale and its voucher; returns the voucher's position."""
    world, market = set_.world, int(set_.world.merchants.market[shop])
    name = f"Flash sale {1 + len(set_.promotions.campaigns)}"
    campaign = set_.promotions.run(Campaign(name, "flash_sale", market, shop, True, *span))
    least = factor * float(world.products.price_minor[goods].min())
    usd = least / 100.0 * set_.usd_per_unit(market)
    return set_.promotions.offer(campaign, shop, market, PARAMETERS.discount * usd, 0.9 * usd)


def _sell(set_: Set, rng: Rng, shop: int, starts: int) -> None:
    """One sale: its campaign, its voucher and the crowd that was waiting for it."""
    market = int(set_.world.merchants.market[shop])
    span = (starts, starts + int(rng.uniform(*PARAMETERS.hours) * HOUR))
    goods, factor = _goods(set_, rng, shop, span)
    if len(goods) == 0:
        return
    voucher = _offer(set_, shop, goods, factor, span)
    count = int(log_uniform(rng, PARAMETERS.orders, 1)[0])
    at = (starts + (span[1] - starts) * rng.beta(0.8, 2.0, count)).astype(np.int64)
    buyer = walk_in(set_, rng, market, at)
    known = buyer >= 0
    used = rng.random(count) < rng.uniform(*PARAMETERS.voucher_share)
    hurry = PARAMETERS.pay_median_seconds * np.exp(rng.normal(0.0, 0.8, count))
    ring = set_.plant(Ring(NAME, "honest", facts=FACTS, clears_because=CLEARS))
    set_.order(
        ring,
        at=at[known],
        buyer=buyer[known],
        product=rng.choice(goods, count)[known],
        voucher=np.where(used, voucher, -1)[known],
        campaign=set_.promotions.vouchers[voucher].campaign,
        pay_seconds=hurry[known],
        prior_view=0.7,
    )
    set_.admit(ring, "merchant", np.array([shop]), *span)
    set_.admit(ring, "product", goods, *span)


def plant(set_: Set) -> None:
    """Run sales at twice as many honest shops as there are bad ones that look like it."""
    rng, world, settings = set_.stream(NAME), set_.world, set_.settings
    merchants, (low, high) = world.merchants, PARAMETERS.weight
    bad = sum(set_.admitted("merchant", name) for name in IMITATED)
    shops = world.claim(
        "merchant",
        rng,
        int(np.ceil(PARAMETERS.per_positive * bad)),
        None,
        lambda shop: (
            (merchants.registered[shop] < settings.start_s)
            & (merchants.weight[shop] > low)
            & (merchants.weight[shop] < high)
            & (merchants.closed[shop] < 0)
        ),
    )
    for number, shop in enumerate(rng.permutation(shops).tolist()):
        day = (
            float(timeline.HEADLINES[NAME])
            if number == 0
            else rng.uniform(4.0, settings.days - 2.0)
        )
        starts = settings.day_s(int(day)) + int(rng.integers(2, 15)) * HOUR
        _sell(set_, rng, shop, starts)
