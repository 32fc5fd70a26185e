"""An honest defect and its recall: T6, T11 and T13 look-alike of a one-star burst.

One batch fails; its buyers say so in their own words and get their money back.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Rng
from sample_data.kit.settings import DAY
from sample_data.period.aftersales import DEFECTIVE
from sample_data.period.complaints import TOPICS
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import (
    date_of,
    merchants_selling,
    moments,
    products_of,
    walk_in,
)

NAME = "HN_DEFECT_RECALL"
CLEARS = (
    "verified buyers of one batch, each in their own words; the shop refunds them all and its "
    "other goods are liked as before"
)
POSITIVES = ("T6_REVIEW_MANIPULATION", "T11_PROHIBITED_GOODS")


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: honest defect recall."""

    per_positive: float = 2.1  # §3.2: at least twice the positives
    daily: tuple[float, float] = (0.25, 10.0)  # assumption: as the shops they resemble
    batch_days: tuple[float, float] = (5.0, 14.0)  # assumption: until the shop notices
    orders: tuple[int, int] = (16, 60)  # assumption
    refund_chance: float = 0.38  # assumption
    refund_days: tuple[float, float] = (1.0, 12.0)  # assumption: it fails in use
    review_chance: float = 0.42  # assumption: the angry write
    five_star: float = 0.22  # assumption
    one_star: float = 0.62  # assumption
    complaint_chance: float = 0.10  # assumption


PARAMETERS = Parameters()


def _fail(plan: Plan, rng: Rng, merchant: int, start: int) -> None:
    """One batch of one listing, or of two that share a part."""
    market = int(plan.world.merchants.market[merchant])
    goods = products_of(plan.world, merchant, start)[: int(rng.integers(2, 4))]
    if len(goods) == 0:
        return
    days = float(rng.uniform(*PARAMETERS.batch_days))
    end = min(start + int(days * DAY), plan.settings.end_s)
    count = int(rng.integers(PARAMETERS.orders[0], PARAMETERS.orders[1] + 1))
    at = moments(rng, market, (start, end), count)
    buyer = walk_in(plan, rng, market, at)
    at, buyer = at[buyer >= 0], buyer[buyer >= 0]
    facts = (
        f"Of what was sold from {date_of(start)} for {days:.0f} days a large part failed in use.",
        "One-star reviews and returns as defective come together, each worded differently.",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=rng.choice(goods, len(at)),
        refund_chance=PARAMETERS.refund_chance,
        refund_reason=float(DEFECTIVE),
        refund_days=rng.uniform(*PARAMETERS.refund_days, len(at)),
        review_chance=PARAMETERS.review_chance,
        five_star_chance=PARAMETERS.five_star,
        one_star_chance=PARAMETERS.one_star,
        complaint_chance=PARAMETERS.complaint_chance,
        complaint_topic=float(TOPICS.index("quality")),
    )
    plan.admit(ring, "merchant", np.array([merchant]), start, end)
    plan.admit(ring, "product", goods, start, end)


def plant(plan: Plan) -> None:
    """Let twice as many honest shops have a bad batch."""
    rng, settings = plan.stream(NAME), plan.settings
    bad = sum(plan.admitted("merchant", name) for name in POSITIVES)
    count = int(np.ceil(PARAMETERS.per_positive * bad))
    fits = merchants_selling(plan.world, PARAMETERS.daily, settings.start_s)
    for merchant in plan.world.claim("merchant", rng, count, fits=fits):
        start = settings.day_s(float(rng.uniform(4.0, settings.days - 12.0)))
        _fail(plan, rng, int(merchant), start)
