"""How much of what signals say a score has said already: they are inputs of its model.

A probability multiplies the odds of a score with those of the signals
(`pipeline.scoring.signal_odds`), as if the one knew nothing of the other. What the model gives
for the two columns that count signals is therefore taken back, or it would count twice.
docs/decisions/0062-signals-in-the-model.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.tables import query
from queries.vocabulary import SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

    from pipeline.scoring.fitted import Fitted
    from pipeline.scoring.training_run import Trial

_STRENGTH = SIGNAL_COLUMNS[1]


def overlaps(
    con: duckdb.DuckDBPyConnection, as_of: date, trials: Iterable[Trial], least: float
) -> dict[str, float]:
    """Log odds that the score of each type owes to its signals, on average over snapshot `as_of`.

    Over those with a strength of at least `least`, against the same subjects if no signal fired;
    no type without a model of ours, or with nobody so strong.
    """
    every = ((one.entity_type, one.fitted) for one in trials)
    owed = {name: _owed(con, name, as_of, fitted, least) for name, fitted in every if fitted}
    return {name: one for name, one in owed.items() if one is not None}


def _owed(
    con: duckdb.DuckDBPyConnection, entity_type: str, as_of: date, fitted: Fitted, least: float
) -> float | None:
    names = fitted.model.features
    if not set(SIGNAL_COLUMNS) <= set(names):
        return None
    columns = ", ".join(f'"{name}"::double as "{name}"' for name in names)
    strong = f"as_of = $as_of and {_STRENGTH} >= $least"
    # In one order: a mean of floats depends on it.
    sql = f"select {columns} from features.{entity_type} where {strong} order by {entity_type}_id"
    matrix = query(con, sql, as_of=as_of, least=least).to_numpy()
    if not matrix.shape[0]:
        return None
    calm = matrix.copy()
    calm[:, [names.index(name) for name in SIGNAL_COLUMNS]] = 0.0
    gained = fitted.model.margin(matrix) - fitted.model.margin(calm)
    return float(np.mean(gained) * fitted.calibration.slope)
