"""What says far less than the served file about the same marketplace is not published."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.errors import BuildError
from pipeline.publishing.collapse import refuse_lost_alerts, refuse_lost_rows
from pipeline.publishing.order import Order

if TYPE_CHECKING:
    from pathlib import Path

LAST = date(2026, 6, 30)
AS_OF = LAST + timedelta(days=1)


def market(
    con: duckdb.DuckDBPyConnection,
    orders: int = 400,
    alerts: int = 60,
    reviews: int = 300,
    as_of: date = AS_OF,
    name: str = "ord",
) -> duckdb.DuckDBPyConnection:
    """The tables that are compared: forty orders on each of the last days."""
    start = datetime(2026, 6, 21, 9)  # noqa: DTZ001 - UTC without a zone, as stored
    made = [start + timedelta(days=n % 10) for n in range(orders)]
    frame = pl.DataFrame(
        {
            "order_id": [f"{name}_{n}" for n in range(orders)],
            "buyer_id": [f"buy_{n % 7}" for n in range(orders)],
            "merchant_id": [f"mer_{n % 3}" for n in range(orders)],
            "created_at": made,
            "day": [moment.date() for moment in made],
        }
    )
    for schema in ("staging", "alerts", "meta"):
        con.execute(f"create schema {schema}")
    con.register("frame", frame)
    con.execute("create table staging.orders as from frame")
    con.execute("create table staging.order_attempts (order_id bigint)")
    con.execute("create table staging.reviews as select * from range(?)", [reviews])
    con.execute("create table alerts.alerts as select * from range(?)", [alerts])
    con.execute("create table meta.delivery as select ? as as_of", [as_of])
    return con


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """A build into a folder that serves a file of 400 orders and 60 alerts."""
    made = Order(tmp_path / "raw", tmp_path)
    market(duckdb.connect(str(made.database))).close()
    return made


def written(_con: duckdb.DuckDBPyConnection, on_progress: object) -> None:
    """Staging as it stands."""


def publish(order: Order, **tables: object) -> None:
    """Ask what a build asks before it publishes."""
    with closing(market(duckdb.connect(), **tables)) as con:  # type: ignore[arg-type]
        refuse_lost_rows(con, lambda *_: None, order, written)
        refuse_lost_alerts(con, order)


@pytest.mark.parametrize(
    "tables", [{}, {"alerts": 31}, {"reviews": 151}, {"orders": 240}, {"alerts": 900}]
)
def test_what_moves_a_little_is_published(order: Order, tables: dict[str, object]) -> None:
    """Alerts close, late corrections come in."""
    publish(order, **tables)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"alerts": 0}, "This build has 0 alerts, the one that is served has 60."),
        ({"alerts": 29}, "This build has 29 alerts, the one that is served has 60."),
        ({"reviews": 10}, "This build has 10 rows of reviews, the one that is served has 300."),
        ({"orders": 150}, "This build has 150 rows of orders, the one that is served has 400."),
    ],
)
def test_a_collapse_is_said_with_both_figures(
    order: Order, tables: dict[str, object], said: str
) -> None:
    """And with what to do, and that nothing was changed."""
    before = order.database.read_bytes()
    with pytest.raises(BuildError) as refused:
        publish(order, **tables)
    assert refused.value.found == said
    assert "--force" in refused.value.remedy
    assert f"{order.database} is unchanged." in refused.value.remedy
    assert order.database.read_bytes() == before
    publish(Order(order.data, order.out, force=True), **tables)


def test_another_marketplace_or_no_file_is_no_collapse(order: Order, tmp_path: Path) -> None:
    """A smaller sample in the same folder replaces a larger one."""
    publish(order, orders=20, alerts=0, reviews=0, name="other")
    publish(Order(order.data, tmp_path / "new"), orders=20, alerts=0, reviews=0)
    order.database.write_bytes(b"no database")
    publish(order, orders=20, alerts=0, reviews=0)


def test_a_day_long_after_the_last_order_is_doubted(order: Order) -> None:
    """Every window would be empty; a week of silence is not yet that."""
    publish(order, as_of=AS_OF + timedelta(days=6))
    with pytest.raises(BuildError, match="7 days without an order"):
        publish(order, as_of=AS_OF + timedelta(days=7))
    publish(Order(order.data, order.out, force=True), as_of=AS_OF + timedelta(days=7))


def test_a_day_before_the_first_order_is_no_day_of_a_build(order: Order) -> None:
    """Not even by force: there is nothing to build."""
    for force in (False, True):
        with pytest.raises(BuildError, match="no paid orders before 2026-06-01"):
            publish(Order(order.data, order.out, force=force), as_of=date(2026, 6, 1))


def test_orders_that_nobody_paid_are_told_from_a_day_too_early(order: Order) -> None:
    """No later day helps them."""
    with closing(market(duckdb.connect(), orders=0)) as con:
        con.execute("insert into staging.order_attempts select * from range(40)")
        with pytest.raises(BuildError, match=r"None of 40 orders .* \(orders.paid_at\)") as refused:
            refuse_lost_rows(con, lambda *_: None, order, written)
    assert "--as-of" not in refused.value.remedy
