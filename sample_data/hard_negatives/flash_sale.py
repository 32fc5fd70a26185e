"""An approved flash sale: T1 and T3 look-alike, cleared by its campaign and its buyers."""

from dataclasses import dataclass

import numpy as np

from sample_data.demand import existing_buyers
from sample_data.promotions import Campaign
from sample_data.randomness import Ints, Rng, log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "HN_FLASH_SALE"
CLEARS = "approved campaign, buyers of normal age and history, no shared devices, usual reviews"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: 10-50x orders in 1-2 hours, vouchers on 80-100 %."""

    per_positive: float = 2.2  # DOMAIN: at least twice the positives
    orders: tuple[float, float] = (18.0, 110.0)  # assumption
    hours: tuple[float, float] = (1.0, 6.0)  # assumption
    voucher_share: tuple[float, float] = (0.80, 1.0)  # DOMAIN
    pay_median_seconds: float = 40.0  # assumption: buyers hurry
    discount: float = 0.25  # assumption: of the listing price
    products: tuple[int, int] = (2, 4)  # assumption


PARAMETERS = Parameters()


def _goods(set_: Set, rng: Rng, shop: int, starts: int) -> Ints:
    products = set_.world.products
    rows = np.flatnonzero((products.merchant == shop) & (products.listed < starts - DAY))
    return rng.permutation(rows)[
        : int(rng.integers(PARAMETERS.products[0], PARAMETERS.products[1] + 1))
    ]


def _sell(set_: Set, rng: Rng, shop: int, starts: int) -> None:
    """One sale: its campaign, its voucher and the crowd that was waiting for it."""
    world, market = set_.world, int(set_.world.merchants.market[shop])
    goods = _goods(set_, rng, shop, starts)
    ends = starts + int(rng.uniform(*PARAMETERS.hours) * HOUR)
    name = f"Flash sale {1 + len(set_.promotions.campaigns)}"
    campaign = set_.promotions.run(Campaign(name, "flash_sale", market, shop, True, starts, ends))
    least = float(world.products.price_minor[goods].min())
    usd = least / 100.0 * set_.usd_per_unit(market)
    voucher = set_.promotions.offer(campaign, shop, market, PARAMETERS.discount * usd, 0.9 * usd)
    count = int(log_uniform(rng, PARAMETERS.orders, 1)[0])
    at = (starts + (ends - starts) * rng.beta(0.8, 2.0, count)).astype(np.int64)
    buyer = existing_buyers(rng, world, np.full(count, market), at)
    known = buyer >= 0
    used = rng.random(count) < rng.uniform(*PARAMETERS.voucher_share)
    ring = set_.plant(Ring(NAME, "flash sale", "", True, CLEARS, "none"))
    set_.order(
        ring,
        at=at[known],
        buyer=buyer[known],
        product=rng.choice(goods, count)[known],
        voucher=np.where(used, voucher, -1)[known],
        campaign=campaign,
        pay_seconds=(PARAMETERS.pay_median_seconds * np.exp(rng.normal(0, 0.8, count)))[known],
        prior_view=0.7,
    )
    set_.admit(ring, "merchant", np.array([shop]), starts, ends)
    set_.admit(ring, "product", goods, starts, ends)


def plant(set_: Set) -> None:
    """Run sales at twice as many honest shops as there are bad ones."""
    rng, world = set_.stream(NAME), set_.world
    bad = sum(member.entity_type == "merchant" for member in set_.members)
    fit = (world.merchants.registered < set_.settings.start_s) & (world.merchants.weight > 0.3)
    fit &= world.merchants.weight < 40.0
    for shop in world.claim("merchant", rng, int(np.ceil(PARAMETERS.per_positive * bad)), fit):
        starts = set_.settings.day_s(int(rng.uniform(4.0, set_.settings.days - 2.0)))
        _sell(set_, rng, int(shop), starts + int(rng.integers(2, 15)) * HOUR)
