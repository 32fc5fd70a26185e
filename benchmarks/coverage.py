"""Whether the intervals of the model card hold the truth: many small worlds, each opened once.

A 90 % interval is a promise. Each world is generated, built as far as its models, asked for its
card and only then compared with what was planted in it. Nothing was tuned on these seeds.

    python -m benchmarks.coverage [ORDERS DENSITY [SEED ...]]
"""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from benchmarks.measuring import show
from benchmarks.quality import ENTITY, UNSEEN, area, guilty, since
from pipeline.build import builder
from pipeline.inputs import ingest
from pipeline.learning.label_maturity import Delays, Matured, matured_labels
from pipeline.learning.model import BoostedTrainer
from pipeline.orchestration import scheduler, stages
from pipeline.orchestration.memory import Budget
from pipeline.scoring.pack_tables import pack_terms
from pipeline.scoring.training_run import Trainers, trial
from pipeline.settings.build import Settings
from pipeline.signals import stage as signals
from pipeline.similarity import lockstep_cores
from pipeline.tables import latest_snapshot, query, read_features
from queries.packs import folder_of, packs
from queries.vocabulary import ENTITY_TYPES
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from pipeline.learning.model import Model

SEEDS = tuple(range(121, 141))
"""Twenty worlds."""
USUAL = WorldSettings(orders=30_000, story_density=3.0)
"""Small ones, with rings enough that most types have a model."""
PROMISE, KEPT = 0.90, 0.85
"""What an interval says of itself, and the share of worlds from which it is believed."""
FIGURES = dict.fromkeys(("entity_type", "measure"), pl.String) | {
    "seed": pl.Int64,
    "at_k": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
    "value": pl.Float64,
    "truth": pl.Float64,
    "truth_with_stopped": pl.Float64,
    "says_something": pl.Boolean,
}
_ROUNDING = 5e-3
"""Half of the last digit that a card shows."""


def main(asked: Sequence[str] | None = None) -> None:
    """Print the table of the worlds that the command line asks for."""
    parser = ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=USUAL.orders)
    parser.add_argument("density", nargs="?", type=float, default=USUAL.story_density)
    parser.add_argument("seeds", nargs="*", type=int, default=SEEDS)
    told = parser.parse_args(asked)
    world = replace(USUAL, orders=told.orders, story_density=told.density)
    with TemporaryDirectory(prefix="ringfence-coverage-") as folder:
        report(Path(folder), world, told.seeds)


def run(folder: Path) -> None:
    """The usual worlds, among all benchmarks."""
    report(folder, USUAL, SEEDS)


def report(folder: Path, world: WorldSettings, seeds: Sequence[int]) -> None:
    """Print, for each entity type and figure, in how many worlds the interval held the truth."""
    figures = pl.concat([figures_of(folder, replace(world, seed=seed)) for seed in seeds])
    table = coverage(figures)
    rows = [
        (f"{row['entity_type']} {row['figure']}", row["worlds"], f"{row['covered']:.0%}",
         f"{row['with_stopped']:.0%}", f"{row['width']:.2f}", f"{row['figures']:.0%}")
        for row in table.iter_rows(named=True)
    ]  # fmt: skip
    columns = (
        *("figure", "worlds", "truth inside", "with who has stopped"),
        *("mean width", "narrow enough to be shown"),
    )
    note = (
        f"{PROMISE:.0%} intervals of {len(seeds)} worlds of {world.orders:,} orders, rings "
        f"{world.story_density:g} times as dense as usual. An interval is believed from "
        f"{KEPT:.0%} of worlds on."
    )
    show("Do the intervals of the model card hold the truth?", columns, rows, note)


def coverage(figures: pl.DataFrame) -> pl.DataFrame:
    """Per entity type and figure: worlds, share `covered`, mean `width`, share shown.

    `with_stopped` is the share that holds the truth where those who have stopped count as bad.
    """
    at_k = pl.when(pl.col("at_k").is_null()).then(pl.lit("")).otherwise(
        pl.format(" {}", "at_k")
    )  # fmt: skip
    return (
        figures.with_columns(figure=pl.concat_str("measure", at_k))
        .group_by("entity_type", "figure")
        .agg(
            worlds=pl.len(),
            covered=_inside("truth").mean(),
            with_stopped=_inside("truth_with_stopped").mean(),
            width=(pl.col("high") - pl.col("low")).mean(),
            figures=pl.col("says_something").mean(),
        )
        .sort("entity_type", "figure")
    )


def _inside(truth: str) -> pl.Expr:
    return pl.col(truth).is_between(pl.col("low") - _ROUNDING, pl.col("high") + _ROUNDING)


def figures_of(folder: Path, world: WorldSettings) -> pl.DataFrame:
    """Rows of `FIGURES` of one world, which is deleted afterwards."""
    seed = world.seed
    raw, database = folder / f"coverage-{seed}", folder / f"coverage-{seed}.duckdb"
    generate(raw, world)
    settings, rows = Settings(), []
    with duckdb.connect(str(database), config=builder(Budget.of(None))) as con:
        _write_features(con, raw, settings)
        as_of = latest_snapshot(con)
        in_use = packs(folder_of(settings.packs_folder)).values()
        delays = Delays.of(pack_terms(in_use))
        matured = Matured(matured_labels(con, as_of, settings.labels, delays), delays)
        planted = pl.read_parquet(raw / "truth" / "truth.parquet")
        for entity_type in ENTITY_TYPES:
            trainer = BoostedTrainer(settings.model)
            one = trial(con, entity_type, matured, as_of, settings, Trainers(trainer))
            if one.fitted:
                truths = _truths(con, entity_type, one.fitted.model, planted)
                rows += [
                    row | {name: true(row) for name, true in truths.items()} | {"seed": seed}
                    for row in one.evaluation(settings.evaluation)
                ]
    _delete(raw, database)
    return pl.DataFrame(rows, schema=FIGURES)


def _write_features(con: duckdb.DuckDBPyConnection, raw: Path, settings: Settings) -> None:
    """Every step of a build that the models wait for."""
    reads = stages.step_reads()
    writers = stages.sql_writers(settings) | {
        "staging": partial(ingest.write, data=raw, labels=None),
        "similarity/lockstep_cores": lockstep_cores.write,
        "signals": partial(signals.write, settings=settings),
    }
    for schema in stages.SQL_SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    scheduler.run(con, _before(reads, "scores"), writers, lambda *_: None)


def _before(reads: Mapping[str, tuple[str, ...]], step: str) -> dict[str, tuple[str, ...]]:
    steps: dict[str, tuple[str, ...]] = {}
    waiting = [*reads[step]]
    while waiting:
        one = waiting.pop()
        if one not in steps:
            steps[one] = reads[one]
            waiting += reads[one]
    return steps


class _Truth:
    """The true value of each figure of a card."""

    def __init__(self, margin: NDArray[np.float64], is_bad: NDArray[np.float64]) -> None:
        self._rate, self._area = float(is_bad.mean()), area(margin, is_bad)
        self._bad = np.cumsum(is_bad[np.argsort(-margin, kind="stable")])

    def __call__(self, row: Mapping[str, Any]) -> float:
        """What a row of the evaluation would say of the truth."""
        if row["at_k"] is None:
            return self._rate if row["measure"] == "base_rate" else self._area
        listed = min(int(row["at_k"]), self._bad.size)
        found = float(self._bad[listed - 1])
        whole = listed if row["measure"] == "precision_at_k" else max(float(self._bad[-1]), 1.0)
        return found / whole


def _truths(
    con: duckdb.DuckDBPyConnection, name: str, model: Model, planted: pl.DataFrame
) -> dict[str, _Truth]:
    """Of those of an entity type whom nobody has judged, in two readings.

    In `truth` what is long over is set aside, as in `quality`; verdicts cannot tell it apart, and
    in `truth_with_stopped` it is as bad as they say. The pattern that nobody has words for is in
    neither: no verdict can ever speak of it.
    """
    as_of = latest_snapshot(con)
    ids, matrix = read_features(con, name, as_of, model.features)
    margin, every = model.margin(matrix), np.array(ids)
    own = guilty(planted.filter(pl.col("entity_type") == name))
    nameable = own.filter(pl.col("typology") != UNSEEN)
    active = _ids(nameable.filter(pl.col("ended_at") >= since(as_of)))
    sql = "select entity_id from staging.labels where entity_type = $entity_type"
    judged = _ids(query(con, sql, entity_type=name))

    def of(bad: set[str]) -> _Truth:
        listed = ~np.isin(every, sorted((_ids(own) - bad) | judged))
        return _Truth(margin[listed], np.isin(every[listed], sorted(bad)).astype(np.float64))

    return {"truth": of(active), "truth_with_stopped": of(_ids(nameable))}


def _ids(rows: pl.DataFrame) -> set[str]:
    return set(rows[ENTITY[1]])


def _delete(raw: Path, database: Path) -> None:
    for one in _files(raw, database):
        one.unlink()


def _files(raw: Path, database: Path) -> Iterable[Path]:
    return [database, *(path for path in raw.rglob("*") if path.is_file())]


if __name__ == "__main__":
    main()
