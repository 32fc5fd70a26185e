"""Comments are a sample of what was said, by people who had an account."""

import polars as pl

from tests.sample_data.conftest import Sample
from tests.sample_data.live_sessions import KEY


def test_comments_are_a_sample_of_what_was_said(dense: Sample, minutes: pl.DataFrame) -> None:
    """At most 20 per session, never more than were written, each in a minute that had one."""
    said, sessions = dense.table("live_comments"), dense.table("live_sessions")
    assert said["comment_id"].is_unique().all()
    each = said.group_by("live_session_id").len("kept")
    counts = sessions.join(each, on="live_session_id", how="left").with_columns(
        pl.col("kept").fill_null(0).cast(pl.Int64)
    )
    assert (counts["kept"] == counts.select(pl.min_horizontal("comments", 20)).to_series()).all()
    comments = said.join(sessions.select("live_session_id", "started_at", "ended_at"), on=KEY)
    assert comments.filter(
        ~pl.col("commented_at").is_between("started_at", "ended_at", closed="left")
    ).is_empty()
    minute = (pl.col("commented_at") - pl.col("started_at")).dt.total_minutes()
    by_minute = comments.with_columns(minute=minute).join(minutes, on=(KEY, "minute"), how="left")
    per_minute = by_minute.group_by(KEY, "minute").agg(pl.len(), pl.col("comments").first())
    assert per_minute.filter(pl.col("len") > pl.col("comments")).is_empty()


def test_who_commented_had_an_account(dense: Sample) -> None:
    """Named writers were registered before; about half of the viewers have no account."""
    said = dense.table("live_comments")
    registered = dense.table("buyers").select("buyer_id", "registered_at")
    with_account = said.filter(pl.col("buyer_id").is_not_null()).join(
        registered, on="buyer_id", how="left"
    )
    assert with_account["registered_at"].null_count() == 0
    assert (with_account["commented_at"] > with_account["registered_at"]).all()
    assert 0.3 < with_account.height / said.height < 0.7
