"""docs/glossary.md has every word that the program and its screen use in a closed list."""

from __future__ import annotations

import re

from dashboard import access, theme
from dashboard.cases.states import CaseState, Verdict
from dashboard.view_models import words
from dashboard.view_models.alikes import OUTCOMES
from dashboard.view_models.drift import METRICS as DAYS
from dashboard.view_models.model import MEASURES
from queries.catalogue import FAMILIES
from queries.vocabulary import ENTITY_TYPES
from tests.docs.markdown import ROOT, headings

PAGE = ROOT / "docs/glossary.md"
TEXT = PAGE.read_text(encoding="utf-8")


def terms() -> list[str]:
    """The headings but for the title and the letters."""
    return [heading for heading in headings(PAGE) if len(heading) > 1][1:]


def entry(term: str) -> str:
    """What the glossary says of a term."""
    found = re.search(
        rf"^#### {re.escape(term)}\n\n(.*?)\n(?:\n|\Z)", TEXT, re.MULTILINE | re.DOTALL
    )
    assert found, f"docs/glossary.md has no entry {term!r}."
    return found[1]


def test_terms_stand_in_alphabetical_order_and_once() -> None:
    """So that a reader finds them."""
    assert terms() == sorted(terms(), key=str.lower)
    assert len({term.lower() for term in terms()}) == len(terms())
    assert len(terms()) > 150


def test_no_entry_is_longer_than_three_sentences() -> None:
    """One or two say what it is; a list of states may take a third."""
    ends = re.compile(r"[.?](?:\s|$)")
    assert {term for term in terms() if len(ends.findall(entry(term))) > 3} == set()


def test_states_and_verdicts_are_explained() -> None:
    """In the words of the screen."""
    states, verdicts = entry("Case state"), entry("Verdict")
    assert [state for state in CaseState if words.STATE_LABELS[state] not in states] == []
    assert [one for one in Verdict if words.sentence_case(one) not in verdicts] == []


def test_bands_families_and_relations_are_explained() -> None:
    """Every label of a closed list."""
    bands, families, ties = entry("Band"), entry("Family"), entry("Relation").lower()
    assert [label for label in theme.BAND_LABELS.values() if label not in bands + "Low"] == []
    assert [label for label in FAMILIES.values() if label not in families] == []
    assert [label for label in theme.RELATION_LABELS.values() if label.lower() not in ties] == []


def test_roles_types_measures_and_outcomes_have_entries() -> None:
    """Each by its own name."""
    assert [role for role in access.roles() if f"`{role}`" not in entry("Role")] == []
    assert [kind for kind in ENTITY_TYPES if f"`{kind}`" not in entry("Entity type")] == []
    named = [*(label for label, _ in MEASURES.values()), *OUTCOMES.values()]
    assert [label for label in named if label not in terms()] == []


def test_metrics_are_explained() -> None:
    """Every label of Drift stands in the text; a metric of `kpis` says itself what it is."""
    labels = {metric.label for own in DAYS.values() for metric in own}
    missing = {label for label in labels if label.lower() not in TEXT.lower()}
    assert missing == set()
