"""What the stage writes of a small marketplace, from tables as a build makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from pipeline.noticing import stage
from pipeline.settings.build import Settings
from queries.registry import kpis
from tests.pipeline.noticing.marketplace import CATEGORIES, DAYS, MARKETS, Marketplace, day
from tests.schemas import create_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

RINGLEADER = "mer_ring"
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
        markets = [(market, "UTC", True, day(0), day(DAYS - 1)) for market in MARKETS]
        columns = ["market", "time_zone", "has_orders", "first_whole_day", "last_whole_day"]
        _put(own, "metrics.clocks", pl.DataFrame(markets, schema=columns, orient="row"))
        gap = pl.DataFrame({"day": [day(GAP + n) for n in range(3)]})
        _put(own, "metrics.label_gaps", gap)
        columns = "kind varchar, title varchar, market varchar, "
        columns = f"event_id varchar, {columns} starts_at timestamp, ends_at timestamp"
        own.execute(f"create table metrics.events ({columns})")
        _put(own, "metrics.order_outcomes", _orders(place))
        members = {"entity_type": "merchant", "entity_id": RINGLEADER, "ring_id": "rng_1"}
        part = {"typology": "T9_REFUND_ABUSE", "role": "shop"}
        _put(own, "rings.members", pl.DataFrame([{**members, **part}]))
        _put(own, "rings.rings", pl.DataFrame([{"ring_id": "rng_1", **part}]))
        name = {"entity_type": "merchant", "entity_id": RINGLEADER, "name": "Ring", "market": "GB"}
        _put(own, "graph.entities", pl.DataFrame([name]))
        yield own


def _orders(place: Marketplace) -> pl.DataFrame:
    """A row an order; of those of GB toys that went wrong from day 40 to 49 most are one shop's."""
    rows = []
    for n, (m, market), (c, category) in product(
        range(DAYS), enumerate(MARKETS), enumerate(CATEGORIES)
    ):
        attacked = (m, c) == (0, 2) and 40 <= n < 50
        for number in range(int(place.orders[n, m, c])):
            is_bad = number < place.bad[n, m, c]
            shop = RINGLEADER if attacked and is_bad and number > 3 else f"mer_{number % 7}"
            rows.append((day(n), market, category, shop, int(is_bad)))
    schema = ["day", "market", "category", "merchant_id", "refunded_orders"]
    own = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("order_id")
    sliced = ("channel", "merchant_tier", "buyer_age", "payment_method", "creator_tier")
    nobody = ("product_id", "creator_id", "buyer_id")
    cube = [kpi for kpi in kpis().values() if kpi.is_of_cube]
    others = {one.numerator for one in cube} | {one.denominator for one in cube}
    others -= {None, "orders", "refunded_orders"}
    return own.with_columns(
        pl.lit(1).alias("orders"),
        *(pl.lit(0).alias(name) for name in sorted(others)),
        *(pl.lit("any").alias(name) for name in sliced),
        *(pl.lit(None, pl.String).alias(name) for name in nobody),
    )


def _put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("_frame", frame)
    con.execute(f"create or replace table {table} as select * from _frame")
    con.unregister("_frame")


def _written(con: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    stage.write(con, Settings(), lambda *_: None)
    return {
        name: con.sql(f"from noticing.{name}").pl()
        for name in ("movements", "bands", "budget", "causes", "behind", "event_studies")
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


def test_a_movement_leads_to_its_cause_and_to_who_is_behind_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """No event was known, so it is the ring, and of the ring the shop."""
    written = _written(con)
    key = written["movements"]["movement_id"][0]
    causes = written["causes"].filter(pl.col("movement_id") == key)
    assert causes["cause"][0] == "ring"
    assert causes["share"].sum() == pytest.approx(1.0)
    behind = written["behind"].filter(pl.col("movement_id") == key)
    largest = behind.group_by("entity_type", maintain_order=True).first()
    found = dict(largest.select("entity_type", "entity_id").iter_rows())
    assert found == {"ring": "rng_1", "merchant": RINGLEADER}
    assert set(behind.filter(pl.col("ring_id") == "rng_1")["typology"]) == {"T9_REFUND_ABUSE"}
    assert behind["share"].min() >= Settings().noticing.behind_share


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
    everything: dict[str, object] = {
        "kpis": [],
        "markets": [],
        "since": day(0),
        "until": day(DAYS),
        "limit": 100,
    }
    assert queries.run(con, "pages/metrics/movements", **everything).height == written.height
    us = queries.run(con, "pages/metrics/movements", **{**everything, "markets": ["US"]})
    assert "GB" not in {*us["value_a"], *us["value_b"]}
    late = queries.run(con, "pages/metrics/movements", **{**everything, "since": day(70)})
    assert (late["last_day"] >= day(70)).all()
    asked = {"kpi": "orders", "dimension_a": "market", "value_a": "GB"}
    days = {"since": day(20), "until": day(29)}
    assert queries.run(con, "pages/metrics/band", **asked, **days).height == 10
    for name in ("causes", "behind"):
        ids = written["movement_id"].to_list()
        every = queries.run(con, f"pages/metrics/movement_{name}", movement_ids=ids)
        assert every.height == queries.row_count(con, f"noticing.{name}")
        assert queries.run(con, f"pages/metrics/movement_{name}", movement_ids=["mov_0"]).is_empty()
    budget = queries.run(con, "pages/metrics/alarm_budget")
    settings = Settings().noticing
    asked = [code for code, kpi in kpis().items() if kpi.window == "day"]
    assert set(budget["metric"]) == set(asked) - set(settings.left_out)
    assert budget["false_alarms_a_week"].sum() == pytest.approx(settings.false_alarms_a_week)


def test_an_announced_change_is_asked_for_by_itself(con: duckdb.DuckDBPyConnection) -> None:
    """A rule of GB on day 44: what it is compared over, and that a page reads it."""
    con.execute(
        "insert into metrics.events by name select 'pol_1' as event_id, 'policy' as kind, "
        "'Small claims' as title, 'GB' as market, ? as starts_at, ? as ends_at",
        [day(44), day(44)],
    )
    last = day(DAYS - 1 - kpis()["refund_rate"].maturity_days)
    studies = _written(con)["event_studies"]
    refunds = studies.row(by_predicate=pl.col("metric") == "refund_rate", named=True)
    assert (refunds["day"], refunds["since"], refunds["until"]) == (day(44), day(16), last)
    top, bottom = con.execute(
        "select sum(refunded_orders), count(*) from metrics.order_outcomes "
        "where market = 'GB' and merchant_id <> ? and day between ? and ?",
        [RINGLEADER, day(16), day(43)],
    ).fetchone() or (0.0, 0.0)
    assert refunds["n_before"] == bottom
    assert refunds["before"] == pytest.approx(top / bottom)
    asked = {"since": day(0), "until": day(DAYS)}
    shown = queries.run(con, "pages/metrics/event_studies", markets=[], **asked)
    assert shown["event_id"].to_list() == ["pol_1"]
    assert shown["metrics"].to_list() == [studies.height]
    us = queries.run(con, "pages/metrics/event_studies", markets=["US"], **asked)
    assert us.is_empty()


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
