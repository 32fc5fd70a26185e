"""A family that shares a phone or a tablet: T3 look-alike, cleared by surname, card and history."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_data.hard_negatives import dorm_address
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Bools, Ints, Rng
from sample_data.planting.plan import Plan

NAME = "HN_FAMILY_DEVICE"
CLEARS = "same surname and address, one card, months of history, different categories"
FACTS = (
    "two to six accounts on one phone, at one address, mostly on one card",
    "the same surname, months of orders, different shops and categories",
)
# What it looks like: accounts that share phones, homes or cards.
LOOKS_LIKE = (
    "T1_BRUSHING",
    "T3_INCENTIVE_ABUSE",
    "T4_AFFILIATE_FRAUD",
    "T9_REFUND_ABUSE",
    "T15_CROSS_DOMAIN",
    "UNSEEN_VALUE_TRANSFER",
)
LARGEST = 6  # accounts of one household


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: 2-6 accounts on one device."""

    per_positive: float = 2.2  # §3.2: at least twice the positives, with the dorms
    least_families: float = 120.0  # assumption: however many dorms there are
    mean_size: float = 2.6  # assumption: members of a household with several accounts
    joint_card_share: float = 0.7  # §3.2: one payment for all
    own_phone_share: float = 0.35  # assumption: members who also have their own phone
    orders: tuple[int, int] = (1, 2)  # assumption: per member, besides what they buy anyway
    settling_days: tuple[float, float] = (0.05, 4.0)  # assumption: new members, after sign-up
    voucher_share: float = 1.0  # assumption: new members take their first-order offer


PARAMETERS = Parameters()


def _families_missing(plan: Plan) -> int:
    """Families still to plant for the asked ratio to bad accounts, with the dorms counted."""
    people = PARAMETERS.per_positive * len(plan.stories.entities_of("buyer", LOOKS_LIKE))
    people -= len(plan.stories.entities_of("buyer", (dorm_address.NAME,)))
    least = plan.count(PARAMETERS.least_families, 10)
    return max(least, int(np.ceil(people / PARAMETERS.mean_size)))


def _families(plan: Plan, rng: Rng, count: int) -> Iterator[Ints]:
    """Households of several accounts that no other story holds; now held."""
    world, household = plan.world, plan.world.buyers.household
    last = len(household) - 1

    def eldest(who: Ints) -> Bools:
        home = household[who]
        first = (who == 0) | (household[np.maximum(who - 1, 0)] != home)
        several: Bools = first & (who < last) & (household[np.minimum(who + 1, last)] == home)
        return several

    heads, story_buyers = (
        world.claim("buyer", rng, count, None, eldest),
        world.story_actors["buyer"],
    )
    for head in heads.tolist():
        near = np.arange(head, min(head + LARGEST, last + 1))
        home = near[household[near] == household[head]].tolist()
        members = [head, *(who for who in home[1:] if who not in story_buyers)]
        story_buyers.update(members)
        if len(members) > 1:
            yield np.array(members, dtype=np.int64)


def _share_a_phone(plan: Plan, rng: Rng, members: Ints) -> None:
    """One phone for all, own ones for some, one card for most families."""
    buyers = plan.world.buyers
    common_phone = buyers.device[members[0]]
    own = rng.random(len(members)) < PARAMETERS.own_phone_share
    buyers.second_device[members] = np.where(own, buyers.device[members], common_phone)
    buyers.device[members] = common_phone
    if rng.random() < PARAMETERS.joint_card_share:
        buyers.payment[members] = buyers.payment[members[0]]


def plant(plan: Plan) -> None:
    """Let families share a device."""
    rng, settings = plan.stream(NAME), plan.settings
    honest = Ring(NAME, "honest", facts=FACTS, clears_because=CLEARS)
    families, rings = [], []
    for members in _families(plan, rng, _families_missing(plan)):
        _share_a_phone(plan, rng, members)
        families.append(members)
        rings.append(plan.plant(honest))
        plan.admit(rings[-1], "buyer", members, settings.start_s, settings.end_s)
    people = np.concatenate(families)
    ring = np.repeat(rings, [len(members) for members in families])
    low, high = PARAMETERS.orders
    each = rng.integers(low, high + 1, len(people))
    newcomers = dorm_address.Newcomers(PARAMETERS.voucher_share, PARAMETERS.settling_days)
    dorm_address.visits(plan, rng, np.repeat(ring, each), np.repeat(people, each), newcomers)
