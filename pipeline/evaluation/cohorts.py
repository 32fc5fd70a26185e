"""How good the scores of each week were, as far as verdicts have come in since.

Each subject stands where a model that knew nothing of its verdict puts it on that day, and every
week is given as many days for its verdicts: what came later counts for no week, so that an old one
is not better known than a young one. A week that has not had its days has no figure.
docs/decisions/0130-late-labels-and-a-challenger.md
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.evaluation import intervals

if TYPE_CHECKING:
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    Mask: TypeAlias = NDArray[np.bool_]

COHORTS: dict[str, type[pl.DataType]] = {
    "entity_type": pl.String,
    "as_of": pl.Date,
    "is_mature": pl.Boolean,
    **dict.fromkeys(("judged", "bad"), pl.Int64),
    **dict.fromkeys(("expected", "precision", "precision_low", "precision_high"), pl.Float64),
    **dict.fromkeys(("known_bad", "reached"), pl.Int64),
    **dict.fromkeys(("recall", "recall_low", "recall_high"), pl.Float64),
}
"""Columns of `scores.cohorts`, one row per (entity_type, as_of). judged, bad: reviewed in time
among those in the first places, and called bad of these; expected: mean score of the judged, 0..1;
known_bad, reached: called bad in time by anybody, and how many of these stood in the first places;
precision = bad / judged, recall = reached / known_bad: null where young or of nobody."""
PLACES: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("entity_type", "entity_id"), pl.String),
    "as_of": pl.Date,
    "known_at": pl.Datetime,
    **dict.fromkeys(("is_bad", "is_reviewed", "is_by_lot", "is_matured"), pl.Boolean),
    **dict.fromkeys(("place", "challenger_place", "score"), pl.Float64),
    "ring": pl.Int64,
}
"""Columns of `scores.judged_places`, one row per snapshot of a judged entity before its verdict.
place: share of today's unjudged that a model without the verdict puts at or above it; score: what
those in that place are scored today; challenger_place: place under the challenger; is_matured: the
verdict has taught, so models without it gave the place."""
_HALF = 0.5


def cohorts(places: pl.DataFrame, as_of: date, settings: EvaluationSettings) -> pl.DataFrame:
    """Rows of COHORTS from rows of PLACES of one entity type: a row a week, ascending."""
    random = np.random.default_rng(settings.seed)
    window = pl.duration(days=settings.followed_days)
    day = pl.col("as_of").cast(pl.Datetime("us"))
    in_time = places.filter((pl.col("known_at") > day) & (pl.col("known_at") <= day + window))
    rows = []
    for week in places["as_of"].unique().sort():
        own = in_time.filter(pl.col("as_of") == week)
        is_mature = week + timedelta(days=settings.followed_days) <= as_of
        fixed = {"entity_type": places["entity_type"][0], "as_of": week, "is_mature": is_mature}
        rows.append(fixed | _cohort(own, random, settings, is_mature=is_mature))
    return pl.DataFrame(rows, schema=COHORTS)


def _cohort(
    own: pl.DataFrame,
    random: np.random.Generator,
    settings: EvaluationSettings,
    *,
    is_mature: bool,
) -> dict[str, Any]:
    """The columns of one week whose verdicts came in time."""
    first = pl.col("place") <= settings.followed_top
    judged, bad = own.filter(first & pl.col("is_reviewed")), own.filter("is_bad")
    shares = {
        "precision": judged.select("ring", chosen="is_bad"),
        "recall": bad.select("ring", chosen=first),
    }
    counts = {
        "judged": judged.height,
        "bad": int(judged["is_bad"].sum()),
        "expected": judged["score"].mean(),
        "known_bad": bad.height,
        "reached": int(shares["recall"]["chosen"].sum()),
    }
    for name, rows in shares.items():
        if is_mature and rows.height:
            chosen = rows["chosen"].to_numpy()
            draws = ring_draws(chosen, rows["ring"].to_numpy(), random, settings.resamples)
            ends = intervals.row(name, draws, rows.height, settings)
            counts |= {f"{name}_low": ends["low"], f"{name}_high": ends["high"]}
            counts[name] = float(chosen.mean())
    return counts


def ring_draws(chosen: Mask, ring: IntArray, random: np.random.Generator, size: int) -> FloatArray:
    """(size,) shares of the chosen (rows,) that the rows leave possible.

    Bayesian bootstrap (Rubin 1981) of rings as a whole, with half a row each that is chosen and
    not (Jeffreys).
    """
    own = np.unique(ring, return_inverse=True)[1]
    part, whole = np.bincount(own, weights=chosen), np.bincount(own).astype(np.float64)
    weight = random.gamma(1.0, size=(size, whole.size))
    half = random.gamma(_HALF, size=(size, 2))
    return np.asarray((weight @ part + half[:, 0]) / (weight @ whole + half.sum(axis=1)))
