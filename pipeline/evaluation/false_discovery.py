"""How many of the things that are named may be chance: one rate for all that is asked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import false_discovery_control

if TYPE_CHECKING:
    from numpy.typing import NDArray


def false_discovery_rates(
    p: NDArray[np.float64], comparisons: int | None = None
) -> NDArray[np.float64]:
    """The q of each p among all of them, in the order given; NaN stays and counts for nothing.

    Benjamini and Hochberg 1995. `comparisons` counts them where some large p are not handed in.
    """
    q = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    if known.any():
        asked = int(known.sum()) if comparisons is None else comparisons
        own = false_discovery_control(p[known])
        q[known] = np.minimum(own * (asked / known.sum()), 1.0)
    return q
