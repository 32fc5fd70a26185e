"""Where the members of a ring stand: sellers in the middle, accounts around those they serve.

A force layout of a ring is a hairball, because everybody is tied to everybody; by roles one
reads at a glance who works for which shop. Deterministic, pure, no Streamlit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SELLERS = ("merchant", "creator")
_GOODS = ("product", "live_session")
INNER, MIDDLE, OUTER = 0.35, 0.62, 1.0
"""Radii of sellers, of their listings and rooms, and of accounts."""

Point = tuple[float, float]


def with_places(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """`nodes` (node_key, entity_type) with x and y in -1..1, `edges` by src and dst."""
    keys: list[str] = nodes["node_key"].to_list()
    types = dict(zip(keys, nodes["entity_type"].to_list(), strict=True))
    partners = _partners(edges)
    sellers = sorted(key for key in keys if types[key] in _SELLERS)
    angle = {key: 2 * math.pi * place / len(sellers) for place, key in enumerate(sellers)}
    points: dict[str, Point] = _on_circle(angle, INNER if len(sellers) > 1 else 0.0)
    for radius, group in ((MIDDLE, _GOODS), (OUTER, ("buyer",))):
        own = [key for key in keys if types[key] in group]
        points |= _on_circle(_spread(own, partners, angle), radius)
    return nodes.with_columns(
        pl.Series("x", [points[key][0] for key in keys], dtype=pl.Float64),
        pl.Series("y", [points[key][1] for key in keys], dtype=pl.Float64),
    )


def _partners(edges: pl.DataFrame) -> dict[str, list[str]]:
    partners: dict[str, list[str]] = {}
    for src, dst in edges.select("src", "dst").iter_rows():
        partners.setdefault(src, []).append(dst)
        partners.setdefault(dst, []).append(src)
    return partners


def _spread(
    keys: Sequence[str], partners: Mapping[str, Sequence[str]], angle: Mapping[str, float]
) -> dict[str, float]:
    """An even angle each, in the order of the sellers they have to do with."""
    wanted = {
        key: _mean_angle([angle[one] for one in partners.get(key, ()) if one in angle])
        for key in keys
    }
    ordered = sorted(keys, key=lambda key: (wanted[key], key))
    return {key: 2 * math.pi * place / len(ordered) for place, key in enumerate(ordered)}


def _mean_angle(angles: Sequence[float]) -> float:
    """Direction of the sum of the angles, 0 to 2 pi; after all others where there is none."""
    if not angles:
        return 2 * math.pi
    return math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))) % (2 * math.pi)


def _on_circle(angle: Mapping[str, float], radius: float) -> dict[str, Point]:
    return {key: (radius * math.cos(at), radius * math.sin(at)) for key, at in angle.items()}
