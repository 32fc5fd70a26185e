"""What holds one member in its ring, thing by thing, and the raw rows behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import look, scope
from dashboard.components.reveal import shown_rows
from dashboard.components.signals import draw_fired
from dashboard.state import EntityRef
from dashboard.store import data_version, read
from dashboard.text import md_escape, plain
from dashboard.view_models.rings import (
    evidence_rows_table,
    history_lines,
    member_evidence_table,
    own_first,
)

if TYPE_CHECKING:
    from typing import Any

    from dashboard.components.reveal import DataSubject
    from dashboard.view_models.case import CaseView

THINGS_SHOWN, ROWS_SHOWN, CHANGES_SHOWN = 100, 200, 200


def draw_member_evidence(view: CaseView, ring_id: str, about: DataSubject) -> None:
    """A member to choose, what holds it, and the rows of the thing that was opened."""
    names = dict(zip(view.keys, (plain(name) for name in view.rows["name"]), strict=True))
    key = st.selectbox(
        "What holds one member",
        list(names),
        index=None,
        placeholder="Choose a member",
        format_func=lambda one: names.get(one, one),
        key=f"case.evidence.{ring_id}",
    )
    if not key:
        return
    entity_type, _, entity_id = key.partition(":")
    who = {"entity_type": entity_type, "entity_id": entity_id}
    _signals(EntityRef(entity_type, entity_id), who)
    things = read("pages/rings/member_evidence", **who, limit=THINGS_SHOWN)
    if things.is_empty():
        st.caption("An analyst put it here: nothing of the build holds it.")
        return
    slot = f"case-things-{data_version()}-{key}"
    look.table(
        member_evidence_table(scope.shortened(shown_rows(about, things), "thing_id")),
        {
            "relation": look.text_column("Held by", width=150),
            "thing": look.text_column("Which", width=170),
            "open": look.button_column("", f"{slot}-open", _choose, (slot,)),
            "partner_count": look.number_column("Members", tip="That it ties this one to"),
            "evidence_count": look.number_column("Rows"),
            "loss_share": look.number_column("Of its ties", look.PERCENT, tip="Gone without it"),
            "without": look.text_column("Without it", width=110),
            "last_seen": look.text_column("Last seen", width=90),
        },
        alt=f"What holds the member, {len(things)} things",
        key=slot,
        most_rows=8,
    )
    _rows({**who, "ring_id": ring_id}, things, slot, about)


def _signals(entity: EntityRef, who: dict[str, str]) -> None:
    """The signals that fire for the member, each a click from its rows."""
    fired = read("pages/investigate/signals", **who)
    if len(fired):
        st.markdown("**Signals that fire**")
        with st.container(gap="xxsmall"):
            draw_fired(entity, fired)


def _choose(slot: str) -> None:
    st.session_state[f"{slot}-row"] = st.session_state[f"{slot}-open"]["row"]


def _rows(who: dict[str, Any], things: pl.DataFrame, slot: str, about: DataSubject) -> None:
    """The raw rows behind the thing whose button was pressed; nothing until then."""
    row = st.session_state.get(f"{slot}-row")
    if row is None or row >= len(things):
        return
    thing = {name: things[name][row] for name in ("relation", "thing_id")}
    behind = {"ring_id": who["ring_id"], **thing}
    parts = [read(f"pages/rings/evidence_{kind}", **behind) for kind in ("orders", "events")]
    rows = pl.concat(parts, how="vertical_relaxed")
    total = len(rows)
    keys = {
        f"{kind}:{one}"
        for prefix in ("entity", "about")
        for kind, one in rows.select(f"{prefix}_type", f"{prefix}_id").unique().iter_rows()
        if one
    }
    names = shown_rows(about, read("pages/graph/named_nodes", node_keys=sorted(keys)))
    rows = own_first(rows, f"{who['entity_type']}:{who['entity_id']}", names).head(ROWS_SHOWN)
    st.markdown(f"**Rows behind it** :gray-badge[{total:,}]")
    if rows.is_empty():
        st.caption("No rows of its own: it says whose listing or room it is.")
        return
    look.table(
        evidence_rows_table(scope.hide_names(rows)),
        {
            "at": look.text_column("At (UTC)", width=120),
            "name": look.text_column("Who", width=140),
            "source": look.text_column("What", width=90),
            "about": look.text_column("About", width=200),
            "amount_usd": look.money_column("Paid", whole=False, width=80),
            "words": look.text_column("Words", width=240),
        },
        alt=f"Rows behind it, {total}, its own first",
        key=f"{slot}-rows-{row}",
        most_rows=12,
    )


def draw_history(ring_id: str, about: DataSubject) -> None:
    """Who came and went from build to build; nothing where one build is all there is."""
    rows = read("pages/rings/history", ring_id=ring_id, limit=CHANGES_SHOWN)
    if rows.is_empty():
        return
    rows = shown_rows(about, rows)
    with st.expander("From build to build", key="case.history"):
        for line in history_lines(scope.hide_names(rows)):
            st.caption(md_escape(line))
