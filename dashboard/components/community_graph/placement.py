"""Where nodes stand: stored layout to pixels, and newcomers around their anchor.

The layout is computed by the pipeline, so a picture is the same for everybody.
Expanding a node must not move what an analyst has already read: newcomers look
for free room on rings around the anchor, and nothing else moves.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dashboard.view_models.apart import pushed_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Point = tuple[float, float]
# Centre to centre: room for the largest node, its label and its badge.
SPACING = 78.0
# A newcomer closer than this to anything would be hidden by it.
CLEARANCE = 46.0
# Of the spacing, the least between two of a packed group: the largest node and some air.
CLEAR_SHARE = 0.82
# Width to height of a graph panel; a layout has no aspect of its own to keep.
ASPECT = 1.9
_FIRST_RING = 1.35
_RINGS = 40
_FEWEST_STRETCHED = 3  # two points have a direction, not a shape
_ITERATIONS = 60


def to_pixels(nodes: pl.DataFrame, *, spacing: float = SPACING) -> pl.DataFrame:
    """`nodes` with x and y in pixels: centred, `spacing` apart on average, no two on top.

    Nodes without a stored position are laid on a sunflower spiral.
    """
    if nodes.is_empty():
        return nodes
    points = _filled(nodes.select("x", "y").cast(pl.Float64).to_numpy())
    points = _stretched(points - points.mean(axis=0))
    scaled = points * _scale(points, spacing)
    placed = pushed_apart(scaled, spacing * CLEAR_SHARE, iterations=_ITERATIONS)
    return nodes.with_columns(
        pl.Series("x", placed[:, 0].round(1)), pl.Series("y", placed[:, 1].round(1))
    )


def place_around(
    anchor: Point, existing: Mapping[str, Point], new_ids: Sequence[str]
) -> dict[str, Point]:
    """A free place near `anchor` for each of `new_ids`, in order; pixels.

    Deterministic. Starts on the side away from the existing nodes and widens
    ring by ring; at least CLEARANCE from every node, old and new.
    """
    taken = [point for point in existing.values() if point != anchor] + [anchor]
    start = _away_from(anchor, list(existing.values()))
    placed: dict[str, Point] = {}
    for new_id in new_ids:
        if new_id not in existing and new_id not in placed:
            placed[new_id] = _free_place(anchor, taken, start)
            taken.append(placed[new_id])
    return placed


def _free_place(anchor: Point, taken: Sequence[Point], start: float) -> Point:
    others = np.asarray(taken)
    for ring in range(_RINGS):
        radius = SPACING * (_FIRST_RING + 0.75 * ring)
        for candidate in _ring(anchor, radius, start):
            if float(np.hypot(*(others - candidate).T).min()) >= CLEARANCE:
                return candidate
    return _ring(anchor, SPACING * (_FIRST_RING + _RINGS), start)[len(taken) % 12]


def _ring(anchor: Point, radius: float, start: float) -> list[Point]:
    """Places on one ring, nearest to the angle `start` first, alternating sides."""
    seats = max(6, int(2 * math.pi * radius / (CLEARANCE * 1.25)))
    steps = [(seat + 1) // 2 * (1 if seat % 2 else -1) for seat in range(seats)]
    angles = [start + 2 * math.pi * step / seats for step in steps]
    return [
        (
            round(anchor[0] + radius * math.cos(angle), 1),
            round(anchor[1] + radius * math.sin(angle), 1),
        )
        for angle in angles
    ]


def _away_from(anchor: Point, points: Sequence[Point]) -> float:
    if not points:
        return -math.pi / 2
    centre = np.mean(np.asarray(points), axis=0)
    dx, dy = anchor[0] - float(centre[0]), anchor[1] - float(centre[1])
    return math.atan2(dy, dx) if math.hypot(dx, dy) > 1.0 else -math.pi / 2


def _filled(points: np.ndarray) -> np.ndarray:
    missing = ~np.isfinite(points).all(axis=1)
    stored = points[~missing]
    reach = float(np.abs(stored).max()) if len(stored) else 1.0
    order = np.arange(len(points))
    angle, radius = order * math.pi * (3 - math.sqrt(5)), reach * np.sqrt(order / len(points))
    spiral = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return np.where(missing[:, None], spiral, points)


def _stretched(points: np.ndarray) -> np.ndarray:
    """`points` with the wider-than-high shape of the panel; long thin ones stay as they are."""
    width, height = np.maximum(np.ptp(points, axis=0), 1e-9)
    stretch = (
        math.sqrt(max(ASPECT * height / width, 1.0)) if len(points) >= _FEWEST_STRETCHED else 1.0
    )
    return np.asarray(points * np.array([stretch, 1 / stretch]))


def _scale(points: np.ndarray, spacing: float) -> float:
    """Pixels per stored unit, so that the typical nearest neighbour is `spacing` away."""
    width, height = np.maximum(np.ptp(points, axis=0), 1e-9)
    area = max(float(width * height), float(max(width, height) ** 2) / 4)
    return spacing / math.sqrt(area / len(points)) if len(points) > 1 else 1.0
