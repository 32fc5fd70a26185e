"""Money adds up to the cent, row by row."""

import numpy as np
import polars as pl

from .conftest import Sample


def test_paid_is_items_less_voucher_plus_shipping(sample: Sample) -> None:
    """The three parts of an order explain what was paid, and items are price times pieces."""
    rows = sample.table("orders").join(sample.table("products"), on="product_id")
    assert (rows["items_minor"] == rows["price_minor"] * rows["quantity"]).all()
    parts = rows["items_minor"] - rows["voucher_minor"] + rows["shipping_minor"]
    assert (rows["paid_minor"] == parts).all()


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


def test_no_refund_exceeds_what_was_paid(sample: Sample) -> None:
    """A refund gives back at most what the buyer paid, once per order."""
    rows = sample.table("refunds").join(sample.table("orders"), on="order_id")
    assert (rows["amount_minor"] <= rows["paid_minor"]).all()
    assert rows["order_id"].n_unique() == rows.height


def _payouts(sample: Sample) -> pl.DataFrame:
    """Settlements with the order's money, and what went back before each due date."""
    refunds = sample.table("refunds").select("order_id", "refunded_at", back="amount_minor")
    owed = sample.table("commissions").select(
        "order_id", due="eligible_at", commission="amount_minor"
    )
    rows = sample.table("settlements").join(sample.table("orders"), on="order_id", suffix="_o")
    rows = rows.join(refunds, on="order_id", how="left").join(owed, on="order_id", how="left")
    early = (pl.col("refunded_at") < pl.col("eligible_at")).fill_null(value=False)
    in_time = (pl.col("refunded_at") < pl.col("due")).fill_null(value=False)
    return rows.with_columns(
        pl.col("commission").fill_null(0),
        early=pl.when(early).then("back").otherwise(0),
        shared=pl.when(in_time).then("back").otherwise(0),
    )


def test_a_shop_gets_paid_less_early_refund_less_commission(sample: Sample) -> None:
    """Settlement = max(0, paid - refunded before the due date - commission)."""
    rows = _payouts(sample)
    expected = (rows["paid_minor"] - rows["early"] - rows["commission"]).clip(lower_bound=0)
    assert (rows["amount_minor"] == expected).all()


def test_a_creator_gets_the_rate_on_what_was_kept(sample: Sample) -> None:
    """Commission = rate x items x share not refunded within 15 days; later ones change nothing."""
    rows = _payouts(sample).filter(pl.col("due").is_not_null())
    kept = 1.0 - rows["shared"].to_numpy() / np.maximum(rows["paid_minor"].to_numpy(), 1)
    exact = rows["items_minor"].to_numpy() * rows["commission_rate"].to_numpy() * kept
    assert np.abs(rows["commission"].to_numpy() - np.floor(exact + 1e-6)).max() == 0
    delivered = rows.join(sample.table("shipments"), on="order_id")
    assert (delivered["due"] - delivered["delivered_at"]).unique().dt.total_days().to_list() == [15]
