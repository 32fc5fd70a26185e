"""What is said in live sessions: a sample of the comments, and which accounts said it.

Ordinary rooms have regulars, deal hunters who turn up everywhere, raffles and chants;
bots and accomplices speak from lists that come back in other rooms.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.programme import Stage
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import MARKETS
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, stream
from sample_data.language import names

SAMPLE = 20  # comments kept of one session
QUESTION, PRAISE, RAFFLE, BOT, SHILL, CUE = range(6)  # kinds of `names.comments`
# Kind and number of lines per list, by the session's share of such comments.
LISTS: Final = {
    "cue_lines": (CUE, 4),
    "shill_lines": (SHILL, 9),
    "bot_lines": (BOT, 5),
    "raffle_lines": (RAFFLE, 1),
    "chant_lines": (PRAISE, 3),
}
LINES = 512  # lines there are of each kind and market
QUESTION_SHARE = 0.62  # of ordinary comments; the rest is praise
# Outsiders advertise and beg in honest rooms too; assumptions.
STRAY = {"cue_lines": 0.004, "bot_lines": 0.012}
ACCOUNT_SHARE = 0.5  # of ordinary comments whose writer has a buyer account
BUYER_SHARE, FAN_SHARE, HUNTER_SHARE = 0.2, 0.35, 0.12  # of those: who wrote them
FANS = 25  # regulars of one creator
HUNTERS_PER_ACCOUNT = 0.004  # accounts that comment everywhere
OWN_SHEETS = 1_000_000  # sheets from here on belong to stories, below to creators
TRIES = 4  # accounts looked at before a writer counts as a guest
MIX = 0x9E3779B97F4A7C15  # spreads whole numbers evenly


def _mixed(*parts: Ints | int) -> Ints:
    """Whole numbers that look random and depend on the parts only."""
    found = np.zeros(1, dtype=np.uint64)
    for part in parts:
        found = (found ^ np.asarray(part, dtype=np.int64).astype(np.uint64)) * np.uint64(MIX)
        found = found ^ (found >> np.uint64(29))
    return (found >> np.uint64(12)).astype(np.int64)


@dataclass(frozen=True)
class Said:
    """Comments on their way to a row: number of the session in `told`, moment and kind."""

    at: Ints
    moment: Ints
    kind: Ints  # position in LISTS, or -1 for what people say by themselves


def _when(rng: Rng, told: pl.DataFrame, minutes: pl.DataFrame) -> tuple[Ints, Ints]:
    """Session number and instant of each sampled comment, spread over all comments."""
    total = told["comments"].to_numpy()
    kept = np.minimum(total, SAMPLE)
    at = np.repeat(np.arange(len(kept)), kept)
    number = np.arange(len(at)) - np.repeat(np.cumsum(kept) - kept, kept)
    low, high = number * total[at] // kept[at], (number + 1) * total[at] // kept[at]
    rank = low + (rng.random(len(at)) * (high - low)).astype(np.int64)
    before = np.cumsum(total) - total
    row = np.searchsorted(np.cumsum(minutes["comments"].to_numpy()), before[at] + rank, "right")
    begin, end = told["start"].to_numpy()[at], told["end"].to_numpy()[at]
    moment = begin + 60 * minutes["minute"].to_numpy()[row]
    moment = np.minimum(moment + (60 * rng.random(len(at))).astype(np.int64), end - 1)
    return at, moment[np.lexsort((moment, at))]


def _kinds(rng: Rng, rows: pl.DataFrame, at: Ints) -> Ints:
    """From which list each comment comes, -1 for none."""
    drawn, reached = rng.random(len(at)), np.zeros(len(at))
    found = np.full(len(at), -1, dtype=np.int64)
    for position, name in enumerate(LISTS):
        share = np.nan_to_num(rows[name].to_numpy()) + STRAY.get(name, 0.0)
        reached = reached + share[at]
        found = np.where((found < 0) & (drawn < reached), position, found)
    return found


def _lists(world: World) -> pl.Series:
    """Every line there is, the same in each block: by kind, market and number."""
    rng = stream(world.settings.seed, "comment lists")
    market = np.repeat(np.arange(len(MARKETS)), LINES)
    parts = [
        names.comments(rng, market, np.full(len(market), kind)) for kind, _count in LISTS.values()
    ]
    return pl.concat(parts)


def _bodies(rng: Rng, world: World, told: pl.DataFrame, sheet: Floats, said: Said) -> pl.Series:
    """Text of each comment: typed, or read from a list; a farm's list is in its own language."""
    market, creator = (told[name].to_numpy()[said.at] for name in ("market", "creator"))
    typed = np.where(chance(rng, QUESTION_SHARE, len(market)), QUESTION, PRAISE)
    body = names.comments(rng, market, typed)
    own = np.flatnonzero(said.kind >= 0)
    kind, given = said.kind[own], sheet[said.at[own]]
    source = np.where(np.isnan(given), creator[own], OWN_SHEETS + np.nan_to_num(given))
    lines = np.array([count for _kind, count in LISTS.values()], dtype=np.int64)[kind]
    line = (rng.random(len(own)) * lines).astype(np.int64)
    entry = _mixed(source.astype(np.int64), kind, line) % LINES
    farmed = (kind == list(LISTS).index("bot_lines")) & ~np.isnan(given)
    spoken = np.where(farmed, source.astype(np.int64) % len(MARKETS), market[own])
    row = (kind * len(MARKETS) + spoken) * LINES + entry
    return body.scatter(own, _lists(world).gather(row))


def _somebody(world: World, key: Ints, market: Ints, moment: Ints) -> Ints:
    """An account of the market that exists at the moment, named by `key`; -1 if none is found."""
    found = np.full(len(key), -1, dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, crowd = np.flatnonzero(market == code), world.crowd(code)
        for attempt in range(TRIES):
            candidate = _mixed(key[rows], attempt) % len(crowd.account)
            fits = crowd.registered[candidate] < moment[rows]
            found[rows[fits]] = crowd.account[candidate[fits]]
            rows = rows[~fits]
    return found


def _customers(rng: Rng, told: pl.DataFrame, said: Said, placed: pl.DataFrame) -> Ints:
    """For each comment a buyer of that very session, -1 where it sold nothing."""
    return _from_pairs(rng, told, said, placed.select("session", "buyer"))


def _from_pairs(rng: Rng, told: pl.DataFrame, said: Said, pairs: pl.DataFrame) -> Ints:
    """For each comment one of the buyers listed for its session, -1 for none."""
    known = pairs.filter(pl.col("session") >= 0).sort("session", maintain_order=True)
    session = known["session"].to_numpy()
    wanted = told["session"].to_numpy()[said.at]
    first = np.searchsorted(session, wanted, side="left")
    count = np.searchsorted(session, wanted, side="right") - first
    row = first + (rng.random(len(wanted)) * count).astype(np.int64)
    buyer = np.append(known["buyer"].to_numpy(), -1)
    return np.where(count > 0, buyer[np.minimum(row, len(buyer) - 1)], -1)


def _ordinary(rng: Rng, world: World, told: pl.DataFrame, said: Said) -> Ints:
    """Regulars of the creator, deal hunters of the market and passers-by."""
    market, creator = (told[name].to_numpy()[said.at] for name in ("market", "creator"))
    count = len(market)
    drawn, skew = rng.random(count), rng.random(count) ** 2
    hunters = max(3, int(HUNTERS_PER_ACCOUNT * world.settings.buyer_count))
    fan = _mixed(creator, (FANS * skew).astype(np.int64), 1)
    hunter = _mixed(market, (hunters * skew).astype(np.int64), 2)
    key = np.where(drawn < FAN_SHARE, fan, rng.integers(0, 2**40, count))
    key = np.where(drawn > 1.0 - HUNTER_SHARE, hunter, key)
    return _somebody(world, key, market, said.moment)


def _writers(
    rng: Rng, world: World, stage: Stage, told: pl.DataFrame, said: Said, placed: pl.DataFrame
) -> Ints:
    """The buyer account behind each comment, -1 for viewers without one."""
    count = len(said.at)
    bought = chance(rng, BUYER_SHARE, count)
    customer, viewer = _customers(rng, told, said, placed), _ordinary(rng, world, told, said)
    writer = np.where(bought & (customer >= 0), customer, viewer)
    lists = list(LISTS)
    guest: Bools = ~chance(rng, ACCOUNT_SHARE, count)
    guest |= (said.kind == lists.index("bot_lines")) | (said.kind == lists.index("cue_lines"))
    writer = np.where(guest, -1, writer)
    if stage.casts:
        accomplice = _from_pairs(rng, told, said, pl.concat(stage.casts))
        acts = (said.kind == lists.index("shill_lines")) & (accomplice >= 0)
        writer = np.where(acts, accomplice, writer)
    opened = world.buyers.registered[writer]
    return np.where((writer >= 0) & (opened < said.moment), writer, -1)


def comments(
    world: World,
    stage: Stage,
    block: Block,
    told: pl.DataFrame,
    placed: pl.DataFrame,
    minutes: pl.DataFrame,
) -> pl.DataFrame:
    """A sample of the comments of each session of the block, by session and time.

    `told` is what `audience.sessions` told of the block, `minutes` its minutes. Columns: `session`,
    `buyer` (-1 = no account of ours), `moment` in seconds, `body`.
    """
    rng, rows = stream(world.settings.seed, block.name("comments")), stage.sessions[told["session"]]
    at, moment = _when(rng, told, minutes)
    said = Said(at, moment, _kinds(rng, rows, at))
    columns = {
        "session": told["session"].to_numpy()[at],
        "buyer": _writers(rng, world, stage, told, said, placed),
        "moment": moment,
        "body": _bodies(rng, world, told, rows["sheet"].to_numpy(), said),
    }
    return pl.DataFrame(columns)
