"""The statement of reasons of a decision, the appeal against it, and who judges that.

Drawn on *Investigate* for a subject and on *Case* for a member. Every refusal is the casebook's;
what is not offered here would be refused there.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.acts import CaseAct, refusal
from dashboard.cases.redress import Judgement, NewAppeal
from dashboard.cases.states import CaseState
from dashboard.components import look
from dashboard.components.case_report import report_html
from dashboard.components.choices import one_of
from dashboard.components.downloads import File, csv_bytes, download
from dashboard.components.empty_state import show_problem
from dashboard.components.scope import shortened
from dashboard.errors import CasebookUnavailable, RingfenceError, TableMissing
from dashboard.store import build, read
from dashboard.text import file_stem, md_escape, visible, written
from dashboard.view_models.case_report import evidence_of, report_of
from dashboard.view_models.partner_pack import partner_rows, relations_of, teams
from dashboard.view_models.statement import letter_text, letters_of

if TYPE_CHECKING:
    from dashboard.cases.records import Case, Decision
    from dashboard.cases.redress import Redress
    from dashboard.view_models.case_report import Section, Sheet

MOST_IDENTIFIERS = 200
_PROBLEM, _DONE = "problem", "done"


@dataclass(frozen=True)
class StatedDecision:
    """The last decision about a subject that was told to it, with its case as it stands."""

    decision: Decision
    redress: Redress
    case: Case


def stated_decision(entity_key: str) -> StatedDecision | None:
    """What was last told to a subject; None = nothing was taken from it, or no casebook."""
    who = entity_key.partition(":")[::2]
    with suppress(CasebookUnavailable):
        book = open_casebook()
        case, made = book.case_of(*who), book.decisions(*who)
        told = book.redress_of([one.decision_id for one in made]) if case else {}
        for decision in made:
            if case and decision.decision_id in told:
                return StatedDecision(decision, told[decision.decision_id], case)
    return None


def draw_redress(stated: StatedDecision, slot: str) -> None:
    """What was told on the left, appeal and outcome on the right, what was seen below."""
    prefix = f"{slot}.{stated.decision.decision_id}."
    if st.session_state.pop(f"{prefix}{_DONE}", False):
        st.rerun()  # the rest of the page says where the case stands, too
    problem = st.session_state.pop(f"{prefix}{_PROBLEM}", None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
    left, right = st.columns([0.56, 0.44], gap="medium")
    with left:
        _letter(stated, prefix)
    with right:
        _appeal(stated, prefix)
    _seen(stated, prefix)


def report_download(decision_id: str, key: str) -> None:
    """One click: the report of a decision as one file."""
    download(
        "Case report",
        lambda: _one(
            report_html(report_of(open_casebook().case_record(decision_id, viewer=viewer())))
        ),
        filename=f"case-report-{decision_id}.html",
        mime="text/html",
        key=key,
    )


def _letter(stated: StatedDecision, prefix: str) -> None:
    statement, redress = stated.redress.statement, stated.redress
    with st.container(border=True, gap="small"):
        for letter in letters_of(redress):
            st.markdown(f"**{md_escape(letter['title'])}** :gray-badge[What they read]")
            for paragraph in letter["paragraphs"]:
                st.markdown(md_escape(paragraph))
            if letter["outcome"]:
                st.markdown(f"**{md_escape(letter['outcome'])}**")
        st.caption(
            md_escape(
                f"Number {statement.statement_id}, made {statement.made_at:%Y-%m-%d %H:%M} UTC by "
                f"{visible(statement.made_by)}."
            )
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        stem = file_stem(statement.statement_id)
        download(
            "Letter",
            lambda: _one(letter_text(redress).encode()),
            filename=f"{stem}.txt",
            mime="text/plain",
            key=f"{prefix}letter",
        )
        download(
            "EU database",
            lambda: _one(_json({"statements": [statement.content["fields"]]})),
            filename=f"{stem}.json",
            mime="application/json",
            key=f"{prefix}fields",
        )
        report_download(stated.decision.decision_id, f"{prefix}report")
    _partners(stated, prefix)


def _one(content: bytes) -> File:
    return File(content, 1)


def _table(rows: pl.DataFrame) -> File:
    return File(csv_bytes(rows), len(rows))


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _partners(stated: StatedDecision, prefix: str) -> None:
    if not viewer().may("export"):
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        team = one_of(
            "For a partner team", teams(), key=f"{prefix}team", default=next(iter(teams()))
        )
        chosen = team or next(iter(teams()))
        download(
            "Partner pack",
            lambda: _table(_partner_rows(stated, chosen)),
            filename=f"{chosen}-{file_stem(stated.redress.statement.statement_id)}.csv",
            mime="text/csv",
            key=f"{prefix}partner",
        )


def _partner_rows(stated: StatedDecision, team: str) -> pl.DataFrame:
    decision = stated.decision
    identifiers = pl.DataFrame(schema=_IDENTIFIER)
    with suppress(TableMissing):
        identifiers = read(
            "pages/investigate/own_identifiers",
            entity_type=decision.entity_type,
            entity_id=decision.entity_id,
            relations=relations_of(team),
            limit=MOST_IDENTIFIERS,
        )
    masks = shortened(identifiers, "identifier_id")
    seen = open_casebook().snapshot(decision.snapshot_id)
    return partner_rows(team, decision, stated.redress, seen, masks)


_IDENTIFIER = {
    "relation": pl.String,
    "identifier_id": pl.String,
    "first_seen_on": pl.Date,
    "last_seen_on": pl.Date,
}


def _appeal(stated: StatedDecision, prefix: str) -> None:
    redress = stated.redress
    with st.container(border=True, gap="small"):
        if redress.appeal is None:
            _intake(stated, prefix)
            return
        late = " :orange-badge[Late]" if redress.is_late else ""
        st.markdown(f"**Appeal**{late}")
        st.caption(
            md_escape(
                f"Received {redress.appeal.received_on}, window until {redress.appeal_until}, to "
                f"be judged by {redress.appeal.due_on}; recorded by "
                f"{visible(redress.appeal.received_by)}."
            )
        )
        st.text(written(redress.appeal.text))
        if redress.outcome is None:
            _judging(stated, prefix)
            return
        word = "Overturned" if redress.outcome.is_overturned else "Upheld"
        by, day = visible(redress.outcome.decided_by), redress.outcome.day
        st.markdown(f"**{word}** {md_escape(f'on {day} by {by}')}")
        st.text(written(redress.outcome.note))


def _intake(stated: StatedDecision, prefix: str) -> None:
    st.markdown("**Record an appeal**")
    st.caption(f"In time until {stated.redress.appeal_until}; later ones need a senior analyst.")
    if not viewer().may("decide"):
        st.caption("Your role may look, not record one.")
        return
    if stated.case.state not in _APPEALABLE:
        st.caption(
            "The case is open again: its next decision comes first."
            if stated.case.state != CaseState.PROPOSED
            else "It waits for approval: it can be appealed once it is answered."
        )
        return
    with st.form(f"{prefix}intake", border=False):
        st.date_input("Received on", build().as_of, key=f"{prefix}received")
        st.text_area("What they wrote", key=f"{prefix}text", height=120)
        st.form_submit_button("Record appeal", on_click=_receive, args=(stated, prefix))


_APPEALABLE = (CaseState.APPROVED, CaseState.ENFORCED, CaseState.CLOSED)


def _receive(stated: StatedDecision, prefix: str) -> None:
    state = st.session_state
    new = NewAppeal(
        stated.decision.decision_id, str(state[f"{prefix}text"]), state[f"{prefix}received"]
    )
    try:
        open_casebook().appeal(
            new, viewer=viewer(), today=build().as_of, seen_version=stated.case.version
        )
        state[f"{prefix}{_DONE}"] = True
    except RingfenceError as error:
        state[f"{prefix}{_PROBLEM}"] = error


def _judging(stated: StatedDecision, prefix: str) -> None:
    """Note and the two outcomes, for whoever may and had no part in the decision."""
    if not viewer().may("appeal"):
        st.caption("It waits for a senior analyst or an approver.")
        return
    key = stated.decision.entity_key
    weighed = open_casebook().weigh([key], viewer=viewer())[key]
    if problem := refusal(weighed.state, CaseAct.UPHOLD, weighed.facts):
        st.caption(md_escape(problem.message))
        return
    with st.form(f"{prefix}judging", border=False):
        st.text_area("Why", key=f"{prefix}note", height=90)
        with st.container(horizontal=True, gap="small"):
            for outcome, label in _OUTCOMES.items():
                st.form_submit_button(
                    label, key=f"{prefix}{outcome}", on_click=_judge, args=(stated, prefix, outcome)
                )
    st.caption("Overturning ends everything that was done because of it, and clears the subject.")


_OUTCOMES = {CaseState.UPHELD: "Uphold", CaseState.OVERTURNED: "Overturn"}


def _judge(stated: StatedDecision, prefix: str, outcome: CaseState) -> None:
    appeal = stated.redress.appeal
    note = str(st.session_state[f"{prefix}note"])
    try:
        if appeal:
            made = Judgement(appeal.appeal_id, outcome, note, build().as_of)
            open_casebook().judge_appeal(made, viewer=viewer())
            st.session_state[f"{prefix}{_DONE}"] = True
    except RingfenceError as error:
        st.session_state[f"{prefix}{_PROBLEM}"] = error


def _seen(stated: StatedDecision, prefix: str) -> None:
    """What whoever decided had before them, for whoever judges."""
    waits = stated.redress.appeal is not None and stated.redress.outcome is None
    box = st.expander(
        "What was seen when it was decided", expanded=waits, key=f"{prefix}seen", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        st.caption(md_escape(f"Note: {written(stated.decision.note)}"))
        kept = open_casebook().snapshot(stated.decision.snapshot_id)
        section = evidence_of(stated.decision.entity_type, kept)
        _section(section, prefix)


def _section(section: Section, prefix: str) -> None:
    for paragraph in section.paragraphs:
        st.caption(md_escape(paragraph))
    if section.lines:
        st.caption(" · ".join(md_escape(f"{name} {value}") for name, value in section.lines))
    for number, sheet in enumerate(section.sheets):
        _sheet(sheet, f"{prefix}sheet.{number}")


def _sheet(sheet: Sheet, key: str) -> None:
    names = [name.removeprefix("#") for name in sheet.columns]
    rows = pl.DataFrame(
        [list(row) for row in sheet.rows], schema=dict.fromkeys(names, pl.String), orient="row"
    )
    columns = {
        name.removeprefix("#"): look.text_column(
            name.removeprefix("#"), is_number=name.startswith("#")
        )
        for name in sheet.columns
    }
    look.table(rows, columns, alt=f"{names[0]}, {rows.height} rows", key=key, most_rows=12)
