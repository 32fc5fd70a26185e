"""Look-alikes of both outcomes and the nearest clean twin, each a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import explainer
from dashboard.components import look, scope
from dashboard.components.held_verdicts import held_keys
from dashboard.components.in_view import part_in_view
from dashboard.components.links import go
from dashboard.components.queue_address import kept_params
from dashboard.store import data_version, read
from dashboard.text import md_escape
from dashboard.view_models.alikes import BADGES, AlikesView

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef


def alikes_of(entity: EntityRef, as_of: date) -> AlikesView:
    """The view model of an entity's look-alikes."""
    alikes = explainer.alikes(entity, as_of)
    keys = pl.format("{}:{}", pl.lit(entity.entity_type), "entity_id")
    alikes = alikes.filter(~keys.is_in(held_keys()))
    ids = alikes["entity_id"].to_list()
    names = read("pages/investigate/entity_names", entity_ids=ids)
    names = names.filter(entity_type=entity.entity_type)
    return AlikesView.of(entity.entity_type, alikes, scope.hide_names(names))


def alikes_panel(entity: EntityRef, as_of: date, *, has_score: bool = True) -> None:
    """A compact table: outcome, name, how close, what separates.

    Beside a subject without a probability no other's is shown. It is the dearest part of its tab
    and stands below the fold: it is worked out when it comes into view.
    """

    def draw() -> None:
        view = alikes_of(entity, as_of)
        if view.rows:
            _table(entity, view, has_score=has_score)
        st.caption(md_escape(view.sentence))

    st.markdown("**Look-alikes**", help=_HELP)
    part_in_view(_HEIGHT, draw, alt=_WAITING, place="alikes", shows=entity.key)


def _table(entity: EntityRef, view: AlikesView, *, has_score: bool) -> None:
    key = f"alikes-{data_version()}-{entity.key}"
    opens, compares = f"{key}-open", f"{key}-compare"
    columns = {
        "outcome": look.badge_column("Outcome", [*BADGES], [*BADGES.values()], width=96),
        "name": look.text_column("Subject", width=160),
        "open": look.button_column("", opens, _open, (opens, view)),
        "compare": look.button_column("", compares, _compare, (compares, entity, view), width=78),
        "score": look.number_column("Score", look.SCORE, width=60),
        "as_of": st.column_config.DateColumn("As on", format="YYYY-MM-DD", width=88),
        "distance": look.text_column("Likeness", width=80),
        "apart": look.text_column("Differs in", width=304),
    }
    for name in () if has_score else ("score", "compare"):
        del columns[name]
    look.table(
        view.table(),
        columns,
        alt=f"{len(view.rows)} look-alikes, nearest first of each outcome",
        key=key,
    )


def _open(key: str, view: AlikesView) -> None:
    row = view.rows[st.session_state[key]["row"]]
    go("investigate", {"entity": row.key, **kept_params()})


def _compare(key: str, entity: EntityRef, view: AlikesView) -> None:
    row = view.rows[st.session_state[key]["row"]]
    there = {"entity": entity.key, "tab": "compare", "against": row.key}
    there |= {"since": f"{row.as_of}"} if row.as_of else {}
    go("investigate", {**there, **kept_params()})


_HEIGHT = 340
"""Pixels of a table of seven rows and the sentence below it."""
_WAITING = "Show who is most like it: confirmed, cleared and never suspected"
_HELP = (
    "The entities nearest to this one by what moves its score: confirmed, cleared, and the nearest "
    "one that nobody ever suspected."
)
