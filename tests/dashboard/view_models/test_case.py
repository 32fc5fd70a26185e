"""A case as values: what is said of it, whom a decision is about, how it came together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from dashboard.cases.states import Verdict
from dashboard.errors import BulkRefused, IncompleteDecision
from dashboard.view_models.case import CaseView, case_minutes, formation, formation_sentence
from dashboard.view_models.case_decision import (
    Choice,
    check_choice,
    kinds_of,
    ticked_sentence,
    typology_of,
)
from dashboard.view_models.impact import impact_sentence
from dashboard.view_models.words import known_packs
from queries.vocabulary import fits_subject

DAY = date(2026, 9, 1)
SCHEMA = {
    **dict.fromkeys(
        ("node_key", "entity_type", "entity_id", "name", "market", "ring_id", "role"), pl.String
    ),
    "joined_by": pl.String,
    "partner_count": pl.Int64,
    "joined_at": pl.Datetime,
    "score": pl.Float64,
    "score_band": pl.String,
    "alert_id": pl.String,
    "lane": pl.String,
    "typology": pl.String,
    "opened_on": pl.Date,
    **dict.fromkeys(
        ("exposure_usd", "held_usd", "horizon_days", "loss_forward_usd", "harm_usd"), pl.Float64
    ),
    **dict.fromkeys(("value_usd", "review_minutes", "member_minutes"), pl.Float64),
    "loss_bearer": pl.String,
    "is_ended": pl.Boolean,
    "label": pl.String,
    "weight": pl.Float64,
    "thing_count": pl.Int64,
    "top_relation": pl.String,
    "is_held_without": pl.Boolean,
    "judged_on": pl.Date,
    "queue_place": pl.Int64,
    "is_moved": pl.Boolean,
}


def member(number: int, **changes: Any) -> dict[str, Any]:
    """A waiting account of a brushing ring; a change of `alert_id` to None takes its alert."""
    row = dict.fromkeys(SCHEMA) | {
        "node_key": f"buyer:b{number}",
        "entity_type": "buyer",
        "entity_id": f"b{number}",
        "name": f"Ann {number}",
        "market": "MY",
        "role": "account",
        "joined_by": "tie",
        "partner_count": 2,
        "joined_at": datetime.combine(DAY, datetime.min.time()),
        "score": 0.9,
        "score_band": "CRIT",
        "alert_id": f"alt_{number}",
        "lane": "score",
        "typology": "T1_BRUSHING",
        "opened_on": DAY,
        "exposure_usd": 100.0,
        "held_usd": 0.0,
        "horizon_days": 14.0,
        "loss_forward_usd": 50.0,
        "harm_usd": 2.0,
        "value_usd": 40.0,
        "review_minutes": 25.0,
        "member_minutes": 3.0,
        "loss_bearer": "buyer",
        "is_ended": False,
        "queue_place": number,
        "is_moved": False,
    }
    return row | changes


def view(*rows: dict[str, Any], **more: Any) -> CaseView:
    """The view of some members."""
    return CaseView.of(pl.DataFrame(list(rows), schema=SCHEMA, orient="row"), **more)


def said(one: CaseView) -> str:
    """Its brief in one string."""
    return " ".join(sentence.text for sentence in one.brief)


def test_a_decision_is_about_who_waits_and_no_victim() -> None:
    """The decided, whoever has no alert and victims are not ticked at first."""
    rows = (
        member(1),
        member(2, alert_id=None, opened_on=None),
        member(3, typology="T8_ACCOUNT_TAKEOVER", role="victim"),
        member(4),
    )
    one = view(*rows, decided=["buyer:b4"])
    assert one.chosen == (0,)
    assert one.waiting == ("buyer:b1", "buyer:b3")
    assert one.table["standing"].to_list() == ["waits", "no alert", "waits", "decided"]


def test_the_brief_adds_up() -> None:
    """Who, how sure, how much by bearer, and what speaks against it."""
    one = view(
        member(1),
        member(2, loss_bearer="merchant", loss_forward_usd=70.0, score=0.2, label="good"),
        member(3, joined_by="trade", held_usd=30.0, horizon_days=3.0),
    )
    text = said(one)
    assert "3 accounts in MY." in text
    assert "2 of 3 are more likely bad than not; before today 1 cleared." in text
    assert "Buyers can still lose $100 and shops $70" in text
    assert "$30 is still held and begins to be paid out in 3 days." in text
    assert "1 member cleared before, 1 in it by trade alone and 1 more likely good" in text
    assert case_minutes(one.rows) == 25.0 + 2 * 3.0


def test_schemes_that_are_not_named_are_counted() -> None:
    """A chain of six names four and says that there are two more."""
    codes = list(known_packs())[:6]
    text = said(view(*(member(n, typology=code) for n, code in enumerate(codes))))
    assert "It looks like " in text
    assert "and 2 other schemes." in text


def test_a_name_that_was_given_stands(
) -> None:  # fmt: skip
    """A case made by hand is called what its maker called it."""
    assert view(member(1), title="Night shift").title == "Night shift"
    assert view(member(1)).title == "Brushing: 1 account"


def test_it_came_together_in_steps() -> None:
    """Counted up to each day, from the rows alone."""
    later = datetime(2026, 9, 9)  # noqa: DTZ001 - UTC without a zone, as stored
    rows = view(member(1), member(2, joined_at=later), member(3, joined_at=later)).rows
    days = formation(rows)
    assert days.rows() == [(DAY, 1, 3), (later.date(), 3, 3)]
    expected = "First tie on 2026-09-01, half of the 3 tied members in by 2026-09-09."
    assert formation_sentence(days) == expected


@pytest.mark.parametrize(
    ("chosen", "kind", "own", "typology"),
    [
        ("T1_BRUSHING", "merchant", "T10_FRAUD_MERCHANT", "T1_BRUSHING"),
        ("T9_REFUND_ABUSE", "live_session", "T14_SCAM_LIVE", "T14_SCAM_LIVE"),
        ("T9_REFUND_ABUSE", "live_session", None, "T9_REFUND_ABUSE"),
    ],
)
def test_each_member_is_decided_for_a_scheme_of_its_kind(
    chosen: str, kind: str, own: str | None, typology: str
) -> None:
    """A chain runs over kinds of risk."""
    assert typology_of(chosen, {"entity_type": kind, "typology": own}) == typology


def test_the_radius_names_what_there_is() -> None:
    """Nothing is not listed; one and many read right."""
    nothing = dict.fromkeys(
        (
            *("waiting_buyers", "order_count", "payout_count", "unqueued_count"),
            *("partner_count", "listing_count", "creator_count"),
        ),
        0,
    ) | {
        "order_usd": 0.0,
        "payout_usd": 0.0,
        "next_payout_day": None,
        "held_usd": 0.0,
        "subjects": 2,
    }
    assert "touches nobody else" in impact_sentence(nothing, 0)
    some = nothing | {"waiting_buyers": 1, "payout_count": 2, "payout_usd": 10.0}
    sentence = impact_sentence(some | {"next_payout_day": DAY}, 3)
    assert "3 of them were cleared before, 1 buyer outside waits for goods and 2 " in sentence
    assert "payouts are still to come ($10)" in sentence
    assert sentence.endswith("the next on 2026-09-01.")


SHOP = member(5, node_key="merchant:m1", entity_type="merchant", entity_id="m1", role="shop")
LISTING = member(6, node_key="product:p1", entity_type="product", entity_id="p1", role="listing")


def choice(verdict: Verdict = Verdict.CONFIRMED, **actions: str) -> Choice:
    """A choice of brushing with these actions by kind."""
    return Choice(verdict, "T1_BRUSHING", actions, ("R",), "Seen by both of us.", 0.75)


def test_each_kind_has_its_own_actions() -> None:
    """The most numerous first, each offered what can be done to it and what its pack names."""
    rows = view(member(1), member(2), SHOP, LISTING).rows
    kinds = kinds_of("T1_BRUSHING", rows)
    assert [one.label for one in kinds] == [
        "Action: 2 accounts",
        "Action: 1 shop",
        "Action: 1 listing",
    ]
    assert all(fits_subject(one, kind.entity_type) for kind in kinds for one in kind.actions)
    assert "listing remove" in kinds[2].recommended
    assert "account suspend" not in kinds[2].recommended
    assert ticked_sentence(rows) == "2 accounts, 1 shop, 1 listing: $400 at risk and $8 of harm."


def test_a_kind_without_an_action_is_named() -> None:
    """Nothing is chosen for anybody; who is cleared needs none."""
    rows = view(member(1), member(2), SHOP).rows
    with pytest.raises(IncompleteDecision, match="no action for 1 shop"):
        check_choice(choice(buyer="WARN"), rows, is_of_filter=False)
    check_choice(choice(buyer="WARN", merchant="WARN"), rows, is_of_filter=False)
    check_choice(choice(Verdict.FALSE_POSITIVE), rows, is_of_filter=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": "good"}, "1 of the ticked was cleared before"),
        ({"typology": "T9_REFUND_ABUSE"}, "1 of the ticked waits for something else than brushing"),
    ],
)
def test_a_filter_accuses_nobody_of_what_it_did_not_list(
    changes: dict[str, Any], sentence: str
) -> None:
    """Whoever was cleared or waits for another scheme is read by a person first."""
    one = view(member(1), member(2, **changes))
    rows, warned = one.rows, choice(buyer="WARN")
    with pytest.raises(BulkRefused, match=sentence):
        check_choice(warned, rows, is_of_filter=True)
    check_choice(warned, rows, is_of_filter=False)
    assert set(one.chosen) == {0, 1}
    assert one.without_cleared().chosen == ((0,) if "label" in changes else (0, 1))
