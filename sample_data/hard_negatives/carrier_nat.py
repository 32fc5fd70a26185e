"""Hundreds of people behind one carrier address: T3 and T8 look-alike, cleared by its kind."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring, SignIn
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import HOUR
from sample_data.period.shopping_habits import everyday_orders
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import established_buyers, span_of

NAME = "HN_CARRIER_NAT"
CLEARS = (
    "the address is a mobile carrier's and serves hundreds of people; phones, cards and "
    "home addresses are all different"
)


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: hundreds to thousands of users per address."""

    gates: float = 6.0  # assumption
    people: tuple[int, int] = (40, 110)  # §3.2: hundreds, with the everyday users of the gate
    orders: tuple[int, int] = (1, 3)  # assumption
    failed_share: float = 0.5  # assumption: people who mistype on a small keyboard
    errors: tuple[int, int] = (1, 3)  # assumption


PARAMETERS = Parameters()


def _mistype(plan: Plan, rng: Rng, ring: int, people: Ints, at: Ints, gate: int) -> None:
    """Wrong passwords from one network, by many: human, though it looks like a list."""
    fails = np.flatnonzero(chance(rng, PARAMETERS.failed_share, len(people)))
    low, high = PARAMETERS.errors
    who = np.repeat(fails, rng.integers(low, high + 1, len(fails)))
    when = at[who] - (60.0 + 500.0 * rng.random(len(who))).astype(np.int64)
    phone = plan.world.buyers.device[people]
    plan.sign_in(ring, SignIn("buyer", people[who], when, "login_failed", phone[who], gate))
    plan.sign_in(ring, SignIn("buyer", people, at - 40, "login", phone, gate))


def plant(plan: Plan) -> None:
    """Let crowds order from behind one address for a few weeks."""
    rng, settings, world = plan.stream(NAME), plan.settings, plan.world
    low, high = PARAMETERS.people
    fits = established_buyers(world, settings.start_s, 4.0)
    for number in range(plan.count(PARAMETERS.gates, 2)):
        market = number % 4
        people = world.claim("buyer", rng, int(rng.integers(low, high + 1)), market, fits)
        begin = settings.day_s(float(rng.uniform(3.0, settings.days - 36.0)))
        span = (begin, begin + int(rng.uniform(20.0, 34.0) * 24 * HOUR))
        gate = int(rng.choice(world.carrier_ips[market]))
        buyer = np.repeat(
            people, rng.integers(PARAMETERS.orders[0], PARAMETERS.orders[1] + 1, len(people))
        )
        facts = (
            f"{len(people)} buyers on one network address, {span_of(*span)}, with wrong passwords",
            "the address is a mobile carrier's gate; every buyer has an own phone, card and home",
        )
        ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
        everyday = everyday_orders(rng, world, buyer, span)
        columns = {name: everyday[name].to_numpy() for name in ("at", "buyer", "product")}
        plan.order(ring, **columns, ip=gate)
        _, first = np.unique(columns["buyer"], return_index=True)
        _mistype(plan, rng, ring, columns["buyer"][first], columns["at"][first], gate)
        plan.admit(ring, "buyer", people, *span)
