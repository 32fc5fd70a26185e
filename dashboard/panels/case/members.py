"""Everybody of a case, ticked for the decision that stands beside the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components import look
from dashboard.components.open_column import name_column
from dashboard.store import data_version
from dashboard.view_models.case import MEMBERS, VERDICTS
from dashboard.view_models.earlier_verdicts import verdict_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.records import Decision
    from dashboard.view_models.case import CaseView


def draw_members(view: CaseView, case_key: str) -> tuple[int, ...]:
    """The table of all members; gives the ticked rows, those that wait at first."""
    st.subheader(f"Members :gray-badge[{len(view.keys):,}]", anchor=MEMBERS)
    key = f"case-{case_key}-{data_version()}-{hash((view.keys, view.waiting))}"
    return look.choose_rows(
        view.table,
        {
            "name": name_column("Subject", key, view.keys, width=154),
            "role": look.text_column("Part", width=72),
            "band": look.band_column(),
            "score": look.number_column("Probability", look.SCORE, width=84),
            "typology": look.text_column("Typology", width=142),
            "exposure": look.money_column("At risk", width=64),
            "days": look.number_column("Days left", "%.0f", width=72, tip=_DAYS),
            "standing": look.text_column("Standing", width=116, tip=_STANDING),
            "held_by": look.text_column("In it by", width=108, tip=_HELD),
        },
        alt=f"{len(view.keys)} members, whoever waits first",
        key=key,
        chosen=view.chosen,
        most_rows=14,
    )


def draw_verdicts(view: CaseView, made: Mapping[str, Decision]) -> None:
    """What colleagues said of members before: who, on which grounds, and their note."""
    if not made:
        return
    names = dict(zip(view.keys, view.rows["name"], strict=True))
    table = verdict_table(made, names)
    st.subheader(f"Earlier verdicts :gray-badge[{len(table):,}]", anchor=VERDICTS)
    look.table(
        table,
        {
            "name": look.text_column("Subject", width=140),
            "verdict": look.text_column("Verdict", width=230),
            "about": look.text_column("Typology", width=120),
            "action": look.text_column("Action", width=120),
            "reasons": look.text_column("Reasons", width=260),
            "note": look.text_column("Note", width=300),
        },
        alt=f"Earlier verdicts on {len(table)} members, the latest first",
        key=f"case-verdicts-{data_version()}-{hash(tuple(made))}",
        most_rows=8,
    )


_DAYS = "Days until the money that is held or still to come is out of reach"
_STANDING = "What was said of it before, else whether it waits for a decision"
_HELD = "What alone holds it in, or how many things do: choose it below to see them"
