"""What a day of reviews saves, by the order in which the queue is worked.

The same analysts, the same minutes, four orders: by priority, by score, by exposure and
first in, first out. What a review saves is told by the ground truth, not by our own
estimate: the share of the planted loss that fell into the last thirty days, each ring's
money once, less what wrongly stopped honest subjects lose.

    python -m benchmarks.savings RAW DATABASE [MINUTES]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import queries
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
    "score": ("score", True),
    "exposure": ("exposure_usd", True),
    "first in, first out": ("opened_on", False),
}
"""Column that the queue is sorted by, and whether the largest comes first."""
_KEY = ["entity_type", "entity_id"]


def at_stake(truth: pl.DataFrame, stories: pl.DataFrame, as_of: object) -> pl.DataFrame:
    """Recent loss per planted entity and ring.

    Columns entity_type, entity_id, ring_id, loss_usd and ring_usd. A loss is spread evenly
    over its story. `ring_usd` is what the ring lost in the same days, each order once: no set
    of its members can save more.
    """
    end = pl.lit(as_of).cast(pl.Datetime("us"))
    begin = end - pl.duration(days=RECENT_DAYS)
    length = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds().clip(1)
    inside = pl.min_horizontal("ended_at", end) - pl.max_horizontal("started_at", begin)
    recent = (inside.dt.total_seconds().clip(0) / length).clip(0.0, 1.0)
    whole = pl.sum_horizontal(pl.col("^loss_.*_usd$"))
    rings = stories.filter(~pl.col("is_hard_negative")).select("ring_id", ring_usd=whole * recent)
    guilty = truth.filter(~pl.col("is_hard_negative") & (pl.col("role") != "victim"))
    own = guilty.select(*_KEY, "ring_id", loss_usd=pl.col("loss_usd") * recent)
    return own.join(rings, on="ring_id")


def savings(alerts: pl.DataFrame, stakes: pl.DataFrame, minutes: float) -> dict[str, float]:
    """USD that `minutes` of review save, by order of work (see `ORDERS`).

    A review of a bad subject saves its recent loss times sensitivity times recoverable share,
    as far as its ring has not lost that already; of a good one it costs what acting wrongly
    costs, as often as a review errs. Raises nothing on an empty queue: it saves 0.
    """
    return {
        name: _saved(
            alerts.sort(column, "alert_id", descending=[largest, False], nulls_last=True),
            stakes,
            minutes,
        )
        for name, (column, largest) in ORDERS.items()
    }


def _saved(queue: pl.DataFrame, stakes: pl.DataFrame, minutes: float) -> float:
    worked = queue.filter(pl.col("review_minutes").cum_sum() <= minutes)
    found = (
        worked.with_row_index("place").join(stakes, on=_KEY, how="left").sort("place", "ring_id")
    )
    part = pl.col("sensitivity") * pl.col("recoverable_share")
    bad = found.drop_nulls("ring_id").with_columns(saved=part * pl.col("loss_usd"))
    rings = bad.group_by("ring_id").agg(
        pl.col("saved").sum(), most=(part * pl.col("ring_usd")).max()
    )
    good = found.filter(pl.col("ring_id").is_null())
    cost = (1.0 - good["specificity"]) * good["false_positive_cost_usd"]
    return float(rings.select(pl.min_horizontal("saved", "most").sum()).item() - cost.sum())


def measure(raw: Path, database: Path, minutes: float = MINUTES) -> dict[str, float]:
    """The four numbers of one build beside the truth of its sample."""
    with queries.connect(database) as con:
        alerts: pl.DataFrame = con.sql("select * from alerts.alerts").pl()
        as_of = queries.scalar(con, "select as_of from meta.build")
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    stories = pl.read_parquet(raw / "truth" / "stories.parquet")
    return savings(alerts, at_stake(truth, stories, as_of), minutes)


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
