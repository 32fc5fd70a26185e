"""What the queue gains when a ring is one case: how long it is, what a day saves, who is together.

The same alerts twice: one by one by priority, and by case, where what members share is read
once. What a review saves is told by the ground truth (`benchmarks.savings`). A planted ring
that waits with several alerts should stand in one case.

    python -m benchmarks.cases RAW=BUILD [RAW=BUILD ...]
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.rings import FIRST, NODE, OVERLAP, planted_members
from benchmarks.savings import MINUTES, at_stake, saved
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from pipeline.settings.build import DATABASE
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

WAITING = 3
"""Open alerts of a planted ring from which it is asked in how many cases they stand."""
_LISTS = (
    *("kinds", "markets", "typologies", "bands", "states", "assignees", "decided"),
    *("worked_keys", "worked_states", "worked_assignees", "worked_verdicts"),
    *("moved_keys", "moved_cases"),
)
NOTHING_CHOSEN: dict[str, Any] = {
    **{name: [] for name in _LISTS},
    "lanes": ["score", "signals", "unproven"],
    "search": "",
    "status": "open",
    "kept": "",
    "least_days": 0,
    "least_usd": 0.0,
    "is_ended": False,
}
"""The queue as its page asks for it, with nothing chosen."""
EVERY_CASE: dict[str, Any] = {"sort": "priority", "limit": 100_000, "offset": 0}
"""All of them in the day's order."""


@dataclass(frozen=True)
class Queue:
    """The queue of one world, one by one and by case."""

    seed: int
    alerts: int
    cases: int
    minutes: float
    case_minutes: float
    saved_usd: float
    case_saved_usd: float
    rings: pl.DataFrame
    """Planted rings that wait: ring_id, typology, alerts, cases, share in the largest."""
    guilty_first: float
    """Share of the first cases that are mostly guilty."""


def measured(raw: Path, database: Path) -> Queue:
    """The queue of a build beside the truth of its raw tables."""
    seed = int(json.loads((raw / "world.json").read_text(encoding="utf-8"))["settings"]["seed"])
    with queries.connect(database) as con:
        cases = queries.run(con, "pages/queue/open_cases", **NOTHING_CHOSEN, **EVERY_CASE)
        own = members(con).join(cases.select("case_id", case_place="place"), on="case_id")
        as_of = queries.scalar(con, "select as_of from meta.build")
        each = float(queries.scalar(con, "select member_minutes()"))
    stakes = at_stake(raw, as_of)
    alone = own.filter(~pl.col("is_ended")).sort("queue_place")
    is_first = pl.col("review_minutes").rank("ordinal", descending=True).over("case_id") == 1
    together = own.sort("case_place", "queue_place").with_columns(
        review_minutes=pl.when(is_first).then("review_minutes").otherwise(each)
    )
    return Queue(
        seed,
        alone.height,
        cases.height,
        float(alone["review_minutes"].sum()),
        float(cases["review_minutes"].sum()),
        saved(alone, stakes, MINUTES),
        saved(together, stakes, MINUTES),
        planted(raw, own),
        guilty_share(raw, own),
    )


def members(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every alert with its case."""
    return con.sql(
        "select m.case_id, a.* from alerts.alerts as a "
        "join cases.members as m using (entity_type, entity_id)"
    ).pl()


def planted(raw: Path, own: pl.DataFrame) -> pl.DataFrame:
    """Planted rings with `WAITING` alerts: in how many cases they stand."""
    named = own.with_columns(node=NODE).select("node", "case_id")
    inside = planted_members(raw).join(named, on="node")
    counted = inside.group_by("ring_id", "typology", "case_id").agg(pl.len())
    return (
        counted.group_by("ring_id", "typology")
        .agg(
            alerts=pl.col("len").sum(),
            cases=pl.len(),
            largest=pl.col("len").max() / pl.col("len").sum(),
        )
        .filter(pl.col("alerts") >= WAITING)
    )


def guilty_share(raw: Path, own: pl.DataFrame) -> float:
    """Share of the first `FIRST` cases whose waiting members are mostly guilty."""
    bad = planted_members(raw).select("node").unique().with_columns(is_bad=pl.lit(1.0))
    first = own.filter(pl.col("case_place") <= FIRST).with_columns(node=NODE)
    share = first.join(bad, on="node", how="left").group_by("case_id")
    each = share.agg(pl.col("is_bad").fill_null(0.0).mean())
    return float((each["is_bad"] >= OVERLAP).mean() or 0.0)


def main(worlds: Sequence[Queue]) -> None:
    """Print the queues of some worlds."""
    rows = [
        (
            *(one.seed, one.alerts, one.cases, round(one.minutes), round(one.case_minutes)),
            *(round(one.saved_usd), round(one.case_saved_usd), f"{one.guilty_first:.0%}"),
            *(one.rings.height, f"{(one.rings['cases'] <= 1).mean():.0%}"),
            *(f"{one.rings['cases'].mean():.1f}", f"{one.rings['largest'].mean():.0%}"),
        )
        for one in worlds
    ]
    columns = (
        *("seed", "alerts", "cases", "minutes", "as cases", f"saved in {MINUTES:,.0f} min"),
        *("as cases", f"guilty of first {FIRST}", "rings waiting", "in one case"),
        *("cases a ring", "in its largest"),
    )
    note = f"Rings with {WAITING} alerts and more. Never tuned on: {UNTUNED}."
    show("The queue by case", columns, rows, note)


def made(seed: int, folder: Path) -> Queue:
    """Generate and build the world of a seed below `folder`, and measure it."""
    raw, out = folder / f"cases-raw-{seed}", folder / f"cases-build-{seed}"
    generate(raw, WorldSettings(orders=ORDERS, seed=seed))
    return measured(raw, build(Order(raw, out)).database)


def run(folder: Path) -> None:
    """The worlds of `benchmarks.seeds`, generated and built."""
    main([made(seed, folder) for seed in (*TUNED, *UNTUNED)])


if __name__ == "__main__":
    pairs = [pair.partition("=") for pair in sys.argv[1:]]
    main([measured(Path(raw), Path(out) / DATABASE) for raw, _, out in pairs])
