"""Points pushed apart until none covers another: pictures of nodes, and of rings."""

from __future__ import annotations

import numpy as np


def pushed_apart(
    points: np.ndarray, distance: float | np.ndarray, *, iterations: int
) -> np.ndarray:
    """`points` (n, 2) pushed until no two are closer than `distance` (or patience runs out).

    `distance` is one for all, or (n, n) for every two.
    """
    moved = points + _jitter(len(points))
    for _ in range(iterations):
        gap = moved[:, None, :] - moved[None, :, :]
        length = np.hypot(gap[..., 0], gap[..., 1]) + np.eye(len(moved)) * 1e9
        overlap = np.clip(distance - length, 0, None)
        if not overlap.any():
            break
        moved = moved + (gap / length[..., None] * overlap[..., None] * 0.5).sum(axis=1)
    return np.asarray(moved)


def _jitter(number: int) -> np.ndarray:
    # Two nodes on exactly one point have no direction to part in.
    angle = np.arange(number) * 2.399963
    return np.column_stack([np.cos(angle), np.sin(angle)]) * 1e-3
