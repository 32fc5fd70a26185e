"""T5 fake fulfilment: a shop reports parcels that are late, empty or meant for somebody else.

The shop marks dispatch before the carrier has anything, sends light boxes, or hands
in tracking numbers of parcels that went to another door of the same town; its
other orders are served as they should be.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.aftersales import NOT_AS_DESCRIBED, NOT_RECEIVED
from sample_data.period.complaints import TOPICS
from sample_data.period.disputes import KINDS
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants
from sample_data.planting.shop_tools import (
    draw_popular,
    expected_daily_orders,
    merchants_selling,
    moments,
    products_of,
    span_of,
    walk_in,
)

NAME = "T5_FAKE_FULFILMENT"
# One shop sends its own parcels: there is no ring to cut into cells and no review to copy.
VARIANTS = (NAIVE, SLOW, MIXED, ROTATED)


@dataclass(frozen=True)
class Habit:
    """What one variant does to the parcels of a shop."""

    bad_share: float  # assumption: of the shop's orders in the window
    late: float  # of bad orders: dispatch marked long before the pick-up
    empty: float  # of bad orders: weight far below the goods
    decoy: float  # of bad orders: tracking of another parcel, another door
    claims: float  # of bad orders: the buyer asks for the money back
    gap_hours: tuple[float, float]  # dispatch mark to first scan of a late one
    reuse: int  # orders that share one bought tracking number


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T5; "assumption" where it gives none."""

    merchants: float = 7.0  # §T5 base: 0.3-1 % of shops
    daily: tuple[float, float] = (0.25, 2.2)  # assumption: orders a day the shop has anyway
    window: tuple[float, float] = (6.0, 16.0)  # assumption: days from the ends of the period
    days: tuple[float, float] = (18.0, 32.0)  # assumption: until somebody stops it
    orders: tuple[int, int] = (24, 220)  # assumption: bad orders of one shop
    no_scan_share: tuple[float, float] = (0.30, 0.90)  # §T5: no scan in 72 h, good < 3 %
    claim_share: tuple[float, float] = (0.10, 0.40)  # §T5: INR and SNAD, good 0.5-2 %
    claim_days: tuple[float, float] = (5.0, 15.0)  # §T5: after "delivered"
    weight_left: tuple[float, float] = (0.06, 0.36)  # §T5: residual below -60 %
    address_match: float = 0.04  # §T5: town right, address wrong
    dispatch_hours: tuple[float, float] = (0.3, 6.0)  # assumption: marked at once, to beat LDR
    lost_chance: float = 0.10  # assumption: of late ones that never come
    complaint_chance: float = 0.30  # assumption
    dispute_chance: float = 0.03  # assumption
    unhappy: float = 0.62  # assumption: one star, of reviews below five
    buyers_bear: float = 0.35  # assumption: of what was paid, never claimed back


PARAMETERS = Parameters()
HABITS = {
    NAIVE: Habit(0.82, 0.66, 0.50, 0.34, 0.32, (74.0, 190.0), 4),
    SLOW: Habit(0.30, 0.34, 0.45, 0.20, 0.14, (50.0, 96.0), 2),
    MIXED: Habit(0.45, 0.55, 0.40, 0.25, 0.24, (74.0, 150.0), 3),
    ROTATED: Habit(0.60, 0.40, 0.55, 0.35, 0.24, (70.0, 130.0), 1),
}


def _tracking(plan: Plan, decoy: Bools, reuse: int) -> Floats:
    """Bought tracking numbers for the decoys, each used `reuse` times; NaN = the carrier's own."""
    number = np.full(len(decoy), np.nan)
    labels = plan.world.new_identifiers("tracking", int(decoy.sum()) // reuse + 1)
    number[decoy] = labels[np.arange(int(decoy.sum())) // reuse]
    return number


def _weight(plan: Plan, rng: Rng, product: Ints, empty: Bools) -> Floats:
    """Grams of an empty parcel; NaN = goods and packing."""
    left = rng.uniform(*PARAMETERS.weight_left, len(product))
    return np.where(empty, plan.world.products.weight_grams[product] * left, np.nan)


def _window(plan: Plan, rng: Rng, plot: Plot, daily: float) -> tuple[int, int, int]:
    """First and last instant of the bad weeks, and how many bad orders they hold."""
    habit = HABITS[plot.variant]
    days = float(rng.uniform(*PARAMETERS.days)) * min(plot.variant.stretch, 1.8)
    end = min(plot.start + int(days * DAY), plan.settings.end_s - HOUR)
    usual = daily * (end - plot.start) / DAY
    bad_orders = int(usual * habit.bad_share / (1.0 - habit.bad_share))
    return plot.start, end, int(np.clip(bad_orders, *PARAMETERS.orders))


def _serve(plan: Plan, rng: Rng, plot: Plot, merchant: int, daily: float) -> None:
    """The bad orders of one shop that sells `daily` orders a day anyway."""
    habit, market = HABITS[plot.variant], int(plan.world.merchants.market[merchant])
    start, end, count = _window(plan, rng, plot, daily)
    at = moments(rng, market, (start, end), count)
    buyer = walk_in(plan, rng, market, at)
    at, buyer = at[buyer >= 0], buyer[buyer >= 0]
    count = len(at)
    product = draw_popular(rng, products_of(plan.world, merchant, start), count)
    late, empty, decoy = (
        chance(rng, share, count) for share in (habit.late, habit.empty, habit.decoy)
    )
    missing = decoy | (late & ~empty)
    claim_days = rng.uniform(*PARAMETERS.claim_days, count)
    parcels = BadParcels((start, end), count, int(late.sum()), int(empty.sum()))
    ring = plan.plant(_ring(plot, parcels))
    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=product,
        dispatch_hours=np.where(late, rng.uniform(*PARAMETERS.dispatch_hours, count), np.nan),
        scan_gap_hours=np.where(late, rng.uniform(*habit.gap_hours, count), np.nan),
        lost_chance=np.where(late, PARAMETERS.lost_chance, np.nan),
        parcel_grams=_weight(plan, rng, product, empty),
        tracking=_tracking(plan, decoy, habit.reuse),
        address_match=np.where(decoy, PARAMETERS.address_match, np.nan),
        refund_chance=np.where(late | empty | decoy, habit.claims, np.nan),
        refund_reason=np.where(missing, NOT_RECEIVED, NOT_AS_DESCRIBED).astype(np.float64),
        refund_days=claim_days,
        return_chance=0.1,
        five_star_chance=np.where(empty | decoy, 0.22, np.nan),
        one_star_chance=PARAMETERS.unhappy,
        complaint_chance=np.where(late | empty | decoy, PARAMETERS.complaint_chance, np.nan),
        complaint_days=claim_days,
        complaint_topic=np.where(
            missing, TOPICS.index("not_received"), TOPICS.index("not_as_described")
        ).astype(np.float64),
        dispute_chance=PARAMETERS.dispute_chance,
        dispute_kind=float(KINDS.index("not_received")),
    )
    plan.admit(ring, "merchant", np.array([merchant]), start, int(at.max(initial=start)))


@dataclass(frozen=True)
class BadParcels:
    """When one shop served badly, and how many orders, of which kind."""

    span: tuple[int, int]
    orders: int
    late: int
    empty: int


def _ring(plot: Plot, parcels: BadParcels) -> Ring:
    """The story of one shop as its truth tells it."""
    return Ring(
        NAME,
        plot.variant.name,
        losses=(Loss("platform", "refund", 1.0), Loss("buyer", "kept", PARAMETERS.buyers_bear)),
        facts=(
            (
                f"From {span_of(*parcels.span)} about {parcels.orders} orders of this one shop "
                "went out badly; its other orders arrived as usual."
            ),
            (
                f"{parcels.late} parcels were marked as sent within hours "
                "and first scanned days later."
            ),
            f"{parcels.empty} parcels weighed at the depot less than two fifths of the goods.",
            "Light parcels and wrong doors are this shop's own: its lane has none.",
            "Buyers complained 5 to 15 days after the tracking said delivered.",
        ),
    )


def plant(plan: Plan) -> None:
    """Plant the shops, every second one recent."""
    rng, daily = plan.stream(NAME), expected_daily_orders(plan.world)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.merchants, span=PARAMETERS.window)
    for plot in all_variants(plots, VARIANTS):
        fits = merchants_selling(plan.world, PARAMETERS.daily, plot.start, daily=daily)
        for merchant in plan.world.claim("merchant", rng, 1, market=plot.market, fits=fits):
            _serve(plan, rng, plot, int(merchant), float(daily[merchant]))
