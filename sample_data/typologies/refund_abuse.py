"""T9 refund abuse: buyers who claim most of what they buy back, alone or in rings."""

from dataclasses import dataclass

import numpy as np

from sample_data.aftersales import NOT_AS_DESCRIBED, NOT_RECEIVED
from sample_data.markets import per_market
from sample_data.randomness import Ints, Rng, chance
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "T9_REFUND_ABUSE"


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T9; "assumption" where it gives none."""

    singles: float = 220.0  # DOMAIN base: 0.5-1 % of buyers
    rings: float = 6.0  # assumption
    ring_size: tuple[int, int] = (5, 24)  # DOMAIN: 5-50 accounts share a claim text
    orders: tuple[int, int] = (10, 22)  # DOMAIN: refund rate over at least 8 orders
    refund_chance: tuple[float, float] = (0.66, 0.92)  # DOMAIN: > 60 %
    not_received_share: float = 0.45  # assumption: INR with proof of delivery
    return_ratio: tuple[float, float] = (0.05, 0.65)  # DOMAIN: return weight -30 to -100 %
    proof_threshold_usd: float = 50.0  # assumption: above it a claim needs proof
    under_threshold: tuple[float, float] = (0.55, 0.98)  # DOMAIN: just below the proof threshold
    targeted_share: float = 0.6  # assumption: of orders aimed below the threshold
    per_device: int = 5  # assumption: accounts of a ring per phone
    active_days: tuple[float, float] = (25.0, 55.0)  # assumption


PARAMETERS = Parameters()


def _targets(set_: Set, rng: Rng, market: int, count: int) -> Ints:
    """Listings worth just under the proof threshold, mixed with anything."""
    world = set_.world
    own = world.merchants.market[world.products.merchant] == market
    usd = world.products.price_minor / 100.0 * per_market("usd_per_unit")[market]
    low, high = (share * PARAMETERS.proof_threshold_usd for share in PARAMETERS.under_threshold)
    old = own & (world.products.listed < set_.settings.start_s)
    inside = np.flatnonzero(old & (usd >= low) & (usd <= high))
    anything = np.flatnonzero(old)
    aimed = chance(rng, PARAMETERS.targeted_share, count)
    return np.where(aimed, rng.choice(inside, count), rng.choice(anything, count))


def _abuse(set_: Set, rng: Rng, ring: int, accounts: Ints, start: int, copied: int) -> None:
    """The orders of one abuser or one ring; `copied` < 0 = own words."""
    each = rng.integers(PARAMETERS.orders[0], PARAMETERS.orders[1] + 1, len(accounts))
    buyer = np.repeat(accounts, each)
    count, market = len(buyer), int(set_.world.buyers.market[accounts[0]])
    length = rng.uniform(*PARAMETERS.active_days) * DAY
    begin = np.maximum(start, set_.world.buyers.registered[buyer] + HOUR)
    at = (begin + rng.random(count) * length).astype(np.int64)
    missing = chance(rng, PARAMETERS.not_received_share, count)
    set_.order(
        ring,
        at=at,
        buyer=buyer,
        product=_targets(set_, rng, market, count),
        cancel_chance=0.0,
        refund_chance=float(rng.uniform(*PARAMETERS.refund_chance)),
        refund_reason=np.where(missing, NOT_RECEIVED, NOT_AS_DESCRIBED).astype(np.float64),
        refund_days=0.5 + 5.0 * rng.random(count),
        return_chance=0.6,
        return_ratio=rng.uniform(*PARAMETERS.return_ratio, count),
        copied_claim=np.where(chance(rng, 0.8, count), float(copied), np.nan)
        if copied >= 0
        else np.nan,
        review_chance=0.06,
    )
    set_.admit(ring, "buyer", accounts, start, int(at.max()))


def _crew(set_: Set, rng: Rng, market: int, start: int) -> Ints:
    """A ring of accounts on few phones."""
    size = int(rng.integers(PARAMETERS.ring_size[0], PARAMETERS.ring_size[1] + 1))
    accounts = set_.world.enlist(
        rng, market, start - (rng.uniform(2.0, 90.0, size) * DAY).astype(np.int64)
    )
    phones = set_.world.new_identifiers("device", max(1, size // PARAMETERS.per_device))
    set_.world.buyers.device[accounts] = phones[np.arange(size) % len(phones)]
    set_.world.buyers.second_device[accounts] = set_.world.buyers.device[accounts]
    return accounts


def plant(set_: Set) -> None:
    """Plant single abusers and rings, every second one recent."""
    rng, buyers = set_.stream(NAME), set_.world.buyers
    singles = set_.count(PARAMETERS.singles, 12)
    starts = set_.starts(rng, singles, 4.0, 20.0) - 20 * DAY
    starts = np.maximum(starts, set_.settings.start_s + 2 * DAY)
    settled = buyers.registered < set_.settings.start_s - 20 * DAY
    chosen = set_.world.claim("buyer", rng, singles, settled & (buyers.weight > 0.2))
    for account, start in zip(rng.permutation(chosen), starts, strict=True):
        ring = set_.plant(Ring(NAME, "single", "merchant", False, "", "refund"))
        _abuse(set_, rng, ring, np.array([account]), int(start), -1)
    count = set_.count(PARAMETERS.rings, 2)
    for number, start in enumerate(set_.starts(rng, count, 4.0, 20.0) - 10 * DAY):
        ring = set_.plant(Ring(NAME, "ring with copied claims", "merchant", False, "", "refund"))
        crew = _crew(set_, rng, number % 4, int(start))
        _abuse(set_, rng, ring, crew, int(start), number)
