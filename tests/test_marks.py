"""Which tests `make quick` leaves out."""

from __future__ import annotations

import pytest


def is_slow(request: pytest.FixtureRequest) -> bool:
    """Whether the test that asks is marked."""
    return request.node.get_closest_marker("slow") is not None


@pytest.mark.usefixtures("tiny_world")
def test_who_needs_a_marketplace_is_slow(request: pytest.FixtureRequest) -> None:
    """What it needs takes longer to make than a hundred tests to run."""
    assert is_slow(request)


@pytest.mark.usefixtures("tmp_path")
def test_who_needs_nothing_is_quick(request: pytest.FixtureRequest) -> None:
    """A fixture of pytest's own, made for each test anew, slows nobody down."""
    assert not is_slow(request)
