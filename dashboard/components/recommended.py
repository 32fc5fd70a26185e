"""What the policy suggests for some subjects, as a quiet line: nothing is chosen by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.casebook import open_casebook
from dashboard.text import md_escape
from dashboard.view_models.effects import tried
from dashboard.view_models.recommendation import Situation, recommend

if TYPE_CHECKING:
    from collections.abc import Sequence


def draw_recommended(
    typology: str, keys: Sequence[str], band: str | None, stake_usd: float
) -> None:
    """The line, where a pack says what is proportionate; `keys` are of one kind of subject.

    `band` is their highest, `stake_usd` the most that one of them can still cost.
    """
    every = open_casebook().effects_of(keys)
    earlier = tuple(one for own in every.values() for one in tried(own))
    kind = keys[0].partition(":")[0]
    made = recommend(Situation(typology, kind, band, stake_usd, earlier))
    if made is not None:
        st.caption(md_escape(made.sentence))
