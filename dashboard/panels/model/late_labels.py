"""How good the scores of each week were, how soon labels arrive, and what needs no labels."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.access import viewer
from dashboard.charts import late_labels as charts
from dashboard.components import address, look
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state
from dashboard.components.in_view import in_view
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.late_labels import (
    FIRST,
    MEASURES,
    SAID,
    Cohorts,
    arrival_table,
    arrivals_concerning,
    draws_sentence,
    estimate_sentences,
    lot_sentence,
)


@panel
def draw_late_labels(entity_type: str) -> None:
    """Nothing of a build that has not followed its scores."""
    if not has_table("scores.cohorts"):
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _weeks(entity_type)
    with right:
        _arrival(entity_type)


def _weeks(entity_type: str) -> None:
    rows = read("pages/model/cohorts", entity_type=entity_type)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown("**As verdicts came in**", help=_WEEKS, width="content")
        chosen = address.segments(
            "Measure", "measure", MEASURES, st.query_params.get("measure", "precision")
        )
    if rows.is_empty():
        empty_state("Nothing was followed.", "It needs weekly scores and verdicts after them.")
        return
    cohorts, name = Cohorts.of(rows, chosen), MEASURES[chosen]
    st.caption(md_escape(f"{SAID[chosen]} {cohorts.sentence}"))
    figure = charts.by_week(cohorts.weeks, look.palette(), name)
    alt = charts.by_week_alt(cohorts.weeks, theme.entity_label(entity_type), name)
    in_view(
        figure,
        lambda: look.chart(figure, alt=alt, key=f"cohorts-{data_version()}-{entity_type}-{chosen}"),
        alt=alt,
        place="cohorts",
        shows=entity_type,
    )
    bands = read("pages/model/calibration", entity_type=entity_type)
    first = bands.filter(pl.col("band") == "top_5")
    band = first.row(0, named=True) if first.height else None
    st.caption(md_escape(" ".join(estimate_sentences(rows, band))))
    checks = read("pages/model/lot_checks", entity_type=entity_type)
    st.caption(md_escape(f"{lot_sentence(checks)} {_draws(entity_type)}"))


def _draws(entity_type: str) -> str:
    """Who the random checks leave out; they count every market, so only for who sees them all."""
    if viewer().markets:
        return ""
    rows = read("pages/model/lot_draws", entity_type=entity_type)
    return draws_sentence(rows.row(0, named=True))


def _arrival(entity_type: str) -> None:
    st.markdown("**How soon labels arrive**, by scheme", help=_ARRIVAL)
    rows = arrivals_concerning(read("pages/model/label_arrival"), entity_type)
    if rows.is_empty():
        empty_state(
            "No scheme of this kind has labels enough.",
            "It needs bad labels that say when the behaviour began.",
        )
        return
    table = arrival_table(rows)
    names = dict(table.select("typology", "label").iter_rows())
    figure = charts.arrival(rows, names, look.palette())
    alt = charts.arrival_alt(table)
    in_view(
        figure,
        lambda: look.chart(figure, alt=alt, key=f"arrival-{data_version()}-{entity_type}"),
        alt=alt,
        place="arrival",
        shows=entity_type,
    )
    look.table(
        table,
        {
            "label": look.text_column("Scheme", width=220),
            "labels": look.number_column("Labels"),
            "half": look.number_column("Half by", "%d d"),
            "nine_tenths": look.number_column("Nine in ten by", "%d d"),
            "longest": look.number_column("Seen up to", "%d d", tip=_LONGEST),
        },
        alt="Days until labels of each scheme are there",
        key=f"arrivals-{data_version()}-{entity_type}",
        most_rows=6,
    )


_WEEKS = (
    f"Each subject stands where a model that did not know its verdict puts it that week; the "
    f"{FIRST} is where it would stand among those of today whom nobody has judged. Reviewers chose "
    "whom they looked at, so this is no share of everybody there: the card above corrects for that."
)
_ARRIVAL = (
    "Of the labels that arrive at all, how many are there so many days after the behaviour began: "
    "delivered labels that say so, of every kind of subject. Each age is read off labels whose "
    "behaviour is old enough to show it, so quick labels of young behaviour do not count twice."
)
_LONGEST = "What takes longer is not in the curve: too few labels are old enough to show it"
