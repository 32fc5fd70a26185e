"""What it costs to count the weekly snapshots from a fixed day rather than from the newest one.

The same marketplace is scored on grids that lie so many days before its newest day; 0 is the grid
of the newest day itself. Judged by the truth, like `benchmarks.quality`.

    python -m benchmarks.weekly_grid RAW [RAW ...]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from benchmarks import quality
from benchmarks.measuring import show
from benchmarks.seeds import ORDERS, TUNED
from pipeline.build import BUILDER
from pipeline.drift import score_drift
from pipeline.inputs import availability, ingest
from pipeline.orchestration import scheduler, stages
from pipeline.scoring import stage as scores
from pipeline.settings.build import Settings
from pipeline.signals import stage as signals
from pipeline.similarity import lockstep_cores
from pipeline.tables import query
from queries.packs import folder_of, packs
from queries.vocabulary import ENTITY_TYPES
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from numpy.typing import NDArray

UNTUNED = (9501, 9502)
BEHIND = (0, 1, 4)
"""Days between the last weekly snapshot and the newest day."""
ALERTS = "entity_type varchar, review_minutes double, value_usd double"
"""Columns of the alerts that the measure of drift asks for: none is made here."""
COLUMNS = (
    *("seed", "entity type", "days behind", "bad", "AUPRC"),
    *("precision@20", f"precision@{quality.CAPACITY}", "features that drifted"),
)


def run(folder: Path) -> None:
    """Worlds of tuned and of untuned seeds."""
    worlds = [folder / f"raw-{seed}" for seed in (*TUNED, *UNTUNED)]
    for raw, seed in zip(worlds, (*TUNED, *UNTUNED), strict=True):
        generate(raw, WorldSettings(orders=ORDERS, seed=seed))
    report(worlds)


def report(worlds: Sequence[Path]) -> None:
    """Print a row for each world, entity type and grid."""
    for raw in worlds:
        show(f"Weekly grids of {raw.name}", COLUMNS, measured_world(raw), "")


def measured_world(raw: Path) -> list[tuple[object, ...]]:
    """The rows of one world."""
    rows: list[tuple[object, ...]] = []
    with (
        TemporaryDirectory(prefix="ringfence-grid-") as scratch,
        duckdb.connect(str(Path(scratch) / "grid.duckdb"), config=BUILDER) as con,
    ):
        done = _write(con, raw, Settings(), _before("facts/snapshots"))
        con.execute(f"create table alerts.alerts ({ALERTS})")
        as_of = stages.as_of(con)
        for behind in BEHIND:
            own = _settings(as_of - timedelta(days=behind))
            _write(con, raw, own, (_before("scores") | {"scores"}) - done)
            score_drift.write(con, own, lambda *_: None)
            rows += _rows(con, raw, as_of, behind)
    return sorted(rows, key=lambda row: (str(row[1]), str(row[2])))


def _settings(anchor: date) -> Settings:
    """Without what moves no score: the challenger, the resampled models."""
    own = Settings()
    return replace(
        own,
        snapshots=replace(own.snapshots, anchor_day=anchor),
        model=replace(own.model, replicas=0),
        challenger=replace(own.challenger, is_scored=False),
    )


def _before(step: str) -> set[str]:
    """Every step that has to run before a step does."""
    reads, found = stages.step_reads(), set[str]()
    waiting = list(reads[step])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += reads[one]
    return found


def _write(
    con: duckdb.DuckDBPyConnection, raw: Path, settings: Settings, steps: Collection[str]
) -> set[str]:
    """Write these steps, each after those of them that it reads."""

    def staging(con: duckdb.DuckDBPyConnection, on_progress: scheduler.Progress) -> None:
        ingest.write(con, raw, None, on_progress, settings.inputs)
        availability.write(con, packs(folder_of("")).values())

    for schema in stages.SQL_SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    writers = stages.sql_writers(settings) | {
        "staging": staging,
        "similarity/lockstep_cores": lockstep_cores.write,
        "signals": partial(signals.write, settings=settings),
        "scores": lambda con, on_progress: scores.write(con, settings, on_progress),
    }
    reads = {step: tuple(one for one in stages.step_reads()[step] if one in steps)
             for step in steps}  # fmt: skip
    scheduler.run(con, reads, writers, lambda *_: None)
    return set(steps)


def _rows(
    con: duckdb.DuckDBPyConnection, raw: Path, as_of: date, behind: int
) -> list[tuple[object, ...]]:
    wrong = quality.guilty(pl.read_parquet(raw / "truth" / "truth.parquet"))
    is_active = (pl.col("ended_at") >= quality.since(as_of)) | (
        pl.col("typology") == quality.UNSEEN
    )
    active = wrong.filter(is_active).select(quality.ENTITY).unique()
    over = wrong.join(active, on=quality.ENTITY, how="anti")
    judged = con.sql("select distinct entity_type, entity_id from staging.labels").pl()
    latest = query(con, "select * from scores.scores where as_of = $day", day=as_of)
    scored = latest.join(judged, on=quality.ENTITY, how="anti").join(
        over, on=quality.ENTITY, how="anti"
    )
    bad = active.with_columns(is_bad=pl.lit(1.0))
    scored = scored.join(bad, on=quality.ENTITY, how="left").with_columns(
        pl.col("is_bad").fill_null(0.0)
    )
    shifted = con.sql("select entity_type from drift.score_parts where psi >= 0.25").pl()
    seed, rows = raw.name.rpartition("-")[2], list[tuple[object, ...]]()
    for entity_type in ENTITY_TYPES:
        own = scored.filter(pl.col("entity_type") == entity_type).sort("entity_id")
        score, is_bad = own["score"].to_numpy(), own["is_bad"].to_numpy()
        if not is_bad.sum():
            continue
        drifted = (shifted["entity_type"] == entity_type).sum()
        rows.append(
            (seed, entity_type, behind, int(is_bad.sum()), f"{quality.area(score, is_bad):.3f}",
             f"{_precision(score, is_bad, 20):.2f}", f"{_precision(score, is_bad, 50):.2f}",
             drifted)
        )  # fmt: skip
    return rows


def _precision(score: NDArray[pl.Float64], is_bad: NDArray[pl.Float64], places: int) -> float:
    """Share of bad ones among the first."""
    return float(is_bad[(-score).argsort(kind="stable")[:places]].mean())


if __name__ == "__main__":
    report([Path(one) for one in sys.argv[1:]])
