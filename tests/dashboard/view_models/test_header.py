"""The head of an investigation and the priority card in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl

from dashboard.view_models.header import HeaderView, PriorityView
from tests.dashboard import tiny_database as tiny


def header(trend: list[tuple[date, float]]) -> HeaderView:
    """The head of one merchant with a score history."""
    entity = pl.DataFrame(
        [
            {
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "name": tiny.HOSTILE,
                "market": "MY",
                "category": None,
                "peer_group": "MY / beauty",
                "registered_at": datetime(2025, 5, 1, tzinfo=UTC),
                "as_of": tiny.AS_OF,
            }
        ]
    )
    history = pl.DataFrame(trend, schema={"as_of": pl.Date, "score": pl.Float64}, orient="row")
    return HeaderView.of(entity, pl.DataFrame(), history, pl.DataFrame())


def test_an_account_has_an_age_and_a_live_session_is_over() -> None:
    """An account was registered and lives; a session was aired so many days ago."""
    merchant = header([])
    assert merchant.facts[-1].startswith("registered 2025-05-01 (")
    session = replace(merchant, entity_type="live_session", registered="2026-09-18", age="11 days")
    assert session.facts[-1] == "aired 2026-09-18, 11 days ago"
    assert replace(session, age="today").facts[-1] == "aired 2026-09-18 (today)"


def test_an_entity_without_a_score_says_so() -> None:
    """A missing score is neither zero nor an error."""
    view = header([])
    assert (view.score_text, view.place, view.change) == ("–", "not scored", "no earlier score")


def test_the_change_is_against_a_month_ago() -> None:
    """The first score at least thirty days old is the base."""
    old, recent = date(2026, 3, 1), date(2026, 4, 20)
    view = header([(old, 0.2), (recent, 0.9), (tiny.AS_OF, 0.5)])
    assert view.change == "+0.300 in 61 days"


def test_no_alert_is_no_terms() -> None:
    """An entity opened by hand has no priority."""
    assert PriorityView.of(pl.DataFrame()).terms == ()


TERMS = {
    "alert_id": "a",
    "typology": "T1_BRUSHING",
    "lane": "signals",
    "opened_on": date(2026, 4, 1),
    "age_days": 3,
    "score": 0.1,
    "signal_probability": 0.4,
    "signals_labelled": 11,
    "signals_confirmed": 9,
    "probability": 0.4,
    "exposure_usd": 900.0,
    "loss_forward_usd": 280.0,
    "daily_loss_usd": 40.0,
    "horizon_days": 14.0,
    "ring_share": 0.5,
    "score_band": "HIGH",
    "typology_since": None,
    "judged_label": "good",
    "judged_on": date(2026, 6, 1),
    "reopened_by": "band",
    "reopened_on": date(2026, 6, 12),
    "loss_bearer": "buyer",
    "recoverable_share": 0.6,
    "harm_usd": 0.0,
    "false_positive_cost_usd": 12.0,
    "hold_cost_usd": 5.0,
    "sensitivity": 0.85,
    "specificity": 0.9,
    "review_minutes": 20.0,
    "value_usd": 60.0,
    "ageing_boost": 0.0,
    "priority": 3.0,
    "is_reserved": True,
    "community_id": None,
    "community_members": None,
}


def test_the_card_shows_every_term_that_is_not_nothing() -> None:
    """A harm of nothing is left out; who bears the loss and why it is here is said."""
    view = PriorityView.of(pl.DataFrame([TERMS], infer_schema_length=None))
    terms = {term.label: term.value for term in view.terms}
    assert terms["Probability"] == "40.0% by signals"
    assert terms["Cost of holding"] == "$5"
    assert terms["Review finds, clears"] == "85%, 90%"
    assert not {"Harm", "Waiting adds"} & set(terms)
    assert "borne by the buyer; 50% of it counted here" in view.opened
    assert view.opened.endswith("here by waiting, not by money")
    assert view.signals == "T1_BRUSHING"


def probability(**changes: object) -> tuple[str, str]:
    """Value of the probability of an alert, and the sentence under the card."""
    view = PriorityView.of(pl.DataFrame([TERMS | changes], infer_schema_length=None))
    term = next(term for term in view.terms if term.label == "Probability")
    return term.value, view.opened


def test_a_probability_names_whichever_is_greater() -> None:
    """An alert of the score lane may still count with its signals, and the reverse."""
    value, opened = probability(lane="score", score=0.3, probability=0.4)
    assert value == "40.0% by signals"
    assert "9 of 11 with such signals confirmed" in opened
    assert "assumed" not in opened
    value, opened = probability(score=0.6, probability=0.6)
    assert value == "60.0% by score"
    assert "signals" not in opened
    assert probability(signal_probability=None, score=0.2, probability=0.2)[0] == "20.0% by score"


def test_nobody_judged_is_not_called_confirmed() -> None:
    """Without a verdict on such signals the probability is borrowed, and the card says so."""
    value, opened = probability(signals_labelled=0, signals_confirmed=0)
    assert value == "40.0% by signals"
    assert "no verdict yet on such signals: assumed from other schemes" in opened
    assert "confirmed" not in opened


def test_what_was_judged_before_is_said_with_its_day() -> None:
    """Cleared, confirmed, or nothing at all."""

    def judged(**changes: object) -> str:
        return PriorityView.of(pl.DataFrame([TERMS | changes], infer_schema_length=None)).judged

    assert judged() == "Before: cleared on 2026-06-01"
    assert judged(judged_label="bad") == "Before: confirmed on 2026-06-01"
    assert judged(judged_label=None, judged_on=None) == ""
