"""A viral evening tops all others, and its followers stay."""

import numpy as np
import polars as pl

from sample_data.hard_negatives import viral_live
from sample_data.kit import timeline
from sample_data.typologies import scam_live, viewer_inflation
from tests.sample_data.conftest import Sample
from tests.sample_data.live_sessions import KEY


def test_viral_evenings_outnumber_what_they_imitate(dense: Sample) -> None:
    """Twice as many honest creators go viral as there are inflating and scamming ones."""
    bad = [dense.members(module.NAME, "creator") for module in (viewer_inflation, scam_live)]
    count = pl.concat(bad)["entity_id"].n_unique()
    assert dense.members(viral_live.NAME, "creator")["entity_id"].n_unique() >= 2 * count


def test_the_headline_evening_tops_all_others(dense: Sample) -> None:
    """On day 45 one honest session sells more than any other of the period."""
    sold = dense.table("orders").group_by("live_session_id").len("sold").drop_nulls()
    best = dense.table("live_sessions").join(sold, on=KEY).sort("sold").row(-1, named=True)
    day = (best["started_at"].date() - dense.world.settings.start).days
    assert day == timeline.VIRAL_LIVE_DAY
    assert best["creator_id"] in dense.members(viral_live.NAME, "creator")["entity_id"]


def test_viral_followers_stay(dense: Sample) -> None:
    """More than 85 % of the followers gained on a viral evening are there two weeks later."""
    days = dense.table("creator_days").sort("creator_id", "day")
    stay_shares = []
    for row in dense.members(viral_live.NAME, "creator").iter_rows(named=True):
        own = days.filter(pl.col("creator_id") == row["entity_id"])
        after = own.filter(pl.col("day") >= row["started_at"].date())["followers"].to_numpy()
        before = own.filter(pl.col("day") < row["started_at"].date())["followers"].to_numpy()
        if len(after) > 14 and len(before) and after[0] > 1.1 * before[-1]:
            stay_shares.append((after[14] - before[-1]) / (after[0] - before[-1]))
    assert len(stay_shares) >= 10
    assert np.median(stay_shares) > 0.85
