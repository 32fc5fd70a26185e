"""How hard the world is, in figures that its own tests and benchmarks print."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.stats import rankdata

from sample_data.kit.randomness import Bools, Floats

LEAST = 12  # bad entities with a value, below which an area says nothing
KNOWN = 0.2  # of the bad must have a value


def area(values: Floats, is_bad: Bools) -> float:
    """Area under the ROC curve of one column, whichever direction tells more; NaN is left out.

    0.5 when too few of the bad have a value to say anything.
    """
    has_value = ~np.isnan(values)
    bad = int((has_value & is_bad).sum())
    good = int(has_value.sum()) - bad
    if bad < max(LEAST, KNOWN * is_bad.sum()) or good < LEAST:
        return 0.5
    ranks = rankdata(values[has_value])
    auc = (ranks[is_bad[has_value]].sum() - bad * (bad + 1) / 2) / (bad * good)
    return float(max(auc, 1.0 - auc))


def separation(rows: pl.DataFrame, features: Sequence[str], is_bad: Bools) -> pl.DataFrame:
    """How well each feature alone tells bad from good: `feature`, `auc`, largest first.

    A missing value may tell as much as a value, so the larger of both counts.
    """
    areas = []
    for name in features:
        values = rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        missing = np.isnan(values).astype(np.float64)
        areas.append(max(area(values, is_bad), area(missing, is_bad)))
    return pl.DataFrame({"feature": list(features), "auc": areas}).sort("auc", descending=True)


def planted_counts(stories: pl.DataFrame) -> pl.DataFrame:
    """Rings of each typology by variant, and how many entities they hold."""
    counts = stories.group_by("typology", "variant").agg(
        rings=pl.len(), entities=pl.col("entities").sum()
    )
    return counts.sort("typology", "variant")
