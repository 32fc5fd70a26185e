"""The build's rows and those that arrived since, and the features of whom these touch.

Features are made by the very SQL files that a build runs, over the served file's staging tables
with the arrived rows laid over them, at one snapshot: the midnight after the present day. So a
signal that fires here fires in the build of that day, unless what comes later says otherwise.
Rows of the whole build are read, not those of a window alone: how many accounts a device has had
is counted since the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.live.eligible import live_packs, needed_tables, only_built
from pipeline.live.overlay import Overlay
from pipeline.live.refresh import Refresh
from pipeline.orchestration import scheduler, stages
from pipeline.orchestration.memory import BUILDER
from pipeline.signals.firings import FIRINGS, firings
from pipeline.tables import query, store
from queries.literals import quoted
from queries.packs import folder_of, packs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from pipeline.orchestration.scheduler import Writer
    from pipeline.settings.build import Settings
    from pipeline.settings.live import LiveSettings
    from queries.packs import Pack

_OBSERVED = "population/observations"
_SUBJECTS = "arrived.subjects"


@dataclass(frozen=True)
class BuildState:
    """The served build that a lane runs beside."""

    fingerprint: str
    as_of: date
    first_day: date


class Engine:
    """A database in memory beside the served file."""

    def __init__(
        self, database: Path, settings: Settings, live: LiveSettings, memory: str = "4GB"
    ) -> None:
        config = BUILDER | {"memory_limit": memory, "threads": 2}
        self.con = duckdb.connect(config=config)
        self.con.execute("set enable_progress_bar = false")
        self._live = live
        # The day itself and no other: the weekly grid has one day in eleven years.
        today = replace(settings.snapshots, step_days=4_000, seller_days=1, other_days=1)
        self._settings = replace(settings, snapshots=today)
        self.con.execute(f"attach {quoted(str(database))} as served (read_only)")
        for schema in ("raw", "arrived", "staging", "meta", *stages.SQL_SCHEMAS, "signals"):
            self.con.execute(f"create schema if not exists {schema}")
        self.con.execute("create view meta.unavailable as from served.meta.unavailable")
        for table in sorted(only_built() & self._tables):
            self.con.execute(f"create table {table} as from served.{table} limit 0")
        self.overlay = Overlay(self.con)
        self.refresh = Refresh(self.con)

    def close(self) -> None:
        """Let go of the served file."""
        self.con.close()

    @cached_property
    def build(self) -> BuildState:
        """Which build is served."""
        sql = (
            "select b.data_fingerprint, b.as_of, coalesce(d.first_day, b.as_of) "
            "from served.meta.build as b cross join served.meta.delivery as d"
        )
        return BuildState(*self.con.execute(sql).fetchall()[0])

    @cached_property
    def packs(self) -> list[Pack]:
        """The packs with the signals that are asked."""
        every = packs(folder_of(self._settings.packs_folder)).values()
        return live_packs(every, self._live.longest_window_days)

    @cached_property
    def _tables(self) -> frozenset[str]:
        asked = {one.entity_type for pack in self.packs for one in pack.signals}
        return needed_tables(frozenset(asked))

    @cached_property
    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """The steps to run, each with those it waits for."""
        steps = {table.replace(".", "/") for table in self._tables - only_built()}
        every = stages.step_reads()
        return {step: tuple(one for one in every[step] if one in steps) for step in sorted(steps)}

    @cached_property
    def _writers(self) -> Mapping[str, Writer]:
        writers = stages.sql_writers(self._settings)
        writers[_OBSERVED] = partial(_observe_subjects, writers[_OBSERVED])
        return self.refresh.writers(writers, {_OBSERVED: frozenset({_SUBJECTS})})

    @property
    def is_ready(self) -> bool:
        """Whether tables stand that a batch changes in part; the first evaluation makes them."""
        return self.refresh.is_begun

    def evaluate(self, day: date, subjects: pl.DataFrame) -> pl.DataFrame:
        """Signals that fire on `subjects` (entity_type, entity_id) once `day` is over.

        Columns are `signals.firings`'. Raises PackError for a predicate that cannot be run.
        """
        store(self.con, "meta.delivery", pl.DataFrame({"as_of": [day]}))
        store(self.con, _SUBJECTS, subjects)
        self.refresh.begin(self.overlay.changed, ("meta.delivery", _SUBJECTS))
        try:
            scheduler.run(self.con, self.steps, self._writers, _silent)
        except BaseException:
            self.refresh.forget()
            raise
        self.overlay.settle()
        asked = {one.entity_type for pack in self.packs for one in pack.signals}
        parts = [pl.DataFrame(schema=FIRINGS)]
        parts += [firings(self.con, one, _of_subjects(one), self.packs) for one in sorted(asked)]
        return pl.concat(parts).filter(pl.col("as_of") == day)

    def names(self, subjects: pl.DataFrame) -> pl.DataFrame:
        """Name and market of some subjects (entity_type, entity_id)."""
        store(self.con, "arrived.named", subjects)
        return query(
            self.con,
            "select entity_type, entity_id, name, market from graph.entities "
            "where (entity_type, entity_id) in (select entity_type, entity_id from arrived.named)",
        )


def _of_subjects(entity_type: str) -> str:
    return (
        f"(from features.{entity_type} where {entity_type}_id in (select entity_id "
        f"from arrived.subjects where entity_type = '{entity_type}'))"
    )


def _observe_subjects(
    write: Callable[..., None],
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
) -> None:
    """Whom nothing new was heard of is not observed."""
    write(con, on_progress=on_progress)
    con.execute(
        "delete from population.observations where (entity_type, entity_id) not in "
        "(select entity_type, entity_id from arrived.subjects)"
    )


def _silent(stage: str, table: str, rows: int) -> None:
    """Report to nobody."""
