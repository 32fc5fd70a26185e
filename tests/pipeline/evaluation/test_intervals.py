"""Figures of a model with their intervals, and a calibration error that verdicts do not fake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.evaluation import intervals
from pipeline.evaluation.intervals import Judged
from pipeline.evaluation.metrics import Quality
from pipeline.population import Population
from pipeline.settings.build import ErrorSettings
from pipeline.settings.models import EvaluationSettings

SETTINGS = EvaluationSettings(capacities=(10, 40))


def judged(shift: float, bad: int = 60, good: int = 240) -> Judged:
    """Scores of the bad lie `shift` higher; every third bad one is of one typology."""
    random = np.random.default_rng(4)
    is_bad = np.repeat([1.0, 0.0], [bad, good])
    score = 1.0 / (1.0 + np.exp(-random.normal(shift * is_bad - 2.0, 1.0)))
    kinds = np.where(np.arange(bad + good) % 3 == 0, "T1", "T2").astype(object)
    kinds[bad:] = None
    return Judged(score, is_bad, kinds, Population(0.05), 1000)


def figures(found: Judged, settings: EvaluationSettings = SETTINGS) -> list[dict[str, Any]]:
    """Rows of the evaluation."""
    return intervals.rows(found, settings)


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
    found = {(r["measure"], r["at_k"]): r for r in figures(perfect) if "typology" not in r}
    assert found["auprc", None]["value"] == pytest.approx(1.0)
    for key in (("precision_at_k", 10), ("recall_at_k", 40)):
        assert found[key]["value"] == pytest.approx(found[key]["ceiling"])


def test_the_area_agrees_with_the_model_card() -> None:
    """The first, unresampled figure is what `Quality` computes another way."""
    one = judged(2.0)
    card = Quality(one.score, one.is_bad, one.population, 0.05).measures
    found = {r["measure"]: r["value"] for r in figures(one) if r["at_k"] is None}
    assert found["auprc"] == pytest.approx(card["auprc"])
    assert found["ece"] == pytest.approx(card["ece"])


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
    found = figures(one, replace(SETTINGS, capacities=(k,)))
    rows = [r for r in found if r["measure"] == "recall_at_k"]
    parts = [r for r in rows if r.get("typology")]
    total = next(r for r in rows if not r.get("typology"))
    together = sum(r["value"] * r["entities"] for r in parts) / sum(r["entities"] for r in parts)
    assert len(parts) == 2
    assert together == pytest.approx(total["value"], abs=1e-9)
    if k == one.entities:
        assert total["value"] == pytest.approx(1.0, abs=1e-9)


def test_a_right_score_is_not_blamed_for_wrong_verdicts() -> None:
    """With verdicts that err as stated a true probability has nearly no calibration error."""
    random = np.random.default_rng(8)
    chance = random.beta(0.4, 1.2, 20_000)
    truly = random.random(chance.size) < chance
    errors = ErrorSettings(sensitivity=0.85, specificity=0.95)
    right = np.where(truly, random.random(chance.size) < 0.85, random.random(chance.size) < 0.95)
    told = np.where(right, truly, ~truly).astype(float)
    rate = float(chance.mean())
    seen = Quality(chance, told, Population(rate, errors), 0.05).measures["ece"]
    taken_at_their_word = Quality(chance, told, Population(rate), 0.05).measures["ece"]
    assert seen < 0.015
    assert taken_at_their_word > 0.04
