"""What audiences did: session metrics, video days and follower counts.

Views follow from clicks and clicks from orders for everybody; a story may only
change how the audience behaves (`stage.AUDIENCE`), never a metric itself.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.intents import usual
from sample_data.markets import per_market, to_minor
from sample_data.randomness import Floats, Ints, Rng, log_normal, stream
from sample_data.settings import DAY
from sample_data.stage import Stage
from sample_data.world import World

CTOR_MEDIAN = 0.06  # orders / clicks; vendors claim 1-12 % (DOMAIN 2.3)
CTR_MEDIAN = 0.10  # clicks / views
FOLLOW_MEDIAN = 0.012  # follows / unique viewers
FOLLOWERS_KEPT = 0.9  # of new followers who stay
VIDEO_LIFE_DAYS = 12  # days a video is still watched


@dataclass(frozen=True)
class FollowerStep:
    """Followers that arrive at once and mostly leave again."""

    creator: int
    day: int  # of the period
    gained: int
    lost_share: float
    over_days: int  # from `day`, until the lost share is gone


def _count(orders: pl.DataFrame, column: str, size: int) -> Ints:
    rows = orders.filter(pl.col(column) >= 0)[column].to_numpy()
    return np.bincount(rows, minlength=size).astype(np.int64)


def _people(rng: Rng, sessions: pl.DataFrame, views: Floats) -> dict[str, Ints]:
    """Who was in the room: unique viewers, the peak, young accounts, devices, new followers."""
    count = sessions.height
    behaviour = {name: sessions[name].to_numpy() for name in sessions.columns}
    unique = np.ceil(views * rng.uniform(0.55, 0.86, count))
    peak = usual(behaviour["peak_share"], np.clip(log_normal(rng, 0.11, 0.4, count), 0.03, 0.5))
    young = usual(behaviour["young_share"], rng.beta(4.0, 38.0, count))
    crowd = usual(behaviour["viewers_per_device"], 1.0 + 0.08 * rng.random(count))
    follow = usual(
        behaviour["follow_rate"], np.clip(log_normal(rng, FOLLOW_MEDIAN, 0.5, count), 0, 0.12)
    )
    shares = {
        "unique_viewers": unique,
        "peak_concurrent": np.ceil(unique * peak),
        "young_viewers": unique * young,
        "viewer_devices": np.ceil(unique / crowd),
        "follows": unique * follow,
    }
    return {name: np.floor(values).astype(np.int64) for name, values in shares.items()}


def sessions(world: World, stage: Stage, orders: pl.DataFrame) -> pl.DataFrame:
    """What every session measured, with `session` (its internal id)."""
    rng, rows = stream(world.settings.seed, "audience"), stage.sessions
    count, pull = rows.height, rows["pull"].to_numpy()
    sold = _count(orders, "session", count)
    hoped = pull / pull.sum() * sold.sum()
    ctor = np.clip(log_normal(rng, CTOR_MEDIAN, 0.45, count), 0.012, 0.5)
    clicks = np.ceil((sold + 0.4 * hoped + 0.3) / ctor)
    ctr = np.clip(log_normal(rng, CTR_MEDIAN, 0.4, count), 0.02, 0.5)
    views = np.ceil(clicks / ctr * usual(rows["view_factor"].to_numpy(), np.ones(count)))
    people = _people(rng, rows, views)
    comments = np.floor(
        people["unique_viewers"] * np.clip(log_normal(rng, 0.09, 0.6, count), 0.005, 1.2)
    )
    distinct = usual(rows["distinct_share"].to_numpy(), rng.beta(14.0, 3.2, count))
    watch = usual(
        rows["watch_mean"].to_numpy(), np.clip(log_normal(rng, 58.0, 0.45, count), 8.0, 400.0)
    )
    cv = usual(rows["watch_cv"].to_numpy(), np.clip(log_normal(rng, 1.15, 0.22, count), 0.4, 3.0))
    market = world.creators.market[rows["creator"].to_numpy()]
    shop = rows["merchant"].to_numpy()
    paid = (shop >= 0) & (world.merchants.registered[shop] < rows["start"].to_numpy())
    fee_usd = 25.0 + views**0.6 * log_normal(rng, 1.8, 0.4, count)  # shops pay for seen views
    measured = {
        "session": np.arange(count, dtype=np.int64),
        "merchant": np.where(paid, shop, -1),
        "market": market,
        "impressions": np.ceil(views / rng.uniform(0.07, 0.3, count)).astype(np.int64),
        "views": views.astype(np.int64),
        **people,
        "watch_seconds_mean": np.round(watch, 1),
        "watch_seconds_sd": np.round(watch * cv, 1),
        "comments": comments.astype(np.int64),
        "distinct_comments": np.ceil(comments * distinct).astype(np.int64),
        "product_clicks": np.maximum(clicks, sold).astype(np.int64),
        "slot_fee_minor": np.where(paid, to_minor(fee_usd, market), 0),
        "usd_per_unit": per_market("usd_per_unit")[market],
    }
    told = {name: pl.Series(values) for name, values in measured.items()}
    return rows.select("creator", "start", "end").with_columns(**told)


def video_days(world: World, stage: Stage, orders: pl.DataFrame) -> pl.DataFrame:
    """What each video's audience did per UTC day: `video`, `day` (instant of midnight), counts."""
    rng, settings = stream(world.settings.seed, "video days"), world.settings
    videos = stage.videos
    first = videos["published"].to_numpy() // DAY * DAY
    video = np.repeat(np.arange(videos.height), VIDEO_LIFE_DAYS)
    age = np.tile(np.arange(VIDEO_LIFE_DAYS), videos.height)
    grid = pl.DataFrame({"video": video, "day": first[video] + age * DAY, "age": age})
    sold = (
        orders.filter(pl.col("video") >= 0)
        .group_by("video", day=pl.col("at") // DAY * DAY)
        .agg(sold=pl.len().cast(pl.Int64))
    )
    days = grid.join(sold, on=("video", "day"), how="full", coalesce=True).sort("video", "day")
    period = pl.col("day").is_between(settings.start_s, settings.end_s, closed="left")
    days = days.filter(period).with_columns(
        pl.col("sold").fill_null(0), pl.col("age").fill_null(VIDEO_LIFE_DAYS)
    )
    pull, number = videos["pull"].to_numpy()[days["video"].to_numpy()], days["sold"].to_numpy()
    reach = (
        260.0
        * pull
        * np.exp(-0.34 * days["age"].to_numpy())
        * log_normal(rng, 1.0, 0.5, days.height)
    )
    clicks = np.ceil(
        number / rng.uniform(0.02, 0.12, days.height)
        + reach * rng.uniform(0.005, 0.03, days.height)
    )
    views = np.ceil(reach + clicks / rng.uniform(0.04, 0.15, days.height))
    likes = np.floor(views * rng.uniform(0.01, 0.09, days.height))
    counts = {
        "views": views,
        "likes": likes,
        "comments": np.floor(likes * rng.uniform(0.02, 0.15, days.height)),
        "product_clicks": clicks,
    }
    columns = {name: pl.Series(values.astype(np.int64)) for name, values in counts.items()}
    return days.select("video", "day").with_columns(**columns).filter(pl.col("views") > 0)


def _steps(steps: list[FollowerStep], shape: tuple[int, int]) -> Floats:
    """Daily follower change of bought followers, (creators, days)."""
    change = np.zeros(shape)
    for step in steps:
        change[step.creator, step.day] += step.gained
        end = min(step.day + 1 + step.over_days, shape[1])
        change[step.creator, step.day + 1 : end] -= step.gained * step.lost_share / step.over_days
    return change


def creator_days(world: World, told: pl.DataFrame, steps: list[FollowerStep]) -> pl.DataFrame:
    """Followers at the end of each day a creator existed: `creator`, `day`, `followers`."""
    rng, settings, creators = (
        stream(world.settings.seed, "followers"),
        world.settings,
        world.creators,
    )
    shape = (len(creators.market), settings.days)
    drift = rng.normal(0.0012, 0.0006, shape[0])[:, None] + rng.normal(0.0, 0.0009, shape)
    change = creators.followers[:, None] * drift + _steps(steps, shape)
    day = (told["start"].to_numpy() - settings.start_s) // DAY
    np.add.at(
        change, (told["creator"].to_numpy(), day), told["follows"].to_numpy() * FOLLOWERS_KEPT
    )
    followers = np.maximum(np.rint(creators.followers[:, None] + np.cumsum(change, axis=1)), 0)
    days = settings.start_s + np.arange(shape[1]) * DAY
    frame = pl.DataFrame(
        {
            "creator": np.repeat(np.arange(shape[0]), shape[1]),
            "day": np.tile(days, shape[0]),
            "followers": followers.ravel().astype(np.int64),
        }
    )
    exists = creators.registered[frame["creator"].to_numpy()] < frame["day"].to_numpy() + DAY
    return frame.filter(pl.Series(exists))
