"""What of the queue travels along in the address, and what its queries are asked with."""

from __future__ import annotations

import pytest

from dashboard.cases.standing import Place, Standing
from dashboard.cases.states import CaseState
from dashboard.components.queue_address import OF_THE_DAY, PROVEN, query_params, status_of
from dashboard.state import QueueFilters


@pytest.mark.parametrize(
    ("status", "listed"),
    [
        ("", "open"),
        *((name, name) for name in ("proposed", "monitoring", "decided", "all")),
        ("'; drop table x", "open"),
    ],
)
def test_an_unknown_status_lists_the_open_cases(status: str, listed: str) -> None:
    """Whatever the link says, the queue shows one of its lists."""
    assert status_of({"status": status}) == listed


def test_whoever_has_no_band_is_not_found_by_one() -> None:
    """The unproven are in the queue of the day, not among those of a band or a typology."""
    assert query_params(QueueFilters(), "open", {})["lanes"] == list(OF_THE_DAY)
    for filters in (QueueFilters(band="HIGH"), QueueFilters(typology="T1_BRUSHING")):
        assert query_params(filters, "open", {})["lanes"] == list(PROVEN)
    assert query_params(QueueFilters(lane="unproven"), "open", {})["lanes"] == ["unproven"]


def test_a_scope_narrows_the_markets_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A market outside it finds nothing; no market chosen reads the scope's own."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG,MY")
    assert query_params(QueueFilters(), "open", {})["markets"] == ["MY", "SG"]
    assert query_params(QueueFilters(market="SG"), "open", {})["markets"] == ["SG"]
    assert query_params(QueueFilters(market="US"), "open", {})["markets"] == ["-"]


def test_each_list_asks_for_its_own_cases() -> None:
    """Open is everybody but those who stand elsewhere; each other list names its own."""
    places = {
        "a:1": Standing(Place.PROPOSED, CaseState.PROPOSED),
        "a:2": Standing(Place.MONITORING, CaseState.MONITORING),
        "a:3": Standing(Place.DECIDED, CaseState.CLOSED),
        "a:4": Standing(Place.OPEN, CaseState.REOPENED),
    }

    def asked(status: str) -> tuple[list[str], str]:
        params = query_params(QueueFilters(), status, places)
        return params["decided"], params["status"]

    assert asked("open") == (["a:1", "a:2", "a:3"], "open")
    assert asked("proposed") == (["a:1"], "decided")
    assert asked("monitoring") == (["a:2"], "decided")
    assert asked("decided") == (["a:3"], "decided")
    assert asked("all") == ([], "all")
