"""What is drawn around an entity, in words."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from dashboard.view_models.neighbourhood import NeighbourhoodView


def test_nodes_and_their_ties_are_found_by_key() -> None:
    """A nameless node says so, and a tie belongs to both of its ends."""
    day = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored
    nodes = pl.DataFrame(
        [{"node_key": "buyer:b", "entity_type": "buyer", "entity_id": "b", "name": "",
          "market": "MY", "score": None, "score_band": None, "weight": 1.0}]
    )  # fmt: skip
    edges = pl.DataFrame(
        [("buyer:a", "buyer:b", "shares_device", 3, day, day)],
        schema=["src", "dst", "relation", "evidence_count", "first_seen_at", "last_seen_at"],
        orient="row",
    )
    view = NeighbourhoodView.of(nodes, edges)
    node = view.node("buyer:b")
    assert node is not None
    assert node.name == "(no name)"
    assert view.node("buyer:z") is None
    assert view.ties_of("buyer:a") == view.ties_of("buyer:b") == view.ties
    assert view.ties[0].text == "same device, 3 times, 01 May 2026"
    seen = pl.lit(None, pl.Datetime)
    undated = edges.with_columns(first_seen_at=seen, last_seen_at=seen)
    assert NeighbourhoodView.of(nodes, undated).ties[0].text == "same device, 3 times"
