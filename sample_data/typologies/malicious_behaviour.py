"""T13 malicious behaviour: buyers who hurt a shop, and a shop that looks guilty of it.

Stock is locked and never paid for, one-star reviews are held over a seller, a rival
brushes the shop it wants punished, machines empty a limited drop. Ask who gains.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.complaints import TOPICS
from sample_data.planting.evasion import cells
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants, real_orders, rotated_identifiers
from sample_data.planting.shop_tools import (
    date_of,
    draw_popular,
    merchants_selling,
    moments,
    products_of,
)

NAME = "T13_MALICIOUS_BEHAVIOUR"
# What an extortionist writes is their own; there is no honest text to copy.
VARIANTS = (NAIVE, CELLS, SLOW, ROTATED, MIXED)


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T13; "assumption" where it gives none."""

    attacks: float = 6.0  # §T13 base: 0.2-0.5 % of shops a month
    window: tuple[float, float] = (8.0, 14.0)  # assumption: days from the ends of the period
    daily: tuple[float, float] = (0.5, 10.0)  # assumption: orders a day the victim has anyway
    buyers: tuple[int, int] = (8, 18)  # assumption
    young_days: tuple[float, float] = (2.0, 40.0)  # assumption: age of naive accounts
    aged_days: tuple[float, float] = (60.0, 240.0)  # assumption: age of the others
    denial_orders: tuple[int, int] = (3, 9)  # §T13: 20-500 orders in all, per buyer here
    denial_days: float = 2.5  # assumption
    unpaid_share: float = 0.7  # assumption: cancelled; the rest is refused at the door
    pieces: tuple[int, int] = (2, 6)  # assumption: locks more stock
    extortion_days: float = 9.0  # assumption
    demand_days: tuple[float, float] = (0.1, 0.9)  # §T13: demanded before the review
    star_hours: tuple[float, float] = (26.0, 96.0)  # assumption
    brushing_orders: tuple[int, int] = (3, 6)  # assumption: orders per account in the victim's name
    brushing_days: float = 4.0  # assumption
    scalping_orders: tuple[int, int] = (2, 4)  # assumption: orders per machine in one drop
    drop_price: float = 0.7  # assumption: of the usual price
    drop_seconds: float = 100.0  # assumption: until it is sold out
    lost_sales: float = 0.3  # assumption: of the order value, while stock is locked


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Attack:
    """Who does it to whom."""

    ring: int
    plot: Plot
    merchant: int
    crew: Ints
    rival: int  # the shop behind it, -1 = none known


def _crew(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """Accounts on shared phones, fewer to a phone where the ring is cut into cells."""
    world, naive = plan.world, plot.variant.name == NAIVE.name
    count = int(rng.integers(PARAMETERS.buyers[0], PARAMETERS.buyers[1] + 1))
    age = PARAMETERS.young_days if naive else PARAMETERS.aged_days
    crew = world.enlist(plot.market, plot.start - (rng.uniform(*age, count) * DAY).astype(int))
    cell = cells(rng, count, plot.variant)
    pairs = 2 * cell + (np.arange(count) % 2)  # two phones to a cell
    phones = world.new_identifiers("device", int(pairs.max()) + 1)
    desks = world.new_identifiers("ip", int(cell.max()) + 1)
    world.buyers.device[crew] = phones[pairs]
    world.buyers.second_device[crew] = phones[pairs]
    world.buyers.ip[crew] = desks[cell]
    return crew


def _hands(plan: Plan, rng: Rng, attack: Attack, buyer: Ints) -> dict[str, Ints]:
    """Device and network of each order, rotated where the ring rotates them."""
    hands = rotated_identifiers(plan, rng, len(buyer), ("device", "ip"), attack.plot.variant)
    if attack.rival >= 0:  # somebody in the rival's back office could not resist
        merchants, own = plan.world.merchants, chance(rng, 0.15, len(buyer))
        hands["device"] = np.where(own, merchants.device[attack.rival], hands["device"])
        hands["ip"] = np.where(own, merchants.ip[attack.rival], hands["ip"])
    return hands


def _plan(
    plan: Plan, rng: Rng, attack: Attack, each: tuple[int, int], days: float
) -> tuple[Ints, Ints]:
    """Who orders when."""
    buyer = np.repeat(attack.crew, rng.integers(each[0], each[1] + 1, len(attack.crew)))
    length = days * attack.plot.variant.stretch
    span = (attack.plot.start, attack.plot.start + int(length * DAY))
    market = int(plan.world.merchants.market[attack.merchant])
    return rng.permutation(buyer), moments(rng, market, span, len(buyer))


def _cheapest(plan: Plan, attack: Attack) -> Ints:
    """The cheapest listing of the victim."""
    goods = products_of(plan.world, attack.merchant, attack.plot.start)
    return goods[np.argsort(plan.world.products.price_minor[goods], kind="stable")][:1]


def _deny(plan: Plan, rng: Rng, attack: Attack) -> Ints:
    """Order the best sellers in quantity; cancel most, refuse the rest at the door."""
    buyer, at = _plan(plan, rng, attack, PARAMETERS.denial_orders, PARAMETERS.denial_days)
    goods = products_of(plan.world, attack.merchant, attack.plot.start)[:3]
    is_refused = ~chance(rng, PARAMETERS.unpaid_share, len(at))
    plan.order(
        attack.ring,
        at=at,
        buyer=buyer,
        product=draw_popular(rng, goods, len(at)),
        quantity=rng.integers(PARAMETERS.pieces[0], PARAMETERS.pieces[1] + 1, len(at)),
        cancel_chance=np.where(is_refused, 0.0, 1.0),
        lost_chance=np.where(is_refused, 1.0, np.nan),
        complaint_chance=0.0,
        dispute_chance=0.0,
        **_hands(plan, rng, attack, buyer),
    )
    return at


def _extort(plan: Plan, rng: Rng, attack: Attack) -> Ints:
    """Buy the cheapest thing, ask for money, and give one star when it does not come."""
    buyer, at = _plan(plan, rng, attack, (1, 2), PARAMETERS.extortion_days)
    plan.order(
        attack.ring,
        at=at,
        buyer=buyer,
        product=int(_cheapest(plan, attack)[0]),
        cancel_chance=0.0,
        review_chance=0.93,
        five_star_chance=0.03,
        one_star_chance=0.95,
        review_hours=rng.uniform(*PARAMETERS.star_hours, len(at)),
        complaint_chance=0.55,
        complaint_days=rng.uniform(*PARAMETERS.demand_days, len(at)),
        complaint_topic=float(TOPICS.index("harassment")),
        refund_chance=0.25,
        **_hands(plan, rng, attack, buyer),
    )
    return at


def _frame(plan: Plan, rng: Rng, attack: Attack) -> Ints:
    """Brush the victim so that it is the one who gets punished."""
    buyer, at = _plan(plan, rng, attack, PARAMETERS.brushing_orders, PARAMETERS.brushing_days)
    plan.order(
        attack.ring,
        at=at,
        buyer=buyer,
        product=int(_cheapest(plan, attack)[0]),
        pay_seconds=rng.uniform(8.0, 70.0, len(at)),
        prior_view=0.15,
        click_seconds=rng.uniform(3.0, 40.0, len(at)),
        cancel_chance=0.0,
        review_chance=0.7,
        five_star_chance=0.97,
        review_hours=rng.uniform(0.5, 47.0, len(at)),
        review_sheet=float(attack.ring),
        refund_chance=0.01,
        **_hands(plan, rng, attack, buyer),
    )
    return at


def _scalp(plan: Plan, rng: Rng, attack: Attack) -> Ints:
    """Empty a limited drop within seconds, for resale elsewhere."""
    product = int(products_of(plan.world, attack.merchant, attack.plot.start)[0])
    buyer = np.repeat(
        attack.crew,
        rng.integers(
            PARAMETERS.scalping_orders[0], PARAMETERS.scalping_orders[1] + 1, len(attack.crew)
        ),
    )
    drops = 1 if attack.plot.variant.stretch <= 1.0 else 3
    drop = attack.plot.start + 3 * DAY * rng.integers(0, drops, len(buyer)) + HOUR
    for begin in np.unique(drop).tolist():
        plan.relist(product, begin - HOUR // 4, PARAMETERS.drop_price, until=begin + DAY)
    at = drop + (rng.exponential(PARAMETERS.drop_seconds / 3.0, len(buyer)) + 1.0).astype(np.int64)
    plan.order(
        attack.ring,
        at=at,
        buyer=buyer,
        product=product,
        quantity=rng.integers(2, 5, len(buyer)),
        view_seconds=rng.uniform(0.3, 4.0, len(buyer)),
        click_seconds=rng.uniform(0.5, 3.0, len(buyer)),
        pay_seconds=rng.uniform(2.0, 12.0, len(buyer)),
        prior_view=0.03,
        cancel_chance=0.0,
        review_chance=0.01,
        refund_chance=0.01,
        **_hands(plan, rng, attack, buyer),
    )
    return at


@dataclass(frozen=True)
class Method:
    """One way to hurt a shop."""

    act: Callable[[Plan, Rng, Attack], Ints]  # hands in the orders, returns their instants
    has_rival: bool
    loss: Loss
    fact: str


METHODS = (
    Method(
        _deny,
        True,
        Loss("merchant", "items", PARAMETERS.lost_sales),
        "They ordered the shop's best sellers in quantity, cancelled most and refused the rest.",
    ),
    Method(
        _extort,
        False,
        Loss("merchant", "items", 1.0),
        "They bought the cheapest listing, asked for money and then gave one star; "
        "the shop reported the demands first.",
    ),
    Method(
        _frame,
        True,
        Loss("merchant", "items", PARAMETERS.lost_sales),
        "The orders look like brushing, yet the shop sent full parcels and its rank did not gain; "
        "some were placed from the office of a rival.",
    ),
    Method(
        _scalp,
        False,
        Loss("buyer", "items", PARAMETERS.lost_sales),
        "They bought out a limited drop within two minutes, seconds after opening the page.",
    ),
)


def _plant_attack(plan: Plan, rng: Rng, plot: Plot) -> None:
    """One attack on one shop."""
    method = METHODS[plot.number % len(METHODS)]
    fits = merchants_selling(plan.world, PARAMETERS.daily, plot.start)
    merchants = plan.world.claim("merchant", rng, 1 + method.has_rival, plot.market, fits)
    if len(merchants) <= method.has_rival:
        return
    crew = _crew(plan, rng, plot)
    hands = "on few devices" if plot.variant.rotation <= 0.0 else "with ever new devices"
    facts = (
        f"From {date_of(plot.start)} {len(crew)} accounts {hands} turned on one shop.",
        method.fact,
        "The shop gained nothing: it is the victim.",
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=(method.loss,), facts=facts))
    merchant, rival = int(merchants[0]), int(merchants[-1]) if method.has_rival else -1
    at = method.act(plan, rng, Attack(ring, plot, merchant, crew, rival))
    until = int(at.max(initial=plot.start))
    plan.admit(ring, "buyer", crew, plot.start, until)
    plan.admit(ring, "merchant", np.array([merchant]), plot.start, until, role="victim")
    if method.has_rival:
        plan.admit(ring, "merchant", np.array([rival]), plot.start, until)
    real_orders(plan, rng, len(at), crew, (plot.start - 20 * DAY, until), plot.variant)


def plant(plan: Plan) -> None:
    """Plant the attacks, every second one recent."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.attacks, 4, PARAMETERS.window)
    for plot in all_variants(plots, VARIANTS):
        _plant_attack(plan, rng, plot)
