"""Finding a ring that hides in a popular market: timed lockstep against pure density.

The ring is 600 accounts sent to 60 listings, who buy popular listings too. The
market sells by Zipf's law, so its densest part is popularity and not the ring.
What builds `graph.lockstep_*` and the core numbers is measured as it stands.

Still lost: a campaign over 7 days in which an account visits 8 of the 60
listings. Two of its accounts then share one listing, days apart; nothing about
*when* is left to see, and only devices, texts or verdicts can tell. With 20 of
60 the same week is found. Partly lost (about a quarter to a third of the ring)
are 8 of 60 within 6 hours, where its own numbers make it a crowd, and in 3 days.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import numpy as np
import polars as pl

import queries
from benchmarks.lockstep_market import DAYS, START, Market, simulate
from benchmarks.measuring import in_child, measured, report, show
from benchmarks.peeling import densest
from pipeline.similarity import lockstep_cores

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

EVERY = ((6, 20), (24, 20), (72, 20), (168, 20), (6, 8), (24, 8), (72, 8), (168, 8))
"""Hours of the campaign, and how many of the 60 listings each account is sent to."""
CAMPAIGNS = {1_000_000: EVERY, 10_000_000: ((6, 20), (24, 20), (168, 20), (168, 8))}
"""By orders of the market; the large one takes minutes each."""
LOCKSTEP = ("graph/lockstep_visits", "graph/lockstep_spots", "graph/lockstep_pairs")
IN_LOCKSTEP = 3.0
"""Core number from which an account counts as in lockstep, as windows/seller_lockstep has it."""
COLUMNS = ("orders", "hours", "listings each", "precision", "recall", "F1", "density F1", "CPU s/M")


class Quality(NamedTuple):
    """How well a set of accounts matches the ring."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 when nothing of the ring was found."""
        whole = self.precision + self.recall
        return 2.0 * self.precision * self.recall / whole if whole else 0.0


def run(_folder: Path) -> None:
    """Every campaign at both sizes, each in a child process; prints a row for each."""
    rows = [_row(size, hours, each) for size, tasks in CAMPAIGNS.items() for hours, each in tasks]
    note = (
        f"Found = core number {IN_LOCKSTEP:.0f} or more. CPU covers {', '.join(LOCKSTEP)} and "
        "similarity/lockstep_cores and _groups. Still lost: 8 of 60 listings over 7 days. Two of "
        "its accounts share one listing, days apart, and no bucket of time can tell that from "
        "chance."
    )
    show("A camouflaged ring of 600 accounts x 60 listings", COLUMNS, rows, note)


def lockstep(orders: pl.DataFrame) -> set[str]:
    """Accounts that move in lockstep, by the very steps of the build."""
    with duckdb.connect() as con:
        con.register("_orders", orders)
        con.execute("create schema staging")
        con.execute(
            "create table staging.order_attempts as select *, false as is_sample from _orders"
        )
        con.execute(
            "create table staging.live_comments"
            " (live_session_id varchar, buyer_id varchar, commented_at timestamp)"
        )
        con.execute("create schema facts")
        con.execute(
            "create table facts.snapshots as select 'buyer' as entity_type, $day as as_of",
            {"day": (START + timedelta(days=DAYS)).date()},
        )
        for name in LOCKSTEP:
            queries.build(con, name)
        lockstep_cores.write(con, lambda *_: None)
        queries.build(con, "similarity/lockstep_groups")
        sql = "select buyer_id from similarity.lockstep_groups where core >= $core"
        return {row[0] for row in con.execute(sql, {"core": IN_LOCKSTEP}).fetchall()}


def by_density(orders: pl.DataFrame) -> set[str]:
    """Accounts of the densest part of the market."""
    codes = orders.select(
        pl.col("buyer_id", "product_id").rank("dense").cast(pl.Int64) - 1
    ).to_numpy()
    chosen = np.flatnonzero(densest(codes[:, 0], codes[:, 1]))
    names = orders["buyer_id"].unique().sort()
    return set(names.gather(chosen))


def quality_of(accounts: AbstractSet[str], ring: AbstractSet[str]) -> Quality:
    """Precision and recall of the accounts that a method names."""
    hits = len(accounts & ring)
    return Quality(hits / len(accounts) if accounts else 0.0, hits / len(ring))


def _row(size: int, hours: int, each: int) -> tuple[object, ...]:
    result: dict[str, Any] = in_child("benchmarks.lockstep", size, hours, each)
    cost = result["cpu_seconds"] / size * 1e6
    quality = (result["precision"], result["recall"], result["f1"], result["density_f1"])
    return size, hours, each, *(f"{value:.3f}" for value in quality), cost


if __name__ == "__main__":
    size, hours, each = map(int, sys.argv[1:])
    market = replace(Market(size, hours), task_products=each)
    orders, ring = simulate(market)
    with measured() as cost:
        quality = quality_of(lockstep(orders), ring)
    rival = quality_of(by_density(orders), ring)
    report(cost, **quality._asdict(), f1=quality.f1, density_f1=rival.f1, market=asdict(market))
