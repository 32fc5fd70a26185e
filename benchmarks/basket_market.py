"""A supermarket as raw tables: every basket is many order lines of one household in one second.

The shape of loyalty-card data, and the dearest one for `graph.lockstep_pairs`: few accounts
that buy often, so that nearly every two of them were at many popular things within the same
hours by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from queries.contract import raw_tables

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from queries.contract import RawTable

START = datetime(2026, 1, 1)  # noqa: DTZ001 - UTC without a zone, as stored
TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "varchar": pl.String,
    "boolean": pl.Boolean,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "date": pl.Date,
    "timestamp": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Supermarket:
    """How large it is; the defaults are a quarter of a year of about 2,500 households."""

    lines: int = 361_728
    days: int = 90
    households: int = 2_469
    products: int = 40_000
    brands: int = 2_500
    """Sellers; the first is the shop's own brand."""
    own_brand_share: float = 0.25
    """Of the products."""
    basket: float = 9.3
    """Mean lines of a basket."""
    seed: int = 7


def write(folder: Path, market: Supermarket) -> None:
    """Write every raw table of the contract; those a supermarket does not have are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    filled = _filled(market)
    for name, table in raw_tables().items():
        _of_contract(table, filled.get(name)).write_parquet(folder / f"{name}.parquet")


def _filled(market: Supermarket) -> dict[str, pl.DataFrame]:
    dice = np.random.default_rng(market.seed)
    owner = dice.integers(0, market.brands, market.products)
    owner[dice.random(market.products) < market.own_brand_share] = 0
    price = (100 + dice.gamma(2.0, 150.0, market.products)).astype(np.int64)
    return {
        "markets": pl.DataFrame({"market": ["US"], "time_zone": ["America/New_York"]}),
        "merchants": _merchants(market.brands),
        "products": _products(owner, price),
        "buyers": _buyers(market.households),
        "orders": _orders(dice, market, owner, price),
    }


def _ids(prefix: str, numbers: NDArray[np.int64]) -> pl.Series:
    return (
        pl.Series(numbers)
        .cast(pl.String)
        .str.zfill(7)
        .str.head(9)
        .to_frame("n")
        .select(pl.format(f"{prefix}_{{}}", "n"))
        .to_series()
    )


def _merchants(count: int) -> pl.DataFrame:
    number = np.arange(count)
    return pl.DataFrame({"merchant_id": _ids("mer", number)}).with_columns(
        name=pl.format("brand {}", "merchant_id"),
        market=pl.lit("US"),
        currency=pl.lit("USD"),
        category=pl.lit("grocery"),
        registered_at=pl.lit(START),
        bank_account_id=pl.format("bank_{}", "merchant_id"),
        return_address_id=pl.format("ret_{}", "merchant_id"),
        warehouse_id=pl.format("wh_{}", "merchant_id"),
        erp_app_id=pl.format("erp_{}", "merchant_id"),
        device_id=pl.format("dev_{}", "merchant_id"),
    )


def _products(owner: NDArray[np.int64], price: NDArray[np.int64]) -> pl.DataFrame:
    columns = {
        "product_id": _ids("prd", np.arange(owner.size)),
        "merchant_id": _ids("mer", owner),
        "price_minor": price,
    }
    return pl.DataFrame(columns).with_columns(
        title=pl.format("item {}", "product_id"),
        category=pl.lit("grocery"),
        currency=pl.lit("USD"),
        usd_per_unit=pl.lit(1.0),
        weight_grams=pl.lit(500.0),
        listed_at=pl.lit(START),
        image_id=pl.format("img_{}", "product_id"),
    )


def _buyers(count: int) -> pl.DataFrame:
    return pl.DataFrame({"buyer_id": _ids("buy", np.arange(count))}).with_columns(
        name=pl.format("household {}", "buyer_id"),
        market=pl.lit("US"),
        registered_at=pl.lit(START),
    )


def _orders(
    dice: np.random.Generator,
    market: Supermarket,
    owner: NDArray[np.int64],
    price: NDArray[np.int64],
) -> pl.DataFrame:
    baskets = round(market.lines / market.basket)
    keen = dice.gamma(1.5, 1.0, market.households)
    who = dice.choice(market.households, baskets, p=keen / keen.sum())
    second = dice.integers(0, market.days, baskets) * 86_400 + dice.integers(
        28_800, 79_200, baskets
    )
    basket = np.sort(dice.integers(0, baskets, market.lines))
    popular = 1.0 / (np.arange(market.products) + 10.0)
    product = dice.choice(market.products, market.lines, p=popular / popular.sum())
    quantity = 1 + dice.poisson(0.3, market.lines)
    lines = {
        "buyer": who[basket],
        "second": second[basket],
        "merchant_id": _ids("mer", owner[product]),
        "product_id": _ids("prd", product),
        "buyer_id": _ids("buy", who[basket]),
        "quantity": quantity,
        "items_minor": quantity * price[product],
    }
    frame = pl.DataFrame(lines).sort("second", maintain_order=True).with_row_index("number")
    at = pl.lit(START) + pl.duration(seconds=pl.col("second"))
    return frame.select(
        "merchant_id",
        "product_id",
        "buyer_id",
        pl.col("quantity").cast(pl.Int64),
        pl.col("items_minor").cast(pl.Int64),
        paid_minor=pl.col("items_minor").cast(pl.Int64),
        order_id=pl.format("ord_{}", "number"),
        channel=pl.lit("shop_tab"),
        created_at=at,
        paid_at=at,
        currency=pl.lit("USD"),
        usd_per_unit=pl.lit(1.0),
        voucher_minor=pl.lit(0),
        shipping_minor=pl.lit(0),
        commission_rate=pl.lit(0.0),
        has_prior_view=pl.lit(value=True),
        is_sample=pl.lit(value=False),
        device_id=pl.format("dev_{}", "buyer_id"),
        ip_id=pl.format("ip_{}", "buyer_id"),
        address_id=pl.format("adr_{}", "buyer_id"),
        payment_token_id=pl.format("tok_{}", "buyer_id"),
        is_billing_match=pl.lit(value=True),
        is_express=pl.lit(value=False),
    )


def _of_contract(table: RawTable, filled: pl.DataFrame | None) -> pl.DataFrame:
    """`filled` with the contract's columns and types, null where it has none; empty without it."""
    schema = {column.name: TYPES[column.type] for column in table.columns.values()}
    if filled is None:
        return pl.DataFrame(schema=schema)
    return filled.select(
        (pl.col(name) if name in filled.columns else pl.lit(None)).cast(type_).alias(name)
        for name, type_ in schema.items()
    )
