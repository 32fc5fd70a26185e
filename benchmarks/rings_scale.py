"""What finding rings takes at 1 and 10 million links: a marketplace many times over.

The tables that the stage reads are those of a small build, once per copy under ids of its own,
so that suspects, crowds and ties stand to each other as they do there.

    python -m benchmarks rings_scale
"""

from __future__ import annotations

from functools import partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import duckdb

import queries
from benchmarks.measuring import measured, show
from benchmarks.sample import built
from benchmarks.seeds import ORDERS
from pipeline.build import BUILDER
from pipeline.orchestration import stages
from pipeline.publishing import ring_history
from pipeline.rings import actors, members, places, rejected
from pipeline.settings.build import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINKS = (1_000_000, 10_000_000)
THREADS = 2
SMALL = ("scores.packs", "facts.snapshots", "meta.build", "meta.delivery")
"""Tables that are the same however many accounts there are."""


def run(folder: Path) -> None:
    """Wall and CPU seconds of the stage, and its slowest steps, at each number of links."""
    source = built(folder, ORDERS).database
    rows = []
    for links in LINKS:
        database = folder / f"rings-{links}.duckdb"
        multiply(source, database, links)
        rows.append((links, *timed(database)))
        database.unlink()
    columns = ("links", "suspects", "ties", "rings", "wall s", "CPU s", "peak MB", "slowest steps")
    show("Rings", columns, rows, f"{THREADS} threads, a small marketplace many times over.")


def multiply(source: Path, database: Path, links: int) -> None:
    """Write what the stage reads into `database`, as often as gives so many links."""
    with duckdb.connect(str(database)) as con:
        con.execute(f"attach '{source}' as one (read_only)")
        copies = -(-links // queries.row_count(con, "one.graph.links"))
        for table in sorted({"meta.delivery"}.union(*map(_reads, _steps()))):
            con.execute(f"create schema if not exists {table.partition('.')[0]}")
            columns = con.sql(f"describe one.{table}").fetchall()
            texts = [name for name, kind, *_ in columns if kind == "VARCHAR" and _is_id(name)]
            times = 1 if table in SMALL or not texts else copies
            named = ", ".join(f"{name} || '-' || copy as {name}" for name in texts)
            replaced = f"* exclude (copy) replace ({named})" if texts else "* exclude (copy)"
            con.execute(
                f"create table {table} as select {replaced} "
                f"from one.{table}, (select unnest(range({times})) as copy)"
            )


def timed(database: Path) -> tuple[object, ...]:
    """What the stage took on a file that holds what it reads."""
    seconds: dict[str, float] = {}
    with duckdb.connect(str(database), config=BUILDER | {"threads": THREADS}) as con:
        writers = _writers(database)
        with measured() as whole:
            for step in _steps():
                with measured() as one:
                    writers[step](con, on_progress=lambda _table, _rows: None)
                seconds[step] = one.wall_seconds
        counts = [queries.row_count(con, f"rings.{name}") for name in ("suspects", "ties", "rings")]
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:5]
    words = ", ".join(f"{step.removeprefix('rings/')} {took:.1f}" for step, took in slowest)
    costs = (f"{whole.wall_seconds:.1f}", f"{whole.cpu_seconds:.1f}", f"{whole.peak_mb:,.0f}")
    return *counts, *costs, words


def _writers(database: Path) -> dict[str, Callable[..., None]]:
    settings = Settings()
    rings = settings.rings
    return stages.sql_writers(settings) | {
        "rings/rejected_links": rejected.write,
        "rings/actors": partial(actors.write, settings=rings),
        "rings/members": partial(members.write, settings=rings),
        "rings/places": places.write,
        "rings/history": partial(
            ring_history.write, database=database.with_suffix(".none"), keep_days=60
        ),
    }


def _steps() -> list[str]:
    """The steps of the stage in an order in which each finds what it reads."""
    own = {
        step: [other for other in reads if stages.stage_of(other) == "rings"]
        for step, reads in stages.step_reads().items()
        if stages.stage_of(step) == "rings"
    }
    return list(TopologicalSorter(own).static_order())


def _reads(step: str) -> set[str]:
    """Tables of other stages that a step reads."""
    if step in stages.PYTHON_READS:
        tables = {one for one in stages.PYTHON_READS[step] if "." in one}
    else:
        tables = set(queries.reads(step))
    return {table for table in tables if not table.startswith("rings.")}


def _is_id(column: str) -> bool:
    return column.endswith("_id")
