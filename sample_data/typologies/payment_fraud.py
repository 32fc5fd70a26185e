"""T7 payment fraud: cards tested by the hundred, goods bought on stolen ones, triangulation.

A tester wants to know which cards live, a buyer wants goods that resell, and a
triangulator sells to real people what somebody else's card pays for.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import Decline, Loss, Plot, Ring
from sample_data.kit.randomness import Ints, Rng
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting import card_trials, stolen_cards
from sample_data.planting.account_tools import (
    RESELLABLE,
    CrewIdentifiers,
    ProductSearch,
    crew_identifiers,
    products_like,
)
from sample_data.planting.card_trials import TICKET_USD
from sample_data.planting.evasion import rotate
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants, real_orders
from sample_data.planting.shop_tools import (
    date_of,
    established_buyers,
    merchants_selling,
    moments,
    products_of,
    span_of,
)

NAME = "T7_PAYMENT_FRAUD"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED)  # there is no review text to copy


@dataclass(frozen=True)
class Parameters:
    """Figures of §T7; "assumption" where it gives none. See also the planting tools."""

    rings: float = 10.0  # assumption: a third of each method
    testers: tuple[int, int] = (4, 8)  # assumption: accounts of a testing ring
    # docs/domain.md §T7: < 10 min from sign-up
    sign_up_seconds: tuple[float, float] = (70.0, 560.0)
    aged_days: tuple[float, float] = (5.0, 40.0)  # assumption: slow rings let accounts ripen
    buyers: tuple[int, int] = (4, 8)  # assumption: accounts of a buying ring
    orders_each: tuple[int, int] = (1, 3)  # assumption
    goods_usd: tuple[float, float] = (55.0, 260.0)  # assumption: resellable SKU
    buying_days: tuple[float, float] = (1.5, 5.0)  # assumption
    express_share: float = 0.8  # §T7: express
    declines: float = 1.8  # assumption: mean refused attempts before one goes through
    under_retail: tuple[float, float] = (0.10, 0.30)  # §T7: triangulation, under retail
    front_orders: tuple[int, int] = (14, 30)  # assumption: real customers of a front shop
    front_days: tuple[float, float] = (6.0, 14.0)  # assumption
    front_buyers: tuple[int, int] = (2, 4)  # assumption: accounts that buy for a front shop
    relay_hours: tuple[float, float] = (0.6, 12.0)  # assumption: real order to stolen order


PARAMETERS = Parameters()


def _accounts(plan: Plan, rng: Rng, plot: Plot, first: Ints) -> tuple[Ints, CrewIdentifiers]:
    """An account per instant of `first`, opened minutes (slow: weeks) before it."""
    count = len(first)
    fresh = rng.uniform(*PARAMETERS.sign_up_seconds, count)
    ripe = rng.uniform(*PARAMETERS.aged_days, count) * DAY
    age = ripe if plot.variant.stretch > 1.0 else fresh
    accounts = plan.world.enlist(plot.market, (first - age).astype(np.int64))
    tools, buyers = crew_identifiers(plan.world, rng, count, plot.variant), plan.world.buyers
    buyers.device[accounts] = buyers.second_device[accounts] = tools.device
    buyers.ip[accounts], buyers.address[accounts] = tools.ip, tools.address
    return accounts, tools


def _mix(plan: Plan, rng: Rng, plot: Plot, accounts: Ints, count: int, until: int) -> None:
    """Ordinary purchases of accounts in between, where the variant mixes; bounded by habit."""
    span = (plot.start + HOUR, max(until, plot.start + 6 * DAY))
    real_orders(plan, rng, min(count, 6 * len(accounts)), accounts, span, plot.variant)


def _testing_facts(
    plot: Plot, trials: card_trials.Trials, phones: int, lists: int
) -> tuple[str, ...]:
    plural = "s" * (phones > 1)
    first = (
        f"card testing from {date_of(plot.start)}: {len(trials.at)} cards on {phones} phone{plural}"
    )
    low, high = TICKET_USD
    return (
        f"{first}, {trials.declined.mean():.0%} refused, ${low:.0f}-{high:.0f} each",
        f"all cards come from {lists} issuer number range{'s' * (lists > 1)}",
        "accounts tried their first card within ten minutes of sign-up"
        if plot.variant.stretch <= 1.0
        else "accounts had been left to ripen for weeks and test a few cards a day",
    )


def _test_cards(plan: Plan, rng: Rng, plot: Plot) -> None:
    """A testing ring: most attempts are refused, the rest become small orders."""
    world, count = plan.world, int(rng.integers(PARAMETERS.testers[0], PARAMETERS.testers[1] + 1))
    accounts, tools = _accounts(plan, rng, plot, np.full(count, plot.start))
    trials, lists = (
        card_trials.trials(rng, plot, tools.device),
        card_trials.issuers(rng, plot.market),
    )
    cards = world.new_identifiers("payment_token", len(trials.at))
    facts = _testing_facts(plot, trials, len(np.unique(tools.device)), len(np.unique(lists)))
    ring = plan.plant(Ring(NAME, plot.variant.name, (Loss("cardholder", "paid"),), facts))
    no, who = trials.declined, trials.member
    declines = Decline(
        at=trials.at[no],
        buyer=accounts[who[no]],
        payment=cards[no],
        device=tools.device[who[no]],
        ip=tools.ip[who[no]],
        amount_usd=trials.usd[no],
        card_bin=lists[rng.integers(0, len(lists), int(no.sum()))],
    )
    plan.decline(ring, declines)
    lives, until = int((~no).sum()), int(trials.at.max())
    purchase = stolen_cards.Purchase(
        at=trials.at[~no],
        buyer=accounts[who[~no]],
        card=cards[~no],
        product=products_like(
            world, rng, ProductSearch(plot.market, TICKET_USD, plot.start), lives
        ),
        address=np.full(lives, -1),
        express=0.1,
        declines=0.0,
    )
    stolen_cards.buy(plan, rng, ring, plot, purchase)
    _mix(plan, rng, plot, accounts, lives, until)
    plan.admit(ring, "buyer", accounts, plot.start, until)


def _visits(rng: Rng, plot: Plot, first: Ints) -> tuple[Ints, Ints]:
    """Who buys when: one to three orders per account, hours (slow: days) apart."""
    low, high = PARAMETERS.orders_each
    each = rng.integers(low, high + 1, len(first))
    who = np.repeat(np.arange(len(first)), each)
    turn = np.arange(len(who)) - np.repeat(np.cumsum(each) - each, each)
    pause = (3 * DAY if plot.variant.stretch > 1.0 else 2 * HOUR) * rng.uniform(0.2, 1.0, len(who))
    return who, (first[who] + turn * pause).astype(np.int64)


def _steal(plan: Plan, rng: Rng, plot: Plot) -> None:
    """A buying ring: new accounts, dear goods, express to a drop address."""
    limits, world = PARAMETERS, plan.world
    count = int(rng.integers(limits.buyers[0], limits.buyers[1] + 1))
    days = float(rng.uniform(*limits.buying_days)) * plot.variant.stretch
    first = plot.start + (rng.random(count) ** 1.5 * days * DAY).astype(np.int64)
    accounts, _ = _accounts(plan, rng, plot, first)
    who, at = _visits(rng, plot, first)
    search = ProductSearch(plot.market, limits.goods_usd, plot.start, RESELLABLE)
    drop, until = world.buyers.address[accounts[who]], int(at.max())
    facts = (
        (
            f"{count} accounts bought resellable goods, {span_of(plot.start, until)}, on {len(at)} "
            "different cards, most with express delivery"
        ),
        "cards are billed elsewhere than the parcels go, several were refused first",
        "the banks' fraud codes arrive weeks later",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, (Loss("merchant", "paid"),), facts))
    purchase = stolen_cards.Purchase(
        at=at,
        buyer=accounts[who],
        card=world.new_identifiers("payment_token", len(at)),
        product=products_like(world, rng, search, len(at)),
        address=rotate(rng, world, "address", drop, plot.variant),
        express=limits.express_share,
        declines=limits.declines,
    )
    stolen_cards.buy(plan, rng, ring, plot, purchase)
    _mix(plan, rng, plot, accounts, len(at), until)
    plan.admit(ring, "buyer", accounts, plot.start, until)


def _undercut(plan: Plan, rng: Rng, merchant: int, span: tuple[int, int]) -> tuple[Ints, float]:
    """The listings a front shop offers below retail for as long as the ring works."""
    goods = products_of(plan.world, merchant, span[0] - DAY)[:3]
    off = float(rng.uniform(*PARAMETERS.under_retail))
    for product in goods.tolist():
        plan.relist(product, span[0], price_factor=1.0 - off, until=span[1])
    return goods, off


def _front(plan: Plan, rng: Rng, plot: Plot) -> tuple[Ints, Ints]:
    """A shop that will do as a front, and the real people who buy there."""
    world, limits = plan.world, PARAMETERS
    small = merchants_selling(world, (0.05, 4.0), plot.start)
    merchant = world.claim("merchant", rng, 1, plot.market, small)
    low, high = limits.front_orders
    count = int(rng.integers(low, high + 1)) if len(merchant) else 0
    fits = established_buyers(world, plot.start, 3.0)
    return merchant, world.claim("buyer", rng, count, plot.market, fits)


def _sell(plan: Plan, rng: Rng, people: Ints, at: Ints, goods: Ints) -> Ints:
    """What real people order at the front; returns the labels on their parcels."""
    count = len(people)
    label = plan.world.new_identifiers("tracking", count)
    plan.order(
        -1,
        at=at,
        buyer=people,
        product=rng.choice(goods, count),
        dispatch_hours=rng.uniform(14.0, 40.0, count),
        tracking=label.astype(np.float64),
    )
    return label


def _triangulate(plan: Plan, rng: Rng, plot: Plot) -> None:
    """A front shop sells under retail and has a stolen card buy the goods elsewhere."""
    world, limits = plan.world, PARAMETERS
    days = float(rng.uniform(*limits.front_days)) * min(plot.variant.stretch, 2.0)
    span = (plot.start, min(plot.start + int(days * DAY), plan.settings.end_s - DAY))
    merchant, people = _front(plan, rng, plot)
    if not len(people):
        _steal(plan, rng, plot)
        return
    goods, off = _undercut(plan, rng, int(merchant[0]), span)
    if not goods.size:
        _steal(plan, rng, plot)
        return
    count, at = len(people), moments(rng, plot.market, span, len(people))
    label = _sell(plan, rng, people, at, goods)
    crew = int(rng.integers(limits.front_buyers[0], limits.front_buyers[1] + 1))
    accounts, _ = _accounts(plan, rng, plot, np.full(crew, plot.start + HOUR // 2))
    family = tuple(np.unique(world.products.category[goods]).tolist())
    facts = (
        f"a shop sold {off:.0%} under its own price, {span_of(*span)}, and had no stock",
        (
            f"{crew} accounts bought like goods elsewhere within half a day of each sale, on "
            f"{count} different cards, sent to {count} strangers' addresses"
        ),
        "both parcels carry one tracking number",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, (Loss("merchant", "paid"),), facts))
    relay_at = (at + rng.uniform(*limits.relay_hours, count) * HOUR).astype(np.int64)
    purchase = stolen_cards.Purchase(
        at=np.maximum(relay_at, plot.start + HOUR),
        buyer=accounts[rng.integers(0, crew, count)],
        card=world.new_identifiers("payment_token", count),
        product=products_like(
            world, rng, ProductSearch(plot.market, (8.0, 200.0), span[0], family), count
        ),
        address=world.buyers.address[people],
        express=0.3,
        declines=0.8,
        tracking=label,
    )
    stolen_cards.buy(plan, rng, ring, plot, purchase)
    _mix(plan, rng, plot, accounts, count, span[1])
    for entity_type, entities in (("buyer", accounts), ("merchant", merchant), ("product", goods)):
        plan.admit(ring, entity_type, entities, *span)
    plan.admit(ring, "buyer", people, *span, role="victim")


def plant(plan: Plan) -> None:
    """Plant the rings; the three methods take turns."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, least=6, span=(6.0, 8.0))
    methods = (_test_cards, _steal, _triangulate)
    for plot in all_variants(plots, VARIANTS):
        methods[plot.number % 3](plan, rng, plot)
