"""Today is held against the snapshot nearest to four weeks before, over features that can move."""

from __future__ import annotations

from datetime import timedelta

from pipeline.drift.snapshot_pair import SnapshotPair, full_windows, latest_pair, stationary
from pipeline.settings.build import DriftSettings
from tests.pipeline import tiny

DRIFT = DriftSettings()


def test_the_latest_day_looks_back_four_weeks() -> None:
    """To the nearest snapshot; without one near enough, or without today's, to none."""
    back = timedelta(days=28)
    pair = SnapshotPair(tiny.AS_OF, tiny.AS_OF - back)
    assert latest_pair(tiny.DAYS, tiny.AS_OF, DRIFT) == pair
    near = tiny.AS_OF - timedelta(days=25)
    assert latest_pair([near, tiny.AS_OF], tiny.AS_OF, DRIFT) == SnapshotPair(tiny.AS_OF, near)
    assert latest_pair([tiny.AS_OF], tiny.AS_OF, DRIFT) is None
    assert latest_pair(tiny.DAYS[:-1], tiny.AS_OF, DRIFT) is None


def test_what_only_grows_is_left_out() -> None:
    """Features that verdicts feed, and windows that were not full four weeks ago."""
    names = ("refund_rate_30d", "linked_bad_share", "bad_buyer_share_30d", "order_pace_30d_90d")
    kept = stationary("merchant", names)
    assert kept == ("refund_rate_30d", "order_pace_30d_90d")
    first = tiny.DAYS[0]
    early, late = first + timedelta(days=40), first + timedelta(days=95)
    assert full_windows("merchant", kept, first, early) == {"refund_rate_30d"}
    assert full_windows("merchant", kept, first, late) == set(kept)
