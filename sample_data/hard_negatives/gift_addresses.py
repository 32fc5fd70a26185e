"""Gifts and group buys: T7 and T3 look-alike, cleared by who receives what and the own card.

Somebody sends presents to many homes, or orders for the whole street: billing is not
where the parcels go, or many accounts share one address.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Rng, chance
from sample_data.kit.settings import DAY
from sample_data.planting.account_tools import ProductSearch, products_like
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import established_buyers, moments, span_of

NAME = "HN_GIFT_ADDRESSES"
GIFT_CLEARS = "a card known for years, recipients with homes of their own, no vouchers, no disputes"
GROUP_CLEARS = "neighbours with own phones and cards, one delivery point, no vouchers, all received"
POSITIVE = "T7_PAYMENT_FRAUD"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: seasonal, recipient varies, no voucher concentration, low dispute."""

    per_positive: float = 2.3  # §3.2: at least twice the accounts that buy on stolen cards
    fewest: int = 20  # assumption
    givers: int = 6  # assumption: people of one ring of the truth, strangers to each other
    presents: tuple[int, int] = (3, 8)  # assumption
    present_usd: tuple[float, float] = (20.0, 140.0)  # assumption
    gift_days: tuple[float, float] = (2.0, 12.0)  # assumption: the weeks before a holiday
    billing_match: float = 0.05  # assumption: parcels go to other homes
    express_share: float = 0.5  # assumption
    declines: float = 0.12  # assumption: limits reached
    group: tuple[int, int] = (5, 12)  # assumption: neighbours of a group-buy leader
    group_orders: tuple[int, int] = (1, 4)  # assumption


PARAMETERS = Parameters()


def _give(plan: Plan, rng: Rng, number: int) -> None:
    """Strangers to each other, each sending presents to a handful of homes."""
    world, limits, market = plan.world, PARAMETERS, number % 4
    people = world.claim(
        "buyer", rng, limits.givers, market, established_buyers(world, plan.settings.start_s, 5.0)
    )
    begin = plan.settings.day_s(float(rng.uniform(4.0, plan.settings.days - 14.0)))
    span = (begin, begin + int(rng.uniform(*limits.gift_days) * DAY))
    buyer = np.repeat(people, rng.integers(limits.presents[0], limits.presents[1] + 1, len(people)))
    count = len(buyer)
    facts = (
        f"{len(people)} customers sent {count} presents to {count} homes, {span_of(*span)}",
        "always the card they have paid with before; nothing was disputed",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=GIFT_CLEARS))
    recipient = rng.choice(np.flatnonzero(world.buyers.market[:20_000] == market), count)
    plan.order(
        ring,
        at=moments(rng, market, span, count),
        buyer=rng.permutation(buyer),
        product=products_like(world, rng, ProductSearch(market, limits.present_usd, begin), count),
        address=world.buyers.address[recipient],
        is_express=chance(rng, limits.express_share, count).astype(np.int64),
        billing_match=limits.billing_match,
        declines=chance(rng, limits.declines, count).astype(np.float64),
        dispute_chance=0.0,
    )
    plan.admit(ring, "buyer", people, *span)


def _lead(plan: Plan, rng: Rng, number: int) -> None:
    """Neighbours who buy together and have it all sent to the one who is at home."""
    world, limits, market = plan.world, PARAMETERS, number % 4
    size = int(rng.integers(limits.group[0], limits.group[1] + 1))
    people = world.claim(
        "buyer", rng, size, market, established_buyers(world, plan.settings.start_s, 5.0)
    )
    begin = plan.settings.day_s(float(rng.uniform(4.0, plan.settings.days - 30.0)))
    span = (begin, begin + 28 * DAY)
    low, high = limits.group_orders
    buyer = np.repeat(people, rng.integers(low, high + 1, len(people)))
    count = len(buyer)
    facts = (
        f"{len(people)} neighbours ordered to one door, {span_of(*span)}, in a few rounds",
        "each with an own phone and card; full prices, no disputes",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=GROUP_CLEARS))
    rounds = moments(rng, market, span, 4)
    plan.order(
        ring,
        at=rng.choice(rounds, count) + rng.integers(0, DAY // 4, count),
        buyer=buyer,
        product=rng.choice(
            products_like(world, rng, ProductSearch(market, (5.0, 60.0), begin), 6), count
        ),
        address=world.buyers.address[people[0]],
        billing_match=0.4,
        dispute_chance=0.0,
    )
    plan.admit(ring, "buyer", people, *span)


def plant(plan: Plan) -> None:
    """Alternate between givers and group-buy leaders until there are enough people."""
    rng = plan.stream(NAME)
    needed = max(PARAMETERS.fewest, PARAMETERS.per_positive * plan.admitted("buyer", POSITIVE))
    per_ring = (PARAMETERS.givers + sum(PARAMETERS.group) / 2) / 2
    for number in range(int(np.ceil(needed / per_ring)) + 1):
        (_give if number % 2 == 0 else _lead)(plan, rng, number // 2)
