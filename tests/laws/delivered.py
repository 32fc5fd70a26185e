"""What a marketplace delivered, read by other code than the one under test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

Raw = Callable[[str], pl.DataFrame]
"""A delivered table by its name."""
ZONES = {
    "US": "America/Chicago",
    "GB": "Europe/London",
    "SG": "Asia/Singapore",
    "ID": "Asia/Jakarta",
}
"""What the sample marketplace delivers."""
MATURE = timedelta(days=21)
MONTH = timedelta(days=30)


def usd(column: str) -> pl.Expr:
    """Minor units of the row's currency as USD, called like the column without its unit."""
    worth = pl.col(column) / 100.0 * pl.col("usd_per_unit")
    return worth.alias(f"{column.removesuffix('_minor')}_usd")


def local_days(column: str) -> pl.Expr:
    """The day of an instant (UTC) on the clock of `market`."""
    clock = pl.struct("market", column).map_elements(_local_day, return_dtype=pl.Date)
    return clock.alias("day")


def _local_day(row: dict[str, Any]) -> date:
    *_, instant = row.values()
    utc = instant.replace(tzinfo=ZoneInfo("UTC"))
    return utc.astimezone(ZoneInfo(ZONES[row["market"]])).date()
