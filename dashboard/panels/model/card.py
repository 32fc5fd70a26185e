"""The parts of a model card: quality on matured labels, what it uses."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard.charts import quality
from dashboard.charts.waterfall import margin_unit
from dashboard.components import look
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.components.in_view import in_view
from dashboard.components.links import page_link
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.model import (
    IMPORTANCE_SHOWN,
    ModelView,
    calibration_table,
    concerning,
    evaluation_table,
    heads_table,
    measured_sentence,
    shap_check_sentence,
)


def model_view(model: dict[str, object]) -> ModelView:
    """Read the curves of one model."""
    entity_type = str(model["entity_type"])
    return ModelView.of(
        model,
        curve=read("pages/model/pr_curve", entity_type=entity_type),
        bins=read("pages/model/calibration", entity_type=entity_type),
        importance=read("pages/model/importance", entity_type=entity_type, limit=IMPORTANCE_SHOWN),
    )


def draw_card(view: ModelView) -> None:
    """What it learned from and how good it is."""
    st.markdown(md_escape(view.headline))
    st.caption(md_escape(f"{view.provenance} {view.measured_on}"))
    if view.is_handed_over:  # nobody measured it here: no quality, no curve, no scheme
        _shap_check(view)
        if len(view.importance):
            _importance(view)
        return
    evaluation_tables(view.entity_type)
    _shap_check(view)
    left, middle, right = st.columns([0.26, 0.34, 0.4], gap="medium")
    with left:
        _precision_recall(view)
    with middle:
        st.markdown("**Is the score right** where it decides?", help=_CALIBRATION)
        _calibration(view)
    with right:
        _importance(view)


def _precision_recall(view: ModelView) -> None:
    st.markdown("**Precision and recall** among the unjudged")
    figure = quality.precision_recall(
        view.precision_recall, look.palette(), base_rate=view.base_rate
    )
    alt = quality.precision_recall_alt(view.precision_recall, view.label)
    in_view(
        figure,
        lambda: look.chart(figure, alt=alt, key=f"pr-{view.entity_type}"),
        alt=alt,
        place="precision",
        shows=view.entity_type,
    )


def _importance(view: ModelView) -> None:
    st.markdown("**What moves it most**")
    sizes = view.importance["mean_abs_contribution"]
    unit = margin_unit(sizes, is_log_odds=view.is_log_odds)
    figure = quality.importance(view.importance, look.palette(), unit)
    alt = quality.importance_alt(view.importance, view.label)
    in_view(
        figure,
        lambda: look.chart(figure, alt=alt, key=f"imp-{view.entity_type}"),
        alt=alt,
        place="importance",
        shows=view.entity_type,
    )


def _shap_check(view: ModelView) -> None:
    """Whether the reasons shown beside its scores are right."""
    rows = pl.DataFrame()
    if has_table("meta.shap_check"):
        rows = read("pages/model/shap_check", entity_type=view.entity_type)
    sentence = shap_check_sentence(
        rows,
        is_handed_over=view.is_handed_over,
        has_contributions=not view.importance.is_empty(),
    )
    if sentence:
        st.caption(md_escape(sentence))


def _calibration(view: ModelView) -> None:
    if view.calibration.is_empty():
        empty_state("Nothing was compared.", "It needs matured verdicts.")
        return
    look.table(
        calibration_table(view.calibration),
        {
            "label": look.text_column("Band", width=120),
            "entities": look.number_column("Today", width=56),
            "predicted": look.number_column("Score", "%.2f", width=56),
            "observed": look.text_column("Bad share", width=96),
            "verdict": look.text_column("", width=84),
        },
        alt=f"{view.label} model: mean score and share of bad in the bands that decide",
        key=f"calibration-{data_version()}-{view.entity_type}",
        most_rows=3,
    )


@panel
def evaluation_tables(entity_type: str) -> None:
    """Quality with intervals beside the schemes that have a model of their own."""
    left, right = st.columns([0.36, 0.64], gap="medium")
    with left, boundary():
        st.markdown("**Quality**, with 90 % intervals", help=_EVALUATION)
        _evaluation(entity_type)
    with right, boundary():
        st.markdown("**Schemes**", help=_HEADS)
        _heads(entity_type)


def _evaluation(entity_type: str) -> None:
    rows = read("pages/model/evaluation", entity_type=entity_type)
    if rows.is_empty():
        empty_state("Nothing was evaluated.", "It needs verdicts that matured after training.")
        return
    st.caption(md_escape(measured_sentence(rows)))
    look.table(
        evaluation_table(rows),
        {
            "label": look.text_column("Measure", width=168),
            "value": look.number_column("Value", "%.2f", width=56),
            "interval": look.text_column("Interval", width=110),
            "ceiling": look.number_column("Ceiling", "%.2f", width=60, tip=_CEILING),
        },
        alt="Quality of the model with intervals",
        key=f"evaluation-{data_version()}-{entity_type}",
        most_rows=12,
    )


def _heads(entity_type: str) -> None:
    rows = concerning(read("pages/model/heads", entity_type=entity_type), entity_type)
    if rows.is_empty():
        empty_state("No scheme concerns this kind of entity.", "Packs name the kinds they cover.")
        return
    own = int(rows["has_head"].sum())
    st.caption(f"{own} of {len(rows)} have a model of their own.")
    look.table(
        heads_table(rows),
        {
            "label": look.text_column("Scheme", width=220),
            "positives": look.number_column("Verdicts", width=66),
            "delay": look.number_column("Known after", "%.0f d", width=84, tip=_DELAY),
            "base_rate": look.number_column("Base rate", look.PERCENT, width=72),
            "how": look.text_column("Probability from", width=200),
        },
        alt="Schemes and their models",
        key=f"heads-{data_version()}-{entity_type}",
        most_rows=12,
    )


_EVALUATION = (
    "Nine of ten such intervals hold the real value. Where it is wider than half of all that "
    "is possible, no figure is shown."
)
_CALIBRATION = (
    "The mean score of those in a band today, and between which shares of them verdicts say are "
    "bad: a score is right where it lies between. Shares further apart than half tell nothing."
)
_CEILING = "The best any model could reach: fewer are bad than are reviewed"
_DELAY = "Median days until a verdict is known: until then silence clears nobody"
_HEADS = (
    "A scheme with enough matured verdicts has a model of its own; the others are known by their "
    "pack's signals alone. How well each ranks those whom nobody has judged, so few verdicts of "
    "one scheme do not tell."
)


def draw_drift_link(entity_type: str) -> None:
    """Where to see whether the days are still like those it learned from."""
    page_link(
        "What moved its scores, and which columns are unlike before",
        "drift",
        {"model": entity_type},
        icon=":material/ssid_chart:",
    )
