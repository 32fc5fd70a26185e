"""What is paid is explained to the cent, row by row, and how soon."""

import polars as pl

from tests.sample_data.conftest import Sample


def test_paid_is_items_less_voucher_plus_shipping(sample: Sample) -> None:
    """The three parts of an order explain what was paid."""
    rows = sample.table("orders")
    parts = rows["items_minor"] - rows["voucher_minor"] + rows["shipping_minor"]
    assert (rows["paid_minor"] == parts).all()


def test_items_are_the_price_of_that_moment_times_pieces(sample: Sample) -> None:
    """An order pays the listing version that was open when it was placed."""
    versions = sample.table("listing_versions").select("product_id", "valid_from", "price_minor")
    orders = sample.table("orders").sort("created_at")
    rows = orders.join_asof(
        versions.sort("valid_from"),
        left_on="created_at",
        right_on="valid_from",
        by="product_id",
        check_sortedness=False,  # both are sorted; polars cannot tell beside `by`
    )
    assert (rows["items_minor"] == rows["price_minor"] * rows["quantity"]).all()


def test_a_voucher_is_taken_by_its_own_rule(sample: Sample) -> None:
    """Minimum spend met, discount never above the voucher's, same currency, inside its dates."""
    rows = sample.table("orders").join(sample.table("vouchers"), on="voucher_id", suffix="_v")
    assert rows.height > 100
    assert (rows["items_minor"] >= rows["min_spend_minor"]).all()
    assert (rows["voucher_minor"] <= rows["discount_minor"]).all()
    assert (rows["currency"] == rows["currency_v"]).all()
    assert rows["created_at"].is_between(rows["starts_at"], rows["ends_at"]).all()


def test_a_discount_without_a_voucher_is_a_sample(sample: Sample) -> None:
    """Only free samples are discounted without a voucher, and they cost nothing."""
    rows = sample.table("orders")
    free = rows.filter(pl.col("is_sample"))
    assert free.height > 0
    assert free["paid_minor"].sum() == 0
    unexplained = ~pl.col("is_sample") & pl.col("voucher_id").is_null()
    assert rows.filter(unexplained)["voucher_minor"].sum() == 0


def test_the_wallet_makes_one_market_pay_faster(sample: Sample) -> None:
    """From the launch in the calendar the median time to pay falls there and nowhere else."""
    releases = sample.table("calendar").filter(pl.col("kind") == "release")
    launch = releases.drop_nulls("market").row(0, named=True)
    orders = sample.table("orders").join(sample.table("merchants"), on="merchant_id")
    orders = orders.drop_nulls("paid_at").with_columns(
        here=pl.col("market") == launch["market"],
        after=pl.col("created_at") >= launch["starts_at"],
        seconds=(pl.col("paid_at") - pl.col("created_at")).dt.total_seconds(),
    )
    rows = orders.group_by("here", "after").agg(pl.col("seconds").median()).rows()
    median = {(here, after): seconds for here, after, seconds in rows}
    assert median[True, True] < 0.75 * median[True, False]
    assert median[False, True] > 0.85 * median[False, False]
