"""What the stage writes of a small marketplace, from tables as a build makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.noticing import stage
from pipeline.settings.build import Settings
from queries.registry import kpis
from tests.pipeline.noticing.marketplace import DAYS, MARKETS, Marketplace, day
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

GAP = 60
"""The first of three days without labels."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A marketplace: refunds of GB toys rise from day 40 to 49, labels stop for three days.

    Whatever orders those days have is bad by no label.
    """
    place = Marketplace.of(21)
    unlabelled = Marketplace(place.orders, place.bad.copy())
    place.bad[40:50, 0, 2] += place.orders[40:50, 0, 2] // 2
    hidden = kpis()["bad_order_rate"].maturity_days
    unlabelled.bad[GAP - hidden : GAP - hidden + 3] = 0
    values = {
        "orders": place.rows(place.orders, None),
        "refund_rate": place.rows(place.bad, place.orders),
        "bad_order_rate": unlabelled.rows(unlabelled.bad, place.orders),
    }
    with duckdb.connect() as own:
        create_schemas(own)
        for code in kpis():
            _put(own, f"kpis.{code}", values.get(code, values["orders"].clear()))
        _put(own, "metrics.groupings", values["orders"])
        markets = [(market, True, day(0), day(DAYS - 1)) for market in MARKETS]
        columns = ["market", "has_orders", "first_whole_day", "last_whole_day"]
        _put(own, "metrics.clocks", pl.DataFrame(markets, schema=columns, orient="row"))
        gap = pl.DataFrame({"day": [day(GAP + n) for n in range(3)]})
        _put(own, "metrics.label_gaps", gap)
        columns = "kind varchar, title varchar, market varchar, "
        own.execute(
            f"create table metrics.events ({columns} starts_at timestamp, ends_at timestamp)"
        )
        yield own


def _put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("_frame", frame)
    con.execute(f"create or replace table {table} as select * from _frame")
    con.unregister("_frame")


def _written(con: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    stage.write(con, Settings(), lambda *_: None)
    return {
        name: con.sql(f"from noticing.{name}").pl() for name in ("movements", "bands", "budget")
    }


def test_a_movement_says_what_the_rows_say(con: duckdb.DuckDBPyConnection) -> None:
    """Its value, recomputed from the rows of its slice and days by another way."""
    moved = _written(con)["movements"].row(0, named=True)
    assert (moved["metric"], moved["value_a"], moved["value_b"]) == ("refund_rate", "Toys", "GB")
    assert abs(moved["first_day"] - day(40)) <= timedelta(days=1)
    top, bottom, n = con.execute(
        "select sum(numerator), sum(denominator), sum(n) from kpis.refund_rate "
        "where value_a = 'Toys' and value_b = 'GB' and day between ? and ?",
        [moved["first_day"], moved["last_day"]],
    ).fetchone() or (0.0, 0.0, 0.0)
    assert moved["n"] == n
    assert moved["actual"] == pytest.approx(top / bottom)
    assert moved["change"] == pytest.approx(moved["actual"] / moved["expected"] - 1.0)
    assert moved["direction"] == "bad"
    waits = timedelta(days=kpis()["refund_rate"].maturity_days)
    assert (
        moved["first_day"] + waits
        <= moved["noticed_on"]
        <= moved["first_day"] + waits + timedelta(days=3)
    )


def test_a_gap_in_the_labels_is_no_improvement(con: duckdb.DuckDBPyConnection) -> None:
    """The days whose verdicts could not arrive are not compared; read raw, they look good."""
    written = _written(con)["movements"]
    good = written.filter(pl.col("metric") == "bad_order_rate", pl.col("direction") == "good")
    assert good.is_empty()
    con.execute("delete from metrics.label_gaps")
    raw = _written(con)["movements"]
    assert raw.filter(pl.col("metric") == "bad_order_rate", pl.col("direction") == "good").height


def test_the_band_holds_most_days_and_each_once(con: duckdb.DuckDBPyConnection) -> None:
    """Nineteen in twenty of the quiet ones, about; a row a day and value."""
    band = _written(con)["bands"]
    assert band.select("metric", "day", "dimension_a", "value_a").is_duplicated().sum() == 0
    assert (band["low"] <= band["expected"]).all()
    assert (band["expected"] <= band["high"]).all()
    seen = con.sql("from kpis.orders where dimension_b is null").pl()
    keys = ["day", "dimension_a", "value_a"]
    both = band.filter(pl.col("metric") == "orders").join(seen, on=keys, nulls_equal=True)
    assert both["numerator"].is_between(both["low"], both["high"]).mean() >= 0.85


def test_pages_read_what_is_written(con: duckdb.DuckDBPyConnection) -> None:
    """By metric, market and days, most conspicuous first."""
    written = _written(con)["movements"]
    everything = {"kpis": [], "markets": [], "since": day(0), "until": day(DAYS), "limit": 100}
    assert queries.run(con, "pages/metrics/movements", **everything).height == written.height
    us = queries.run(con, "pages/metrics/movements", **{**everything, "markets": ["US"]})
    assert "GB" not in {*us["value_a"], *us["value_b"]}
    late = queries.run(con, "pages/metrics/movements", **{**everything, "since": day(70)})
    assert (late["last_day"] >= day(70)).all()
    asked = {"kpi": "orders", "dimension_a": "market", "value_a": "GB"}
    days = {"since": day(20), "until": day(29)}
    assert queries.run(con, "pages/metrics/band", **asked, **days).height == 10
    budget = queries.run(con, "pages/metrics/alarm_budget")
    assert budget["metric"].to_list() == sorted(kpis())
    settings = Settings().noticing
    assert budget["false_alarms_a_week"].sum() == pytest.approx(settings.false_alarms_a_week)


def test_without_orders_there_is_nothing_and_no_error(con: duckdb.DuckDBPyConnection) -> None:
    """A build of scores alone has empty tables with the same columns."""
    con.execute("delete from metrics.groupings")
    empty = _written(con)
    assert all(frame.is_empty() for frame in empty.values())
    assert empty["movements"].columns == list(stage.MOVEMENTS)


def test_a_stricter_rate_names_no_more(con: duckdb.DuckDBPyConnection) -> None:
    """The share of false discoveries is a setting that does what it says."""
    many = _written(con)["movements"].height
    settings = Settings()
    strict = replace(settings, noticing=replace(settings.noticing, q=1e-30))
    stage.write(con, strict, lambda *_: None)
    assert queries.row_count(con, "noticing.movements") <= many
