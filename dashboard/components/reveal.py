"""Personal data shown for a while to who says why: the one door to what is behind a mask.

The casebook has the reason before anything is shown, and says each time whether it still may be.
What is shown is this session's alone: the same person elsewhere asks again. It stays on the
screen; an export holds masks, and so does a picture, which can be saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.rows import now
from dashboard.cases.privacy import privacy_rules
from dashboard.components.choices import one_of
from dashboard.components.empty_state import show_problem
from dashboard.components.links import page_here
from dashboard.errors import RingfenceError
from dashboard.store import read, values_behind
from dashboard.text import joined
from queries.personal_data import class_of, personal_data, revealed_classes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dashboard.cases.privacy import Reveal

_GRANTED, _REFUSED = "reveal.granted", "reveal.refused"
_OTHER = "Another reason"
_VALUES = "pages/people/personal_values"


@dataclass(frozen=True)
class DataSubject:
    """Whose personal data it is: one subject by its key, or a group by its id and its members.

    A reason is given for `key`; whoever of `members` lies outside the markets refuses it.
    """

    key: str
    members: tuple[str, ...]

    @classmethod
    def one(cls, key: str) -> DataSubject:
        """A single subject."""
        return cls(key, (key,))

    @classmethod
    def chosen(cls, keys: Collection[str]) -> DataSubject:
        """A group without an id of its own: another choice is another group."""
        every = ",".join(keys)
        return cls(f"{every[:80]} #{sha256(every.encode()).hexdigest()[:8]}", tuple(keys))

    def with_others(self, keys: Iterable[str]) -> DataSubject:
        """The subject and whoever its page lists with it, as a group that needs its own reason."""
        return DataSubject(f"{self.key} and others", tuple(dict.fromkeys((*self.members, *keys))))


def read_shown(subject: str, name: str, **params: Any) -> pl.DataFrame:
    """`store.read` with what was revealed about `subject` in the place of its masks."""
    rows = read(name, **params)
    kinds = {one.field for one in granted(subject)}
    masks = {mask for mask, kind in masks_in(rows).items() if kind in kinds}
    if not masks:
        return rows
    behind = values_behind(name, masks, kinds, **params)
    return rows.with_columns(pl.selectors.string().replace(behind))


def shown_rows(subject: DataSubject, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with what was revealed about `subject` in the place of masks of its members."""
    kinds = {one.field for one in granted(subject.key)}
    masks = {mask for mask, kind in masks_in(rows).items() if kind in kinds} if kinds else set()
    if not masks:
        return rows
    behind = values_behind(_VALUES, masks, kinds, keys=list(subject.members))
    return rows.with_columns(pl.selectors.string().replace(behind))


def granted(subject: str) -> list[Reveal]:
    """What this session may see about `subject` now; nothing is asked where nothing was shown."""
    mine: set[str] = st.session_state.get(_GRANTED, set())
    if not mine:
        return []
    made = open_casebook().reveals_of(subject, viewer=viewer())
    return [one for one in made if one.reveal_id in mine]


def masks_in(rows: pl.DataFrame) -> dict[str, str]:
    """The class of each mask that some rows hold, by mask."""
    texts = {text for column in rows.select(pl.selectors.string()) for text in column.unique()}
    classes = {text: class_of(text) for text in texts if text}
    return {text: kind for text, kind in classes.items() if kind is not None}


def draw_group_reveal(subject: DataSubject, *, key: str) -> None:
    """The same for all that is known of the members of a group."""
    if viewer().may("reveal"):
        masks = read(_VALUES, keys=list(subject.members))
        draw_reveal(subject, shown_rows(subject, masks), key=key)


def draw_masked_names(titles: Iterable[str | None]) -> None:
    """Below a list of many: that names in it stay masked, and where each can be revealed."""
    mask = personal_data().classes["name"].prefix
    if viewer().may("reveal") and any(mask in title for title in titles if title):
        st.caption(_LISTS)


_LISTS = (
    "Names of buyers stay masked in lists: a reason is about one buyer, or one case. Open it, and "
    "*Reveal* stands beside its name."
)


def draw_reveal(subject: DataSubject, rows: pl.DataFrame, *, key: str) -> None:
    """What of `rows` is shown and until when, and a way to have more of it shown."""
    shown = granted(subject.key)
    there = set(masks_in(rows).values())
    masked = [kind for kind in revealed_classes() if kind in there]
    if not viewer().may("reveal") or not (masked or shown):
        return
    with st.container(key=f"reveal.{key}", horizontal=True, vertical_alignment="center"):
        if masked:
            box = st.popover(
                "Reveal",
                icon=":material/visibility:",
                key=f"reveal.{key}.more",
                on_change="rerun",
            )
            if box.open:
                with box:
                    _form(subject, masked, key)
        if shown:
            _until(shown)


def _form(subject: DataSubject, masked: list[str], key: str) -> None:
    rules, slot = privacy_rules().reveal, f"reveal.{key}"
    st.markdown("**Show personal data**")
    st.caption(
        f"To you, here, for {rules.minutes} minutes. What, why and who are written to the audit "
        "trail first."
    )
    with st.form(slot, border=False):
        one_of("What", _labels(masked), key=f"{slot}.kind", default=masked[0])
        st.selectbox("Why", [*rules.reasons, _OTHER], index=None, key=f"{slot}.reason")
        st.text_input("In your words", key=f"{slot}.words", max_chars=400)
        st.form_submit_button("Show", type="primary", on_click=_ask, args=(subject, slot))
    if error := st.session_state.pop(f"{_REFUSED}.{slot}", None):
        show_problem(error)


def _ask(subject: DataSubject, slot: str) -> None:
    state = st.session_state
    chosen, said = state[f"{slot}.reason"], (state[f"{slot}.words"] or "").strip()
    parts = [chosen] if chosen and chosen != _OTHER else []
    reason = ": ".join([*parts, *([said] if said else [])])
    try:
        made = open_casebook().reveal(
            subject.key,
            state[f"{slot}.kind"],
            reason,
            viewer=viewer(),
            page=page_here(),
            members=subject.members,
        )
    except RingfenceError as error:
        state[f"{_REFUSED}.{slot}"] = error
        return
    state[_GRANTED] = {*state.get(_GRANTED, set()), made.reveal_id}


def _until(shown: list[Reveal]) -> None:
    """Until when, and the page drawn again when that has come."""
    first = min(one.expires_at for one in shown)
    names = _labels({one.field for one in shown}).values()
    seconds = max((first - now()).total_seconds(), 0.0) + 1.0

    @st.fragment(run_every=seconds)
    def watch() -> None:
        if now() >= first:
            st.rerun()
        st.caption(f"{joined([*names])} shown until {first:%H:%M} UTC")

    watch()


def _labels(kinds: Iterable[str]) -> dict[str, str]:
    return {kind: label for kind, label in revealed_classes().items() if kind in kinds}
