"""Tour: five planted stories, each beside a real case of it in the data that are served."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, scope
from dashboard.components.boundary import panel
from dashboard.components.empty_state import show_notes
from dashboard.components.held_verdicts import held_keys
from dashboard.components.newcomer import note_tour_seen
from dashboard.panels.tour import draw_closing, draw_story, draw_subject, draw_twin
from dashboard.store import read
from dashboard.view_models.tour import Stop, stop
from queries.tours import tour


def page() -> None:
    """The whole page is one panel: going on to the next stop reruns only it."""
    note_tour_seen()
    walk()


@panel
def walk() -> None:
    """The stop of the address, and the way to the others."""
    stories = tour().stories
    names = {str(i): f"{i}  {story.name}" for i, story in enumerate(stories, start=1)}
    show_notes(address.refused("stop", names))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            value = st.query_params.get("stop", "")
            number = int(address.segments("Stops", "stop", names, value))
        _step("Previous", "K", number - 1, len(names))
        _step("Next", "J", number + 1, len(names))
        st.caption(f"Stop {number} of {len(names)}")
    _draw(stop(read, stories, number, scope.markets([]), held_keys()))


def _step(label: str, key: str, target: int, total: int) -> None:
    st.button(
        label,
        key=f"tour.{label.lower()}",
        shortcut=key,
        on_click=address.setter(stop=str(target) if target > 1 else ""),
        disabled=not 1 <= target <= total,
    )


def _draw(view: Stop) -> None:
    story, cards = st.columns([0.62, 0.38], gap="large")
    with story:
        draw_story(view)
    with cards:
        draw_subject(view)
        draw_twin(view.twin)
        if view.number == view.total:
            draw_closing()
