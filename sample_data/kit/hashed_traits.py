"""Lasting habits of an actor, worked out from its position instead of being stored.

A block of orders may look at any buyer or shop without an array over all of them,
and meets the same habit in every block.
"""

from typing import Final

import numpy as np

from sample_data.kit.randomness import Floats, Ints

_GOLDEN: Final = 0x9E3779B97F4A7C15  # splitmix64
_MIX: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_WORD: Final = 2**64


def scramble(position: Ints, salt: int) -> Ints:
    """A whole number below 2**53 for each position, unrelated for different salts."""
    start = np.array([(salt * _GOLDEN + 1) % _WORD], dtype=np.uint64)
    bits = position.astype(np.uint64) * np.array([_GOLDEN], dtype=np.uint64) + start
    for shift, factor in zip((30, 27), _MIX, strict=True):
        bits ^= bits >> np.uint64(shift)
        bits *= np.array([factor], dtype=np.uint64)
    bits ^= bits >> np.uint64(31)
    return (bits >> np.uint64(11)).astype(np.int64)


def trait(position: Ints, salt: int) -> Floats:
    """A number in [0, 1) for each position, evenly spread over the actors."""
    fraction: Floats = scramble(position, salt) / 2.0**53
    return fraction
