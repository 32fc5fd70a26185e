"""Where somebody stands: within its case its members, then the next case."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.queue_place import Place

CASES = pl.DataFrame(
    {"case_id": ["rng_1", "c:1", "d:1"], "member_keys": [["a:1", "b:1"], ["c:1"], ["d:1"]]}
)


def test_next_is_the_next_member_then_the_next_case() -> None:
    """Nobody of a ring is jumped over."""
    first, second, third = (Place.of(CASES, key) for key in ("a:1", "b:1", "c:1"))
    assert first
    assert second
    assert third
    assert (first.previous, first.next) == (None, ("b:1", "rng_1"))
    assert (second.previous, second.next) == (("a:1", "rng_1"), ("c:1", "c:1"))
    assert second.label == "1 of 3 cases, 2 of 2 in its case"
    assert (third.previous, third.label) == (("b:1", "rng_1"), "2 of 3 cases")


def test_the_ends_and_whoever_is_not_there() -> None:
    """The last has no next; somebody else has no place."""
    last = Place.of(CASES, "d:1")
    assert last
    assert last.next is None
    assert Place.of(CASES, "e:1") is None
