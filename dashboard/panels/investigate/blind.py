"""What somebody sees who is to judge before the score: the facts, and nothing anybody thought.

No score, band, alert, signal, explanation, earlier verdict, ring or neighbour with its standing;
the order of the figures is the usual one, not that of a scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import address
from dashboard.components.attention import notice
from dashboard.components.blind_first import give_first
from dashboard.components.boundary import panel
from dashboard.components.choices import one_of
from dashboard.components.empty_state import show_problem
from dashboard.errors import RingfenceError
from dashboard.panels.investigate.details import details_panel
from dashboard.panels.investigate.facts import facts_panel
from dashboard.panels.investigate.live_session import minutes_panel
from dashboard.state import INVESTIGATE_TABS
from dashboard.text import md_escape
from dashboard.view_models.decide import VERDICTS
from dashboard.view_models.header import HeaderView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from dashboard.state import EntityRef

TABS = {code: INVESTIGATE_TABS[code] for code in ("facts", "details")}
_WHY = (
    "The score, its reasons, the alert and what was said before are shown after your first "
    "verdict. You may change it then; both are kept."
)


def blind_head(rows: pl.DataFrame) -> HeaderView:
    """Who the subject of `pages/investigate/entity` is, without any number about it."""
    return HeaderView.of(rows, pl.DataFrame(), pl.DataFrame(), pl.DataFrame())


def draw_blind_head(head: HeaderView) -> None:
    """Name, kind, market, age and peers."""
    with st.container(gap=None):
        st.markdown(f"## {md_escape(head.name)}")
        st.markdown(" · ".join(md_escape(fact) for fact in head.facts))
        st.caption(f"{md_escape(head.entity_id)} · {md_escape(head.peer_group)}")


@panel
def blind_facts(entity: EntityRef, head: HeaderView, kept: Mapping[str, Any] | None = None) -> None:
    """Its figures with their rows, then the kind's own; of a live room its minutes.

    `kept` are the figures that somebody decided on before, by metric.
    """
    if entity.entity_type == "live_session":
        notice(entity.key, "minutes")
        minutes_panel(entity)
        return
    tab = address.segments("Panels", "tab", TABS, st.query_params.get("tab", ""))
    notice(entity.key, tab)
    if tab == "details":
        details_panel(entity, head)
    else:
        facts_panel(entity, head, is_blind=True, kept=kept)


def blind_page(entity: EntityRef, rows: pl.DataFrame) -> None:
    """The facts on the left, the first verdict on the right."""
    head = blind_head(rows)
    draw_blind_head(head)
    evidence, decision = st.columns([0.73, 0.27], gap="medium")
    with evidence:
        blind_facts(entity, head)
    with decision, st.container(key="decide_panel"):
        _first(entity.key)


def _first(subject: str) -> None:
    with st.container(border=True, gap="small"):
        st.markdown("**First verdict**")
        st.caption(_WHY)
        problem = st.session_state.pop(f"first.{subject}.problem", None)
        if isinstance(problem, RingfenceError):
            show_problem(problem)
        verdict = one_of("Verdict", VERDICTS, key=f"first.{subject}.verdict")
        st.button(
            "Show the score",
            type="primary",
            width="stretch",
            disabled=verdict is None,
            key=f"first.{subject}.give",
            on_click=_give,
            args=(subject,),
        )


def _give(subject: str) -> None:
    verdict = st.session_state.get(f"first.{subject}.verdict")
    if verdict not in VERDICTS:
        return
    try:
        give_first(subject, verdict)
    except RingfenceError as error:
        st.session_state[f"first.{subject}.problem"] = error
