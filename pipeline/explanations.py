"""The explanations stage: what moved each score, how surely, and against whom.

Contributions are TreeSHAP values on the margin, so they add up to it exactly, and a page
can draw a waterfall that ends where the score stands. Only features that some tree splits
on have rows: the others contribute nothing to anybody. What a page asks on demand (families,
flips, twins) needs real rows to ask with; this stage leaves them beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.calibration import Calibration
from pipeline.labels import matured_labels, verdicts
from pipeline.lifts import LIFTS, lifts
from pipeline.model import load_models
from pipeline.peers import Peers, peers
from pipeline.reference import judged_rows, long, precedents, typical
from pipeline.stability import STABILITY, Spread, edges, replicas, spread
from pipeline.tables import append, latest_snapshot, query, read_features, store, to_matrix
from pipeline.trees import TreeModel
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.model import Model
    from pipeline.settings import Settings

_ENTITY = {"entity_type": pl.String, "entity_id": pl.String}
_BASES = {"entity_type": pl.String, "as_of": pl.Date, "base_margin": pl.Float64}
_GLOBAL = {
    "entity_type": pl.String,
    "as_of": pl.Date,
    "feature": pl.String,
    "mean_abs_contribution": pl.Float64,
    "rank": pl.Int64,
}
_CONTRIBUTIONS = (
    _ENTITY
    | {"as_of": pl.Date, "feature": pl.String, "value": pl.Float64, "contribution": pl.Float64}
    | {"low": pl.Float64, "high": pl.Float64, "rank": pl.Int32}
    | {"peer_median": pl.Float64, "peer_low": pl.Float64, "peer_high": pl.Float64}
    | {"peer_group": pl.String, "peer_count": pl.Int32}
)
_VALUE = {"feature": pl.String, "value": pl.Float64}
_TABLES = {
    "bases": _BASES,
    "contributions": _CONTRIBUTIONS,
    "global_importance": _GLOBAL,
    "stability": _ENTITY | {"as_of": pl.Date} | STABILITY,
    "background": {"entity_type": pl.String, "row": pl.Int64} | _VALUE,
    "reference": _ENTITY | {"outcome": pl.String, "as_of": pl.Date, "score": pl.Float64},
    "reference_values": _ENTITY | _VALUE,
    "lifts": {"entity_type": pl.String} | LIFTS,
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
    rows = dict.fromkeys(_TABLES, 0)
    for name, schema in _TABLES.items():
        store(con, f"explanations.{name}", pl.DataFrame(schema=schema))
    for kind, model in models.items():
        shown = explain(con, kind, as_of, model)
        for name, frame in _tables(con, shown, labels, settings):
            rows[name] += append(con, f"explanations.{name}", frame)
    for name, count in rows.items():
        on_progress(f"explanations.{name}", count)


def _tables(
    con: duckdb.DuckDBPyConnection, shown: Explained, labels: pl.DataFrame, settings: Settings
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of one entity type in every table."""
    kind, chosen = shown.entity_type, settings.explanations
    line, hot = _calibration(con, kind), _hot(con, shown)
    found = spread(
        replicas(con, kind),
        shown.values[hot],
        shown.features,
        (shown.parts[hot], shown.margin[hot]),
    )
    judged = judged_rows(con, kind, labels, settings.labels)
    everybody = typical(shown.margin, chosen.background_rows)
    yield "bases", shown.base_row
    usual, count = peers(con, shown, chosen.min_peers), len(shown.entity_id)
    for start in range(0, count, chosen.entities_at_once):
        rows = np.arange(start, min(start + chosen.entities_at_once, count))
        yield "contributions", _contributions(shown, rows, usual, hot, found)
    yield "global_importance", importances(shown, verdicts(labels, kind))
    yield "stability", _stable(shown, hot, edges(found, line, settings.bands))
    yield "background", _typed(kind, long(shown.values[everybody], shown.features, shown.used))
    yield from _references(shown, precedents(judged, chosen.reference_each), line, settings)
    yield "lifts", _typed(kind, lifts(judged, features(kind), chosen))


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
    text: str
    """The model's."""

    @property
    def margin(self) -> NDArray[np.float64]:
        """(entities,) log odds before calibration."""
        return np.asarray(self.parts.sum(axis=1) + self.base, dtype=np.float64)

    @cached_property
    def used(self) -> NDArray[np.int64]:
        """Indices of the features that move anybody."""
        return np.flatnonzero(np.abs(self.parts).max(axis=0, initial=0.0) > 0.0)

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
    return Explained(
        entity_type, as_of, ids, model.features, values, parts[:, :-1], base, model.text
    )


def _contributions(
    shown: Explained,
    rows: NDArray[np.int64],
    usual: Peers,
    hot: NDArray[np.int64],
    found: Spread,
) -> pl.DataFrame:
    """Rows of `explanations.contributions` of some entities, strongest first."""
    parts, count = shown.parts[np.ix_(rows, shown.used)], len(shown.entity_id)
    order = np.argsort(-np.abs(parts), axis=1, kind="stable")
    owner = np.repeat(rows, shown.used.size)
    group, feature = usual.group[owner], shown.used[order.ravel()]
    median, low, high = (quartile[group, feature] for quartile in usual.quartiles)
    names = pl.Series(shown.features, dtype=pl.String)
    columns = {
        "entity_type": _words(pl.Series([shown.entity_type]), np.zeros(owner.size, np.int64)),
        "entity_id": _words(shown.entity_id[rows], owner - rows[0]),
        "as_of": pl.repeat(shown.as_of, owner.size, dtype=pl.Date, eager=True),
        "feature": _words(names, feature),
        "value": shown.values[owner, feature],
        "contribution": np.take_along_axis(parts, order, axis=1).ravel(),
        "low": _of_hot(found.low, hot, (owner, feature), count),
        "high": _of_hot(found.high, hot, (owner, feature), count),
        "rank": np.tile(np.arange(1, shown.used.size + 1, dtype=np.int32), rows.size),
        "peer_median": median,
        "peer_low": low,
        "peer_high": high,
        "peer_group": _words(usual.names, group),
        "peer_count": usual.counts[group].astype(np.int32),
    }
    return pl.DataFrame(columns, nan_to_null=True)


def _words(names: pl.Series, place: NDArray[np.int64]) -> pl.Series:
    """The name at each place, held as numbers: text would be copied millions of times."""
    return pl.Series(place.astype(np.uint32)).cat.to(pl.Enum(names))


def _of_hot(
    known: NDArray[np.float64],
    hot: NDArray[np.int64],
    wanted: tuple[NDArray[np.int64], NDArray[np.int64]],
    count: int,
) -> NDArray[np.float64]:
    """Values of the entities `hot` (their rows in `known`) in long form; NaN for the others."""
    place = np.full(count, -1)
    place[hot] = np.arange(hot.size)
    owner, feature = place[wanted[0]], wanted[1]
    value = np.full(owner.size, np.nan)
    value[owner >= 0] = known[owner[owner >= 0], feature[owner >= 0]]
    return value


def _calibration(con: duckdb.DuckDBPyConnection, entity_type: str) -> Calibration:
    sql = "select calibration_slope, calibration_intercept from scores.model_files"
    return Calibration(*query(con, f"{sql} where entity_type = $kind", kind=entity_type).row(0))


def _hot(con: duckdb.DuckDBPyConnection, shown: Explained) -> NDArray[np.int64]:
    """Indices of the entities above the LOW band: the ones somebody will read about."""
    where = "entity_type = $kind and as_of = $day and score_band <> 'LOW'"
    sql = f"select entity_id from scores.scores where {where}"
    ids = query(con, sql, kind=shown.entity_type, day=shown.as_of)["entity_id"]
    return np.flatnonzero(shown.entity_id.is_in(ids.implode()).to_numpy())


def _typed(entity_type: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(entity_type).alias("entity_type"), pl.all())


def _stable(shown: Explained, hot: NDArray[np.int64], found: pl.DataFrame) -> pl.DataFrame:
    ids = shown.entity_id.gather(hot).alias("entity_id").to_frame()
    dated = ids.with_columns(as_of=pl.lit(shown.as_of, dtype=pl.Date))
    return _typed(shown.entity_type, pl.concat([dated, found], how="horizontal"))


def _references(
    shown: Explained, judged: pl.DataFrame, line: Calibration, settings: Settings
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows of `explanations.reference` and of its values: precedents, and ordinary entities."""
    ordinary = _ordinary(shown, judged["entity_id"], line, settings)
    names, matrix = shown.features, shown.values[ordinary]
    who = pl.concat(
        [
            judged.select("entity_id", "outcome", "as_of"),
            pl.DataFrame({"entity_id": shown.entity_id.gather(ordinary)}).with_columns(
                outcome=pl.lit("ordinary"), as_of=pl.lit(shown.as_of, dtype=pl.Date)
            ),
        ]
    )
    values = np.concatenate([to_matrix(judged, names), matrix])
    score = line.score(TreeModel.of(shown.text).margin(values))
    yield "reference", _typed(shown.entity_type, who.with_columns(score=pl.Series(score)))
    told = long(values, names, shown.used)
    told = told.select(who["entity_id"].gather(told["row"]).alias("entity_id"), *_VALUE)
    yield "reference_values", _typed(shown.entity_type, told)


def _ordinary(
    shown: Explained, judged: pl.Series, line: Calibration, settings: Settings
) -> NDArray[np.int64]:
    """Entities in the LOW band that nobody judged, spread evenly over their margins."""
    low = line.score(shown.margin) < settings.bands.medium
    free = np.flatnonzero(low & ~shown.entity_id.is_in(judged.implode()).to_numpy())
    return free[typical(shown.margin[free], settings.explanations.reference_each)]


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
