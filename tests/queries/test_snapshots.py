"""The next delivery keeps the weekly snapshots of this one, and the newest day is always there."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import queries
from pipeline.settings.build import SnapshotSettings
from tests.schemas import empty_tables

if TYPE_CHECKING:
    import polars as pl

SETTINGS = SnapshotSettings()
FIRST = date(2026, 3, 4)
NEWEST = [date(2026, 6, 1) + timedelta(days=n) for n in range(8)]


def snapshots(as_of: date) -> pl.DataFrame:
    """Rows of a build of that day whose orders begin on FIRST."""
    orders, scored = (
        {"staging.orders": "day date"},
        {"staging.scored_entities": "first_scored_on date"},
    )
    with empty_tables(orders | scored) as con:
        con.execute("insert into staging.orders values ($day)", {"day": FIRST})
        names = {column.name for column in queries.get("facts/snapshots").params} - {"as_of"}
        own = {name: getattr(SETTINGS, name) for name in names}
        return queries.run(con, "facts/snapshots", as_of=as_of, **own)


def training_days(as_of: date) -> set[date]:
    """The weekly days of any type."""
    return set(snapshots(as_of).filter("is_training")["as_of"])


@pytest.mark.parametrize("as_of", NEWEST)
def test_the_newest_day_is_a_snapshot_of_every_type(as_of: date) -> None:
    """Whatever its weekday, and it alone is the latest; so are the six days before it."""
    latest = snapshots(as_of).filter("is_latest")
    assert latest["as_of"].unique().to_list() == [as_of]
    assert latest["entity_type"].n_unique() == 5
    week = {as_of - timedelta(days=n) for n in range(7)}
    assert week <= set(snapshots(as_of).filter(entity_type="merchant")["as_of"])


def test_a_new_day_keeps_the_weekly_snapshots() -> None:
    """A day later every weekly day stands and at most one is new: all are Mondays."""
    for before, after in pairwise(NEWEST):
        new = training_days(after) - training_days(before)
        assert training_days(before) <= training_days(after)
        assert new == ({after} if after.weekday() == 0 else set())
    assert {day.weekday() for day in training_days(NEWEST[-1])} == {0}
