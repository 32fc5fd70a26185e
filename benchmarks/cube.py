"""The cube of metrics at ten million orders, and how fast a slice of it answers.

Orders are made of three parts drawn apart from a real build, each as it is there: what comes with
the shop and the listing, with the way it was sold, and with the buyer. So there are many more
leaves than that build has, as there are in ten million real orders.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

import queries
from benchmarks.measuring import SAMPLE_ORDERS, measured, show
from benchmarks.sample import built
from queries.registry import DIMENSIONS, LEAST_N, kpis

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = 10_000_000
READS = 15
"""Readings behind each median."""
PARTS = (
    ("day", "market", "category", "merchant_tier", "merchant_id", "product_id"),
    ("channel", "creator_tier", "creator_id", "live_session_id"),
    ("buyer_age", "payment_method", "buyer_id"),
)
"""Columns of metrics.order_outcomes that are drawn together; the sums come with the last."""
TABLES = ("metrics/cube", "metrics/groupings")
COLUMNS = ("what", "rows", "CPU s", "wall s", "peak MB by then")


def run(folder: Path) -> None:
    """Make the orders, build the cube, its groupings and the metrics, read slices; two tables."""
    measure(folder, built(folder, SAMPLE_ORDERS).database)


def measure(folder: Path, source: Path, orders: int = ORDERS) -> None:
    """The same from an order table that is there already."""
    path = folder / "cube.duckdb"
    rows: list[tuple[object, ...]] = []
    with duckdb.connect(str(path)) as con:
        _make(con, source, orders)
        names = [*TABLES, *(f"kpis/{one.code}" for one in kpis().values() if one.is_of_cube)]
        costs = [(name, *_built(con, name)) for name in names]
    of_metrics = [cost for name, _, cost in costs if name not in TABLES]
    rows += [
        (name, count, cost.cpu_seconds, cost.wall_seconds, cost.peak_mb)
        for name, count, cost in costs
        if name in TABLES
    ]
    cpu, wall = (
        sum(getattr(one, what) for one in of_metrics) for what in ("cpu_seconds", "wall_seconds")
    )
    rows.append((f"{len(of_metrics)} metrics", "", cpu, wall, of_metrics[-1].peak_mb))
    whole = sum(cost.cpu_seconds for name, _, cost in costs if name in TABLES)
    goal = f"Cube and groupings {whole:.1f} CPU s; the goal is 10."
    show(f"The cube of {orders:,} orders", COLUMNS, rows, goal)
    with queries.connect(path) as con:
        answers = [(name, *_read(con, *reading)) for name, reading in _readings(con).items()]
    note = f"Medians of {READS}, the goal for a slice is 15 ms of CPU."
    show("Readings", ("reading", "rows", "CPU ms", "wall ms"), answers, note)


def _make(con: duckdb.DuckDBPyConnection, source: Path, orders: int) -> None:
    con.execute(f"attach '{source}' as source (read_only)")
    con.execute("create schema metrics")
    for table in ("clocks", "label_gaps"):
        con.execute(f"create table metrics.{table} as from source.metrics.{table}")
    con.execute(
        "create temp table drawn as select *, row_number() over () - 1 as place "
        "from source.metrics.order_outcomes"
    )
    size = queries.row_count(con, "drawn")
    columns = [row[0] for row in con.execute("describe drawn").fetchall()]
    own = {name: number for number, part in enumerate(PARTS) for name in part}
    chosen = ", ".join(
        f"p{own.get(name, len(PARTS) - 1)}.{name}"
        for name in columns
        if name not in ("order_id", "place")
    )
    draws = ", ".join(
        f"cast(floor(random() * {size}) as bigint) as place{number}" for number in range(len(PARTS))
    )
    joins = " ".join(
        f"join drawn as p{number} on p{number}.place = d.place{number}"
        for number in range(len(PARTS))
    )
    con.execute("select setseed(0.7)")
    con.execute(
        f"create table metrics.order_outcomes as select cast(d.i as varchar) as order_id, {chosen} "
        f"from (select i, {draws} from range({orders}) as t(i)) as d {joins}"
    )
    con.execute("detach source")


def _built(con: duckdb.DuckDBPyConnection, name: str) -> tuple[int, Any]:
    with measured() as cost:
        rows = queries.build(con, name)
    return rows, cost


def _readings(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, dict[str, Any]]]:
    """What a page and an attribution ask, by what it is called."""
    last = queries.scalar(con, "select min(last_whole_day) from metrics.clocks")
    kpi = kpis()["refund_rate"]
    until = last - timedelta(days=kpi.maturity_days)
    period = {"since": until - timedelta(days=27), "until": until}
    before = {
        "before_since": until - timedelta(days=55),
        "before_until": until - timedelta(days=28),
    }
    common = {"maturity_days": kpi.maturity_days, "labels": kpi.labels, "markets": ["US"]}
    own = {"kpi": kpi.code, "dimension_a": "category", "dimension_b": "market", "least_n": LEAST_N}
    of_cube = {"numerator": kpi.numerator, "denominator": kpi.denominator, "counted": kpi.counted}
    filters = ["market=US", "channel=live", "merchant_tier=small"]
    series = {**own, **common, **period}
    return {
        "series of one slice": ("pages/metrics/series", series),
        "two periods by slice": ("pages/metrics/slices", {**series, **before, "is_stock": False}),
        "cube, three filters": (
            "pages/metrics/cube_series",
            {**of_cube, **common, **period, "filters": filters, "split": "category"}
            | {"least_n": LEAST_N},
        ),
        "leaves of two periods": (
            "pages/metrics/cube_leaves",
            {**of_cube, **common, **period, **before, "filters": [], "dimensions": DIMENSIONS}
            | {"markets": []},
        ),
    }


def _read(
    con: duckdb.DuckDBPyConnection, name: str, params: dict[str, Any]
) -> tuple[int, float, float]:
    bound = {key: list(one) if isinstance(one, tuple) else one for key, one in params.items()}
    height = queries.run(con, name, **bound).height

    def median(clock: Callable[[], float]) -> float:
        costs = []
        for _ in range(READS):
            began = clock()
            queries.run(con, name, **bound)
            costs.append((clock() - began) * 1e3)
        return statistics.median(costs)

    return height, median(time.process_time), median(time.perf_counter)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
