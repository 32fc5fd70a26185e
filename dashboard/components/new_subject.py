"""Places of a page that are empty at once when it turns to another subject.

Streamlit leaves what stood in a place there until something new arrives for it: the name of
one subject would stand over the evidence of another for as long as that takes to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Place = Callable[[], AbstractContextManager[object]]


def places_of(page: str, subject: str, heights: tuple[int, ...]) -> list[Place]:
    """A place of `page` for each of `heights` (pixels), below each other, for `subject` alone.

    Open one with `with place():`. Until then it is grey when the subject is another than
    before, and as it was otherwise. An element takes the place of a container with all that is
    in it, where a container would keep what is in there: hence the grey one.
    """
    shown = f"places.{page}"
    is_another = st.session_state.get(shown, subject) != subject
    st.session_state[shown] = subject
    return [_grey(height) if is_another else _as_it_was() for height in heights]


def _grey(height: int) -> Place:
    return st.skeleton(height).container


def _as_it_was() -> Place:
    container = st.container()
    return lambda: container
