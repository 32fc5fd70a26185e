"""Header, evidence, timeline, neighbourhood, metrics, model and decisions in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.view_models import decide, words
from dashboard.view_models.evidence import EvidenceView
from dashboard.view_models.header import HeaderView, PriorityView
from dashboard.view_models.metrics import MetricsView, Period, metric_of
from dashboard.view_models.model import ModelView, drift_sentence
from dashboard.view_models.neighbourhood import NeighbourhoodView
from dashboard.view_models.timeline import TimelineView
from tests.dashboard import tiny_database as tiny

DECIDED_AT = tiny.at(tiny.AS_OF, 9)


@dataclass(frozen=True)
class Decided:
    """A decision as the casebook returns it."""

    verdict: str = "FALSE_POSITIVE"
    action: str = "NO_ACTION"
    typology: str = "T1_BRUSHING"
    reason_codes: tuple[str, ...] = ("T1.R01_BURST_WITHOUT_CAMPAIGN", "GONE")
    note: str = "seen **it**"
    confidence: float | None = 0.75
    score: float | None = 0.9
    as_of: date | None = tiny.AS_OF
    decided_by: str = "[ann](https://evil.example)"
    decided_at: datetime = DECIDED_AT


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


def test_a_shop_has_an_age_and_a_room_is_over() -> None:
    """An account was registered and lives; a room was aired so many days ago."""
    shop = header([])
    assert shop.facts[-1].startswith("registered 2025-05-01 (")
    room = replace(shop, entity_type="live_session", registered="2026-09-18", age="11 days")
    assert room.facts[-1] == "aired 2026-09-18, 11 days ago"
    assert replace(room, age="today").facts[-1] == "aired 2026-09-18 (today)"


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


def test_evidence_that_recomputes_another_value_warns() -> None:
    """A stored number its rows do not support must not be relied on."""
    rows = pl.DataFrame({"order_id": ["ord_1"], "note": [tiny.OVERRIDE]})
    wrong = EvidenceView.of("merchant", "orders_7d", rows, (3.0, 1.0, 2.0))
    right = EvidenceView.of("merchant", "orders_7d", rows, (1.0, 1.0, 2.0))
    unknown = EvidenceView.of("merchant", "orders_7d", rows.head(0), (None, None, 2.0))
    assert (wrong.agrees, right.agrees, unknown.agrees) == (False, True, None)
    assert "Do not rely" in wrong.verdict
    assert right.table["note"][0] == "abc[U+202E]gnp.exe"


def test_an_evidence_page_beyond_the_end_is_the_last_one() -> None:
    """A stale page number still shows rows."""
    rows = pl.DataFrame({"order_id": [f"ord_{i}" for i in range(60)]})
    view = EvidenceView.of("merchant", "orders_7d", rows, (60.0, 60.0, 2.0), page=99)
    assert (view.page, view.pages, len(view.table)) == (3, 3, 10)


def test_the_timeline_mixes_decisions_in_and_keeps_them_to_the_first_page() -> None:
    """A decision is an event like any other, shown once."""
    lines = pl.DataFrame(
        [{"day": date(2026, 4, 2), "kind": "refund", "title": "not_received", "event_count": 2,
          "amount_usd": 40.0, "total_count": 1}]
    )  # fmt: skip
    first = TimelineView.of(lines, [Decided()])
    assert [event.kind for event in first.events] == ["Decision", "Refunds"]
    assert first.events[1].text == "2 refund requests: not received"
    assert len(TimelineView.of(lines, [Decided()], page=2).events) == 1


def test_what_was_left_out_of_the_graph_is_counted() -> None:
    """The headline names what a cap hides."""
    nodes = pl.DataFrame(
        [{"node_key": "buyer:b", "entity_type": "buyer", "entity_id": "b", "name": "",
          "market": "MY", "score": None, "score_band": None, "weight": 1.0, "x": None, "y": None}]
    )  # fmt: skip
    view = NeighbourhoodView.of(nodes, pl.DataFrame(), centre="buyer:b", total=400)
    assert view.hidden_nodes == 399
    assert "399 weaker ones left out" in view.headline
    assert view.table()["name"].to_list() == ["(no name)"]


def test_slices_and_total_come_from_the_same_sums() -> None:
    """A rate over two slices is the ratio of the sums, not the mean of the rates."""
    slices = pl.DataFrame(
        {
            "slice": ["MY", "SG", "MY"],
            "is_current": [True, True, False],
            "refunds": [1.0, 9.0, 1.0],
            "orders": [100.0, 100.0, 50.0],
        }
    )
    days = slices.select(pl.lit(tiny.AS_OF).alias("day"), "slice", "refunds", "orders")
    period = Period(date(2026, 4, 1), date(2026, 4, 30))
    view = MetricsView.of(metric_of("refund_rate"), (days, slices, pl.DataFrame()), period)
    assert view.now_text == "5.0%"
    assert view.before_text == "2.0%"
    assert view.slices.filter(pl.col("slice") == "MY")["change"][0] == pytest.approx(-0.5)
    assert period.before == Period(date(2026, 3, 2), date(2026, 3, 31))


def test_no_drift_rows_are_a_sentence() -> None:
    """A first build has nothing to compare with."""
    assert drift_sentence(pl.DataFrame()) == "No drift was measured yet."


def test_choices_of_the_form_come_from_the_pack() -> None:
    """Neutral actions come first and none twice; reason codes are the pack's own."""
    actions = decide.actions_for("T1_BRUSHING")
    assert actions[:2] == decide.NEUTRAL
    assert len(actions) == len(set(actions))
    assert "T1.R01_BURST_WITHOUT_CAMPAIGN" in decide.reasons_for("T1_BRUSHING")
    assert decide.reasons_for("NO_SUCH_PACK") == {}


def test_a_pack_says_what_an_action_needs_and_what_its_subject_reads() -> None:
    """Mandatory steps come with their evidence, and each reason has words for three readers."""
    code = "T1.R03_PARCEL_WEIGHT_MISMATCH"
    told = [
        decide.reasons_for("T1_BRUSHING", who)[code] for who in ("analyst", "manager", "subject")
    ]
    assert len(set(told)) == 3
    assert any("weight" in step for step in decide.evidence_for("T1_BRUSHING"))
    assert decide.clause_for("T1_BRUSHING").startswith("Fake transactions")
    assert decide.evidence_for("NO_SUCH_PACK") == ()
    assert decide.subject_texts("NO_SUCH_PACK", "buyer") == ()
    assert decide.clause_for("NO_SUCH_PACK") == ""


def test_a_subject_reads_sentences_of_its_own_kind_without_codes() -> None:
    """A buyer of a creator's scheme is told of its orders, the creator of its promotion."""
    buyer, creator = (
        decide.subject_texts("T4_AFFILIATE_FRAUD", who) for who in ("buyer", "creator")
    )
    assert any("Orders on your account" in sentence for sentence in buyer)
    assert not any("you promoted" in sentence for sentence in buyer)
    assert any("you promoted" in sentence for sentence in creator)
    assert not any("Orders on your account" in sentence for sentence in creator)
    assert not any("T4." in sentence for sentence in (*buyer, *creator))
    for_people = "Sales through a promoted link do not fit the number of people who saw it."
    assert for_people in buyer
    assert for_people in creator


def test_words_are_those_of_the_build() -> None:
    """What a served database carries replaces the house's packs, even when it carries none."""
    words.serve({})
    assert words.typology_title("T1_BRUSHING") == "Brushing"
    assert decide.typologies_for("merchant") == ()
    words.serve(None)
    assert "T1_BRUSHING" in decide.typologies_for("merchant")


def test_a_past_decision_keeps_codes_its_pack_has_lost() -> None:
    """Removing a pack entry never hides what was decided with it."""
    view = decide.DecideView.of("merchant", "T1_BRUSHING", None, [Decided()], [])
    past = view.decisions[0]
    assert past.headline.startswith("False positive, brushing")
    assert past.reasons[1] == "GONE: GONE"
    assert "confidence 75%" in past.who
    assert view.version == 0


def test_words_of_an_unknown_typology_or_feature_are_readable() -> None:
    """A team's own scores need no catalogue to be shown."""
    assert words.typology_title("T77_NEW_THING") == "New thing"
    assert words.reason("shop", "gmv_usd_7d", 3.0, 1.0) == "GMV USD 7d 3 (peers 1)"


def test_another_models_scores_are_not_called_ours() -> None:
    """The card of handed-over scores names their version and claims no training or quality."""
    counts = dict.fromkeys(("positives", "negatives", "unknown", "training_rows"), 40)
    measures = dict.fromkeys(("auprc", "precision_at_50", "recall_at_50", "ece", "brier", "trees"))
    card = {
        "entity_type": "merchant",
        "model_version": "abc",
        "as_of": date(2026, 5, 1),
        **counts,
        **measures,
        "calibrated_on": "handed over",
        "base_rate": 0.02,
    }
    importance = pl.DataFrame(schema={"feature": pl.String})
    view = ModelView.of(card, (pl.DataFrame(), pl.DataFrame(), importance))
    assert "Another model" in view.headline
    assert "abc" in view.provenance
    assert "handed over" in view.provenance
    assert "Calibrated" not in view.provenance
