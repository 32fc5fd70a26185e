"""A carrier strike: T5 look-alike, cleared by every shop of the lane being late alike."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.plan_records import Ring
from sample_data.kit.settings import DAY
from sample_data.period.fulfilment import STRIKE_MARKET, strike_span
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import date_of, merchants_selling, span_of

NAME = "HN_CARRIER_STRIKE"
CLEARS = "an announced strike: all shops of the lane are late in the same days and recover together"
POSITIVE = "T5_FAKE_FULFILMENT"


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2 and §3.5: a strike from day 28."""

    per_positive: float = 2.3  # §3.2: at least twice the positives
    daily: tuple[float, float] = (0.05, 60.0)  # assumption: enough parcels in the strike to be seen
    backlog_days: int = 9  # assumption: until the depots are clear


PARAMETERS = Parameters()


def plant(plan: Plan) -> None:
    """Name the shops whose parcels the strike held up; `fulfilment` holds up everybody's."""
    rng = plan.stream(NAME)
    start, end = strike_span(plan.settings)
    count = int(np.ceil(PARAMETERS.per_positive * plan.admitted("merchant", POSITIVE)))
    fits = merchants_selling(plan.world, PARAMETERS.daily, start)
    merchants = plan.world.claim("merchant", rng, count, STRIKE_MARKET, fits)
    facts = (
        f"From {span_of(start, end)} parcels of every shop in this market wait for days.",
        f"By {date_of(end + PARAMETERS.backlog_days * DAY)} they travel as before.",
        "Parcel weights and addresses match; buyers complain of delay, then stop.",
    )
    ring = plan.plant(Ring(NAME, "honest", facts=facts, clears_because=CLEARS))
    plan.admit(ring, "merchant", merchants, start, end + PARAMETERS.backlog_days * DAY)
