"""Earlier verdicts in one sentence: in order, once each, and nobody's victim called bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from dashboard.cases.states import Verdict
from dashboard.view_models.earlier_verdicts import (
    LABEL,
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

JULY, AUGUST, SEPTEMBER = (date(2026, month, 3) for month in (7, 8, 9))


def label(day: date, said: str, typology: str | None = None, **more: Any) -> dict[str, Any]:
    """A row of the query about one merchant."""
    row = ("merchant:mer_1", f"lab_{day}", said, typology, day, None)
    return dict(zip(LABEL, row, strict=True)) | more


def test_verdicts_are_told_in_the_order_they_were_given() -> None:
    """The build's and the casebook's, a decision that the build has learnt once."""
    cleared = replace(DECISION, data_day=AUGUST)
    learnt = label(AUGUST, "good", label_id=f"lab_{cleared.decision_id}")
    sentence = earlier_verdicts([learnt, label(JULY, "bad", "T1_BRUSHING")], [cleared])
    assert sentence == "Confirmed bad for brushing on 2026-07-03, cleared on 2026-08-03"


def test_what_nobody_judged_has_no_sentence() -> None:
    """So that the line is there for those only who were judged."""
    assert earlier_verdicts([]) == ""


def test_a_verdict_that_was_taken_back_says_so() -> None:
    """It stands no more, and nothing stands in its place."""
    row = label(JULY, "bad", taken_back_on=SEPTEMBER)
    assert earlier_verdicts([row]) == "Confirmed bad on 2026-07-03, that taken back on 2026-09-03"


def test_a_victim_is_not_called_bad() -> None:
    """Neither by a label of such a typology nor by a verdict; a new pattern is named so."""
    row = label(JULY, "bad", "T8_ACCOUNT_TAKEOVER")
    wronged = replace(DECISION, verdict=Verdict.VICTIM, data_day=AUGUST)
    novel = replace(DECISION, verdict=Verdict.LIKELY, typology=NEW_PATTERN, data_day=SEPTEMBER)
    assert earlier_verdicts([row], [wronged, novel]) == (
        "Confirmed to be a victim of account takeover on 2026-07-03, "
        "found to be a victim on 2026-08-03, likely bad for a new pattern on 2026-09-03"
    )


def test_the_latest_are_told_and_earlier_ones_counted() -> None:
    """A long history stays one line."""
    rows = [label(date(2026, 1, day), "good") for day in range(1, 6)]
    assert earlier_verdicts(rows).startswith("Cleared on 2026-01-03, ")
    assert earlier_verdicts(rows).endswith("cleared on 2026-01-05 (2 more before)")


def test_each_subject_has_its_own_sentence() -> None:
    """By key, also where one source alone knows it."""
    labels = pl.DataFrame([label(JULY, "good")], schema_overrides={"taken_back_on": pl.Date})
    said = earlier_by_key(labels, {"buyer:buy_1": [replace(DECISION, data_day=JULY)]})
    assert said == {
        "merchant:mer_1": "Cleared on 2026-07-03",
        "buyer:buy_1": "Cleared on 2026-07-03",
    }
    assert earlier_by_key(labels.clear(), {}) == {}


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
