"""Stickers and screen film: T1 look-alike of empty parcels, cleared by the goods' own weight."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Bools, Ints, Rng, log_normal
from sample_data.kit.settings import DAY
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    draw_popular,
    merchants_selling,
    moments,
    products_of,
    walk_in,
)

NAME = "HN_LIGHT_GOODS"
CLEARS = "the goods weigh what the parcel weighs; buyers are neighbours with histories of their own"
POSITIVE = "T1_BRUSHING"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: light, near goods the same day; parcel below 50 g, under 12 h."""

    per_positive: float = 1.1  # §3.2: with flash sales and fans twice the positives
    most_daily: float = 12.0  # assumption: orders a day; a larger shop is no neighbour
    least: int = 2  # assumption: light listings that make a shop one of these
    grams: float = 50.0  # §3.2: parcels below
    goods: int = 3  # assumption: listings that sell to neighbours
    orders: tuple[int, int] = (14, 60)  # assumption: of one busy fortnight
    days: tuple[float, float] = (6.0, 16.0)  # assumption: before school starts
    transit_hours: float = 7.0  # §3.2: under 12 h, median
    pay_seconds: float = 32.0  # assumption: a small sum is soon paid


PARAMETERS = Parameters()


def _light(plan: Plan, merchant: int, before: int) -> Ints:
    """Listings of a shop that travel as letters."""
    rows = products_of(plan.world, merchant, before)
    return rows[plan.world.products.weight_grams[rows] < PARAMETERS.grams][: PARAMETERS.goods]


def _stationers(plan: Plan) -> Callable[[Ints], Bools]:
    """Shops with light listings, whatever else they sell."""
    world = plan.world
    light = world.products.weight_grams < PARAMETERS.grams
    light_count = np.bincount(world.products.merchant[light], minlength=len(world.merchants.market))
    usual = merchants_selling(world, (0.0, PARAMETERS.most_daily), plan.settings.start_s)

    def fits(rows: Ints) -> Bools:
        fitting: Bools = usual(rows) & (light_count[rows] >= PARAMETERS.least)
        return fitting

    return fits


def _sell(plan: Plan, rng: Rng, merchant: int) -> None:
    """A fortnight in which the neighbourhood buys."""
    settings, market = plan.settings, int(plan.world.merchants.market[merchant])
    start = settings.day_s(float(rng.uniform(3.0, settings.days - 12.0)))
    end = min(start + int(rng.uniform(*PARAMETERS.days) * DAY), settings.end_s)
    goods = _light(plan, merchant, start)
    if len(goods) == 0:
        return
    count = int(rng.integers(PARAMETERS.orders[0], PARAMETERS.orders[1] + 1))
    at = moments(rng, market, (start, end), count)
    buyer = walk_in(plan, rng, market, at)
    at, buyer = at[buyer >= 0], buyer[buyer >= 0]
    count = len(at)
    facts = (
        "Parcels of this shop weigh under 50 g and many arrive the day they are sent.",
        "The declared weight of the goods is the same.",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=draw_popular(rng, goods, count),
        pay_seconds=log_normal(rng, PARAMETERS.pay_seconds, 0.8, count),
        transit_hours=log_normal(rng, PARAMETERS.transit_hours, 0.4, count),
        scans=2.6,
    )
    plan.admit(ring, "merchant", np.array([merchant]), start, end)
    plan.admit(ring, "product", goods, start, end)


def plant(plan: Plan) -> None:
    """Let stationers have their busy fortnight."""
    rng = plan.stream(NAME)
    count = int(np.ceil(PARAMETERS.per_positive * plan.admitted("merchant", POSITIVE)))
    for merchant in plan.world.claim("merchant", rng, count, fits=_stationers(plan)):
        _sell(plan, rng, int(merchant))
