"""Whether two deliveries are of one marketplace: only then can one be held against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    import duckdb
    import polars as pl

_SAME_ORDERS = 0.9
"""Share of a day's orders that two deliveries of one marketplace have in common at least: a late
correction may move a few of them."""
_ORDER = ("order_id", "buyer_id", "merchant_id", "created_at")


def is_same_market(con: duckdb.DuckDBPyConnection, served: duckdb.DuckDBPyConnection) -> bool:
    """Whether on the first day that both hold, the orders of the smaller one are in the larger.

    Ids alone say little (two marketplaces may both count from one), a delivery may begin later
    than the one before it, and one that lost half of its orders is still of the same marketplace.
    """
    begin = "select min(day) from staging.orders"
    day = max(queries.scalar(con, begin), queries.scalar(served, begin))
    sql = f"select {', '.join(_ORDER)} from staging.orders where day = $day"
    now, then = (one.sql(sql, params={"day": day}).pl() for one in (con, served))
    same: int = _same(then, now)
    return bool(same) and same >= _SAME_ORDERS * min(then.height, now.height)


def _same(then: pl.DataFrame, now: pl.DataFrame) -> int:
    return then.join(now, on=_ORDER, how="semi", nulls_equal=True).height
