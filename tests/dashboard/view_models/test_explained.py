"""Families, findings, look-alikes, comparisons, oddities and service, as pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.view_models import words
from dashboard.view_models.alikes import AlikesView, distance_words
from dashboard.view_models.bars import Ends
from dashboard.view_models.compare import CompareView, pick_day
from dashboard.view_models.families import FamilyView
from dashboard.view_models.header import PriorityView
from dashboard.view_models.holds import HoldsView
from dashboard.view_models.model import (
    concerning,
    evaluation_table,
    heads_table,
    measured_sentence,
)
from dashboard.view_models.service import index_sentence
from dashboard.view_models.unproven import UnprovenView, lane_table
from dashboard.view_models.why import SENTENCES, WhyView

DAYS = [date(2026, 4, 1) + timedelta(days=7 * i) for i in range(8)]


@dataclass(frozen=True)
class Step:
    """One step of a flip."""

    feature: str
    was: float
    becomes: float
    score: float


@dataclass(frozen=True)
class Change:
    """What an explainer found."""

    families: pl.DataFrame
    features: pl.DataFrame
    first_score: float = 0.2
    last_score: float = 0.5
    first_margin: float = -1.0


def contributions(features: dict[str, float], **columns: object) -> pl.DataFrame:
    """One row per feature, strongest first."""
    rows = [
        {"feature": name, "base_margin": -1.0, "value": 2.0, "contribution": push,
         "low": push - 0.1, "high": push + 0.1, "peer_median": 1.0,
         "peer_group": "MY", "peer_count": 3, **columns}
        for name, push in features.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_families_lead_from_the_average_to_the_score_exactly() -> None:
    """Base + points = score, however they are ordered."""
    points = pl.DataFrame({"family": ["refunds", "money"], "points": [-0.1, 0.4]})
    view = FamilyView.of(points, Ends("Average", "This one", 0.1))
    assert view.bars["end"][-1] == pytest.approx(0.4)
    assert view.bars["label"].to_list() == ["Average", "Refunds", "Money flow", "This one"]
    assert view.sentence == "This one: money flow adds 0.400, refunds takes 0.100."


def test_a_family_alone_still_ends_at_the_margin() -> None:
    """What is filtered away is one bar, so the sum stays exact."""
    rows = contributions({"refund_rate_30d": 1.0, "gmv_usd_1d": 0.5, "orders_1d": -0.2})
    view = WhyView.of(rows, "merchant", family="refunds")
    assert [reason.feature for reason in view.reasons] == ["refund_rate_30d"]
    assert view.bars["label"][1] == "2 other features"
    assert view.bars["end"][-1] == pytest.approx(view.margin) == pytest.approx(0.3)


def test_a_weak_argument_against_is_heard_among_strong_ones_for() -> None:
    """Each side has as many sentences, whichever is stronger."""
    rows = contributions({f"for_{i}": 3.0 - i / 10 for i in range(12)} | {"against": -0.01})
    view = WhyView.of(rows, "merchant")
    assert len(view.reasons_for) == SENTENCES
    assert [reason.feature for reason in view.reasons_against] == ["against"]


def test_a_lift_is_told_with_its_count_and_interval() -> None:
    """Model-free, under the feature it is about."""
    lift = {"feature": "orders_1d", "threshold": 4.0, "side": "high", "entities": 1312,
            "sample": "random", "lift": 9.04, "lift_low": 7.1, "lift_high": 11.4}  # fmt: skip
    rows = contributions({"orders_1d": 1.0})
    reason = WhyView.of(rows, "merchant", lifts=pl.DataFrame([lift])).reasons[0]
    assert reason.lift == (
        "Merchants with 4 or more in “Orders, 1 day” are confirmed 9.0 × as often as all "
        "(n = 1,312 random checks, 7.1–11)"
    )


def test_a_lift_never_stands_under_what_lowers_the_score() -> None:
    """It would argue against the side it is on."""
    lift = {"feature": "orders_1d", "threshold": 4.0, "side": "high", "entities": 90,
            "sample": "judged", "lift": 2.0, "lift_low": 1.06, "lift_high": 2.7}  # fmt: skip
    counted = pl.DataFrame([lift])
    (raised,) = WhyView.of(contributions({"orders_1d": 1.0}), "merchant", lifts=counted).reasons
    (lowered,) = WhyView.of(contributions({"orders_1d": -1.0}), "merchant", lifts=counted).reasons
    assert "2.0 × as often as all (n = 90 verdicts, 1.1–2.7)" in raised.lift
    assert not lowered.lift


def test_an_unknown_value_says_what_it_would_take() -> None:
    """Too little history is no zero, and the catalogue says how much is enough."""
    name = next(name for name, one in words.catalogue("merchant").items() if one.needs)
    sentence = words.reason("merchant", name, None, 1.0)
    assert sentence.endswith(f"needs {words.catalogue('merchant')[name].needs}")


def test_findings_are_evidence_to_check_never_advice() -> None:
    """The score after all of them, each value with the one that would do."""
    steps = [Step("orders_1d", 40.0, 3.0, 0.5), Step("refund_rate_30d", 0.2, 0.1, 0.3)]
    view = HoldsView.of("merchant", "HIGH", steps, pl.DataFrame())
    assert view.headline == (
        "If these two findings were wrong, the score would fall to 0.300, under High. Check them:"
    )
    assert view.findings[0].shown == "40 here; were it really 3 or less, the score would be 0.500"
    assert not view.is_near_edge


def test_no_small_set_is_said() -> None:
    """Nothing found is a sentence."""
    view = HoldsView.of("merchant", "CRIT", None, pl.DataFrame())
    assert "No small set of findings holds it in Critical" in view.headline


def test_near_a_line_the_models_are_quoted() -> None:
    """The spread of five models and the edge between them."""
    row = {"score_low": 0.38, "score_high": 0.46, "is_near_edge": True, "edge": 0.4}
    view = HoldsView.of("merchant", "HIGH", [], pl.DataFrame([row]))
    assert view.is_near_edge
    assert "between 0.380 and 0.460, and a band begins at 0.400" in view.near_text


def test_look_alikes_keep_confirmed_before_cleared_before_the_twin() -> None:
    """Each outcome nearest first, with what separates in words."""
    found = pl.DataFrame(
        {
            "entity_id": ["a", "b", "c"],
            "outcome": ["ordinary", "cleared", "confirmed"],
            "as_of": [DAYS[0]] * 3,
            "score": [0.1, 0.2, 0.9],
            "distance": [0.01, 0.06, 0.3],
            "usual": [0.1] * 3,
            "features": [[], ["orders_1d"], ["orders_1d", "refund_rate_30d"]],
        }
    )
    names = pl.DataFrame({"entity_id": ["a"], "name": ["<b>Ann"]})
    view = AlikesView.of("merchant", found, names)
    assert [row.outcome for row in view.rows] == ["Confirmed", "Cleared", "Clean twin"]
    assert [row.distance for row in view.rows] == ["distant", "close", "very close"]
    assert view.rows[0].apart == "Orders, 1 day; Refund rate, 30 days"
    assert view.twin is not None
    assert view.twin.key == "merchant:a"
    assert view.twin.apart == "nothing that moves the score"


def test_nobody_to_compare_with_is_said() -> None:
    """No reference, no table, one sentence."""
    schema = {"entity_id": pl.String, "outcome": pl.String, "distance": pl.Float64}
    schema |= {"usual": pl.Float64, "features": pl.List(pl.String)}
    view = AlikesView.of("merchant", pl.DataFrame(schema=schema), pl.DataFrame())
    assert view.rows == ()
    assert "No other entity is known well enough" in view.sentence
    assert distance_words(0.0, 0.0) == "very close"


def test_a_comparison_shows_only_what_changed() -> None:
    """A family without a point has no bar; both levels end where the score does."""
    families = pl.DataFrame({"family": ["refunds", "money"], "points": [0.3, 0.0]})
    features = pl.DataFrame(
        {"feature": ["refund_rate_30d"], "contribution": [1.5], "first": [0.1], "last": [None]},
        schema_overrides={"last": pl.Float64},
    )
    view = CompareView.of("merchant", Change(families, features), ("then", "now"))
    assert view.families.bars["label"].to_list() == ["then", "Refunds", "now"]
    assert view.families.bars["end"][-1] == pytest.approx(0.5)
    assert view.bars["end"][-1] == pytest.approx(0.5)
    assert view.table.row(0) == ("Refund rate, 30 days", "10.0%", "–", 1.5)
    assert view.sentence.startswith("One finding differs")
    assert "0.200 to 0.500 (+0.300)" in view.sentence


def test_nothing_changed_is_said() -> None:
    """No feature, no chart."""
    none = pl.DataFrame(schema={"feature": pl.String, "contribution": pl.Float64,
                                "first": pl.Float64, "last": pl.Float64})  # fmt: skip
    families = pl.DataFrame(schema={"family": pl.String, "points": pl.Float64})
    view = CompareView.of("merchant", Change(families, none), ("then", "now"))
    assert view.sentence == "Nothing that the model looks at differs."


@pytest.mark.parametrize(
    ("asked", "picked"),
    [(DAYS[2], DAYS[2]), (date(2020, 1, 1), DAYS[3]), (None, DAYS[3])],
)
def test_a_day_without_a_score_becomes_the_one_a_month_before(
    asked: date | None, picked: date
) -> None:
    """A link outlives its snapshots."""
    assert pick_day(DAYS, asked, timedelta(days=28)) == picked
    assert pick_day(DAYS[:2], None, timedelta(days=28)) == DAYS[0]


TERMS = {
    "alert_id": "a",
    "typology": "T1_BRUSHING",
    "lane": "signals",
    "opened_on": DAYS[0],
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
    shown = {term.label: term.value for term in view.terms}
    assert shown["Probability"] == "40.0% by signals"
    assert shown["Cost of holding"] == "$5"
    assert shown["Review finds, clears"] == "85%, 90%"
    assert not {"Harm", "Waiting adds"} & set(shown)
    assert "borne by the buyer; 50% of it counted here" in view.opened
    assert view.opened.endswith("here by waiting, not by money")
    assert view.signals == "T1_BRUSHING"


def probability(**changes: object) -> tuple[str, str, str]:
    """Value and meaning of the probability of an alert, and the sentence under the card."""
    view = PriorityView.of(pl.DataFrame([TERMS | changes], infer_schema_length=None))
    term = next(term for term in view.terms if term.label == "Probability")
    return term.value, term.meaning, view.opened


def test_a_probability_names_whichever_is_greater() -> None:
    """An alert of the score lane may still count with its signals, and the reverse."""
    value, meaning, opened = probability(lane="score", score=0.3, probability=0.4)
    assert value == "40.0% by signals"
    assert "9 of 11 with such signals confirmed" in meaning
    assert "9 of 11 with such signals confirmed" in opened
    value, meaning, opened = probability(score=0.6, probability=0.6)
    assert value == "60.0% by score"
    assert "signals" not in meaning + opened
    assert probability(signal_probability=None, score=0.2, probability=0.2)[0] == "20.0% by score"


def test_nobody_judged_is_not_called_confirmed() -> None:
    """Without a verdict on such signals the probability is borrowed, and the card says so."""
    _, meaning, opened = probability(signals_labelled=0, signals_confirmed=0)
    assert "no verdict yet on such signals: assumed from other schemes" in meaning
    assert "assumed from other schemes" in opened
    assert "confirmed" not in meaning


ODD = {"rank": 3, "is_surfaced": True, "reason_1": "orders_1d", "reason_1_z": 8.24,
       "reason_2": "gmv_usd_1d", "reason_2_z": -3.0, "reason_3": None,
       "reason_3_z": None}  # fmt: skip


def test_the_unusual_is_measured_in_deviations_not_in_probability() -> None:
    """Direction in words, and a place among its kind."""
    view = UnprovenView.of("merchant", pl.DataFrame([ODD]))
    assert view is not None
    assert view.place == "number 3 of the unusual merchants"
    assert [odd.sentence for odd in view.oddities] == [
        "8.2 deviations above its peers",
        "3.0 deviations below its peers",
    ]


def test_what_is_cut_off_or_usual_is_not_given_as_measured() -> None:
    """Ten deviations are the end of the scale, and under two is nothing to point at."""
    row = ODD | {"reason_1_z": 10.0, "reason_2_z": -1.9}
    view = UnprovenView.of("merchant", pl.DataFrame([row]))
    assert view is not None
    assert [odd.sentence for odd in view.oddities] == ["10 or more deviations above its peers"]


def test_whoever_is_not_in_the_lane_has_no_statement() -> None:
    """Unusual is not enough: the lane is small, and proven cases are elsewhere."""
    assert UnprovenView.of("merchant", pl.DataFrame([ODD | {"is_surfaced": False}])) is None
    assert UnprovenView.of("merchant", pl.DataFrame()) is None


def test_the_lane_shows_neither_score_nor_priority() -> None:
    """What is unusual takes their place; a decided case says so."""
    row = {"entity_type": "merchant", "entity_id": "m", "name": "=1+1", "market": "MY",
           "peer_group": "MY / toys", **ODD}  # fmt: skip
    table = lane_table(pl.DataFrame([row]), {"merchant:m": "APPROVED"})
    assert table["odd_1"][0] == "8.2 sd above · Orders, 1 day"
    assert table["odd_3"][0] == ""
    assert table["status"][0] == "Approved"
    assert not {"score", "band", "priority", "probability"} & set(table.columns)


def test_measures_stand_in_one_order_with_intervals() -> None:
    """Known ones first, by capacity; what has no interval shows a dash."""
    rows = pl.DataFrame(
        {
            "measure": ["ece", "precision_at_k", "auprc", "precision_at_k"],
            "at_k": [None, 36, None, 18],
            "value": [0.01, 0.5, 0.7, 0.9],
            "low": [None, 0.4, 0.6, 0.8],
            "high": [None, 0.6, 0.8, 1.0],
            "ceiling": [None, 0.8, None, 1.0],
            "entities": [81] * 4,
            "measured_on": ["cross-fitted"] * 4,
        }
    )
    table = evaluation_table(rows)
    assert table["label"].to_list() == [
        "AUPRC",
        "Precision of the first 18",
        "Precision of the first 36",
        "ECE",
    ]
    assert table["interval"].to_list()[-2:] == ["0.400 to 0.600", "–"]
    assert measured_sentence(rows).startswith("Out of fold on 81 judged entities")


def test_only_schemes_of_the_kind_are_listed_and_briefly() -> None:
    """Viewer inflation is no matter of shops; how many cases are missing fits its column."""
    told = "7 matured cases and 68 others; 12 cases and 30 others are needed"
    rows = pl.DataFrame(
        {"typology": ["T1_BRUSHING", "T2_VIEWER_INFLATION"], "positives": [7, 0],
         "has_head": [False] * 2, "auprc": [None] * 2, "auprc_low": [None] * 2,
         "auprc_high": [None] * 2, "base_rate": [None] * 2, "reason": [told] * 2}
    )  # fmt: skip
    table = heads_table(concerning(rows, "merchant"))
    assert table["label"].to_list() == ["Brushing"]
    assert table["how"].to_list() == ["Signals: 7 of 12 cases needed"]


def test_the_service_index_is_one_sentence() -> None:
    """How well, among whom, and what is worst."""
    row = {"entity_type": "merchant", "category": "Food", "service_index": 71.6, "parts": 8,
           "peers": 29, "worst_part": "late_dispatch_share_30d"}  # fmt: skip
    sentence = index_sentence(pl.DataFrame([row]))
    assert sentence.startswith("Service 72 of 100 among 29 Food peers, by 8 measures; worst: ")
    assert index_sentence(pl.DataFrame()) == ""


def test_a_scheme_without_a_head_says_why() -> None:
    """Its probability comes from signals, that is from none."""
    row = {"typology": "T1_BRUSHING", "positives": 3, "has_head": False, "auprc": None,
           "auprc_low": None, "auprc_high": None, "base_rate": None,
           "reason": "too few"}  # fmt: skip
    assert heads_table(pl.DataFrame([row])).row(0) == (
        *("Brushing", 3, words.known_packs()["T1_BRUSHING"].label_delay_days),
        *("–", None, "Signals: too few"),
    )
