"""A community in words: who is in it, what ties them and what is known of them."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from dashboard.view_models.community import (
    PAGE_SIZE,
    CommunityListView,
    CommunityView,
    MembersView,
    identifiers_table,
    relation_label,
)
from tests.dashboard.tiny_entities import OVERRIDE

TEXTS = {"score_band": pl.String, "label": pl.String}
FIRST, LAST = (datetime(2026, month, 2) for month in (4, 5))  # noqa: DTZ001 - UTC, as stored
COMMUNITY = {
    "community_id": "com_1",
    "title": OVERRIDE,
    "member_count": 4,
    "merchant_count": 1,
    "creator_count": 0,
    "product_count": 0,
    "buyer_count": 3,
    "confirmed_bad_count": 1,
    "confirmed_good_count": 2,
    "score_mean": 0.55,
    "score_max": None,
    "gmv_usd_30d": 1200.0,
    "refund_usd_30d": 60.0,
    "voucher_usd_30d": 40.0,
    "top_relation": "shares_device",
    "first_seen_at": FIRST,
    "last_seen_at": LAST,
    "total_count": 51,
}


def test_the_make_up_leaves_out_what_is_not_there() -> None:
    """Counts of the types that occur, the strongest tie and the span in one line."""
    view = CommunityView.of(pl.DataFrame([COMMUNITY]), pl.DataFrame())
    assert view.headline == (
        "1 merchant · 3 buyers · mostly same device · seen 2026-04-02 to 2026-05-02"
    )
    assert view.title == "abc[U+202E]gnp.exe"
    undated = COMMUNITY | {"first_seen_at": None, "last_seen_at": None}
    view = CommunityView.of(pl.DataFrame([undated]), pl.DataFrame())
    assert view.headline == "1 merchant · 3 buyers · mostly same device"


def test_what_nobody_counted_is_a_dash() -> None:
    """Without an alert there is no money at risk; a missing score is shown as none."""
    facts = {
        fact.label: fact.value
        for fact in CommunityView.of(pl.DataFrame([COMMUNITY]), pl.DataFrame()).facts
    }
    assert facts["At risk"] == facts["Cost if wrong"] == "–"
    assert facts["Bad / good"] == "1 / 2"
    assert facts["Highest score"] == "0.000"


def test_the_list_has_a_page_for_every_community() -> None:
    """Fifty-one communities are three pages of twenty-five."""
    view = CommunityListView.of(pl.DataFrame([COMMUNITY]))
    assert (view.total, view.pages, PAGE_SIZE) == (51, 3, 25)
    assert view.table["top_relation"].to_list() == ["same device"]


def test_a_member_without_a_score_or_a_verdict_says_so() -> None:
    """Unknown is a word, never a zero."""
    row = {"entity_type": "buyer", "entity_id": "buy_1", "name": "", "market": "SG"}
    row |= {"score": None, "score_band": None, "label": None, "weight": 1.4, "total_count": 1}
    view = MembersView.of(pl.DataFrame([row], schema_overrides=TEXTS))
    assert view.keys == ("buyer:buy_1",)
    assert view.table.select("name", "entity", "label").row(0) == ("(no name)", "Buyer", "unknown")
    assert view.table["band"].to_list() == [["No score"]]


def test_ties_read_as_words_whatever_they_are() -> None:
    """A relation or an identifier that we have no word for still reads."""
    assert relation_label("shares_moon_phase") == "shares moon phase"
    row = {"relation": "moon", "identifier_id": "m_…1", "member_count": 2, "degree": 3}
    assert identifiers_table(pl.DataFrame([row | {"weight": 0.9}]))["relation"][0] == "Other"
