"""Why: families in points of the score, features below them, and the rows behind each.

Two levels, because analysts think in patterns first: a click on a family keeps its
features only, a click on a feature opens its rows. What argues against stands beside
what argues for, in the same size.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import explainer
from dashboard.charts.waterfall import Unit, margin_unit, waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.boundary import boundary, panel, redraw
from dashboard.components.empty_state import empty_state
from dashboard.components.evidence import evidence
from dashboard.components.in_view import in_view
from dashboard.errors import TableMissing
from dashboard.panels.investigate.alikes import alikes_panel
from dashboard.panels.investigate.anomaly import draw_anomaly
from dashboard.panels.investigate.families import NO_MODEL, draw_families
from dashboard.panels.investigate.holds import draw_findings, holds_of
from dashboard.panels.investigate.schemes import draw_signals
from dashboard.panels.investigate.service import service_panel
from dashboard.state import EntityRef, InvestigateState
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models import words
from dashboard.view_models.why import Reason, WhyView, unexplained
from pipeline.explaining.lifts import sharpest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from dashboard.view_models.header import HeaderView

BESIDE_PIXELS = 380
"""What families need to be read whole, labels and numbers; with less they stand below."""
FACTOR_PIXELS, POINTS_PIXELS = 52, 80
_FACTORS = (
    "×2 doubles the odds, ÷2 halves them: the odds of the average entity times every factor are "
    "the odds of this one, as its model sees them."
)
_POINTS = (
    "The scores were handed over with a margin in points of their own: all points add up to the "
    "margin of this one, and nothing is known of its odds."
)
_MEASURES = {
    True: "by what they multiply the odds of being bad by",
    False: "by how many points they move the margin that was handed over",
}
_LEGEND = (
    "Whiskers: nine more models, each taught by other verdicts of the same kind. Bars whose "
    "whiskers overlap in length are not ranked against each other: they share a bracket instead "
    "of a number."
)


@panel
def why_panel(entity: EntityRef, head: HeaderView) -> None:
    """Families beside what holds them, then features, evidence and sentences."""
    draw_anomaly(head)
    if head.signals_first:
        draw_signals(entity, head.typology)
    rows = explainer.contributions(entity)
    if rows.is_empty():
        empty_state(*_unexplained(entity))
        if not head.signals_first:
            draw_signals(entity, head.typology)
        if head.as_of:
            service_panel(entity, head.peer_group, head.as_of)
        return
    state = InvestigateState.parse(st.query_params)
    as_of = rows["as_of"][0]
    if head.anomaly is None:
        _scored(entity, head, rows, state)
    else:
        _rows_behind(entity, rows, state.feature)
    if head.anomaly or explainer.has_model(entity.entity_type):
        alikes_panel(entity, as_of, has_score=head.anomaly is None)
    if not head.signals_first:
        draw_signals(entity, head.typology)
    service_panel(entity, head.peer_group, as_of)


def _is_log_odds(entity_type: str) -> bool:
    """Whether the margins of its scores are log odds; those of another model may be points."""
    try:
        models = read("pages/model/models").filter(entity_type=entity_type)
    except TableMissing:
        return True
    return bool(models["is_log_odds"].all())


def _unexplained(entity: EntityRef) -> tuple[str, str]:
    """Why nothing explains its score."""
    try:
        models = read("pages/model/models").filter(pl.col("entity_type") == entity.entity_type)
        explained = read("pages/model/importance", entity_type=entity.entity_type, limit=1)
    except TableMissing:
        return unexplained(None, has_contributions=False)
    model = models.row(0, named=True) if len(models) else None
    return unexplained(model, has_contributions=not explained.is_empty())


def _scored(
    entity: EntityRef, head: HeaderView, rows: pl.DataFrame, state: InvestigateState
) -> None:
    """What the score is made of; the unproven have none."""
    view = WhyView.of(
        rows,
        entity.entity_type,
        lifts=_lifts(entity, rows),
        family=state.family,
        is_handed_over=not explainer.has_model(entity.entity_type),
        is_log_odds=_is_log_odds(entity.entity_type),
    )
    _top(entity, head, rows["as_of"][0], state.family)
    _features(entity, view, state)
    _rows_behind(entity, rows, state.feature)
    _arguments(view, state.feature)


def _rows_behind(entity: EntityRef, rows: pl.DataFrame, feature: str) -> None:
    """The evidence of the feature that is open, if one is."""
    if feature not in words.catalogue(entity.entity_type):
        return
    as_of, explained = rows["as_of"][0], rows.filter(pl.col("feature") == feature)
    with boundary():
        if len(explained):
            stored, peer = explained["value"][0], explained["peer_median"][0]
        else:  # it moves no score, so no peers were asked about it
            stored, peer = explainer.profile(entity, as_of).get(feature), None
        with st.container(key="evidence_rows"):
            evidence(entity, feature, as_of, stored=stored, peer=peer)


def _top(entity: EntityRef, head: HeaderView, as_of: date, family: str) -> None:
    """Families and what holds the score; near a line the findings come first.

    Both ask the trees: of scores that came without them one box says so.
    """
    if not explainer.has_model(entity.entity_type):
        empty_state(*NO_MODEL)
        return
    holds = holds_of(entity, head, as_of)
    parts: list[Callable[[], None]] = [
        lambda: draw_families(entity, as_of, family),
        lambda: draw_findings(holds, head),
    ]
    if holds and holds.is_near_edge:
        parts.reverse()
    with st.grid(2, gap="medium", min_column_width=BESIDE_PIXELS):
        for draw in parts:
            with st.container(), boundary():
                draw()


def _features(entity: EntityRef, view: WhyView, state: InvestigateState) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute",
                      vertical_alignment="center"):  # fmt: skip
        st.markdown(f"**Features**, {_MEASURES[view.is_log_odds]}", help=_help(view))
        with st.container(width=320):
            choices = {"": f"All families ({view.feature_count})", **view.families}
            address.select("Family", "family", choices, state.family, is_bare=True)
    keys = view.bars.filter(pl.col("kind").is_in(["up", "down"]))["key"]
    unit = _unit(view)
    figure, alt = (
        waterfall(view.bars, look.palette(), unit=unit, chosen=state.feature),
        waterfall_alt(view.bars, unit),
    )
    again = redraw()
    in_view(
        figure,
        lambda: look.clickable(
            figure,
            alt=alt,
            key=f"why-{entity.key}-{state.family}-{state.feature}",
            on_click=lambda place: open_evidence(keys[place], state.feature, again),
        ),
        alt=alt,
        place="why",
        shows=entity.key,
    )


def open_evidence(feature: str, opened: str, redraw_all: Callable[[], None]) -> None:
    """Open the rows behind a feature; a second click on the same bar closes them."""
    if feature:
        address.put({"feature": "" if feature == opened else feature, "rows": ""})
        redraw_all()


def _unit(view: WhyView) -> Unit:
    """What the contributions are measured in."""
    sizes = [reason.contribution for reason in (*view.reasons_for, *view.reasons_against)]
    return margin_unit(sizes, is_log_odds=view.is_log_odds)


def _help(view: WhyView) -> str:
    return " ".join(
        [
            _FACTORS if view.is_log_odds else _POINTS,
            *([_LEGEND] if view.has_whiskers else []),
            md_escape(view.peer_text),
        ]
    )


def _lifts(entity: EntityRef, rows: pl.DataFrame) -> pl.DataFrame | None:
    """The lift worth saying of each feature; None where nobody counted."""
    try:
        counted = read("pages/investigate/lifts", entity_type=entity.entity_type)
    except TableMissing:
        return None
    return sharpest(counted, dict(rows.select("feature", "value").iter_rows()))


def _arguments(view: WhyView, opened: str) -> None:
    """For and against side by side, in the same size and with the same care."""
    sides = (("Raises the score", view.reasons_for), ("Lowers the score", view.reasons_against))
    for column, (title, reasons) in zip(st.columns(2, gap="medium"), sides, strict=True):
        with column:
            st.markdown(f"**{title}**")
            if not reasons:
                st.caption("Nothing of what is shown here.")
            with st.container(gap="xsmall"):
                for reason in reasons:
                    _reason(reason, _unit(view), is_open=reason.feature == opened)
    st.caption(md_escape(view.peer_text))


def _reason(reason: Reason, unit: Unit, *, is_open: bool) -> None:
    colour = "red" if reason.contribution > 0 else "blue"
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", wrap=False):
        width = FACTOR_PIXELS if unit.is_odds else POINTS_PIXELS
        st.markdown(f":{colour}[{unit.step(reason.contribution)}]", width=width)
        with st.container(gap=None) if reason.lift else nullcontext():
            st.markdown(md_escape(reason.sentence))
            if reason.lift:
                st.caption(md_escape(reason.lift))
        st.button(
            "Evidence",
            key=f"evidence.{reason.feature}",
            type="tertiary",
            width=74,
            disabled=not reason.has_evidence or is_open,
            on_click=address.setter(feature=reason.feature, rows=""),
        )
