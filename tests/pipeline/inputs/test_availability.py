"""What is not delivered, and what is off for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.inputs import availability, ingest
from pipeline.tables import names_off, store
from queries.packs import packs
from queries.predicates import predicate_lacks
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path


TWO_CASES = (
    "case when device_accounts >= 4 then 1 else 0 end + case when orders_90d >= 9 then 1 else 0 end"
)


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """Three rows of every table in staging, none of them with a tracking number or a dispute."""
    tables = raw_folder.frames()
    tables["disputes"] = tables["disputes"].clear()
    tables["declined_payments"] = tables["declined_payments"].with_columns(
        order_id=pl.lit(None, pl.String)
    )
    con = duckdb.connect()
    ingest.write(con, raw_folder.write(tmp_path, tables), None, lambda _table, _rows: None)
    return con


def test_a_table_without_a_row_and_a_column_without_a_value_are_missing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """An empty table says nothing, and then its columns are not named one by one."""
    missing = availability.missing_facts(con)
    assert "disputes" in missing
    assert "declined_payments.order_id" in missing
    assert not [fact for fact in missing if fact.startswith("disputes.")]


def test_every_row_says_what_is_off_and_for_want_of_what(con: duckdb.DuckDBPyConnection) -> None:
    """Feature, facts and sentence stand together."""
    availability.write(con, packs().values())
    off = con.sql("from meta.unavailable").pl()
    dispute_rate = off.filter(
        (pl.col("entity_type") == "merchant") & (pl.col("name") == "dispute_rate_90d")
    )
    assert dispute_rate["missing"].to_list() == [["disputes"]]
    assert dispute_rate["reason"].to_list() == ["Table disputes is not delivered"]
    assert "dispute_rate_90d" in names_off(con, "feature")["merchant"]
    facts = set(con.sql("select fact from meta.missing_facts").pl()["fact"])
    assert facts.issuperset(off["missing"].explode())


def test_what_was_off_stands_while_the_same_facts_are_missing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """And is asked of the SQL again as soon as one of them comes."""
    served = tmp_path / "served.duckdb"
    availability.write(con, packs().values())
    of_earlier = "select * replace ('said before' as reason) from meta.unavailable"
    tables = {"missing_facts": "from meta.missing_facts", "unavailable": of_earlier}
    with duckdb.connect(str(served)) as other:
        for name, rows in tables.items():
            store(other, f"meta.{name}", con.sql(rows).pl())
    availability.write(con, packs().values(), served)
    assert set(con.sql("from meta.unavailable").pl()["reason"]) == {"said before"}
    con.execute("update staging.declined_payments set order_id = 'ord_1'")
    availability.write(con, packs().values(), served)
    reasons = con.sql("from meta.unavailable").pl()["reason"]
    assert "said before" not in reasons
    assert "declined_payments.order_id is empty" not in reasons


def test_a_file_without_the_table_has_nothing_off() -> None:
    """A file of tests or of handed-over scores needs no such table."""
    assert names_off(duckdb.connect(), "feature") == {}


@pytest.mark.parametrize(
    ("predicate", "is_off"),
    [
        ("device_accounts >= 4 and orders_90d >= 2", True),
        ("device_accounts >= 4 or orders_90d >= 2", False),
        ("device_accounts >= 4 or device_accounts is null", True),
        ("orders_90d >= 2 and coalesce(device_accounts, 0.0) < 3", True),
        ("orders_90d >= 2 and not device_accounts >= 3", True),
        ("orders_90d >= 2", False),
        (f"{TWO_CASES} >= 1", False),
    ],
)
def test_a_signal_is_off_when_it_cannot_hold_or_would_hold_by_ignorance(
    predicate: str, is_off: bool
) -> None:
    """An `or` may still hold; an excuse for null may not be used up by everybody at once."""
    lacks = predicate_lacks(
        "buyer", predicate, {"device_accounts": frozenset({"orders.device_id"})}
    )
    assert bool(lacks) == is_off
