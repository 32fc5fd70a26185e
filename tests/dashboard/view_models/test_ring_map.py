"""The map of rings: areas in proportion to money, nobody covered, a filter moves nothing."""

from __future__ import annotations

import math
from itertools import combinations

import polars as pl
import pytest

from dashboard import theme
from dashboard.view_models.ring_map import DOT, HEIGHT, LARGEST, WIDTH, RingMapView

COUNTS = (
    *("victim_count", "account_count", "shop_count"),
    *("creator_count", "listing_count", "room_count"),
)
MONEY = [4000.0, 1000.0, 250.0, *(90.0 / (n + 1) for n in range(20)), 0.0, -0.5, None]
IDS = [f"rng_{n:010x}" for n in range(len(MONEY))]


def rings() -> pl.DataFrame:
    """Rows of `pages/rings/rings`: of three typologies in turn, the last of none."""
    codes = ["T1_BRUSHING", "T8_ACCOUNT_TAKEOVER", "T15_CROSS_DOMAIN"]
    count = len(MONEY)
    return pl.DataFrame(
        {
            "ring_id": IDS,
            "typology": [*(codes[n % 3] for n in range(count - 1)), None],
            "pack_title": [*(f"<b>{codes[n % 3]}</b>" for n in range(count - 1)), None],
            **{name: [2] * count for name in COUNTS},
            "member_count": [12] * count,
            "alert_count": [3] * count,
            "confidence": [0.9] * count,
            "market": ["SG"] * count,
            "value_usd": MONEY,
            "total_count": [count] * count,
        }
    )


def places() -> pl.DataFrame:
    """Everybody near everybody, two on one spot."""
    count = len(MONEY)
    return pl.DataFrame(
        {
            "ring_id": IDS,
            "x": [0.0, 0.0, *(math.cos(n) * n / 40 for n in range(count - 2))],
            "y": [0.0, 0.0, *(math.sin(n) * n / 40 for n in range(count - 2))],
        }
    )


def kinship(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    """Rows of `pages/rings/kinship`."""
    names = ["ring_id", "other_ring_id", "relation", "thing_count"]
    return pl.DataFrame(rows, schema=names, orient="row")


def view(*chosen: str) -> RingMapView:
    """The map of those chosen, or of all."""
    pairs = kinship(
        (IDS[0], IDS[1], "device", 3), (IDS[0], IDS[1], "address", 2), (IDS[0], IDS[2], "ip", 1)
    )
    return RingMapView.of(rings(), places(), pairs, chosen or IDS)


def test_areas_are_in_proportion_to_money_and_the_rest_are_dots() -> None:
    """Twice the money is twice the area; what is too small to see is hollow and equal."""
    spots = {spot.ring_id: spot for spot in view().spots}
    usd = dict(zip(IDS, MONEY, strict=True))
    drawn = [spot for spot in spots.values() if not spot.is_dot]
    assert len(drawn) > 5
    unit = spots[IDS[0]].radius ** 2 / MONEY[0]
    for spot in drawn:
        assert spot.radius**2 / usd[spot.ring_id] == pytest.approx(unit, rel=0.01)
    dots = [spot for spot in spots.values() if spot.is_dot]
    assert {spot.radius for spot in dots} == {DOT}
    assert {IDS[-1], IDS[-2], IDS[-3]} <= {spot.ring_id for spot in dots}
    assert max(spot.radius for spot in drawn) <= LARGEST


def test_no_circle_covers_another_or_leaves_the_map() -> None:
    """Even where two rings share everything."""
    shown = view()
    for one, other in combinations(shown.spots, 2):
        gap = math.hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius
        assert gap > 0, (one, other)
    for spot in shown.spots:
        assert spot.radius <= spot.x <= shown.width - spot.radius
        assert spot.radius <= spot.y <= shown.height - spot.radius
    assert shown.width < 1.2 * WIDTH
    assert shown.height < 1.2 * HEIGHT


def test_a_filter_moves_nothing() -> None:
    """Whoever is left stands where it stood, as large as it was; lines to the others are gone."""
    every, few = view(), view(IDS[0], IDS[1])
    assert few.spots == every.spots[:2]
    assert (few.scale, few.total) == (every.scale, len(IDS))
    assert few.pairs == ((IDS[0], IDS[1], "3 devices and 2 addresses"),)
    assert len(every.pairs) == 2


def test_the_legend_counts_what_is_drawn() -> None:
    """Each typology once, with the look it has everywhere; a hostile title is text."""
    shown = view()
    assert sum(entry.count for entry in shown.legend) == len(shown.spots)
    assert {entry.typology: entry.look for entry in shown.legend}["T8_ACCOUNT_TAKEOVER"] == (
        theme.typology_look("T8_ACCOUNT_TAKEOVER")
    )
    assert [entry.label for entry in shown.legend if not entry.typology] == ["No one typology"]
    amounts = [radius**2 for radius, _ in shown.scale]
    assert [text for _, text in shown.scale] == ["$4K", "$1K", "$200"]
    assert amounts[0] / amounts[1] == pytest.approx(4, rel=0.01)


def test_a_marketplace_without_money_or_rings_has_a_map() -> None:
    """Nothing to save: dots, and no scale."""
    rows = rings().with_columns(value_usd=pl.lit(0.0))
    shown = RingMapView.of(rows, places(), kinship(), IDS)
    assert all(spot.is_dot for spot in shown.spots)
    assert (shown.scale, shown.dots_below) == ((), "")
    assert RingMapView.of(rings().clear(), places(), kinship(), []).spots == ()


def test_typologies_differ_in_colour_or_style() -> None:
    """The fifteen that come with the product, and one of a team's own is always the same."""
    looks = {theme.typology_look(f"T{number}_X") for number in range(1, 16)}
    assert len(looks) == 15
    own = theme.typology_look("OWN_PATTERN")
    assert own is not None
    assert own == theme.typology_look("OWN_PATTERN")
    assert theme.typology_look(None) is None
