"""What audiences did: session metrics, video days and follower counts.

Views follow from clicks and clicks from orders for everybody; a story may only
change how the audience behaves (`programme.AUDIENCE`), never a metric itself. Minutes
and comments of the same sessions are in `engagement` and `live_comments`.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.markets import per_market, to_minor
from sample_data.kit.plan_records import FollowerStep
from sample_data.kit.randomness import Floats, Ints, Rng, chance, log_normal, stream
from sample_data.kit.settings import DAY
from sample_data.language import names
from sample_data.period.order_requests import usual

LIVE_SHARE = 0.25  # of orders that a session of average pull may hope for, over the period
CTOR_MEDIAN = 0.06  # orders / clicks; vendors claim 1-12 % (docs/domain.md §2.3)
CTR_MEDIAN = 0.10  # clicks / views
FOLLOW_MEDIAN = 0.012  # follows / unique viewers
PREMIERE_SHARE, PREMIERE_PEAK = 0.06, (0.2, 0.65)  # sessions whose audience waits at the door
FOLLOWERS_KEPT = 0.9  # of new followers who stay
VIDEO_LIFE_DAYS = 12  # days a video is still watched
# Honest jumps: press coverage, a follow-to-win raffle; part of the newcomers leaves again.
JUMP_SHARE = 0.2  # of creators that have one in the period; assumption, as are the next two
JUMP_SIZE = (0.1, 1.2)  # of the followers at the start
JUMP_LOST = (0.05, 0.75)
JUMP_DAYS = (5, 16)  # until the lost ones are gone
CREATORS_AT_ONCE = 4_096  # rows of follower history in memory, times the days


def _people(rng: Rng, rows: pl.DataFrame, views: Floats) -> dict[str, Ints]:
    """Who was in the room: unique viewers, the peak, young accounts, devices, new followers."""
    count = rows.height
    unique = np.ceil(views * rng.uniform(0.55, 0.86, count))
    together = chance(rng, PREMIERE_SHARE, count)
    peak = np.clip(log_normal(rng, 0.11, 0.55, count), 0.03, 0.6)
    draws = {
        "peak_share": np.where(together, rng.uniform(*PREMIERE_PEAK, count), peak),
        "young_share": rng.beta(2.6, 22.0, count),
        "viewers_per_device": 1.0 + 0.08 * rng.random(count),
        "follow_rate": np.clip(log_normal(rng, FOLLOW_MEDIAN, 0.6, count), 0, 0.12),
    }
    behaviour = {name: usual(rows[name].to_numpy(), values) for name, values in draws.items()}
    counts = {
        "unique_viewers": unique,
        "peak_concurrent": np.ceil(unique * behaviour["peak_share"]),
        "young_viewers": unique * behaviour["young_share"],
        "viewer_devices": np.ceil(unique / behaviour["viewers_per_device"]),
        "follows": unique * behaviour["follow_rate"],
    }
    return {name: np.floor(values).astype(np.int64) for name, values in counts.items()}


def _interest(rng: Rng, rows: pl.DataFrame, sold: Ints, potential: Floats) -> dict[str, Floats]:
    """Clicks that the sales explain, and the views that those clicks explain."""
    count = rows.height
    ctor = np.clip(log_normal(rng, CTOR_MEDIAN, 0.5, count), 0.012, 0.5)
    clicks = np.ceil((sold + 0.4 * potential + 0.3) / ctor)
    ctr = np.clip(log_normal(rng, CTR_MEDIAN, 0.5, count), 0.015, 0.6)
    once = np.ones(count)
    views = np.ceil(clicks / ctr * usual(rows["view_factor"].to_numpy(), once))
    all_clicks = np.ceil(clicks * usual(rows["click_factor"].to_numpy(), once))
    return {"views": np.maximum(views, all_clicks), "product_clicks": np.maximum(all_clicks, sold)}


def _watching(rng: Rng, rows: pl.DataFrame) -> dict[str, Floats]:
    """Mean and spread of the time viewers stayed, seconds."""
    count = rows.height
    mean = np.clip(log_normal(rng, 52.0, 0.55, count), 6.0, 400.0)
    spread = np.clip(log_normal(rng, 1.1, 0.3, count), 0.3, 3.0)
    watch = usual(rows["watch_mean"].to_numpy(), mean)
    cv = usual(rows["watch_cv"].to_numpy(), spread)
    return {
        "watch_seconds_mean": np.round(watch, 1),
        "watch_seconds_sd": np.round(watch * cv, 1),
    }


def _talk(rng: Rng, rows: pl.DataFrame, unique: Ints) -> dict[str, Ints]:
    """Comments and how many of them differ."""
    count = rows.height
    rate = np.clip(log_normal(rng, 0.09, 0.6, count), 0.005, 1.2)
    comments = np.floor(unique * rate)
    distinct = usual(rows["distinct_share"].to_numpy(), rng.beta(10.0, 3.0, count))
    counts = {"comments": comments, "distinct_comments": np.ceil(comments * distinct)}
    return {name: values.astype(np.int64) for name, values in counts.items()}


def _slot(rng: Rng, world: World, rows: pl.DataFrame, views: Floats) -> dict[str, Ints]:
    """The shop that pays for the slot (-1 for none) and its fee: shops pay for seen views."""
    merchant, start = rows["merchant"].to_numpy(), rows["start"].to_numpy()
    closed_at = world.merchants.closed_at[merchant]
    open_ = (world.merchants.registered_at[merchant] < start) & (
        (closed_at < 0) | (closed_at > start)
    )
    paid = (merchant >= 0) & open_
    market = world.creators.market[rows["creator"].to_numpy()]
    fee_usd = 25.0 + views**0.6 * log_normal(rng, 1.8, 0.6, rows.height)
    fee = np.where(paid, to_minor(fee_usd, market), 0)
    return {"merchant": np.where(paid, merchant, -1), "slot_fee_minor": fee}


def sessions(
    world: World, programme: Programme, block: Block, orders: pl.DataFrame
) -> pl.DataFrame:
    """What every session that starts in the block measured, by start.

    `session` is its internal id; instants in seconds. A session belongs to the block
    it starts in, with all its orders.
    """
    rng, every = stream(world.settings.seed, block.name("audience")), programme.sessions
    inside = pl.col("start").is_between(block.start_s, block.end_s, closed="left")
    rows = every.with_row_index("session").filter(inside).sort("start", "session")
    session, pull = rows["session"].cast(pl.Int64).to_numpy(), rows["pull"].to_numpy()
    order_session = orders["session"].to_numpy()
    sold = np.bincount(order_session[order_session >= 0], minlength=every.height)[session]
    potential = pull / every["pull"].to_numpy().sum() * LIVE_SHARE * world.settings.orders
    market = world.creators.market[rows["creator"].to_numpy()]
    interest = _interest(rng, rows, sold, potential)
    people = _people(rng, rows, interest["views"])
    shown = np.ceil(interest["views"] / rng.uniform(0.07, 0.3, rows.height))
    metrics: dict[str, Ints | Floats] = {
        "session": session,
        "market": market,
        "impressions": shown.astype(np.int64),
        **{name: values.astype(np.int64) for name, values in interest.items()},
        **people,
        **_watching(rng, rows),
        **_talk(rng, rows, people["unique_viewers"]),
        **_slot(rng, world, rows, interest["views"]),
        "usd_per_unit": per_market("usd_per_unit")[market],
    }
    series = {name: pl.Series(values) for name, values in metrics.items()}
    title = names.live_titles(rng, market)
    return rows.select("creator", "start", "end").with_columns(**series, title=title)


def _watch_days(programme: Programme, block: Block, orders: pl.DataFrame) -> pl.DataFrame:
    """Days of the block on which each video was fresh or sold: `video`, `day`, `age`, `sold`."""
    first = programme.videos["published"].to_numpy() // DAY * DAY
    fresh = np.flatnonzero((first < block.end_s) & (first + VIDEO_LIFE_DAYS * DAY > block.start_s))
    video = np.repeat(fresh, block.days)
    day = np.tile(block.start_s + np.arange(block.days) * DAY, len(fresh))
    age = (day - first[video]) // DAY
    alive = (age >= 0) & (age < VIDEO_LIFE_DAYS)
    grid = pl.DataFrame({"video": video[alive], "day": day[alive], "age": age[alive]})
    sold = (
        orders.filter(pl.col("video") >= 0)
        .group_by("video", day=pl.col("at") // DAY * DAY)
        .agg(sold=pl.len().cast(pl.Int64))
    )
    days = grid.join(sold, on=("video", "day"), how="full", coalesce=True).sort("video", "day")
    return days.with_columns(pl.col("sold").fill_null(0), pl.col("age").fill_null(VIDEO_LIFE_DAYS))


def video_days(
    world: World, programme: Programme, block: Block, orders: pl.DataFrame
) -> pl.DataFrame:
    """What each video's audience did per UTC day of the block: `video`, `day`, counts."""
    rng = stream(world.settings.seed, block.name("video days"))
    days = _watch_days(programme, block, orders)
    count, sold = days.height, days["sold"].to_numpy()
    rows = programme.videos[days["video"].to_numpy()]
    pull = rows["pull"].to_numpy()
    reach = 260.0 * pull * np.exp(-0.34 * days["age"].to_numpy()) * log_normal(rng, 1.0, 0.5, count)
    interest = reach * rng.uniform(0.005, 0.03, count)
    clicks = np.ceil(sold / rng.uniform(0.02, 0.12, count) + interest)
    views = np.ceil(reach + clicks / rng.uniform(0.04, 0.15, count))
    liked = views * rng.uniform(0.01, 0.09, count)
    comments = np.floor(liked) * rng.uniform(0.02, 0.15, count)
    counts = {
        "views": views,
        "likes": np.minimum(np.floor(liked * rows["like_factor"].to_numpy()), views),
        "comments": np.floor(comments * rows["comment_factor"].to_numpy()),
        "product_clicks": clicks,
    }
    columns = {name: pl.Series(values.astype(np.int64)) for name, values in counts.items()}
    return days.select("video", "day").with_columns(**columns).filter(pl.col("views") > 0)


def new_followers(sessions: pl.DataFrame, world: World) -> pl.DataFrame:
    """New followers of each creator per day of the period, from sessions: small, to be kept."""
    day = ((pl.col("start") - world.settings.start_s) // DAY).alias("day")
    stay = (pl.col("follows").sum() * FOLLOWERS_KEPT).alias("kept")
    return sessions.group_by("creator", day, maintain_order=True).agg(stay)


def _jumps(rng: Rng, followers: Floats, creators: Ints, days: int) -> list[FollowerStep]:
    """Honest follower steps of some creators."""
    lucky = np.flatnonzero(chance(rng, JUMP_SHARE, len(creators)))
    count = len(lucky)
    size = followers[lucky] * rng.uniform(*JUMP_SIZE, count)
    day, lost_share = rng.integers(0, days, count), rng.uniform(*JUMP_LOST, count)
    over = rng.integers(*JUMP_DAYS, count)
    rows = zip(creators[lucky], day, size, lost_share, over, strict=True)
    return [FollowerStep(int(c), int(d), int(s), float(lo), int(o)) for c, d, s, lo, o in rows]


def _steps(steps: list[FollowerStep], row_of: dict[int, int], shape: tuple[int, int]) -> Floats:
    """Daily follower change that steps bring, (creators, days)."""
    change = np.zeros(shape)
    for step in steps:
        row = row_of.get(step.creator)
        if row is None:
            continue
        change[row, step.day] += step.gain
        end = min(step.day + 1 + step.over_days, shape[1])
        change[row, step.day + 1 : end] -= step.gain * step.lost_share / step.over_days
    return change


def _history(
    world: World, creators: Ints, part: int, new: pl.DataFrame, steps: list[FollowerStep]
) -> pl.DataFrame:
    rng, settings = stream(world.settings.seed, f"followers {part}"), world.settings
    shape = (len(creators), settings.days)
    begin = world.creators.followers[creators]
    row_of = {creator: row for row, creator in enumerate(creators.tolist())}
    drift = rng.normal(0.0012, 0.0006, shape[0])[:, None] + rng.normal(0.0, 0.0009, shape)
    jumps = _jumps(rng, begin, creators, settings.days)
    change = begin[:, None] * drift + _steps([*jumps, *steps], row_of, shape)
    mine = new.filter(pl.col("creator").is_in(creators.tolist()))
    rows = np.searchsorted(creators, mine["creator"].to_numpy(), sorter=np.argsort(creators))
    rows = np.argsort(creators)[rows]
    np.add.at(change, (rows, mine["day"].to_numpy()), mine["kept"].to_numpy())
    followers = np.maximum(np.rint(begin[:, None] + np.cumsum(change, axis=1)), 0)
    days = settings.start_s + np.arange(shape[1]) * DAY
    columns = {"creator": np.repeat(creators, shape[1]), "day": np.tile(days, shape[0])}
    frame = pl.DataFrame({**columns, "followers": followers.ravel().astype(np.int64)})
    registered_at = world.creators.registered_at[columns["creator"]]
    return frame.filter(pl.Series(registered_at < columns["day"] + DAY))


def creator_days(
    world: World, new: list[pl.DataFrame], steps: list[FollowerStep]
) -> Iterator[pl.DataFrame]:
    """Followers at the end of each day a creator existed, some thousand creators at a time.

    `new` holds what `new_followers` said of each block. Creators come in the order of their
    public ids: `creator`, `day` (instant of midnight), `followers`.
    """
    by_age = np.argsort(world.creators.registered_at, kind="stable")
    total = pl.concat(new)
    for part, first in enumerate(range(0, len(by_age), CREATORS_AT_ONCE)):
        creators = by_age[first : first + CREATORS_AT_ONCE].astype(np.int64)
        yield _history(world, creators, part, total, steps)
