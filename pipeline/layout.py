"""Where the members of a community stand on the screen.

Computed once in the build, so that a page draws at once, two analysts see the same
picture, and a browser never runs a force simulation over hundreds of nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.settings import CommunitySettings

_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
_HEAT = 0.1
_PUSHES = 80


def positions(
    count: int,
    links: NDArray[np.int64],
    weights: NDArray[np.float64],
    settings: CommunitySettings,
) -> NDArray[np.float64]:
    """Coordinates (count, 2) in pixels around the origin, same input, same picture.

    `links` is (edges, 2) with indices below `count`, `weights` (edges,). A typical edge is
    `edge_px` long and no two nodes are nearer than `node_gap_px`.
    """
    if count <= settings.circle_members:
        return circle(count, settings.edge_px)
    if count > settings.layout_members:
        return spiral(count, settings.edge_px / 2.0)
    sprung = _spring(count, links, weights, settings)
    return spread(_scaled(sprung, links, settings), settings.node_gap_px)


def circle(count: int, edge_px: float) -> NDArray[np.float64]:
    """Regular polygon (count, 2) with sides of `edge_px`."""
    if count <= 1:
        return np.zeros((count, 2))
    angle = 2.0 * np.pi * np.arange(count) / count
    return _at(angle, np.full(count, edge_px / (2.0 * np.sin(np.pi / count))))


def spiral(count: int, step_px: float) -> NDArray[np.float64]:
    """Sunflower (count, 2): even density, first node in the middle (Vogel 1979)."""
    turn = np.arange(count)
    return _at(turn * _GOLDEN_ANGLE, step_px * np.sqrt(turn))


def spread(points: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Push nodes apart until every two are at least `gap` from each other.

    What pushing does not solve, enlarging the whole picture does.
    """
    placed = points + 1e-3 * spiral(len(points), 1.0)
    for _ in range(_PUSHES):
        pairs = cKDTree(placed).query_pairs(gap, output_type="ndarray")
        if not len(pairs):
            return placed
        placed = _pushed(placed, pairs, 1.05 * gap)
    nearest = cKDTree(placed).query(placed, k=2)[0][:, 1].min()
    return np.asarray(placed * max(1.0, 1.001 * gap / nearest), dtype=np.float64)


def _pushed(
    points: NDArray[np.float64], pairs: NDArray[np.int64], gap: float
) -> NDArray[np.float64]:
    between = points[pairs[:, 1]] - points[pairs[:, 0]]
    distance = np.linalg.norm(between, axis=1, keepdims=True)
    step = between / distance * (gap - distance) / 2.0
    moved = points.copy()
    np.add.at(moved, pairs[:, 1], step)
    np.add.at(moved, pairs[:, 0], -step)
    return moved


def _spring(
    count: int,
    links: NDArray[np.int64],
    weights: NDArray[np.float64],
    settings: CommunitySettings,
) -> NDArray[np.float64]:
    """Force-directed placement (Fruchterman and Reingold 1991) from a spiral start.

    Written out because a graph library spends most of its time on objects here.
    """
    pull = np.zeros((count, count))
    np.add.at(pull, (links[:, 0], links[:, 1]), weights)
    pull = (pull + pull.T) / max(float(pull.max()), 1e-9)
    ideal = 1.0 / np.sqrt(count)
    placed = spiral(count, ideal)
    for heat in np.linspace(_HEAT, 0.0, settings.layout_iterations, endpoint=False):
        between = placed[:, None, :] - placed[None, :, :]
        squared = np.maximum(np.einsum("ijk,ijk->ij", between, between), 1e-4)
        force = ideal**2 / squared - pull * np.sqrt(squared) / ideal
        move = np.einsum("ij,ijk->ik", force, between)
        length = np.maximum(np.sqrt(np.einsum("ik,ik->i", move, move)), 1e-2)
        placed = placed + move * (heat / length)[:, None]
    return placed


def _scaled(
    points: NDArray[np.float64], links: NDArray[np.int64], settings: CommunitySettings
) -> NDArray[np.float64]:
    """Enlarged until the median edge, and room for the median node, are right."""
    edges = np.linalg.norm(points[links[:, 0]] - points[links[:, 1]], axis=1)
    nearest = cKDTree(points).query(points, k=2)[0][:, 1]
    wanted = (
        settings.edge_px / max(float(np.median(edges)), 1e-6),
        settings.node_gap_px / max(float(np.median(nearest)), 1e-3),
    )
    return points * max(wanted)


def _at(angle: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
