"""A traveller with a new phone: T8 look-alike, cleared by the code they had and what they buy."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring, SignIn
from sample_data.kit.randomness import Bools, Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting.account_tools import ProductSearch, products_like
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import established_buyers

NAME = "HN_TRAVELLER"
CLEARS = "a code sent to the old number was entered, and the spending stays within the own range"
POSITIVE = "T8_ACCOUNT_TAKEOVER"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: step-up passed, spend within own range."""

    per_positive: float = 2.3  # §3.2: at least twice the accounts taken over
    fewest: int = 24  # assumption
    party: int = 8  # assumption: people of one ring of the truth, strangers to each other
    change_minutes: tuple[float, float] = (4.0, 55.0)  # assumption: new SIM, new number
    change_share: float = 0.7  # assumption: who change the number or the password
    hotel_share: float = 0.4  # assumption: parcels to where they stay
    orders: tuple[int, int] = (1, 2)  # assumption: within a day
    order_hours: tuple[float, float] = (0.3, 20.0)  # assumption
    spend_usd: tuple[float, float] = (8.0, 70.0)  # §3.2: spend within own range


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Party:
    """Travellers of one ring, when each arrives, and the phone and network used there."""

    ring: int
    people: Ints
    at: Ints
    phone: Ints
    ip: Ints

    def sign_in(self, rows: Bools, at: Ints, kind: str) -> SignIn:
        """What those at some rows do to their accounts."""
        return SignIn("buyer", self.people[rows], at[rows], kind, self.phone[rows], self.ip[rows])


def _arrive(plan: Plan, rng: Rng, ring: int, people: Ints, at: Ints) -> Party:
    """Sign-in on a new phone from abroad, a code, new contact data."""
    world, count = plan.world, len(people)
    home = int(world.buyers.market[people[0]])
    abroad = np.concatenate([p for code, p in enumerate(world.carrier_ips) if code != home])
    phone, ip = world.new_identifiers("device", count), rng.choice(abroad, count)
    party, everybody = Party(ring, people, at, phone, ip), np.ones(count, dtype=bool)
    plan.sign_in(ring, party.sign_in(everybody, at, "login"))
    plan.sign_in(ring, party.sign_in(everybody, at + 40, "step_up_passed"))
    later = (at + rng.uniform(*PARAMETERS.change_minutes, count) * 60.0).astype(np.int64)
    changes, number = chance(rng, PARAMETERS.change_share, count), chance(rng, 0.6, count)
    for kind, rows in (("phone_change", changes & number), ("password_change", changes & ~number)):
        plan.sign_in(ring, party.sign_in(rows, later, kind))
    return party


def _stay(plan: Plan, rng: Rng, party: Party) -> Ints:
    """Where their parcels go: home, or the hotel they enter as a new address."""
    away = chance(rng, PARAMETERS.hotel_share, len(party.people))
    address = plan.world.buyers.address[party.people].copy()
    address[away] = plan.world.new_identifiers("address", int(away.sum()))
    plan.sign_in(party.ring, party.sign_in(away, party.at + int(1.1 * HOUR), "address_change"))
    return address


def _buy(plan: Plan, rng: Rng, party: Party) -> None:
    """A few ordinary purchases with the usual card."""
    limits, people, address = PARAMETERS, party.people, _stay(plan, rng, party)
    low, high = limits.orders
    who = np.repeat(np.arange(len(people)), rng.integers(low, high + 1, len(people)))
    wait = 1.2 + rng.uniform(*limits.order_hours, len(who))
    market = int(plan.world.buyers.market[people[0]])
    search = ProductSearch(market, limits.spend_usd, plan.settings.start_s)
    plan.order(
        party.ring,
        at=(party.at[who] + wait * HOUR).astype(np.int64),
        buyer=people[who],
        product=products_like(plan.world, rng, search, len(who)),
        device=party.phone[who],
        ip=party.ip[who],
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
        _buy(plan, rng, _arrive(plan, rng, ring, people, at))
        plan.admit(ring, "buyer", people, int(at.min()), int(at.max()) + DAY)
