"""T15 cross-domain: one operator behind shops, accounts, praise, commission and refunds.

Every order of a chain belongs to its one ring and loses in one way only: praise orders
carry neither voucher nor creator, voucher orders are never refunded, and orders through
the creator's link are kept. So the chain's loss adds up without counting twice.
"""

from dataclasses import dataclass, replace

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, MIXED, NAIVE, ROTATED
from sample_data.kit.markets import CATEGORIES
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Ints, Rng
from sample_data.kit.settings import DAY
from sample_data.planting import ring_tools, voucher_farms
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import products_of
from sample_data.typologies import affiliate_fraud, brushing, refund_abuse

NAME = "T15_CROSS_DOMAIN"
VARIANTS = (NAIVE, CELLS, ROTATED, MIXED)
MOST = 4  # docs/domain.md §T15: 2-4 planted chains, whatever the size of the world
LOSSES = (
    Loss("platform", "voucher"),
    Loss("merchant", "commission"),
    Loss("merchant", "refund", 0.6),  # assumption, as in T9
    Loss("platform", "refund", 0.4),
)


@dataclass(frozen=True)
class Parameters:
    """Figures of §T15 and §T10; "assumption" where they give none."""

    chains: float = 2.0  # §T15: 2-4
    merchants: int = 4  # §T10: 3-30 shops of one owner
    young_days: float = 90.0  # §T10: shops age for 30-60 days before they turn
    weight: float = 4.0  # assumption: shops small enough that nobody watches them
    helpers: tuple[int, int] = (16, 22)  # assumption: accounts that praise, click and claim
    newcomers: tuple[int, int] = (14, 22)  # §T3: 5-200; accounts for the voucher
    helper_age_days: tuple[float, float] = (8.0, 50.0)  # assumption
    lent_phones: float = 0.5  # assumption: voucher accounts on the helpers' phones
    circle: int = 7  # assumption: helpers who buy through the creator's link
    claimants: int = 6  # assumption: helpers who also claim refunds elsewhere
    commission_days: float = 9.0  # assumption
    claim_days: float = 13.0  # assumption: all of it inside the 17 days of the timeline
    turn_day: float = 15.0  # assumption: the shops switch category when the praise is in
    turn_factor: tuple[float, float] = (0.40, 0.70)  # §T10: price 30-60 % lower


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Operator:
    """Everything one operator runs."""

    ring: int
    plot: Plot
    merchants: Ints
    helpers: Ints
    creator: Ints  # one position, none where the market has no free creator


def _merchants(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """Young small shops of one owner; older ones, bought, where too few are young."""
    all_merchants, world, before = plan.world.merchants, plan.world, plot.start - 10 * DAY

    def young(merchant: Ints) -> Bools:
        age = before - all_merchants.registered_at[merchant]
        fits: Bools = bought(merchant) & (age < PARAMETERS.young_days * DAY)
        return fits

    def bought(merchant: Ints) -> Bools:
        small = all_merchants.weight[merchant] < PARAMETERS.weight
        ready = small & ring_tools.has_stock(world, merchant, before + 6 * DAY)
        fits: Bools = ready & (all_merchants.registered_at[merchant] < before)
        return fits

    merchants = world.claim("merchant", rng, PARAMETERS.merchants, plot.market, young)
    more = world.claim("merchant", rng, PARAMETERS.merchants - len(merchants), plot.market, bought)
    return np.concatenate((merchants, more))


def _own(plan: Plan, merchants: Ints, creator: Ints) -> None:
    """One payout account, one machine and one return address; the creator is paid there too."""
    all_merchants, creators = plan.world.merchants, plan.world.creators
    all_merchants.bank[merchants] = all_merchants.bank[merchants[0]]
    all_merchants.device[merchants[1:]] = all_merchants.device[merchants[0]]
    all_merchants.return_address[merchants] = all_merchants.return_address[merchants[0]]
    creators.bank[creator] = all_merchants.bank[merchants[0]]


def _recruit(plan: Plan, rng: Rng, plot: Plot) -> Operator:
    """The operator's shops, helpers and creator, with the ring they make up."""
    world, creators = plan.world, plan.world.creators
    merchants = _merchants(plan, rng, plot)
    count = int(rng.integers(PARAMETERS.helpers[0], PARAMETERS.helpers[1] + 1))
    opened_at = plot.start - (rng.uniform(*PARAMETERS.helper_age_days, count) * DAY).astype(
        np.int64
    )
    helpers = voucher_farms.farm(plan, rng, plot.market, opened_at, plot.variant)
    creator = world.claim(
        "creator",
        rng,
        1,
        plot.market,
        lambda who: (creators.weight[who] < 6.0) & (creators.registered_at[who] < plot.start),
    )
    _own(plan, merchants, creator)
    facts = (
        f"{len(merchants)} young shops share one payout account, machine and return address",
        "the same phones praise these shops, spend first-order offers there and claim refunds",
        "a creator is paid into the shops' account and sells to the same accounts",
        "the shops change to another category at low prices once the praise is in",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=facts))
    return Operator(ring, plot, merchants, helpers, creator)


def _praise(plan: Plan, rng: Rng, operator: Operator) -> None:
    """T1 orders at the first two shops."""
    low = ring_tools.low_prices(plan.world, brushing.PARAMETERS.price_quantile)
    for merchant in operator.merchants[:2].tolist():
        begin = operator.plot.start + int(rng.uniform(0.0, 2.0) * DAY)
        job = brushing.Campaign(operator.ring, merchant, begin, operator.plot.variant, low)
        brushing.brush(plan, rng, job, operator.helpers)


def _cash_in(plan: Plan, rng: Rng, operator: Operator) -> None:
    """T3 orders at the other shops, by accounts on the helpers' phones."""
    world, plot = plan.world, operator.plot
    position = voucher_farms.offer_near(plan, "new_buyer", plot.market, plot.start + 2 * DAY)
    voucher = plan.promotions.vouchers[position]
    goods = np.concatenate(
        [
            voucher_farms.own_goods(plan, rng, voucher, merchant, voucher.starts)
            for merchant in operator.merchants[2:].tolist()
        ]
    )
    count = int(rng.integers(PARAMETERS.newcomers[0], PARAMETERS.newcomers[1] + 1))
    buyer, at = voucher_farms.newcomers(plan, rng, voucher, plot.variant, count)
    accounts = np.unique(buyer)
    lent = accounts[rng.random(len(accounts)) < PARAMETERS.lent_phones]
    phones = rng.choice(world.buyers.device[operator.helpers], len(lent))
    world.buyers.device[lent] = world.buyers.second_device[lent] = phones
    voucher_farms.redeem(
        plan,
        rng,
        operator.ring,
        plot.variant,
        at=at,
        buyer=buyer,
        product=rng.choice(goods, len(at)),
        voucher=position,
        refund_chance=0.0,
        lost_chance=0.0,
    )
    span = (int(at.min()), int(at.max()))
    plan.admit(operator.ring, "buyer", buyer, *span)
    plan.admit(operator.ring, "merchant", operator.merchants, plot.start, span[1])
    plan.admit(operator.ring, "product", goods, *span)


def _earn(plan: Plan, rng: Rng, operator: Operator) -> None:
    """T4 orders through the operator's creator at honest shops; the goods are kept."""
    days = PARAMETERS.commission_days
    for creator in operator.creator.tolist():
        start = operator.plot.start + 5 * DAY
        deal = affiliate_fraud.Deal(operator.ring, creator, start, operator.plot.variant, 0.0, days)
        circle = operator.helpers[: PARAMETERS.circle]
        merchants = plan.world.creators.merchants[creator][: affiliate_fraud.PARAMETERS.merchants]
        affiliate_fraud.cheat(plan, rng, deal, circle, merchants)


def _claim_back(plan: Plan, rng: Rng, operator: Operator) -> None:
    """T9 orders at anybody's shops, claimed with one text."""
    start, days = operator.plot.start + 2 * DAY, PARAMETERS.claim_days
    shelf = refund_abuse.shelf(plan, rng, operator.plot.market)
    claim, evasion = float(operator.ring), operator.plot.variant
    spree = refund_abuse.Spree(operator.ring, start, evasion, days, shelf, claim)
    refund_abuse.abuse(plan, rng, spree, operator.helpers[-PARAMETERS.claimants :])


def _turn(plan: Plan, rng: Rng, operator: Operator) -> None:
    """The shops turn to other goods at low prices, under pictures taken from each other."""
    products, at = plan.world.products, operator.plot.start + int(PARAMETERS.turn_day * DAY)
    for merchant in operator.merchants.tolist():
        rows = ring_tools.unchanged_products(plan, products_of(plan.world, merchant, at - DAY))
        target = int(rng.integers(0, len(CATEGORIES)))
        image = int(products.image[plan.world.merchants.first_product[operator.merchants[0]]])
        for row in rows[:4].tolist():
            factor = float(rng.uniform(*PARAMETERS.turn_factor))
            plan.relist(row, at, price_factor=factor, category=target, image=image)


def plant(plan: Plan) -> None:
    """Plant the chains."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.chains, span=(14.0, 24.0))[:MOST]
    for plot in ring_tools.all_variants(plots, VARIANTS):
        operator = _recruit(plan, rng, replace(plot, start=plot.start // DAY * DAY))
        for act in (_praise, _cash_in, _earn, _claim_back, _turn):
            act(plan, rng, operator)
