"""Live apparel that comes back by half: T4 and T9 look-alike, cleared by its category.

Viewers order three sizes and keep one; what they return is whole, on time and from
people who have nothing to do with the host.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.actors.programme import evening, sessions_of
from sample_data.kit.markets import APPAREL, LIVE
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Bools, Ints, Rng, chance, log_normal
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.aftersales import WRONG_SIZE
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    draw_popular,
    established_buyers,
    merchants_selling,
    products_of,
    span_of,
    walk_in,
)

NAME = "HN_APPAREL_RETURNS"
CLEARS = (
    "apparel sold live comes back by 30-80 % everywhere; the goods return whole within days, "
    "before the commission is paid, from buyers unconnected with the host"
)
POSITIVE = "T4_AFFILIATE_FRAUD"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §T4 and §3.2: honest live apparel returns of 30-80 %."""

    per_positive: float = 2.1  # §3.2: at least twice the positives
    daily: tuple[float, float] = (0.3, 12.0)  # assumption: an apparel shop that sells
    shows: tuple[int, int] = (2, 5)  # assumption: of one host for one shop
    triers: tuple[int, int] = (7, 13)  # assumption: regulars who order several sizes
    each: tuple[int, int] = (5, 10)  # assumption: orders of a regular over the shows
    viewers: tuple[int, int] = (8, 22)  # assumption: other orders of a show
    pull: float = 2.0  # assumption: a show of a middling creator of about two hours
    return_rate: tuple[float, float] = (0.30, 0.80)  # §3.2
    return_days: tuple[float, float] = (0.8, 9.0)  # §T4: D+1 to D+9 is honest


PARAMETERS = Parameters()


def _hosts(plan: Plan, rng: Rng, count: int) -> Ints:
    """Established creators of clothes."""
    creators = plan.world.creators

    def fits(rows: Ints) -> Bools:
        worn: Bools = creators.category[rows] == APPAREL
        return (
            worn
            & (creators.registered_at[rows] < plan.settings.start_s)
            & (creators.weight[rows] < 20)
        )

    return plan.world.claim("creator", rng, count, fits=fits)


def _book(plan: Plan, rng: Rng, host: int, merchant: int) -> tuple[Ints, Ints, Ints]:
    """The host's shows for the shop: session ids, starts and ends."""
    settings = plan.settings
    count = int(rng.integers(PARAMETERS.shows[0], PARAMETERS.shows[1] + 1))
    day = settings.start_s + rng.integers(3, settings.days - 3, count) * DAY
    start = np.sort(evening(rng, day, np.full(count, plan.world.creators.market[host])))
    end = start + (rng.uniform(1.2, 3.0, count) * HOUR).astype(np.int64)
    pull = log_normal(rng, PARAMETERS.pull, 0.6, count)
    shows = sessions_of(np.full(count, host), np.full(count, merchant), start, end, pull)
    return plan.programme.book(shows), start, end


def _try_on(plan: Plan, rng: Rng, host: int, merchant: int, regulars: Ints) -> None:
    """Orders of the shows and what comes back of them."""
    session, start, end = _book(plan, rng, host, merchant)
    market = int(plan.world.merchants.market[merchant])
    regular = np.repeat(
        regulars, rng.integers(PARAMETERS.each[0], PARAMETERS.each[1] + 1, len(regulars))
    )
    others = int(rng.integers(*PARAMETERS.viewers)) * len(session)
    show = rng.integers(0, len(session), len(regular) + others)
    at = start[show] + ((end - start)[show] * rng.beta(1.7, 1.5, len(show))).astype(np.int64)
    buyer = np.concatenate((regular, walk_in(plan, rng, market, at[len(regular) :])))
    goods = products_of(plan.world, merchant, int(start[0]))
    keep = buyer >= 0
    count = int(keep.sum())
    rate = float(rng.uniform(*PARAMETERS.return_rate))
    facts = (
        (
            f"{rate:.0%} of what these shows sold from {span_of(int(start[0]), int(end[-1]))} "
            "came back, most of it as the wrong size."
        ),
        "Returns arrive whole and one to nine days after delivery.",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    plan.order(
        ring,
        at=at[keep],
        buyer=buyer[keep],
        product=draw_popular(rng, goods, count),
        channel=LIVE,
        creator=host,
        session=session[show][keep],
        refund_chance=rate,
        refund_reason=np.where(chance(rng, 0.7, count), float(WRONG_SIZE), np.nan),
        refund_days=rng.uniform(*PARAMETERS.return_days, count),
        return_chance=0.96,
    )
    for entity_type, entities in (
        ("creator", [host]),
        ("merchant", [merchant]),
        ("buyer", regulars),
    ):
        plan.admit(ring, entity_type, np.array(entities), int(start[0]), int(end[-1]))


def plant(plan: Plan) -> None:
    """Let twice as many honest hosts sell clothes as there are cheating ones."""
    rng, world = plan.stream(NAME), plan.world
    count = int(np.ceil(PARAMETERS.per_positive * plan.admitted("creator", POSITIVE)))
    dressers = merchants_selling(world, PARAMETERS.daily, plan.settings.start_s, APPAREL)
    for host in _hosts(plan, rng, count).tolist():
        market = int(world.creators.market[host])
        merchants = world.claim("merchant", rng, 1, market, dressers)
        people = int(rng.integers(PARAMETERS.triers[0], PARAMETERS.triers[1] + 1))
        fits = established_buyers(world, plan.settings.start_s)
        regulars = world.claim("buyer", rng, people, market, fits)
        if len(merchants) and len(products_of(world, int(merchants[0]), plan.settings.start_s)):
            _try_on(plan, rng, host, int(merchants[0]), regulars)
