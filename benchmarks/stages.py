"""Where a build spends its time and memory, stage by stage, at three sizes.

The demo's and a million orders each time; ten million when asked for by name
(`python -m benchmarks large`), since making and building them takes a while.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import SAMPLE_ORDERS, in_child, measured, peak_mb, report, show, size_mb
from benchmarks.sample import built, world

if TYPE_CHECKING:
    from collections.abc import Callable

MILLION, LARGE = 1_000_000, 10_000_000
COLUMNS = ("stage", "tables", "rows", "wall s", "CPU s", "share of CPU", "peak MB by then")


def run(folder: Path) -> None:
    """Build the demo's size and a million; prints a row per stage."""
    for orders in (SAMPLE_ORDERS, MILLION):
        show_size(folder, orders)


def show_size(folder: Path, orders: int) -> None:
    """Build that many orders once in a child process; prints a row per stage."""
    raw = world(folder, orders)
    costs = in_child("benchmarks.stages", folder, orders)
    rows = [_row(stage, costs["cpu_seconds"], costs["peaks"]) for stage in costs["stages"]]
    tables, row_count = (
        sum(stage[name] for stage in costs["stages"]) for name in ("tables", "rows")
    )
    whole = (costs["wall_seconds"], costs["cpu_seconds"], "100 %", costs["peak_mb"])
    rows.append(("whole build", tables, row_count, *whole))
    database = size_mb(Path(costs["database"]))
    note = (
        f"Database {database:,.0f} MB = {database / size_mb(raw):.1f} times the raw files; "
        f"{costs['cpu_seconds'] / orders * 1e6:.0f} CPU s per million orders; "
        f"{costs['cpu_seconds'] / costs['wall_seconds']:.2f} cores busy."
    )
    show(f"Building {orders:,} orders", COLUMNS, rows, note)


def _row(stage: dict[str, Any], whole: float, peaks: dict[str, float]) -> tuple[object, ...]:
    cpu, name = stage["cpu_seconds"], stage["stage"]
    share = f"{100.0 * cpu / whole:.0f} %"
    return name, stage["tables"], stage["rows"], stage["wall_seconds"], cpu, share, peaks[name]


def _noting(peaks: dict[str, float]) -> Callable[[str, str, int], None]:
    """A listener for progress that notes the highest memory when a stage ends."""

    def note(stage: str, _table: str, _rows: int) -> None:
        peaks[stage] = peak_mb()

    return note


if __name__ == "__main__":
    peaks: dict[str, float] = {}
    with measured() as cost:
        outcome = built(Path(sys.argv[1]), int(sys.argv[2]), _noting(peaks))
    stages = [vars(stage) for stage in outcome.stages]
    report(cost, database=str(outcome.database), stages=stages, peaks=peaks)
