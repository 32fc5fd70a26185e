"""A build asks the casebook beside it which models two people agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import ModelProposal
from queries.vocabulary import ADDITIVE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.dashboard.cli.program import Result


def test_a_promotion_is_a_reason_to_build_again(
    ringfence: Callable[..., Result],
    plain: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same data are up to date until then; a proposal alone changes nothing."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK", raising=False)
    order = ("build", "--data", plain, "--out", tmp_path)

    def fingerprint() -> object:
        assert ringfence(*order).code == 0
        with queries.connect(tmp_path / "ringfence.duckdb") as con:
            return queries.scalar(con, "select data_fingerprint from meta.build")

    book = open_casebook(f"sqlite:///{(tmp_path / 'casebook.sqlite').absolute()}")
    before = fingerprint()
    book.propose_model(ModelProposal("buyer", ADDITIVE, "abc", "As good."), viewer=Viewer("ann"))
    assert fingerprint() == before
    made = book.model_standing("buyer").proposal
    assert made is not None
    book.answer_model(made, viewer=Viewer("lea", "lead"), is_promoted=True)
    assert fingerprint() != before
