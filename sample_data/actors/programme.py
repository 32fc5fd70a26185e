"""What creators put on: live sessions and short videos, before any audience comes.

A session carries behaviour parameters of its audience; a missing one means "as
usual", and `audience` draws it from the same distributions for everybody. The row
number of a session is its id from the moment it is booked: a session that falls
out is moved behind the end of the data, never deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import PROMOTED_MERCHANTS, World
from sample_data.kit.markets import MARKETS, per_market, utc_hour_shares
from sample_data.kit.randomness import (
    Floats,
    Ints,
    Rng,
    chance,
    log_normal,
    pick_weighted,
    stream,
    whole,
)
from sample_data.kit.settings import DAY, HOUR

SESSIONS_PER_CREATOR = 4.2  # mean over the period; busy creators stream far more
VIDEOS_PER_CREATOR = 11.0
SLOT_SHARE = (0.7, 2.2)  # beta: share of a creator's sessions that a shop pays for; mean 0.24
CALLED_OFF: Final = 2**40  # start of a session that never took place: after any end of data
USUAL: Final = float("nan")
# Behaviour of a session's audience that a story may set; NaN = as usual.
AUDIENCE: Final = (
    "view_factor",  # views relative to what the sales explain
    "click_factor",  # clicks relative to what the sales explain
    "peak_share",  # peak concurrent / unique viewers
    "watch_mean",  # seconds
    "watch_cv",  # sd / mean of the watch time
    "distinct_share",  # distinct comments / comments
    "young_share",  # viewers with accounts younger than 30 days
    "viewers_per_device",
    "follow_rate",  # follows / unique viewers
    "raid_share",  # joins that another host sent over at once
    "farm_share",  # joins that come from machines at even gaps
    "farm_minutes",  # how long the machines take to fill the room
    "farm_waves",  # in how many waves they come
    "farm_jitter",  # share of them sent at random moments
    "raffle_lines",  # share of comments that are the raffle's word
    "chant_lines",  # share that repeat a fan club's praise
    "bot_lines",  # share from a bot's list
    "shill_lines",  # share that accomplices read from a script
    "cue_lines",  # share that ask to pay elsewhere
    "sheet",  # number of the list or script those lines come from
)


@dataclass(frozen=True)
class Quirk:
    """A honest habit that makes every session of a creator look odd in one respect."""

    share: float  # of creators
    audience: dict[str, tuple[float, float]]  # behaviour and its range


# Naturally strange and honest, so that no single number convicts anybody; assumptions.
QUIRKS: Final = (
    Quirk(0.08, {"distinct_share": (0.10, 0.55), "raffle_lines": (0.3, 0.8)}),  # raffles
    Quirk(0.06, {"distinct_share": (0.30, 0.70), "chant_lines": (0.15, 0.45)}),  # fan clubs
    Quirk(0.08, {"watch_mean": (5.0, 14.0), "view_factor": (2.0, 9.0)}),  # autoplay elsewhere
    Quirk(0.07, {"watch_cv": (0.10, 0.5), "peak_share": (0.3, 0.75)}),  # fixed-length shows
    Quirk(0.08, {"young_share": (0.25, 0.80)}),  # school-age fans on new accounts
    Quirk(0.07, {"viewers_per_device": (1.4, 30.0)}),  # watched in internet cafes
    Quirk(0.05, {"click_factor": (2.0, 7.0)}),  # window shoppers: many clicks, few orders
    Quirk(0.04, {"raid_share": (0.25, 0.65)}),  # part of a circle of hosts who raid each other
)


# Assumptions: fans of a creator, and videos that please everybody.
FAN_CREATORS, FAN_FACTOR = 0.05, (1.4, 2.2)
FAN_VIDEOS, HIT_FACTOR = 0.02, (1.5, 3.0)


class Programme:
    """Sessions and videos, one row each; the row number is the internal id.

    Sessions: `creator`, `merchant` (-1), `start`, `end`, `pull` and AUDIENCE; videos:
    `creator`, `published`, `pull`, `like_factor` and `comment_factor`. Stories add and change
    sessions one ring at a time, so the columns keep room to grow.
    """

    def __init__(self, sessions: pl.DataFrame, videos: pl.DataFrame) -> None:
        """Open with the ordinary programme."""
        self.videos = videos
        self.casts: list[pl.DataFrame] = []  # session, buyer: accomplices
        self._columns = {name: sessions[name].to_numpy().copy() for name in sessions.columns}
        self._count = sessions.height
        self._told: pl.DataFrame | None = None

    @property
    def sessions(self) -> pl.DataFrame:
        """Every session that was ever booked, those called off included."""
        if self._told is None:
            columns = {name: pl.Series(values) for name, values in self._columns_in_use().items()}
            self._told = pl.DataFrame(columns)
        return self._told

    def buy_likes(self, creator: int, start: int, end: int, times: Floats) -> int:
        """Give videos of one creator published in [start, end) likes without viewers; how many.

        `times` are factors, as many as videos at most are bought for.
        """
        rows = self.videos
        own = (rows["creator"] == creator).to_numpy()
        published = rows["published"].to_numpy()
        chosen = np.flatnonzero(own & (published >= start) & (published < end))[: len(times)]
        likes = rows["like_factor"].to_numpy().copy()
        likes[chosen] *= times[: len(chosen)]
        self.videos = rows.with_columns(like_factor=pl.Series(likes))
        return len(chosen)

    def of(self, creator: int, start: int, end: int) -> Ints:
        """Ids of the sessions of one creator that start in [start, end)."""
        columns = self._columns_in_use()
        mine = np.flatnonzero(columns["creator"] == creator).astype(np.int64)
        begins = columns["start"][mine]
        return mine[(begins >= start) & (begins < end)]

    def starts(self, sessions: Ints) -> Ints:
        """When sessions begin."""
        start: Ints = self._columns["start"][sessions]
        return start

    def call_off(self, sessions: Ints) -> None:
        """Cancel sessions: they keep their ids and never take place."""
        self._set(sessions, {"start": CALLED_OFF, "end": CALLED_OFF + HOUR, "pull": 0.0})

    def close(self, end_s: int) -> None:
        """Cancel sessions still running at the end: a session is known when it has ended."""
        self.call_off(np.flatnonzero(self._columns_in_use()["end"] >= end_s).astype(np.int64))

    def book(self, sessions: pl.DataFrame) -> Ints:
        """Add sessions made by `sessions_of` and return their ids."""
        first, self._told = self._count, None
        self._count = first + sessions.height
        if self._count > len(self._columns["start"]):
            for name, values in self._columns.items():
                room = np.zeros(self._count + self._count // 4 - len(values), values.dtype)
                self._columns[name] = np.concatenate((values, room))
        for name, values in self._columns.items():
            values[first : self._count] = sessions[name].to_numpy()
        return np.arange(first, self._count, dtype=np.int64)

    def change(self, sessions: Ints, **audience: Floats | float) -> None:
        """Change how the audience of some sessions behaves."""
        _check(set(audience))
        self._set(sessions, audience)

    def cast(self, sessions: Ints, buyers: Ints) -> None:
        """Let each of `buyers` speak as an accomplice in each of `sessions`."""
        session, buyer = np.repeat(sessions, len(buyers)), np.tile(buyers, len(sessions))
        self.casts.append(pl.DataFrame({"session": session, "buyer": buyer}))

    def _columns_in_use(self) -> dict[str, np.ndarray]:
        """The columns without the room they have to grow."""
        return {name: values[: self._count] for name, values in self._columns.items()}

    def _set(self, rows: Ints, changes: Mapping[str, Floats | float]) -> None:
        self._told = None
        for name, values in changes.items():
            self._columns[name][rows] = values


def _check(audience: set[str]) -> None:
    unknown = audience - set(AUDIENCE)
    if unknown:
        raise TypeError(f"unknown audience behaviour {sorted(unknown)}; known: {AUDIENCE}")


def sessions_of(
    creator: Ints, merchant: Ints, start: Ints, end: Ints, pull: Floats, **audience: Floats | float
) -> pl.DataFrame:
    """Sessions as a frame; audience behaviour that is not given stays as usual."""
    _check(set(audience))
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


def length_s(rng: Rng, count: int) -> Ints:
    """How long sessions last, in seconds."""
    return whole(np.clip(log_normal(rng, 1.7, 0.45, count), 0.5, 6.0) * HOUR)


def _owners(rng: Rng, world: World, mean: float, power: float) -> Ints:
    """Creators, each repeated by how much they publish."""
    busy = world.creators.weight**power
    return np.repeat(np.arange(len(busy)), rng.poisson(mean * busy / busy.mean()))


def _moments(rng: Rng, world: World, creator: Ints, before: int = 0) -> Ints:
    """A random instant at which each creator already exists, `before` seconds early or later."""
    begin = np.maximum(
        world.creators.registered_at[creator] + HOUR, world.settings.start_s - before
    )
    return whole(begin + rng.random(len(creator)) * (world.settings.end_s - begin))


def ordinary_sessions(rng: Rng, world: World, creator: Ints, start: Ints) -> pl.DataFrame:
    """Ordinary sessions of creators at given starts; no audience behaviour is set."""
    count = len(creator)
    lasts = length_s(rng, count)
    hosts, host = np.unique(creator, return_inverse=True)
    paid = rng.beta(*SLOT_SHARE, len(hosts))[host] > rng.random(count)
    merchant = world.creators.merchants[creator, rng.integers(0, PROMOTED_MERCHANTS, count)]
    pull = world.creators.weight[creator] * (lasts / HOUR) * log_normal(rng, 1.0, 0.6, count)
    return sessions_of(creator, np.where(paid, merchant, -1), start, start + lasts, pull)


def _sessions(world: World) -> pl.DataFrame:
    rng = stream(world.settings.seed, "sessions")
    creator = _owners(rng, world, SESSIONS_PER_CREATOR, 0.45)
    start = evening(rng, _moments(rng, world, creator), world.creators.market[creator])
    habits = _habits(rng, len(world.creators.market), creator)
    begun = start > world.creators.registered_at[creator]
    rows = ordinary_sessions(rng, world, creator, start).with_columns(**habits)
    return rows.filter(pl.Series(begun))


def _habits(rng: Rng, creators: int, creator: Ints) -> dict[str, pl.Series]:
    """Behaviour of each session's audience where its creator has a quirk, NaN elsewhere."""
    odd = {name: np.full(len(creator), USUAL) for name in AUDIENCE}
    for quirk in QUIRKS:
        rows = (rng.random(creators) < quirk.share)[creator]
        for name, span in quirk.audience.items():
            odd[name] = np.where(rows, rng.uniform(*span, len(creator)), odd[name])
    return {name: pl.Series(values) for name, values in odd.items()}


def _videos(world: World) -> pl.DataFrame:
    rng = stream(world.settings.seed, "videos")
    creator = _owners(rng, world, VIDEOS_PER_CREATOR, 0.35)
    pull = world.creators.weight[creator] ** 0.7 * log_normal(rng, 1.0, 1.4, len(creator))
    published = _moments(rng, world, creator, 10 * DAY)
    own = {"creator": creator, "published": published, "pull": pull}
    return pl.DataFrame({**own, **_reactions(world, creator)})


def _reactions(world: World, creator: Ints) -> dict[str, Floats]:
    """What honest audiences do beside viewing: fans talk as much as they like."""
    rng = stream(world.settings.seed, "video fans")
    of_fans = chance(rng, FAN_CREATORS, len(world.creators.weight))[creator]
    is_hit = chance(rng, FAN_VIDEOS, len(creator))
    factor = np.where(of_fans, rng.uniform(*FAN_FACTOR, len(creator)), 1.0)
    factor *= np.where(is_hit, rng.uniform(*HIT_FACTOR, len(creator)), 1.0)
    return {"like_factor": factor, "comment_factor": factor}


def build(world: World) -> Programme:
    """The ordinary programme of every creator."""
    return Programme(sessions=_sessions(world), videos=_videos(world))


def hour_of_day(rng: Rng, market: Ints) -> Floats:
    """A random moment of the day per row, in seconds after UTC midnight, by local rhythm."""
    second = np.zeros(len(market))
    for code in range(len(MARKETS)):
        rows = np.flatnonzero(market == code)
        second[rows] = pick_weighted(rng, utc_hour_shares(code), rows.size)
    return (second + rng.random(len(market))) * HOUR
