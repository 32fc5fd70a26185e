"""T2 viewer inflation: machines fill live rooms so that shops pay higher slot fees.

A creator buys views for part of the sessions only. A naive farm shows every tell at
once; the others stream over weeks, come in small waves, use aged accounts behind home
networks, stay in the minority or copy what real viewers wrote.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.actors.programme import evening, ordinary_sessions
from sample_data.actors.world import PROMOTED_MERCHANTS
from sample_data.kit.evasion_kinds import ALL, CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import FollowerStep, Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting.account_tools import middling_creators
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants

NAME = "T2_VIEWER_INFLATION"
VARIANTS = ALL


@dataclass(frozen=True)
class Farm:
    """What one variant of machine audience looks like; shares are of the viewers."""

    bots: tuple[float, float]  # assumption, but MIXED: docs/domain.md §3.6, 30-70 % real
    tells: float  # assumption: chance that a tell shows at all
    session_share: tuple[float, float]  # assumption: of the sessions in the window
    minutes: tuple[float, float] = (4.0, 6.0)  # §T2: full within five minutes
    waves: tuple[int, int] = (1, 1)
    days: tuple[float, float] = (12.0, 32.0)  # assumption
    jitter: float = 0.0  # assumption: machines sent at random moments


@dataclass(frozen=True)
class Parameters:
    """Figures of §T2; "assumption" where it gives none."""

    creators: float = 16.0  # assumption: 1 % of creators, 2-5 % of their sessions
    size: tuple[float, float] = (0.25, 10.0)  # assumption: weight of the creator
    usual_sessions: int = 4  # assumption: of the period, a creator who streams anyway
    sessions: tuple[int, int] = (1, 3)  # assumption: booked for the scheme on top
    slot_share: float = 0.8  # assumption: of those, paid by a shop
    window: tuple[float, float] = (8.0, 10.0)  # assumption: days from the ends of the period
    bots: tuple[float, float] = (0.80, 0.93)  # §T2: views 10x while orders stay
    click_bots: float = 0.35  # assumption: farms that click too: orders / clicks near zero
    watch_mean: tuple[float, float] = (5.0, 9.9)  # §T2: below 10 s ...
    watch_cv: tuple[float, float] = (0.06, 0.20)  # §T2: ... or hardly any spread
    distinct_share: tuple[float, float] = (0.08, 0.30)  # §T2: below 0.3, good 0.7-0.95
    young_share: tuple[float, float] = (0.60, 0.90)  # §T2: good 0.05-0.15
    viewers_per_device: tuple[float, float] = (20.0, 80.0)  # §T2: accounts per device cluster
    peak_share: tuple[float, float] = (0.5, 0.85)  # §T2: all of them in five minutes
    bot_lines: tuple[float, float] = (0.4, 0.8)  # §T2: irrelevant comments
    gain: tuple[float, float] = (0.5, 2.0)  # assumption: bought followers, of those there were
    quiet_gain: tuple[float, float] = (0.1, 0.8)  # assumption: the same of a farm that hides
    steps: tuple[float, ...] = (0.35, 0.35, 0.2, 0.1)  # assumption: shares of 0 to 3 purchases
    follower_loss: tuple[float, float] = (0.60, 0.90)  # §T2: lost in 7-14 days
    loss_days: tuple[int, int] = (7, 14)  # §T2
    videos: int = 4  # assumption: at most so many get bought likes


PARAMETERS = Parameters()
LIKES = {NAIVE: (3.0, 8.0), SLOW: (1.5, 2.5)}  # assumption: bought likes, of those there are
OTHER_LIKES = (2.0, 5.0)  # assumption
FARMS = {
    NAIVE: Farm(PARAMETERS.bots, 1.0, (0.6, 0.9)),
    SLOW: Farm((0.25, 0.45), 0.55, (0.7, 0.9), (30.0, 70.0), days=(28.0, 50.0), jitter=0.8),
    CELLS: Farm((0.40, 0.70), 0.60, (0.45, 0.7), waves=(3, 6), jitter=0.5),
    ROTATED: Farm((0.60, 0.85), 0.60, (0.45, 0.7), (6.0, 20.0), jitter=0.8),
    MIXED: Farm((0.30, 0.70), 0.65, (0.35, 0.6), jitter=0.3),
    COPIED: Farm((0.55, 0.85), 0.60, (0.45, 0.7), jitter=0.6),
}
# Tells that a variant cannot show, whatever the farm.
HIDDEN = {ROTATED: ("viewers_per_device", "young_share"), COPIED: ("distinct_share",)}


def _shows_tell(rng: Rng, plot: Plot, name: str) -> bool:
    """Whether the machines of this ring betray themselves in one respect."""
    shows = bool(rng.random() < FARMS[plot.variant].tells)
    return shows and name not in HIDDEN.get(plot.variant, ())


def _blend(bot: Floats, human: Floats, share: Floats) -> Floats:
    """Room averages when a share of the viewers are machines."""
    return bot * share + human * (1.0 - share)


def _behaviour(rng: Rng, plot: Plot, count: int) -> dict[str, Floats]:
    """What the audience of the inflated sessions does."""
    limits, farm = PARAMETERS, FARMS[plot.variant]
    bots = rng.uniform(*farm.bots, count)
    weight = np.ones(count) if plot.variant == NAIVE else bots
    human = {
        "watch_cv": log_normal(rng, 1.1, 0.3, count),
        "distinct_share": rng.beta(10.0, 3.0, count),
        "young_share": rng.beta(2.6, 22.0, count),
        "peak_share": log_normal(rng, 0.11, 0.5, count),
    }
    behaviour = {
        "view_factor": 1.0 / (1.0 - bots),
        "farm_share": bots,
        "farm_minutes": rng.uniform(*farm.minutes, count),
        "farm_waves": rng.integers(farm.waves[0], farm.waves[1] + 1, count).astype(np.float64),
        "farm_jitter": np.full(count, farm.jitter),
        "follow_rate": log_normal(rng, 0.008, 0.6, count),
    }
    for name, usual in human.items():
        if _shows_tell(rng, plot, name):
            low, high = getattr(limits, name)
            behaviour[name] = _blend(rng.uniform(low, high, count), usual, weight)
    if "watch_cv" not in behaviour or plot.variant == NAIVE:
        watch = rng.uniform(*limits.watch_mean, count)
        behaviour["watch_mean"] = _blend(watch, log_normal(rng, 52.0, 0.5, count), weight)
    if _shows_tell(rng, plot, "viewers_per_device"):
        per_device = rng.uniform(*limits.viewers_per_device, count)
        behaviour["viewers_per_device"] = 1.0 / _blend(
            1.0 / per_device, np.full(count, 0.96), weight
        )
    if "distinct_share" in behaviour:
        behaviour["bot_lines"] = weight * rng.uniform(*limits.bot_lines, count)
    if rng.random() < limits.click_bots:
        behaviour["click_factor"] = behaviour["view_factor"] * rng.uniform(0.5, 1.0, count)
    return behaviour


def _book(plan: Plan, rng: Rng, creator: int, span: tuple[int, int]) -> Ints:
    """Sessions booked for the scheme, most of them paid by a shop."""
    world, limits = plan.world, PARAMETERS
    count = int(rng.integers(limits.sessions[0], limits.sessions[1] + 1))
    host = np.full(count, creator)
    day = span[0] + np.sort(rng.integers(0, max(1, (span[1] - span[0]) // DAY), count)) * DAY
    start = np.maximum(evening(rng, day, world.creators.market[host]), span[0])
    rows = ordinary_sessions(rng, world, host, start)
    merchant = world.creators.merchants[host, rng.integers(0, PROMOTED_MERCHANTS, count)]
    paid: Bools = chance(rng, limits.slot_share, count)
    slot = np.where(paid, merchant, rows["merchant"].to_numpy())
    return plan.programme.book(rows.with_columns(merchant=slot))


def _follow(plan: Plan, rng: Rng, plot: Plot, creator: int, day: int) -> None:
    """Bought followers: a step, or a drip, then most of them are gone."""
    limits, base = PARAMETERS, float(plan.world.creators.followers[creator])
    naive = plot.variant == NAIVE
    steps = 1 if naive else int(rng.choice(len(limits.steps), p=limits.steps))
    gain = rng.uniform(*(limits.gain if naive else limits.quiet_gain))
    size = max(60.0, base * float(gain)) / max(1, steps)
    for number in range(steps):
        over = int(rng.integers(limits.loss_days[0], limits.loss_days[1] + 1))
        lost_share = float(rng.uniform(*limits.follower_loss))
        when = min(day + number * int(rng.integers(3, 8)), plan.settings.days - 1)
        plan.follow(FollowerStep(creator, when, int(size), lost_share, over))


def _facts(plot: Plot, bots: Floats) -> tuple[str, ...]:
    """What an analyst should find."""
    minutes, count = FARMS[plot.variant].minutes[1], len(bots)
    return (
        f"{count} sessions were filled by machines, {bots.mean():.0%} of the views on average.",
        "The creator's other sessions in the same weeks were ordinary.",
        f"The machines came within {minutes:.0f} minutes and then kept the room at one level.",
        "Orders stayed where the creator's usual audience puts them while the views grew.",
    )


def _buy_likes(plan: Plan, rng: Rng, plot: Plot, creator: int, until: int) -> int:
    """Likes for a few videos of the same weeks: machines like, and neither talk nor click."""
    times = rng.uniform(*LIKES.get(plot.variant, OTHER_LIKES), PARAMETERS.videos)
    return plan.programme.buy_likes(creator, plot.start - 7 * DAY, until, times)


def _inflate(plan: Plan, rngs: tuple[Rng, Rng], plot: Plot, creator: int) -> None:
    """One creator's weeks of bought audience; the second stream is that of its videos."""
    rng, video_rng = rngs
    farm, settings = FARMS[plot.variant], plan.settings
    last = settings.end_s - 12 * HOUR
    until = min(plot.start + int(rng.uniform(*farm.days) * DAY), last)
    _book(plan, rng, creator, (plot.start, until - 6 * HOUR))
    there = plan.programme.of(creator, plot.start, until)
    count = max(2, round(float(rng.uniform(*farm.session_share)) * len(there)))
    inflated_sessions = np.sort(rng.permutation(there)[:count])
    behaviour = _behaviour(rng, plot, len(inflated_sessions))
    losses = (Loss("merchant", "slot_fee", 1.0),)
    videos = _buy_likes(plan, video_rng, plot, creator, until)
    facts = _facts(plot, behaviour["farm_share"])
    facts += (f"{videos} of its videos got likes that were bought.",) if videos else ()
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=losses, facts=facts))
    plan.programme.change(inflated_sessions, **behaviour, sheet=float(ring))
    _follow(plan, rng, plot, creator, (plot.start - settings.start_s) // DAY)
    plan.admit(ring, "creator", np.array([creator]), plot.start, until)
    plan.admit(ring, "live_session", inflated_sessions, plot.start, until)


def plant(plan: Plan) -> None:
    """Plant the creators, every second one recent."""
    rng, world, limits = plan.stream(NAME), plan.world, PARAMETERS
    video_rng = plan.stream(f"{NAME} videos")
    host = plan.programme.sessions["creator"].to_numpy()
    sessions = np.bincount(host, minlength=len(world.creators.market))
    middling = middling_creators(world, limits.size, plan.settings.start_s)

    def fits(rows: Ints) -> Bools:
        return middling(rows) & (sessions[rows] >= limits.usual_sessions)

    plots = plan.rings_for(rng, NAME, VARIANTS, limits.creators, 6, limits.window)
    for plot in all_variants(plots, VARIANTS):
        for creator in world.claim("creator", rng, 1, market=plot.market, fits=fits):
            _inflate(plan, (rng, video_rng), plot, int(creator))
