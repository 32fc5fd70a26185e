"""Who makes a metric that no order makes: the parts of all subjects are the metric."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from queries.registry import kpis
from tests.laws.asking import rows

if TYPE_CHECKING:
    from datetime import date

    import duckdb

EVENTS = (
    *("sign_ups", "declined_payments", "new_links", "price_drops", "removed_listings"),
    *("follower_steps", "voucher_claims", "gmv_at_risk", "commission_at_risk", "prevented_loss"),
)
KINDS = ("merchant", "creator", "product", "buyer")


def test_every_metric_of_its_own_that_adds_up_says_who_makes_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Stocks of people who wait aside, whom the queue shows, and gains of many followers."""
    own = {
        code
        for code, kpi in kpis().items()
        if not kpi.is_of_cube and kpi.is_additive and not code.startswith("backlog")
    }
    assert own - {"follower_gains"} == set(EVENTS)
    made = set(rows(con, "select distinct metric from alerts.metric_events")["metric"])
    assert made == set(EVENTS)


@pytest.mark.parametrize("code", EVENTS)
def test_subjects_sum_to_the_metric(code: str, con: duckdb.DuckDBPyConnection) -> None:
    """By day and market; of a stock what came in up to the day."""
    metric = rows(
        con,
        f"select day, value_a as market, numerator from kpis.{code} "
        "where dimension_a = 'market' and dimension_b is null",
    )
    events = rows(
        con,
        "select day, market, sum(amount) as amount from alerts.metric_events "
        f"where metric = '{code}' group by all",
    )
    if kpis()[code].window == "stock":
        every = metric.join(events, on=["day", "market"], how="full", coalesce=True).sort("day")
        summed = pl.col("amount").fill_null(0.0).cum_sum().over("market", order_by="day")
        both = every.with_columns(amount=summed).drop_nulls("numerator")
    else:
        both = metric.join(events, on=["day", "market"], how="full", coalesce=True)
    assert both.height > 10
    gaps = both.filter(
        (pl.col("numerator").fill_null(0.0) - pl.col("amount").fill_null(0.0)).abs()
        > 1e-6 * (1.0 + pl.col("numerator").fill_null(0.0).abs())
    )
    assert gaps.is_empty(), gaps.head(5)


@pytest.mark.parametrize("code", EVENTS)
def test_everybody_together_is_the_change(code: str, con: duckdb.DuckDBPyConnection) -> None:
    """Two weeks against one: by kind of subject, by ring, by kind of risk."""
    last = queries.scalar(con, "select max(day) from metrics.cube")
    spans = _spans(last)
    kpi, change = kpis()[code], 0.0
    sides = []
    for since, until in (spans["after"], spans["before"]):
        first = until if kpi.window == "stock" else since
        total = rows(
            con,
            f"select sum(numerator) as v from kpis.{code} where dimension_a = 'market' "
            f"and dimension_b is null and day between '{first}' and '{until}'",
        )["v"][0]
        sides.append(total or 0.0)
    change = sides[0] - sides[1] * (1.0 if kpi.window == "stock" else 7.0 / 14.0)
    asked = {
        "kpi": code,
        "is_stock": kpi.window == "stock",
        "markets": [],
        "since": spans["after"][0],
        "until": spans["after"][1],
        "before_since": spans["before"][0],
        "before_until": spans["before"][1],
        "limit": 1_000_000,
    }
    made = {
        kind: queries.run(con, "pages/metrics/events_behind", entity_type=kind, **asked)
        for kind in (*KINDS, "ring", "typology")
    }
    of_subjects = sum(float(made[kind]["change"].sum() or 0.0) for kind in KINDS)
    for total in (of_subjects, *(float(made[one]["change"].sum()) for one in ("ring", "typology"))):
        assert total == pytest.approx(change, rel=1e-6, abs=1e-6)
    known = queries.run(con, "pages/metrics/event_kinds", kpi=code)["entity_type"].to_list()
    assert known == sorted(kind for kind in KINDS if made[kind].height)


def _spans(last: date) -> dict[str, tuple[date, date]]:
    until = last - timedelta(days=20)
    before = until - timedelta(days=7)
    return {
        "after": (until - timedelta(days=6), until),
        "before": (before - timedelta(days=13), before),
    }
