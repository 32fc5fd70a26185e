"""The error boundary: our errors are sentences, anything else is logged by number.

`app.py` puts one around every page. A fragment reruns without the page around
it, so `panel` gives each fragment a boundary of its own.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec
from uuid import uuid4

import streamlit as st

from dashboard.access import acting_as, viewer
from dashboard.casebook.read_cache import caching_reads
from dashboard.components.address import settled
from dashboard.components.empty_state import empty_state, show_problem
from dashboard.components.served_build import serve_build
from dashboard.errors import RingfenceError
from dashboard.store import one_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboard.access import Viewer

_LOG = logging.getLogger("ringfence")
_P = ParamSpec("_P")
_DRAWN: ContextVar[str] = ContextVar("panel")


@contextmanager
def boundary() -> Iterator[None]:
    """Show what goes wrong inside as a sentence; the rest of the page goes on."""
    try:
        yield
    except RingfenceError as error:
        show_problem(error)
    except Exception:  # noqa: BLE001 -- the one place that may: it logs and says so
        number = uuid4().hex[:8]
        _LOG.exception("Unexpected error %s", number)
        empty_state(
            "Something went wrong here, and it is not your doing.",
            f"It is in the server's log as {number}. Reload, or give that number to whoever "
            "runs Ringfence.",
            icon=":material/error:",
        )


@contextmanager
def drawing_for(who: Viewer) -> Iterator[None]:
    """Everything inside is for `who`, of one file, and asks the same of the casebook once."""
    with acting_as(who), one_file(), caching_reads():
        yield


def panel(draw: Callable[_P, None]) -> Callable[_P, None]:
    """`draw` as a fragment of its own: a click inside reruns only it, a fault stays in it.

    It speaks of the packs, and in the money, of the build that it is drawn from, whoever else
    drew meanwhile.
    """
    key = f"panel.{draw.__module__}.{draw.__qualname__}"

    @wraps(draw)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> None:
        with boundary(), drawing_for(viewer()), settled(), _drawing(key):
            with suppress(RingfenceError):  # a panel that needs the database says so itself
                serve_build()
            draw(*args, **kwargs)

    return st.fragment(guarded, key=key)


def redraw() -> Callable[[], None]:
    """What draws the panel again that is being drawn now, from a click in a panel inside it.

    For callbacks only: they end there.
    """
    key = _DRAWN.get()
    return lambda: st.rerun(key)


@contextmanager
def _drawing(key: str) -> Iterator[None]:
    token = _DRAWN.set(key)
    try:
        yield
    finally:
        _DRAWN.reset(token)
