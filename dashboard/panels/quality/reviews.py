"""Second reviews: my list, one review, and the disagreements that a senior takes up."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.cases.reviews import Sample, SecondVerdict, SureCase
from dashboard.components import address, look, scope
from dashboard.components.board import Column, Table, board
from dashboard.components.boundary import panel
from dashboard.components.choices import one_of
from dashboard.components.empty_state import empty_state, show_problem
from dashboard.components.open_column import open_column
from dashboard.errors import RingfenceError, TableMissing
from dashboard.store import read
from dashboard.text import MISSING, md_escape, plain, plural, written
from dashboard.view_models import words
from dashboard.view_models.decide import VERDICTS

if TYPE_CHECKING:
    from dashboard.cases.reviews import Reviewed, ReviewTask

SHARES = {"0.05": "5%", "0.1": "10%", "0.25": "25%"}
NOTE_LENGTH = 2_000
MOST = 50
_DONE, _PROBLEM = "review.done", "review.problem"


@panel
def my_reviews() -> None:
    """What waits for this viewer, and the draw of more."""
    tasks = open_casebook().review_tasks(viewer=viewer())
    _problem()
    left, right = st.columns([0.73, 0.27], gap="medium")
    with left:
        _list(tasks)
    with right, st.container(border=True, gap="small"):
        _draw()


def _list(tasks: list[ReviewTask]) -> None:
    st.subheader(f"To review :gray-badge[{len(tasks):,}]")
    if not tasks:
        empty_state("Nothing waits for your second look.", "Draw decisions, or come back later.")
        return
    shown = tasks[:MOST]
    names = _names(shown)
    rows = pl.DataFrame(
        {
            "name": [names.get(one.entity_key, one.entity_id) for one in shown],
            "kind": [words.sentence_case(one.entity_type) for one in shown],
            "id": [one.entity_id for one in shown],
            "open": ["Open"] * len(shown),
        }
    )
    key = f"reviews-{hash(tuple(one.task_id for one in shown))}"
    look.table(
        rows,
        {
            "name": look.text_column("Subject"),
            "kind": look.text_column("Kind", width=110),
            "id": look.text_column("Id", width=130),
            "open": open_column(key, tuple(one.task_id for one in shown), "quality", "review"),
        },
        alt=f"{len(shown)} subjects to review",
        key=key,
        most_rows=14,
    )
    if len(tasks) > MOST:
        st.caption(f"The first {MOST} of {len(tasks):,}.")


def _names(tasks: list[ReviewTask]) -> dict[str, str]:
    keys = [one.entity_key for one in tasks]
    rows = scope.hide_names(read("pages/quality/names", keys=sorted(keys)))
    return {row["entity_key"]: plain(row["name"]) for row in rows.iter_rows(named=True)}


def _draw() -> None:
    st.markdown("**Draw decisions**")
    st.caption(
        "A share of each stratum: who decided, how, in which market. More of what is severe and "
        "of new reviewers. Cases whose verdict is sure are mixed in."
    )
    share = one_of("Share", SHARES, key="reviews.share", default="0.1")
    st.button("Draw", width="stretch", key="reviews.draw", on_click=_drawn, args=(share,))
    if made := st.session_state.pop("reviews.made", 0):
        st.caption(f"{plural(made, 'review')} drawn.")


def _drawn(share: str) -> None:
    seed = int(f"{datetime.now(UTC):%Y%m%d}")
    try:
        made = open_casebook().draw_reviews(
            Sample(float(share), seed), sure_cases(), viewer=viewer()
        )
        st.session_state["reviews.made"] = made
    except RingfenceError as error:
        st.session_state[_PROBLEM] = error


def sure_cases() -> list[SureCase]:
    """Subjects of the served build whose verdict is sure; none where it has no labels."""
    with suppress(TableMissing):
        rows = read("pages/quality/sure_cases")
        return [SureCase(*row) for row in rows.iter_rows()]
    return []


@panel
def review_form(task: ReviewTask) -> None:
    """The second word; after it both stand side by side."""
    done: Reviewed | None = st.session_state.get(_DONE)
    if done is not None and done.task.task_id == task.task_id:
        _side_by_side(done)
        return
    with st.container(border=True, gap="small"):
        st.markdown("**Your verdict**")
        _problem()
        slot = f"review.{task.task_id}"
        verdict = one_of("Verdict", VERDICTS, key=f"{slot}.verdict")
        st.text_area("Note", key=f"{slot}.note", max_chars=NOTE_LENGTH, height=92,
                     placeholder="What you saw, in a sentence")  # fmt: skip
        st.button(
            "Give verdict",
            type="primary",
            width="stretch",
            disabled=verdict is None,
            key=f"{slot}.give",
            shortcut="Mod+Enter",
            on_click=_give,
            args=(task.task_id, slot),
        )
        st.caption("What others decided is shown after you have.")


def _give(task_id: str, slot: str) -> None:
    said = SecondVerdict(
        task_id,
        str(st.session_state.get(f"{slot}.verdict") or ""),
        str(st.session_state.get(f"{slot}.note") or ""),
    )
    try:
        st.session_state[_DONE] = open_casebook().review(said, viewer=viewer())
    except RingfenceError as error:
        st.session_state[_PROBLEM] = error


def answered(task_id: str) -> Reviewed | None:
    """The review that was just given in this session, if it is this one."""
    done = st.session_state.get(_DONE)
    return done if done is not None and done.task.task_id == task_id else None


def _side_by_side(done: Reviewed) -> None:
    with st.container(border=True, gap="small"):
        agrees = ":green-badge[Same]" if done.agrees else ":orange-badge[Different]"
        st.markdown(f"**Both verdicts** {agrees}")
        one, other = st.columns(2)
        with one:
            st.caption("Yours")
            st.markdown(VERDICTS[done.second.verdict])
            st.text(written(done.second.note))
        with other:
            st.caption("Before" if done.first else "Sure verdict")
            st.markdown(VERDICTS.get(done.first_verdict, done.first_verdict))
            if done.first:
                st.text(written(done.first.note))
                st.caption(md_escape(_said(done)))
            else:
                st.caption("Proven or cleared since, by others than analysts.")
        if not done.agrees and done.first:
            st.caption("It is on the list of disagreements: a senior takes it up again.")
        st.button(
            "Back to my reviews",
            key="review.back",
            width="stretch",
            on_click=partial(address.put, {"review": ""}),
        )


def _said(done: Reviewed) -> str:
    first = done.first
    if first is None:
        return ""
    score = MISSING if first.score is None else f"{first.score:.3f}"
    return f"{first.decided_by}, {first.decided_at:%Y-%m-%d}, probability {score}"


@panel
def disagreements() -> None:
    """What two people saw differently and nobody decided again since; the name leads there."""
    every = open_casebook().reviewed(viewer=viewer())
    differ = [one for one in every if one.first and not one.agrees and not one.is_reopened]
    rows = differ[:MOST]
    names = _names([one.task for one in rows])
    keys = [one.task.entity_key for one in rows]
    columns = [
        Column("Subject", [names.get(key, key) for key in keys], keys=keys),
        Column("First", [VERDICTS[one.first_verdict] for one in rows], width=110),
        Column("Second", [VERDICTS[one.second.verdict] for one in rows], width=110),
        Column("Note of the second", [plain(written(one.second.note), length=80) for one in rows]),
        Column("On", [f"{one.reviewed_at:%Y-%m-%d}" for one in rows], width=92),
    ]
    board(
        [
            Table(
                "Disagreements to take up",
                f", {len(differ):,}",
                "A senior opens the subject and decides again; then it leaves the list.",
                columns,
                "Disagreements",
                most_rows=12,
            )
        ],
        key="quality.disagreements",
    )


def _problem() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if isinstance(problem, RingfenceError):
        show_problem(problem)
