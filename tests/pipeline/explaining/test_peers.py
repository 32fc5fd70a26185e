"""Everybody is compared with the narrowest group that is large enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb


def test_peers_are_the_narrowest_group_that_is_large_enough(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Ten in a market are too few, then all markets stand in; ten of an age, then everybody."""
    sellers = con.sql("from explanations.peer_groups where entity_type = 'merchant'").pl()
    groups = sizes(con, "merchant")
    assert set(groups) == set(sellers["peer_group"])
    settled = "home, 90 to 364 days old"
    assert groups == {
        f"US / {settled}": 140,
        f"all markets / {settled}": 150,
        "all merchants": 160,
    }
    where = dict(sellers.select("entity_id", "peer_group").unique().iter_rows())
    assert where[tiny.name("merchant", 0)] == f"all markets / {settled}"
    assert where[tiny.name("merchant", 159)] == "all merchants"


def sizes(con: duckdb.DuckDBPyConnection, entity_type: str) -> dict[str, int]:
    """Members of each peer group of a type."""
    usual = con.sql(f"select * from explanations.peers where entity_type = '{entity_type}'").pl()
    return dict(usual.select("peer_group", "peer_count").unique().iter_rows())


def test_buyers_have_no_category_to_widen_from(con: duckdb.DuckDBPyConnection) -> None:
    """Beyond their market they are compared with all buyers of their age."""
    groups = sizes(con, "buyer")
    settled = "90 to 364 days old"
    assert groups == {f"US, {settled}": 280, f"all buyers, {settled}": 290, "all buyers": 300}


def test_peer_quartiles_are_those_of_the_group(con: duckdb.DuckDBPyConnection) -> None:
    """Median and quartiles recompute from the feature table."""
    values = (
        con.sql("select * from features.merchant")
        .pl()
        .filter(
            (pl.col("as_of") == tiny.AS_OF)
            & pl.col("merchant_id").is_in([tiny.name("merchant", n) for n in range(10, 150)])
        )["order_count_30d"]
    )
    usual = con.sql("select * from explanations.peers").pl()
    group = usual.row(
        by_predicate=(pl.col("feature") == "order_count_30d")
        & (pl.col("peer_group") == "US / home, 90 to 364 days old")
        & (pl.col("entity_type") == "merchant"),
        named=True,
    )
    assert group["peer_median"] == pytest.approx(values.median())
    assert group["peer_low"] == pytest.approx(values.quantile(0.25, "linear"))
    assert group["peer_high"] == pytest.approx(values.quantile(0.75, "linear"))
