"""Short videos whose likes came without talk: what likes and comments were, beside the usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import text
from dashboard.columns import mapped

if TYPE_CHECKING:
    import polars as pl

MOST = 30
_TITLE, _NAME = 40, 24
STATEMENT = (
    "Fans who like more talk more; likes that are bought come alone. Of its first twelve days a "
    "video has more likes per view and fewer comments per like than the other videos of its "
    "creator (of its market, where those are fewer than three). No score sees this: look, and "
    "open the creator's case."
)


def video_list(videos: pl.DataFrame) -> pl.DataFrame:
    """`pages/queue/videos` as display columns, shares in hundredths."""
    return videos.select(
        mapped(videos, "title", lambda name: text.plain(name, length=_TITLE)).alias("title"),
        mapped(videos, "name", lambda name: text.plain(name, length=_NAME)).alias("creator"),
        "published_at",
        "times",
        "views",
        "likes",
        *(videos[name] * 100.0 for name in ("like_rate", "usual_likes", "talk_rate", "usual_talk")),
        "clicks",
    )


def list_sentence(videos: pl.DataFrame) -> str:
    """How many there are, and of how many creators."""
    if videos.is_empty():
        return "No short video has likes that came without talk."
    many = f"The first {MOST} videos" if len(videos) >= MOST else text.plural(len(videos), "video")
    return f"{many} of {text.plural(videos['creator_id'].n_unique(), 'creator')}."
