"""Where the members of a ring stand: sellers within, accounts around those they serve.

A force layout of a ring is a hairball, because everybody is tied to everybody; by roles one
reads at a glance who works for which shop. Each seller has a sector as wide as the accounts
that serve it most, its listings between it and them; accounts that are tied stand side by
side. Deterministic, pure, no Streamlit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SELLERS = ("merchant", "creator")
_GOODS = ("product", "live_session")
SPACING = 64.0
"""Pixels from one account to the next: the largest node and some air."""
ROW = 54.0
"""Pixels from one row of accounts to the next."""
ASPECT = 1.9
"""Width to height of a graph panel."""
INNER, MIDDLE = 0.36, 0.68
"""Radii of sellers and of their listings and rooms, of that of the accounts, at least."""
_GOODS_WIDTH = 1.25  # places of accounts that one listing needs further in
_LEAST_RADIUS = 120.0  # of a ring of three
_SELLER_GAP, _GOODS_GAP, _RING_GAP = 96.0, 72.0, 56.0
_ROWS = ((40, 1), (110, 2), (240, 3))  # up to so many accounts, in so many rows
_MOST_ROWS = 4
_MEMORY = 0.7  # of ties to those placed before the last one, when the next is chosen
_FRIEND_STEPS = 3  # from an account that deals with a seller to who stands beside it
_SAMPLES = 720

Point = tuple[float, float]


@dataclass(frozen=True)
class Sector:
    """A part of the ellipse: a seller (or nobody), its listings and rooms, its accounts."""

    seller: str | None
    goods: tuple[str, ...]
    outer: tuple[str, ...]


def with_places(nodes: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """`nodes` (node_key, entity_type) with x, y in pixels and `home`, the seller each serves.

    `edges` have src, dst and, where it is known, weight. A seller's own home is null, and
    so is that of whoever deals with none of the sellers.
    """
    keys: list[str] = nodes["node_key"].to_list()
    ties = _ties(edges)
    sectors, home = _sectors(nodes, ties)
    points = _points(sectors)
    return nodes.with_columns(
        pl.Series("x", [round(points[key][0], 1) for key in keys], dtype=pl.Float64),
        pl.Series("y", [round(points[key][1], 1) for key in keys], dtype=pl.Float64),
        pl.Series("home", [home.get(key) for key in keys], dtype=pl.String),
    )


def _ties(edges: pl.DataFrame) -> dict[str, dict[str, float]]:
    weight = pl.col("weight").fill_null(0.0) if "weight" in edges.columns else pl.lit(1.0)
    ties: dict[str, dict[str, float]] = {}
    rows = edges.select("src", "dst", weight.alias("weight")).sort("src", "dst", "weight")
    for src, dst, strength in rows.iter_rows():
        for one, other in ((src, dst), (dst, src)):
            near = ties.setdefault(one, {})
            near[other] = near.get(other, 0.0) + strength
    return ties


def _sectors(
    nodes: pl.DataFrame, ties: Mapping[str, Mapping[str, float]]
) -> tuple[list[Sector], dict[str, str]]:
    types = dict(nodes.select("node_key", "entity_type").iter_rows())
    sellers = sorted(key for key in types if types[key] in _SELLERS)
    others = sorted(key for key in types if types[key] not in _SELLERS)
    home = {key: seller for key in others if (seller := _main(ties.get(key, {}), sellers))}
    ordered = _side_by_side(sellers, _shared(sellers, home, ties))
    goods_outside = not any(types[key] not in _GOODS for key in others)
    place = _with_friends(others, home, ties)
    sectors = []
    for seller in [*ordered, None]:
        own = [key for key in others if place.get(key) == seller]
        goods = [key for key in own if types[key] in _GOODS and not goods_outside]
        outer = _side_by_side([key for key in own if key not in set(goods)], ties)
        if own or seller:
            sectors.append(Sector(seller, tuple(goods), tuple(outer)))
    return sectors, home


def _main(near: Mapping[str, float], sellers: Sequence[str]) -> str | None:
    """The seller somebody deals with most."""
    own = [seller for seller in sellers if seller in near]
    return min(own, key=lambda seller: (-near[seller], seller)) if own else None


def _with_friends(
    keys: Sequence[str], home: Mapping[str, str], ties: Mapping[str, Mapping[str, float]]
) -> dict[str, str]:
    """Whose sector each stands in: its home, else that of those it is tied to most."""
    place = dict(home)
    for _ in range(_FRIEND_STEPS):
        pulls: dict[str, dict[str, float]] = {}
        for key in keys:
            for other, strength in ties.get(key, {}).items() if key not in place else ():
                if other in place:
                    pull = pulls.setdefault(key, {})
                    pull[place[other]] = pull.get(place[other], 0.0) + strength
        place |= {key: min(pull, key=lambda one: (-pull[one], one)) for key, pull in pulls.items()}
    return place


def _shared(
    sellers: Sequence[str], home: Mapping[str, str], ties: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """How much the accounts of each seller deal with each other one."""
    shared: dict[str, dict[str, float]] = {seller: {} for seller in sellers}
    for key, own in home.items():
        for seller in sellers:
            if seller != own and seller in ties.get(key, {}):
                for one, other in ((own, seller), (seller, own)):
                    shared[one][other] = shared[one].get(other, 0.0) + 1.0
    return shared


def _side_by_side(keys: Sequence[str], ties: Mapping[str, Mapping[str, float]]) -> list[str]:
    """`keys` so that the tied stand together: each next is the one most tied to the last few."""
    left = dict.fromkeys(keys, 0.0)
    strength = {key: sum(ties.get(key, {}).get(one, 0.0) for one in keys) for key in keys}
    ordered: list[str] = []
    while left:
        chosen = min(left, key=lambda key: (-left[key], -strength[key], key))
        del left[chosen]
        ordered.append(chosen)
        near = ties.get(chosen, {})
        left = {key: _MEMORY * pull + near.get(key, 0.0) for key, pull in left.items()}
    return ordered


def _points(sectors: Sequence[Sector]) -> dict[str, Point]:
    accounts = sum(len(sector.outer) for sector in sectors)
    rows = next((rows for most, rows in _ROWS if accounts <= most), _MOST_ROWS)
    widths = [_width(sector, rows) for sector in sectors]
    gap = 1.0 if len(sectors) > 1 else 0.0
    slots = max(sum(widths) + gap * len(sectors), 1.0)
    inner, middle, outer = _radii(sectors, slots)
    points: dict[str, Point] = {}
    middles: dict[str, float] = {}
    start = 0.0
    for sector, width in zip(sectors, widths, strict=True):
        span = (start + gap / 2, start + gap / 2 + width)
        points |= _rows(sector.outer, (span, slots), outer, rows)
        points |= _spread(sector.goods, (span, slots), middle)
        if sector.seller:
            middles[sector.seller] = sum(span) / 2 / slots
        start += width + gap
    for seller, share in _spread_out(middles, inner).items():
        points[seller] = _on_ellipse(share, inner)
    return points


def _width(sector: Sector, rows: int) -> int:
    """Places on the outer ellipse: for its accounts, its listings on a smaller one, itself."""
    goods = math.ceil(_GOODS_WIDTH * len(sector.goods))
    return max(math.ceil(len(sector.outer) / rows), goods, 2 if sector.seller else 1)


def _spread_out(middles: Mapping[str, float], radius: float) -> dict[str, float]:
    """`middles` of the sectors round the ellipse; evenly spaced where two would be too close."""
    shares = list(middles.values())
    if not shares:
        return {}
    gaps = [after - before for before, after in pairwise([*shares, shares[0] + 1])]
    least = min(_SELLER_GAP / max(radius * float(_LENGTHS[-1]), 1.0), 0.999 / len(shares))
    if min(gaps) >= least:
        return dict(middles)
    return {seller: shares[0] + n / len(shares) for n, seller in enumerate(middles)}


def _radii(sectors: Sequence[Sector], slots: float) -> tuple[float, float, float]:
    """Of sellers, listings and accounts; upright radii in pixels."""
    sellers = sum(1 for sector in sectors if sector.seller)
    goods = sum(len(sector.goods) for sector in sectors)
    round_trip = float(_LENGTHS[-1])
    inner = max(sellers * _SELLER_GAP / round_trip, _SELLER_GAP) if sellers > 1 else 0.0
    middle = max(goods * _GOODS_GAP / round_trip, inner + _RING_GAP) if goods else inner
    outer = max(slots * SPACING / round_trip, middle + _RING_GAP, _LEAST_RADIUS)
    if sellers > 1:
        inner = max(inner, INNER * outer)
    return inner, max(middle, MIDDLE * outer, inner + 0.4 * (outer - inner)), outer


def _rows(
    keys: Sequence[str], place: tuple[tuple[float, float], float], radius: float, rows: int
) -> dict[str, Point]:
    """Accounts column by column, every second row half a place on."""
    (start, end), slots = place
    columns = math.ceil(len(keys) / rows) or 1
    step = (end - start) / columns
    points = {}
    for number, key in enumerate(keys):
        column, row = divmod(number, rows)
        at = start + (column + (0.25 + 0.5 * (row % 2) if rows > 1 else 0.5)) * step
        points[key] = _on_ellipse(at / slots, radius + row * ROW)
    return points


def _spread(
    keys: Sequence[str], place: tuple[tuple[float, float], float], radius: float
) -> dict[str, Point]:
    (start, end), slots = place
    step = (end - start) / max(len(keys), 1)
    return {
        key: _on_ellipse((start + (number + 0.5) * step) / slots, radius)
        for number, key in enumerate(keys)
    }


def _on_ellipse(share: float, radius: float) -> Point:
    """The point after a `share` of the way round, clockwise from the top."""
    angle = float(np.interp(share % 1.0 * _LENGTHS[-1], _LENGTHS, _ANGLES))
    return ASPECT * radius * math.sin(angle), -radius * math.cos(angle)


def _lengths() -> np.ndarray:
    """Way round the ellipse of upright radius 1 up to each of _ANGLES."""
    at = [(ASPECT * math.sin(angle), -math.cos(angle)) for angle in _ANGLES]
    return np.cumsum([0.0, *(math.dist(*pair) for pair in pairwise(at))])


_ANGLES = np.linspace(0.0, 2 * math.pi, _SAMPLES + 1)
_LENGTHS = _lengths()
