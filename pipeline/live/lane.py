"""One lane beside one build: take the batches that lie there, evaluate, record, once a tick.

Whatever happens between two ticks, the record is that of the last whole one. A batch counts from
the moment it stands in the record, together with the alerts that it opened; killed before, the
lane takes it again and comes to the same. What arrived stays laid over the build until a build
knows it.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.errors import InputError
from pipeline.live.alerts import Standing, alert_rows, openings, settled, signal_rows
from pipeline.live.drop import batch_files, snapshot
from pipeline.live.engine import Engine
from pipeline.live.event_times import newest
from pipeline.live.evidence import evidence_rows
from pipeline.live.intake import Batch, Intake
from pipeline.live.own_tables import ROWS as ROWS_AS_THEY_CAME
from pipeline.live.own_tables import OwnTables
from pipeline.live.record import (
    OPEN,
    Record,
    beat,
    drop_rows,
    keep_rows,
    kept_rows,
    kept_tables,
    read_record,
    write_record,
)
from pipeline.settings.build import DATABASE, Settings
from pipeline.settings.live import LiveSettings
from queries.market_scope import ID_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.live.drop import BatchFile, Snapshot

_SUBJECTS: dict[str, pl.DataType] = {
    "entity_type": pl.String(),
    "entity_id": pl.String(),
    "event_at": pl.Datetime("us"),
    "arrived_at": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Tick:
    """What one look at the folder did."""

    taken: int = 0
    """Batches that were read."""
    set_aside: tuple[str, ...] = ()
    """A sentence for each batch that is set aside, wholly or in part."""
    opened: int = 0
    """Alerts that opened."""
    settled: int = 0
    """Alerts that a build confirmed or withdrew."""


@dataclass(frozen=True)
class LanePlace:
    """Where batches come from and where the build lies."""

    drop: Path
    out: Path
    mapping: Path | None = None
    """The mapping file, where batches are of a marketplace's own tables."""

    @property
    def database(self) -> Path:
        """The served file."""
        return self.out / DATABASE


@dataclass
class Lane:
    """A lane that runs; `record` is what it knows."""

    place: LanePlace
    settings: Settings = field(default_factory=Settings)
    live: LiveSettings = field(default_factory=LiveSettings)
    past: datetime | None = None
    """The instant that is shown, UTC, where it is not the present one."""
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        if not self.place.drop.is_dir():
            raise InputError(
                f"There is no folder {self.place.drop}.",
                "A drop folder that batches are written to was expected.",
                f"Make it: mkdir -p {self.place.drop}",
            )
        self.record = read_record(self.place.out)
        self._engine: Engine | None = None
        self._own: OwnTables | None = None
        self._served: tuple[int, int] | None = None
        self._looked_at: set[tuple[str, int, int, int]] = set()
        self._days: Counter[date] = Counter()
        self._newest: datetime | None = None

    def close(self) -> None:
        """Let go of the served file."""
        for opened in (self._engine, self._own):
            if opened is not None:
                opened.close()
        self._engine = self._own = None

    def now(self) -> datetime:
        """The instant that the lane stands at, UTC without zone."""
        return self.past or _now()

    @property
    def names_read(self) -> set[str]:
        """Names of the files that were read and recorded."""
        return {path.rpartition("/")[2] for path, *_ in self._looked_at}

    def restart(self) -> None:
        """Begin again from what is recorded, after a look that failed half-way."""
        self.close()
        self.__post_init__()

    def tick(self) -> Tick:
        """Look at the served file and at the folder, and record what came of both."""
        settled_now = self._beside_build()
        intake = self.intake()
        files = [one for one in self.files() if one.identity not in self._looked_at]
        batches_before = len(self.record["live.batches"])
        subjects, problems = self._take(files, intake)
        taken = len(self.record["live.batches"]) - batches_before
        opened = self._evaluate(subjects) if len(subjects) or not self.engine.is_ready else 0
        if taken or settled_now or self.past or self._status_is_old():
            self._record_status()
            write_record(self.place.out, self.record)
        self._looked_at |= {one.identity for one in files}
        beat(self.place.out)
        return Tick(taken, tuple(problems), opened, settled_now)

    @property
    def engine(self) -> Engine:
        """The database beside the build that is served."""
        if self._engine is None:
            self._beside_build()
        assert self._engine is not None  # noqa: S101 - `_beside_build` makes it or raises
        return self._engine

    def _beside_build(self) -> int:
        """Lay what arrived over the build that is there now; how many alerts it settles."""
        try:
            status = self.place.database.stat()
        except OSError as error:
            raise InputError(
                f"No database at {self.place.database}.",
                "A live lane runs beside a build.",
                "Make one: ringfence build --data DIR",
            ) from error
        served = status.st_ino, status.st_mtime_ns
        if served == self._served:
            return 0
        self.close()
        self._engine = Engine(self.place.database, self.settings, self.live)
        self._own = OwnTables(self.place.mapping) if self.place.mapping else None
        self._served = served
        self._days, self._newest = Counter(), None
        finished_at = datetime.fromtimestamp(status.st_mtime, UTC).replace(tzinfo=None)
        kept = kept_tables(self.place.out)
        for digest, own_table, taken_at in self._batches():
            for table in kept.get(digest, ()):
                if table != ROWS_AS_THEY_CAME:
                    self._lay_again(digest, table, is_before=taken_at < finished_at)
                elif self._own:
                    self._take_own_again(digest, own_table, taken_at)
        self._lay_all()
        return self._settle()

    def _settle(self) -> int:
        """What the build says of open alerts; those of long ago are let go."""
        before, now = self.record["live.alerts"], self.now()
        after = settled(before, self.engine.con, self.engine.build, now)
        newly = after.filter(pl.col("settled_at") == now)
        earliest = now - timedelta(days=self.live.keep_days)
        kept = after.filter(pl.col("settled_at").is_null() | (pl.col("settled_at") > earliest))
        self.record = self.record.with_table("live.alerts", kept).without_orphans()
        self._notify(newly)
        return len(newly)

    def _notify(self, alerts: pl.DataFrame) -> None:
        """A notice of each alert that opened or was settled; it goes once it stands here."""
        if alerts.is_empty():
            return
        kind = pl.format("LIVE_{}", pl.col("state").str.to_uppercase())
        rows = alerts.select(
            notice_key=pl.format("{}:{}", "alert_id", kind),
            alert_id="alert_id",
            kind=kind,
            created_at=pl.lit(self.now()),
            delivered=pl.lit(""),
            attempts=pl.lit(0),
            next_at=pl.lit(self.now()),
            problem=pl.lit(""),
        )
        self.record = self.record.with_rows("live.notices", rows)

    def replace_notices(self, notices: pl.DataFrame) -> None:
        """Write down how far the notices came."""
        if not notices.equals(self.record["live.notices"]):
            self.record = self.record.with_table("live.notices", notices)
            write_record(self.place.out, self.record)

    def _batches(self) -> list[tuple[str, str, datetime]]:
        taken = self.record["live.batches"].filter(~pl.col("is_refused"))
        return list(taken.select("batch_hash", "table_name", "taken_at").iter_rows())

    def _take_own_again(self, digest: str, own_table: str, taken_at: datetime) -> None:
        """Rows of an own table as they came, until the mapping's source surely has them."""
        assert self._own is not None  # noqa: S101 - there are none without a mapping
        if taken_at < self.now() - timedelta(days=self.live.keep_days):
            drop_rows(self.place.out, digest, ROWS_AS_THEY_CAME)
        else:
            self._own.take_again(self.place.out, digest, own_table)

    def _lay_again(self, digest: str, table: str, *, is_before: bool) -> None:
        """Lay the rows of an earlier batch over the build; those that it knows are let go."""
        rows = kept_rows(self.place.out, digest, table)
        if rows is None:
            return
        if is_before:
            midnight = datetime.combine(self.engine.build.as_of, datetime.min.time())
            rows = rows.filter((newest(table) >= midnight).fill_null(value=False))
        if rows.is_empty():
            drop_rows(self.place.out, digest, table)
            return
        self._lay(table, rows)

    def _lay(self, table: str, rows: pl.DataFrame) -> None:
        self.engine.overlay.take(table, rows)
        times = rows.select(newest(table).alias("at"))["at"].drop_nulls()
        self._days.update(times.dt.date().to_list())
        if len(times):
            latest = max(one for one in (self._newest, times.max()) if isinstance(one, datetime))
            self._newest = latest

    def files(self) -> list[BatchFile]:
        """The complete files of the folder; of the past, those that had arrived."""
        settle, tables = self.live.settle_seconds, self.intake().tables
        files = batch_files(self.place.drop, time.time_ns(), settle, tables)
        return [one for one in files if self.past is None or one.arrived_at <= self.past]

    def intake(self) -> Intake:
        """What batches are held against."""
        inputs = replace(self.settings.inputs, tolerance=self.live.tolerance)
        return Intake(self.engine.build.first_day, self.now().date(), inputs, self._own)

    def _take(self, files: list[BatchFile], intake: Intake) -> tuple[pl.DataFrame, list[str]]:
        """Read batches into the engine and the record; whom they touch, and what is wrong."""
        taken: list[tuple[datetime, dict[str, pl.DataFrame]]] = []
        problems: list[str] = []
        for file in files:
            try:
                with snapshot(file) as copy:
                    batch = self._take_one(copy, intake)
            except InputError as error:
                problems.append(str(error))
                continue
            taken.append((min(file.arrived_at, self.now()), batch.tables))
            problems += [batch.problem] if batch.problem else []
        problems += self._lay_all()
        none = pl.DataFrame(schema=_SUBJECTS)
        touched = [
            self._touched(table, rows, at) for at, own in taken for table, rows in own.items()
        ]
        subjects = (
            pl.concat([none, *touched])
            .group_by("entity_type", "entity_id")
            .agg(pl.col("event_at").max(), pl.col("arrived_at").min())
        )
        return subjects, problems

    def _take_one(self, copy: Snapshot, intake: Intake) -> Batch:
        """Read one batch into the engine and the record; nothing of one that is there already."""
        digest = copy.digest
        if digest in self.record.hashes:
            return Batch()
        batch = intake.read(copy, self.place.out)
        for table, rows in batch.tables.items():
            keep_rows(self.place.out, digest, table, rows)
            self._lay(table, rows)
        row = {
            "batch_hash": digest,
            "file_name": copy.file.name,
            "table_name": copy.file.table,
            "arrived_at": copy.file.arrived_at,
            "taken_at": self.now(),
            "row_count": batch.row_count,
            "rows_set_aside": batch.rows_set_aside,
            "is_refused": batch.is_refused,
            "problem": batch.problem,
        }
        self.record = self.record.with_rows("live.batches", pl.DataFrame([row]))
        return batch

    def _lay_all(self) -> list[str]:
        """Put what arrived over the build; what is said of rows that it has no place for."""
        said = {str(one): one.rows for one in self.engine.overlay.lay()}
        before = set(self.record["live.rows_aside"]["problem"])
        news = [one for one in said if one not in before]
        if news:
            counts = [said[one] for one in news]
            rows = pl.DataFrame({"said_at": self.now(), "problem": news, "row_count": counts})
            self.record = self.record.with_rows("live.rows_aside", rows)
        return news

    def _touched(self, table: str, rows: pl.DataFrame, arrived_at: datetime) -> pl.DataFrame:
        timed = rows.with_columns(newest(table).alias("event_at"))
        found = self.engine.overlay.touched(table, timed)
        return found.with_columns(arrived_at=pl.lit(arrived_at)).select(
            pl.col(name).cast(kind) for name, kind in _SUBJECTS.items()
        )

    def day(self) -> date:
        """The midnight up to which everything that arrived is known."""
        build_day = self.engine.build.as_of
        busy = [day for day, rows in self._days.items() if rows >= self.live.least_day_rows]
        newest = max(busy or self._days, default=build_day - timedelta(days=1))
        return max(build_day, newest + timedelta(days=1))

    def _evaluate(self, subjects: pl.DataFrame) -> int:
        """Ask the signals of whom was heard; how many alerts open."""
        fired = self.engine.evaluate(self.day(), subjects.select("entity_type", "entity_id"))
        is_open = self.record["live.alerts"].filter(pl.col("state") == OPEN)
        standing = Standing(
            is_open.select("entity_type", "entity_id"), self.settings.alerts.signal_threshold
        )
        opened = openings(self.engine.con, fired, standing)
        if opened.is_empty():
            return 0
        keys = opened.select("entity_type", "entity_id")
        names = self.engine.names(keys)
        beside = names.join(subjects, on=["entity_type", "entity_id"], how="left")
        alerts = alert_rows(opened, beside, self.now(), self.engine.build.fingerprint)
        signals = signal_rows(alerts, fired, self.engine.packs)
        most = self.live.evidence_rows
        cells = evidence_rows(self.engine.con, alerts, signals, self.engine.packs, most)
        mentioned = cells.filter(pl.col("kind").is_in(sorted(set(ID_COLUMNS.values()))))
        others = mentioned.select(entity_type="kind", entity_id="cell").unique()
        self.record = (
            self.record.with_rows("live.alerts", alerts)
            .with_rows("live.signals", signals)
            .with_rows("live.evidence", cells)
        )
        people = pl.concat([names, self.engine.names(others)]).unique()
        new = people.join(
            self.record["graph.entities"], on=["entity_type", "entity_id"], how="anti"
        )
        self.record = self.record.with_rows("graph.entities", new)
        self._notify(alerts)
        return len(alerts)

    def _status_is_old(self) -> bool:
        """Whether the record speaks of another build, or of none."""
        status = self.record["live.status"]
        prints = status["build_fingerprint"].to_list()
        return prints != [self.engine.build.fingerprint]

    def _record_status(self) -> None:
        batches, beside = self.record["live.batches"], self.record["live.rows_aside"]
        row = {
            "evaluated_at": self.now(),
            "known_at": self.past,
            "newest_event_at": self._newest,
            "last_batch_at": batches["taken_at"].max(),
            "batches_set_aside": batches["is_refused"].sum(),
            "rows_set_aside": sum([*batches["rows_set_aside"], *beside["row_count"]]),
            "build_as_of": self.engine.build.as_of,
            "build_fingerprint": self.engine.build.fingerprint,
            "rows_waiting": self.engine.overlay.rows_waiting(),
        }
        waiting = {"problem": [str(one) for one in self.engine.overlay.waiting()]}
        self.record = self.record.with_rows_only(
            "live.status", pl.DataFrame([row], schema=Record()["live.status"].schema)
        ).with_rows_only("live.waiting", pl.DataFrame(waiting, schema={"problem": pl.String}))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
