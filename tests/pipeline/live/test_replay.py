"""The past as it was known: what had arrived by an instant, and nothing that came later."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.live.record import read_record
from pipeline.live.replay import replay

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline.live.conftest import Drop

NINE = datetime(2026, 7, 1, 9)  # noqa: DTZ001 - instants of the contract are UTC without zone
HOUR = timedelta(hours=1)


def arrived(path: Path, at: datetime) -> None:
    """As if the file had been written then."""
    seconds = at.replace(tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))


@pytest.fixture
def past(drop: Drop) -> Drop:
    """Two trials of cards, which arrived at nine and at eleven."""
    for hours, buyer in ((0, "buyer_id_1"), (2, "buyer_id_2")):
        arrived(drop.put(f"declined_payments-{hours}.parquet", drop.card_trial(buyer)),
                NINE + hours * HOUR)  # fmt: skip
    return drop


def opened(drop: Drop, at: datetime) -> dict[str, datetime]:
    """Who had an open alert at an instant, and since when."""
    lane = drop.lane()
    replay(lane, at, lambda _: None)
    lane.close()
    record = read_record(drop.out)
    assert record["live.status"]["known_at"].to_list() == [at]
    return dict(record["live.alerts"].select("entity_id", "opened_at").iter_rows())


def test_an_instant_knows_what_had_arrived(past: Drop) -> None:
    """An alert opens at the end of its ten minutes; the past may be shown again, earlier too."""
    minutes = timedelta(minutes=10)
    assert opened(past, NINE + 4 * HOUR) == {
        "buyer_id_1": NINE + minutes,
        "buyer_id_2": NINE + 2 * HOUR + minutes,
    }
    assert opened(past, NINE + HOUR) == {"buyer_id_1": NINE + minutes}
    assert opened(past, NINE - HOUR) == {}


def test_a_build_that_knows_more_is_refused(past: Drop) -> None:
    """With the way to one that does not."""
    lane = past.lane()
    with pytest.raises(InputError, match="knows more than was known at 2026-06-29") as refused:
        replay(lane, NINE - timedelta(days=2), lambda _: None)
    lane.close()
    assert "ringfence build --data DIR --as-of 2026-06-29 --out PAST" in str(refused.value)


def test_the_record_of_a_lane_that_ran_stays(past: Drop) -> None:
    """It knows better what stood open when."""
    running = past.lane()
    running.tick()
    running.close()
    lane = past.lane()
    with pytest.raises(InputError, match="the record of a lane that ran"):
        replay(lane, NINE + HOUR, lambda _: None)
    lane.close()
    alerts = read_record(past.out)["live.alerts"]
    assert alerts.filter(pl.col("opened_at") > NINE + HOUR).height == len(alerts) > 0
