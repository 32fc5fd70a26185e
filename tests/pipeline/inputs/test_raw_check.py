"""`ringfence check` names file, column, row count and remedy of each kind of fault."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.inputs.raw_check import check, examine
from tests import raw_folder
from tests.pipeline.inputs.deliveries import examined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.inputs.faults import Fault

    Change = Callable[[pl.DataFrame], pl.DataFrame]

pytestmark = pytest.mark.slow  # each reads a whole delivery


def faults(folder: Path) -> list[Fault]:
    """What check says about a folder."""
    with duckdb.connect() as con:
        return check(con, folder)


def test_a_legal_delivery_has_no_fault(tmp_path: Path) -> None:
    """The smallest legal delivery passes."""
    assert faults(raw_folder.write(tmp_path, raw_folder.frames())) == []


def test_the_sample_marketplace_keeps_the_contract(small_world: Path) -> None:
    """The generated world passes."""
    assert faults(small_world) == []


CASES: list[tuple[str, str, str, int, str, Change]] = [
    ("missing column", "orders", "quantity", 0, "column is missing", lambda f: f.drop("quantity")),
    (
        "wrong type",
        "orders",
        "paid_minor",
        3,
        "values are not a bigint",
        lambda f: f.with_columns(pl.lit("ten").alias("paid_minor")),
    ),
    (
        "fraction where a count belongs",
        "orders",
        "paid_minor",
        3,
        "values are not a bigint",
        lambda f: f.with_columns(pl.lit(10.5).alias("paid_minor")),
    ),
    (
        "not a number",
        "products",
        "weight_grams",
        1,
        "values are not a double",
        lambda f: f.with_columns(pl.Series("weight_grams", ["1.0", "heavy", "2.0"])),
    ),
    ("duplicate key", "orders", "order_id", 1, "duplicate key", lambda f: pl.concat([f, f[:1]])),
    (
        "orphan reference",
        "refunds",
        "order_id",
        2,
        "refers to no orders.order_id",
        lambda f: f.with_columns(pl.Series("order_id", ["order_id_0", "x", "y"])),
    ),
    (
        "negative money",
        "refunds",
        "amount_minor",
        3,
        "negative money",
        lambda f: f.with_columns((-pl.col("amount_minor")).alias("amount_minor")),
    ),
    (
        "a clock nobody has",
        "markets",
        "time_zone",
        3,
        "no time zone of that name",
        lambda f: f.with_columns(pl.lit("Jakarta").alias("time_zone")),
    ),
    (
        "time travel within a row",
        "live_sessions",
        "ended_at",
        3,
        "time travel: earlier than started_at",
        lambda f: f.with_columns(pl.col("ended_at") - timedelta(days=9)),
    ),
    (
        "time travel between tables",
        "reviews",
        "created_at",
        3,
        "time travel: earlier than orders.created_at",
        lambda f: f.with_columns(pl.col("created_at") - timedelta(days=60)),
    ),
    (
        "orphan of the kind its row names",
        "auth_events",
        "account_id",
        1,
        "refers to no buyers.buyer_id",
        lambda f: f.with_columns(
            pl.Series("account_id", ["buyer_id_0", "merchant_id_1", "buyer_id_2"])
        ),
    ),
    (
        "a kind of entity that its id does not name",
        "labels",
        "entity_id",
        3,
        "refers to no products.product_id",
        lambda f: f.with_columns(pl.lit("product").alias("entity_type")),
    ),
    (
        "a verdict before anybody looked",
        "labels",
        "decided_at",
        3,
        "time travel: earlier than observed_at",
        lambda f: f.with_columns(
            pl.col("observed_at") - timedelta(minutes=1), decided_at="event_at"
        ),
    ),
    (
        "an account that acts before it exists",
        "auth_events",
        "happened_at",
        3,
        "time travel: earlier than buyers.registered_at",
        lambda f: f.with_columns(pl.col("happened_at") - timedelta(days=60)),
    ),
    (
        "a complaint before its order",
        "complaints",
        "event_at",
        2,
        "time travel: earlier than orders.created_at",
        lambda f: f.with_columns(
            pl.Series("order_id", ["order_id_0", "order_id_1", None]),
            pl.col("event_at") - timedelta(hours=10),
        ),
    ),
    (
        "a minute before the stream",
        "engagement_minutes",
        "minute",
        3,
        "value is below 0",
        lambda f: f.with_columns(pl.lit(-1).alias("minute")),
    ),
    (
        "missing value",
        "orders",
        "merchant_id",
        3,
        "value is missing",
        lambda f: f.with_columns(pl.lit(None, pl.String).alias("merchant_id")),
    ),
    (
        "value off the list",
        "orders",
        "channel",
        3,
        "value is not on the list",
        lambda f: f.with_columns(pl.lit("fax").alias("channel")),
    ),
    (
        "value above its bound",
        "reviews",
        "rating",
        3,
        "value is above 5",
        lambda f: f.with_columns(pl.lit(6).alias("rating")),
    ),
]


@pytest.mark.parametrize(
    ("table", "column", "rows", "found", "change"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_one_broken_rule_is_named(
    tmp_path: Path, table: str, column: str, rows: int, found: str, change: Change
) -> None:
    """The fault names the file, the column, how many rows, and says what to do."""
    tables = raw_folder.around(table)
    tables[table] = change(tables[table])
    named = [f for f in faults(raw_folder.write(tmp_path, tables)) if f.column == column]
    assert [(f.rows, f.found) for f in named] == [(rows, found)]
    assert named[0].file.endswith(f"{table}.parquet")
    assert named[0].remedy.endswith(".")
    assert str(named[0]).startswith(f"{named[0].file}, {column}: ")


def test_a_key_of_two_columns_counts_each_pair_once(tmp_path: Path) -> None:
    """The same minute of the same stream twice is a duplicate; the same minute of two is not."""
    tables = raw_folder.frames()
    minutes = tables["engagement_minutes"]
    tables["engagement_minutes"] = pl.concat([minutes, minutes[:2]])
    found = faults(raw_folder.write(tmp_path, tables))
    assert [(f.column, f.rows) for f in found] == [("live_session_id, minute", 2)]


def test_every_broken_rule_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    """Counting them in one scan loses none."""
    tables = raw_folder.frames()
    tables["disputes"] = tables["disputes"].with_columns(
        kind=pl.lit("fax"),
        outcome=pl.lit("draw"),
        amount_minor=-pl.col("amount_minor"),
        observed_at=pl.col("event_at") - timedelta(days=90),
        order_id=pl.lit("nowhere"),
    )
    reported = {(f.column, f.found) for f in faults(raw_folder.write(tmp_path, tables))}
    assert reported == {
        ("kind", "value is not on the list"),
        ("outcome", "value is not on the list"),
        ("amount_minor", "negative money"),
        ("observed_at", "time travel: earlier than event_at"),
        ("order_id", "refers to no orders.order_id"),
    }


def test_a_missing_and_an_unreadable_file_are_named(tmp_path: Path) -> None:
    """Both are faults of the file, not a crash."""
    raw_folder.write(tmp_path, raw_folder.frames())
    (tmp_path / "buyers.parquet").unlink()
    (tmp_path / "videos.parquet").write_bytes(b"PAR1 half a file")
    named = {f.file.rpartition("/")[2]: f.found for f in faults(tmp_path)}
    assert named["buyers"] == "no buyers.parquet, .csv or .json, nor a folder buyers of parts"
    assert named["videos.parquet"].startswith("cannot be read")


def test_a_csv_delivery_is_as_good_as_parquet(tmp_path: Path) -> None:
    """The same tables as CSV, hostile text included, pass the same contract."""
    tables = raw_folder.frames()
    hostile = ['=HYPERLINK("x")', 'a,"b"\nc', ""]
    tables["merchants"] = tables["merchants"].with_columns(pl.Series("name", hostile))
    for name, frame in tables.items():
        raw_folder.flat(frame).write_csv(tmp_path / f"{name}.csv", null_value="\\N")
    assert faults(tmp_path) == []


@pytest.mark.parametrize("written_as", ["parquet", "csv"])
def test_null_is_null_however_a_program_writes_it(tmp_path: Path, written_as: str) -> None:
    """In times, numbers and references; a name that may not be null is what it says."""
    tables = raw_folder.around("creators")
    orders = tables.pop("orders").with_columns(
        pl.Series("creator_id", ["None", "nan", ""]),
        pl.Series("cancelled_at", ["NaT", " NULL ", "0000-00-00 00:00:00"]),
        pl.Series("view_seconds", ["-", "--", "n/a"]),
        pl.Series("is_express", ["1.0", "0.0", ""]),
        pl.Series("commission_rate", [float("nan"), 0.1, float("nan")]),
    )
    merchants = tables.pop("merchants").with_columns(pl.Series("name", ["None", "NULL", "NA"]))
    raw_folder.write(tmp_path, tables)
    for name, frame in {"orders": orders, "merchants": merchants}.items():
        getattr(frame, f"write_{written_as}")(tmp_path / f"{name}.{written_as}")
    found = examined(tmp_path)
    assert found.checked.faults == []
    kept = found.kept["orders"].sort("order_id")
    assert kept["creator_id"].to_list() == [None, None, None]
    assert kept["cancelled_at"].to_list() == [None, None, None]
    assert kept["commission_rate"].to_list() == [None, 0.1, None]
    assert kept["view_seconds"].to_list() == [None, None, None]
    assert kept["is_express"].to_list() == [True, False, None]
    assert sorted(found.kept["merchants"]["name"]) == ["NA", "NULL", "None"]


def test_blanks_around_a_value_are_seen(tmp_path: Path) -> None:
    """As a column of a fixed width has them: the id looks right and matches nothing."""
    tables = raw_folder.around("orders")
    padded = tables["orders"].with_columns(pl.col("voucher_id") + "  ")
    found = faults(raw_folder.write(tmp_path, tables | {"orders": padded}))
    assert [fault.examples[0] for fault in found] == ['order_id_0: "voucher_id_0  "']


def test_a_time_that_cannot_be_read_is_shown_how_to_write_it(tmp_path: Path) -> None:
    """Nobody guesses which of 06/01 is the month."""
    tables = raw_folder.around("orders")
    orders = tables["orders"].with_columns(pl.lit("01/06/2026 00:31").alias("paid_at"))
    (fault,) = faults(raw_folder.write(tmp_path, tables | {"orders": orders}))
    assert (fault.column, fault.rows) == ("paid_at", 3)
    assert "Write it as in 2026-06-01 14:30:00." in fault.remedy


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    """A folder that is not there is refused with a remedy."""
    with pytest.raises(InputError, match="ringfence generate"):
        faults(tmp_path / "nowhere")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Singapore", "America/Los_Angeles"])
@pytest.mark.parametrize("form", ["parquet with a zone", "csv with an offset"])
def test_a_time_with_a_zone_is_one_instant_everywhere(tmp_path: Path, zone: str, form: str) -> None:
    """What a warehouse writes means the same on every builder's machine."""
    tables = raw_folder.frames()
    folder, plain = raw_folder.write(tmp_path, tables), tables["orders"]
    there = plain.with_columns(
        pl.col("created_at").dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Jakarta")
    )
    if form.startswith("csv"):
        (folder / "orders.parquet").unlink()
        texts = there.with_columns(pl.col("created_at").dt.to_string("%Y-%m-%d %H:%M:%S%z"))
        texts.write_csv(folder / "orders.csv", null_value="\\N")
    else:
        there.write_parquet(folder / "orders.parquet")
    with duckdb.connect() as con:
        con.execute(f"set global timezone = '{zone}'")
        assert check(con, folder) == []
        created = con.execute("select created_at from raw.orders order by order_id").fetchall()
    assert [row[0] for row in created] == plain.sort("order_id")["created_at"].to_list()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unpaid", "said"), [(0, ""), (1, "1 of 3 orders was"), (2, "2 of 3 orders were")]
)
def test_orders_that_nobody_paid_are_counted(tmp_path: Path, unpaid: int, said: str) -> None:
    """They are no fault, and whoever forgot to map the time of payment sees it."""
    tables = raw_folder.frames()
    paid = [None] * unpaid + tables["orders"]["paid_at"].to_list()[unpaid:]
    tables["orders"] = tables["orders"].with_columns(pl.Series("paid_at", paid, pl.Datetime("us")))
    with duckdb.connect() as con:
        checked = examine(con, raw_folder.write(tmp_path, tables))
    assert checked.unpaid.startswith(said)
    assert bool(checked.unpaid) == bool(unpaid)
