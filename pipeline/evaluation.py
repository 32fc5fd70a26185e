"""How good a model is with how much doubt: every figure with its bootstrap interval.

A precision from thirty bad entities is a guess with a decimal point. So each figure is
resampled, stands beside the best that anybody could reach at that capacity, and is taken
on verdicts that came after those that taught, where there are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipeline.quality import equal_bins, observed_rates
from pipeline.settings import FLAWLESS

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.model_settings import EvaluationSettings
    from pipeline.settings import ErrorSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

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
    rate: float
    """Share of bad entities in the population."""
    population: int
    """Entities that could be listed."""
    errors: ErrorSettings = FLAWLESS
    """How often a verdict is right."""


def rows(judged: Judged, settings: EvaluationSettings) -> list[dict[str, Any]]:
    """Rows of `scores.evaluation` without `entity_type` and `measured_on`.

    Bad and good entities are resampled apart, as the base rate is not asked of them; each
    bad one stands for rate / bad of the population (see `pipeline.quality`).
    """
    order = np.argsort(-judged.score, kind="stable")
    score, is_bad, kinds = judged.score[order], judged.is_bad[order], judged.typology[order]
    drawn = _drawn(is_bad, settings)
    lists = _Lists(drawn, score, is_bad, judged.rate)
    entities, positives = int(is_bad.size), judged.rate * judged.population
    made = [
        _row("base_rate", np.array([judged.rate]), entities),
        _row("auprc", lists.area, entities),
        _row("ece", _calibration_error(score, is_bad, drawn, judged, settings.bins), entities),
    ]
    for k in settings.capacities:
        top = min(k / max(judged.population, 1), 1.0)
        cut = lists.cut(top)
        caught = lists.among(lists.bad, cut) * lists.worth
        best = {"precision_at_k": min(positives / k, 1.0), "recall_at_k": min(k / positives, 1.0)}
        each = {"precision_at_k": caught / top, "recall_at_k": caught / judged.rate}
        made += [_row(name, each[name], entities, k, best[name]) for name in best]
        made += _per_typology(lists, kinds, cut, k, settings.least_of_typology)
    return made


def area(
    judged: Judged, settings: EvaluationSettings
) -> tuple[float | None, float | None, float | None]:
    """Area under the precision-recall curve with its interval."""
    order = np.argsort(-judged.score, kind="stable")
    score, is_bad = judged.score[order], judged.is_bad[order]
    lists = _Lists(_drawn(is_bad, settings), score, is_bad, judged.rate)
    found = _row("auprc", lists.area, int(is_bad.size))
    return found["value"], found["low"], found["high"]


def _row(
    measure: str, values: FloatArray, entities: int, k: int | None = None, best: float | None = None
) -> dict[str, Any]:
    """First value is the estimate, the others are resampled."""
    low, high = (
        (float(v) for v in np.percentile(values[1:], _ENDS)) if values.size > 1 else (None,) * 2
    )
    figures = {"value": float(values[0]), "low": low, "high": high, "ceiling": best}
    return {"measure": measure, "at_k": k, "entities": entities, **figures}


def _drawn(is_bad: FloatArray, settings: EvaluationSettings) -> FloatArray:
    """(1 + resamples, entities) how often each is drawn; the first row is the sample itself."""
    dice = np.random.default_rng(settings.seed)
    times = np.ones((settings.resamples + 1, is_bad.size))
    for label in (0.0, 1.0):
        members = np.flatnonzero(is_bad == label)
        if members.size:
            for row in times[1:]:
                drawn = dice.integers(members.size, size=members.size)
                row[members] = np.bincount(drawn, minlength=members.size)
    return times


@dataclass(frozen=True, eq=False)
class _Lists:
    """Everybody ordered by score, best first, once per resample."""

    drawn: FloatArray
    """(resamples, entities) how often each is there."""
    score: FloatArray
    is_bad: FloatArray
    rate: float

    @cached_property
    def bad(self) -> IntArray:
        """Places of the bad ones."""
        return np.flatnonzero(self.is_bad > 0)

    @property
    def worth(self) -> float:
        """Share of the population that one bad entity stands for."""
        return self.rate / max(self.bad.size, 1)

    @cached_property
    def ends(self) -> IntArray:
        """Where each group of equal scores ends: they are listed together."""
        return np.flatnonzero(np.append(np.diff(self.score) != 0, True))

    @cached_property
    def listed(self) -> FloatArray:
        """(resamples, 1 + groups) share of the population listed after each group."""
        good = (1.0 - self.rate) / max(self.is_bad.size - self.bad.size, 1)
        shares = self.drawn * np.where(self.is_bad > 0, self.worth, good)
        np.cumsum(shares, axis=1, out=shares)
        return np.insert(shares[:, self.ends], 0, 0.0, axis=1)

    def found(self, places: IntArray) -> tuple[FloatArray, IntArray]:
        """(resamples, 1 + places) how many were met so far, and after which group (1 + groups,)."""
        met = np.cumsum(self.drawn[:, places], axis=1)
        after = np.searchsorted(places, self.ends, side="right")
        return np.insert(met, 0, 0.0, axis=1), np.append(0, after)

    @property
    def area(self) -> FloatArray:
        """Average precision of each resample."""
        met, after = self.found(self.bad)
        rises = np.flatnonzero(np.diff(after)) + 1
        caught = met[:, after[rises]] * self.worth
        steps = np.diff(caught, axis=1, prepend=0.0) / self.rate
        precision = caught / np.maximum(self.listed[:, rises], 1e-12)
        return np.asarray((steps * precision).sum(axis=1))

    def cut(self, top: float) -> tuple[IntArray, FloatArray]:
        """Whole groups among the first `top` of the population, and the part of the next.

        Both (resamples,).
        """
        listed, last = self.listed, self.ends.size
        whole = np.array([np.searchsorted(row, top, side="right") - 1 for row in listed])
        row, after = np.arange(whole.size), np.minimum(whole + 1, last)
        width = listed[row, after] - listed[row, whole]
        part = (top - listed[row, whole]) / np.where(whole < last, width, 1.0)
        return whole, np.where(whole < last, part, 0.0)

    def among(self, places: IntArray, cut: tuple[IntArray, FloatArray]) -> FloatArray:
        """(resamples,) how many of those at `places` are listed."""
        (met, after), (whole, part) = self.found(places), cut
        row, following = np.arange(whole.size), np.minimum(whole + 1, self.ends.size)
        sure = met[row, after[whole]]
        return np.asarray(sure + part * (met[row, after[following]] - sure))


def _calibration_error(
    score: FloatArray, is_bad: FloatArray, drawn: FloatArray, judged: Judged, bins: int
) -> FloatArray:
    """Expected calibration error per resample, in bins of equally many entities."""
    starts = np.flatnonzero(np.diff(equal_bins(score, bins), prepend=-1))
    entities, bad, promised = (
        np.add.reduceat(drawn * each, starts, axis=1) for each in (1.0, is_bad, score)
    )
    share, observed = observed_rates(bad, entities, judged.rate, judged.errors)
    predicted = promised / np.maximum(entities, 1e-12)
    return np.asarray((share * np.abs(observed - predicted)).sum(axis=1))


def _per_typology(
    lists: _Lists,
    kinds: NDArray[np.object_],
    cut: tuple[IntArray, FloatArray],
    k: int,
    least: int,
) -> list[dict[str, Any]]:
    """Recall of each typology with enough cases among the first k of everybody.

    Of equal scores that cross k a part is listed, as for all bad ones together.
    """
    made = []
    for name in sorted({kind for kind in kinds if kind is not None}):
        own = np.flatnonzero(kinds == name)
        if own.size >= least:
            everyone = np.maximum(lists.drawn[:, own].sum(axis=1), 1.0)
            row = _row("recall_at_k", lists.among(own, cut) / everyone, int(own.size), k)
            made.append({**row, "typology": name})
    return made
