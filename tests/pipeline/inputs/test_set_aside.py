"""Rows that break a rule are set aside with whatever refers to them, up to a stated share."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.errors import InputError
from pipeline.inputs import ingest
from pipeline.settings.inputs import InputSettings
from tests import raw_folder
from tests.pipeline.inputs.deliveries import Examined, examined

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 200
pytestmark = pytest.mark.slow  # each reads a whole delivery


def without_a_buyer(folder: Path) -> Path:
    """A delivery in which one of two hundred buyers was erased."""
    tables = raw_folder.frames(ROWS)
    tables["buyers"] = tables["buyers"].filter(pl.col("buyer_id") != "buyer_id_7")
    return raw_folder.write(folder, tables)


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """What is made of it."""
    return examined(without_a_buyer(tmp_path_factory.mktemp("erased")))


def test_an_erased_buyer_takes_his_rows_along_and_nothing_else(erased: Examined) -> None:
    """His order goes, what refers to the order goes, every other row stays."""
    assert erased.said("refused") == []
    assert ("orders", "buyer_id", 1, "refers to no buyers.buyer_id") in erased.said("set aside")
    follows = "refers to a row of orders that is set aside"
    assert ("shipments", "order_id", 1, follows) in erased.said("set aside")
    assert "order_id_7" not in erased.kept["orders"]["order_id"]
    assert "order_id_7" not in erased.kept["refunds"]["order_id"]
    whole = raw_folder.frames(ROWS)
    lost = {name: whole[name].height - frame.height for name, frame in erased.kept.items()}
    assert lost.pop("buyers") == 1
    assert set(lost.values()) == {0, 1}
    assert {name for name, count in lost.items() if count} == set(
        erased.set_aside["raw_table"].unique()
    )


def test_a_row_set_aside_keeps_what_it_held_and_why(erased: Examined) -> None:
    """Its key, the column, the reason and every value, so that nothing is lost."""
    row = erased.set_aside.row(by_predicate=pl.col("raw_table") == "orders", named=True)
    assert (row["row_key"], row["column_name"]) == ("order_id_7", "buyer_id")
    assert row["reason"] == "refers to no buyers.buyer_id"
    assert json.loads(row["raw_values"])["buyer_id"] == "buyer_id_7"


def test_a_fault_names_its_first_rows(erased: Examined) -> None:
    """With the value that is at fault, and what share of the table they are."""
    sentences = [str(fault) for fault in erased.checked.faults]
    assert any("(order_id_7: buyer_id_7)" in one for one in sentences)
    assert all("Set aside: 0.50% of the table." in one for one in sentences)


@pytest.mark.parametrize(("tolerance", "verdict"), [(0.01, "set aside"), (0.0, "refused")])
def test_the_share_decides(tmp_path: Path, tolerance: float, verdict: str) -> None:
    """One row in two hundred is within one in a hundred, and beyond none at all."""
    found = examined(without_a_buyer(tmp_path), InputSettings(tolerance=tolerance))
    assert ("orders", "buyer_id", 1, "refers to no buyers.buyer_id") in found.said(verdict)
    assert found.kept["orders"].height == (ROWS - 1 if verdict == "set aside" else ROWS)
    assert "order_id_7" in found.kept["shipments"]["order_id"] or verdict == "set aside"


def test_a_refused_table_refuses_no_other(tmp_path: Path) -> None:
    """What refers to rows that would have been set aside is no fault of its own."""
    tables = raw_folder.frames(ROWS)
    tables["orders"] = tables["orders"].with_columns(channel=pl.lit("fax"))
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("refused") == [("orders", "channel", ROWS, "value is not on the list")]
    assert found.said("set aside") == []


def test_faults_add_up_to_the_share_of_a_table(tmp_path: Path) -> None:
    """Two faults of one row in a hundred each are two rows in a hundred."""
    tables = raw_folder.frames(ROWS)
    odd = pl.col("order_id")
    tables["orders"] = tables["orders"].with_columns(
        currency=pl.when(odd.is_in(["order_id_1", "order_id_2"]))
        .then(pl.lit("money"))
        .otherwise("currency"),
        quantity=pl.when(odd.is_in(["order_id_3", "order_id_4"])).then(-1).otherwise("quantity"),
    )
    found = examined(raw_folder.write(tmp_path, tables))
    assert [row[:3] for row in found.said("refused")] == [
        ("orders", "currency", 2),
        ("orders", "quantity", 2),
    ]


def test_clocks_of_carriers_may_disagree(tmp_path: Path) -> None:
    """A parcel delivered before dispatch and a review before its order are set aside."""
    tables = raw_folder.frames(ROWS)
    early = pl.col("order_id") == "order_id_9"
    for table, column in (("shipments", "delivered_at"), ("reviews", "created_at")):
        moved = pl.col(column) - timedelta(days=8)
        tables[table] = tables[table].with_columns(
            pl.when(early).then(moved).otherwise(column).alias(column)
        )
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("refused") == []
    assert {row[:3] for row in found.said("set aside")} == {
        ("shipments", "delivered_at", 1),
        ("reviews", "created_at", 1),
    }
    assert found.kept["orders"].height == ROWS


def test_of_a_row_delivered_twice_one_stays(tmp_path: Path) -> None:
    """The same to the letter is one row; what refers to it stays."""
    tables = raw_folder.frames(ROWS)
    tables["orders"] = pl.concat([tables["orders"], tables["orders"][:1]])
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("set aside") == [("orders", "order_id", 1, "duplicate key")]
    assert found.kept["orders"].height == ROWS
    assert found.kept["shipments"].height == ROWS
    assert found.set_aside.select("row_key", "reason").rows() == [("order_id_0", "duplicate key")]


def test_of_two_rows_at_odds_none_stays(tmp_path: Path) -> None:
    """Nobody can say which is right, so what refers to them goes too."""
    tables = raw_folder.frames(ROWS)
    other = tables["orders"][:1].with_columns(quantity=pl.lit(11, pl.Int64))
    tables["orders"] = pl.concat([tables["orders"], other])
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("set aside")[0] == (
        "orders",
        "order_id",
        2,
        "duplicate key of rows that differ",
    )
    assert found.kept["orders"].height == ROWS - 1
    assert found.kept["refunds"].height == ROWS - 1


def test_a_row_without_a_key_is_one_row(tmp_path: Path) -> None:
    """It can be set aside although nothing names it."""
    tables = raw_folder.frames(ROWS)
    key = pl.when(pl.col("review_id") == "review_id_3").then(None).otherwise("review_id")
    tables["reviews"] = tables["reviews"].with_columns(review_id=key)
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("set aside") == [("reviews", "review_id", 1, "value is missing")]
    assert found.kept["reviews"].height == ROWS - 1
    assert json.loads(found.set_aside["raw_values"][0])["order_id"] == "order_id_3"


def test_a_small_table_may_lose_a_few_followers_but_not_faults_of_its_own(tmp_path: Path) -> None:
    """Two disputes of one erased buyer among sixty are let go; two wrong ones are not."""
    tables = raw_folder.frames(ROWS)
    tables["buyers"] = tables["buyers"].filter(pl.col("buyer_id") != "buyer_id_7")
    both = tables["disputes"][:60].with_columns(
        order_id=pl.when(pl.col("dispute_id") == "dispute_id_8")
        .then(pl.lit("order_id_7"))
        .otherwise("order_id")
    )
    later = [pl.col(name) + timedelta(days=2) for name in ("event_at", "observed_at", "decided_at")]
    tables["disputes"] = both.with_columns(later)
    found = examined(raw_folder.write(tmp_path / "erased", tables))
    follows = "refers to a row of orders that is set aside"
    assert ("disputes", "order_id", 2, follows) in found.said("set aside")
    tables["disputes"] = both.with_columns(
        pl.when(pl.col("dispute_id") < "dispute_id_11")
        .then(pl.lit("x"))
        .otherwise("kind")
        .alias("kind")
    )
    assert "refused" in {
        f.verdict.value for f in examined(raw_folder.write(tmp_path / "own", tables)).checked.faults
    }


def test_a_build_keeps_what_was_set_aside(tmp_path: Path) -> None:
    """In `meta.set_aside`, counted in `meta.delivery`; staging lacks the rows."""
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, without_a_buyer(tmp_path), None, lambda *_: None)
        summary, count = con.execute(
            "select summary, rows_set_aside from meta.delivery"
        ).fetchall()[0]
        assert summary.startswith("Rows set aside: 1 of orders, 1 of shipments")
        named = "(select distinct raw_table, row_key from meta.set_aside)"
        assert count == queries.row_count(con, named)  # a row that breaks two rules is one row
        assert queries.row_count(con, "staging.shipments") == ROWS - 1
        assert (
            queries.scalar(con, "select count(*) from duckdb_schemas() where schema_name = 'aside'")
            == 0
        )


def test_a_refusal_says_how_much_is_too_much(tmp_path: Path) -> None:
    """The share of the table and the share that may be, so that one can be weighed."""
    with duckdb.connect() as con, pytest.raises(InputError) as refused:
        ingest.write(con, without_a_buyer(tmp_path), None, print, InputSettings(tolerance=0.0))
    said = "That is 0.50% of the table; up to 0.00% may be set aside (--tolerate)."
    assert said in refused.value.found


def test_a_row_of_a_small_table_that_refers_to_nothing_is_let_go(tmp_path: Path) -> None:
    """One of forty campaigns was run by a shop that is gone."""
    tables = raw_folder.frames(ROWS)
    tables["campaigns"] = tables["campaigns"][:40]
    tables["vouchers"] = tables["vouchers"].with_columns(campaign_id=pl.lit(None, pl.String))
    tables["orders"] = tables["orders"].with_columns(campaign_id=pl.lit(None, pl.String))
    tables["merchants"] = tables["merchants"].filter(pl.col("merchant_id") != "merchant_id_7")
    found = examined(raw_folder.write(tmp_path, tables))
    assert found.said("refused") == []
    assert ("campaigns", "merchant_id", 1, "refers to no merchants.merchant_id") in found.said(
        "set aside"
    )
