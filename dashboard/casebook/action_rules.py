"""What an action requires: evidence, a scope that it has, an end within its longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cases.measures import measures
from dashboard.errors import Gap
from dashboard.view_models.decide import evidence_for
from dashboard.view_models.words import sentence_case
from queries.vocabulary import is_enforcement

if TYPE_CHECKING:
    from dashboard.cases.measures import Measure
    from dashboard.cases.records import DecisionDraft


def action_demands(draft: DecisionDraft) -> list[tuple[bool, Gap]]:
    """What the action of a draft may lack, each after whether it does."""
    measure = measures().get(draft.action)
    steps = tuple(evidence_for(draft.typology))
    unlisted = set(draft.evidence) - set(steps) if steps else set()
    strange = Gap(
        "evidence",
        "Evidence is attached that this playbook does not ask for.",
        "Tick what its list names.",
        "choose from the list",
    )
    demands = [(bool(unlisted), strange)]
    if measure is not None:
        demands += [_evidence(draft, measure, steps), _scope(draft, measure), _days(draft, measure)]
    return demands


def _lacking(draft: DecisionDraft, measure: Measure, steps: tuple[str, ...]) -> int:
    """How many pieces of the playbook's evidence an action still needs."""
    if not is_enforcement(draft.action) or measure.evidence == "none":
        return 0
    attached = len(set(draft.evidence) & set(steps))
    needed = len(steps) if measure.evidence == "all" else min(1, len(steps))
    return max(needed - attached, 0)


def _evidence(draft: DecisionDraft, measure: Measure, steps: tuple[str, ...]) -> tuple[bool, Gap]:
    lacks = _lacking(draft, measure, steps)
    is_all = measure.evidence == "all"
    needs = f"all {len(steps)} pieces" if is_all else "one piece"
    return lacks > 0, Gap(
        "evidence",
        f"{sentence_case(draft.action)} needs {needs} of the playbook's evidence, "
        f"{lacks} {'is' if lacks == 1 else 'are'} missing.",
        "Look at it and tick it, or choose a milder action.",
        f"{lacks} more" if is_all else "at least one",
    )


def _scope(draft: DecisionDraft, measure: Measure) -> tuple[bool, Gap]:
    return bool(draft.scope) and draft.scope not in measure.scopes, Gap(
        "scope",
        f"{sentence_case(draft.action)} has no such scope.",
        f"Choose one of: {', '.join(measure.scopes)}.",
        "choose one of the list",
    )


def _days(draft: DecisionDraft, measure: Measure) -> tuple[bool, Gap]:
    if measure.most_days is None:
        lasting = Gap(
            "days",
            f"{sentence_case(draft.action)} has no end of its own.",
            "Leave the days empty; an approver can end it.",
            "leave it empty",
        )
        return draft.days is not None, lasting
    outside = Gap(
        "days",
        f"{sentence_case(draft.action)} lasts 1 to {measure.most_days} days.",
        "Give a number of days in between.",
        f"1 to {measure.most_days}",
    )
    return draft.days is not None and not 1 <= draft.days <= measure.most_days, outside
