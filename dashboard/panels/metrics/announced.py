"""What announced changes did to their market: each asked for by itself, not found in a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import address, look, scope
from dashboard.panels.metrics.selection import SPANS, metrics_of
from dashboard.store import has_table, read
from dashboard.text import md_escape
from dashboard.view_models.announced import AnnouncedChange, announced_changes
from queries.registry import DIMENSIONS

if TYPE_CHECKING:
    from dashboard.panels.metrics.selection import Selection


def changes_of(selection: Selection) -> tuple[AnnouncedChange, ...]:
    """Of the markets chosen, those whose effect the data are old enough to show."""
    if not has_table("noticing.event_studies"):
        return ()
    rows = read(
        "pages/metrics/event_studies",
        markets=selection.markets or scope.markets([]),
        since=selection.clocks.first_whole_day,
        until=selection.compared.now.until,
    )
    return announced_changes(rows, metrics_of())


def draw_announced(selection: Selection) -> None:
    """A line a change, the latest first; nothing where none was announced."""
    changes = changes_of(selection)
    if not changes:
        return
    box = st.expander(
        f"What {len({one.name for one in changes})} announced changes did",
        key="metrics.announced",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        for one in changes:
            _draw(one)
        st.caption(
            "Up to four weeks after each change against four before, and against how the other "
            "markets went meanwhile; orders in which a ring has a part are left out."
        )


def _draw(one: AnnouncedChange) -> None:
    said, way = st.columns([0.92, 0.08], vertical_alignment="top")
    with said:
        mark = f":{look.TONES[one.tone]}[●]"
        st.markdown(f"{mark} {md_escape(one.name)}. :gray[{md_escape(one.sentence)}]")
    if one.params:
        with way, st.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                "Look",
                type="tertiary",
                key=f"metrics.announced.{one.key}",
                help="This rate in this market, before and after",
                on_click=_look,
                args=(one,),
            )


def _look(one: AnnouncedChange) -> None:
    nothing = dict.fromkeys((*DIMENSIONS, *SPANS, "split", "by", "across", "vs", "finding"), "")
    address.put({**nothing, **one.params})
