"""What the casebook refuses, each with a sentence the analyst can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dashboard.casebook.action_rules import action_demands
from dashboard.cases.acts import APPEALS, RULES, TEAMS
from dashboard.cases.measures import measures
from dashboard.cases.patterns import LONGEST_PATTERN, pattern_of
from dashboard.cases.states import ADVERSE, Verdict
from dashboard.errors import (
    AccessDenied,
    BulkRefused,
    Gap,
    IllegalTransition,
    IncompleteDecision,
    StaleCase,
    UnknownSubject,
)
from dashboard.view_models import words
from dashboard.view_models.decide import actions_for, reasons_for
from queries.vocabulary import (
    ACTIONS,
    ENTITY_TYPES,
    NEW_PATTERN,
    NO_ACTION,
    fits_subject,
    is_enforcement,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dashboard.access import Viewer
    from dashboard.cases.acts import CaseAct
    from dashboard.cases.records import Assignment, Case, DecisionDraft, NextStep

# A note is evidence for an appeal; a single word is not.
SHORTEST_NOTE = 10
LONGEST_NOTE = 10_000
MOST_AT_ONCE = 2_000
"""Decisions over a filter. Writing one takes 3 ms, in which nobody else can write (assumption)."""
SHORTEST_REASON, LONGEST_REASON, LONGEST_CONTACT = 5, 500, 120
"""Characters of what a step says; the columns hold no more."""
_Demand: TypeAlias = tuple[bool, Gap]
"""What a draft may lack, after whether it does."""


def check_draft(draft: DecisionDraft) -> Verdict:
    """The verdict of a draft that has all it requires.

    Raises IncompleteDecision with everything that is missing, not with the first of it.
    """
    gaps = gaps_of(draft)
    if gaps or draft.verdict is None:
        raise IncompleteDecision(gaps)
    return Verdict(draft.verdict)


def gaps_of(draft: DecisionDraft) -> tuple[Gap, ...]:
    """All that a draft lacks, in the order of the form; empty = it can be recorded."""
    if draft.verdict not in set(Verdict):
        demands = [(True, Gap("verdict", "There is no verdict yet.", "Choose one.", "choose one"))]
    elif draft.verdict in ADVERSE:
        demands = _adverse(draft, _words(draft.verdict))
    else:
        demands = [_unsupported(draft, _words(draft.verdict))]
    every = (*demands, *_listed(draft), *action_demands(draft), *_general(draft))
    return tuple(gap for is_open, gap in every if is_open)


def _unsupported(draft: DecisionDraft, verdict: str) -> _Demand:
    """Nobody is punished on a verdict that blames nobody."""
    return is_enforcement(draft.action), Gap(
        "action",
        f"{_words(draft.action)} cannot follow from {verdict.lower()}.",
        "Choose a neutral action, or a verdict that supports it.",
        f"cannot follow from {verdict.lower()}",
    )


def _adverse(draft: DecisionDraft, verdict: str) -> list[_Demand]:
    return [
        (
            not draft.typology,
            Gap(
                "typology",
                f"{verdict} needs a typology.",
                "Choose which kind of abuse this is, or New pattern.",
                "choose one",
            ),
        ),
        _reasons(draft, verdict),
        (
            draft.action in {"", NO_ACTION},
            Gap(
                "action",
                f"{verdict} needs an action.",
                "Choose one; to watch is the least.",
                "choose one, to watch is the least",
            ),
        ),
        (
            len(draft.note.strip()) < SHORTEST_NOTE,
            Gap(
                "note",
                f"{verdict} needs a note of at least {SHORTEST_NOTE} characters.",
                "Say in a sentence what you saw; an appeal will be judged on it.",
                f"at least {SHORTEST_NOTE} characters",
            ),
        ),
    ]


def _reasons(draft: DecisionDraft, verdict: str) -> _Demand:
    """Codes of a pack; of what no pack knows, a sentence that names it."""
    if draft.typology == NEW_PATTERN:
        return len(pattern_of(draft)) < SHORTEST_NOTE, Gap(
            "new pattern",
            f"A new pattern needs a sentence of at least {SHORTEST_NOTE} characters.",
            "Say what is new about it, so that others know it again.",
            f"at least {SHORTEST_NOTE} characters",
        )
    return not draft.reason_codes, Gap(
        "reasons",
        f"{verdict} needs at least one reason code.",
        "Choose what the evidence shows; for what no typology knows choose New pattern.",
        "choose at least one",
    )


def _listed(draft: DecisionDraft) -> list[_Demand]:
    """What is written stands in the closed lists: those of the house, and those of the pack."""
    adverse = draft.verdict in ADVERSE
    offered = actions_for(draft.typology, draft.entity_type) if adverse else ACTIONS
    is_pack = draft.typology in words.known_packs()
    unlisted = set(draft.reason_codes) - set(reasons_for(draft.typology)) if is_pack else ()
    kind = Gap(
        "",
        f"{_words(draft.entity_type)} is no kind of subject.",
        f"Give one of {', '.join(ENTITY_TYPES)}.",
        "",
    )
    typology = Gap(
        "typology",
        f"No pack describes {draft.typology}.",
        "Choose a typology of the list, or New pattern.",
        "choose one of the list",
    )
    reasons = Gap(
        "reasons",
        f"{', '.join(sorted(unlisted))} is no reason of {draft.typology}.",
        "Choose reasons of its list.",
        "choose from the list",
    )
    action = Gap(
        "action",
        f"{_words(draft.action)} is not offered here.",
        "Choose an action of the list.",
        "choose one of the list",
    )
    is_typology = is_pack or draft.typology in {"", NEW_PATTERN}
    fits = fits_subject(draft.action, draft.entity_type)
    return [
        (draft.entity_type not in ENTITY_TYPES, kind),
        (not is_typology, typology),
        (bool(unlisted), reasons),
        (is_typology and fits and bool(draft.action) and draft.action not in offered, action),
    ]


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _general(draft: DecisionDraft) -> list[_Demand]:
    named = draft.entity_type and draft.entity_id and draft.idempotency_key
    is_share = draft.confidence is None or 0.0 <= draft.confidence <= 1.0
    outside = Gap(
        "confidence", "Confidence is outside 0 to 1.", "Give a share, such as 0.8.", "from 0 to 1"
    )
    unnamed = Gap(
        "", "The decision does not say which entity it is about.", "Open the entity again.", ""
    )
    longer = Gap(
        "note",
        f"The note is longer than {LONGEST_NOTE:,} characters.",
        "Shorten it.",
        f"at most {LONGEST_NOTE:,} characters",
    )
    wordy = Gap(
        "new pattern",
        f"The sentence that names the pattern is longer than {LONGEST_PATTERN} characters.",
        "Shorten it; what you saw belongs into the note.",
        f"at most {LONGEST_PATTERN} characters",
    )
    misfit = Gap(
        "action",
        f"{_words(draft.action)} cannot be done to a {_words(draft.entity_type).lower()}.",
        "Choose an action that fits it.",
        "does not fit it",
    )
    return [
        (not named, unnamed),
        (not fits_subject(draft.action, draft.entity_type), misfit),
        (not is_share, outside),
        (len(draft.note) > LONGEST_NOTE, longer),
        (len(pattern_of(draft)) > LONGEST_PATTERN, wordy),
    ]


def check_bulk(drafts: Sequence[DecisionDraft]) -> None:
    """Raise BulkRefused for what nobody may decide over a filter, whoever it lists unread."""
    if len(drafts) > MOST_AT_ONCE:
        raise BulkRefused(
            f"{len(drafts):,} subjects are more than the {MOST_AT_ONCE:,} that can be decided at "
            "once over a filter.",
            "Narrow the filter.",
        )
    severe = sorted({one.action for one in drafts if _is_severest(one.action)})
    if severe:
        raise BulkRefused(
            f"{_words(severe[0])} is too severe to be decided over a filter.",
            "Open each case for it, or choose a milder action.",
        )


def check_fresh(current: Case | None, seen_version: int | None) -> None:
    """Raise StaleCase when the case is not at the version the viewer saw."""
    version = current.version if current else 0
    if seen_version is None or version == seen_version:
        return
    if current is None:
        raise StaleCase("This case is no longer there.", "Reload the page.")
    raise StaleCase(
        f"This case was changed by {current.changed_by} at "
        f"{current.changed_at:%Y-%m-%d %H:%M} UTC while you were looking at it.",
        "Reload to see the change, then decide again.",
    )


def check_group(keys: Sequence[str], to: Assignment) -> None:
    """Raise IncompleteDecision where nobody is moved, or to a case without a name."""
    if not keys:
        choose = "Choose at least one member."
        raise IncompleteDecision([Gap("members", "Nobody is chosen.", choose, "choose one")])
    if to.group_id.startswith("hnd_") and not to.title.strip():
        give = "Give it one that a colleague understands."
        raise IncompleteDecision(
            [Gap("title", "A case made by hand needs a name.", give, "give it one")]
        )


def check_act(act: CaseAct) -> None:
    """Raise IllegalTransition for an act that is no step by itself: an appeal goes with it."""
    if act in APPEALS:
        raise IllegalTransition(
            "Only an appeal, or what is said to it, does this to a case.",
            "Record or judge it beside its statement of reasons, on Investigate under Appeal.",
        )


def check_step(step: NextStep) -> None:
    """Raise IncompleteDecision with all that an act has to say and does not."""
    said = {
        "colleague": bool((step.assignee or "").strip()),
        "day": step.review_on is not None
        and (step.data_day is None or step.review_on > step.data_day),
        "due": step.due_at is not None,
        "reason": len(step.reason.strip()) >= SHORTEST_REASON,
        "team": step.team in TEAMS,
        "contact": bool(step.contact.strip()),
    }
    gaps = [_STEP_GAPS[name] for name in RULES[step.act].fields if not said[name]]
    longest = max(len(step.reason), len(step.contact) * LONGEST_REASON // LONGEST_CONTACT)
    if longest > LONGEST_REASON:
        gaps.append(_TOO_LONG)
    if gaps:
        raise IncompleteDecision(gaps)


_STEP_GAPS = {
    "colleague": Gap(
        "colleague", "It does not say whom the case goes to.", "Choose a colleague.", "choose one"
    ),
    "day": Gap(
        "day",
        "It does not say until which later day the case is put off.",
        "Choose a day after today's of the data.",
        "choose a later day",
    ),
    "due": Gap("due", "It does not say by when an answer is due.", "Choose a day.", "choose a day"),
    "reason": Gap(
        "reason",
        f"It needs a reason of at least {SHORTEST_REASON} characters.",
        "Say why in a few words: whoever opens the case next reads it.",
        f"at least {SHORTEST_REASON} characters",
    ),
    "team": Gap(
        "team",
        "It does not say which team the case goes to.",
        f"Choose one of {', '.join(TEAMS.values())}.",
        "choose one",
    ),
    "contact": Gap(
        "contact",
        "It does not say who of the team has it.",
        "Name a person or the address of their desk.",
        "name somebody",
    ),
}
_TOO_LONG = Gap(
    "reason",
    f"The reason is longer than {LONGEST_REASON} characters, or the contact than "
    f"{LONGEST_CONTACT}.",
    "Shorten it; what you saw belongs into the note of a decision.",
    "shorten it",
)


def check_approval(action: str, note: str) -> None:
    """Raise IncompleteDecision where the severest would be approved without a word on why."""
    if not _is_severest(action) or len(note.strip()) >= SHORTEST_NOTE:
        return
    gap = Gap(
        "reason",
        f"{_words(action)} needs a note of whoever approves it.",
        "Say in a sentence what you looked at.",
        f"at least {SHORTEST_NOTE} characters",
    )
    raise IncompleteDecision([gap])


def check_reason(reason: str) -> None:
    """Raise IncompleteDecision where something would be ended without a word on why."""
    if not SHORTEST_NOTE <= len(reason.strip()) <= LONGEST_REASON:
        gap = Gap(
            "reason",
            f"The reason needs {SHORTEST_NOTE} to {LONGEST_REASON} characters.",
            "Say in a sentence why it ends now.",
            f"{SHORTEST_NOTE} to {LONGEST_REASON} characters",
        )
        raise IncompleteDecision([gap])


def _is_severest(action: str) -> bool:
    measure = measures().get(action)
    return measure is not None and measure.is_severest


def check_everywhere(who: Viewer, subject: str = "A model scores") -> None:
    """Raise AccessDenied for whoever sees some markets only: `subject` is about all of them."""
    if who.markets:
        raise AccessDenied(
            f"{subject} every market; you see {', '.join(sorted(who.markets))}.",
            "Ask somebody who sees all of them.",
        )


def check_subjects(keys: Collection[str], markets: Mapping[str, str] | None, who: Viewer) -> None:
    """Raise UnknownSubject for who is not in the data, or not in the markets that `who` sees.

    `markets` by key; None = there are no data to look in. One sentence for both: whether somebody
    of another market exists is nothing that a denial may say.
    """
    if markets is None:
        return
    strangers = [key for key in keys if key not in markets or not who.sees(markets[key])]
    if strangers:
        where = "your markets" if who.markets else "the data"
        raise UnknownSubject(
            f"There is no {strangers[0].replace(':', ' ', 1)} in {where}.",
            "Reload the page, and open the subject again.",
        )
