"""The timeline of a subject: its own lines, the calendar beside them and on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

import queries

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    Row = dict[str, Any]


def test_the_calendar_stands_beside_the_days(
    con: duckdb.DuckDBPyConnection, small_world: Path
) -> None:
    """No line of its own unless asked for; each day says what the delivered calendar holds."""
    merchant, market = con.execute(
        "select o.merchant_id, m.market from staging.orders as o "
        "inner join staging.merchants as m on o.merchant_id = m.merchant_id "
        "group by all order by count(*) desc, o.merchant_id limit 1"
    ).fetchall()[0]
    who = {"entity_type": "merchant", "entity_id": merchant, "market": market}
    page = {"limit": 500, "offset": 0}
    lines = queries.run(con, "pages/investigate/timeline", **who, **page, kinds=[])
    assert "calendar" not in lines["kind"]
    delivered = pl.read_parquet(small_world / "calendar.parquet").filter(
        pl.col("market").is_null() | (pl.col("market") == market)
    )
    told = 0
    for row in lines.unique("day").iter_rows(named=True):
        held = delivered.filter(
            (pl.col("starts_at").dt.date() <= row["day"])
            & (pl.col("ends_at").dt.date() >= row["day"])
        )
        assert all(title in (row["calendar"] or "") for title in held["title"])
        told += len(held)
    assert told
    asked = queries.run(con, "pages/investigate/timeline", **who, **page, kinds=["calendar"])
    assert set(asked["kind"]) == {"calendar"}
    assert asked["calendar"].is_null().all()
