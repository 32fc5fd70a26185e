"""Whose customers are odd in the same way: what an organised pattern looks like from outside.

Each shop, creator, listing or room is asked for the mean deviation of its customers, feature
by feature, and a customer for the oddest seller it has. Crowds average out, so popularity is
no oddity: docs/decisions/0012-unproven-lane.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.models import AnomalySettings

SCHEMA = {
    "entity_id": pl.String,
    "customer_anomaly": pl.Float64,
    "seller_id": pl.String,
    "customer_count": pl.Int64,
    "customer_feature": pl.String,
    "customer_z": pl.Float64,
}
"""What the customers of an entity's seller share; `seller_id` is the entity itself for a seller."""


@dataclass(frozen=True)
class Customers:
    """Buyers whom nothing else explains: neither judged nor scored above LOW."""

    ids: pl.Series
    features: tuple[str, ...]
    centred: NDArray[np.float64]
    """(customers, features) what `centred` makes of their robust z against their peers."""

    @cached_property
    def names(self) -> pl.Enum:
        """Their ids as a type: the number of a name is its row."""
        return pl.Enum(self.ids)


def centred(
    z: Iterable[NDArray[np.float64]], shape: tuple[int, int], most: float
) -> NDArray[np.float64]:
    """(customers, features) with mean 0 and spread 1 over all customers, cut at `most`.

    `z` is one column after the other, 0 where unknown: of a million customers there is no room
    for a second copy.
    """
    whole = np.zeros(shape)
    for place, one in enumerate(z if shape[0] else ()):
        standard = (one - one.mean()) / max(float(one.std()), 1e-9)
        whole[:, place] = standard.clip(-most, most)
    return whole


@dataclass(frozen=True)
class _Trade:
    """Who bought where, each pair once, ordered by seller and customer."""

    sellers: pl.Series
    """Their names, sorted."""
    seller: NDArray[np.int64]
    """(pairs,) place in `sellers`."""
    customer: NDArray[np.int64]
    """(pairs,) row in `Customers`."""


def sellers(
    con: duckdb.DuckDBPyConnection,
    seller_type: str,
    as_of: date,
    customers: Customers,
    settings: AnomalySettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the customers of each seller share, and of those customers the ones odd that way.

    Both have the columns of SCHEMA. `customer_anomaly` is the largest absolute mean of a
    feature over the seller's customers, shrunk by imagined ordinary ones, as a share of
    `certain_z`.
    """
    orders = _orders(con, seller_type, as_of, settings.window_days)
    trade = _pairs(orders, customers.names)
    count = len(trade.sellers)
    members = np.bincount(trade.seller, minlength=count)
    visits = sparse.csr_array(
        (np.ones(trade.customer.size), trade.customer, np.append(0, np.cumsum(members))),
        shape=(count, len(customers.ids)),
    )
    shared = np.asarray(visits @ customers.centred) / (members + settings.prior_customers)[:, None]
    strongest = np.abs(shared).argmax(axis=1) if shared.size else np.zeros(0, dtype=np.int64)
    z = shared[np.arange(count), strongest]
    of_sellers = pl.DataFrame(
        {
            "entity_id": trade.sellers,
            "customer_anomaly": (np.abs(z) / settings.certain_z).clip(0.0, 1.0),
            "seller_id": trade.sellers,
            "customer_count": members,
            "customer_feature": pl.Series(customers.features, dtype=pl.String).gather(strongest),
            "customer_z": z,
        },
        schema=SCHEMA,
    )
    own = customers.centred[trade.customer, strongest[trade.seller]] * np.sign(z[trade.seller])
    alike = own >= settings.odd_z
    ids = customers.ids.gather(trade.customer[alike]).alias("entity_id")
    return of_sellers, of_sellers[trade.seller[alike]].with_columns(ids).select(SCHEMA.keys())


def oddest(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One row per entity: the seller that is oddest, the first in the alphabet of equals."""
    together = pl.concat([pl.DataFrame(schema=SCHEMA), *parts])
    order = ("entity_id", "customer_anomaly", "seller_id")
    ordered = together.sort(order, descending=[False, True, False])
    return ordered.unique("entity_id", keep="first", maintain_order=True)


def _pairs(orders: pl.DataFrame, customers: pl.Enum) -> _Trade:
    """Orders of `customers` as pairs; names become numbers before anything is sorted."""
    row = pl.col("customer").cast(customers, strict=False).to_physical()
    own = orders.select("seller", row=row.cast(pl.Int64)).drop_nulls()
    names = own["seller"].unique().sort()
    place = own["seller"].cast(pl.Enum(names)).to_physical().cast(pl.Int64).to_numpy()
    many = max(len(customers.categories), 1)
    pairs = np.sort(place * many + own["row"].to_numpy())
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    return _Trade(names, pairs // many, pairs % many)


def _orders(
    con: duckdb.DuckDBPyConnection, seller_type: str, as_of: date, window_days: int
) -> pl.DataFrame:
    """Who bought from whom in the window, once per order."""
    sql = f"select {seller_type}_id as seller, buyer_id as customer from staging.orders"
    span = f"day >= $since and day < $as_of and {seller_type}_id is not null"
    since = as_of - timedelta(days=window_days)
    return query(con, f"{sql} where {span}", since=since, as_of=as_of)
