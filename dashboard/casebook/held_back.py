"""Whose standing a reader may not see yet, because they are to judge it without the first verdict.

Every read that says how a subject stands asks here: its case, decisions, effects, statements,
appeals, steps and inboxes. Whoever is held back reads as if nobody had opened a case. Writes read
all of it, and refuse a step with such a subject before they could say how it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access import viewer
from dashboard.casebook import chain, reviews, rows
from dashboard.casebook.lookups import lookups
from dashboard.casebook.schema import cases, decisions
from dashboard.cases.states import CaseState
from dashboard.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import URL, Connection

    from dashboard.access import Viewer

_ANSWERED_BY = {
    CaseState.PROPOSED: "approve",
    CaseState.APPROVED: "approve",
    CaseState.APPEALED: "appeal",
}
"""States that wait for an answer, with the permission to give it: it has to be read for that."""


def held_back(con: Connection, who: Viewer, keys: Collection[str] | None = None) -> dict[str, str]:
    """Those who wait for a second look that `who` may give, by key, each with its task.

    Of `keys`, or all of them.
    """
    if not who.may("review"):
        return {}
    every = _all(con, who)
    return {key: task for key, task in every.items() if keys is None or key in keys}


def _all(con: Connection, who: Viewer) -> dict[str, str]:
    """Everybody who is held back, kept until the next write: a page asks many times."""
    at = (con.engine.url, chain.head(con), who)
    if at not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        tasks = {one.entity_key: one.task_id for one in reviews.tasks_for(con, who)}
        cases = rows.cases_of(con, tasks)
        asked = {key for key, one in cases.items() if who.may(_ANSWERED_BY.get(one.state, ""))}
        _KEPT[at] = {key: task for key, task in tasks.items() if key not in asked}
    return _KEPT[at]


_KEPT: dict[tuple[URL, str, Viewer], dict[str, str]] = {}
_MOST_KEPT = 64
"""Reviewers whose answer is kept."""


def held_from_reader(con: Connection, keys: Collection[str] | None = None) -> dict[str, str]:
    """Like `held_back`, of whoever reads; of nobody where a thread or command reads."""
    try:
        who = viewer()
    except AccessDenied:
        return {}
    return held_back(con, who, keys)


def readable(con: Connection, keys: Iterable[str]) -> set[str]:
    """Those of `keys` whose standing whoever reads may see."""
    every = set(keys)
    return every - {*held_from_reader(con, every)}


def held_decisions(con: Connection) -> set[str]:
    """Ids of the decisions about those whose standing whoever reads may not see."""
    ids: set[str] = set()
    for query in lookups(held_from_reader(con)):
        about = decisions.c.case_id.in_(query.with_only_columns(cases.c.case_id))
        ids |= set(con.execute(select(decisions.c.decision_id).where(about)).scalars())
    return ids


def check_readable(con: Connection, keys: Collection[str], who: Viewer) -> None:
    """Raise AccessDenied where `who` has to give a second verdict on one of `keys` first."""
    if held_back(con, who, set(keys)):
        raise AccessDenied(
            "This subject waits for your second look, without the first verdict.",
            "Give yours on Quality, then take the next step.",
        )
