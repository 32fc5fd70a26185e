"""What of a graph is drawn: which ties, of which kind and time, and since when.

A picture holds a few hundred lines and a dormitory has thousands. Whatever is left out
must not make a structure that is not there: an order by weight and then by id draws a
crowd of equals as six hubs. So every subject keeps its strongest ties, whatever hangs
together stays so, and the rest is thinned evenly, each subject in proportion to its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STRONGEST_KEPT = 2
"""Ties of each subject that are kept whatever else is left out: its first is in the forest."""
_SEED = 17

Line = tuple[int, int]


@dataclass(frozen=True)
class DrawnTies:
    """The ties that are drawn, every relation of a line with it; lines are pairs of subjects."""

    edges: pl.DataFrame
    line_count: int
    total_count: int

    @property
    def hidden_count(self) -> int:
        """Lines left out."""
        return self.total_count - self.line_count


def drawn_ties(edges: pl.DataFrame, *, limit: int, keep: str = "") -> DrawnTies:
    """About `limit` lines of `edges` (src, dst, weight, ...), chosen to look like all of them.

    In this order: the ties of `keep`; a spanning forest of the strongest, so that nobody
    tied floats and no group falls apart; the strongest two of everybody; then evenly. The
    first two are drawn even beyond `limit`.
    """
    pairs = edges.with_columns(
        pl.min_horizontal("src", "dst").alias("low"), pl.max_horizontal("src", "dst").alias("high")
    )
    lines = _strongest_first(pairs)
    if lines.height <= limit:
        return DrawnTies(edges, lines.height, lines.height)
    chosen = lines[_chosen(lines, limit, keep)]
    kept = pairs.join(chosen, on=["low", "high"], how="semi", maintain_order="left")
    return DrawnTies(kept.drop("low", "high"), chosen.height, lines.height)


def with_joined_on(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """`nodes` (node_key) with `joined_on`: the ISO day of the first tie of each in `edges`."""
    first = (
        pl.concat([edges.select(pl.col(end).alias("node_key"), "first_seen_at") for end in _ENDS])
        .group_by("node_key")
        .agg(pl.col("first_seen_at").min().dt.strftime("%Y-%m-%d").alias("joined_on"))
    )
    return nodes.join(first, on="node_key", how="left", maintain_order="left")


_ENDS = ("src", "dst")


def _strongest_first(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each pair once; equals in an order that has nothing to do with their names."""
    return (
        pairs.filter(pl.col("low") != pl.col("high"))
        .group_by("low", "high")
        .agg(pl.col("weight").sum())
        .with_columns(pl.concat_str("low", "high", separator="\n").hash(_SEED).alias("place"))
        .sort(["weight", "place", "low", "high"], descending=[True, False, False, False])
    )


def _chosen(lines: pl.DataFrame, limit: int, keep: str) -> list[int]:
    """Places in `lines`, strongest first, of those that are drawn."""
    keys = {key: number for number, key in enumerate({*lines["low"], *lines["high"]})}
    ends = [(keys[low], keys[high]) for low, high in lines.select("low", "high").iter_rows()]
    own = keys.get(keep, -1)
    anchored = [place for place, line in enumerate(ends) if own in line]
    picked = {*anchored, *_forest(ends, anchored, len(keys))}
    evenly = lines["place"].arg_sort().to_list()
    for place in chain(_strongest(ends, len(keys)), _spread(ends, evenly, picked, limit)):
        if len(picked) >= limit:
            break
        picked.add(place)
    return sorted(picked)


def _forest(ends: Sequence[Line], anchored: Iterable[int], size: int) -> list[int]:
    """A spanning forest of the strongest lines (Kruskal) that begins with `anchored`."""
    root = list(range(size))
    forest = []
    for place in chain(anchored, range(len(ends))):
        one, other = (_root(root, end) for end in ends[place])
        if one != other:
            root[one] = other
            forest.append(place)
            if len(forest) == size - 1:
                break
    return forest


def _root(root: list[int], node: int) -> int:
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


def _strongest(ends: Sequence[Line], size: int) -> list[int]:
    """The strongest lines of everybody, strongest first."""
    seen = [0] * size
    strongest = []
    for place, line in enumerate(ends):
        if min(seen[end] for end in line) < STRONGEST_KEPT:
            strongest.append(place)
        for end in line:
            seen[end] += 1
    return strongest


def _spread(
    ends: Sequence[Line], evenly: Sequence[int], picked: set[int], limit: int
) -> Iterable[int]:
    """The lines not picked, so that everybody shows the same share of its own lines.

    Read lazily: what was picked before is known only when the first one is asked for.
    """
    drawn, total = _degrees(ends, picked), _degrees(ends, range(len(ends)))
    quota = {end: -(-count * limit // len(ends)) for end, count in total.items()}
    slack, left = 0, [place for place in evenly if place not in picked]
    while left:
        skipped = []
        for place in left:
            if any(drawn.get(end, 0) >= quota[end] + slack for end in ends[place]):
                skipped.append(place)
                continue
            for end in ends[place]:
                drawn[end] = drawn.get(end, 0) + 1
            yield place
        slack, left = 2 * slack + 1, skipped


def _degrees(ends: Sequence[Line], places: Iterable[int]) -> dict[int, int]:
    degrees: dict[int, int] = {}
    for place in places:
        for end in ends[place]:
            degrees[end] = degrees.get(end, 0) + 1
    return degrees
