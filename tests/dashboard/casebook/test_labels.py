"""Decisions return to the build as labels that keep its contract."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

import queries
from dashboard.cases.states import CaseState, Verdict
from pipeline.learning.labels import speaks_of
from pipeline.learning.verdict_windows import with_windows
from tests.dashboard.casebook.drafts import ANN, BOB, LEA, draft

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.casebook import Casebook

JUNE, SEPTEMBER = date(2026, 6, 12), date(2026, 9, 29)


def answer(book: Casebook, number: int, state: CaseState, day: date = JUNE) -> None:
    """What a lead says to the proposal about merchant `number`."""
    case = book.case_of("merchant", f"mer_{number}")
    assert case is not None
    book.move(case, state, viewer=LEA, data_day=day, reason="As agreed in the morning.")


def labels(book: Casebook) -> dict[str, str]:
    """The label of each merchant."""
    return dict(book.labels_frame().select("entity_id", "label").iter_rows())


def test_labels_are_what_analysts_found_out(book: Casebook) -> None:
    """Bad what was approved or needs no approval, good the cleared and the victim."""
    numbers = {verdict: number for number, verdict in enumerate(Verdict)}
    for verdict, number in numbers.items():
        book.decide(draft(verdict, number), viewer=ANN)
    for verdict in (Verdict.CONFIRMED, Verdict.LIKELY):
        answer(book, numbers[verdict], CaseState.APPROVED)
    frame = book.labels_frame()
    assert labels(book) == {
        f"mer_{numbers[Verdict.CONFIRMED]}": "bad",
        f"mer_{numbers[Verdict.LIKELY]}": "bad",
        f"mer_{numbers[Verdict.FALSE_POSITIVE]}": "good",
        f"mer_{numbers[Verdict.VICTIM]}": "good",
    }
    assert frame["source"].unique().to_list() == ["casebook"]
    assert frame["event_at"].null_count() == frame.height
    assert frame.filter(pl.col("known_at") < pl.col("decided_at")).is_empty()
    assert frame.filter((pl.col("label") == "good") & pl.col("typology").is_not_null()).is_empty()


@pytest.mark.parametrize("state", [None, CaseState.RETURNED])
def test_a_proposal_that_nobody_approved_is_no_conviction(
    book: Casebook, state: CaseState | None
) -> None:
    """Neither while it waits nor when it was returned; what needs no approval counts at once."""
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    if state:
        answer(book, 1, state)
    assert labels(book) == {}
    book.decide(draft(Verdict.CONFIRMED, 2, action="MONITOR"), viewer=ANN)
    assert labels(book) == {"mer_2": "bad"}


def test_a_returned_proposal_leaves_the_verdict_before_it(book: Casebook) -> None:
    """Whoever was cleared stays cleared until somebody approves otherwise."""
    book.decide(draft(Verdict.FALSE_POSITIVE, 1), viewer=ANN)
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=BOB)
    assert labels(book) == {"mer_1": "good"}
    answer(book, 1, CaseState.RETURNED)
    assert labels(book) == {"mer_1": "good"}
    assert book.labels_frame()["withdrawn_at"].to_list() == [None]


def test_an_approved_proposal_is_known_from_its_approval(book: Casebook) -> None:
    """Seen and decided on the day of the analyst, known on that of the lead, in the data's time."""
    book.decide(draft(Verdict.CONFIRMED, 1, data_day=JUNE), viewer=ANN)
    answer(book, 1, CaseState.APPROVED, JUNE + timedelta(days=3))
    row = book.labels_frame().row(0, named=True)
    assert row["decided_at"].date() == JUNE
    assert row["known_at"].date() == JUNE + timedelta(days=3)


def test_a_reversal_is_a_label_of_its_own_day(book: Casebook) -> None:
    """Both stand in the history: between the two days the first one was the last word."""
    book.decide(draft(Verdict.CONFIRMED, 1, action="MONITOR", data_day=JUNE), viewer=ANN)
    book.decide(draft(Verdict.FALSE_POSITIVE, 1, data_day=SEPTEMBER), viewer=BOB)
    rows = book.labels_frame().select("label", pl.col("known_at").dt.date()).rows()
    assert rows == [("bad", JUNE), ("good", SEPTEMBER)]


def test_an_open_question_takes_the_earlier_word_back_from_its_own_day(book: Casebook) -> None:
    """The conviction stood until then, and nothing stands after."""
    book.decide(draft(Verdict.CONFIRMED, 1, action="MONITOR", data_day=JUNE), viewer=ANN)
    book.decide(draft(Verdict.INCONCLUSIVE, 1, data_day=SEPTEMBER), viewer=BOB)
    row = book.labels_frame().row(0, named=True)
    assert (row["label"], row["known_at"].date()) == ("bad", JUNE)
    assert row["withdrawn_at"].date() == SEPTEMBER


def test_two_decisions_of_one_day_keep_their_order(book: Casebook) -> None:
    """However the wall's clock stood: the later one is known later."""
    for number in range(4):
        verdict = Verdict.FALSE_POSITIVE if number % 2 else Verdict.VICTIM
        key = {"idempotency_key": f"k{number}"}
        book.decide(draft(verdict, 1, data_day=JUNE, **key), viewer=ANN)
    instants = book.labels_frame()["known_at"].to_list()
    assert instants == sorted(set(instants))
    assert len(instants) == 4


def test_whose_account_was_in_other_hands_is_neither_bad_nor_good(book: Casebook) -> None:
    """What the account did was bad, its owner is not: an earlier conviction is taken back."""
    book.decide(draft(Verdict.CONFIRMED, 1, action="MONITOR", data_day=JUNE), viewer=ANN)
    given_back = draft(Verdict.VICTIM, 1, action="RESTORE_ACCESS", data_day=SEPTEMBER)
    book.decide(given_back, viewer=BOB)
    frame = book.labels_frame()
    assert frame["label"].to_list() == ["bad"]
    assert frame["withdrawn_at"].is_not_null().all()


def test_confidence_and_likely_weigh(book: Casebook) -> None:
    """A sure verdict counts whole, an unsure one its share, a likely one at most 0.6."""
    given = {1: (Verdict.CONFIRMED, None), 2: (Verdict.CONFIRMED, 0.55), 3: (Verdict.LIKELY, 0.95),
             4: (Verdict.LIKELY, 0.5), 5: (Verdict.FALSE_POSITIVE, 0.75)}  # fmt: skip
    for number, (verdict, confidence) in given.items():
        action = "NO_ACTION" if verdict == Verdict.FALSE_POSITIVE else "MONITOR"
        one = draft(verdict, number, confidence=confidence, action=action)
        book.decide(one, viewer=ANN)
    weights = dict(book.labels_frame().select("entity_id", "weight").iter_rows())
    assert weights == {"mer_1": 1.0, "mer_2": 0.55, "mer_3": 0.6, "mer_4": 0.5, "mer_5": 0.75}


def test_what_the_analyst_saw_teaches(book: Casebook) -> None:
    """The row of the day that was judged lies in the days that the verdict speaks of."""
    seen = {"as_of": JUNE, "data_day": JUNE, "action": "MONITOR"}
    book.decide(draft(Verdict.CONFIRMED, 1, **seen), viewer=ANN)
    known = with_windows(book.labels_frame(), pl.lit(14.0), least_days=8)
    days = pl.DataFrame({"as_of": [JUNE - timedelta(days=20), JUNE, JUNE + timedelta(days=1)]})
    spoken_of = days.join(known, how="cross").filter(speaks_of(pl.col("as_of")))
    assert spoken_of["as_of"].to_list() == [JUNE]
    assert (known["known_at"] >= datetime.combine(JUNE, time())).all()


def test_labels_round_trip_through_the_raw_contract(book: Casebook, tmp_path: Path) -> None:
    """Written and read back: the contract's columns and types, then what only we know."""
    book.decide(draft(Verdict.CONFIRMED, action="MONITOR"), viewer=ANN)
    written = book.labels_frame()
    written.write_parquet(tmp_path / "labels.parquet")
    assert pl.read_parquet(tmp_path / "labels.parquet").equals(written)
    contract = tomllib.loads((queries.ROOT / "contracts" / "raw.toml").read_text())["labels"]
    types = {"varchar": pl.String(), "timestamp": pl.Datetime("us")}
    columns = {name: types[column["type"]] for name, column in contract["columns"].items()}
    own = {"weight": pl.Float64(), "withdrawn_at": pl.Datetime("us")}
    assert dict(written.schema) == {**columns, **own}
    assert written["label_id"].n_unique() == written.height
