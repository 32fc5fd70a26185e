"""Live sessions minute by minute: who came in, how many were there, what they did.

People arrive slowly, in waves, when the host calls, or all at once when another host
sends a room over, and at irregular moments; machines fill a room in minutes and keep
coming at even gaps. Sums over the minutes are the figures of the session.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream
from sample_data.period.order_requests import usual

MINUTE = 60  # seconds
RAID_CHANCE = 0.06  # of honest sessions that another host sends viewers to; assumption
RAID_SHARE = (0.12, 0.6)  # of all joins; assumption
RUSH_PEAK = 0.2  # peak / views above which an audience must have come together, as to a premiere
PUSH_MINUTES, PUSH_LIFT = 4, 2.2  # a host's call to buy: how long it lasts, how much it lifts
COLUMNS = ("session", "minute", "viewers", "joins", "comments", "product_clicks", "orders")
NO_FARM = {"farm_share": 0.0, "farm_minutes": 5.0, "farm_waves": 1.0, "farm_jitter": 0.0}


@dataclass(frozen=True)
class Grid:
    """The minutes of some sessions, session by session."""

    length: Ints  # minutes of each session
    first: Ints  # row of its first minute
    minute: Ints  # per row
    at: Ints  # per row: number of its session

    def spread(self, values: Floats | Ints) -> Floats:
        """A value of each session, on each of its minutes."""
        return np.repeat(values.astype(np.float64), self.length)

    def total(self, values: Floats) -> Floats:
        """Sum over the minutes of each session."""
        total: Floats = np.add.reduceat(values, self.first)
        return total

    def share(self, values: Floats) -> Floats:
        """Values divided by their session's total."""
        return values / self.spread(np.maximum(self.total(values), 1e-300))

    def running(self, values: Floats) -> Floats:
        """Cumulative sum within each session."""
        total = np.cumsum(values)
        return total - self.spread((total - values)[self.first])

    def highest(self, values: Floats) -> Floats:
        """Maximum over the minutes of each session."""
        most: Floats = np.maximum.reduceat(values, self.first)
        return most


def grid(sessions: pl.DataFrame) -> Grid:
    """The minutes of sessions with `start` and `end`; the last one may be cut short."""
    lasts = sessions["end"].to_numpy() - sessions["start"].to_numpy()
    length = np.maximum(-(-lasts // MINUTE), 1)
    first = np.cumsum(length) - length
    at = np.repeat(np.arange(len(length)), length)
    return Grid(length, first, np.arange(len(at)) - first[at], at)


def _whole(cells: Grid, weight: Floats, total: Ints) -> Ints:
    """Whole numbers in proportion to `weight` that add up to each session's total."""
    cumulative = cells.running(weight + 1e-12)
    last = cells.first + cells.length - 1
    most = np.maximum(cumulative[last], 1e-12)
    scaled = np.floor(cumulative * cells.spread(total / most) + 1e-6)
    scaled[last] = total
    scaled = np.minimum(scaled, cells.spread(total))
    before = np.append(0.0, scaled[:-1])
    before[cells.first] = 0.0
    counts: Ints = (scaled - before).astype(np.int64)
    return counts


def _by_chance(rng: Rng, cells: Grid, weight: Floats, total: Ints) -> Ints:
    """Totals scattered over the minutes as independent events would be."""
    expected = cells.share(weight) * cells.spread(total)
    return _whole(cells, rng.poisson(expected) + 1e-6 * expected, total)


@dataclass(frozen=True)
class Audience:
    """How the viewers of each session arrive."""

    raid: Floats  # share of joins
    farm: Floats  # share of joins
    ramp: Floats  # minutes the machines take per wave
    waves: Floats
    jitter: Floats  # share of the machines that come by chance
    filled: Floats  # share of the machines that come in the waves; the rest replaces leavers
    begins: Floats  # minute of the first wave
    rush: Bools  # the audience was waiting at the door


def _audience(rng: Rng, rows: pl.DataFrame, sessions: pl.DataFrame, cells: Grid) -> Audience:
    count, behaviour = rows.height, {name: rows[name].to_numpy() for name in rows.columns}
    views = np.maximum(sessions["views"].to_numpy(), 1)
    peak = sessions["peak_concurrent"].to_numpy() / views
    machines = {
        name: usual(behaviour[name], np.full(count, none)) for name, none in NO_FARM.items()
    }
    farm, waves = machines["farm_share"], machines["farm_waves"]
    usual_raid = chance(rng, RAID_CHANCE, count) * rng.uniform(*RAID_SHARE, count)
    raid = usual(behaviour["raid_share"], usual_raid)
    rush = (peak > RUSH_PEAK) & (farm == 0.0)
    return Audience(
        raid=np.where(rush, np.maximum(raid, rng.uniform(0.4, 0.8, count)), raid),
        farm=farm,
        ramp=np.minimum(machines["farm_minutes"], 0.5 * cells.length / waves),
        waves=waves,
        jitter=machines["farm_jitter"],
        filled=np.clip(1.1 * peak / np.maximum(farm, 0.05), 0.25, 0.92),
        begins=np.floor(rng.uniform(0.03, 0.12, count) * cells.length),
        rush=rush,
    )


def _people(rng: Rng, cells: Grid, audience: Audience) -> Floats:
    """When people come, as a share of their total: ramps, tides and raids."""
    count = len(cells.length)
    ramp = np.clip(log_normal(rng, 14.0, 0.6, count), 3.0, 50.0)
    swing, period = rng.uniform(0.05, 0.5, count), rng.uniform(25.0, 80.0, count)
    phase = rng.uniform(0.0, 2.0 * np.pi, count)
    minute = cells.minute
    tide = np.sin(minute * cells.spread(2.0 * np.pi / period) + cells.spread(phase))
    ramp_up: Floats = 1.0 - np.exp(-(minute + 1.0) * cells.spread(1.0 / ramp))
    base: Floats = ramp_up * (1.0 + cells.spread(swing) * tide)
    when = np.where(audience.rush, rng.uniform(0.0, 0.06, count), rng.uniform(0.08, 0.8, count))
    since = minute - cells.spread(np.floor(when * cells.length))
    fades = cells.spread(1.0 / rng.uniform(0.8, 3.5, count))
    raid: Floats = np.where(since >= 0, np.exp(-np.maximum(since, 0.0) * fades), 0.0)
    raid_share = cells.spread(audience.raid)
    return cells.share(base) * (1.0 - raid_share) + cells.share(raid) * raid_share


def _machines(cells: Grid, audience: Audience) -> Floats:
    """When machines come, as a share of their total: waves that fill the room, then a drip."""
    since = cells.minute - cells.spread(audience.begins)
    left = np.maximum(cells.length - audience.begins, 1.0)
    gap = np.maximum(np.floor(0.8 * left / audience.waves), 1.0)
    number, into = np.divmod(since, cells.spread(gap))
    wave = (
        (since >= 0)
        & (number < cells.spread(audience.waves))
        & (into < cells.spread(audience.ramp))
    )
    fill_share = cells.spread(audience.filled)
    begun = (since >= 0).astype(np.float64)
    return cells.share(wave.astype(np.float64)) * fill_share + cells.share(begun) * (
        1.0 - fill_share
    )


def _joins(rng: Rng, cells: Grid, audience: Audience, views: Ints) -> Ints:
    """Room entries per minute: people by chance, machines like clockwork."""
    human = _people(rng, cells, audience) * cells.spread(views * (1.0 - audience.farm))
    machine = np.zeros(len(cells.at))
    if audience.farm.any():
        machine = _machines(cells, audience) * cells.spread(views * audience.farm)
        stray = machine * cells.spread(audience.jitter)
        human, machine = human + stray, machine - stray
    return _whole(cells, rng.poisson(human) + 1e-6 * human + machine, views)


def _stay(cells: Grid, audience: Audience, peak: Floats) -> Floats:
    """Mean minutes a viewer stays, from how full the room gets."""
    human = np.clip(2.5 * cells.length * peak, 3.0, 1e6)
    rest = cells.length - audience.begins - audience.ramp
    level = np.maximum(rest, 1.0) * audience.filled / (1.0 - audience.filled)
    return np.where(audience.farm > 0.25, np.maximum(level, human), human)


def _present(cells: Grid, joins: Ints, stay: Floats) -> Floats:
    """People in the room at the end of each minute if each leaves at a constant rate."""
    order = np.argsort(-cells.length, kind="stable")
    first, stay_rate = cells.first[order], np.exp(-1.0 / stay)[order]
    lengths = cells.length[order]
    alive = np.searchsorted(-lengths, -np.arange(int(lengths[0])), side="left")
    inside, present = np.zeros(len(order)), np.empty(len(joins))
    for minute, count in enumerate(alive.tolist()):
        rows = first[:count] + minute
        inside = inside[:count] * stay_rate[:count] + joins[rows]
        present[rows] = inside
    return present


def _viewers(cells: Grid, joins: Ints, stay: Floats, peak: Ints) -> Ints:
    """Concurrent viewers: at most everybody who came in, and exactly `peak` at the height."""
    present = _present(cells, joins, stay)
    scaled = np.rint(present * cells.spread(peak / np.maximum(cells.highest(present), 1e-9)))
    entries = cells.running(joins.astype(np.float64))
    viewers = np.minimum(scaled, entries)
    full = cells.spread(peak)
    short = np.flatnonzero(cells.highest(viewers) < peak)
    if len(short):  # the room was full once enough had come in
        enough = np.where(entries >= full, present, -1.0)
        top = (enough == cells.spread(cells.highest(enough))) & np.isin(cells.at, short)
        viewers[top] = full[top]
    return viewers.astype(np.int64)


def _orders(sessions: pl.DataFrame, cells: Grid, orders: pl.DataFrame) -> Ints:
    """Real orders of each minute."""
    session, at = orders["session"].to_numpy(), orders["at"].to_numpy()
    session_ids = sessions["session"].to_numpy()
    place = np.full(max(session_ids.max(initial=0), session.max(initial=0)) + 1, -1)
    place[session_ids] = np.arange(len(session_ids))
    number = np.where(session >= 0, place[session], -1)
    rows = np.flatnonzero(number >= 0)
    number = number[rows]
    minute = (at[rows] - sessions["start"].to_numpy()[number]) // MINUTE
    minute = np.clip(minute, 0, cells.length[number] - 1)
    return np.bincount(cells.first[number] + minute, minlength=len(cells.at)).astype(np.int64)


def _calls(rng: Rng, cells: Grid, farm: Floats) -> Floats:
    """How much the host's calls lift what people do; machines do not listen."""
    count = len(cells.length)
    every, shift = rng.uniform(16.0, 42.0, count), rng.uniform(0.0, 40.0, count)
    into = (cells.minute + cells.spread(shift)) % cells.spread(every)
    return 1.0 + (into < PUSH_MINUTES) * cells.spread(PUSH_LIFT * (1.0 - farm))


def minutes(
    world: World, programme: Programme, block: Block, sessions: pl.DataFrame, orders: pl.DataFrame
) -> pl.DataFrame:
    """Every minute of the sessions that `audience.sessions` told of the block.

    Columns: `session`, `minute`, `viewers`, `joins`, `comments`, `product_clicks`,
    `order_counts`. Orders are the real ones; the other sums are those of the session.
    """
    rng = stream(world.settings.seed, block.name("minutes"))
    if sessions.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.Int64))
    rows, cells = programme.sessions[sessions["session"]], grid(sessions)
    audience = _audience(rng, rows, sessions, cells)
    views, peak = sessions["views"].to_numpy(), sessions["peak_concurrent"].to_numpy()
    joins = _joins(rng, cells, audience, views)
    viewers = _viewers(cells, joins, _stay(cells, audience, peak / np.maximum(views, 1)), peak)
    order_counts = _orders(sessions, cells, orders)
    interest = (viewers + 0.5 * joins + 1e-9) * _calls(rng, cells, audience.farm)
    sold = cells.total(order_counts.astype(np.float64)).astype(np.int64)
    other_clicks = np.maximum(sessions["product_clicks"].to_numpy() - sold, 0)
    columns = (
        np.repeat(sessions["session"].to_numpy(), cells.length),
        cells.minute,
        viewers,
        joins,
        _by_chance(rng, cells, interest, sessions["comments"].to_numpy()),
        order_counts + _by_chance(rng, cells, interest, other_clicks),
        order_counts,
    )
    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
