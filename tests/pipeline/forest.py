"""Small trained forests on made-up rows: gaps, zeros and ties, as real features have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = tuple(f"feature_{number}" for number in range(12))
FAMILIES = tuple(("orders", "money", "refunds", "content")[n % 4] for n in range(12))


def rows(count: int, seed: int) -> NDArray[np.float64]:
    """(count, 12) numbers, coarse enough to repeat; a sixth unknown, a sixth zero."""
    random = np.random.default_rng(seed)
    made = random.normal(size=(count, len(FEATURES))).round(1)
    made[random.random(made.shape) < 1 / 6] = np.nan
    made[random.random(made.shape) < 1 / 6] = 0.0
    made[:, 5] = np.nan_to_num(made[:, 5])
    return made


def forest(trees: int = 40, leaves: int = 8, depth: int = 5, **more: object) -> lightgbm.Booster:
    """A booster that has learnt an outcome with interactions and informative gaps."""
    matrix = rows(1500, seed=1)
    known = np.nan_to_num(matrix)
    strength = known[:, 0] + np.isnan(matrix[:, 1]) + known[:, 2] * known[:, 3] + known[:, 5]
    bad = strength + np.random.default_rng(2).normal(size=strength.size) > 1.0
    chosen = {"objective": "binary", "num_leaves": leaves, "max_depth": depth, "verbosity": -1}
    fixed = {"deterministic": True, "num_threads": 1, "seed": 3, "min_data_in_leaf": 5}
    names = list(FEATURES)
    taught = lightgbm.Dataset(matrix, bad.astype(float), feature_name=names, params=more)
    return lightgbm.train({**chosen, **fixed, **more}, taught, trees)
