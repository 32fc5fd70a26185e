"""How good a model is with how much doubt: every figure with its bootstrap interval.

A precision from thirty bad entities is a guess with a decimal point. So each figure is
resampled, stands beside the best that anybody could reach at that capacity, and is taken
on verdicts that came after those that taught, where there are enough:
docs/decisions/0026-quality-for-the-population.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.evaluation.metrics import Reliability, shares
from pipeline.evaluation.ranking import Ranking, average_precision, within_top

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.population import Population
    from pipeline.settings.models import EvaluationSettings

    FloatArray: TypeAlias = NDArray[np.float64]

SCHEMA = (
    dict.fromkeys(("entity_type", "typology", "measured_on", "measure"), pl.String)
    | {"at_k": pl.Int64, "entities": pl.Int64}
    | dict.fromkeys(("value", "low", "high", "ceiling"), pl.Float64)
)
"""Columns of `scores.evaluation`; `typology` is null where all bad ones are meant."""
_ENDS = (2.5, 97.5)


@dataclass(frozen=True)
class Judged:
    """Entities with a verdict, each with a score that owes nothing to it."""

    score: FloatArray
    """(entities,) calibrated."""
    is_bad: FloatArray
    """(entities,) 1.0 bad, 0.0 good."""
    typology: NDArray[np.object_]
    """(entities,) what the bad ones did; None where nobody said."""
    population: Population
    """Whom they stand for."""
    entities: int
    """How many these are: entities that could be listed."""


def rows(judged: Judged, settings: EvaluationSettings) -> list[dict[str, Any]]:
    """Rows of `scores.evaluation` without `entity_type` and `measured_on`.

    Bad and good entities are resampled apart, as the base rate is not asked of them; each
    bad one stands for rate / bad of the population (see `pipeline.evaluation.metrics`).
    """
    order, rate = np.argsort(-judged.score, kind="stable"), judged.population.rate
    score, is_bad, typology = judged.score[order], judged.is_bad[order], judged.typology[order]
    times = _resampled(is_bad, settings)
    listed, bad = _listings(score, is_bad, rate, times)
    by_typology = _per_typology(times, typology, Ranking.of(score), settings.least_of_typology)
    error = Reliability.of(score, is_bad, judged.population, settings.bins, times).error
    entities, positives = int(is_bad.size), rate * judged.entities
    figures = [
        _row("base_rate", np.array([rate]), entities),
        _row("auprc", average_precision(listed, bad), entities),
        _row("ece", error, entities),
    ]
    for k in settings.capacities:
        top = min(k / max(judged.entities, 1), 1.0)
        reached = within_top(listed, bad, top)
        best = {"precision_at_k": min(positives / k, 1.0), "recall_at_k": min(k / positives, 1.0)}
        each = {"precision_at_k": reached / top, "recall_at_k": reached / rate}
        figures += [_row(name, each[name], entities, k, best[name]) for name in best]
        for name, own in by_typology.items():
            recall = within_top(listed, own, top) / np.maximum(own[:, -1], 1.0)
            cases = int((typology == name).sum())
            figures.append({**_row("recall_at_k", recall, cases, k), "typology": name})
    return figures


def area(
    judged: Judged, settings: EvaluationSettings
) -> tuple[float | None, float | None, float | None]:
    """Area under the precision-recall curve with its interval."""
    order = np.argsort(-judged.score, kind="stable")
    score, is_bad = judged.score[order], judged.is_bad[order]
    curve = _listings(score, is_bad, judged.population.rate, _resampled(is_bad, settings))
    row = _row("auprc", average_precision(*curve), is_bad.size)
    return row["value"], row["low"], row["high"]


def _listings(
    score: FloatArray, is_bad: FloatArray, rate: float, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(resamples, steps) share of the population that is listed, and its bad part."""
    share, steps = shares(is_bad, rate), Ranking.of(score)
    bad = steps.counted(is_bad > 0, times) * share.max(initial=0.0, where=is_bad > 0)
    return steps.summed(times * share), bad


def _row(
    measure: str, values: FloatArray, entities: int, k: int | None = None, best: float | None = None
) -> dict[str, Any]:
    """First value is the estimate, the others are resampled."""
    low, high = (
        (float(v) for v in np.percentile(values[1:], _ENDS)) if values.size > 1 else (None,) * 2
    )
    figures = {"value": float(values[0]), "low": low, "high": high, "ceiling": best}
    return {"measure": measure, "at_k": k, "entities": entities, **figures}


def _resampled(is_bad: FloatArray, settings: EvaluationSettings) -> FloatArray:
    """(1 + resamples, entities) how often each is drawn; the first row is the sample itself."""
    random = np.random.default_rng(settings.seed)
    times = np.ones((settings.resamples + 1, is_bad.size))
    for label in (0.0, 1.0):
        members = np.flatnonzero(is_bad == label)
        for row in times[1:] if members.size else ():
            sample = random.integers(members.size, size=members.size)
            row[members] = np.bincount(sample, minlength=members.size)
    return times


def _per_typology(
    times: FloatArray, typology: NDArray[np.object_], steps: Ranking, least: int
) -> dict[str, FloatArray]:
    """(resamples, steps) how many of each typology with enough cases have come up."""
    names = sorted({str(name) for name in typology if name is not None})
    each = {name: typology == name for name in names}
    return {name: steps.counted(own, times) for name, own in each.items() if own.sum() >= least}
