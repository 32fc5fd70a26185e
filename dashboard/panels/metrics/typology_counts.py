"""What each kind of risk brought in the period that the Metrics page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.store import data_version, read
from dashboard.view_models.metrics import typology_table

if TYPE_CHECKING:
    from dashboard.view_models.metrics import Period


def draw_typologies(period: Period) -> None:
    """Alerts opened, verdicts and what appeals overturned, per typology; nothing for none."""
    rows = read("pages/metrics/typologies", since=period.since, until=period.until)
    if rows.is_empty():
        return
    st.markdown("**By kind of risk**")
    look.table(
        typology_table(rows),
        {
            "typology": look.text_column("Typology", width=220),
            "opened": look.number_column("Open alerts", look.WHOLE),
            "confirmed": look.number_column("Confirmed", look.WHOLE),
            "overturned": look.number_column("Overturned", look.WHOLE),
        },
        alt="Alerts and verdicts of the period by typology",
        key=f"typologies-{data_version()}-{period.since}-{period.until}",
        most_rows=16,
    )
