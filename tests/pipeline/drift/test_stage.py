"""Every feature and score has its weekly points, each against four weeks before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.drift import stage as drift
from pipeline.drift.stage import WeeklyPair, full_windows, stationary, weekly_pairs
from pipeline.scoring import stage as scores
from pipeline.settings.build import DriftSettings, Settings
from pipeline.settings.models import ModelSettings
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

DRIFT = DriftSettings()


def test_weekly_pairs_hold_the_latest_day_and_look_back_four_weeks() -> None:
    """Points are weekly up to the latest; those without a reference are left out."""
    pairs = weekly_pairs(tiny.DAYS, tiny.AS_OF, DRIFT)
    assert pairs[-1] == WeeklyPair(tiny.AS_OF, tiny.AS_OF - timedelta(days=28))
    assert {(pair.day - pair.reference).days for pair in pairs} == {28}
    assert weekly_pairs(tiny.DAYS[:1], tiny.DAYS[0], DRIFT) == []


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Scored and compared with four weeks before."""
    connection, own = tiny.build(), Settings(model=ModelSettings(trees=20))
    scores.write(connection, own, tiny.unheard, packs_in_use=[])
    drift.write_features(connection, own, tiny.unheard)
    drift.write_models(connection, own, tiny.unheard)
    return connection


def test_every_feature_has_a_row_at_every_point(con: duckdb.DuckDBPyConnection) -> None:
    """Eight weeks, five types, five features."""
    rows = con.sql("select * from drift.features").pl()
    assert rows.height == 8 * 5 * 5
    assert rows["as_of"].max() == tiny.AS_OF
    assert rows["verdict"].is_in(["stable", "watch", "shifted"]).all()


def test_models_drift_only_where_there_is_one(con: duckdb.DuckDBPyConnection) -> None:
    """Types without a model have no score to move."""
    rows = con.sql("select * from drift.models").pl()
    assert set(rows["entity_type"]) == {"merchant", "buyer"}
    began = rows.filter(pl.col("reference_as_of") < tiny.EVENT.date())
    assert (began["share_high_current"] > began["share_high_reference"]).any()


def test_what_only_grows_is_left_out() -> None:
    """Features that verdicts feed, and windows that were not full four weeks ago."""
    names = ("refund_rate_30d", "linked_bad_share", "bad_buyer_share_30d", "order_pace_30d_90d")
    kept = stationary("merchant", names)
    assert kept == ("refund_rate_30d", "order_pace_30d_90d")
    first = tiny.DAYS[0]
    early, late = first + timedelta(days=40), first + timedelta(days=95)
    assert full_windows("merchant", kept, first, early) == {"refund_rate_30d"}
    assert full_windows("merchant", kept, first, late) == set(kept)
