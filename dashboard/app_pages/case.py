"""Case: one ring, or subjects put together by hand, read once and decided at once.

`id` is that of a ring or of a case made by hand; a subject's own key leads to its
investigation. `keys` are subjects that somebody chose in the queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import scope
from dashboard.components.assignments import case_titles, moved
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.links import BACK, go, page_link
from dashboard.components.queue_address import way_back
from dashboard.components.standings import case_standings, casebook_problem, note_casebook
from dashboard.components.tab_title import name_tab
from dashboard.panels.case.change import draw_changes
from dashboard.panels.case.context import draw_earlier, draw_formation, draw_playbook
from dashboard.panels.case.decide_all import draw_decide_all
from dashboard.panels.case.evidence import draw_history, draw_member_evidence
from dashboard.panels.case.head import draw_case_head
from dashboard.panels.case.members import draw_members
from dashboard.panels.case.money import draw_money
from dashboard.panels.rings import ring_evidence, ring_picture
from dashboard.state import CaseAddress, EntityRef
from dashboard.store import read
from dashboard.view_models.case import CaseView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import polars as pl


def page() -> None:
    """The case of the address."""
    address = CaseAddress.parse(st.query_params)
    show_notes(address.problems)
    if BACK not in st.query_params:
        page_link("Queue", "queue", way_back(), icon=":material/arrow_back:")
    if not address.keys and (entity := EntityRef.parse(address.case_id)):
        go("investigate", {"entity": entity.key})
    if not address.keys and not address.case_id:
        empty_state("No case is chosen.", "Open one from the queue or from the rings.")
        return
    note_casebook()
    _case(address)


@panel
def _case(address: CaseAddress) -> None:
    members = read(
        "pages/case/members", case_id=address.case_id, keys=list(address.keys), **moved()
    )
    if members.is_empty():
        empty_state(
            f"There is no case {address.case_id} in this database.",
            "Rings change from build to build, and analysts move subjects. Look in the queue.",
        )
        return
    scope.require_market(members["market"].drop_nulls().mode().sort()[0])
    ring = _ring(address.case_id)
    title = case_titles().get(address.case_id, "")
    around = {
        name: read(f"pages/rings/{name}", ring_id=address.case_id)
        for name in (("money", "benign") if ring is not None else ())
    }
    view = CaseView.of(scope.hide_names(members), ring, title, _decided(members), around)
    name_tab("Case", view.title)
    draw_case_head(view)
    if len(members) > 1:
        ring_picture(view.rows, address.slot)
    left, right = st.columns([0.73, 0.27], gap="medium")
    with left:
        chosen = draw_members(view, address.slot)
        draw_changes(view, address.case_id, chosen)
        if ring is not None:
            ring_evidence(address.case_id)
            draw_member_evidence(view, address.case_id)
        draw_money(view, _taken(address.case_id), address.slot)
        draw_formation(view, address.slot)
    with right:
        if casebook_problem() is None:
            draw_decide_all(address.slot, view, chosen)
        draw_playbook(view.typology)
        if ring is not None:
            draw_earlier(address.case_id)
            draw_history(address.case_id)


def _taken(case_id: str) -> pl.DataFrame:
    """What each member of a ring took; of a case made by hand the build says nothing."""
    return read("pages/case/money", ring_id=case_id)


def _decided(members: pl.DataFrame) -> list[str]:
    """Members that no longer stand on the open list of the queue."""
    stands = case_standings()
    keys = members["node_key"].to_list()
    return [key for key in keys if key in stands and stands[key].place != "open"]


def _ring(case_id: str) -> Mapping[str, Any] | None:
    """The ring's row where the case is one of the build."""
    if not case_id.startswith("rng_"):
        return None
    rows = read(
        "pages/rings/rings",
        ring_id=case_id,
        typology="",
        markets=[],
        sort="value",
        limit=1,
        offset=0,
    )
    return rows.row(0, named=True) if len(rows) else None
