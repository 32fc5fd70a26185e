"""The community as a picture: pyvis builds the network, our component draws it."""

from __future__ import annotations

from dashboard.components.community_graph.component import (
    GraphActs,
    GraphEvent,
    GraphLook,
    GraphTotals,
    community_graph,
)
from dashboard.components.community_graph.network import (
    EDGE_COLUMNS,
    NODE_COLUMNS,
    network_of,
)
from dashboard.components.community_graph.placement import place_around
from dashboard.components.community_graph.ring_map import MapActs, ring_map

__all__ = [
    "EDGE_COLUMNS",
    "NODE_COLUMNS",
    "GraphActs",
    "GraphEvent",
    "GraphLook",
    "GraphTotals",
    "MapActs",
    "community_graph",
    "network_of",
    "place_around",
    "ring_map",
]
