"""What each kind of risk brought in the period that the Metrics page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.typology_counts import typology_note, typology_table

if TYPE_CHECKING:
    from dashboard.panels.metrics.selection import Selection


def draw_typologies(selection: Selection) -> None:
    """Alerts opened, verdicts and what appeals overturned, per typology; nothing for none."""
    params, period = selection.of_subjects, selection.compared.now
    rows = read("pages/metrics/typologies", **params)
    if rows.is_empty():
        return
    st.markdown("**By kind of risk**")
    st.caption(md_escape(typology_note(selection.slices)))
    look.table(
        typology_table(rows),
        {
            "typology": look.text_column("Typology", width=220),
            "opened": look.number_column("Open alerts", look.WHOLE, tip=_OPENED),
            "confirmed": look.number_column("Confirmed", look.WHOLE, tip=_CONFIRMED),
            "overturned": look.number_column("Overturned", look.WHOLE),
            "delay_days": look.number_column("Verdict after", "%.0f d", tip=_DELAY),
        },
        alt="Alerts and verdicts of the period by typology",
        key=f"typologies-{data_version()}-{hash(f'{params}')}-{period.since}-{period.until}",
        most_rows=16,
    )


_OPENED = "Opened in these days and not judged yet"
_CONFIRMED = "Verdicts given in these days, whenever the behaviour was"
_DELAY = "Usual days from the behaviour to a verdict of this kind"
