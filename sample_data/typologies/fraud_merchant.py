"""T10 fraud merchant: a farm of shops behind borrowed papers ages, then sells what it never sends.

One operator runs several shops, usually after an earlier one was closed. For weeks they
sell cheap goods properly; then the listings turn into dear ones at a low price, orders
multiply and the parcels do not come.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import ALL
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.period import complaints, disputes
from sample_data.planting.evasion import cells, rotate
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants
from sample_data.planting.shop_tools import (
    daily_orders,
    date_of,
    merchants_selling,
    moments,
    price_usd,
    products_of,
    span_of,
    walk_in,
)

NAME = "T10_FRAUD_MERCHANT"
VARIANTS = ALL
NOT_RECEIVED = float(complaints.TOPICS.index("not_received"))
INR = float(disputes.KINDS.index("not_received"))
DEAR = (3, 1, 8)  # electronics, shoes and bags, sports


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T10; "assumption" where it gives none."""

    farms: float = 3.0  # assumption
    merchants: tuple[int, int] = (3, 5)  # §T10: 3-30 shops, lower end
    ageing_days: tuple[float, float] = (30.0, 60.0)  # §T10: cheap goods first
    ageing_daily: tuple[float, float] = (0.5, 1.3)  # assumption: orders a day while ageing
    bust_days: tuple[float, float] = (4.0, 9.0)  # assumption
    factor: tuple[float, float] = (7.0, 19.0)  # §T10: orders 5-20x
    quiet_factor: tuple[float, float] = (5.0, 8.0)  # §T10: lower end of 5-20x
    cap: float = 100.0  # §2.2: probation cap, orders a day
    price_cut: tuple[float, float] = (0.32, 0.58)  # §T10: price -30 to -60 %
    products: tuple[int, int] = (3, 6)  # assumption: listings turned
    undelivered_share: tuple[float, float] = (0.70, 0.95)  # assumption
    junk_share: float = 0.5  # assumption: of the rest, a light parcel to somewhere else
    predecessor_days: tuple[float, float] = (8.0, 30.0)  # assumption: closed before the farm
    closed_share: float = 0.5  # assumption: of shops closed soon after
    closed_days: tuple[float, float] = (2.0, 9.0)  # assumption


PARAMETERS = Parameters()


def _young(plan: Plan, rng: Rng, plot: Plot, count: int) -> Ints:
    """Small shops opened in the weeks of ageing; elsewhere, or sleeping ones, where too few."""
    world, start, registered_at = plan.world, plot.start, plan.world.merchants.registered_at
    small, daily = merchants_selling(world, (0.0, 4.0), start), daily_orders(world)

    def fresh(rows: Ints) -> Bools:
        age = start - registered_at[rows]
        young: Bools = (age > 5 * DAY) & (age < 80 * DAY) & (daily[rows] < 4.0)
        return young

    merchants = world.claim("merchant", rng, count, plot.market, fresh)
    for where, fits in ((None, fresh), (plot.market, small)):
        missing = count - len(merchants)
        more = world.claim("merchant", rng, missing, where, fits) if missing else merchants[:0]
        merchants = np.concatenate((merchants, more))
    return merchants


def _predecessor(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """A small shop of the same operator that was closed before; empty where there is none."""
    world = plan.world
    small = merchants_selling(world, (0.0, 1.5), plan.settings.start_s)
    old = world.claim("merchant", rng, 1, plot.market, small)
    shut = plot.start - int(rng.uniform(*PARAMETERS.predecessor_days) * DAY)
    world.merchants.closed_at[old] = max(shut, plan.settings.start_s + 3 * DAY)
    return old


def _share_papers(plan: Plan, rng: Rng, plot: Plot, merchants: Ints, old: Ints) -> None:
    """Device, network and return address of one operator; the bank is a mule's unless naive."""
    world, evasion = plan.world, plot.variant
    family = np.concatenate((old, merchants))
    cell = cells(rng, len(family), evasion)
    columns = {"device": "device", "ip": "ip", "return_address": "address"}
    for name, identifier in columns.items():
        column = getattr(world.merchants, name)
        common = world.new_identifiers(identifier, int(cell.max()) + 1)
        column[family] = rotate(rng, world, identifier, common[cell], evasion)
    if evasion.name in {"naive", "copied_review_text"}:
        world.merchants.bank[family] = world.merchants.bank[family[0]]


def _prices(plan: Plan, rng: Rng, goods: Ints, category: int) -> Floats:
    """Factors that bring listings under the usual price of their new category."""
    products = plan.world.products
    same = np.flatnonzero(products.category == category)
    usual = float(np.median(price_usd(plan.world, same[:4_000])))
    cut = rng.uniform(*PARAMETERS.price_cut, len(goods))
    factors: Floats = usual * (1.0 - cut) / price_usd(plan.world, goods)
    return factors


def _turn(plan: Plan, rng: Rng, merchant: int, bust: int, pictures: Ints) -> Ints:
    """Turn the shop's listings into dear goods with pictures used before; returns them."""
    low, high = PARAMETERS.products
    goods = products_of(plan.world, merchant, bust - DAY)[: int(rng.integers(low, high + 1))]
    sold = int(plan.world.merchants.category[merchant])
    category = int(rng.choice([code for code in DEAR if code != sold]))
    for product, factor in zip(goods.tolist(), _prices(plan, rng, goods, category), strict=True):
        plan.relist(
            product,
            bust,
            price_factor=float(factor),
            category=category,
            image=int(rng.choice(pictures)),
        )
    return goods


def _age(
    plan: Plan, rng: Rng, plot: Plot, merchant: int, span: tuple[int, int], daily: float
) -> None:
    """Cheap goods, properly sent, to build a record."""
    goods = products_of(plan.world, merchant, span[0])
    if not len(goods) or span[1] <= span[0]:
        return
    cheap = goods[
        np.argsort(price_usd(plan.world, goods), kind="stable")[: max(1, len(goods) // 2)]
    ]
    count = int(rng.poisson(daily * (span[1] - span[0]) / DAY))
    at = moments(rng, int(plan.world.merchants.market[merchant]), span, count)
    people = walk_in(plan, rng, int(plan.world.merchants.market[merchant]), at)
    ok = people >= 0
    copies = plot.variant.copies_text
    plan.order(
        -1,
        at=at[ok],
        buyer=people[ok],
        product=rng.choice(cheap, int(ok.sum())),
        review_chance=0.5 if copies else np.nan,
        five_star_chance=0.95 if copies else np.nan,
        copied_text=1.0 if copies else np.nan,
    )


@dataclass(frozen=True)
class Schedule:
    """One shop of a farm: when it turns, until when, and how much it takes."""

    bust: int
    until: int
    daily: float  # orders a day before
    orders: int  # of the bust


@dataclass(frozen=True)
class Deal:
    """What one shop sells in its last days."""

    ring: int
    merchant: int
    goods: Ints
    when: Schedule


def _buyers(plan: Plan, rng: Rng, deal: Deal) -> tuple[Ints, Ints]:
    """Who buys, and when."""
    market = int(plan.world.merchants.market[deal.merchant])
    at = moments(rng, market, (deal.when.bust + HOUR, deal.when.until), deal.when.orders)
    people = walk_in(plan, rng, market, at)
    return at[people >= 0], people[people >= 0]


def _bust(plan: Plan, rng: Rng, plot: Plot, deal: Deal) -> None:
    """Crowds at a low price; most parcels are announced and never handed over."""
    limits, (at, people) = PARAMETERS, _buyers(plan, rng, deal)
    count = len(at)
    sent_share = 1.0 - float(rng.uniform(*limits.undelivered_share))
    if plot.variant.real_share is not None:
        sent_share = float(rng.uniform(*plot.variant.real_share))
    honest = chance(rng, sent_share, count)
    junk = ~honest & chance(rng, limits.junk_share * 0.4, count)
    never_sent = ~honest & ~junk
    odd = np.nan
    plan.order(
        deal.ring,
        at=at,
        buyer=people,
        product=rng.choice(deal.goods, count),
        cancel_chance=0.02,
        dispatch_hours=np.where(honest, odd, rng.uniform(3.0, 30.0, count)),
        scan_gap_hours=np.where(never_sent, rng.uniform(80.0, 260.0, count), odd),
        lost_chance=np.where(never_sent, 1.0, np.where(junk, 0.0, odd)),
        parcel_grams=np.where(junk, log_normal(rng, 32.0, 0.3, count), odd),
        address_match=np.where(junk, 0.1, odd),
        review_chance=np.where(honest, odd, 0.08),
        five_star_chance=np.where(honest, odd, 0.05),
        one_star_chance=np.where(honest, odd, 0.9),
        complaint_chance=np.where(honest, odd, 0.45),
        complaint_days=np.where(honest, odd, rng.uniform(5.0, 15.0, count)),
        complaint_topic=np.where(honest, odd, NOT_RECEIVED),
        dispute_chance=np.where(honest, odd, 0.14),
        dispute_days=np.where(honest, odd, rng.uniform(12.0, 50.0, count)),
        dispute_kind=np.where(honest, odd, INR),
    )


def _schedule(plan: Plan, rng: Rng, plot: Plot, merchant: int) -> Schedule:
    """Ageing and bust of one shop; a slow farm takes less a day, for longer."""
    limits, slow = PARAMETERS, plot.variant.stretch > 1.0
    organic = float(daily_orders(plan.world)[merchant])
    daily = float(rng.uniform(*limits.ageing_daily)) + organic
    bust = plot.start + int(rng.uniform(0.0, 4.0 * plot.variant.stretch) * DAY)
    bust = min(bust, plan.settings.end_s - 4 * DAY)
    days = float(rng.uniform(*limits.bust_days)) * (2.0 if slow else 1.0)
    factor = float(log_uniform(rng, limits.quiet_factor if slow else limits.factor, 1)[0])
    until = min(bust + int(days * DAY), plan.settings.end_s - HOUR)
    took = min(factor * daily, limits.cap) * (until - bust) / DAY
    return Schedule(bust, until, daily - organic, max(6, round(took)))


def _facts(plot: Plot, schedules: list[Schedule], shut: int) -> tuple[str, ...]:
    """What an analyst should find."""
    first, last = min(t.bust for t in schedules), max(t.until for t in schedules)
    orders = sum(t.orders for t in schedules)
    paper = "bank account, " if plot.variant.name in {"naive", "copied_review_text"} else ""
    before = f"a shop closed on {date_of(shut)}" if shut >= 0 else "one another"
    return (
        f"{len(schedules)} shops share {paper}back-office device and return address with {before}",
        (
            f"for weeks cheap goods; {span_of(first, last)} other categories at 30-60 % under the "
            f"usual price and {orders} orders, many times the shops' own pace"
        ),
        "parcels marked as sent have no scan, complaints follow five to fifteen days later",
    )


def _empty(plan: Plan, rng: Rng, plot: Plot, deal: Deal) -> None:
    """One shop of a farm from its first cheap sale to its closing."""
    world, when = plan.world, deal.when
    begin = max(
        plot.start - int(rng.uniform(*PARAMETERS.ageing_days) * DAY),
        plan.settings.start_s,
        int(world.merchants.registered_at[deal.merchant]) + DAY,
    )
    _age(plan, rng, plot, deal.merchant, (begin, when.bust), when.daily)
    if len(deal.goods):
        _bust(plan, rng, plot, deal)
    _shut(plan, rng, deal.merchant, when.until)
    plan.admit(deal.ring, "merchant", np.array([deal.merchant]), when.bust, when.until)
    plan.admit(deal.ring, "product", deal.goods, when.bust, when.until)


def _run_farm(plan: Plan, rng: Rng, plot: Plot) -> None:
    """One operator's shops, and the one that was closed before them."""
    world, (low, high) = plan.world, PARAMETERS.merchants
    merchants = _young(plan, rng, plot, int(rng.integers(low, high + 1)))
    old = _predecessor(plan, rng, plot)
    _share_papers(plan, rng, plot, merchants, old)
    schedules = [_schedule(plan, rng, plot, merchant) for merchant in merchants.tolist()]
    shut = int(world.merchants.closed_at[old[0]]) if len(old) else -1
    name = plot.variant.name
    ring = plan.plant(
        Ring(NAME, name, (Loss("buyer", "kept", 0.9),), _facts(plot, schedules, shut))
    )
    first = world.merchants.first_product[old[0] if len(old) else merchants[0]]
    pictures = world.products.image[first : first + 4]
    for merchant, when in zip(merchants.tolist(), schedules, strict=True):
        goods = _turn(plan, rng, merchant, when.bust, pictures)
        _empty(plan, rng, plot, Deal(ring, merchant, goods, when))
    if len(old):
        plan.admit(ring, "merchant", old, shut - 20 * DAY, shut)


def _shut(plan: Plan, rng: Rng, merchant: int, until: int) -> None:
    """Some shops are closed days after the money is gone."""
    at = until + int(rng.uniform(*PARAMETERS.closed_days) * DAY)
    if rng.random() < PARAMETERS.closed_share and at < plan.settings.end_s:
        plan.world.merchants.closed_at[merchant] = at


def plant(plan: Plan) -> None:
    """Plant the farms, every second one recent."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.farms, least=2, span=(36.0, 12.0))
    for plot in all_variants(plots, VARIANTS):
        _run_farm(plan, rng, plot)
