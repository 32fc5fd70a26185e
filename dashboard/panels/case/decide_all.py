"""Decide about the members that are ticked, all at once, and take it back within minutes.

One decision and one audit row a member, all or none. What acting would touch is said before
the button, and whoever is unticked stays open.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.undoing import UNDO_MINUTES
from dashboard.cases.records import Decision, DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.components.attention import decided, notice, spent_on
from dashboard.components.choices import one_of, several_of, ticked, ticks_of
from dashboard.components.empty_state import show_problem
from dashboard.components.evidence_snapshot import snapshots_of, with_snapshot
from dashboard.components.impact import impact_of
from dashboard.components.recommended import draw_recommended
from dashboard.components.steps import draw_steps
from dashboard.errors import RingfenceError
from dashboard.store import build, data_version
from dashboard.text import md_escape, plural
from dashboard.view_models import words
from dashboard.view_models.case_decision import (
    Choice,
    check_choice,
    kinds_of,
    steps_for,
    ticked_sentence,
    typology_of,
)
from dashboard.view_models.decide import CONFIDENCES, VERDICTS, reasons_for
from dashboard.view_models.recommendation import worst_band

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from dashboard.view_models.case import CaseView

NOTE_LENGTH = 2_000


@dataclass(frozen=True)
class _Batch:
    """What was decided at once in this session; `at` in seconds of the process."""

    made: tuple[Decision, ...]
    at: float


@dataclass(frozen=True)
class _Sitting:
    """One drawing of the form: a save never looks again at what stood on the screen."""

    rows: pl.DataFrame
    versions: Mapping[str, int]
    intention: str
    data_version: str
    is_of_filter: bool


def draw_decide_all(
    case_key: str, view: CaseView, chosen: Sequence[int], *, is_of_filter: bool = False
) -> None:
    """The form about the ticked rows, or what was just decided and the way back.

    They are a case, or all that a filter lists: of those some things are not decided at once.
    """
    prefix = f"case.{case_key}."
    notice(prefix, "case")
    with st.container(border=True, gap="small"):
        st.markdown(f"**Decide** :gray-badge[{len(chosen):,} ticked] :gray[D]")
        draw_outcome(case_key)
        if not chosen:
            st.caption("Tick the members that the decision is about.")
            return
        rows = view.rows[list(chosen)]
        if not is_of_filter:
            draw_steps(rows["node_key"].to_list(), prefix)
        if not viewer().may("decide"):
            st.caption("Your role may look, not decide.")
            return
        impact = impact_of(rows["node_key"].to_list(), rows.filter(label="good").height)
        st.caption(md_escape(f"{ticked_sentence(rows)} {impact}"))
        _form(prefix, view.typology, _sitting(prefix, rows, is_of_filter=is_of_filter))


def _sitting(prefix: str, rows: pl.DataFrame, *, is_of_filter: bool) -> _Sitting:
    """What the form is drawn about; its decisions are recorded once however often it is sent."""
    cases = open_casebook().cases_of(rows["node_key"])
    versions = {key: cases[key].version if key in cases else 0 for key in rows["node_key"]}
    intention = str(st.session_state.setdefault(f"{prefix}intention", uuid4().hex))
    return _Sitting(rows, versions, intention, data_version(), is_of_filter)


def _form(prefix: str, suggested: str, sitting: _Sitting) -> None:
    codes = list(words.known_packs())
    slot = f"{prefix}typology"
    if slot not in st.session_state:
        st.session_state[slot] = suggested if suggested in codes else codes[0]
        st.session_state[f"{prefix}confidence"] = "Medium"
    typology = st.selectbox("Typology", codes, format_func=words.typology_title, key=slot)
    reasons = reasons_for(typology)
    with st.form(f"{prefix}form", border=False, enter_to_submit=False):
        one_of("Verdict", VERDICTS, key=f"{prefix}verdict")
        several_of(
            "Reasons",
            reasons,
            key=f"{prefix}reasons.{typology}",
            placeholder="What the evidence shows",
        )
        if steps := steps_for(typology, sitting.rows):
            ticks_of("Evidence", steps, key=f"{prefix}evidence.{typology}")
        for kind in kinds_of(typology, sitting.rows):
            _recommended(typology, sitting.rows.filter(entity_type=kind.entity_type))
            st.selectbox(
                kind.label,
                kind.actions,
                index=None,
                format_func=words.sentence_case,
                placeholder=f"The pack: {kind.recommended}" if kind.recommended else "None yet",
                help=_ACTION,
                key=_action_key(prefix, typology, kind.entity_type),
            )
        one_of("Confidence", {name: name for name in CONFIDENCES}, key=f"{prefix}confidence")
        st.text_area(
            "Note", key=f"{prefix}note", max_chars=NOTE_LENGTH, height=92,
            placeholder="What you saw, in a sentence: an appeal is judged on it",
        )  # fmt: skip
        st.form_submit_button(
            f"Decide on {plural(len(sitting.rows), 'member')}",
            key=f"{prefix}save",
            type="primary",
            width="stretch",
            shortcut="Mod+Enter",
            on_click=_save,
            args=(prefix, sitting),
        )


def _recommended(typology: str, rows: pl.DataFrame) -> None:
    """What the policy suggests for the members of one kind, by the worst of them."""
    stakes = rows["loss_forward_usd"].fill_null(0.0) + rows["harm_usd"].fill_null(0.0)
    most = rows.row(int(stakes.arg_max() or 0), named=True)
    band = worst_band(rows["score_band"].to_list())
    keys = rows["node_key"].to_list()
    stake = float(most["loss_forward_usd"] or 0.0) + float(most["harm_usd"] or 0.0)
    draw_recommended(typology_of(typology, most), keys, band, stake)


_ACTION = "None is chosen for you. An adverse verdict needs one for each kind."


def _action_key(prefix: str, typology: str, entity_type: str) -> str:
    return f"{prefix}action.{typology}.{entity_type}"


def _save(prefix: str, sitting: _Sitting) -> None:
    try:
        choice = _choice(prefix, sitting.rows)
        check_choice(choice, sitting.rows, is_of_filter=sitting.is_of_filter)
        seen = snapshots_of(sitting.rows["node_key"])
        drafts = [
            with_snapshot(
                _draft(row, choice, f"{sitting.intention}.{number}", sitting.data_version),
                seen,
                shown=row,
            )
            for number, row in enumerate(sitting.rows.iter_rows(named=True))
        ]
        made = open_casebook().decide_all(
            drafts,
            viewer=viewer(),
            seen_versions=sitting.versions,
            is_of_filter=sitting.is_of_filter,
            spent=spent_on(prefix),
        )
    except RingfenceError as error:
        st.session_state[f"{prefix}problem"] = error
        return
    decided(prefix)
    st.session_state[f"{prefix}batch"] = _Batch(tuple(made), time.monotonic())
    places = (f"{prefix}action.", f"{prefix}evidence.")
    actions = [name for name in st.session_state if str(name).startswith(places)]
    over = ("intention", "verdict", "note", f"reasons.{choice.typology}")
    for name in (*actions, *(f"{prefix}{name}" for name in over)):
        st.session_state.pop(name, None)


def _choice(prefix: str, rows: pl.DataFrame) -> Choice:
    held = st.session_state.get
    verdict = held(f"{prefix}verdict")
    if verdict not in VERDICTS:
        raise RingfenceError("There is no verdict yet.", "Choose one, then save again.")
    typology = str(held(f"{prefix}typology") or "")
    return Choice(
        Verdict(verdict),
        typology,
        {
            kind: str(held(_action_key(prefix, typology, kind)) or "")
            for kind in rows["entity_type"].unique().to_list()
        },
        tuple(held(f"{prefix}reasons.{typology}") or ()),
        str(held(f"{prefix}note") or ""),
        CONFIDENCES.get(str(held(f"{prefix}confidence") or "")),
        ticked(steps_for(typology, rows), f"{prefix}evidence.{typology}"),
    )


def _draft(row: dict[str, Any], choice: Choice, key: str, version: str) -> DecisionDraft:
    is_alert = row["alert_id"] is not None
    return DecisionDraft(
        entity_type=row["entity_type"],
        entity_id=row["entity_id"],
        verdict=choice.verdict,
        idempotency_key=key,
        typology=typology_of(choice.typology, row),
        action=choice.action_for(row["entity_type"]),
        reason_codes=choice.reasons,
        note=choice.note,
        confidence=choice.confidence,
        score=row["score"],
        as_of=build().as_of,
        data_version=version,
        data_day=build().as_of,
        alert_typology=row["typology"] if is_alert else None,
        alert_band=row["score_band"] if is_alert else None,
        alert_opened_on=row["opened_on"] if is_alert else None,
        evidence=choice.evidence_for(typology_of(choice.typology, row)),
    )


def draw_outcome(case_key: str) -> None:
    """What became of the last save, and for some minutes the way to take it back."""
    prefix = f"case.{case_key}."
    problem = st.session_state.pop(f"{prefix}problem", None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    if undone := st.session_state.pop(f"{prefix}undone", 0):
        st.info(f"{plural(undone, 'decision')} taken back: everybody stands as before.")
    batch = st.session_state.get(f"{prefix}batch")
    if not isinstance(batch, _Batch) or time.monotonic() - batch.at > UNDO_MINUTES * 60:
        return
    many = plural(len(batch.made), "decision")
    st.success(f"{many} recorded, each with its own audit entry.")
    st.button(
        f"Take {many} back",
        key=f"{prefix}undo",
        shortcut="U",
        on_click=_undo,
        args=(prefix, batch),
    )


def _undo(prefix: str, batch: _Batch) -> None:
    st.session_state.pop(f"{prefix}batch", None)
    try:
        open_casebook().undo(batch.made, viewer=viewer())
        st.session_state[f"{prefix}undone"] = len(batch.made)
    except RingfenceError as error:
        st.session_state[f"{prefix}problem"] = error
