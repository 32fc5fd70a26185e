"""Whoever waits in a case: name, reasons, and what was said before."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.cases.standing import Place, Standing
from dashboard.cases.states import CaseState
from dashboard.view_models.case_standings import keys_in
from dashboard.view_models.waiting import (
    Member,
    member_table,
    members_of,
    signals_said,
    unexplained,
    with_words,
)

PROPOSED = Standing(Place.PROPOSED, CaseState.PROPOSED)
ALERT = {
    "alert_id": "alt_1",
    "entity_type": "merchant",
    "entity_id": "mer_1",
    "name": "Shop",
    "market": "MY",
    "typology": "T1_BRUSHING",
    "score": 0.9,
    "score_band": "CRIT",
    "reason_1": "refund_rate_30d",
    "reason_1_value": 0.5,
    "reason_1_peer": 0.1,
    "reason_2": None,
    "reason_2_value": None,
    "reason_2_peer": None,
    "exposure_usd": 100.0,
    "opened_on": date(2026, 4, 1),
    "opened_by": "ledger",
    "age_days": 3,
    "lane": "score",
    "probability": 0.9,
    "typology_since": None,
    "judged_label": None,
    "judged_on": None,
    "reopened_by": None,
    "reopened_on": None,
}


def frame(**changes: Any) -> pl.DataFrame:
    """One alert."""
    return pl.DataFrame([{**ALERT, **changes}], infer_schema_length=None)


def member(case: Standing | None = None, **changes: Any) -> Member:
    """The one who waits with it."""
    return members_of(frame(**changes), {"merchant:mer_1": case} if case else {}, {})[0]


def test_hostile_names_are_one_visible_line() -> None:
    """Direction overrides show, line breaks go, empty names are named."""
    names = [member(name=name).name for name in ("a\u202eb", "x\ny", "")]
    assert names == ["a[U+202E]b", "x y", "(no name)"]


def test_a_reason_without_a_feature_is_left_out() -> None:
    """An alert may have one reason only; in a row it stands without its peers."""
    own = member()
    assert len(own.reasons) == 1
    assert own.reasons[0].startswith("50.0 refund requests per 100 orders in ")
    assert own.brief == "50.0 refund requests per 100 orders"


def test_the_earlier_verdict_is_said_before_anything_else() -> None:
    """Bad or good, with its day; the state of the case only where there is none."""
    day = date(2026, 7, 3)
    assert member(judged_label="bad", judged_on=day).earlier == f"Confirmed bad on {day}"
    assert member(judged_label="good", judged_on=day).earlier == f"Cleared on {day}"
    judged, new = member(judged_label="bad", judged_on=day), member(PROPOSED)
    assert member_table((judged, new))["earlier"].to_list() == [judged.earlier, "Proposed"]


def test_a_case_stands_on_one_list() -> None:
    """Each list names its own."""
    places = {
        "a:1": Standing(Place.PROPOSED, CaseState.PROPOSED),
        "a:2": Standing(Place.OPEN, CaseState.RETURNED),
        "a:4": Standing(Place.DECIDED, CaseState.CLOSED),
        "a:3": Standing(Place.DECIDED, CaseState.CLOSED_NO_ACTION),
    }
    assert keys_in(places, Place.DECIDED) == ["a:3", "a:4"]
    assert keys_in(places, Place.PROPOSED) == ["a:1"]


def test_who_was_judged_before_says_what_is_new() -> None:
    """Without a case the build knows it; a case of ours knows better."""
    fresh = {"reopened_by": "typology", "reopened_on": date(2026, 6, 12)}
    assert member(**fresh).status == "Reopened: new typology brushing since 2026-06-12"
    assert member(PROPOSED, **fresh).status == "Proposed"


def test_an_alert_by_signals_is_explained_by_them_not_by_the_score() -> None:
    """What raises a low score most is not why it is here."""
    rows = frame(lane="signals", score=0.05, probability=0.5)
    assert unexplained(rows) == ["merchant:mer_1"]
    fired = pl.DataFrame([("merchant:mer_1", "T0_NONE", "LIGHT_PARCELS", 0.8)], orient="row")
    worded = with_words(rows, signals_said(fired))
    own = members_of(worded, {}, {})[0]
    assert own.reasons == ("Light parcels",)
    assert own.probability == 0.5


def test_an_unproven_member_has_a_dash_for_every_number_that_judges() -> None:
    """A model may have scored it all the same: that is not shown."""
    row = frame(lane="unproven", score=0.05, probability=None)
    own = members_of(with_words(row, {"merchant:mer_1": ["Orders: 8.2 above"]}), {}, {})[0]
    assert (own.probability, own.band, own.typology) == (None, "Unproven", "–")
    assert own.reasons == ("Orders: 8.2 above",)
