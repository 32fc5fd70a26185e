"""What the pages compute from the model's text is what the trees say, and quick."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import polars as pl
import pytest

from dashboard import explainer
from dashboard.state import EntityRef
from pipeline.tree_model.calibration import Calibration
from pipeline.tree_model.rank_space import Crowd
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
    line = Calibration(tiny_model.SLOPE, tiny_model.INTERCEPT)
    margin = np.asarray(booster.predict(row, raw_score=True), dtype=np.float64)
    return float(line.score(margin)[0])


def test_families_add_up_to_the_score_of_the_trees(served: Callable[..., None]) -> None:
    """Base + points = what LightGBM scores."""
    served()
    found = explainer.families(SUBJECT, LAST)
    assert found is not None
    assert found.base + found.points["points"].sum() == pytest.approx(score(0), abs=1e-9)


def test_a_change_adds_up_and_credits_only_what_changed(served: Callable[..., None]) -> None:
    """From the first week to the last, in points and in log-odds."""
    served()
    found = explainer.change(SUBJECT, LAST, SUBJECT, FIRST)
    assert found is not None
    assert found.families["points"].sum() == pytest.approx(score(0) - score(2), abs=1e-9)
    moved = found.last_margin - found.first_margin
    assert found.features["contribution"].sum() == pytest.approx(moved, abs=1e-9)
    assert "buyers_new_share_30d" not in found.features["feature"].to_list()


def test_the_subject_is_not_its_own_look_alike(served: Callable[..., None]) -> None:
    """Each outcome at most three times, the subject never."""
    served()
    found = explainer.alikes(EntityRef("merchant", "mer_2"), LAST)
    assert "mer_2" not in found["entity_id"].to_list()
    assert found["outcome"].to_list() == ["ordinary"]


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
    seen: list[Crowd] = []

    def searched(*given: object) -> None:
        crowd = given[-1]
        assert isinstance(crowd, Crowd)
        seen.append(crowd)

    monkeypatch.setattr(explainer, "flips", searched)
    for name in ("buy_1", "buy_2"):
        explainer.held_by(EntityRef("buyer", name), LAST, 0.1)
    alone, own = (crowd.matrix for crowd in seen)
    assert len(alone) == 2
    assert len(own) == 1
    assert own[0].tolist() == pytest.approx(tiny_model.profile("buy_3", 0))


def test_the_line_of_a_band_is_where_the_build_drew_it(
    served: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build with other edges asks about those."""
    moved = pl.DataFrame({"score_band": ["CRIT", "MED"], "edge": [0.7, 0.2]})
    served()
    monkeypatch.setattr(explainer, "read", lambda _name: moved)
    assert explainer.line_under("CRIT") == 0.7
    assert explainer.line_under("MED") == 0.2


@pytest.mark.parametrize(("band", "line"), [("CRIT", 0.8), ("HIGH", 0.4), ("MED", 0.1)])
def test_the_line_of_a_band_is_where_it_begins(
    band: str, line: float, served: Callable[..., None]
) -> None:
    """Nothing lies under the lowest band."""
    served()
    assert explainer.line_under(band) == line
    assert explainer.line_under("LOW") is None
    assert explainer.line_under(None) is None
