"""Killed in the middle of writing: nothing that was acknowledged is lost, on either database."""

from __future__ import annotations

import pytest

from benchmarks.crashing import crash


@pytest.mark.slow  # starts processes
def test_killed_writers_lose_nothing_they_acknowledged(url: str) -> None:
    """Three processes write at once, one is killed again and again; the chain holds."""
    made = crash(url, writes=90, kills=3)
    assert made.acknowledged >= 90
    assert (made.lost, made.problem) == (0, "")
    assert made.unacknowledged <= made.killed, "at most the one that each was about to say"
