"""The served file survives whatever becomes of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from pipeline.build import Order, Report, build
from pipeline.errors import InputError
from tests import raw_folder
from tests.pipeline.publishing.children import building

if TYPE_CHECKING:
    from pathlib import Path


def test_a_faulty_delivery_leaves_the_served_file(built: Report, tmp_path: Path) -> None:
    """A refused delivery names its faults and touches nothing."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].drop("merchant_id")
    data = raw_folder.write(tmp_path / "raw", tables)
    out = tmp_path / "out"
    out.mkdir()
    served = out / built.database.name
    served.write_bytes(built.database.read_bytes())
    before = served.stat().st_mtime_ns
    with pytest.raises(InputError, match="merchant_id: column is missing"):
        build(Order(data, out))
    assert served.stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def newer_world(tiny_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest marketplace with one word changed, so that it has to be built anew."""
    folder = tmp_path_factory.mktemp("newer")
    for path in tiny_world.glob("*.parquet"):
        frame = pl.read_parquet(path)
        if path.stem == "calendar":
            frame = frame.with_columns(pl.lit("renamed").alias("title"))
        frame.write_parquet(folder / path.name)
    return folder


@pytest.mark.parametrize("at", ["staging", "features", "scores", "alerts"])
def test_killing_a_build_leaves_the_last_good_file(
    at: str, built: Report, newer_world: Path, tmp_path: Path
) -> None:
    """Killed in any stage, what was served before is served still, byte for byte."""
    served = tmp_path / built.database.name
    served.write_bytes(built.database.read_bytes())
    with building(newer_world, tmp_path, at):
        assert list(tmp_path.glob("*.next"))
    assert served.read_bytes() == built.database.read_bytes()
    with queries.connect(served) as con:
        assert queries.row_count(con, "alerts.alerts") > 0


def test_a_build_after_a_killed_one_succeeds(newer_world: Path, tmp_path: Path) -> None:
    """What a power cut left behind, which nothing could remove, is in nobody's way."""
    (tmp_path / "ringfence.duckdb.next").write_text("half a database")
    (tmp_path / "ringfence.duckdb.next.wal").write_text("half a log")
    (tmp_path / "ringfence.duckdb.next.tmp").mkdir()
    (tmp_path / "ringfence.duckdb.next.tmp" / "rows").write_text("rows on disk")
    assert build(Order(newer_world, tmp_path)).is_fresh
    assert not list(tmp_path.glob("*.next*"))
