"""Quality: how people review. Second reviews, agreement, overturns, approvers, fairness, times.

A review is a page of its own, on which nothing is read of what was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.access import require, viewer
from dashboard.casebook import open_casebook
from dashboard.components import address, scope
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.components.tab_title import name_tab
from dashboard.panels.investigate.blind import blind_facts, blind_head, draw_blind_head
from dashboard.panels.investigate.facts import figures_of
from dashboard.panels.quality.figures import (
    draw_agreement,
    draw_approvers,
    draw_fairness,
    draw_overturns,
)
from dashboard.panels.quality.reviews import answered, disagreements, my_reviews, review_form
from dashboard.panels.quality.times import draw_times
from dashboard.state import EntityRef
from dashboard.store import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboard.access import Viewer

PARTS: dict[str, tuple[str, str]] = {
    "reviews": ("My reviews", "review"),
    "disagreements": ("Disagreements", "review"),
    "agreement": ("Agreement", "quality"),
    "overturns": ("Overturns", "quality"),
    "approvers": ("Approvers", "quality"),
    "fairness": ("Fairness", "quality"),
    "times": ("Times", "quality"),
}
"""Each part with the permission it needs."""
_DRAW: dict[str, Callable[[], None]] = {
    "reviews": my_reviews,
    "disagreements": disagreements,
    "agreement": draw_agreement,
    "overturns": draw_overturns,
    "approvers": draw_approvers,
    "fairness": draw_fairness,
    "times": draw_times,
}


def page() -> None:
    """The part of the address, or the review that it names."""
    who = viewer()
    if not who.may("review"):
        require(who, "quality")
    task_id = st.query_params.get("review", "")
    if task_id:
        _review(task_id, who)
        return
    parts = {code: title for code, (title, action) in PARTS.items() if who.may(action)}
    show_notes(address.refused("part", parts))
    part = address.segments("Parts", "part", parts, st.query_params.get("part", ""))
    _DRAW[part]()


def _kept(snapshot_id: str | None) -> Mapping[str, Any]:
    """The figures that the first verdict was given on; none where they were not kept."""
    kept: Mapping[str, Any] = open_casebook().snapshot(snapshot_id).get("facts", {})
    return kept


def _review(task_id: str, who: Viewer) -> None:
    done = answered(task_id)
    task = done.task if done else open_casebook().review_task(task_id, viewer=who)
    entity = EntityRef(task.entity_type, task.entity_id)
    rows = read("pages/investigate/entity", keys=[entity.key])
    if rows.is_empty():
        empty_state(
            f"{task.entity_id} is not in {scope.realm()} any more.",
            "The build that is served no longer holds this subject; open another review.",
        )
        return
    head = blind_head(rows)
    name_tab("Review", head.name)
    draw_blind_head(head)
    evidence, verdict = st.columns([0.73, 0.27], gap="medium")
    with evidence:
        blind_facts(entity, head, _kept(task.snapshot_id) or figures_of(entity, head))
    with verdict, st.container(key="decide_panel"):
        review_form(task)
