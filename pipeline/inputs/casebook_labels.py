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
    from datetime import date
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
    return None if clock is None else known_on(labels, clock.as_of)


def known_on(labels: pl.DataFrame, as_of: date) -> pl.DataFrame | None:
    """Those of `labels` that are known on the day `as_of`; None where none is."""
    end = datetime.combine(as_of + timedelta(days=1), time())
    in_time = labels.filter(pl.col("known_at") < end)
    stands = pl.col("withdrawn_at") >= end
    labels_now = in_time.with_columns(withdrawn_at=pl.when(~stands).then("withdrawn_at"))
    return labels_now if labels_now.height else None


def waiting_sentence(labels: pl.DataFrame | None, in_time: pl.DataFrame | None, as_of: date) -> str:
    """How many of the casebook's `labels` are not `in_time` on the day `as_of`; empty = none.

    On data that end before somebody decided nobody would ever learn of it.
    """
    if labels is None:
        return ""
    known = [] if in_time is None else in_time["label_id"].to_list()
    days = labels.filter(~pl.col("label_id").is_in(known))["known_at"].dt.date().sort()
    if days.is_empty():
        return ""
    taken = f"{days[0]}" if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    many = "1 decision waits" if days.len() == 1 else f"{days.len():,} decisions wait"
    return (
        f"{many}: taken {taken}, the data end {as_of - timedelta(days=1)}. They teach once the "
        "data reach that day; of an extract that goes no further: ringfence build --as-judged."
    )
