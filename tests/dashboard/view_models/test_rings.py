"""Rings as values: names and sentences."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from dashboard.view_models.ring_sentences import borne, likeness
from dashboard.view_models.rings import (
    _THINGS,
    _TIED_BY,
    evidence_table,
    organiser_sentences,
    ring_facts,
    ring_title,
    tie_label,
    tied_by,
)

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


def money(*rows: tuple[bool, str, float]) -> pl.DataFrame:
    """Rows of `pages/rings/money`."""
    schema = {"is_harm": pl.Boolean, "bearer": pl.String, "usd": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def benign(**changes: object) -> pl.DataFrame:
    """`pages/rings/benign`: nothing unless something is said of it."""
    row = {
        "account_count": 9,
        "top_relation": "shares_address",
        "ring_days": 60.0,
        "benign_days": 70.0,
        "ring_shop_share": 0.4,
        "benign_shop_share": 0.3,
        "ring_voucher_share": 0.0,
        "benign_voucher_share": 0.0,
    }
    return pl.DataFrame([row | changes]) if changes else pl.DataFrame([row]).clear()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"ring_days": 9.0, "ring_shop_share": 0.92},
            "an account orders for 9 days (70 days there) and 92% of the orders go to three shops",
        ),
        (
            {"ring_days": 60.0},
            "do not set it apart from 9 accounts with the same addresses who are harmless",
        ),
    ],
)
def test_the_nearest_harmless_group_is_said_with_what_differs(
    changes: dict[str, object], sentence: str
) -> None:
    """Figures that do not differ are not said; where none does, that is."""
    assert sentence in likeness(benign(**changes))[0]


def test_who_pays_is_said_by_bearer() -> None:
    """Money and harm apart, and nothing where there is none."""
    rows = money((False, "merchant", 1200.0), (False, "buyer", 30.0), (True, "rank", 5.0))
    assert borne(rows) == [
        "In the last 30 days it cost shops $1.2K and buyers $30.",
        "Harm beyond money: $5 in ranks it did not earn.",
    ]
    assert borne(money()) == []


def test_an_organiser_is_named_where_somebody_stands_out() -> None:
    """Nobody is named where the evidence singles nobody out."""
    row = ring(organiser_type="creator", organiser_reach=0.875).row(0, named=True)
    assert "One member stands out, a creator: 88% of the others" in organiser_sentences(row)[0]
    nobody = ring(organiser_type=None, organiser_reach=None).row(0, named=True)
    assert organiser_sentences(nobody) == []


def test_ties_stand_beside_what_chance_gives() -> None:
    """A dense ring is dense for who is in it, or it is nothing."""
    row = ring(tied_pairs=38, chance_pairs=2.1, confidence=0.9, alike_count=3, alike_right=3)
    facts = {fact.label: fact.value for fact in ring_facts(row.row(0, named=True))}
    assert facts["Pairs tied, by chance"] == "38 vs 2.1"


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
    row = ring(top_relation=None, first_seen_at=None).row(0, named=True)
    assert tied_by(row) == "Its members meet by trade alone: nothing else ties them."


def test_what_ties_them_reads_as_a_sentence() -> None:
    """Every relation that has a label has words for the brief."""
    assert _TIED_BY.keys() == _THINGS.keys()
    said = tied_by(ring().row(0, named=True))
    assert said.startswith("What ties them is mostly moving together, from 2026")


def test_a_tie_of_no_known_day_is_a_tie() -> None:
    """Shops of one bank account tie, though nobody delivered when they opened."""
    row = ring(first_seen_at=None, last_seen_at=None).row(0, named=True)
    assert tied_by(row) == "What ties them is mostly moving together."
    things = {"relation": "shares_bank_account", "thing_id": "ba_1", "name": None}
    rows = pl.DataFrame(
        {**things, "member_count": 2, "weight": 1.0, "first_seen_at": None, "last_seen_at": None}
    )
    assert evidence_table(rows)["span"].to_list() == [""]


def test_a_relation_nobody_named_is_shown_as_it_is() -> None:
    """A new kind of tie is legible before it has a label."""
    assert tie_label("same_courier") == "Same courier"
