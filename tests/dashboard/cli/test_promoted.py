"""A build asks the casebook beside it which models two people agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import ModelProposal
from dashboard.cli.building import build_and_report
from queries.vocabulary import ADDITIVE

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.build import Order


class Ordered(Exception):
    """What a build was asked for."""


def test_a_promotion_is_in_the_next_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proposal alone changes nothing."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK_URL", raising=False)

    def build(order: Order, _progress: object) -> None:
        raise Ordered(order.settings.challenger.promoted)

    monkeypatch.setattr("pipeline.build.build", build)

    def promoted() -> object:
        with pytest.raises(Ordered) as asked:
            build_and_report(tmp_path, tmp_path)
        return asked.value.args[0]

    book = open_casebook(f"sqlite:///{(tmp_path / 'casebook.sqlite').absolute()}")
    book.propose_model(ModelProposal("buyer", ADDITIVE, "abc", "As good."), viewer=Viewer("ann"))
    assert promoted() == ()
    made = book.model_standing("buyer").proposal
    assert made is not None
    book.answer_model(made, viewer=Viewer("lea", "approver"), is_promoted=True)
    assert promoted() == ("buyer",)
