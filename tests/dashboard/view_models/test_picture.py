"""What is left out of a picture makes no structure that is not there."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.view_models.picture import drawn_ties, with_joined_on

START, END = pl.datetime(2026, 5, 1), pl.datetime(2026, 5, 20)
CROWD = [f"buyer:buy_{number:04}" for number in range(58)]


def edges_of(
    pairs: list[tuple[str, str]], relation: str = "shares_address", weight: float = 0.25
) -> pl.DataFrame:
    """Ties of one kind and weight between the pairs."""
    schema = {"src": pl.String, "dst": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row").with_columns(
        relation=pl.lit(relation),
        weight=pl.lit(weight),
        evidence_count=pl.lit(1, pl.Int64),
        first_seen_at=START,
        last_seen_at=END,
    )


def degrees(edges: pl.DataFrame) -> Counter[str]:
    """How many lines each end has."""
    lines = {tuple(sorted(pair)) for pair in edges.select("src", "dst").iter_rows()}
    return Counter(end for line in lines for end in line)


def test_a_dormitory_is_drawn_as_the_crowd_of_equals_that_it_is() -> None:
    """All 1,653 ties of 58 people are alike, so no one of them may look like a hub."""
    everything = edges_of(list(combinations(CROWD, 2)))
    drawn = drawn_ties(everything, limit=320)
    assert (drawn.line_count, drawn.total_count, drawn.hidden_count) == (320, 1653, 1333)
    spread = degrees(drawn.edges)
    assert len(spread) == len(CROWD)
    assert max(spread.values()) <= 2 * min(spread.values())
    shuffled = everything.sample(fraction=1.0, shuffle=True, seed=3)
    again = drawn_ties(shuffled, limit=320).edges
    assert degrees(again) == spread


def test_everybody_shows_the_same_share_of_its_ties() -> None:
    """Who has three times as many in truth has so on the picture, and not ten times."""
    inner, outer = CROWD[:30], CROWD[30:]
    third = [(inner[(place + 3 * step) % 30], key) for place, key in enumerate(outer)
             for step in range(10)]  # fmt: skip
    everything = edges_of([*combinations(inner, 2), *third])
    drawn = drawn_ties(everything, limit=250)
    truth, shown = degrees(everything), degrees(drawn.edges)
    shares = [shown[key] / truth[key] for key in truth]
    assert max(shares) <= 2 * min(shares)


def test_the_strongest_tie_of_everybody_is_drawn() -> None:
    """What is strong for one may be weak for another."""
    chain = edges_of(list(pairwise(CROWD)), "shares_device", 0.9)
    crowd = edges_of(list(combinations(CROWD, 2)))
    drawn = drawn_ties(pl.concat([crowd, chain]), limit=150)
    lines = set(
        drawn.edges.filter(pl.col("relation") == "shares_device").select("src", "dst").rows()
    )
    assert lines == set(pairwise(CROWD))
    both = drawn.edges.filter(pl.col("src") == CROWD[0], pl.col("dst") == CROWD[1])
    assert set(both["relation"]) == {"shares_device", "shares_address"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 14), st.integers(0, 14), st.sampled_from([0.1, 0.5, 2.0])),
        max_size=120,
    ),
    st.integers(1, 60),
)
def test_nobody_tied_floats_and_no_group_falls_apart(
    ties: list[tuple[int, int, float]], limit: int
) -> None:
    """Whatever is left out, groups stay groups, and no line is drawn that is none."""
    rows = [(f"n{a}", f"n{b}", weight) for a, b, weight in ties]
    schema = {"src": pl.String, "dst": pl.String, "weight": pl.Float64}
    edges = pl.DataFrame(rows, schema=schema, orient="row")
    drawn = drawn_ties(edges, limit=limit)
    assert groups(drawn.edges) == groups(edges)
    assert drawn.line_count <= max(limit, len(degrees(edges)) - 1)
    assert drawn.line_count >= min(limit, drawn.total_count)


def groups(edges: pl.DataFrame) -> set[frozenset[str]]:
    """What hangs together."""
    found: list[set[str]] = []
    for one, other in edges.filter(pl.col("src") != pl.col("dst")).select("src", "dst").iter_rows():
        touched = [group for group in found if one in group or other in group]
        found = [group for group in found if group not in touched]
        found.append({one, other}.union(*touched))
    return {frozenset(group) for group in found}


def test_the_ties_of_who_is_looked_at_are_never_left_out() -> None:
    """A page about one subject shows all of its own."""
    drawn = drawn_ties(edges_of(list(combinations(CROWD, 2))), limit=120, keep=CROWD[7])
    assert degrees(drawn.edges)[CROWD[7]] == len(CROWD) - 1


def test_a_node_joins_with_its_first_tie_on_the_picture() -> None:
    """Who has no tie has no day, and nobody changes place."""
    later = edges_of([("c", "b")]).with_columns(first_seen_at=pl.datetime(2026, 5, 9))
    edges = pl.concat([later, edges_of([("a", "b")])])
    nodes = pl.DataFrame({"node_key": ["c", "a", "z", "b"]})
    joined = with_joined_on(nodes, edges)
    assert joined.rows() == [
        ("c", "2026-05-09"), ("a", "2026-05-01"), ("z", None), ("b", "2026-05-01"),
    ]  # fmt: skip
