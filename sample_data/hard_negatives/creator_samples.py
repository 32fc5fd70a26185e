"""Free samples to creators: T4 and T1 look-alike, cleared by the sample flag on the orders.

Shops send a creator many samples before a launch; the creator's own account orders
them over the own link, nothing is paid, and honest praise follows.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.markets import AFFILIATE
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Ints, Rng
from sample_data.kit.settings import DAY
from sample_data.period.shopping_habits import pick_product
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import moments, span_of

NAME = "HN_CREATOR_SAMPLES"
CLEARS = "orders are flagged as samples, cost nothing and earn no commission; none was returned"
POSITIVE = "T4_AFFILIATE_FRAUD"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: order flag sample or gift, excluded from the shop's score."""

    per_positive: float = 2.2  # §3.2: at least twice the creators who buy from themselves
    fewest: int = 10  # assumption
    samples: tuple[int, int] = (6, 16)  # assumption
    days: tuple[float, float] = (3.0, 14.0)  # assumption
    review_chance: float = 0.55  # assumption: part of the agreement
    five_star: float = 0.85  # assumption
    review_hours: tuple[float, float] = (4.0, 60.0)  # assumption


PARAMETERS = Parameters()


def _send(plan: Plan, rng: Rng, creator: int) -> None:
    """The samples of one creator."""
    world, limits, settings = plan.world, PARAMETERS, plan.settings
    begin = settings.day_s(float(rng.uniform(5.0, settings.days - 16.0)))
    span = (begin, begin + int(rng.uniform(*limits.days) * DAY))
    count = int(rng.integers(limits.samples[0], limits.samples[1] + 1))
    market = int(world.creators.market[creator])
    at = moments(rng, market, span, count)
    merchant = rng.choice(world.creators.merchants[creator][:3], count)
    product = pick_product(rng, world, merchant)
    possible = (world.products.listed_at[product] < at) & (
        world.merchants.registered_at[merchant] < at
    )
    possible &= (world.products.removed_at[product] < 0) & (world.merchants.closed_at[merchant] < 0)
    account = int(world.creators.account[creator])
    facts = (
        (
            f"a creator's own account ordered {int(possible.sum())} times over the own link, "
            f"{span_of(*span)}, from the device used for streaming"
        ),
        "every order is flagged as a sample: nothing paid, no commission, nothing returned",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    plan.order(
        ring,
        at=at[possible],
        buyer=account,
        product=product[possible],
        creator=creator,
        channel=AFFILIATE,
        is_sample=1,
        prior_view=0.2,
        refund_chance=0.0,
        review_chance=limits.review_chance,
        five_star_chance=limits.five_star,
        review_hours=rng.uniform(*limits.review_hours, int(possible.sum())),
    )
    plan.admit(ring, "creator", np.array([creator]), *span)
    plan.admit(ring, "buyer", np.array([account]), *span)


def plant(plan: Plan) -> None:
    """Send samples to creators whose own account is known."""
    rng, creators = plan.stream(NAME), plan.world.creators
    story_buyers = plan.world.story_actors.setdefault("buyer", set())

    def fits(rows: Ints) -> np.ndarray:
        account = creators.account[rows]
        free = np.array([a >= 0 and a not in story_buyers for a in account.tolist()], dtype=bool)
        return free & (creators.registered_at[rows] < plan.settings.start_s)

    needed = max(PARAMETERS.fewest, PARAMETERS.per_positive * plan.admitted("creator", POSITIVE))
    recruits = plan.world.claim("creator", rng, int(np.ceil(needed)), None, fits)
    story_buyers.update(creators.account[recruits].tolist())
    for creator in recruits.tolist():
        _send(plan, rng, creator)
