"""The same figures on several worlds, so that nothing is judged on the one it was made with.

Thresholds, packs and settings may be chosen on the seeds of `TUNED`; nothing is chosen on
those of `UNTUNED`. Like `benchmarks.quality`, everything is judged by the truth.

    python -m benchmarks.seeds [SEED ...]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from benchmarks import quality, savings
from benchmarks.measuring import show
from pipeline.build import Order, build
from queries.vocabulary import ENTITY_TYPES
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Sequence


TUNED = (7, 11, 12)
UNTUNED = (1001, 1002)
ORDERS = 60_000
"""A world that is built in half a minute, so that five can be."""


@dataclass(frozen=True)
class World:
    """One build beside its truth."""

    seed: int
    audit: quality.Audit
    savings: dict[str, float]


def measured_world(seed: int, folder: Path) -> World:
    """Generate and build the world of a seed below `folder`, and judge it."""
    raw, out = folder / f"raw-{seed}", folder / f"build-{seed}"
    generate(raw, WorldSettings(orders=ORDERS, seed=seed))
    database = build(Order(raw, out)).database
    return World(seed, quality.audit(raw, database), savings.measure(raw, database))


def show_types(worlds: Sequence[World]) -> None:
    """Ranking and calibration of each entity type in each world."""
    rows = []
    for entity_type in ENTITY_TYPES:
        for world in worlds:
            own = world.audit.scored.filter(pl.col("entity_type") == entity_type)
            score, is_bad = own["score"].to_numpy(), own["is_bad"].to_numpy()
            if is_bad.sum() == 0:
                continue
            rows.append(
                (
                    *(entity_type, world.seed, int(is_bad.sum())),
                    f"{quality.area(score, is_bad):.3f}",
                    f"{quality.precision_at_capacity(score, is_bad):.2f}",
                    *map(str, quality.band_truths(score, is_bad)),
                )
            )
    columns = (
        *("entity type", "seed", "bad", "AUPRC", f"precision@{quality.CAPACITY}"),
        *quality.TOPS,
        "Medium and above",
    )
    show("Scores of whom nobody had judged", columns, rows, f"Never tuned on: {UNTUNED}.")


def show_stories(worlds: Sequence[World]) -> None:
    """Share of the guilty, active and unjudged of each story that the queue holds."""
    rows = []
    members = [world.audit.members.with_columns(seed=world.seed) for world in worlds]
    queued = pl.concat(members).with_columns(hit=pl.col("lane").is_not_null())
    for (typology, entity_type), group in queued.group_by("typology", "entity_type"):
        parts = [group.filter(pl.col("seed").is_in(seeds)) for seeds in (TUNED, UNTUNED)]
        rows.append((f"{typology} {entity_type}", *map(_share, parts)))
    show("Queue recall", ("story", "tuned", "untuned"), sorted(rows), "")


def show_queues(worlds: Sequence[World]) -> None:
    """What reaches the queue wrongly, and what a day of work saves."""
    rows = []
    for world in worlds:
        alike = world.audit.alike
        share = f"{alike['lane'].count() / alike.height:.2%}"
        saved = (f"{usd:,.0f}" for usd in world.savings.values())
        rows.append((world.seed, share, *saved))
    columns = ("seed", "look-alikes queued", *savings.ORDERS)
    show("Look-alikes, and USD saved by a day of reviews", columns, rows, "")


def _share(rows: pl.DataFrame) -> str:
    return f"{int(rows['hit'].sum())}/{rows.height}"


def main(seeds: Sequence[int] = (*TUNED, *UNTUNED)) -> None:
    """Print the three tables."""
    with TemporaryDirectory(prefix="ringfence-seeds-") as folder:
        worlds = [measured_world(seed, Path(folder)) for seed in seeds]
    show_types(worlds)
    show_stories(worlds)
    show_queues(worlds)


def run(_: Path) -> None:
    """The same among all benchmarks."""
    main()


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or (*TUNED, *UNTUNED))
