"""Rings as values: names, sentences, and where members stand."""

from __future__ import annotations

from datetime import datetime
from math import hypot

import polars as pl
import pytest

from dashboard.view_models.ring_places import INNER, MIDDLE, OUTER, with_places
from dashboard.view_models.rings import _THINGS, _TIED_BY, RingView, ring_title, tie_label

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
        "tied_pairs": 38,
        "chance_pairs": 2.06,
        "organiser_type": None,
        "organiser_reach": None,
        "confidence": 0.96,
        "alike_count": 25,
        "alike_right": 25,
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
            "an account orders over 9 days (70 there) and 92% of the orders go to three shops",
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
    assert sentence in RingView.of(ring(), money(), benign(**changes)).brief[-1]


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


def test_the_brief_says_what_is_not_known() -> None:
    """No queue, no ties, victims: each has its sentence."""
    brief = " ".join(RingView.of(ring(), money(), benign()).brief)
    assert "nobody has decided on 21." in brief
    assert "None of its members waits in the queue." in brief
    by_trade = RingView.of(ring(first_seen_at=None, victim_count=2), money(), benign()).brief
    assert by_trade[0] == "Its members meet by trade alone: nothing else ties them."
    assert by_trade[-1] == "2 members of it are victims: protect, do not penalise."


def test_the_brief_says_who_stands_out_and_who_pays() -> None:
    """Money and harm by who bears them; of an organiser nothing where nobody stands out."""
    rows = money((False, "merchant", 1200.0), (False, "buyer", 30.0), (True, "rank", 5.0))
    brief = RingView.of(ring(organiser_type="creator", organiser_reach=0.875), rows, benign()).brief
    assert "One member stands out, a creator: 88% of the others" in brief[1]
    assert brief[2] == "In 30 days it cost shops $1.2K and buyers $30."
    assert brief[3] == "Harm: ranks it did not earn $5."
    nobody = " ".join(RingView.of(ring(), money(), benign()).brief)
    assert "stands out" not in nobody
    assert "30 days" not in nobody


def test_ties_stand_beside_what_chance_gives() -> None:
    """A dense ring is dense for who is in it, or it is nothing."""
    facts = {fact.label: fact.value for fact in RingView.of(ring(), money(), benign()).facts}
    assert facts["Pairs tied"] == "38, by chance 2.1"


def test_what_ties_them_reads_as_a_sentence() -> None:
    """Every relation that has a label has words for the brief."""
    assert _TIED_BY.keys() == _THINGS.keys()
    assert (
        RingView.of(ring(), money(), benign())
        .brief[0]
        .startswith("Tied mostly by moving together, from 2026")
    )


def test_a_relation_nobody_named_is_shown_as_it_is() -> None:
    """A new kind of tie is legible before it has a label."""
    assert tie_label("same_courier") == "Same courier"


def test_workers_stand_around_the_shop_they_serve() -> None:
    """Shops within, listings between, accounts without; each nearest to its own shop."""
    nodes = pl.DataFrame(
        [("merchant:a", "merchant"), ("merchant:b", "merchant"), ("product:p", "product")]
        + [(f"buyer:{n}", "buyer") for n in range(8)],
        schema=["node_key", "entity_type"],
        orient="row",
    )
    trade = [(f"buyer:{n}", "merchant:a" if n < 4 else "merchant:b") for n in range(8)]
    edges = pl.DataFrame([*trade, ("merchant:a", "product:p")], schema=["src", "dst"], orient="row")
    placed = with_places(nodes, edges)
    assert placed.equals(with_places(nodes, edges.reverse()))
    at = {key: (x, y) for key, x, y in placed.select("node_key", "x", "y").iter_rows()}
    assert {round(hypot(*at[f"buyer:{n}"]), 6) for n in range(8)} == {OUTER}
    assert round(hypot(*at["merchant:a"]), 6) == INNER
    assert round(hypot(*at["product:p"]), 6) == MIDDLE

    def gap(one: str, other: str) -> float:
        return hypot(at[one][0] - at[other][0], at[one][1] - at[other][1])

    mean_own = sum(gap(*pair) for pair in trade) / 8
    mean_other = (
        sum(gap(f"buyer:{n}", "merchant:b" if n < 4 else "merchant:a") for n in range(8)) / 8
    )
    assert mean_own < mean_other
