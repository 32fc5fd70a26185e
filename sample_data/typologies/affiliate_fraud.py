"""T4 affiliate fraud: a creator's own circle buys through the link and refunds after the payout."""

from dataclasses import dataclass

import numpy as np

from sample_data.demand import pick_product
from sample_data.markets import AFFILIATE
from sample_data.randomness import Ints, Rng, chance
from sample_data.settings import DAY, HOUR
from sample_data.stories import Ring, Set

NAME = "T4_AFFILIATE_FRAUD"
ROTATED = "rotated identifiers"


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T4; "assumption" where it gives none."""

    creators: float = 26.0  # assumption: 1-3 % of paid creators (DOMAIN base)
    accounts: tuple[int, int] = (4, 14)  # assumption: linked buyers per creator
    orders_per_account: tuple[int, int] = (2, 7)  # assumption
    own_device_share: float = 0.45  # DOMAIN: 20-97 % linked by device, address or payment
    same_address_share: float = 0.5  # assumption, as above
    same_payment_share: float = 0.35  # assumption, as above
    rotated: float = 0.3  # assumption: share of those links left when identifiers are rotated
    click_seconds: tuple[float, float] = (0.8, 4.9)  # DOMAIN: below 5 s
    fast_share: float = 0.8  # assumption: the rest is usual
    prior_view: float = 0.06  # DOMAIN: no prior view
    refund_chance: float = 0.78  # DOMAIN: > 60 % return is suspicious
    refund_days: tuple[float, float] = (12.0, 25.0)  # DOMAIN, after delivery; good 1-9
    commission_rate: tuple[float, float] = (0.22, 0.38)  # DOMAIN: raised <= 3 d before
    campaign_days: tuple[float, float] = (10.0, 32.0)  # assumption


PARAMETERS = Parameters()


def _circle(set_: Set, rng: Rng, creator: int, start: int) -> Ints:
    """Linked buyers: partly old accounts of friends, partly opened for the purpose."""
    world, market = set_.world, int(set_.world.creators.market[creator])
    count = int(rng.integers(PARAMETERS.accounts[0], PARAMETERS.accounts[1] + 1))
    known = world.buyers.registered < start - 30 * DAY
    old = world.claim("buyer", rng, count // 2, known & (world.buyers.market == market))
    opened = start - (rng.uniform(1.0, 40.0, count - len(old)) * DAY).astype(np.int64)
    return np.concatenate((old, world.enlist(rng, market, opened)))


def _linked(set_: Set, rng: Rng, creator: int, buyer: Ints, kept: float) -> dict[str, Ints]:
    """Identifiers that tie the orders to the creator; -1 = the buyer's own."""
    world, circle = set_.world, np.unique(buyer)
    size = len(circle)
    address, payment = (
        int(world.new_identifiers(kind, 1)[0]) for kind in ("address", "payment_token")
    )
    column = np.searchsorted(circle, buyer)
    own = np.where(
        chance(rng, kept * PARAMETERS.own_device_share, size), world.creators.device[creator], -1
    )
    home = np.where(chance(rng, kept * PARAMETERS.same_address_share, size), address, -1)
    card = np.where(chance(rng, kept * PARAMETERS.same_payment_share, size), payment, -1)
    return {"device": own[column], "address": home[column], "payment": card[column]}


def _times(set_: Set, rng: Rng, buyer: Ints, start: int) -> Ints:
    length = rng.uniform(*PARAMETERS.campaign_days) * DAY
    at = start + (rng.random(len(buyer)) * length).astype(np.int64)
    return np.maximum(at, set_.world.buyers.registered[buyer] + HOUR)


def _cheat(set_: Set, rng: Rng, ring: int, creator: int, start: int) -> None:
    """All orders of one creator's circle."""
    circle = _circle(set_, rng, creator, start)
    kept = PARAMETERS.rotated if set_.rings[ring].variant == ROTATED else 1.0
    each = rng.integers(
        PARAMETERS.orders_per_account[0], PARAMETERS.orders_per_account[1] + 1, len(circle)
    )
    buyer = np.repeat(circle, each)
    count, at = len(buyer), _times(set_, rng, buyer, start)
    shops = set_.world.creators.shops[creator][:3]
    product = pick_product(rng, set_.world, rng.choice(shops, count))
    fast = chance(rng, PARAMETERS.fast_share, count)
    listed = set_.world.products.listed[product] <= at
    columns: dict[str, np.ndarray] = {
        "at": at,
        "buyer": buyer,
        "product": product,
        "click_seconds": np.where(fast, rng.uniform(*PARAMETERS.click_seconds, count), np.nan),
        "refund_days": rng.uniform(*PARAMETERS.refund_days, count),
        **_linked(set_, rng, creator, buyer, kept),
    }
    set_.order(
        ring,
        **{name: values[listed] for name, values in columns.items()},
        creator=creator,
        channel=AFFILIATE,
        prior_view=PARAMETERS.prior_view,
        commission_rate=round(float(rng.uniform(*PARAMETERS.commission_rate)), 2),
        refund_chance=PARAMETERS.refund_chance,
        review_chance=0.05,
    )
    until = int(at.max())
    set_.admit(ring, "creator", np.array([creator]), start, until)
    set_.admit(ring, "buyer", circle, start, until)


def plant(set_: Set) -> None:
    """Plant the creators, every second one recent."""
    rng, creators = set_.stream(NAME), set_.world.creators
    count = set_.count(PARAMETERS.creators, 6)
    starts = set_.starts(rng, count, 6.0, 12.0)
    starts = np.where(
        np.arange(count) % 2 == 1, starts - 12 * DAY, starts
    )  # refunds come weeks later
    middling = (creators.weight > 0.1) & (creators.weight < 10.0)
    chosen = set_.world.claim(
        "creator", rng, count, middling & (creators.registered < set_.settings.start_s)
    )
    for number, creator in enumerate(rng.permutation(chosen)):
        variant = "naive" if number % 3 else ROTATED
        ring = set_.plant(Ring(NAME, variant, "merchant", False, "", "commission"))
        _cheat(set_, rng, ring, int(creator), int(starts[number]))
