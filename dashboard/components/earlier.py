"""What was said of some subjects before, from the build and the casebook, and who said it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import places
from dashboard.casebook import open_casebook
from dashboard.cases.teaching import label_of
from dashboard.components.held_verdicts import held_keys
from dashboard.errors import CasebookUnavailable, TableMissing
from dashboard.store import build, read, read_parts
from dashboard.text import md_escape
from dashboard.view_models.clocks import decision_day
from dashboard.view_models.earlier_verdicts import (
    EarlierVerdict,
    EarlierView,
    changes_since,
    earlier_verdicts,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from dashboard.cases.records import Decision


def earlier_of(entity_key: str, keys: Collection[str]) -> EarlierView | None:
    """The earlier verdicts of an entity that has any; labels are read for all `keys` at once.

    Without a casebook, or without verdicts, the other half.
    """
    if entity_key in held_keys():
        return None
    labels: Iterable[Mapping[str, Any]] = ()
    decisions: list[Decision] = []
    with suppress(TableMissing):
        parts = read_parts("pages/investigate/earlier_verdicts", keys=sorted(keys))
        labels = parts.of(entity_key).iter_rows(named=True)
    with suppress(CasebookUnavailable):
        decisions = open_casebook().decisions_of([entity_key]).get(entity_key, [])
    return earlier_verdicts(labels, decisions)


def draw_earlier(
    entity_key: str, view: EarlierView, *, slot: str, probability: float | None = None
) -> None:
    """One button that tells of every verdict who, when and why, and what is new since the last.

    `slot` names the place on the page: the same subject may stand in two. Nothing is read
    before somebody opens it.
    """
    label = "Who, why, and what is new since"
    place = st.popover(
        label, type="tertiary", key=f"earlier.{slot}.{entity_key}", on_change="rerun"
    )
    if not place.open:
        return
    with place:
        latest, *others = view.verdicts
        _verdict(latest)
        _since(entity_key, latest, probability)
        for verdict in others:
            _verdict(verdict)


def _verdict(verdict: EarlierVerdict) -> None:
    with st.container(gap=None):
        st.markdown(f"**{md_escape(verdict.headline)}**", help=md_escape(verdict.clocks))
        st.caption(md_escape(verdict.who))
        for reason in verdict.reasons:
            st.caption(md_escape(reason))
        if verdict.note:
            st.text(verdict.note)


def _since(entity_key: str, verdict: EarlierVerdict, probability: float | None) -> None:
    """What is new since the last verdict."""
    entity_type, _, entity_id = entity_key.partition(":")
    who = {"entity_type": entity_type, "entity_id": entity_id, "since": verdict.day}
    try:
        conduct = read("pages/investigate/since_verdict", **who).row(0, named=True)
        signals = read("pages/investigate/new_signals", **who).select("typology", "code")
    except TableMissing:
        return
    lines = changes_since(verdict, conduct, signals.iter_rows(), probability)
    with st.container(gap=None):
        st.markdown("**New since then**")
        for line in lines:
            st.caption(md_escape(line))
        if not lines:
            st.caption("Nothing: no order, no refund, no new signal.")


def casebook_verdicts(keys: Collection[str]) -> dict[str, Decision]:
    """The last decision of the casebook on each of `keys` that has any, by key."""
    if not keys:
        return {}
    try:
        version = open_casebook().head(), held_keys()
        return _last(places.casebook_url(), version, tuple(sorted(keys)))
    except CasebookUnavailable:
        return {}


def dated_labels(keys: Collection[str]) -> dict[str, str]:
    """What these decisions say by key, as in "2026-09-29 bad"; without what says neither.

    Whoever is held back is of today and unknown, whatever a label of the build says of them.
    """
    made = casebook_verdicts(keys)
    labels = {key: label_of(one) for key, one in made.items()}
    days = {key: one.overturned_on or decision_day(one) for key, one in made.items()}
    held = {key: f"{build().as_of} unknown" for key in held_keys()}
    return {key: f"{days[key]} {label}" for key, label in labels.items() if label} | held


@st.cache_resource(max_entries=8, show_spinner=False)
def _last(
    url: str, version: tuple[str, tuple[str, ...]], keys: tuple[str, ...]
) -> dict[str, Decision]:
    """Shared by all sessions from whom the same is held back; another write is another answer."""
    del version  # the cache key
    return {key: made[-1] for key, made in open_casebook(url).decisions_of(keys).items()}
