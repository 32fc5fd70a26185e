"""The ledger: what each build said of whom on its own day, carried from file to file.

`scores.scores` puts today's model to every old day, so it cannot say what an analyst saw
then. `scores.history` can: docs/decisions/0060-score-ledger.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.publishing.same_market import is_same_market
from pipeline.tables import latest_snapshot, query, store
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

_ENTITY = ("entity_type", "entity_id")
HISTORY: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(_ENTITY, pl.String),
    "as_of": pl.Date,
    "build_number": pl.Int64,
    "score": pl.Float64,
    **dict.fromkeys(("score_band", "lane", "typology"), pl.String),
    "opened_on": pl.Date,
    "opened_by": pl.String,
}
"""Columns of `scores.history`: who was above Low in a build or had an alert there. `score` is
calibrated, 0..1; `lane`, `typology`, `opened_on` and `opened_by` are null without an alert."""
BUILDS: dict[str, type[pl.DataType]] = {
    "build_number": pl.Int64,
    "build": pl.String,
    "as_of": pl.Date,
    **dict.fromkeys(("entity_type", "model_version"), pl.String),
    **dict.fromkeys(("scored", "kept"), pl.Int64),
}
"""Columns of `scores.history_builds`: one row per build and entity type, so that whoever has no
row in a build that scored its type was Low there."""


@dataclass(frozen=True)
class Ledger:
    """The rows of some builds."""

    history: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HISTORY))
    builds: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BUILDS))

    def between(self, first: date, last: date) -> Ledger:
        """Without the builds of earlier and of later days."""
        inside = pl.col("as_of").is_between(first, last)
        return Ledger(self.history.filter(inside), self.builds.filter(inside))

    def without(self, build: str) -> Ledger:
        """Without what an earlier run of the same build said."""
        again = self.builds.filter(pl.col("build") == build)["build_number"].unique().to_list()
        other = ~pl.col("build_number").is_in(again)
        return Ledger(self.history.filter(other), self.builds.filter(other))

    def write(
        self, con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]
    ) -> None:
        """Make both tables; the days of one entity lie together."""
        history = self.history.sort(*_ENTITY, "as_of", "build_number")
        builds = self.builds.sort("build_number", "entity_type")
        on_progress("scores.history", store(con, "scores.history", history))
        on_progress("scores.history_builds", store(con, "scores.history_builds", builds))


@dataclass
class Carrying:
    """Takes the ledger of the served file over into the one that is being built."""

    database: Path
    """The served file, which need not be there."""
    keep_days: int
    """Builds of older days are let go."""
    note: str = ""
    """What became of the ledger, in a sentence for whoever builds."""

    def write(
        self, con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]
    ) -> None:
        """Make `scores.history` and `scores.history_builds` of the earlier builds."""
        last = latest_snapshot(con)
        ledger, reason = _of_served(con, self.database)
        ledger = ledger.between(last - timedelta(days=self.keep_days), last)
        self.note = _sentence(ledger, reason)
        ledger.write(con, on_progress)


def add_build(con: duckdb.DuckDBPyConnection, build: str) -> None:
    """Add what this build says to the tables; saying it twice is saying it once."""
    earlier = _read(con).without(build)
    number = 1 + int(earlier.builds["build_number"].max() or 0)  # type: ignore[arg-type]
    history = _rows(con, number)
    builds = _build_rows(con, history, number, build)
    Ledger(pl.concat([earlier.history, history]), pl.concat([earlier.builds, builds])).write(
        con, lambda _table, _rows: None
    )


def _of_served(con: duckdb.DuckDBPyConnection, database: Path) -> tuple[Ledger, str]:
    """The ledger of the served file, or an empty one and why."""
    if not database.is_file():
        return Ledger(), ""
    try:
        with queries.connect(database) as served:
            if not is_same_market(con, served):
                return Ledger(), "the file it replaces is of another marketplace"
            return _read(served), ""
    except (duckdb.Error, pl.exceptions.PolarsError):
        return Ledger(), "the file it replaces keeps none in today's form"


def _sentence(ledger: Ledger, reason: str) -> str:
    if reason:
        return f"Score history starts anew: {reason}."
    if ledger.builds.is_empty():
        return "Score history begins with this build."
    count, first = ledger.builds["build_number"].n_unique(), ledger.builds["as_of"].sort()[0]
    builds = "build" if count == 1 else "builds"
    return f"Score history carries {count} earlier {builds}, from {first} on."


def _read(con: duckdb.DuckDBPyConnection) -> Ledger:
    """Both tables; raises duckdb.Error or PolarsError where this release's columns are missing."""
    history, builds = (
        con.sql(f"from scores.{name}").pl() for name in ("history", "history_builds")
    )
    return Ledger(_typed(history, HISTORY), _typed(builds, BUILDS))


def _typed(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _rows(con: duckdb.DuckDBPyConnection, number: int) -> pl.DataFrame:
    """Rows of `scores.history` of this build."""
    as_of = latest_snapshot(con)
    sql = "select entity_type, entity_id, score, score_band from scores.scores"
    scores = query(con, f"{sql} where as_of = $as_of", as_of=as_of)
    columns = "entity_type, entity_id, lane, typology, opened_on, opened_by"
    alerts = query(con, f"select {columns} from alerts.alerts")
    rows = scores.join(alerts, on=_ENTITY, how="full", coalesce=True)
    kept = rows.filter((pl.col("score_band") != "LOW") | pl.col("lane").is_not_null())
    own = {"as_of": pl.lit(as_of), "build_number": pl.lit(number, pl.Int64)}
    return _typed(kept.with_columns(**own), HISTORY)


def _build_rows(
    con: duckdb.DuckDBPyConnection, history: pl.DataFrame, number: int, build: str
) -> pl.DataFrame:
    """Rows of `scores.history_builds` of this build."""
    as_of = latest_snapshot(con)
    sql = "select entity_type, count(*) as scored from scores.scores where as_of = $as_of"
    scored = query(con, f"{sql} group by entity_type", as_of=as_of)
    models = query(con, "select entity_type, model_version from scores.models")
    rows = pl.DataFrame({"entity_type": ENTITY_TYPES}).with_columns(
        build_number=pl.lit(number, pl.Int64), build=pl.lit(build), as_of=pl.lit(as_of)
    )
    for part in (models, scored, history.group_by("entity_type").agg(kept=pl.len())):
        rows = rows.join(part, on="entity_type", how="left", maintain_order="left")
    return _typed(rows.with_columns(pl.col("scored", "kept").fill_null(0)), BUILDS)
