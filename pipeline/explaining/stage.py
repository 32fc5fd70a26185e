"""The explanations stage: what moved each score, how surely, and against whom.

Contributions are TreeSHAP values on the margin, so they add up to it exactly, and a page
can draw a waterfall that ends where the score stands. They are stored of those that a queue or
a list shows; what a page asks on demand (contributions of anybody else, families, flips,
neighbours) needs real rows to ask with, and this stage leaves them beside:
docs/decisions/0155-contributions-of-whom.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.explaining.attributions import BASES, Explained, explain
from pipeline.explaining.contributions import CONTRIBUTIONS, Whiskers, in_batches
from pipeline.explaining.importance import IMPORTANCE, importances
from pipeline.explaining.label_stability import STABILITY, edges, replicas, spread
from pipeline.explaining.lifts import LIFTS, lifts
from pipeline.explaining.peers import PEER_GROUPS, PEERS, peers
from pipeline.explaining.reference import judged_rows, long, precedents, typical
from pipeline.inputs.external_scores import external_parts
from pipeline.learning.label_maturity import Delays, matured_labels
from pipeline.learning.model import load_models
from pipeline.tables import append, latest_snapshot, query, store, to_matrix
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.treeshap import contributions
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.inputs.external_scores import ExternalParts
    from pipeline.settings.build import Settings

_ENTITY = {"entity_type": pl.String, "entity_id": pl.String}
_VALUE = {"feature": pl.String, "value": pl.Float64}
_TABLES = {
    "bases": BASES,
    "contributions": CONTRIBUTIONS,
    "peers": PEERS,
    "peer_groups": PEER_GROUPS,
    "global_importance": IMPORTANCE,
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
    for entity_type, model in models.items():
        everybody = explain(con, entity_type, as_of, model)
        for name, frame in _tables(con, everybody, labels, settings):
            rows[name] += append(con, f"explanations.{name}", frame)
    for external in external_parts(con, as_of):
        for name, frame in _external_tables(con, external, as_of, labels, settings):
            rows[name] += append(con, f"explanations.{name}", frame)
    for name, count in rows.items():
        on_progress(f"explanations.{name}", count)


def _tables(
    con: duckdb.DuckDBPyConnection, everybody: Explained, labels: pl.DataFrame, settings: Settings
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of one entity type in every table."""
    entity_type, own = everybody.entity_type, settings.explanations
    calibration, focus = _calibration(con, entity_type), _in_focus(con, everybody, settings)
    ranges = spread(
        replicas(con, entity_type),
        everybody.values[focus],
        everybody.features,
        everybody.parts[focus],
        everybody.margin[focus],
    )
    judged = judged_rows(con, entity_type, labels)
    background = typical(everybody.margin, own.background_rows)
    yield "bases", everybody.base_row
    groups = peers(con, everybody, own.min_peers)
    yield "peers", groups.rows(everybody)
    yield "peer_groups", groups.members(everybody)
    stored = _stored(con, everybody, focus, settings)
    for batch in in_batches(everybody, stored, Whiskers(focus, ranges)):
        yield "contributions", batch
    before = TreeModel.of(everybody.text), to_matrix(judged, everybody.features)
    yield "global_importance", importances(everybody, contributions(*before)[:, :-1])
    yield "stability", _stable(everybody, focus, edges(ranges, calibration, settings.bands))
    rows = long(everybody.values[background], everybody.features, everybody.used)
    yield "background", _typed(entity_type, rows)
    latest = precedents(judged, own.reference_each)
    yield from _references(everybody, latest, calibration, settings)
    yield "lifts", _typed(entity_type, lifts(judged, features(entity_type), own))


def _external_tables(
    con: duckdb.DuckDBPyConnection,
    external: ExternalParts,
    as_of: date,
    labels: pl.DataFrame,
    settings: Settings,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows that somebody else's contributions allow: no trees, so nothing to ask on demand."""
    entity_type, own = external.entity_type, settings.explanations
    ids, names = external.entity_id, external.features
    everybody = Explained(
        entity_type, as_of, ids, names, external.values, external.parts, external.base, ""
    )
    yield "bases", everybody.base_row
    groups = peers(con, everybody, own.min_peers)
    yield "peers", groups.rows(everybody)
    yield "peer_groups", groups.members(everybody)
    whole = np.arange(len(ids))  # without trees nobody can compute them again
    for batch in in_batches(everybody, whole, Whiskers.none(len(names))):
        yield "contributions", batch
    judged = judged_rows(con, entity_type, labels)
    unjudged = ~everybody.entity_id.is_in(judged["entity_id"].implode()).to_numpy()
    yield "global_importance", importances(everybody, everybody.parts[unjudged])
    yield "lifts", _typed(entity_type, lifts(judged, features(entity_type), own))


def _calibration(con: duckdb.DuckDBPyConnection, entity_type: str) -> Calibration:
    sql = "select calibration_slope, calibration_intercept from scores.model_files"
    own = "where entity_type = $entity_type"
    return Calibration(*query(con, f"{sql} {own}", entity_type=entity_type).row(0))


def _in_focus(
    con: duckdb.DuckDBPyConnection, everybody: Explained, settings: Settings
) -> NDArray[np.int64]:
    """Indices of the entities that somebody will read about.

    Those above the LOW band or just under it, and those whose signals open an alert.
    """
    where = "where entity_type = $entity_type and as_of = $as_of"
    who = {"entity_type": everybody.entity_type, "as_of": everybody.as_of}
    near = f"select entity_id from scores.scores {where} and score >= $least"
    least = settings.bands.medium * settings.explanations.near_share
    strong = f"select entity_id from scores.typologies {where} and strength >= $least"
    signals = settings.alerts.signal_threshold
    ids = pl.concat(
        [query(con, near, least=least, **who), query(con, strong, least=signals, **who)]
    )
    return _places(everybody, ids["entity_id"])


def _stored(
    con: duckdb.DuckDBPyConnection,
    everybody: Explained,
    focus: NDArray[np.int64],
    settings: Settings,
) -> NDArray[np.int64]:
    """Indices of those whose contributions are stored: in focus, or proposed for an alert.

    A page computes those of anybody else from the same trees when somebody looks.
    """
    if settings.explanations.stores_everybody:
        return np.arange(len(everybody.entity_id))
    sql = "select entity_id from alerts.proposals where entity_type = $entity_type"
    proposed = query(con, sql, entity_type=everybody.entity_type)
    return np.union1d(focus, _places(everybody, proposed["entity_id"]))


def _places(everybody: Explained, ids: pl.Series) -> NDArray[np.int64]:
    """Indices of the entities with these ids, ascending."""
    return np.flatnonzero(everybody.entity_id.is_in(ids.implode()).to_numpy())


def _typed(entity_type: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(entity_type).alias("entity_type"), pl.all())


def _stable(everybody: Explained, focus: NDArray[np.int64], ranges: pl.DataFrame) -> pl.DataFrame:
    ids = everybody.entity_id.gather(focus).alias("entity_id").to_frame()
    dated = ids.with_columns(as_of=pl.lit(everybody.as_of, dtype=pl.Date))
    return _typed(everybody.entity_type, pl.concat([dated, ranges], how="horizontal"))


def _references(
    everybody: Explained, judged: pl.DataFrame, calibration: Calibration, settings: Settings
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows of `explanations.reference` and of its values: precedents, and ordinary entities."""
    ordinary = _ordinary(everybody, judged["entity_id"], calibration, settings)
    names, matrix = everybody.features, everybody.values[ordinary]
    who = pl.concat(
        [
            judged.select("entity_id", "outcome", "as_of"),
            pl.DataFrame({"entity_id": everybody.entity_id.gather(ordinary)}).with_columns(
                outcome=pl.lit("ordinary"), as_of=pl.lit(everybody.as_of, dtype=pl.Date)
            ),
        ]
    )
    values = np.concatenate([to_matrix(judged, names), matrix])
    score = calibration.score(TreeModel.of(everybody.text).margin(values))
    yield "reference", _typed(everybody.entity_type, who.with_columns(score=pl.Series(score)))
    rows = long(values, names, np.arange(len(names)))  # signals ask for more than the trees do
    rows = rows.select(who["entity_id"].gather(rows["row"]).alias("entity_id"), *_VALUE)
    yield "reference_values", _typed(everybody.entity_type, rows)


def _ordinary(
    everybody: Explained, judged: pl.Series, calibration: Calibration, settings: Settings
) -> NDArray[np.int64]:
    """Entities in the LOW band that nobody judged, spread evenly over their margins."""
    low = calibration.score(everybody.margin) < settings.bands.medium
    free = np.flatnonzero(low & ~everybody.entity_id.is_in(judged.implode()).to_numpy())
    return free[typical(everybody.margin[free], settings.explanations.reference_each)]
