"""Supermarket baskets, the dearest shape for accounts in lockstep: what a build holds and takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.basket_market import Supermarket, write
from benchmarks.measuring import in_child, measured, report, show
from pipeline.build import Order, build

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = ((361_728, 90), (1_463_940, 365))
"""Lines and days: a quarter and a year of about 2,500 households."""
COLUMNS = ("lines", "days", "pairs in lockstep", "wall s", "CPU s", "peak MB")


def run(folder: Path) -> None:
    """Build both sizes, each in a child process; prints a row for each."""
    note = "No step holds more than the pairs once: docs/decisions/0068-memory-of-a-build.md."
    show("Building baskets", COLUMNS, list(_rows(folder)), note)


def _rows(folder: Path) -> Iterator[tuple[object, ...]]:
    for lines, days in SIZES:
        cost: dict[str, Any] = in_child(
            "benchmarks.baskets", folder / f"baskets-{lines}", lines, days
        )
        yield lines, days, *(cost[name] for name in ("pairs", *_COSTS))


_COSTS = ("wall_seconds", "cpu_seconds", "peak_mb")


if __name__ == "__main__":
    place, lines, days = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    write(place / "raw", Supermarket(lines=lines, days=days))
    rows: dict[str, int] = {}
    with measured() as cost:
        build(
            Order(place / "raw", place / "build"),
            lambda _, table, count: rows.update({table: count}),
        )
    report(cost, pairs=rows["graph/lockstep_pairs"])
