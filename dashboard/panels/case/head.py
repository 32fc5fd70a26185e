"""The head of a case: its name and figures, and the brief with the way to the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.text import md_escape

if TYPE_CHECKING:
    from dashboard.view_models.case import CaseView


def draw_case_head(view: CaseView) -> None:
    """What the case is called, and its figures."""
    st.markdown(f"## {md_escape(view.title)}")
    look.draw_facts(view.facts, per_row=7)


def draw_brief(view: CaseView) -> None:
    """Who, how tied, how sure, how much, and what speaks against it."""
    brief = " ".join(f"{md_escape(one.text)} :small[[rows]({one.target})]" for one in view.brief)
    st.markdown(brief)
