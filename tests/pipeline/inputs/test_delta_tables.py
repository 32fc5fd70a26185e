"""A table of Delta is read by its log where DuckDB's extension is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from pipeline.inputs import delta_tables
from pipeline.inputs.raw_check import check
from pipeline.inputs.sources import local_files, open_source
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

deltalake = pytest.importorskip("deltalake")
CORE = ("merchants", "products", "buyers", "orders")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The core of a delivery, its orders as Delta by currency, one of them deleted again."""
    tables = {name: frame for name, frame in raw_folder.frames(4).items() if name in CORE}
    orders = tables.pop("orders").to_arrow()
    raw_folder.write(tmp_path, tables)
    place = str(tmp_path / "orders")
    deltalake.write_deltalake(place, orders.slice(0, 2), partition_by=["currency"])
    deltalake.write_deltalake(place, orders.slice(2), mode="append", partition_by=["currency"])
    return tmp_path


def order_ids(folder: Path) -> list[str]:
    """The orders that are read, on a machine without an extension."""
    with duckdb.connect(config={"extension_directory": "/nowhere"}) as con:
        assert check(con, folder) == []
        rows = con.execute("select order_id from raw.orders order by 1").fetchall()
    return [row[0] for row in rows]


def test_the_rows_of_today_are_read_and_a_change_is_one(folder: Path) -> None:
    """What the log took away is gone, though its file still lies there; partitions are columns."""
    assert order_ids(folder) == [f"order_id_{number}" for number in range(4)]
    before = (local_files(folder) or {})["orders"]
    deltalake.DeltaTable(str(folder / "orders")).delete("order_id = 'order_id_3'")
    assert order_ids(folder) == [f"order_id_{number}" for number in range(3)]
    assert set((local_files(folder) or {})["orders"]) > set(before)


def test_what_files_alone_do_not_say_is_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken log, or no way to read it at all: never half the rows."""
    log = folder / "orders" / "_delta_log"
    for path in log.glob("*.json"):
        path.write_text("{not a log", encoding="utf-8")
    with duckdb.connect(config={"extension_directory": "/nowhere"}) as con:
        problem = open_source(con, folder).problems["orders"]
        assert "log cannot be read" in problem.found
        monkeypatch.setattr(delta_tables, "can_read", lambda: False)
        problem = open_source(con, folder).problems["orders"]
        assert "pip install 'ringfence[delta]'" in problem.remedy


def test_deleted_rows_that_only_vectors_know_are_not_read(tmp_path: Path) -> None:
    """The table says what it needs, and that is said."""
    log = tmp_path / "orders" / "_delta_log"
    log.mkdir(parents=True)
    features = '["deletionVectors"]'
    (log / "00000000000000000000.json").write_text(
        '{"protocol":{"minReaderVersion":3,"minWriterVersion":7,'
        f'"readerFeatures":{features},"writerFeatures":{features}}}}}\n'
        '{"metaData":{"id":"a","format":{"provider":"parquet","options":{}},"schemaString":'
        '"{\\"type\\":\\"struct\\",\\"fields\\":[{\\"name\\":\\"a\\",\\"type\\":\\"long\\",'
        '\\"nullable\\":true,\\"metadata\\":{}}]}","partitionColumns":[],"configuration":{}}}\n',
        encoding="utf-8",
    )
    with duckdb.connect(config={"extension_directory": "/nowhere"}) as con:
        problem = open_source(con, tmp_path).problems["orders"]
    assert "needs deletionVectors" in problem.found
