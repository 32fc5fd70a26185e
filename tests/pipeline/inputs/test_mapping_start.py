"""`ringfence init` proposes a mapping that can be checked at once, and says what it guessed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.errors import InputError
from pipeline.inputs.likeness import bare_tables, column_of, is_table, synonyms
from pipeline.inputs.mapping import open_mapped, read_mapping
from pipeline.inputs.mapping_start import propose
from queries.contract import raw_tables
from tests import olist, raw_folder

if TYPE_CHECKING:
    from pathlib import Path

BASKETS = {
    "household_id": ["h1", "h1", "h2", None],
    "store_id": ["12", "12", "12", "07"],
    "basket_id": ["b1", "b1", "b2", "b3"],
    "product_id": ["p1", "p2", "p1", "p1"],
    "quantity": [1, 2, 1, 1],
    "sales_value": [1.5, 4.0, 1.5, 1.75],
    "retail_disc": [0.0, 0.5, 0.0, 0.0],
    "coupon_disc": [0.0, 0.0, 0.25, 0.0],
    "transaction_timestamp": ["2017-01-01 11:53:26"] * 4,
}


def started(folder: Path, source: Path) -> tuple[list[str], dict[str, list[tuple[object, ...]]]]:
    """What init says of a source, and the rows that its unfinished mapping makes already."""
    said = list(propose(folder, str(source)))
    with duckdb.connect() as con:
        made = open_mapped(con, folder / "mapping.toml")
        assert made.problems == {}
        rows = {
            name: con.execute(f"from {table.relation} order by all").fetchall()
            for name, table in made.tables.items()
        }
    return said, rows


@dataclass(frozen=True)
class Started:
    """What init made of the nine files."""

    source: Path
    path: Path
    said: list[str]
    rows: dict[str, list[tuple[object, ...]]]

    @property
    def text(self) -> str:
        """The proposal."""
        return self.path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def nine_files(tmp_path_factory: pytest.TempPathFactory) -> Started:
    """Proposed once."""
    folder = tmp_path_factory.mktemp("nine")
    source = olist.write(folder / "olist")
    return Started(source, folder / "shop" / "mapping.toml", *started(folder / "shop", source))


def test_nine_files_are_put_together(nine_files: Started) -> None:
    """Lines with their order and its person, listings by shop, parcels, reviews of a first line."""
    source, said, rows = nine_files.source, nine_files.said, nine_files.rows
    mapping = read_mapping(nine_files.path).tables
    orders = mapping["orders"].columns
    assert orders["order_id"] == "oi.order_id || '-' || oi.order_item_id"
    assert orders["buyer_id"] == "c.customer_unique_id"
    assert orders["product_id"] == "oi.seller_id || '-' || oi.product_id"
    assert orders["created_at"] == "utc(o.order_purchase_timestamp, 'UTC')"
    assert "payment_value" not in str(orders)  # of the order, not of its line
    assert "weight_grams" not in mapping["shipments"].columns  # declared, and never weighed
    assert len(rows["orders"]) == 1072
    assert len(rows["merchants"]) == olist.SELLERS
    assert 0 < len(rows["shipments"]) < len(rows["orders"])
    with (source / "olist_order_reviews_dataset.csv").open() as file:
        assert len(rows["reviews"]) == len(file.readlines()) - 1
    text = " ".join(said)
    assert "orders from olist_order_items_dataset" in text
    assert "Also there: shipments, reviews." in text
    assert "creators, creator_days" in text


def test_a_table_of_baskets_is_shops_listings_buyers_and_orders(tmp_path: Path) -> None:
    """Whoever has one table has the core: distinct ids are rows; nobody is no buyer."""
    pl.DataFrame(BASKETS).write_csv(tmp_path / "transactions.csv")
    said, rows = started(tmp_path / "shop", tmp_path / "transactions.csv")
    assert [row[0] for row in rows["merchants"]] == ["07", "12"]  # no zero is lost
    assert len(rows["products"]) == 3
    assert [row[0] for row in rows["buyers"]] == ["h1", "h2"]
    assert len(rows["orders"]) == len(BASKETS["store_id"])
    orders = read_mapping(tmp_path / "shop" / "mapping.toml").tables["orders"].columns
    assert orders["order_id"] == "t.basket_id || '-' || t.product_id"
    assert orders["items_minor"] == "minor(t.sales_value, 'USD')"
    assert any(one.startswith("orders from transactions") for one in said)


def test_tables_with_our_names_are_matched_and_nothing_is_guessed_of_them(tmp_path: Path) -> None:
    """A delivery that keeps the contract has every column of its tables but money and time."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    said, rows = started(tmp_path / "shop", raw)
    assert rows.keys() == raw_tables().keys()
    text = (tmp_path / "shop" / "mapping.toml").read_text(encoding="utf-8")
    assert not [one for one in said if "Not " in one]  # nothing is left over, nothing not there
    assert "# needed" not in text
    guessed = [line for line in text.splitlines() if "# guess" in line]
    assert [line for line in guessed if "utc(" not in line] == []


def test_a_mapping_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Somebody's afternoon is in it."""
    pl.DataFrame(BASKETS).write_csv(tmp_path / "transactions.csv")
    (tmp_path / "mapping.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        list(propose(tmp_path, str(tmp_path / "transactions.csv")))
    assert (tmp_path / "mapping.toml").read_text(encoding="utf-8") == "mine"
    list(propose(tmp_path, str(tmp_path / "transactions.csv"), force=True))
    assert read_mapping(tmp_path / "mapping.toml").tables.keys() >= {"orders"}


def test_a_source_without_a_table_is_a_sentence(tmp_path: Path) -> None:
    """What lies there is named."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "orders.xlsx").touch()
    with pytest.raises(InputError, match=r"orders\.xlsx: a \.xlsx file, which is not read"):
        list(propose(tmp_path / "shop", str(tmp_path / "source")))


def test_names_are_compared_without_what_decorates_them() -> None:
    """Prefixes, suffixes, the plural and the way of writing say nothing."""
    bare = bare_tables(["dim_Customers", "FactSales", "acme_stores", "acme_items", "acme_orders"])
    assert [name for name, plain in bare.items() if is_table(plain, "buyers")] == ["dim_Customers"]
    assert is_table(bare["FactSales"], "orders")
    assert is_table(bare["acme_stores"], "merchants")
    assert column_of("orders", "buyer_id", ["custom", "x"]) is None
    assert column_of("orders", "buyer_id", ["CustomerID", "x"]) == ("CustomerID", 2)
    assert column_of("orders", "buyer_id", ["user_id", "BUYER_ID"]) == ("BUYER_ID", 0)


def test_synonyms_are_of_names_that_the_contract_has() -> None:
    """A synonym of nothing would never be proposed; one of two tables would be a coin's toss."""
    tables = raw_tables()
    columns = {name for table in tables.values() for name in table.columns}
    assert set(synonyms().tables) <= tables.keys()
    assert {name.rpartition(".")[2] for name in synonyms().columns} <= columns
    others = [name for names in synonyms().tables.values() for name in names]
    assert len(others) == len(set(others))


SHOP = {
    "TXN": [f"T{n}" for n in range(20)],
    "CUSTOMER": [f"c{n % 4}" for n in range(20)],
    "SKU": [f"s{n % 3}" for n in range(20)],
    "VENDOR": [f"v{n % 2}" for n in range(20)],
    "PLACED_AT": ["2025-05-10T20:21:00+01:00"] * 20,
    "PAID_AT": ["10.05.2025 20:30"] * 20,
    "QTY": [1 + n % 3 for n in range(20)],
    "UNIT_PRICE": ["8,27"] * 20,
    "DISCOUNT": ["1,00"] * 20,
    "SHIPPING": ["3,90"] * 20,
    "CCY": ["EUR"] * 20,
}


@pytest.mark.parametrize("price", ["UNIT_PRICE", "PRICE"])
@pytest.mark.parametrize("is_of_one", [True, False])
def test_amounts_are_those_that_add_up(tmp_path: Path, price: str, is_of_one: bool) -> None:
    """Decimal commas, German days and offsets are read; the data say what a price is of."""
    shop = {price if name == "UNIT_PRICE" else name: values for name, values in SHOP.items()}
    items = [827 * (quantity if is_of_one else 1) for quantity in SHOP["QTY"]]
    totals = [one - 100 + 390 for one in items]
    shop["TOTAL"] = [f"{total / 100:.2f}".replace(".", ",") for total in totals]
    pl.DataFrame(shop).write_csv(tmp_path / "transactions.csv", separator=";")
    started(tmp_path / "shop", tmp_path / "transactions.csv")
    with duckdb.connect() as con:
        orders = open_mapped(con, tmp_path / "shop" / "mapping.toml").tables["orders"]
        columns = "items_minor, voucher_minor, shipping_minor, paid_minor"
        made = con.execute(f"select {columns} from {orders.relation}").fetchall()
        times = f"select distinct created_at, paid_at from {orders.relation}"
        assert [str(time) for time in con.execute(times).fetchall()[0]] == [
            "2025-05-10 19:21:00",
            "2025-05-10 20:30:00",
        ]
    assert sorted(made) == sorted(
        (one, 100, 390, total) for one, total in zip(items, totals, strict=True)
    )


def test_a_source_that_is_not_there_is_not_to_be_generated(tmp_path: Path) -> None:
    """Whoever brings tables of their own mistyped a path; a sample would not help."""
    with pytest.raises(InputError, match="Name the folder or file that holds your tables"):
        list(propose(tmp_path / "shop", str(tmp_path / "nowhere")))
    assert not (tmp_path / "shop").exists()


def _without_marks(text: str, table: str) -> dict[str, dict[str, object]]:
    """The commented-out block of a contract table, its marks taken away, as TOML."""
    block = next(part for part in text.split("\n\n") if part.startswith(f"# [{table}]"))
    return tomllib.loads("\n".join(line.removeprefix("#").strip() for line in block.splitlines()))


def test_a_table_that_is_not_there_waits_as_a_block_with_what_it_needs(nine_files: Started) -> None:
    """Whoever has one takes the marks away: no document has to be opened for its columns."""
    text = nine_files.text
    absent = raw_tables().keys() - read_mapping(nine_files.path).tables.keys()
    assert len(absent) == 28
    for name in absent:
        table = raw_tables()[name]
        assert f"# [{name}]  # Switches on: {table.switches_on}\n" in text
        needed = {column.name for column in table.columns.values() if not column.nullable}
        assert _without_marks(text, name)[name] == {
            "from": "",
            "columns": dict.fromkeys(needed, ""),
        }
    assert '# label = ""  # needed: varchar, one of ' in text
    assert "what columns it needs" in " ".join(nine_files.said)


def test_what_nothing_reads_is_listed_table_by_table(nine_files: Started) -> None:
    """By the name it has and the short name it goes by, so that it can be put in a line above."""
    rest = " ".join(nine_files.text.partition("# Not used")[2].replace("\n#     ", " ").split())
    assert (
        "# olist_sellers_dataset (s in [merchants]): "
        "seller_zip_code_prefix, seller_city, seller_state" in rest
    )
    assert "# olist_geolocation_dataset (read by none): geolocation_zip_code_prefix" in rest
    assert "order_purchase_timestamp" not in rest  # read through a function
    assert "review_id" not in rest
    assert any(one.startswith("Not used: 17 columns of 6 tables") for one in nine_files.said)
