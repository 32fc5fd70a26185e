"""Earlier verdicts: one sentence in order, who and why behind it, nobody's victim called bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.cases.states import Verdict
from dashboard.view_models.earlier_verdicts import (
    LABEL,
    EarlierView,
    changes_since,
    earlier_by_key,
    earlier_verdicts,
    last_of,
    short_verdict,
    verdict_table,
    whole_verdict,
    with_casebook,
)
from queries.vocabulary import NEW_PATTERN
from tests.dashboard.decisions import DECISION
from tests.dashboard.tiny_entities import at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.cases.records import Decision

JULY, AUGUST, SEPTEMBER = (date(2026, month, 3) for month in (7, 8, 9))


def label(day: date, said: str, typology: str | None = None, **more: Any) -> dict[str, Any]:
    """A row of the query about one merchant."""
    decided = at(day, 9)
    row = (
        "merchant:mer_1",
        f"lab_{day}",
        said,
        typology,
        "complaint",
        "ana_03",
        decided,
        day,
        None,
    )
    return dict(zip(LABEL, row, strict=True)) | more


def view_of(labels: list[dict[str, Any]], decisions: Sequence[Decision] = ()) -> EarlierView:
    """The view of a subject that somebody judged."""
    view = earlier_verdicts(labels, decisions)
    assert view is not None
    return view


def test_verdicts_are_told_in_the_order_they_were_given() -> None:
    """The build's and the casebook's, a decision that the build has learnt once."""
    cleared = replace(DECISION, data_day=AUGUST)
    learnt = label(AUGUST, "good", label_id=f"lab_{cleared.decision_id}")
    view = view_of([learnt, label(JULY, "bad", "T1_BRUSHING")], [cleared])
    assert view.sentence == "Confirmed bad for brushing on 2026-07-03, cleared on 2026-08-03"


def test_what_nobody_judged_has_no_sentence() -> None:
    """So that the line is there for those only who were judged."""
    assert earlier_verdicts([]) is None


def test_a_verdict_that_was_taken_back_says_so() -> None:
    """It stands no more, and nothing stands in its place."""
    row = label(JULY, "bad", taken_back_on=SEPTEMBER)
    view = view_of([row])
    assert view.sentence == "Confirmed bad on 2026-07-03, taken back on 2026-09-03"
    assert view.last.headline == "Confirmed bad on 2026-07-03, taken back on 2026-09-03"


def test_a_victim_is_not_called_bad() -> None:
    """Neither by a label of such a typology nor by a verdict; a new pattern is named so."""
    row = label(JULY, "bad", "T8_ACCOUNT_TAKEOVER")
    wronged = replace(DECISION, verdict=Verdict.VICTIM, data_day=AUGUST)
    novel = replace(DECISION, verdict=Verdict.LIKELY, typology=NEW_PATTERN, data_day=SEPTEMBER)
    assert view_of([row], [wronged, novel]).sentence == (
        "Confirmed to be a victim of account takeover on 2026-07-03, "
        "found to be a victim on 2026-08-03, likely bad for a new pattern on 2026-09-03"
    )


def test_the_latest_are_told_and_earlier_ones_counted() -> None:
    """A long history stays one line."""
    rows = [label(date(2026, 1, day), "good") for day in range(1, 6)]
    sentence = view_of(rows).sentence
    assert sentence.startswith("Cleared on 2026-01-03, ")
    assert sentence.endswith("cleared on 2026-01-05 (2 more before)")


def test_each_subject_has_its_own_sentence() -> None:
    """By key, also where one source alone knows it."""
    labels = pl.DataFrame([label(JULY, "good")], schema_overrides={"taken_back_on": pl.Date})
    said = earlier_by_key(labels, {"buyer:buy_1": [replace(DECISION, data_day=JULY)]})
    assert {key: view.sentence for key, view in said.items()} == {
        "merchant:mer_1": "Cleared on 2026-07-03",
        "buyer:buy_1": "Cleared on 2026-07-03",
    }
    assert earlier_by_key(labels.clear(), {}) == {}


def test_a_decision_says_who_when_and_why() -> None:
    """By both clocks, in the pack's words for its reasons; the name cannot be a link here."""
    verdict = view_of([], [replace(DECISION, data_day=AUGUST)]).last
    assert verdict.who == "[ann](https://evil.example), no action"
    assert verdict.clocks.startswith("Recorded 2026-")
    assert verdict.clocks.endswith("on 2026-08-03 of the data")
    assert verdict.reasons[-1] == "GONE"
    assert not verdict.reasons[0].startswith("T1.")
    assert verdict.note == "seen **it**"


def test_a_delivered_label_says_its_source() -> None:
    """Who gave it and after what; that it came without reasons is said, not passed over."""
    verdict = view_of([label(JULY, "good")]).last
    assert verdict.who == "ana_03, after a complaint"
    assert verdict.clocks == "Delivered: decided 2026-07-03 09:00 UTC, known 2026-07-03"
    assert "without reasons" in verdict.reasons[0]
    unnamed = view_of([label(JULY, "bad", analyst_id=None, source="chargeback")]).last
    assert unnamed.who == "Nobody named, after a chargeback"


def test_what_is_new_since_is_told() -> None:
    """Signals, both probabilities, the ring and the orders; of nothing new nothing."""
    verdict = view_of([], [replace(DECISION, data_day=AUGUST)]).last
    conduct = {
        "order_count": 2,
        "paid_usd": 30.0,
        "refund_count": 1,
        "tied_at": at(SEPTEMBER, 9),
    }
    signals = [("T1_BRUSHING", f"S{number}") for number in range(5)]
    told = changes_since(verdict, conduct, signals, 0.25)
    assert told[3:] == (
        "2 more new signals",
        "Probability 0.900 then, 0.250 now",
        "Tied to its ring since 2026-09-03",
        "2 orders for $30",
        "1 refund request",
    )
    assert changes_since(verdict, {"order_count": 0, "refund_count": 0, "tied_at": None}, []) == ()


def test_a_verdict_of_the_casebook_says_whose_it_is_and_why() -> None:
    """Short for a cell; whole with its grounds and its note. A victim is not called bad."""
    made = replace(DECISION, data_day=JULY, decided_by="ann", note="Cards of one family.")
    assert short_verdict(made) == "Cleared on 2026-07-03 by ann"
    assert whole_verdict(made).startswith("Cleared on 2026-07-03 by ann, brushing · ")
    assert whole_verdict(made).endswith("GONE · Cards of one family.")
    wronged = replace(made, verdict=Verdict.CONFIRMED, typology="T8_ACCOUNT_TAKEOVER")
    assert short_verdict(wronged).startswith("Confirmed a victim on")
    table = verdict_table({"buyer:buy_1": made}, {"buyer:buy_1": "Tan"})
    assert table.row(0)[:3] == ("Tan", "Cleared on 2026-07-03 by ann", "Brushing")


def test_the_later_word_counts() -> None:
    """Of the casebook and of a delivered verdict; one that says neither changes no label."""
    columns = {"node_key": pl.String, "label": pl.String, "judged_on": pl.Date}
    rows = [
        ("b:1", "bad", JULY),
        ("b:2", "bad", SEPTEMBER),
        ("b:3", None, None),
        ("b:4", "bad", JULY),
    ]
    members = pl.DataFrame(rows, schema=columns, orient="row")
    cleared = replace(DECISION, data_day=AUGUST)
    left_open = replace(cleared, verdict=Verdict.INCONCLUSIVE)
    made = {**dict.fromkeys(("b:1", "b:2", "b:3"), cleared), "b:4": left_open}
    assert with_casebook(members, made).rows() == [
        ("b:1", "good", AUGUST),
        ("b:2", "bad", SEPTEMBER),
        ("b:3", "good", AUGUST),
        ("b:4", "bad", JULY),
    ]
    assert [last_of(cleared, day) for day in (JULY, SEPTEMBER, None)] == [cleared, None, cleared]
