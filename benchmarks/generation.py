"""How the generator grows with the marketplace: CPU, memory and bytes."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import rmtree

from benchmarks.measuring import in_child, measured, report, show, size_mb
from sample_data import WorldSettings, generate

SIZES = (300_000, 1_000_000, 10_000_000)
LINEAR_FROM = 1  # the first size is partly start-up
COLUMNS = ("orders", "wall s", "CPU s", "CPU s / million", "peak MB", "files MB", "bytes / order")


def run(folder: Path) -> None:
    """One child process per size; prints the table."""
    rows = [_row(folder, orders) for orders in SIZES]
    growth = rows[-1][3] / rows[LINEAR_FROM][3]
    said = (
        f"CPU per order at {SIZES[-1]:,} against {SIZES[LINEAR_FROM]:,} orders: "
        f"{growth:.2f} (linear = 1)."
    )
    show("Generating the sample marketplace", COLUMNS, rows, said)


def _row(folder: Path, orders: int) -> tuple[int, float, float, float, float, float, float]:
    raw = folder / f"generated-{orders}"
    cost = in_child("benchmarks.generation", orders, raw)
    cpu, size = cost["cpu_seconds"], size_mb(raw)
    rmtree(raw)
    per_million = cpu / orders * 1e6
    return (
        orders,
        cost["wall_seconds"],
        cpu,
        per_million,
        cost["peak_mb"],
        size,
        size * 1e6 / orders,
    )


if __name__ == "__main__":
    with measured() as cost:
        generate(Path(sys.argv[2]), WorldSettings(orders=int(sys.argv[1])))
    report(cost)
