"""A dorm, office or pickup locker: one address for many, cleared by their own phones and cards."""

from dataclasses import dataclass

import numpy as np

from sample_data.demand import local_shop, pick_product
from sample_data.randomness import Ints, Rng
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "HN_DORM_ADDRESS"
CLEARS = "own devices and cards, arrivals spread over weeks, different shops and categories"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: 20-2,000 accounts on one address or network."""

    dorms: float = 26.0  # assumption
    residents: tuple[int, int] = (20, 110)  # DOMAIN, lower part of 20-2,000
    newcomer_share: float = 0.3  # assumption: term starts inside the period


PARAMETERS = Parameters()


def _residents(set_: Set, rng: Rng, market: int) -> Ints:
    """People of one market, some of whom opened their account in the period."""
    buyers, start = set_.world.buyers, set_.settings.start_s
    count = int(rng.integers(*PARAMETERS.residents) * min(1.0, 0.4 + set_.settings.scale))
    here = buyers.market == market
    fresh = int(count * PARAMETERS.newcomer_share)
    new = set_.world.claim(
        "buyer", rng, fresh, here & (buyers.registered >= start) & (buyers.weight > 0)
    )
    old = set_.world.claim("buyer", rng, count - fresh, here & (buyers.registered < start))
    return np.concatenate((old, new))


def _parcels(set_: Set, rng: Rng, ring: int, residents: Ints) -> None:
    """An order or two per resident, vouchers like any newcomer's."""
    buyers, settings = set_.world.buyers, set_.settings
    buyer = np.repeat(residents, rng.integers(1, 4, len(residents)))
    begin = np.maximum(buyers.registered[buyer] + HOUR, settings.start_s)
    new = buyers.registered[buyer] >= settings.start_s
    wait = np.where(
        new,
        rng.uniform(0.05, 9.0, len(buyer)) * DAY,
        (settings.end_s - begin) * rng.random(len(buyer)),
    )
    at = (begin + wait).astype(np.int64)
    market = buyers.market[buyer]
    product = pick_product(rng, set_.world, local_shop(rng, set_.world, market))
    listed = set_.world.products.listed[product] <= at
    voucher = np.where(
        new & (rng.random(len(buyer)) < 0.6), set_.promotions.open_launch(market, at), -1
    )
    set_.order(
        ring, at=at[listed], buyer=buyer[listed], product=product[listed], voucher=voucher[listed]
    )


def plant(set_: Set) -> None:
    """House many strangers under one roof."""
    rng, buyers, settings = set_.stream(NAME), set_.world.buyers, set_.settings
    for number in range(set_.count(PARAMETERS.dorms, 4)):
        residents = _residents(set_, rng, number % 4)
        buyers.address[residents] = set_.world.new_identifiers("address", 1)[0]
        buyers.ip[residents] = set_.world.new_identifiers("ip", 1)[0]
        ring = set_.plant(
            Ring(NAME, ("dorm", "office", "locker")[number % 3], "", True, CLEARS, "none")
        )
        _parcels(set_, rng, ring, residents)
        set_.admit(ring, "buyer", residents, settings.start_s, settings.end_s)
