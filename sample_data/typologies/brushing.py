"""T1 brushing: pools of workers buy, confirm and praise for several unrelated shops.

A naive pool works fast from shared phones; a stealth pool orders once per shop,
looks around first and hides among the shop's real orders.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.randomness import Bools, Ints, Rng, chance, log_normal, log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "T1_BRUSHING"


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T1; "assumption" where it gives none."""

    pools: float = 10.0  # assumption: half recent, half early enough to be found out
    workers: tuple[int, int] = (30, 150)  # DOMAIN: pools of 30-300 workers
    shops: tuple[int, int] = (4, 8)  # DOMAIN: reused by 3-15 unrelated shops
    campaign_days: tuple[float, float] = (3.0, 14.0)  # DOMAIN
    orders_per_day: tuple[float, float] = (10.0, 60.0)  # DOMAIN
    hours_utc: tuple[float, float] = (9.0, 23.0)  # DOMAIN: inside 09-23h local
    pay_seconds: tuple[float, float] = (8.0, 58.0)  # DOMAIN: < 60 s after the cart
    stealth_prompt: float = 0.75  # assumption: stealth workers who pay at once
    five_star: tuple[float, float] = (0.60, 0.95)  # DOMAIN: of orders, within 48 h
    review_hours: tuple[float, float] = (0.5, 47.0)  # DOMAIN
    parcel_grams: float = 26.0  # DOMAIN: declared below 50 g in 85 %
    light_share: float = 0.85  # DOMAIN: share of empty parcels
    sign_hours: float = 8.0  # DOMAIN: signed within 12 h in 68 %
    fast_share: float = 0.68  # DOMAIN
    scans: float = 2.0  # DOMAIN: only picked up and signed
    refund_chance: float = 0.005  # DOMAIN: about 0
    price_quantile: float = 0.25  # DOMAIN: low price decile; a shop's own cheap listings
    naive_per_hour: tuple[int, int] = (2, 4)  # DOMAIN (Shopee rule): >= 3 orders per buyer and hour
    naive_size: tuple[float, float] = (0.40, 0.90)  # assumption: quantiles of shop size
    stealth_size: tuple[float, float] = (0.86, 0.98)  # DOMAIN 3.6: 30-70 % real orders
    crew: float = 0.5  # DOMAIN: buyer-set Jaccard 0.1-0.4 between shops of one pool
    phones_share: float = 0.22  # assumption: naive workers per phone, inverted


PARAMETERS = Parameters()


def _workers(set_: Set, rng: Rng, market: int, start: int, *, naive: bool) -> Ints:
    """A pool: accounts bought or farmed earlier; a naive pool shares phones."""
    buyers = set_.world.buyers
    count = int(rng.integers(*PARAMETERS.workers) * min(1.0, 0.35 + set_.settings.scale))
    count = max(PARAMETERS.workers[0], count)
    if not naive:
        aged = (
            (buyers.market == market)
            & (buyers.registered < start - 20 * DAY)
            & (buyers.weight < 2.0)
        )
        return set_.world.claim("buyer", rng, count, aged)
    opened = start - (DAY * rng.uniform(3.0, 60.0, count)).astype(np.int64)
    workers = set_.world.enlist(rng, market, opened)
    phones = set_.world.new_identifiers("device", max(4, int(count * PARAMETERS.phones_share)))
    desk = set_.world.new_identifiers("ip", 3)
    set_.world.buyers.device[workers] = rng.choice(phones, count)
    set_.world.buyers.second_device[workers] = set_.world.buyers.device[workers]
    set_.world.buyers.ip[workers] = rng.choice(desk, count)
    return workers


def _shops(set_: Set, rng: Rng, market: int, start: int, *, naive: bool) -> Ints:
    """Shops that would like to look bigger; stealth hides among the sales of busier ones."""
    merchants = set_.world.merchants
    here = merchants.market == market
    low, high = PARAMETERS.naive_size if naive else PARAMETERS.stealth_size
    bounds = np.quantile(merchants.weight[here], (low, high))
    modest = here & (merchants.weight > bounds[0]) & (merchants.weight < bounds[1])
    count = int(rng.integers(PARAMETERS.shops[0], PARAMETERS.shops[1] + 1))
    count = max(3, round(count * min(1.0, 0.4 + set_.settings.scale)))
    return set_.world.claim(
        "merchant", rng, count, modest & (merchants.registered < start - 5 * DAY)
    )


def _cheap(set_: Set, rng: Rng, shop: int, start: int) -> Ints:
    """The one to three cheap listings of a shop that the pool is told to buy."""
    products = set_.world.products
    rows = np.flatnonzero((products.merchant == shop) & (products.listed < start))
    limit = np.quantile(products.price_minor[rows], PARAMETERS.price_quantile)
    cheap = rows[products.price_minor[rows] <= limit]
    return rng.choice(cheap, size=min(len(cheap), int(rng.integers(1, 4))), replace=False)


def _schedule(rng: Rng, start: int, days: float, count: int) -> Ints:
    """Order instants in working hours over the campaign."""
    day = start // DAY * DAY + np.floor(rng.random(count) * days) * DAY
    return (day + rng.uniform(*PARAMETERS.hours_utc, count) * HOUR).astype(np.int64)


def _assign(rng: Rng, at: Ints, workers: Ints, *, naive: bool) -> tuple[Ints, Ints]:
    """Who places which order: naive workers in bursts within one hour, stealth ones once."""
    count = len(at)
    if not naive:
        once = rng.permutation(workers)
        return at[: len(once)], once[: min(count, len(once))]
    burst = int(rng.integers(PARAMETERS.naive_per_hour[0], PARAMETERS.naive_per_hour[1] + 1))
    group = np.arange(count) // burst
    begins = at[group * burst] + (rng.random(count) * 0.9 * HOUR).astype(np.int64)
    return begins, workers[rng.permutation(int(group[-1]) + 1)[group] % len(workers)]


def _brush(  # noqa: PLR0913 - a campaign is exactly these
    set_: Set, rng: Rng, ring: int, shop: int, workers: Ints, begin: int, *, naive: bool
) -> None:
    """All orders of one campaign for one shop."""
    days = float(log_uniform(rng, PARAMETERS.campaign_days, 1)[0])
    daily = float(log_uniform(rng, PARAMETERS.orders_per_day, 1)[0])
    goods = _cheap(set_, rng, shop, begin)
    wanted = max(12, int(days * daily))
    if not naive:  # one order per worker and shop: a small pool keeps the campaign short
        wanted = min(wanted, len(workers))
        days = max(PARAMETERS.campaign_days[0], min(days, wanted / PARAMETERS.orders_per_day[0]))
    at, buyer = _assign(rng, _schedule(rng, begin, days, wanted), workers, naive=naive)
    known = at > set_.world.buyers.registered[buyer]
    at, buyer = at[known], buyer[known]
    count = len(at)
    prompt = chance(rng, 1.0 if naive else PARAMETERS.stealth_prompt, count)
    fast: Bools = chance(rng, PARAMETERS.fast_share, count)
    light = chance(rng, PARAMETERS.light_share, count)
    set_.order(
        ring,
        at=at,
        buyer=buyer,
        product=rng.choice(goods, count),
        pay_seconds=np.where(prompt, rng.uniform(*PARAMETERS.pay_seconds, count), np.nan),
        cancel_chance=0.0,
        click_seconds=rng.uniform(60.0, 180.0, count)
        if not naive
        else rng.uniform(3.0, 25.0, count),
        prior_view=0.12 if naive else 0.45,
        dispatch_hours=rng.uniform(0.5, 9.0, count),
        transit_hours=np.where(fast, log_normal(rng, PARAMETERS.sign_hours, 0.3, count), np.nan),
        scans=np.where(fast, PARAMETERS.scans, np.nan),
        parcel_grams=np.where(light, log_normal(rng, PARAMETERS.parcel_grams, 0.35, count), np.nan),
        review_chance=float(rng.uniform(*PARAMETERS.five_star)),
        five_star_chance=0.985,
        review_hours=rng.uniform(*PARAMETERS.review_hours, count),
        scripted=float(naive),
        refund_chance=PARAMETERS.refund_chance,
    )
    until = int(at.max(initial=begin))
    set_.admit(ring, "merchant", np.array([shop]), begin, until)
    set_.admit(ring, "product", goods, begin, until)
    set_.admit(ring, "buyer", buyer, begin, until)


def plant(set_: Set) -> None:
    """Plant the pools, every second one recent."""
    rng = set_.stream(NAME)
    count = set_.count(PARAMETERS.pools, 2)
    starts = set_.starts(rng, count, 8.0, 9.0)
    for number, start in enumerate(starts):
        naive = number % 4 in (0, 3)
        market = int(rng.integers(0, 4)) if set_.settings.scale > 0.3 else number % 2
        variant = "naive" if naive else "stealth"
        ring = set_.plant(Ring(NAME, variant, "buyers and honest shops", False, "", "items"))
        workers = _workers(set_, rng, market, int(start), naive=naive)
        for shop in _shops(set_, rng, market, int(start), naive=naive):
            begin = int(start) + int(rng.uniform(0.0, 8.0) * DAY)
            crew = rng.choice(
                workers, size=max(20, int(PARAMETERS.crew * len(workers))), replace=False
            )
            _brush(set_, rng, ring, int(shop), crew, begin, naive=naive)
