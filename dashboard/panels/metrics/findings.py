"""What changed: every movement in a sentence, with its cause, who is behind it, and two ways on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.cases.standing import Place
from dashboard.components import address, look, scope
from dashboard.components.links import go
from dashboard.components.standings import case_standings
from dashboard.panels.metrics.selection import SPANS, metrics_of
from dashboard.store import has_table, read
from dashboard.text import md_escape, plural
from dashboard.view_models import words
from dashboard.view_models.findings import QUIET, Finding, findings_of, ring_standing
from dashboard.view_models.queue import ring_titles
from queries.registry import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.periods import Period

MOST = 500
"""Movements read at once: a quarter of a large marketplace has fewer."""
_ANSWERED = (Place.PROPOSED, Place.MONITORING, Place.DECIDED)
FIRST = 4
"""Findings that are shown at once."""


def movements(selection: Selection, period: Period) -> tuple[Finding, ...]:
    """Every movement within the slice that touches the days, with its causes and who is behind it.

    What was first seen on these days counts too: a verdict comes weeks after the order.
    """
    rows = _rows(period, ())
    ids = rows["movement_id"].to_list() if rows.height else []
    causes, behind = _beside("causes", ids), _beside("behind", ids)
    rings = _ring_names(behind)
    every = findings_of(rows, causes, behind, metrics_of(), _standing(list(rings)), rings)
    return tuple(one for one in every if one.is_within(selection.slices))


def stand_outs(selection: Selection, period: Period) -> tuple[Finding, ...]:
    """The movements of the chosen metric in exactly this slice: what they are, and no more."""
    rows, nothing = _rows(period, (selection.kpi.code,)), pl.DataFrame()
    every = findings_of(rows, nothing, nothing, metrics_of(), {}, {})
    return tuple(one for one in every if one.is_of(selection.slices))


def _rows(period: Period, codes: Sequence[str]) -> pl.DataFrame:
    """Movements of some metrics (none = all) that touch the days."""
    if not has_table("noticing.movements"):
        return pl.DataFrame()
    return read(
        "pages/metrics/movements",
        kpis=list(codes),
        markets=scope.markets([]),
        since=period.since,
        until=period.until,
        limit=MOST,
    )


def _beside(name: str, movement_ids: list[str]) -> pl.DataFrame:
    if not movement_ids or not has_table(f"noticing.{name}"):
        return pl.DataFrame()
    return read(f"pages/metrics/movement_{name}", movement_ids=movement_ids)


def _ring_names(behind: pl.DataFrame) -> dict[str, str]:
    """What the rings behind the movements are called, by id."""
    if behind.is_empty():
        return {}
    ids = behind["ring_id"].drop_nulls().unique().sort().to_list()
    return ring_titles(read("pages/queue/ring_titles", ring_ids=ids)) if ids else {}


def _standing(ring_ids: list[str]) -> dict[str, str]:
    """What is done about subjects that somebody works on and about these rings, by key."""
    standings = case_standings()
    subjects = {key: words.case_status(one.state) for key, one in standings.items()}
    if not ring_ids:
        return subjects
    members = read("pages/metrics/ring_members", ring_ids=sorted(ring_ids))
    decided = {key for key, one in standings.items() if one.place in _ANSWERED}
    return subjects | ring_standing(members, decided)


def draw_findings(every: Sequence[Finding], selection: Selection) -> None:
    """The first few, the others on request; a quiet week says what was looked at."""
    days = plural(selection.compared.now.length, "day")
    st.markdown(f"**What moved in these {days}** :gray-badge[{len(every)}] {_chance(selection)}")
    if not every:
        st.caption(md_escape(QUIET))
        return
    for finding in every[:FIRST]:
        _draw(finding)
    if len(every) > FIRST:
        box = st.expander(f"{len(every) - FIRST} more", key="metrics.more", on_change="rerun")
        if box.open:
            with box:
                for finding in every[FIRST:]:
                    _draw(finding)


def _chance(selection: Selection) -> str:
    """How many of as many days' movements chance alone makes, as measured on sample worlds."""
    if not has_table("noticing.budget"):
        return ""
    weekly = float(read("pages/metrics/alarm_budget")["false_alarms_a_week"].sum())
    usual = weekly * selection.compared.now.length / 7.0
    return f":gray[{md_escape(f'about {usual:.1f} would be chance, as measured on sample worlds')}]"


def _draw(finding: Finding) -> None:
    words_of, ways = st.columns([0.88, 0.12], vertical_alignment="top")
    with words_of:
        mark = f":{look.TONES[finding.tone]}[●]"
        early = " :violet-badge[early sign]" if finding.is_early else ""
        more = " ".join(part for part in (finding.cause, finding.who, finding.doing) if part)
        st.markdown(f"{mark} {md_escape(finding.sentence)}{early} :gray[{md_escape(more)}]")
    with ways, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(
            "Look",
            type="tertiary",
            key=f"metrics.look.{finding.movement_id}",
            help="The metric, in this slice, on these days",
            on_click=_look,
            args=(finding,),
        )
        if finding.subject and st.button(
            "Case", type="tertiary", key=f"metrics.case.{finding.movement_id}"
        ):
            go("case", {"id": finding.subject})


def _look(finding: Finding) -> None:
    """Show the metric in the slice and on the days of the movement."""
    nothing = dict.fromkeys((*DIMENSIONS, *SPANS, "split", "by", "across", "vs"), "")
    address.put({**nothing, **_at_least_a_week(finding.params)})


def _at_least_a_week(params: Mapping[str, str]) -> dict[str, str]:
    """Shorter movements are shown in their week, so that weekdays are compared with weekdays."""
    since, until = (date.fromisoformat(params[name]) for name in ("since", "until"))
    first = min(since, until - timedelta(days=6))
    return {**params, "since": f"{first}"}
