"""A marketplace that builds with a mapping file watches with it too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.inputs.raw_views import open_raw
from pipeline.live.drop import BatchFile, snapshot
from pipeline.live.intake import Batch, Intake
from pipeline.live.lane import Lane, LanePlace
from pipeline.live.own_tables import OwnTables
from pipeline.live.record import read_record
from pipeline.settings.inputs import InputSettings
from queries.contract import raw_tables
from tests import olist
from tests.pipeline.inputs.test_mapping import EXAMPLES
from tests.pipeline.live.conftest import settle
from tests.pipeline.live.test_lane import subjects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.pipeline.live.conftest import Drop

MAPPING = """
source = "theirs"

[merchants]
from = "(select distinct shop from lines)"
columns = { merchant_id = "shop" }

[orders]
from = "lines as l join baskets as b on b.id = l.basket"
constants = { currency = "JPY", usd_per_unit = 0.0067, quantity = 1 }
[orders.columns]
order_id = "l.basket || '-' || l.line"
buyer_id = "b.who"
merchant_id = "l.shop"
product_id = "l.thing"
created_at = "utc(b.placed, 'Asia/Tokyo')"
paid_at = "utc(b.paid, 'Asia/Tokyo')"
items_minor = "minor(l.price, 'JPY')"
shipping_minor = "0"
voucher_minor = "0"
paid_minor = "minor(l.price, 'JPY')"
"""
LINES = "BASKET,LINE,SHOP,THING,PRICE\n"
BASKETS = "id,who,placed,paid\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A mapping of lines and baskets, in Tokyo's time and whole yen, with one old order."""
    folder = tmp_path / "shop"
    (folder / "theirs").mkdir(parents=True)
    (folder / "theirs/lines.csv").write_text(f"{LINES}1,1,s1,t1,500\n")
    (folder / "theirs/baskets.csv").write_text(f"{BASKETS}1,w1,2026-06-01 09:00:00,\n")
    (folder / "mapping.toml").write_text(MAPPING)
    return folder


@pytest.fixture
def own(shop: Path) -> Iterator[OwnTables]:
    """The marketplace's own tables."""
    tables = OwnTables(shop / "mapping.toml")
    yield tables
    tables.close()


def taken(own: OwnTables, out: Path, table: str, text: str) -> Batch:
    """What comes of a batch of an own table."""
    path = out / f"{table}-1.csv"
    path.write_text(text)
    intake = Intake(date(2018, 3, 1), date(2026, 12, 2), InputSettings(tolerance=0.5), own)
    with snapshot(BatchFile.of(path, out, table, path.stat())) as copy:
        return intake.read(copy, out)


def orders(batch: Batch) -> list[tuple[str, str, str, int]]:
    """Id, instant of placing and of paying, amount."""
    rows = batch.tables["orders"].select(
        "order_id",
        pl.col("created_at").dt.strftime("%d %H:%M"),
        pl.col("paid_at").dt.strftime("%d %H:%M").fill_null("-"),
        "paid_minor",
    )
    return sorted(rows.rows())


def test_a_row_is_made_when_the_last_of_its_halves_comes(own: OwnTables, tmp_path: Path) -> None:
    """In either order, beside the mapping's source, at their clock and in their money."""
    assert own.names == {"lines", "baskets"}
    first = taken(own, tmp_path, "lines", f"{LINES}1,2,s2,t2,900\n2,1,s1,t1,700\n")
    assert orders(first) == [("1-2", "01 00:00", "-", 900)]
    assert set(first.tables["merchants"]["merchant_id"]) == {"s1", "s2"}
    second = taken(own, tmp_path, "baskets", f"{BASKETS}2,w2,2026-06-02T10:00:00+09:00,\n")
    assert orders(second) == [("2-1", "02 01:00", "-", 700)]


def test_the_last_version_of_a_row_counts(own: OwnTables, tmp_path: Path) -> None:
    """A basket that was paid before its second line came is a paid one."""
    paid = taken(
        own, tmp_path, "baskets", f"{BASKETS}1,w1,2026-06-01 09:00:00,2026-06-01 09:05:00\n"
    )
    assert orders(paid) == [("1-1", "01 00:00", "01 00:05", 500)]
    late = taken(own, tmp_path, "lines", f"{LINES}1,3,s1,t1,100\n")
    assert orders(late) == [("1-3", "01 00:00", "01 00:05", 100)]


def test_what_came_is_joined_after_a_restart_too(shop: Path, tmp_path: Path) -> None:
    """Rows as they came are kept as long as the source may lack them."""
    before = OwnTables(shop / "mapping.toml")
    text = f"{LINES}7,1,s1,t1,700\n"
    assert orders(taken(before, tmp_path, "lines", text)) == []
    before.close()
    (kept,) = (tmp_path / "live").iterdir()
    after = OwnTables(shop / "mapping.toml")
    after.take_again(tmp_path, kept.stem.rpartition(".")[0], "lines")
    batch = taken(after, tmp_path, "baskets", f"{BASKETS}7,w2,2026-06-02 10:00:00,\n")
    after.close()
    assert orders(batch) == [("7-1", "02 01:00", "-", 700)]


def test_a_fault_is_named_by_their_file_and_column(own: OwnTables, tmp_path: Path) -> None:
    """As `ringfence check` says it of the whole delivery."""
    lines = "".join(f"1,{i},s1,t1,{500 if i < 5 else -5}\n" for i in range(2, 6))
    batch = taken(own, tmp_path, "lines", LINES + lines)
    assert (batch.is_refused, batch.rows_set_aside) == (False, 1)
    assert batch.problem.startswith("lines-1.csv, price (as orders.")
    bad = taken(own, tmp_path, "lines", f"{LINES}1,9,s1,t1,many\n")
    assert bad.is_refused
    assert bad.problem.startswith("lines-1.csv: ")
    assert "[orders], items_minor, paid_minor" in bad.problem
    absent = taken(own, tmp_path, "lines", "BASKET,LINE,SHOP,THING\n1,9,s1,t1\n")
    assert "price" in absent.problem.lower()
    nobody = taken(own, tmp_path, "", "a,b\n1,2\n")
    assert "is of no table that" in nobody.problem
    assert "(baskets, lines)" in nobody.problem


def test_a_mapped_batch_opens_the_alert_that_its_rows_open(drop: Drop, tmp_path: Path) -> None:
    """Their attempts by their names, beside a build of the same tables."""
    trial = drop.card_trial()
    folder = tmp_path / "shop"
    (folder / "theirs").mkdir(parents=True)
    their = trial.rename({"attempt_id": "TRY", "attempted_at": "WHEN"})
    their.head(0).write_parquet(folder / "theirs/tries.parquet")
    same = [name for name in trial.columns if name not in ("attempt_id", "attempted_at")]
    lines = ['source = "theirs"', "[declined_payments]", 'from = "tries"']
    lines += ["[declined_payments.columns]", 'attempt_id = "try"', 'attempted_at = "\\"when\\""']
    lines += [f'{name} = "{name}"' for name in same]
    (folder / "mapping.toml").write_text("\n".join(lines))
    their.write_parquet(drop.folder / "Tries-1.parquet")
    settle(drop.folder / "Tries-1.parquet")
    lane = Lane(replace(LanePlace(drop.folder, drop.out), mapping=folder / "mapping.toml"))
    lane.tick()
    lane.close()
    record = read_record(drop.out)
    assert record["live.batches"]["problem"].to_list() == [""]
    assert subjects(record) == ["buyer:buyer_id_1"]


BATCHES = ("olist_order_reviews_dataset", "olist_order_items_dataset",
           "olist_customers_dataset", "olist_orders_dataset")  # fmt: skip
ORDERS, EARLIER = 60, 40


def test_batches_make_what_the_whole_source_makes(tmp_path: Path) -> None:
    """Nine files and five joins: new orders, and old ones at other times, come file by file."""
    olist.write(tmp_path / "whole" / "olist", ORDERS)
    olist.write(tmp_path / "before" / "olist", EARLIER)
    for folder in ("whole", "before"):
        (tmp_path / folder / "mapping.toml").write_text(EXAMPLES[0])
    whole, before = (made(tmp_path / one) for one in ("whole", "before"))
    own = OwnTables(tmp_path / "before" / "mapping.toml")
    arrived: dict[str, list[pl.DataFrame]] = {}
    for name in BATCHES:
        every, old = (
            (tmp_path / one / "olist" / f"{name}.csv").read_text().splitlines()
            for one in ("whole", "before")
        )
        news = [line for line in every[1:] if line not in set(old)]
        batch = taken(own, tmp_path, name, "\n".join([every[0], *news]) + "\n")
        assert batch.problem == ""
        for table, rows in batch.tables.items():
            arrived.setdefault(table, []).append(rows)
    own.close()
    assert {"orders", "shipments", "reviews", "buyers", "products"} <= set(arrived)
    for table, parts in arrived.items():
        key = list(raw_tables()[table].key)
        last = pl.concat(parts).unique(key, keep="last")
        new = whole[table].join(before[table], on=key, how="anti")
        assert new.join(last, on=key, how="anti").is_empty()
        assert_frame_equal(last.sort(key), whole[table].join(last, on=key, how="semi").sort(key))


def made(folder: Path) -> dict[str, pl.DataFrame]:
    """Every contract table that a mapped source makes."""
    with duckdb.connect() as con:
        tables = open_raw(con, folder).tables
        return {name: con.sql(f"from raw.{name}").pl() for name in tables}
