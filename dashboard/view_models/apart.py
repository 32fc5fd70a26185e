"""Points pushed apart until none covers another: pictures of nodes, and of rings."""

from __future__ import annotations

import numpy as np

SLACK = 1e-4
"""Part of the distance of two points that may be missing: halves of a step leave rounding, and
whoever waited until that was gone would wait for ever."""


def pushed_apart(
    points: np.ndarray, distance: float | np.ndarray, *, iterations: int
) -> np.ndarray:
    """`points` (n, 2) pushed until no two are closer than `distance` (or patience runs out).

    `distance` is one for all, or (n, n) for every two, the same both ways.
    """
    number = len(points)
    moved = points + _jitter(number)
    one, other = np.triu_indices(number, k=1)
    wanted = np.broadcast_to(distance, (number, number))[one, other]
    enough = (wanted * (1.0 - SLACK)) ** 2
    for _ in range(iterations):
        across, down = (moved[one, axis] - moved[other, axis] for axis in (0, 1))
        near = np.flatnonzero(across**2 + down**2 < enough)
        if not len(near):
            break
        gap = np.column_stack([across[near], down[near]])
        length = np.maximum(np.hypot(gap[:, 0], gap[:, 1]), 1e-9)
        step = gap * ((wanted[near] / length - 1.0) * 0.5)[:, None]
        np.add.at(moved, one[near], step)
        np.subtract.at(moved, other[near], step)
    return np.asarray(moved)


def _jitter(number: int) -> np.ndarray:
    # Two nodes on exactly one point have no direction to part in.
    angle = np.arange(number) * 2.399963
    return np.column_stack([np.cos(angle), np.sin(angle)]) * 1e-3
