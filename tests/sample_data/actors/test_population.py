"""The marketplace has the sizes of real ones: few huge shops, most of them tiny."""

from datetime import timedelta

import polars as pl

from tests.sample_data.conftest import Sample


def _per_shop(sample: Sample) -> pl.Series:
    """Orders of each active shop in five days, the length of the public sample."""
    first = sample.orders["created_at"].min() + timedelta(days=30)  # type: ignore[operator]
    days = sample.orders.filter(
        pl.col("created_at").is_between(first, first + timedelta(days=5), closed="left")
    )
    return days.group_by("merchant_id").len()["len"]


def test_most_shops_are_tiny_and_few_are_huge(sample: Sample) -> None:
    """Public sample of five days: median 2, three quarters at most 8, few far above."""
    orders = _per_shop(sample)
    assert 1 <= float(orders.median()) <= 4  # type: ignore[arg-type]
    assert 3 <= float(orders.quantile(0.75)) <= 12  # type: ignore[arg-type]
    assert float(orders.max()) >= 12 * float(orders.median())  # type: ignore[arg-type]


def test_some_addresses_are_shared_by_hundreds(sample: Sample) -> None:
    """A mobile network puts many accounts behind one address; a home puts few behind one door."""
    behind = sample.orders.group_by("ip_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    doors = sample.orders.group_by("address_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert behind.max() > 100  # type: ignore[operator]
    assert float(doors.quantile(0.99)) <= 12  # type: ignore[arg-type]
    agencies = sample.table("creators").filter(pl.col("agency_id").is_not_null())
    assert agencies.group_by("agency_id").len()["len"].max() >= 10  # type: ignore[operator]
