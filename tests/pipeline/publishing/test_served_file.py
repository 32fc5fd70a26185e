"""The served file survives whatever becomes of the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def test_killing_a_build_leaves_the_last_good_file(
    built: Report, plain: Path, tmp_path: Path
) -> None:
    """Killed in any stage, what was served before is served still, byte for byte.

    A kill writes nothing, so the file that lies there at each stage is the one that it leaves.
    """
    served = tmp_path / built.database.name
    before = built.database.read_bytes()
    served.write_bytes(before)
    with building(plain, tmp_path, "staging", "features", "scores", "alerts") as stops:
        for _ in stops:
            assert list(tmp_path.glob("*.next"))
            assert served.read_bytes() == before
            with queries.connect(served) as con:
                assert queries.row_count(con, "alerts.alerts") > 0
    assert served.read_bytes() == before


def test_a_build_after_a_killed_one_succeeds(plain: Path, tmp_path: Path) -> None:
    """What a power cut left behind, which nothing could remove, is in nobody's way."""
    (tmp_path / "ringfence.duckdb.next").write_text("half a database")
    (tmp_path / "ringfence.duckdb.next.wal").write_text("half a log")
    (tmp_path / "ringfence.duckdb.next.tmp").mkdir()
    (tmp_path / "ringfence.duckdb.next.tmp" / "rows").write_text("rows on disk")
    assert build(Order(plain, tmp_path)).is_fresh
    assert not list(tmp_path.glob("*.next*"))
