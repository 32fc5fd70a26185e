"""What creators put on: live sessions and short videos, before any audience comes.

A session carries behaviour parameters of its audience; a missing one means "as
usual", and `audience` draws it from the same distributions for everybody.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.markets import MARKETS, per_market, utc_hour_shares
from sample_data.randomness import Floats, Ints, Rng, log_normal, pick_weighted, stream, whole
from sample_data.settings import DAY, HOUR
from sample_data.world import PROMOTED_SHOPS, World

SESSIONS_PER_CREATOR = 4.2  # mean over the period; busy creators stream far more
VIDEOS_PER_CREATOR = 11.0
SLOT_SHARE = 0.24  # of sessions a shop pays a slot fee for
USUAL: Final = float("nan")
# Behaviour of a session's audience that a story may set; NaN = as usual.
AUDIENCE: Final = (
    "view_factor",  # views relative to what the sales explain
    "peak_share",  # peak concurrent / unique viewers
    "watch_mean",  # seconds
    "watch_cv",  # sd / mean of the watch time
    "distinct_share",  # distinct comments / comments
    "young_share",  # viewers with accounts younger than 30 days
    "viewers_per_device",
    "follow_rate",  # follows / unique viewers
)


@dataclass(frozen=True)
class Quirk:
    """A honest habit that makes every session of a creator look odd in one respect."""

    share: float  # of creators
    audience: dict[str, tuple[float, float]]  # behaviour and its range


# Naturally strange and honest, so that no single number convicts anybody; assumptions.
QUIRKS: Final = (
    Quirk(0.06, {"distinct_share": (0.12, 0.5)}),  # raffles: everybody types the same word
    Quirk(0.05, {"watch_mean": (5.0, 14.0), "view_factor": (2.0, 8.0)}),  # autoplay on other pages
    Quirk(0.05, {"watch_cv": (0.12, 0.5), "peak_share": (0.3, 0.7)}),  # fixed-length shows
    Quirk(0.05, {"young_share": (0.25, 0.75)}),  # school-age fans on new accounts
    Quirk(0.04, {"viewers_per_device": (2.0, 25.0)}),  # watched in internet cafes
)


@dataclass
class Stage:
    """Sessions and videos, one row each; the row number is the internal id."""

    sessions: pl.DataFrame  # creator, merchant (-1), start, end, pull, *AUDIENCE
    videos: pl.DataFrame  # creator, published, pull

    def clear(self, creator: int, start: int, end: int) -> None:
        """Drop the sessions of one creator that start in [start, end): a story brings its own."""
        inside = (pl.col("creator") == creator) & pl.col("start").is_between(
            start, end, closed="left"
        )
        self.sessions = self.sessions.filter(~inside)

    def close(self, end_s: int) -> None:
        """Drop sessions still running at the end: a session is known when it has ended."""
        self.sessions = self.sessions.filter(pl.col("end") < end_s)

    def book(self, sessions: pl.DataFrame) -> None:
        """Add sessions made by `sessions_of`."""
        self.sessions = pl.concat((self.sessions, sessions))


def sessions_of(
    creator: Ints, merchant: Ints, start: Ints, end: Ints, pull: Floats, **audience: Floats | float
) -> pl.DataFrame:
    """Sessions as a frame; audience behaviour that is not given stays as usual."""
    unknown = set(audience) - set(AUDIENCE)
    if unknown:
        raise TypeError(f"unknown audience behaviour {sorted(unknown)}; known: {AUDIENCE}")
    count = len(creator)
    columns: dict[str, Ints | Floats] = {
        "creator": creator,
        "merchant": merchant,
        "start": start,
        "end": end,
        "pull": pull.astype(np.float64),
    }
    for name in AUDIENCE:
        columns[name] = np.broadcast_to(np.float64(audience.get(name, USUAL)), (count,)).copy()
    return pl.DataFrame(columns)


def evening(rng: Rng, day_s: Ints, market: Ints) -> Ints:
    """A start at the local evening of each row's UTC day."""
    local = 15.0 + 7.0 * rng.beta(2.2, 1.4, len(day_s))
    offset = per_market("utc_offset_hours")[market]
    return (day_s // DAY * DAY + ((local - offset) % 24.0) * HOUR).astype(np.int64)


def _owners(rng: Rng, world: World, mean: float, power: float) -> Ints:
    """Creators, each repeated by how much they publish."""
    busy = world.creators.weight**power
    return np.repeat(np.arange(len(busy)), rng.poisson(mean * busy / busy.mean()))


def _moments(rng: Rng, world: World, creator: Ints, before: int = 0) -> Ints:
    """A random instant at which each creator already exists, `before` seconds early or later."""
    begin = np.maximum(world.creators.registered[creator] + HOUR, world.settings.start_s - before)
    return whole(begin + rng.random(len(creator)) * (world.settings.end_s - begin))


def _sessions(world: World) -> pl.DataFrame:
    rng = stream(world.settings.seed, "sessions")
    creator = _owners(rng, world, SESSIONS_PER_CREATOR, 0.45)
    start = evening(rng, _moments(rng, world, creator), world.creators.market[creator])
    hours = np.clip(log_normal(rng, 1.7, 0.45, len(creator)), 0.5, 6.0)
    slot = rng.integers(0, PROMOTED_SHOPS, len(creator))
    paid = rng.random(len(creator)) < SLOT_SHARE
    merchant = np.where(paid, world.creators.shops[creator, slot], -1)
    pull = world.creators.weight[creator] * hours * log_normal(rng, 1.0, 0.6, len(creator))
    end = (start + hours * HOUR).astype(np.int64)
    begun = start > world.creators.registered[creator]
    odd = _habits(rng, len(world.creators.market), creator)
    return sessions_of(creator, merchant, start, end, pull, **odd).filter(pl.Series(begun))


def _habits(rng: Rng, creators: int, creator: Ints) -> dict[str, Floats]:
    """Behaviour of each session's audience where its creator has a quirk, NaN elsewhere."""
    odd = {name: np.full(len(creator), USUAL) for name in AUDIENCE}
    for quirk in QUIRKS:
        rows = (rng.random(creators) < quirk.share)[creator]
        for name, span in quirk.audience.items():
            odd[name] = np.where(rows, rng.uniform(*span, len(creator)), odd[name])
    return odd


def _videos(world: World) -> pl.DataFrame:
    rng = stream(world.settings.seed, "videos")
    creator = _owners(rng, world, VIDEOS_PER_CREATOR, 0.35)
    pull = world.creators.weight[creator] ** 0.7 * log_normal(rng, 1.0, 1.4, len(creator))
    return pl.DataFrame(
        {"creator": creator, "published": _moments(rng, world, creator, 10 * DAY), "pull": pull}
    )


def plan(world: World) -> Stage:
    """The ordinary programme of every creator."""
    return Stage(sessions=_sessions(world), videos=_videos(world))


def hour_of_day(rng: Rng, market: Ints) -> Floats:
    """A random moment of the day per row, in seconds after UTC midnight, by local rhythm."""
    second = np.zeros(len(market))
    for code in range(len(MARKETS)):
        rows = np.flatnonzero(market == code)
        second[rows] = pick_weighted(rng, utc_hour_shares(code), rows.size)
    return (second + rng.random(len(market))) * HOUR
