"""The map of rings: near means in common, and a ring is found again where it was."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.rings.places import places

SCHEMA = {
    **dict.fromkeys(("ring_id", "relation", "thing"), pl.String),
    "member_share": pl.Float64,
    "ring_count": pl.Int64,
}
FAMILIES = 6
IDS = [f"rng_{number:02}" for number in range(24)]


def common(ring_ids: list[str] = IDS) -> pl.DataFrame:
    """Rings of six families by number: each family has a device, every two a shop in common."""
    rows = []
    for ring_id in ring_ids:
        family = int(ring_id[-2:]) % FAMILIES
        rows.append((ring_id, "device", f"device:{family}", 0.5))
        rows.append((ring_id, "bought_from", f"merchant:{family // 2}", 0.5))
        rows.append((ring_id, "market", "SG", 1.0))
    frame = pl.DataFrame(
        rows, schema=["ring_id", "relation", "thing", "member_share"], orient="row"
    )
    return frame.with_columns(ring_count=pl.len().over("relation", "thing")).cast(SCHEMA)


def distances(table: pl.DataFrame) -> dict[frozenset[str], float]:
    """Between every two rings."""
    spots = {row[0]: np.array(row[1:]) for row in table.rows()}
    return {
        frozenset((one, other)): float(np.linalg.norm(spots[one] - spots[other]))
        for one in spots
        for other in spots
        if one < other
    }


def test_what_is_in_common_is_near_and_a_device_is_nearer_than_a_shop() -> None:
    """Same device before same shop before the same market only."""
    kinds: dict[str, list[float]] = {"device": [], "shop": [], "market": []}
    for pair, distance in distances(places(IDS, common())).items():
        one, other = (int(ring_id[-2:]) % FAMILIES for ring_id in pair)
        kind = "device" if one == other else "shop" if one // 2 == other // 2 else "market"
        kinds[kind].append(distance)
    assert max(kinds["device"]) < min(kinds["shop"])
    assert max(kinds["shop"]) < min(kinds["market"])


def test_the_same_rings_stand_where_they_stood() -> None:
    """Whatever order they come in, and whatever the last build had."""
    first = places(IDS, common())
    assert places(IDS, common().reverse()).equals(first)
    again = distances(
        first.vstack(
            places(IDS, common(), first).with_columns(ring_id="again " + pl.col("ring_id"))
        )
    )
    assert max(again[frozenset((ring_id, f"again {ring_id}"))] for ring_id in IDS) < 0.02


def test_a_newcomer_moves_nobody_far() -> None:
    """Without the last build the same map may be turned or mirrored."""
    before = places(IDS[:-2], common(IDS[:-2])).with_columns(x="y", y="x")
    now = places(IDS, common(), before)
    both = before.join(now, on="ring_id")
    moves = ((both["x"] - both["x_right"]) ** 2 + (both["y"] - both["y_right"]) ** 2).sqrt()
    assert moves.len() == len(IDS) - 2
    assert moves.median() < 0.25


def test_few_rings_and_none_have_a_map_too() -> None:
    """A small marketplace has one ring, or two, or rings with nothing in common."""
    nothing = pl.DataFrame(schema=SCHEMA)
    for count in range(6):
        table = places(IDS[:count], nothing)
        assert table["ring_id"].to_list() == IDS[:count]
        assert table.select(pl.col("x", "y").is_finite().all()).row(0) == (True, True)
        assert all(distance > 0.05 for distance in distances(table).values())
