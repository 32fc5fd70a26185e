"""What can be done with a case beside deciding it: one quiet line of exactly what is possible now.

What is possible for this state and this viewer comes from the table that the casebook refuses by;
each act asks for what it has to say. A second click of a double one does nothing, and whoever was
slower than a colleague is told so.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.access import is_same_person, viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rows import now
from dashboard.casebook.rules import LONGEST_CONTACT, LONGEST_REASON
from dashboard.cases.acts import RULES, TEAMS, CaseAct
from dashboard.cases.records import NextStep
from dashboard.components.attention import spent_on
from dashboard.components.empty_state import show_problem
from dashboard.components.triage import SNOOZE_DAYS, seen
from dashboard.errors import RingfenceError
from dashboard.store import build
from dashboard.text import md_escape, plain, plural
from dashboard.view_models.steps import (
    ACT_LABELS,
    REASONS,
    least_loaded,
    offered_to_all,
    where_it_is,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.casebook.steps import Weighed
    from dashboard.cases.attention import Spent
    from dashboard.cases.records import Case

DOUBLE_CLICK = timedelta(seconds=2)
_AT_HAND = (CaseAct.CLAIM, CaseAct.ENFORCE)
"""Acts with a button of their own."""
_ANSWERS = (CaseAct.RESUME, CaseAct.RETURN)
"""Acts with a place of their own; everything else is behind one more click."""
_OF_PROPOSALS = {CaseAct.APPROVE, CaseAct.RETURN}
"""Answers to what waits for approval: `components.proposals` has them."""
_MAY_SAY = {CaseAct.RESUME: ("reason",)}
"""What may be said with an act, and need not."""


def draw_steps(keys: Sequence[str], slot: str) -> None:
    """The acts that are possible with every one of these subjects' cases, none where none is."""
    if not keys:
        return
    weighed = open_casebook().weigh(keys, viewer=viewer())
    prefix = f"{slot}step."
    problem = st.session_state.pop(f"{prefix}problem", None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    _where(weighed)
    acts = offered_to_all((one.state, one.facts) for one in weighed.values())
    if CaseAct.APPROVE in acts:
        acts = tuple(act for act in acts if act not in _OF_PROPOSALS)
    if not acts:
        return
    versions = {key: one.version for key, one in weighed.items()}
    with st.container(horizontal=True, gap="small", key=f"{prefix}line"):
        for act in (act for act in _AT_HAND if act in acts):
            _button(act, prefix, versions)
        for act in (act for act in _ANSWERS if act in acts):
            with st.popover(ACT_LABELS[act], key=f"{prefix}{act}.place"):
                _fields(act, prefix, versions)
        others = [act for act in acts if act not in {*_AT_HAND, *_ANSWERS}]
        if others:
            box = st.popover("Next step", key=f"{prefix}more", on_change="rerun")
            if box.open:
                with box:
                    _others(others, prefix, versions)


def _where(weighed: Mapping[str, Weighed]) -> None:
    """Of one case whom it is with, until when and why."""
    cases = [one.case for one in weighed.values() if one.case]
    said = where_it_is(cases[0], now()) if len(weighed) == 1 and cases else ""
    if said:
        st.caption(md_escape(said))


def _others(acts: Sequence[CaseAct], prefix: str, versions: Mapping[str, int]) -> None:
    act = st.selectbox("Step", acts, format_func=ACT_LABELS.__getitem__, key=f"{prefix}act")
    if act:
        _fields(act, prefix, versions)


def _fields(act: CaseAct, prefix: str, versions: Mapping[str, int]) -> None:
    """What an act has to say, then its button."""
    for name in RULES[act].fields or _MAY_SAY.get(act, ()):
        _FIELDS[name](act, prefix)
    if act is CaseAct.ASSIGN and viewer().may("assign"):
        _least_loaded(prefix, versions)
    _button(act, prefix, versions)


def _button(act: CaseAct, prefix: str, versions: Mapping[str, int], assignee: str = "") -> None:
    label = f"Give to {plain(assignee)}" if assignee else ACT_LABELS[act]
    st.button(
        md_escape(label),
        key=f"{prefix}{act}{'.least' if assignee else ''}",
        on_click=_take,
        args=(act, prefix, dict(versions), assignee),
    )


def _least_loaded(prefix: str, versions: Mapping[str, int]) -> None:
    least = least_loaded(open_casebook().open_counts(), viewer().name)
    if least is None:
        return
    name, count = least
    st.caption(md_escape(f"{plain(name)} has the fewest open cases here: {plural(count, 'case')}."))
    _button(CaseAct.ASSIGN, prefix, versions, name)


def _colleague(act: CaseAct, prefix: str) -> None:
    counts = open_casebook().open_counts()
    others = [
        name for name in open_casebook().colleagues() if not is_same_person(name, viewer().name)
    ]
    st.selectbox(
        "Colleague",
        others,
        index=None,
        format_func=lambda name: f"{plain(name)} · {counts.get(name, 0):,} open",
        placeholder="Whoever has opened a case here",
        key=f"{prefix}{act}.colleague",
    )


def _team(act: CaseAct, prefix: str) -> None:
    st.selectbox(
        "Team", TEAMS, index=None, format_func=TEAMS.__getitem__, key=f"{prefix}{act}.team"
    )


def _contact(act: CaseAct, prefix: str) -> None:
    st.text_input(
        "Who of them",
        key=f"{prefix}{act}.contact",
        max_chars=LONGEST_CONTACT,
        placeholder="A person, or the address of a desk",
    )


def _due(act: CaseAct, prefix: str) -> None:
    today = now().date()
    st.date_input(
        "Answer due (UTC)",
        value=today + timedelta(days=_ANSWER_DAYS),
        min_value=today,
        key=f"{prefix}{act}.due",
        help="By the wall's clock, to the end of the day. Then the case is open again.",
    )


_ANSWER_DAYS = 3
"""Days that are proposed for an answer; an assumption."""


def _day(act: CaseAct, prefix: str) -> None:
    st.selectbox(
        "For",
        SNOOZE_DAYS,
        format_func=lambda days: (
            f"{plural(days, 'day')} of the data, to {build().as_of + timedelta(days=days)}"
        ),
        key=f"{prefix}{act}.days",
    )


def _reason(act: CaseAct, prefix: str) -> None:
    st.text_area(REASONS[act], key=f"{prefix}{act}.reason", max_chars=LONGEST_REASON, height=68)


_FIELDS = {
    "colleague": _colleague,
    "team": _team,
    "contact": _contact,
    "due": _due,
    "day": _day,
    "reason": _reason,
}


def _take(act: CaseAct, prefix: str, versions: dict[str, int], assignee: str) -> None:
    take_step(act, prefix, versions, assignee)


def take_step(act: CaseAct, prefix: str, versions: dict[str, int], assignee: str = "") -> bool:
    """Take the step, or keep why it was refused for the next drawing and return False."""
    book, who = open_casebook(), viewer()
    try:
        if _is_second_click(act, book.cases_of(versions), versions):
            return True
        step = _step(act, prefix, assignee)
        spent = _spent(prefix, versions)
        book.set_aside(seen(versions), step, viewer=who, seen_versions=versions, spent=spent)
    except RingfenceError as error:
        st.session_state[f"{prefix}problem"] = error
        return False
    for name in ("reason", "contact", "colleague", "team"):
        st.session_state.pop(f"{prefix}{act}.{name}", None)
    return True


def _spent(prefix: str, versions: Mapping[str, int]) -> Spent | None:
    """What the case that the acts are drawn on was looked at, or the one subject they are about."""
    on_case = spent_on(prefix.removesuffix("step."))
    return on_case or (spent_on(*versions) if len(versions) == 1 else None)


def _is_second_click(act: CaseAct, cases: Mapping[str, Case], versions: Mapping[str, int]) -> bool:
    """Whether all of it was done by this viewer a moment ago: the button was clicked twice."""
    return all(
        key in cases
        and cases[key].state == RULES[act].to
        and cases[key].version > version
        and is_same_person(cases[key].changed_by, viewer().name)
        and now() - cases[key].changed_at < DOUBLE_CLICK
        for key, version in versions.items()
    )


def _step(act: CaseAct, prefix: str, assignee: str) -> NextStep:
    kept: dict[str, Any] = {name: st.session_state.get(f"{prefix}{act}.{name}") for name in _KEPT}
    is_put_off = "day" in RULES[act].fields and kept["days"]
    has_due = "due" in RULES[act].fields and kept["due"]
    return NextStep(
        act,
        build().as_of,
        assignee or kept["colleague"],
        build().as_of + timedelta(days=int(kept["days"])) if is_put_off else None,
        str(kept["reason"] or ""),
        str(kept["team"] or ""),
        str(kept["contact"] or ""),
        datetime.combine(kept["due"], _END_OF_DAY) if has_due else None,
    )


_KEPT = ("colleague", "days", "reason", "team", "contact", "due")
_END_OF_DAY = time(23, 59)
