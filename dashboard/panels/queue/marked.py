"""The marked case: why it is here, and whoever of it waits, each a click from its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.components.waiting import waiting
from dashboard.panels.queue.opening import open_subject
from dashboard.store import data_version
from dashboard.text import md_escape, money, plural
from dashboard.view_models.queue import leaves
from dashboard.view_models.waiting import member_table

if TYPE_CHECKING:
    from dashboard.view_models.queue import CaseRow
    from dashboard.view_models.waiting import Member

MOST_ROWS = 12


def draw_marked(row: CaseRow) -> None:
    """Below the table, which stays as it is while the mark moves."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{md_escape(row.title)}**{_badges(row)} · {md_escape(_facts(row))}")
        if row.is_ring:
            found = waiting(row.member_keys)
            _members(row, tuple(found[key] for key in row.member_keys if key in found))
        else:
            _reasons(row.first)


def _badges(row: CaseRow) -> str:
    first = row.first
    badges = [":gray-badge[Waited longest]"] if row.is_reserved else []
    if not row.is_ring and first.earlier and not first.verdict:
        badges.append(f":orange-badge[{md_escape(first.earlier)}]")
    if first.status.startswith("Reopened") and not row.is_ring:
        badges.append(f":orange-badge[{md_escape(first.status)}]")
    return "".join(f" {badge}" for badge in badges)


def _facts(row: CaseRow) -> str:
    many = len(row.member_keys)
    facts = [f"{plural(many, 'member')} waiting"] if row.is_ring else []
    if row.held_usd and row.leaves_days is not None:
        facts.append(
            f"{money(row.held_usd)} held, the first of it paid out {leaves(row.leaves_days)}"
        )
    facts.append(f"about {row.review_minutes:,.0f} minutes")
    return " · ".join([*facts, *([] if row.is_ring else [row.first.opened])])


def _reasons(first: Member) -> None:
    if first.verdict:
        st.markdown(f":orange-badge[Before] {md_escape(first.verdict)}")
    for reason in first.reasons:
        st.caption(md_escape(reason))


def _members(row: CaseRow, members: tuple[Member, ...]) -> None:
    keys = tuple(member.entity_key for member in members)
    key = f"members-{data_version()}-{hash((row.case_id, keys))}"
    look.table(
        member_table(members),
        {
            "name": look.text_column("Member", width=190),
            "open": look.button_column(
                "", f"{key}-open", _open, (f"{key}-open", keys, row.case_id)
            ),
            "earlier": look.text_column("Before", width=186),
            "entity": look.text_column("What", width=90),
            "band": look.band_column(),
            "probability": look.number_column("Probability", look.SCORE, width=82),
            "exposure": look.money_column("At risk", width=70),
            "reason": look.text_column("Why", width=530),
        },
        alt=f"{len(members)} members waiting, most urgent first",
        key=key,
        most_rows=MOST_ROWS,
    )


def _open(slot: str, keys: tuple[str, ...], case_id: str) -> None:
    open_subject(keys[st.session_state[slot]["row"]], case_id)
