"""Analysts' own verdicts, as far as this delivery may learn from them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.inputs.clocks import clock_of
from pipeline.inputs.raw_views import open_raw
from pipeline.settings.inputs import InputSettings

if TYPE_CHECKING:
    from pathlib import Path


def labels_in_time(
    labels: pl.DataFrame | None, data: Path | str, settings: InputSettings | None = None
) -> pl.DataFrame | None:
    """Labels known by the end of the day that the data stand at; later ones cannot teach.

    The last order's day is over at midnight, and analysts decide on the day that then begins:
    its verdicts are known to a build of the same data, though to none of its features, which
    know what was known before the day.
    """
    if labels is None:
        return None
    with duckdb.connect() as con:
        if "orders" not in open_raw(con, data, ("orders",)).tables:
            return None
        clock = clock_of(con, settings or InputSettings())
    if clock is None:
        return None
    end = datetime.combine(clock.as_of + timedelta(days=1), time())
    in_time = labels.filter(pl.col("known_at") < end)
    stands = pl.col("withdrawn_at") >= end
    labels_now = in_time.with_columns(withdrawn_at=pl.when(~stands).then("withdrawn_at"))
    return labels_now if labels_now.height else None
