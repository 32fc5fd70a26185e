"""How long the nearest by vectors take, asked of the page's own query, nothing worked out before.

python -m benchmarks looks_like
"""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

import queries
from benchmarks.measuring import show
from dashboard.view_models.looks_like import MOST

if TYPE_CHECKING:
    from pathlib import Path

SIZES = ((20_000, 256), (20_000, 768), (200_000, 256))
ASKED = 15
"""Entities whose nearest are read, each once."""
TWINS = "product_id varchar, twin_id varchar"
OTHERS = {
    "facts.image_twins": TWINS,
    "similarity.title_twins": f"{TWINS}, likeness double",
    "staging.videos": "video_id varchar, title varchar, creator_id varchar",
}


def write(path: Path, count: int, places: int) -> Path:
    """A database with that many listings, each with a vector drawn at random."""
    drawn = np.random.default_rng(7).normal(size=(count, places)).astype(np.float32)
    ids = [f"prd_{number}" for number in range(count)]
    vectors = pl.Series(drawn).cast(pl.List(pl.Float32))
    frame = pl.DataFrame({"entity_id": ids, "vector": vectors}).to_arrow()
    with duckdb.connect(str(path)) as con:
        for schema in ("staging", "facts", "similarity", "graph"):
            con.execute(f"create schema {schema}")
        con.register("frame", frame)
        con.execute(
            "create table staging.entity_embedding as select 'product' as entity_type, entity_id, "
            "'m' as model, '1' as version, vector from frame"
        )
        con.execute(
            "create table graph.entities as select 'product' as entity_type, entity_id, "
            "entity_id as name, 'SG' as market from frame"
        )
        for table, columns in OTHERS.items():
            con.execute(f"create table {table} ({columns})")
    return path


def asked(path: Path) -> tuple[float, float]:
    """Median wall and CPU milliseconds of one reading."""
    walls, cpus = [], []
    with queries.connect(path) as con:
        for number in range(ASKED):
            wall, cpu = time.perf_counter(), time.process_time()
            queries.run(
                con,
                "pages/investigate/looks_like",
                entity_type="product",
                entity_id=f"prd_{number * 7}",
                limit=MOST,
            )
            walls.append((time.perf_counter() - wall) * 1e3)
            cpus.append((time.process_time() - cpu) * 1e3)
    return median(walls), median(cpus)


def run(folder: Path) -> None:
    """Print a row for each size."""
    rows = []
    for count, places in SIZES:
        wall, cpu = asked(write(folder / f"vectors-{count}-{places}.duckdb", count, places))
        rows.append((f"{count:,}", str(places), f"{wall:.0f}", f"{cpu:.0f}"))
    note = f"Exact cosine over all vectors of the model; median of {ASKED}, two threads."
    show("Looks like", ("vectors", "numbers each", "wall ms", "CPU ms"), rows, note)
