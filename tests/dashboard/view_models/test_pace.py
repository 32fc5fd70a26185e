"""What decisions take, by hand; and what seeing the score changed."""

from __future__ import annotations

from datetime import timedelta

from dashboard.cases.attention import DecisionTime, Spent
from dashboard.view_models import words
from dashboard.view_models.first_verdicts import first_verdicts
from dashboard.view_models.pace import (
    LEAST_PEOPLE,
    by_person,
    by_typology,
    by_week,
    panels_used,
    period_of,
    shown,
)
from tests.dashboard.tiny_entities import AS_OF, at

TYPOLOGY = "T1_BRUSHING"


def time(number: int, seconds: float, person: int = 0, **changes: object) -> DecisionTime:
    """A decision by one of several people, on Friday the first of May or later."""
    fields = {
        "spent": Spent(seconds, ("facts", "why") if number % 2 else ("facts",)),
        "actor": f"person {person}",
        "person": person,
        "at": at(AS_OF),
        "entity_type": "merchant",
        "entity_id": f"mer_{number}",
        "typology": TYPOLOGY,
        "band": "CRIT",
        "verdict": "CONFIRMED",
        "data_day": AS_OF,
    }
    return DecisionTime(**{**fields, **changes})  # type: ignore[arg-type]


TIMES = [time(number, 60.0 * (number + 1)) for number in range(10)]


def test_by_typology_and_band_beside_what_the_queue_assumes() -> None:
    """One to ten minutes: the middle is five and a half, nine in ten under nine."""
    (row,) = by_typology(TIMES)
    assert row.name == "Brushing, critical"
    assert (row.seconds.value, row.seconds.p90) == (330.0, 540.0)
    assert row.said.startswith("5.5 (")
    assert row.assumed_minutes == words.known_packs()[TYPOLOGY].review_minutes


def test_few_decisions_and_few_people_are_not_shown() -> None:
    """Nine decisions never; ten of two people not to whoever reads without names."""
    rows, few = shown(by_typology([*TIMES, time(99, 5.0, band="")]))
    assert [row.seconds.whole for row in rows] == [10]
    assert few == 1
    two = [time(number, 60.0, person=number % 2) for number in range(10)]
    assert shown(by_typology(two), LEAST_PEOPLE) == ([], 10)
    three = [time(number, 60.0, person=number % 3) for number in range(10)]
    assert len(shown(by_typology(three), LEAST_PEOPLE)[0]) == 1


def test_by_week_the_last_first() -> None:
    """A week begins on Monday."""
    later = [time(number, 60.0, at=at(AS_OF + timedelta(days=3))) for number in range(4)]
    assert [(row.name, row.seconds.whole) for row in by_week([*TIMES, *later])] == [
        ("4 May 2026", 4),
        ("27 Apr 2026", 10),
    ]
    assert period_of([*TIMES, *later]) == "14 decisions, 2026-05-01 to 2026-05-04"


def test_nobody_without_a_name_is_a_person() -> None:
    """What the casebook hands out without names stays without."""
    assert [row.name for row in by_person(TIMES)] == ["person 0"]
    assert by_person([time(1, 60.0, actor="")]) == []


def test_panels_used_before_deciding() -> None:
    """Facts in all, why in half."""
    assert [(row.panel, row.opened.part) for row in panels_used(TIMES)] == [
        ("Facts", 10),
        ("Why", 5),
    ]


def test_what_seeing_the_score_changed() -> None:
    """Of twelve three changed, two to bad; others bear out ten first verdicts and eleven saved."""
    first = ["CONFIRMED"] * 9 + ["FALSE_POSITIVE"] * 2 + ["CONFIRMED"]
    saved = ["CONFIRMED"] * 11 + ["FALSE_POSITIVE"]
    times = [
        time(number, 60.0, spent=Spent(60.0, (), one), verdict=two)
        for number, (one, two) in enumerate(zip(first, saved, strict=True))
    ]
    later = {f"merchant:mer_{number}": ("bad", AS_OF + timedelta(days=9)) for number in range(11)}
    later["merchant:mer_11"] = ("bad", AS_OF + timedelta(days=9))
    view = first_verdicts([*times, *TIMES], later)
    assert (view.changed.part, view.changed.whole) == (3, 12)
    assert (view.to_bad.part, view.to_bad.whole) == (2, 3)
    assert (view.right_first.part, view.right_first.whole) == (10, 12)
    assert (view.right_saved.part, view.right_saved.whole) == (11, 12)
    assert (view.right_changed.part, view.right_changed.whole) == (2, 3)


def test_what_was_said_before_the_decision_bears_nothing_out() -> None:
    """A label of an earlier day was known to whoever decided."""
    times = [time(1, 60.0, spent=Spent(60.0, (), "CONFIRMED"))]
    assert (
        first_verdicts(
            times, {"merchant:mer_1": ("bad", AS_OF - timedelta(days=1))}
        ).right_first.whole
        == 0
    )
