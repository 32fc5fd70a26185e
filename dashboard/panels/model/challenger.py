"""A second model in the shadow of the one in use: what it would change, and who may promote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import is_same_person, viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import ModelProposal
from dashboard.components import look, scope
from dashboard.components.boundary import panel
from dashboard.components.empty_state import show_notes
from dashboard.components.open_column import name_column
from dashboard.components.standings import casebook_problem
from dashboard.errors import RingfenceError
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape, plain
from dashboard.view_models.challenger import (
    FIRST,
    HIGHER_IN,
    SHOWN,
    Challenge,
    disagreement_table,
    standing_sentences,
)

if TYPE_CHECKING:
    from dashboard.cases.records import ModelStanding

_PROBLEM = "model.promotion_problem"
NAME_LENGTH = 26
"""Of a name beside what the models say: a link is cut without a sign."""


@panel
def draw_challenger(entity_type: str) -> None:
    """Nothing where no second model was scored."""
    if not has_table("scores.challengers"):
        return
    models = read("pages/model/challengers", entity_type=entity_type)
    if models.is_empty():
        return
    challenge = Challenge.of(
        models,
        read("pages/model/agreement", entity_type=entity_type),
        read("pages/model/comparison", entity_type=entity_type),
    )
    st.markdown("**Challenger**", help=_HELP)
    st.caption(md_escape(f"{challenge.sentence} {challenge.agreement}"))
    left, right = st.columns(2, gap="medium")
    with left:
        _compared(entity_type, challenge)
        in_use = models.filter(pl.col("role") == "in_use")["recipe"][0]
        _promotion(entity_type, challenge, in_use)
    with right:
        _disagreements(entity_type)


def _compared(entity_type: str, challenge: Challenge) -> None:
    st.caption(md_escape(challenge.verdict))
    look.table(
        challenge.comparison,
        {
            "label": look.text_column("Measure", width=140),
            "in_use": look.text_column("In use", width=130),
            "challenger": look.text_column("Challenger", width=130),
            "difference": look.text_column("Difference", width=144),
            "says": look.text_column("", width=80),
        },
        alt="Both models on the same matured verdicts, with 90 % intervals",
        key=f"comparison-{data_version()}-{entity_type}",
    )


def _disagreements(entity_type: str) -> None:
    markets = scope.markets([])
    params = {"entity_type": entity_type, "first": FIRST, "limit": SHOWN, "markets": markets}
    rows = read("pages/model/disagreements", **params)
    if rows.is_empty():
        st.caption(f"Both have the same first {FIRST}.")
        return
    st.caption(f"In the first {FIRST} of one and not of the other, farthest apart first.")
    key = f"disagreements-{data_version()}-{entity_type}"
    keys = tuple(f"{entity_type}:{one}" for one in rows["entity_id"])
    named = disagreement_table(rows).with_columns(
        name=pl.Series([plain(one, length=NAME_LENGTH) for one in rows["name"]], dtype=pl.String)
    )
    look.table(
        named,
        {
            "name": name_column("Subject", key, keys, width=190),
            "higher": look.badge_column("Higher in", [*HIGHER_IN.values()], ["gray", "violet"]),
            "position": look.number_column("In use, place", width=90),
            "score": look.number_column("score", "%.2f", width=60),
            "challenger_position": look.number_column("Challenger, place", width=112),
            "challenger_score": look.number_column("score", "%.2f", width=60),
        },
        alt="Subjects that one of the models alone has in its first places",
        key=key,
        most_rows=10,
    )


def _promotion(entity_type: str, challenge: Challenge, in_use: str) -> None:
    """What was agreed on, and the next step of whoever may take it."""
    if casebook_problem():
        return
    standing = open_casebook().model_standing(entity_type)
    problem = st.session_state.pop(_PROBLEM, "")
    show_notes([problem] if problem else [])
    for sentence in standing_sentences(standing, in_use):
        st.caption(md_escape(sentence))
    if not viewer().may("decide"):
        return
    if standing.proposal is not None:
        _answers(standing.proposal)
    elif standing.recipe == in_use:
        _proposes(entity_type, challenge, standing)


def _answers(made: ModelProposal) -> None:
    """Promote is offered to a second person only; the casebook refuses everybody else anyway."""
    own = is_same_person(made.proposed_by, viewer().name)
    with st.container(horizontal=True, gap="small"):
        if viewer().may("approve") and not own:
            st.button("Promote", key="model.promote", on_click=_answer, args=(made, True))
        st.button(
            "Take it back" if own else "Decline",
            key="model.decline",
            type="tertiary",
            on_click=_answer,
            args=(made, False),
        )


def _proposes(entity_type: str, challenge: Challenge, standing: ModelStanding) -> None:
    box = st.popover("Propose it", key=f"model.propose.{standing.recipe}", on_change="rerun")
    if not box.open:
        return
    with box, st.form(f"model.proposal.{entity_type}", border=False):
        st.caption("A lead other than you has to agree; the next build then uses it.")
        st.text_input("Why", key="model.proposal_note", max_chars=280)
        st.form_submit_button("Propose", on_click=_propose, args=(entity_type, challenge))


def _propose(entity_type: str, challenge: Challenge) -> None:
    note = str(st.session_state["model.proposal_note"])
    made = ModelProposal(entity_type, challenge.recipe, challenge.version, note)
    try:
        open_casebook().propose_model(made, viewer=viewer())
    except RingfenceError as error:
        st.session_state[_PROBLEM] = f"{error}"


def _answer(made: ModelProposal, is_promoted: bool) -> None:
    try:
        open_casebook().answer_model(made, viewer=viewer(), is_promoted=is_promoted)
    except RingfenceError as error:
        st.session_state[_PROBLEM] = f"{error}"


_HELP = (
    "A second model learns from the same verdicts and is placed like the first: nobody by a model "
    "that knew the verdict. Intervals of the difference are drawn for both together; where they "
    "hold zero, verdicts do not tell which is better."
)
