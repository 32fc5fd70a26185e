"""T2: inflated live sessions show their machines, and no number alone convicts."""

import numpy as np
import polars as pl
import pytest

from sample_data.typologies import viewer_inflation
from tests.sample_data.conftest import Sample
from tests.sample_data.live_sessions import (
    FEWEST_VIEWS,
    KEY,
    audience,
    honest,
    live_sessions_of,
    separation,
    shape,
)
from tests.sample_data.signatures import inside, share


def test_naive_farms_show_every_tell(dense: Sample) -> None:
    """T2: short and even watching, repeated comments, young accounts, few devices, full rooms."""
    limits = viewer_inflation.PARAMETERS
    statistics = live_sessions_of(dense, viewer_inflation.NAME, "naive").select(**audience())
    assert statistics.height >= 2
    names = ("watch_mean", "watch_cv", "distinct_share", "young_share", "viewers_per_device")
    for name in (*names, "peak_share"):
        median = statistics[name].median()
        assert isinstance(median, float)
        assert inside(median, getattr(limits, name), slack=0.05), name


def test_inflated_rooms_have_views_without_orders(dense: Sample) -> None:
    """T2: next to the sales there are many times more views than in honest rooms."""
    sold = dense.table("orders").group_by("live_session_id").len("sold")
    per_view = pl.col("sold").sum() / pl.col("views").sum()
    naive = live_sessions_of(dense, viewer_inflation.NAME, "naive").join(sold, on=KEY, how="left")
    usual = honest(dense).join(sold, on=KEY, how="left")
    assert naive.select(per_view).item() < usual.select(per_view).item() / 3


def test_a_farm_fills_a_room_in_minutes_at_even_gaps(dense: Sample, minutes: pl.DataFrame) -> None:
    """T2: most of the room comes in five minutes, the rest like clockwork, and it stays full."""
    shapes = shape(minutes)
    naive = live_sessions_of(dense, viewer_inflation.NAME, "naive").join(shapes, on=KEY)
    usual = honest(dense).filter(pl.col("views") > FEWEST_VIEWS).join(shapes, on=KEY)
    assert naive["rise"].median() > 0.6  # type: ignore[operator]
    assert naive["evenness"].median() < 0.8  # type: ignore[operator]
    assert naive["level"].median() > 0.6  # type: ignore[operator]
    assert usual["rise"].median() < 0.5  # type: ignore[operator]
    assert usual["evenness"].median() > 1.0  # type: ignore[operator]


def test_honest_raids_jump_as_high_and_come_as_people(dense: Sample, minutes: pl.DataFrame) -> None:
    """A raid is as steep as a farm, in at least as many rooms, but never like clockwork."""
    shapes = shape(minutes)
    farms = live_sessions_of(dense, viewer_inflation.NAME).join(shapes, on=KEY)
    alike = honest(dense).filter(pl.col("views") > FEWEST_VIEWS).join(shapes, on=KEY)
    raids = alike.filter(pl.col("rise") > 0.5)
    assert raids.height >= 2 * farms.filter(pl.col("rise") > 0.5).height
    assert share(raids, pl.col("evenness") > 1.0) > 0.75


def test_only_part_of_the_sessions_is_inflated(dense: Sample) -> None:
    """T2: the same creator has ordinary sessions in the same weeks."""
    members = dense.members(viewer_inflation.NAME, "creator").select(
        "started_at", "ended_at", creator_id="entity_id"
    )
    sessions = dense.table("live_sessions").join(members, on="creator_id", suffix="_ring")
    during = sessions.filter(pl.col("started_at").is_between("started_at_ring", "ended_at_ring"))
    inflation = live_sessions_of(dense, viewer_inflation.NAME)
    assert 0.3 < inflation.height / during.height < 0.9


def test_bought_followers_leave_again(dense: Sample) -> None:
    """T2, naive: after the step 60 to 90 % of the gained followers are gone within two weeks."""
    days, loss_shares = dense.table("creator_days").sort("creator_id", "day"), []
    members = dense.members(viewer_inflation.NAME, "creator").filter(pl.col("variant") == "naive")
    for row in members.iter_rows(named=True):
        own = days.filter(pl.col("creator_id") == row["entity_id"])
        first = own.filter(pl.col("day") >= row["started_at"].date())["followers"].to_numpy()
        before = own.filter(pl.col("day") < row["started_at"].date())["followers"].to_numpy()[-1]
        if len(first) > 16:
            loss_shares.append((first[0] - first[1:17].min()) / (first[0] - before))
    assert loss_shares
    assert inside(
        float(np.median(loss_shares)), viewer_inflation.PARAMETERS.follower_loss, slack=0.15
    )


@pytest.mark.parametrize("name", list(audience()))
def test_no_number_of_a_session_convicts(dense: Sample, name: str) -> None:
    """T2: over all variants each statistic of a session stays below AUC 0.9."""
    bad = live_sessions_of(dense, viewer_inflation.NAME).select(KEY, bad=pl.lit(value=True))
    rows = pl.concat(
        (honest(dense), live_sessions_of(dense, viewer_inflation.NAME).drop("variant", "ring_id"))
    )
    sessions = rows.join(bad, on=KEY, how="left").with_columns(pl.col("bad").fill_null(value=False))
    assert separation(sessions.select(audience()[name]).to_series(), sessions["bad"]) < 0.9


@pytest.mark.parametrize("name", list(audience()))
def test_no_number_of_a_creator_convicts(dense: Sample, name: str) -> None:
    """T2: nor does the mean over a creator's sessions, and hardly the lowest or the highest."""
    members = dense.members(viewer_inflation.NAME, "creator")["entity_id"].implode()
    theirs = dense.table("live_sessions").filter(pl.col("creator_id").is_in(members))
    rows = pl.concat((honest(dense), theirs)).with_columns(value=audience()[name])
    value = pl.col("value").fill_nan(None)
    each = rows.group_by("creator_id").agg(
        mean=value.mean(), low=value.min(), high=value.max(), bad=pl.col("creator_id").first()
    )
    bad = each["creator_id"].is_in(members)
    for column, most in (("mean", 0.9), ("low", 0.95), ("high", 0.95)):
        assert separation(each[column].fill_null(float("nan")), bad) < most, column
