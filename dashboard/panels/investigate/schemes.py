"""Known schemes: which signals of the packs fire, what to check and what would clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components.signals import draw_fired
from dashboard.components.unavailable import draw_unavailable
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models import words

if TYPE_CHECKING:
    from dashboard.state import EntityRef


def draw_signals(entity: EntityRef, typology: str) -> None:
    """The firing signals, one playbook, and what nobody could look at.

    Signals and playbook of `typology`, which the rest of the page speaks of, come first; where
    it speaks of none, the playbook is that of the strongest signal.
    """
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    fired = read("pages/investigate/signals", **who)
    if not fired.is_empty():
        _fired(entity, fired, typology)
    _playbook(typology or (str(fired["typology"][0]) if len(fired) else ""))
    draw_unavailable(entity.entity_type)


def _fired(entity: EntityRef, fired: pl.DataFrame, first: str) -> None:
    st.markdown("**Known schemes that fit**")
    with st.container(gap="xxsmall"):
        draw_fired(entity, fired.sort(pl.col("typology") != first, maintain_order=True))


def _playbook(typology: str) -> None:
    pack = words.known_packs().get(typology)
    if pack is None:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**What to check**")
        st.markdown("\n".join(f"1. {md_escape(one.step)}" for one in pack.playbook))
    with right:
        st.markdown("**What would clear it**")
        st.markdown("\n".join(f"- {md_escape(clear)}" for clear in pack.clears))
