"""Changing a case: split off, add, put together, take out; and saying of a link that it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.grouping import new_group
from dashboard.cases.records import Assignment, LinkVerdict
from dashboard.components.empty_state import show_problem
from dashboard.components.links import go
from dashboard.errors import RingfenceError
from dashboard.state import EntityRef
from dashboard.text import md_escape, plain, plural
from dashboard.view_models.case_changes import LINK_VERDICTS, link_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.view_models.case import CaseView

LONGEST_TITLE = 80
ENDS = 2
"""Members between whom a link is."""


def draw_changes(view: CaseView, case_id: str, chosen: Sequence[int]) -> None:
    """One quiet line of ways to change the case; each acts on the ticked members."""
    if not viewer().may("decide"):
        return
    _problem()
    keys = [view.keys[row] for row in chosen]
    with st.container(horizontal=True, gap="small"):
        with st.popover("Split off", disabled=not keys, key="case.split"):
            _split(keys)
        with st.popover("Add", key="case.add"):
            _add(case_id)
        with st.popover("Put into another case", disabled=not keys, key="case.merge"):
            _merge(keys)
        st.button(
            "Out of the case",
            key="case.out",
            disabled=not keys,
            help="Each of the ticked becomes a case of its own",
            on_click=_doing,
            args=(lambda: _apart(keys),),
        )
        with st.popover("Judge a link", key="case.link"):
            _judge(view)


def _split(keys: Sequence[str]) -> None:
    title = st.text_input("Name of the new case", key="case.title", max_chars=LONGEST_TITLE)
    st.button(
        f"Make a case of {plural(len(keys), 'member')}",
        key="case.make",
        type="primary",
        on_click=_doing,
        args=(lambda: _make(keys, title or ""),),
    )


def _make(keys: Sequence[str], title: str) -> None:
    group = new_group()
    _assign(keys, Assignment(group, title.strip()))
    go("case", {"id": group})


def _add(case_id: str) -> None:
    entity = st.text_input("Key of the subject", key="case.new", placeholder="buyer:buy_000001")
    st.button(
        "Add to this case",
        key="case.put",
        type="primary",
        on_click=_doing,
        args=(lambda: _assign([_key(entity or "")], Assignment(case_id)),),
    )


def _merge(keys: Sequence[str]) -> None:
    other = st.text_input("Id of the case", key="case.other", placeholder="rng_0123456789")
    st.button(
        f"Move {plural(len(keys), 'member')}",
        key="case.move",
        type="primary",
        on_click=_doing,
        args=(lambda: _assign(keys, Assignment(_group(other or ""))),),
    )


def _apart(keys: Sequence[str]) -> None:
    for key in keys:
        _assign([key], Assignment(key))


def _judge(view: CaseView) -> None:
    names = dict(zip(view.keys, (plain(name) for name in view.rows["name"]), strict=True))
    for line in link_lines(open_casebook().judged_links(), names):
        st.caption(md_escape(line))
    ends = [
        st.selectbox(label, list(names), index=None, format_func=names.__getitem__, key=key)
        for label, key in (("Between", "case.from"), ("and", "case.to"))
    ]
    pair = [end for end in ends if end]
    note = st.text_input("Why", key="case.why", max_chars=200)
    with st.container(horizontal=True, gap="small"):
        for verdict, label in LINK_VERDICTS.items():
            st.button(
                label,
                key=f"case.link.{verdict}",
                disabled=len({*pair}) < ENDS,
                on_click=_doing,
                args=(lambda said=verdict: _say(pair, said, note or ""),),
            )
    st.caption("The next build makes no tie of a rejected link. The audit trail keeps who said it.")


def _say(ends: Sequence[str], verdict: str, note: str) -> None:
    link = LinkVerdict(ends[0], ends[1], verdict, note.strip())
    open_casebook().judge_link(link, viewer=viewer())


def _key(text: str) -> str:
    entity = EntityRef.parse(text.strip())
    if entity is None:
        raise RingfenceError(
            f"{plain(text) or 'Nothing'} is no key of a subject.",
            "Give its kind and id, such as buyer:buy_000001: both stand on its page.",
        )
    return entity.key


def _group(text: str) -> str:
    group = text.strip()
    if not group.startswith(("rng_", "hnd_")) and EntityRef.parse(group) is None:
        raise RingfenceError(
            f"{plain(text) or 'Nothing'} is no id of a case.",
            "Copy it from the address of the case: rng_..., hnd_... or a subject's key.",
        )
    return group


def _assign(keys: Sequence[str], to: Assignment) -> None:
    open_casebook().assign(keys, to, viewer=viewer())


_SLOT = "case.problem"


def _doing(change: Callable[[], None]) -> None:
    """Make a change, or keep why it was refused for the next drawing."""
    try:
        change()
    except RingfenceError as error:
        st.session_state[_SLOT] = error


def _problem() -> None:
    problem = st.session_state.pop(_SLOT, None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
