"""How many of the things that are named may be chance: one rate for all that is asked at once.

Of numpy alone, so that a page may ask it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def false_discovery_rates(
    p: NDArray[np.float64], comparisons: int | None = None
) -> NDArray[np.float64]:
    """The q of each p among all of them, in the order given; NaN stays and counts for nothing.

    Benjamini and Hochberg 1995. `comparisons` counts them where some large p are not handed in.
    """
    q = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    if known.size:
        asked = known.size if comparisons is None else comparisons
        falling = known[np.argsort(-p[known], kind="stable")]
        ranks = np.arange(known.size, 0, -1)
        q[falling] = np.minimum(np.minimum.accumulate(p[falling] * asked / ranks), 1.0)
    return q
