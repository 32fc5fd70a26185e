"""A dorm, office or pickup locker: one address for many, cleared by their own phones and cards."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.markets import per_market
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Ints, Rng, pick_weighted
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import intents
from sample_data.period.shopping_habits import local_merchant, pick_product
from sample_data.planting.plan import Plan

NAME = "HN_DORM_ADDRESS"
CLEARS = "own devices and cards, arrivals spread over weeks, different shops and categories"
PLACES = ("a dorm", "an office", "a pickup locker")


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: 20-2,000 accounts on one address or network."""

    dorms: float = 18.0  # assumption: with the families, twice the accounts of bad rings
    residents: tuple[int, int] = (20, 110)  # §3.2, lower part of 20-2,000
    newcomer_share: float = 0.3  # assumption: term starts inside the period
    orders: tuple[int, int] = (1, 3)  # assumption: per resident, besides what they buy anyway
    settling_days: tuple[float, float] = (0.05, 9.0)  # assumption: newcomers, after sign-up
    voucher_share: float = 0.6  # assumption: of newcomers, like anywhere


PARAMETERS = Parameters()


def _residents(plan: Plan, rng: Rng, market: int) -> Ints:
    """People of one market, some of whom opened their account in the period."""
    buyers, start = plan.world.buyers, plan.settings.start_s
    low, high = PARAMETERS.residents
    count = int(rng.integers(low, high + 1) * min(1.0, 0.4 + plan.settings.scale))
    fresh = int(count * PARAMETERS.newcomer_share)
    new = plan.world.claim(
        "buyer",
        rng,
        fresh,
        market,
        lambda who: (buyers.registered_at[who] >= start) & (buyers.weight[who] > 0),
    )
    old = plan.world.claim(
        "buyer", rng, count - len(new), market, lambda who: buyers.registered_at[who] < start
    )
    return np.concatenate((old, new))


@dataclass(frozen=True)
class Newcomers:
    """How accounts opened in the period behave."""

    voucher_share: float  # who take their first-order offer
    wait_days: tuple[float, float]  # from sign-up to order


def visits(plan: Plan, rng: Rng, ring: Ints, buyer: Ints, newcomers: Newcomers) -> None:
    """Honest orders, one per row of `ring` and `buyer`: newcomers soon after sign-up."""
    buyers, settings = plan.world.buyers, plan.settings
    begin = np.maximum(buyers.registered_at[buyer] + HOUR, settings.start_s)
    new = buyers.registered_at[buyer] >= settings.start_s
    soon = rng.uniform(*newcomers.wait_days, len(buyer)) * DAY
    wait = np.where(new, soon, (settings.end_s - begin) * rng.random(len(buyer)))
    at, market = (begin + wait).astype(np.int64), buyers.market[buyer]
    product = pick_product(rng, plan.world, local_merchant(rng, plan.world, market))
    removed_at = plan.world.products.removed_at[product]
    takes_offer = new & (rng.random(len(buyer)) < newcomers.voucher_share)
    voucher = np.where(takes_offer, plan.promotions.open_launch(market, at), -1)
    columns = {"ring": ring, "at": at, "buyer": buyer, "product": product, "voucher": voucher}
    on_sale = (plan.world.products.listed_at[product] <= at) & (
        (removed_at < 0) | (removed_at > at)
    )
    plan.orders.append(intents(**{name: values[on_sale] for name, values in columns.items()}))


def plant(plan: Plan) -> None:
    """House many strangers under one roof."""
    rng, world, settings = plan.stream(NAME), plan.world, plan.settings
    count = plan.count(PARAMETERS.dorms, 4)
    newcomers = Newcomers(PARAMETERS.voucher_share, PARAMETERS.settling_days)
    markets = pick_weighted(rng, per_market("share"), count)
    for number, market in enumerate(markets.tolist()):
        residents = _residents(plan, rng, market)
        if len(residents) == 0:
            continue
        world.buyers.address[residents] = world.new_identifiers("address", 1)[0]
        world.buyers.ip[residents] = world.new_identifiers("ip", 1)[0]
        facts = (
            f"{len(residents)} accounts have their parcels sent to {PLACES[number % 3]}",
            "each has a phone and a card of its own and shops where it likes",
        )
        ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
        low, high = PARAMETERS.orders
        buyer = np.repeat(residents, rng.integers(low, high + 1, len(residents)))
        visits(plan, rng, np.full(len(buyer), ring), buyer, newcomers)
        plan.admit(ring, "buyer", residents, settings.start_s, settings.end_s)
