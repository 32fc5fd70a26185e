"""The folder on disk: written beside, renamed when whole, and able to say whether it is current."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import polars as pl

from sample_data.errors import NotASampleWorld
from sample_data.settings import WorldSettings

WORLD_FILE = "world.json"
TRUTH_FOLDER = "truth"
TABLES = (
    "merchants",
    "creators",
    "creator_days",
    "products",
    "buyers",
    "campaigns",
    "vouchers",
    "live_sessions",
    "videos",
    "video_days",
    "orders",
    "shipments",
    "refunds",
    "reviews",
    "settlements",
    "commissions",
    "labels",
    "calendar",
)


def generator_version() -> str:
    """A hash of the generator's own source: changed code means a changed world."""
    here, digest = Path(__file__).parent, hashlib.sha256()
    for source in sorted(here.rglob("*.py")):
        digest.update(source.relative_to(here).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def described(settings: WorldSettings) -> dict[str, object]:
    """What `world.json` says about a world."""
    told = asdict(settings) | {"start": settings.start.isoformat()}
    counts = ("merchant_count", "creator_count", "buyer_count")
    resolved = {name: getattr(settings, name) for name in counts}
    return {"generator_version": generator_version(), "settings": told, "resolved": resolved}


def is_current(out: Path, settings: WorldSettings) -> bool:
    """Whether `out` already holds the whole world of these settings by this generator."""
    expected = [f"{table}.parquet" for table in TABLES]
    if not all((out / name).is_file() for name in [*expected, f"{TRUTH_FOLDER}/truth.parquet"]):
        return False
    try:
        told = json.loads((out / WORLD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and {k: told.get(k) for k in described(settings)} == described(
        settings
    )


def check_target(out: Path) -> None:
    """Refuse to replace a folder that this package did not write."""
    if not out.exists():
        return
    if not out.is_dir():
        raise NotASampleWorld(f"{out} is a file; expected a folder. Choose another --out.")
    ours = {f"{table}.parquet" for table in TABLES} | {WORLD_FILE, TRUTH_FOLDER}
    foreign = sorted(path.name for path in out.iterdir() if path.name not in ours)
    if foreign:
        raise NotASampleWorld(
            f"{out} holds {foreign[0]!r}, which is no part of a sample world; it would be deleted. "
            "Choose an empty or new folder."
        )


def scratch(out: Path) -> Path:
    """An empty folder beside `out` for the world being written."""
    beside = out.with_name(f".{out.name}.next")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        (beside / TRUTH_FOLDER).mkdir(parents=True)
    except OSError as error:
        raise NotASampleWorld(
            f"The folder {out} cannot be made ({error.strerror}). "
            "Choose one that may be written to."
        ) from error
    return beside


def save(folder: Path, table: str, rows: pl.DataFrame) -> None:
    """Write one table."""
    target = folder / TRUTH_FOLDER if table == "truth" else folder
    rows.write_parquet(target / f"{table}.parquet", compression="zstd", compression_level=3)


def publish(beside: Path, out: Path, settings: WorldSettings, row_counts: dict[str, int]) -> None:
    """Describe the world and move it into place; the old one stays until the new one is whole."""
    told = described(settings) | {"row_counts": row_counts}
    (beside / WORLD_FILE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    beside.rename(out)
    shutil.rmtree(old, ignore_errors=True)
