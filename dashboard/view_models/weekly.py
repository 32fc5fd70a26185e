"""Rates of few a day, by week: single days of fewer than thirty say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from queries.registry import LEAST_N

if TYPE_CHECKING:
    from queries.registry import Kpi

DAYS = 7


def is_weekly(kpi: Kpi, rows: pl.DataFrame) -> bool:
    """Whether most days of a rate are of too few to stand alone; `rows` has the column n."""
    if kpi.is_additive or rows.is_empty():
        return False
    return bool(rows.select((pl.col("n") < LEAST_N).mean() > 0.5).item())  # noqa: PLR2004


def weekly(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (day, slice, numerator, denominator, n) with each value of the week up to it."""
    top, below, n = (
        pl.col(name).rolling_sum_by("day", f"{DAYS}d").over("slice")
        for name in ("numerator", "denominator", "n")
    )
    value = pl.when((n >= LEAST_N) & (below != 0.0)).then(top / below)
    return rows.sort("day").with_columns(value=value)


def weekly_note(kpi: Kpi, rows: pl.DataFrame) -> str:
    """That a day of the line stands for a week; empty where it does not."""
    said = f"Single days are of fewer than {LEAST_N}: each point is the week up to its day."
    return said if is_weekly(kpi, rows) else ""
