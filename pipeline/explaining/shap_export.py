"""Stored contributions as a `shap.Explanation`, for notebooks and shap's own plots.

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

from pipeline.errors import StageError
from pipeline.tables import latest_snapshot, query

if TYPE_CHECKING:
    from datetime import date

    import duckdb


def explanation_of(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date | None = None
) -> Any:
    """A `shap.Explanation` of every entity of a type: (entities, features), rows by id.

    Of the snapshot `as_of`, by default the day of the build: the only one whose contributions
    are stored. Base values and values are on the margin (log odds before calibration) and add
    up to it; `instance_names` are the entities' ids. Features that no tree splits on move
    nobody and are left out. Raises StageError where that type has no contributions.
    """
    import shap

    day = as_of or latest_snapshot(con)
    own = "where entity_type = $entity_type and as_of = $as_of"
    params = {"entity_type": entity_type, "as_of": day}
    columns = "entity_id, feature, value, contribution"
    sql = f"select {columns} from explanations.contributions {own} order by entity_id, feature"
    rows = query(con, sql, **params)
    if rows.is_empty():
        raise StageError(
            f"There are no contributions of type {entity_type} at {day}.",
            "A type with a model, or with handed-over contributions, at the day of the build.",
            "See scores.models for the types that have one, and meta.build for the day.",
        )
    names = rows["feature"].unique().sort().to_list()
    base = query(con, f"select base_margin from explanations.bases {own}", **params).item()
    shape = (-1, len(names))
    values = rows["contribution"].to_numpy().reshape(shape)
    return shap.Explanation(
        values,
        base_values=np.full(len(values), base),
        data=rows["value"].to_numpy().reshape(shape),
        instance_names=rows["entity_id"].gather_every(len(names)).to_list(),
        feature_names=names,
    )
