"""A live stream that really went viral: T2 and T4 look-alike, cleared by its audience."""

from dataclasses import dataclass

import numpy as np

from sample_data.audience import FollowerStep
from sample_data.randomness import log_uniform
from sample_data.settings import DAY, HOUR
from sample_data.stage import evening, sessions_of
from sample_data.stories import Ring, Set

NAME = "HN_VIRAL_LIVE"
CLEARS = "long watch times, diverse comments, clicks and orders in proportion, followers stay"


@dataclass(frozen=True)
class Parameters:
    """DOMAIN 3.2: 20-100x views with everything else in proportion."""

    per_positive: float = 2.2  # DOMAIN: at least twice the positives
    orders: tuple[float, float] = (25.0, 160.0)  # assumption: sales of the session
    watch_mean: tuple[float, float] = (45.0, 160.0)  # DOMAIN: long-tail watch time
    follow_rate: tuple[float, float] = (0.02, 0.06)  # DOMAIN: followers grow and stay
    kept_share: tuple[float, float] = (0.86, 0.97)  # DOMAIN: > 85 % after 14 days
    organic_step: tuple[float, float] = (0.3, 1.5)  # assumption: press coverage, of followers


PARAMETERS = Parameters()


def _pull_per_order(set_: Set) -> float:
    """How much pull a session needs for one expected order."""
    live_orders = 0.27 * set_.settings.orders
    return float(set_.stage.sessions["pull"].to_numpy().sum()) / live_orders


def plant(set_: Set) -> None:
    """Give twice as many honest creators as bad ones their big night."""
    rng, world = set_.stream(NAME), set_.world
    bad = sum(member.entity_type == "creator" for member in set_.members)
    fit = (world.creators.registered < set_.settings.start_s) & (world.creators.weight < 14.0)
    chosen = world.claim("creator", rng, int(np.ceil(PARAMETERS.per_positive * bad)), fit)
    unit = _pull_per_order(set_)
    for creator in chosen:
        day = set_.settings.start_s + int(rng.uniform(6.0, set_.settings.days - 3.0)) * DAY
        start = evening(rng, np.array([day]), world.creators.market[[creator]])
        orders = log_uniform(rng, PARAMETERS.orders, 1)[0]
        set_.stage.book(
            sessions_of(
                np.array([creator]),
                np.array([world.creators.shops[creator, 0] if rng.random() < 0.4 else -1]),
                start,
                start + int(rng.uniform(1.5, 4.0) * HOUR),
                np.array([orders * unit]),
                watch_mean=rng.uniform(*PARAMETERS.watch_mean),
                follow_rate=rng.uniform(*PARAMETERS.follow_rate),
            )
        )
        gained = int(world.creators.followers[creator] * rng.uniform(*PARAMETERS.organic_step))
        lost = 1.0 - rng.uniform(*PARAMETERS.kept_share)
        index = (int(start[0]) - set_.settings.start_s) // DAY
        set_.follower_steps.append(FollowerStep(int(creator), int(index), gained, float(lost), 14))
        ring = set_.plant(Ring(NAME, "viral", "", True, CLEARS, "none"))
        set_.admit(ring, "creator", np.array([creator]), int(start[0]), int(start[0]) + DAY)
