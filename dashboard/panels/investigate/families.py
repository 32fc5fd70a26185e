"""Families of features as bars in points of the score; a click keeps one family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import explainer
from dashboard.charts.waterfall import POINTS, waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.empty_state import empty_state
from dashboard.view_models.bars import Ends
from dashboard.view_models.families import family_bars

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef

NO_MODEL = (
    "These scores came without the model that made them.",
    "Families, changes and look-alikes need scores.model_files: build with the scorer inside.",
)


def draw_families(entity: EntityRef, as_of: date, chosen: str) -> None:
    """From the average score to this one, family by family."""
    st.markdown("**Families**, in points of the score", help=_HELP)
    families = explainer.families(entity, as_of)
    if families is None:
        empty_state(*NO_MODEL)
        return
    bars = family_bars(families.points, Ends("Average entity", "This entity", families.base))
    keys = bars.filter(pl.col("kind").is_in(["up", "down"]))["key"]
    look.clickable(
        waterfall(bars, look.palette(), unit=POINTS, chosen=chosen),
        alt=waterfall_alt(bars, POINTS),
        key=f"families-{entity.key}-{chosen}",
        on_click=lambda place: keep_family(keys[place], chosen),
    )


def keep_family(family: str, current: str) -> None:
    """Keep one family's features; a second click on it shows all again."""
    address.put({"family": "" if family == current else family, "feature": "", "rows": ""})


_HELP = (
    "Shapley values over families: the average score of a stored background, plus every family, "
    "is this score exactly. Click a family to see its features only."
)
