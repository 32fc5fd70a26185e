"""Figures of a model with their intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.evaluation import intervals
from pipeline.evaluation.intervals import Judged
from pipeline.evaluation.metrics import Quality
from pipeline.population import Population
from pipeline.settings.models import EvaluationSettings

SETTINGS = EvaluationSettings(capacities=(10, 40))


def judged(shift: float, bad: int = 60, good: int = 240) -> Judged:
    """Scores of the bad lie `shift` higher; every third bad one is of one typology."""
    random = np.random.default_rng(4)
    is_bad = np.repeat([1.0, 0.0], [bad, good])
    score = 1.0 / (1.0 + np.exp(-random.normal(shift * is_bad - 2.0, 1.0)))
    typology = np.where(np.arange(bad + good) % 3 == 0, "T1", "T2").astype(object)
    typology[bad:] = None
    return Judged(score, is_bad, typology, Population(0.05), 1000)


def figures(judged_ones: Judged, settings: EvaluationSettings = SETTINGS) -> list[dict[str, Any]]:
    """Rows of the evaluation."""
    return intervals.rows(judged_ones, settings)


def test_every_interval_holds_its_estimate() -> None:
    """Low <= value <= high, and nothing beats the ceiling."""
    for row in figures(judged(2.0)):
        if row["low"] is not None and row["measure"] != "ece":
            assert row["low"] - 1e-9 <= row["value"] <= row["high"] + 1e-9, row
        if row["ceiling"] is not None:
            assert row["value"] <= row["ceiling"] + 1e-9, row


def test_a_perfect_score_reaches_the_ceiling() -> None:
    """Area 1, precision 1 until the bad run out, recall as far as the list goes."""
    perfect = judged(0.0)
    perfect = replace(perfect, score=perfect.is_bad * 0.9 + 0.05)
    figure_of = {(r["measure"], r["at_k"]): r for r in figures(perfect) if "typology" not in r}
    assert figure_of["auprc", None]["value"] == pytest.approx(1.0)
    for key in (("precision_at_k", 10), ("recall_at_k", 40)):
        assert figure_of[key]["value"] == pytest.approx(figure_of[key]["ceiling"])


def test_the_area_agrees_with_the_model_card() -> None:
    """The first, unresampled figure is what `Quality` computes another way."""
    one = judged(2.0)
    card = Quality(one.score, one.is_bad, one.population, 0.05).measures
    figure_of = {r["measure"]: r["value"] for r in figures(one) if r["at_k"] is None}
    assert figure_of["auprc"] == pytest.approx(card["auprc"])
    assert figure_of["ece"] == pytest.approx(card["ece"])


def test_fewer_cases_leave_more_doubt() -> None:
    """The interval of a sixth of the sample is wider."""
    wide, narrow = (
        next(r for r in figures(judged(2.0, *size)) if r["measure"] == "auprc")
        for size in ((10, 40), (60, 240))
    )
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


def test_same_verdicts_same_figures() -> None:
    """The dice are seeded."""
    assert figures(judged(1.0)) == figures(judged(1.0))


@pytest.mark.parametrize("digits", [17, 1, 0], ids=["no ties", "ties", "all tied"])
@pytest.mark.parametrize("k", [10, 40, 1000])
def test_recall_per_typology_adds_up(k: int, digits: int) -> None:
    """What is listed of each typology is what is listed of all bad ones; of everybody, all."""
    one = judged(2.0)
    one = replace(one, score=one.score.round(digits))
    every = figures(one, replace(SETTINGS, capacities=(k,)))
    rows = [r for r in every if r["measure"] == "recall_at_k"]
    parts = [r for r in rows if r.get("typology")]
    total = next(r for r in rows if not r.get("typology"))
    together = sum(r["value"] * r["entities"] for r in parts) / sum(r["entities"] for r in parts)
    assert len(parts) == 2
    assert together == pytest.approx(total["value"], abs=1e-9)
    if k == one.entities:
        assert total["value"] == pytest.approx(1.0, abs=1e-9)
