"""T3 incentive abuse: farmed accounts take what was meant for real customers.

Five schemes in turn: new-buyer vouchers minutes after sign-up, stocking up on an offer
for resale, cash back from trades with an own shop, subsidised parcels nobody needed,
and a swarm on a wrong price.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from sample_data.actors.world import Fits
from sample_data.kit.evasion_kinds import CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Floats, Ints, Rng, log_normal
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting import ring_tools, voucher_farms
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import real_orders
from sample_data.planting.shop_tools import daily_orders, merchants_selling, products_of, walk_in

NAME = "T3_INCENTIVE_ABUSE"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED, COPIED)
VOUCHERS = (Loss("platform", "voucher"),)


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T3; "assumption" where it gives none. See also `voucher_farms`."""

    rings: float = 23.0  # assumption: about 2 % of the new accounts
    headline_size: int = 42  # §T3: 5-200; the attack of the timeline is a large one
    stock_accounts: tuple[int, int] = (5, 10)  # assumption: a reseller's accounts
    stock_orders: tuple[int, int] = (3, 6)  # assumption: per account, on one offer
    stock_age_days: tuple[float, float] = (10.0, 160.0)  # assumption: a reseller reuses accounts
    empty_grams: float = 30.0  # assumption: a fabricated trade sends a letter
    parcel_orders: tuple[int, int] = (4, 8)  # assumption: per account, for the shipping subsidy
    parcel_days: float = 9.0  # assumption
    parcel_hours: float = 9.0  # assumption: the parcels stay in one neighbourhood
    wrong_factor: tuple[float, float] = (0.06, 0.14)  # assumption: the decimal point slipped
    wrong_minutes: float = 20.0  # §T3: a wrong price draws its swarm within 20 minutes
    wrong_pieces: tuple[int, int] = (2, 4)  # assumption
    wrong_hours: float = 3.0  # assumption: until the shop notices
    bargain_hunters: int = 12  # assumption: honest buyers who stumble upon it
    sales_per_day: tuple[float, float] = (0.02, 0.95)  # assumption: quantiles of colluding shops


PARAMETERS = Parameters()
What: TypeAlias = dict[str, Ints | Floats | float]


@dataclass(frozen=True)
class Haul:
    """What one ring ordered, whose goods they were, and what an analyst should find."""

    at: Ints
    buyer: Ints
    what: What
    facts: tuple[str, ...]
    losses: tuple[Loss, ...] = VOUCHERS
    merchants: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    goods: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    role: str = "actor"  # of shops and goods


def _claim_merchants(plan: Plan, rng: Rng, plot: Plot, count: int, fits: Fits, before: int) -> Ints:
    """Shops of the plot's market that fit and had something to sell `before` an instant."""
    world = plan.world
    return world.claim(
        "merchant",
        rng,
        count,
        plot.market,
        lambda merchant: fits(merchant) & ring_tools.has_stock(world, merchant, before),
    )


def _colluding(plan: Plan, rng: Rng, plot: Plot, before: int) -> Ints:
    """One or two modest shops whose owner runs the ring."""
    daily = daily_orders(plan.world)
    low, high = np.quantile(daily, PARAMETERS.sales_per_day)
    count = 2 if plot.variant is NAIVE else 1
    modest = merchants_selling(plan.world, (float(low), float(high)), before)
    merchants = _claim_merchants(plan, rng, plot, count, modest, before)
    if plot.variant is NAIVE:
        ring_tools.tie_together(plan, merchants)
    return merchants


def _cash_in(plan: Plan, rng: Rng, plot: Plot) -> Haul:
    """(a) New-buyer vouchers on goods that resell fast, at anybody's shop."""
    market = plot.market if plot.number else None  # the headline takes the next launch anywhere
    position = voucher_farms.offer_near(plan, "new_buyer", market, plot.start)
    voucher = plan.promotions.vouchers[position]
    goods, pieces = voucher_farms.resale_goods(plan, rng, voucher)
    size = voucher_farms.size_of(rng) if plot.number else PARAMETERS.headline_size
    buyer, at = voucher_farms.newcomers(plan, rng, voucher, plot.variant, size)
    pick = rng.integers(0, len(goods), len(at))
    facts = (
        f"{size} accounts opened for one first-order offer share phones and addresses",
        "every basket ends just above the minimum spend, on the same few listings",
        "one or two orders each, then nothing",
    )
    what: What = {"product": goods[pick], "quantity": pieces[pick], "voucher": position}
    return Haul(at, buyer, what, facts)


def _stock_up(plan: Plan, rng: Rng, plot: Plot) -> Haul:
    """(b) A reseller takes a marketplace-wide offer again and again, all to one address."""
    position = voucher_farms.offer_near(plan, "platform", plot.market, plot.start)
    voucher = plan.promotions.vouchers[position]
    goods, pieces = voucher_farms.resale_goods(plan, rng, voucher)
    count = int(rng.integers(PARAMETERS.stock_accounts[0], PARAMETERS.stock_accounts[1] + 1))
    opened_at = voucher.starts - (rng.uniform(*PARAMETERS.stock_age_days, count) * DAY).astype(
        np.int64
    )
    accounts = voucher_farms.farm(plan, rng, plot.market, opened_at, plot.variant)
    ring_tools.share(plan, rng, accounts, "address", count)
    low, high = PARAMETERS.stock_orders
    buyer = np.repeat(accounts, rng.integers(low, high + 1, count))
    length = min(voucher.ends, plan.settings.end_s) - voucher.starts
    at = voucher.starts + (rng.random(len(buyer)) * length).astype(np.int64)
    pick = rng.integers(0, len(goods), len(at))
    facts = (
        f"{count} accounts have the same few goods sent to one address",
        "every order carries the offer and ends just above its minimum spend",
    )
    what: What = {"product": goods[pick], "quantity": pieces[pick], "voucher": position}
    return Haul(at, buyer, what, facts)


def _trade(plan: Plan, rng: Rng, plot: Plot) -> Haul:
    """(c) Vouchers turned into money at an own shop, with parcels that hold nothing."""
    position = voucher_farms.offer_near(plan, "new_buyer", plot.market, plot.start)
    voucher = plan.promotions.vouchers[position]
    merchants = _colluding(plan, rng, plot, voucher.starts - 3 * DAY)
    goods = np.concatenate(
        [
            voucher_farms.own_goods(plan, rng, voucher, merchant, voucher.starts)
            for merchant in merchants.tolist()
        ]
    )
    size = voucher_farms.size_of(rng)
    buyer, at = voucher_farms.newcomers(plan, rng, voucher, plot.variant, size)
    facts = (
        f"{size} new accounts spend one offer at shops of one owner",
        "parcels far lighter than the goods, never a return, never a question",
    )
    what: What = {
        "product": rng.choice(goods, len(at)),
        "voucher": position,
        "parcel_grams": log_normal(rng, PARAMETERS.empty_grams, 0.3, len(at)),
    }
    return Haul(at, buyer, what, facts, merchants=merchants, goods=goods)


def _send_parcels(plan: Plan, rng: Rng, plot: Plot) -> Haul:
    """(d) Parcels between accounts and a shop of one owner, for the sake of the subsidy."""
    position = voucher_farms.offer_near(plan, "shipping", plot.market, plot.start)
    voucher = plan.promotions.vouchers[position]
    merchants = _colluding(plan, rng, plot, plot.start - 3 * DAY)
    goods = np.concatenate(
        [
            voucher_farms.own_goods(plan, rng, voucher, merchant, plot.start)
            for merchant in merchants.tolist()
        ]
    )
    size = voucher_farms.size_of(rng)
    opened_at = plot.start - (rng.uniform(0.2, 30.0, size) * DAY).astype(np.int64)
    accounts = voucher_farms.farm(plan, rng, plot.market, opened_at, plot.variant)
    low, high = PARAMETERS.parcel_orders
    buyer = np.repeat(accounts, rng.integers(low, high + 1, size))
    length = PARAMETERS.parcel_days * DAY * plot.variant.stretch
    at = plot.start + (rng.random(len(buyer)) * length).astype(np.int64)
    facts = (
        f"{size} accounts of one neighbourhood order small parcels from one shop day after day",
        "each order just above what the shipping subsidy asks for, signed within hours",
    )
    what: What = {
        "product": rng.choice(goods, len(at)),
        "voucher": position,
        "transit_hours": log_normal(rng, PARAMETERS.parcel_hours, 0.3, len(at)),
    }
    return Haul(at, buyer, what, facts, merchants=merchants, goods=goods)


def _swarm(plan: Plan, rng: Rng, plot: Plot) -> Haul:
    """(e) A wrong price of an honest shop, bought empty by one alert group in minutes."""
    world, begin = plan.world, plot.start // HOUR * HOUR
    busy = merchants_selling(
        world, (float(np.median(daily_orders(world))), np.inf), begin - 3 * DAY
    )
    merchants = _claim_merchants(plan, rng, plot, 1, busy, begin - 3 * DAY)
    product = int(products_of(world, int(merchants[0]), begin - 2 * DAY)[0])
    factor = float(rng.uniform(*PARAMETERS.wrong_factor))
    until = begin + int(PARAMETERS.wrong_hours * HOUR)
    plan.relist(product, begin, price_factor=factor, until=until)
    size = voucher_farms.size_of(rng)
    opened_at = begin - (rng.uniform(3.0, 120.0, size) * DAY).astype(np.int64)
    accounts = voucher_farms.farm(plan, rng, plot.market, opened_at, plot.variant)
    buyer = np.repeat(accounts, rng.integers(1, 4, size))
    minutes = PARAMETERS.wrong_minutes * min(plot.variant.stretch, 6.0)
    at = begin + 120 + (rng.beta(1.2, 2.0, len(buyer)) * minutes * 60.0).astype(np.int64)
    low, high = PARAMETERS.wrong_pieces
    what: What = {"product": product, "quantity": rng.integers(low, high + 1, len(at))}
    honest_at = begin + 300 + rng.integers(0, until - begin - 600, PARAMETERS.bargain_hunters)
    honest = walk_in(plan, rng, plot.market, honest_at)
    plan.order(-1, at=honest_at[honest >= 0], buyer=honest[honest >= 0], product=product)
    facts = (
        f"a listing priced at {factor:.0%} of its price for {PARAMETERS.wrong_hours:.0f} hours",
        f"{size} accounts on few phones buy it in minutes, several pieces each",
    )
    missing = (1.0 - factor) / factor  # what the shop lost of each dollar it was paid
    losses = (Loss("merchant", "items", missing),)
    return Haul(at, buyer, what, facts, losses, merchants, np.array([product]), "victim")


# In turn, so that each meets every variant in a large world; the first two rings are naive.
SCHEMES = (
    _cash_in,
    _trade,
    _cash_in,
    _stock_up,
    _cash_in,
    _swarm,
    _cash_in,
    _stock_up,
    _send_parcels,
    _cash_in,
    _swarm,
)


def _plots(plan: Plan, rng: Rng) -> list[Plot]:
    """The rings, variants in pairs of an early and a recent one, naive ones first."""
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, span=(6.0, 8.0))
    size = len(VARIANTS)
    return [replace(plot, variant=VARIANTS[plot.number // 2 % size]) for plot in plots]


def plant(plan: Plan) -> None:
    """Plant the rings, every second one recent; schemes and variants take turns."""
    rng = plan.stream(NAME)
    for plot in _plots(plan, rng):
        haul = SCHEMES[plot.number % len(SCHEMES)](plan, rng, plot)
        ring = plan.plant(Ring(NAME, plot.variant.name, losses=haul.losses, facts=haul.facts))
        voucher_farms.redeem(
            plan, rng, ring, plot.variant, at=haul.at, buyer=haul.buyer, **haul.what
        )
        span = (int(haul.at.min()), int(haul.at.max()))
        plan.admit(ring, "buyer", haul.buyer, *span)
        plan.admit(ring, "merchant", haul.merchants, *span, role=haul.role)
        plan.admit(ring, "product", haul.goods, *span, role=haul.role)
        real_orders(
            plan,
            rng,
            len(haul.at),
            np.unique(haul.buyer),
            (span[0], span[1] + 20 * DAY),
            plot.variant,
        )
