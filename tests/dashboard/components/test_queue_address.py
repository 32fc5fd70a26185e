"""What of the queue travels along in the address, and what its queries are asked with."""

from __future__ import annotations

import pytest

from dashboard.components.queue_address import OF_THE_DAY, PROVEN, query_params, status_of
from dashboard.state import QueueFilters


@pytest.mark.parametrize(
    ("status", "listed"),
    [("", "open"), ("decided", "decided"), ("all", "all"), ("'; drop table x", "open")],
)
def test_an_unknown_status_lists_the_open_cases(status: str, listed: str) -> None:
    """Whatever the link says, the queue lists one of three."""
    assert status_of({"status": status}) == listed


def test_whoever_has_no_band_is_not_found_by_one() -> None:
    """The unproven are in the queue of the day, not among those of a band or a typology."""
    assert query_params(QueueFilters(), "open", [])["lanes"] == list(OF_THE_DAY)
    for filters in (QueueFilters(band="HIGH"), QueueFilters(typology="T1_BRUSHING")):
        assert query_params(filters, "open", [])["lanes"] == list(PROVEN)
    assert query_params(QueueFilters(lane="unproven"), "open", [])["lanes"] == ["unproven"]


def test_a_scope_narrows_the_markets_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A market outside it finds nothing; no market chosen reads the scope's own."""
    monkeypatch.setenv("RINGFENCE_MARKETS", "SG,MY")
    assert query_params(QueueFilters(), "open", [])["markets"] == ["MY", "SG"]
    assert query_params(QueueFilters(market="SG"), "open", [])["markets"] == ["SG"]
    assert query_params(QueueFilters(market="US"), "open", [])["markets"] == ["-"]
