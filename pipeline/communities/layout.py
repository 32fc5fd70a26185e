"""Where the members of a community stand on the screen.

Computed once in the build, so that a page draws at once, two analysts see the same
picture, and a browser never runs a force simulation over hundreds of nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.settings.build import CommunitySettings

_GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
_HEAT = 0.1
_PUSHES = 80
_CELLS = 20_000


@dataclass(frozen=True)
class Group:
    """The members of one community and what ties them."""

    count: int
    links: NDArray[np.int64]
    """(edges, 2) members by index, below `count`."""
    weights: NDArray[np.float64]
    """(edges,) how strong each tie is."""


def pictures(groups: Sequence[Group], settings: CommunitySettings) -> Iterator[NDArray[np.float64]]:
    """Coordinates (count, 2) in pixels around the origin of each, same input, same picture.

    A typical edge is `edge_px` long and no two nodes are nearer than `node_gap_px`.
    """
    sprung = _sprung(groups, settings)
    for number, group in enumerate(groups):
        if number in sprung:
            scaled = _scaled(sprung[number], group.links, settings)
            yield spread(scaled, settings.node_gap_px)
        elif group.count <= settings.circle_members:
            yield circle(group.count, settings.edge_px)
        else:
            yield spiral(group.count, settings.edge_px / 2.0)


@cache
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
    places = points + 1e-3 * spiral(len(points), 1.0)
    for _ in range(_PUSHES):
        pairs = cKDTree(places).query_pairs(gap, output_type="ndarray")
        if not len(pairs):
            return places
        places = _pushed(places, pairs, 1.05 * gap)
    nearest = cKDTree(places).query(places, k=2)[0][:, 1].min()
    return np.asarray(places * max(1.0, 1.001 * gap / nearest), dtype=np.float64)


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


def _sprung(groups: Sequence[Group], settings: CommunitySettings) -> dict[int, NDArray[np.float64]]:
    """Sprung coordinates by place in `groups`, of those that are neither small nor vast.

    Groups of one size go through the springs together: most have a dozen members, where
    asking numpy for a step takes longer than the step.
    """
    same: dict[int, list[int]] = {}
    for number, group in enumerate(groups):
        if settings.circle_members < group.count <= settings.layout_members:
            same.setdefault(group.count, []).append(number)
    sprung: dict[int, NDArray[np.float64]] = {}
    for count, numbers in same.items():
        step = max(1, _CELLS // count**2)
        for start in range(0, len(numbers), step):
            batch = numbers[start : start + step]
            pull = np.stack([_pull(groups[number]) for number in batch])
            sprung |= dict(zip(batch, _spring(pull, settings.layout_iterations), strict=True))
    return sprung


def _pull(group: Group) -> NDArray[np.float64]:
    """How strongly each member (count, count) is drawn to each other, 1 at most."""
    pull = np.zeros((group.count, group.count))
    np.add.at(pull, (group.links[:, 0], group.links[:, 1]), group.weights)
    pull = (pull + pull.T) / max(float(pull.max()), 1e-9)
    return np.asarray(pull, dtype=np.float64)


def _spring(pull: NDArray[np.float64], iterations: int) -> NDArray[np.float64]:
    """Force-directed placement (Fruchterman and Reingold 1991) from a spiral start.

    `pull` is (groups, count, count), the coordinates are (groups, count, 2).
    """
    count = pull.shape[1]
    ideal = 1.0 / np.sqrt(count)
    start = spiral(count, ideal)
    x, y = (np.repeat(start[None, :, axis], len(pull), axis=0) for axis in (0, 1))
    for heat in np.linspace(_HEAT, 0.0, iterations, endpoint=False):
        across, down = (at[:, :, None] - at[:, None, :] for at in (x, y))
        squared = np.maximum(across * across + down * down, 1e-4)
        force = ideal**2 / squared - pull * np.sqrt(squared) / ideal
        right, up = (np.einsum("gij,gij->gi", force, gap) for gap in (across, down))
        step = heat / np.maximum(np.sqrt(right * right + up * up), 1e-2)
        x, y = x + right * step, y + up * step
    return np.stack([x, y], axis=-1)


def _scaled(
    points: NDArray[np.float64], links: NDArray[np.int64], settings: CommunitySettings
) -> NDArray[np.float64]:
    """Enlarged until the median edge, and room for the median node, are right."""
    edges = np.linalg.norm(points[links[:, 0]] - points[links[:, 1]], axis=1)
    nearest = cKDTree(points).query(points, k=2)[0][:, 1]
    factors = (
        settings.edge_px / max(float(np.median(edges)), 1e-6),
        settings.node_gap_px / max(float(np.median(nearest)), 1e-3),
    )
    return points * max(factors)


def _at(angle: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
