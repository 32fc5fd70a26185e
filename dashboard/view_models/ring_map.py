"""All rings on one map: near each other by what they share, as large as the money at stake.

Pure: places come from the build, sizes from the list's own money. No two circles cover each
other, and the area of each is in proportion to its money; what is too small for that is a dot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard import text, theme
from dashboard.view_models.apart import pushed_apart
from dashboard.view_models.rings import ring_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

MAP_LIMIT = 500
"""Rings drawn, most money first."""
PAIRS_READ = 2_000
"""Rows of `pages/rings/kinship` that lines are drawn from."""
WIDTH, HEIGHT = 1000.0, 500.0
LARGEST, DOT = 52.0, 4.5
"""Radii of the most money, and of what is too little to be drawn to scale."""
COVERED = 0.16
"""Part of the map that circles cover at most, so that places are still places."""
AIR = 3.0
_ROUNDS = 400
_MARGIN = 10.0
_STEPS = (1.0, 0.25, 0.05)  # of the most money, rounded: what the legend shows
_THINGS = {
    "device": "device",
    "ip": "network",
    "address": "address",
    "payment_token": "payment card",
    "bank_account": "bank account",
    "tracking": "tracking number",
    "image": "picture",
    "text": "review text",
    "bought_from": "shop",
    "bought_via": "creator",
    "bought": "listing",
    "promotes": "promoted listing",
    "sells": "listing sold",
}


@dataclass(frozen=True)
class Spot:
    """One ring on the map, in pixels; `lines` are what is said of it on hover."""

    ring_id: str
    typology: str
    label: str
    lines: tuple[str, ...]
    x: float
    y: float
    radius: float
    is_dot: bool


@dataclass(frozen=True)
class Entry:
    """One line of the legend: a typology, how it is drawn and how many rings are of it."""

    typology: str
    label: str
    look: tuple[int, str] | None
    count: int


@dataclass(frozen=True)
class RingMapView:
    """The map; `pairs` are (ring, ring, what both have), `scale` (radius, money) of the legend."""

    spots: tuple[Spot, ...]
    legend: tuple[Entry, ...]
    pairs: tuple[tuple[str, str, str], ...]
    scale: tuple[tuple[float, str], ...]
    dots_below: str
    width: float
    height: float
    total: int

    @classmethod
    def of(
        cls, rings: pl.DataFrame, places: pl.DataFrame, kinship: pl.DataFrame, chosen: Sequence[str]
    ) -> RingMapView:
        """Rows of `pages/rings/rings`, `places` and `kinship`; only `chosen` rings are drawn.

        Places and sizes are those of all `rings`, so that a filter moves nothing.
        """
        rows = rings.join(places, on="ring_id", maintain_order="left").to_dicts()
        money = [max(row["value_usd"] or 0.0, 0.0) for row in rows]
        factor = _pixels_per_root_dollar(money)
        radii = [factor * math.sqrt(usd) for usd in money]
        points = _placed([(row["x"], row["y"]) for row in rows], radii)
        width, height = _extent(points, radii)
        spots = [
            _spot(row, point, radius)
            for row, point, radius in zip(rows, points, radii, strict=True)
        ]
        kept = set(chosen)
        there = [(spot, row) for spot, row in zip(spots, rows, strict=True) if spot.ring_id in kept]
        return cls(
            tuple(spot for spot, _ in there),
            _legend([row for _, row in there]),
            _pairs(kinship, {spot.ring_id for spot, _ in there}),
            _scale(max(money, default=0.0), factor),
            text.money((DOT / factor) ** 2) if factor else "",
            width,
            height,
            int(rings["total_count"][0]) if len(rings) else 0,
        )


def _pixels_per_root_dollar(money: Sequence[float]) -> float:
    """What the root of an amount is multiplied by, for a radius; 0 where there is no money."""
    most, total = max(money, default=0.0), sum(money)
    if most <= 0:
        return 0.0
    room = math.sqrt(COVERED * WIDTH * HEIGHT / math.pi / total)
    return min(LARGEST / math.sqrt(most), room)


def _placed(places: Sequence[tuple[float, float]], radii: Sequence[float]) -> np.ndarray:
    """Stored places on the map (n, 2), pushed until no circle covers another."""
    if not places:
        return np.zeros((0, 2))
    points = np.asarray(places, dtype=np.float64)
    size = np.array([WIDTH, HEIGHT]) - 2 * (_MARGIN + LARGEST / 2)
    points = (points - points.mean(axis=0)) / np.maximum(np.ptp(points, axis=0), 1e-9) * size
    drawn = np.maximum(radii, DOT)
    moved = pushed_apart(points, drawn[:, None] + drawn[None, :] + AIR, iterations=_ROUNDS)
    return np.asarray(moved - (moved - drawn[:, None]).min(axis=0) + _MARGIN)


def _extent(points: np.ndarray, radii: Sequence[float]) -> tuple[float, float]:
    """Width and height that hold every circle."""
    if not len(points):
        return WIDTH, HEIGHT
    farthest = (points + np.maximum(radii, DOT)[:, None]).max(axis=0) + _MARGIN
    return round(float(farthest[0]), 1), round(float(farthest[1]), 1)


def _spot(row: Mapping[str, Any], point: np.ndarray, radius: float) -> Spot:
    pack = text.plain(row["pack_title"] or "Ring", length=40)
    return Spot(
        ring_id=str(row["ring_id"]),
        typology=str(row["typology"] or ""),
        label=f"{pack}, {int(row['member_count']):,}",
        lines=_lines(row),
        x=round(float(point[0]), 1),
        y=round(float(point[1]), 1),
        radius=round(max(radius, DOT), 2),
        is_dot=radius < DOT,
    )


def _lines(row: Mapping[str, Any]) -> tuple[str, ...]:
    members = text.plural(int(row["member_count"]), "member")
    likely = "" if row["confidence"] is None else text.percent(row["confidence"], digits=0)
    sure = [f"Likely a ring: {likely}"] if likely else []
    return (
        ring_title(row),
        f"{text.money(max(row['value_usd'] or 0.0, 0.0))} of money and harm to save",
        f"{members}, {int(row['alert_count']):,} in the queue",
        " · ".join([*sure, *([text.plain(row["market"])] if row["market"] else [])]),
    )


def _legend(rows: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Typologies on the map, most rings first."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        title = row["pack_title"] or "No one typology"
        key = (str(row["typology"] or ""), text.plain(title, length=60))
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0][1]))
    return tuple(
        Entry(code, title, theme.typology_look(code), count) for (code, title), count in ordered
    )


def _pairs(kinship: pl.DataFrame, drawn: set[str]) -> tuple[tuple[str, str, str], ...]:
    """Of every two drawn rings what both have, in words: `3 networks and 2 shops`."""
    pairs = []
    ends = ("ring_id", "other_ring_id")
    rows = kinship.iter_rows(named=True)
    for (one, other), own in groupby(rows, lambda row: tuple(row[end] for end in ends)):
        if one in drawn and other in drawn:
            words = [_counted(row["relation"], int(row["thing_count"])) for row in own]
            pairs.append((one, other, text.joined(words[:3])))
    return tuple(pairs)


def _counted(relation: str, number: int) -> str:
    thing = _THINGS.get(relation, text.visible(relation).replace("_", " "))
    many = {"address": "addresses", "listing sold": "listings sold"}.get(thing)
    return text.plural(number, thing, many)


def _scale(most: float, factor: float) -> tuple[tuple[float, str], ...]:
    """Circles of the legend: about the most money, a quarter and a twentieth of it."""
    amounts = [_rounded(step * most) for step in _STEPS if step * most > 0]
    circles = [(round(factor * math.sqrt(usd), 2), text.money(usd)) for usd in amounts]
    return tuple(circle for circle in circles if circle[0] >= DOT)


def _rounded(usd: float) -> float:
    """An amount with one significant digit."""
    power = 10.0 ** math.floor(math.log10(usd))
    return max(round(usd / power), 1) * power
