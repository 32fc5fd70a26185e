"""No column of the emitted tables gives a story away: honest actors do each odd thing too."""

from collections.abc import Callable

import polars as pl
import pytest

from .conftest import Sample

MASKED = {
    "merchants": ("bank_account_id", "return_address_id", "device_id", "warehouse_id"),
    "creators": ("bank_account_id", "device_id", "ip_id"),
    "orders": ("device_id", "ip_id", "address_id", "payment_token_id"),
}


def _planted(sample: Sample, entity_type: str) -> pl.Series:
    """Entities of bad stories, victims included."""
    wrong = sample.truth.filter(~pl.col("is_hard_negative"))
    return wrong.filter(pl.col("entity_type") == entity_type)["entity_id"].unique()


@pytest.mark.parametrize("table", MASKED)
def test_masked_identifiers_of_two_kinds_share_no_digits(sample: Sample, table: str) -> None:
    """Equal internal numbers print differently, so nothing can be read off a mask."""
    rows = sample.table(table)
    digits = [rows[name].str.split("_").list.last() for name in MASKED[table]]
    for place, left in enumerate(digits):
        for right in digits[place + 1 :]:
            assert (left == right).mean() < 0.001  # type: ignore[operator]


def _repriced_far(sample: Sample, column: str) -> pl.DataFrame:
    later = sample.table("listing_versions").sort("product_id", "version")
    before = pl.col(column).shift().over("product_id")
    return later.filter(before.is_not_null() & (before != pl.col(column)))


ODD: dict[str, tuple[str, Callable[[Sample], pl.Series]]] = {
    "an order line of five pieces or more": (
        "buyer",
        lambda s: s.table("orders").filter(pl.col("quantity") >= 5)["buyer_id"],
    ),
    "a declined attempt without an order": (
        "buyer",
        lambda s: s.table("declined_payments").filter(pl.col("order_id").is_null())["buyer_id"],
    ),
    "a commission above 22 %": (
        "creator",
        lambda s: s.table("orders").filter(pl.col("commission_rate") > 0.22)["creator_id"],
    ),
    "another picture": ("product", lambda s: _repriced_far(s, "image_id")["product_id"]),
    "another category": ("product", lambda s: _repriced_far(s, "category")["product_id"]),
    "a listing taken down": (
        "product",
        lambda s: s.table("products").filter(pl.col("removed_at").is_not_null())["product_id"],
    ),
    "a failed sign-in to a shop": (
        "merchant",
        lambda s: (
            s.table("auth_events")
            .filter((pl.col("account_type") == "merchant") & (pl.col("kind") == "login_failed"))
            .get_column("account_id")
        ),
    ),
}


@pytest.mark.parametrize("oddity", ODD)
def test_honest_actors_do_it_too(sample: Sample, oddity: str) -> None:
    """Of those who do an odd thing, at least a fifth are part of no story."""
    entity_type, found = ODD[oddity]
    who = found(sample).unique().drop_nulls()
    assert len(who) >= 3
    assert float(who.is_in(_planted(sample, entity_type).implode()).mean()) <= 0.8  # type: ignore[arg-type]
