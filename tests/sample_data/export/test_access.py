"""Versions of a listing are numbered from its first on."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_listings_begin_with_version_one(sample: Sample) -> None:
    """Every product has a first version at its listing, numbered on from there."""
    versions, products = sample.table("listing_versions"), sample.table("products")
    first = versions.filter(pl.col("version") == 1).join(products, on="product_id", suffix="_now")
    assert first.height == products.height
    assert (first["valid_from"] == first["listed_at"]).all()
    assert (first["price_minor"] == first["price_minor_now"]).all()
    span = versions.group_by("product_id").agg(pl.len(), pl.col("version").max())
    assert (span["len"] == span["version"]).all()
