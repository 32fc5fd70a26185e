"""Drift: what the exact distances of a million rows against a million cost.

Sixty columns, fifty numbers (half of them with unknown values, a third rounded to cents, so with
ties) and ten of levels, in a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.measuring import in_child, measured, report, show
from pipeline.drift.measures import Sample, level_distances, number_distances
from pipeline.settings.build import DriftSettings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ROWS = 1_000_000
NUMBERS = 50
LEVELS = 10
UNKNOWN = 0.02
CPU_GOAL = 15.0
MB_GOAL = 2_000.0


def run(_folder: Path) -> None:
    """One table: the cost of four exact measures of every column."""
    found = in_child(__name__)
    columns = ("rows", "columns", "CPU s", "wall s", "peak MB")
    row = (
        f"{ROWS:,} against as many",
        found["columns"],
        found["cpu_seconds"],
        found["wall_seconds"],
        found["peak_mb"],
    )
    note = f"The goals are {CPU_GOAL:.0f} CPU s and {MB_GOAL:,.0f} MB with both windows in memory."
    show("KS, Wasserstein, Jensen-Shannon and PSI, exact", columns, [row], note)


def main() -> None:
    """Make both windows, then measure all columns; told to the parent process."""
    random = np.random.default_rng(7)
    windows = [_window(random, shift) for shift in (0.0, 0.1)]
    settings, done = DriftSettings(), 0
    with measured() as cost:
        for name in windows[0].columns:
            before, now = (window[name] for window in windows)
            if before.dtype == pl.Float64:
                number_distances(Sample.of(before.to_numpy()), Sample.of(now.to_numpy()), settings)
            else:
                level_distances(_counts(before), _counts(now), settings.epsilon)
            done += 1
    report(cost, columns=done)


def _window(random: np.random.Generator, shift: float) -> pl.DataFrame:
    numbers = {f"number_{place}": _number(random, place, shift) for place in range(NUMBERS)}
    levels = [f"level {number}" for number in range(12)]
    words = {
        f"level_{place}": pl.Series(random.integers(0, 12, ROWS, dtype=np.uint32))
        .replace_strict(dict(enumerate(levels)), return_dtype=pl.Enum(levels))
        .rename(f"level_{place}")
        for place in range(LEVELS)
    }
    return pl.DataFrame(numbers | words)


def _number(random: np.random.Generator, place: int, shift: float) -> NDArray[np.float64]:
    values = random.lognormal(3.0 + shift, 1.0, ROWS)
    if place % 3 == 0:
        values = values.round(2)
    if place % 2 == 0:
        values[random.random(ROWS) < UNKNOWN] = np.nan
    return values


def _counts(column: pl.Series) -> dict[str | None, int]:
    counted = column.value_counts()
    return dict(zip(counted[column.name].to_list(), counted["count"].to_list(), strict=True))


if __name__ == "__main__":
    main()
