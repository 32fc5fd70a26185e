"""Widgets whose value lives in the address: the URL is the only source of truth.

Before a widget is drawn its value is set from the address, and a change is
written to the address first. Reload, a shared link and the back button therefore
all show the same thing, and one parser allow-lists what arrives.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.choices import one_of, several_of
from dashboard.state import LOST
from queries.contract import LONGEST_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_WHOLE = re.compile(r"[1-9][0-9]{0,5}")
_CHANGE = "address.change"
_ON_ITS_WAY_SECONDS = 0.5


@dataclass(frozen=True)
class _Change:
    """The last change of the address, and when anything was last drawn to its end with it.

    Seconds of the process; None = nothing was yet.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    drawn_at: float | None = None


def current() -> dict[str, str]:
    """The query string as a dictionary."""
    return st.query_params.to_dict()


def put(changes: Mapping[str, str]) -> None:
    """Write values into the address; an empty one is taken out.

    All at once: each write is a step of the browser's history, and one click is one step.
    """
    _settle()
    turn({**current(), **changes, LOST: ""})


def turn(address: Mapping[str, str]) -> None:
    """Write a whole address of this page in place of the one it has; empty values are left out."""
    before = current()
    after = {name: value for name, value in address.items() if value}
    if after != before:
        st.query_params.from_dict(after)
        st.session_state[_CHANGE] = _Change(before, after)


@contextmanager
def settled() -> Iterator[None]:
    """Draw inside by the address that the browser shows, or will once it has heard of a change.

    Each message brings the address of its moment. One that was sent before the browser had heard
    of a change undid it here, and the page drew what its address no longer said.
    """
    _settle()
    yield
    change = st.session_state.get(_CHANGE)
    if change and current() == change.after:
        st.session_state[_CHANGE] = replace(change, drawn_at=time.monotonic())


def _settle() -> None:
    """Make a change again that was undone before anybody saw it: once, as going back is meant."""
    change = st.session_state.get(_CHANGE)
    if change is None or current() == change.after:
        return
    del st.session_state[_CHANGE]
    is_late = change.drawn_at and time.monotonic() - change.drawn_at > _ON_ITS_WAY_SECONDS
    if current() == change.before and not is_late:
        st.query_params.from_dict(change.after)


def items(name: str) -> list[str]:
    """The values of a list in the address; a comma of a value's own is written %2C there."""
    parts = st.query_params.get(name, "").split(",")
    return [part.replace("%2C", ",").replace("%25", "%") for part in parts if part]


def listed(values: Iterable[str]) -> str:
    """A list as one value of the address, which `items` reads back."""
    return ",".join(value.replace("%", "%25").replace(",", "%2C") for value in values)


def refused(name: str, allowed: Iterable[str]) -> list[str]:
    """A sentence for a value of the address that is none of `allowed`; empty = it fits.

    A list is checked item by item; an empty value is no value.
    """
    choices = set(allowed)
    strange = [part for part in items(name) if part not in choices]
    return [
        f"The link's {name} {part[:40]!r} is not a choice here; it was ignored."
        for part in strange[:1]
    ]


def select(
    label: str,
    name: str,
    choices: Mapping[str, str],
    value: str,
    *,
    drops: Sequence[str] = (),
    is_bare: bool = False,
) -> str:
    """A select box of `choices` (value: shown text); a change also clears the `drops`.

    A bare one has its label read aloud only.
    """
    options = list(choices)
    key = _hold(name, value if value in choices else options[0])
    chosen: str = st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda option: choices.get(option, option),
        label_visibility="collapsed" if is_bare else "visible",
        on_change=_changed,
        args=(name, options[0], tuple(drops)),
    )
    return chosen


def segments(
    label: str, name: str, choices: Mapping[str, str], value: str, *, drops: Sequence[str] = ()
) -> str:
    """A row of segments, one always chosen; the label is only read aloud."""
    options = list(choices)
    key = _hold(name, value if value in choices else options[0])
    chosen = one_of(
        label,
        choices,
        key=key,
        is_bare=True,
        on_change=partial(_changed, name, options[0], tuple(drops)),
    )
    return str(chosen or options[0])


def search(
    label: str,
    name: str,
    value: str,
    *,
    placeholder: str,
    drops: Sequence[str] = (),
    is_bare: bool = False,
) -> str:
    """A search box; the text is at most as long as an id with its type.

    A bare one has its label read aloud only.
    """
    key = _hold(name, value)
    typed = st.text_input(
        label,
        key=key,
        type="search",
        max_chars=LONGEST_ID + len("live_session:"),
        placeholder=placeholder,
        label_visibility="collapsed" if is_bare else "visible",
        on_change=_changed,
        args=(name, "", tuple(drops)),
    )
    return typed or ""


def choose_many(
    label: str,
    name: str,
    options: Sequence[str],
    value: Sequence[str],
    *,
    words: Callable[[str], str] = str,
) -> list[str]:
    """A multi-choice; in the address a comma-separated list."""
    key = _hold(name, [option for option in value if option in options])
    return several_of(
        label,
        {option: words(option) for option in options},
        key=key,
        placeholder="All",
        on_change=partial(_changed, name, "", ()),
    )


def pages(name: str, count: int, value: int) -> int:
    """Page numbers, shown only when there is more than one page.

    Each page has a widget of its own, which turns to any but itself: the browser may send what
    a widget showed once more when the address was changed under it, and that is no click.
    """
    if count <= 1:
        return 1
    page = min(max(value, 1), count)
    key = f"url.{name}.{page}"
    return st.pagination(count, default=page, key=key, on_change=_turned, args=(name, key, page))


def _turned(name: str, key: str, shown: int) -> None:
    page = int(st.session_state[key])
    if page != shown:
        put({name: "" if page == 1 else str(page)})


def number(name: str, default: int = 1) -> int:
    """A whole positive number of the address; anything else is the default."""
    raw = st.query_params.get(name, "")
    return int(raw) if _WHOLE.fullmatch(raw) else default


def setter(**changes: str) -> Callable[[], None]:
    """A callback that writes `changes` into the address."""
    return lambda: put(changes)


def _hold(name: str, value: Any) -> str:
    key = f"url.{name}"
    st.session_state[key] = value
    return key


def _changed(name: str, default: str, drops: tuple[str, ...]) -> None:
    value = st.session_state[f"url.{name}"]
    joined = listed(value) if isinstance(value, list) else str(value or "")
    put({name: "" if joined == default else joined, **dict.fromkeys(drops, "")})
