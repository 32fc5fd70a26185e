"""How soon labels arrive: the share that is there so many days after the behaviour began.

A label is seen only once it has arrived, so of young behaviour the quick labels alone are known:
taking all of them together would make every scheme look quick. Each step of the curve is read off
the labels whose behaviour is old enough to show it (Lynden-Bell 1971; for reporting delays
Kalbfleisch and Lawless 1989). What takes longer than the oldest behaviour shows nobody can know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    IntArray: TypeAlias = NDArray[np.int64]

ARRIVAL = {
    "typology": pl.String,
    "age_days": pl.Int64,
    "share": pl.Float64,
    "labels": pl.Int64,
    "old_enough": pl.Int64,
}
"""Columns of `scores.label_arrival`, one row per (typology, age_days). share: of the labels that
arrive by the last age of the curve, 0..1; labels: on which the curve rests; old_enough: of these
on behaviour that began at least so many days ago."""
_DAY_US = 86_400_000_000
_NO_SCHEME = ("exploration", "appeal", "rule", "casebook")
"""A draw by lot comes whenever the lot falls, an appeal repeats, a rule has found nothing, and our
own verdicts are known at once."""


def arrivals(labels: pl.DataFrame, as_of: date, least: int) -> pl.DataFrame:
    """Rows of ARRIVAL from `staging.labels` as known at `as_of`.

    The first bad label of each entity and scheme whose behaviour is said to have begun after the
    first label of all was known: earlier, the quick ones are missing from the delivery.
    """
    known = labels.filter(pl.col("known_at") < as_of)
    if known.is_empty():
        return pl.DataFrame(schema=ARRIVAL)
    first_day = known["known_at"].min()
    told = (pl.col("label") == "bad") & pl.col("event_at").is_not_null()
    of_scheme = known.filter(told & ~pl.col("source").is_in(_NO_SCHEME)).sort("known_at")
    first = of_scheme.unique(["entity_type", "entity_id", "typology"], keep="first")
    whole = first.filter(pl.col("event_at") >= first_day).select(
        "typology",
        delay=(pl.col("known_at") - pl.col("event_at")).dt.total_microseconds() // _DAY_US,
        reach=(pl.lit(as_of).cast(pl.Datetime) - pl.col("event_at")).dt.total_microseconds()
        // _DAY_US,
    )
    parts = [pl.DataFrame(schema=ARRIVAL)]
    for (typology,), rows in sorted(whole.group_by("typology"), key=lambda one: str(one[0])):
        curve = arrival(rows["delay"].to_numpy(), rows["reach"].to_numpy(), least)
        fixed = pl.lit(typology, pl.String).alias("typology")
        parts.append(curve.select(fixed, *(name for name in ARRIVAL if name != "typology")))
    return pl.concat(parts)


def arrival(delay: IntArray, reach: IntArray, least: int) -> pl.DataFrame:
    """ARRIVAL without typology: the curve of (labels,) whole days until known, and since begun.

    The curve ends at the last age that `least` labels could show; none where there is no such age.
    """
    ages = np.arange(int(delay.max(initial=-1)) + 1)
    able = np.array([np.count_nonzero((delay <= age) & (reach >= age)) for age in ages])
    shown = np.flatnonzero(able >= least)
    last = int(shown[-1]) if shown.size else -1
    inside = delay <= last
    at = np.array([np.count_nonzero(delay == age) for age in ages[: last + 1]])
    # What is there before an age, of what is there by it: the product of these from above.
    before = 1.0 - at / np.maximum(able[: last + 1], 1)
    share = np.cumprod(np.append(before[1:], 1.0)[::-1])[::-1] if last >= 0 else np.zeros(0)
    old = [int(np.count_nonzero(inside & (reach >= age))) for age in ages[: last + 1]]
    return pl.DataFrame(
        {
            "age_days": ages[: last + 1],
            "share": share,
            "labels": np.full(last + 1, int(inside.sum())),
            "old_enough": old,
        },
        schema={name: ARRIVAL[name] for name in ("age_days", "share", "labels", "old_enough")},
    )
