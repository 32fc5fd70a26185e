"""What one model says of one profile, and what it leaves open when something is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.explanations.engine import PRECEDENTS, SEPARATING, Engine, Precedent
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.neighbourhoods import Subject
from pipeline.tree_model.rank_space import RankSpace
from tests.dashboard import tiny_model
from tests.dashboard.tiny_entities import AS_OF

RISKY = np.array([120.0, 0.4, 0.25])
CLEAN = np.array([390.0, 0.4, 0.01])
OUTCOMES = ("confirmed", "cleared", "ordinary")


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The tiny model beside nine precedents of each outcome."""
    dice = np.random.default_rng(5)
    values = dice.uniform((0.0, 0.0, 0.0), (400.0, 1.0, 0.3), size=(27, 3))
    return Engine(
        model=TreeModel.of(tiny_model.model_text()),
        calibration=Calibration(tiny_model.SLOPE, tiny_model.INTERCEPT),
        families=("identity", "orders", "refunds"),
        moves=np.array([1, 0, -1]),
        background=values[:16],
        space=RankSpace(values, np.ones(3)),
        precedents=tuple(Precedent(f"mer_{i}", OUTCOMES[i % 3], AS_OF, 0.5) for i in range(27)),
    )


def test_families_lead_from_the_background_to_the_score(engine: Engine) -> None:
    """Base + points = score; without a background there is no average to start from."""
    families = engine.family_points(RISKY)
    assert families is not None
    assert families.base + families.points["points"].sum() == pytest.approx(engine.score(RISKY))
    assert replace(engine, background=np.empty((0, 3))).family_points(RISKY) is None


def test_each_outcome_is_looked_for_alike(engine: Engine) -> None:
    """As many of each as are shown, nearest first, the subject left out."""
    alikes = engine.alikes(RISKY, "mer_0")
    counts = dict(alikes["outcome"].value_counts().iter_rows())
    assert counts == PRECEDENTS
    assert alikes["distance"].is_sorted()
    assert "mer_0" not in alikes["entity_id"].to_list()
    assert max(map(len, alikes["features"])) <= SEPARATING


def test_nobody_to_compare_with_is_an_empty_table(engine: Engine) -> None:
    """Scores without reference entities have no look-alikes and nothing that holds them."""
    alone = replace(engine, space=RankSpace(np.empty((0, 3)), np.ones(3)), precedents=())
    assert alone.alikes(RISKY, "mer_0").is_empty()
    assert alone.held_by(Subject(RISKY), "mer_0", 0.1) is None


def test_a_change_credits_what_differs(engine: Engine) -> None:
    """Points and log-odds add up; a feature that stayed the same has no row."""
    change = engine.change(RISKY, CLEAN)
    moved = change.last_score - change.first_score
    assert change.families["points"].sum() == pytest.approx(moved)
    assert "buyers_new_share_30d" not in change.features["feature"].to_list()
    assert engine.change(CLEAN, CLEAN).features.is_empty()
