"""The map of rings says something true: near are those that have things in common."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import spearmanr

from tests.laws.asking import rows

if TYPE_CHECKING:
    import duckdb

USED = """
    select 'buyer:' || buyer_id as node, unnest([
        'd' || device_id, 'i' || ip_id, 'a' || address_id, 'c' || payment_token_id
    ]) as thing from staging.order_attempts
    union select 'buyer:' || buyer_id, 's' || merchant_id from staging.orders
    union select 'merchant:' || merchant_id, 's' || merchant_id from staging.merchants
    union select 'buyer:' || buyer_id, 'l' || product_id from staging.orders
    union select 'product:' || product_id, 'l' || product_id from staging.products
"""
MEMBERS = "select ring_id, entity_type || ':' || entity_id as node from rings.members"


def test_every_ring_has_one_place(con: duckdb.DuckDBPyConnection) -> None:
    """No two on one spot: what cannot be told apart cannot be clicked."""
    table = rows(con, "select * from rings.places")
    assert sorted(table["ring_id"]) == sorted(rows(con, "from rings.rings")["ring_id"])
    assert table.select("x", "y").is_unique().all()


def test_rings_with_more_in_common_are_nearer(con: duckdb.DuckDBPyConnection) -> None:
    """Shares of devices, networks, addresses, cards, shops and listings, counted anew from rows."""
    used = rows(
        con, f"select m.ring_id, u.thing from ({MEMBERS}) as m join ({USED}) as u using (node)"
    )
    things = {
        ring_id: set(part["thing"].drop_nulls()) for (ring_id,), part in used.group_by("ring_id")
    }
    spots = {row[0]: np.array(row[1:]) for row in rows(con, "from rings.places").rows()}
    pairs = list(combinations(sorted(spots), 2))
    shares = [
        len(things[one] & things[other]) / len(things[one] | things[other]) for one, other in pairs
    ]
    gaps = [float(np.linalg.norm(spots[one] - spots[other])) for one, other in pairs]
    table = pl.DataFrame({"share": shares, "gap": gaps})
    assert spearmanr(table["share"], table["gap"]).statistic < -0.3
    nearest = table.filter(pl.col("gap") < pl.col("gap").quantile(0.1))["share"].mean()
    assert nearest > 3 * table.filter(pl.col("gap") > pl.col("gap").median())["share"].mean()
