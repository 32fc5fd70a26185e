"""Fans and bulk buyers of one shop: T1 and T6 look-alike, cleared by history and real weight."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Ints, Rng, chance, log_normal
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    draw_popular,
    established_buyers,
    merchants_selling,
    moments,
    products_of,
)

NAME = "HN_SUPER_FANS"
CLEARS = (
    "accounts with a long history, each on its own phone, card and address; "
    "full parcels, and invoices for the bulk orders"
)
POSITIVES = ("T6_REVIEW_MANIPULATION", "T13_MALICIOUS_BEHAVIOUR")


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: super-fans rebuying, B2B bulk buyers."""

    per_positive: float = 1.6  # §3.2: with live returns at least twice the positives
    daily: tuple[float, float] = (0.02, 12.0)  # assumption: also small shops have friends
    fans: tuple[int, int] = (7, 13)  # assumption: of one shop
    bulk: tuple[int, int] = (1, 4)  # assumption: offices and resellers of one shop
    fan_orders: tuple[int, int] = (4, 11)  # assumption: over the period
    fan_review: float = 0.5  # assumption
    fan_five_star: float = 0.94  # assumption
    fan_hours: tuple[float, float] = (1.0, 46.0)  # assumption: they cannot wait to tell
    fan_pay_seconds: float = 38.0  # assumption
    bulk_days: tuple[int, int] = (1, 5)  # assumption: occasions
    bulk_orders: tuple[int, int] = (2, 5)  # §3.2: concentration of 3 or more within the hour
    bulk_pieces: tuple[int, int] = (4, 15)  # assumption


PARAMETERS = Parameters()


def _rebuy(plan: Plan, rng: Rng, ring: int, merchant: int, fans: Ints) -> None:
    """Fans come back all through the period and say why."""
    settings, market = plan.settings, int(plan.world.merchants.market[merchant])
    low, high = PARAMETERS.fan_orders
    buyer = np.repeat(fans, rng.integers(low, high + 1, len(fans)))
    count = len(buyer)
    at = moments(rng, market, (settings.start_s, settings.end_s), count)
    goods = products_of(plan.world, merchant, settings.start_s)
    plan.order(
        ring,
        at=at,
        buyer=rng.permutation(buyer),
        product=draw_popular(rng, goods, count),
        pay_seconds=log_normal(rng, PARAMETERS.fan_pay_seconds, 0.8, count),
        prior_view=0.75,
        review_chance=PARAMETERS.fan_review,
        five_star_chance=PARAMETERS.fan_five_star,
        review_hours=rng.uniform(*PARAMETERS.fan_hours, count),
        refund_chance=0.015,
    )


def _stock_up(plan: Plan, rng: Rng, ring: int, merchant: int, buyers: Ints) -> None:
    """An office or a corner shop orders several times within the hour, in quantity."""
    settings = plan.settings
    goods = products_of(plan.world, merchant, settings.start_s)
    days = np.repeat(buyers, rng.integers(*PARAMETERS.bulk_days, len(buyers)))
    market = int(plan.world.merchants.market[merchant])
    begins = moments(rng, market, (settings.start_s, settings.end_s - HOUR), len(days))
    each = rng.integers(PARAMETERS.bulk_orders[0], PARAMETERS.bulk_orders[1] + 1, len(days))
    at = np.repeat(begins, each) + (rng.random(int(each.sum())) * HOUR).astype(np.int64)
    low, high = PARAMETERS.bulk_pieces
    plan.order(
        ring,
        at=at,
        buyer=np.repeat(rng.permutation(days), each),
        product=draw_popular(rng, goods, len(at)),
        quantity=rng.integers(low, high + 1, len(at)),
        pay_seconds=np.where(chance(rng, 0.5, len(at)), rng.uniform(15.0, 70.0, len(at)), np.nan),
        review_chance=0.05,
        refund_chance=0.02,
    )


def _plant_merchant(plan: Plan, rng: Rng, merchant: int, least: int) -> int:
    """The fans, at least so many, and the bulk buyers of one shop; returns how many there are."""
    world, settings = plan.world, plan.settings
    if len(products_of(world, merchant, settings.start_s)) == 0:
        return 0
    market = int(world.merchants.market[merchant])
    fans = max(least, int(rng.integers(PARAMETERS.fans[0], PARAMETERS.fans[1] + 1)))
    bulk = int(rng.integers(PARAMETERS.bulk[0], PARAMETERS.bulk[1] + 1))
    fits = established_buyers(world, settings.start_s - 60 * DAY)
    people = rng.permutation(world.claim("buyer", rng, fans + bulk, market, fits))
    facts = (
        (
            f"{min(fans, len(people))} customers bought from this shop week after week "
            "and praised it within two days."
        ),
        f"{max(0, len(people) - fans)} accounts bought in bulk, several orders within an hour.",
        "Nobody among them shares a phone, a card or an address with another.",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    _rebuy(plan, rng, ring, merchant, people[:fans])
    _stock_up(plan, rng, ring, merchant, people[fans:])
    plan.admit(ring, "buyer", people, settings.start_s, settings.end_s)
    plan.admit(ring, "merchant", np.array([merchant]), settings.start_s, settings.end_s)
    return len(people)


def plant(plan: Plan) -> None:
    """Plant twice as many loyal buyers as there are paid and hostile ones."""
    rng = plan.stream(NAME)
    bad = sum(plan.admitted("buyer", name) for name in POSITIVES)
    missing = int(np.ceil(PARAMETERS.per_positive * bad))
    count = 2 + missing // PARAMETERS.fans[0]
    fits = merchants_selling(plan.world, PARAMETERS.daily, plan.settings.start_s - 30 * DAY)
    merchants = rng.permutation(plan.world.claim("merchant", rng, count, fits=fits))
    for number, merchant in enumerate(merchants.tolist()):
        if missing > 0:  # a small world has few shops left: they share the fans
            missing -= _plant_merchant(plan, rng, merchant, missing // (len(merchants) - number))
