"""Shops behind one forwarder: T5 and T10 look-alike, cleared by owners, weights and deliveries.

A logistics firm stores, packs and takes returns for shops that have nothing else in
common; its lorry leaves when it is full, so the first scan comes late.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.markets import per_market
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Ints, Rng, pick_weighted
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    draw_popular,
    merchants_selling,
    moments,
    products_of,
    walk_in,
)

NAME = "HN_FORWARDER"
CLEARS = (
    "different owners, banks and back offices behind one return address; parcel weights match "
    "the goods and next to nothing is reported missing"
)
POSITIVE = "T5_FAKE_FULFILMENT"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: dropshipper, forwarder or 3PL with a shared return address."""

    per_positive: float = 2.3  # §3.2: at least twice the positives
    group: tuple[int, int] = (6, 9)  # assumption: shops of one forwarder on top of its others
    daily: tuple[float, float] = (0.02, 8.0)  # assumption: small shops share more
    orders: tuple[int, int] = (12, 40)  # assumption: seen through the forwarder, per shop
    gap_hours: tuple[float, float] = (30.0, 110.0)  # assumption: until the lorry is full


PARAMETERS = Parameters()


def _send(plan: Plan, rng: Rng, ring: int, merchant: int) -> None:
    """Orders that wait for the lorry and then arrive as they should."""
    settings, market = plan.settings, int(plan.world.merchants.market[merchant])
    goods = products_of(plan.world, merchant, settings.start_s)
    count = int(rng.integers(PARAMETERS.orders[0], PARAMETERS.orders[1] + 1))
    at = moments(rng, market, (settings.start_s, settings.end_s), count)
    buyer = walk_in(plan, rng, market, at)
    if len(goods):
        plan.order(
            ring,
            at=at[buyer >= 0],
            buyer=buyer[buyer >= 0],
            product=draw_popular(rng, goods, count)[buyer >= 0],
            scan_gap_hours=rng.uniform(*PARAMETERS.gap_hours, count)[buyer >= 0],
        )


def _house(plan: Plan, merchants: Ints) -> None:
    """One return address and one warehouse for all; the first shop's warehouse is the firm's."""
    all_merchants = plan.world.merchants
    all_merchants.return_address[merchants] = plan.world.new_identifiers("address", 1)[0]
    all_merchants.warehouse[merchants] = all_merchants.warehouse[merchants[0]]


def plant(plan: Plan) -> None:
    """Give twice as many honest shops to forwarders as there are fake senders."""
    rng, settings = plan.stream(NAME), plan.settings
    missing = int(np.ceil(PARAMETERS.per_positive * plan.admitted("merchant", POSITIVE)))
    fits = merchants_selling(plan.world, PARAMETERS.daily, settings.start_s)
    for _ in range(missing):  # at most that many forwarders
        market = int(pick_weighted(rng, per_market("share"), 1)[0])
        size = int(rng.integers(PARAMETERS.group[0], PARAMETERS.group[1] + 1))
        merchants = plan.world.claim("merchant", rng, size, market, fits)
        if len(merchants) < 2:
            continue
        missing -= len(merchants)
        _house(plan, merchants)
        facts = (
            (
                f"{len(merchants)} shops share a return address and a warehouse "
                "all through the period."
            ),
            "Their parcels are first scanned one to four days after the dispatch mark.",
            "Payout accounts, office devices and ranges of goods differ from shop to shop.",
        )
        ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
        for merchant in merchants.tolist():
            _send(plan, rng, ring, merchant)
        plan.admit(ring, "merchant", merchants, settings.start_s, settings.end_s)
        if missing <= 0:
            return
