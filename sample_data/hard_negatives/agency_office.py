"""An agency whose creators stream from one office: T2 and T10 look-alike, cleared by its papers."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.markets import per_market
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Bools, Ints, Rng, chance, pick_weighted
from sample_data.planting.plan import Plan

NAME = "HN_AGENCY_OFFICE"
CLEARS = "declared agency, payouts to it by contract, audiences that hardly overlap"
FACTS = (
    "All creators stream over one office network and name the same agency.",
    "Studios share phones, and part of the payouts goes to the agency's account.",
    "Their buyers hardly overlap: each creator has an audience of their own.",
)


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: an agency with 50 creators on one office network."""

    creators: float = 50.0  # §3.2: of one office
    per_positive: float = 1.2  # assumption: with the viral evenings, over twice the bad creators
    creators_per_office: int = (
        8  # assumption: an office holds at most one in so many creators of a small world
    )
    studio: tuple[int, int] = (2, 5)  # assumption: creators who share one streaming phone
    studio_share: float = 0.5  # assumption: of the creators
    paid_by_agency: float = 0.6  # assumption: of the creators


PARAMETERS = Parameters()


def _studios(plan: Plan, rng: Rng, members: Ints) -> None:
    """Some members stream with the phone of a studio."""
    inside = rng.permutation(members[chance(rng, PARAMETERS.studio_share, len(members))])
    size = rng.integers(PARAMETERS.studio[0], PARAMETERS.studio[1] + 1, max(1, len(inside)))
    studio = np.repeat(np.arange(len(size)), size)[: len(inside)]
    phones = plan.world.new_identifiers("device", len(size))
    plan.world.creators.device[inside] = phones[studio]


def _open(plan: Plan, rng: Rng, members: Ints) -> None:
    """One office: its network, its agency and its payout account."""
    world, creators = plan.world, plan.world.creators
    creators.agency[members] = int(creators.agency.max()) + 1
    creators.ip[members] = world.new_identifiers("ip", 1)[0]
    paid = members[chance(rng, PARAMETERS.paid_by_agency, len(members))]
    creators.bank[paid] = world.new_identifiers("bank_account", 1)[0]
    _studios(plan, rng, members)
    since, until = plan.settings.start_s, plan.settings.end_s - 1
    ring = plan.plant(Ring(NAME, "honest", facts=FACTS, clears_because=CLEARS))
    plan.admit(ring, "creator", members, since, until)


def plant(plan: Plan) -> None:
    """Open as many offices as it takes to outnumber the bad creators."""
    rng, limits, world = plan.stream(NAME), PARAMETERS, plan.world
    needed = max(plan.count(limits.creators, 10), plan.admitted("creator") * limits.per_positive)
    size = int(
        min(limits.creators, max(10, len(world.creators.market) // limits.creators_per_office))
    )

    def before_start(rows: Ints) -> Bools:
        is_established: Bools = world.creators.registered_at[rows] < plan.settings.start_s
        return is_established

    for market in pick_weighted(rng, per_market("share"), int(np.ceil(needed / size))).tolist():
        members = world.claim("creator", rng, size, market, before_start)
        if len(members):
            _open(plan, rng, members)
