"""Whether pages can show money in the currency that a delivery asks for: one, with a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.inputs.faults import Fault

if TYPE_CHECKING:
    import duckdb

    from pipeline.inputs.raw_views import Delivered

TABLE = "display_currency"


def currency_faults(con: duckdb.DuckDBPyConnection, delivered: Delivered) -> list[Fault]:
    """What keeps money from being shown as `raw.display_currency` asks."""
    rows = con.execute(f"select currency, usd_per_unit from raw.{TABLE}").fetchall()
    if len(rows) > 1:
        named = tuple(sorted(str(row[0]) for row in rows))
        found = "more than one currency to show money in"
        remedy = "Deliver the one row that is meant."
        return [Fault(delivered.file, "currency", len(rows), found, remedy, examples=named)]
    if not rows or rows[0][1] is not None or rows[0][0] == "USD":
        return []
    sql = "select 1 from raw.orders where currency = $code and usd_per_unit > 0 limit 1"
    if con.execute(sql, {"code": rows[0][0]}).fetchall():
        return []
    found = f"no rate: no order is in {rows[0][0]}"
    remedy = "Deliver usd_per_unit beside it: what one unit is worth in USD."
    return [Fault(delivered.file, "usd_per_unit", 1, found, remedy)]
