"""Shops on borrowed papers and leaks of addresses look as their parameters say."""

import polars as pl

from sample_data.typologies import fraud_merchant, info_leak

from .conftest import Sample
from .signatures import DAY, inside, mean, median, members

T10 = fraud_merchant.NAME
T12 = info_leak.NAME


# T10: farms.


def _busts(sample: Sample) -> pl.DataFrame:
    """Orders of farm shops in their last days, with how they ended."""
    shops = members(sample, T10, "merchant", "actor")
    rows = sample.orders.join(shops, on="merchant_id")
    shut = sample.table("merchants").select("merchant_id", "closed_at")
    rows = rows.join(shut, on="merchant_id").filter(
        pl.col("closed_at").is_null() | (pl.col("closed_at") > pl.col("started_at") + 2 * DAY)
    )
    goods = members(sample, T10, "product", "actor").select("product_id")
    rows = rows.join(goods, on="product_id", how="semi")
    return rows.filter(pl.col("created_at").is_between("started_at", "ended_at"))


def test_a_farm_shares_papers_with_a_closed_shop(sample: Sample) -> None:
    """T10: shops of a farm meet in device or return address, naive ones in the bank account."""
    farm = members(sample, T10, "merchant", "actor").join(
        sample.table("merchants"), on="merchant_id"
    )
    papers = ("device_id", "return_address_id", "bank_account_id")
    for key, rows in farm.group_by("ring_id", "variant"):
        shared = {paper: rows.height - rows[paper].n_unique() for paper in papers}
        assert rows.height >= 3
        assert rows["closed_at"].null_count() < rows.height
        if key[1] in {"naive", "copied_review_text"}:
            assert shared["bank_account_id"] == rows.height - 1
        if key[1] != "rotated_identifiers":
            assert shared["device_id"] + shared["return_address_id"] >= 2


def test_a_bust_turns_to_dear_goods_under_their_usual_price(sample: Sample) -> None:
    """T10: another category, 30-60 % below what that category costs."""
    usd = pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    products = sample.table("products").with_columns(usd=usd)
    usual = products.group_by("category").agg(usual=pl.col("usd").median())
    goods = members(sample, T10, "product", "actor").select("product_id", "started_at")
    versions = sample.table("listing_versions").with_columns(usd=usd)
    before = products.select("product_id", old="category")
    turned = versions.join(goods, on="product_id").filter(pl.col("version") > 1)
    turned = turned.join(before, on="product_id").join(usual, on="category")
    assert turned.height >= goods.height
    assert mean(turned, pl.col("category") != pl.col("old")) > 0.75
    assert inside(median(turned, 1.0 - pl.col("usd") / pl.col("usual")), (0.3, 0.6), 0.03)


def test_a_bust_sells_many_times_the_shops_pace_and_does_not_deliver(sample: Sample) -> None:
    """T10: orders 5-20 times those of the weeks before, parcels without a scan."""
    bust = _busts(sample)
    days = (pl.col("ended_at") - pl.col("started_at")).dt.total_hours() / 24.0
    now = bust.group_by("merchant_id").agg(
        daily=pl.len() / days.first(), began=pl.col("started_at").first()
    )
    before = sample.table("orders").join(now.select("merchant_id", "began"), on="merchant_id")
    before = before.filter(pl.col("created_at").is_between(pl.col("began") - 28 * DAY, "began"))
    pace = before.group_by("merchant_id").agg(usual=pl.len() / 28.0)
    rate = now.join(pace, on="merchant_id")
    assert inside(median(rate, pl.col("daily") / pl.col("usual")), (5.0, 20.0), 1.0)
    ripe = bust.filter(
        (pl.col("variant") != "mixed_with_real") & (pl.col("created_at") < sample.end - 15 * DAY)
    ).filter(pl.col("shipped_at").is_not_null())
    assert mean(ripe, pl.col("delivered_at").is_null()) > 0.4


# T12: leaks.


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


def test_staff_work_odd_hours_and_export_honestly_too(sample: Sample) -> None:
    """Overtime, weekend shifts and exports are no proof."""
    people = members(sample, T12, "staff", "actor").select("staff_id")
    honest = sample.table("staff_access").join(people, on="staff_id", how="anti")
    assert inside(mean(honest, ~pl.col("is_working_hours")), (0.01, 0.12))
    assert inside(mean(honest, pl.col("action") == "export"), (0.01, 0.08))
    assert mean(honest, pl.col("happened_at").dt.weekday() >= 6) > 0.1


def _called(sample: Sample) -> pl.DataFrame:
    """Orders with their warehouse and app and whether a stranger called about them."""
    shops = sample.table("merchants").select("merchant_id", "warehouse_id", "erp_app_id")
    calls = sample.table("complaints").filter(pl.col("topic") == "scam_call")
    calls = calls.select("order_id", "event_at").drop_nulls("order_id").unique("order_id")
    rows = sample.table("orders").select("order_id", "merchant_id", "created_at")
    rows = rows.join(shops, on="merchant_id").join(calls, on="order_id", how="left")
    return rows.with_columns(called=pl.col("event_at").is_not_null())


def test_buyers_of_a_leaking_warehouse_and_app_are_called_within_days(sample: Sample) -> None:
    """T12: scam calls many times the usual there, about a day after the order."""
    rows, usual = _called(sample), 0.0
    usual = mean(rows, pl.col("called"))
    people = members(sample, T12, "staff", "actor").select("staff_id", "ring_id")
    looks = sample.table("staff_access").join(people, on="staff_id")
    spans = members(sample, T12, "warehouse", "victim")
    heavy = looks.sort("orders", descending=True).group_by("ring_id").first()
    for ring in spans.iter_rows(named=True):
        app = heavy.filter(pl.col("ring_id") == ring["ring_id"])["erp_app_id"][0]
        leaked = rows.filter(
            (pl.col("warehouse_id") == ring["warehouse_id"])
            & (pl.col("erp_app_id") == app)
            & pl.col("created_at").is_between(ring["started_at"], ring["ended_at"])
        )
        assert mean(leaked, pl.col("called")) > 5 * usual
        wait = leaked.filter("called").select(pl.col("event_at") - pl.col("created_at"))
        assert wait.to_series().median().total_seconds() < 3 * 86_400  # type: ignore[union-attr]
