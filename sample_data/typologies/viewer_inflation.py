"""T2 viewer inflation: bots fill live rooms so that shops pay higher slot fees."""

from dataclasses import dataclass

import numpy as np

from sample_data.audience import FollowerStep
from sample_data.randomness import Ints, Rng
from sample_data.settings import DAY, HOUR
from sample_data.stage import evening, sessions_of
from sample_data.stories import Ring, Set

NAME = "T2_VIEWER_INFLATION"


@dataclass(frozen=True)
class Parameters:
    """Figures of DOMAIN 3.1 T2; "assumption" where it gives none."""

    creators: float = 38.0  # assumption: 2-3 % of creators
    sessions: tuple[int, int] = (3, 8)  # assumption: inflated sessions per creator
    view_factor: tuple[float, float] = (5.0, 15.0)  # DOMAIN: views 10x while clicks stay
    watch_mean: tuple[float, float] = (5.0, 10.0)  # DOMAIN: below 10 s
    watch_cv: tuple[float, float] = (0.06, 0.20)  # DOMAIN: below 0.2
    distinct_share: tuple[float, float] = (0.08, 0.30)  # DOMAIN: below 0.3, good 0.7-0.95
    young_share: tuple[float, float] = (0.60, 0.90)  # DOMAIN: good 0.05-0.15
    viewers_per_device: tuple[float, float] = (20.0, 80.0)  # DOMAIN: accounts per device cluster
    peak_share: tuple[float, float] = (0.5, 0.85)  # DOMAIN: tens of thousands in five minutes
    follower_loss: tuple[float, float] = (0.60, 0.90)  # DOMAIN: lost in 7-14 days
    loss_days: tuple[int, int] = (7, 14)  # DOMAIN
    stealth_mix: float = 0.55  # assumption: share of bots in a stealth room


PARAMETERS = Parameters()


def _mixed(bot: np.ndarray, human: np.ndarray, share: float) -> np.ndarray:
    """Room averages when a share of the viewers are bots."""
    return bot * share + human * (1.0 - share)


def _book(set_: Set, rng: Rng, creator: int, day_s: Ints, *, stealth: bool) -> None:
    """The inflated sessions of one creator."""
    world, count, limits = set_.world, len(day_s), PARAMETERS
    market = np.full(count, world.creators.market[creator])
    start = evening(rng, day_s, market)
    share = limits.stealth_mix if stealth else 1.0
    bots = rng.uniform(*limits.view_factor, count)
    human = {"watch_mean": 50.0, "watch_cv": 1.0, "distinct": 0.8, "young": 0.1, "device": 1.05}
    watch_mean = rng.uniform(*limits.watch_mean, count)
    watch_cv = rng.uniform(*limits.watch_cv, count)
    set_.stage.book(
        sessions_of(
            np.full(count, creator),
            world.creators.shops[creator, rng.integers(0, 6, count)],
            start,
            start + (rng.uniform(1.0, 3.0, count) * HOUR).astype(np.int64),
            np.full(count, world.creators.weight[creator] * 1.2),
            view_factor=bots * (0.45 if stealth else 1.0),
            peak_share=_mixed(rng.uniform(*limits.peak_share, count), np.full(count, 0.1), share),
            watch_mean=_mixed(watch_mean, np.full(count, human["watch_mean"]), share),
            watch_cv=_mixed(watch_cv, np.full(count, human["watch_cv"]), share),
            distinct_share=_mixed(
                rng.uniform(*limits.distinct_share, count), np.full(count, human["distinct"]), share
            ),
            young_share=_mixed(
                rng.uniform(*limits.young_share, count), np.full(count, human["young"]), share
            ),
            viewers_per_device=_mixed(
                rng.uniform(*limits.viewers_per_device, count), np.full(count, 1.05), share**3
            ),
            follow_rate=rng.uniform(0.002, 0.01, count),
        )
    )


def _follow(set_: Set, rng: Rng, creator: int, start: int) -> None:
    """Bought followers: a step, then most of them are gone."""
    base = set_.world.creators.followers[creator]
    gained = int(max(400.0, base * rng.uniform(0.5, 2.0)))
    day = (start - set_.settings.start_s) // DAY
    over = int(rng.integers(PARAMETERS.loss_days[0], PARAMETERS.loss_days[1] + 1))
    lost = float(rng.uniform(*PARAMETERS.follower_loss))
    set_.follower_steps.append(FollowerStep(creator, int(day), gained, lost, over))


def plant(set_: Set) -> None:
    """Plant the creators, every second one recent."""
    rng, creators = set_.stream(NAME), set_.world.creators
    count = set_.count(PARAMETERS.creators, 6)
    starts = set_.starts(rng, count, 8.0, 10.0)
    middling = (creators.weight > 0.2) & (creators.weight < 12.0)
    chosen = set_.world.claim(
        "creator", rng, count, middling & (creators.registered < set_.settings.start_s)
    )
    for number, creator in enumerate(rng.permutation(chosen)):
        start, stealth = int(starts[number]), number % 3 == 2
        until = start + int(rng.uniform(6.0, 20.0) * DAY)
        ring = set_.plant(
            Ring(
                NAME,
                "stealth" if stealth else "naive",
                "shops that paid the slot",
                False,
                "",
                "slot_fee",
            )
        )
        sessions = int(rng.integers(PARAMETERS.sessions[0], PARAMETERS.sessions[1] + 1))
        day = (
            start
            + np.sort(rng.choice(np.arange((until - start) // DAY + 4), sessions, replace=False))
            * DAY
        )
        set_.stage.clear(int(creator), start, until)
        _book(set_, rng, int(creator), day, stealth=stealth)
        _follow(set_, rng, int(creator), start)
        set_.admit(ring, "creator", np.array([creator]), start, until)
