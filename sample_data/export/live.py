"""The event tables of live sessions and videos: what audiences did and said.

Split from `orders` because they hang off sessions, not off orders.
"""

import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.world import World
from sample_data.export.tables import CURRENCIES, Ids, Numbers, date, moment, public_ids
from sample_data.kit.randomness import stream
from sample_data.language import names

SESSION_COUNTS = (
    "impressions",
    "views",
    "unique_viewers",
    "peak_concurrent",
    "watch_seconds_mean",
    "watch_seconds_sd",
    "comments",
    "distinct_comments",
    "young_viewers",
    "viewer_devices",
    "follows",
    "product_clicks",
    "slot_fee_minor",
)
MINUTE_COUNTS = ("viewers", "joins", "comments", "product_clicks", "orders")


def live_sessions(sessions: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The session table of one block, by start."""
    return pl.DataFrame(
        {
            "live_session_id": ids.of("session", sessions["session"]),
            "creator_id": ids.of("creator", sessions["creator"]),
            "merchant_id": ids.of("merchant", sessions["merchant"]),
            "title": sessions["title"],
            "started_at": moment(sessions["start"]),
            "ended_at": moment(sessions["end"]),
            **{name: sessions[name] for name in SESSION_COUNTS},
            "currency": CURRENCIES.gather(sessions["market"]),
            "usd_per_unit": sessions["usd_per_unit"],
        }
    )


def engagement_minutes(minutes: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The minutes of one block's sessions."""
    keys = [ids.of("session", minutes["session"]).alias("live_session_id"), minutes["minute"]]
    return pl.DataFrame([*keys, *(minutes[name] for name in MINUTE_COUNTS)])


def live_comments(comments: pl.DataFrame, ids: Ids, numbers: Numbers) -> pl.DataFrame:
    """The sampled comments of one block's sessions."""
    return pl.DataFrame(
        {
            "comment_id": public_ids("cmt", numbers.take("cmt", comments.height), 7),
            "live_session_id": ids.of("session", comments["session"]),
            "buyer_id": ids.of("buyer", comments["buyer"]),
            "commented_at": moment(comments["moment"]),
            "body": comments["body"],
        }
    )


def videos(world: World, programme: Programme, ids: Ids) -> pl.DataFrame:
    """The video table."""
    rng, rows = stream(world.settings.seed, "video titles"), programme.videos
    market = world.creators.market[rows["creator"].to_numpy()]
    return pl.DataFrame(
        {
            "video_id": ids.video,
            "creator_id": ids.of("creator", rows["creator"]),
            "title": names.live_titles(rng, market),
            "published_at": moment(rows["published"]),
        }
    ).sort("video_id")


def video_days(days: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The audience of each video by day of one block."""
    counts = [days[name] for name in ("views", "likes", "comments", "product_clicks")]
    keys = [ids.of("video", days["video"]).alias("video_id"), date(days["day"]).alias("day")]
    return pl.DataFrame([*keys, *counts]).sort("video_id", "day")


def creator_days(days: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The followers of some creators by day."""
    keys = [ids.of("creator", days["creator"]).alias("creator_id"), date(days["day"]).alias("day")]
    return pl.DataFrame([*keys, days["followers"]])
