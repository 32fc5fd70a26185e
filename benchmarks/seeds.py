"""The same figures on several worlds, so that nothing is judged on the one it was made with.

Thresholds, packs and settings may be chosen on the seeds of `TUNED`; nothing is chosen on
those of `UNTUNED`. Like `benchmarks.quality`, everything is judged by the truth.

    python -m benchmarks.seeds [SEED ...]
    python -m benchmarks.seeds RAW=BUILD [RAW=BUILD ...]

The second form judges builds that are there: a folder of raw tables, and that of its build.
Before and after a change are then two calls on the same marketplaces.
"""

from __future__ import annotations

import json
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
    return judged_world(raw, build(Order(raw, out)).database)


def judged_world(raw: Path, database: Path) -> World:
    """A build beside the truth of its raw tables, under the seed that these were made with."""
    seed = int(json.loads((raw / "world.json").read_text(encoding="utf-8"))["settings"]["seed"])
    return World(seed, quality.audit(raw, database), savings.measure(raw, database))


def built_world(pair: str) -> World:
    """The same of `RAW=BUILD`.

    Raises SystemExit when there is no `=` in it, or no database in the folder of the build.
    """
    raw, equals, out = pair.partition("=")
    database = Order(Path(raw), Path(out)).database
    if not equals or not database.is_file():
        sys.exit(f"{pair!r} names no build. Expected RAW=BUILD, two folders; {database} is none.")
    return judged_world(Path(raw), database)


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
    untuned = tuple(world.seed for world in worlds if world.seed not in TUNED)
    show("Scores of whom nobody had judged", columns, rows, f"Never tuned on: {untuned}.")


def show_stories(worlds: Sequence[World]) -> None:
    """Share of the guilty, active and unjudged of each story that the queue holds."""
    rows, is_tuned = [], pl.col("seed").is_in(TUNED)
    members = [world.audit.members.with_columns(seed=world.seed) for world in worlds]
    queued = pl.concat(members).with_columns(hit=pl.col("lane").is_not_null())
    for (typology, entity_type), group in queued.group_by("typology", "entity_type"):
        parts = [group.filter(mine) for mine in (is_tuned, ~is_tuned)]
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


def main(asked: Sequence[str] = ()) -> None:
    """Print the three tables, of seeds or of builds that are there."""
    if any("=" in one for one in asked):
        report([built_world(pair) for pair in asked])
        return
    seeds = tuple(map(int, asked)) or (*TUNED, *UNTUNED)
    with TemporaryDirectory(prefix="ringfence-seeds-") as folder:
        report([measured_world(seed, Path(folder)) for seed in seeds])


def report(worlds: Sequence[World]) -> None:
    """Print the three tables of some worlds."""
    show_types(worlds)
    show_stories(worlds)
    show_queues(worlds)


def run(_: Path) -> None:
    """The same among all benchmarks."""
    main()


if __name__ == "__main__":
    main(sys.argv[1:])
