"""A live stream that really went viral: T2, T4 and T14 look-alike, cleared by its audience."""

from dataclasses import dataclass

import numpy as np

from sample_data.actors.programme import USUAL, evening, sessions_of
from sample_data.kit import timeline
from sample_data.kit.plan_records import FollowerStep, Ring
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.audience import LIVE_SHARE
from sample_data.planting.plan import Plan

NAME = "HN_VIRAL_LIVE"
CLEARS = "long watch times, diverse comments, clicks and orders in proportion, followers stay"
FACTS = (
    "Views grew many times over in one evening and orders grew with them.",
    "Viewers stayed long, came in bursts and asked about the goods in their own words.",
    "More than 85 % of the new followers were still there two weeks later.",
)


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: 20-100x views with everything else in proportion."""

    per_positive: float = 2.2  # §3.2: at least twice the positives
    looks_like: tuple[str, ...] = ("T2_VIEWER_INFLATION", "T14_SCAM_LIVE")
    orders: tuple[float, float] = (20.0, 150.0)  # assumption: sales of the session
    headline: float = 1.6  # assumption: the evening of the timeline tops every other session
    watch_mean: tuple[float, float] = (45.0, 160.0)  # §3.2: long-tail watch time
    follow_rate: tuple[float, float] = (0.012, 0.06)  # §3.2: followers grow and stay
    kept_share: tuple[float, float] = (0.86, 0.97)  # §3.2: > 85 % after 14 days
    organic_step: tuple[float, float] = (0.2, 1.5)  # assumption: press coverage, of followers
    raid_chance: float = 0.4  # assumption: another host sent the first crowd
    raid_share: tuple[float, float] = (0.2, 0.6)  # assumption
    slot_share: float = 0.5  # assumption: a shop paid for the evening


PARAMETERS = Parameters()


def _when(plan: Plan, rng: Rng, creators: Ints) -> Ints:
    """One evening each; the first on the day of the timeline."""
    day = rng.integers(6, plan.settings.days - 3, len(creators))
    day[:1] = timeline.HEADLINES[NAME]
    start = plan.settings.start_s + day * DAY
    return evening(rng, start, plan.world.creators.market[creators])


def _pull(plan: Plan, rng: Rng, count: int) -> Floats:
    """How many people each evening draws; the first one more than any session there is."""
    every = plan.programme.sessions["pull"].to_numpy()
    per_order = every.sum() / (LIVE_SHARE * plan.settings.orders)
    pull: Floats = log_uniform(rng, PARAMETERS.orders, count) * per_order
    top = max(float(every.max()), float(pull.max(initial=0.0)))
    pull[:1] = PARAMETERS.headline * top
    return pull


def _evenings(plan: Plan, rng: Rng, creators: Ints) -> Ints:
    """The sessions, one per creator; returns their starts."""
    limits, count = PARAMETERS, len(creators)
    start = _when(plan, rng, creators)
    paid = chance(rng, limits.slot_share, count)
    is_raided = chance(rng, limits.raid_chance, count)
    is_raided[:1] = False  # the evening of the timeline grew by itself
    plan.programme.book(
        sessions_of(
            creators,
            np.where(paid, plan.world.creators.merchants[creators, 0], -1),
            start,
            start + (rng.uniform(1.5, 4.0, count) * HOUR).astype(np.int64),
            _pull(plan, rng, count),
            watch_mean=rng.uniform(*limits.watch_mean, count),
            follow_rate=rng.uniform(*limits.follow_rate, count),
            raid_share=np.where(is_raided, rng.uniform(*limits.raid_share, count), USUAL),
        )
    )
    return start


def _follow(plan: Plan, rng: Rng, creator: int, day: int) -> None:
    """The followers that the evening brought, most of whom stay."""
    gain = int(plan.world.creators.followers[creator] * rng.uniform(*PARAMETERS.organic_step))
    lost_share = 1.0 - float(rng.uniform(*PARAMETERS.kept_share))
    plan.follow(FollowerStep(creator, day, gain, lost_share, 14))


def plant(plan: Plan) -> None:
    """Give twice as many honest creators as bad ones their big night."""
    rng, world, limits = plan.stream(NAME), plan.world, PARAMETERS
    bad = sum(plan.admitted("creator", typology) for typology in limits.looks_like)

    def rising(rows: Ints) -> Bools:
        is_established = world.creators.registered_at[rows] < plan.settings.start_s
        return is_established & (world.creators.weight[rows] < 14.0)

    count = int(np.ceil(limits.per_positive * bad))
    creators = rng.permutation(world.claim("creator", rng, count, fits=rising))
    starts = _evenings(plan, rng, creators)
    for creator, start in zip(creators.tolist(), starts.tolist(), strict=True):
        _follow(plan, rng, creator, (start - plan.settings.start_s) // DAY)
        ring = plan.plant(Ring(NAME, "honest", facts=FACTS, clears_because=CLEARS))
        plan.admit(ring, "creator", np.array([creator]), start, start + DAY)
