"""A verdict speaks of the days before it, and of none that lie under enforcement."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from pipeline.learning.verdict_windows import with_windows

START = datetime(2026, 5, 1, 8)  # noqa: DTZ001 - UTC without a zone, as stored
DELAY, LEAST = 15.0, 7


def at(day: float) -> datetime:
    """An instant so many days after the start."""
    return START + timedelta(days=day)


def windows(
    *verdicts: tuple[str, float | None, float], last_source: str = "review"
) -> list[tuple[datetime | None, datetime]]:
    """From when to when each verdict on one shop speaks, of (label, began, decided) in days.

    Each is known a day after it was decided; the last one comes from `last_source`.
    """
    sources = ["review"] * (len(verdicts) - 1) + [last_source]
    rows = [
        (
            *("merchant", "mer_1", label, source, None if began is None else at(began)),
            *(at(decided), at(decided + 1)),
        )
        for (label, began, decided), source in zip(verdicts, sources, strict=True)
    ]
    schema = {
        **dict.fromkeys(("entity_type", "entity_id", "label", "source"), pl.String),
        **dict.fromkeys(("event_at", "decided_at", "known_at"), pl.Datetime("us")),
    }
    labels = pl.DataFrame(rows, schema=schema, orient="row")
    frame = with_windows(labels, pl.lit(DELAY), LEAST)
    assert frame.columns == [*schema, "evidence_until", "evidence_from"]
    return list(frame.select("evidence_from", "evidence_until").iter_rows())


def test_a_bad_verdict_speaks_from_the_start_that_was_told() -> None:
    """Up to the day it was decided, not to when the label store had it."""
    assert windows(("bad", 10, 40)) == [(at(10), at(40))]


def test_without_a_start_the_usual_delay_before_it_was_known_counts() -> None:
    """Known on day 41, of a scheme that takes 15 days."""
    assert windows(("bad", None, 40)) == [(at(41 - DELAY), at(40))]


def test_a_quick_find_has_a_week() -> None:
    """Else no weekly snapshot would show a scheme that is found on its first day."""
    assert windows(("bad", 39.5, 40)) == [(at(40 - LEAST), at(40))]


def test_a_cleared_subject_teaches_from_its_past() -> None:
    """However long; a good verdict has no start."""
    assert windows(("good", None, 40)) == [(None, at(40))]


def test_an_appeal_speaks_of_the_days_before_the_closure() -> None:
    """What followed the closure lies under enforcement, whatever the appeal says."""
    for word in ("good", "bad"):
        closed, heard = windows(("bad", 10, 40), (word, 10, 60))
        assert closed == (at(10), at(40))
        assert heard == (None if word == "good" else at(10), at(40))


def test_behaviour_that_began_anew_has_days_of_its_own() -> None:
    """A second find told to have begun after the first: the new verdict says so."""
    assert windows(("bad", 10, 40), ("bad", 45, 70))[1] == (at(45), at(70))


def test_an_appeal_is_never_about_new_behaviour() -> None:
    """Whoever upholds a closure may guess a late start; the days after it stay enforced."""
    upheld = windows(("bad", 10, 40), ("bad", 45, 70), last_source="appeal")[1]
    assert upheld == (at(33), at(40))


def test_a_new_find_does_not_reach_back_under_lifted_enforcement() -> None:
    """Closed, reopened, found again: the days between the first two teach nothing."""
    *_, again = windows(("bad", 10, 40), ("good", None, 60), ("bad", 50, 80))
    assert again == (at(60), at(80))


def test_a_find_after_a_clear_verdict_reaches_back_behind_it() -> None:
    """Nobody had intervened: what was overlooked is part of what was found."""
    assert windows(("good", None, 40), ("bad", 30, 60)) == [(None, at(40)), (at(30), at(60))]


def test_each_subject_has_its_own_days() -> None:
    """The closure of one shop moves nobody else's."""
    rows = [
        ("merchant", who, "bad", "review", None, at(day), at(day))
        for who, day in (("a", 9), ("b", 30))
    ]
    names = ["entity_type", "entity_id", "label", "source", "event_at", "decided_at", "known_at"]
    labels = pl.DataFrame(rows, schema=names, orient="row").cast({"event_at": pl.Datetime("us")})
    until = with_windows(labels, pl.lit(DELAY), LEAST)["evidence_until"]
    assert until.to_list() == [at(9), at(30)]
