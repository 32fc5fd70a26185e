"""The folder on disk: written beside, renamed when whole, and able to say whether it is current.

Big tables are written piece by piece, one row group per piece, on a thread of
their own, so that the next block is already being worked out.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sample_data.kit.errors import NotASampleWorld
from sample_data.kit.settings import WorldSettings

WORLD_FILE = "world.json"
TRUTH_FOLDER = "truth"
WHOLE_FOLDER = "whole"  # every table of the whole period, where days are held back
TRUTH_TABLES = ("truth", "stories")
TABLES = (
    "markets",
    "merchants",
    "creators",
    "creator_days",
    "products",
    "listing_versions",
    "buyers",
    "campaigns",
    "vouchers",
    "live_sessions",
    "engagement_minutes",
    "live_comments",
    "videos",
    "video_days",
    "orders",
    "declined_payments",
    "shipments",
    "refunds",
    "reviews",
    "complaints",
    "disputes",
    "settlements",
    "commissions",
    "auth_events",
    "staff_access",
    "labels",
    "calendar",
    "carrier_incidents",
    "policy_changes",
    "model_releases",
)
FEW = 1_000  # distinct values up to which a dictionary pays
WAITING = 12  # pieces that may wait for the disk


def generator_version() -> str:
    """A hash of the generator's own source: changed code means a changed world."""
    here, digest = Path(__file__).parents[1], hashlib.sha256()
    for source in sorted(here.rglob("*.py")):
        digest.update(source.relative_to(here).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def describe(settings: WorldSettings) -> dict[str, object]:
    """What `world.json` says about a world."""
    choices = asdict(settings) | {"start": settings.start.isoformat()}
    names = ("merchant_count", "creator_count", "buyer_count")
    counts = {name: getattr(settings, name) for name in names}
    return {"generator_version": generator_version(), "settings": choices, "resolved": counts}


def _files() -> list[str]:
    of_truth = [f"{TRUTH_FOLDER}/{table}.parquet" for table in TRUTH_TABLES]
    return [f"{table}.parquet" for table in TABLES] + of_truth


def is_current(out: Path, settings: WorldSettings) -> bool:
    """Whether `out` already holds the whole world of these settings by this generator."""
    if not all((out / name).is_file() for name in _files()):
        return False
    try:
        description = json.loads((out / WORLD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(description, dict) and {
        k: description.get(k) for k in describe(settings)
    } == describe(settings)


def check_target(out: Path) -> None:
    """Refuse to replace a folder that this package did not write."""
    if not out.exists():
        return
    if not out.is_dir():
        raise NotASampleWorld(f"{out} is a file; expected a folder. Choose another --out.")
    ours = {f"{table}.parquet" for table in TABLES} | {WORLD_FILE, TRUTH_FOLDER, WHOLE_FOLDER}
    foreign = sorted(path.name for path in out.iterdir() if path.name not in ours)
    if foreign:
        raise NotASampleWorld(
            f"{out} holds {foreign[0]!r}, which is no part of a sample world; it would be deleted. "
            "Choose an empty or new folder."
        )


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` for the world being written; gone where that fails."""
    beside = out.with_name(f".{out.name}.next")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        (beside / TRUTH_FOLDER).mkdir(parents=True)
    except OSError as error:
        raise NotASampleWorld(
            f"The folder {out} cannot be made ({error.strerror}). "
            "Choose one that may be written to."
        ) from error
    try:
        yield beside
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


class Shelf:
    """Tables being written into one folder; closes every file when it is left."""

    def __init__(self, folder: Path) -> None:
        """Write into `folder`, which exists."""
        self.counts: dict[str, int] = {}
        self._folder, self._open = folder, dict[str, pq.ParquetWriter]()
        self._thread = ThreadPoolExecutor(1, "parquet")
        self._waiting: list[Future[None]] = []

    def __enter__(self) -> Self:
        """Nothing is open yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what waits, close all files, and raise what went wrong in the background."""
        self._thread.shutdown(wait=True, cancel_futures=error is not None)
        late = [failure for failure in map(_closed, self._open.values()) if failure]
        if error is None:
            self._settle(0)
            if late:
                raise late[0]

    def add(self, table: str, rows: pl.DataFrame) -> None:
        """Append rows to a table in the background; waits when too much is waiting."""
        self.counts[table] = self.counts.get(table, 0) + rows.height
        self._settle(WAITING)
        self._waiting.append(self._thread.submit(self._write, table, rows))

    def _settle(self, most: int) -> None:
        while len(self._waiting) > most:
            self._waiting.pop(0).result()

    def _write(self, table: str, rows: pl.DataFrame) -> None:
        arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        if table not in self._open:
            self._open[table] = self._begin(table, rows, arrow.schema)
        if rows.height:
            self._open[table].write_table(arrow, row_group_size=rows.height)

    def _begin(self, table: str, rows: pl.DataFrame, schema: pa.Schema) -> pq.ParquetWriter:
        folder = self._folder / TRUTH_FOLDER if table in TRUTH_TABLES else self._folder
        few = [name for name in rows.columns if _repeats(rows[name])]
        return pq.ParquetWriter(
            folder / f"{table}.parquet", schema, compression="zstd", use_dictionary=few
        )


def _closed(writer: pq.ParquetWriter) -> OSError | None:
    """Close a file; what became of it, said once and not again by the writer's finaliser."""
    try:
        writer.close()
    except OSError as failure:
        writer.is_open = False
        with suppress(OSError):
            writer.file_handle.close()  # or its space stays taken until the process ends
        return failure
    return None


def _repeats(values: pl.Series) -> bool:
    head = values.head(20 * FEW)
    return not head.dtype.is_nested() and head.n_unique() <= min(FEW, max(1, len(head) // 4))


def set_apart(beside: Path) -> Path:
    """Move every table to the folder of the whole period, and return it."""
    whole = beside / WHOLE_FOLDER
    whole.mkdir()
    for table in TABLES:
        (beside / f"{table}.parquet").rename(whole / f"{table}.parquet")
    return whole


def link(out: Path, beside: Path) -> None:
    """Give a scratch folder what a new delivery shares with the old one, without copying it."""
    for name in (TRUTH_FOLDER, WHOLE_FOLDER):
        (beside / name).mkdir(exist_ok=True)
        for path in sorted((out / name).iterdir()):
            os.link(path, beside / name / path.name)


def read(out: Path) -> tuple[WorldSettings, int]:
    """The settings of the world in `out` and how many days of it are delivered.

    Raises `NotASampleWorld` when there is none, or another release made it.
    """
    try:
        description = json.loads((out / WORLD_FILE).read_text(encoding="utf-8"))
        choices = dict(description["settings"])
        settings = WorldSettings(**choices | {"start": date.fromisoformat(choices["start"])})
        delivered = int(description["delivered_days"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotASampleWorld(
            f"{out} holds no sample marketplace. Make one: ringfence demo, or ringfence generate."
        ) from error
    if not is_current(out, settings):
        raise NotASampleWorld(
            f"The sample marketplace in {out} was made by another release or is not whole. "
            "Make it again: ringfence demo, or ringfence generate."
        )
    return settings, delivered


def publish(
    beside: Path, out: Path, settings: WorldSettings, row_counts: dict[str, int], delivered: int
) -> None:
    """Describe the world and move it into place; the old one stays until the new one is whole."""
    own = {"delivered_days": delivered, "row_counts": row_counts}
    description = describe(settings) | own
    (beside / WORLD_FILE).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    beside.rename(out)
    shutil.rmtree(old, ignore_errors=True)
