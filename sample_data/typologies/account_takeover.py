"""T8 account takeover: somebody else signs in, changes the locks and takes what is there.

The owner of the account is a victim. A buyer's stored card pays for goods to a new
address, a shop's payout goes to a new bank while its listings are dumped, a creator's
links sell for strangers.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.markets import AFFILIATE
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period import complaints, disputes
from sample_data.planting.account_tools import (
    RESELLABLE,
    ProductSearch,
    clock_of,
    middling_creators,
    products_like,
    regular_shoppers,
)
from sample_data.planting.intrusion import Intrusion, intrude, try_list
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants, real_orders
from sample_data.planting.shop_tools import (
    date_of,
    merchants_selling,
    products_of,
    span_of,
    walk_in,
)

NAME = "T8_ACCOUNT_TAKEOVER"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED)  # a takeover writes no reviews
UNAUTHORISED = float(complaints.TOPICS.index("unauthorised"))
NOT_RECEIVED = float(complaints.TOPICS.index("not_received"))
FRAUD, INR = (float(disputes.KINDS.index(kind)) for kind in ("fraud", "not_received"))
BUYERS, MERCHANT, CREATOR = "BMC"
TURNS = "BMBCBBMBBCM"  # who is taken over by each ring in turn


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T8; "assumption" where it gives none. See also `intrusion`."""

    rings: float = 11.0  # assumption: 6 of buyers, 3 of shops, 2 of creators
    accounts: tuple[int, int] = (5, 9)  # assumption: buyer accounts opened per ring
    address_minutes: tuple[float, float] = (3.0, 50.0)  # §T8: then a new address
    bank_minutes: tuple[float, float] = (6.0, 50.0)  # §T8: or a new bank
    order_hours: tuple[float, float] = (0.1, 19.0)  # §T8: order or payout <= 24 h
    value_usd: tuple[float, float] = (120.0, 380.0)  # §T8: 2-5x the owner's own p95
    quiet_usd: tuple[float, float] = (70.0, 170.0)  # assumption: slow rings stay nearer to it
    burst_hours: tuple[float, float] = (4.0, 40.0)  # assumption: all accounts of a ring
    report_days: tuple[float, float] = (0.2, 9.0)  # §T8: owner report 0-14 d
    report_chance: float = 0.6  # §T8: 51 % find out by logging in
    dispute_chance: float = 0.45  # §T8: else by chargeback; stored payment used in 42 %
    billing_match: float = 0.08  # assumption: the card is billed at the owner's home
    price_cut: tuple[float, float] = (0.50, 0.90)  # §T8: price -50 to -90 %
    cut_hours: tuple[float, float] = (14.0, 44.0)  # assumption: until the owner is back
    cut_products: int = 5  # assumption
    bargain_orders: tuple[int, int] = (18, 55)  # assumption: real buyers at a dumped listing
    never_sent: float = 0.93  # assumption
    mixed_never_sent: float = 0.45  # §3.6: 30-70 % of the orders are real
    links: tuple[int, int] = (16, 40)  # assumption: orders over a creator's links in a day
    commission: tuple[float, float] = (0.35, 0.60)  # assumption: paid to the intruder's bank


PARAMETERS = Parameters()


def _take_buyers(plan: Plan, rng: Rng, plot: Plot) -> None:
    """Buyer accounts: the stored card buys resellable goods for a new address."""
    limits, world = PARAMETERS, plan.world
    count = int(rng.integers(limits.accounts[0], limits.accounts[1] + 1))
    fits = regular_shoppers(world, min(plot.start, plan.settings.start_s) - 20 * DAY)
    owners = world.claim("buyer", rng, count, plot.market, fits)
    owners, count = rng.permutation(owners), len(owners)
    hours = float(rng.uniform(*limits.burst_hours)) * plot.variant.stretch**2
    opened_at = plot.start + np.sort(rng.random(count) * hours * HOUR).astype(np.int64)
    facts = (
        (
            f"{count} accounts opened from unknown phones from {date_of(plot.start)}, "
            f"{clock_of(int(opened_at[0]))}, among many failed sign-ins on the same networks"
        ),
        (
            "within the hour a new phone number or password and a new address, then orders worth "
            "several times what the owner usually spends"
        ),
        "owners report orders that are not theirs, banks follow weeks later",
    )
    losses = (Loss("buyer", "paid", 0.55), Loss("merchant", "paid", 0.45))
    ring = plan.plant(Ring(NAME, plot.variant.name, losses, facts))
    intrusion = intrude(plan, rng, plot, ring, "buyer", owners)
    try_list(intrusion, rng, plot.market, opened_at, plot.variant.stretch)
    changed_at = intrusion.enter(rng, opened_at)
    moved_at = (changed_at + rng.uniform(*limits.address_minutes, count) * 60).astype(np.int64)
    intrusion.event(np.arange(count), moved_at, "address_change")
    until = _spend(intrusion, rng, plot, moved_at)
    intrusion.leave(rng, moved_at + DAY)
    before = (max(plan.settings.start_s, plot.start - 40 * DAY), plot.start)
    real_orders(plan, rng, 2 * count, owners, before, plot.variant)
    plan.admit(ring, "buyer", owners, plot.start, until, role="compromised")


def _spend(intrusion: Intrusion, rng: Rng, plot: Plot, moved_at: Ints) -> int:
    """One or two dear orders per account, soon after the new address; returns the last instant."""
    limits, owners, tools = PARAMETERS, intrusion.account, intrusion.tools
    who = np.repeat(np.arange(len(owners)), rng.integers(1, 3, len(owners)))
    at = (moved_at[who] + rng.uniform(*limits.order_hours, len(who)) * HOUR).astype(np.int64)
    usd = limits.quiet_usd if plot.variant.stretch > 1.0 else limits.value_usd
    search = ProductSearch(plot.market, usd, plot.start, RESELLABLE)
    intrusion.plan.order(
        intrusion.ring,
        at=at,
        buyer=owners[who],
        product=products_like(intrusion.plan.world, rng, search, len(at)),
        device=tools.device[who],
        ip=tools.ip[who],
        address=tools.address[who],
        payment=intrusion.plan.world.buyers.payment[owners[who]],
        is_express=chance(rng, 0.6, len(at)).astype(np.int64),
        pay_seconds=rng.uniform(10.0, 90.0, len(at)),
        cancel_chance=0.02,
        click_seconds=rng.uniform(4.0, 70.0, len(at)),
        prior_view=0.06,
        billing_match=limits.billing_match,
        review_chance=0.0,
        refund_chance=0.0,
        complaint_chance=limits.report_chance,
        complaint_days=rng.uniform(*limits.report_days, len(at)),
        complaint_topic=UNAUTHORISED,
        dispute_chance=limits.dispute_chance,
        dispute_days=rng.uniform(3.0, 40.0, len(at)),
        dispute_kind=FRAUD,
    )
    return int(at.max())


def _dump(plan: Plan, rng: Rng, merchant: int, at: int, until: int) -> tuple[Ints, float]:
    """The shop's best sellers at a fraction of their price until the owner is back."""
    goods = products_of(plan.world, merchant, at - DAY)[: PARAMETERS.cut_products]
    cut = float(rng.uniform(*PARAMETERS.price_cut))
    for product in goods.tolist():
        plan.relist(product, at, price_factor=1.0 - cut, until=until)
    return goods, cut


def _take_merchant(plan: Plan, rng: Rng, plot: Plot, merchants: Ints) -> None:
    """A shop: new bank, best sellers dumped, crowds over chat links, nothing shipped."""
    limits, opened_at = PARAMETERS, np.array([plot.start])
    bank = plot.start + int(rng.uniform(*limits.bank_minutes) * 60)
    cut_at = bank + int(rng.uniform(0.2, 3.0) * HOUR * plot.variant.stretch)
    until = cut_at + int(rng.uniform(*limits.cut_hours) * HOUR)
    goods, cut = _dump(plan, rng, int(merchants[0]), cut_at, until)
    facts = (
        (
            f"a long-standing shop was signed into from an unknown phone on {date_of(plot.start)}, "
            f"{clock_of(plot.start)}, and its bank account changed within the hour"
        ),
        (
            f"{len(goods)} best sellers fell by {cut:.0%} within hours and sold to crowds who came "
            "over chat links"
        ),
        "nearly nothing was shipped; the owner proved who they are and took the shop back",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, (Loss("buyer", "paid"),), facts))
    intrusion = intrude(plan, rng, plot, ring, "merchant", merchants)
    intrusion.enter(rng, opened_at)
    intrusion.event(np.array([0]), np.array([bank]), "bank_change")
    _bargains(plan, rng, plot, Sale(ring, goods, cut_at + 300, until - 60))
    intrusion.leave(rng, np.array([until - DAY]))
    plan.admit(ring, "merchant", merchants, plot.start, until, role="compromised")
    plan.admit(ring, "product", goods, cut_at, until, role="compromised")


@dataclass(frozen=True)
class Sale:
    """Goods at a fraction of their price, between two instants."""

    ring: int
    goods: Ints
    first: int
    last: int


def _bargains(plan: Plan, rng: Rng, plot: Plot, sale: Sale) -> None:
    """Real people who followed the links to a sale."""
    limits = PARAMETERS
    count = int(rng.integers(limits.bargain_orders[0], limits.bargain_orders[1] + 1))
    at = np.sort(
        sale.first + (rng.random(count) ** 1.3 * (sale.last - sale.first)).astype(np.int64)
    )
    people = walk_in(plan, rng, plot.market, at)
    at, people = at[people >= 0], people[people >= 0]
    count, is_mixed = len(at), plot.variant.real_share is not None
    plan.order(
        sale.ring,
        at=at,
        buyer=people,
        product=rng.choice(sale.goods, count),
        quantity=rng.integers(1, 4, count),
        pay_seconds=rng.uniform(9.0, 90.0, count),
        click_seconds=rng.uniform(3.0, 30.0, count),
        prior_view=0.05,
        cancel_chance=0.02,
        dispatch_hours=rng.uniform(2.0, 20.0, count),
        lost_chance=limits.mixed_never_sent if is_mixed else limits.never_sent,
        scan_gap_hours=rng.uniform(60.0, 120.0, count),
        complaint_chance=0.4,
        complaint_days=rng.uniform(4.0, 14.0, count),
        complaint_topic=NOT_RECEIVED,
        dispute_chance=0.12,
        dispute_kind=INR,
    )


def _take_creator(plan: Plan, rng: Rng, plot: Plot, creators: Ints) -> None:
    """A creator: new bank, then links to dear goods at a commission nobody else gets."""
    limits, host = PARAMETERS, int(creators[0])
    bank = plot.start + int(rng.uniform(*limits.bank_minutes) * 60)
    count = int(rng.integers(limits.links[0], limits.links[1] + 1))
    hours = 18.0 * plot.variant.stretch
    at = np.sort(bank + 900 + (rng.random(count) * hours * HOUR).astype(np.int64))
    people = walk_in(plan, rng, plot.market, at)
    at, people = at[people >= 0], people[people >= 0]
    until = int(at.max(initial=bank))
    facts = (
        (
            f"a creator was signed into from an unknown device on {date_of(plot.start)}, "
            f"{clock_of(plot.start)}; credentials and payout bank changed within the hour"
        ),
        (
            f"{len(at)} orders over the creator's links, {span_of(bank, until)}, at a commission "
            "far above the creator's own"
        ),
        "the creator passed a step-up check later and took the account back",
    )
    losses = (Loss("creator", "commission"), Loss("merchant", "commission", 0.5))
    ring = plan.plant(Ring(NAME, plot.variant.name, losses, facts))
    intrusion = intrude(plan, rng, plot, ring, "creator", creators)
    intrusion.enter(rng, np.array([plot.start]))
    intrusion.event(np.array([0]), np.array([bank]), "bank_change")
    plan.order(
        ring,
        at=at,
        buyer=people,
        product=products_like(
            plan.world, rng, ProductSearch(plot.market, (30.0, 160.0), plot.start), len(at)
        ),
        creator=host,
        channel=AFFILIATE,
        commission_rate=np.round(rng.uniform(*limits.commission, len(at)), 2),
        click_seconds=rng.uniform(3.0, 40.0, len(at)),
        prior_view=0.05,
        refund_chance=0.3,
    )
    intrusion.leave(rng, np.array([until]))
    plan.admit(ring, "creator", creators, plot.start, until, role="compromised")


def plant(plan: Plan) -> None:
    """Plant the takeovers; buyers, shops and creators take turns."""
    rng, world = plan.stream(NAME), plan.world
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, least=6, span=(8.0, 8.0))
    for plot in all_variants(plots, VARIANTS):
        turn = TURNS[plot.number % len(TURNS)]
        account_type, fits = {
            MERCHANT: ("merchant", merchants_selling(world, (0.3, 12.0), plot.start)),
            CREATOR: ("creator", middling_creators(world, (0.3, 9.0), plan.settings.start_s)),
            BUYERS: ("", None),
        }[turn]
        owners = (
            world.claim(account_type, rng, 1, plot.market, fits)
            if account_type
            else np.array([], np.int64)
        )
        if not len(owners):
            _take_buyers(plan, rng, plot)
        elif turn == MERCHANT:
            _take_merchant(plan, rng, plot, owners)
        else:
            _take_creator(plan, rng, plot, owners)
