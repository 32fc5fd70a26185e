"""The log of looks by what is unusual in it, and the entries behind a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard.access import roles, viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rows import now
from dashboard.cases.privacy import privacy_rules
from dashboard.columns import mapped
from dashboard.components import address, look
from dashboard.components.boundary import panel
from dashboard.components.colleagues import related_subjects, time_zones
from dashboard.components.downloads import csv_download
from dashboard.components.empty_state import empty_state, show_notes
from dashboard.text import plain, plural
from dashboard.view_models.audit import (
    EMPTY,
    EVERYBODY,
    LISTS,
    NOTHING_YET,
    PAST_DAYS,
    PERIODS,
    list_of,
)
from dashboard.view_models.unusual_access import behind

MOST_SHOWN = 500
"""Rows of a list on the page; the download has all of them."""
_NOT_IN_A_FILE = ("since", "until")


@panel
def access_panel() -> None:
    """Whose log of which days, one list of it, and what is behind the line that is ticked."""
    show_notes([*address.refused("days", PERIODS), *address.refused("list", LISTS)])
    whole, since = _log()
    if whole.is_empty():
        empty_state(NOTHING_YET, "Views, searches, exports and reveals are written down from now.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = address.segments("Lists", "list", LISTS, st.query_params.get("list", "many"))
        person = _person(whole)
        address.select("Time", "days", PERIODS, st.query_params.get("days", "30"))
    made = list_of(name, whole, privacy_rules(), time_zones(), related_subjects())
    shown = made.filter(pl.col("until") > since)
    shown = shown if person == EVERYBODY else shown.filter(pl.col("actor") == person)
    if shown.is_empty():
        empty_state(EMPTY[name], "Choose a longer time, or another person.")
        return
    _draw(name, shown, whole, f"{name}-{person}-{since:%Y%m%d}-{shown.height}")


def _log() -> tuple[pl.DataFrame, datetime]:
    """The log of the period and of the past it is held against; when the period begins, UTC."""
    asked = st.query_params.get("days", "30")
    days = int(asked) if asked in PERIODS else 30
    since = now() - timedelta(days=days)
    return open_casebook().accesses(since - timedelta(days=PAST_DAYS), viewer=viewer()), since


def _person(log: pl.DataFrame) -> str:
    names = sorted(log["actor"].unique())
    choices = {EVERYBODY: "Everybody", **{name: plain(name) for name in names}}
    return address.select("Person", "person", choices, st.query_params.get("person", EVERYBODY))


def _draw(name: str, made: pl.DataFrame, whole: pl.DataFrame, key: str) -> None:
    listed = made.head(MOST_SHOWN)
    more = f", the first {MOST_SHOWN} shown" if made.height > MOST_SHOWN else ""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(
            f"{plural(made.height, 'line')}{more}. Times are UTC unless a column says local."
        )
        csv_download(
            "Download list",
            lambda: made.drop(_NOT_IN_A_FILE, strict=False),
            filename=f"audit-{name}.csv",
            key=f"audit.list.{name}",
        )
    slot = f"audit.row.{key}"
    chosen: int | None = st.session_state.get(slot)

    def choose(number: int | None) -> None:
        st.session_state[slot] = number

    look.choose_row(
        _words(listed),
        {column: _columns()[column] for column in _SHOWN[name]},
        alt=f"{LISTS[name]}, {made.height} lines",
        key=f"audit-{key}",
        chosen=chosen,
        on_choose=choose,
    )
    if chosen is not None and chosen < listed.height:
        _entries(behind(whole, listed.row(chosen, named=True)), key)


def _entries(rows: pl.DataFrame, key: str) -> None:
    st.markdown(f"**Entries behind it** :gray-badge[{rows.height:,}]")
    look.table(
        _words(rows.head(MOST_SHOWN)),
        {column: _columns()[column] for column in _SHOWN["all"]},
        alt=f"{rows.height} entries of the log",
        key=f"audit-entries-{key}",
        most_rows=14,
    )
    csv_download(
        "Download entries", lambda: rows, filename="audit-entries.csv", key="audit.entries"
    )


def _words(rows: pl.DataFrame) -> pl.DataFrame:
    """Names and texts that people typed, as cells; roles by their label."""
    labels = {name: role.label for name, role in roles().items()}
    texts = [one for one in ("actor", "subject", "purpose", "detail", "how") if one in rows.columns]
    pages = pl.col("page").str.to_titlecase() if "page" in rows.columns else pl.lit("")
    return rows.with_columns(
        *(
            mapped(rows, name, lambda text: plain(text, length=90) if text else "–")
            for name in texts
        ),
        role=pl.col("role").replace(labels),
        page=pages,
    )


_SHOWN: dict[str, tuple[str, ...]] = {
    "many": (
        "since",
        "actor",
        "role",
        "span",
        "subjects",
        "own_usual",
        "peer_usual",
        "times_usual",
    ),
    "hours": ("day", "actor", "role", "first_at", "last_at", "acts", "usual_share", "zone"),
    "relations": ("until", "actor", "role", "subject", "how", "acts"),
    "reveals": ("at", "actor", "role", "subject", "detail", "purpose"),
    "exports": ("at", "actor", "role", "row_count", "page", "subject", "detail"),
    "searches": ("at", "actor", "role", "page", "detail", "row_count"),
    "reasons": ("at", "actor", "role", "page", "subject"),
    "all": ("at", "actor", "role", "act", "page", "subject", "purpose", "detail", "row_count"),
}


def _columns() -> dict[str, Any]:
    def instant(label: str) -> Any:
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", width=122)

    return {
        "at": instant("When"),
        "since": instant("From"),
        "until": instant("Last"),
        "first_at": instant("First, local"),
        "last_at": instant("Last, local"),
        "day": st.column_config.DateColumn("Day, local", format="YYYY-MM-DD", width=92),
        "actor": look.text_column("Person", width=130),
        "role": look.text_column("Role", width=118),
        "span": look.text_column("Within", width=76),
        "subjects": look.number_column("Subjects", width=78),
        "own_usual": look.number_column("Own usual", "%.0f", width=84, tip="Median before"),
        "peer_usual": look.number_column(
            "Peers", "%.0f", width=68, tip="Median of the others of that role"
        ),
        "times_usual": look.number_column(
            "Of usual", "%.1f ×", width=78, tip="By the larger of own and peers"
        ),
        "acts": look.number_column("Acts", width=60),
        "usual_share": look.number_column(
            "Earlier days", look.PERCENT, width=94, tip="Part of their earlier days with such acts"
        ),
        "zone": look.text_column("Time zone", width=128),
        "act": look.text_column("Act", width=70),
        "page": look.text_column("Page", width=90),
        "subject": look.text_column("Subject", width=168),
        "how": look.text_column("How they are related", width=300),
        "purpose": look.text_column("Reason", width=240),
        "detail": look.text_column("What", width=240),
        "row_count": look.number_column("Rows", width=66),
    }
