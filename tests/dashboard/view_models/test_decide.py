"""The decision form offers what the pack knows and keeps what was decided."""

from __future__ import annotations

from dashboard.view_models import decide, words
from queries.vocabulary import ALWAYS_OFFERED, ENFORCEMENT_LADDER, PROTECTIVE_ACTIONS
from tests.dashboard.decisions import DECISION


def test_choices_of_the_form_come_from_the_pack() -> None:
    """What fits any decision comes first and none twice; reason codes are the pack's own."""
    actions = decide.actions_for("T1_BRUSHING", "buyer")
    assert actions[:2] == ALWAYS_OFFERED
    assert len(actions) == len(set(actions))
    assert "LISTING_REMOVE" in decide.actions_for("T1_BRUSHING", "product")
    assert "LISTING_REMOVE" not in actions
    assert "T1.R01_BURST_WITHOUT_CAMPAIGN" in decide.reasons_for("T1_BRUSHING")
    assert decide.reasons_for("NO_SUCH_PACK") == {}


def test_a_pack_says_what_an_action_needs_and_what_its_subject_reads() -> None:
    """Mandatory steps come with their evidence, and each reason has words for three readers."""
    code = "T1.R03_PARCEL_WEIGHT_MISMATCH"
    sentences = {
        decide.reasons_for("T1_BRUSHING", who)[code] for who in ("analyst", "manager", "subject")
    }
    assert len(sentences) == 3
    assert any("weight" in step for step in decide.evidence_for("T1_BRUSHING"))
    assert decide.clause_for("T1_BRUSHING").startswith("Fake transactions")
    assert decide.evidence_for("NO_SUCH_PACK") == {}
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


def test_a_past_decision_keeps_codes_its_pack_has_lost() -> None:
    """Removing a pack entry never hides what was decided with it."""
    view = decide.DecideView.of("merchant", "T1_BRUSHING", None, [DECISION], [])
    past = view.decisions[0]
    assert past.headline.startswith("False positive, brushing")
    assert past.reasons[1] == "GONE: GONE"
    assert "confidence 75%" in past.who
    assert view.version == 0


def test_a_victim_is_offered_no_penalty() -> None:
    """What is wronged is protected: nothing of the form takes anything from it."""
    victims = [code for code in words.known_packs() if words.is_victim(code)]
    assert victims == ["T12_INFO_LEAK", "T8_ACCOUNT_TAKEOVER"]
    for code in victims:
        for kind in words.known_packs()[code].entity_types:
            offered = decide.actions_for(code, kind)
            assert set(offered) <= set(PROTECTIVE_ACTIONS)
            assert not set(offered) & set(ENFORCEMENT_LADDER)
