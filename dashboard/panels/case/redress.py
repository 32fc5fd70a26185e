"""Statements and appeals of a case's members: each may appeal alone, and the others stay."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.casebook import open_casebook
from dashboard.components import look
from dashboard.components.boundary import panel
from dashboard.components.downloads import csv_download
from dashboard.components.redress import draw_redress, stated_decision
from dashboard.errors import CasebookUnavailable
from dashboard.text import plain
from dashboard.view_models.statement import statement_table

if TYPE_CHECKING:
    from dashboard.cases.redress import Redress
    from dashboard.view_models.case import CaseView

APPEALS = "statements-and-appeals"


@panel
def draw_appeals(view: CaseView, slot: str) -> None:
    """The members that were told of an action, and the appeal of the one that is chosen."""
    told = _told(view)
    if not told:
        return
    st.subheader(f"Statements and appeals :gray-badge[{len(told):,}]", anchor=APPEALS)
    names = dict(zip(view.keys, view.rows["name"], strict=True))
    rows = pl.DataFrame(
        [(plain(names[key]), *_cells(one)) for key, one in told.items()],
        schema=dict.fromkeys(_COLUMNS, pl.String),
        orient="row",
    )
    look.table(
        rows,
        {name: look.text_column(name, width=width) for name, width in _COLUMNS.items()},
        alt=f"Statements of {rows.height} members, and their appeals",
        key=f"case.{slot}.statements",
        most_rows=8,
    )
    csv_download(
        "EU database",
        lambda: statement_table(one.statement for one in told.values()),
        filename="statements.csv",
        key=f"case.{slot}.statements.csv",
    )
    chosen = st.selectbox(
        "Member",
        list(told),
        index=None,
        format_func=lambda key: plain(names[key]),
        placeholder="Whose statement, or who appeals",
        key=f"case.{slot}.appeal",
    )
    stated = stated_decision(chosen) if chosen else None
    if stated:
        draw_redress(stated, f"case.{slot}")


_COLUMNS = {"Subject": 180, "Action": 180, "Told on": 100, "Appeal until": 110, "Appeal": 200}


def _told(view: CaseView) -> dict[str, Redress]:
    """By key, of the members whose last decision was told to them."""
    with suppress(CasebookUnavailable):
        book = open_casebook()
        last = {key: made[-1].decision_id for key, made in book.decisions_of(view.keys).items()}
        known = book.redress_of(list(last.values()))
        return {key: known[last[key]] for key in view.keys if last.get(key) in known}
    return {}


def _cells(one: Redress) -> tuple[str, ...]:
    record = one.statement.content["record"]
    late = ", late" if one.is_late else ""
    appeal = f"waits, due {one.appeal.due_on}{late}" if one.appeal else "none"
    if one.outcome:
        word = "overturned" if one.outcome.is_overturned else "upheld"
        appeal = f"{word} on {one.outcome.day}{late}"
    return str(record["measure"]), str(record["day"]), one.appeal_until, appeal
