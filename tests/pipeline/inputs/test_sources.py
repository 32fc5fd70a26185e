"""Raw tables are read wherever they lie, or a sentence says what lies there instead."""

from __future__ import annotations

import gzip
import os
import sqlite3
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipeline.errors import InputError
from pipeline.inputs import extensions, remote_sources
from pipeline.inputs.raw_check import check, open_raw
from pipeline.inputs.sources import local_files
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    Write = Callable[[Path, pl.DataFrame], object]

pytestmark = pytest.mark.slow  # each reads a whole delivery


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A legal delivery in a folder whose name DuckDB would take for a pattern."""
    return raw_folder.write(tmp_path / "it's [raw]", raw_folder.frames())


def said(place: Path | str) -> list[str]:
    """The faults of a source, as a person reads them."""
    with duckdb.connect() as con:
        return [str(fault) for fault in check(con, place)]


def bare() -> duckdb.DuckDBPyConnection:
    """A database without any extension, as on a machine that never had a network."""
    return duckdb.connect(config={"extension_directory": "/nowhere"})


def order_ids(place: Path | str) -> list[str]:
    """The orders that are read from a source."""
    with duckdb.connect() as con:
        open_raw(con, place)
        rows = con.execute("select order_id from raw.orders order by 1").fetchall()
    return [row[0] for row in rows]


def hive(folder: Path, orders: pl.DataFrame, form: str) -> None:
    """Part files in folders of a day, as Spark and Hive write them."""
    with duckdb.connect() as con:
        con.register("orders", orders)
        con.execute(
            "copy (select *, cast(created_at as date) as dt from orders) "
            f"to '{str(folder / 'orders').replace(chr(39), chr(39) * 2)}' "
            f"(format {form}, partition_by (dt))"
        )
    (folder / "orders" / "_SUCCESS").touch()
    (folder / "orders" / "_temporary").mkdir()
    (folder / "orders" / "_temporary" / "part-0.parquet").write_bytes(b"half")


def plain_parts(folder: Path, orders: pl.DataFrame, name: str = "orders") -> None:
    """Part files one beside the other, the columns of one in another order."""
    (folder / name).mkdir()
    orders[:1].write_parquet(folder / name / "part-0.parquet")
    orders[1:].select(sorted(orders.columns)).write_parquet(folder / name / "part-1.parquet")


def packed(folder: Path, orders: pl.DataFrame, name: str = "orders.csv.gz") -> None:
    """CSV as a warehouse unloads it."""
    (folder / name).write_bytes(gzip.compress(orders.write_csv(null_value="\\N").encode()))


def linked(folder: Path, orders: pl.DataFrame) -> None:
    """A link without an ending of its own."""
    orders.write_parquet(folder.parent / "elsewhere.parquet")
    (folder / "orders").symlink_to(folder.parent / "elsewhere.parquet")


def of_hive(folder: Path, orders: pl.DataFrame) -> None:
    """Parts without an ending, each beside its checksum."""
    plain_parts(folder, orders)
    for number, part in enumerate(sorted((folder / "orders").iterdir())):
        part.rename(part.with_name(f"00000{number}_0"))
        part.with_name(f".00000{number}_0.crc").write_bytes(b"crc")


WAYS: dict[str, Write] = {
    "parts of Hive": of_hive,
    "parts by day, Parquet": lambda folder, orders: hive(folder, orders, "parquet"),
    "parts by day, JSON": lambda folder, orders: hive(folder, orders, "json"),
    "parts in one folder": plain_parts,
    "a folder called like a file": lambda f, orders: plain_parts(f, orders, "orders.parquet"),
    "packed CSV": packed,
    "packed CSV that does not say so": lambda f, orders: packed(f, orders, "orders.csv"),
    "lines of JSON": lambda f, orders: orders.write_ndjson(f / "orders.ndjson"),
    "JSON": lambda f, orders: orders.write_json(f / "orders.json"),
    "Parquet called CSV": lambda f, orders: orders.write_parquet(f / "orders.csv"),
    "upper case": lambda f, orders: orders.write_parquet(f / "ORDERS.PARQUET"),
    "a link": linked,
}


@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
def test_a_table_is_read_however_it_lies(folder: Path, write: Write) -> None:
    """The same orders, whichever way somebody's tools wrote them."""
    (folder / "orders.parquet").unlink()
    write(folder, raw_folder.frames()["orders"])
    assert said(folder) == []
    assert order_ids(folder) == ["order_id_0", "order_id_1", "order_id_2"]


def nothing_there(folder: Path) -> None:
    """A link that leads nowhere."""
    (folder / "orders.parquet").symlink_to(folder / "gone.parquet")


def two_of_them(folder: Path) -> None:
    """The table twice."""
    for name in ("orders.parquet", "orders.csv"):
        raw_folder.frames()["orders"].write_parquet(folder / name)


def mixed(folder: Path) -> None:
    """Parts of two kinds."""
    plain_parts(folder, raw_folder.frames()["orders"])
    raw_folder.frames()["orders"].write_csv(folder / "orders" / "part-2.csv")


def delta(folder: Path) -> None:
    """A table whose live files only its log knows."""
    plain_parts(folder, raw_folder.frames()["orders"])
    (folder / "orders" / "_delta_log").mkdir()


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (nothing_there, "a link to"),
        (two_of_them, "orders.csv and orders.parquet both hold this table"),
        (mixed, "a folder of mixed parts (csv, parquet)"),
        (delta, "a table of Delta"),
        (lambda f: (f / "orders").mkdir(), "an empty folder"),
        (lambda f: (f / "orders.xlsx").touch(), "a .xlsx file, which is not read"),
        (lambda f: (f / "orders.zip").touch(), "a .zip file, which is not read"),
    ],
)
def test_what_cannot_be_read_is_called_what_it_is(
    folder: Path, spoil: Callable[[Path], object], found: str
) -> None:
    """One sentence, with the place and a remedy; never only that the table is missing."""
    (folder / "orders.parquet").unlink()
    spoil(folder)
    first = said(folder)[0]
    assert first.startswith(f"{folder}/orders")
    assert found in first
    assert first.endswith(".")


@pytest.mark.parametrize(
    ("table", "name", "other"),
    [
        ("orders", "orders_0_1_0.parquet", "orders_0_2_0.parquet"),
        ("refunds", "refunds-00000-of-00002.csv", "refunds-00001-of-00002.csv"),
        ("videos", "videos.part1.jsonl", "videos.part2.jsonl"),
    ],
)
def test_numbered_files_of_one_table_are_never_passed_over(
    folder: Path, table: str, name: str, other: str
) -> None:
    """Not even of a table that need not be there: nobody would miss its rows."""
    (folder / f"{table}.parquet").rename(folder / name)
    (folder / other).touch()
    (one,) = [fault for fault in said(folder) if fault.startswith(f"{folder}/{table}:")]
    assert f"no table, but {name} and 1 more beside it" in one
    assert f"Move them into a folder {table}: all files in it are read as one table." in one


def test_a_duckdb_file_is_read_in_place(folder: Path, tmp_path: Path) -> None:
    """Tables of its schema raw, whatever else it holds; the file is not written to."""
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("create schema raw")
        con.execute("create table orders as select 1 as another")
        for name, frame in raw_folder.frames().items():
            con.register("frame", frame)
            con.execute(f"create table raw.{name} as from frame")
    before = file.read_bytes()
    assert said(file) == []
    assert order_ids(file) == order_ids(folder)
    assert file.read_bytes() == before


def test_a_sqlite_file_is_read_without_an_extension(tmp_path: Path) -> None:
    """Its loose types are texts that the contract types; odd characters survive."""
    tables = raw_folder.frames()
    file = tmp_path / "a shop's.sqlite"
    with sqlite3.connect(file) as con:
        for name, frame in tables.items():
            con.execute(f"create table {name.upper()} ({', '.join(frame.columns)})")
            marks = ", ".join("?" for _ in frame.columns)
            rows = [
                [
                    one if one is None or isinstance(one, bool | int | float) else str(one)
                    for one in row
                ]
                for row in frame.rows()
            ]
            con.executemany(f"insert into {name.upper()} values ({marks})", rows)
        con.execute("update ORDERS set order_id = 'a-€-''1' where order_id = 'order_id_0'")
        con.execute("update PRODUCTS set merchant_id = null where product_id = 'product_id_1'")
    con.close()
    faults = said(file)
    assert order_ids(file) == ["a-€-'1", "order_id_1", "order_id_2"]
    assert f"{file}, table PRODUCTS, merchant_id: 1 row: value is missing" in " ".join(faults)


@pytest.mark.parametrize("address", ["s3://bucket/raw", "https://a.example/raw?key=1", "gs://b"])
def test_an_address_stays_whole(address: str) -> None:
    """Where its extension is not here, a sentence says how to get it; no slash is lost."""
    with bare() as con, pytest.raises(InputError) as refused:
        check(con, address)
    assert str(refused.value).startswith(f"{address} needs DuckDB's extension httpfs.")
    assert "install httpfs" in refused.value.remedy


def test_a_database_server_without_a_driver_keeps_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What to install is said, and the password is not."""
    monkeypatch.setattr("pipeline.inputs.database_sources._is_here", lambda _: False)
    monkeypatch.setattr("pipeline.inputs.postgres_tables.can_read", lambda: False)
    with bare() as con, pytest.raises(InputError, match="psycopg") as refused:
        check(con, "postgresql://ringfence:secret@db.example:5432/shop")
    assert "secret" not in str(refused.value)
    assert "postgresql://ringfence:***@db.example:5432/shop" in refused.value.found


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("bigquery://project/set", "an address that cannot be read"),
        ("s3:/bucket/raw", "an address that lost a slash"),
        ("nowhere", "No folder at nowhere"),
    ],
)
def test_no_source_is_a_sentence(place: str, found: str) -> None:
    """It says what was expected and what to do."""
    with pytest.raises(InputError) as refused, duckdb.connect() as con:
        check(con, place)
    assert found in refused.value.found
    assert "DuckDB or SQLite file" in refused.value.expected


def test_a_listing_is_read_as_a_folder_is() -> None:
    """Names below an address: files, parts, what writers hide, lakes with and without extension."""
    names = [
        "orders/dt=2026-06-01/part-0.parquet",
        "orders/dt=2026-06-02/part-0.parquet",
        "orders/_SUCCESS",
        "buyers.csv.gz",
        "products/_delta_log/0.json",
        "products/part-0.parquet",
        "reviews/part-0.csv",
        "reviews/part-1.parquet",
        "README",
    ]
    tables, problems = remote_sources.tables_among("s3://b/raw", names, lambda name: name == "x")
    assert sorted(tables) == ["buyers", "orders"]
    assert "'s3://b/raw/orders/dt=2026-06-02/part-0.parquet'" in tables["orders"].relation
    assert "hive_partitioning = true" in tables["orders"].relation
    assert "gzip" in tables["buyers"].relation
    assert problems["products"].found == "a table of Delta"
    assert problems["reviews"].found == "a folder of mixed parts"
    tables, _ = remote_sources.tables_among("s3://b/raw", names, lambda _: True)
    assert tables["products"].relation == "delta_scan('s3://b/raw/products')"


def test_what_a_build_depends_on_are_the_parts_that_are_read(folder: Path) -> None:
    """A part that changes is a change; an address is read again every time."""
    (folder / "orders.parquet").unlink()
    hive(folder, raw_folder.frames()["orders"], "parquet")
    files = local_files(folder)
    assert files is not None
    parts = [os.path.relpath(path, folder) for path in files["orders"]]
    assert len(parts) == raw_folder.ROWS
    assert all(part.startswith("orders/dt=2026-06-1") for part in parts)
    assert local_files("s3://bucket/raw") is None


def test_no_extension_is_fetched() -> None:
    """What is not on the machine is not looked for on another."""
    with bare() as con:
        assert not extensions.loader(con)("httpfs")
        setting = con.execute("select current_setting('autoinstall_known_extensions')").fetchall()
    assert setting == [(False,)]
