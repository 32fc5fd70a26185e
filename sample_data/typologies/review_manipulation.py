"""T6 review manipulation: bought praise, a listing swapped under its old stars, paid one-stars.

A broker sends real people with real orders; what gives them away is that the same
people praise unrelated shops within a day of delivery, from the same sheet.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import ALL
from sample_data.kit.markets import CATEGORIES
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Floats, Ints, Rng
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.aftersales import NOT_AS_DESCRIBED
from sample_data.period.complaints import TOPICS
from sample_data.planting.evasion import cells
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants, real_orders, rotated_identifiers
from sample_data.planting.shop_tools import (
    date_of,
    established_buyers,
    expected_daily_orders,
    merchants_selling,
    moments,
    products_of,
    walk_in,
)

NAME = "T6_REVIEW_MANIPULATION"
VARIANTS = ALL
OVERLAP, HIJACK, ATTACK = range(3)  # what a ring does besides buying praise


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T6; "assumption" where it gives none."""

    rings: float = 6.0  # assumption: one of each variant at the default size
    window: tuple[float, float] = (6.0, 14.0)  # assumption: days from the ends of the period
    reviewers: tuple[int, int] = (9, 16)  # assumption: of one broker
    daily: tuple[float, float] = (1.3, 10.0)  # assumption: orders a day the shop has anyway
    burst: tuple[float, float] = (5.0, 20.0)  # §T6: times the listing's usual five stars
    burst_days: tuple[float, float] = (3.0, 10.0)  # §T6
    review_rate: float = 0.23  # assumption: honest reviews per order, for the burst's length
    review_chance: float = 0.94  # assumption: workers are paid per review
    five_star: float = 0.97  # assumption
    review_hours: tuple[float, float] = (0.4, 23.5)  # §T6: within 24 h of delivery
    slow_hours: tuple[float, float] = (5.0, 110.0)  # assumption: told to wait
    hijack_after_days: tuple[float, float] = (4.0, 9.0)  # assumption
    hijack_price: tuple[float, float] = (1.4, 2.4)  # assumption: of the old listing's price
    deceived_buyers: tuple[int, int] = (
        16,
        38,
    )  # assumption: who buy on the strength of the old stars
    deceived_days: float = 26.0  # §T6: the lift fades in about a month
    not_as_described: float = 0.24  # assumption
    rival_loss: float = 0.2  # assumption: of the attacked order value, lost sales
    harm: float = 0.12  # assumption: of order value, what misled buyers overpay


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Job:
    """One task of a broker: who reviews which listings, when, and how kindly."""

    merchant: int
    goods: Ints
    reviewers: Ints
    start: int
    is_praise: bool  # or one star
    daily: float  # orders the shop gets anyway


def _burst_days(rng: Rng, job: Job, plot: Plot) -> float:
    """Length of a burst, so that it is 5-20 times what the listing gets anyway."""
    usual = job.daily * 0.3 * PARAMETERS.review_rate
    days = len(job.reviewers) / max(usual * float(rng.uniform(*PARAMETERS.burst)), 0.01)
    return float(np.clip(days, *PARAMETERS.burst_days)) * plot.variant.stretch


def _work(plan: Plan, rng: Rng, ring: int, plot: Plot, job: Job) -> None:
    """Every reviewer buys every listing once and writes what was asked for."""
    evasion, market = plot.variant, int(plan.world.merchants.market[job.merchant])
    cell = cells(rng, len(job.reviewers), evasion) % max(1, len(job.goods))
    group = np.repeat(np.arange(len(job.goods)), len(job.reviewers))
    buyer = np.tile(job.reviewers, len(job.goods))
    mine = (np.tile(cell, len(job.goods)) == group) | (len(np.unique(cell)) == 1)
    buyer, product = buyer[mine], job.goods[group[mine]]
    span = (job.start, job.start + int(_burst_days(rng, job, plot) * DAY))
    at = rng.permutation(moments(rng, market, span, len(buyer)))
    slow = evasion.stretch > 1.0
    hours: Floats = rng.uniform(
        *(PARAMETERS.slow_hours if slow else PARAMETERS.review_hours), len(buyer)
    )
    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=product,
        **rotated_identifiers(plan, rng, len(buyer), ("device", "ip", "address"), evasion),
        cancel_chance=0.0,
        review_chance=0.6 if slow else PARAMETERS.review_chance,
        five_star_chance=PARAMETERS.five_star if job.is_praise else 0.02,
        one_star_chance=0.1 if job.is_praise else 0.97,
        review_hours=hours,
        review_sheet=np.nan if evasion.copies_text else float(ring),
        copied_text=1.0 if evasion.copies_text else np.nan,
        refund_chance=0.01,
    )
    until = int(at.max(initial=job.start))
    role = "actor" if job.is_praise else "victim"
    plan.admit(ring, "merchant", np.array([job.merchant]), job.start, until, role=role)
    plan.admit(ring, "product", np.unique(product), job.start, until, role=role)
    plan.admit(ring, "buyer", np.unique(buyer), job.start, until)


def _hijack(plan: Plan, rng: Rng, ring: int, product: int, start: int) -> None:
    """Swap the goods under a praised listing and let strangers buy on its old stars."""
    world, market = (
        plan.world,
        int(plan.world.merchants.market[plan.world.products.merchant[product]]),
    )
    begin = start + int(rng.uniform(*PARAMETERS.hijack_after_days) * DAY)
    other = (int(world.products.category[product]) + int(rng.integers(1, 9))) % len(CATEGORIES)
    factor = float(rng.uniform(*PARAMETERS.hijack_price))
    image = int(world.new_identifiers("image", 1)[0])
    plan.relist(product, begin, price_factor=factor, category=other, image=image)
    count = int(rng.integers(PARAMETERS.deceived_buyers[0], PARAMETERS.deceived_buyers[1] + 1))
    at = moments(rng, market, (begin + HOUR, begin + int(PARAMETERS.deceived_days * DAY)), count)
    buyer = walk_in(plan, rng, market, at)
    plan.order(
        ring,
        at=at[buyer >= 0],
        buyer=buyer[buyer >= 0],
        product=product,
        refund_chance=PARAMETERS.not_as_described,
        refund_reason=float(NOT_AS_DESCRIBED),
        review_chance=0.34,
        five_star_chance=0.3,
        one_star_chance=0.6,
        complaint_chance=0.12,
        complaint_topic=float(TOPICS.index("not_as_described")),
    )


def _facts(plot: Plot, job: int, count: int) -> tuple[str, ...]:
    """What an analyst should find."""
    common = [
        (
            f"From {date_of(plot.start)} {count} accounts praised the same listings with five "
            "stars; before and after they get a fraction of that."
        ),
        "Most of these reviews came within a day of delivery."
        if plot.variant.stretch <= 1.0
        else "The reviewers waited days before they wrote.",
        "The texts repeat reviews that other buyers wrote earlier elsewhere."
        if plot.variant.copies_text
        else "The texts are variations of one sheet.",
    ]
    more = {
        OVERLAP: "The same accounts praised a second shop with other goods and another owner.",
        HIJACK: "Days later the listing became another product at another price, with its old "
        "stars; one-star reviews and returns followed.",
        ATTACK: "The same accounts gave one star to a rival of the praised shop in the same week; "
        "the rival's other buyers are content.",
    }
    return (*common, more[job])


def _losses(job: int) -> tuple[Loss, ...]:
    rival = (Loss("rival", "items", PARAMETERS.rival_loss),) if job == ATTACK else ()
    return (Loss("buyer", "items", PARAMETERS.harm), *rival)


def _plant_ring(plan: Plan, rng: Rng, plot: Plot, daily: Floats) -> None:
    """One broker with its shops, its reviewers and, for some, a rival to hurt."""
    world, job = plan.world, plot.number % 3
    count = int(rng.integers(PARAMETERS.reviewers[0], PARAMETERS.reviewers[1] + 1))
    fits = merchants_selling(world, PARAMETERS.daily, plot.start, daily=daily)
    merchants = world.claim("merchant", rng, 1 if job == HIJACK else 2, plot.market, fits)
    reviewers = world.claim("buyer", rng, count, plot.market, established_buyers(world, plot.start))
    if len(merchants) == 0 or len(reviewers) < 5:
        return
    ring = plan.plant(
        Ring(NAME, plot.variant.name, losses=_losses(job), facts=_facts(plot, job, len(reviewers)))
    )
    for number, merchant in enumerate(merchants.tolist()):
        begin = plot.start + int(number * rng.uniform(0.5, 3.0) * DAY)
        is_praise = not (job == ATTACK and number == 1)
        goods = products_of(world, merchant, begin)[: 2 if job == HIJACK else 1]
        _work(
            plan,
            rng,
            ring,
            plot,
            Job(merchant, goods, reviewers, begin, is_praise, float(daily[merchant])),
        )
    if job == HIJACK:
        product = int(products_of(world, int(merchants[0]), plot.start)[0])
        _hijack(plan, rng, ring, product, plot.start + int(PARAMETERS.burst_days[0] * DAY))
    bad_orders = len(reviewers) * 2
    end = plot.start + int(PARAMETERS.deceived_days * DAY)
    real_orders(plan, rng, bad_orders, reviewers, (plot.start, end), plot.variant)


def plant(plan: Plan) -> None:
    """Plant the brokers, every second one recent."""
    rng, daily = plan.stream(NAME), expected_daily_orders(plan.world)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.rings, 3, PARAMETERS.window)
    for plot in all_variants(plots, VARIANTS):
        _plant_ring(plan, rng, plot, daily)
