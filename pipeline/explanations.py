"""The explanations stage: what moved each score, next to what is usual among peers.

Contributions are TreeSHAP values on the margin, so they add up to it exactly, and a page
can draw a waterfall that ends where the score stands. Only features that some tree splits
on have rows: the others contribute nothing to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.labels import matured_labels, verdicts
from pipeline.model import load_models
from pipeline.tables import latest_snapshot, query, read_features, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.model import Model
    from pipeline.settings import Settings

_QUARTILES = (0.5, 0.25, 0.75)
_BASES = {"entity_type": pl.String, "as_of": pl.Date, "base_margin": pl.Float64}
_GLOBAL = {
    "entity_type": pl.String,
    "as_of": pl.Date,
    "feature": pl.String,
    "mean_abs_contribution": pl.Float64,
    "rank": pl.Int64,
}
_CONTRIBUTIONS = {
    "entity_type": pl.String,
    "entity_id": pl.String,
    "as_of": pl.Date,
    "feature": pl.String,
    "value": pl.Float64,
    "contribution": pl.Float64,
    "rank": pl.Int32,
    "peer_median": pl.Float64,
    "peer_low": pl.Float64,
    "peer_high": pl.Float64,
    "peer_group": pl.String,
    "peer_count": pl.Int32,
}


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
) -> None:
    """Make every table of schema `explanations` from the models in `scores.model_files`.

    Raises StageError when the scores stage has not run.
    """
    as_of, models = latest_snapshot(con), load_models(con)
    labels = matured_labels(con, as_of, settings.labels)
    shown = [explain(con, kind, as_of, model) for kind, model in models.items()]
    longs = [_contributions(one, peers(con, one, settings.explanations.min_peers)) for one in shown]
    importance = [importances(one, verdicts(labels, one.entity_type)) for one in shown]
    tables = {
        "bases": pl.concat([pl.DataFrame(schema=_BASES), *(one.base_row for one in shown)]),
        "contributions": pl.concat([pl.DataFrame(schema=_CONTRIBUTIONS), *longs]),
        "global_importance": pl.concat([pl.DataFrame(schema=_GLOBAL), *importance]),
    }
    for name, frame in tables.items():
        on_progress(f"explanations.{name}", store(con, f"explanations.{name}", frame))


@dataclass(frozen=True)
class Explained:
    """Every entity of one type at one snapshot, with the parts of its margin."""

    entity_type: str
    as_of: date
    entity_id: pl.Series
    features: tuple[str, ...]
    values: NDArray[np.float64]
    """(entities, features), NaN where unknown."""
    parts: NDArray[np.float64]
    """(entities, features) contributions to the margin."""
    base: float
    """Margin before any feature is looked at: the same for everybody."""

    @property
    def base_row(self) -> pl.DataFrame:
        """Row of `explanations.bases`."""
        return pl.DataFrame(
            [(self.entity_type, self.as_of, self.base)], schema=_BASES, orient="row"
        )


def explain(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, model: Model
) -> Explained:
    """Contributions of every entity of a type at a snapshot, ordered by id.

    Ordered, so that a page that asks for one entity reads one corner of the table.
    """
    ids, values = read_features(con, entity_type, as_of, model.features)
    order = ids.arg_sort()
    ids, values = ids.gather(order), values[order.to_numpy()]
    parts = model.contributions(values)
    base = float(parts[0, -1]) if len(ids) else 0.0
    return Explained(entity_type, as_of, ids, model.features, values, parts[:, :-1], base)


@dataclass(frozen=True)
class Peers:
    """With whom each entity is compared, and what is usual there."""

    group: NDArray[np.int64]
    """(entities,) index into the rows below."""
    names: pl.Series
    """(groups,)"""
    counts: NDArray[np.int64]
    """(groups,)"""
    quartiles: NDArray[np.float64]
    """(3, groups, features): median, lower and upper quartile; NaN where nobody has a value."""


def peers(con: duckdb.DuckDBPyConnection, shown: Explained, smallest: int) -> Peers:
    """Peer groups of `graph.entities`; groups under `smallest` compare with everybody.

    "Everybody" is a group of its own, named `all merchants` and so on.
    """
    sql = "select entity_id, peer_group from graph.entities where entity_type = $kind"
    known = query(con, sql, kind=shown.entity_type).unique("entity_id")
    everybody = f"all {shown.entity_type}s"
    named = (
        shown.entity_id.alias("entity_id")
        .to_frame()
        .join(known, on="entity_id", how="left", maintain_order="left")
    )
    size, group = pl.len().over("peer_group"), pl.col("peer_group")
    kept = pl.when(group.is_null() | (size < smallest)).then(pl.lit(everybody)).otherwise(group)
    chosen = named.select(kept.alias("peer_group"))["peer_group"]
    names = chosen.unique().sort()
    index = np.searchsorted(names.to_numpy().astype(str), chosen.to_numpy().astype(str))
    inside = [
        np.arange(index.size) if name == everybody else np.flatnonzero(index == number)
        for number, name in enumerate(names)
    ]
    quartiles = [_quartiles(shown.values[rows]) for rows in inside]
    return Peers(
        index.astype(np.int64),
        names,
        np.array([rows.size for rows in inside], dtype=np.int64),
        np.stack(quartiles, axis=1) if quartiles else np.zeros((3, 0, len(shown.features))),
    )


def _quartiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, features) quartiles of the known values; NaN for a feature nobody knows."""
    columns = pl.from_numpy(values).fill_nan(None)
    return np.array(
        [
            columns.select(pl.all().quantile(q, "linear")).fill_null(np.nan).row(0)
            for q in _QUARTILES
        ],
        dtype=np.float64,
    )


def _contributions(shown: Explained, usual: Peers) -> pl.DataFrame:
    """Rows of `explanations.contributions`, entity by entity, strongest first."""
    used = np.flatnonzero(np.abs(shown.parts).max(axis=0, initial=0.0) > 0.0)
    parts = shown.parts[:, used]
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")
    owner = np.repeat(np.arange(parts.shape[0]), used.size)
    group, feature = usual.group[owner], used[order.ravel()]
    median, low, high = (rows[group, feature] for rows in usual.quartiles)
    names = pl.Series(shown.features, dtype=pl.String)
    columns = {
        "entity_id": shown.entity_id.gather(owner),
        "feature": names.gather(feature),
        "value": shown.values[owner, feature],
        "contribution": np.take_along_axis(parts, order, axis=1).ravel(),
        "rank": np.tile(np.arange(1, used.size + 1, dtype=np.int32), parts.shape[0]),
        "peer_median": median,
        "peer_low": low,
        "peer_high": high,
        "peer_group": usual.names.gather(group),
        "peer_count": usual.counts[group].astype(np.int32),
    }
    long = pl.DataFrame(columns, nan_to_null=True)
    fixed = {"entity_type": pl.lit(shown.entity_type), "as_of": pl.lit(shown.as_of)}
    return long.with_columns(**fixed).select(_CONTRIBUTIONS.keys())


def importances(shown: Explained, judged: pl.DataFrame) -> pl.DataFrame:
    """Mean absolute contribution of each feature over entities with a matured label.

    Over labelled ones, because averaged over everybody a feature that singles out a few
    bad entities disappears behind what moves the harmless many. With no labelled entity
    at the snapshot, over everybody.
    """
    labelled = shown.entity_id.is_in(judged["entity_id"].implode()).to_numpy()
    rows = shown.parts[labelled] if labelled.any() else shown.parts
    strength = np.abs(rows).mean(axis=0) if rows.size else np.zeros(len(shown.features))
    order = np.argsort(-strength, kind="stable")
    ranked = {
        "feature": pl.Series(shown.features, dtype=pl.String).gather(order),
        "mean_abs_contribution": strength[order],
        "rank": np.arange(1, order.size + 1),
    }
    fixed = {"entity_type": pl.lit(shown.entity_type), "as_of": pl.lit(shown.as_of)}
    return pl.DataFrame(ranked).with_columns(**fixed).select(_GLOBAL.keys())
