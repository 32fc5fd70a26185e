"""T11: fakes cost a fraction of their brand and come back."""

import polars as pl

from sample_data.kit.evasion_kinds import SLOW
from sample_data.language import names
from sample_data.typologies import (
    prohibited_goods,
)
from tests.sample_data.conftest import Sample
from tests.sample_data.signatures import DAY, acting, share, while_acting


def _bad_listings(dense: Sample) -> pl.DataFrame:
    """Versions of T11 listings that were open while the ring acted, with the brand's median."""
    goods = dense.table("products").with_columns(
        usd=pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    )
    median = goods.group_by("brand").agg(median=pl.col("usd").median())
    versions = dense.table("listing_versions").with_columns(
        version_usd=pl.col("price_minor") / 100.0 * pl.col("usd_per_unit")
    )
    mine = acting(dense, prohibited_goods.NAME, "product")
    mine = mine.join(
        goods.select("product_id", "brand", "title", "usd", "removed_at"), on="product_id"
    )
    mine = mine.join(median, on="brand", how="left").join(
        versions.drop("title", "currency", "usd_per_unit"), on="product_id"
    )
    return mine.filter((pl.col("version") > 1) & (pl.col("valid_from") <= pl.col("until")))


def test_fakes_cost_a_fraction_of_their_brand(dense: Sample) -> None:
    """T11 naive: edited after approval to below 40 % of the brand's median; stealth stays near."""
    rows = _bad_listings(dense).filter(pl.col("brand").is_not_null())
    rows = rows.with_columns(ratio=pl.col("version_usd") / pl.col("median"))
    lowest = rows.group_by("product_id", "variant").agg(pl.col("ratio").min())
    naive = lowest.filter(variant="naive")
    assert naive.height >= 1
    assert share(naive, pl.col("ratio") < prohibited_goods.PARAMETERS.brand_price) > 0.9
    slow = lowest.filter(variant=SLOW.name)
    assert slow.is_empty() or slow["ratio"].max() > 0.40  # type: ignore[operator]


def test_fakes_come_back_as_not_as_described(dense: Sample) -> None:
    """T11: above 5 % of the bad listings' orders, far above for naive ones; honest ones below."""
    goods = acting(dense, prohibited_goods.NAME, "product")
    old = dense.orders.filter(pl.col("delivered_at") < dense.end - 10 * DAY)
    rows = old.join(goods, on="product_id").filter(while_acting())
    is_not_as_described = pl.col("reason") == "not_as_described"
    naive = share(rows.filter(variant="naive"), is_not_as_described)
    assert share(rows, is_not_as_described) > prohibited_goods.PARAMETERS.not_as_described
    bad = dense.truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == "merchant"))
    honest = old.filter(~pl.col("merchant_id").is_in(bad["entity_id"].implode()))
    assert share(honest, is_not_as_described) < 0.06 < naive / 2.0


def test_some_fake_has_a_known_picture_or_a_misspelt_name(dense: Sample) -> None:
    """T11: a removed item's picture returns, or a title almost names its brand."""
    rows = _bad_listings(dense)
    removals = dense.table("products").filter(pl.col("removed_at").is_not_null())
    reuse = rows.join(removals.select("image_id"), on="image_id", how="semi").height
    with_brand = rows.filter(pl.col("brand").is_not_null())
    misspellings = [
        names.misspelt(brand) in title
        for brand, title in with_brand.select("brand", "title").iter_rows()
    ]
    assert reuse + sum(misspellings) > 0
