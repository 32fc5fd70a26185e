"""Who looked at whom, searched for what and took what out: written down where it happens.

Once for each subject, session and day, so that a click inside a page costs nothing. While the
casebook is away evidence stays to be read, masked as it is: the page says that the look is not
in the log, the server's log has it, and nothing is revealed or handed out. What is typed into a
search may be somebody's name or number, so only an id is logged as it was typed; anything else
is a mask, the same for the same words.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import is_same_person, mask_key, viewer
from dashboard.casebook import open_casebook
from dashboard.cases.privacy import Access, privacy_rules
from dashboard.components.links import page_here
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import read
from queries.personal_data import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOG = logging.getLogger("ringfence")
_LOGGED, _PURPOSES = "access.logged", "access.purposes"
_OWN_ID = re.compile(r"(?:[a-z_]+:)?(?:mer|crt|prd|buy|liv|vid|ord|rng|com)_[0-9a-z]{1,40}")
_TYPED = ("search", "find", "back")
"""Parameters of an address that hold what somebody typed, here or on the page before."""
_SUBJECTS = ("entity", "id", "ring", "community")


def log_view(page: str, subject: str, purpose: str, row_count: int | None = None) -> None:
    """Write down that `subject`, of so many members, is looked at."""
    _once(Access("view", page, subject, purpose, row_count=row_count), subject)


def log_search(typed: str, row_count: int) -> None:
    """Write down a search and how many it listed."""
    text = searched(typed)
    _once(Access("search", page_here(), detail=text, row_count=row_count), text)


def searched(typed: str) -> str:
    """What the log says of a text that was searched for."""
    line = " ".join(typed.split())
    if _OWN_ID.fullmatch(line):
        return line
    words = len(line.split())
    return f"text …{keyed_digest(line.casefold(), mask_key())[:8]}, {words} words"


def export_of(filename: str, params: Mapping[str, str]) -> Access:
    """An export of the page shown, with its filters; who takes it and how many rows come later."""
    subject = next((params[name] for name in _SUBJECTS if name in params), "")
    kept = {name: text for name, text in params.items() if name not in (*_TYPED, *_SUBJECTS)}
    kept |= {name: searched(params[name]) for name in ("search", "find") if name in params}
    filters = ", ".join(f"{name} {text}" for name, text in sorted(kept.items()))
    return Access("export", page_here(), subject, detail=f"{filename}; {filters or 'no filter'}")


def open_subject(page: str, subject: str) -> None:
    """Write down a look at `subject`, with why; before anything of it is shown."""
    known: dict[str, str] = st.session_state.setdefault(_PURPOSES, {})
    if subject not in known:
        try:
            known[subject] = _purpose(subject)
        except CasebookUnavailable:
            _not_logged(Access("view", page, subject))
            return
    log_view(page, subject, known[subject])


def ask_purpose(page: str, subject: str) -> None:
    """One line where neither queue nor case says why `subject` is opened, until it is said."""
    purposes = privacy_rules().purposes
    said = st.session_state[_PURPOSES].get(subject)
    if said == purposes.not_said and viewer().may("decide"):
        with st.container(key="access.purpose"):
            st.pills(
                "Why do you open this?",
                purposes.choices,
                key=f"access.purpose.{subject}",
                on_change=_said,
                args=(page, subject),
            )


def _purpose(subject: str) -> str:
    purposes, book, who = privacy_rules().purposes, open_casebook(), viewer()
    case = book.cases_of([subject]).get(subject)
    if case is not None and is_same_person(case.assignee, who.name):
        return purposes.own_case
    if _has_alert(subject):
        return purposes.alert
    return book.purpose_said(subject, viewer=who) or purposes.not_said


def _has_alert(subject: str) -> bool:
    try:
        lists = (read(f"pages/queue/{name}_keys")["entity_key"] for name in ("alert", "anomaly"))
        return any((keys == subject).any() for keys in lists)
    except TableMissing:
        return False


def _said(page: str, subject: str) -> None:
    chosen = st.session_state[f"access.purpose.{subject}"]
    if chosen:
        made = Access("view", page, subject, chosen, "said after it was opened")
        with suppress(CasebookUnavailable):  # the line stays, to be answered once it is back
            open_casebook().log_access(made, viewer=viewer())
            st.session_state[_PURPOSES][subject] = chosen


def _once(made: Access, what: str) -> None:
    who = viewer()
    mark = (datetime.now(UTC).date(), who.name, made.act, what)
    logged: set[object] = st.session_state.setdefault(_LOGGED, set())
    if mark in logged:
        return
    try:
        open_casebook().log_access(made, viewer=who)
        logged.add(mark)
    except CasebookUnavailable:
        _not_logged(made)


def _not_logged(made: Access) -> None:
    _LOG.warning("not in the casebook: %s of %s by %s", made.act, made.subject, viewer().name)
    st.caption(
        f":material/info: This {made.act} is not in the log, for the casebook is away. The "
        "server's log has it."
    )
