"""Videos whose likes came alone stand before those that fans like and talk about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import duckdb
import polars as pl

import queries

OUT = datetime.combine(date(2026, 7, 1), time(9))
VIEWS, LIKES, COMMENTS = 1_000, 50, 5


def _market(
    con: duckdb.DuckDBPyConnection, likes: dict[str, int], comments: dict[str, int]
) -> None:
    """Two creators of five videos each, all alike but for the numbers given by video."""
    names = [f"{creator}{number}" for creator in "ab" for number in range(5)]
    videos = pl.DataFrame(
        {
            "video_id": names,
            "creator_id": [name[0] for name in names],
            "title": "t",
            "published_at": OUT,
        }
    )
    days = pl.DataFrame(
        [
            {
                "video_id": name,
                "day": (OUT + timedelta(days=age)).date(),
                "views": VIEWS,
                "likes": likes.get(name, LIKES) if age < 12 else 40 * LIKES,
                "comments": comments.get(name, COMMENTS),
                "product_clicks": 9,
            }
            for name in names
            for age in (0, 1, 12)
        ]
    )
    creators = pl.DataFrame({"creator_id": ["a", "b"], "handle": ["a", "b"], "market": "US"})
    con.execute("create schema staging")
    for name, rows in (("videos", videos), ("video_days", days), ("creators", creators)):
        con.register("rows", rows)
        con.execute(f"create table staging.{name} as from rows")


def test_likes_without_talk_come_before_fans_and_age_counts() -> None:
    """Four times the likes with the usual comments, and the same with four times of both."""
    with duckdb.connect() as con:
        _market(con, {"a0": 4 * LIKES, "b0": 4 * LIKES}, {"b0": 4 * COMMENTS})
        rows = queries.run(con, "pages/queue/videos", markets=[], limit=10)
        assert rows["video_id"].to_list() == ["a0"]
        (row,) = rows.to_dicts()
        assert row["views"] == 2 * VIEWS, "days after the twelfth are left out"
        assert row["like_rate"] == 4 * LIKES / VIEWS
        assert row["usual_likes"] == LIKES / VIEWS
        assert row["times"] == 4.0
        assert queries.run(con, "pages/queue/videos", markets=["SG"], limit=10).is_empty()
