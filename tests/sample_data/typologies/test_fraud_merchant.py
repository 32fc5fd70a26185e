"""T10: shops on borrowed papers turn dear, sell much and deliver little."""

import polars as pl

from sample_data.typologies import fraud_merchant
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, inside, mean, median, members

T10 = fraud_merchant.NAME


def _busts(sample: Sample) -> pl.DataFrame:
    """Orders of farm shops in their last days, with how they ended."""
    merchants = members(sample, T10, "merchant", "actor")
    rows = sample.orders.join(merchants, on="merchant_id")
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
        reuse = {paper: rows.height - rows[paper].n_unique() for paper in papers}
        assert rows.height >= 3
        assert rows["closed_at"].null_count() < rows.height
        if key[1] in {"naive", "copied_review_text"}:
            assert reuse["bank_account_id"] == rows.height - 1
        if key[1] != "rotated_identifiers":
            assert reuse["device_id"] + reuse["return_address_id"] >= 2


def test_a_bust_turns_to_dear_goods_under_their_usual_price(sample: Sample) -> None:
    """T10: another category, 30-60 % below what that category costs."""
    usd = pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    products = sample.table("products").with_columns(usd=usd)
    usual = products.group_by("category").agg(usual=pl.col("usd").median())
    goods = members(sample, T10, "product", "actor").select("product_id", "started_at")
    versions = sample.table("listing_versions").with_columns(usd=usd)
    before = products.select("product_id", old="category")
    edits = versions.join(goods, on="product_id").filter(pl.col("version") > 1)
    edits = edits.join(before, on="product_id").join(usual, on="category")
    assert edits.height >= goods.height
    assert mean(edits, pl.col("category") != pl.col("old")) > 0.75
    assert inside(median(edits, 1.0 - pl.col("usd") / pl.col("usual")), (0.3, 0.6), 0.03)


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
