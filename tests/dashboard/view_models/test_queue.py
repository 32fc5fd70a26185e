"""The queue's view model: what is shown, what is selected, what is counted."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.cases.standing import Place, Standing
from dashboard.cases.states import CaseState
from dashboard.view_models.case_standings import keys_in
from dashboard.view_models.queue import (
    Page,
    QueueView,
    unexplained,
    with_words,
)

PAGE = Page(1, 2)
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
    "value_usd": 60.0,
    "priority": 2.0,
    "review_minutes": 30.0,
    "opened_on": date(2026, 4, 1),
    "opened_by": "ledger",
    "age_days": 3,
    "community_members": None,
    "lane": "score",
    "probability": 0.9,
    "is_reserved": False,
    "typology_since": None,
    "reopened_by": None,
    "reopened_on": None,
}


def totals(alerts: int) -> pl.DataFrame:
    """A totals row for a number of alerts."""
    row = {"alert_count": alerts, "entity_count": alerts, "critical_count": 1}
    return pl.DataFrame([{**row, "exposure_usd": 1234.0, "review_minutes": 90.0}])


def view(*names: str, selected: str = "", alerts: int = 3) -> QueueView:
    """A page of alerts with these names."""
    rows = [{**ALERT, "alert_id": f"alt_{i}", "name": name} for i, name in enumerate(names)]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return QueueView.of(frame, totals(alerts), {"merchant:mer_1": PROPOSED}, PAGE, selected)


def test_the_first_row_is_marked_until_an_alert_is_chosen() -> None:
    """The mark is an alert id: an unknown one falls back to the first row."""
    assert view("a", "b").selected == 0
    assert view("a", "b", selected="alt_1").selected == 1
    assert view("a", "b", selected="alt_9").selected == 0


def test_an_empty_page_says_whether_the_queue_is_empty_or_the_page_too_far() -> None:
    """Nothing found is a state with a sentence."""
    beyond = QueueView.of(pl.DataFrame(schema=list(ALERT)), totals(3), {}, Page(9, 2))
    nothing = QueueView.of(pl.DataFrame(schema=list(ALERT)), totals(0), {}, PAGE)
    assert beyond.current is None
    assert "beyond the end" in beyond.empty_sentence
    assert nothing.empty_sentence == "No alert matches these filters."


def test_the_page_count_covers_every_alert() -> None:
    """Five alerts two a page are three pages."""
    assert view("a", alerts=5).pages == 3


def test_hostile_names_are_one_visible_line() -> None:
    """Direction overrides show, line breaks go, empty names are named."""
    names = [row.name for row in view("a\u202eb", "x\ny", "").rows]
    assert names == ["a[U+202E]b", "x y", "(no name)"]


def test_a_reason_without_a_feature_is_left_out() -> None:
    """An alert may have one reason only."""
    row = view("a").rows[0]
    assert len(row.reasons) == 1
    assert "50.0%" in row.reasons[0]


def test_the_case_status_is_in_words() -> None:
    """A case state of the casebook reads as a word."""
    assert view("a").rows[0].status == "Proposed"


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
    fresh = {"reopened_by": "typology", "reopened_on": date(2026, 6, 12), "typology_since": None}
    frame = pl.DataFrame([{**ALERT, **fresh}], infer_schema_length=None)
    built = QueueView.of(frame, totals(1), {}, PAGE).rows[0]
    assert built.status == built.news == "Reopened: new typology brushing since 2026-06-12"
    ours = QueueView.of(frame, totals(1), {"merchant:mer_1": PROPOSED}, PAGE).rows[0]
    assert (ours.status, ours.news) == ("Proposed", "")


def test_the_neighbour_is_empty_beyond_the_page() -> None:
    """Stepping off the page is another page's business."""
    page = view("a", "b", selected="alt_1")
    assert page.neighbour(-1) == "alt_0"
    assert page.neighbour(1) == ""


def test_the_row_shows_the_probability_that_its_priority_counts_with() -> None:
    """An alert by signals is not as likely as its low score says."""
    row = {**ALERT, "lane": "signals", "score": 0.05, "probability": 0.5, "name": "a"}
    frame = pl.DataFrame([{**row, "alert_id": "alt_0"}], infer_schema_length=None)
    table = QueueView.of(frame, totals(1), {}, PAGE).table()
    assert table["score"].to_list() == [0.5]
    assert table["lane"].to_list() == ["Signals"]


def test_an_alert_by_signals_is_explained_by_them_not_by_the_score() -> None:
    """What raises a low score most is not why it is here."""
    rows = pl.DataFrame([{**ALERT, "lane": "signals", "score": 0.05}], infer_schema_length=None)
    assert unexplained(rows) == ["merchant:mer_1"]
    worded = with_words(rows, {"merchant:mer_1": ["Parcels weigh nothing"]})
    assert QueueView.of(worded, totals(1), {}, PAGE).rows[0].reasons == ("Parcels weigh nothing",)


def test_an_unproven_row_has_a_dash_for_every_number_that_judges() -> None:
    """A model may have scored it all the same: that is not shown."""
    row = {**ALERT, "lane": "unproven", "score": 0.05, "probability": None, "priority": None}
    frame = with_words(
        pl.DataFrame([row], infer_schema_length=None), {"merchant:mer_1": ["Orders: 8.2 above"]}
    )
    view = QueueView.of(frame, totals(1), {}, PAGE)
    table = view.table()
    assert table.select("score", "priority").row(0) == (None, None)
    assert table["band"].to_list() == [["Unproven"]]
    assert table["lane"].to_list() == ["Unproven"]
    assert table["typology"].to_list() == ["–"]
    assert view.rows[0].probability is None
    assert view.rows[0].reasons == ("Orders: 8.2 above",)
