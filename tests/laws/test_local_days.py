"""Metrics count in local days, of the same orders, and under every filter alike.

Worked out again from the delivered rows, as in `test_one_money`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl
import pytest

import queries
from dashboard.view_models.kpi_tiles import figure_of
from dashboard.view_models.metric_series import sentence_of, young_note
from dashboard.view_models.periods import Compared, Period
from queries.registry import Kpi, kpis
from tests.laws.asking import count, rows
from tests.laws.delivered import MATURE, ZONES

if TYPE_CHECKING:
    import duckdb

    from pipeline.build import Report
    from tests.laws.delivered import Raw

OF_CUBE = tuple(one for one in kpis().values() if one.is_of_cube)

# ---------------------------------------------------------------- days


def test_days_are_those_of_the_shops_market(
    con: duckdb.DuckDBPyConnection, sales: pl.DataFrame
) -> None:
    """Orders and GMV by market and local day; in UTC nearly half of one market's differ."""
    own = sales.group_by("market", "day").agg(own=pl.len(), money=pl.col("paid_usd").sum())
    sql = """
        select market, day, sum(orders) as orders, cast(sum(gmv_usd) as double) as gmv_usd
        from metrics.cube group by market, day having sum(orders) > 0
    """
    both = rows(con, sql).join(own, on=["market", "day"], how="full", coalesce=True)
    assert both.height > 400
    assert (both["orders"] == both["own"]).all()
    assert both["gmv_usd"].to_list() == pytest.approx(both["money"].to_list(), rel=1e-9)
    american = sales.filter(pl.col("market") == "US")
    assert (american["created_at"].dt.date() != american["day"]).mean() > 0.3


def test_only_whole_days_are_offered(con: duckdb.DuckDBPyConnection, built: Report) -> None:
    """The last whole day of a market ended by the last midnight of the data, the next did not."""
    clocks = queries.run(con, "pages/metrics/clocks", markets=[])
    assert dict(clocks.select("market", "time_zone").iter_rows()) == ZONES
    midnight = datetime.combine(built.as_of, time(), ZoneInfo("UTC"))
    for row in clocks.iter_rows(named=True):
        ends = datetime.combine(
            row["last_whole_day"] + timedelta(days=1), time(), ZoneInfo(row["time_zone"])
        )
        assert ends <= midnight < ends + timedelta(days=1)
        assert row["last_mature_day"] == row["last_whole_day"] - MATURE


# ---------------------------------------------------------------- cohorts


def test_a_refund_rate_is_of_the_same_orders(
    con: duckdb.DuckDBPyConnection, sales: pl.DataFrame, raw: Raw
) -> None:
    """Of the orders placed on a day, those asked back within 21 days of their own placing."""
    first = (
        raw("refunds")
        .group_by("order_id")
        .agg(
            asked=pl.col("requested_at").min(),
            missing=pl.col("requested_at").filter(pl.col("reason") == "not_received").min(),
        )
    )
    by = ["day", "market", "category", "channel"]
    in_time = [
        (pl.col(name) < pl.col("created_at") + MATURE).fill_null(value=False).sum().alias(name)
        for name in ("asked", "missing")
    ]
    own = sales.join(first, on="order_id", how="left").group_by(by).agg(*in_time)
    sums = "sum(refunded_orders) as refunded, sum(not_received_orders) as missed"
    sql = f"select day, market, category, channel, {sums} from metrics.cube group by all"
    both = rows(con, sql).join(own, on=by, how="left")
    assert both["refunded"].sum() > 1000
    assert (both["refunded"] == both["asked"].fill_null(0)).all()
    assert (both["missed"] == both["missing"].fill_null(0)).all()
    assert count(con, "select * from metrics.cube where refunded_orders > orders") == 0


def slices(
    con: duckdb.DuckDBPyConnection, metric: Kpi, period: Period, filters: list[str]
) -> pl.DataFrame:
    """`pages/metrics/cube_leaves` of a period and the one before it, unsplit."""
    return queries.run(
        con,
        "pages/metrics/cube_leaves",
        numerator=metric.numerator,
        denominator=metric.denominator or "",
        counted=metric.counted,
        dimensions=[],
        filters=filters,
        markets=[],
        since=period.since,
        until=period.until,
        before_since=period.before.since,
        before_until=period.before.until,
        maturity_days=metric.maturity_days,
        labels=metric.labels,
    ).with_columns(slice=pl.lit("all"))


def test_the_metrics_sentence_compares_mature_days_only(
    con: duckdb.DuckDBPyConnection, sales: pl.DataFrame, raw: Raw, built: Report
) -> None:
    """The last week: the refund rate shown and its change, from raw orders and requests."""
    last = built.as_of - timedelta(days=2)
    kpi = kpis()["refund_rate"]
    days = queries.run(
        con,
        "pages/metrics/series",
        kpi=kpi.code,
        dimension_a="",
        dimension_b="",
        markets=[],
        since=last - timedelta(days=80),
        until=last,
        maturity_days=kpi.maturity_days,
        labels=kpi.labels,
        least_n=30,
    )
    complete = days.filter("is_mature")["day"].max()
    assert complete == last - MATURE
    week = Compared.of(Period(last - timedelta(days=6), last))
    figure = figure_of(kpi, days, week, last - MATURE)
    asked = raw("refunds").group_by("order_id").agg(asked=pl.col("requested_at").min())
    orders = sales.join(asked, on="order_id", how="left").with_columns(
        is_asked=(pl.col("asked") < pl.col("created_at") + MATURE).fill_null(value=False)
    )
    judged = figure.compared.now
    assert judged == Period(last - MATURE - timedelta(days=6), last - MATURE)
    length = timedelta(days=7)
    now, before = (
        orders.filter(pl.col("day").is_between(since, since + length, closed="left"))["is_asked"]
        for since in (judged.since, judged.since - length)
    )
    rate, earlier = (float(part.mean()) for part in (now, before))  # type: ignore[arg-type]
    said = sentence_of(figure)
    assert f"{rate:.1%} from {judged.since:%-d %b} to {judged.until:%-d %b}" in said
    assert f"against {earlier:.1%} in the 7 days before" in said
    assert f"{abs(rate - earlier) * 100:.2f} \u00b1" in said
    assert f"n = {now.len():,}" in said
    assert "moved back to complete ones" in young_note(figure, last - MATURE)


@pytest.mark.parametrize("metric", OF_CUBE, ids=[metric.code for metric in OF_CUBE])
def test_the_shops_behind_a_metric_add_up_to_it_under_every_filter(
    metric: Kpi, con: duckdb.DuckDBPyConnection, built: Report
) -> None:
    """Market, category and channel narrow the shops as they narrow the sum above them."""
    last = built.as_of - timedelta(days=62)
    period = Period(last - timedelta(days=9), last)
    filters = ["market=US", "category=Apparel", "category=Beauty", "channel=live"]
    sums = slices(con, replace(metric, labels=False), period, filters)
    shops = queries.run(
        con,
        "pages/metrics/behind",
        entity_type="merchant",
        numerator=metric.numerator,
        denominator=metric.denominator or "",
        filters=filters,
        markets=[],
        since=period.since,
        until=period.until,
        before_since=period.before.since,
        before_until=period.before.until,
        limit=10_000,
    )
    assert shops["after"].sum() == pytest.approx(sums["numerator_after"].sum(), rel=1e-6)
    assert shops["before"].sum() == pytest.approx(sums["numerator_before"].sum(), rel=1e-6)
    below = [1.0, 1.0]
    if metric.denominator:
        below = [sums[f"denominator_{side}"].sum() for side in ("after", "before")]
    after, before = (
        sums[f"numerator_{side}"].sum() / part
        for side, part in zip(("after", "before"), below, strict=True)
    )
    assert shops["change"].sum() == pytest.approx(after - before, rel=1e-6, abs=1e-6)
    sellers = set(
        rows(con, "select merchant_id from staging.merchants where market = 'US'")["merchant_id"]
    )
    assert set(shops["entity_id"]) <= sellers


def test_the_risk_table_follows_its_filters(
    con: duckdb.DuckDBPyConnection, raw: Raw, built: Report
) -> None:
    """Verdicts of one market's shops and creators of one category, counted in the label table."""
    since, until = built.as_of - timedelta(days=60), built.as_of - timedelta(days=1)
    params = {"since": since, "until": until, "markets": ["US"], "categories": ["Apparel"]}
    table = queries.run(con, "pages/metrics/typologies", **params)
    named = [
        raw(f"{kind}s").select(
            "market", "category", entity_type=pl.lit(kind), entity_id=f"{kind}_id"
        )
        for kind in ("merchant", "creator")
    ]
    listings = raw("products").join(
        raw("merchants").select("merchant_id", "market"), on="merchant_id"
    )
    named.append(
        listings.select("market", "category", entity_type=pl.lit("product"), entity_id="product_id")
    )
    verdicts = raw("labels").filter(
        (pl.col("source") != "rule")
        & (pl.col("label") == "bad")
        & pl.col("known_at").dt.date().is_between(since, until)
    )
    own = verdicts.join(pl.concat(named), on=["entity_type", "entity_id"]).filter(
        (pl.col("market") == "US") & (pl.col("category") == "Apparel")
    )
    rooms = verdicts.filter(pl.col("entity_type") == "live_session").height
    assert own.height > 3
    assert own.height <= table["confirmed"].sum() <= own.height + rooms
    everybody = queries.run(
        con, "pages/metrics/typologies", **(params | {"markets": [], "categories": []})
    )
    assert everybody["confirmed"].sum() == verdicts.height
