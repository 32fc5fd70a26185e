"""The small marketplace as it was delivered, for laws that work numbers out again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.laws.delivered import local_days, usd

if TYPE_CHECKING:
    from pathlib import Path

    from tests.laws.delivered import Raw


@pytest.fixture(scope="module")
def raw(small_world: Path) -> Raw:
    """Delivered tables by name."""
    return cache(lambda table: pl.read_parquet(small_world / f"{table}.parquet"))


@pytest.fixture(scope="module")
def sales(raw: Raw) -> pl.DataFrame:
    """Paid orders that are no samples, with USD, market, listing's category and local day."""
    paid = raw("orders").filter(pl.col("paid_at").is_not_null() & ~pl.col("is_sample"))
    markets = raw("merchants").select("merchant_id", "market")
    listed = raw("products").select("product_id", "category")
    return (
        paid.join(markets, on="merchant_id")
        .join(listed, on="product_id")
        .with_columns(usd("paid_minor"), usd("voucher_minor"), day=local_days("created_at"))
    )
