"""What cannot be is named with its column and its rows, whatever the type it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests import raw_folder
from tests.pipeline.inputs.deliveries import examined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[pl.DataFrame], pl.DataFrame]

ROWS = 200
pytestmark = pytest.mark.slow  # each reads a whole delivery


def one(column: str, value: object) -> Change:
    """Put a value into the fifth row."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        values = frame[column].to_list()
        values[4] = value
        return frame.with_columns(
            pl.Series(column, values, dtype=frame[column].dtype, strict=False)
        )

    return change


ONE_ROW: list[tuple[str, str, str, str, Change]] = [
    ("rate of nothing", "orders", "usd_per_unit", "below 1e-07", one("usd_per_unit", 0.0)),
    ("rate below nothing", "refunds", "usd_per_unit", "below 1e-07", one("usd_per_unit", -1.0)),
    ("rate beyond gold", "products", "usd_per_unit", "above 100", one("usd_per_unit", 1e5)),
    ("rate that jumps", "orders", "usd_per_unit", "usual rate", one("usd_per_unit", 50.0)),
    ("number of another world", "shipments", "weight_grams", "above", one("weight_grams", 1e300)),
    ("money of another world", "refunds", "amount_minor", "above", one("amount_minor", 2**62)),
    ("no currency", "orders", "currency", "no currency of ISO 4217", one("currency", "ZZZ")),
    ("currency in small letters", "orders", "currency", "ISO 4217", one("currency", "usd")),
    ("refund of a fortune", "refunds", "amount_minor", "over 10 times", one("amount_minor", 10**7)),
    ("payout of a fortune", "settlements", "amount_minor", "over 10", one("amount_minor", 10**7)),
    ("sum that is none", "orders", "paid_minor", "is not items_minor", one("paid_minor", 1_000)),
    ("another's product", "orders", "merchant_id", "is not", one("merchant_id", "merchant_id_5")),
    ("empty id", "reviews", "review_id", "empty id", one("review_id", "")),
    ("id of blanks", "reviews", "review_id", "empty id", one("review_id", "  ")),
    ("endless id", "reviews", "review_id", "id of more than 256", one("review_id", "x" * 257)),
    ("id with a bell", "videos", "video_id", "nobody can see", one("video_id", "vid\x07")),
    ("id turned round", "videos", "video_id", "nobody can see", one("video_id", "vid\u202e1")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "found", "change"),
    [case[1:] for case in ONE_ROW],
    ids=[case[0] for case in ONE_ROW],
)
def test_one_row_that_cannot_be_is_set_aside(
    tmp_path: Path, table: str, column: str, found: str, change: Change
) -> None:
    """It is named with its key, and the others stay."""
    tables = raw_folder.around(table, ROWS)
    tables[table] = change(tables[table])
    result = examined(raw_folder.write(tmp_path, tables))
    own = [f for f in result.checked.faults if (f.column, f.rows) == (column, 1)]
    assert [found in f.found for f in own].count(True) == 1
    assert result.said("refused") == []
    assert result.kept[table].height == ROWS - 1


OF_LONG_IDS = "x" * 200


@pytest.mark.parametrize("name", ["a b/c@d", "店铺 7", "ünï-ß", "%2e%2e", OF_LONG_IDS, "Ä'\";--"])
def test_an_odd_id_is_an_id(tmp_path: Path, name: str) -> None:
    """Spaces, signs, other scripts and two hundred characters are nobody's fault."""
    tables = raw_folder.around("reviews", ROWS)
    tables["reviews"] = one("review_id", name)(tables["reviews"])
    assert examined(raw_folder.write(tmp_path, tables)).checked.faults == []


FORMS: list[tuple[str, str, pl.Series, str]] = [
    ("lists", "title", pl.Series([["a"], ["b"], []], dtype=pl.List(pl.String)), "holds lists"),
    ("structs", "title", pl.Series([{"en": "a"}, {"en": "b"}, {"en": ""}]), "holds structs"),
    ("bytes", "title", pl.Series([b"a", b"\xff", b""]), "holds bytes"),
    ("structs for a time", "listed_at", pl.Series([{"at": 1}] * 3), "holds structs"),
    ("bytes for a number", "price_minor", pl.Series([b"1", b"2", b"3"]), "holds bytes"),
]


@pytest.mark.parametrize(
    ("column", "values", "found"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS]
)
def test_a_column_of_another_kind_is_refused(
    tmp_path: Path, column: str, values: pl.Series, found: str
) -> None:
    """No cast makes a text of a list."""
    tables = raw_folder.around("products")
    tables["products"] = tables["products"].with_columns(values.alias(column))
    faults = examined(raw_folder.write(tmp_path, tables)).checked.refusals
    assert [(f.column, f.rows) for f in faults] == [(column, 0)]
    assert found in faults[0].found


@pytest.mark.parametrize(
    "values",
    [pl.Series([1.0, 2.0, 3.0]), pl.Series([True, False, True]), pl.Series([1, 2, 3])],
    ids=["fractions", "flags", "epoch"],
)
def test_numbers_for_a_time_are_not_guessed_at(tmp_path: Path, values: pl.Series) -> None:
    """Seconds or milliseconds: nobody said."""
    tables = raw_folder.around("reviews")
    tables["reviews"] = tables["reviews"].with_columns(values.alias("created_at"))
    found = examined(raw_folder.write(tmp_path, tables)).said("refused")
    assert ("reviews", "created_at", 3, "values are not a timestamp") in found


def test_ids_with_a_fraction_are_named_and_whole_numbers_are_ids(tmp_path: Path) -> None:
    """A frame that once held a null writes 7.0, which is not the 7 of another table."""
    tables = raw_folder.frames(ROWS)
    number = pl.int_range(ROWS)
    tables["reviews"] = tables["reviews"].with_columns(review_id=number)
    assert examined(raw_folder.write(tmp_path / "whole", tables)).checked.faults == []
    tables["reviews"] = tables["reviews"].with_columns(review_id=number.cast(pl.Float64))
    found = examined(raw_folder.write(tmp_path / "fraction", tables)).said("refused")
    assert found == [("reviews", "review_id", ROWS, "holds ids with a fraction")]


def test_ids_that_differ_only_by_case_go_together(tmp_path: Path) -> None:
    """Both, for nobody can say which is meant; capitals alone are no fault."""
    tables = raw_folder.frames(ROWS)
    tables["videos"] = tables["videos"].with_columns(pl.col("video_id").str.to_uppercase())
    tables["video_days"] = tables["video_days"].with_columns(pl.col("video_id").str.to_uppercase())
    tables["orders"] = tables["orders"].with_columns(video_id=pl.lit(None, pl.String))
    tables["merchants"] = pl.concat(
        [
            tables["merchants"],
            tables["merchants"][:1].with_columns(merchant_id=pl.lit("Merchant_ID_0")),
        ]
    )
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("refused") == []
    assert ("merchants", "merchant_id", 2, "ids that differ only by case") in found.said(
        "set aside"
    )
    assert found.kept["merchants"].height == ROWS - 1


def test_labels_at_odds_go_together(tmp_path: Path) -> None:
    """Bad and good of one subject at one instant; a second opinion on a later day is none."""
    tables = raw_folder.frames(ROWS)
    good = tables["labels"][:2].with_columns(
        label=pl.lit("good"),
        label_id=pl.concat_str("label_id", pl.lit("again")),
        known_at=pl.when(pl.col("label_id") == "label_id_0")
        .then("known_at")
        .otherwise(pl.col("known_at") + pl.duration(hours=1)),
    )
    tables["labels"] = pl.concat([tables["labels"], good])
    found = examined(raw_folder.write(tmp_path, tables))
    assert [row[:3] for row in found.said("set aside")] == [("labels", "label", 2)]
    assert found.kept["labels"].height == ROWS


def test_two_files_of_one_table_are_not_chosen_from(tmp_path: Path) -> None:
    """Whichever were read, the other may be the newer one."""
    folder = raw_folder.write(tmp_path, raw_folder.frames())
    (folder / "orders.csv").write_text("order_id\n")
    faults = examined(folder).checked.refusals
    assert [f.found for f in faults] == ["orders.csv and orders.parquet both hold this table"]


@pytest.mark.parametrize(("factor", "usd"), [(0.0005, "0.0005"), (2_000_000.0, "2e+06")])
def test_a_market_whose_orders_cost_nothing_or_a_fortune_is_said(
    tmp_path: Path, factor: float, usd: str
) -> None:
    """Every row keeps every rule, and yet the money is in another unit: a note, no fault."""
    tables = raw_folder.frames()
    money = ("items_minor", "voucher_minor", "shipping_minor", "paid_minor")
    many = tables["orders"].with_columns(
        [pl.lit(int(max(1, factor * 100))).alias(name) for name in money],
        usd_per_unit=min(1.0, factor / 0.01),
    )
    tables["orders"] = many
    for name in ("refunds", "settlements", "commissions", "disputes", "declined_payments"):
        tables[name] = tables[name].with_columns(usd_per_unit=pl.lit(1e-6))
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("refused") == []
    notes = [text for *_, text in found.said("note")]
    assert len(notes) == 3
    assert all(f"is worth {usd} USD" in note for note in notes)


def test_a_placeholder_refers_to_nobody_and_an_id_to_its_row(tmp_path: Path) -> None:
    """A 0, a blank or a word for "not known", ours or theirs; unless a row is called so."""
    values = ["0", "\u00a0", "\u200b", "Unknown", "KIOSK", "creator_id_5", "-"]
    frames = raw_folder.frames(ROWS)
    orders = frames["orders"]
    column = [*values, *orders["creator_id"].to_list()[len(values) :]]
    frames["orders"] = orders.with_columns(pl.Series("creator_id", column))
    frames["placeholders"] = pl.DataFrame({"value": ["kiosk"]})
    frames["creators"] = frames["creators"].with_columns(
        pl.Series("creator_id", ["-", *frames["creators"]["creator_id"].to_list()[1:]])
    )
    for name in ("creator_days", "live_sessions", "videos", "commissions"):
        frames[name] = frames[name].with_columns(pl.col("creator_id").replace("creator_id_0", "-"))
    result = examined(raw_folder.write(tmp_path, frames))
    kept = result.kept["orders"].sort(pl.col("order_id").str.slice(9).cast(int))
    assert kept["creator_id"].to_list()[: len(values)] == [*[None] * 5, "creator_id_5", "-"]
    assert [row for row in result.said("refused") if row[0] == "orders"] == []
    assert result.checked.outcomes["orders"].set_aside == 0


def test_a_refund_of_more_than_the_order_is_said(tmp_path: Path) -> None:
    """It can be, so the row stays; ten times as much cannot."""
    frames = raw_folder.around("refunds", ROWS)
    for table, amount in (("orders", 5_000), ("refunds", 15_000)):
        money = [name for name in frames[table].columns if name.endswith("_minor")]
        frames[table] = frames[table].with_columns(pl.lit(amount).alias(name) for name in money)
    frames["orders"] = frames["orders"].with_columns(voucher_minor=0, shipping_minor=0)
    frames["refunds"] = frames["refunds"].with_columns(
        amount_minor=pl.when(pl.int_range(pl.len()) < 3).then(15_000).otherwise(5_000)
    )
    result = examined(raw_folder.write(tmp_path, frames))
    found = "over 1.2 times the money of its row of orders"
    assert ("refunds", "amount_minor", 3, found) in result.said("note")
    assert result.kept["refunds"].height == ROWS


def _part_of_orders(folder: Path, orders: pl.DataFrame) -> None:
    (folder / "orders").mkdir()
    orders[:-1].drop("Paid_Minor").write_parquet(folder / "orders" / "1.parquet")
    orders[-1:].write_parquet(folder / "orders" / "2.parquet")


WRITERS: dict[str, Callable[[Path, pl.DataFrame], None]] = {
    "parts": _part_of_orders,
    "JSON": lambda folder, orders: orders.write_ndjson(folder / "orders.json"),
    "packed JSON": lambda folder, orders: orders.write_ndjson(
        folder / "orders.json.gz", compression="gzip"
    ),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_neither_of_two_spellings_is_taken_from_parts_or_json(tmp_path: Path, writer: str) -> None:
    """The database takes the first and calls the other by a name that nobody wrote."""
    folder = raw_folder.write(tmp_path, raw_folder.around("orders"))
    file = folder / "orders.parquet"
    orders = pl.read_parquet(file).with_columns(Paid_Minor=pl.lit(7))
    file.unlink()
    WRITERS[writer](folder, orders)
    [fault] = examined(folder).checked.refusals
    assert fault.column == "paid_minor"
    assert "two columns of that name (paid_minor and Paid_Minor)" in fault.found
