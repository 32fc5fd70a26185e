"""T8 account takeover: somebody else signs in, changes the locks and takes what is there.

The owner of the account is a victim. A buyer's stored card pays for goods to a new
address, a shop's payout goes to a new bank while its listings are dumped, a creator's
links sell for strangers.
"""

from dataclasses import dataclass

import numpy as np

from sample_data import complaints, disputes
from sample_data.casting import Kit, Wanted, clock_of, goods_like, kit
from sample_data.crews import all_variants
from sample_data.evasion import CELLS, MIXED, NAIVE, ROTATED, SLOW, real_orders
from sample_data.markets import AFFILIATE
from sample_data.randomness import Ints, Rng, chance
from sample_data.settings import DAY, HOUR
from sample_data.shopfloor import date_of, listings, selling, span_of, walk_in
from sample_data.stories import Loss, Plot, Ring, Set

NAME = "T8_ACCOUNT_TAKEOVER"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED)  # a takeover writes no reviews
UNAUTHORISED = float(complaints.TOPICS.index("unauthorised"))
NOT_RECEIVED = float(complaints.TOPICS.index("not_received"))
FRAUD = float(disputes.KINDS.index("fraud"))
BUYERS, SHOP, CREATOR = range(3)
TURNS = (BUYERS, SHOP, BUYERS, CREATOR, BUYERS, BUYERS, SHOP, BUYERS, BUYERS, CREATOR, SHOP)
RESELLABLE = (3, 1, 2)


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T8; "assumption" where it gives none."""

    rings: float = 11.0  # assumption: 6 of buyers, 3 of shops, 2 of creators
    accounts: tuple[int, int] = (5, 9)  # assumption: buyer accounts opened per ring
    tried_per_opened: tuple[int, int] = (8, 25)  # DOMAIN: many accounts, most sign-ins fail
    change_minutes: tuple[float, float] = (2.0, 55.0)  # DOMAIN: credential change <= 60 min
    address_minutes: tuple[float, float] = (3.0, 50.0)  # DOMAIN: then a new address or bank
    order_hours: tuple[float, float] = (0.1, 19.0)  # DOMAIN: order or payout <= 24 h
    value_usd: tuple[float, float] = (120.0, 380.0)  # DOMAIN: 2-5x the owner's own p95
    quiet_usd: tuple[float, float] = (70.0, 170.0)  # assumption: slow rings stay nearer to it
    burst_hours: tuple[float, float] = (4.0, 40.0)  # assumption: all accounts of a ring
    report_days: tuple[float, float] = (0.2, 9.0)  # DOMAIN: owner report 0-14 d
    report_chance: float = 0.6  # DOMAIN: 51 % find out by logging in
    dispute_chance: float = 0.45  # DOMAIN: else by chargeback; stored payment used in 42 %
    price_cut: tuple[float, float] = (0.50, 0.90)  # DOMAIN: price -50 to -90 %
    cut_hours: tuple[float, float] = (14.0, 44.0)  # assumption: until the owner is back
    cut_listings: int = 5  # assumption
    bargain_orders: tuple[int, int] = (18, 55)  # assumption: real buyers at a dumped listing
    links: tuple[int, int] = (16, 40)  # assumption: orders over a creator's links in a day
    commission: tuple[float, float] = (0.35, 0.60)  # assumption: paid to the intruder's bank


PARAMETERS = Parameters()


def _break_in(  # noqa: PLR0913 - a takeover is exactly these
    set_: Set, rng: Rng, ring: int, kind: str, account: Ints, at: Ints, tools: Kit
) -> Ints:
    """Sign-in from an unknown phone, then new locks; returns when the locks were changed."""
    count = len(account)
    where = {"device": tools.device, "ip": tools.ip}
    set_.sign_in(ring, kind, account, at, "login", **where)
    changed = (at + rng.uniform(*PARAMETERS.change_minutes, count) * 60.0).astype(np.int64)
    phone = chance(rng, 0.5, count)
    for change, rows in (("phone_change", phone), ("password_change", ~phone)):
        used = {name: values[rows] for name, values in where.items()}
        set_.sign_in(ring, kind, account[rows], changed[rows], change, **used)
    return changed


def _return_home(set_: Set, rng: Rng, ring: int, kind: str, account: Ints, at: Ints) -> None:
    """The owner proves who they are and takes the account back."""
    owners = {
        "buyer": set_.world.buyers,
        "merchant": set_.world.merchants,
        "creator": set_.world.creators,
    }
    device, ip = owners[kind].device[account], owners[kind].ip[account]
    back = (at + rng.uniform(1.0, 5.0, len(account)) * DAY).astype(np.int64)
    for wait, event in ((0, "login_failed"), (90, "step_up_passed"), (180, "password_change")):
        set_.sign_in(ring, kind, account, back + wait, event, device, ip)


def _stuff(set_: Set, rng: Rng, ring: int, plot: Plot, at: Ints, tools: Kit) -> None:
    """Lists of leaked passwords are tried from the same networks; nearly all fail."""
    span = PARAMETERS.tried_per_opened
    tries = np.repeat(np.arange(len(at)), rng.integers(span[0], span[1] + 1, len(at)))
    when = at[tries] - (rng.random(len(tries)) * 3.0 * HOUR * plot.variant.stretch).astype(np.int64)
    crowd = walk_in(set_, rng, plot.market, when)
    known = crowd >= 0
    member = tries[known]
    set_.sign_in(
        ring,
        "buyer",
        crowd[known],
        when[known],
        "login_failed",
        tools.device[member],
        tools.ip[member],
    )


def _intruders(set_: Set, rng: Rng, plot: Plot, accounts: Ints) -> tuple[Ints, Kit]:
    """When each account is opened, and with what."""
    count = len(accounts)
    hours = float(rng.uniform(*PARAMETERS.burst_hours)) * plot.variant.stretch**2
    at = plot.start + np.sort(rng.random(count) * hours * HOUR).astype(np.int64)
    return at, kit(set_.world, rng, count, plot.variant)


def _take_buyers(set_: Set, rng: Rng, plot: Plot) -> None:
    """Buyer accounts: the stored card buys resellable goods for a new address."""
    limits, world = PARAMETERS, set_.world
    count = int(rng.integers(limits.accounts[0], limits.accounts[1] + 1))
    owners = world.claim("buyer", rng, count, plot.market, _shoppers(set_, plot.start))
    owners = rng.permutation(owners)
    opened, tools = _intruders(set_, rng, plot, owners)
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("buyer", "paid", 0.55), Loss("merchant", "paid", 0.45)),
            (
                (
                    f"{len(owners)} accounts opened from unknown phones, {date_of(plot.start)} from "
                    f"{clock_of(plot.start)}, among hundreds of failed sign-ins from the same networks"
                ),
                (
                    "within the hour a new phone number or password and a new address, then orders "
                    "worth several times what the owner usually spends"
                ),
                "owners report orders that are not theirs",
            ),
        )
    )
    _stuff(set_, rng, ring, plot, opened, tools)
    changed = _break_in(set_, rng, ring, "buyer", owners, opened, tools)
    moved = (changed + rng.uniform(*limits.address_minutes, len(owners)) * 60).astype(np.int64)
    set_.sign_in(ring, "buyer", owners, moved, "address_change", tools.device, tools.ip)
    until = _spend(set_, rng, ring, plot, owners, moved, tools)
    _return_home(set_, rng, ring, "buyer", owners, moved)
    span = (max(set_.settings.start_s, plot.start - 40 * DAY), plot.start)
    real_orders(set_, rng, 2 * len(owners), owners, span, plot.variant)
    set_.admit(ring, "buyer", owners, plot.start, until, role="compromised")


def _shoppers(set_: Set, start: int):  # noqa: ANN202
    """Owners worth the trouble: known for long, with a habit of buying."""
    buyers = set_.world.buyers
    return lambda rows: (
        (buyers.registered[rows] < min(start, set_.settings.start_s) - 20 * DAY)
        & (buyers.weight[rows] > 0.8)
        & (buyers.weight[rows] < 6.0)
    )


def _spend(  # noqa: PLR0913 - what an intruder buys with
    set_: Set, rng: Rng, ring: int, plot: Plot, owners: Ints, moved: Ints, tools: Kit
) -> int:
    """One or two dear orders per account, soon after the new address; returns the last instant."""
    limits = PARAMETERS
    who = np.repeat(np.arange(len(owners)), rng.integers(1, 3, len(owners)))
    wait = rng.uniform(*limits.order_hours, len(who)) * HOUR
    at = (moved[who] + wait).astype(np.int64)
    usd = limits.quiet_usd if plot.variant.stretch > 1.0 else limits.value_usd
    wanted = Wanted(plot.market, usd, plot.start, RESELLABLE)
    set_.order(
        ring,
        at=at,
        buyer=owners[who],
        product=goods_like(set_.world, rng, wanted, len(at)),
        device=tools.device[who],
        ip=tools.ip[who],
        address=tools.address[who],
        payment=set_.world.buyers.payment[owners[who]],
        is_express=chance(rng, 0.6, len(at)).astype(np.int64),
        pay_seconds=rng.uniform(10.0, 90.0, len(at)),
        cancel_chance=0.02,
        click_seconds=rng.uniform(4.0, 70.0, len(at)),
        prior_view=0.06,
        billing_match=0.08,
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


def _dump(set_: Set, rng: Rng, shop: int, at: int, until: int) -> tuple[Ints, float]:
    """The shop's best sellers at a fraction of their price until the owner is back."""
    goods = listings(set_.world, shop, at - DAY)[: PARAMETERS.cut_listings]
    cut = float(rng.uniform(*PARAMETERS.price_cut))
    for product in goods.tolist():
        set_.relist(product, at, price_factor=1.0 - cut, until=until)
    return goods, cut


def _take_shop(set_: Set, rng: Rng, plot: Plot) -> None:
    """A shop: new bank, best sellers dumped, crowds over chat links, nothing shipped."""
    world, limits = set_.world, PARAMETERS
    shops = world.claim("merchant", rng, 1, plot.market, selling(world, (0.3, 12.0), plot.start))
    if not len(shops):
        return _take_buyers(set_, rng, plot)
    tools = kit(world, rng, 1, plot.variant)
    opened = np.array([plot.start])
    bank = plot.start + int(rng.uniform(6.0, 50.0) * 60)
    cut_at = bank + int(rng.uniform(0.2, 3.0) * HOUR * plot.variant.stretch)
    until = cut_at + int(rng.uniform(*limits.cut_hours) * HOUR)
    goods, cut = _dump(set_, rng, int(shops[0]), cut_at, until)
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("buyer", "paid"),),
            (
                (
                    f"a long-standing shop was signed into from an unknown device on "
                    f"{date_of(plot.start)}, {clock_of(plot.start)}, and its bank account changed "
                    "within the hour"
                ),
                (
                    f"{len(goods)} best sellers fell by {cut:.0%} the same day and sold to crowds who "
                    "came over chat links"
                ),
                "nothing was shipped; the owner proved who they are and took the shop back",
            ),
        )
    )
    _break_in(set_, rng, ring, "merchant", shops, opened, tools)
    set_.sign_in(ring, "merchant", shops, bank, "bank_change", tools.device, tools.ip)
    _bargains(set_, rng, ring, plot, goods, (cut_at + 300, until - 60))
    _return_home(set_, rng, ring, "merchant", shops, np.array([until - DAY]))
    set_.admit(ring, "merchant", shops, plot.start, until, role="compromised")
    set_.admit(ring, "product", goods, cut_at, until, role="compromised")
    return None


def _bargains(
    set_: Set, rng: Rng, ring: int, plot: Plot, goods: Ints, span: tuple[int, int]
) -> None:
    """Real people who followed the links; a shop with a slow intruder sees fewer of them."""
    low, high = PARAMETERS.bargain_orders
    count = max(8, int(rng.integers(low, high + 1) / plot.variant.stretch**0.5))
    at = np.sort(span[0] + (rng.random(count) ** 1.3 * (span[1] - span[0])).astype(np.int64))
    people = walk_in(set_, rng, plot.market, at)
    known = people >= 0
    shipped = plot.variant.real_share is not None
    set_.order(
        ring,
        at=at[known],
        buyer=people[known],
        product=rng.choice(goods, int(known.sum())),
        quantity=rng.integers(1, 4, int(known.sum())),
        pay_seconds=rng.uniform(9.0, 90.0, int(known.sum())),
        click_seconds=rng.uniform(3.0, 30.0, int(known.sum())),
        prior_view=0.05,
        cancel_chance=0.02,
        dispatch_hours=rng.uniform(2.0, 20.0, int(known.sum())),
        lost_chance=0.45 if shipped else 0.93,
        scan_gap_hours=rng.uniform(60.0, 120.0, int(known.sum())),
        complaint_chance=0.4,
        complaint_days=rng.uniform(4.0, 14.0, int(known.sum())),
        complaint_topic=NOT_RECEIVED,
        dispute_chance=0.12,
        dispute_kind=float(disputes.KINDS.index("not_received")),
    )


def _take_creator(set_: Set, rng: Rng, plot: Plot) -> None:
    """A creator: new bank, then links to dear goods at a commission nobody else gets."""
    world, limits = set_.world, PARAMETERS
    known = world.creators
    creators = world.claim(
        "creator",
        rng,
        1,
        plot.market,
        lambda rows: (
            (known.weight[rows] > 0.3)
            & (known.weight[rows] < 9.0)
            & (known.registered[rows] < set_.settings.start_s)
        ),
    )
    if not len(creators):
        return _take_buyers(set_, rng, plot)
    tools = kit(world, rng, 1, plot.variant)
    bank = plot.start + int(rng.uniform(6.0, 50.0) * 60)
    count = int(rng.integers(limits.links[0], limits.links[1] + 1))
    hours = 18.0 * plot.variant.stretch
    at = np.sort(bank + 900 + (rng.random(count) * hours * HOUR).astype(np.int64))
    people = walk_in(set_, rng, plot.market, at)
    at, people = at[people >= 0], people[people >= 0]
    until = int(at.max(initial=bank))
    ring = set_.plant(
        Ring(
            NAME,
            plot.variant.name,
            (Loss("creator", "commission"), Loss("merchant", "commission", 0.5)),
            (
                (
                    f"a creator was signed into from an unknown device on {date_of(plot.start)}, "
                    f"{clock_of(plot.start)}; phone or password and payout bank changed in the hour"
                ),
                (
                    f"{len(at)} orders over the creator's links, {span_of(bank, until)}, at a "
                    "commission far above the creator's own"
                ),
                "the creator passed a step-up check later and reported the takeover",
            ),
        )
    )
    _break_in(set_, rng, ring, "creator", creators, np.array([plot.start]), tools)
    set_.sign_in(ring, "creator", creators, bank, "bank_change", tools.device, tools.ip)
    goods = goods_like(world, rng, Wanted(plot.market, (30.0, 160.0), plot.start), len(at))
    set_.order(
        ring,
        at=at,
        buyer=people,
        product=goods,
        creator=creators[0],
        channel=AFFILIATE,
        commission_rate=np.round(rng.uniform(*limits.commission, len(at)), 2),
        click_seconds=rng.uniform(3.0, 40.0, len(at)),
        prior_view=0.05,
        refund_chance=0.3,
    )
    _return_home(set_, rng, ring, "creator", creators, np.array([until]))
    set_.admit(ring, "creator", creators, plot.start, until, role="compromised")
    return None


def plant(set_: Set) -> None:
    """Plant the takeovers; buyers, shops and creators take turns."""
    rng = set_.stream(NAME)
    plots = set_.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, least=6, span=(8.0, 8.0))
    methods = (_take_buyers, _take_shop, _take_creator)
    for plot in all_variants(plots, VARIANTS):
        methods[TURNS[plot.number % len(TURNS)]](set_, rng, plot)
