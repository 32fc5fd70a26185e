"""Named random streams: a step's draws depend on the seed and its own name only.

Adding a typology therefore never shifts the draws of another step.
"""

from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Rng: TypeAlias = np.random.Generator


def stream(seed: int, name: str) -> Rng:
    """The generator of the step called `name`."""
    key = (crc32(name.encode()), len(name))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def chance(rng: Rng, share: float | Floats, count: int) -> Bools:
    """`count` independent yes/no draws, each yes with probability `share`."""
    return rng.random(count) < share


def log_normal(rng: Rng, median: float | Floats, sigma: float, count: int) -> Floats:
    """`count` log-normal draws, parametrised by their median."""
    draws: Floats = median * np.exp(rng.normal(0.0, sigma, count))
    return draws


def log_uniform(rng: Rng, span: tuple[float, float], count: int) -> Floats:
    """`count` draws between two positive bounds, even on the log scale."""
    return np.exp(rng.uniform(np.log(span[0]), np.log(span[1]), count))


def whole(values: Floats | Ints) -> Ints:
    """Numbers cut to whole ones (toward zero)."""
    return values.astype(np.int64)


def pick_weighted(rng: Rng, weight: Floats, count: int) -> Ints:
    """`count` indices drawn in proportion to `weight`, with replacement."""
    total = np.cumsum(weight)
    picks: Ints = np.searchsorted(total, rng.random(count) * total[-1], side="right")
    return picks.astype(np.int64)
