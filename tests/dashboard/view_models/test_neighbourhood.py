"""What is drawn around an entity, and what was left out."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.neighbourhood import NeighbourhoodView


def test_what_was_left_out_of_the_graph_is_counted() -> None:
    """The headline names what a cap hides."""
    nodes = pl.DataFrame(
        [{"node_key": "buyer:b", "entity_type": "buyer", "entity_id": "b", "name": "",
          "market": "MY", "score": None, "score_band": None, "weight": 1.0, "x": None, "y": None}]
    )  # fmt: skip
    view = NeighbourhoodView.of(nodes, pl.DataFrame(), total=400)
    assert len(view.nodes) == 1
    assert "399 weaker ones left out" in view.headline
    assert view.table()["name"].to_list() == ["(no name)"]
