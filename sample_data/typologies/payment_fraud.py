"""T7 payment fraud: cards tested by the hundred, goods bought on stolen ones, triangulation.

A tester wants to know which cards live, a buyer wants goods that resell, and a
triangulator sells to real people what somebody else's card pays for.
"""

from dataclasses import dataclass

import numpy as np

from sample_data import disputes, payments
from sample_data.casting import Kit, Wanted, goods_like, kit
from sample_data.crews import all_variants
from sample_data.evasion import CELLS, MIXED, NAIVE, ROTATED, SLOW, real_orders, rotate
from sample_data.randomness import Bools, Floats, Ints, Rng, chance, log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.shopfloor import date_of, listings, moments, selling, settled, span_of
from sample_data.stories import Loss, Plot, Ring, Set

NAME = "T7_PAYMENT_FRAUD"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED)  # there is no review text to copy
FRAUD = float(disputes.KINDS.index("fraud"))
RESELLABLE = (3, 1, 2)  # electronics, shoes and bags, beauty


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T7; "assumption" where it gives none."""

    rings: float = 10.0  # assumption: a third of each method
    testers: tuple[int, int] = (4, 8)  # assumption: accounts of a testing ring
    test_days: tuple[float, float] = (1.0, 3.0)  # assumption
    cards_per_device_day: tuple[float, float] = (24.0, 110.0)  # DOMAIN: 5-200
    slow_cards: tuple[float, float] = (5.0, 12.0)  # DOMAIN: lower end of 5-200
    decline_share: tuple[float, float] = (0.62, 0.93)  # DOMAIN: 60-95 %, good 5-15 %
    ticket_usd: tuple[float, float] = (1.0, 30.0)  # DOMAIN: when testing
    bins: tuple[int, int] = (1, 3)  # DOMAIN: BIN runs; issuers per ring
    sign_up_seconds: tuple[float, float] = (70.0, 560.0)  # DOMAIN: < 10 min from sign-up
    aged_days: tuple[float, float] = (5.0, 40.0)  # assumption: slow rings let accounts ripen
    buyers: tuple[int, int] = (4, 8)  # assumption: accounts of a buying ring
    orders_each: tuple[int, int] = (1, 3)  # assumption
    goods_usd: tuple[float, float] = (55.0, 260.0)  # assumption: resellable SKU
    express_share: float = 0.8  # DOMAIN: express
    billing_match: tuple[float, float] = (0.03, 0.20)  # DOMAIN: billing differs from shipping
    declines: float = 1.8  # assumption: mean refused attempts before one goes through
    dispute_chance: float = 0.75  # assumption: cardholders who notice
    dispute_days: tuple[float, float] = (12.0, 75.0)  # DOMAIN: disputes 3-7 d, chargebacks 30-90 d
    under_retail: tuple[float, float] = (0.10, 0.30)  # DOMAIN: triangulation, under retail
    front_orders: tuple[int, int] = (14, 30)  # assumption: real customers of a front shop
    front_days: tuple[float, float] = (6.0, 14.0)  # assumption
    relay_hours: tuple[float, float] = (0.6, 12.0)  # assumption: real order to stolen order


PARAMETERS = Parameters()


def _accounts(set_: Set, rng: Rng, plot: Plot, count: int, first: Ints) -> tuple[Ints, Kit]:
    """Fresh accounts on the ring's phones, opened minutes (slow: weeks) before `first`."""
    fresh = rng.uniform(*PARAMETERS.sign_up_seconds, count)
    aged = rng.uniform(*PARAMETERS.aged_days, count) * DAY
    age = aged if plot.variant.stretch > 1.0 else fresh
    accounts = set_.world.enlist(rng, plot.market, (first - age).astype(np.int64))
    tools, buyers = kit(set_.world, rng, count, plot.variant), set_.world.buyers
    buyers.device[accounts] = buyers.second_device[accounts] = tools.device
    buyers.ip[accounts], buyers.address[accounts] = tools.ip, tools.address
    return accounts, tools


@dataclass(frozen=True)
class Trials:
    """Card attempts of a testing ring, one per card."""

    member: Ints  # position in the crew
    at: Ints
    declined: Bools
    usd: Floats


def _trials(rng: Rng, plot: Plot, devices: Ints) -> Trials:
    """The attempts: per phone and day a run of cards, seconds apart."""
    slow = plot.variant.stretch > 1.0
    days = max(1, round(float(rng.uniform(*PARAMETERS.test_days)) * plot.variant.stretch))
    _, owners = np.unique(devices, return_counts=True)
    phone = np.repeat(np.arange(len(owners)), days)
    span = PARAMETERS.slow_cards if slow else PARAMETERS.cards_per_device_day
    cards = log_uniform(rng, span, len(phone)).astype(np.int64)
    hour = np.where(np.arange(len(phone)) % days == 0, 0.1, rng.random(len(phone)) * 8.0)
    begins = plot.start + np.tile(np.arange(days), len(owners)) * DAY + hour * HOUR
    run = np.repeat(np.arange(len(phone)), cards)
    turn = np.arange(len(run)) - np.repeat(np.cumsum(cards) - cards, cards)
    pause = (1_500.0 if slow else 45.0) * rng.uniform(0.3, 1.0, len(run))
    first = np.cumsum(owners) - owners  # crew sorted by phone
    place = first[phone[run]] + (owners[phone[run]] * rng.random(len(run))).astype(np.int64)
    return Trials(
        member=np.argsort(devices, kind="stable")[place],
        at=(begins[run] + turn * (1_500.0 if slow else 45.0) + pause).astype(np.int64),
        declined=chance(rng, float(rng.uniform(*PARAMETERS.decline_share)), len(run)),
        usd=log_uniform(rng, PARAMETERS.ticket_usd, len(run)),
    )


def _issuers(rng: Rng, market: int) -> Ints:
    """First digits of the cards of a list: a few invented issuers of the market."""
    count = int(rng.integers(PARAMETERS.bins[0], PARAMETERS.bins[1] + 1))
    issuer = rng.integers(0, payments.ISSUERS, count)
    return (payments.BIN + market * payments.BIN_MARKET + issuer * payments.BIN_STEP).astype(
        np.int64
    )


def _test_cards(set_: Set, rng: Rng, plot: Plot) -> None:
    """A testing ring: most attempts are refused, the rest become small orders."""
    world, count = set_.world, int(rng.integers(PARAMETERS.testers[0], PARAMETERS.testers[1] + 1))
    accounts, tools = _accounts(set_, rng, plot, count, np.full(count, plot.start))
    told = _trials(rng, plot, tools.device)
    cards = world.new_identifiers("payment_token", len(told.at))
    issuers = _issuers(rng, plot.market)
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("cardholder", "paid"),),
            (
                (
                    f"card testing from {date_of(plot.start)}: {len(told.at)} cards on "
                    f"{len(np.unique(tools.device))} phones, {told.declined.mean():.0%} refused, "
                    f"${PARAMETERS.ticket_usd[0]:.0f}-{PARAMETERS.ticket_usd[1]:.0f} each"
                ),
                f"all cards come from {len(issuers)} issuers' number ranges",
                "accounts tried their first card within ten minutes of sign-up"
                if plot.variant.stretch <= 1.0
                else "accounts had been left to ripen for weeks and test a few cards a day",
            ),
        )
    )
    no, who = told.declined, told.member
    set_.decline(
        ring,
        at=told.at[no],
        buyer=accounts[who[no]],
        payment=cards[no],
        device=tools.device[who[no]],
        ip=tools.ip[who[no]],
        amount_usd=told.usd[no],
        bin=issuers[rng.integers(0, len(issuers), int(no.sum()))],
    )
    yes, wanted = ~no, Wanted(plot.market, PARAMETERS.ticket_usd, plot.start)
    _buy(
        set_,
        rng,
        ring,
        plot,
        told.at[yes],
        accounts[who[yes]],
        cards[yes],
        goods_like(world, rng, wanted, int(yes.sum())),
        express=0.1,
        declines=0.0,
    )
    until = int(told.at.max())
    _mix(set_, rng, plot, accounts, int(yes.sum()), until)
    set_.admit(ring, "buyer", accounts, plot.start, until)


def _mix(set_: Set, rng: Rng, plot: Plot, accounts: Ints, count: int, until: int) -> None:
    """Ordinary purchases in between, where the variant mixes; bounded by what people buy."""
    span = (plot.start + HOUR, max(until, plot.start + 6 * DAY))
    real_orders(set_, rng, min(count, 6 * len(accounts)), accounts, span, plot.variant)


def _buy(  # noqa: PLR0913 - an order on a stolen card is exactly these
    set_: Set,
    rng: Rng,
    ring: int,
    plot: Plot,
    at: Ints,
    buyer: Ints,
    card: Ints,
    product: Ints,
    *,
    express: float,
    declines: float,
    address: Ints | int = -1,
    tracking: Ints | float = np.nan,
) -> None:
    """Orders paid with other people's cards."""
    count = len(at)
    set_.order(
        ring,
        at=at,
        buyer=buyer,
        product=product,
        payment=card,
        address=address,
        device=rotate(rng, set_.world, "device", set_.world.buyers.device[buyer], plot.variant),
        ip=set_.world.buyers.ip[buyer],
        is_express=chance(rng, express, count).astype(np.int64),
        pay_seconds=rng.uniform(12.0, 140.0, count),
        cancel_chance=0.01,
        click_seconds=rng.uniform(3.0, 60.0, count),
        prior_view=0.08,
        view_seconds=rng.uniform(3.0, 40.0, count),
        billing_match=float(rng.uniform(*PARAMETERS.billing_match)),
        declines=np.floor(rng.exponential(declines + 1e-9, count)),
        review_chance=0.01,
        refund_chance=0.005,
        complaint_chance=0.0,
        tracking=tracking,
        dispute_chance=PARAMETERS.dispute_chance,
        dispute_days=rng.uniform(*PARAMETERS.dispute_days, count),
        dispute_kind=FRAUD,
    )


def _steal(set_: Set, rng: Rng, plot: Plot) -> None:
    """A buying ring: new accounts, dear goods, express to a drop address."""
    world, count = set_.world, int(rng.integers(PARAMETERS.buyers[0], PARAMETERS.buyers[1] + 1))
    days = float(rng.uniform(1.5, 5.0)) * plot.variant.stretch
    first = plot.start + (rng.random(count) ** 1.5 * days * DAY).astype(np.int64)
    accounts, _ = _accounts(set_, rng, plot, count, first)
    each = rng.integers(PARAMETERS.orders_each[0], PARAMETERS.orders_each[1] + 1, count)
    who = np.repeat(np.arange(count), each)
    turn = np.arange(len(who)) - np.repeat(np.cumsum(each) - each, each)
    pause = (DAY * 3 if plot.variant.stretch > 1.0 else HOUR * 2) * rng.uniform(0.2, 1.0, len(who))
    at = (first[who] + turn * pause).astype(np.int64)
    goods = goods_like(
        world, rng, Wanted(plot.market, PARAMETERS.goods_usd, plot.start, RESELLABLE), len(at)
    )
    until = int(at.max())
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("merchant", "paid"),),
            (
                (
                    f"{count} accounts bought resellable goods {span_of(plot.start, until)} on "
                    f"{len(at)} different cards, most with express delivery"
                ),
                "cards are billed elsewhere than the parcels go, several were refused first",
                "the banks' fraud codes arrive weeks later",
            ),
        )
    )
    cards = world.new_identifiers("payment_token", len(at))
    _buy(
        set_,
        rng,
        ring,
        plot,
        at,
        accounts[who],
        cards,
        goods,
        express=PARAMETERS.express_share,
        declines=PARAMETERS.declines,
        address=rotate(rng, world, "address", world.buyers.address[accounts[who]], plot.variant),
    )
    _mix(set_, rng, plot, accounts, len(at), until)
    set_.admit(ring, "buyer", accounts, plot.start, until)


def _undercut(set_: Set, rng: Rng, shop: int, span: tuple[int, int]) -> tuple[Ints, float]:
    """The listings a front shop offers below retail for as long as the ring works."""
    goods = listings(set_.world, shop, span[0] - DAY)[:3]
    off = float(rng.uniform(*PARAMETERS.under_retail))
    for product in goods.tolist():
        set_.relist(product, span[0], price_factor=1.0 - off, until=span[1])
    return goods, off


def _triangulate(set_: Set, rng: Rng, plot: Plot) -> None:
    """A front shop sells under retail and has a stolen card buy the goods elsewhere."""
    world, limits = set_.world, PARAMETERS
    days = float(rng.uniform(*limits.front_days)) * min(plot.variant.stretch, 2.0)
    span = (plot.start, min(plot.start + int(days * DAY), set_.settings.end_s - DAY))
    shop = world.claim("merchant", rng, 1, plot.market, selling(world, (0.05, 4.0), plot.start))
    count = int(rng.integers(limits.front_orders[0], limits.front_orders[1] + 1))
    people = world.claim("buyer", rng, count, plot.market, settled(world, plot.start, 3.0))
    if not len(shop) or not len(people):
        _steal(set_, rng, plot)
        return
    goods, off = _undercut(set_, rng, int(shop[0]), span)
    at = moments(rng, plot.market, span, len(people))
    label = world.new_identifiers("tracking", len(people))
    set_.order(
        -1,
        at=at,
        buyer=people,
        product=rng.choice(goods, len(people)),
        dispatch_hours=rng.uniform(14.0, 40.0, len(people)),
        tracking=label.astype(float),
    )
    bought = (at + rng.uniform(*limits.relay_hours, len(at)) * HOUR).astype(np.int64)
    crew = int(rng.integers(2, 5))
    accounts, _ = _accounts(set_, rng, plot, crew, np.full(crew, plot.start + HOUR // 2))
    bought = np.maximum(bought, plot.start + HOUR)
    family = tuple({int(code) for code in world.products.category[goods]})
    source = goods_like(world, rng, Wanted(plot.market, (8.0, 200.0), plot.start, family), len(at))
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("merchant", "paid"),),
            (
                f"a shop sold {off:.0%} under its own price, {span_of(*span)}, and had no stock",
                (
                    f"{crew} accounts bought like goods elsewhere within half a day of each sale, on "
                    f"{len(at)} different cards, sent to {len(at)} strangers' addresses"
                ),
                "both parcels carry one tracking number",
            ),
        )
    )
    _buy(
        set_,
        rng,
        ring,
        plot,
        bought,
        accounts[rng.integers(0, crew, len(at))],
        world.new_identifiers("payment_token", len(at)),
        source,
        express=0.3,
        declines=0.8,
        address=world.buyers.address[people],
        tracking=label.astype(float),
    )
    _mix(set_, rng, plot, accounts, len(at), span[1])
    for kind, entities in (("buyer", accounts), ("merchant", shop)):
        set_.admit(ring, kind, entities, span[0], span[1])
    set_.admit(ring, "product", goods, span[0], span[1])
    set_.admit(ring, "buyer", people, span[0], span[1], role="victim")


def plant(set_: Set) -> None:
    """Plant the rings; the three methods take turns."""
    rng = set_.stream(NAME)
    plots = set_.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, least=6, span=(6.0, 8.0))
    methods = (_test_cards, _steal, _triangulate)
    for plot in all_variants(plots, VARIANTS):
        methods[plot.number % 3](set_, rng, plot)
