"""What became of the alerts of each week, on the Metrics page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.alert_cohorts import (
    WITHIN_DAYS,
    AlertCohorts,
    cohort_note,
    first_week,
)

if TYPE_CHECKING:
    from dashboard.panels.metrics.selection import Selection


def draw_cohorts(selection: Selection) -> None:
    """Shares confirmed, cleared and not judged, by the week of opening; nothing for none."""
    since = first_week(selection.compared.now.until)
    params = {**selection.of_subjects, "since": since, "within_days": WITHIN_DAYS}
    rows = read("pages/metrics/alert_cohorts", **params)
    if rows.is_empty():
        return
    cohorts = AlertCohorts.of(rows)
    st.markdown("**What became of alerts**")
    st.caption(md_escape(f"{cohorts.sentence} {cohort_note(selection.slices)}"))
    look.table(
        cohorts.table,
        {
            "week": look.text_column("Opened in the week of", width=160),
            "opened": look.number_column("Alerts", look.WHOLE),
            "confirmed": look.number_column("Confirmed", look.PERCENT, tip=_SHARE),
            "cleared": look.number_column("Cleared", look.PERCENT, tip=_SHARE),
            "unjudged": look.number_column("Not judged", look.PERCENT, tip=_SHARE),
            "state": look.text_column("Verdicts", width=300),
        },
        alt="Shares of each week's alerts that were confirmed, cleared and not judged",
        key=f"cohorts-{data_version()}-{hash(f'{params}')}",
        most_rows=12,
    )


_SHARE = f"Of the alerts of that week, by the first verdict within {WITHIN_DAYS} days"
