"""The unproven lane: who is unlike their peers in a way that nobody has a name for.

A classifier finds more of what was found before. Newcomers and new schemes need another
look: how far each entity lies from peers of its own group and its own size, by an isolation
forest (Liu, Ting and Zhou 2008), and whether the company it keeps is odd in one common way
(`pipeline.anomalies.shared_customers`). What comes out is a place in a short list, never
part of a probability.
Size is taken out because it hides the odd: fifteen thousand dollars are nothing for a
listing, but they are for one with twenty orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from sklearn.ensemble import IsolationForest

from pipeline.anomalies import shared_customers
from pipeline.tables import feature_names, query, read_features
from queries.catalogue import ENTITY_TYPES, features

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.models import AnomalySettings

    FloatArray = NDArray[np.float64]

_REASONS = 3
_KEY = {"entity_type": pl.String, "entity_id": pl.String, "as_of": pl.Date}
_PLACE = {"anomaly": pl.Float64, "rank": pl.Int64, "is_surfaced": pl.Boolean}
_WORDS = {
    name: kind
    for number in range(1, _REASONS + 1)
    for name, kind in ((f"reason_{number}", pl.String), (f"reason_{number}_z", pl.Float64))
}
SCHEMA = (
    _KEY | _PLACE | _WORDS | {k: v for k, v in shared_customers.SCHEMA.items() if k != "entity_id"}
)
"""Columns of `scores.anomalies`: the oddest of the unexplained.

`reason_n` is a feature and `reason_n_z` its robust z against peers of the same size. A host
has `company_members` customers whose mean z in `company_feature` is `company_z`; a customer
carries the figures of the oddest of its hosts, `company_id`.
"""
_GUEST = "buyer"
_SIZES = ("orders_90d", "views")
"""What says how big an entity is: the first that its table has."""
_SKEWED = ("count", "ratio", "money", "hours", "days", "seconds")
_BANDS, _FLOOR, _MAD = 8, 0.5, 1.4826


@dataclass(frozen=True)
class Deviations:
    """How far everybody of one type lies from their peers at one snapshot."""

    entity_type: str
    ids: pl.Series
    features: tuple[str, ...]
    z: FloatArray
    """(entities, features) robust z, 0 where unknown."""
    free: NDArray[np.bool_]
    """(entities,) neither judged nor in a band above LOW."""


def anomalies(
    con: duckdb.DuckDBPyConnection,
    as_of: date,
    scores: pl.DataFrame,
    settings: AnomalySettings,
) -> pl.DataFrame:
    """Rows of `scores.anomalies`; `scores` holds bands of snapshot `as_of`.

    A type without a model has no bands: then all its unjudged entities may enter.
    """
    everybody = {kind: _deviations(con, kind, as_of, scores, settings) for kind in ENTITY_TYPES}
    companies = _companies(con, as_of, everybody[_GUEST], settings)
    made = [
        _lane(one, companies[kind], settings).with_columns(as_of=pl.lit(as_of))
        for kind, one in everybody.items()
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(one.select(SCHEMA.keys()) for one in made)])


# ---------------------------------------------------------------- how far from peers


def _deviations(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    as_of: date,
    scores: pl.DataFrame,
    settings: AnomalySettings,
) -> Deviations:
    known = features(entity_type)
    names = tuple(
        name
        for name in feature_names(con, entity_type)
        if name not in known or known[name].family not in settings.apart
    )
    ids, values = read_features(con, entity_type, as_of, names)
    skewed = [name not in known or known[name].format in _SKEWED for name in names]
    column = next((names.index(name) for name in _SIZES if name in names), None)
    size = np.zeros(len(ids)) if column is None else values[:, column]
    band = np.log2(1.0 + np.nan_to_num(size)).round().clip(0, _BANDS).astype(np.int64)
    for place in np.flatnonzero(skewed):
        one = values[:, place]
        np.copysign(np.log1p(np.abs(one)), one, out=one)
    z = _robust_z(values, (band, _peer_groups(con, entity_type, ids)), settings)
    sql = "select entity_id from staging.labels where entity_type = $kind and known_at < $day"
    judged = query(con, sql, kind=entity_type, day=as_of)["entity_id"]
    loud = scores.filter((pl.col("entity_type") == entity_type) & (pl.col("score_band") != "LOW"))
    explained = pl.concat([judged, loud["entity_id"]]).unique()
    free = ~ids.is_in(explained.implode()).to_numpy()
    return Deviations(entity_type, ids, names, z, free)


def _peer_groups(
    con: duckdb.DuckDBPyConnection, entity_type: str, ids: pl.Series
) -> NDArray[np.int64]:
    """(entities,) number of each one's peer group; those without one are a group."""
    sql = "select entity_id, peer_group from graph.entities where entity_type = $kind"
    known = query(con, sql, kind=entity_type).unique("entity_id")
    named = ids.alias("entity_id").to_frame()
    groups = named.join(known, on="entity_id", how="left", maintain_order="left")["peer_group"]
    return groups.fill_null("").rank("dense").to_numpy().astype(np.int64)


def _robust_z(
    values: FloatArray, groups: tuple[NDArray[np.int64], ...], settings: AnomalySettings
) -> FloatArray:
    """Deviation from the median of each grouping in turn, in robust standard deviations.

    Taking out one grouping's medians after the other's is a step of Tukey's median polish:
    cells of group and size together would hold too few. The scale is the median absolute
    deviation; where most values are equal it would be zero, hence at least half the
    standard deviation. Unknown values deviate by 0. Medians come from every n-th entity.
    `values` becomes the result: millions of entities do not fit into memory twice.
    """
    step = max(values.shape[0] // settings.fit_rows, 1)
    for group in groups:
        usual = _medians(values[::step], group[::step], int(group.max(initial=0)))
        for place, own in enumerate(usual.T):
            values[:, place] -= own.take(group)
    some = pl.from_numpy(values[::step]).fill_nan(None)
    spread = _per_column(some, pl.all().abs().median()) * _MAD
    spread = np.maximum(spread, _FLOOR * _per_column(some, pl.all().std()))
    for place, unit in enumerate(np.where(spread > 0.0, spread, 1.0)):
        z = (values[:, place] / unit).clip(-settings.most, settings.most)
        values[:, place] = np.where(np.isnan(z), 0.0, z)
    return values


def _medians(values: FloatArray, group: NDArray[np.int64], last: int) -> FloatArray:
    """(last + 1, features) median of each group; of everybody where the group has no value."""
    some = pl.from_numpy(values).fill_nan(None)
    medians = np.tile(_per_column(some, pl.all().median()), (last + 1, 1))
    found = some.with_columns(group=pl.Series(group)).group_by("group").median()
    rows = found["group"].to_numpy()
    own = found.drop("group").fill_null(np.nan).to_numpy()
    medians[rows] = np.where(np.isnan(own), medians[rows], own)
    return medians


def _per_column(frame: pl.DataFrame, of: pl.Expr) -> FloatArray:
    return frame.select(of).fill_null(0.0).to_numpy().ravel()


def _isolation(everybody: FloatArray, asked: FloatArray, settings: AnomalySettings) -> FloatArray:
    """(asked,) 0..1: twice the isolation score above a half, where ordinary ends."""
    if not asked.size:
        return np.zeros(asked.shape[0])
    drawn = everybody[:: max(everybody.shape[0] // settings.fit_rows, 1)].astype(np.float32)
    forest = IsolationForest(
        n_estimators=settings.trees,
        max_samples=min(settings.sample, drawn.shape[0]),
        random_state=settings.seed,
    )
    score = -forest.fit(drawn).score_samples(asked.astype(np.float32))
    return np.asarray((2.0 * score - 1.0).clip(0.0, 1.0), dtype=np.float64)


# ---------------------------------------------------------------- odd in company


def _companies(
    con: duckdb.DuckDBPyConnection, as_of: date, buyers: Deviations, settings: AnomalySettings
) -> dict[str, pl.DataFrame]:
    """The oddest company of each entity, by entity type."""
    lasting = _lasting(buyers.features, settings.window_days)
    guests = shared_customers.Guests(
        buyers.ids.filter(pl.Series(buyers.free)),
        tuple(buyers.features[n] for n in lasting),
        buyers.z[np.flatnonzero(buyers.free)[:, None], lasting],
        settings.company_most,
    )
    parts: dict[str, list[pl.DataFrame]] = {kind: [] for kind in ENTITY_TYPES}
    for kind in ENTITY_TYPES:
        if kind != _GUEST:
            found, led = shared_customers.hosts(con, kind, as_of, guests, settings)
            parts[kind].append(found)
            parts[_GUEST].append(led)
    return {kind: shared_customers.strangest(found) for kind, found in parts.items()}


def _lasting(names: tuple[str, ...], window_days: int) -> NDArray[np.int64]:
    """Indices of features that look back as far as the trade does, or have no window.

    Whoever bought in yesterday's live bought yesterday: a shorter figure tells when the
    guests came, which they share by being guests, and not who they are.
    """
    known = features(_GUEST)
    spans = [known[name].days if name in known else 0 for name in names]
    return np.flatnonzero([days == 0 or days >= window_days for days in spans])


# ---------------------------------------------------------------- who is shown


def _lane(found: Deviations, companies: pl.DataFrame, settings: AnomalySettings) -> pl.DataFrame:
    """The oddest of the unexplained of one type, the shown ones marked."""
    met = found.ids.alias("entity_id").to_frame()
    met = met.join(companies, on="entity_id", how="left", maintain_order="left")
    asked = np.flatnonzero(_worth_asking(found, met["company"].fill_null(0.0), settings))
    frame = met[asked].with_columns(
        entity_type=pl.lit(found.entity_type),
        alone=pl.Series(_isolation(found.z, found.z[asked], settings)),
        **_reasons(found.z[asked], found.features),
    )
    both = 1.0 - (1.0 - pl.col("alone")) * (1.0 - pl.col("company").fill_null(0.0))
    ordered = frame.with_columns(anomaly=both).sort(
        "anomaly", "entity_id", descending=[True, False]
    )
    ordered = ordered.head(settings.kept)
    shown = pl.Series(list(_diverse(ordered, settings)), dtype=pl.Boolean)
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return ordered.with_columns(rank=rank, is_surfaced=shown)


def _worth_asking(
    found: Deviations, companies: pl.Series, settings: AnomalySettings
) -> NDArray[np.bool_]:
    """(entities,) the free ones who deviate most, and those in odd company.

    A forest costs time per entity asked, and whoever is loud in nothing is not odd.
    """
    loudness = np.zeros(len(found.ids))
    for one in found.z.T:
        loudness += np.where(np.abs(one) >= settings.loud, one**2, 0.0)
    loudness *= found.free
    least = (
        np.partition(loudness, -settings.asked)[-settings.asked]
        if (loudness.size > settings.asked)
        else 0.0
    )
    odd = (loudness > least) | (companies.to_numpy() >= settings.company_asked)
    return np.asarray(odd & found.free, dtype=np.bool_)


def _reasons(z: FloatArray, names: tuple[str, ...]) -> dict[str, pl.Series]:
    """The three most unusual features of each entity and how unusual they are."""
    order = np.argsort(-np.abs(z), axis=1, kind="stable")[:, :_REASONS]
    words, made = pl.Series(names, dtype=pl.String), {}
    for number in range(order.shape[1]):
        made[f"reason_{number + 1}"] = words.gather(order[:, number])
        made[f"reason_{number + 1}_z"] = pl.Series(z[np.arange(z.shape[0]), order[:, number]])
    return made


def _diverse(ordered: pl.DataFrame, settings: AnomalySettings) -> Iterator[bool]:
    """Walk down the ranks and take what is not yet there often enough, until full."""
    taken: dict[tuple[str, str, bool], int] = {}
    most = {
        "guest": settings.per_company,
        "host": settings.per_host,
        "loner": settings.per_oddity,
    }
    left = settings.capacity
    for row in ordered.iter_rows(named=True):
        kind = _kind(row)
        fits = left > 0 and taken.get(kind, 0) < most[kind[0]]
        taken[kind] = taken.get(kind, 0) + fits
        left -= fits
        yield fits


def _kind(row: dict[str, Any]) -> tuple[str, str, bool]:
    """Of what the row is one more: guests of one host, hosts odd alike, or loners odd alike."""
    if (row["company"] or 0.0) <= row["alone"]:
        return ("loner", row["reason_1"], row["reason_1_z"] > 0.0)
    if row["company_id"] == row["entity_id"]:
        return ("host", row["company_feature"], row["company_z"] > 0.0)
    return ("guest", row["company_id"], row["company_z"] > 0.0)
