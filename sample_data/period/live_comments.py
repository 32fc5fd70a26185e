"""What is said in live sessions: a sample of the comments, and which accounts said it.

Ordinary sessions have regulars, deal hunters who turn up everywhere, raffles and chants;
bots and accomplices speak from lists that come back in other sessions.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import MARKETS
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, stream
from sample_data.language import asides, names

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
MENTION_SHARE = 0.01  # of ordinary comments: who warns of, asks about or quotes such a cue
DISGUISED = 0.2  # of the lines with a cue: typed so that no search for words finds it
# Outsiders advertise and beg in honest rooms too; assumptions.
STRAY = {"cue_lines": 0.004, "bot_lines": 0.012}
ACCOUNT_SHARE = 0.5  # of ordinary comments whose writer has a buyer account
BUYER_SHARE, FAN_SHARE, HUNTER_SHARE = 0.2, 0.35, 0.12  # of those: who wrote them
FANS = 25  # regulars of one creator
HUNTERS_PER_ACCOUNT = 0.004  # accounts that comment everywhere
OWN_SHEETS = 1_000_000  # sheets from here on belong to stories, below to creators
TRIES = 4  # accounts looked at before a writer counts as a guest
HOME = ("market", "creator")  # columns of a session that say who is likely to be there
MIX = 0x9E3779B97F4A7C15  # spreads whole numbers evenly


def _mixed(*parts: Ints | int) -> Ints:
    """Whole numbers that look random and depend on the parts only."""
    mixture = np.zeros(1, dtype=np.uint64)
    for part in parts:
        mixture = (mixture ^ np.asarray(part, dtype=np.int64).astype(np.uint64)) * np.uint64(MIX)
        mixture = mixture ^ (mixture >> np.uint64(29))
    return (mixture >> np.uint64(12)).astype(np.int64)


@dataclass(frozen=True)
class LiveSessions:
    """The live sessions of a block: as planned, as measured, and minute by minute."""

    programme: Programme
    sessions: pl.DataFrame  # see `audience.sessions`
    minutes: pl.DataFrame  # see `engagement.minutes`


@dataclass(frozen=True)
class CommentSlots:
    """Comments on their way to a row: whose they are, when, and from which list."""

    session_row: Ints  # in the measured sessions
    moment: Ints
    kind: Ints  # position in LISTS, or -1 for what people say by themselves


def _moments(rng: Rng, sessions: pl.DataFrame, minutes: pl.DataFrame) -> tuple[Ints, Ints]:
    """Session row and instant of each sampled comment, spread over all comments."""
    total = sessions["comments"].to_numpy()
    sampled = np.minimum(total, SAMPLE)
    at = np.repeat(np.arange(len(sampled)), sampled)
    number = np.arange(len(at)) - np.repeat(np.cumsum(sampled) - sampled, sampled)
    low, high = number * total[at] // sampled[at], (number + 1) * total[at] // sampled[at]
    rank = low + (rng.random(len(at)) * (high - low)).astype(np.int64)
    before = np.cumsum(total) - total
    row = np.searchsorted(np.cumsum(minutes["comments"].to_numpy()), before[at] + rank, "right")
    begin, end = sessions["start"].to_numpy()[at], sessions["end"].to_numpy()[at]
    moment = begin + 60 * minutes["minute"].to_numpy()[row]
    moment = np.minimum(moment + (60 * rng.random(len(at))).astype(np.int64), end - 1)
    return at, moment[np.lexsort((moment, at))]


def _kinds(rng: Rng, behaviour: pl.DataFrame, session_row: Ints) -> Ints:
    """From which list each comment comes, -1 for none."""
    draw, total_share = rng.random(len(session_row)), np.zeros(len(session_row))
    kind = np.full(len(session_row), -1, dtype=np.int64)
    for position, name in enumerate(LISTS):
        share = np.nan_to_num(behaviour[name].to_numpy()) + STRAY.get(name, 0.0)
        total_share = total_share + share[session_row]
        kind = np.where((kind < 0) & (draw < total_share), position, kind)
    return kind


def _lists(world: World) -> pl.Series:
    """Every line there is, the same in each block: by kind, market and number."""
    rng = stream(world.settings.seed, "comment lists")
    market = np.repeat(np.arange(len(MARKETS)), LINES)
    parts = {
        name: names.comments(rng, market, np.full(len(market), kind))
        for name, (kind, _count) in LISTS.items()
    }
    own = stream(world.settings.seed, "disguised cues")
    parts["cue_lines"] = asides.disguised(own, parts["cue_lines"], DISGUISED)
    return pl.concat(parts.values())


def _with_mentions(
    world: World, block: Block, sessions: pl.DataFrame, slots: CommentSlots, body: pl.Series
) -> pl.Series:
    """Some ordinary comments replaced by ones that cite a cue; no other draw is touched."""
    rng = stream(world.settings.seed, block.name("mentions"))
    rows = np.flatnonzero(chance(rng, MENTION_SHARE, len(body)) & (slots.kind < 0))
    market = sessions[HOME[0]].to_numpy()[slots.session_row[rows]]
    return body.scatter(rows, asides.mentions(rng, market)["body"])


def _bodies(
    rng: Rng, world: World, sessions: pl.DataFrame, sheet: Floats, slots: CommentSlots
) -> pl.Series:
    """Text of each comment: typed, or read from a list; a farm's list is in its own language."""
    market, creator = (sessions[name].to_numpy()[slots.session_row] for name in HOME)
    own_words = np.where(chance(rng, QUESTION_SHARE, len(market)), QUESTION, PRAISE)
    body = names.comments(rng, market, own_words)
    rows = np.flatnonzero(slots.kind >= 0)
    kind, story_sheet = slots.kind[rows], sheet[slots.session_row[rows]]
    source = np.where(
        np.isnan(story_sheet), creator[rows], OWN_SHEETS + np.nan_to_num(story_sheet)
    ).astype(np.int64)
    lines = np.array([count for _kind, count in LISTS.values()], dtype=np.int64)[kind]
    line = (rng.random(len(rows)) * lines).astype(np.int64)
    entry = _mixed(source, kind, line) % LINES
    is_farm = (kind == list(LISTS).index("bot_lines")) & ~np.isnan(story_sheet)
    language = np.where(is_farm, source % len(MARKETS), market[rows])
    place = (kind * len(MARKETS) + language) * LINES + entry
    return body.scatter(rows, _lists(world).gather(place))


def _somebody(world: World, key: Ints, market: Ints, moment: Ints) -> Ints:
    """An account of the market that exists at the moment, named by `key`; -1 if there is none."""
    buyer = np.full(len(key), -1, dtype=np.int64)
    for code in range(len(MARKETS)):
        rows, local = np.flatnonzero(market == code), world.market_buyers(code)
        for attempt in range(TRIES):
            candidate = _mixed(key[rows], attempt) % len(local.account)
            fits = local.registered_at[candidate] < moment[rows]
            buyer[rows[fits]] = local.account[candidate[fits]]
            rows = rows[~fits]
    return buyer


def _from_pairs(rng: Rng, session: Ints, pairs: pl.DataFrame) -> Ints:
    """For each comment one of the buyers listed for its `session`, -1 for none."""
    by_session = pairs.filter(pl.col("session") >= 0).sort("session", maintain_order=True)
    keys = by_session["session"].to_numpy()
    first = np.searchsorted(keys, session, side="left")
    count = np.searchsorted(keys, session, side="right") - first
    row = first + (rng.random(len(session)) * count).astype(np.int64)
    buyer = np.append(by_session["buyer"].to_numpy(), -1)
    return np.where(count > 0, buyer[np.minimum(row, len(buyer) - 1)], -1)


def _ordinary(rng: Rng, world: World, sessions: pl.DataFrame, slots: CommentSlots) -> Ints:
    """Regulars of the creator, deal hunters of the market and passers-by."""
    market, creator = (sessions[name].to_numpy()[slots.session_row] for name in HOME)
    count = len(market)
    draw, skew = rng.random(count), rng.random(count) ** 2
    hunters = max(3, int(HUNTERS_PER_ACCOUNT * world.settings.buyer_count))
    fan = _mixed(creator, (FANS * skew).astype(np.int64), 1)
    hunter = _mixed(market, (hunters * skew).astype(np.int64), 2)
    key = np.where(draw < FAN_SHARE, fan, rng.integers(0, 2**40, count))
    key = np.where(draw > 1.0 - HUNTER_SHARE, hunter, key)
    return _somebody(world, key, market, slots.moment)


def _writers(
    rng: Rng, world: World, live: LiveSessions, slots: CommentSlots, orders: pl.DataFrame
) -> Ints:
    """The buyer account behind each comment, -1 for viewers without one."""
    count, session = len(slots.moment), live.sessions["session"].to_numpy()[slots.session_row]
    is_customer = chance(rng, BUYER_SHARE, count)
    customer = _from_pairs(rng, session, orders.select("session", "buyer"))
    viewer = _ordinary(rng, world, live.sessions, slots)
    writer = np.where(is_customer & (customer >= 0), customer, viewer)
    lists = list(LISTS)
    guest: Bools = ~chance(rng, ACCOUNT_SHARE, count)
    guest |= (slots.kind == lists.index("bot_lines")) | (slots.kind == lists.index("cue_lines"))
    writer = np.where(guest, -1, writer)
    if live.programme.casts:
        accomplice = _from_pairs(rng, session, pl.concat(live.programme.casts))
        acts = (slots.kind == lists.index("shill_lines")) & (accomplice >= 0)
        writer = np.where(acts, accomplice, writer)
    registered_at = world.buyers.registered_at[writer]
    return np.where((writer >= 0) & (registered_at < slots.moment), writer, -1)


def comments(world: World, block: Block, live: LiveSessions, orders: pl.DataFrame) -> pl.DataFrame:
    """A sample of the comments of each session of the block, by session and time.

    Columns: `session`, `buyer` (-1 = no account of ours), `moment` in seconds, `body`.
    """
    rng, sessions = stream(world.settings.seed, block.name("comments")), live.sessions
    behaviour = live.programme.sessions[sessions["session"]]
    session_row, moment = _moments(rng, sessions, live.minutes)
    slots = CommentSlots(session_row, moment, _kinds(rng, behaviour, session_row))
    writer = _writers(rng, world, live, slots, orders)
    body = _bodies(rng, world, sessions, behaviour["sheet"].to_numpy(), slots)
    columns = {
        "session": sessions["session"].to_numpy()[session_row],
        "buyer": writer,
        "moment": moment,
        "body": _with_mentions(world, block, sessions, slots, body),
    }
    return pl.DataFrame(columns)
