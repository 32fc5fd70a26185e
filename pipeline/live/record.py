"""The record of the lane: a small database beside the build, replaced whole by a rename.

It holds which batches were taken and every alert they opened, so that after a death at any
moment both are as of the same instant. The app reads it; the lane alone writes it. The rows that
arrived lie beside it, a Parquet file for each batch, until a build knows them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.errors import StageError
from pipeline.tables import store
from pipeline.whole_files import whole_file

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

NAME = "live_lane.duckdb"
ROWS = "live"
"""Folder of the rows that arrived."""
BEAT = "live.beat"
"""File that is touched whenever the lane looks at its folder."""

_TEXT, _AT = pl.String(), pl.Datetime("us")
_SUBJECT: dict[str, pl.DataType] = {"alert_id": _TEXT, "entity_type": _TEXT, "entity_id": _TEXT}
TABLES: dict[str, dict[str, pl.DataType]] = {
    "live.status": {
        "evaluated_at": _AT,
        "known_at": _AT,
        "newest_event_at": _AT,
        "last_batch_at": _AT,
        "batches_set_aside": pl.Int64(),
        "rows_set_aside": pl.Int64(),
        "build_as_of": pl.Date(),
        "build_fingerprint": _TEXT,
        "rows_waiting": pl.Int64(),
    },
    "live.batches": {
        "batch_hash": _TEXT,
        "file_name": _TEXT,
        "table_name": _TEXT,
        "arrived_at": _AT,
        "taken_at": _AT,
        "row_count": pl.Int64(),
        "rows_set_aside": pl.Int64(),
        "is_refused": pl.Boolean(),
        "problem": _TEXT,
    },
    "live.rows_aside": {"said_at": _AT, "problem": _TEXT, "row_count": pl.Int64()},
    "live.waiting": {"problem": _TEXT},
    "live.alerts": {
        **_SUBJECT,
        "name": _TEXT,
        "market": _TEXT,
        "typology": _TEXT,
        "strength": pl.Float64(),
        "as_of": pl.Date(),
        "event_at": _AT,
        "arrived_at": _AT,
        "opened_at": _AT,
        "opened_beside": _TEXT,
        "state": _TEXT,
        "settled_at": _AT,
        "settled_by": pl.Date(),
        "settled_reason": _TEXT,
    },
    "live.signals": {
        **_SUBJECT,
        "code": _TEXT,
        "severity": pl.Float64(),
        "text": _TEXT,
    },
    "live.evidence": {
        **_SUBJECT,
        "feature": _TEXT,
        "value": pl.Float64(),
        "row_number": pl.Int64(),
        "column_name": _TEXT,
        "kind": _TEXT,
        "cell": _TEXT,
    },
    "live.notices": {
        "notice_key": _TEXT,
        "alert_id": _TEXT,
        "kind": _TEXT,
        "created_at": _AT,
        "delivered": _TEXT,
        "attempts": pl.Int64(),
        "next_at": _AT,
        "problem": _TEXT,
    },
    "graph.entities": {
        "entity_type": _TEXT,
        "entity_id": _TEXT,
        "name": _TEXT,
        "market": _TEXT,
    },
}
"""Columns of the tables. `known_at` is the instant of the past that a record shows, null where a
lane runs. `live.rows_aside` says why rows are set aside beside those that they refer
to, `live.waiting` what others wait for. `opened_beside` is the fingerprint of a build, `state` of
an alert is one of `STATES`. `kind` of a cell says whose identifier it is
(`queries.personal_data`), so that pages read a mask; `next_at` of a notice is null once it has
gone."""
OPEN, CONFIRMED, WITHDRAWN = "open", "confirmed", "withdrawn"
STATES = (OPEN, CONFIRMED, WITHDRAWN)


@dataclass(frozen=True)
class Record:
    """The tables as frames, by `schema.table`."""

    tables: dict[str, pl.DataFrame] = field(
        default_factory=lambda: {name: pl.DataFrame(schema=one) for name, one in TABLES.items()}
    )

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]

    def with_rows(self, table: str, rows: pl.DataFrame) -> Record:
        """The same with rows added to a table."""
        added = rows.select(pl.col(name).cast(kind) for name, kind in TABLES[table].items())
        return self.with_table(table, pl.concat([self.tables[table], added]))

    def with_rows_only(self, table: str, rows: pl.DataFrame) -> Record:
        """The same with other rows in a table."""
        return self.with_table(table, Record()[table]).with_rows(table, rows)

    def with_table(self, table: str, frame: pl.DataFrame) -> Record:
        """The same with another table in the place of one."""
        return replace(self, tables=self.tables | {table: frame})

    def without_orphans(self) -> Record:
        """The same without what belongs to alerts that are no longer listed."""
        listed = self["live.alerts"].select("alert_id")
        of_alerts = ("live.signals", "live.evidence", "live.notices")
        own = {name: self[name].join(listed, on="alert_id", how="semi") for name in of_alerts}
        return replace(self, tables=self.tables | own)

    @property
    def hashes(self) -> set[str]:
        """The content of every batch that was taken or set aside."""
        return set(self["live.batches"]["batch_hash"])

    @property
    def is_of_lane(self) -> bool:
        """Whether a lane that ran wrote it, and not one that shows the past."""
        return bool(self["live.status"]["known_at"].null_count())

    def known_at(self, moment: datetime) -> Record:
        """What was known at an instant, UTC: batches and alerts of before, as they stood then."""
        batches = self["live.batches"].filter(pl.col("taken_at") <= moment)
        is_later = pl.col("settled_at") > moment
        alerts = (
            self["live.alerts"]
            .filter(pl.col("opened_at") <= moment)
            .with_columns(
                state=pl.when(is_later).then(pl.lit(OPEN)).otherwise(pl.col("state")),
                settled_reason=pl.when(is_later).then(None).otherwise(pl.col("settled_reason")),
                settled_by=pl.when(is_later).then(None).otherwise(pl.col("settled_by")),
                settled_at=pl.when(is_later).then(None).otherwise(pl.col("settled_at")),
            )
        )
        return self.with_table("live.batches", batches).with_table("live.alerts", alerts)


def read_record(out: Path) -> Record:
    """The record that lies in a folder; an empty one where there is none.

    Raises StageError for a file that is no record of this release.
    """
    path = out / NAME
    if not path.is_file():
        return Record()
    try:
        with queries.connect(path) as con:
            tables = {name: con.sql(f"from {name}").pl() for name in TABLES}
        return Record({name: tables[name].select(*own) for name, own in TABLES.items()})
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        raise StageError(
            f"{path} cannot be read ({str(error).splitlines()[0]}).",
            "The record of a live lane of this release was expected.",
            f"Move it away with the folder {out / ROWS}; batches of the drop folder come again.",
        ) from error


def write_record(out: Path, record: Record) -> None:
    """Put a record in the place of the one that lies in a folder."""
    with whole_file(out / NAME) as partial:
        partial.unlink(missing_ok=True)
        with duckdb.connect(str(partial)) as con:
            for name, frame in record.tables.items():
                store(con, name, frame)
            con.execute("checkpoint")
        _sync(partial)


def beat(out: Path) -> None:
    """Say that the lane is alive."""
    (out / BEAT).touch()


def keep_rows(out: Path, digest: str, table: str, rows: pl.DataFrame) -> None:
    """Put the rows that a batch has of a table beside the record, whole or not at all."""
    path = _rows_path(out, digest, table)
    path.parent.mkdir(exist_ok=True)
    with whole_file(path) as partial:
        rows.write_parquet(partial)
        _sync(partial)


def kept_rows(out: Path, digest: str, table: str) -> pl.DataFrame | None:
    """The rows of a batch; None where a build knows them all."""
    path = _rows_path(out, digest, table)
    return pl.read_parquet(path) if path.is_file() else None


def kept_tables(out: Path) -> dict[str, list[str]]:
    """Of which tables rows are kept, by batch."""
    kept: dict[str, list[str]] = {}
    for path in sorted((out / ROWS).glob("*.parquet")):
        digest, _, table = path.stem.rpartition(".")
        kept.setdefault(digest, []).append(table)
    return kept


def clear(out: Path) -> None:
    """Let go of a record and of all rows that arrived."""
    (out / NAME).unlink(missing_ok=True)
    for path in (out / ROWS).glob("*.parquet"):
        path.unlink()


def drop_rows(out: Path, digest: str, table: str) -> None:
    """Let the rows of a batch go."""
    _rows_path(out, digest, table).unlink(missing_ok=True)


def _rows_path(out: Path, digest: str, table: str) -> Path:
    return out / ROWS / f"{digest}.{table}.parquet"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
