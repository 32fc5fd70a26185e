"""T9 refund abuse: buyers who claim most of what they buy back, alone or in rings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW, Evasion
from sample_data.kit.markets import MARKETS
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.aftersales import NOT_AS_DESCRIBED, NOT_RECEIVED
from sample_data.planting import ring_tools
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import real_orders
from sample_data.planting.shop_tools import price_usd

NAME = "T9_REFUND_ABUSE"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED, COPIED)
SINGLE_VARIANTS = (NAIVE, SLOW, MIXED, ROTATED, COPIED)  # one person has no cells
LOSSES = (
    Loss("merchant", "refund", 0.6),  # assumption: the shop pays while it is not yet settled
    Loss("platform", "refund", 0.4),  # assumption: the marketplace pays once it is
)


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T9; "assumption" where it gives none."""

    singles: float = 46.0  # §T9 base: 0.5-1 % of active buyers, with the rings
    rings: float = 6.0  # assumption: one of each variant
    ring_size: tuple[int, int] = (6, 13)  # §T9: 5-50 accounts share a claim text
    orders: tuple[int, int] = (10, 18)  # §T9: refund rate over at least 8 orders
    refund_chance: tuple[float, float] = (0.68, 0.92)  # §T9: > 60 %
    slow_refund_chance: tuple[float, float] = (0.48, 0.62)  # assumption: near what triers do
    not_received_share: float = 0.45  # assumption: INR with proof of delivery
    copied_share: float = 0.8  # assumption: claims of a ring that use its text
    return_chance: float = 0.6  # assumption: of claims about the goods, sent back
    return_ratio: tuple[float, float] = (0.05, 0.68)  # §T9: return weight -30 to -100 %
    proof_threshold_usd: float = 50.0  # assumption: above it a claim needs proof
    under_threshold: tuple[float, float] = (0.55, 0.98)  # §T9: just below the proof threshold
    targeted_share: float = 0.6  # assumption: of orders aimed below the threshold
    per_device: int = 5  # assumption: accounts of a ring per phone
    active_days: tuple[float, float] = (22.0, 45.0)  # assumption
    claim_days: tuple[float, float] = (0.5, 5.5)  # assumption: after delivery
    lead_days: int = 20  # assumption: recent ones start earlier, orders and claims take weeks
    copied_review_share: float = 0.5  # assumption: a friendly review before the claim


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Shelf:
    """Listings of one market that are on sale all through the period."""

    inside: Ints  # worth just less than what needs a proof
    goods: Ints


@dataclass(frozen=True)
class Spree:
    """How one abuser or one ring goes about it."""

    ring: int
    start: int
    evasion: Evasion
    days: float  # from the first order to the last
    shelf: Shelf
    claim: float = np.nan  # number of the claim text they share; NaN = own words


def shelf(plan: Plan, rng: Rng, market: int) -> Shelf:
    """What abusers of a market buy: goods just under the proof threshold, and anything."""
    world = plan.world
    goods = ring_tools.products_on_sale(
        plan, rng, market, (plan.settings.start_s, plan.settings.end_s)
    )
    low, high = (share * PARAMETERS.proof_threshold_usd for share in PARAMETERS.under_threshold)
    usd = price_usd(world, goods)
    inside = goods[(usd >= low) & (usd <= high)]
    return Shelf(inside if len(inside) else goods, goods)


def _targets(rng: Rng, spree: Spree, count: int) -> Ints:
    """Listings worth just under the proof threshold, mixed with anything."""
    is_aimed = chance(rng, PARAMETERS.targeted_share, count)
    shelf_ = spree.shelf
    return np.where(is_aimed, rng.choice(shelf_.inside, count), rng.choice(shelf_.goods, count))


def _orders(plan: Plan, rng: Rng, spree: Spree, accounts: Ints) -> tuple[Ints, Ints]:
    """Buyer and instant of every order, spread over weeks."""
    low, high = PARAMETERS.orders
    buyer = np.repeat(accounts, rng.integers(low, high + 1, len(accounts)))
    room = max(12.0 * DAY, plan.settings.end_s - spree.start - 4.0 * DAY)
    length = min(spree.days * DAY, room)
    begin = np.maximum(spree.start, plan.world.buyers.registered_at[buyer] + HOUR)
    return buyer, begin + (rng.random(len(buyer)) * length).astype(np.int64)


def abuse(plan: Plan, rng: Rng, spree: Spree, accounts: Ints) -> None:
    """The orders of one abuser or one ring, and who takes part."""
    buyer, at = _orders(plan, rng, spree, accounts)
    count = len(buyer)
    missing = chance(rng, PARAMETERS.not_received_share, count)
    slow, copies = spree.evasion is SLOW, spree.evasion.copies_text
    refunds = PARAMETERS.slow_refund_chance if slow else PARAMETERS.refund_chance
    uses_ring_text = chance(rng, PARAMETERS.copied_share, count)
    plan.order(
        spree.ring,
        at=at,
        buyer=buyer,
        product=_targets(rng, spree, count),
        cancel_chance=0.0,
        lost_chance=0.0,
        address_match=1.0,  # the proof of delivery is good
        refund_chance=float(rng.uniform(*refunds)),
        refund_reason=np.where(missing, NOT_RECEIVED, NOT_AS_DESCRIBED).astype(np.float64),
        refund_days=rng.uniform(*PARAMETERS.claim_days, count),
        return_chance=PARAMETERS.return_chance,
        return_ratio=rng.uniform(*PARAMETERS.return_ratio, count),
        copied_claim=np.where(uses_ring_text, spree.claim, np.nan),
        review_chance=PARAMETERS.copied_review_share if copies else 0.06,
        five_star_chance=0.9 if copies else np.nan,
        copied_text=1.0 if copies else np.nan,
        **ring_tools.rotated_identifiers(
            plan, rng, count, ("device", "ip", "address"), spree.evasion
        ),
    )
    until = int(at.max(initial=spree.start))
    plan.admit(spree.ring, "buyer", accounts, spree.start, until)
    real_orders(plan, rng, count, accounts, (spree.start, until), spree.evasion)


def _crew(plan: Plan, rng: Rng, plot: Plot, start: int) -> Ints:
    """A ring of accounts on few phones, or in cells that share one each."""
    size = int(rng.integers(PARAMETERS.ring_size[0], PARAMETERS.ring_size[1] + 1))
    opened_at = start - (rng.uniform(2.0, 90.0, size) * DAY).astype(np.int64)
    accounts = plan.world.enlist(plot.market, opened_at)
    ring_tools.tie(plan, rng, accounts, {"device": PARAMETERS.per_device}, plot.variant)
    return accounts


def _facts(plot: Plot, accounts: int) -> tuple[str, ...]:
    """What an analyst should find, by how they hide."""
    extra = {
        NAIVE: "a refund for two of three orders or more",
        SLOW: "a refund for every second order, over months",
        CELLS: "groups of three to five share a phone, all use one claim text",
        ROTATED: "phones and delivery addresses change from order to order",
        MIXED: "the rest of what they buy is kept and paid like anybody's",
        COPIED: "a friendly review in another buyer's words comes before the claim",
    }
    who = "one account claims" if accounts == 1 else f"{accounts} accounts claim"
    return (
        f"{who} missing parcels although the delivery is proven",
        "goods come back lighter than they left, worth just less than what needs a proof",
        extra[plot.variant],
    )


def _spree(rng: Rng, ring: int, plot: Plot, start: int, shelves: Sequence[Shelf]) -> Spree:
    days = float(rng.uniform(*PARAMETERS.active_days)) * plot.variant.stretch
    return Spree(ring, start, plot.variant, days, shelves[plot.market])


def _begin(plan: Plan, plot: Plot) -> int:
    lead = (plot.number % 2) * PARAMETERS.lead_days * DAY
    return max(plot.start - lead, plan.settings.start_s + 2 * DAY)


def _plant_singles(plan: Plan, rng: Rng, shelves: Sequence[Shelf]) -> None:
    """Single abusers: settled accounts of people who found out that nobody checks."""
    buyers, before = plan.world.buyers, plan.settings.start_s - 20 * DAY
    for plot in plan.rings_for(rng, NAME, SINGLE_VARIANTS, PARAMETERS.singles, 12, (4.0, 15.0)):
        account = plan.world.claim(
            "buyer",
            rng,
            1,
            plot.market,
            lambda who: (buyers.registered_at[who] < before) & (buyers.weight[who] > 0.2),
        )
        facts = _facts(plot, 1)
        ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=facts))
        abuse(plan, rng, _spree(rng, ring, plot, _begin(plan, plot), shelves), account)


def plant(plan: Plan) -> None:
    """Plant single abusers and rings, every second one recent."""
    rng = plan.stream(NAME)
    shelves = [shelf(plan, rng, market) for market in range(len(MARKETS))]
    _plant_singles(plan, rng, shelves)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, span=(4.0, 15.0))
    for plot in ring_tools.all_variants(plots, VARIANTS):
        start = _begin(plan, plot)
        accounts = _crew(plan, rng, plot, start)
        facts = _facts(plot, len(accounts))
        ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=facts))
        spree = _spree(rng, ring, plot, start, shelves)
        abuse(plan, rng, replace(spree, claim=float(plot.number)), accounts)
