"""What is drawn around an entity, and what was left out."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.neighbourhood import NeighbourhoodView
from dashboard.view_models.picture import DrawnTies


def test_what_was_left_out_of_the_graph_is_counted() -> None:
    """The headline names what a cap hides."""
    nodes = pl.DataFrame(
        [{"node_key": "buyer:b", "entity_type": "buyer", "entity_id": "b", "name": "",
          "market": "MY", "score": None, "score_band": None, "weight": 1.0, "x": None, "y": None}]
    )  # fmt: skip
    view = NeighbourhoodView.of(nodes, DrawnTies(pl.DataFrame(), 320, 1653), total=400)
    assert len(view.nodes) == 1
    assert "399 weaker ones left out" in view.headline
    assert "320 of 1,653 ties drawn" in view.headline
    assert view.table()["name"].to_list() == ["(no name)"]
