"""What a day of reviews saves, by the order in which the queue is worked.

The same analysts, the same minutes, four orders: by priority, by probability, by exposure and
first in, first out. What a review saves is told by the ground truth, not by our own
estimate: the share of the planted loss that fell into the last thirty days and what rings
did beyond it (`benchmarks.harm`), each ring's money and harm once, less what wrongly stopped
honest subjects lose.

    python -m benchmarks.savings RAW DATABASE [MINUTES]
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.harm import planted_harm
from benchmarks.measuring import SAMPLE_ORDERS, show
from benchmarks.sample import built, world

if TYPE_CHECKING:
    from collections.abc import Mapping

RECENT_DAYS = 30
"""Older loss is gone, whatever is decided today."""
MINUTES = 720.0
"""Two analysts of six productive hours (docs/domain.md §4.4)."""
ORDERS: Mapping[str, tuple[str, bool]] = {
    "priority": ("queue_place", False),
    "probability": ("probability", True),
    "exposure": ("exposure_usd", True),
    "first in, first out": ("opened_on", False),
}
"""Column that the queue is sorted by, and whether the largest comes first."""
_KEY = ["entity_type", "entity_id"]


def at_stake(raw: Path, as_of: date) -> pl.DataFrame:
    """Recent loss and harm per planted entity and ring, from the truth beside raw tables.

    Columns entity_type, entity_id, ring_id, loss_usd, harm_usd, ring_usd and ring_harm_usd. A
    loss is spread evenly over its story. `ring_usd` is what the ring lost in the same days,
    each order once: no set of its members can save more.
    """
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    stories = pl.read_parquet(raw / "truth" / "stories.parquet")
    until = datetime.combine(as_of, time.min)
    since = until - timedelta(days=RECENT_DAYS)
    length = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds().clip(1)
    inside = pl.min_horizontal("ended_at", pl.lit(until)) - pl.max_horizontal(
        "started_at", pl.lit(since)
    )
    recent = (inside.dt.total_seconds().clip(0) / length).clip(0.0, 1.0)
    whole = pl.sum_horizontal(pl.col("^loss_.*_usd$"))
    rings = stories.filter(~pl.col("is_hard_negative")).select("ring_id", ring_usd=whole * recent)
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    own = guilty.select(*_KEY, "ring_id", loss_usd=pl.col("loss_usd") * recent)
    harm = planted_harm(raw, truth, stories, since, until)
    both = own.join(harm, on=[*_KEY, "ring_id"], how="full", coalesce=True)
    return both.join(rings, on="ring_id").with_columns(
        pl.col("loss_usd", "harm_usd", "ring_harm_usd").fill_null(0.0)
    )


def savings(alerts: pl.DataFrame, stakes: pl.DataFrame, minutes: float) -> dict[str, float]:
    """USD that `minutes` of review save, by order of work (see `ORDERS`).

    A review of a bad subject saves its recent loss times sensitivity times recoverable share,
    and its recent harm times sensitivity, as far as reviews of its ring have not saved that
    already; of a good one it costs what acting wrongly
    costs, as often as a review errs. Raises nothing on an empty queue: it saves 0.
    """
    return {
        name: saved(
            alerts.sort(column, "alert_id", descending=[largest, False], nulls_last=True),
            stakes,
            minutes,
        )
        for name, (column, largest) in ORDERS.items()
    }


def saved(queue: pl.DataFrame, stakes: pl.DataFrame, minutes: float) -> float:
    """USD that `minutes` of review save when alerts are worked in the order of `queue`."""
    worked = queue.filter(pl.col("review_minutes").cum_sum() <= minutes)
    found = (
        worked.with_row_index("place").join(stakes, on=_KEY, how="left").sort("place", "ring_id")
    )
    found_share, bad = pl.col("sensitivity"), found.drop_nulls("ring_id")
    money = found_share * pl.col("recoverable_share")
    rings = bad.group_by("ring_id").agg(
        (money * pl.col("loss_usd")).sum().alias("money"),
        (money * pl.col("ring_usd")).max().alias("most_money"),
        (found_share * pl.col("harm_usd")).sum().alias("harm"),
        (found_share * pl.col("ring_harm_usd")).max().alias("most_harm"),
    )
    both = pl.min_horizontal("money", "most_money") + pl.min_horizontal("harm", "most_harm")
    good = found.filter(pl.col("ring_id").is_null())
    cost = (1.0 - good["specificity"]) * good["false_positive_cost_usd"]
    return float(rings.select(both.sum()).item() - cost.sum())


def measure(raw: Path, database: Path, minutes: float = MINUTES) -> dict[str, float]:
    """The numbers of one build beside its truth, USD: every order of the same day's work."""
    with queries.connect(database) as con:
        alerts: pl.DataFrame = con.sql("from alerts.alerts where not is_ended").pl()
        as_of = queries.scalar(con, "select as_of from meta.build")
    return savings(alerts, at_stake(raw, as_of), minutes)


def run(folder: Path) -> None:
    """Build the sample and print the four numbers."""
    report = built(folder, SAMPLE_ORDERS)
    savings = measure(world(folder, SAMPLE_ORDERS), report.database)
    rows = [(name, round(usd)) for name, usd in savings.items()]
    show(f"Saved by {MINUTES:,.0f} minutes of review", ("worked by", "USD"), rows, "")


def main(raw: str, database: str, minutes: str = str(MINUTES)) -> None:
    """Print the four numbers."""
    print(f"Saved by {float(minutes):,.0f} minutes of review, USD:")
    for name, usd in measure(Path(raw), Path(database), float(minutes)).items():
        print(f"  {name:<20} {usd:>10,.0f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
