"""Rings as values: names and sentences."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from dashboard.view_models.rings import _THINGS, _TIED_BY, ring_title, tie_label, tied_by

COUNTS = dict.fromkeys(
    ("victim_count", "account_count", "shop_count", "creator_count", "listing_count", "room_count"),
    0,
)


def ring(**changes: object) -> pl.DataFrame:
    """One row of `pages/rings/rings`."""
    day = datetime(2026, 5, 1)  # noqa: DTZ001 - UTC without a zone, as stored
    row = {
        "ring_id": "rng_0000000001",
        "pack_title": "Brushing",
        **COUNTS,
        "account_count": 23,
        "shop_count": 1,
        "member_count": 24,
        "bad_count": 2,
        "good_count": 1,
        "probability": 0.71,
        "first_seen_at": day,
        "last_seen_at": day,
        "density": 0.5,
        "top_relation": "lockstep",
        "alert_count": 0,
        "value_usd": 0.0,
        "review_minutes": 0.0,
    }
    return pl.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Brushing: 23 accounts, 1 shop"),
        ({"pack_title": None, "shop_count": 0}, "Ring: 23 accounts"),
        ({"victim_count": 1, "account_count": 0}, "Brushing: 1 victim, 1 shop"),
    ],
)
def test_a_name_counts_who_is_in_it(changes: dict[str, object], title: str) -> None:
    """Parts that nobody plays are not named."""
    assert ring_title(ring(**changes).row(0, named=True)) == title


def test_a_ring_by_trade_alone_says_so() -> None:
    """Nothing but orders brings its members together."""
    row = ring(first_seen_at=None).row(0, named=True)
    assert tied_by(row) == "Its members meet by trade alone: nothing else ties them."


def test_what_ties_them_reads_as_a_sentence() -> None:
    """Every relation that has a label has words for the brief."""
    assert _TIED_BY.keys() == _THINGS.keys()
    said = tied_by(ring().row(0, named=True))
    assert said.startswith("Tied mostly by moving together, from 2026")


def test_a_relation_nobody_named_is_shown_as_it_is() -> None:
    """A new kind of tie is legible before it has a label."""
    assert tie_label("same_courier") == "Same courier"
