"""One recorded decision with a hostile analyst's name, as the casebook returns it."""

from __future__ import annotations

from dashboard.cases.records import Decision
from dashboard.cases.states import Verdict
from tests.dashboard.tiny_entities import AS_OF, at

DECISION = Decision(
    decision_id="dec_1",
    case_id="cas_1",
    entity_type="merchant",
    entity_id="mer_1",
    verdict=Verdict.FALSE_POSITIVE,
    typology="T1_BRUSHING",
    action="NO_ACTION",
    reason_codes=("T1.R01_BURST_WITHOUT_CAMPAIGN", "GONE"),
    note="seen **it**",
    confidence=0.75,
    score=0.9,
    as_of=AS_OF,
    data_version="v1",
    decided_by="[ann](https://evil.example)",
    decided_at=at(AS_OF, 9),
)
