"""One money, one day, one count: what the pages show, worked out again from the raw files.

Nothing here reads a table that the shown one was made of: sums, local days, cohorts and
verdicts are taken from the delivered rows by other code.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from tests.laws.asking import rows
from tests.laws.delivered import MONTH, usd

if TYPE_CHECKING:
    import duckdb

    from pipeline.build import Report
    from tests.laws.delivered import Raw


# ---------------------------------------------------------------- paid


def test_an_order_that_was_never_paid_is_no_sale(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """`staging.orders` has the paid ones, `staging.unpaid_orders` the others, nothing is lost."""
    orders = raw("orders")
    unpaid = orders.filter(pl.col("paid_at").is_null())
    assert unpaid.height > 0.02 * orders.height
    assert queries.row_count(con, "staging.orders") == orders.height - unpaid.height
    ids = rows(con, "select order_id from staging.unpaid_orders")["order_id"]
    assert set(ids) == set(unpaid["order_id"])
    assert queries.row_count(con, "staging.order_attempts") == orders.height


def test_unpaid_orders_count_in_no_money(
    con: duckdb.DuckDBPyConnection, sales: pl.DataFrame
) -> None:
    """Orders, GMV and voucher cost of Metrics and of Drift's tables are those of paid orders."""
    expected = (sales.height, sales["paid_usd"].sum(), sales["voucher_usd"].sum())
    total = "select sum(orders), cast(sum({}) as double), cast(sum({}) as double) from metrics.{}"
    for table, gmv in (("cube", "gmv_usd"), ("buyer_days", "spend_usd")):
        sums = con.execute(total.format(gmv, "voucher_usd", table)).fetchall()[0]
        assert sums == pytest.approx(expected, rel=1e-9)
    shops = con.execute("select sum(orders), sum(gmv_usd) from metrics.merchant_days").fetchall()
    assert shops[0] == pytest.approx(expected[:2], rel=1e-9)


def test_unpaid_orders_count_in_no_exposure(
    con: duckdb.DuckDBPyConnection, sales: pl.DataFrame, built: Report
) -> None:
    """Each shop's USD a day of 30 days, by the day it was paid."""
    midnight = datetime.combine(built.as_of, time())
    recent = sales.filter(pl.col("paid_at") >= midnight - MONTH)
    own = recent.group_by("merchant_id").agg(
        gmv=pl.col("paid_usd").sum() / 30.0, vouchers=pl.col("voucher_usd").sum() / 30.0
    )
    sql = """
        select entity_id as merchant_id, gmv_usd, voucher_usd from alerts.exposures
        where entity_type = 'merchant'
    """
    both = rows(con, sql).join(own, on="merchant_id", how="left").fill_null(0.0)
    assert both.filter(pl.col("gmv") > 0).height == own.height > 50
    assert both["gmv_usd"].to_list() == pytest.approx(both["gmv"].to_list(), abs=1e-3)
    assert both["voucher_usd"].to_list() == pytest.approx(both["vouchers"].to_list(), abs=1e-3)


@pytest.mark.parametrize("entity_type", ["merchant", "buyer"])
def test_unpaid_orders_count_in_no_feature(
    entity_type: str, con: duckdb.DuckDBPyConnection, sales: pl.DataFrame, built: Report
) -> None:
    """Orders of 90 days as the models read them: paid before the snapshot, by day of payment."""
    midnight = datetime.combine(built.as_of, time())
    recent = sales.filter(pl.col("paid_at").is_between(midnight - 3 * MONTH, midnight))
    key = f"{entity_type}_id"
    own = recent.group_by(key).agg(own=pl.len().cast(pl.Float64))
    sql = f"select {key}, orders_90d from features.{entity_type} where as_of = $as_of"
    features = con.sql(sql, params={"as_of": built.as_of}).pl()
    both = features.join(own, on=key, how="left").with_columns(pl.col("own").fill_null(0.0))
    assert both.height > 300
    assert (both["orders_90d"].fill_null(0.0) == both["own"]).all()


def test_stock_that_is_ordered_and_never_paid_still_counts_against_a_buyer(
    con: duckdb.DuckDBPyConnection, raw: Raw, built: Report
) -> None:
    """The cancelled share of a buyer is of what it placed: cancelled, or lapsed without payment."""
    midnight = datetime.combine(built.as_of, time())
    orders = raw("orders").filter(~pl.col("is_sample"))
    window = (midnight - 3 * MONTH, midnight)
    lapsed = pl.col("paid_at").is_null() & pl.col("cancelled_at").is_between(*window, closed="left")
    cancelled = pl.col("paid_at").is_not_null() & pl.col("cancelled_at").is_between(
        *window, closed="left"
    )
    paid = pl.col("paid_at").is_between(*window, closed="left")
    own = orders.group_by("buyer_id").agg(
        gone=(lapsed | cancelled).sum(), placed=(lapsed | paid).sum(), lapsed=lapsed.sum()
    )
    sql = "select buyer_id, cancelled_share_90d from features.buyer where as_of = $as_of"
    features = con.sql(sql, params={"as_of": built.as_of}).pl().join(own, on="buyer_id")
    enough = features.filter(pl.col("placed") >= 2)
    assert enough.filter(pl.col("lapsed") > 0).height > 100
    expected = enough.select(pl.col("gone") / pl.col("placed")).to_series()
    assert enough["cancelled_share_90d"].to_list() == pytest.approx(expected.to_list())


# ---------------------------------------------------------------- communities


def test_confirmed_means_a_verdict_of_a_person_in_force(
    con: duckdb.DuckDBPyConnection, raw: Raw, built: Report
) -> None:
    """Per community, from the label table; the member table says the same, member by member."""
    midnight = datetime.combine(built.as_of, time())
    told = raw("labels").filter((pl.col("source") != "rule") & (pl.col("known_at") < midnight))
    key = ["entity_type", "entity_id"]
    last = told.sort("known_at", "label_id").group_by(key, maintain_order=True).last()
    members = rows(con, "select community_id, entity_type, entity_id from communities.members")
    judged = members.join(last, on=key)
    own = judged.group_by("community_id").agg(
        bad=(pl.col("label") == "bad").sum(), good=(pl.col("label") == "good").sum()
    )
    counts = "community_id, confirmed_bad_count, confirmed_good_count"
    shown = rows(con, f"select {counts} from communities.communities")
    both = shown.join(own, on="community_id", how="left").fill_null(0)
    assert both["bad"].sum() > 50
    assert (both["confirmed_bad_count"] == both["bad"]).all()
    assert (both["confirmed_good_count"] == both["good"]).all()
    worst = both.sort("bad", "community_id", descending=[True, False])["community_id"][0]
    table = queries.run(con, "pages/community/members", community_id=worst, limit=9999, offset=0)
    assert (table["label"] == "bad").sum() == both.filter(community_id=worst)["bad"][0]


def test_refunds_of_a_community_are_those_asked_for(
    con: duckdb.DuckDBPyConnection, raw: Raw, built: Report
) -> None:
    """Requests of 30 days on orders of its buyers; where it has none, of its sellers."""
    midnight = datetime.combine(built.as_of, time())
    asked = raw("refunds").filter(pl.col("requested_at") >= midnight - MONTH)
    orders = raw("orders").select("order_id", "buyer_id", "usd_per_unit")
    money = asked.join(orders.drop("usd_per_unit"), on="order_id").with_columns(usd("amount_minor"))
    members = rows(con, "select community_id, entity_id as buyer_id from communities.members")
    own = (
        money.join(members, on="buyer_id").group_by("community_id").agg(pl.col("amount_usd").sum())
    )
    sql = "select community_id, refund_usd_30d from communities.communities where buyer_count > 0"
    both = rows(con, sql).join(own, on="community_id", how="left").fill_null(0.0)
    assert both["amount_usd"].sum() > 1000.0
    assert both["refund_usd_30d"].to_list() == pytest.approx(both["amount_usd"].to_list())


def test_the_cost_of_being_wrong_uses_the_probability_of_the_queue(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Sum over the alerted members of what a wrong penalty costs times one minus the queue's p."""
    sql = """
        select m.community_id, a.probability, a.false_positive_cost_usd as cost
        from alerts.alerts as a
        join communities.members as m using (entity_type, entity_id)
        where a.lane <> 'unproven'
    """
    alerted = rows(con, sql)
    own = alerted.group_by("community_id").agg(
        cost=(pl.col("cost") * (1.0 - pl.col("probability"))).sum(), alerts=pl.len()
    )
    for community_id, cost, alerts in own.sort("alerts", descending=True).head(20).iter_rows():
        shown = queries.run(con, "pages/community/alert_cost", community_id=community_id)
        assert shown["alerted_count"][0] == alerts
        assert shown["expected_cost_usd"][0] == pytest.approx(cost)


# ---------------------------------------------------------------- model, tour, money at risk


def test_an_inflated_room_is_compared_with_rooms_of_others(
    con: duckdb.DuckDBPyConnection, raw: Raw
) -> None:
    """The middle room of its market and category, of hosts with no such room."""
    hosts = raw("creators").select("creator_id", "market", "category")
    rooms = raw("live_sessions").join(hosts, on="creator_id")
    hollow = rooms.filter(
        (pl.col("views") >= 100)
        & (pl.col("distinct_comments") < 0.5 * pl.col("comments"))
        & (pl.col("watch_seconds_sd") < 0.5 * pl.col("watch_seconds_mean"))
        & (pl.col("young_viewers") >= 0.3 * pl.col("unique_viewers"))
    )
    honest = rooms.join(hollow, on="creator_id", how="anti")
    usual = honest.group_by("market", "category").agg(own=pl.col("views").median())
    told = queries.run(con, "pages/tour/inflated_live_sessions", limit=10)
    both = told.join(hosts, left_on="entity_id", right_on="creator_id")
    both = both.join(usual, on=["market", "category"], how="left")
    assert both.height > 2
    assert both["usual_views"].to_list() == both["own"].to_list()


def test_every_alert_says_who_loses(con: duckdb.DuckDBPyConnection) -> None:
    """Somebody that the pack names where money is expected to be lost, else nobody."""
    alerts = rows(
        con, "select lane, entity_type, typology, loss_forward_usd, loss_bearer from alerts.alerts"
    )
    named = rows(con, "select distinct entity_type, typology, bearer from alerts.loss_terms")
    losing = pl.col("loss_forward_usd") > 0.0
    assert alerts["loss_bearer"].null_count() == 0
    assert set(alerts.filter(~losing)["loss_bearer"]) <= {"nobody"}
    with_money = alerts.filter(losing)
    assert with_money.height > 50
    key = ["entity_type", "typology"]
    matching = with_money.join(named, left_on=[*key, "loss_bearer"], right_on=[*key, "bearer"])
    assert matching.height == with_money.height


def test_the_money_of_an_alert_adds_up(con: duckdb.DuckDBPyConnection) -> None:
    """Held money lost plus what is still to come is the loss ahead; held is inside at risk."""
    sql = """
        select held_usd, loss_held_usd, daily_loss_usd * horizon_days as coming,
            loss_forward_usd, exposure_usd
        from alerts.alerts
    """
    alerts = rows(con, sql)
    ahead = (alerts["loss_held_usd"] + alerts["coming"]).to_list()
    assert ahead == pytest.approx(alerts["loss_forward_usd"].to_list())
    assert (alerts["held_usd"] + alerts["coming"]).to_list() == pytest.approx(
        alerts["exposure_usd"].to_list()
    )
    assert (alerts["loss_held_usd"] <= alerts["held_usd"] + 1e-9).all()
