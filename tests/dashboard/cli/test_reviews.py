"""`ringfence draw-reviews` draws, says how many, and refuses in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.states import Verdict
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database
from tests.dashboard.casebook.drafts import ANN, draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.dashboard.cli.program import Result

    Program = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built database with a casebook of its own, as a quality reviewer finds them."""
    database = tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(database))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))
    monkeypatch.setenv("RINGFENCE_USER", "quinn")
    monkeypatch.setenv("RINGFENCE_ROLE", "qa")
    return tmp_path


def test_what_was_decided_is_drawn_once(folder: Path, ringfence: Program) -> None:
    """Two decisions, then nothing that was not drawn before."""
    for number in (1, 2):
        open_casebook().decide(draft(Verdict.FALSE_POSITIVE, number), viewer=ANN)
    done = ringfence("draw-reviews", "--build", folder, "--share", "1")
    assert (done.code, done.out.split(" drawn")[0]) == (0, "2 reviews")
    assert len(open_casebook().review_tasks(viewer=Viewer("sam", "senior"))) == 2
    again = ringfence("draw-reviews", "--build", folder)
    assert again.code == 1
    assert "not drawn before" in again.err


def test_a_role_that_reviews_nothing_is_refused(
    folder: Path, ringfence: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same words as on the page."""
    monkeypatch.setenv("RINGFENCE_ROLE", "analyst")
    open_casebook().decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN)
    done = ringfence("draw-reviews", "--build", folder)
    assert done.code == 1
    assert "Your role" in done.err
