"""How often the salient sequence is a planted takeover, and how often that of an honest account.

A victim is found when a sequence of it is marked. Of the honest, 2,000 a world are drawn, hard
negatives among them: nothing bad was planted on them.

    python -m benchmarks.sequences RAW=BUILD [RAW=BUILD ...]
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from pipeline.settings.build import DATABASE
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

TYPOLOGY = "T8_ACCOUNT_TAKEOVER"
SAMPLE = 2_000
"""Honest accounts of a type and world, or all where there are fewer."""
ACCOUNTS = ("buyer", "merchant", "creator")


@dataclass(frozen=True)
class Found:
    """Accounts asked about and those with a sequence marked, of one type in one world."""

    world: str
    entity_type: str
    victims: int
    marked_victims: int
    honest: int
    marked_honest: int


def run(folder: Path) -> None:
    """Print the table of worlds that are made here."""
    worlds = []
    for seed in (*TUNED, *UNTUNED):
        raw = folder / f"sequences-{seed}"
        generate(raw, WorldSettings(orders=ORDERS, seed=seed))
        report = build(Order(raw, folder / f"sequences-{seed}-build"))
        worlds.append((raw, report.database))
    _report(worlds)


def main(asked: Sequence[str]) -> None:
    """Print the table of worlds that are there already, each as RAW=BUILD."""
    pairs = (one.split("=") for one in asked)
    _report((Path(raw), Path(built) / DATABASE) for raw, built in pairs)


def _report(worlds: Iterable[tuple[Path, Path]]) -> None:
    found = [one for raw, database in worlds for one in of_world(raw, database)]
    lines = [_line(f"{one.world}, {one.entity_type}s", [one]) for one in found]
    lines += [
        _line(f"all, {kind}s", [one for one in found if one.entity_type == kind])
        for kind in ACCOUNTS
    ]
    note = f"honest: at most {SAMPLE:,} drawn of each type and world, hard negatives among them"
    show("Salient sequences", ("accounts", "victims marked", "honest marked"), lines, note)


def of_world(raw: Path, database: Path) -> list[Found]:
    """What is marked in one world, type by type."""
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    bad = set(truth.filter(~pl.col("is_hard_negative"))["entity_id"])
    found = []
    with queries.connect(database) as con:
        for kind in ACCOUNTS:
            planted = (pl.col("typology") == TYPOLOGY) & (pl.col("entity_type") == kind)
            victims = sorted(set(truth.filter(planted)["entity_id"]))
            ids = pl.read_parquet(raw / f"{kind}s.parquet")[f"{kind}_id"].sort()
            honest = [one for one in ids if one not in bad]
            drawn = random.Random(1).sample(honest, min(SAMPLE, len(honest)))
            counts = (len(victims), _marked(con, kind, victims), len(drawn))
            found.append(Found(raw.parent.name, kind, *counts, _marked(con, kind, drawn)))
    return found


def _marked(con: duckdb.DuckDBPyConnection, kind: str, ids: list[str]) -> int:
    rows = queries.run(con, "pages/investigate/salient_sequence", entity_type=kind, entity_ids=ids)
    return rows["entity_id"].n_unique()


def _line(name: str, found: list[Found]) -> tuple[str, str, str]:
    victims, honest = sum(one.victims for one in found), sum(one.honest for one in found)
    marked = sum(one.marked_victims for one in found)
    wrongly = sum(one.marked_honest for one in found)
    return name, _share(marked, victims), _share(wrongly, honest)


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" + (f" ({part / whole:.2%})" if whole else "")


if __name__ == "__main__":
    main(sys.argv[1:])
