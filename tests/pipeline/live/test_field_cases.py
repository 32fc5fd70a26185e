"""Batches as people send them: taken, or set aside with a sentence; the lane goes on."""

from __future__ import annotations

import gzip
import os
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.live import lane as lane_module
from pipeline.live.drop import BatchFile, batch_files, snapshot
from pipeline.live.intake import Batch, Intake
from pipeline.live.watch import follow
from pipeline.settings.inputs import InputSettings
from pipeline.settings.live import LiveSettings
from queries.contract import raw_tables
from tests import raw_folder
from tests.pipeline.live.test_lane import subjects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.live.lane import Lane, Tick
    from tests.pipeline.live.conftest import Drop

ROWS = 10
INTAKE = Intake(date(2026, 3, 1), date(2026, 12, 2), InputSettings(tolerance=0.5))
AHEAD = datetime(2099, 1, 1)  # noqa: DTZ001 - instants of the contract are UTC without zone


def orders(name: str = "new") -> pl.DataFrame:
    """Ten legal orders."""
    ids = pl.Series([f"{name}_{i}" for i in range(ROWS)])
    rows = raw_folder.frames(ROWS)["orders"]
    return rows.with_columns(order_id=ids, checkout_id=ids)


def first(column: str, value: object) -> pl.DataFrame:
    """Ten orders, the first of which has another value."""
    rows = orders()
    return rows.with_columns(
        pl.Series(column, [value, *rows[column].to_list()[1:]], dtype=rows.schema[column])
    )


def read(path: Path, table: str = "orders") -> Batch:
    """What comes of one file."""
    with snapshot(BatchFile.of(path, path.parent, table, path.stat())) as taken:
        return INTAKE.read(taken, path.parent)


def parquet(rows: pl.DataFrame) -> Callable[[Path], None]:
    """Writes Parquet."""
    return rows.write_parquet


def content(data: bytes) -> Callable[[Path], object]:
    """Writes bytes."""
    return lambda path: path.write_bytes(data)


def csv(rows: pl.DataFrame, **how: Any) -> bytes:
    """A table as CSV."""
    return (rows.write_csv(**how) or "").encode()


def offsets(rows: pl.DataFrame) -> pl.DataFrame:
    """Times as a clock in Jakarta shows them."""
    local = (pl.col("created_at", "paid_at") + pl.duration(hours=7)).dt
    return rows.with_columns(local.strftime("%Y-%m-%dT%H:%M:%S+07:00"))


YEN = orders().with_columns(currency=pl.lit("JPY"), usd_per_unit=pl.lit(0.0067))
WHOLE = {
    "blank identifiers": ("a.parquet", parquet(orders().with_columns(device_id=pl.lit("")))),
    "columns in upper case": ("a.parquet", parquet(orders().rename(str.upper))),
    "a currency without minor units": ("a.parquet", parquet(YEN)),
    "ids with other characters": ("a.parquet", parquet(first("order_id", "a/b c@d:e#f%2F店"))),
    "CSV": ("a.csv", content(csv(orders()))),
    "CSV with semicolons": ("a.csv", content(csv(orders(), separator=";"))),
    "packed CSV": ("a.csv.gz", content(gzip.compress(csv(orders())))),
    "JSON lines": ("a.jsonl", content(orders().write_ndjson().encode())),
    "times with offsets": ("a.csv", content(csv(offsets(orders())))),
    "the name of another system": ("Orders.2026-10-01T14.CSV", content(csv(orders()))),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_batch_is_taken_whole(case: str, tmp_path: Path) -> None:
    """As a delivery of the same file would be: same rows, same instants."""
    name, write = WHOLE[case]
    write(tmp_path / name)
    batch = read(tmp_path / name)
    assert (batch.problem, batch.row_count) == ("", ROWS)
    assert batch.tables["orders"]["created_at"].equals(orders()["created_at"])


SOME = {
    "one future order": (first("created_at", AHEAD), "created_at: 1 row: lies after today"),
    "an amount that cannot be": (first("paid_minor", 99_999), "paid_minor: 1 row: is not items"),
    "an id with signs nobody sees": (first("order_id", "a\u200bb"), "signs that nobody can see"),
    "no buyer's word": (first("order_id", " "), "order_id: 1 row: empty id"),
    "the same order twice": (pl.concat([orders(), orders().head(1)]), "duplicate key"),
}


@pytest.mark.parametrize("case", SOME)
def test_single_rows_are_set_aside(case: str, tmp_path: Path) -> None:
    """File, column, how many rows, which, and what to do."""
    rows, found = SOME[case]
    rows.write_parquet(tmp_path / "orders-1.parquet")
    batch = read(tmp_path / "orders-1.parquet")
    assert (batch.rows_set_aside, batch.row_count) == (1, len(rows) - 1)
    assert batch.problem.startswith("orders-1.parquet, ")
    assert found in batch.problem
    assert "Set aside" in batch.problem


REFUSED = {
    "mostly wrong": (
        "orders-1.parquet",
        parquet(orders().with_columns(paid_minor=pl.col("paid_minor") * 100 + 5_000)),
        "Deliver all of them in minor units",
    ),
    "no such currency": (
        "orders-1.parquet",
        parquet(orders().with_columns(currency=pl.lit("XXQ"))),
        "no currency of ISO 4217",
    ),
    "a truncated Parquet file": (
        "orders-1.parquet",
        content(b"PAR1 and no more"),
        "Write the file",
    ),
    "truncated gzip": ("orders-1.csv.gz", content(gzip.compress(csv(orders()))[:99]), "unpacked"),
    "truncated JSON": ("orders-1.jsonl", content(b'{"order_id": "a", "buy'), "cannot be read"),
    "an empty file": ("orders-1.csv", content(b""), "is an empty file"),
    "a page of sign-in": ("orders-1.csv", content(b"<html>Sign in</html>"), "is an HTML page"),
    "a workbook": ("orders-1.xlsx", content(b"PK\x03\x04"), "is a .xlsx file, which is not read"),
    "no ending": ("orders-1", content(csv(orders())), "End its name in .csv"),
    "another's columns": ("orders-1.csv", content(b"order_id,x\na,1\n"), "column is missing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_batch_is_set_aside(case: str, tmp_path: Path) -> None:
    """It begins with the file's own name, and no temporary path is in it."""
    name, write, found = REFUSED[case]
    write(tmp_path / name)
    batch = read(tmp_path / name)
    assert batch.is_refused
    assert batch.tables == {}
    assert batch.problem.startswith(name)
    assert found in batch.problem
    assert "/tmp" not in batch.problem  # noqa: S108 - no file of that place is made


def test_a_line_that_was_cut_short_is_set_aside_by_its_number(tmp_path: Path) -> None:
    """The others of the file are rows."""
    (tmp_path / "orders-1.csv").write_bytes(csv(orders())[:-200])
    batch = read(tmp_path / "orders-1.csv")
    assert (batch.rows_set_aside, batch.row_count) == (1, ROWS - 1)
    assert "(line 11)" in batch.problem


def names_of(folder: Path) -> list[tuple[str, str]]:
    """Name and table of each complete file."""
    files = batch_files(folder, 10**19, 0, raw_tables())
    return sorted((one.name, one.table) for one in files)


def test_a_folder_of_parts_is_batches_of_its_table(tmp_path: Path) -> None:
    """Columns that stand in its folders are read; what its writer keeps for itself is not."""
    part = tmp_path / "orders/channel=live/data_0.parquet"
    part.parent.mkdir(parents=True)
    orders().drop("channel").write_parquet(part)
    (tmp_path / "orders/_SUCCESS").touch()
    (tmp_path / "orders/.data_0.parquet.crc").touch()
    assert names_of(tmp_path) == [("orders/channel=live/data_0.parquet", "orders")]
    with snapshot(batch_files(tmp_path, 10**19, 0, raw_tables())[0]) as taken:
        batch = INTAKE.read(taken, tmp_path)
    assert batch.problem == ""
    assert set(batch.tables["orders"]["channel"]) == {"live"}


def test_a_file_says_its_table_or_is_of_none(tmp_path: Path) -> None:
    """A name that only begins like one is another's."""
    for name in ("orders_7.csv", "orders_old.csv", "ordres-1.csv", "live_sessions-1.csv"):
        (tmp_path / name).touch()
    (tmp_path / "orders-link.csv").symlink_to(tmp_path / "nowhere.csv")
    assert dict(names_of(tmp_path)) == {
        "live_sessions-1.csv": "live_sessions",
        "orders-link.csv": "orders",
        "orders_7.csv": "orders",
        "orders_old.csv": "",
        "ordres-1.csv": "",
    }


def test_a_file_that_is_gone_when_it_is_read_is_said(tmp_path: Path) -> None:
    """Whoever wrote it took it back, or cleaned up too early."""
    path = tmp_path / "orders-1.csv"
    path.write_bytes(csv(orders()))
    file = BatchFile.of(path, tmp_path, "orders", path.stat())
    path.unlink()
    with (
        pytest.raises(InputError, match=r"orders-1.csv was gone before it was read"),
        snapshot(file),
    ):
        pass


def test_the_lane_goes_on_and_says_what_it_has_no_place_for(drop: Drop) -> None:
    """Beside the build: a shop that does not own the product, an erased buyer, words for nobody."""
    unknown = {name: pl.lit("unknown") for name in ("creator_id", "video_id", "voucher_id")}
    drop.put("orders-1.parquet", orders("words").with_columns(**unknown))
    shop = pl.when(pl.col("order_id") == "new_5").then(pl.lit("merchant_id_2"))
    drop.put(
        "orders-2.parquet",
        orders().with_columns(shop.otherwise("merchant_id").alias("merchant_id")),
    )
    gone = orders("erased").with_columns(buyer_id=pl.lit("gone")).head(2)
    drop.put("orders-3.parquet", gone)
    drop.put("orders-4.parquet", drop.card_trial())
    link = drop.folder / "orders-5.csv"
    link.symlink_to(drop.folder / "nowhere.csv")
    os.utime(link, (0, 0), follow_symlinks=False)
    drop.put("declined_payments-1.parquet", drop.card_trial())
    lane = drop.lane()
    tick = lane.tick()
    staged = dict(
        lane.engine.con.execute(
            "select split_part(order_id, '_', 1) as batch, count(*) from staging.orders "
            "where order_id not like 'order_id%' group by batch"
        ).fetchall()
    )
    lane.close()
    assert staged == {"words": ROWS, "new": ROWS - 1}
    (aside,) = lane.record["live.rows_aside"]["problem"]
    assert aside.startswith("orders, merchant_id: 1 row: is not products.merchant_id")
    (waiting,) = lane.record["live.waiting"]["problem"]
    assert waiting.startswith("orders, buyer_id: 2 rows: waits for rows of buyers that nobody")
    assert subjects(lane.record) == ["buyer:buyer_id_1"]
    said = "\n".join(tick.set_aside)
    assert aside in said
    assert "orders-4.parquet, merchant_id: column is missing" in said
    assert "orders-5.csv was gone before it was read" in said


def test_a_full_disk_is_said_once_and_nothing_is_lost(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane begins again from its record; when there is room it takes the batch."""
    drop.put("declined_payments-1.parquet", drop.card_trial())
    original = lane_module.write_record
    looks = 0

    def full(*args: Any) -> None:
        nonlocal looks
        looks += 1
        if looks <= 2:
            raise OSError(28, "No space left on device", str(drop.out / "live_lane.duckdb"))
        original(*args)

    monkeypatch.setattr(lane_module, "write_record", full)
    said: list[str] = []
    live = LiveSettings(poll_seconds=0, wait_for_room_seconds=0)
    lane = lane_module.Lane(lane_module.LanePlace(drop.folder, drop.out), live=live)

    def heard(_lane: Lane, tick: Tick) -> None:
        said.extend(tick.set_aside)

    follow(lane, heard, lambda: looks > 2)
    lane.close()
    assert len(said) == 1
    assert said[0].startswith(f"The disk of {drop.out / 'live_lane.duckdb'} is full.")
    assert subjects(lane.record) == ["buyer:buyer_id_1"]
