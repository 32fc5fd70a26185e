"""`--as-of` reads a delivery as it stood on that day: the future is gone, states are not known."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.settings.inputs import InputSettings
from tests.laws.past import BORN, cut
from tests.pipeline.inputs.deliveries import Examined, examined

if TYPE_CHECKING:
    from pathlib import Path

DUE_LATER = ("settlements", "commissions")
"""Known with their order, though born in `cut` only when they are due."""
NOT_DELIVERED = "sequence_score"
"""The sample has no sequence model of its own."""
RUNNING = "live_comments"
"""Of a stream that has not ended nothing is delivered."""


@pytest.fixture(scope="module")
def then(small_world: Path) -> tuple[Examined, datetime]:
    """The small marketplace four weeks before its last day."""
    whole = examined(small_world).checked.clock
    assert whole
    day = whole.as_of - timedelta(days=28)
    return examined(small_world, InputSettings(as_of=day)), datetime.combine(day, time())


@pytest.mark.parametrize(
    "table", [name for name in BORN if name not in (*DUE_LATER, RUNNING, NOT_DELIVERED)]
)
def test_every_table_stands_as_it_stood(
    table: str, then: tuple[Examined, datetime], small_world: Path
) -> None:
    """Row for row what cutting the files at that midnight leaves."""
    found, moment = then
    kept, key = found.kept[table], found.checked.tables[table].table.key
    expected = cut(pl.read_parquet(small_world / f"{table}.parquet"), table, moment)
    if table == "shipments":  # weighed on the way, known with the scan
        weighed = pl.when(pl.col("observed_at") < moment).then("weight_grams")
        expected = expected.with_columns(weight_grams=weighed)
    if table == "live_sessions":  # a room that runs waits for the next day
        expected = expected.filter(pl.col("ended_at").is_not_null())
    if table == "declined_payments":  # an attempt may precede its order
        ordered = pl.col("order_id").is_in(found.kept["orders"]["order_id"].implode())
        expected = expected.with_columns(order_id=pl.when(ordered).then("order_id"))
    absent = [name for name in kept.columns if name not in expected.columns]
    expected = expected.with_columns(pl.lit(None, kept.schema[name]).alias(name) for name in absent)
    assert_frame_equal(kept.sort(key), expected.select(kept.columns).sort(key))


def test_nothing_is_a_fault_and_every_row_left_out_is_counted(
    then: tuple[Examined, datetime], small_world: Path
) -> None:
    """What is asked for breaks no rule, whatever its share."""
    found, _ = then
    assert found.checked.faults == []
    assert found.set_aside.height == 0
    for name, outcome in found.checked.outcomes.items():
        delivered = pl.scan_parquet(small_world / f"{name}.parquet").select(pl.len()).collect()
        assert delivered.item() == found.kept[name].height + outcome.left_out, name
