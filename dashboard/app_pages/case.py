"""Case: one ring, or subjects put together by hand, read once and decided at once.

`id` is that of a ring or of a case made by hand; a subject's own key leads to its
investigation. `keys` are subjects that somebody chose in the queue; `match` is all that the
filters of the queue list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.cases.privacy import privacy_rules
from dashboard.components import scope
from dashboard.components.access_record import log_view
from dashboard.components.assignments import case_titles, moved
from dashboard.components.boundary import panel
from dashboard.components.earlier import casebook_verdicts
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.held_back import draw_held_back
from dashboard.components.in_force import draw_in_force
from dashboard.components.links import BACK, go, page_link
from dashboard.components.presence import draw_presence
from dashboard.components.proposals import draw_proposals
from dashboard.components.queue_address import way_back
from dashboard.components.reveal import DataSubject, draw_group_reveal, shown_rows
from dashboard.components.standings import case_standings, casebook_problem, note_casebook
from dashboard.components.tab_title import name_tab
from dashboard.panels.case.change import draw_changes
from dashboard.panels.case.context import draw_earlier, draw_formation, draw_playbook
from dashboard.panels.case.decide_all import draw_decide_all, draw_outcome
from dashboard.panels.case.evidence import draw_history, draw_member_evidence
from dashboard.panels.case.head import draw_brief, draw_case_head
from dashboard.panels.case.matching import matching
from dashboard.panels.case.members import draw_members, draw_verdicts
from dashboard.panels.case.money import draw_money
from dashboard.panels.case.redress import draw_appeals
from dashboard.panels.rings import ring_evidence, ring_picture
from dashboard.state import CaseAddress, EntityRef
from dashboard.store import read
from dashboard.text import md_escape
from dashboard.view_models.case import CaseView
from dashboard.view_models.earlier_verdicts import with_casebook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import polars as pl

    from dashboard.cases.records import Decision


MOST_OF_KEYS = 100
"""Characters of them in the log: a group chosen by hand is named by who comes first."""


def page() -> None:
    """The case of the address."""
    address = CaseAddress.parse(st.query_params)
    show_notes(address.problems)
    if BACK not in st.query_params:
        page_link("Queue", "queue", way_back(), icon=":material/arrow_back:")
    if not address.keys and (entity := EntityRef.parse(address.case_id)):
        go("investigate", {"entity": entity.key})
    if not address.keys and not address.case_id and not address.is_match:
        empty_state("No case is chosen.", "Open one from the queue or from the rings.")
        return
    note_casebook()
    if address.is_match:
        _matching(address)
    else:
        _case(address)


@panel
def _matching(address: CaseAddress) -> None:
    """All that the filters of the queue list; whoever was cleared before is not ticked."""
    found = matching()
    name_tab("Case", found.title)
    if found.problem:
        st.markdown(f"## {md_escape(found.title)}")
        empty_state(found.problem, found.remedy)
        draw_outcome(address.slot)
        return
    members, made = _members(CaseAddress(keys=found.keys))
    view = CaseView.of(members, None, found.title, _decided(members)).without_cleared()
    draw_case_head(view)
    st.markdown(md_escape(found.scope))
    left, right = st.columns([0.73, 0.27], gap="medium")
    with left:
        draw_brief(view)
        chosen = draw_members(view, address.slot)
        draw_verdicts(view, made)
        draw_appeals(view, address.slot)
    with right, st.container(key="decide_panel"):
        if casebook_problem() is None:
            draw_decide_all(address.slot, view, chosen, is_of_filter=True)
        draw_playbook(view.typology)


def _members(address: CaseAddress) -> tuple[pl.DataFrame, dict[str, Decision]]:
    """Rows of the members, and the casebook's last decision on each that has any."""
    rows = read("pages/case/members", case_id=address.case_id, keys=list(address.keys), **moved())
    made = casebook_verdicts(rows["node_key"].to_list())
    return scope.hide_names(with_casebook(rows, made)), made


@panel
def _case(address: CaseAddress) -> None:
    members, made = _members(address)
    if members.is_empty():
        empty_state(
            f"There is no case {address.case_id} in {scope.realm()}.",
            "Rings change from build to build, and analysts move subjects. Look in the queue.",
        )
        return
    subject = address.case_id or ",".join(address.keys)[:MOST_OF_KEYS]
    log_view("case", subject, privacy_rules().purposes.group, members.height)
    if draw_held_back(members["node_key"].to_list()):
        return
    ring = _ring(address.case_id)
    title = case_titles().get(address.case_id, "")
    around = _around(ring, address.case_id)
    about = _about(address.case_id, members["node_key"].to_list())
    view, shown = (
        CaseView.of(rows, ring, title, _decided(members), around)
        for rows in (members, shown_rows(about, members))
    )
    name_tab("Case", view.title)
    draw_case_head(view)
    draw_group_reveal(about, key="case")
    draw_presence(f"case:{address.slot}")
    if casebook_problem() is None:
        draw_proposals(shown.rows, f"case.{address.slot}.")
    left, right = st.columns([0.73, 0.27], gap="medium")
    with left:
        draw_brief(view)
        if len(members) > 1:
            ring_picture(members, address.slot, about)
        chosen = draw_members(shown, address.slot)
        draw_changes(shown, address.case_id, chosen)
        draw_verdicts(shown, made)
        draw_appeals(shown, address.slot)
        if ring is not None:
            ring_evidence(address.case_id, about)
            draw_member_evidence(shown, address.case_id, about)
        draw_money(shown, _taken(address.case_id), address.slot)
        draw_formation(view, address.slot)
    with right, st.container(key="decide_panel"):
        if casebook_problem() is None:
            draw_decide_all(address.slot, view, chosen)
            draw_in_force(dict(zip(shown.keys, shown.rows["name"], strict=True)))
        draw_playbook(view.typology)
        if ring is not None:
            draw_earlier(address.case_id)
            draw_history(address.case_id, about)


def _around(ring: Mapping[str, Any] | None, case_id: str) -> dict[str, pl.DataFrame]:
    """Of a ring what it took and who near it is innocent."""
    names = () if ring is None else ("money", "benign")
    return {name: read(f"pages/rings/{name}", ring_id=case_id) for name in names}


def _about(case_id: str, keys: list[str]) -> DataSubject:
    """Whose personal data a reason reveals: a ring's, or those of the subjects chosen by hand."""
    return DataSubject(case_id, tuple(keys)) if case_id else DataSubject.chosen(keys)


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
