"""What is in force on subjects, what the platform said of it, and the way to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rows import now
from dashboard.casebook.rules import LONGEST_REASON
from dashboard.components.empty_state import show_problem
from dashboard.errors import RingfenceError
from dashboard.text import md_escape, plain
from dashboard.view_models.effects import effect_lines, standing_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.effects import Effect
    from dashboard.view_models.effects import EffectLine

_SHOWN = 20
"""Lines that are drawn: a case has hundreds of members."""
_PROBLEM = "in_force.problem"


def draw_in_force(names: Mapping[str, str]) -> None:
    """Every effect on subjects (key: name), what stands first; nothing where there never was one.

    One subject needs no name in its line.
    """
    every = open_casebook().effects_of(list(names))
    lines = [(key, line) for key, own in every.items() for line in effect_lines(own, now())]
    problem = st.session_state.pop(_PROBLEM, None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    if not lines:
        return
    lines.sort(key=lambda one: one[1].effect is None)
    with st.container(border=True, gap="small", key="in_force"):
        count = standing_count([line for _, line in lines])
        st.markdown(f"**In force** :gray-badge[{count:,}]")
        for key, line in lines[:_SHOWN]:
            _draw(line, plain(names[key]) if len(names) > 1 else "")
        if len(lines) > _SHOWN:
            st.caption(f"{len(lines) - _SHOWN:,} more; open a member to see its own.")


def _draw(line: EffectLine, name: str) -> None:
    with st.container(gap=None):
        subject = f"{md_escape(name)}: " if name else ""
        over = "" if line.effect else ":gray[over] · "
        st.markdown(f"{over}{subject}{md_escape(line.headline)}")
        st.caption(md_escape(line.detail))
        if line.delivery:
            said = md_escape(f"Platform: {line.delivery}")
            st.caption(f":red[{said}]" if line.is_troubled else said)
    if line.effect and viewer().may("approve"):
        _ending(line.effect)


def _ending(effect: Effect) -> None:
    key = f"in_force.{effect.effect_id}"
    with st.popover("End it now", key=f"{key}.place"):
        st.text_area("Why it ends now", key=f"{key}.reason", max_chars=LONGEST_REASON, height=68)
        st.button("End it", key=key, type="primary", on_click=_end, args=(effect, key))


def _end(effect: Effect, key: str) -> None:
    try:
        reason = str(st.session_state.get(f"{key}.reason") or "")
        open_casebook().end_effect(effect, reason, viewer=viewer())
    except RingfenceError as error:
        st.session_state[_PROBLEM] = error
