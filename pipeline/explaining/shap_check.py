"""Every build holds a sample of its contributions against `shap.TreeExplainer`.

Ours are looked up by pattern with numpy (docs/decisions/0015-treeshap-by-pattern.md); shap
walks the same trees with C++ of its own. What an analyst reads as a reason has then been
computed twice, by code that shares nothing, from the model text that is stored beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.errors import BuildError
from pipeline.learning.model import load_models
from pipeline.tables import hash_of, latest_snapshot, query, to_matrix

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from numpy.typing import NDArray

    from pipeline.learning.model import BoostedModel

LARGEST = 1e-5
"""Log odds by which a contribution may differ: far below anything that is shown."""
HIGHEST, SAMPLED = 100, 100
"""Entities of a type that are checked: the highest margins, which are read most, and as many
by hash of all whose contributions are stored."""
SHAP_CHECK = {
    "entity_type": pl.String,
    "rows_checked": pl.Int64,
    "largest_difference": pl.Float64,
    "largest_additivity_gap": pl.Float64,
}
"""Columns of `meta.shap_check`; a type whose scores were handed over has no trees and no row."""


@dataclass(frozen=True, eq=False)
class _Sample:
    """Some entities of one type as they are stored."""

    ids: pl.Series
    """Sorted."""
    matrix: NDArray[np.float64]
    """(entities, features of the model)."""
    contributions: NDArray[np.float64]
    """(entities, features of the model): 0 where nothing is stored."""
    base: float


def checked(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Rows of `meta.shap_check`, one per entity type with a model.

    Raises BuildError when a stored contribution or base differs by more than `LARGEST`, or when
    they do not add up to what LightGBM itself predicts.
    """
    as_of = latest_snapshot(con)
    rows = [_row(con, name, as_of, model) for name, model in load_models(con).items()]
    return pl.DataFrame(rows, schema=SHAP_CHECK, orient="row")


def _row(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, model: BoostedModel
) -> tuple[str, int, float, float]:
    sample = _sample(con, entity_type, as_of, model.features)
    values, base, margin = _by_shap(model.text, sample.matrix)
    difference = np.abs(sample.contributions - values)
    gap = np.abs(sample.contributions.sum(axis=1) + sample.base - margin)
    largest = max(float(difference.max(initial=0.0)), abs(sample.base - base))
    largest_gap = float(gap.max(initial=0.0))
    if not largest <= LARGEST:
        entity, feature = np.unravel_index(int(difference.argmax()), difference.shape)
        where = f"{entity_type} {sample.ids[int(entity)]}, {model.features[int(feature)]}"
        raise _refusal(f"differ from shap.TreeExplainer by {largest:.2g}, most at {where}")
    if not largest_gap <= LARGEST:
        who = f"{entity_type} {sample.ids[int(gap.argmax())]}"
        raise _refusal(f"miss the margin that LightGBM predicts by {largest_gap:.2g} for {who}")
    return entity_type, len(sample.ids), largest, largest_gap


def _refusal(fault: str) -> BuildError:
    return BuildError(
        f"Stored contributions {fault}.",
        f"The same values of the same trees were expected, to {LARGEST:g}.",
        "The served file is unchanged. Build again; if it is refused again, compare both on this "
        "model with python -m benchmarks explanations.",
    )


def _sample(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, features: tuple[str, ...]
) -> _Sample:
    name, own = f"{entity_type}_id", "where entity_type = $entity_type and as_of = $as_of"
    params = {"entity_type": entity_type, "as_of": as_of}
    stored = f"select entity_id from explanations.contributions {own}"
    explained = f"select entity_id from scores.scores {own} and entity_id in ({stored})"
    highest = f"({explained} order by margin desc, entity_id limit {HIGHEST})"
    by_hash = f"({explained} order by {hash_of('entity_id')}, entity_id limit {SAMPLED})"
    sample_ids = query(con, f"{highest} union {by_hash} order by entity_id", **params)
    con.register("_sample_ids", sample_ids)
    columns = ", ".join(f'"{one}"' for one in features)
    among = f"{name} in (select entity_id from _sample_ids)"
    sql = f"select {columns} from features.{entity_type} where as_of = $as_of and {among}"
    values = query(con, f"{sql} order by {name}", as_of=as_of)
    of_sample = (
        "select c.* from explanations.contributions as c semi join _sample_ids using (entity_id)"
    )
    rows = query(con, f"{of_sample} {own}", **params)
    con.unregister("_sample_ids")
    base = query(con, f"select base_margin from explanations.bases {own}", **params).item()
    return _Sample(
        sample_ids["entity_id"],
        to_matrix(values, features),
        _wide(rows, sample_ids, features),
        base,
    )


def _wide(
    rows: pl.DataFrame, sample_ids: pl.DataFrame, features: tuple[str, ...]
) -> NDArray[np.float64]:
    """(entities, features) of stored rows."""
    ids, names = (pl.Enum(values) for values in (sample_ids["entity_id"], features))
    entity = rows["entity_id"].cast(ids).to_physical().to_numpy()
    feature = rows["feature"].cast(names).to_physical().to_numpy()
    wide = np.zeros((sample_ids.height, len(features)))
    wide[entity, feature] = rows["contribution"].to_numpy()
    return wide


def _by_shap(
    text: str, matrix: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Contributions (n, features) and base by shap, margin (n,) by LightGBM."""
    import lightgbm
    import shap

    booster = lightgbm.Booster(model_str=text)
    explainer = shap.TreeExplainer(booster)
    explainer.model.model_type = "internal"  # else it asks LightGBM, which made the trees
    values = np.asarray(explainer.shap_values(matrix, check_additivity=False), dtype=np.float64)
    base = float(np.ravel(explainer.expected_value)[0])
    margin = np.asarray(booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
    return values, base, margin
