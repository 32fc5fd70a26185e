"""What the days after a build cost, and whether each equals a build from nothing with its models.

A marketplace is built as it was known so many days before its end, then day by day. Each day is
also computed from nothing with the models of that day, and every table is held against it. One
day brings late reviews, one comes as files that end at its midnight (`daily_deliveries`).

    python -m benchmarks.new_day RAW [DAYS]
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

import queries
from benchmarks.daily_deliveries import DailyDeliveries
from benchmarks.measuring import SAMPLE_ORDERS, measured, show
from benchmarks.sample import world
from pipeline.build import Order, Report, build

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = 10
COLUMNS = ("stage", "CPU s of a full build", "CPU s of a new day", "share")
OF_THE_RUN = ("meta.stages", "meta.build", "meta.training", "scores.history_builds")
"""Tables that say when and how a build ran."""


def run(folder: Path) -> None:
    """Ten days of the demo's marketplace."""
    measure(world(folder, SAMPLE_ORDERS), DAYS)


def measure(raw: Path, days: int) -> None:
    """Print the cost of a full build and of each day; raises SystemExit where rows differ."""
    with TemporaryDirectory(prefix="ringfence-days-") as scratch:
        deliveries = DailyDeliveries(raw, Path(scratch), days)
        out, whole = Path(scratch) / "days", Path(scratch) / "whole"
        whole.mkdir()
        first = new = _cost(deliveries, 0, out)
        for number in range(1, days + 1):
            shutil.copy(out / "ringfence.duckdb", whole)
            new = _cost(deliveries, number, out)
            again = _cost(deliveries, number, whole, full=True)
            day, particular = deliveries.day(number), deliveries.of(number)[2]
            print(
                f"{day}{particular and f', {particular}'}: {new[1]:.1f} CPU s, {again[1]:.1f} "
                f"from nothing with the same models, {first[1]:.1f} with a training."
            )
            different = differing(out / "ringfence.duckdb", whole / "ringfence.duckdb")
            print(
                f"{new[0].training} Tables that differ: {', '.join(different) or 'none'}.",
                flush=True,
            )
            if different:
                sys.exit(f"Rows of {different} differ from those of a build from nothing.")
    _show(first, new)


def _cost(
    deliveries: DailyDeliveries, number: int, out: Path, *, full: bool = False
) -> tuple[Report, float]:
    """A build of so many days after the first, and its CPU seconds."""
    data, settings, _ = deliveries.of(number)
    with measured() as cost:
        done = build(Order(data, out, settings, full=full))
    return done, cost.cpu_seconds


def differing(one: Path, other: Path) -> list[str]:
    """Tables that do not hold the same rows in both files."""
    with duckdb.connect(str(one), read_only=True) as con:
        con.execute(f"attach '{other}' as other (read_only)")
        listed = "select schema_name || '.' || table_name from duckdb_tables() "
        names = con.execute(f"{listed} where database_name = current_database()").fetchall()
        return [name for (name,) in sorted(names) if name not in OF_THE_RUN and _differ(con, name)]


def _differ(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether either holds a row more often than the other."""
    more = (
        f"(from {table} except all from other.{table})",
        f"(from other.{table} except all from {table})",
    )
    return any(queries.scalar(con, f"select count(*) from {rows}") for rows in more)


def _show(first: tuple[Report, float], new: tuple[Report, float]) -> None:
    after = {stage.stage: stage.cpu_seconds for stage in new[0].stages}
    rows: list[Sequence[object]] = [
        (
            stage.stage,
            stage.cpu_seconds,
            after[stage.stage],
            f"{after[stage.stage] / max(stage.cpu_seconds, 0.01):.0%}",
        )
        for stage in sorted(first[0].stages, key=lambda one: -one.cpu_seconds)
    ]
    rows.append(("whole build", first[1], new[1], f"{new[1] / first[1]:.0%}"))
    show("A new day after a full build", COLUMNS, rows, new[0].kept)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else DAYS)  # noqa: PLR2004
