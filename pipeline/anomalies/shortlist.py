"""The short list of anomalies: who is unlike their peers in a way that nobody has a name for.

An isolation forest over deviations from peers (Liu, Ting and Zhou 2008), and sellers whose
customers are odd in one common way. What comes out is a place in a list, never part of a
probability: docs/decisions/0012-unproven-lane.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from sklearn.ensemble import IsolationForest

from pipeline.anomalies import shared_customers
from pipeline.anomalies.peer_deviation import deviations
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.anomalies.peer_deviation import Deviations
    from pipeline.settings.models import AnomalySettings

    FloatArray = NDArray[np.float64]

_REASONS = 3
_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_PLACE = {"anomaly": pl.Float64, "rank": pl.Int64, "is_surfaced": pl.Boolean}
_REASON = {
    name: dtype
    for number in range(1, _REASONS + 1)
    for name, dtype in ((f"reason_{number}", pl.String), (f"reason_{number}_z", pl.Float64))
}
_SHARED = {name: dtype for name, dtype in shared_customers.SCHEMA.items() if name != "entity_id"}
SCHEMA = _KEY | _PLACE | _REASON | _SHARED
"""Columns of `scores.anomalies`: the oddest of the unexplained.

`reason_n` is a feature and `reason_n_z` its robust z against peers of the same size. A seller
has `customer_count` customers whose mean z in `customer_feature` is `customer_z`; a customer
carries the figures of the oddest of its sellers, `seller_id`.
"""
_CUSTOMER = "buyer"


def anomalies(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    scores: pl.DataFrame,
    settings: AnomalySettings,
) -> pl.DataFrame:
    """Rows of `scores.anomalies`; `scores` holds bands of snapshot `as_of`.

    A type without a model has no bands: then all its unjudged entities may enter.
    """
    by_type = {name: deviations(con, name, as_of, scores, settings) for name in ENTITY_TYPES}
    shared = _shared_customers(con, as_of, by_type[_CUSTOMER], settings)
    parts = [
        _ranked(one, shared[name], settings).with_columns(as_of=pl.lit(as_of))
        for name, one in by_type.items()
        if len(one.features) >= _REASONS  # else nothing delivered says what is unusual
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(one.select(SCHEMA.keys()) for one in parts)])


# ---------------------------------------------------------------- odd in their customers


def _shared_customers(
    con: duckdb.DuckDBPyConnection, as_of: date, buyers: Deviations, settings: AnomalySettings
) -> dict[str, pl.DataFrame]:
    """The oddest seller of each entity, by entity type."""
    lasting = _lasting(buyers.features, settings.window_days)
    ids = buyers.ids.filter(pl.Series(buyers.free))
    z = (buyers.z[buyers.free, n] for n in lasting)
    centred = shared_customers.centred(z, (len(ids), lasting.size), settings.certain_z)
    names = tuple(buyers.features[n] for n in lasting)
    customers = shared_customers.Customers(ids, names, centred)
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in ENTITY_TYPES}
    for entity_type in ENTITY_TYPES:
        if entity_type != _CUSTOMER:
            own, of_customers = shared_customers.sellers(
                con, entity_type, as_of, customers, settings
            )
            parts[entity_type].append(own)
            parts[_CUSTOMER].append(of_customers)
    return {name: shared_customers.oddest(frames) for name, frames in parts.items()}


def _lasting(names: tuple[str, ...], window_days: int) -> NDArray[np.int64]:
    """Indices of features that look back as far as the trade does, or have no window.

    Whoever bought in yesterday's live bought yesterday: a shorter figure tells when the
    customers came, which they share by being customers, and not who they are.
    """
    catalogue = features(_CUSTOMER)
    spans = [catalogue[name].days if name in catalogue else 0 for name in names]
    return np.flatnonzero([days == 0 or days >= window_days for days in spans])


# ---------------------------------------------------------------- who is shown


def _ranked(everybody: Deviations, shared: pl.DataFrame, settings: AnomalySettings) -> pl.DataFrame:
    """The oddest of the unexplained of one type, the surfaced ones marked."""
    ids = everybody.ids.alias("entity_id").to_frame()
    ids = ids.join(shared, on="entity_id", how="left", maintain_order="left")
    candidates = np.flatnonzero(
        _candidates(everybody, ids["customer_anomaly"].fill_null(0.0), settings)
    )
    frame = ids[candidates].with_columns(
        entity_type=pl.lit(everybody.entity_type),
        alone=pl.Series(_isolation(everybody.z, everybody.z[candidates], settings)),
        **_reasons(everybody.z[candidates], everybody.features),
    )
    by_customers = pl.col("customer_anomaly").fill_null(0.0)
    both = 1.0 - (1.0 - pl.col("alone")) * (1.0 - by_customers)
    ordered = frame.with_columns(anomaly=both).sort(
        "anomaly", "entity_id", descending=[True, False]
    )
    ordered = ordered.head(settings.kept)
    surfaced = pl.Series(list(_diverse(ordered, settings)), dtype=pl.Boolean)
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return ordered.with_columns(rank=rank, is_surfaced=surfaced)


def _candidates(
    everybody: Deviations, by_customers: pl.Series, settings: AnomalySettings
) -> NDArray[np.bool_]:
    """(entities,) the free ones who deviate most, and those with odd customers.

    A forest costs time per entity, and whoever deviates in nothing is not odd.
    """
    deviation = np.zeros(len(everybody.ids))
    for one in everybody.z.T:
        deviation += np.where(np.abs(one) >= settings.odd_z, one**2, 0.0)
    deviation *= everybody.free
    least, count = 0.0, settings.candidates
    if deviation.size > count:
        least = np.partition(deviation, -count)[-count]
    odd = (deviation > least) | (by_customers.to_numpy() >= settings.least_customer_anomaly)
    return np.asarray(odd & everybody.free, dtype=np.bool_)


def _isolation(z: FloatArray, candidates: FloatArray, settings: AnomalySettings) -> FloatArray:
    """(candidates,) 0..1: twice the isolation score above a half, where ordinary ends."""
    if not candidates.size:
        return np.zeros(candidates.shape[0])
    sample = z[:: max(z.shape[0] // settings.fit_rows, 1)].astype(np.float32)
    forest = IsolationForest(
        n_estimators=settings.trees,
        max_samples=min(settings.sample, sample.shape[0]),
        random_state=settings.seed,
    )
    score = -forest.fit(sample).score_samples(candidates.astype(np.float32))
    return np.asarray((2.0 * score - 1.0).clip(0.0, 1.0), dtype=np.float64)


def _reasons(z: FloatArray, names: tuple[str, ...]) -> dict[str, pl.Series]:
    """The three most unusual features of each entity and how unusual they are."""
    order = np.argsort(-np.abs(z), axis=1, kind="stable")[:, :_REASONS]
    words, columns = pl.Series(names, dtype=pl.String), {}
    for number in range(order.shape[1]):
        columns[f"reason_{number + 1}"] = words.gather(order[:, number])
        columns[f"reason_{number + 1}_z"] = pl.Series(z[np.arange(z.shape[0]), order[:, number]])
    return columns


def _diverse(ordered: pl.DataFrame, settings: AnomalySettings) -> Iterator[bool]:
    """Walk down the ranks and take what is not yet there often enough, until full."""
    counts: dict[tuple[str, str, bool], int] = {}
    most = {
        "customer": settings.per_seller,
        "seller": settings.per_customer_feature,
        "alone": settings.per_reason,
    }
    left = settings.capacity
    for row in ordered.iter_rows(named=True):
        likeness = _likeness(row)
        fits = left > 0 and counts.get(likeness, 0) < most[likeness[0]]
        counts[likeness] = counts.get(likeness, 0) + fits
        left -= fits
        yield fits


def _likeness(row: dict[str, Any]) -> tuple[str, str, bool]:
    """Of what the row is one more: customers of one seller, sellers or entities odd alike."""
    if (row["customer_anomaly"] or 0.0) <= row["alone"]:
        return ("alone", row["reason_1"], row["reason_1_z"] > 0.0)
    if row["seller_id"] == row["entity_id"]:
        return ("seller", row["customer_feature"], row["customer_z"] > 0.0)
    return ("customer", row["seller_id"], row["customer_z"] > 0.0)
