"""What the queue can be narrowed by, in words and with counts."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.queue_filters import chosen, counts_of, facets, named_only, views_of

ROWS = [
    *(("kind", "any", 5), ("kind", "ring", 2), ("kind", "merchant", 4)),
    *(("band", "HIGH", 1), ("band", "CRIT", 3), ("days", "30", 1), ("days", "7", 4)),
    *(("market", "SG", 1), ("market", "MY", 4), ("usd", "1000", 2)),
    ("assignee", "*Ann*", 1),
]
COUNTS = counts_of(pl.DataFrame(ROWS, schema=["dimension", "choice", "case_count"], orient="row"))


def test_views_have_their_own_counts() -> None:
    """A view that lists nothing is not offered, unless it is the one that is open."""
    assert views_of(COUNTS, "") == {"": "All 5", "ring": "Rings 2", "merchant": "Merchants 4"}
    assert views_of(COUNTS, "creator")["creator"] == "Creators 0"


def test_choices_are_in_words_with_their_counts() -> None:
    """Steps and bands in their own order, all else by how many it lists; nothing without any."""
    shown = {facet.label: list(facet.choices.values()) for facet in facets(COUNTS, {})}
    assert shown == {
        "Market": ["MY 4", "SG 1"],
        "Band": ["Critical 3", "High 1"],
        "Money and harm": ["from $1K 2"],
        "Waiting": ["7 days or more 4", "30 days or more 1"],
        "Assignee": ["*Ann* 1"],
    }


def test_what_is_chosen_is_said_and_stays_among_the_choices() -> None:
    """Also when it lists nothing any more."""
    every = facets(COUNTS, {"market": "US", "days": "7"})
    assert chosen(every) == {"market": "Market: US", "days": "Waiting: 7 days or more"}
    market = next(facet for facet in every if facet.name == "market")
    assert market.choices["US"] == "US 0"


def test_a_list_that_is_not_counted_shows_no_counts() -> None:
    """The watched cases are narrowed by market alone."""
    (market,) = named_only(COUNTS, "market", "SG")
    assert market.choices == {"MY": "MY", "SG": "SG"}
