"""T12: somebody opens tens of times the usual, and buyers are called."""

import polars as pl

from sample_data.typologies import info_leak
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import inside, mean, median, members

T12 = info_leak.NAME


def test_a_leaking_person_opens_tens_of_times_the_own_usual(sample: Sample) -> None:
    """T12: 10-100 times the own baseline, mostly outside the shift unless mixed."""
    people = members(sample, T12, "staff", "actor")
    rows = sample.table("staff_access").join(people, on="staff_id")
    during = pl.col("happened_at").is_between("started_at", "ended_at")
    usual = (
        rows.filter(~during & (pl.col("action") == "view"))
        .group_by("staff_id")
        .agg(usual=pl.col("orders").median())
    )
    rows = rows.join(usual, on="staff_id").with_columns(times=pl.col("orders") / pl.col("usual"))
    heavy = rows.filter((pl.col("times") > 7) & during)
    for key, mine in heavy.group_by("ring_id", "variant"):
        assert mine.height >= 4
        assert inside(median(mine, pl.col("times")), (10.0, 100.0))
        if key[1] != "mixed_with_real":
            assert mean(mine, pl.col("is_working_hours")) < 0.3


def _orders_with_calls(sample: Sample) -> pl.DataFrame:
    """Orders with their warehouse and app and whether a stranger called about them."""
    merchants = sample.table("merchants").select("merchant_id", "warehouse_id", "erp_app_id")
    calls = sample.table("complaints").filter(pl.col("topic") == "scam_call")
    calls = calls.select("order_id", "event_at").drop_nulls("order_id").unique("order_id")
    rows = sample.table("orders").select("order_id", "merchant_id", "created_at")
    rows = rows.join(merchants, on="merchant_id").join(calls, on="order_id", how="left")
    return rows.with_columns(called=pl.col("event_at").is_not_null())


def test_buyers_of_a_leaking_warehouse_and_app_are_called_within_days(sample: Sample) -> None:
    """T12: scam calls many times the usual there, about a day after the order."""
    rows, usual = _orders_with_calls(sample), 0.0
    usual = mean(rows, pl.col("called"))
    people = members(sample, T12, "staff", "actor").select("staff_id", "ring_id")
    looks = sample.table("staff_access").join(people, on="staff_id")
    spans = members(sample, T12, "warehouse", "victim")
    heavy = looks.sort("orders", descending=True).group_by("ring_id").first()
    for ring in spans.iter_rows(named=True):
        app = heavy.filter(pl.col("ring_id") == ring["ring_id"])["erp_app_id"][0]
        exposed_orders = rows.filter(
            (pl.col("warehouse_id") == ring["warehouse_id"])
            & (pl.col("erp_app_id") == app)
            & pl.col("created_at").is_between(ring["started_at"], ring["ended_at"])
        )
        assert mean(exposed_orders, pl.col("called")) > 5 * usual
        wait = exposed_orders.filter("called").select(pl.col("event_at") - pl.col("created_at"))
        assert wait.to_series().median().total_seconds() < 3 * 86_400  # type: ignore[union-attr]
