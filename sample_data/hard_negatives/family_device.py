"""A family that shares a phone or a tablet: T3 look-alike, cleared by surname, card and history."""

from dataclasses import dataclass

import numpy as np

from sample_data.demand import local_shop, pick_product
from sample_data.randomness import Ints, Rng
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "HN_FAMILY_DEVICE"
CLEARS = "same surname and address, one card, months of history, different categories"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: 2-6 accounts on one device."""

    per_positive: float = 2.2  # DOMAIN: at least twice the positives, with the dorms
    share_of_homes: float = 0.85  # most families there can be, of the homes with two accounts
    joint_card_share: float = 0.7  # DOMAIN: one payment for all
    own_phone_share: float = 0.35  # assumption: members who also have their own phone
    late_member_share: float = 0.3  # assumption: somebody joins in the period, with a voucher


PARAMETERS = Parameters()


def _homes(set_: Set, rng: Rng) -> list[Ints]:
    """Households of two to five accounts nobody else claimed, enough for the dorms' other half."""
    buyers = set_.world.buyers
    free = np.flatnonzero(~set_.world.claimed["buyer"])
    home = buyers.household[free]
    order = np.argsort(home, kind="stable")
    groups = np.split(free[order], np.flatnonzero(np.diff(home[order])) + 1)
    families = [group for group in groups if len(group) >= 2]
    drawn = rng.permutation(len(families))[: int(PARAMETERS.share_of_homes * len(families))]
    people = np.cumsum([len(families[int(index)]) for index in drawn])
    count = 1 + int(np.searchsorted(people, _missing(set_)))
    return [families[int(index)] for index in np.sort(drawn[:count])]


def _missing(set_: Set) -> float:
    """Honest buyers still to plant for the asked ratio to bad ones."""
    kind = {number: ring.is_hard_negative for number, ring in enumerate(set_.rings)}
    buyers = [member for member in set_.members if member.entity_type == "buyer"]
    bad = {member.entity for member in buyers if not kind[member.ring]}
    good = {member.entity for member in buyers if kind[member.ring]}
    return PARAMETERS.per_positive * len(bad) - len(good)


def _visits(set_: Set, rng: Rng, ring: int, members: Ints) -> None:
    """One or two orders per member over the weeks, new members with their first-order offer."""
    settings, buyers = set_.settings, set_.world.buyers
    buyer = np.repeat(members, rng.integers(1, 3, len(members)))
    begin = np.maximum(buyers.registered[buyer] + HOUR, settings.start_s)
    new = buyers.registered[buyer] >= settings.start_s
    wait = np.where(
        new,
        rng.uniform(0.05, 4.0, len(buyer)) * DAY,
        (settings.end_s - begin) * rng.random(len(buyer)),
    )
    market = buyers.market[buyer]
    at = (begin + wait).astype(np.int64)
    product = pick_product(rng, set_.world, local_shop(rng, set_.world, market))
    listed = set_.world.products.listed[product] <= at
    voucher = set_.promotions.open_launch(market, at)
    set_.order(
        ring,
        at=at[listed],
        buyer=buyer[listed],
        product=product[listed],
        voucher=np.where(new, voucher, -1)[listed],
    )


def plant(set_: Set) -> None:
    """Let families share a device."""
    rng, buyers, settings = set_.stream(NAME), set_.world.buyers, set_.settings
    for members in _homes(set_, rng):
        set_.world.claimed["buyer"][members] = True
        shared = buyers.device[members[0]]
        own = rng.random(len(members)) < PARAMETERS.own_phone_share
        buyers.second_device[members] = np.where(own, buyers.device[members], shared)
        buyers.device[members] = shared
        if rng.random() < PARAMETERS.joint_card_share:
            buyers.payment[members] = buyers.payment[members[0]]
        ring = set_.plant(Ring(NAME, "family", "", True, CLEARS, "none"))
        _visits(set_, rng, ring, members)
        set_.admit(ring, "buyer", members, settings.start_s, settings.end_s)
