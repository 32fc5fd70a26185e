"""The fields of a decision: each kept as it is entered, and each saying what it lacks.

They are no form of Streamlit's, which would hold everything back until it is sent: a reload
would lose it. What is missing is said in the names of the fields, so that nothing on the page
moves while somebody aims for the button.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rules import gaps_of
from dashboard.cases.patterns import LONGEST_PATTERN, named_patterns
from dashboard.cases.states import Verdict
from dashboard.components.blind_first import first_verdict
from dashboard.components.choices import one_of, several_of, ticks_of
from dashboard.components.recommended import draw_recommended
from dashboard.components.scope import in_scope
from dashboard.panels.investigate.record import draw_pack_texts
from dashboard.panels.investigate.save import (
    FORMS,
    REFUSED,
    Subject,
    draft_of,
    form_prefix,
    keep,
    save,
)
from dashboard.panels.investigate.terms import draw_terms
from dashboard.text import md_escape
from dashboard.view_models import words
from dashboard.view_models.decide import (
    CONFIDENCES,
    VERDICTS,
    DecideView,
    actions_for,
    evidence_for,
    field_label,
    initial_fields,
    lacking,
    reasons_for,
)
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.errors import Gap
    from dashboard.state import EntityRef

NOTE_LENGTH = 2_000
_PERSON, _START = f"{FORMS}person", f"{FORMS}start"
"""Whose the forms of this session are, and what the one that is drawn started with."""
PATTERNS = 4
"""So many patterns that were named before are offered, the latest first."""
_PATTERN = (
    "For what no typology describes. It stands for reason codes; whoever meets the same again "
    "says the same sentence, and from the record a typology pack can be begun with it."
)
_VICTIM = "Who holds this is the victim: a confirmed case protects it, nothing is taken from it."


def draw_form(entity: EntityRef, subject: Subject, view: DecideView) -> None:
    """Every field and the button; after a refusal each field says what it still lacks."""
    prefix = form_prefix(entity)
    start = _start(entity, view)
    gaps = _lacks(entity, subject)
    label = partial(field_label, gaps=gaps)
    typologies = ["", *view.typologies]
    typology = st.selectbox(
        label("Typology"),
        typologies,
        index=typologies.index(start["typology"]) if start["typology"] in typologies else 0,
        format_func=lambda code: words.typology_title(code) if code else "None",
        key=f"{prefix}typology",
        on_change=keep,
        args=(entity,),
    )
    if words.is_victim(typology):
        st.caption(_VICTIM)
    verdict = one_of(
        label("Verdict"),
        VERDICTS,
        key=f"{prefix}verdict",
        default=start["verdict"],
        on_change=partial(keep, entity),
    )
    is_cleared = verdict == Verdict.FALSE_POSITIVE
    _grounds(entity, subject, typology or "", label, start, is_cleared=is_cleared)
    st.button(
        "Save decision",
        key=f"{prefix}save",
        type="primary",
        width="stretch",
        shortcut="Mod+Enter",
        on_click=save,
        args=(entity, subject),
    )
    if gaps:
        st.error(md_escape(lacking(gaps)))
    if typology in words.known_packs():
        draw_pack_texts(typology, entity.entity_type)


def _grounds(
    entity: EntityRef,
    subject: Subject,
    typology: str,
    label: Callable[[str], str],
    start: Mapping[str, Any],
    *,
    is_cleared: bool,
) -> None:
    """What the verdict rests on and what follows from it; choices depend on the typology.

    Reason codes accuse: whoever is cleared is given none.
    """
    prefix = form_prefix(entity)
    if not is_cleared:
        _reasons(entity, typology, label, start)
        if steps := evidence_for(typology):
            key = f"evidence.{typology}"
            ticks_of(
                label("Evidence"),
                steps,
                key=f"{prefix}{key}",
                default=start.get(key) or (),
                on_change=partial(keep, entity),
            )
    if not is_cleared:
        draw_recommended(typology, [entity.key], subject.head.band, subject.stake_usd)
    actions = actions_for(typology, entity.entity_type)
    action = start.get(f"action.{typology}")
    st.selectbox(
        label("Action"),
        actions,
        index=actions.index(action) if action in actions else 0,
        format_func=words.sentence_case,
        key=f"{prefix}action.{typology}",
        on_change=keep,
        args=(entity,),
    )
    draw_terms(entity, typology, label, start)
    one_of(
        label("Confidence"),
        {name: name for name in CONFIDENCES},
        key=f"{prefix}confidence",
        default=start["confidence"],
        on_change=partial(keep, entity),
    )
    st.text_area(
        label("Note"),
        start["note"],
        key=f"{prefix}note",
        max_chars=NOTE_LENGTH,
        height=92,
        placeholder="What you saw, in a sentence: an appeal is judged on it",
        on_change=keep,
        args=(entity,),
    )


def _reasons(
    entity: EntityRef, typology: str, label: Callable[[str], str], start: Mapping[str, Any]
) -> None:
    """The reason codes of the typology, or a sentence where no pack has words for it."""
    if typology == NEW_PATTERN:
        _pattern(entity, label, start["pattern"])
        return
    several_of(
        label("Reasons"),
        reasons_for(typology),
        key=f"{form_prefix(entity)}reasons.{typology}",
        default=start.get(f"reasons.{typology}"),
        placeholder="What the evidence shows",
        on_change=partial(keep, entity),
    )


def _pattern(entity: EntityRef, label: Callable[[str], str], start: str) -> None:
    """A sentence in place of reason codes, and those that others said before."""
    key = f"{form_prefix(entity)}pattern"
    st.text_area(
        label("New pattern"),
        start,
        key=key,
        max_chars=LONGEST_PATTERN,
        height=68,
        placeholder="What is new about it, in a sentence",
        help=_PATTERN,
        on_change=keep,
        args=(entity,),
    )
    said = open_casebook().new_patterns()
    seen = in_scope({one.entity_key for one in said})
    before = named_patterns(one for one in said if one.entity_key in seen)[:PATTERNS]
    if before and not st.session_state.get(key):
        with st.container(gap=None):
            st.caption("Named before:")
            for number, sentence in enumerate(before):
                st.button(
                    md_escape(sentence),
                    key=f"{key}.{number}",
                    type="tertiary",
                    on_click=_take,
                    args=(entity, sentence),
                )


def _take(entity: EntityRef, sentence: str) -> None:
    st.session_state[f"{form_prefix(entity)}pattern"] = sentence
    keep(entity)


def _lacks(entity: EntityRef, subject: Subject) -> tuple[Gap, ...]:
    """What the form still lacks once a save was refused; before that nobody is reproached."""
    is_refused = f"{form_prefix(entity)}{REFUSED}" in st.session_state
    return gaps_of(draft_of(entity, subject)) if is_refused else ()


def _start(entity: EntityRef, view: DecideView) -> Mapping[str, Any]:
    """What fresh fields start with: what this viewer left unfinished, or the suggestion.

    They start with it as their default. A value set through the session is told to the browser
    in one run alone: where the next cut that run short, the server held it and the page showed
    an empty field. What somebody else typed in this session is theirs, and goes.
    """
    prefix = form_prefix(entity)
    if st.session_state.get(_PERSON, viewer().name) != viewer().name:
        for key in [key for key in st.session_state if str(key).startswith(FORMS)]:
            del st.session_state[key]
    st.session_state[_PERSON] = viewer().name
    of, *start = st.session_state.get(_START, ("",))
    if f"{prefix}typology" not in st.session_state or of != prefix:
        draft = open_casebook().draft(entity.key, viewer=viewer())
        kept = {"verdict": first_verdict(entity.key), **(draft or {})}
        fields = initial_fields(kept, view, entity.entity_type)
        start = [fields, bool(draft)]
        st.session_state[_START] = (prefix, *start)
    kept_fields: Mapping[str, Any]
    kept_fields, is_kept = start
    if is_kept:
        st.caption("You left this unfinished; here is what you had.")
    return kept_fields
