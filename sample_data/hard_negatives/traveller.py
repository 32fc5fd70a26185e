"""A traveller with a new phone: T8 look-alike, cleared by the code they had and what they buy."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring, SignIn
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting.account_tools import ProductSearch, products_like
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import established_buyers

NAME = "HN_TRAVELLER"
CLEARS = "a code sent to the old number was entered, and the spending stays within the own range"
POSITIVE = "T8_ACCOUNT_TAKEOVER"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: step-up passed, spend within own range."""

    per_positive: float = 2.3  # DOMAIN: at least twice the accounts taken over
    fewest: int = 24  # assumption
    party: int = 8  # assumption: people of one ring of the truth, strangers to each other
    change_minutes: tuple[float, float] = (4.0, 55.0)  # assumption: new SIM, new number
    change_share: float = 0.7  # assumption: who change the number or the password
    hotel_share: float = 0.4  # assumption: parcels to where they stay
    orders: tuple[int, int] = (1, 2)  # assumption: within a day
    order_hours: tuple[float, float] = (0.3, 20.0)  # assumption
    spend_usd: tuple[float, float] = (8.0, 70.0)  # DOMAIN: spend within own range


PARAMETERS = Parameters()


def _arrive(plan: Plan, rng: Rng, ring: int, people: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Sign-in on a new phone from abroad, a code, new contact data; returns phones, networks."""
    world, count = plan.world, len(people)
    home = int(world.buyers.market[people[0]])
    abroad = np.concatenate([p for code, p in enumerate(world.carrier_ips) if code != home])
    phone, ip = world.new_identifiers("device", count), rng.choice(abroad, count)
    plan.sign_in(ring, SignIn("buyer", people, at, "login", phone, ip))
    plan.sign_in(ring, SignIn("buyer", people, at + 40, "step_up_passed", phone, ip))
    later = (at + rng.uniform(*PARAMETERS.change_minutes, count) * 60.0).astype(np.int64)
    changes, number = chance(rng, PARAMETERS.change_share, count), chance(rng, 0.6, count)
    for kind, rows in (("phone_change", changes & number), ("password_change", changes & ~number)):
        plan.sign_in(ring, SignIn("buyer", people[rows], later[rows], kind, phone[rows], ip[rows]))
    return phone, ip


def _stay(
    plan: Plan, rng: Rng, ring: int, people: Ints, at: Ints, tools: tuple[Ints, Ints]
) -> Ints:
    """Where their parcels go: home, or the hotel they enter as a new address."""
    away = chance(rng, PARAMETERS.hotel_share, len(people))
    address = plan.world.buyers.address[people].copy()
    address[away] = plan.world.new_identifiers("address", int(away.sum()))
    moved, (phone, ip) = at + int(1.1 * HOUR), tools
    moves = SignIn("buyer", people[away], moved[away], "address_change", phone[away], ip[away])
    plan.sign_in(ring, moves)
    return address


def _buy(plan: Plan, rng: Rng, ring: int, people: Ints, at: Ints, tools: tuple[Ints, Ints]) -> None:
    """A few ordinary purchases with the usual card."""
    limits, address = PARAMETERS, _stay(plan, rng, ring, people, at, tools)
    low, high = limits.orders
    who = np.repeat(np.arange(len(people)), rng.integers(low, high + 1, len(people)))
    wait = 1.2 + rng.uniform(*limits.order_hours, len(who))
    market = int(plan.world.buyers.market[people[0]])
    search = ProductSearch(market, limits.spend_usd, plan.settings.start_s)
    plan.order(
        ring,
        at=(at[who] + wait * HOUR).astype(np.int64),
        buyer=people[who],
        product=products_like(plan.world, rng, search, len(who)),
        device=tools[0][who],
        ip=tools[1][who],
        address=address[who],
        payment=plan.world.buyers.payment[people[who]],
    )


def plant(plan: Plan) -> None:
    """Send people abroad, each at their own time."""
    rng, settings = plan.stream(NAME), plan.settings
    needed = PARAMETERS.per_positive * plan.admitted("buyer", POSITIVE)
    parties = int(np.ceil(max(PARAMETERS.fewest, needed) / PARAMETERS.party))
    fits = established_buyers(plan.world, settings.start_s, 5.0)
    for number in range(parties):
        people = plan.world.claim("buyer", rng, PARAMETERS.party, number % 4, fits)
        if not people.size:
            continue
        at = settings.start_s + (rng.uniform(6.0, settings.days - 4.0, len(people)) * DAY).astype(
            np.int64
        )
        facts = (
            f"{len(people)} customers signed in on a new phone from abroad, each on another day",
            "every one of them entered a code sent to the number on file before changing anything",
            "they spent what they usually spend, with the card they always use",
        )
        ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
        tools = _arrive(plan, rng, ring, people, at)
        _buy(plan, rng, ring, people, at, tools)
        plan.admit(ring, "buyer", people, int(at.min()), int(at.max()) + DAY)
