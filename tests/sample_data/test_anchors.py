"""The marketplace has the shape of real ones: DOMAIN 3.0, measured from the emitted tables."""

from datetime import timedelta

import polars as pl

from .conftest import Sample


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


def test_the_week_and_the_day_have_a_rhythm(sample: Sample) -> None:
    """Weekends sell more than Mondays, evenings far more than the small hours."""
    paid = sample.orders.join(sample.table("merchants"), on="merchant_id")
    by_day = paid.group_by(pl.col("created_at").dt.weekday()).len().sort("created_at")["len"]
    assert by_day[5] > 1.05 * by_day[0]
    here = paid.filter(pl.col("market") == "GB")
    hours = here.group_by(pl.col("created_at").dt.hour().alias("hour")).len()
    share = dict(hours.rows())
    assert share[20] > 5 * share.get(3, 1)


def test_a_live_session_is_a_spike(sample: Sample) -> None:
    """Orders of a shop during a paid session come many times faster than at other times."""
    live = sample.orders.filter(pl.col("channel") == "live")
    hour = live.group_by("creator_id", pl.col("created_at").dt.truncate("1h")).len()
    peak = hour.group_by("creator_id").agg(most=pl.col("len").max(), total=pl.col("len").sum())
    busy = peak.filter(pl.col("total") >= 50)
    usual = busy["total"] / (sample.made.settings.days * 24)
    assert float((busy["most"] / usual).median()) > 40  # type: ignore[arg-type]


def test_categories_keep_their_own_habits(sample: Sample) -> None:
    """Apparel comes back more than food; electronics cost more than stationery."""
    bought = sample.orders.join(sample.table("products"), on="product_id")
    rate = dict(bought.group_by("category").agg(pl.col("refund_id").is_not_null().mean()).rows())
    assert rate["Apparel"] > 3 * rate["Food"]
    usd = pl.col("price_minor") * pl.col("usd_per_unit")
    price = dict(sample.table("products").group_by("category").agg(usd.median()).rows())
    assert price["Electronics"] > 4 * price["Stationery"]


def test_some_addresses_are_shared_by_hundreds(sample: Sample) -> None:
    """A mobile network puts many accounts behind one address; a home puts few behind one door."""
    behind = sample.orders.group_by("ip_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    doors = sample.orders.group_by("address_id").agg(pl.col("buyer_id").n_unique())["buyer_id"]
    assert behind.max() > 100  # type: ignore[operator]
    assert float(doors.quantile(0.99)) <= 12  # type: ignore[arg-type]
    agencies = sample.table("creators").filter(pl.col("agency_id").is_not_null())
    assert agencies.group_by("agency_id").len()["len"].max() >= 10  # type: ignore[operator]
