"""Which days of a judged entity its verdict speaks of: those on which somebody could have looked.

From the start of the behaviour, as told or else as long before the verdict as such schemes take
to come to light, up to the day of the verdict. What follows shows what enforcement made of the
entity and teaches nothing, unless a new verdict says that it began anew. The verdict's day is
that of `decided_at`, which is never after `known_at`: enforcement starts when somebody decides,
however long the label store takes. Why, and what else was measured:
docs/decisions/0030-before-the-verdict.md.
"""

from __future__ import annotations

import polars as pl

_KEY = ("entity_type", "entity_id")
_DAY_US = 86_400_000_000


def days(number: pl.Expr) -> pl.Expr:
    """A duration of so many days, parts of days included."""
    return (number * _DAY_US).cast(pl.Int64).cast(pl.Duration("us"))


def behaviour_start(delay: pl.Expr) -> pl.Expr:
    """When the behaviour judged bad had begun: as told, else `delay` days before it was known."""
    return pl.coalesce(pl.col("event_at"), pl.col("known_at") - days(delay))


def with_windows(labels: pl.DataFrame, delay: pl.Expr, least_days: int) -> pl.DataFrame:
    """Labels with `evidence_from` (exclusive, null = any past) and `evidence_until` (inclusive).

    `labels` are all that are known, ordered by when; `delay` is the usual one of each, in days.
    A bad verdict, what upholds it and what overturns it are about the same days, those before
    the first of them: later ones lie under enforcement. A bad verdict on behaviour that is told
    to have begun after the last one is a new matter, an appeal never, and no matter reaches back
    under the enforcement of the one before. A window of a bad verdict is never shorter than
    `least_days`, so that one weekly snapshot lies inside.
    """
    is_bad = pl.col("label") == "bad"
    last_bad = is_bad.shift(1).over(_KEY).fill_null(value=False)
    is_new = (pl.col("event_at") > pl.col("decided_at").shift(1).over(_KEY)).fill_null(value=False)
    opens = ~last_bad | (is_bad & is_new & (pl.col("source") != "appeal"))
    numbered = labels.with_columns(_matter=opens.cast(pl.Int64).cum_sum().over(_KEY))
    matter = (*_KEY, "_matter")
    numbered = numbered.with_columns(
        evidence_until=pl.col("decided_at").min().over(matter),
        _enforced=is_bad.any().over(matter),
        _decided=pl.col("decided_at").max().over(matter),
    )
    lifted = _lifted(numbered)
    start = pl.when(is_bad).then(
        pl.min_horizontal(
            behaviour_start(delay), pl.col("evidence_until") - pl.duration(days=least_days)
        )
    )
    return (
        numbered.join(lifted, on=matter, how="left", maintain_order="left")
        .with_columns(evidence_from=pl.max_horizontal(start, "_lifted"))
        .drop("_matter", "_enforced", "_decided", "_lifted")
    )


def _lifted(numbered: pl.DataFrame) -> pl.DataFrame:
    """Per matter when the enforcement of the matter before it ended; null where there was none."""
    matters = numbered.select(*_KEY, "_matter", "_enforced", "_decided").unique(maintain_order=True)
    ended = pl.when("_enforced").then("_decided").shift(1).over(_KEY)
    return matters.select(*_KEY, "_matter", _lifted=ended)
