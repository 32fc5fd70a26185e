"""Small trained forests on made-up rows: gaps, zeros and ties, as real features have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = tuple(f"feature_{number}" for number in range(12))
SHAPES: list[dict[str, Any]] = [
    {"leaves": 4, "depth": 3},
    {"leaves": 16, "depth": 6},
    {"leaves": 31, "depth": -1},
    {"leaves": 60, "depth": 8},
    {"leaves": 16, "depth": 6, "zero_as_missing": True},
    {"leaves": 16, "depth": 6, "use_missing": False},
]
"""Trees of every kind that we may meet, as arguments of `forest`."""
FAMILIES = tuple(("orders", "money", "refunds", "content")[n % 4] for n in range(12))


def rows(count: int, seed: int) -> NDArray[np.float64]:
    """(count, 12) numbers, coarse enough to repeat; a sixth unknown, a sixth zero."""
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(count, len(FEATURES))).round(1)
    matrix[random.random(matrix.shape) < 1 / 6] = np.nan
    matrix[random.random(matrix.shape) < 1 / 6] = 0.0
    matrix[:, 5] = np.nan_to_num(matrix[:, 5])
    return matrix


def forest(trees: int = 40, leaves: int = 8, depth: int = 5, **more: object) -> lightgbm.Booster:
    """A booster that has learnt an outcome with interactions and informative gaps."""
    matrix = rows(1500, seed=1)
    numbers = np.nan_to_num(matrix)
    strength = (
        numbers[:, 0] + np.isnan(matrix[:, 1]) + numbers[:, 2] * numbers[:, 3] + numbers[:, 5]
    )
    bad = strength + np.random.default_rng(2).normal(size=strength.size) > 1.0
    shape = {"objective": "binary", "num_leaves": leaves, "max_depth": depth, "verbosity": -1}
    fixed = {"deterministic": True, "num_threads": 1, "seed": 3, "min_data_in_leaf": 5}
    names = list(FEATURES)
    taught = lightgbm.Dataset(matrix, bad.astype(float), feature_name=names, params=more)
    return lightgbm.train({**shape, **fixed, **more}, taught, trees)
