"""Customers odd in common make an anomaly; crowds and pairs do not."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from pipeline.anomalies.shared_customers import Customers, centred, sellers
from pipeline.settings.models import AnomalySettings
from tests.pipeline import tiny

SETTINGS = AnomalySettings()
RING = [tiny.name("buyer", n) for n in range(200, 216)]


def test_a_crowd_is_no_anomaly() -> None:
    """A shop where everybody buys has the mean of everybody: nothing in common."""
    con = tiny.build()
    everybody = [tiny.name("buyer", n) for n in range(tiny.SIZES["buyer"])]
    rows = pl.DataFrame({"buyer_id": everybody}).with_columns(
        merchant_id=pl.lit("mer_crowd"), day=pl.lit(tiny.AS_OF - timedelta(days=3))
    )
    con.register("_rows", rows)
    con.execute("insert into staging.orders by name select * from _rows")
    z = np.random.default_rng(3).normal(size=(len(everybody), 4))
    ours = centred(z.T, z.shape, SETTINGS.certain_z)
    customers = Customers(pl.Series(everybody), ("a", "b", "c", "d"), ours)
    shops, _ = sellers(con, "merchant", tiny.AS_OF, customers, SETTINGS)
    assert shops.filter(pl.col("entity_id") == "mer_crowd")["customer_anomaly"].item() < 0.1


def test_two_odd_customers_are_no_pattern() -> None:
    """Few customers are outweighed by the ordinary ones imagined beside them."""
    con = tiny.build()
    day = tiny.AS_OF - timedelta(days=3)
    rows = pl.DataFrame({"buyer_id": RING[:2], "merchant_id": ["mer_two"] * 2, "day": [day] * 2})
    con.register("_rows", rows)
    con.execute("insert into staging.orders by name select * from _rows")
    z = np.zeros((50, 1))
    z[:2] = 9.0
    ids = pl.Series(RING[:2] + [f"buy_{n}" for n in range(48)])
    customers = Customers(ids, ("a",), centred(z.T, z.shape, SETTINGS.certain_z))
    shops, _ = sellers(con, "merchant", tiny.AS_OF, customers, SETTINGS)
    assert shops.filter(pl.col("entity_id") == "mer_two")["customer_anomaly"].item() < 0.5
