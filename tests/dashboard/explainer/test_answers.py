"""What the pages ask of the model's text is what the trees say, and quick."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import polars as pl
import pytest

from dashboard import explainer
from dashboard.explainer import answers
from dashboard.explanations import engine
from dashboard.state import EntityRef
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.rank_space import RankSpace
from tests.dashboard import tiny_database as tiny
from tests.dashboard import tiny_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUBJECT = EntityRef("merchant", "mer_1")
LAST, FIRST = tiny.WEEKS[0], tiny.WEEKS[-1]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Serve a tiny database without some tables, or with some empty."""

    def serve(*, without: tuple[str, ...] = (), empty: tuple[str, ...] = ()) -> None:
        path = tiny.write(tmp_path / "tiny.duckdb", without=without, empty=empty)
        monkeypatch.setenv("RINGFENCE_DATABASE", str(path))

    return serve


def score(week: int) -> float:
    """The subject's score by LightGBM itself."""
    row = np.array([tiny_model.profile("mer_1", week)], dtype=float)
    booster = lightgbm.Booster(model_str=tiny_model.model_text())
    calibration = Calibration(tiny_model.SLOPE, tiny_model.INTERCEPT)
    margin = np.asarray(booster.predict(row, raw_score=True), dtype=np.float64)
    return float(calibration.score(margin)[0])


def test_families_add_up_to_the_score_of_the_trees(served: Callable[..., None]) -> None:
    """Base + points = what LightGBM scores."""
    served()
    families = explainer.families(SUBJECT, LAST)
    assert families is not None
    assert families.base + families.points["points"].sum() == pytest.approx(score(0), abs=1e-9)


def test_contributions_that_are_not_stored_are_those_of_the_trees(
    served: Callable[..., None],
) -> None:
    """Feature by feature what LightGBM says, strongest first, with the usual of the peers."""
    served(empty=("explanations.contributions",))
    rows = explainer.contributions(SUBJECT)
    booster = lightgbm.Booster(model_str=tiny_model.model_text())
    row = np.array([tiny_model.profile("mer_1", 0)], dtype=float)
    parts = np.asarray(booster.predict(row, raw_score=True, pred_contrib=True))[0]
    expected = dict(zip(booster.feature_name(), parts, strict=False))
    assert rows["feature"].len() > 1
    for feature, contribution in rows.select("feature", "contribution").iter_rows():
        assert contribution == pytest.approx(expected[feature], abs=1e-9)
    assert rows["contribution"].abs().is_sorted(descending=True)
    assert rows["peer_median"].is_not_null().all()
    assert rows["as_of"].unique().to_list() == [LAST]


def test_a_change_adds_up_and_credits_only_what_changed(served: Callable[..., None]) -> None:
    """From the first week to the last, in points and in log-odds."""
    served()
    change = explainer.change(SUBJECT, LAST, SUBJECT, FIRST)
    assert change is not None
    assert change.families["points"].sum() == pytest.approx(score(0) - score(2), abs=1e-9)
    moved = change.last_margin - change.first_margin
    assert change.features["contribution"].sum() == pytest.approx(moved, abs=1e-9)
    assert "buyers_new_share_30d" not in change.features["feature"].to_list()


def test_the_subject_is_not_its_own_look_alike(served: Callable[..., None]) -> None:
    """Each outcome at most three times, the subject never."""
    served()
    alikes = explainer.alikes(EntityRef("merchant", "mer_2"), LAST)
    assert "mer_2" not in alikes["entity_id"].to_list()
    assert alikes["outcome"].to_list() == ["ordinary"]


def test_without_a_model_there_is_no_answer(served: Callable[..., None]) -> None:
    """Scores that came without a model leave every question open."""
    served(empty=("scores.model_files",))
    assert explainer.families(SUBJECT, LAST) is None
    assert explainer.held_by(SUBJECT, LAST, 0.1) is None
    assert explainer.change(SUBJECT, LAST, SUBJECT, FIRST) is None
    assert explainer.alikes(SUBJECT, LAST).is_empty()


def test_an_entity_without_a_profile_has_no_answer(served: Callable[..., None]) -> None:
    """Not described at that snapshot: nothing to explain."""
    served()
    assert explainer.families(EntityRef("merchant", "mer_9"), LAST) is None
    assert explainer.profile(EntityRef("merchant", "mer_9"), LAST) == {}


def test_an_answer_is_computed_once(served: Callable[..., None]) -> None:
    """The second look costs a lookup, not a model."""
    served()
    explainer.families(SUBJECT, LAST)
    started = time.process_time()
    explainer.families(SUBJECT, LAST)
    assert time.process_time() - started < 0.05


def test_what_is_real_is_measured_without_the_subject(
    served: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A subject that is a precedent itself is no proof that its changed self could be."""
    served()
    spaces: list[RankSpace] = []

    def searched(*arguments: object) -> None:
        space = arguments[-1]
        assert isinstance(space, RankSpace)
        spaces.append(space)

    monkeypatch.setattr(engine, "flips", searched)
    for name in ("buy_1", "buy_2"):
        explainer.held_by(EntityRef("buyer", name), LAST, 0.1)
    alone, own = (space.matrix for space in spaces)
    assert len(alone) == 2
    assert len(own) == 1
    assert own[0].tolist() == pytest.approx(tiny_model.profile("buy_3", 0))


def test_a_band_begins_where_the_build_drew_it(
    served: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build with other edges asks about those."""
    moved = pl.DataFrame({"score_band": ["CRIT", "MED"], "edge": [0.7, 0.2]})
    served()
    monkeypatch.setattr(answers, "read", lambda _name: moved)
    assert explainer.band_threshold("CRIT") == 0.7
    assert explainer.band_threshold("MED") == 0.2


@pytest.mark.parametrize(("band", "threshold"), [("CRIT", 0.8), ("HIGH", 0.4), ("MED", 0.1)])
def test_nothing_lies_under_the_lowest_band(
    band: str, threshold: float, served: Callable[..., None]
) -> None:
    """Nothing lies under the lowest band."""
    served()
    assert explainer.band_threshold(band) == threshold
    assert explainer.band_threshold("LOW") is None
    assert explainer.band_threshold(None) is None
