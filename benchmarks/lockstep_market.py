"""A market in which few sell most, with one ring that hides in the crowd.

What pure density cannot tell apart is a ring and the popular: here everybody
buys in proportion to popularity, and the ring pays for its camouflage by buying
popular listings too. Only *when* its accounts were at the same listings differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

START = datetime(2026, 1, 1)  # noqa: DTZ001 - UTC without a zone, as stored
DAYS = 90
"""Length of the market; the campaign starts on day 40."""


@dataclass(frozen=True)
class Market:
    """How large the market and its ring are."""

    orders: int
    campaign_hours: float
    """From the first to the last order of the ring's task."""
    seed: int = 7
    orders_per_buyer: float = 6.0
    """Mean; as skewed as people are, a few buy a hundred times."""
    orders_per_product: float = 25.0
    """Mean; by Zipf's law the first listing alone sells some percent of all."""
    ring_accounts: int = 600
    ring_products: int = 60
    task_products: int = 20
    """Of the ring's listings, how many each account is sent to."""
    camouflage: int = 20
    """Further orders of each account, of popular listings, spread over all days."""


def simulate(market: Market) -> tuple[pl.DataFrame, set[str]]:
    """Orders (buyer_id, product_id, created_at), by time, and the ring's accounts."""
    dice = np.random.default_rng(market.seed)
    honest = market.orders - market.ring_accounts * (market.task_products + market.camouflage)
    buyers = max(1, round(honest / market.orders_per_buyer))
    products = max(1, round(honest / market.orders_per_product))
    popular = _zipf(products)
    keen = dice.lognormal(0.0, 1.0, buyers)
    parts = [
        (
            dice.choice(buyers, honest, p=keen / keen.sum()),
            dice.choice(products, honest, p=popular),
            _any_time(dice, honest),
        ),
        _task(dice, market, buyers, products),
        _camouflage(dice, market, buyers, popular),
    ]
    who, what, when = (np.concatenate(column) for column in zip(*parts, strict=True))
    frame = pl.DataFrame({"buyer": who, "product": what, "seconds": when}).sort("seconds")
    orders = frame.select(
        buyer_id=pl.format("buy_{}", pl.col("buyer").cast(pl.String).str.zfill(7)),
        product_id=pl.format("prd_{}", pl.col("product").cast(pl.String).str.zfill(7)),
        created_at=pl.lit(START) + pl.duration(seconds=pl.col("seconds")),
    )
    return orders, {f"buy_{buyers + place:07d}" for place in range(market.ring_accounts)}


def _zipf(products: int) -> NDArray[np.float64]:
    """Share of the sales of each listing, by its rank."""
    weight = 1.0 / np.arange(1, products + 1)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _any_time(dice: np.random.Generator, rows: int) -> NDArray[np.int64]:
    """Seconds since the start; more in the evening than at night."""
    day = dice.integers(0, DAYS, rows)
    second = dice.normal(19.0, 4.0, rows) % 24.0 * 3600.0
    return (day * 86_400 + second).astype(np.int64)


def _task(
    dice: np.random.Generator, market: Market, buyers: int, products: int
) -> tuple[NDArray[np.int64], ...]:
    """Each account at its share of the ring's listings, some time in the campaign."""
    rows = market.ring_accounts * market.task_products
    order = dice.random((market.ring_accounts, market.ring_products)).argsort(axis=1)
    who = np.repeat(np.arange(market.ring_accounts) + buyers, market.task_products)
    what = order[:, : market.task_products].ravel() + products
    begin = timedelta(days=40, hours=9).total_seconds()
    when = begin + dice.random(rows) * market.campaign_hours * 3600.0
    return who, what, when.astype(np.int64)


def _camouflage(
    dice: np.random.Generator, market: Market, buyers: int, popular: NDArray[np.float64]
) -> tuple[NDArray[np.int64], ...]:
    """What the ring's accounts buy to look like everybody."""
    rows = market.ring_accounts * market.camouflage
    who = np.repeat(np.arange(market.ring_accounts) + buyers, market.camouflage)
    return who, dice.choice(popular.size, rows, p=popular), _any_time(dice, rows)
