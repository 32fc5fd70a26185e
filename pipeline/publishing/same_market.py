"""Whether two deliveries are of one marketplace: only then can one be held against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries

if TYPE_CHECKING:
    from datetime import date

    import duckdb

_SAME_ORDERS = 0.9
"""Share of a day's orders that two deliveries of one marketplace have in common at least: a late
correction may move a few of them."""
_ENTITY = ("entity_type", "entity_id")
_ORDER = ("order_id", "buyer_id", "merchant_id", "created_at")


def is_same_market(con: duckdb.DuckDBPyConnection, served: duckdb.DuckDBPyConnection) -> bool:
    """Whether on the first day that both hold, the orders of the smaller one are in the larger.

    Ids alone say little (two marketplaces may both count from one), a delivery may begin later
    than the one before it, and one that lost half of its orders is still of the same marketplace.
    Where scores came alone, whom they name is all there is.
    """
    begin = "select min(day) from staging.orders"
    days = [queries.scalar(one, begin) for one in (con, served)]
    if None not in days:
        return _share_rows(con, served, ("orders", _ORDER), max(days))
    return days[0] == days[1] and _share_rows(con, served, ("scored_entities", _ENTITY))


def _share_rows(
    con: duckdb.DuckDBPyConnection,
    served: duckdb.DuckDBPyConnection,
    keyed: tuple[str, tuple[str, ...]],
    day: date | None = None,
) -> bool:
    """Whether most rows of the smaller of two staging tables, of a day or all, are in the other."""
    table, key = keyed
    sql = f"select {', '.join(key)} from staging.{table} {'where day = $day' if day else ''}"
    params = {"day": day} if day else None
    now, then = (one.sql(sql, params=params).pl() for one in (con, served))
    same: int = then.join(now, on=list(key), how="semi", nulls_equal=True).height
    return bool(same) and same >= _SAME_ORDERS * min(then.height, now.height)
