"""T3 incentive abuse: farmed accounts cash in a new-buyer voucher minutes after sign-up."""

from dataclasses import dataclass

import numpy as np

from sample_data.markets import MARKETS
from sample_data.promotions import Voucher
from sample_data.randomness import Ints, Rng, log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.stories import RECENT_DAYS, Ring, Set

NAME = "T3_INCENTIVE_ABUSE"


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T3; "assumption" where it gives none."""

    rings: float = 10.0  # assumption
    accounts: tuple[int, int] = (15, 120)  # DOMAIN: log-normal, median 15, 5-200
    per_device: tuple[int, int] = (5, 20)  # DOMAIN: 5-50 accounts per device, good 1-3
    per_address: tuple[int, int] = (5, 30)  # DOMAIN: 5-40
    young_hours: float = 24.0  # DOMAIN: account age at order
    young_share: float = 0.85  # DOMAIN: 70-95 %
    over_min_spend: float = 0.05  # DOMAIN: basket 0-5 % above the minimum
    burst_hours: tuple[float, float] = (1.0, 72.0)  # DOMAIN: after launch
    second_order_share: float = 0.3  # DOMAIN: 1-2 orders, then dormant
    products: tuple[int, int] = (2, 3)  # DOMAIN: few fast-resale items
    per_payment: int = 3  # assumption: accounts per prepaid card
    cell: tuple[int, int] = (3, 5)  # DOMAIN 3.6: fragmented rings work in cells


PARAMETERS = Parameters()


def _launches(set_: Set, rng: Rng, count: int) -> list[Voucher]:
    """The offers to attack: every second one recent and still fresh at the end of the data."""
    settings, offers = set_.settings, set_.promotions
    found = [offers.vouchers[i] for i in offers.launches()]
    recent_from = settings.end_s - (RECENT_DAYS - 4) * DAY
    recent = [offer for offer in found if recent_from <= offer.starts < settings.end_s - 3 * DAY]
    early = [
        offer for offer in found if settings.day_s(8) <= offer.starts < settings.end_s - 45 * DAY
    ]
    pools = (early, recent)
    return [pools[n % 2][int(rng.integers(0, len(pools[n % 2])))] for n in range(count)]


def _goods(set_: Set, rng: Rng, voucher: Voucher) -> tuple[Ints, Ints]:
    """One or two colluding shops and their few resale listings, priced just above the minimum."""
    world = set_.world
    merchants, products = world.merchants, world.products
    shops = (merchants.market == voucher.market) & (
        merchants.registered < voucher.starts - 10 * DAY
    )
    modest = shops & (merchants.weight > 0.3) & (merchants.weight < 25.0)
    chosen = world.claim("merchant", rng, int(rng.integers(1, 3)), modest)
    step = MARKETS[voucher.market].price_step_minor
    goods: list[int] = []
    for shop in chosen:
        listed = np.flatnonzero((products.merchant == shop) & (products.listed < voucher.starts))
        wanted = int(rng.integers(PARAMETERS.products[0], PARAMETERS.products[1] + 1))
        goods += rng.permutation(listed)[:wanted].tolist()
    picked = np.array(goods, dtype=np.int64)
    price = voucher.min_spend_minor * (1.0 + PARAMETERS.over_min_spend * rng.random(len(picked)))
    inside = voucher.min_spend_minor * (1.0 + PARAMETERS.over_min_spend)
    products.price_minor[picked] = np.minimum(
        np.ceil(price / step) * step, inside // step * step
    ).astype(np.int64)
    return chosen, picked


def _accounts(set_: Set, rng: Rng, voucher: Voucher, *, cells: bool) -> tuple[Ints, Ints]:
    """Farmed accounts on shared phones and addresses, and the instant each one orders."""
    world, limits = set_.world, PARAMETERS
    size = float(np.clip(np.exp(rng.normal(np.log(48.0), 0.6)), *limits.accounts))
    count = max(limits.accounts[0], int(size * min(1.0, 0.6 + set_.settings.scale)))
    after = log_uniform(rng, limits.burst_hours, count) * HOUR
    at = (voucher.starts + after).astype(np.int64)
    young = rng.random(count) < limits.young_share
    age = np.where(
        young, rng.uniform(0.05, limits.young_hours - 0.5, count), rng.uniform(24.0, 240.0, count)
    )
    accounts = world.enlist(rng, voucher.market, at - (age * HOUR).astype(np.int64))
    low, high = limits.cell if cells else limits.per_device
    _share(set_, rng, accounts, "device", int(rng.integers(low, high + 1)))
    _share(
        set_,
        rng,
        accounts,
        "address",
        int(rng.integers(*limits.per_address)) if not cells else high,
    )
    _share(set_, rng, accounts, "ip", 12)
    _share(set_, rng, accounts, "payment", limits.per_payment)
    world.buyers.second_device[accounts] = world.buyers.device[accounts]
    return accounts, at


def _share(set_: Set, rng: Rng, accounts: Ints, kind: str, group: int) -> None:
    """Let about `group` accounts use one identifier of a kind."""
    counter = "payment_token" if kind == "payment" else kind
    pool = set_.world.new_identifiers(counter, max(1, len(accounts) // group))
    getattr(set_.world.buyers, kind)[accounts] = pool[rng.permutation(len(accounts)) % len(pool)]


def plant(set_: Set) -> None:
    """Plant the rings, every second one on a recent launch."""
    rng = set_.stream(NAME)
    for number, voucher in enumerate(_launches(set_, rng, set_.count(PARAMETERS.rings, 2))):
        cells = number % 4 == 3
        ring = set_.plant(
            Ring(NAME, "fragmented" if cells else "naive", "platform", False, "", "voucher")
        )
        shops, goods = _goods(set_, rng, voucher)
        accounts, at = _accounts(set_, rng, voucher, cells=cells)
        again = rng.random(len(accounts)) < PARAMETERS.second_order_share
        buyer = np.concatenate((accounts, accounts[again]))
        when = np.concatenate(
            (at, at[again] + (rng.uniform(0.3, 20.0, int(again.sum())) * HOUR).astype(np.int64))
        )
        position = set_.promotions.vouchers.index(voucher)
        set_.order(
            ring,
            at=when,
            buyer=buyer,
            product=rng.choice(goods, len(buyer)),
            voucher=position,
            campaign=voucher.campaign,
            pay_seconds=rng.uniform(10.0, 90.0, len(buyer)),
            cancel_chance=0.0,
            click_seconds=rng.uniform(4.0, 60.0, len(buyer)),
            prior_view=0.05,
            review_chance=0.03,
            refund_chance=0.01,
        )
        since, until = int(when.min()), int(when.max())
        for entity_type, entities in (("merchant", shops), ("product", goods), ("buyer", accounts)):
            set_.admit(ring, entity_type, entities, since, until)
