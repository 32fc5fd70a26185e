"""A live session: where it leads, why it is here, its minutes and its people."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.charts.minutes import minutes_alt, minutes_chart
from dashboard.components import address, look, scope
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.components.evidence import evidence
from dashboard.components.links import page_link
from dashboard.components.open_column import open_column
from dashboard.components.reveal import DataSubject, draw_group_reveal, shown_rows
from dashboard.errors import TableMissing
from dashboard.panels.investigate.ring import ring_first
from dashboard.panels.investigate.schemes import draw_signals
from dashboard.state import EntityRef, InvestigateState
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.live_session import (
    ENOUGH_PEERS,
    PEOPLE,
    LiveSessionView,
    LiveSessionWhy,
    MinutesView,
    Point,
    people_table,
)

_UNSCORED = (
    "Live rooms have no score: nobody has judged enough of them for a model to learn. "
    "Below is what the known schemes and the comparison with peer rooms say."
)
_ELSEWHERE = "Where it was heard as well"
_NOTHING = (
    "Nothing: no signal fires, and one peer in twenty goes as far on the suspicious side, number "
    "by number."
)


def live_session_links(entity: EntityRef) -> None:
    """One line under the head: what it brought, its host and the merchant who paid."""
    try:
        view = LiveSessionView.of(read("pages/investigate/session", entity_id=entity.entity_id))
    except TableMissing:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(md_escape(view.summary))
        for place in view.places:
            label = f"{place.role}: {md_escape(place.name)}"
            icon = ":material/person:" if place.role == "Host" else ":material/storefront:"
            page_link(label, "investigate", {"entity": place.key}, icon=icon)


@panel
def live_session_why_panel(entity: EntityRef, typology: str) -> None:
    """Signals, then numbers in words on both sides; the chosen evidence below."""
    features = read(
        "pages/investigate/session_features", entity_id=entity.entity_id, enough=ENOUGH_PEERS
    )
    if features.is_empty():
        empty_state(
            "This room has not been measured.",
            "Rooms are from the day after they end until 30 days later.",
        )
        return
    signals = read(
        "pages/investigate/signals", entity_type=entity.entity_type, entity_id=entity.entity_id
    )
    view = LiveSessionWhy.of(features, signals)
    chosen = view.point_of(InvestigateState.parse(st.query_params).feature)
    st.caption(_UNSCORED)
    draw_signals(entity, typology)
    left, right = st.columns(2, gap="medium")
    with left:
        _points("Stands out", "red", view.against, chosen)
        if not view.against:
            st.caption(_NOTHING)
    with right:
        _points("Speaks for it", "blue", view.exculpating, chosen)
        if view.unknown:
            st.caption(md_escape("Cannot be said yet. " + "; ".join(view.unknown) + "."))
    st.caption(md_escape(view.peers))
    if chosen:
        with boundary():
            as_of = features["as_of"][0]
            evidence(entity, chosen.feature, as_of, stored=chosen.value, peer=chosen.peer)


@panel
def minutes_panel(entity: EntityRef) -> None:
    """How it filled and what people did in it, minute by minute."""
    view = MinutesView.of(read("pages/investigate/session_minutes", entity_id=entity.entity_id))
    if view.minutes.is_empty():
        empty_state("There are no minutes of this room.", "Deliver engagement_minutes to see them.")
        return
    st.markdown(md_escape(view.sentence))
    if view.surges:
        st.markdown(f":red-badge[Surge] {md_escape(view.surges)}")
    look.chart(
        minutes_chart(view.minutes, look.palette()),
        alt=minutes_alt(view.minutes),
        key=f"minutes-{entity.key}",
    )


@panel
def people_panel(entity: EntityRef) -> None:
    """Its ring, the host's community, then the accounts that spoke or bought, riskiest first."""
    if not ring_first(entity):
        _community(entity)
    page = address.number("people")
    rows = read(
        "pages/investigate/session_people",
        entity_id=entity.entity_id,
        limit=PEOPLE,
        offset=(page - 1) * PEOPLE,
    )
    if rows.is_empty():
        empty_state("No account spoke or bought here.", "Viewers without an account leave no name.")
        return
    total = int(rows["total_count"][0])
    st.markdown("**Accounts that spoke or bought**")
    keys = [f"buyer:{one}" for one in rows["entity_id"]]
    about = DataSubject.one(entity.key).with_others(keys)
    _people(entity, scope.hide_names(shown_rows(about, rows)), page)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{total:,} accounts; comments are a sample of up to 20 a room")
        address.pages("people", -(-total // PEOPLE), page)
    draw_group_reveal(about, key="people")


def _people(entity: EntityRef, rows: pl.DataFrame, page: int) -> None:
    key = f"people-{data_version()}-{entity.key}-{page}"
    keys = tuple(f"buyer:{buyer}" for buyer in rows["entity_id"])
    band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
    table = people_table(rows).with_columns(
        pl.concat_list(band.cast(pl.String)).alias("band"), pl.lit("Open").alias("open")
    )
    look.table(
        table,
        {
            "name": look.text_column("Account"),
            "open": open_column(key, keys),
            "comments": look.number_column("Comments"),
            "other_live_sessions": look.number_column("Other rooms", tip=_ELSEWHERE),
            "orders": look.number_column("Orders"),
            "cancelled": look.number_column("Cancelled"),
            "paid_usd": look.money_column("Paid", whole=False),
            "band": look.band_column(),
            "score": look.score_column(),
        },
        alt=f"Accounts that spoke or bought in {entity.entity_id}, riskiest first",
        key=key,
        most_rows=14,
    )


def _community(entity: EntityRef) -> None:
    """A live session is tied to nobody by itself: the community is its host's."""
    session = read("pages/investigate/session", entity_id=entity.entity_id)
    host = str(session["creator_id"][0]) if len(session) else ""
    try:
        group = read("pages/graph/community_of", entity_type="creator", entity_id=host)
    except TableMissing:
        return
    if group.is_empty():
        st.caption("Its host is in no community.")
        return
    page_link(
        f"Community of its host: {int(group['member_count'][0]):,} members",
        "community",
        {"community": str(group["community_id"][0])},
        icon=":material/hub:",
    )


def _points(title: str, colour: str, points: tuple[Point, ...], chosen: Point | None) -> None:
    st.markdown(f"**{title}**")
    with st.container(gap="xxsmall"):
        for point in points:
            _point(point, colour, is_open=point == chosen)


def _point(point: Point, colour: str, *, is_open: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        with st.container(width="stretch"):
            standing = f" :{colour}[{md_escape(point.standing)}]" if point.standing else ""
            st.markdown(f"{md_escape(point.sentence)}{standing}")
        with st.container(width=74, horizontal_alignment="right"):
            st.button(
                "Evidence",
                key=f"evidence.{point.feature}",
                type="tertiary",
                disabled=not point.has_evidence or is_open,
                on_click=address.setter(feature=point.feature, rows=""),
            )
