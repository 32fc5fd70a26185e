"""Contributions as a `shap.Explanation`, for notebooks and shap's own plots.

The library is loaded when it is asked for: importing it costs most of a CPU second, and the
web process never may. A beeswarm of everybody of one type at the day of a build::

    import shap
    import queries
    from pipeline.explaining.shap_export import explanation_of

    with queries.connect("build/ringfence.duckdb") as con:
        merchants = explanation_of(con, "merchant")
    axes = shap.plots.beeswarm(merchants, max_display=12, show=False)
    axes.figure.savefig("merchants.png", bbox_inches="tight")

shap's plots need matplotlib, which a build does not: it comes with the extra `dev`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.errors import StageError
from pipeline.explaining.attributions import explain
from pipeline.explaining.contributions import Whiskers, in_batches
from pipeline.learning.model import load_models
from pipeline.tables import latest_snapshot, query

if TYPE_CHECKING:
    from datetime import date

    import duckdb


def explanation_of(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date | None = None
) -> Any:
    """A `shap.Explanation` of every entity of a type: (entities, features), rows by id.

    Of the snapshot `as_of`, by default the day of the build: the only one that is explained.
    Where there are trees they are asked: the build stores contributions of a few. Base values
    and values are on the margin (log odds before calibration) and add up to it;
    `instance_names` are the entities' ids. Features that no tree splits on move nobody and are
    left out. Raises StageError where that type has no contributions.
    """
    import shap

    day = as_of or latest_snapshot(con)
    own = "where entity_type = $entity_type and as_of = $as_of"
    params = {"entity_type": entity_type, "as_of": day}
    base = query(con, f"select base_margin from explanations.bases {own}", **params)
    rows = _rows(con, entity_type, day, own) if len(base) else base
    if rows.is_empty():
        raise StageError(
            f"There are no contributions of type {entity_type} at {day}.",
            "A type with a model, or with handed-over contributions, at the day of the build.",
            "See scores.models for the types that have one, and meta.build for the day.",
        )
    names = rows["feature"].unique().sort().to_list()
    shape = (-1, len(names))
    values = rows["contribution"].to_numpy().reshape(shape)
    return shap.Explanation(
        values,
        base_values=np.full(len(values), base.item()),
        data=rows["value"].to_numpy().reshape(shape),
        instance_names=rows["entity_id"].gather_every(len(names)).to_list(),
        feature_names=names,
    )


def _rows(con: duckdb.DuckDBPyConnection, entity_type: str, day: date, own: str) -> pl.DataFrame:
    """entity_id, feature, value and contribution of everybody, by entity and feature."""
    columns = ["entity_id", "feature", "value", "contribution"]
    model = load_models(con).get(entity_type)
    if model is None:
        sql = f"select {', '.join(columns)} from explanations.contributions {own}"
        rows = query(con, sql, entity_type=entity_type, as_of=day)
    else:
        everybody = explain(con, entity_type, day, model)
        places = np.arange(len(everybody.entity_id))
        none = Whiskers.none(len(everybody.features))
        parts = [one.select(columns) for one in in_batches(everybody, places, none)]
        words = pl.col("entity_id", "feature").cast(pl.String)
        rows = pl.concat(one.with_columns(words) for one in parts)
    return rows.sort("entity_id", "feature")
