"""In which part of a live room an order came is known once the room has ended, and stays so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.inputs import ingest
from pipeline.settings.inputs import InputSettings
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

NIGHT = date(2026, 6, 15)
OPENED = datetime(2026, 6, 14, 23, 40)  # noqa: DTZ001 - instants of the contract are UTC
ROOM = "night_room"
ORDERS = 6


@pytest.fixture(scope="module")
def over_midnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A room that opens before a midnight and closes after it, and sells at once.

    Its first order names it but came when it was over.
    """
    tables = raw_folder.frames(60)
    closed = OPENED + timedelta(hours=2)
    room = (
        tables["live_sessions"]
        .head(1)
        .with_columns(
            live_session_id=pl.lit(ROOM), started_at=pl.lit(OPENED), ended_at=pl.lit(closed)
        )
    )
    tables["live_sessions"] = pl.concat([tables["live_sessions"], room])
    place = pl.int_range(pl.len())
    placed = pl.when(place == 0).then(pl.lit(closed)).otherwise(pl.lit(OPENED))
    placed += pl.duration(minutes=1 + place)
    sold = pl.concat([tables["orders"].head(1)] * ORDERS).with_columns(
        order_id=pl.format("room_order_{}", place),
        creator_id=pl.lit(room["creator_id"][0]),
        channel=pl.lit("live"),
        live_session_id=pl.lit(ROOM),
        is_sample=pl.lit(value=False),
        created_at=placed,
        paid_at=placed,
        cancelled_at=pl.lit(None, pl.Datetime("us")),
    )
    tables["orders"] = pl.concat([tables["orders"], sold])
    return raw_folder.write(tmp_path_factory.mktemp("room") / "raw", tables)


def counted(folder: Path, as_of: date) -> dict[str, list[date]]:
    """Days on which orders that name the room were known to be live, of a room, and early."""
    with duckdb.connect() as con:
        ingest.write(con, folder, None, lambda *_: None, InputSettings(as_of=as_of))
        con.execute("create schema facts")
        queries.build(con, "facts/promotion_facts")
        found = con.execute(
            "select event, list(day order by day) from facts.promotion_facts "
            "where event in ('live_order', 'room_order', 'early_order') "
            "and order_id like 'room_order_%' group by event"
        ).fetchall()
    return dict(found)


def test_the_day_before_says_the_same_once_the_room_has_ended(over_midnight: Path) -> None:
    """At midnight five orders are live and of no room yet; a day later, of a room that ended."""
    evening = NIGHT - timedelta(days=1)
    then = counted(over_midnight, NIGHT)
    now = counted(over_midnight, NIGHT + timedelta(days=1))
    assert then == {"live_order": [evening] * 5}
    assert now == {
        "live_order": [evening] * 5 + [NIGHT],
        "room_order": [NIGHT] * 5,
        "early_order": [NIGHT] * 5,
    }
