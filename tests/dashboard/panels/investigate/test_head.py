"""The head of an investigation and its place in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from tests.dashboard.harness import words
from tests.dashboard.tiny_entities import AS_OF, DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Open = Callable[..., AppTest]

MERCHANT = {"entity": "merchant:mer_1"}


def test_an_investigation_knows_its_place_in_the_filtered_queue(open_page: Open) -> None:
    """The way back keeps the filters, and next is the next of the same queue."""
    app = open_page("investigate", {**MERCHANT, "entity_type": "merchant"})
    assert "1 of 2 cases, 1 of 2 in its case" in [link.value for link in app.get("page_link")]
    assert app.button(key="investigate.previous").disabled
    assert not app.button(key="investigate.next").disabled


def test_an_earlier_verdict_is_the_first_line_under_the_name(open_page: Open) -> None:
    """Of the build and of the casebook; who was never judged has no such line."""
    lines = [line.value.replace("\\", "") for line in open_page("investigate", MERCHANT).markdown]
    name = lines.index("## Lucky Bazaar")
    assert lines[name + 1] == f":material/history: **Confirmed bad for brushing on {DAYS[20]}**"
    draft = DecisionDraft("merchant", "mer_2", Verdict.FALSE_POSITIVE, "key", data_day=AS_OF)
    open_casebook().decide(draft, viewer=Viewer("ann"))
    cleared = words(open_page("investigate", {"entity": "merchant:mer_2"})).replace("\\", "")
    assert f"**Cleared on {AS_OF}**" in cleared
    assert ":material/history:" not in words(open_page("investigate", {"entity": "buyer:buy_2"}))
