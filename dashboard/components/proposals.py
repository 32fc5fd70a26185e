"""What waits for a second person, and their answer to all or some of it, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rules import LONGEST_REASON
from dashboard.cases.acts import CaseAct, offered
from dashboard.components import look
from dashboard.components.impact import impact_of
from dashboard.components.open_column import name_column
from dashboard.components.standings import subjects
from dashboard.components.steps import take_step
from dashboard.store import build, data_version
from dashboard.text import md_escape
from dashboard.view_models.letter_words import language_note
from dashboard.view_models.proposals import others_sentence, proposal_table, proposals_of
from dashboard.view_models.steps import ACT_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from dashboard.cases.records import Decision
    from dashboard.view_models.proposals import Proposal

ANSWERS = (CaseAct.APPROVE, CaseAct.RETURN)


def draw_proposals(rows: pl.DataFrame, slot: str) -> bool:
    """What of `rows` (as of `pages/case/members`) this viewer may answer; False = nothing.

    `slot` is that of `steps.draw_steps`, which leaves these answers to this place.
    """
    book = open_casebook()
    weighed = book.weigh(rows["node_key"].to_list(), viewer=viewer())
    waiting = [
        key for key, one in weighed.items() if CaseAct.APPROVE in offered(one.state, one.facts)
    ]
    decided = book.decisions_of(waiting)
    made = {key: decided[key][-1] for key in waiting if key in decided}
    if not made:
        return False
    versions = {key: weighed[key].version for key in made}
    with st.container(border=True, gap="small", key=f"{slot}proposals"):
        st.markdown(f"**To approve** :gray-badge[{len(made):,}]")
        if len(rows) > 1:
            left, right = st.columns([0.6, 0.4], gap="medium")
            with left:
                chosen = _members(rows, made, slot)
        else:
            right, chosen = st.container(gap="small"), tuple(made)
        with right:
            for one in proposals_of(made):
                _proposal(one)
            _consequences(rows, chosen)
            _answer({key: versions[key] for key in chosen}, f"{slot}step.")
    return True


def _members(rows: pl.DataFrame, made: Mapping[str, Decision], slot: str) -> tuple[str, ...]:
    """The table of members that wait; gives the ticked ones, every one at first."""
    table = proposal_table(rows, made, build().as_of)
    keys = tuple(str(key) for key in table["node_key"])
    differing = int((table["differs"] != "").sum())
    if differing:
        verb = "differs" if differing == 1 else "differ"
        st.caption(f"{differing:,} of {len(keys):,} {verb} from the others, and stand first.")
    key = f"{slot}proposed-{data_version()}-{hash(keys)}"
    ticked = look.choose_rows(
        table,
        {
            "name": name_column("Subject", key, keys, width=140),
            "action": look.text_column("Action", width=140),
            "exposure": look.money_column("At risk", width=72),
            "then": look.number_column("Then", look.SCORE, width=56, tip=_THEN),
            "now": look.number_column("Now", look.SCORE, width=56, tip=_NOW),
            "differs": look.text_column("Differs", width=250),
        },
        alt=f"{len(keys)} members that wait for approval, whoever differs first",
        key=key,
        chosen=range(len(keys)),
        most_rows=10,
    )
    return tuple(keys[number] for number in ticked)


_THEN = "Probability that the decision was taken on"
_NOW = "Probability of the build that is served"


def _proposal(one: Proposal) -> None:
    """What one person wants, and what they rest it on."""
    with st.container(gap="xxsmall"):
        st.markdown(f"**{md_escape(one.past.headline)}** · {md_escape(one.extent)}")
        st.caption(md_escape(f"Proposed by {one.past.who}"))
        for reason in one.past.reasons:
            st.caption(md_escape(reason))
        if one.past.note:
            st.text(one.past.note)
        for step, is_attached in one.evidence:
            mark = ":material/check: " if is_attached else ":material/close: Not attached: "
            st.caption(mark + md_escape(step))


def _consequences(rows: pl.DataFrame, chosen: Sequence[str]) -> None:
    cleared = rows.filter(label="good")["node_key"]
    if chosen:
        good = len(set(cleared) & set(chosen))
        st.caption(md_escape(impact_of(chosen, good)))
        markets = subjects(chosen)["market"].drop_nulls()
        if note := language_note(markets.to_list()):
            st.caption(md_escape(note))
    if said := others_sentence(len(rows), chosen):
        st.caption(said)


def _answer(versions: Mapping[str, int], prefix: str) -> None:
    if not versions:
        st.caption("Tick the members that you answer.")
        return
    note = f"{prefix}answer.note"
    st.text_area(
        "What you looked at, or what is missing", key=note, max_chars=LONGEST_REASON, height=68
    )
    with st.container(horizontal=True, gap="small"):
        for act in ANSWERS:
            st.button(
                f"{ACT_LABELS[act]} {len(versions):,}" if len(versions) > 1 else ACT_LABELS[act],
                key=f"{prefix}{act}",
                type="primary" if act is CaseAct.APPROVE else "secondary",
                on_click=_take,
                args=(act, prefix, dict(versions)),
            )


def _take(act: CaseAct, prefix: str, versions: dict[str, int]) -> None:
    note = f"{prefix}answer.note"
    st.session_state[f"{prefix}{act}.reason"] = st.session_state.get(note, "")
    if take_step(act, prefix, versions):
        st.session_state[note] = ""
