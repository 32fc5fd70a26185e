"""Which model scores each entity type from the next build on: proposed by one, agreed by another.

The audit trail is the record: no table of its own could say something else.
docs/decisions/0130-late-labels-and-a-challenger.md
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from dashboard.access import is_same_person
from dashboard.casebook import chain
from dashboard.casebook.chain import Act
from dashboard.casebook.rows import now
from dashboard.cases.records import ModelProposal, ModelStanding
from dashboard.errors import AccessDenied, Gap, IllegalTransition, IncompleteDecision, StaleCase
from queries.vocabulary import BOOSTED, RECIPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from dashboard.access import Viewer
    from dashboard.cases.records import AuditEntry

PROPOSE, PROMOTE, DECLINE = "propose_model", "promote_model", "decline_model"


def propose(con: Connection, made: ModelProposal, actor: str) -> None:
    """Write a proposal down.

    Raises IncompleteDecision without a reason, IllegalTransition where one waits already or the
    recipe is in use or unknown.
    """
    if not made.note.strip():
        gap = Gap("note", "The proposal gives no reason.", "Say why.", "say why")
        raise IncompleteDecision([gap])
    today = standing(con, made.entity_type)
    if made.recipe not in RECIPES or made.recipe == today.recipe:
        raise IllegalTransition(
            f"The model {made.recipe} is no other than the one agreed on.",
            "Propose the challenger.",
        )
    if today.proposal is not None:
        raise IllegalTransition(
            "A proposal waits for an answer already.", "Have it promoted or declined first."
        )
    content = {"recipe": made.recipe, "model_version": made.model_version, "note": made.note}
    _append(con, made.entity_type, PROPOSE, actor, content)


def answer(
    con: Connection, entity_type: str, seq: int, viewer: Viewer, *, is_promoted: bool
) -> None:
    """Promote or decline the proposal number `seq`, as the viewer saw it.

    Raises StaleCase when it no longer waits, AccessDenied when its proposer would promote it.
    """
    made = standing(con, entity_type).proposal
    if made is None or made.seq != seq:
        raise StaleCase("This proposal no longer waits.", "Load the page again.")
    if is_promoted and is_same_person(made.proposed_by, viewer.name):
        raise AccessDenied(
            "You proposed this model, so you cannot promote it.", "Ask another approver."
        )
    content = {"recipe": made.recipe, "model_version": made.model_version, "proposal": seq}
    _append(con, entity_type, PROMOTE if is_promoted else DECLINE, viewer.name, content)


def standing(con: Connection, entity_type: str) -> ModelStanding:
    """What was agreed on, what waits and what was answered last, as the trail says."""
    acts = chain.entries(con, _subject(entity_type))
    answers = [one for one in acts if one.action != PROPOSE]
    promoted = [one for one in answers if one.action == PROMOTE]
    recipe = str(json.loads(promoted[-1].after)["recipe"]) if promoted else BOOSTED
    waits = acts[-1] if acts and acts[-1].action == PROPOSE else None
    proposal = _proposal(entity_type, waits) if waits else None
    return ModelStanding(recipe, proposal, answers[-1] if answers else None)


def _proposal(entity_type: str, entry: AuditEntry) -> ModelProposal:
    made = ModelProposal(entity_type, **json.loads(entry.after))
    return replace(made, proposed_by=entry.actor, proposed_at=entry.at, seq=entry.seq)


def _append(
    con: Connection, entity_type: str, action: str, actor: str, content: Mapping[str, object]
) -> None:
    chain.append(con, Act(now(), actor, action, _subject(entity_type), None, content))


def _subject(entity_type: str) -> str:
    return f"model:{entity_type}"
