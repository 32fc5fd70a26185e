"""Whose customers are odd in the same way: what an organised pattern looks like from outside.

One old account that spends twenty times the usual is an outlier; thirty of them at one tiny
shop are an operation, whatever it is. So each shop, creator, listing or room is asked for
the mean deviation of its customers, feature by feature, and a customer for the strangest
company it keeps. Crowds average out, so popularity is no oddity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from pipeline.settings.models import AnomalySettings
from pipeline.tables import query

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

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
    most: float = AnomalySettings.company_most
    """Where a standardised value is cut."""

    @cached_property
    def names(self) -> pl.Enum:
        """Their ids as a type: the number of a name is its row."""
        return pl.Enum(self.ids)

    @cached_property
    def centred(self) -> NDArray[np.float64]:
        """(guests, features) with mean 0 and spread 1 over all guests, cut at `most`.

        Column by column: of a million guests there is no room for a third copy.
        """
        found = np.zeros(self.z.shape)
        for place, one in enumerate(self.z.T if self.z.size else ()):
            standard = (one - one.mean()) / max(float(one.std()), 1e-9)
            found[:, place] = standard.clip(-self.most, self.most)
        return found


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
    names, place, row = _visits(_trade(con, host_type, as_of, settings.window_days), guests.names)
    centred = guests.centred
    members = np.bincount(place, minlength=len(names))
    visits = sparse.csr_array(
        (np.ones(row.size), row, np.append(0, np.cumsum(members))),
        shape=(len(names), len(guests.ids)),
    )
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
    alike = centred[row, strongest[place]] * np.sign(z[place]) >= settings.loud
    led = guests.ids.gather(row[alike]).alias("entity_id")
    return found, found[place[alike]].with_columns(led).select(SCHEMA.keys())


def strangest(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """One row per entity: the company that is oddest, the first in the alphabet of equals."""
    together = pl.concat([pl.DataFrame(schema=SCHEMA), *parts])
    ordered = together.sort("entity_id", "company", "company_id", descending=[False, True, False])
    return ordered.unique("entity_id", keep="first", maintain_order=True)


def _visits(
    trade: pl.DataFrame, guests: pl.Enum
) -> tuple[pl.Series, NDArray[np.int64], NDArray[np.int64]]:
    """Names of the hosts of `guests`, and each pair once: place of the host, row of the guest.

    Ordered by both. Names become numbers before anything is sorted or compared.
    """
    row = pl.col("guest").cast(guests, strict=False).to_physical()
    known = trade.select("host", row=row.cast(pl.Int64)).drop_nulls()
    names = known["host"].unique().sort()
    place = known["host"].cast(pl.Enum(names)).to_physical().cast(pl.Int64).to_numpy()
    many = max(len(guests.categories), 1)
    pairs = np.sort(place * many + known["row"].to_numpy())
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    return names, pairs // many, pairs % many


def _trade(
    con: duckdb.DuckDBPyConnection, host_type: str, as_of: date, window_days: int
) -> pl.DataFrame:
    """Who bought from whom in the window, once per order."""
    sql = f"select {host_type}_id as host, buyer_id as guest from staging.orders"
    span = f"day >= $since and day < $as_of and {host_type}_id is not null"
    since = as_of - timedelta(days=window_days)
    return query(con, f"{sql} where {span}", since=since, as_of=as_of)
