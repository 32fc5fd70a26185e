"""A suggestion is allowed by pack and subject, and never milder for more risk, money or history."""

from __future__ import annotations

from itertools import product

import pytest

from dashboard.view_models.decide import actions_for
from dashboard.view_models.recommendation import Situation, recommend, worst_band
from queries.packs import packs
from queries.vocabulary import ENFORCEMENT_LADDER, NEUTRAL_ACTIONS

BANDS = (None, "LOW", "MED", "HIGH", "CRIT")
STAKES = (0.0, 99.0, 100.0, 5_000.0, 1e7)
HISTORIES: tuple[tuple[str, ...], ...] = (
    (), *((one,) for one in ENFORCEMENT_LADDER), ("WARN", "SETTLEMENT_DEFER"), ("ORDER_CANCEL",),
)  # fmt: skip
KINDS = [(code, kind) for code, pack in packs().items() for kind in pack.entity_types]


def height(action: str) -> int:
    """Its rung; what is neutral lies below all of them."""
    return ENFORCEMENT_LADDER.index(action) if action in ENFORCEMENT_LADDER else -1


@pytest.mark.parametrize(("typology", "kind"), KINDS)
def test_of_every_situation_something_allowed_is_suggested_with_its_reason(
    typology: str, kind: str
) -> None:
    """Over bands, stakes and histories; never what the pack or the subject does not allow."""
    for band, stake, earlier in product(BANDS, STAKES, HISTORIES):
        made = recommend(Situation(typology, kind, band, stake, earlier))
        assert made is not None
        assert made.action in actions_for(typology, kind)
        assert made.sentence.startswith("Recommended: ")
        assert ", because " in made.sentence
        if packs()[typology].subject_is == "victim":
            assert made.action in NEUTRAL_ACTIONS


@pytest.mark.parametrize(("typology", "kind"), KINDS)
def test_a_suggestion_only_grows(typology: str, kind: str) -> None:
    """A higher band, more money, or one more action in vain: as severe or more."""

    def rung(band: str | None, stake: float, earlier: tuple[str, ...]) -> int:
        made = recommend(Situation(typology, kind, band, stake, earlier))
        assert made is not None
        return height(made.action)

    for stake, earlier in product(STAKES, HISTORIES):
        heights = [rung(band, stake, earlier) for band in BANDS]
        assert heights == sorted(heights)
    for band, earlier in product(BANDS, HISTORIES):
        heights = [rung(band, stake, earlier) for stake in STAKES]
        assert heights == sorted(heights)
        for more in ENFORCEMENT_LADDER:
            assert rung(band, 99.0, (*earlier, more)) >= rung(band, 99.0, earlier)


def test_who_was_warned_climbs_and_the_worst_is_not_for_the_first_time() -> None:
    """A repeat offender gets the next rung of the pack; a small first offence is watched."""
    first = recommend(Situation("T1_BRUSHING", "merchant", "LOW", 5.0))
    again = recommend(Situation("T1_BRUSHING", "merchant", "LOW", 5.0, ("WARN",)))
    worst = recommend(Situation("T1_BRUSHING", "merchant", "CRIT", 2e4))
    assert first is not None
    assert again is not None
    assert worst is not None
    assert (first.action, again.action, worst.action) == (
        "MONITOR", "POINTS_DEDUCT", "ACCOUNT_SUSPEND",
    )  # fmt: skip
    assert again.sentence == (
        "Recommended: points deduct, because the score is low, $5 is at stake and warn was tried "
        "before."
    )


def test_without_a_pack_nothing_is_suggested() -> None:
    """Of a new pattern nobody has said what is proportionate."""
    assert recommend(Situation("NEW_PATTERN", "merchant", "CRIT", 1e6)) is None
    assert worst_band(["LOW", None, "HIGH"]) == "HIGH"
    assert worst_band([]) is None
