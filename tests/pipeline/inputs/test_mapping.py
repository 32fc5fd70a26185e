"""A mapping file makes somebody's own tables ours, and its faults are in their words."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import queries
from pipeline.build import Order, build
from pipeline.errors import InputError
from pipeline.inputs import ingest
from pipeline.inputs.mapping import read_mapping, show
from pipeline.inputs.raw_check import check, open_raw
from pipeline.inputs.sources import Source, local_files
from queries.contract import raw_tables
from queries.toml_models import FileRefused
from tests import olist, raw_folder

if TYPE_CHECKING:
    import polars as pl

PAGE = Path(__file__).parents[3] / "docs/how-to-bring-your-own-data.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
EXAMPLES = [block for block in BLOCKS if "source = " in block]

MOMENT = "created_at = \"utc(placed, 'Asia/Jakarta')\""


def shop(
    folder: Path,
    orders: pl.DataFrame | None = None,
    change: str = MOMENT,
    tables: dict[str, pl.DataFrame] | None = None,
) -> Path:
    """A legal delivery whose orders are called sales: local times, prices in whole units."""
    tables = tables or raw_folder.frames()
    raw = raw_folder.write(folder / "their data", tables)
    (raw / "orders.parquet").unlink()
    given = tables["orders"] if orders is None else orders
    with duckdb.connect() as con:
        con.register("orders", given)
        con.execute(
            "copy (select * exclude (created_at, paid_minor), paid_minor / 100.0 as price, "
            "created_at + interval 7 hour as placed, 'x' as word from orders) "
            f"to '{raw}/Sales.csv' (header, nullstr '\\N')"
        )
    same = [name for name in tables["orders"].columns if name not in ("created_at", "paid_minor")]
    lines = ['source = "their data"', ""]
    for name in tables:
        lines += [f"[{name}]", f'from = "{"sales as s" if name == "orders" else name}"']
        lines.append(f"[{name}.columns]")
        columns = same if name == "orders" else list(raw_tables()[name].columns)
        lines += [f"{column} = '\"{column}\"'" for column in columns]
        lines += [change, "paid_minor = \"minor(s.price, 'USD')\""] if name == "orders" else []
    (folder / "mapping.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def said(place: Path) -> list[str]:
    """The faults of a place, as a person reads them."""
    with duckdb.connect() as con:
        return [str(fault) for fault in check(con, place)]


def rows(place: Path, sql: str) -> list[tuple[Any, ...]]:
    """What a statement makes of the typed tables of a place."""
    with duckdb.connect() as con:
        open_raw(con, place)
        return con.execute(sql).fetchall()


@pytest.mark.slow
def test_a_mapped_source_is_the_delivery_it_stands_for(tmp_path: Path) -> None:
    """Local times become instants, prices minor units; nothing is left when staging is built."""
    place, plain = shop(tmp_path / "shop"), raw_folder.write(tmp_path / "raw", raw_folder.frames())
    assert said(place) == []
    sql = "select * from raw.orders order by order_id"
    assert rows(place, sql) == rows(plain, sql)
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, place, None, lambda *_: None)
        assert queries.row_count(con, "staging.orders") == raw_folder.ROWS
        schemas = con.execute("select schema_name from duckdb_schemas() where not internal")
        assert {row[0] for row in schemas.fetchall()} == {"meta", "staging"}


@pytest.mark.slow
def test_a_fault_is_named_as_its_owner_knows_it(tmp_path: Path) -> None:
    """File and column of the source, and beside it the column of the contract."""
    orders = raw_folder.frames()["orders"]
    place = shop(tmp_path, orders.with_columns(paid_minor=-orders["paid_minor"]))
    fault = next(one for one in said(place) if "negative money" in one)
    assert fault.startswith(
        f"{tmp_path}/their data/Sales.csv, price (as orders.paid_minor): 3 rows"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ('created_at = "plaaced"', "placed"),
        ('created_at = "cast(s.word as timestamp)"', "Conversion Error"),
        ("created_at = \"(select max(content) from read_text('/etc/hostname'))\"", "read_text"),
        ("created_at = \"(select max(x) from '/etc/hostname' as t(x))\"", "no table /etc/hostname"),
        ('created_at = "(select max(t) from information_schema.tables)"', "no table tables"),
        ('created_at = "now()"', "does not answer the same every time"),
        ('created_at = "current_timestamp"', "does not answer the same every time"),
        ('created_at = "placed) from sales; drop table x; --"', "does not parse"),
        ('created_at = "max(s.placed)"', "aggregate"),
    ],
)
def test_an_expression_that_cannot_be_is_a_sentence(
    tmp_path: Path, change: str, found: str
) -> None:
    """Mapping file, table, column, expression, what is wrong and what to do; nothing is run."""
    place = shop(tmp_path, change=change, tables=raw_folder.around("calendar"))
    fault = next(one for one in said(place) if "[orders]" in one)
    assert fault.startswith(f"{tmp_path}/mapping.toml, [orders], created_at: `")
    assert found in fault
    assert "Mend created_at in the mapping file" in fault


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("", "source", "it is missing"),
        ("source = 3", "source", "it is missing"),
        ("source = ", "", "it is not TOML"),
        ('source = "x"\n[ordres]', "", "'ordres' is not in the contract. Expected one of orders"),
        ('source = "x"\nnot_delivered = ["review"]', "not_delivered", "Expected one of reviews"),
        ('source = "x"\n[orders]\ncolumns = {}', "orders.from", "it is missing"),
        (
            'source = "x"\n[orders]\nfrom = "t"\nconstants = { chanel = "a" }',
            "orders.constants",
            "Expected one of channel",
        ),
        (
            'source = "x"\n[orders]\nfrom = "t"\nnot_delivered=["channel"]\nconstants.channel = 1',
            "orders.not_delivered",
            "channel is there twice",
        ),
        ('source = "x"\nnot_delivered = ["orders"]\n[orders]\nfrom = "t"', "not_delivered", "both"),
    ],
)
def test_a_mapping_file_that_breaks_a_rule_is_refused(
    tmp_path: Path, text: str, key: str, found: str
) -> None:
    """The file, the key, what was expected, and where a finished one is shown."""
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_mapping(path)
    assert refused.value.key == key
    assert found in str(refused.value)


@pytest.mark.parametrize(
    ("moment", "zone", "instant"),
    [
        ("2025-05-10T20:21:00+01:00", "Europe/Berlin", "2025-05-10 19:21:00"),
        ("2025-05-10T20:21:00+01:00", "UTC", "2025-05-10 19:21:00"),
        ("2025-05-10 20:21:00 -0330", "UTC", "2025-05-10 23:51:00"),
        ("2025-05-10 20:21:00.5+01", "UTC", "2025-05-10 19:21:00.5"),
        ("2025-05-10T20:21:00Z", "Europe/Berlin", "2025-05-10 20:21:00"),
        ("2025-05-10 20:21:00", "Europe/Berlin", "2025-05-10 18:21:00"),
        ("2025-05-10", "Europe/Berlin", "2025-05-09 22:00:00"),
    ],
)
@pytest.mark.parametrize("session", ["UTC", "Asia/Tokyo"])
def test_a_time_that_says_its_offset_is_the_instant_it_says(
    moment: str, zone: str, instant: str, session: str
) -> None:
    """The zone is that of the times without one, row by row, on a machine of any zone."""
    with duckdb.connect() as con:
        con.execute(f"set timezone = '{session}'")
        show(con, Source("", {}))
        sql = "select cast(source.utc(m, z) as varchar) from (values (?, ?)) as t(m, z)"
        assert con.execute(sql, [moment, zone]).fetchall() == [(instant,)]
        stored = (
            "select cast(source.utc(timestamptz '2025-05-10 20:00+01', 'Asia/Tokyo') as varchar)"
        )
        assert con.execute(stored).fetchall() == [("2025-05-10 19:00:00",)]


def test_every_expression_that_fails_is_named_with_what_helps(tmp_path: Path) -> None:
    """One round, and no list of the functions that the database would have had."""
    (tmp_path / "shop.csv").write_text(
        "ID;NAME;PRICE;SINCE;GROUP\nv1;Shop;8,27;23.10.2025;home\n", encoding="utf-8"
    )
    (tmp_path / "mapping.toml").write_text(
        'source = "shop.csv"\n[merchants]\nfrom = "shop as t"\n[merchants.columns]\n'
        'merchant_id = "t.ID"\nname = "minor(t.PRICE, \'EUR\')"\n'
        'registered_at = "utc(t.SINCE, \'UTC\')"\nmarket = "t.PRICE * t.NAME"\n'
        'category = "group"\n',
        encoding="utf-8",
    )
    fault = next(one for one in said(tmp_path) if "[merchants]" in one)
    assert "[merchants], name, registered_at, market, category: " in fault
    for remedy in ("replace(X, ',', '.')", "strptime(X, ", "cast(X as double)", '"GROUP"'):
        assert remedy in fault
    assert "Candidate functions" not in fault


def test_a_mapping_of_nothing_names_itself(tmp_path: Path) -> None:
    """The key that leads nowhere is the mapping's."""
    (tmp_path / "mapping.toml").write_text('source = "gone"', encoding="utf-8")
    with duckdb.connect() as con, pytest.raises(InputError, match="gone") as refused:
        check(con, tmp_path)
    assert refused.value.found.startswith(f"{tmp_path}/mapping.toml, key source: ")


def test_a_build_depends_on_the_mapping_and_on_what_it_reads(tmp_path: Path) -> None:
    """Either changes, and there is something to build."""
    files = local_files(shop(tmp_path))
    assert files is not None
    assert {path.name for path in files[""]} > {"mapping.toml", "Sales.csv", "buyers.parquet"}


@pytest.fixture(scope="module")
def nine_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic folder of nine files with the mapping of the documents beside it."""
    folder = tmp_path_factory.mktemp("shop")
    olist.write(folder / "olist")
    (folder / "mapping.toml").write_text(EXAMPLES[0], encoding="utf-8")
    return folder


@pytest.mark.slow
def test_the_worked_example_reads_every_line(nine_files: Path) -> None:
    """The mapping of the documents: lines, listings by shop, local times, cents, missing dates."""
    with duckdb.connect() as con:
        assert check(con, nine_files) == []
        lines, listings, products, shops, checkouts = con.execute(
            "select count(*), count(distinct product_id), "
            "count(distinct split_part(product_id, '-', 2)), count(distinct merchant_id), "
            "count(distinct checkout_id) from raw.orders"
        ).fetchall()[0]
        assert (lines, shops, checkouts) == (1072, olist.SELLERS, 900)
        assert listings == products + 2  # one product is sold by three
        first = "select created_at, items_minor, paid_minor - items_minor - shipping_minor "
        made = con.execute(f"{first} from raw.orders where order_id = 'o1-1'").fetchall()[0]
        assert str(made[0]) == "2018-05-01 14:24:00"  # 11:24 in São Paulo
        assert made[1:] == (5421, 0)
        parcels = "select count(*), count(delivered_at) from raw.shipments"
        sent, delivered = con.execute(parcels).fetchall()[0]
        assert 0 < delivered < sent < lines


@pytest.mark.slow
def test_the_worked_example_is_built(nine_files: Path, tmp_path: Path) -> None:
    """From nine CSV files to a database: every shop and buyer has features, nothing is accused."""
    report = build(Order(nine_files, tmp_path))
    with queries.connect(report.database) as con:
        assert queries.scalar(con, "select count(distinct merchant_id) from features.merchant")
        bought = "select count(distinct currency), round(sum(paid_usd), 2) from staging.orders"
        currencies, usd = con.execute(bought).fetchall()[0]
        with (nine_files / "olist/olist_order_payments_dataset.csv").open() as file:
            paid = sum(float(row["payment_value"]) for row in csv.DictReader(file))
        assert currencies == 1
        assert usd == pytest.approx(paid * 0.27, abs=0.05)
        peak = "select max(max_ten_minute_orders_30d) from features.merchant"
        assert (queries.scalar(con, peak) or 0) <= 2  # three lines at once are one purchase
    assert build(Order(nine_files, tmp_path)).is_fresh is False


@pytest.mark.slow
def test_the_example_of_baskets_is_a_delivery(tmp_path: Path) -> None:
    """One table: lines of a basket, a discount, a line of quantity 0."""
    (tmp_path / "baskets").mkdir()
    header = (
        "household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc"
    )
    (tmp_path / "baskets" / "transactions.csv").write_text(
        f"{header},transaction_timestamp\n"
        "900,330,31198570044,1095275,1,0.50,0.10,0.00,2017-01-01 11:53:26\n"
        "900,330,31198570044,9878513,0,0.99,0.00,0.00,2017-01-01 11:53:26\n"
        "1228,406,31198655051,1041453,2,1.43,0.15,0.50,2017-01-02 12:10:28\n",
        encoding="utf-8",
    )
    (tmp_path / "mapping.toml").write_text(EXAMPLES[1], encoding="utf-8")
    assert said(tmp_path) == []
    sql = (
        "select checkout_id, quantity, items_minor, voucher_minor, paid_minor, "
        "cast(created_at as varchar) from raw.orders order by order_id"
    )
    assert rows(tmp_path, sql) == [
        ("330-31198570044", 1, 60, 10, 50, "2017-01-01 16:53:26"),
        ("330-31198570044", 0, 99, 0, 99, "2017-01-01 16:53:26"),
        ("406-31198655051", 2, 208, 65, 143, "2017-01-02 17:10:28"),
    ]
