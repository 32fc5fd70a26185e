"""What decisions take: of everybody without names, by person for whoever may read them, or mine."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.access import is_same_person, viewer
from dashboard.casebook import open_casebook
from dashboard.cases.attention import IDLE_SECONDS
from dashboard.components.blind_first import SHARES, own_share, set_own_share
from dashboard.components.board import Column, Table, board
from dashboard.components.boundary import panel
from dashboard.components.choices import one_of
from dashboard.components.empty_state import empty_state
from dashboard.errors import RingfenceError, TableMissing
from dashboard.store import read
from dashboard.text import MISSING, plain, plural
from dashboard.view_models.first_verdicts import first_verdicts
from dashboard.view_models.pace import (
    LEAST_PEOPLE,
    by_person,
    by_typology,
    by_week,
    panels_used,
    period_of,
    shown,
)
from dashboard.view_models.shares import LEAST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.cases.attention import DecisionTime
    from dashboard.view_models.pace import PaceRow
    from dashboard.view_models.shares import Share

_RULE = (
    f"From opening a subject to deciding, while it was the one open; a gap without a click counts "
    f"as {IDLE_SECONDS / 60:.0f} minutes at most. Decisions taken at once share their time evenly."
)


@panel
def draw_times() -> None:
    """Of everybody: by typology and band, by week, panels; by person where names may be read."""
    times = open_casebook().decision_times(viewer=viewer())
    if not times:
        _nothing()
        return
    is_named = all(one.actor for one in times)
    _tables(times, 1 if is_named else LEAST_PEOPLE, is_named=is_named)
    _first_verdicts(times)
    _house_share()


@panel
def my_work() -> None:
    """The viewer's own decisions alone, and whether the score waits for a first verdict."""
    every = open_casebook().decision_times(viewer=viewer())
    times = [one for one in every if is_same_person(one.actor, viewer().name)]
    _own_setting()
    if not times:
        _nothing()
        return
    _tables(times, 1, is_named=False)
    _first_verdicts(times)


def _nothing() -> None:
    empty_state("No decision was timed yet.", "Each decision on Investigate or a case is.")


def _tables(times: Sequence[DecisionTime], least_people: int, *, is_named: bool) -> None:
    period = f", {period_of(times)}"
    by_kind = by_typology(times)
    own = _pace("By typology and band", by_kind, least_people, period, is_assumed=True)
    board([own], key="quality.times")
    tables = [_pace("By week", by_week(times), least_people, period)]
    if is_named:
        tables.append(_pace("By person", by_person(times), 1, period))
    used = panels_used(times) if len(times) >= LEAST else []
    columns = [
        Column("Panel", [row.panel for row in used]),
        Column("Opened", [row.opened.said for row in used],
               [row.opened.value for row in used], width=124, is_number=True),
    ]  # fmt: skip
    title = "Panels opened before deciding"
    tables.append(Table(title, period, "", columns, title))
    board(tables, key="quality.weeks")
    st.caption(_RULE)


def _pace(
    title: str, every: list[PaceRow], least_people: int, period: str, *, is_assumed: bool = False
) -> Table:
    rows, few = shown(every, least_people)
    columns = [
        Column(title.removeprefix("By ").capitalize(), [plain(row.name) for row in rows]),
        _numbers("n", [f"{row.seconds.whole:,}" for row in rows], 56),
        _numbers("Middle, min", [row.said for row in rows], 148),
        _numbers("90 in 100 under", [f"{row.seconds.p90 / 60:.1f} min" for row in rows], 124),
    ]
    if is_assumed:
        minutes = [row.assumed_minutes for row in rows]
        said = [MISSING if one is None else f"{one:.0f} min" for one in minutes]
        columns.append(_numbers("Queue assumes", said, 124))
    people = f" or {least_people} people" if least_people > 1 else ""
    left = f"{plural(few, 'decision')} in groups under {LEAST}{people} not shown." if few else ""
    return Table(title, period, left, columns, title, most_rows=10)


def _numbers(label: str, cells: list[str], width: int) -> Column:
    return Column(label, cells, width=width, is_number=True)


def _first_verdicts(times: Sequence[DecisionTime]) -> None:
    """What seeing the score changed, where it was hidden first."""
    blind = [one for one in times if one.spent.first_verdict]
    if not blind:
        return
    view = first_verdicts(times, _later(blind))
    lines: dict[str, Share] = {
        "Verdict changed after the score was shown": view.changed,
        "Of the changed, to a finding against the subject": view.to_bad,
        "First verdicts that others bear out later": view.right_first,
        "Saved verdicts that others bear out later": view.right_saved,
        "Changes that others bear out later": view.right_changed,
    }
    columns = [
        Column("Of decisions with a hidden score", list(lines)),
        _numbers("n", [f"{one.whole:,}" for one in lines.values()], 56),
        _numbers("Share", [one.said for one in lines.values()], 124),
    ]
    title = "What seeing the score changed"
    board([Table(title, f", {period_of(blind)}", "", columns, title)], key="quality.first")


def _later(times: Sequence[DecisionTime]) -> dict[str, tuple[str, date]]:
    keys = sorted({one.entity_key for one in times})
    with suppress(TableMissing):
        rows = read("pages/quality/later_labels", keys=keys).iter_rows(named=True)
        return {row["entity_key"]: (row["label"], row["known_day"]) for row in rows}
    return {}


def _own_setting() -> None:
    """How often this viewer judges before seeing the score."""
    with st.container(border=True, gap="small"):
        one_of(
            "Hide the score until my first verdict",
            SHARES,
            key="blind.own",
            default=own_share(),
            on_change=_set_own,
        )
        if house := open_casebook().blind_share():
            st.caption(f"Quality hides it for {house:.0%} of subjects anyway.")


def _set_own() -> None:
    share = st.session_state.get("blind.own")
    if share in SHARES:
        set_own_share(share)


def _house_share() -> None:
    """Of whoever reads quality: for how many subjects everybody judges first."""
    share = open_casebook().blind_share()
    now = next((code for code in SHARES if float(code) == share), "0")
    with st.container(border=True, gap="small"):
        one_of(
            "Hide the score from everybody until a first verdict",
            SHARES,
            key="blind.house",
            default=now,
            on_change=_set_house,
        )


def _set_house() -> None:
    share = st.session_state.get("blind.house")
    if share in SHARES:
        try:
            open_casebook().set_blind_share(float(share), viewer=viewer())
        except RingfenceError as error:
            st.session_state["review.problem"] = error
