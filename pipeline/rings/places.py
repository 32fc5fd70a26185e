"""Where rings stand on a map of all of them: near each other by what they have in common.

Rings are vectors of what their members use and whom they deal with, rare things first; the map
keeps the order of the angles between them. The last build's map is where the next one begins,
so that a ring is found again where it was. docs/decisions/0110-a-map-of-rings.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.linalg import orthogonal_procrustes
from sklearn.manifold import MDS, ClassicalMDS

from pipeline.tables import query, store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb
    from numpy.typing import NDArray

TABLE = "rings.places"
SCHEMA = {"ring_id": pl.String, "x": pl.Float64, "y": pl.Float64}
STRENGTH = {
    **dict.fromkeys(("device", "address", "payment_token", "bank_account", "tracking"), 3.0),
    **dict.fromkeys(("image", "text"), 2.0),
    "market": 0.5,
}
"""How much one thing in common says beside one shop, which is 1: identifiers are one person's,
a market is a quarter of everybody's."""
MOST_RINGS = 600
"""Rings on the map, most money first: the stress of more takes minutes, and nobody reads it."""
_STEPS = 300
_SEED = 20240
_FEWEST_TURNED = 2  # rings of before that say which way up the map was


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    previous: pl.DataFrame | None = None,
) -> None:
    """Make `rings.places`: ring_id, x, y, with the mean distance from the middle 1.

    `previous` is the table of the last build. Raises StageError when a table of
    `queries/rings` is missing.
    """
    rings = query(con, f"select ring_id from rings.rings where place <= {MOST_RINGS}")
    common = query(con, "select * from rings.common_things")
    table = places(rings["ring_id"].sort().to_list(), common, previous)
    on_progress(TABLE, store(con, TABLE, table))


def places(
    ring_ids: list[str], common: pl.DataFrame, previous: pl.DataFrame | None = None
) -> pl.DataFrame:
    """`ring_id, x, y` of rings by `common` (ring_id, relation, thing, member_share, ring_count)."""
    if len(ring_ids) < 3:  # noqa: PLR2004 - a plane needs three points
        line = np.column_stack([np.linspace(-1, 1, len(ring_ids)), np.zeros(len(ring_ids))])
        return _table(ring_ids, line)
    distances = 1.0 - np.sqrt(similarity(ring_ids, common))
    np.fill_diagonal(distances, 0.0)
    spectral = ClassicalMDS(metric="precomputed").fit_transform(distances)
    before = _before(ring_ids, previous)
    scaling = MDS(metric="precomputed", init="classical_mds", max_iter=_STEPS, random_state=_SEED)
    points = scaling.fit_transform(distances, init=_start(_spread(_upright(spectral)), before))
    return _table(ring_ids, _turned(_spread(points), before))


def similarity(ring_ids: list[str], common: pl.DataFrame) -> NDArray[np.float64]:
    """Cosine (rings, rings) in 0..1 of what each has, by the part of its members, and rarity."""
    own = common.filter(pl.col("ring_id").is_in(ring_ids)).sort("relation", "thing", "ring_id")
    things = own.select("relation", "thing").unique(maintain_order=True).with_row_index("column")
    rows = {ring_id: row for row, ring_id in enumerate(ring_ids)}
    strength = pl.col("relation").replace_strict(STRENGTH, default=1.0)
    rarity = (1.0 + len(ring_ids) / pl.col("ring_count")).log()
    cells = own.join(things, on=["relation", "thing"]).select(
        pl.col("ring_id").replace_strict(rows, return_dtype=pl.Int64).alias("row"),
        "column",
        (pl.col("member_share").sqrt() * rarity * strength).alias("value"),
    )
    vectors = np.zeros((len(ring_ids), things.height))
    vectors[cells["row"].to_numpy(), cells["column"].to_numpy()] = cells["value"].to_numpy()
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths > 0, lengths, 1.0)
    return np.asarray(np.clip(unit @ unit.T, 0.0, 1.0))


def _before(ring_ids: list[str], previous: pl.DataFrame | None) -> NDArray[np.float64]:
    """Where each stood in the last build (rings, 2); nan where it was not there."""
    known = {} if previous is None else {row[0]: row[1:] for row in previous.rows()}
    nowhere = (np.nan, np.nan)
    return np.array([known.get(ring_id, nowhere) for ring_id in ring_ids], dtype=np.float64)


def _start(points: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the scaling begins: rings where they were, newcomers where they would be."""
    there = _stood(before)
    if there.sum() < _FEWEST_TURNED:
        return points
    return np.where(there[:, None], before, _turned(points, before))


def _stood(before: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rings were on the map of the last build (rings,)."""
    return np.asarray(np.isfinite(before).all(axis=1), dtype=np.bool_)


def _turned(points: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """`points` turned, mirrored and moved to lie on `before` as well as they can."""
    there = _stood(before)
    if there.sum() < _FEWEST_TURNED:
        return points
    now, then = points[there].mean(axis=0), before[there].mean(axis=0)
    turn, _ = orthogonal_procrustes(points[there] - now, before[there] - then)
    return np.asarray((points - now) @ turn + then)


def _upright(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """`points` mirrored so that the farthest on each axis is on its positive side."""
    farthest = points[np.abs(points).argmax(axis=0), [0, 1]]
    return np.asarray(points * np.where(farthest < 0, -1.0, 1.0))


def _spread(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """`points` around the middle, a mean distance of 1 from it."""
    centred = points - points.mean(axis=0)
    mean = float(np.linalg.norm(centred, axis=1).mean())
    return np.asarray(centred / mean if mean > 0 else centred)


def _table(ring_ids: list[str], points: NDArray[np.float64]) -> pl.DataFrame:
    return pl.DataFrame(
        {"ring_id": ring_ids, "x": points[:, 0].round(5), "y": points[:, 1].round(5)},
        schema=SCHEMA,
    )
