"""A marketplace as it delivers day by day: late reviews, and files that end at a midnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from pipeline.inputs.ingest import prepare
from pipeline.inputs.ingest import write as ingest
from pipeline.orchestration.stages import as_of
from pipeline.settings.build import Settings
from queries.contract import raw_tables

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

LATE_DAY, CUT_DAY = 3, 5
"""Which day after the first brings the late reviews, and which comes as files that were cut."""
_LATE_DAYS = 7
"""Before the first day, of which every second review is late."""
_OF_THE_CASEBOOK = ("weight", "withdrawn_at")
"""Columns of `raw.labels` that no file has."""


@dataclass(frozen=True)
class DailyDeliveries:
    """The last days of a folder of raw tables, each as a delivery of its own."""

    raw: Path
    scratch: Path
    days: int

    @cached_property
    def last(self) -> date:
        """The day of a build of all of it."""
        with duckdb.connect() as con:
            ingest(con, self.raw, None, lambda *_: None)
            return as_of(con)

    def day(self, number: int) -> date:
        """The day of a build, so many after the first."""
        return self.last - timedelta(days=self.days - number)

    def of(self, number: int) -> tuple[Path, Settings, str]:
        """Folder and settings of a build, and what is particular about it."""
        own = Settings(keeps_every_table=True)
        asked = replace(own, inputs=replace(own.inputs, as_of=self.day(number)))
        if number < LATE_DAY:
            return self._before_late_rows(), asked, ""
        if number == CUT_DAY:
            return self._cut(self.day(number)), own, "files that were cut at midnight"
        note = "every second review of a week long before it" if number == LATE_DAY else ""
        return self.raw, asked, note

    def _before_late_rows(self) -> Path:
        """The same files without the reviews that are late."""
        folder = self.scratch / "before"
        if folder.is_dir():
            return folder
        folder.mkdir()
        for path in self.raw.glob("*.parquet"):
            if path.stem != "reviews":
                (folder / path.name).symlink_to(path.resolve())
        first = self.day(0)
        with duckdb.connect() as con:
            is_late = (
                f"created_at between date '{first}' - {_LATE_DAYS} and date '{first}' "
                "and hash(review_id) % 2 = 0"
            )
            rows = f"from read_parquet('{self.raw / 'reviews.parquet'}') where not ({is_late})"
            con.execute(f"copy ({rows}) to '{folder / 'reviews.parquet'}'")
        return folder

    def _cut(self, day: date) -> Path:
        """What there was at a midnight: rooms that run have no end, nothing later is there."""
        folder = self.scratch / "cut"
        if folder.is_dir():
            return folder
        folder.mkdir()
        midnight = datetime.combine(day, time())
        own = replace(Settings().inputs, as_of=day)
        with duckdb.connect() as con:
            prepare(con, self.raw, None, own)
            for name in raw_tables():
                left_out = f"exclude ({', '.join(_OF_THE_CASEBOOK)})" if name == "labels" else ""
                rows = f"select * {left_out} from raw.{name}"
                if name == "live_sessions":
                    path = self.raw / f"{name}.parquet"
                    rows += (
                        " union all by name select * replace (null as ended_at) "
                        f"from read_parquet('{path}') where started_at < '{midnight}' "
                        f"and ended_at >= '{midnight}'"
                    )
                if con.execute(f"select count(*) from ({rows})").fetchall() != [(0,)]:
                    con.execute(f"copy ({rows}) to '{folder / f'{name}.parquet'}'")
        return folder
