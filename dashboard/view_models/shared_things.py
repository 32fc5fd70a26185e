"""What the subjects of a picture share, as nodes of it: which lines they replace, where they stand.

A thing that fifty use is fifty lines to one node, or 1,225 lines between every two of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dashboard.view_models.apart import pushed_apart
from dashboard.view_models.neighbourhood import NODE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS = (
    *("device", "ip", "address", "payment_token", "bank_account"),
    *("tracking", "image", "text"),
)
"""Things that several use, as types of nodes."""
SIMPLER = 0.8
"""Lines with things over lines without, from which on things make a picture no simpler."""
FEW = 40
"""Subjects up to which things are worth their room even where they save few lines."""
OUTWARD = 58.0
"""Pixels from the outermost of those who use a thing to the thing."""
GAP = 54.0
SPREAD = 0.55
"""Length of the mean direction of its users, below which they stand all around."""
_ROUNDS = 80

Point = tuple[float, float]


def without_replaced(edges: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """`edges` but for those that say what `links` (src, dst, relation) to a thing say.

    A line between two subjects goes where both have a line to a thing of its kind.
    """
    users = links.select("relation", thing="dst", node="src")
    pairs = (
        users.join(users, on=["relation", "thing"], suffix="_other")
        .select(pl.col("relation").alias("kind"), src="node", dst="node_other")
        .unique()
    )
    kind = pl.col("relation").str.strip_prefix("shares_").alias("kind")
    keys = ["kind", "src", "dst"]
    return edges.with_columns(kind).join(pairs, on=keys, how="anti").drop("kind")


def is_simpler(subjects: int, edges: pl.DataFrame, left: pl.DataFrame, links: pl.DataFrame) -> bool:
    """Whether a picture with things has clearly fewer lines than `edges` without."""
    if links.is_empty():
        return False
    before = _pairs(edges)
    after = _pairs(left) + _pairs(links)
    return after <= before * (1.0 if subjects < FEW else SIMPLER)


def _pairs(edges: pl.DataFrame) -> int:
    low, high = pl.min_horizontal("src", "dst"), pl.max_horizontal("src", "dst")
    return edges.select(low.alias("low"), high.alias("high")).unique().height


def room_for_things(subjects: int, most: int = NODE_LIMIT) -> int:
    """How many things a picture of so many subjects holds: at least a few."""
    return max(most - subjects, min(most // 5, subjects))


def things_placed(
    nodes: pl.DataFrame, things: Sequence[str], links: pl.DataFrame
) -> dict[str, Point]:
    """Where each thing stands, in pixels: outside of those who use it, or amid them.

    `nodes` (node_key, x, y) do not move. Users on one side have their thing beyond them, on
    the way out from the middle; users all around have it between them.
    """
    spots: Mapping[str, Point] = {
        key: (x, y) for key, x, y in nodes.select("node_key", "x", "y").iter_rows()
    }
    users: dict[str, list[Point]] = {thing: [] for thing in things}
    for src, dst in links.select("src", "dst").iter_rows():
        if dst in users and src in spots:
            users[dst].append(spots[src])
    if not users or not spots:
        return {}
    fixed = np.array(list(spots.values()))
    middle = (fixed.min(axis=0) + fixed.max(axis=0)) / 2
    radii = np.maximum(np.ptp(fixed, axis=0) / 2, 1.0)
    wanted = np.array([_wanted(np.array(own), middle, radii) for own in users.values()])
    points = _beside(wanted, fixed)
    return {
        thing: (round(float(x), 1), round(float(y), 1))
        for thing, (x, y) in zip(users, points, strict=True)
    }


def _wanted(own: np.ndarray, middle: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Where a thing would stand were nothing in its way."""
    directions = (own - middle) / radii
    lengths = np.linalg.norm(directions, axis=1)
    mean = (directions / np.maximum(lengths, 1e-9)[:, None]).mean(axis=0)
    share = float(np.linalg.norm(mean))
    if share < SPREAD or len(own) > 0.5 * FEW:
        return np.asarray(own.mean(axis=0))
    towards = mean / share
    reach = float(lengths.max())
    return np.asarray(middle + towards * (radii * reach + OUTWARD))


def _beside(wanted: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """`wanted` pushed from each other and from `fixed` points, which stay."""
    moved = pushed_apart(wanted, GAP, iterations=_ROUNDS)
    for _ in range(_ROUNDS):
        gap = moved[:, None, :] - fixed[None, :, :]
        length = np.maximum(np.linalg.norm(gap, axis=2), 1e-6)
        overlap = np.clip(GAP * math.sqrt(0.6) - length, 0, None)
        if not overlap.any():
            break
        step = (gap / length[..., None] * overlap[..., None]).sum(axis=1)
        moved = pushed_apart(moved + step, GAP, iterations=4)
    return np.asarray(moved)
