"""How often each signal of the packs is right, on seeds it was set on and on others.

A threshold that was chosen by looking at one marketplace fits that marketplace. So every
signal is counted against the truth on several: `TUNED` are those that conditions were chosen
on, `UNSEEN` those that nothing was, and what the packs quote (`unseen_fires`, `unseen_bad`)
is of the latter. Nothing is learned here, so the stages up to `features` are enough.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from benchmarks.measuring import SAMPLE_ORDERS, show
from pipeline.build import builder
from pipeline.inputs import ingest
from pipeline.orchestration import scheduler, stages
from pipeline.orchestration.memory import Budget
from pipeline.settings.build import Settings
from pipeline.signals.firings import firings
from pipeline.similarity import lockstep_cores
from queries.packs import packs
from queries.vocabulary import ENTITY_TYPES
from sample_data import WorldSettings, generate, is_current

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from queries.packs import Pack, Signal

TUNED, UNSEEN = (7, 11, 12, 13), (21, 22)
"""Seeds that conditions were chosen on, and seeds that nothing was."""
LEAST = 20
"""Fewer than these in both groups say nothing about a difference."""
LOSS = 0.15
"""How much less precise on unseen seeds a signal may be."""
_LEAK = "T12_INFO_LEAK"


@dataclass(frozen=True)
class Count:
    """For how many one signal held, and what they were."""

    fires: int = 0
    bad: int = 0
    """Of these planted, for whatever story; of a leak the shops of the warehouse."""
    own: int = 0
    """Of these planted for the signal's own story."""
    planted: int = 0
    """All of that story and type that were observed."""

    def __add__(self, other: Count) -> Count:
        return Count(
            self.fires + other.fires,
            self.bad + other.bad,
            self.own + other.own,
            self.planted + other.planted,
        )

    @property
    def precision(self) -> float | None:
        """Share of bad among those it held for; None = for nobody."""
        return self.bad / self.fires if self.fires else None

    @property
    def recall(self) -> float | None:
        """Share of its own story that it held for; None = nobody was planted."""
        return self.own / self.planted if self.planted else None


@dataclass(frozen=True)
class Truth:
    """Who was planted in one marketplace, as the counts need it."""

    con: duckdb.DuckDBPyConnection
    rows: pl.DataFrame
    """Of truth.parquet."""

    @cached_property
    def guilty(self) -> pl.DataFrame:
        """The typology, entity_type and entity_id of all that did it or were taken over.

        The shops of a warehouse whose order data leak are added: no row of the truth has them.
        """
        listed = self.rows.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
        leaks = self.rows.filter(pl.col("typology") == _LEAK)["entity_id"]
        leaked = self.con.sql("select merchant_id, warehouse_id from staging.merchants").pl()
        shops = leaked.filter(pl.col("warehouse_id").is_in(leaks.implode())).select(
            typology=pl.lit(_LEAK), entity_type=pl.lit("merchant"), entity_id="merchant_id"
        )
        return pl.concat([listed.select(shops.columns), shops])

    @cached_property
    def undecided(self) -> pl.DataFrame:
        """Listings of planted shops that the truth does not name: neither right nor wrong."""
        shops = self.guilty.filter(pl.col("entity_type") == "merchant")["entity_id"]
        named = self.guilty.filter(pl.col("entity_type") == "product")["entity_id"]
        listings = self.con.sql("select product_id, merchant_id from staging.products").pl()
        return listings.filter(
            pl.col("merchant_id").is_in(shops.implode())
            & ~pl.col("product_id").is_in(named.implode())
        ).select(entity_type=pl.lit("product"), entity_id="product_id")

    def count(self, pack: Pack, signal: Signal, holds: pl.DataFrame) -> Count:
        """The count of one signal; `holds` has the entity_id of everybody it holds for."""
        of_type = self.guilty.filter(pl.col("entity_type") == signal.entity_type)
        bad = of_type.filter((pl.col("typology") == _LEAK) == (pack.code == _LEAK))
        own = of_type.filter(pl.col("typology") == pack.code).unique("entity_id")
        decided = holds.join(self.undecided, on="entity_id", how="anti")
        table = f"features.{signal.entity_type}"
        observed = self.con.sql(
            f"select {signal.entity_type}_id as entity_id from {table} "
            f"where as_of = (select max(as_of) from {table})"
        ).pl()
        return Count(
            decided.height,
            decided.join(bad, on="entity_id", how="semi").height,
            decided.join(own, on="entity_id", how="semi").height,
            own.join(observed, on="entity_id", how="semi").height,
        )


def counted(con: duckdb.DuckDBPyConnection, truth: pl.DataFrame) -> dict[str, Count]:
    """A count per signal of the house, by code, at the latest snapshot of one database."""
    known, every = Truth(con, truth), list(packs().values())
    holds = {one: _holds(con, one, every) for one in ENTITY_TYPES}
    return {
        signal.code: known.count(
            pack, signal, holds[signal.entity_type].filter(pl.col("code") == signal.code)
        )
        for pack in every
        for signal in pack.signals
    }


def _holds(con: duckdb.DuckDBPyConnection, entity_type: str, every: list[Pack]) -> pl.DataFrame:
    table = f"features.{entity_type}"
    return firings(
        con, entity_type, f"{table} where as_of = (select max(as_of) from {table})", every
    )


def added(counts: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """The counts of several marketplaces, added up."""
    total: dict[str, Count] = {}
    for one in counts:
        for code, count in one.items():
            total[code] = total.get(code, Count()) + count
    return total


def unsteady(tuned: Mapping[str, Count], unseen: Mapping[str, Count]) -> dict[str, float]:
    """By how much each signal is less precise on unseen seeds, where that exceeds `LOSS`."""
    losses = {
        code: (count.precision or 0.0) - (unseen[code].precision or 0.0)
        for code, count in tuned.items()
        if min(count.fires, unseen[code].fires) >= LEAST
    }
    return {code: loss for code, loss in losses.items() if loss > LOSS}


def described(folder: Path, settings: WorldSettings) -> tuple[Path, Path]:
    """Raw tables of a marketplace and a database of its features, made where they are not there."""
    raw = folder / f"world-{settings.orders}-{settings.seed}"
    database = folder / f"features-{settings.orders}-{settings.seed}.duckdb"
    if not is_current(raw, settings):
        generate(raw, settings)
    if not database.exists():
        _describe(raw, database)
    return raw, database


def _describe(raw: Path, database: Path) -> None:
    reads = _reads_of_features()
    writers = stages.sql_writers(Settings()) | {
        "staging": partial(ingest.write, data=raw, labels=None),
        "similarity/lockstep_cores": lockstep_cores.write,
    }
    with duckdb.connect(str(database), config=builder(Budget.of(None))) as con:
        for schema in stages.SQL_SCHEMAS:
            con.execute(f"create schema if not exists {schema}")
        scheduler.run(con, reads, writers, lambda *_: None)


def _reads_of_features() -> dict[str, tuple[str, ...]]:
    """The steps that features stand on, with what each reads."""
    every = stages.step_reads()
    wanted: set[str] = set()
    ahead = [step for step in every if stages.stage_of(step) == "features"]
    while ahead:
        step = ahead.pop()
        if step not in wanted:
            wanted.add(step)
            ahead += every[step]
    return {step: every[step] for step in wanted}


def run(folder: Path) -> None:
    """Print the counts of every signal on tuned and on unseen seeds.

    Raises SystemExit, after printing, when a signal does not hold on unseen seeds.
    """
    settings = WorldSettings(orders=SAMPLE_ORDERS)
    groups = [
        added(_of(*described(folder, replace(settings, seed=seed))) for seed in seeds)
        for seeds in (TUNED, UNSEEN)
    ]
    _show(*groups)
    if lost := unsteady(*groups):
        sys.exit("Less precise on unseen seeds: " + ", ".join(sorted(lost)))


def _of(raw: Path, database: Path) -> dict[str, Count]:
    with duckdb.connect(str(database), read_only=True) as con:
        return counted(con, pl.read_parquet(raw / "truth" / "truth.parquet"))


def _show(tuned: Mapping[str, Count], unseen: Mapping[str, Count]) -> None:
    rows = [
        (code, *_cells(count), *_cells(unseen[code]), unseen[code].bad)
        for code, count in tuned.items()
    ]
    cells = ("fires", "precision", "recall")
    columns = ("signal", *cells, *(f"unseen {name}" for name in (*cells, "bad")))
    note = (
        f"Seeds {TUNED} and, unseen, {UNSEEN}. Precision against everybody planted, recall of "
        "the signal's own story, however long it is over."
    )
    show("Signals of the packs", columns, rows, note)


def _cells(count: Count) -> tuple[str, str, str]:
    shares = (count.precision, count.recall)
    return f"{count.fires:,}", *("" if one is None else f"{one:.2f}" for one in shares)
