"""Features, typologies and codes in words: the catalogue's sentences, filled in.

Analysts read sentences, not column names. A feature or pack that has no entry
(a team's own scored tables) still gets a readable line, never an exception.
"""

from __future__ import annotations

import math
from functools import cache

from dashboard import text
from queries import QueryError
from queries.catalogue import FAMILIES, Feature, features
from queries.packs import Pack, packs

STATE_LABELS = {
    "NEW": "New",
    "TRIAGED": "Triaged",
    "ASSIGNED": "Assigned",
    "INVESTIGATING": "Investigating",
    "PENDING_INFO": "Waiting for information",
    "PROPOSED": "Proposed",
    "RETURNED": "Returned",
    "APPROVED": "Approved",
    "ENFORCED": "Enforced",
    "MONITORING": "Monitoring",
    "CLOSED": "Closed",
    "CLOSED_NO_ACTION": "Closed, no action",
    "REOPENED": "Reopened",
}
# States in which nobody has to look at the alert again for now.
DECIDED_STATES = frozenset(
    {"PROPOSED", "APPROVED", "ENFORCED", "MONITORING", "CLOSED", "CLOSED_NO_ACTION"}
)
UNTOUCHED = "New"
_ACRONYMS = {"gmv": "GMV", "usd": "USD", "ip": "IP", "id": "ID"}


def sentence_case(code: str) -> str:
    """A code as words: `FALSE_POSITIVE` -> `False positive`."""
    words = [_ACRONYMS.get(word, word) for word in code.replace("_", " ").lower().split()]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


@cache
def catalogue(entity_type: str) -> dict[str, Feature]:
    """The documented features of an entity type; empty when it has no catalogue."""
    try:
        return features(entity_type)
    except QueryError:
        return {}


_SERVED: list[dict[str, Pack]] = []
"""The packs of the served database, if it has any: one process serves one file."""


def serve(known: dict[str, Pack] | None) -> None:
    """Speak of these packs from now on; None = of those of the house."""
    _SERVED[:] = [] if known is None else [known]


def known_packs() -> dict[str, Pack]:
    """The packs that words come from: those of the build, else those of the house."""
    return _SERVED[0] if _SERVED else _house_packs()


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


def signal_text(typology: str, code: str) -> str:
    """What a firing signal of a pack means."""
    pack = known_packs().get(typology)
    found = [signal.text for signal in pack.signals if signal.code == code] if pack else []
    return found[0] if found else sentence_case(code)


def feature_label(entity_type: str, name: str) -> str:
    """The catalogue's label of a feature, or its column name as words."""
    feature = catalogue(entity_type).get(name)
    return feature.label if feature else sentence_case(name)


def feature_value(entity_type: str, name: str, value: float | None) -> str:
    """A value of a feature in its own unit."""
    feature = catalogue(entity_type).get(name)
    return text.value(value, feature.format if feature else "ratio")


def family_labels() -> dict[str, str]:
    """Every family of features by code, in the order they are shown."""
    return {**FAMILIES, "other": "Other"}


def reason(entity_type: str, name: str | None, value: float | None, peer: float | None) -> str:
    """One reason as a sentence: what was measured and what its peers show."""
    if not name:
        return text.MISSING
    feature = catalogue(entity_type).get(name)
    if value is None or math.isnan(value):
        return _unknown(entity_type, name)
    shown = feature_value(entity_type, name, value)
    peers = feature_value(entity_type, name, peer)
    if feature is None:
        return f"{sentence_case(name)} {shown} (peers {peers})"
    return feature.sentence.replace("{value}", shown).replace("{peer}", peers)


def _unknown(entity_type: str, name: str) -> str:
    """A value that is not there, and what it would take."""
    feature = catalogue(entity_type).get(name)
    needs = f"; it needs {feature.needs}" if feature and feature.needs else ""
    return f"{feature_label(entity_type, name)}: too little history{needs}"
