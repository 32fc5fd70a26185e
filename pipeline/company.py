"""Whose customers are odd in the same way: what an organised pattern looks like from outside.

One old account that spends twenty times the usual is an outlier; thirty of them at one tiny
shop are an operation, whatever it is. So each shop, creator, listing or room is asked for
the mean deviation of its customers, feature by feature, and a customer for the strangest
company it keeps. Crowds average out, so popularity is no oddity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from pipeline.tables import query

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.model_settings import AnomalySettings

SCHEMA = {
    "entity_id": pl.String,
    "company": pl.Float64,
    "company_id": pl.String,
    "company_members": pl.Int64,
    "company_feature": pl.String,
    "company_z": pl.Float64,
}
"""What is known of an entity's company; `company_id` is the entity itself for a host."""


@dataclass(frozen=True)
class Guests:
    """Customers whom nothing else explains: neither judged nor scored above LOW."""

    ids: pl.Series
    features: tuple[str, ...]
    z: NDArray[np.float64]
    """(guests, features) robust z against their peers, 0 where unknown."""

    def centred(self, most: float) -> NDArray[np.float64]:
        """(guests, features) with mean 0 and spread 1 over all guests, cut at `most`."""
        spread = np.maximum(self.z.std(axis=0), 1e-9) if self.z.size else 1.0
        centre = self.z.mean(axis=0) if self.z.size else 0.0
        return np.asarray(((self.z - centre) / spread).clip(-most, most), dtype=np.float64)


def hosts(
    con: duckdb.DuckDBPyConnection,
    host_type: str,
    as_of: date,
    guests: Guests,
    settings: AnomalySettings,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Company of every host of a type, and of the guests that are odd in their host's way.

    Both have the columns of SCHEMA. `company` is the largest absolute mean of a feature over
    the host's guests, shrunk by imagined ordinary guests, as a share of `company_most`.
    """
    trade = _trade(con, host_type, as_of, settings.window_days)
    known = pl.DataFrame({"guest": guests.ids, "row": np.arange(len(guests.ids))})
    trade = trade.join(known, on="guest").sort("host", "row")
    names = trade["host"].unique(maintain_order=True)
    place = trade["host"].rle_id().to_numpy() if trade.height else np.zeros(0, dtype=np.int64)
    centred = guests.centred(settings.company_most)
    shape = (len(names), len(guests.ids))
    visits = sparse.csr_array((np.ones(place.size), (place, trade["row"].to_numpy())), shape=shape)
    members = np.bincount(place, minlength=len(names))
    shared = np.asarray(visits @ centred) / (members + settings.company_least)[:, None]
    strongest = np.abs(shared).argmax(axis=1) if shared.size else np.zeros(0, dtype=np.int64)
    z = shared[np.arange(len(names)), strongest]
    found = pl.DataFrame(
        {
            "entity_id": names,
            "company": (np.abs(z) / settings.company_most).clip(0.0, 1.0),
            "company_id": names,
            "company_members": members,
            "company_feature": pl.Series(guests.features, dtype=pl.String).gather(strongest),
            "company_z": z,
        },
        schema=SCHEMA,
    )
    odd = centred[trade["row"].to_numpy(), strongest[place]] * np.sign(z[place])
    led = trade.filter(pl.Series(odd >= settings.loud)).select("host", entity_id="guest")
    told = led.join(found.drop("entity_id"), left_on="host", right_on="company_id")
    guests_told = told.with_columns(company_id="host").select(SCHEMA.keys())
    return found, guests_told


def strangest(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One row per entity: the company that is oddest, the first in the alphabet of equals."""
    together = pl.concat([pl.DataFrame(schema=SCHEMA), *parts])
    ordered = together.sort("entity_id", "company", "company_id", descending=[False, True, False])
    return ordered.unique("entity_id", keep="first", maintain_order=True)


def _trade(
    con: duckdb.DuckDBPyConnection, host_type: str, as_of: date, window_days: int
) -> pl.DataFrame:
    """Who bought from whom in the window, once per pair."""
    sql = f"select distinct {host_type}_id as host, buyer_id as guest from staging.orders"
    span = f"day >= $since and day < $as_of and {host_type}_id is not null"
    since = as_of - timedelta(days=window_days)
    return query(con, f"{sql} where {span}", since=since, as_of=as_of)
