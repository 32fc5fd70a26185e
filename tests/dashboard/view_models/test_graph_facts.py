"""What stands beside a picture, in sentences."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from dashboard.view_models.graph_facts import NodeFacts, TieView, row_table

DAYS = [datetime(2026, 5, day) for day in (1, 9)]  # noqa: DTZ001 - UTC without a zone, as stored
EDGES = pl.DataFrame(
    [
        ("buyer:1", "merchant:1", "bought_from", 0.5, 2, DAYS[0], DAYS[1]),
        ("buyer:1", "merchant:1", "same_courier", 0.9, 1, DAYS[1], DAYS[1]),
        ("buyer:2", "merchant:1", "bought_from", 0.5, 2, None, None),
    ],
    schema=["src", "dst", "relation", "weight", "evidence_count", "first_seen_at", "last_seen_at"],
    orient="row",
)


def test_a_node_says_part_money_ties_and_days() -> None:
    """What is unknown is left out."""
    node = {"node_key": "merchant:1", "role": "shop", "ring_title": "Brushing", "money_usd": 1234.0}
    assert NodeFacts.of(node, EDGES).lines == (
        "Shop in a ring: Brushing",
        "$1.23K in paid orders",
        "Tied to 2 entities here",
        "First tie 01 May 2026, last 09 May 2026",
    )
    assert NodeFacts.of({"node_key": "buyer:2"}, EDGES).lines == ("Tied to 1 entity here",)


def test_a_line_says_each_relation_strongest_first() -> None:
    """One we have no words for is shown as it is; the ends come in either order."""
    lines = TieView.of(EDGES, ("merchant:1", "buyer:1")).lines
    assert lines == (
        "Same courier · 1 row · strength 0.90 · 09 May 2026",
        "Bought from · 2 rows · strength 0.50 · 01 May 2026 to 09 May 2026",
    )


def test_rows_behind_a_line_are_plain_text() -> None:
    """What is shared may be typed by people."""
    rows = pl.DataFrame(
        {
            "relation": ["review_text"],
            "thing_id": ["a\nb"],
            "sharer_count": [None],
            "paid_usd": [None],
            "first_seen_at": [DAYS[0]],
        },
        schema_overrides={"sharer_count": pl.Int64, "paid_usd": pl.Float64},
    )
    assert row_table(rows).row(0) == ("Review in the same words", "a b", "2026-05-01", None, None)
