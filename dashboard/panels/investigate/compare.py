"""Compare: this entity with itself on an earlier day, or with another of its kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import explainer
from dashboard.charts.trend import score_days, trend_alt
from dashboard.charts.waterfall import ODDS, POINTS, waterfall, waterfall_alt
from dashboard.components import address, look
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state
from dashboard.components.nearby import read_nearby
from dashboard.panels.investigate.families import NO_MODEL
from dashboard.state import EntityRef, InvestigateState
from dashboard.store import data_version, read
from dashboard.text import md_escape, plain
from dashboard.view_models import score_history
from dashboard.view_models.anomaly import STATEMENT
from dashboard.view_models.compare import CompareView, pick_day

if TYPE_CHECKING:
    import polars as pl

    from dashboard.view_models.header import HeaderView

# About a month: long enough for a change to show, near enough to be the same business.
BACK = timedelta(days=28)


@panel
def compare_panel(entity: EntityRef, head: HeaderView) -> None:
    """Two dates or two entities; the choice is in the address."""
    if head.anomaly:
        empty_state("There is no score to compare.", STATEMENT)
        return
    if len(head.trend) == 0:
        empty_state("This entity has no score.", "Only scored entities can be compared.")
        return
    state = InvestigateState.parse(st.query_params)
    days = head.trend["as_of"].to_list()
    other = _other(entity, state.against)
    theirs = _trend(other) if other else head.trend
    since = _since(theirs, state, other)
    _controls(entity, head, theirs, since, state.against)
    if state.against and other is None:
        empty_state(
            f"There is no {head.label.lower()} {state.against} to compare with.",
            "Give the id of another of the same kind; a merchant has nothing in common with a "
            "buyer that the model could weigh.",
        )
        return
    if since is None or (other is None and since == days[-1]):
        empty_state("There is no earlier score.", "Compare with another entity instead.")
        return
    st.caption(score_history.said_on(theirs, since))
    _comparison(entity, other, days[-1], since)


def _trend(entity: EntityRef) -> pl.DataFrame:
    return read_nearby("pages/investigate/score_history", entity.key)


def _since(theirs: pl.DataFrame, state: InvestigateState, other: EntityRef | None) -> date | None:
    """The day of the other side: about a month back for the entity itself, else the last."""
    days = theirs["as_of"].to_list()
    return pick_day(days, state.since, timedelta(0) if other else BACK) if days else None


def _controls(
    entity: EntityRef, head: HeaderView, theirs: pl.DataFrame, since: date | None, against: str
) -> None:
    days = theirs.reverse().slice(0 if against else 1)
    choices = {f"{row['as_of']}": score_history.choice(row) for row in days.iter_rows(named=True)}
    line, day, who = st.columns([0.46, 0.24, 0.3], gap="medium", vertical_alignment="bottom")
    with line:
        figure = score_days(head.trend, look.palette(), since=None if against else since)
        look.clickable(
            figure,
            alt=trend_alt(head.trend, "Score", "score"),
            key=f"days-{entity.key}-{since}-{against}",
            on_click=lambda place: address.put(
                {"since": f"{head.trend['as_of'][place]}", "against": ""}
            ),
        )
        st.caption(score_history.caption(head.trend))
    with day:
        if choices:
            label = "With that one on" if against else "With itself on"
            address.select(label, "since", choices, f"{since}")
    with who:
        address.search(
            f"Or with another {head.label.lower()}",
            "against",
            against,
            placeholder="Its id",
            drops=("since",),
        )


def _other(entity: EntityRef, against: str) -> EntityRef | None:
    """Whom the address names: of the same type, built, and inside the viewer's markets.

    An id may itself begin like a key, so what is no key of such an entity is tried as an id.
    """
    for other in (EntityRef.parse(against), EntityRef.parse(f"{entity.entity_type}:{against}")):
        if other is not None and other.entity_type == entity.entity_type:
            rows = _named(other)
            if not rows.is_empty():
                return other
    return None


def _named(entity: EntityRef) -> pl.DataFrame:
    return read("pages/investigate/entity", keys=[entity.key])


def _name(entity: EntityRef) -> str:
    return plain(_named(entity)["name"][0], length=24)


def _comparison(entity: EntityRef, other: EntityRef | None, as_of: date, since: date) -> None:
    names = (_name(other), _name(entity)) if other else (f"{since:%-d %b}", f"{as_of:%-d %b}")
    change = explainer.change(entity, as_of, other or entity, since)
    if change is None:
        empty_state(*NO_MODEL)
        return
    view = CompareView.of(entity.entity_type, change, names)
    st.markdown(md_escape(view.sentence))
    if view.table.is_empty():
        return
    key = f"{data_version()}-{entity.key}-{other.key if other else since}"
    left, right = st.columns([0.42, 0.58], gap="medium")
    with left:
        st.markdown("**Families**, in points of the score")
        bars = view.family_bars
        figure = waterfall(bars, look.palette(), unit=POINTS)
        look.chart(figure, alt=waterfall_alt(bars, POINTS), key=f"change-families-{key}")
    with right:
        st.markdown("**Features that differ**, by what they multiply the odds by")
        figure = waterfall(view.bars, look.palette(), unit=ODDS)
        look.chart(figure, alt=waterfall_alt(view.bars), key=f"change-features-{key}")
    _table(view, names, key)


def _table(view: CompareView, names: tuple[str, str], key: str) -> None:
    look.table(
        view.table,
        {
            "label": look.text_column("Feature", width=300),
            "first": look.text_column(names[0], width=150, is_number=True),
            "last": look.text_column(names[1], width=150, is_number=True),
            "contribution": look.text_column("Times the odds", width=110, is_number=True),
        },
        alt="What differs, strongest first",
        key=f"change-table-{key}",
        most_rows=12,
    )
