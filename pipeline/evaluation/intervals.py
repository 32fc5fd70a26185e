"""How good a model is among those whom nobody has judged: every figure with its interval.

A precision from thirty bad entities is a guess with a decimal point. So each figure is drawn
many times (`pipeline.evaluation.population_curve`), and its middle stands between the ends that
hold the truth in nine cases of ten: docs/decisions/0035-an-honest-card.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.evaluation.population_curve import CurveDraws
    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]

SCHEMA = (
    dict.fromkeys(("entity_type", "measure"), pl.String)
    | {"at_k": pl.Int64, "entities": pl.Int64}
    | dict.fromkeys(("value", "low", "high", "ceiling"), pl.Float64)
    | {"says_something": pl.Boolean}
)
"""Columns of `scores.evaluation`."""
BANDS = {"entity_type": pl.String, "band": pl.String, "entities": pl.Int64} | dict.fromkeys(
    ("predicted", "observed", "low", "high"), pl.Float64
)
"""Columns of `scores.calibration`; `band` is top_1, top_5 or medium (and above)."""
CURVE = {"entity_type": pl.String} | dict.fromkeys(("threshold", "precision", "recall"), pl.Float64)
"""Columns of `scores.pr_curve`."""


def rows(draws: CurveDraws, judged: int, settings: EvaluationSettings) -> list[dict[str, Any]]:
    """Rows of `scores.evaluation` without `entity_type`, from verdicts on so many entities.

    Recall and area are asked where there is somebody to be found.
    """
    rate, positives = draws.rate, float(np.median(draws.rate)) * draws.entities
    someone = rate > 0.0 if (rate > 0.0).any() else np.ones_like(rate, dtype=np.bool_)
    figures = [
        row("base_rate", rate, judged, settings),
        row("auprc", draws.area[someone], judged, settings),
    ]
    for k in settings.capacities:
        top = min(k / max(draws.entities, 1), 1.0)
        reached = draws.within(top)
        each = {
            "precision_at_k": (reached / top, min(positives / k, 1.0)),
            "recall_at_k": (
                (reached / np.maximum(rate, 1e-12))[someone],
                min(k / max(positives, 1.0), 1.0),
            ),
        }
        for name, (values, best) in each.items():
            figures.append(row(name, values, judged, settings) | {"at_k": k, "ceiling": best})
    return figures


def bands(
    draws: CurveDraws, score: FloatArray, medium: float, settings: EvaluationSettings
) -> list[dict[str, Any]]:
    """Rows of `scores.calibration` without `entity_type`: where the score has to be right.

    `score` (entities,) is what everybody of the population is shown. Ten bins of equal size
    would pass a score of zero for everybody; these are the few who are looked at.
    """
    highest, figures = np.sort(score)[::-1], []
    for name, count in _band_sizes(highest, medium, settings).items():
        if count:
            share = draws.within(count / score.size) * score.size / count
            figure = row("", share, count, settings)
            own = {"predicted": float(highest[:count].mean()), "observed": figure["value"]}
            figures.append(
                {"band": name, "entities": count, "low": figure["low"], "high": figure["high"]}
                | own
            )
    return figures


def curve(draws: CurveDraws, score: FloatArray) -> list[dict[str, float]]:
    """Rows of `scores.pr_curve` without `entity_type`: the middle of what is possible."""
    highest = np.sort(score)[::-1]
    at = np.minimum((draws.place * score.size).round().astype(int), score.size) - 1
    bad = np.minimum(draws.bad, draws.place)
    recall = np.median(bad / np.maximum(draws.rate, 1e-12)[:, None], axis=0)
    columns = (highest[at.clip(0)], np.median(bad / draws.place, axis=0), recall)
    names = ("threshold", "precision", "recall")
    rows_of = np.column_stack(columns).tolist()
    return [dict(zip(names, row, strict=True)) for row in rows_of]


def _band_sizes(highest: FloatArray, medium: float, settings: EvaluationSettings) -> dict[str, int]:
    """How many are in each band."""
    tops = {f"top_{top:.0%}"[:-1]: round(top * highest.size) for top in settings.tops}
    return tops | {"medium": int((highest >= medium).sum())}


def row(
    measure: str, values: FloatArray, entities: int, settings: EvaluationSettings
) -> dict[str, Any]:
    """One figure: the middle of what was drawn, and the ends of its interval."""
    edge = (1.0 - settings.interval) / 2.0
    low, value, high = (float(v) for v in np.quantile(values, (edge, 0.5, 1.0 - edge)))
    return {
        "measure": measure,
        "at_k": None,
        "entities": entities,
        "value": value,
        "low": low,
        "high": high,
        "ceiling": None,
        "says_something": high - low <= settings.widest,
    }
