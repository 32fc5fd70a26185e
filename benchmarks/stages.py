"""Where a build spends its time, stage by stage, at the size of the demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from benchmarks.measuring import SAMPLE_ORDERS, in_child, measured, report, show, size_mb
from benchmarks.sample import built, world

COLUMNS = ("stage", "tables", "rows", "wall s", "CPU s", "share of CPU")


def run(folder: Path) -> None:
    """Build once in a child process; prints a row per stage."""
    raw = world(folder, SAMPLE_ORDERS)
    told = in_child("benchmarks.stages", folder, SAMPLE_ORDERS)
    rows = [_row(stage, told["cpu_seconds"]) for stage in told["stages"]]
    tables, made = (sum(stage[name] for stage in told["stages"]) for name in ("tables", "rows"))
    rows.append(("whole build", tables, made, told["wall_seconds"], told["cpu_seconds"], "100 %"))
    database = size_mb(Path(told["database"]))
    said = (
        f"Database {database:.0f} MB = {database / size_mb(raw):.1f} times the raw files; "
        f"peak memory {told['peak_mb']:,.0f} MB; "
        f"{told['cpu_seconds'] / SAMPLE_ORDERS * 1e6:.0f} CPU s per million orders; "
        f"{told['cpu_seconds'] / told['wall_seconds']:.2f} cores busy."
    )
    show(f"Building {SAMPLE_ORDERS:,} orders", COLUMNS, rows, said)


def _row(stage: dict[str, Any], whole: float) -> tuple[object, ...]:
    cpu = stage["cpu_seconds"]
    share = f"{100.0 * cpu / whole:.0f} %"
    return stage["stage"], stage["tables"], stage["rows"], stage["wall_seconds"], cpu, share


if __name__ == "__main__":
    with measured() as cost:
        made = built(Path(sys.argv[1]), int(sys.argv[2]))
    report(cost, database=str(made.database), stages=[vars(stage) for stage in made.stages])
