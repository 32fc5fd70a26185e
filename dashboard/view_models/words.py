"""Features, typologies and codes in words: the catalogue's sentences, filled in.

Analysts read sentences, not column names. A feature or pack that has no entry
(a team's own scored tables) still gets a readable line, never an exception.
"""

from __future__ import annotations

import math
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.cases.standing import Novelty
from dashboard.cases.states import CaseState
from dashboard.view_models.spoken import beyond, filled, spoken
from queries import QueryError
from queries.catalogue import FAMILIES, Feature, features
from queries.packs import Pack, packs
from queries.predicates import predicate_columns
from queries.vocabulary import ENTITY_TYPES, NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.cases.standing import Reopening, Standing

STATE_LABELS = {
    CaseState.NEW: "New",
    CaseState.TRIAGED: "Triaged",
    CaseState.ASSIGNED: "Assigned",
    CaseState.INVESTIGATING: "Investigating",
    CaseState.PENDING_INFO: "Waiting for information",
    CaseState.HANDED_OVER: "Handed over",
    CaseState.PROPOSED: "Proposed",
    CaseState.RETURNED: "Returned",
    CaseState.APPROVED: "Approved",
    CaseState.ENFORCED: "Enforced",
    CaseState.APPEALED: "Appealed",
    CaseState.UPHELD: "Appeal rejected",
    CaseState.OVERTURNED: "Overturned",
    CaseState.MONITORING: "Monitoring",
    CaseState.CLOSED: "Closed",
    CaseState.CLOSED_NO_ACTION: "Closed, no action",
    CaseState.REOPENED: "Reopened",
}
OTHER = "other"
NO_CONTRIBUTIONS = "Not explained: no contributions of this kind were given."
"""Of handed-over scores of a type that came without reasons of that type."""
HELD_BACK = "after your review"
"""In place of a verdict that the viewer is to judge without reading it."""
"""Family of a feature that no catalogue knows."""
_ACRONYMS = {"gmv": "GMV", "usd": "USD", "ip": "IP", "id": "ID"}


def sentence_case(code: str) -> str:
    """A code as words: `FALSE_POSITIVE` -> `False positive`."""
    words = [_ACRONYMS.get(word, word) for word in code.replace("_", " ").lower().split()]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


@cache
def catalogue(entity_type: str) -> dict[str, Feature]:
    """The documented features of an entity type; empty when it has no catalogue."""
    return features(entity_type) if entity_type in ENTITY_TYPES else {}


_SERVED: ContextVar[dict[str, Pack] | None] = ContextVar("served packs", default=None)
"""The packs of the build that a page is drawn from, a thread each: two may look at two builds."""


def serve(served: dict[str, Pack] | None) -> None:
    """Speak of these packs from now on; None = of those of the house."""
    _SERVED.set(served)


def known_packs() -> dict[str, Pack]:
    """The packs that words come from: those of the build, else those of the house."""
    served = _SERVED.get()
    return _house_packs() if served is None else served


@cache
def _house_packs() -> dict[str, Pack]:
    try:
        return packs()
    except QueryError:
        return {}


def typology_title(code: str | None) -> str:
    """A typology in words: `T1_BRUSHING` -> `Brushing`."""
    if not code:
        return text.MISSING
    pack = known_packs().get(code)
    if pack:
        return pack.title
    head, _, rest = code.partition("_")
    return sentence_case(rest if rest and head[1:].isdigit() else code)


def evidence_of(typology: str, entity_type: str) -> frozenset[str]:
    """The features that the signals of a typology ask of an entity type; none without a pack."""
    pack = known_packs().get(typology)
    predicates = (
        [one.predicate for one in pack.signals if one.entity_type == entity_type] if pack else []
    )
    return frozenset().union(*(_columns(entity_type, predicate) for predicate in predicates))


@cache
def _columns(entity_type: str, predicate: str) -> frozenset[str]:
    return frozenset(predicate_columns(entity_type, predicate))


def is_victim(typology: str | None) -> bool:
    """Whether the subject of a typology is whom it was done to."""
    pack = known_packs().get(typology or "")
    return pack is not None and pack.subject_is == "victim"


def typology_role(code: str | None) -> str:
    """A typology in words, saying of a victim that it is one: `Account takeover, victim`."""
    title = typology_title(code)
    return f"{title}, victim" if is_victim(code) else title


def bad_for(typology: str | None, how: str) -> str:
    """A bad verdict, as in `confirmed bad for brushing`; a victim is not called bad for it."""
    if is_victim(typology):
        return f"{how} to be a victim of {typology_title(typology).lower()}"
    if typology == NEW_PATTERN:
        return f"{how} bad for a new pattern"
    return f"{how} bad for {typology_title(typology).lower()}" if typology else f"{how} bad"


_GROUNDS = {
    "exploration": "after a random check",
    "review": "after a review of the queue",
    "complaint": "after a complaint",
    "chargeback": "after a chargeback",
    "carrier": "after a report of the carrier",
    "appeal": "on appeal",
    "rule": "by a rule",
    "casebook": "in the casebook",
}


def label_grounds(source: str | None) -> str:
    """What a delivered label rests on, as it ends a sentence."""
    return _GROUNDS.get(source or "", f"after {sentence_case(source or 'a review').lower()}")


def case_status(state: CaseState | None) -> str:
    """Where a case stands, in words; None = nobody opened one."""
    return STATE_LABELS[state or CaseState.NEW]


def standing_status(standing: Standing | None) -> str:
    """Where a case stands and why, or until when; None = nobody opened one."""
    if standing is None:
        return case_status(None)
    if standing.reopening:
        return reopening_text(standing.reopening)
    until = f" until {standing.review_on}" if standing.review_on else ""
    return f"{case_status(standing.state)}{until}"


def reopening_text(reopening: Reopening) -> str:
    """What is new about somebody who was judged before, as one would say it."""
    news = {
        Novelty.BEHAVIOUR: f"Reopened: at it again since {reopening.since}",
        Novelty.TYPOLOGY: f"Reopened: new typology {typology_title(reopening.typology).lower()} "
        f"since {reopening.since}",
        Novelty.BAND: f"Reopened: higher band since {reopening.since}",
        Novelty.REVIEW: f"Review due since {reopening.since}",
        Novelty.DUE: f"Answer due since {reopening.since}",
    }
    return news[reopening.novelty]


def signal_text(typology: str, code: str) -> str:
    """What a firing signal of a pack means."""
    pack = known_packs().get(typology)
    texts = (signal.text for signal in pack.signals if signal.code == code) if pack else ()
    return next(iter(texts), sentence_case(code))


def signal_features(entity_type: str, typology: str, code: str) -> tuple[str, ...]:
    """The features that the condition of a signal reads, in the catalogue's order."""
    pack = known_packs().get(typology)
    predicates = [one.predicate for one in (pack.signals if pack else ()) if one.code == code]
    read = frozenset().union(*(_columns(entity_type, predicate) for predicate in predicates))
    return tuple(name for name in catalogue(entity_type) if name in read)


def signal_record(typology: str, code: str) -> str:
    """How often a signal was right on sample marketplaces it was not set on; empty = unmeasured."""
    pack = known_packs().get(typology)
    counts = [
        (signal.unseen_bad, signal.unseen_fires)
        for signal in (pack.signals if pack else ())
        if signal.code == code and signal.unseen_fires
    ]
    return "".join(f"right for {bad} of {fires} on other samples" for bad, fires in counts)


def feature_label(entity_type: str, name: str) -> str:
    """The catalogue's label of a feature, or its column name as words."""
    feature = catalogue(entity_type).get(name)
    return feature.label if feature else sentence_case(name)


def feature_value(entity_type: str, name: str, value: float | None) -> str:
    """A value of a feature in its own unit, short; empty where only its family is shown."""
    return spoken(value, _shown(entity_type, name)).short


def feature_bound(entity_type: str, name: str, value: float, *, is_above: bool) -> str:
    """A value as the end of a range: `12 or fewer`; empty where only its family is shown."""
    shown = _shown(entity_type, name)
    return f"{spoken(value, shown).short}{beyond(shown, is_above=is_above)}"


def _shown(entity_type: str, name: str) -> str:
    feature = catalogue(entity_type).get(name)
    return feature.shown if feature else "ratio"


def family_of(entity_type: str, feature: str) -> str:
    """The code of the family a feature belongs to; `other` where no catalogue knows it."""
    entry = catalogue(entity_type).get(feature)
    return entry.family if entry else OTHER


def family_labels() -> dict[str, str]:
    """Every family of features by code, in the order they are shown."""
    return {**FAMILIES, OTHER: "Other"}


def reason(
    entity_type: str,
    name: str | None,
    value: float | None,
    peer: float | None,
    *,
    is_handed_over: bool = False,
) -> str:
    """One reason as a sentence: what was measured and what its peers show.

    Of a reason that somebody else handed over without its value only they know why.
    """
    if not name:
        return text.MISSING
    feature = catalogue(entity_type).get(name)
    if value is None or math.isnan(value):
        if is_handed_over:
            return f"{feature_label(entity_type, name)}: no value was handed over"
        return _unknown(entity_type, name)
    if feature is None:
        own, peers = (feature_value(entity_type, name, one) for one in (value, peer))
        return f"{sentence_case(name)} {own} (peers {peers})"
    sentence = filled(feature.sentence, spoken(value, feature.shown))
    return f"{sentence}{_typical(feature, peer)}"


def _typical(feature: Feature, peer: float | None) -> str:
    """What a typical peer shows; nothing where there is no peer or no number."""
    if peer is None or math.isnan(peer):
        return ""
    said = spoken(peer, feature.shown).peer
    return f"; typical peer {said}" if said else ""


def _unknown(entity_type: str, name: str) -> str:
    """A value that is not there, and what it would take."""
    feature = catalogue(entity_type).get(name)
    needs = f"; it needs {feature.needs}" if feature and feature.needs else ""
    return f"{feature_label(entity_type, name)}: too little history{needs}"


def missing_tables(names: Sequence[str]) -> str:
    """What a panel needs that nobody delivered; empty where there is nothing to say."""
    if not names:
        return ""
    many = "tables" if len(names) > 1 else "table"
    verb = "were" if len(names) > 1 else "was"
    return f"It needs the {many} {' and '.join(names)}, which {verb} not delivered."


def day_span(first: datetime | None, last: datetime | None, style: str = "%d %b %Y") -> str:
    """From one day to another; one day alone is said once, and one that nobody knows not at all."""
    days = [one.strftime(style) for one in (first, last) if one is not None]
    return " to ".join(dict.fromkeys(days))
