"""Rows of `communities.members`: how strongly each member is tied, and where it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.communities.layout import Group, pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.settings.build import CommunitySettings


def member_rows(
    named: pl.DataFrame, inside: pl.DataFrame, settings: CommunitySettings
) -> pl.DataFrame:
    """Rows of `communities.members` (and `node`): weighted degree and coordinates."""
    pairs = inside.group_by("community_id", "src", "dst", maintain_order=True).agg(
        pl.col("weight").sum()
    )
    ends = pl.concat([pairs.select("weight", node=end) for end in ("src", "dst")])
    degree = ends.group_by("node", maintain_order=True).agg(pl.col("weight").sum())
    members = named.join(degree, on="node", how="left").with_columns(
        pl.col("weight").fill_null(0.0)
    )
    members = members.sort(
        "community_id", "weight", "node", descending=[False, True, False]
    ).with_columns(place=pl.int_range(pl.len()).over("community_id"))
    places = members.select("node", "place")
    links = pairs.join(places, left_on="src", right_on="node").join(
        places, left_on="dst", right_on="node", suffix="_dst"
    )
    points = _coordinates(members, links.sort("community_id", "src", "dst"), settings)
    return members.select(
        *("node", "community_id", "entity_type", "entity_id", "weight"),
        x=pl.Series(points[:, 0]),
        y=pl.Series(points[:, 1]),
    )


def _coordinates(
    members: pl.DataFrame, links: pl.DataFrame, settings: CommunitySettings
) -> NDArray[np.float64]:
    """Coordinates (members, 2); both frames are ordered by community."""
    ends = links.select("place", "place_dst").to_numpy()
    weights = links["weight"].to_numpy()
    sizes = members.group_by("community_id", maintain_order=True).agg(size=pl.len())
    edges = links.group_by("community_id").agg(edges=pl.len())
    counted = sizes.join(edges, on="community_id", how="left", maintain_order="left")
    groups, start = [], 0
    for size, count in counted.select("size", pl.col("edges").fill_null(0)).iter_rows():
        own = slice(start, start + count)
        groups.append(Group(size, ends[own], weights[own]))
        start += count
    return np.concatenate([np.zeros((0, 2)), *pictures(groups, settings)])
