"""The head of an investigation and the priority card in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl

from dashboard.view_models.header import HeaderView, PriorityView
from tests.dashboard import tiny_database as tiny

SCORED = {
    "probability": 0.1,
    "score": 0.4,
    "score_band": "MED",
    "signal_share": None,
    "strength": 0.0,
    "typology": None,
    "cleared_on": None,
    "place": 3,
    "scored_count": 90,
    "as_of": tiny.AS_OF,
}


def header(trend: list[tuple[date, float]], scored: dict[str, object] | None = None) -> HeaderView:
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
    history = history.with_columns(score_band=pl.lit("MED"), basis=pl.lit("rescored"))
    known = pl.DataFrame([scored]) if scored else pl.DataFrame()
    return HeaderView.of(entity, known, history, pl.DataFrame())


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


def test_what_lowers_a_probability_is_said() -> None:
    """A clearing stands beside the score that it is set against, and signals beside both."""
    assert header([], SCORED).sources == "score 0.400"
    cleared = SCORED | {"cleared_on": date(2026, 4, 2)}
    said = "lowered because a review cleared it on 2026-04-02"
    assert header([], cleared).sources == f"score 0.400, {said}"
    both = cleared | {"signal_share": 0.3, "strength": 0.6, "typology": "T1_BRUSHING"}
    assert header([], both).sources.endswith(f"(strength 0.60), {said}")


def test_the_change_is_against_a_month_ago() -> None:
    """The first score at least thirty days old is the base."""
    old, recent = date(2026, 3, 1), date(2026, 4, 20)
    view = header([(old, 0.2), (recent, 0.9), (tiny.AS_OF, 0.5)])
    assert view.change == "+0.300 in 61 days, rescored with today's model"


def test_no_alert_is_no_terms() -> None:
    """An entity opened by hand has no priority."""
    assert PriorityView.of(pl.DataFrame()).terms == ()


TERMS = {
    "alert_id": "a",
    "typology": "T1_BRUSHING",
    "lane": "signals",
    "opened_on": date(2026, 4, 1),
    "opened_by": "ledger",
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
    "held_usd": 700.0,
    "loss_held_usd": 210.0,
    "recoverable_share": 0.6,
    "harm_usd": 0.0,
    "false_positive_cost_usd": 12.0,
    "hold_cost_usd": 5.0,
    "sensitivity": 0.85,
    "specificity": 0.9,
    "review_minutes": 20.0,
    "value_usd": 60.0,
    "value_low_usd": 60.0,
    "value_high_usd": 60.0,
    "ageing_boost": 0.0,
    "priority": 3.0,
    "is_reserved": True,
    "is_severe": False,
    "is_ended": False,
    "community_id": None,
    "community_members": None,
}


def test_the_card_shows_every_term_that_is_not_nothing() -> None:
    """A harm of nothing is left out; who bears the loss and why it is here is said."""
    view = PriorityView.of(pl.DataFrame([TERMS], infer_schema_length=None))
    terms = {term.label: term.value for term in view.terms}
    assert terms["Probability"] == "40.0%"
    assert terms["Cost of holding"] == "$5"
    assert terms["Review finds, clears"] == "85%, 90%"
    assert not {"Harm", "Waiting adds", "Its range"} & set(terms)
    assert "borne by the buyer; 50% of it counted here" in view.opened
    assert view.opened.endswith("here by waiting, not by money")
    assert view.by_signals


def test_a_harm_has_its_range_and_its_source() -> None:
    """The value is shown for the least and the most that the harm may be, and what was counted."""
    harm = {"kind": "rank", "event": "fake_order", "events": 233.0, "price_usd": 2.0}
    harm |= {"low_usd": 1.0, "high_usd": 8.0, "harm_usd": 684.0, "harm_low_usd": 342.0}
    harm |= {"harm_high_usd": 2734.0, "source": "docs/domain.md §4.6"}
    alert = TERMS | {"harm_usd": 684.0, "value_low_usd": 40.0, "value_high_usd": 900.0}
    alert |= {"is_severe": True}
    view = PriorityView.of(pl.DataFrame([alert], infer_schema_length=None), pl.DataFrame([harm]))
    terms = {term.label: term.value for term in view.terms}
    assert terms["Its range"] == "$40 to $900"
    assert [(line.what, line.worth, line.span) for line in view.harms] == [
        ("Rank bought: 233 fake orders at $2.00 ($1.00 to $8.00)", "$684", "$342 to $2.73K")
    ]
    assert "certain and severe" in view.opened


def terms_of(**changes: object) -> tuple[dict[str, str], str]:
    """The terms of an alert, and the sentence under the card."""
    view = PriorityView.of(pl.DataFrame([TERMS | changes], infer_schema_length=None))
    return {term.label: term.value for term in view.terms}, view.opened


def test_one_probability_shows_its_sources() -> None:
    """Score and signals stand beside the number they make; neither is called the number."""
    terms, opened = terms_of(score=0.3, signal_probability=0.4, probability=0.85)
    assert (terms["Probability"], terms["By score alone"]) == ("85.0%", "30.0%")
    assert terms["By signals alone"] == "40.0%"
    assert "9 of 11 with such signals confirmed" in opened
    assert terms_of(score=None)[0]["By score alone"] == "none"
    terms, opened = terms_of(signal_probability=None, score=0.2, probability=0.2)
    assert "By signals alone" not in terms
    assert "signals" not in opened


def test_nobody_judged_is_not_called_confirmed() -> None:
    """Without a verdict on such signals the probability is borrowed, and the card says so."""
    _, opened = terms_of(signals_labelled=0, signals_confirmed=0)
    assert "no verdict yet on such signals: assumed from other schemes" in opened
    assert "confirmed" not in opened


def test_what_was_judged_before_is_said_with_its_day() -> None:
    """Cleared, confirmed, or nothing at all."""

    def judged(**changes: object) -> str:
        return PriorityView.of(pl.DataFrame([TERMS | changes], infer_schema_length=None)).judged

    assert judged() == "Before: cleared on 2026-06-01"
    assert judged(judged_label="bad") == "Before: confirmed on 2026-06-01"
    assert judged(judged_label=None, judged_on=None) == ""


def test_the_money_is_one_sentence() -> None:
    """Held, expected to be lost, still to come; or that nobody loses."""
    view = PriorityView.of(pl.DataFrame([TERMS], infer_schema_length=None))
    assert view.money == (
        "Of $700 held, $210 is expected to be lost once it is paid out; "
        "$560 is still to come over 14 days."
    )
    nobody = pl.DataFrame([TERMS | {"loss_bearer": "nobody"}], infer_schema_length=None)
    assert PriorityView.of(nobody).money == "Nobody is expected to lose money by it."
    assert "borne by" not in PriorityView.of(nobody).opened


def test_a_merchant_is_a_shop_in_words() -> None:
    """Who bears the loss, as an analyst would say it."""
    shop = pl.DataFrame([TERMS | {"loss_bearer": "merchant"}], infer_schema_length=None)
    assert "borne by the shop" in PriorityView.of(shop).opened


def test_what_has_ended_says_why_it_waits_elsewhere() -> None:
    """An ended alert is no work of the day."""
    assert terms_of(is_ended=True)[1].endswith("so it is no work of the day")


def test_signals_that_made_the_band_stand_first() -> None:
    """A score of Medium that signals raise to Critical is not what an analyst reads first."""
    raised = replace(header([]), typology="T1_BRUSHING", band="CRIT", model_band="MED")
    assert raised.signals_first
    assert not replace(raised, model_band="CRIT").signals_first
    assert not replace(raised, typology="").signals_first
    assert replace(raised, model_band="CRIT", by_signals=True).signals_first


def test_no_number_calls_a_victim_bad() -> None:
    """The typology says that it is one, and the score accuses nobody."""
    suspect = header([])
    victim = replace(suspect, is_victim=True)
    assert "that it is bad" in suspect.score_meaning
    assert "bad" not in victim.score_meaning
    assert "victim" in victim.score_meaning


def test_signals_of_a_leak_make_a_victim() -> None:
    """Who is shown by the signals of a typology whose subject is the victim is one."""
    entity = pl.DataFrame(
        [
            {
                **dict.fromkeys(("market", "category", "peer_group"), "MY"),
                "entity_type": "merchant",
                "entity_id": "mer_1",
                "name": "A shop",
                "registered_at": datetime(2025, 5, 1, tzinfo=UTC),
                "as_of": tiny.AS_OF,
            }
        ]
    )
    none = pl.DataFrame()
    trend = pl.DataFrame(schema={"as_of": pl.Date, "score": pl.Float64})
    views = [
        HeaderView.of(
            entity, none, trend, none, priority=PriorityView(typology=code, lane="signals")
        )
        for code in ("T12_INFO_LEAK", "T1_BRUSHING")
    ]
    assert [view.is_victim for view in views] == [True, False]
    assert [view.typology_title for view in views] == ["Leak of order data, victim", "Brushing"]
