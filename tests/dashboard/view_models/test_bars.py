"""A path adds up, and only what is certainly stronger is ranked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view_models.bars import Ends, Rank, Step, path, ranked

ENDS = Ends("Base", "Here", 0.25)


def step(key: str, own: float, low: float, high: float) -> Step:
    """One bar with its whiskers."""
    return Step(key, key, own, "", low, high)


@given(st.lists(st.floats(-5, 5, allow_nan=False), max_size=12))
def test_a_path_ends_where_its_steps_lead(sizes: list[float]) -> None:
    """Base + steps = end, and every bar starts at the end of the one below."""
    bars = path([Step(str(i), str(i), size) for i, size in enumerate(sizes)], ENDS)
    assert bars["end"][-1] == pytest.approx(0.25 + sum(sizes))
    inner = bars.slice(1, len(sizes))
    assert inner["start"].to_list() == [0.25, *inner["end"].to_list()][: len(sizes)]


def test_bars_whose_ranges_overlap_are_tied() -> None:
    """Two of three overlap: they share a tie and have no place; the third keeps its own."""
    ranks = ranked([step("a", 2.0, 1.8, 2.2), step("b", -1.0, -1.3, -0.8), step("c", 0.9, 0.7, 1)])
    assert ranks == {"a": Rank(1, 1), "b": Rank(None, 2), "c": Rank(None, 2)}


def test_overlap_is_of_strength_not_of_direction() -> None:
    """A push down as strong as a push up is tied with it, though they never touch."""
    assert ranked([step("up", 1.0, 0.9, 1.1), step("down", -1.0, -1.2, -0.9)])["up"].place is None


def test_what_changes_sign_between_models_may_be_nothing() -> None:
    """Its range reaches down to zero, so it is tied with the weakest."""
    ranks = ranked([step("odd", 0.5, -0.2, 0.6), step("weak", 0.1, 0.05, 0.15)])
    assert ranks["odd"].tie == ranks["weak"].tie


def test_ties_chain() -> None:
    """A overlaps b and b overlaps c: none of the three is ranked."""
    ranks = ranked([step("a", 3, 2, 4), step("b", 1.8, 1, 2.5), step("c", 0.9, 0.5, 1.1)])
    assert {rank.place for rank in ranks.values()} == {None}


def test_without_other_models_nothing_is_ranked() -> None:
    """Nobody asked, so nobody may claim an order."""
    assert ranked([Step("a", "a", 1.0), Step("b", "b", 0.1)]) == {}


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20)
)
def test_a_place_is_certain(spans: list[tuple[float, float, float]]) -> None:
    """Whoever has place k is in no model's view weaker than anybody below."""
    steps = [step(str(i), own, own - a, own + b) for i, (own, a, b) in enumerate(spans)]
    reach = {s.key: _reach(s) for s in steps}
    ranks = ranked(steps)
    for key, rank in ranks.items():
        if rank.place is not None:
            stronger = [other for other in reach if reach[other][0] > reach[key][1]]
            weaker = [other for other in reach if reach[other][1] < reach[key][0]]
            assert len(stronger) == rank.place - 1
            assert len(stronger) + len(weaker) == len(steps) - 1


def _reach(one: Step) -> tuple[float, float]:
    low, high = one.low or 0.0, one.high or 0.0
    sizes = sorted((abs(low), abs(high)))
    return (0.0 if low < 0 < high else sizes[0], sizes[1])
