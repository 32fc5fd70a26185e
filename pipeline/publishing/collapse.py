"""A build that says far less than the served one about the same marketplace is not published.

A partition that was lost, an export of the wrong month or one wrong clock leaves a file that is
whole and says nothing. Whoever reads it sees an empty queue and thinks that all is well, so the
last good file goes on being served until a person says otherwise.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.errors import BuildError
from pipeline.inputs.clocks import quiet_doubt
from pipeline.publishing.same_market import is_same_market

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.publishing.order import Order
    from pipeline.settings.inputs import PublishSettings

_TABLES = "select table_name from duckdb_tables() where schema_name = 'staging' order by 1"
_QUIET = """
select d.as_of, max(o.day) from meta.delivery as d
left join staging.orders as o on o.day < d.as_of group by d.as_of
"""


def refuse_lost_rows(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    order: Order,
    write: Callable[..., None],
) -> None:
    """Write `staging`, and raise BuildError where it holds no orders of late, or far fewer rows."""
    write(con, on_progress=on_progress)
    settings = order.settings.publishing
    _refuse_quiet_days(con, order)
    with _comparable(con, order) as served:
        if served:
            tables = {row[0] for row in served.execute(_TABLES).fetchall()}
            for (table,) in con.execute(_TABLES).fetchall():
                then = queries.row_count(served, f"staging.{table}") if table in tables else 0
                now = queries.row_count(con, f"staging.{table}")
                if then >= settings.least_rows and now < settings.least_share * then:
                    raise _collapse(order, f"{now:,} rows of {table}", f"{then:,}", settings)


def refuse_lost_alerts(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Raise BuildError where far fewer alerts are left than the served file has."""
    settings = order.settings.publishing
    with _comparable(con, order) as served:
        if served:
            then = queries.row_count(served, "alerts.alerts")
            now = queries.row_count(con, "alerts.alerts")
            if then >= settings.least_alerts and now < settings.least_share * then:
                raise _collapse(order, f"{now:,} alerts", f"{then:,}", settings)


@contextmanager
def _comparable(
    con: duckdb.DuckDBPyConnection, order: Order
) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The served file, where it is of the same marketplace and nobody said to publish anyway."""
    if order.force or not order.database.is_file():
        yield None
        return
    try:
        served = queries.connect(order.database)
    except duckdb.Error:
        yield None
        return
    with served:
        yield served if _has_same_market(con, served) else None


def _has_same_market(con: duckdb.DuckDBPyConnection, served: duckdb.DuckDBPyConnection) -> bool:
    try:
        return is_same_market(con, served)
    except (duckdb.Error, TypeError):  # of another release, or without an order
        return False


def _refuse_quiet_days(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    as_of, last = (con.execute(_QUIET).fetchall() or [(None, None)])[0]
    if as_of is None:
        return  # a delivery without orders is refused by whoever asks for the day
    attempts = queries.row_count(con, "staging.order_attempts") if last is None else 0
    if attempts:
        raise BuildError(
            f"None of {attempts:,} orders before {as_of} has a time of payment (orders.paid_at).",
            "An order counts once it is paid; at least 30 days of paid orders are needed.",
            "Deliver paid_at, as created_at where no other moment is known.",
        )
    doubt = quiet_doubt(as_of, last, order.settings.publishing.quiet_days)
    if doubt and (last is None or not order.force):
        found, expected, remedy = doubt
        more = f", or say --force. {_served(order.database)}" if last else "."
        raise BuildError(found, expected, remedy + more)


def _collapse(order: Order, now: str, then: str, settings: PublishSettings) -> BuildError:
    return BuildError(
        f"This build has {now}, the one that is served has {then}.",
        f"At least {settings.least_share:.0%} of them were expected: it is the same marketplace.",
        f"See what is missing in {order.data}. If it is right, build again with --force. "
        f"{_served(order.database)}",
    )


def _served(database: Path) -> str:
    return f"{database} is unchanged." if database.is_file() else "Nothing was published."
