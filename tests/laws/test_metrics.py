"""Every metric is what the delivered rows say, and its slices add up."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from queries.registry import DIMENSIONS, kpis
from tests.laws.asking import count, rows
from tests.laws.outcomes import Delivery
from tests.laws.recomputed import OWN, SHARES, expected

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.build import Report
    from tests.laws.delivered import Raw

KEY = ["day", "market"]
NOTHING = 1e-5
"""Share by which two sums may differ: USD are kept to a millionth."""


@pytest.fixture(scope="module")
def delivery(raw: Raw, built: Report) -> Iterator[Delivery]:
    """The delivered rows, worked out once for every metric."""
    with queries.connect(built.database) as con:
        yield Delivery(raw, con)


def test_every_metric_is_worked_out_again() -> None:
    """A metric of ours without a second way to its numbers is not to be believed."""
    assert set(kpis()) == {*SHARES, *OWN}


@pytest.mark.parametrize("code", sorted(kpis()))
def test_a_metric_is_what_the_delivered_rows_say(
    code: str, con: duckdb.DuckDBPyConnection, delivery: Delivery
) -> None:
    """By local day and market, numerator and denominator."""
    sql = f"""
        select day, value_a as market, numerator, denominator from kpis.{code}
        where dimension_a = 'market' and dimension_b is null
    """
    own = expected(code, delivery)
    both = rows(con, sql).join(own, on=KEY, how="full", coalesce=True, suffix="_own")
    assert both.height > 10
    for part in ("numerator", "denominator"):
        shown, told = both[part].fill_null(0.0), both[f"{part}_own"].fill_null(0.0)
        gaps = both.filter((shown - told).abs() > NOTHING * (1.0 + told.abs()))
        assert gaps.is_empty(), f"{part} of {code}: {gaps.head(5)}"
    assert both["numerator"].sum() > 0


# ---------------------------------------------------------------- slices


@pytest.mark.parametrize("code", sorted(one for one, kpi in kpis().items() if kpi.is_of_cube))
def test_slices_sum_to_the_total(code: str, con: duckdb.DuckDBPyConnection) -> None:
    """Whatever a metric is grouped by, its parts are those of the day."""
    sql = f"""
        select day, dimension_a, dimension_b, sum(numerator) as top, sum(denominator) as bottom,
            sum(n) as n
        from kpis.{code} group by all
    """
    sums = rows(con, sql)
    groupings = 1 + len(DIMENSIONS) + len(DIMENSIONS) * (len(DIMENSIONS) - 1) // 2
    assert sums.select("dimension_a", "dimension_b").unique().height == groupings
    total = sums.filter(pl.col("dimension_a").is_null()).select("day", "top", "bottom", "n")
    both = sums.join(total, on="day", suffix="_total")
    assert both.height == sums.height
    for part in ("top", "bottom", "n"):
        apart = (both[part] - both[f"{part}_total"]).abs().fill_null(0.0).max()
        assert apart == pytest.approx(0.0, abs=1e-6)


def test_groupings_are_those_of_the_leaves(con: duckdb.DuckDBPyConnection) -> None:
    """Each of two dimensions, straight from the orders."""
    names = sorted(DIMENSIONS)
    for first, second in pairwise(names):
        straight = f"""
            select day, {first} as value_a, {second} as value_b, count(*) as orders,
                sum(gmv_usd) as gmv_usd, sum(refunded_orders) as refunded
            from metrics.order_outcomes group by all
        """
        made = f"""
            select day, value_a, value_b, orders, gmv_usd, refunded_orders from metrics.groupings
            where dimension_a = '{first}' and dimension_b = '{second}'
        """
        assert count(con, f"({straight}) except ({made})") == 0
        assert count(con, f"({made}) except ({straight})") == 0


def test_the_cube_counts_nothing_that_does_not_add_up() -> None:
    """No distinct count: of two slices it would be more than of both."""
    for name in ("order_outcomes", "cube", "groupings"):
        assert "distinct" not in queries.get(f"metrics/{name}").sql


# ---------------------------------------------------------------- days that may be compared


def test_days_without_verdicts_are_immature(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """The outage of the calendar, checked in the labels: a metric of labels skips these days."""
    outage = raw("calendar").filter(pl.col("kind") == "outage")
    known = raw("labels")["known_at"].dt.date()
    gaps = rows(con, "select day from metrics.label_gaps order by day")["day"].to_list()
    assert gaps
    assert not set(gaps) & set(known)
    assert gaps[0] == outage["starts_at"].dt.date()[0]
    kpi = kpis()["bad_order_rate"]
    first, last = (
        rows(con, f"select {end}(day) from metrics.cube").item() for end in ("min", "max")
    )
    series = queries.run(
        con,
        "pages/metrics/series",
        kpi=kpi.code,
        dimension_a="",
        dimension_b="",
        markets=[],
        since=first,
        until=last,
        maturity_days=kpi.maturity_days,
        labels=kpi.labels,
        least_n=30,
    )
    immature = set(series.filter(~pl.col("is_mature"))["day"])
    due = {day for day in series["day"] if (gaps[0] - day).days == kpi.maturity_days}
    assert due
    assert due <= immature
    assert last in immature
    assert series["is_mature"].sum() > 30
