"""The explanations stage: what moved each score, how surely, and against whom.

Contributions are TreeSHAP values on the margin, so they add up to it exactly, and a page
can draw a waterfall that ends where the score stands. Only features that some tree splits
on have rows: the others contribute nothing to anybody. What a page asks on demand (families,
flips, twins) needs real rows to ask with; this stage leaves them beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.explaining.attributions import BASES, Explained, explain
from pipeline.explaining.lifts import LIFTS, lifts
from pipeline.explaining.peers import PEERS, Peers, peers
from pipeline.explaining.reference import judged_rows, long, precedents, typical
from pipeline.explaining.seed_stability import STABILITY, Spread, edges, replicas, spread
from pipeline.inputs.external_scores import given_parts
from pipeline.learning.label_maturity import Delays, matured_labels
from pipeline.learning.labels import verdicts
from pipeline.learning.model import load_models
from pipeline.tables import append, latest_snapshot, query, store, to_matrix
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.inputs.external_scores import GivenParts
    from pipeline.settings.build import Settings

_ENTITIES_AT_ONCE = 32_768
"""Of whom the long rows are written together: about two million rows."""
_ENTITY = {"entity_type": pl.String, "entity_id": pl.String}
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
    | {"low": pl.Float64, "high": pl.Float64, "rank": pl.Int32, "peer_group": pl.String}
)
_VALUE = {"feature": pl.String, "value": pl.Float64}
_TABLES = {
    "bases": BASES,
    "contributions": _CONTRIBUTIONS,
    "peers": PEERS,
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
    delays = Delays.of(query(con, "select * from scores.packs"))
    labels = matured_labels(con, as_of, settings.labels, delays)
    rows = dict.fromkeys(_TABLES, 0)
    for name, schema in _TABLES.items():
        store(con, f"explanations.{name}", pl.DataFrame(schema=schema))
    for kind, model in models.items():
        shown = explain(con, kind, as_of, model)
        for name, frame in _tables(con, shown, labels, settings):
            rows[name] += append(con, f"explanations.{name}", frame)
    for given in given_parts(con, as_of):
        for name, frame in _handed_over(con, given, as_of, labels, settings):
            rows[name] += append(con, f"explanations.{name}", frame)
    for name, count in rows.items():
        on_progress(f"explanations.{name}", count)


def _tables(
    con: duckdb.DuckDBPyConnection, shown: Explained, labels: pl.DataFrame, settings: Settings
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of one entity type in every table."""
    kind, chosen = shown.entity_type, settings.explanations
    line, hot = _calibration(con, kind), _hot(con, shown, settings)
    found = spread(
        replicas(con, kind),
        shown.values[hot],
        shown.features,
        (shown.parts[hot], shown.margin[hot]),
    )
    judged = judged_rows(con, kind, labels, settings.labels)
    everybody = typical(shown.margin, chosen.background_rows)
    yield "bases", shown.base_row
    usual = peers(con, shown, chosen.min_peers)
    yield "peers", usual.rows(shown)
    for start in range(0, shown.parts.shape[0], _ENTITIES_AT_ONCE):
        yield "contributions", _contributions(shown, start, usual, (hot, found))
    yield "global_importance", importances(shown, verdicts(labels, kind))
    yield "stability", _stable(shown, hot, edges(found, line, settings.bands))
    yield "background", _typed(kind, long(shown.values[everybody], shown.features, shown.used))
    yield from _references(shown, precedents(judged, chosen.reference_each), line, settings)
    yield "lifts", _typed(kind, lifts(judged, features(kind), chosen))


def _handed_over(
    con: duckdb.DuckDBPyConnection,
    given: GivenParts,
    as_of: date,
    labels: pl.DataFrame,
    settings: Settings,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows that somebody else's contributions allow: no trees, so nothing to ask on demand."""
    kind, chosen = given.entity_type, settings.explanations
    shown = Explained(
        kind, as_of, given.entity_id, given.features, given.values, given.parts, given.base, ""
    )
    nobody = np.zeros(0, dtype=np.int64)
    none = np.zeros((0, len(given.features)))
    found = Spread(none, none, none[:, 0], none[:, 0])
    yield "bases", shown.base_row
    usual = peers(con, shown, chosen.min_peers)
    yield "peers", usual.rows(shown)
    for start in range(0, shown.parts.shape[0], _ENTITIES_AT_ONCE):
        yield "contributions", _contributions(shown, start, usual, (nobody, found))
    yield "global_importance", importances(shown, verdicts(labels, kind))
    judged = judged_rows(con, kind, labels, settings.labels)
    yield "lifts", _typed(kind, lifts(judged, features(kind), chosen))


def _contributions(
    shown: Explained, start: int, usual: Peers, sure: tuple[NDArray[np.int64], Spread]
) -> pl.DataFrame:
    """Rows of `explanations.contributions`, entity by entity, strongest first.

    Of the entities from `start` on: everybody's at once would not fit beside the features.
    """
    rows = slice(start, start + _ENTITIES_AT_ONCE)
    parts, values = shown.parts[rows, shown.used], shown.values[rows, shown.used]
    order, count = np.argsort(-np.abs(parts), axis=1, kind="stable"), parts.shape[0]
    owner = np.repeat(np.arange(count), shown.used.size)
    group, feature = usual.group[rows][owner], shown.used[order.ravel()]
    names, entities = pl.Series(shown.features, dtype=pl.String), shown.entity_id[rows]
    low, high = _whiskers(sure, start, (owner, feature))
    columns = {
        "entity_type": _words(pl.Series([shown.entity_type]), np.zeros(owner.size, np.int64)),
        "entity_id": _words(entities, owner),
        "as_of": pl.repeat(shown.as_of, owner.size, dtype=pl.Date, eager=True),
        "feature": _words(names, feature),
        "value": np.take_along_axis(values, order, axis=1).ravel(),
        "contribution": np.take_along_axis(parts, order, axis=1).ravel(),
        "low": low,
        "high": high,
        "rank": np.tile(np.arange(1, shown.used.size + 1, dtype=np.int32), count),
        "peer_group": _words(usual.names, group),
    }
    return pl.DataFrame(columns, nan_to_null=True)


def _words(names: pl.Series, place: NDArray[np.int64]) -> pl.Series:
    """The name at each place, held as numbers: text would be copied millions of times."""
    return pl.Series(place.astype(np.uint32)).cat.to(pl.Enum(names))


def _whiskers(
    sure: tuple[NDArray[np.int64], Spread],
    start: int,
    wanted: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Low and high for (owner, feature); NaN for owners that are not among the hot ones."""
    hot, found = sure
    owner, feature = wanted[0] + start, wanted[1]
    place = np.searchsorted(hot, owner)
    known = place < hot.size
    known[known] = hot[place[known]] == owner[known]
    ends = np.full((2, owner.size), np.nan)
    ends[0, known] = found.low[place[known], feature[known]]
    ends[1, known] = found.high[place[known], feature[known]]
    return ends[0], ends[1]


def _calibration(con: duckdb.DuckDBPyConnection, entity_type: str) -> Calibration:
    sql = "select calibration_slope, calibration_intercept from scores.model_files"
    return Calibration(*query(con, f"{sql} where entity_type = $kind", kind=entity_type).row(0))


def _hot(con: duckdb.DuckDBPyConnection, shown: Explained, settings: Settings) -> NDArray[np.int64]:
    """Indices of the entities that somebody will read about.

    Those above the LOW band or just under it, and those whose signals open an alert.
    """
    where = "where entity_type = $kind and as_of = $day"
    who = {"kind": shown.entity_type, "day": shown.as_of}
    near = f"select entity_id from scores.scores {where} and score >= $least"
    least = settings.bands.medium * settings.explanations.near_share
    strong = f"select entity_id from scores.typologies {where} and strength >= $line"
    line = settings.alerts.signal_line
    ids = pl.concat([query(con, near, least=least, **who), query(con, strong, line=line, **who)])
    return np.flatnonzero(shown.entity_id.is_in(ids["entity_id"].implode()).to_numpy())


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
